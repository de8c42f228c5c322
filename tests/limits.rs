//! Small inputs that ask for much: each is refused with the limit that it goes over, soon, or fused.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use wasm_fuser::error::Part;
use wasm_fuser::options::{Emit, Input, Limits, Options};
use wasm_fuser::{Code, Error, Fused, fuse};

#[path = "limits/near.rs"]
mod near;

/// The longest that any of these may take, on a busy machine.
const LONGEST: Duration = Duration::from_secs(30);

fn fuse_soon(text: &str, limits: Limits) -> Result<Fused, Error> {
    let input = Input { name: "hostile".into(), bytes: text.into() };
    let begun = Instant::now();
    let result = fuse(&[input], &Options { limits, ..Options::default() });
    println!("{:?}", begun.elapsed());
    assert!(begun.elapsed() < LONGEST, "it takes {:?}", begun.elapsed());
    result
}

fn refused(text: &str, limits: Limits, message: &str) {
    let error = fuse_soon(text, limits).expect_err("it is over a limit");
    assert_eq!((error.code(), error.message()), (Code::LimitExceeded, message));
    let names_an_option = |part: &Part| matches!(part, Part::Setting(_));
    assert!(error.remedy().parts().iter().any(names_an_option), "{error}");
}

/// A component that has a function with a string, and one that calls it.
const PAIR: &str = r#"
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
      (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") (memory (core memory $m "memory"))
        (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $memory
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8)))
    (core instance $memory (instantiate $memory))
    (core func $f (canon lower (func $f) (memory (core memory $memory "memory"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "run") (call $f (i32.const 0) (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))"#;

#[test]
fn instances_that_double_are_too_many() {
    let mut text = String::from("(component (component $c0)");
    for n in 1..30 {
        let inner = n - 1;
        write!(
            text,
            "(component $c{n} (alias outer 1 $c{inner} (component $c))
               (instance (instantiate $c)) (instance (instantiate $c)))"
        )
        .expect("a string grows");
    }
    text.push_str("(instance (instantiate $c29)))");
    refused(&text, Limits::default(), "the composition has more than 10000 instances");
}

#[test]
fn types_that_are_defined_again_in_each_instance_are_too_many() {
    let labels: String = (0..1000).map(|i| format!(" \"l{i}\"")).collect();
    let mut text = format!("(component (component $c (type (enum{labels})))");
    text.push_str(&"(instance (instantiate $c))".repeat(2000));
    text.push(')');
    let message = "the composition has more than 1000000 types, fields and cases";
    refused(&text, Limits::default(), message);
}

#[test]
fn definitions_that_are_made_again_in_each_instance_are_too_many() {
    let exports: String = (0..20_000).map(|i| format!("(export \"{i}\" (func {i}))")).collect();
    let funcs = "(func)".repeat(20_000);
    let mut text = format!("(component (core module $m {funcs} {exports})");
    text.push_str(&"(core instance (instantiate $m))".repeat(500));
    text.push(')');
    let message = "the instances of the composition have more than 10000000 definitions";
    refused(&text, Limits::default(), message);
}

#[test]
fn elements_that_are_made_again_in_each_instance_are_too_many() {
    let elements = "$f ".repeat(100_000);
    let mut text = format!(
        "(component (core module $m (table 100000 funcref) (func $f)
           (elem (i32.const 0) func {elements}))"
    );
    text.push_str(&"(core instance (instantiate $m))".repeat(500));
    text.push(')');
    let message = "the instances of the composition have more than 10000000 definitions";
    refused(&text, Limits::default(), message);
}

#[test]
fn components_that_nest_too_deep_are_refused() {
    let limits = Limits { depth: 10, ..Limits::default() };
    let mut text = String::from("(component");
    for _ in 0..12 {
        text.push_str("(component $c");
    }
    text.push(')');
    for _ in 0..12 {
        text.push_str("(instance (instantiate $c)))");
    }
    refused(&text, limits, "components or instance types nest more than 10 deep");
}

#[test]
fn types_that_nest_too_deep_are_refused() {
    let limits = Limits { depth: 10, ..Limits::default() };
    let mut text = String::from("(component (type $t0 (list u8))");
    for n in 1..12 {
        write!(text, "(type $t{n} (list $t{}))", n - 1).expect("a string grows");
    }
    text.push(')');
    refused(&text, limits, "types nest more than 10 deep");
}

#[test]
fn code_of_crossings_that_is_too_large_is_refused() {
    let limits = Limits { shim_bytes: 50, ..Limits::default() };
    let text = format!(
        "(component {PAIR} (instance $callee (instantiate $callee))
           (instance (instantiate $caller (with \"f\" (func $callee \"f\")))))"
    );
    let message = "the code of the crossings is larger than the limit on shim bytes";
    refused(&text, limits, message);
}

#[test]
fn a_module_that_would_be_too_large_many_times_is_not_built() {
    let limits = Limits { output_bytes: 1 << 20, ..Limits::default() };
    let data = "a".repeat(10_000);
    let mut text =
        format!("(component (core module $m (memory 1) (data (i32.const 0) \"{data}\"))");
    text.push_str(&"(core instance (instantiate $m))".repeat(200));
    text.push(')');
    let error = fuse_soon(&text, limits).expect_err("it is over a limit");
    assert_eq!(error.code(), Code::LimitExceeded);
    assert!(error.message().starts_with("the core modules of all instances have "), "{error}");
}

#[test]
fn a_result_that_is_too_large_is_refused() {
    let limits = Limits { output_bytes: 100, ..Limits::default() };
    let imports: String = (0..50).map(|i| format!("(import \"f{i}\" (func))")).collect();
    let error = fuse_soon(&format!("(component {imports})"), limits).expect_err("it is over");
    assert_eq!(error.code(), Code::LimitExceeded);
    assert!(error.message().starts_with("the result has "), "{error}");
}

#[test]
fn more_memories_than_engines_accept_are_refused() {
    let mut text = String::from(
        "(component (core module $m (memory (export \"m\") 1)
        (func (export \"f\") (drop (i32.load (i32.const 0)))))",
    );
    for n in 0..101 {
        write!(
            text,
            "(core instance $i{n} (instantiate $m))
             (func (export \"f{n}\") (canon lift (core func $i{n} \"f\")))"
        )
        .expect("a string grows");
    }
    text.push(')');
    let message = "a fused module has 101 memories, and engines accept 100";
    refused(&text, Limits::default(), message);
}

#[test]
fn more_data_segments_than_engines_accept_are_refused() {
    let data: String = (0..1000).map(|n| format!("(data (i32.const {n}) \"x\")")).collect();
    let mut text = format!(
        "(component
           (core module $m (memory (export \"m\") 1)
             (func (export \"f\") (drop (i32.load (i32.const 0)))))
           (core instance $m (instantiate $m))
           (core module $data (import \"\" \"m\" (memory 1)) {data})"
    );
    let instance = "(core instance (instantiate $data (with \"\" (instance $m))))";
    text.push_str(&instance.repeat(101));
    text.push_str("(func (export \"f\") (canon lift (core func $m \"f\"))))");
    let message = "a fused module has 101000 data segments, and engines accept 100000";
    refused(&text, Limits::default(), message);
}

#[test]
fn more_core_instances_than_engines_accept_in_one_component_are_refused() {
    let instances = "(core instance (instantiate $m))".repeat(2_100);
    let text = format!(
        "(component (component $c (core module $m) {instances})
           (instance (instantiate $c)) (instance (instantiate $c)))"
    );
    let input = Input { name: "hostile".into(), bytes: text.into() };
    let options = Options { emit: Emit::Flat, ..Options::default() };
    let error = fuse(&[input], &options).expect_err("it is over a limit");
    let message = "a fused component has 4200 core instances, and engines accept 4096";
    assert_eq!((error.code(), error.message()), (Code::LimitExceeded, message));
}

#[test]
fn names_of_exports_that_are_too_long_together_are_cut() {
    let (interface, function) = ("i".repeat(60_000), "f".repeat(60_000));
    let text = format!(
        "(component
           (component $c
             (core module $m (func (export \"f\")) (func (export \"g\")))
             (core instance $m (instantiate $m))
             (func (export \"{function}\") (canon lift (core func $m \"f\")))
             (func (export \"{function}-g\") (canon lift (core func $m \"g\"))))
           (instance $c (instantiate $c))
           (export \"{interface}\" (instance $c)))"
    );
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn names_of_instances_are_cut() {
    let name = "n".repeat(90_000);
    let mut text = format!("(component (core module $m (@name \"{name}\") (func (export \"f\")))");
    for n in 0..4 {
        write!(text, "(core instance $i{n} (@name \"{name}\") (instantiate $m))")
            .expect("a string grows");
    }
    text.push_str("(func (export \"f\") (canon lift (core func $i3 \"f\"))))");
    let fused = fuse_soon(&text, Limits::default()).expect("it is fused");
    assert!(fused.bytes.len() < 10_000, "it has {} bytes", fused.bytes.len());
}

#[test]
fn many_instances_of_one_name_are_fused_in_time() {
    let mut text = format!("(component {PAIR}");
    for n in 0..45 {
        write!(
            text,
            "(instance $callee{n} (instantiate $callee))
             (instance $caller{n} (instantiate $caller (with \"f\" (func $callee{n} \"f\"))))
             (func (export \"run{n}\") (alias export $caller{n} \"run\"))"
        )
        .expect("a string grows");
    }
    text.push(')');
    let fused = fuse_soon(&text, Limits::default()).expect("it is fused");
    assert_eq!(fused.report.crossings.len(), 45);
}

#[test]
fn thousands_of_instances_of_one_name_are_planned_in_time() {
    let module = "(core module $m (func (export \"f\")))";
    let mut text = format!("(component (component $c {module} (core instance (instantiate $m)))");
    text.push_str(&"(instance (instantiate $c))".repeat(4000));
    text.push(')');
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn thousands_of_lowers_of_a_function_with_a_type_that_doubles_are_refused_or_fused_in_time() {
    let mut text = String::from("(component (type $t0 (tuple u8 u8))");
    for n in 1..16 {
        write!(text, "(type $t{n} (tuple $t{0} $t{0}))", n - 1).expect("a string grows");
    }
    text.push_str(
        "(component $callee
           (alias outer 1 $t15 (type $t))
           (core module $m (memory (export \"m\") 1)
             (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 8))
             (func (export \"f\") (param i32)))
           (core instance $m (instantiate $m))
           (func (export \"f\") (param \"x\" $t)
             (canon lift (core func $m \"f\") (memory (core memory $m \"m\"))
               (realloc (core func $m \"realloc\")))))
         (component $caller
           (alias outer 1 $t15 (type $t))
           (import \"f\" (func $f (param \"x\" $t)))
           (core module $m (memory (export \"m\") 1))
           (core instance $m (instantiate $m))
           (alias core export $m \"m\" (core memory $m))",
    );
    text.push_str(&"(core func (canon lower (func $f) (memory $m)))".repeat(5000));
    text.push_str(
        ") (instance $callee (instantiate $callee))
         (instance (instantiate $caller (with \"f\" (func $callee \"f\")))))",
    );
    let fused = fuse_soon(&text, Limits::default());
    assert!(fused.is_ok_and(|fused| fused.report.crossings.len() == 5000));
}

#[test]
fn thousands_of_built_ins_are_fused_in_time() {
    let text = format!("(component {})", "(core func (canon context.get i32 0))".repeat(100_000));
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn thousands_of_resources_are_fused_in_time() {
    let mut text = String::from("(component");
    for n in 0..20_000 {
        write!(
            text,
            "(type $r{n} (resource (rep i32)))
             (core func (canon resource.drop $r{n}))
             (export \"r{n}\" (type $r{n}))"
        )
        .expect("a string grows");
    }
    text.push(')');
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn thousands_of_imports_are_fused_in_time() {
    let mut text = String::from("(component");
    for n in 0..5000 {
        write!(text, "(import \"f{n}\" (func))").expect("a string grows");
    }
    for n in 0..5000 {
        write!(text, "(core func (canon lower (func {n})))").expect("a string grows");
    }
    text.push(')');
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn aliases_of_a_large_type_do_not_copy_it() {
    let labels: String = (0..5000).map(|i| format!(" \"a-label-of-number-{i}\"")).collect();
    let mut text = format!("(component (type $t (enum{labels}))");
    for n in 0..20_000 {
        write!(text, "(import \"t{n}\" (type (eq $t)))").expect("a string grows");
    }
    text.push(')');
    fuse_soon(&text, Limits::default()).expect("it is fused");
}

#[test]
fn streams_that_could_be_copied_in_too_many_ways_are_not_fused() {
    // Each of 65 memories that are written from, to each of 65 that are read to.
    let memories = |op: &str| -> String {
        let of_each = |n: u32| {
            format!(
                r#"(core instance $memory{n} (instantiate $memory))
                (core func (canon stream.{op} $s async (memory (core memory $memory{n} "m"))))"#
            )
        };
        (0..65).map(of_each).collect()
    };
    let text = format!(
        r#"(component
          (component $writer
            (type $s (stream u8))
            (core module $memory (memory (export "m") 1))
            {}
            (core module $m (func (export "f") (result i32) unreachable))
            (core instance $m (instantiate $m))
            (func (export "f") (result $s) (canon lift (core func $m "f"))))
          (component $reader
            (import "f" (func $f (result (stream u8))))
            (type $s (stream u8))
            (core module $memory (memory (export "m") 1))
            {}
            (core func $f (canon lower (func $f)))
            (core module $m
              (import "" "f" (func $f (result i32)))
              (func (export "run") (drop (call $f))))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $m "run"))))
          (instance $w (instantiate $writer))
          (instance $r (instantiate $reader (with "f" (func $w "f"))))
          (export "run" (func $r "run")))"#,
        memories("write"),
        memories("read"),
    );
    let error = fuse_soon(&text, Limits::default()).expect_err("there are too many");
    assert_eq!(error.code(), Code::AsyncNotFused);
    assert!(error.message().contains("with too many canonical options"), "{error}");
}
