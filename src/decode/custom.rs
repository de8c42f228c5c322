//! The custom sections that tools after the fuser read, and that the result has, too (`metadata`).

use std::ops::Range;

use wasmparser::{ComponentNameSectionReader, CustomSectionReader, Parser, Payload};

use super::{malformed, sections, slice};
use crate::error::Result;

/// Languages, compilers and other tools, by what they did.
pub const PRODUCERS: &str = "producers";
/// What a core module's code uses.
pub const FEATURES: &str = "target_features";

/// How the names of sections with debug information begin.
pub const DEBUG: &str = ".debug_";
/// How the names of sections begin that say which source each counter of a coverage run is for.
pub const COVERAGE: &str = "__llvm_cov";

/// What a component says of itself.
const DESCRIPTION: [&str; 7] =
    ["authors", "description", "homepage", "licenses", "revision", "source", "version"];

/// A custom section of a component or a core module, if it is one of those.
pub fn custom<'a>(section: &CustomSectionReader<'a>) -> Option<(&'a str, &'a [u8])> {
    let name = section.name();
    let is_read = name == PRODUCERS || name == FEATURES || DESCRIPTION.contains(&name);
    is_read.then(|| (name, section.data()))
}

/// What a component calls things, if a custom section says that. (wasmparser's `as_known` knows all kinds of
/// sections, and would bring what reads them along.)
pub fn component_names<'a>(
    section: &CustomSectionReader<'a>,
) -> Option<ComponentNameSectionReader<'a>> {
    let is_it = section.name() == "component-name";
    is_it.then(|| ComponentNameSectionReader::new(section.data_reader()))
}

/// Whether there is debug information in a binary, at whatever depth, as far as it can be read.
pub fn has_debug_information(bytes: &[u8]) -> bool {
    sections(bytes).map_while(wasmparser::Result::ok).any(|payload| {
        matches!(payload, Payload::CustomSection(section) if section.name().starts_with(DEBUG))
    })
}

/// A core module without the custom sections whose names begin with something.
pub fn without(module: &[u8], beginning: &str) -> Result<Vec<u8>> {
    let mut kept = Vec::with_capacity(module.len());
    // Where what is copied next begins: the header of a section belongs to it.
    let mut start = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(malformed)?;
        let end = match &payload {
            Payload::Version { range, .. } => range.end,
            payload => match payload.as_section() {
                Some((_, range)) => range.end,
                None => continue,
            },
        };
        let is_gone = matches!(&payload, Payload::CustomSection(section)
            if section.name().starts_with(beginning));
        if !is_gone {
            kept.extend_from_slice(slice(module, &(start..end))?);
        }
        start = end;
    }
    Ok(kept)
}

/// Where the bodies of a core module's functions are, from the start of the code section's contents.
pub fn bodies(module: &[u8]) -> Result<Vec<Range<u32>>> {
    let (mut bodies, mut start) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(malformed)? {
            Payload::CodeSectionStart { unchecked_range, .. } => start = unchecked_range.start,
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                // A module is smaller than 4 GiB: the validator has read it.
                bodies.push((range.start - start) as u32..(range.end - start) as u32);
            }
            _ => {}
        }
    }
    Ok(bodies)
}
