//! Programs on preview 1 against engines: what a program prints, how it ends and what it leaves in its folder is
//! what the component does under wasmtime, in every engine.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use wasm_fuser::fuse;
use wasm_fuser::options::{Input, Options};
use wasm_fuser::targets::Target;
use wasm_fuser_testing::guests::provider;
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::{self, Folder, Output, Surroundings, run_preview1, run_with};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, Module};

#[path = "engines.rs"]
pub mod engines;

/// What the target for any engine takes.
pub fn options() -> Options {
    Target::named("wasip1").expect("is a target").options()
}

/// A program on preview 1.
pub fn on_preview1(mut inputs: Vec<Input>, options: &Options) -> Vec<u8> {
    inputs.push(provider());
    fuse(&inputs, options).unwrap_or_else(|error| panic!("{error}")).bytes
}

/// What a run did: what it printed, how it ended, and what is in its folder then.
#[derive(Debug, PartialEq, Eq)]
pub struct Effect {
    stdout: String,
    code: i32,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What a run does, in a folder of its own.
pub fn effect(given: &Surroundings<'_>, run: impl FnOnce(&Surroundings<'_>) -> Output) -> Effect {
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
pub fn plain() -> Engine {
    let mut config = Config::new();
    config.wasm_multi_memory(false).wasm_extended_const(false).wasm_component_model(false);
    Engine::new(&config).expect("is a valid configuration")
}

/// A program in wasmtime and the engines that are asked for, with several arguments each.
pub fn holds<'e>(
    program: &Program,
    engines: impl IntoIterator<Item = &'e engines::Engine>,
    runs: &[Surroundings<'_>],
) {
    let composed = match &program.inputs[..] {
        [alone] => alone.bytes.clone(),
        _ => program.composed(),
    };
    let component = Component::new(run::engine(), composed).expect("is valid");
    let fused = |options: Options| {
        let options = Options { wires: program.wires.clone(), ..options };
        on_preview1(program.inputs.clone(), &options)
    };
    let module = Module::new(&plain(), fused(options())).expect("is valid");
    let prepare = |engine: &engines::Engine| {
        let target = Target::named(engine.target).expect("is a target");
        let folder = Folder::with(&[("module.wasm", &fused(target.options()))]);
        let prepared = engine.prepare(&folder.path().join("module.wasm"));
        (engine.name, folder, prepared)
    };
    let programs: Vec<_> = engines.into_iter().map(prepare).collect();
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
