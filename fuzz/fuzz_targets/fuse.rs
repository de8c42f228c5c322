//! Any bytes, of which the first says in which form the result is asked for: they are fused to
//! something valid, which the fuser checks itself, or refused, and not as a defect of the fuser.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wasm_fuser::options::{Emit, Limits, MemoryPlan, Tasks};
use wasm_fuser::{Code, Input, Options, fuse};

fuzz_target!(|bytes: &[u8]| {
    let Some((form, bytes)) = bytes.split_first() else { return };
    let is_set = |bit: u8| form >> bit & 1 == 1;
    let options = Options {
        emit: [Emit::Component, Emit::Flat, Emit::Module][usize::from(form % 3)],
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
    if let Err(error) = fuse(&[input], &options) {
        assert_ne!(error.code(), Code::Internal, "{error}");
    }
});
