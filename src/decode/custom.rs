//! The custom sections that tools after the fuser read, and that the result has, too (`metadata`).

use wasmparser::CustomSectionReader;

/// Languages, compilers and other tools, by what they did.
pub const PRODUCERS: &str = "producers";
/// What a core module's code uses.
pub const FEATURES: &str = "target_features";

/// What a component says of itself.
const DESCRIPTION: [&str; 7] =
    ["authors", "description", "homepage", "licenses", "revision", "source", "version"];

/// A custom section of a component or a core module, if it is one of those.
pub fn custom<'a>(section: &CustomSectionReader<'a>) -> Option<(&'a str, &'a [u8])> {
    let name = section.name();
    let is_read = name == PRODUCERS || name == FEATURES || DESCRIPTION.contains(&name);
    is_read.then(|| (name, section.data()))
}
