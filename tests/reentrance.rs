//! A host that calls back: exports are called while an import is served, to any depth.
//!
//! Two guests with a secret each, of different encodings, pass strings, bytes and handles to the host
//! and back. Whenever it is called, the host calls some exports before it answers: which ones, and with
//! what, is drawn from a seed. What the composition does, every fused form does, also when it has been
//! fused twice, and also where the host is the embedder of a core module: the host is called with the
//! same, in the same order, and gets the same.
//!
//! `CASES` is how many schedules are tried, `SEED` the first one's seed. `web/test/reentrance.test.mjs`
//! does the same in JavaScript.

use anyhow::{Result, anyhow, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser_testing::draw::{Draw, seeds};
use wasmtime::{AsContextMut, Config, Engine, Store, StoreContextMut};

use self::component::Form;

#[path = "reentrance/component.rs"]
mod component;
#[path = "reentrance/embedder.rs"]
mod embedder;

/// How many schedules, unless `CASES` says otherwise.
const CASES: u64 = 200;

/// A guest: its encoding, its secret.
const GUEST: &str = include_str!("reentrance/guest.wat");
/// Two of them, and one that calls both.
const COMPOSITION: &str = include_str!("reentrance/composition.wat");

/// What functions take and give.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Pair(String, String),
    Number(u32),
    /// A handle, by what it stands for.
    Own(u32),
    Borrow(u32),
}

/// What is running.
#[derive(Clone)]
enum Program {
    Component(wasmtime::component::Instance),
    Module(embedder::Module),
}

/// What the host keeps.
struct Host {
    draw: Draw,
    /// How many more exports it calls.
    budget: u32,
    depth: u32,
    program: Option<Program>,
    /// The handles of a module, for which nobody else keeps them.
    handles: embedder::Handles,
    transcript: Vec<String>,
}

/// A string, of characters of all lengths.
fn text(draw: &mut Draw) -> String {
    let length = draw.one_of(&[0, 1, 7, 40, 300]);
    (0..length).map(|_| draw.one_of(&['a', 'b', 'é', 'ß', '語', '😀'])).collect()
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    // With it, the engine does not let a host call back.
    config.concurrency_support(false);
    Ok(Engine::new(&config)?)
}

/// What the host does when it is called.
fn serve(
    store: &mut StoreContextMut<'_, Host>,
    name: &str,
    args: Vec<Value>,
) -> wasmtime::Result<Value> {
    store.data_mut().transcript.push(format!("host {name}({args:?})"));
    call_back(store)?;
    let answer = match &args[..] {
        [Value::Text(x), Value::Text(y)] => Value::Pair(y.clone(), x.clone()),
        [Value::Borrow(rep)] => Value::Number(*rep),
        // Another one comes back.
        [Value::Own(rep)] => Value::Own(rep + 1),
        other => other[0].clone(),
    };
    store.data_mut().transcript.push(format!("host {name} answers"));
    Ok(answer)
}

/// Calls some exports.
fn call_back(store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<()> {
    let host = store.data_mut();
    if host.depth >= 6 {
        return Ok(());
    }
    let calls = host.draw.below(3);
    host.depth += 1;
    for _ in 0..calls {
        let host = store.data_mut();
        if host.budget == 0 {
            break;
        }
        host.budget -= 1;
        call_export(store)?;
    }
    store.data_mut().depth -= 1;
    Ok(())
}

/// Calls an export, and writes down what comes back.
fn call_export(store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<()> {
    let host = store.data_mut();
    let guest = host.draw.one_of(&["a", "v", "both"]);
    let name = host.draw.one_of(&["text", "bytes", "lend", "give", "secret"]);
    let (x, y) = (text(&mut host.draw), text(&mut host.draw));
    let rep = host.draw.below(1000) as u32;
    let args = match name {
        "text" => vec![Value::Text(x), Value::Text(y)],
        "bytes" => vec![Value::Bytes(x.into_bytes())],
        "lend" => vec![Value::Borrow(rep)],
        "give" => vec![Value::Own(rep)],
        _ => Vec::new(),
    };
    host.transcript.push(format!("{guest} {name}({args:?})"));
    let program = host.program.clone().expect("it calls when it is called");
    let returned = match program {
        Program::Component(instance) => component::call(store, instance, guest, name, &args)?,
        Program::Module(module) => module.call(store, guest, name, &args)?,
    };
    store.data_mut().transcript.push(format!("{guest} {name} = {returned:?}"));
    Ok(())
}

/// What a form does, given a seed.
fn run(engine: &Engine, form: &Form, seed: u64) -> Result<Vec<String>> {
    let host = Host {
        draw: Draw(seed),
        budget: 24,
        depth: 0,
        program: None,
        handles: embedder::Handles::default(),
        transcript: Vec::new(),
    };
    let mut store = Store::new(engine, host);
    let program = match form {
        Form::Component(component) => component::instantiate(&mut store, component)?,
        Form::Module(module) => module.instantiate(&mut store)?,
    };
    store.data_mut().program = Some(program);
    let mut outcome = Ok(());
    while outcome.is_ok() && store.data().budget > 0 {
        store.data_mut().budget -= 1;
        outcome = call_export(&mut store.as_context_mut());
    }
    let host = store.into_data();
    let mut transcript = host.transcript;
    if outcome.is_err() {
        transcript.push("it traps".into());
    }
    ensure!(host.handles.is_empty() || outcome.is_err(), "SEED={seed}: handles are left");
    Ok(transcript)
}

fn composition() -> Vec<u8> {
    let guest = |encoding: &str, secret: &str| {
        GUEST.replace("ENCODING", encoding).replace("SECRET", secret)
    };
    let text = COMPOSITION
        .replace("GUEST-A", &guest("utf16", "the secret of a"))
        .replace("GUEST-V", &guest("utf8", "the secret of v"));
    wat::parse_str(text).expect("is a component")
}

/// Every fused form, with its name.
fn forms(engine: &Engine, composition: &[u8]) -> Result<Vec<(String, Form)>> {
    let mut forms = Vec::new();
    let fused = |bytes: &[u8], options: &Options| {
        let input = Input { name: "composition".into(), bytes: bytes.into() };
        fuse(&[input], options).map_err(|error| anyhow!("{error}"))
    };
    for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
        for share_handles in [false, true] {
            let options = Options { memory, share_handles, ..Options::default() };
            let name = |emit: &str| format!("{memory:?} {emit} sharing={share_handles}");
            let once = fused(composition, &options)?.bytes;
            let twice = fused(&once, &options)?.bytes;
            let flat = fused(composition, &Options { emit: Emit::Flat, ..options.clone() })?.bytes;
            for (emit, bytes) in [("component", once), ("twice", twice), ("flat", flat)] {
                forms.push((name(emit), Form::component(engine, &bytes)?));
            }
            if memory != MemoryPlan::Split {
                let module = fused(composition, &Options { emit: Emit::Module, ..options })?;
                forms.push((name("module"), Form::module(engine, &module)?));
            }
        }
    }
    Ok(forms)
}

#[test]
fn a_host_that_calls_back_gets_what_it_gets_of_the_composition() -> Result<()> {
    let engine = engine()?;
    let bytes = composition();
    let composed = Form::component(&engine, &bytes)?;
    let forms = forms(&engine, &bytes)?;
    let (mut deep, mut trapped) = (0, 0);
    let seeds = seeds(CASES);
    let cases = seeds.end - seeds.start;
    for seed in seeds {
        let expected = run(&engine, &composed, seed)?;
        deep += usize::from(
            expected
                .windows(2)
                .any(|pair| pair[0].starts_with("host") && !pair[1].starts_with("host")),
        );
        trapped += usize::from(expected.iter().any(|line| line == "it traps"));
        for (name, form) in &forms {
            let found = run(&engine, form, seed)?;
            ensure!(
                found == expected,
                "SEED={seed} CASES=1, {name}:\n{}\ncomposed:\n{}",
                found.join("\n"),
                expected.join("\n"),
            );
        }
    }
    println!(
        "{cases} schedules in {} forms, of which {deep} call back and {trapped} trap",
        forms.len()
    );
    ensure!(deep > 0 && trapped == 0, "hosts call back, and nothing traps");
    Ok(())
}
