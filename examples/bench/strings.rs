//! What strings cost at a crossing: composed, and fused with and without vector instructions.
//!
//! A guest calls another with a string, again and again; and with a list of records, in each of which there
//! is one. Times are nanoseconds for one string, the least of all rounds. All three forms run in turns.

use std::time::Instant;

use anyhow::Result;
use wasm_fuser::{Input, Options, fuse};
use wasmtime::component::{Component, Linker, TypedFunc};
use wasmtime::{Engine, Store};

const ENCODINGS: [&str; 3] = ["utf8", "utf16", "latin1+utf16"];

/// Contents, by what they are for.
const TEXTS: [(&str, &str); 4] = [
    ("ascii", "plain text "),
    ("two-byte", "дважды"),
    ("mixed", "déjà vu, là-bas "),
    ("wide", "日本語 テキスト "),
];

/// Bytes of a text in UTF-8.
const LENGTHS: [usize; 18] =
    [0, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512, 1 << 10, 1 << 12, 1 << 14, 1 << 16];

/// What is enough where two encodings meet, in units.
const FEW_LENGTHS: [usize; 4] = [4, 32, 1 << 10, 1 << 16];

/// How many records a list has.
const RECORDS: u32 = 16;

/// A string, and what it takes: composed, without vectors, and with them.
pub struct Cost {
    pub text: &'static str,
    pub units: u32,
    pub times: [f64; 3],
    /// The same for a string in a list of records.
    pub listed: [f64; 3],
}

/// Strings of all lengths, where both ends have UTF-8.
pub fn utf8(rounds: usize) -> Result<Vec<Cost>> {
    costs("utf8", "utf8", &LENGTHS, rounds)
}

/// Prints the costs of all pairs of encodings.
pub fn print(rounds: usize) -> Result<()> {
    println!(
        "{:9} {:>12} to {:12} {:6} {:>6} {:>10} {:>10} {:>7} {:>10} {:>7}",
        "", "", "", "", "units", "composed", "scalar", "", "simd", ""
    );
    for from in ENCODINGS {
        for to in ENCODINGS {
            let lengths = if (from, to) == ("utf8", "utf8") { &LENGTHS[..] } else { &FEW_LENGTHS };
            for Cost { text, units, times, listed } in costs(from, to, lengths, rounds)? {
                for (place, [composed, scalar, simd]) in [("", times), ("listed", listed)] {
                    let share = |time: f64| 100.0 * time / composed;
                    println!(
                        "{text:9} {from:>12} to {to:12} {place:6} {units:6} {composed:10.1} \
                         {scalar:10.1} {:6.1}% {simd:10.1} {:6.1}%",
                        share(scalar),
                        share(simd),
                    );
                }
            }
        }
    }
    Ok(())
}

fn costs(from: &'static str, to: &str, lengths: &[usize], rounds: usize) -> Result<Vec<Cost>> {
    let engine = Engine::default();
    let mut costs = Vec::new();
    for (text, content) in TEXTS {
        let source = Source::new(from, content);
        let mut forms = forms(&engine, &source, to)?;
        let mut done = None;
        for units in lengths.iter().map(|length| source.units(*length)) {
            // Not every length is one of whole characters.
            if done.replace(units) == Some(units) {
                continue;
            }
            let (mut times, mut listed) = ([f64::INFINITY; 3], [f64::INFINITY; 3]);
            for _ in 0..rounds {
                for (form, (single, listed)) in
                    forms.iter_mut().zip(times.iter_mut().zip(&mut listed))
                {
                    *single = single.min(form.nanoseconds(units)?);
                    *listed = listed.min(form.nanoseconds_listed(units)?);
                }
            }
            costs.push(Cost { text, units: units & !TAG, times, listed });
        }
    }
    Ok(costs)
}

/// The composition, and what it is fused to.
fn forms(engine: &Engine, source: &Source, to: &str) -> Result<Vec<Form>> {
    let composed = wat::parse_str(composition(source, to))?;
    let fused = |simd| {
        let input = Input { name: "strings".into(), bytes: composed.clone() };
        Ok(fuse(&[input], &Options { simd, ..Options::default() })?.bytes)
    };
    let all: [Result<_>; 3] = [Ok(composed.clone()), fused(false), fused(true)];
    all.into_iter().map(|bytes| Form::new(engine, &bytes?)).collect()
}

struct Form {
    store: Store<()>,
    run: TypedFunc<(u32, u32), ()>,
    run_listed: TypedFunc<(u32, u32), ()>,
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, &component)?;
        let run = instance.get_typed_func(&mut store, "run")?;
        let run_listed = instance.get_typed_func(&mut store, "run-listed")?;
        Ok(Form { store, run, run_listed })
    }

    /// What a string of so many units takes.
    fn nanoseconds(&mut self, units: u32) -> Result<f64> {
        let times = (1 << 17) / ((units & !TAG) + 64);
        let begun = Instant::now();
        self.run.call(&mut self.store, (times, units))?;
        Ok(begun.elapsed().as_nanos() as f64 / f64::from(times))
    }

    /// What one takes in a list of records, the list's own share included.
    fn nanoseconds_listed(&mut self, units: u32) -> Result<f64> {
        let times = ((1 << 17) / ((units & !TAG) + 64)).div_ceil(RECORDS);
        let begun = Instant::now();
        self.run_listed.call(&mut self.store, (times, units))?;
        Ok(begun.elapsed().as_nanos() as f64 / f64::from(times * RECORDS))
    }
}

/// The tag of a length in `latin1+utf16`.
const TAG: u32 = 1 << 31;

/// A long text in an encoding.
struct Source {
    encoding: &'static str,
    bytes: Vec<u8>,
    /// Where a character begins, in units.
    boundaries: Vec<usize>,
    /// Bytes of a unit.
    unit: usize,
    tag: u32,
}

impl Source {
    fn new(encoding: &'static str, text: &str) -> Source {
        let whole = text.repeat((1 << 17) / text.chars().count() + 1);
        let is_wide = whole.chars().any(|c| u32::from(c) > 0xff);
        let (bytes, unit, length): (Vec<u8>, usize, fn(char) -> usize) = match encoding {
            "utf8" => (whole.clone().into_bytes(), 1, char::len_utf8),
            "latin1+utf16" if !is_wide => {
                (whole.chars().map(|c| u32::from(c) as u8).collect(), 1, |_| 1)
            }
            _ => (whole.encode_utf16().flat_map(u16::to_le_bytes).collect(), 2, char::len_utf16),
        };
        let mut boundaries = vec![0];
        let mut units = 0;
        for c in whole.chars() {
            units += length(c);
            boundaries.push(units);
        }
        let tag = if encoding == "latin1+utf16" && is_wide { TAG } else { 0 };
        Source { encoding, bytes, boundaries, unit, tag }
    }

    /// The length of the longest text that has no more units than that.
    fn units(&self, most: usize) -> u32 {
        let beyond = self.boundaries.partition_point(|&at| at <= most);
        self.boundaries[beyond - 1] as u32 | self.tag
    }
}

/// A composition whose `run(n, units)` passes a text `n` times, and whose `run-listed` passes as many lists of
/// records, with the text in each.
fn composition(source: &Source, to: &str) -> String {
    let used = &source.bytes[..source.unit << 16];
    let data: String = used.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let from = source.encoding;
    let record = r#"(record (field "id" u32) (field "text" string))"#;
    format!(
        r#"(component
          (component $callee
            (core module $m
              (memory (export "memory") 16)
              (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                (select (i32.const 0x80000) (i32.const 1024) (i32.eq (local.get 2) (i32.const 4))))
              (func (export "take") (param i32 i32)))
            (core instance $m (instantiate $m))
            (type $r' {record})
            (export $r "r" (type $r'))
            (func (export "take") (param "text" string)
              (canon lift (core func $m "take") string-encoding={to}
                (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
            (func (export "take-all") (param "texts" (list $r))
              (canon lift (core func $m "take") string-encoding={to}
                (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
          (component $caller
            (type $r' {record})
            (import "r" (type $r (eq $r')))
            (import "take" (func $take (param "text" string)))
            (import "take-all" (func $take-all (param "texts" (list $r))))
            (core module $memory (memory (export "memory") 16) (data (i32.const 1024) "{data}"))
            (core instance $memory (instantiate $memory))
            (core func $take (canon lower (func $take) string-encoding={from}
              (memory (core memory $memory "memory"))))
            (core func $take-all (canon lower (func $take-all) string-encoding={from}
              (memory (core memory $memory "memory"))))
            (core module $m
              (import "" "memory" (memory 16))
              (import "" "take" (func $take (param i32 i32)))
              (import "" "take-all" (func $take-all (param i32 i32)))
              (func (export "run") (param $n i32) (param $units i32)
                (loop $next
                  (call $take (i32.const 1024) (local.get $units))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n))))
              (func (export "run-listed") (param $n i32) (param $units i32)
                (local $at i32)
                (loop $next
                  (i32.store offset=0x80000 (local.get $at) (local.get $at))
                  (i32.store offset=0x80004 (local.get $at) (i32.const 1024))
                  (i32.store offset=0x80008 (local.get $at) (local.get $units))
                  (local.set $at (i32.add (local.get $at) (i32.const 12)))
                  (br_if $next (i32.ne (local.get $at) (i32.const {bytes}))))
                (loop $next
                  (call $take-all (i32.const 0x80000) (i32.const {RECORDS}))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n)))))
            (core instance $m
              (instantiate $m (with "" (instance
                (export "memory" (memory $memory "memory"))
                (export "take" (func $take)) (export "take-all" (func $take-all))))))
            (func (export "run") (param "n" u32) (param "units" u32)
              (canon lift (core func $m "run")))
            (func (export "run-listed") (param "n" u32) (param "units" u32)
              (canon lift (core func $m "run-listed"))))
          (instance $callee (instantiate $callee))
          (instance $caller (instantiate $caller (with "r" (type $callee "r"))
            (with "take" (func $callee "take")) (with "take-all" (func $callee "take-all"))))
          (export "run" (func $caller "run"))
          (export "run-listed" (func $caller "run-listed")))"#,
        bytes = 12 * RECORDS,
    )
}
