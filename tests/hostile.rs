//! Hostile guests: whatever a guest does, it does fused what it does composed, and no more.
//!
//! An attacker is made from a seed: functions with an instruction on its memory, or a few steps with what
//! it imports, of numbers that the test chooses at the edges of everything. Beside it is a victim with a
//! secret in its memory and handles that it keeps, which the attacker calls; and a user, which calls the
//! attacker. Its `realloc`, `post-return` and destructor trap, call out, throw, grow the memory, or return
//! any address, as the test says.
//!
//! The oracle is the composition: each call returns the same, or traps as well; the host is called with
//! the same; and digests of all three memories, and of what the handles stand for, stay the same. An
//! instruction on a memory traps for the same reason, too.
//!
//! `CASES` is how many attackers are tried, `SEED` the first one's seed.

use std::env;

use anyhow::{Result, anyhow, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser_testing::draw::{Draw, seeds};
use wasmtime::component::{Component, Instance, InstancePre, Linker, Resource, ResourceType};
use wasmtime::{Config, Engine, Store, Trap};

use self::attacks::{Attack, Numbers, attacker};

#[path = "hostile/attacks.rs"]
mod attacks;

/// How many attackers, unless `CASES` says otherwise.
const CASES: u64 = 4;
/// Functions of an attacker.
const ATTACKS: usize = 48;
/// Calls for each attacker.
const CALLS: usize = 600;

/// What the host keeps.
#[derive(Default)]
struct Host {
    made: u32,
    log: Vec<u32>,
}

/// What the test calls.
#[derive(Clone, Debug)]
struct Call {
    guest: &'static str,
    name: String,
    args: Vec<u32>,
    /// Whether it is about handles that it makes up.
    guesses: bool,
    /// Whether it can only trap where it reaches a memory.
    plain: bool,
}

/// How a call ended, and what the host was told meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// Nothing if it trapped.
    returned: Option<Option<u32>>,
    /// Why it trapped, if that has to be the same.
    trap: Option<Trap>,
    log: Vec<u32>,
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None).wasm_backtrace_max_frames(None);
    config.wasm_exceptions(true).memory_reservation(1 << 24).memory_guard_size(1 << 16);
    Ok(Engine::new(&config)?)
}

fn linked(engine: &Engine, bytes: &[u8]) -> Result<InstancePre<Host>> {
    let mut linker: Linker<Host> = Linker::new(engine);
    let mut host = linker.instance("host")?;
    host.resource("h", ResourceType::host::<u32>(), |mut store, rep| {
        store.data_mut().log.push(rep + 5000);
        Ok(())
    })?;
    host.func_wrap("log", |mut store, (x,): (u32,)| {
        store.data_mut().log.push(x);
        Ok(())
    })?;
    host.func_wrap("make", |mut store, (): ()| {
        store.data_mut().made += 7;
        Ok((Resource::<u32>::new_own(store.data().made),))
    })?;
    host.func_wrap("use", |_, (h,): (Resource<u32>,)| Ok((h.rep() + 3,)))?;
    Ok(linker.instantiate_pre(&Component::new(engine, bytes)?)?)
}

/// The calls that are made, given the attacker.
fn calls(draw: &mut Draw, attacks: &[Attack]) -> Vec<Call> {
    let call = |guest, name: &str, args| Call {
        guest,
        name: name.into(),
        args,
        guesses: false,
        plain: false,
    };
    let mut calls = vec![call("victim", "keep", vec![])];
    while calls.len() < CALLS {
        let numbers = [draw.address(), draw.address(), draw.length()];
        match draw.below(24) {
            0 => calls.push(call("victim", "keep", vec![])),
            1 => calls.push(call("attacker", "digest", vec![])),
            2 => calls.push(call("victim", "digest", vec![])),
            3 => calls.push(call("user", "digest", vec![])),
            4 | 5 => {
                let args = vec![draw.below(8) as u32, numbers[0]];
                calls.push(call("attacker", "set", args));
            }
            6 => calls.push(call("user", "produce", vec![numbers[0], numbers[2], 0])),
            7 => calls.push(call("user", "list", vec![numbers[0], numbers[2], 0])),
            8 => calls.push(call("user", "produce", numbers.to_vec())),
            9 => {
                let args = vec![draw.below(2) as u32, draw.below(6) as u32, numbers[0]];
                calls.push(Call { guesses: true, ..call("user", "fetch", args) });
            }
            10 => calls.push(call("user", "plain", numbers.to_vec())),
            _ => {
                let n = draw.below(attacks.len());
                let Attack { guesses, plain, .. } = attacks[n];
                let mut args = numbers.to_vec();
                if guesses {
                    args[0] = draw.below(9) as u32;
                }
                let attack = call("attacker", &format!("attack{n}"), args);
                calls.push(Call { guesses, plain, ..attack });
            }
        }
    }
    calls
}

/// An instance, and its store.
type Live = (Store<Host>, Instance);

/// What a form does with the calls: an instance that has trapped is replaced.
fn run(engine: &Engine, form: &InstancePre<Host>, calls: &[Call], sharing: bool) -> Vec<Outcome> {
    let mut live: Option<Live> = None;
    let mut outcomes = Vec::new();
    for call in calls.iter().filter(|call| !(sharing && call.guesses)) {
        let outcome = match &mut live {
            Some(live) => made(live, call),
            none => {
                let mut store = Store::new(engine, Host::default());
                match form.instantiate(&mut store) {
                    Ok(instance) => made(none.insert((store, instance)), call),
                    Err(_) => Outcome { returned: None, trap: None, log: store.into_data().log },
                }
            }
        };
        if outcome.returned.is_none() {
            live = None;
        }
        outcomes.push(outcome);
    }
    outcomes
}

fn made((store, instance): &mut Live, call: &Call) -> Outcome {
    use wasmtime::component::Val;
    let index = instance.get_export_index(&mut *store, None, call.guest);
    let index = instance.get_export_index(&mut *store, index.as_ref(), &call.name);
    let func = index.and_then(|index| instance.get_func(&mut *store, index));
    let func = func.unwrap_or_else(|| panic!("{} has no {}", call.guest, call.name));
    let args: Vec<_> = call.args.iter().map(|arg| Val::U32(*arg)).collect();
    let mut results = vec![Val::Bool(false); func.ty(&*store).results().len()];
    let outcome = func.call(&mut *store, &args, &mut results);
    let (returned, trap) = match outcome {
        Ok(()) => match results.first() {
            Some(Val::U32(number)) => (Some(Some(*number)), None),
            _ => (Some(None), None),
        },
        Err(error) => (
            None,
            {
                if env::var("SHOW").is_ok() {
                    println!("{call:?}: {error:?}");
                }
                error
            }
            .downcast_ref::<Trap>()
            .copied()
            .filter(|_| call.plain),
        ),
    };
    Outcome { returned, trap, log: std::mem::take(&mut store.data_mut().log) }
}

/// A form, its name, and whether guests share handles in it.
type Form = (String, InstancePre<Host>, bool);

fn forms(engine: &Engine, bytes: &[u8]) -> Result<Vec<Form>> {
    let mut forms = Vec::new();
    for (memory, emit, share_handles) in [
        (MemoryPlan::Multi, Emit::Component, false),
        (MemoryPlan::Multi, Emit::Component, true),
        (MemoryPlan::Multi, Emit::Flat, false),
        (MemoryPlan::Split, Emit::Component, false),
        (MemoryPlan::Split, Emit::Component, true),
        (MemoryPlan::Single, Emit::Component, false),
        (MemoryPlan::Single, Emit::Component, true),
    ] {
        let options = Options { memory, emit, share_handles, ..Options::default() };
        let input = Input { name: "composition".into(), bytes: bytes.into() };
        let fused = fuse(&[input], &options).map_err(|error| anyhow!("{error}"))?;
        let name = format!("{memory:?} {emit:?} sharing={share_handles}");
        forms.push((name, linked(engine, &fused.bytes)?, share_handles));
    }
    Ok(forms)
}

#[test]
fn a_hostile_guest_does_fused_what_it_does_composed() -> Result<()> {
    let engine = engine()?;
    let (mut made, mut trapped, mut fused) = (0, 0, 0);
    let seeds = seeds(CASES);
    let cases = seeds.end - seeds.start;
    for seed in seeds {
        let mut draw = Draw(seed);
        let (text, attacks, encodings) = attacker(&mut draw, ATTACKS);
        let calls = calls(&mut draw, &attacks);
        let bytes = wat::parse_str(&text).map_err(|error| anyhow!("SEED={seed}: {error}"))?;
        let composed = linked(&engine, &bytes)?;
        for (name, form, sharing) in forms(&engine, &bytes)? {
            let expected = run(&engine, &composed, &calls, sharing);
            let found = run(&engine, &form, &calls, sharing);
            made += found.len();
            trapped += found.iter().filter(|outcome| outcome.returned.is_none()).count();
            fused += 1;
            let mut mode = Vec::new();
            let asked = calls.iter().filter(|call| !(sharing && call.guesses));
            for (call, (expected, found)) in asked.zip(expected.iter().zip(&found)) {
                let body = call.name.strip_prefix("attack").and_then(|n| n.parse::<usize>().ok());
                let body = body.map_or("", |n| &attacks[n].body);
                if call.name == "set" && found.returned.is_some() {
                    mode = call.args.clone();
                }
                ensure!(
                    expected == found,
                    "SEED={seed} CASES=1, {name}: {call:?} {body}, {encodings:?}, set {mode:?}\n{found:?}\n\
                     composed:\n{expected:?}"
                );
                if found.returned.is_none() {
                    mode = Vec::new();
                }
            }
        }
    }
    println!("{cases} attackers, {fused} forms, {made} calls, of which {trapped} trap");
    ensure!(trapped > made / 50 && trapped < made / 4 * 3, "some attacks trap, and some do not");
    Ok(())
}
