//! Core imports, and the start of a command: what a module has of a host without components.
//!
//! The modules run in an engine that knows neither components nor, unless it is said, several memories. Its
//! host is that of the composition, which imports an interface of numbers: what it sees in the module's
//! memory is what a guest has there, wherever the guest's region is.

use std::fmt::Write as _;

use wasm_fuser::options::{CoreImports, CoreName, Emit, Input, MemoryPlan, Options, Start};
use wasm_fuser::{Code, Fused, fuse};
use wasmtime::{Caller, Config, Engine, Instance, Linker, Module, Store, Trap};

/// A guest that says a text, whose pointer it makes with `base`: at 8, of the length 5.
fn speaker(name: &str, text: &str, exports: &str) -> Input {
    let text = format!(
        r#"(component
          (import "demo:host/out@1.0.0" (instance $out
            (export "say-it" (func (param "at" u32) (param "length" u32) (result u32)))))
          (import "wasm-fuser:core/memory@0.1.0" (instance $core
            (export "base" (func (result u32)))))
          (core func $say (canon lower (func $out "say-it")))
          (core func $base (canon lower (func $core "base")))
          (core module $m
            (import "out" "say" (func $say (param i32 i32) (result i32)))
            (import "core" "base" (func $base (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 8) "{text}")
            (func (export "speak") (result i32)
              (call $say (i32.add (call $base) (i32.const 8)) (i32.const 5))))
          (core instance $i (instantiate $m
            (with "out" (instance (export "say" (func $say))))
            (with "core" (instance (export "base" (func $base))))))
          {exports})"#
    );
    Input { name: name.into(), bytes: text.into() }
}

/// `speak`, as a function of an interface.
const SPEAK: &str = r#"
    (func $f (result u32) (canon lift (core func $i "speak")))
    (instance $e (export "speak" (func $f)))
    (export "demo:speech/speak" (instance $e))"#;

/// A root that says a text itself, and has another one speak: 10 times what its host returns, and what
/// the other's does.
fn root() -> Input {
    let text = r#"(component
      (import "demo:speech/speak" (instance $other (export "speak" (func (result u32)))))
      (import "demo:host/out@1.0.0" (instance $out
        (export "say-it" (func (param "at" u32) (param "length" u32) (result u32)))))
      (import "wasm-fuser:core/memory@0.1.0" (instance $core
        (export "base" (func (result u32)))))
      (core func $say (canon lower (func $out "say-it")))
      (core func $base (canon lower (func $core "base")))
      (core func $speak (canon lower (func $other "speak")))
      (core module $m
        (import "" "say" (func $say (param i32 i32) (result i32)))
        (import "" "base" (func $base (result i32)))
        (import "" "speak" (func $speak (result i32)))
        (memory (export "memory") 2)
        (data (i32.const 16) "first")
        (func (export "run") (result i32)
          (i32.add
            (i32.mul (i32.const 10)
              (call $say (i32.add (call $base) (i32.const 16)) (i32.const 5)))
            (call $speak))))
      (core instance $i (instantiate $m
        (with "" (instance
          (export "say" (func $say)) (export "base" (func $base))
          (export "speak" (func $speak))))))
      (func (export "run") (result u32) (canon lift (core func $i "run"))))"#;
    Input { name: "root".into(), bytes: text.into() }
}

fn core(interface: &str) -> CoreImports {
    CoreImports { interface: interface.into(), module: "env".into() }
}

fn options(memory: MemoryPlan) -> Options {
    Options {
        emit: Emit::Module,
        memory,
        capacity: 4 << 16,
        core_imports: vec![core("demo:host/out")],
        only_core_imports: true,
        ..Options::default()
    }
}

/// What the host was told, and what it was called with.
#[derive(Default)]
struct Heard {
    texts: Vec<String>,
    exits: Vec<i32>,
}

/// A module with a host: `say_it` reads the module's memory, and returns how often it was called.
struct Live {
    store: Store<Heard>,
    instance: Instance,
}

impl Live {
    fn new(fused: &Fused, multi_memory: bool) -> Live {
        let mut config = Config::new();
        config.wasm_multi_memory(multi_memory).wasm_component_model(false);
        let engine = Engine::new(&config).expect("is a valid configuration");
        let module = Module::new(&engine, &fused.bytes).expect("is valid");
        let mut linker: Linker<Heard> = Linker::new(&engine);
        let say = |mut caller: Caller<'_, Heard>, at: i32, length: i32| {
            let memory = caller.get_export("memory").and_then(wasmtime::Extern::into_memory);
            let mut bytes = vec![0; length as usize];
            memory.expect("is exported").read(&caller, at as usize, &mut bytes).expect("is inside");
            caller.data_mut().texts.push(String::from_utf8(bytes).expect("is a text"));
            caller.data().texts.len() as i32
        };
        let exit = |mut caller: Caller<'_, Heard>, code: i32| -> wasmtime::Result<()> {
            caller.data_mut().exits.push(code);
            wasmtime::bail!("exit")
        };
        linker.func_wrap("env", "say_it", say).expect("is new");
        linker.func_wrap("env", "quit", exit).expect("is new");
        let mut store = Store::new(&engine, Heard::default());
        let instance = linker.instantiate(&mut store, &module).expect("has all imports");
        Live { store, instance }
    }

    fn run(&mut self, name: &str) -> wasmtime::Result<i32> {
        let function = self.instance.get_func(&mut self.store, name).expect("is exported");
        let count = function.ty(&self.store).results().len();
        let mut results = vec![wasmtime::Val::I32(0); count];
        function.call(&mut self.store, &[], &mut results)?;
        Ok(results.first().map_or(0, |value| value.unwrap_i32()))
    }
}

#[test]
fn the_host_reads_what_a_guest_points_at_wherever_its_region_is() {
    let other = speaker("other", "again", SPEAK);
    let fused = fuse(&[root(), other], &options(MemoryPlan::Single)).expect("is fused");
    let bases: Vec<_> = fused.report.memories.iter().map(|memory| memory.base).collect();
    assert!(bases.len() == 2 && bases.contains(&0) && bases.iter().any(|base| *base > 0));
    let mut live = Live::new(&fused, false);
    assert_eq!(live.run("run").expect("runs"), 12);
    assert_eq!(live.store.data().texts, ["first", "again"]);
}

#[test]
fn with_a_memory_for_each_guest_that_of_who_calls_is_exported_and_begins_at_0() {
    let exports = r#"(func (export "run") (result u32) (canon lift (core func $i "speak")))"#;
    let fused = fuse(&[speaker("one", "alone", exports)], &options(MemoryPlan::Multi));
    let mut live = Live::new(&fused.expect("is fused"), true);
    assert_eq!(live.run("run").expect("runs"), 1);
    assert_eq!(live.store.data().texts, ["alone"]);

    let inputs = [root(), speaker("other", "again", SPEAK)];
    let error = fuse(&inputs, &options(MemoryPlan::Multi)).expect_err("the host knows one memory");
    assert_eq!(error.code(), Code::CoreImport);
    assert!(
        error.message().contains("`root` and `other`")
            || error.message().contains("`other` and `root`"),
        "{error}"
    );
}

#[test]
fn functions_of_one_name_and_type_are_one_core_import() {
    let fused = fuse(&[root(), speaker("other", "again", SPEAK)], &options(MemoryPlan::Single));
    let module = fused.expect("is fused").bytes;
    let engine = Engine::default();
    let module = Module::new(&engine, module).expect("is valid");
    let imports: Vec<_> = module.imports().map(|it| (it.module(), it.name())).collect();
    assert_eq!(imports, [("env", "say_it")]);
}

/// A component that imports functions of an interface and calls them all.
fn caller(functions: &str, results: &[&str]) -> Input {
    let mut text = format!("(component (import \"demo:host/odd\" (instance $odd {functions}))");
    for (i, name) in results.iter().enumerate() {
        let _ = write!(text, "(core func $f{i} (canon lower (func $odd \"{name}\")))");
    }
    text += "(core module $m";
    for i in 0..results.len() {
        let _ = write!(text, "(import \"\" \"f{i}\" (func $f{i}))");
    }
    text += "(func (export \"run\")";
    for i in 0..results.len() {
        let _ = write!(text, "(call $f{i})");
    }
    text += ")) (core instance $i (instantiate $m (with \"\" (instance";
    for i in 0..results.len() {
        let _ = write!(text, "(export \"f{i}\" (func $f{i}))");
    }
    text += ")))) (func (export \"run\") (canon lift (core func $i \"run\"))))";
    Input { name: "caller".into(), bytes: text.into() }
}

#[test]
fn all_functions_that_cannot_be_core_imports_are_named() {
    let functions = r#"
        (export "text" (func (param "it" string)))
        (export "small" (func (result u8)))
        (export "fine" (func (param "it" f64) (result s64)))
        (export "lists" (func (result (list u32))))"#;
    let options =
        Options { core_imports: vec![core("demo:host/odd")], ..options(MemoryPlan::Multi) };
    let error = fuse(&[caller(functions, &[])], &options).expect_err("they are no numbers");
    assert_eq!(error.code(), Code::CoreImport);
    let said = error.to_string();
    for name in ["text", "small", "lists"] {
        assert!(said.contains(&format!("`{name}` of `demo:host/odd`")), "{said}");
    }
    assert!(!said.contains("`fine`"), "{said}");
}

#[test]
fn whatever_else_would_be_imported_is_refused_all_at_once() {
    let functions = r#"(export "a" (func)) (export "b" (func)) (export "unused" (func))"#;
    let input = caller(functions, &["a", "b"]);
    let error = fuse(std::slice::from_ref(&input), &options(MemoryPlan::Multi));
    let error = error.expect_err("they are not core imports");
    assert_eq!(error.code(), Code::LeftOpen);
    let said = error.to_string();
    assert!(said.contains("`demo:host/odd#a`, of `(root)`"), "{said}");
    assert!(said.contains("`demo:host/odd#b`, of `(root)`"), "{said}");
    assert!(!said.contains("unused"), "{said}");
    // Without the option they are imported as ever.
    let open = Options { only_core_imports: false, ..options(MemoryPlan::Multi) };
    let fused = fuse(&[input], &open).expect("is fused");
    assert_eq!(fused.report.boundary.len(), 3);
}

#[test]
fn a_component_has_no_core_imports_and_no_start() {
    let input = speaker("one", "alone", SPEAK);
    for options in [
        Options { core_imports: vec![core("demo:host/out")], ..Options::default() },
        Options { only_core_imports: true, ..Options::default() },
        Options { start: Some(command("run", None)), ..Options::default() },
    ] {
        let error = fuse(std::slice::from_ref(&input), &options).expect_err("is no module");
        assert_eq!(error.code(), Code::CoreImport);
    }
    // There the intrinsic is an import as any other.
    let fused = fuse(&[input], &Options::default()).expect("is fused");
    assert!(fused.report.boundary.iter().any(|item| item.function == "base"));
}

fn command(export: &str, exit: Option<&str>) -> Start {
    let exit = exit.map(|name| CoreName { module: "env".into(), name: name.into() });
    Start { export: export.into(), exit, if_exported: false }
}

/// A command whose start function sets what it returns; `post-return` counts.
fn returning(value: i32, lift: &str) -> Input {
    let text = format!(
        r#"(component
          (core module $m
            (global $outcome (mut i32) (i32.const 7))
            (global $released (export "released") (mut i32) (i32.const 0))
            (func $start (global.set $outcome (i32.const {value})))
            (start $start)
            (func (export "run") (result i32) (global.get $outcome))
            (func (export "quiet"))
            (func (export "released-run") (result i32) (global.get $released))
            (func (export "post") (param i32)
              (global.set $released (i32.add (i32.const 10) (local.get 0)))))
          (core instance $i (instantiate $m))
          (func $run {lift})
          (instance $e (export "run" (func $run)))
          (export "demo:tool/run@2.1.0" (instance $e))
          (func (export "released") (result u32) (canon lift (core func $i "released-run"))))"#
    );
    Input { name: "command".into(), bytes: text.into() }
}

const FALLIBLE: &str =
    r#"(result (result)) (canon lift (core func $i "run") (post-return (func $i "post")))"#;

#[test]
fn a_command_starts_its_instances_runs_and_says_how_it_ended() {
    let run = |value, lift, exit| {
        let start = Some(command("demo:tool/run#run", exit));
        let options = Options { start, ..options(MemoryPlan::Single) };
        let fused = fuse(&[returning(value, lift)], &options).expect("is fused");
        let mut live = Live::new(&fused, false);
        assert!(live.instance.get_func(&mut live.store, "demo:tool/run@2.1.0#run").is_none());
        let outcome = live.run("_start").map_err(|error| error.downcast::<Trap>().ok());
        let released = live.run("released").expect("is exported, too");
        (outcome, released, live.store.data().exits.clone())
    };
    assert_eq!(run(0, FALLIBLE, Some("quit")), (Ok(0), 10, vec![]));
    assert_eq!(run(1, FALLIBLE, Some("quit")), (Err(None), 11, vec![1]));
    let unreachable = Err(Some(Trap::UnreachableCodeReached));
    assert_eq!(run(1, FALLIBLE, None), (unreachable, 11, vec![]));
    // No case of a result.
    assert_eq!(run(2, FALLIBLE, Some("quit")), (unreachable, 0, vec![]));
    let quiet = r#"(canon lift (core func $i "quiet"))"#;
    assert_eq!(run(1, quiet, Some("quit")), (Ok(0), 0, vec![]));
}

#[test]
fn what_is_started_is_an_exported_function_without_parameters() {
    let refused = |export: &str, lift: &str| {
        let options = Options { start: Some(command(export, None)), ..options(MemoryPlan::Single) };
        let error = fuse(&[returning(0, lift)], &options).expect_err("cannot be run");
        assert_eq!(error.code(), Code::CoreImport);
        error.message().to_string()
    };
    assert!(refused("demo:tool/run@2.0.0#run", FALLIBLE).contains("exports no function"));
    assert!(refused("run", FALLIBLE).contains("exports no function"));
    assert!(refused("released", FALLIBLE).contains("returns more"));
    let with = r#"(param "it" s32) (canon lift (core func $i "post"))"#;
    assert!(refused("demo:tool/run#run", with).contains("has parameters"));
}

#[test]
fn where_nothing_has_to_be_run_the_module_is_initialized() {
    let start = Start { if_exported: true, ..command("wasi:cli/run#run", None) };
    let options = Options { start: Some(start), ..options(MemoryPlan::Single) };
    let exports = r#"(func (export "run") (result u32) (canon lift (core func $i "speak")))"#;
    let fused = fuse(&[speaker("one", "alone", exports)], &options).expect("is fused");
    let mut live = Live::new(&fused, false);
    assert!(live.instance.get_func(&mut live.store, "_start").is_none());
    assert_eq!(live.run("run").expect("runs"), 1);
}
