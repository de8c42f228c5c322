//! Components on WASI preview 1: one core module, in engines that know no components.
//!
//! A matrix of programs and engines. What a program prints, how it ends and what it leaves in its folder is
//! what the component does under wasmtime, in every engine: in wasmtime, with the
//! WASI of its crate `wasmtime-wasi`, and in those of `wasip1/engines.rs`. Each runs what its target makes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wasm_fuser::options::{DebugInfo, Input, MemoryPlan, Names, Options, Regions};
use wasm_fuser::targets::Target;
use wasm_fuser::{Code, fuse};
use wasm_fuser_testing::contents::without_custom_sections;
use wasm_fuser_testing::guests::{guest, guest_on_preview1, provider};
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::{
    self, Folder, Output, Surroundings, TRAPPED, run_preview1, run_with,
};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, Module};

#[path = "wasip1/engines.rs"]
mod engines;

fn options() -> Options {
    Target::named("wasip1").expect("is a target").options()
}

fn input(name: &str) -> Input {
    Input { name: name.into(), bytes: guest(name) }
}

/// A program on preview 1.
fn on_preview1(mut inputs: Vec<Input>, options: &Options) -> Vec<u8> {
    inputs.push(provider());
    fuse(&inputs, options).unwrap_or_else(|error| panic!("{error}")).bytes
}

/// What a run did: what it printed, how it ended, and what is in its folder then.
#[derive(Debug, PartialEq, Eq)]
struct Effect {
    stdout: String,
    code: i32,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

fn effect(given: &Surroundings<'_>, run: impl FnOnce(&Surroundings<'_>) -> Output) -> Effect {
    let folder = Folder::with(&[("text", b"one two\nthree\n")]);
    let given = Surroundings { folder: Some(folder.path()), ..*given };
    let Output { stdout, code, .. } = run(&given);
    let mut files = BTreeMap::new();
    let mut open = vec![folder.path().to_path_buf()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).expect("is a folder") {
            let path = entry.expect("can be read").path();
            let name = path.strip_prefix(folder.path()).expect("is inside").to_path_buf();
            match path.is_dir() {
                true => {
                    files.insert(name, Vec::new());
                    open.push(path);
                }
                false => {
                    files.insert(name, fs::read(&path).expect("can be read"));
                }
            }
        }
    }
    Effect { stdout, code, files }
}

/// An engine with one memory, and nothing of components.
fn plain() -> Engine {
    let mut config = Config::new();
    config.wasm_multi_memory(false).wasm_extended_const(false).wasm_component_model(false);
    Engine::new(&config).expect("is a valid configuration")
}

/// A program in all engines, with several arguments each.
fn holds(inputs: Vec<Input>, composed: &[u8], runs: &[Surroundings<'_>]) {
    let component = Component::new(run::engine(), composed).expect("is valid");
    let bytes = on_preview1(inputs.clone(), &options());
    let module = Module::new(&plain(), &bytes).expect("is valid");
    let programs = engines::Engine::ALL.map(|engine| {
        let target = Target::named(engine.target).expect("is a target");
        let bytes = on_preview1(inputs.clone(), &target.options());
        let folder = Folder::with(&[("module.wasm", &bytes)]);
        let prepared = engine.prepare(&folder.path().join("module.wasm"));
        (engine.name, folder, prepared)
    });
    for given in runs {
        let wanted = effect(given, |given| run_with(&component, given).expect("runs"));
        let wasmtime = effect(given, |given| run_preview1(&module, given).expect("runs"));
        assert_eq!(wasmtime, wanted, "wasmtime: {:?}", given.args);
        for (name, _, prepared) in &programs {
            let found = effect(given, |given| prepared.run(given));
            assert_eq!(found, wanted, "{name}: {:?}", given.args);
        }
    }
}

#[test]
fn a_program_does_the_same_on_preview_1_in_every_engine() {
    let what = [
        "args",
        "clock",
        "random",
        "files",
        "append",
        "rename",
        "links",
        "directories",
        "many",
        "times",
        "copy",
        "errors",
        "memory",
        "output",
        "exit",
        "fail",
        "panic",
        "abort",
        "net",
        "unknown",
    ];
    let args: Vec<Vec<&str>> = what.iter().map(|what| vec![*what, "more", "ä €", ""]).collect();
    let mut runs: Vec<Surroundings<'_>> =
        args.iter().map(|args| Surroundings { args, ..Surroundings::default() }).collect();
    let long = "a line that is longer than those before\n".repeat(5000);
    let env = [("NAME", "value"), ("EMPTY", ""), ("WITH_EQUALS", "a=b=c"), ("UNICODE", "ß→")];
    runs.push(Surroundings { args: &["env"], env: &env, ..Surroundings::default() });
    for stdin in [&b""[..], b"one\ntwo\n", b"no end of line", long.as_bytes()] {
        for args in [&["stdin"], &["lines"]] {
            runs.push(Surroundings { args, stdin, ..Surroundings::default() });
        }
    }
    holds(vec![input("kit")], &guest("kit"), &runs);
}

#[test]
fn where_the_engine_listens_a_program_accepts_what_connects() {
    for engine in engines::Engine::ALL.iter().filter(|engine| engine.can_listen) {
        let options = Target::named(engine.target).expect("is a target").options();
        let bytes = on_preview1(vec![input("kit")], &options);
        let folder = Folder::with(&[("module.wasm", &bytes)]);
        let program = engine.prepare(&folder.path().join("module.wasm"));
        let told = folder.path().join("port");
        let env = [("WASI_LISTEN", told.to_str().expect("is text"))];
        let given = Surroundings {
            args: &["serve"],
            env: &env,
            folder: Some(folder.path()),
            ..Surroundings::default()
        };
        let (ran, answer) = std::thread::scope(|scope| {
            let ran = scope.spawn(|| program.run(&given));
            let answer = ask(&told, "a line\n");
            (ran.join().expect("does not panic"), answer)
        });
        assert_eq!((ran.code, &*ran.stdout), (0, "\"a line\\n\"\n"), "{}: {ran:?}", engine.name);
        assert_eq!(answer, "A LINE\n", "{}", engine.name);
    }
}

/// Says a line to who listens at the port that a file tells, soon; what it answers.
fn ask(told: &Path, line: &str) -> String {
    let port = (0..600).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        fs::read_to_string(told).ok()?.strip_suffix('\n')?.parse::<u16>().ok()
    });
    let mut stream = TcpStream::connect(("127.0.0.1", port.expect("is told"))).expect("listens");
    stream.write_all(line.as_bytes()).expect("is there");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("is text");
    answer
}

#[test]
fn so_does_a_composition() {
    let program = Program::report();
    let runs = [
        Surroundings { args: &["text"], ..Surroundings::default() },
        Surroundings { args: &["nothing"], ..Surroundings::default() },
    ];
    holds(program.inputs.clone(), &program.composed(), &runs);
}

#[test]
fn a_tool_does_the_same_and_is_half_as_large_again_as_compiled_for_preview_1() {
    let options = Options { names: Names::Drop, debug: DebugInfo::Drop, ..options() };
    let fused = on_preview1(vec![input("words")], &options);
    // Without names, as the other is.
    let compiled = without_custom_sections(&guest_on_preview1("kit", "words"));
    assert!(2 * fused.len() <= 3 * compiled.len(), "{} of {}", fused.len(), compiled.len());
    let [fused, compiled] =
        [fused, compiled].map(|it| Module::new(&plain(), it).expect("is valid"));
    for args in [&["text"][..], &["."], &[], &["nothing"]] {
        let env = [("TOP", "2")];
        let given = Surroundings { args, env: &env, stdin: b"one one", ..Surroundings::default() };
        let [fused, compiled] = [&fused, &compiled]
            .map(|module| effect(&given, |given| run_preview1(module, given).expect("runs")));
        assert_eq!(fused, compiled, "{args:?}");
    }
}

/// The pages that the memory of a module has at first.
fn pages(module: &Module) -> u64 {
    let memory = module.exports().find_map(|export| export.ty().memory().cloned());
    memory.expect("is exported").minimum()
}

#[test]
fn where_memory_is_not_provided_when_it_is_touched_a_module_begins_with_few_pages() {
    for (target, alone, with_another) in [("wasip1", 20, 50), ("wasm3", 20, 50), ("small", 20, 45)]
    {
        let options = Target::named(target).expect("is a target").options();
        let fused = |inputs| on_preview1(inputs, &options);
        let found = [vec![input("kit")], Program::report().inputs]
            .map(|inputs| pages(&Module::new(&plain(), fused(inputs)).expect("is valid")));
        assert!(found[0] <= alone && found[1] <= with_another, "{target}: {found:?}");
    }
}

#[test]
fn for_small_devices_a_module_does_the_same() {
    let options = Target::named("small").expect("is a target").options();
    let program = Program::report();
    for (inputs, composed, runs) in [
        (
            vec![input("kit")],
            guest("kit"),
            &["args", "files", "directories", "many", "copy", "memory", "output", "random"][..],
        ),
        (program.inputs.clone(), program.composed(), &["text"]),
    ] {
        let module = Module::new(&plain(), on_preview1(inputs, &options)).expect("is valid");
        let component = Component::new(run::engine(), composed).expect("is valid");
        for what in runs {
            let given = Surroundings { args: &[what], ..Surroundings::default() };
            let wanted = effect(&given, |given| run_with(&component, given).expect("runs"));
            let found = effect(&given, |given| run_preview1(&module, given).expect("runs"));
            assert_eq!(found, wanted, "{what}");
        }
    }
}

#[test]
fn guests_that_trust_each_other_do_the_same() {
    let program = Program::report();
    let options = Options { regions: Regions::Trusting, ..options() };
    let bytes = on_preview1(program.inputs.clone(), &options);
    let module = Module::new(&plain(), bytes).expect("is valid");
    let component = Component::new(run::engine(), program.composed()).expect("is valid");
    for args in [["text"], ["nothing"]] {
        let given = Surroundings { args: &args, ..Surroundings::default() };
        let wanted = effect(&given, |given| run_with(&component, given).expect("runs"));
        let found = effect(&given, |given| run_preview1(&module, given).expect("runs"));
        assert_eq!(found, wanted, "{args:?}");
    }
}

#[test]
fn with_a_memory_for_each_guest_it_does_the_same_too() {
    let options = Options { memory: MemoryPlan::Multi, ..options() };
    let bytes = on_preview1(vec![input("kit")], &options);
    let module = Module::new(&Engine::default(), &bytes).expect("is valid");
    let component = Component::new(run::engine(), guest("kit")).expect("is valid");
    for args in [["files"], ["copy"], ["many"], ["exit"]] {
        let given = Surroundings { args: &args, ..Surroundings::default() };
        let wanted = effect(&given, |given| run_with(&component, given).expect("runs"));
        let found = effect(&given, |given| run_preview1(&module, given).expect("runs"));
        assert_eq!(found, wanted, "{args:?}");
    }
}

#[test]
fn a_module_imports_nothing_but_what_it_uses_of_preview_1() {
    let bytes = on_preview1(vec![input("kit")], &options());
    let module = Module::new(&plain(), &bytes).expect("is valid");
    assert!(module.imports().all(|import| import.module() == "wasi_snapshot_preview1"));
    let imports = |module: &Module| module.imports().count();
    let exports: Vec<_> = module.exports().map(|export| export.name().to_string()).collect();
    assert_eq!(exports, ["memory", "_start"]);
    // What does less asks for less.
    let program = Program::report();
    let less = Module::new(&plain(), on_preview1(program.inputs, &options())).expect("is valid");
    assert!(imports(&less) < imports(&module), "{} {}", imports(&less), imports(&module));
    // What asks for nothing, for nothing, and needs no provider.
    let program = Program::calculator();
    let mut inputs = program.inputs;
    inputs.push(provider());
    let options = Options { wires: program.wires, ..options() };
    let fused = fuse(&inputs, &options).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(fused.report.warnings, [""; 0]);
    let module = Module::new(&plain(), &fused.bytes).expect("is valid");
    assert!(module.imports().all(|import| import.module() == "wasi_snapshot_preview1"));
    assert!(module.exports().any(|export| export.name() == "cabi_realloc"));
    assert!(module.exports().all(|export| export.name() != "_start"));
}

#[test]
fn what_preview_1_does_not_have_is_refused_with_all_that_asks_for_it() {
    let text = r#"(component
      (import "wasi:nothing/of-this@0.2.0" (instance $i (export "f" (func))))
      (import "demo:host/log" (instance $j (export "g" (func))))
      (core func $f (canon lower (func $i "f")))
      (core func $g (canon lower (func $j "g")))
      (core module $m (import "" "f" (func $f)) (import "" "g" (func $g))
        (func (export "run") (call $f) (call $g)))
      (core instance $c (instantiate $m (with "" (instance
        (export "f" (func $f)) (export "g" (func $g))))))
      (func (export "run") (canon lift (core func $c "run"))))"#;
    let inputs = [Input { name: "app".into(), bytes: text.into() }, provider()];
    let error = fuse(&inputs, &options()).expect_err("nobody has these");
    assert_eq!(error.code(), Code::LeftOpen);
    for name in ["wasi:nothing/of-this@0.2.0#f", "demo:host/log#g"] {
        assert!(error.message().contains(name), "{error}");
    }
}

#[test]
fn another_input_that_exports_what_the_provider_does_comes_first() {
    let exits = r#"(component
      (core module $m (func (export "exit") (param i32) unreachable))
      (core instance $i (instantiate $m))
      (func $exit (param "status" (result)) (canon lift (core func $i "exit")))
      (instance $e (export "exit" (func $exit)))
      (export "wasi:cli/exit@0.2.3" (instance $e)))"#;
    let mine = Input { name: "mine".into(), bytes: exits.into() };
    let bytes = on_preview1(vec![input("kit"), mine], &options());
    let module = Module::new(&plain(), &bytes).expect("is valid");
    let given = Surroundings { args: &["exit"], ..Surroundings::default() };
    assert_eq!(run_preview1(&module, &given).expect("runs").code, TRAPPED);
}
