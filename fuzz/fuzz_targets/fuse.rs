//! Any bytes, of which the first says in which form the result is asked for: they are fused to
//! something valid, or refused, and not as a defect of the fuser. The fuser does not look at all that it
//! copies again (`verify`): here it is validated as a whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wasm_fuser::options::{Emit, Limits, MemoryPlan, Tasks};
use wasm_fuser::{Code, Input, Options, fuse};
use wasmparser::{Validator, WasmFeatures};

fuzz_target!(|bytes: &[u8]| {
    let Some((form, bytes)) = bytes.split_first() else { return };
    let is_set = |bit: u8| form >> bit & 1 == 1;
    let options = Options {
        emit: [Emit::Component, Emit::Flat, Emit::RawModule, Emit::Module][usize::from(form % 4)],
        memory: match (is_set(3), is_set(6)) {
            (true, _) => MemoryPlan::Split,
            (false, true) => MemoryPlan::Single,
            (false, false) => MemoryPlan::Multi,
        },
        tasks: if is_set(4) { Tasks::Apart } else { Tasks::Refuse },
        share_handles: is_set(5),
        simd: !is_set(7),
        limits: Limits { instances: 300, output_bytes: 4 << 20, ..Limits::default() },
        ..Options::default()
    };
    let input = Input { name: "fuzzed".into(), bytes: bytes.into() };
    match fuse(&[input], &options) {
        Ok(fused) => {
            let mut validator = Validator::new_with_features(WasmFeatures::all());
            validator.validate_all(&fused.bytes).expect("the result is valid");
        }
        Err(error) => assert_ne!(error.code(), Code::Internal, "{error}"),
    }
});
