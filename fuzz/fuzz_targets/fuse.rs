//! Any bytes, of which the first says in which form the result is asked for: they are fused to
//! something valid, which the fuser checks itself, or refused, and not as a defect of the fuser.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wasm_fuser::options::{Emit, Limits};
use wasm_fuser::{Code, Input, Options, fuse};

fuzz_target!(|bytes: &[u8]| {
    let Some((form, bytes)) = bytes.split_first() else { return };
    let emit = [Emit::Component, Emit::Flat, Emit::Module][usize::from(form % 3)];
    let limits = Limits { instances: 300, output_bytes: 4 << 20, ..Limits::default() };
    let input = Input { name: "fuzzed".into(), bytes: bytes.into() };
    let options = Options { emit, limits, simd: form & 0x80 == 0, ..Options::default() };
    if let Err(error) = fuse(&[input], &options) {
        assert_ne!(error.code(), Code::Internal, "{error}");
    }
});
