//! Any bytes: the instance graph is drawn, or they are refused, and not as a defect of the fuser.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wasm_fuser::{Code, Input, inspect};

fuzz_target!(|bytes: &[u8]| {
    let input = Input { name: "fuzzed".into(), bytes: bytes.into() };
    if let Err(error) = inspect(&input) {
        assert_ne!(error.code(), Code::Internal, "{error}");
    }
});
