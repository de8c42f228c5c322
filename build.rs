//! Assembles the runtime library: `src/runtime/*.wat`.
//!
//! A routine that works on memories is assembled for pointers of 32 bits and of 64. Its text has
//! instructions whose type is that of pointers into the memory `$from` or `$to`:
//!
//! ```text
//! from.ptr          i32 or i64
//! (from.add a b)    (i32.add a b) or (i64.add a b), and so any instruction
//! (from.extend a)   a, or (i64.extend_i32_u a): an offset
//! (from.wrap a)     a, or (i32.wrap_i64 a): a distance
//! (both.extend a)   a, unless pointers at both ends have 64 bits: the length of a copy
//! ```

use std::path::PathBuf;
use std::{env, fs};

/// Modules without pointers into a guest's memory.
const PLAIN: &[&str] = &["handles", "bridge"];
/// Modules for one memory.
const FROM: &[&str] = &["utf8", "utf8-simd"];
/// Modules for two memories.
const FROM_TO: &[&str] = &["runs", "runs-simd", "transcode"];

fn main() {
    println!("cargo::rerun-if-changed=src/runtime");
    for name in PLAIN {
        assemble(name, name, &read(name));
    }
    for (bits, from) in [(32, false), (64, true)] {
        for name in FROM {
            assemble(name, &format!("{name}-{bits}"), &sized(read(name), "from", from));
        }
        for name in FROM_TO {
            for (to_bits, to) in [(32, false), (64, true)] {
                let text = sized(sized(read(name), "from", from), "to", to);
                let text = sized(text, "both", from && to);
                assemble(name, &format!("{name}-{bits}-{to_bits}"), &text);
            }
        }
    }
}

fn path(name: &str) -> String {
    format!("src/runtime/{name}.wat")
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn assemble(name: &str, output: &str, text: &str) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let bytes = wat::Parser::new()
        .parse_str(Some(path(name).as_ref()), text)
        .unwrap_or_else(|e| panic!("{output}: {e}"));
    fs::write(out.join(format!("{output}.wasm")), bytes)
        .unwrap_or_else(|e| panic!("{output}.wasm: {e}"));
}

/// The text with the instructions on one memory's pointers spelt out.
fn sized(text: String, memory: &str, wide: bool) -> String {
    let (ty, extend, wrap) = match wide {
        true => ("i64", "(i64.extend_i32_u", "(i32.wrap_i64"),
        false => ("i32", "", ""),
    };
    let text = replaced(text, &format!("({memory}.extend"), extend);
    let text = replaced(text, &format!("({memory}.wrap"), wrap);
    let text = text.replace(&format!("{memory}.ptr"), ty);
    text.replace(&format!("({memory}."), &format!("({ty}."))
}

/// The text with another beginning of each expression that begins so; without one, the expression
/// is its operand.
fn replaced(mut text: String, begin: &str, by: &str) -> String {
    while let Some(at) = text.find(begin) {
        if by.is_empty() {
            let mut depth = 0;
            let end = text[at..].find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            text.remove(at + end.expect("parentheses are balanced"));
        }
        text.replace_range(at..at + begin.len(), by);
    }
    text
}
