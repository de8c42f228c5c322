//! Components on WASI preview 1: one core module, in engines that know no components.
//!
//! A matrix of programs (`wasip1/matrix.rs`) and engines: wasmtime, with the WASI of its crate `wasmtime-wasi`, and
//! those of `wasip1/engines.rs`. Each runs what its target makes. Programs in other languages than Rust are in
//! `polyglot.rs`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use wasm_fuser::options::{DebugInfo, Input, MemoryPlan, Names, Options, Regions};
use wasm_fuser::targets::Target;
use wasm_fuser::{Code, fuse};
use wasm_fuser_testing::contents::without_custom_sections;
use wasm_fuser_testing::guests::{guest, guest_on_preview1, provider};
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::{self, Folder, Surroundings, TRAPPED, run_preview1, run_with};
use wasmtime::component::Component;
use wasmtime::{Engine, Module};

#[path = "wasip1/matrix.rs"]
mod matrix;

use self::matrix::{effect, engines, holds, on_preview1, options, plain};

fn input(name: &str) -> Input {
    Input { name: name.into(), bytes: guest(name) }
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
    let program = Program { inputs: vec![input("kit")], wires: Vec::new() };
    holds(&program, &engines::Engine::ALL, &runs);
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
    holds(&program, &engines::Engine::ALL, &runs);
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
