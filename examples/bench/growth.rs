//! How the fuser's time grows with what it is given.
//!
//! Compositions are made up whose guests do next to nothing, so that what is measured is what components and
//! crossings cost, and not code: guests in a row, each of which calls the next; guests around one that calls
//! them all; functions between two guests; fields of a record; components in components.

use std::fmt::Write;
use std::time::Instant;

use anyhow::{Context, Result};
use wasm_fuser::{Input, Options, fuse};
use wasmparser::{Validator, WasmFeatures};

/// A kind of composition, in several sizes.
pub struct Curve {
    pub name: &'static str,
    pub what: &'static str,
    pub points: Vec<Point>,
}

/// A composition of a size, and what it costs: milliseconds, the least of all rounds.
pub struct Point {
    pub size: u32,
    pub bytes: usize,
    pub validate: f64,
    pub fuse: f64,
}

/// Its name, what it is, the sizes of it, and its text.
type Kind = (&'static str, &'static str, [u32; 5], fn(u32) -> String);

const KINDS: [Kind; 5] = [
    ("row", "guests, each of which passes a `char` to the next", [1, 5, 50, 150, 450], row),
    ("star", "guests, to each of which one passes a `char`", [1, 5, 50, 150, 450], star),
    (
        "functions",
        "functions with a string, between two guests",
        [1, 10, 100, 1_000, 10_000],
        functions,
    ),
    (
        "fields",
        "fields of a record in a list, strings and numbers",
        [1, 10, 100, 300, 1_000],
        fields,
    ),
    (
        "levels",
        "components in components around a guest that is called",
        [1, 5, 10, 20, 40],
        levels,
    ),
];

/// Fuses all of them.
pub fn growth(rounds: usize) -> Result<Vec<Curve>> {
    let curve = |(name, what, sizes, text): Kind| {
        let point =
            |size| point(size, &text(size), rounds).with_context(|| format!("{name} {size}"));
        Ok(Curve { name, what, points: sizes.into_iter().map(point).collect::<Result<_>>()? })
    };
    KINDS.into_iter().map(curve).collect()
}

fn point(size: u32, text: &str, rounds: usize) -> Result<Point> {
    let bytes = wat::parse_str(text)?;
    let inputs = [Input { name: "input".into(), bytes }];
    let bytes = &inputs[0].bytes;
    let (mut validate, mut fused) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds {
        let begun = Instant::now();
        Validator::new_with_features(WasmFeatures::all()).validate_all(bytes)?;
        validate = validate.min(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        let result = fuse(&inputs, &Options::default())?;
        fused = fused.min(begun.elapsed().as_secs_f64() * 1e3);
        drop(result);
    }
    Ok(Point { size, bytes: bytes.len(), validate, fuse: fused })
}

/// What every guest has: a memory, and an allocator that never frees.
const ALLOCATOR: &str = r#"
  (memory (export "memory") 1)
  (global $at (mut i32) (i32.const 1024))
  (func (export "realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $at
      (i32.and (i32.add (global.get $at) (i32.sub (local.get 2) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get 2))))
    (global.get $at)
    (global.set $at (i32.add (global.get $at) (local.get 3))))"#;

/// The options of a lift or lower of a guest `$g`.
const OPTIONS: &str = r#"(memory (core memory $g "memory")) (realloc (core func $g "realloc"))"#;

/// What is passed. An engine has no more than 100 memories in a module, so many guests pass what needs none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    Text,
    Character,
}

impl Passed {
    /// The type, and its core types.
    fn types(self) -> (&'static str, &'static str) {
        match self {
            Passed::Text => ("string", "i32 i32"),
            Passed::Character => ("char", "i32"),
        }
    }

    /// What only those have that have a memory.
    fn with_memory(self, text: &str) -> &str {
        if self == Passed::Text { text } else { "" }
    }
}

/// A guest that has these functions.
fn leaf(name: &str, functions: u32, passed: Passed) -> String {
    let (ty, core) = passed.types();
    let (allocator, options) = (passed.with_memory(ALLOCATOR), passed.with_memory(OPTIONS));
    let (mut code, mut lifts) = (String::new(), String::new());
    for n in 0..functions {
        let _ = write!(code, "(func (export \"f{n}\") (param {core}) (result i32) local.get 0)");
        let _ = write!(
            lifts,
            "(func (export \"f{n}\") (param \"it\" {ty}) (result u32)
               (canon lift (core func $g \"f{n}\") {options}))"
        );
    }
    format!(
        "(component {name}
           (core module $m {allocator} {code}) (core instance $g (instantiate $m)) {lifts})"
    )
}

/// A guest that imports these functions, and passes what it is given to each of them.
fn caller(name: &str, functions: u32, passed: Passed) -> String {
    let (ty, core) = passed.types();
    // The memory is in a module of its own, which is there before functions are lowered.
    let memory = passed.with_memory("(memory (core memory $a \"memory\"))");
    let realloc = passed.with_memory("(realloc (core func $a \"realloc\"))");
    let allocator =
        format!("(core module $allocator {ALLOCATOR}) (core instance $a (instantiate $allocator))");
    let allocator = passed.with_memory(&allocator);
    let given = match passed {
        Passed::Text => "(local.get 0) (local.get 1)",
        Passed::Character => "(local.get 0)",
    };
    let (mut imports, mut lowers, mut items) = (String::new(), String::new(), String::new());
    let (mut declared, mut calls) = (String::new(), String::new());
    for n in 0..functions {
        let _ = write!(imports, "(import \"f{n}\" (func $f{n} (param \"it\" {ty}) (result u32)))");
        let _ = write!(lowers, "(core func $l{n} (canon lower (func $f{n}) {memory}))");
        let _ = write!(items, "(export \"f{n}\" (func $l{n}))");
        let _ = write!(declared, "(import \"\" \"f{n}\" (func $f{n} (param {core}) (result i32)))");
        let _ = write!(calls, "(drop (call $f{n} {given}))");
    }
    format!(
        "(component {name} {imports}
           {allocator}
           {lowers}
           (core module $m {declared}
             (func (export \"f0\") (param {core}) (result i32) {calls} local.get 0))
           (core instance $g (instantiate $m (with \"\" (instance {items}))))
           (func (export \"f0\") (param \"it\" {ty}) (result u32)
             (canon lift (core func $g \"f0\") {memory} {realloc})))"
    )
}

fn row(guests: u32) -> String {
    let mut text = format!(
        "(component {} (instance $i0 (instantiate $c0))",
        leaf("$c0", 1, Passed::Character)
    );
    for n in 1..guests {
        let before = n - 1;
        let _ = write!(
            text,
            "{} (instance $i{n} (instantiate $c{n} (with \"f0\" (func $i{before} \"f0\"))))",
            caller(&format!("$c{n}"), 1, Passed::Character)
        );
    }
    let last = guests - 1;
    text + &format!("(export \"f0\" (func $i{last} \"f0\")))")
}

fn star(guests: u32) -> String {
    let mut text = String::from("(component ");
    let mut with = String::new();
    for n in 0..guests {
        let _ = write!(
            text,
            "{} (instance $i{n} (instantiate $c{n}))",
            leaf(&format!("$c{n}"), 1, Passed::Character)
        );
        let _ = write!(with, "(with \"f{n}\" (func $i{n} \"f0\"))");
    }
    text + &format!(
        "{} (instance $i (instantiate $c {with})) (export \"f0\" (func $i \"f0\")))",
        caller("$c", guests, Passed::Character)
    )
}

fn functions(functions: u32) -> String {
    let with: String =
        (0..functions).map(|n| format!("(with \"f{n}\" (func $i0 \"f{n}\"))")).collect();
    format!(
        "(component {} (instance $i0 (instantiate $c0)) {}
           (instance $i1 (instantiate $c1 {with})) (export \"f0\" (func $i1 \"f0\")))",
        leaf("$c0", functions, Passed::Text),
        caller("$c1", functions, Passed::Text)
    )
}

fn fields(fields: u32) -> String {
    let field = |n: u32| {
        let ty = ["string", "u32", "f64", "u8"][n as usize % 4];
        format!("(field \"f{n}\" {ty})")
    };
    let record: String = (0..fields).map(field).collect();
    let lift = format!("(param \"all\" $l) (canon lift (core func $g \"f\") {OPTIONS})");
    // An imported type has a name.
    format!(
        "(component
           (component $c0 (type $r (record {record})) (export $e \"r\" (type $r)) (type $l (list $e))
             (core module $m {ALLOCATOR} (func (export \"f\") (param i32 i32)))
             (core instance $g (instantiate $m)) (func (export \"f\") {lift}))
           (instance $i0 (instantiate $c0)) (alias export $i0 \"r\" (type $t))
           (component $c1 (type $r (record {record})) (import \"r\" (type $e (eq $r)))
             (type $l (list $e)) (import \"f\" (func $f (param \"all\" $l)))
             (core module $allocator {ALLOCATOR}) (core instance $a (instantiate $allocator))
             (core func $lower (canon lower (func $f) (memory (core memory $a \"memory\"))))
             (core module $m (import \"\" \"f\" (func $f (param i32 i32)))
               (func (export \"f\") (call $f (i32.const 0) (i32.const 0))))
             (core instance $g (instantiate $m (with \"\" (instance (export \"f\" (func $lower))))))
             (func (export \"f\") (canon lift (core func $g \"f\"))))
           (instance $i1 (instantiate $c1 (with \"r\" (type $t)) (with \"f\" (func $i0 \"f\"))))
           (export \"f\" (func $i1 \"f\")))"
    )
}

fn levels(levels: u32) -> String {
    let mut text = leaf("$c", 1, Passed::Text);
    for _ in 0..levels {
        text = format!(
            "(component $c {text} (instance $i (instantiate $c)) (export \"f0\" (func $i \"f0\")))"
        );
    }
    format!(
        "(component {text} (instance $i0 (instantiate $c)) {}
           (instance $i1 (instantiate $c1 (with \"f0\" (func $i0 \"f0\"))))
           (export \"f0\" (func $i1 \"f0\")))",
        caller("$c1", 1, Passed::Text)
    )
}
