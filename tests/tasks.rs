//! Tasks that the module keeps do what tasks of the engine do in compositions.
//!
//! Random programs ([`wasm_fuser_testing::tasks`]) run as they are and fused, in all forms. What each task
//! by itself has seen is the same; where one goes on after the host has its result, one run may be further
//! than the other.
//!
//! `TASK_CASES` is the number of programs, and `TASK_SEED` the first of them. A failure says both, and the
//! program.

use std::collections::BTreeMap;
use std::env;

use anyhow::{Context, Result, anyhow, bail, ensure};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Code, fuse};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, ResourceLimiter, Store};

use wasm_fuser_testing::contents::Contents;
use wasm_fuser_testing::host::{block_on, engine};
use wasm_fuser_testing::programs::Program as Composition;
use wasm_fuser_testing::script::{self, Outcome, Step as Directive};
use wasm_fuser_testing::tasks::{Func, Instance, Kind, Program, Step};

/// What a composition is fused to.
const FORMS: [(Emit, MemoryPlan); 3] = [
    (Emit::Component, MemoryPlan::Multi),
    (Emit::Component, MemoryPlan::Split),
    (Emit::Flat, MemoryPlan::Multi),
];

/// Numbers that look random: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// A program. A function calls those of instances before its own: with `async` what does not wait on its
/// stack.
fn program(random: &mut Random) -> Program {
    let mut instances: Vec<Instance> = Vec::new();
    let count = 2 + random.below(3);
    for index in 0..count {
        let last = index + 1 == count;
        let funcs = 1 + random.below(3);
        let funcs = (0..funcs).map(|_| {
            let kind = match random.below(6) {
                0 => Kind::Plain,
                1 | 2 => Kind::Waiting,
                _ if last && random.below(2) == 0 => Kind::Waiting,
                _ => Kind::Callback,
            };
            // In the engine, who starts or cancels others lets its own caller go on, and has its instance to
            // itself meanwhile. So what is seen of a cancellation is certain where nobody does either.
            let sleeps = kind == Kind::Callback && index == 0 && random.below(3) == 0;
            let steps = match sleeps {
                true => vec![Step::Sleep, Step::Return, Step::Poll],
                false => {
                    let steps = 1 + random.below(6);
                    (0..steps).filter_map(|_| step(random, &instances, kind)).collect()
                }
            };
            Func { kind, steps, obeys: random.below(2) == 0 }
        });
        let funcs = funcs.collect();
        instances.push(Instance { funcs });
    }
    Program { instances }
}

fn step(random: &mut Random, before: &[Instance], kind: Kind) -> Option<Step> {
    let target = |random: &mut Random, allowed: &dyn Fn(&Func) -> bool| {
        let all = before.iter().enumerate().flat_map(|(instance, it)| {
            let funcs = it.funcs.iter().enumerate();
            funcs.map(move |(func, it)| (instance, func, it))
        });
        let all: Vec<_> = all.filter(|(.., it)| allowed(it)).collect();
        (!all.is_empty()).then(|| {
            let (instance, func, _) = all[random.below(all.len())];
            (instance, func)
        })
    };
    let startable = |callee: &Func| match kind {
        // It does not wait for what it starts. To the engine, a call with `async` has not returned yet if
        // the callee made such calls of its own.
        Kind::Plain => {
            let starts = |step: &Step| matches!(step, Step::Start { .. } | Step::Gate { .. });
            callee.kind == Kind::Plain && !callee.steps.iter().any(starts)
        }
        _ => callee.kind != Kind::Waiting && !callee.sleeps(),
    };
    let cancellable = |callee: &Func| callee.sleeps();
    Some(match random.below(10) {
        0..=3 => {
            let (instance, func) = target(random, &startable)?;
            Step::Start { instance, func }
        }
        4 if kind == Kind::Waiting => {
            let (instance, func) = target(random, &|callee| !callee.sleeps())?;
            Step::Call { instance, func }
        }
        5 if kind != Kind::Plain => {
            let (instance, func) = target(random, &cancellable)?;
            match random.below(2) {
                0 => Step::Cancel { instance, func },
                _ => Step::Drop { instance, func },
            }
        }
        6 if kind != Kind::Plain && random.below(3) == 0 => {
            // The first instance has those that are cancelled.
            let (instance, func) = target(random, &startable).filter(|(it, _)| *it > 0)?;
            Step::Gate { instance, func }
        }
        7 => Step::Yield,
        8 if random.below(2) == 0 => Step::Return,
        8 => Step::Poll,
        _ => Step::Await,
    })
}

/// The log by tasks.
fn by_task(steps: &[Directive]) -> BTreeMap<u32, Vec<u32>> {
    let mut tasks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for line in steps.iter().flat_map(|step| &step.transcript) {
        let number: u32 = line
            .trim_start_matches("log(U32(")
            .trim_end_matches("))")
            .parse()
            .expect("the log has numbers");
        tasks.entry(number >> 12).or_default().push(number & 4095);
    }
    tasks
}

/// What a program does, and what it does when fused.
enum Compared {
    Same,
    Refused(String),
}

fn compare(program: &Program) -> Result<Compared> {
    let text = program.text();
    let mut script = text.clone();
    let last = &program.instances[program.instances.len() - 1];
    for (round, func) in [0, 0, last.funcs.len() - 1].into_iter().enumerate() {
        if func == 0 || last.funcs[func].kind != Kind::Plain {
            script += &format!("(invoke \"run{func}\" (u32.const {}))\n", round + 1);
        }
    }
    let before = script::run(engine(), &script, true, &mut |bytes, _| Ok(bytes))?;
    for (emit, memory) in FORMS {
        let options = Options { emit, memory, ..Options::default() };
        let mut refused = None;
        let after = script::run(engine(), &script, true, &mut |bytes, _| {
            let input = Input { name: "input".into(), bytes };
            match fuse(&[input], &options) {
                Ok(fused) => Ok(fused.bytes),
                Err(error) => {
                    let text = error.to_string();
                    if error.code() == Code::AsyncNotFused {
                        refused = Some(text.clone());
                    }
                    Err(text)
                }
            }
        })?;
        if let Some(refused) = refused {
            return Ok(Compared::Refused(refused));
        }
        same(&before, &after).with_context(|| format!("{emit:?}, {memory:?}"))?;
    }
    Ok(Compared::Same)
}

fn same(before: &[Directive], after: &[Directive]) -> Result<()> {
    for (before, after) in before.iter().zip(after) {
        match (&before.outcome, &after.outcome) {
            (Ok(Outcome::Trapped(_)), Ok(Outcome::Trapped(_))) => {}
            (Ok(a), Ok(b)) if a == b => {}
            (Err(a), Err(_)) if a.contains("unreachable") => bail!("a program fails: {a}"),
            (a, b) => bail!("line {}: {a:#?}\nbut fused {b:#?}", before.line),
        }
    }
    let (before, after) = (by_task(before), by_task(after));
    for task in before.keys().chain(after.keys()) {
        let empty = Vec::new();
        let a = before.get(task).unwrap_or(&empty);
        let b = after.get(task).unwrap_or(&empty);
        let shared = a.len().min(b.len());
        ensure!(a[..shared] == b[..shared], "task {task:o} sees {a:?}, and fused {b:?}");
    }
    Ok(())
}

fn fused(inputs: &[Input]) -> Result<Vec<u8>> {
    Ok(fuse(inputs, &Options::default()).map_err(|error| anyhow!("{error}"))?.bytes)
}

/// What a composition of guests in Rust says in all forms, as it is and fused to one module.
fn said(composition: &Composition, calls: &str) -> Result<Vec<(String, Vec<Outcome>)>> {
    let mut forms = vec![("as it is".to_string(), composition.composed())];
    for (emit, memory) in FORMS {
        let options = Options { emit, memory, ..Options::default() };
        let fused = fuse(&composition.inputs, &options).map_err(|error| anyhow!("{error}"))?;
        if (emit, memory) == FORMS[0] {
            let contents = Contents::of(&fused.bytes);
            ensure!(contents.is_fused(), "{contents:?}");
        }
        forms.push((format!("{emit:?}, {memory:?}"), fused.bytes));
    }
    let alone = |Input { name, bytes }: &Input| {
        fused(&[Input { name: name.clone(), bytes: bytes.clone() }])
            .map(|bytes| Input { name: name.clone(), bytes })
    };
    let guests = composition.inputs.iter().map(alone).collect::<Result<Vec<_>>>()?;
    forms.push(("of guests that were fused alone".into(), fused(&guests)?));
    let once = Input { name: "once".into(), bytes: forms[1].1.clone() };
    forms.push(("fused twice".into(), fused(&[once])?));
    let mut said = Vec::new();
    for (form, bytes) in forms {
        let script = format!("{}\n{calls}", wasmprinter::print_bytes(&bytes)?);
        let steps = script::run(engine(), &script, true, &mut |bytes, _| Ok(bytes))?;
        let outcomes = steps.into_iter().map(|step| step.outcome.map_err(|error| anyhow!(error)));
        said.push((form.clone(), outcomes.collect::<Result<_>>().context(form)?));
    }
    Ok(said)
}

#[test]
fn guests_in_rust_that_call_one_another_do_the_same_in_one_module() {
    let calls = "(invoke \"run\") (invoke \"wait\" (u32.const 3)) (invoke \"run\")";
    let streams = "(invoke \"run\" (u32.const 5)) (invoke \"run\" (u32.const 64))";
    for (composition, calls) in [
        (Composition::calls(), calls),
        (Composition::tasks(), "(invoke \"run\")"),
        (Composition::streams(), streams),
        (
            Composition::pipeline(),
            "(invoke \"report\" (str.const \"One, two. Two, three\\nthree, three\"))",
        ),
    ] {
        let said = said(&composition, calls).expect("they are fused, and run");
        let (_, expected) = &said[0];
        for (form, outcomes) in &said[1..] {
            assert_eq!(outcomes, expected, "{form}");
        }
    }
}

#[test]
fn a_world_that_is_not_async_runs_where_the_engine_has_no_tasks() {
    let text = include_str!("tasks/plain.wat");
    let script = format!("{text}\n(assert_return (invoke \"run\" (u32.const 21)) (u32.const 42))");
    let composed = script::run(engine(), &script, true, &mut |bytes, _| Ok(bytes));
    assert!(composed.expect("parses").iter().all(|step| step.outcome.is_ok()), "as it is");
    let mut config = Config::new();
    config.concurrency_support(false).wasm_component_model_async(false);
    let without = Engine::new(&config).expect("an engine");
    let bytes = wat::parse_str(text).expect("parses");
    assert!(Component::new(&without, &bytes).is_err(), "the composition needs tasks");
    for (emit, memory) in FORMS {
        let input = Input { name: "plain".into(), bytes: bytes.clone() };
        let fused = fuse(&[input], &Options { emit, memory, ..Options::default() });
        let fused = fused.unwrap_or_else(|error| panic!("{error}")).bytes;
        let component = Component::new(&without, &fused).expect("it needs none");
        let mut store = Store::new(&without, ());
        let linker = Linker::new(&without);
        let instance = linker.instantiate(&mut store, &component).expect("it is instantiated");
        let run = instance.get_typed_func::<(u32,), (u32,)>(&mut store, "run").expect("is there");
        let leave = instance.get_typed_func::<(u32,), ()>(&mut store, "leave").expect("is there");
        let done = instance.get_typed_func::<(), (u32,)>(&mut store, "done").expect("is there");
        assert_eq!(run.call(&mut store, (21,)).expect("returns"), (42,));
        for n in [1, 2, 3] {
            leave.call(&mut store, (n,)).expect("returns");
            // What is left goes on at the next call, before it.
            assert_eq!(done.call(&mut store, ()).expect("returns"), (n * (n + 1) / 2,));
        }
    }
}

/// A composition of which one function makes so many calls.
const COST: &str = include_str!("cases/tasks/cost.wat");

#[test]
fn a_million_calls_leave_nothing_behind() {
    let input = Input { name: "cost".into(), bytes: COST.into() };
    let fused = fuse(&[input], &Options::default()).expect("it is fused").bytes;
    let component = Component::new(engine(), &fused).expect("it is valid");
    let mut store = Store::new(engine(), Memories::default());
    store.limiter(|memories| memories);
    let linker = Linker::new(engine());
    let instance = block_on(linker.instantiate_async(&mut store, &component));
    let instance = instance.expect("ends").expect("it is instantiated");
    let mut call = |name: &str, calls: u32| {
        let func = instance.get_typed_func::<(u32,), ()>(&mut store, name).expect("is there");
        block_on(func.call_async(&mut store, (calls,))).expect("ends").expect("returns");
        store.data().grown
    };
    for name in ["async-now", "async-later", "sync-now", "sync-later"] {
        let first = call(name, 100);
        assert!(first > 0, "memories are counted");
        assert_eq!(call(name, 250_000), first, "{name}");
    }
}

/// How much memories and tables have grown.
#[derive(Default)]
struct Memories {
    grown: usize,
}

impl ResourceLimiter for Memories {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.grown += desired - current;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        most: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.memory_growing(current, desired, most)
    }
}

#[test]
fn random_programs_of_tasks_do_the_same_when_fused() {
    let number = |name: &str, default: u64| match env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("`{name}` is a number")),
        Err(_) => default,
    };
    let (cases, seed) = (number("TASK_CASES", 60), number("TASK_SEED", 1));
    let mut refused = Vec::new();
    for case in seed..seed + cases {
        let program = program(&mut Random(case));
        match compare(&program) {
            Ok(Compared::Same) => {}
            Ok(Compared::Refused(why)) => refused.push(why),
            Err(error) => {
                panic!("TASK_SEED={case} TASK_CASES=1: {error:?}\n{program:#?}\n{}", program.text())
            }
        }
    }
    println!("{cases} programs, {} refused", refused.len());
    for why in refused.iter().take(3) {
        println!("{why}");
    }
    assert!(refused.len() as u64 * 2 <= cases, "most are refused");
}
