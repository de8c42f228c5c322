//! Assembles the runtime library: `src/runtime/*.wat`, one core module each.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=src/runtime");
    const MODULES: &[&str] =
        &["utf8", "utf8-simd", "runs", "runs-simd", "transcode", "handles", "bridge"];
    for name in MODULES {
        let source = format!("src/runtime/{name}.wat");
        let bytes = wat::parse_file(&source).unwrap_or_else(|e| panic!("{source}: {e}"));
        fs::write(out.join(format!("{name}.wasm")), bytes)
            .unwrap_or_else(|e| panic!("{name}.wasm: {e}"));
    }
}
