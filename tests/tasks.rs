//! Tasks that the module keeps do what tasks of the engine do in compositions.
//!
//! Random programs ([`wasm_fuser_testing::tasks`]) run as they are and fused, in all forms. What each task
//! by itself has seen is the same, and what the host is told; where a program traps, it traps in all forms, and one
//! run may be further than the other.
//!
//! `CASES` is the number of programs, and `SEED` the first of them. A failure says both, and the program.

use anyhow::{Context, Result, anyhow, ensure};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Code, fuse};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

use wasm_fuser_testing::contents::Contents;
use wasm_fuser_testing::draw::{Draw, seeds};
use wasm_fuser_testing::growth::Growth;
use wasm_fuser_testing::host::{block_on, engine};
use wasm_fuser_testing::programs::Program as Composition;
use wasm_fuser_testing::script::{self, Outcome};
use wasm_fuser_testing::tasks::run::{Compiled, Outcome as Seen, Running};
use wasm_fuser_testing::tasks::{
    Element, Encoding, Func, Instance, Kind, Program, Shape, Step, Tag, random,
};

/// What a composition is fused to.
const FORMS: [(Emit, MemoryPlan); 3] = [
    (Emit::Component, MemoryPlan::Multi),
    (Emit::Component, MemoryPlan::Split),
    (Emit::Flat, MemoryPlan::Multi),
];

/// Shapes, unless the environment says how many programs.
const SHAPES: u64 = 8;

/// Programs of a shape.
const PROGRAMS: u64 = 250;

/// Programs that an instance runs, one after another.
const TURNS: u64 = 25;

/// A shape as it is, and in all forms.
struct Forms {
    shape: Shape,
    forms: Vec<(String, Compiled)>,
}

impl Forms {
    /// Nothing, if it is refused, for the reason that is said.
    fn of(shape: Shape) -> Result<std::result::Result<Forms, String>> {
        let bytes = wat::parse_str(shape.text())?;
        let mut forms = vec![("as it is".into(), Compiled::new(engine(), &shape, &bytes)?)];
        for (emit, memory) in FORMS.into_iter().chain([(Emit::Component, MemoryPlan::Single)]) {
            let options = Options { emit, memory, ..Options::default() };
            let input = Input { name: "input".into(), bytes: bytes.clone() };
            let fused = match fuse(&[input], &options) {
                Ok(fused) => fused.bytes,
                Err(error) if error.code() == Code::AsyncNotFused => {
                    return Ok(Err(error.to_string()));
                }
                Err(error) => return Err(anyhow!("{error}")),
            };
            let compiled = Compiled::new(engine(), &shape, &fused)?;
            forms.push((format!("{emit:?}, {memory:?}"), compiled));
        }
        Ok(Ok(Forms { shape, forms }))
    }

    /// Runs programs one after another, in an instance of each form.
    fn compare(&self, seeds: std::ops::Range<u64>, counts: &mut Counts) -> Result<()> {
        let mut running: Vec<Running> = Vec::new();
        for seed in seeds {
            if running.is_empty() {
                let started = self.forms.iter().map(|(_, compiled)| compiled.start());
                running = started.collect::<Result<_>>()?;
            }
            let program = random::program(&mut Draw(seed), &self.shape, false);
            let said = || format!("program {seed}: {program:?}");
            let before = running[0].run(&program).with_context(said)?;
            counts.saw(&before);
            for (running, (form, _)) in running.iter_mut().zip(&self.forms).skip(1) {
                let after = running.run(&program).with_context(said)?;
                same(&before, &after).with_context(|| format!("{form}, {}", said()))?;
            }
            if before.trap.is_some() {
                running.clear();
            }
        }
        Ok(())
    }
}

/// What programs have come to.
#[derive(Debug, Default)]
struct Counts {
    programs: u64,
    tasks: u64,
    entries: u64,
    traps: u64,
    /// Calls of the host that have not returned, in programs that have not trapped.
    stuck: u64,
}

impl Counts {
    fn saw(&mut self, outcome: &Seen) {
        self.programs += 1;
        self.tasks += outcome.by_task().len() as u64;
        self.entries += outcome.log.len() as u64;
        self.traps += u64::from(outcome.trap.is_some());
        if outcome.trap.is_none() {
            self.stuck += outcome.returned.iter().filter(|it| it.is_none()).count() as u64;
        }
    }
}

fn same(before: &Seen, after: &Seen) -> Result<()> {
    match (&before.trap, &after.trap) {
        (None, None) => {
            let (a, b) = (&before.returned, &after.returned);
            ensure!(a == b, "the host is told {a:?}, and fused {b:?}");
        }
        (Some(_), Some(_)) => {}
        (a, b) => anyhow::bail!("it traps: {a:?}, and fused: {b:?}"),
    }
    let (a, b) = (before.by_task(), after.by_task());
    let tasks: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
    for task in tasks {
        let none = Vec::new();
        let (a, b) = (a.get(task).unwrap_or(&none), b.get(task).unwrap_or(&none));
        // A trap ends all tasks, wherever they are.
        let shared = a.len().min(b.len());
        let same = if before.trap.is_some() { a[..shared] == b[..shared] } else { a == b };
        ensure!(same, "task {task:x} sees {a:x?}, and fused {b:x?}");
    }
    Ok(())
}

fn programs_do_the_same(streams: bool) {
    let mut counts = Counts::default();
    let mut refused = Vec::new();
    let seeds = seeds(SHAPES * PROGRAMS);
    let mut first = seeds.start;
    while first < seeds.end {
        let number = first / PROGRAMS;
        let end = seeds.end.min((number + 1) * PROGRAMS);
        let shape = random::shape(&mut Draw(number), streams);
        let forms = Forms::of(shape.clone());
        let forms = forms.unwrap_or_else(|error| panic!("{error:?}\n{shape:?}\n{}", shape.text()));
        match forms {
            Err(why) => refused.push(why),
            Ok(forms) => {
                for first in (first..end).step_by(TURNS as usize) {
                    let turns = first..end.min(first + TURNS);
                    let count = turns.end - turns.start;
                    if let Err(error) = forms.compare(turns, &mut counts) {
                        panic!("SEED={first} CASES={count}: {error:?}\n{shape:?}");
                    }
                }
            }
        }
        first = end;
    }
    println!("{counts:?}, and {} shapes are refused", refused.len());
    for why in refused.iter().take(3) {
        println!("{why}");
    }
    assert_eq!(counts.stuck, 0, "all calls return");
    assert!(counts.programs * 2 > seeds.end - seeds.start, "most are fused");
}

/// Instances of which each starts tasks in those before it, cancels some, and sends others streams.
fn busy() -> (Shape, Program) {
    let (callback, reader) = (Kind::Callback, Kind::Reader);
    let instance = |kinds: &[Kind]| Instance {
        kinds: kinds.to_vec(),
        encoding: Encoding::Utf8,
        is_twin: false,
    };
    let instances =
        vec![instance(&[callback, reader]), instance(&[callback, reader]), instance(&[callback])];
    let shape = Shape { instances, element: Some(Element::Text), all_export: false };
    let steps: [&[Step]; 5] = [
        &[Step::Sleep, Step::Return],
        &[Step::Read(3), Step::Yield, Step::Read(4), Step::Leave],
        &[
            Step::Cancel(0),
            Step::Open(1),
            Step::Write(9),
            Step::Drop(0),
            Step::Cancel(0),
            Step::Open(1),
            Step::Write(2),
            Step::Await,
        ],
        &[Step::Pass(1), Step::Return, Step::Cancel(0)],
        &[
            Step::Start(2),
            Step::Start(2),
            Step::Withdraw(2),
            Step::Gate(2),
            Step::Open(3),
            Step::Write(11),
            Step::Start(2),
            Step::Open(3),
            Step::Start(2),
            Step::Start(2),
            Step::Await,
            Step::Withdraw(2),
            Step::Start(2),
        ],
    ];
    let func = |steps: &&[Step]| Func { steps: steps.to_vec(), obeys: true };
    let funcs = steps.iter().map(func).collect();
    (shape, Program { funcs, rounds: vec![vec![4, 4]], is_free: false })
}

#[test]
fn a_million_tasks_with_streams_and_cancellations_leave_nothing_behind() {
    let (shape, program) = busy();
    let forms = Forms::of(shape).expect("it is compiled").expect("it is fused");
    let composed = forms.forms[0].1.start().and_then(|mut it| it.run(&program)).expect("it runs");
    assert_eq!(composed.trap, None);
    let tasks = composed.by_task().len();
    let count = |tag: Tag| composed.log.iter().filter(|(_, it)| it >> 24 == tag as u32).count();
    let cancelled = count(Tag::Cancelled) + count(Tag::Dropped) + count(Tag::Withdrawn);
    let read = count(Tag::Read);
    println!("{tasks} tasks at a time, {cancelled} are cancelled, {read} have read");
    assert!(tasks > 80 && cancelled > 40 && read > 30, "there is something to leave behind");
    // A million in both: what keeps tasks is the same in all forms but for where its memory is.
    for (form, compiled) in &forms.forms[1..3] {
        let mut running = compiled.start().expect("it is instantiated");
        let mut kept = (0, 0);
        for turn in 0..1_000_000 / tasks / 2 {
            let outcome = running.run(&program).expect("it runs");
            assert_eq!(outcome.returned, composed.returned, "{form}, {turn}");
            let now = (running.grown(), running.kept());
            match turn {
                10 => kept = now,
                11.. => assert_eq!(now, kept, "{form}, {turn}"),
                _ => {}
            }
        }
    }
}

#[test]
fn random_programs_of_tasks_do_the_same_when_fused() {
    programs_do_the_same(false);
}

#[test]
fn random_programs_of_tasks_that_send_streams_do_the_same_when_fused() {
    programs_do_the_same(true);
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
    let mut store = Store::new(engine(), Growth::default());
    store.limiter(|growth| growth);
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

/// Functions of the runtime that every call of a task goes through, and some that it does not.
const AT_EACH_CALL: [&str; 5] =
    ["enter task", "leave task", "may task begin", "call has come back", "task to return"];
const SELDOM: [&str; 2] = ["tasks are ready", "extend handle table"];

#[test]
fn what_is_done_at_each_call_takes_no_calls() {
    let input = Input { name: "cost".into(), bytes: COST.into() };
    let fused = fuse(&[input], &Options::default()).expect("it is fused");
    let text = wasm_fuser::print(&fused.bytes).expect("it can be printed");
    let is_called = |name: &&str| text.contains(&format!("call $\"runtime::{name}\""));
    assert_eq!(AT_EACH_CALL.iter().find(|it| is_called(it)), None);
    assert_eq!(SELDOM.iter().find(|it| !is_called(it)), None);
}
