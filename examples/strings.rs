//! What strings cost at a crossing: composed, and fused with and without vector instructions.
//!
//! A guest calls another with a string of 65,536 characters, again and again, in all pairs of encodings. The
//! numbers are nanoseconds for 1024 characters, the best of some rounds, all three side by side.

use std::time::{Duration, Instant};

use anyhow::Result;
use wasm_fuser::{Input, Options, fuse};
use wasmtime::component::{Component, Linker, TypedFunc};
use wasmtime::{Config, Engine, Store};

const ENCODINGS: [&str; 3] = ["utf8", "utf16", "latin1+utf16"];

/// Contents, by what they are for.
const TEXTS: [(&str, &str); 3] =
    [("ascii", "plain text "), ("latin", "déjà vu, là-bas "), ("wide", "日本語 テキスト ")];

/// Characters of a text.
const CHARACTERS: usize = 1 << 16;

fn main() -> Result<()> {
    let engine = Engine::new(&Config::new())?;
    println!("{:6} {:>12} to {:12} {:>9} {:>9} {:>9}", "", "", "", "composed", "scalar", "simd");
    for (name, text) in TEXTS {
        for from in ENCODINGS {
            for to in ENCODINGS {
                let bytes = wat::parse_str(composition(from, to, text))?;
                let fused = |simd| {
                    let input = Input { name: "strings".into(), bytes: bytes.clone() };
                    Ok(fuse(&[input], &Options { simd, ..Options::default() })?.bytes)
                };
                let (scalar, simd): (Result<_>, Result<_>) = (fused(false), fused(true));
                let mut forms = [&bytes, &scalar?, &simd?]
                    .map(|bytes| Form::new(&engine, bytes))
                    .into_iter()
                    .collect::<Result<Vec<_>>>()?;
                let mut best = [Duration::MAX; 3];
                for _ in 0..20 {
                    for (form, best) in forms.iter_mut().zip(&mut best) {
                        *best = (*best).min(form.round()?);
                    }
                }
                let per_kilo =
                    |d: Duration| d.as_nanos() as f64 * 1024.0 / CHARACTERS as f64 / 10.0;
                let [composed, scalar, simd] = best.map(per_kilo);
                println!("{name:6} {from:>12} to {to:12} {composed:9.1} {scalar:9.1} {simd:9.1}");
            }
        }
    }
    Ok(())
}

struct Form {
    store: Store<()>,
    run: TypedFunc<(u32,), ()>,
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, &component)?;
        let run = instance.get_typed_func(&mut store, "run")?;
        Ok(Form { store, run })
    }

    /// Ten calls.
    fn round(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        self.run.call(&mut self.store, (10,))?;
        Ok(begun.elapsed())
    }
}

/// A composition whose `run(n)` passes a text `n` times.
fn composition(from: &str, to: &str, text: &str) -> String {
    let whole: String = text.chars().cycle().take(CHARACTERS).collect();
    let wide = whole.chars().any(|c| u32::from(c) > 0xff);
    let (bytes, length): (Vec<u8>, usize) = match (from, wide) {
        ("utf8", _) => (whole.clone().into_bytes(), whole.len()),
        ("latin1+utf16", false) => {
            let bytes: Vec<u8> = whole.chars().map(|c| u32::from(c) as u8).collect();
            (bytes, whole.chars().count())
        }
        (encoding, _) => {
            let bytes: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let tag = if encoding == "utf16" { 0 } else { 1 << 31 };
            let length = (bytes.len() / 2) | tag;
            (bytes, length)
        }
    };
    let data: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
    format!(
        r#"(component
          (component $callee
            (core module $m
              (memory (export "memory") 16)
              (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
              (func (export "take") (param i32 i32)))
            (core instance $m (instantiate $m))
            (func (export "take") (param "text" string)
              (canon lift (core func $m "take") string-encoding={to}
                (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
          (component $caller
            (import "take" (func $take (param "text" string)))
            (core module $memory (memory (export "memory") 16) (data (i32.const 1024) "{data}"))
            (core instance $memory (instantiate $memory))
            (core func $take (canon lower (func $take) string-encoding={from}
              (memory (core memory $memory "memory"))))
            (core module $m
              (import "" "take" (func $take (param i32 i32)))
              (func (export "run") (param $n i32)
                (loop $next
                  (call $take (i32.const 1024) (i32.const {length}))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n)))))
            (core instance $m
              (instantiate $m (with "" (instance (export "take" (func $take))))))
            (func (export "run") (param "n" u32) (canon lift (core func $m "run"))))
          (instance $callee (instantiate $callee))
          (instance $caller (instantiate $caller (with "take" (func $callee "take"))))
          (export "run" (func $caller "run")))"#
    )
}
