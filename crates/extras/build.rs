//! Takes the provider of WASI preview 1 along: `target/wasip1.wasm`, which `make provider` builds, or what
//! `WASM_FUSER_WASIP1` says. A build for tests, say, does without.
//!
//! Where it makes a component, the linker is to write numbers as short as they are: otherwise each address and each
//! index of a function takes five bytes.

use std::path::Path;
use std::{env, fs};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-env-changed=WASM_FUSER_WASIP1");
    let given = env::var("WASM_FUSER_WASIP1");
    let path = given.unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasip1.wasm").into()
    });
    println!("cargo::rerun-if-changed={path}");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--compress-relocations");
    }
    let bytes = fs::read(&path).unwrap_or_default();
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("wasip1.wasm"), bytes)
}
