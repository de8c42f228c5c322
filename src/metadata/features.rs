//! The features that instructions are of, by the names that LLVM has for them.
//!
//! An opcode says which proposal it came with. A test compares the table with what `wasmparser` says of
//! every opcode that it can read.

use wasm_fuser_merge::Merged;
use wasmparser::Operator;

use super::Needs;
use crate::error::{Code, Error, Result};
use crate::options::{Features, Options};

/// Opcodes of one byte, from one to another.
const BYTES: &[(u8, u8, &str)] = &[
    // try, catch, throw, rethrow, throw_ref
    (0x06, 0x0a, "exception-handling"),
    // return_call, return_call_indirect; call_ref, return_call_ref
    (0x12, 0x13, "tail-call"),
    (0x14, 0x15, "gc"),
    // delegate, catch_all; select of a type; try_table
    (0x18, 0x19, "exception-handling"),
    (0x1c, 0x1c, "reference-types"),
    (0x1f, 0x1f, "exception-handling"),
    // table.get, table.set
    (0x25, 0x26, "reference-types"),
    // Extensions of the sign
    (0xc0, 0xc4, "sign-ext"),
    // ref.null, ref.is_null, ref.func; ref.eq, ref.as_non_null, br_on_null, br_on_non_null
    (0xd0, 0xd2, "reference-types"),
    (0xd3, 0xd6, "gc"),
    (0xe0, 0xe6, "stack-switching"),
];

/// The same, with a prefix.
const PREFIXED: &[(u8, u32, u32, &str)] = &[
    (0xfb, 0x00, 0x1e, "gc"),
    (0xfb, 0x20, 0x26, "custom-descriptors"),
    (0xfc, 0x00, 0x07, "nontrapping-fptoint"),
    // memory.init, data.drop, memory.copy, memory.fill, table.init, elem.drop, table.copy
    (0xfc, 0x08, 0x0e, "bulk-memory"),
    // table.grow, table.size, table.fill
    (0xfc, 0x0f, 0x11, "reference-types"),
    (0xfc, 0x13, 0x16, "wide-arithmetic"),
    (0xfd, 0x00, 0xff, "simd128"),
    (0xfd, 0x100, 0x113, "relaxed-simd"),
    (0xfe, 0x00, 0x04, "atomics"),
    (0xfe, 0x10, 0x4e, "atomics"),
    (0xfe, 0x4f, 0x72, "shared-everything"),
];

/// What the first version of WebAssembly has that is a feature by its name: globals that a module has for itself.
const FIRST: [&str; 1] = ["mutable-globals"];

/// Refuses merged code that needs more of WebAssembly than it may.
pub fn check(merged: Option<&Merged>, needs: &Needs, options: &Options) -> Result<()> {
    let (Some(merged), Features::Mvp) = (merged, options.features) else { return Ok(()) };
    let mut lines = Vec::new();
    for (block, needs) in merged.blocks.values().zip(needs) {
        let needs: Vec<_> = needs.iter().filter(|it| !FIRST.contains(it)).copied().collect();
        if !needs.is_empty() {
            lines.push(format!("`{}`: {}", block.name, needs.join(", ")));
        }
    }
    let message = match &lines[..] {
        [] => return Ok(()),
        [one] => format!("the result needs more than the first version of WebAssembly: {one}"),
        all => format!(
            "the result needs more than the first version of WebAssembly:\n  {}",
            all.join("\n  ")
        ),
    };
    Err(Error::new(Code::NeedsFeatures, message).with_help(
        "compile its parts for the first version, and fuse without vectors to one memory",
    ))
}

/// That of an opcode of one byte.
pub fn of_byte(opcode: u8) -> Option<&'static str> {
    let row = BYTES.iter().find(|(first, last, _)| (*first..=*last).contains(&opcode));
    row.map(|(_, _, feature)| *feature)
}

/// That of an opcode with a prefix.
pub fn of_prefixed(prefix: u8, opcode: u32) -> Option<&'static str> {
    let row = PREFIXED
        .iter()
        .find(|(of, first, last, _)| *of == prefix && (*first..=*last).contains(&opcode));
    row.map(|(_, _, _, feature)| *feature)
}

/// That of an instruction that has been decoded.
pub fn of_operator(operator: &Operator<'_>) -> Option<&'static str> {
    Some(match proposal(operator) {
        "sign_extension" => "sign-ext",
        "saturating_float_to_int" => "nontrapping-fptoint",
        "bulk_memory" => "bulk-memory",
        "reference_types" => "reference-types",
        "tail_call" => "tail-call",
        "threads" | "acquire_release_atomics" => "atomics",
        "simd" => "simd128",
        "relaxed_simd" => "relaxed-simd",
        "exceptions" | "legacy_exceptions" => "exception-handling",
        "gc" | "function_references" => "gc",
        "custom_descriptors" => "custom-descriptors",
        "shared_everything_threads" => "shared-everything",
        "stack_switching" => "stack-switching",
        "wide_arithmetic" => "wide-arithmetic",
        _ => return None,
    })
}

macro_rules! proposals {
    ($(@$proposal:ident $op:ident $({ $($payload:tt)* })? => $visit:ident ($($rest:tt)*))*) => {
        /// The proposal that an instruction came with.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "",
            }
        }
    };
}
wasmparser::for_each_operator!(proposals);

#[cfg(test)]
mod tests {
    use wasm_encoder::Encode;
    use wasmparser::{BinaryReader, OperatorsReader};

    use super::*;

    /// The feature of the instruction that bytes begin with, by `wasmparser`. Some are allowed in some
    /// blocks only.
    fn read(bytes: &[u8]) -> Option<Option<&'static str>> {
        const BLOCKS: [&[u8]; 3] = [&[], &[0x04, 0x40], &[0x06, 0x40]];
        BLOCKS.iter().find_map(|block| {
            // Zeros are good immediates for nearly all; a list with nothing in it, too.
            let zeros = [[0; 24], [0x40; 24]];
            zeros.iter().find_map(|immediates| {
                let code = [block, bytes, &immediates[..]].concat();
                let mut reader = OperatorsReader::new(BinaryReader::new(&code, 0));
                if !block.is_empty() {
                    reader.read().ok()?;
                }
                reader.read().ok().map(|operator| of_operator(&operator))
            })
        })
    }

    #[test]
    fn opcodes_are_of_the_features_that_wasmparser_says() {
        let (mut single, mut prefixed) = (0, 0);
        for opcode in (0..=0xff).filter(|opcode| !(0xfb..=0xfe).contains(opcode)) {
            if let Some(feature) = read(&[opcode]) {
                single += 1;
                assert_eq!(of_byte(opcode), feature, "{opcode:#x}");
            }
        }
        for prefix in 0xfb..=0xfe {
            for opcode in 0..0x400 {
                let mut bytes = vec![prefix];
                opcode.encode(&mut bytes);
                if let Some(feature) = read(&bytes) {
                    prefixed += 1;
                    assert_eq!(of_prefixed(prefix, opcode), feature, "{prefix:#x} {opcode:#x}");
                }
            }
        }
        assert!(single > 200 && prefixed > 400, "{single} and {prefixed} opcodes can be read");
    }
}
