//! The fuser's own distrust: what leaves it is validated, and so is each part that it generated.
//!
//! Every body of a function is validated once. That of a guest was in the input (`decode`), that of a routine
//! in the text of the runtime library, all of whose modules a test validates, in all the forms that they are given
//! (`runtime/valid.rs`). What is copied from there has other indices and is else the same bytes: to validate it
//! again takes as long as all of fusing. What is left to go wrong is an index, which is renamed by the table that a
//! test of merging compares with `wasmparser`'s operators; and tests and fuzz targets validate what was
//! copied, too, and so does every engine.
//!
//! So bodies are validated here that the fuser has written for this composition: those of generated functions,
//! where they went, and those that merging adds or inlines functions into. Where guests' bodies
//! are rewritten, because a memory is in another module or a region of one, all of them are. Shims are valid by
//! themselves besides; where they are merged, tests hold that, for it is the merged code that leaves.
//!
//! All else of the result is validated as it is: types, imports, exports, the component around it. That bodies
//! are as long as is said before each is seen where a merged module is read for what it needs (`metadata`).

use wasm_fuser_merge::{BlockCode, Copied, Merged, Notes};
use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

use crate::bind::Bound;
use crate::decode::sections;
use crate::error::{Error, Result};
use crate::options::{MemoryPlan, Options, Tables};
use crate::shim::Shims;

/// Validates the bodies that merging has written, unless the options say not to. A module without any is
/// validated as a part of the result.
pub fn merged(merged: Option<&Merged>, bound: &Bound<'_>, options: &Options) -> Result<()> {
    written(merged, |function| function.expanded || bound.is_generated(function.instance), options)
}

/// Validates the bodies that are no copies of valid ones: of those that merging copied, these.
fn written(
    merged: Option<&Merged>,
    is_new: impl Fn(&Copied) -> bool,
    options: &Options,
) -> Result<()> {
    let blocks = merged.into_iter().flat_map(|merged| merged.blocks.values());
    for block in blocks.filter(|_| options.validate) {
        let BlockCode::Module(bytes) = &block.code else { continue };
        let copied: &[Copied] = match (options.memory, options.tables) {
            (MemoryPlan::Multi, Tables::Multi) => &block.map.functions,
            _ => &[],
        };
        let count = copied.iter().filter(|function| !is_new(function)).count();
        if count == block.counts.functions as usize {
            continue;
        }
        let is_copied = |at| {
            let begin = |function: &Copied| u64::from(function.output.start);
            let found = copied.binary_search_by_key(&at, begin);
            found.is_ok_and(|found| !is_new(&copied[found]))
        };
        let payloads = Parser::new(0).parse_all(bytes);
        validate(payloads, &format!("the module `{}`", block.name), |at| !is_copied(at))?;
    }
    Ok(())
}

/// Validates the result but for its functions' bodies, unless the options say not to.
pub fn output(bytes: &[u8], options: &Options) -> Result<()> {
    match options.validate {
        true => validate(sections(bytes), "the result", |_| false),
        false => Ok(()),
    }
}

/// Validates every shim that stays what it is, unless the options say not to.
pub fn shims(shims: &Shims, merged: Option<&Merged>, options: &Options) -> Result<()> {
    for shim in shims.shims.values().filter(|_| options.validate && merged.is_none()) {
        let payloads = Parser::new(0).parse_all(&shim.bytes);
        validate(payloads, &format!("the shim `{}`", shim.name), |_| true)?;
    }
    Ok(())
}

/// Validates a binary, with those bodies of which that is asked for: by where they are in the contents
/// of their code section.
fn validate<'a>(
    payloads: impl Iterator<Item = wasmparser::Result<Payload<'a>>>,
    what: &str,
    is_asked_for: impl Fn(u64) -> bool,
) -> Result<()> {
    let invalid = |e: wasmparser::Error| {
        Error::internal(format!(
            "{what} is not valid: {} (at {:#x} of it)",
            e.message(),
            e.offset()
        ))
    };
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut allocations = Default::default();
    // Nobody asks for them: there is one way to validate a body.
    let mut notes = Notes::default();
    let mut section = 0;
    for payload in payloads {
        let payload = payload.map_err(invalid)?;
        if let Payload::CodeSectionStart { unchecked_range: range, .. } = &payload {
            section = range.start;
        }
        let ValidPayload::Func(func, body) = validator.payload(&payload).map_err(invalid)? else {
            continue;
        };
        if is_asked_for(body.range().start - section) {
            let mut func = func.into_validator(allocations);
            notes.validated(&mut func, &body)?.map_err(invalid)?;
            allocations = func.into_allocations();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cranelift_entity::{EntityRef, PrimaryMap};
    use wasm_fuser_merge::{Block, CodeMap, Counts, InstanceId, Opcodes};

    use super::*;

    /// A module of two functions, the second of which is invalid, and was copied or not, with calls replaced
    /// or not.
    fn block(is_copied: bool, expanded: bool) -> Merged {
        let module = wat::parse_str("(module (func) (func i32.add))").expect("text that parses");
        // One byte says that there are two, and each body has its size before it.
        let second = Copied {
            instance: InstanceId::new(0),
            index: 1,
            input: 0..3,
            output: 5..8,
            kinks: 0..0,
            expanded,
        };
        let functions = if is_copied { vec![second] } else { Vec::new() };
        let block = Block {
            name: "block".into(),
            instances: Vec::new(),
            code: BlockCode::Module(module),
            imports: Vec::new(),
            start: None,
            memories: Vec::new(),
            counts: Counts { functions: 2, ..Counts::default() },
            map: CodeMap { functions, kinks: Vec::new(), indices: Vec::new() },
            opcodes: Opcodes::default(),
        };
        let blocks = PrimaryMap::from_iter([block]);
        Merged { blocks, externals: Default::default(), exports: Vec::new() }
    }

    #[test]
    fn bodies_are_validated_that_are_no_copies() {
        let of_memory = |memory| Options { memory, ..Options::default() };
        let multi = of_memory(MemoryPlan::Multi);
        let expanded = |function: &Copied| function.expanded;
        let check = |block: &Merged, options: &Options| written(Some(block), expanded, options);
        assert!(check(&block(true, false), &multi).is_ok());
        assert!(check(&block(true, true), &multi).is_err(), "something was inlined there");
        assert!(written(Some(&block(true, false)), |_| true, &multi).is_err(), "it is generated");
        let error = check(&block(false, false), &multi).expect_err("the body is invalid");
        assert!(error.message().contains("the module `block` is not valid"), "{error}");
        for memory in [MemoryPlan::Split, MemoryPlan::Single] {
            assert!(check(&block(true, false), &of_memory(memory)).is_err(), "it was rewritten");
        }
        let unchecked = Options { validate: false, ..multi };
        assert!(check(&block(false, false), &unchecked).is_ok());
    }
}
