//! Assembles the runtime library: `src/runtime/*.wat`, for pointers of 32 bits and of 64 (see
//! `src/runtime/pointers.rs`).

use std::path::PathBuf;
use std::{env, fs};

#[path = "src/runtime/pointers.rs"]
mod pointers;

/// Modules without pointers into a guest's memory.
const PLAIN: &[&str] = &[
    "room", "store", "table", "bridge", "records", "queues", "sets", "ends", "scopes", "tasks",
    "loop", "tokens", "alone", "hosts", "hostless",
];
/// Modules for two memories.
const FROM_TO: &[&str] = &["utf8", "utf8-simd", "runs", "runs-simd", "transcode"];

fn main() {
    println!("cargo::rerun-if-changed=src/runtime");
    for name in PLAIN {
        assemble(name, name, &[]);
    }
    for (bits, from) in [(32, false), (64, true)] {
        for name in FROM_TO {
            for (to_bits, to) in [(32, false), (64, true)] {
                let names = [("from", from), ("to", to), ("both", from && to)];
                assemble(name, &format!("{name}-{bits}-{to_bits}"), &names);
            }
        }
    }
}

/// Assembles one form of a module: of each name of pointers, whether they have 64 bits.
fn assemble(name: &str, output: &str, names: &[(&str, bool)]) {
    let path = format!("src/runtime/{name}.wat");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let text = pointers::expand(&text, names).unwrap_or_else(|e| panic!("{path}: {e}"));
    let bytes = wat::parse_str(&text).unwrap_or_else(|e| panic!("{output}: {e}"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join(format!("{output}.wasm")), bytes)
        .unwrap_or_else(|e| panic!("{output}.wasm: {e}"));
}
