//! A host that calls back: exports are called while an import is served, to any depth.
//!
//! Two guests with a secret each, of different encodings, pass strings, bytes and handles to the host
//! and back. Whenever it is called, the host calls some exports before it answers: which ones, and with
//! what, is drawn from a seed. What the composition does, every fused form does: the host is called
//! with the same, in the same order, and gets the same.
//!
//! `CASES` is how many schedules are tried, `SEED` the first one's seed.

use std::env;

use anyhow::{Result, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceType, Val};
use wasmtime::{AsContextMut, Config, Engine, Store, StoreContextMut};

/// How many schedules, unless `CASES` says otherwise.
const CASES: u64 = 200;

/// A guest: its encoding, its secret.
const GUEST: &str = include_str!("reentrance/guest.wat");
/// Two of them, and one that calls both.
const COMPOSITION: &str = include_str!("reentrance/composition.wat");

/// What the host keeps.
struct Host {
    draw: Draw,
    /// How many more exports it calls.
    budget: u32,
    depth: u32,
    instance: Option<Instance>,
    transcript: Vec<String>,
}

/// Numbers drawn from a seed (SplitMix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % limit
    }

    fn text(&mut self) -> String {
        let letters = ['a', 'b', 'é', 'ß', '語', '😀'];
        let length = [0, 1, 7, 40, 300][self.below(5) as usize];
        (0..length).map(|_| letters[self.below(6) as usize]).collect()
    }
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    // With it, the engine does not let a host call back.
    config.concurrency_support(false);
    Ok(Engine::new(&config)?)
}

/// The interface of the host.
fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker: Linker<Host> = Linker::new(engine);
    let mut host = linker.instance("host")?;
    host.resource("r", ResourceType::host::<()>(), |mut store, rep| {
        store.data_mut().transcript.push(format!("{rep} is dropped"));
        Ok(())
    })?;
    for name in ["text", "bytes", "lend", "give"] {
        host.func_new(name, move |mut store, _, args, results| {
            let (shown, rep) = taken(&mut store, args)?;
            store.data_mut().transcript.push(format!("host {name}({shown})"));
            call_back(&mut store)?;
            results[0] = match args {
                [x, y] => Val::Tuple(vec![y.clone(), x.clone()]),
                [Val::Resource(_)] if name == "lend" => Val::U32(rep),
                // Another one comes back.
                [Val::Resource(_)] => own(&mut store, rep + 1)?,
                other => other[0].clone(),
            };
            store.data_mut().transcript.push(format!("host {name} answers"));
            Ok(())
        })?;
    }
    Ok(linker)
}

fn own(store: &mut StoreContextMut<'_, Host>, rep: u32) -> wasmtime::Result<Val> {
    Ok(Val::Resource(Resource::<()>::new_own(rep).try_into_resource_any(store)?))
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
    let guest = ["a", "v", "both"][host.draw.below(3) as usize];
    let name = ["text", "bytes", "lend", "give", "secret"][host.draw.below(5) as usize];
    let (x, y) = (host.draw.text(), host.draw.text());
    let rep = host.draw.below(1000) as u32;
    let instance = host.instance.expect("it calls when it is called");
    let args = match name {
        "text" => vec![Val::String(x), Val::String(y)],
        "bytes" => vec![Val::List(x.bytes().map(Val::U8).collect())],
        "lend" | "give" => vec![own(store, rep)?],
        _ => Vec::new(),
    };
    store.data_mut().transcript.push(match &args[..] {
        [Val::Resource(_)] => format!("{guest} {name}(own {rep})"),
        args => format!("{guest} {name}({args:?})"),
    });
    let index = instance.get_export_index(&mut *store, None, guest);
    let index = instance.get_export_index(&mut *store, index.as_ref(), name);
    let func = index.and_then(|index| instance.get_func(&mut *store, index));
    let func = func.expect("guests export all of these");
    let mut results = [Val::Bool(false)];
    func.call(&mut *store, &args, &mut results)?;
    let (returned, _) = taken(store, &results)?;
    store.data_mut().transcript.push(format!("{guest} {name} = {returned}"));
    match &args[..] {
        [Val::Resource(lent)] if name == "lend" => lent.resource_drop(&mut *store),
        _ => Ok(()),
    }
}

/// Values as text. A handle among them is the host's from then on: what it stands for is returned.
fn taken(store: &mut StoreContextMut<'_, Host>, values: &[Val]) -> wasmtime::Result<(String, u32)> {
    let [Val::Resource(handle)] = values else { return Ok((format!("{values:?}"), 0)) };
    let handle = handle.try_into_resource::<()>(store)?;
    let kind = if handle.owned() { "own" } else { "borrow" };
    Ok((format!("{kind} {}", handle.rep()), handle.rep()))
}

/// What a form does, given a seed.
fn run(engine: &Engine, component: &Component, seed: u64) -> Result<Vec<String>> {
    let host =
        Host { draw: Draw(seed), budget: 24, depth: 0, instance: None, transcript: Vec::new() };
    let mut store = Store::new(engine, host);
    let instance = linker(engine)?.instantiate(&mut store, component)?;
    store.data_mut().instance = Some(instance);
    let mut outcome = Ok(());
    while outcome.is_ok() && store.data().budget > 0 {
        store.data_mut().budget -= 1;
        outcome = call_export(&mut store.as_context_mut());
    }
    let mut transcript = store.into_data().transcript;
    if outcome.is_err() {
        transcript.push("it traps".into());
    }
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

#[test]
fn a_host_that_calls_back_gets_what_it_gets_of_the_composition() -> Result<()> {
    let number = |name: &str| env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let (first, cases) = (number("SEED").unwrap_or(1), number("CASES").unwrap_or(CASES));
    let engine = engine()?;
    let bytes = composition();
    let composed = Component::new(&engine, &bytes)?;
    let mut forms = Vec::new();
    for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
        for emit in [Emit::Component, Emit::Flat] {
            for share_handles in [false, true] {
                let input = Input { name: "composition".into(), bytes: bytes.clone() };
                let options = Options { memory, emit, share_handles, ..Options::default() };
                let fused = fuse(&[input], &options).map_err(|error| anyhow::anyhow!("{error}"))?;
                let name = format!("{memory:?} {emit:?} {share_handles}");
                forms.push((name, Component::new(&engine, fused.bytes)?));
            }
        }
    }
    let (mut deep, mut trapped) = (0, 0);
    for seed in first..first + cases {
        let expected = run(&engine, &composed, seed)?;
        deep += usize::from(
            expected
                .windows(2)
                .any(|pair| pair[0].starts_with("host") && !pair[1].starts_with("host")),
        );
        trapped += usize::from(expected.iter().any(|line| line == "it traps"));
        for (name, component) in &forms {
            let found = run(&engine, component, seed)?;
            ensure!(
                found == expected,
                "SEED={seed} CASES=1, {name}:\n{}\ncomposed:\n{}",
                found.join("\n"),
                expected.join("\n"),
            );
        }
    }
    println!("{cases} schedules, of which {deep} call back and {trapped} trap");
    ensure!(deep > 0 && trapped == 0, "hosts call back, and nothing traps");
    Ok(())
}
