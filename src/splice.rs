//! Core modules out of a fused component, and back into it.
//!
//! # Problem
//!
//! Fused, the whole program is before an optimiser, which knows core modules and no components. So the
//! modules are taken out, and what it has made of them is put in their place:
//!
//! ```text
//! (component ..                     modules         (module $fused ..)
//!   (core module $trampolines ..)                      |  wasm-opt
//!   (core module $fused ..)         splice   <--    (module $fused ..)
//!   (core module $fixup ..)
//!   ..)
//! ```
//!
//! # How
//!
//! All else of the component refers to a module by what it exports and imports. Whoever optimises
//! keeps the exports, for anything may use them; imports that nothing uses any more may go. So a module
//! takes the place of the one that has the same exports, section for section, and the validator says
//! whether it fits there: types, and what it imports.
//!
//! The modules to optimise are those that say which features they use (`metadata`): the tiny ones around
//! them have nothing to optimise.
//!
//! # Rejected
//!
//! To fuse with other modules in the place of those that merging has made: what is between would have to
//! be kept, or made again.
//!
//! # Limits
//!
//! What `--emit module` writes has the exports of the module in the component, unless it starts by itself
//! there and not here: then the name of its start function is one more, and it does not fit.

use std::collections::BTreeSet;

use wasm_encoder::Encode;
use wasm_fuser_merge::order;
use wasmparser::{BinaryReader, Parser};

use crate::decode::{self, FEATURES};
use crate::error::{Code, Error, Result};

/// Depth to which components nest, which the validator bounds, too.
const DEPTH: u32 = 100;

/// The core modules of a fused component that have code of the composition, in order: what an
/// optimiser is to be given. Of a core module, it is itself.
///
/// # Errors
///
/// [`Code::InvalidComponent`], and those of bytes that are none.
pub fn modules(component: &[u8]) -> Result<Vec<Vec<u8>>> {
    valid(component, "the component")?;
    let mut found = Vec::new();
    if Parser::is_core_wasm(component) {
        return Ok(vec![component.to_vec()]);
    }
    rewrite(component, DEPTH, &mut |module| {
        let says_features =
            decode::module(module)?.custom.iter().any(|(name, _)| *name == FEATURES);
        if says_features {
            found.push(module.to_vec());
        }
        Ok(None)
    })?;
    Ok(found)
}

/// A component with other core modules: each takes the place of the first that has the same exports and
/// has not been replaced.
///
/// # Errors
///
/// [`Code::DoesNotFit`] if a module has no place, and [`Code::InvalidComponent`] if it does not fit
/// there.
pub fn splice(component: &[u8], modules: &[Vec<u8>]) -> Result<Vec<u8>> {
    valid(component, "the component")?;
    if !Parser::is_component(component) {
        return Err(Error::new(Code::NotAComponent, "a core module has none to be replaced"));
    }
    let mut waiting: Vec<Option<(&Vec<u8>, BTreeSet<&str>)>> = Vec::new();
    for (number, module) in modules.iter().enumerate() {
        valid(module, &format!("module {}", number + 1))?;
        waiting.push(Some((module, exports(module)?)));
    }
    let bytes = rewrite(component, DEPTH, &mut |module| {
        let there = exports(module)?;
        let fits = |it: &Option<(_, BTreeSet<&str>)>| it.as_ref().is_some_and(|it| it.1 == there);
        let found = waiting.iter().position(fits).and_then(|at| waiting[at].take());
        Ok(found.map(|(module, _)| module.clone()))
    })?;
    for (number, waiting) in waiting.iter().enumerate() {
        if let Some((_, exports)) = waiting {
            return Err(no_place(number, exports));
        }
    }
    valid(&bytes, "the component with these modules in it")?;
    Ok(bytes)
}

fn no_place(number: usize, exports: &BTreeSet<&str>) -> Error {
    const SHOWN: usize = 5;
    let names: Vec<_> = exports.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if exports.len() > SHOWN { ", ..." } else { "" };
    let message = format!(
        "no core module of the component has the exports of module {}: {}{more}",
        number + 1,
        names.join(", ")
    );
    Error::new(Code::DoesNotFit, message).with_help(
        "take the modules out of this very component, and have the optimiser keep what they export",
    )
}

/// What a core module exports.
fn exports(module: &[u8]) -> Result<BTreeSet<&str>> {
    if !Parser::is_core_wasm(module) {
        return Err(Error::new(Code::InvalidInput, "what is to be put in is no core module"));
    }
    Ok(order::set(decode::module(module)?.exports.into_iter().map(|(name, _)| name)))
}

fn valid(bytes: &[u8], what: &str) -> Result<()> {
    if !Parser::is_component(bytes) && !Parser::is_core_wasm(bytes) {
        return Err(Error::new(Code::InvalidInput, format!("{what} is no WebAssembly binary")));
    }
    let noted = decode::noted(bytes, &|e| {
        let message = format!("{what} is not valid: {}", e.message());
        Error::new(Code::InvalidComponent, message).at(e.offset())
    });
    noted.map(|_| ())
}

/// A component with each core module in it replaced by what `change` makes of it, if anything.
fn rewrite(
    component: &[u8],
    depth: u32,
    change: &mut impl FnMut(&[u8]) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    const CORE_MODULE: u8 = 1;
    const COMPONENT: u8 = 4;
    let malformed = |e: wasmparser::Error| Error::internal(format!("a section: {}", e.message()));
    let too_deep = || Error::internal("components nest deeper than the validator lets them");
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    let (header, sections) = component.split_at(HEADER.min(component.len()));
    let mut output = header.to_vec();
    let mut reader = BinaryReader::new(sections, HEADER as u64);
    while !reader.eof() {
        let id = reader.read_u8().map_err(malformed)?;
        let size = reader.read_var_u32().map_err(malformed)?;
        let contents = reader.read_bytes(size as usize).map_err(malformed)?;
        let changed = match id {
            CORE_MODULE => change(contents)?,
            COMPONENT => Some(rewrite(contents, depth, change)?),
            _ => None,
        };
        output.push(id);
        changed.as_deref().unwrap_or(contents).encode(&mut output);
    }
    Ok(output)
}
