//! Handles do in fused components what they do in compositions.
//!
//! Cases of `tests/cases/fuse` show rule by rule that what traps in a composition traps when fused.
//! Here are the properties that one case cannot show: random compositions and sequences of
//! operations ([`wasm_fuser_testing::lineage`]), a million handles, and what guests can tell of each other by
//! the numbers.
//!
//! `HANDLE_CASES` is the number of random compositions, each with eight sequences of operations, and
//! `HANDLE_SEED` where they begin. A failure says both, and what it has shrunk to.

use std::collections::BTreeMap;
use std::env;

use anyhow::{Context, Result, ensure};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::report::{HandlePolicy, ResourceHandles};
use wasm_fuser::{Fused, fuse};
use wasmtime::Store;
use wasmtime::component::{Component, Instance, ResourceAny, Val};

use wasm_fuser_testing::growth::Growth;
use wasm_fuser_testing::host::{Transcript, engine, linker};
use wasm_fuser_testing::lineage::{Act, Call, Func, Guest, Lineage, Op, Ty};

/// What a composition is fused to.
const FORMS: [(Emit, MemoryPlan); 4] = [
    (Emit::Component, MemoryPlan::Multi),
    (Emit::Component, MemoryPlan::Split),
    (Emit::Component, MemoryPlan::Single),
    (Emit::Flat, MemoryPlan::Multi),
];

#[test]
fn random_lineages_do_the_same_when_fused() {
    let number = |name: &str, default: u32| match env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("`{name}` is a number")),
        Err(_) => default,
    };
    let (cases, seed) = (number("HANDLE_CASES", 40), number("HANDLE_SEED", 1));
    let config =
        Config { cases, max_shrink_iters: 2_000, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let seen = std::cell::RefCell::new(BTreeMap::new());
    let outcome = TestRunner::new_with_rng(config, rng).run(&lineage(), |lineage| {
        same(&lineage, &mut seen.borrow_mut())
            .map_err(|error| TestCaseError::fail(format!("{error:?}\n{}", lineage.text())))
    });
    outcome.unwrap_or_else(|error| {
        panic!("HANDLE_SEED={seed} HANDLE_CASES={cases}: {error}");
    });
    let seen = seen.into_inner();
    println!("{cases} compositions: {seen:#?}");
    // A comparison of nothing with nothing would hold.
    let traps = TRAPS.iter().filter(|(kind, _)| seen.contains_key(kind)).count();
    let expected = if cases >= 1_000 { TRAPS.len() } else { 2 };
    assert!(cases < 40 || traps >= expected && seen.contains_key("returned"), "too little is seen");
}

/// A composition and its acts.
fn lineage() -> impl Strategy<Value = Lineage> {
    let op = prop_oneof![
        12 => Just(Op::New),
        6 => any::<u8>().prop_map(|nth| Op::Wrap(nth.into())),
        12 => (0..8u32, 0..8u32).prop_map(|(of, nth)| Op::Drop { of, nth }),
        6 => (0..8u32).prop_map(Op::Rep),
        27 => (0..8u32, 0..8u32, any::<u32>()).prop_map(|(guest, func, seed)| Op::Call { guest, func, seed }),
        2 => (0..8u32, 0..12u32).prop_map(|(of, index)| Op::DropIndex { of, index }),
    ];
    let ops = |most| prop::collection::vec(op.clone(), 0..most);
    let func = (
        prop::collection::vec(ty(), 0..4),
        prop::option::of(ty()),
        ops(4),
        prop::bool::weighted(0.05),
        any::<u32>(),
    );
    let func = func.prop_map(|(params, result, body, keeps, seed)| Func {
        params,
        result,
        body,
        keeps,
        seed,
    });
    let guest = (prop::collection::vec(func, 1..4), prop::collection::vec(ops(8), 1..3));
    let guest = guest.prop_map(|(funcs, runs)| Guest { funcs, runs });
    let act = prop_oneof![
        4 => (0..8u32, 0..8u32).prop_map(|(guest, run)| Act::Run { guest, run }),
        1 => (0..8u32, 0..8u32).prop_map(|(guest, of)| Act::Get { guest, of }),
        1 => (0..8u32, 0..256u32).prop_map(|(guest, nth)| Act::Lend { guest, nth }),
        1 => (0..8u32, 0..256u32).prop_map(|(guest, nth)| Act::Give { guest, nth }),
        1 => (0..256u32).prop_map(Act::Drop),
    ];
    (
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(guest, 3..5),
        prop::collection::vec(prop::collection::vec(act, 1..16), 8),
    )
        .prop_map(|(host, exported, guests, sequences)| Lineage {
            host,
            exported,
            guests,
            sequences,
        })
}

fn ty() -> impl Strategy<Value = Ty> {
    let leaf = prop_oneof![
        1 => Just(Ty::U8),
        1 => Just(Ty::U32),
        4 => (0..8u32).prop_map(Ty::Own),
        4 => (0..8u32).prop_map(Ty::Borrow),
    ];
    leaf.prop_recursive(3, 10, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            3 => boxed().prop_map(Ty::List),
            1 => (boxed(), 1..4u32).prop_map(|(ty, n)| Ty::Fixed(ty, n)),
            1 => boxed().prop_map(Ty::Option),
            1 => (boxed(), boxed()).prop_map(|(ok, error)| Ty::Result(ok, error)),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Ty::Tuple),
        ]
    })
}

/// Runs a composition and everything that it is fused to.
fn same(lineage: &Lineage, seen: &mut BTreeMap<&'static str, u32>) -> Result<()> {
    let bytes = wat::parse_str(lineage.text())?;
    let expected = run(lineage, &bytes).context("as it is")?;
    for step in expected.iter().flatten() {
        let what = match step.outcome {
            Ok(()) => "returned",
            Err(kind) => kind,
        };
        *seen.entry(what).or_default() += 1;
    }
    for (emit, memory) in FORMS {
        let form = |share_handles| {
            fused(&bytes, &Options { emit, memory, share_handles, ..Options::default() })
        };
        let (isolated, shared) = (form(false)?, form(true)?);
        // Where guests share the engine's table, numbers are others.
        let passes = |r: &ResourceHandles| r.policy == HandlePolicy::Passthrough;
        let is_told_apart =
            isolated.bytes != shared.bytes && !shared.report.resources.iter().any(passes);
        for fused in [isolated].into_iter().chain(is_told_apart.then_some(shared)) {
            let form = || format!("{emit:?}, {memory:?}");
            let found = run(lineage, &fused.bytes).with_context(form)?;
            compare(&found, &expected).with_context(form)?;
        }
    }
    Ok(())
}

fn compare(found: &[Vec<Step>], expected: &[Vec<Step>]) -> Result<()> {
    for (found, expected) in found.iter().zip(expected) {
        ensure!(found.len() == expected.len(), "{found:#?}\ninstead of {expected:#?}");
        for (found, expected) in found.iter().zip(expected) {
            let same = found == expected
                || found.log == expected.log && same_trap(found.outcome, expected.outcome);
            ensure!(same, "{found:#?}\ninstead of {expected:#?}");
        }
    }
    Ok(())
}

fn fused(bytes: &[u8], options: &Options) -> Result<Fused> {
    let input = Input { name: "input".into(), bytes: bytes.to_vec() };
    Ok(fuse(&[input], options)?)
}

/// What came of an act.
#[derive(Debug, PartialEq)]
struct Step {
    call: String,
    outcome: Outcome,
    log: Transcript,
}

/// Nothing, or which trap.
type Outcome = Result<(), &'static str>;

fn run(lineage: &Lineage, bytes: &[u8]) -> Result<Vec<Vec<Step>>> {
    let component = Component::new(engine(), bytes)?;
    lineage.sequences.iter().map(|acts| act(lineage, &component, acts)).collect()
}

/// Acts until something traps.
fn act(lineage: &Lineage, component: &Component, acts: &[Act]) -> Result<Vec<Step>> {
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), component)?.instantiate(&mut store, component)?;
    let mut handles = vec![Vec::new(); lineage.guests.len() + 1];
    let mut steps = Vec::new();
    for act in acts {
        let Some(call) = lineage.call(*act) else { continue };
        let outcome = perform(&mut store, &instance, &call, &mut handles);
        let outcome = outcome.map_err(|error| trap(&error));
        let log = std::mem::take(store.data_mut());
        let call = format!("{call:?}");
        let trapped = outcome.is_err();
        steps.push(Step { call, outcome, log });
        if trapped {
            break;
        }
    }
    Ok(steps)
}

fn perform(
    store: &mut Store<Transcript>,
    instance: &Instance,
    call: &Call,
    handles: &mut [Vec<ResourceAny>],
) -> wasmtime::Result<()> {
    let call_func =
        |store: &mut Store<Transcript>, name: &str, args: &[Val], results: &mut [Val]| {
            let api = instance.get_export_index(&mut *store, None, "api").expect("is exported");
            let func =
                instance.get_export_index(&mut *store, Some(&api), name).expect("is exported");
            let func = instance.get_func(&mut *store, func).expect("is a function");
            func.call(store, args, results)
        };
    match call {
        Call::Run(name) => call_func(store, name, &[], &mut []),
        Call::Get(name, of) => {
            let mut results = [Val::Bool(false)];
            call_func(store, name, &[], &mut results)?;
            let [Val::Resource(handle)] = results else { panic!("a handle is returned") };
            handles[*of].push(handle);
            Ok(())
        }
        Call::Pass { name, of, nth, gives } => {
            let count = handles[*of].len();
            let Some(nth) = nth.checked_rem(count) else { return Ok(()) };
            let handle = if *gives { handles[*of].swap_remove(nth) } else { handles[*of][nth] };
            call_func(store, name, &[Val::Resource(handle)], &mut [])
        }
        Call::Drop { of, nth } => {
            let count = handles[*of].len();
            let Some(nth) = nth.checked_rem(count) else { return Ok(()) };
            handles[*of].swap_remove(nth).resource_drop(store)
        }
    }
}

/// The traps of handles: in the engine's words, and in the fuser's.
const TRAPS: [(&str, &str); 5] = [
    ("unknown handle index", "canon trap: unknown handle index"),
    ("used with the wrong type", "canon trap: handle is of another resource type"),
    ("cannot remove owned resource while borrowed", "canon trap: handle is lent"),
    ("cannot lift own resource from a borrow", "canon trap: handle is a borrow, not an own"),
    ("borrow handles still remain", "canon trap: borrow handles still remain"),
];

/// Of a borrow that is lent, the engine says that it is a borrow, and the specification, which looks
/// in another order, that it is lent.
fn same_trap(found: Outcome, expected: Outcome) -> bool {
    (found, expected) == (Err(TRAPS[2].0), Err(TRAPS[3].0))
}

fn trap(error: &wasmtime::Error) -> &'static str {
    let text = format!("{error:?}");
    let found = TRAPS.iter().find(|(engine, fused)| text.contains(engine) || text.contains(fused));
    match found {
        Some((kind, _)) => kind,
        None => panic!("another error than a trap of handles: {text}"),
    }
}

/// A million handles go from one guest to the next and back to the first, which drops them.
#[test]
fn a_million_handles_leave_nothing_behind() -> Result<()> {
    let bytes = wat::parse_str(include_str!("cases/handles/soak.wat"))?;
    for (emit, memory) in FORMS {
        let fused = fused(&bytes, &Options { emit, memory, ..Options::default() })?;
        let component = Component::new(engine(), &fused.bytes)?;
        let mut store = Store::new(engine(), Growth::default());
        store.limiter(|growth| growth);
        let linker = wasmtime::component::Linker::new(engine());
        let instance = linker.instantiate(&mut store, &component)?;
        let run = instance.get_typed_func::<(u32,), (u32,)>(&mut store, "run")?;
        let live = instance.get_typed_func::<(), (u32,)>(&mut store, "live")?;
        // A hundred at a time: the highest index there ever was.
        assert_eq!(run.call(&mut store, (1_000,))?.0, 100);
        let settled = store.data().grown;
        assert_eq!(run.call(&mut store, (1_000_000,))?.0, 100, "the table does not grow");
        assert_eq!(live.call(&mut store, ())?.0, 0, "each is destroyed once");
        assert_eq!(store.data().grown, settled, "nor does a memory");
    }
    Ok(())
}

/// Two guests that get handles from the host and pass nothing to each other.
#[test]
fn guests_count_handles_as_if_they_were_alone_unless_they_share_them() -> Result<()> {
    let bytes = wat::parse_str(include_str!("cases/handles/two-guests.wat"))?;
    let numbers = |bytes: &[u8]| -> Result<Vec<u32>> {
        let component = Component::new(engine(), bytes)?;
        let mut store = Store::new(engine(), Transcript::new());
        let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
        let mut numbers = Vec::new();
        for name in ["left", "right", "left", "right"] {
            let func = instance.get_typed_func::<(), (u32,)>(&mut store, name)?;
            numbers.push(func.call(&mut store, ())?.0);
        }
        Ok(numbers)
    };
    let policy =
        |fused: &Fused| fused.report.resources.iter().map(|r| r.policy).collect::<Vec<_>>();
    assert_eq!(numbers(&bytes)?, [1, 1, 2, 2], "the composition has a table for each");
    for emit in [Emit::Component, Emit::Flat] {
        let options = Options { emit, share_handles: true, ..Options::default() };
        let shared = fused(&bytes, &options)?;
        assert_eq!(policy(&shared), [HandlePolicy::Passthrough]);
        assert_eq!(numbers(&shared.bytes)?, [1, 2, 3, 4], "the engine has one table");
        let isolated = fused(&bytes, &Options { emit, ..Options::default() })?;
        assert_eq!(policy(&isolated), [HandlePolicy::Bridged]);
        assert_eq!(numbers(&isolated.bytes)?, [1, 1, 2, 2]);
    }
    Ok(())
}

/// `docs/resources.md` shows two shims as they are generated; `BLESS=1` writes them.
#[test]
fn the_documentation_shows_the_shims_of_its_example() -> Result<()> {
    let bytes = wat::parse_str(include_str!("cases/handles/re-exporter.wat"))?;
    let fused = fused(&bytes, &Options::default())?;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/resources.md");
    let text = std::fs::read_to_string(&path)?;
    let mut expected = String::new();
    let mut lines = text.lines();
    let mut shown = 0;
    while let Some(line) = lines.next() {
        expected += &format!("{line}\n");
        let Some(name) = line.strip_prefix("<!-- shim ").and_then(|l| l.strip_suffix(" -->"))
        else {
            continue;
        };
        let shims: Vec<_> = fused.shims.iter().filter(|s| s.name.starts_with(name)).collect();
        let [shim] = &shims[..] else { panic!("not one shim is called `{name}`") };
        let printed = wasmprinter::print_bytes(&shim.bytes)?;
        expected += &format!("```wat\n{printed}```\n");
        let _ = lines.by_ref().take_while(|line| *line != "```").count();
        shown += 1;
    }
    assert_eq!(shown, 2);
    if env::var_os("BLESS").is_some() {
        std::fs::write(path, &expected)?;
    }
    assert!(text == expected, "docs/resources.md differs (BLESS=1 rewrites it)");
    Ok(())
}

#[test]
fn a_resource_between_two_others_is_destroyed_from_the_outside_in() -> Result<()> {
    let bytes = wat::parse_str(include_str!("cases/handles/re-exporter.wat"))?;
    let run = |bytes: &[u8]| -> Result<(u32, Transcript)> {
        let component = Component::new(engine(), bytes)?;
        let mut store = Store::new(engine(), Transcript::new());
        let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
        let run = instance.get_typed_func::<(), (u32,)>(&mut store, "run")?;
        let value = run.call(&mut store, ())?.0;
        Ok((value, store.into_data()))
    };
    let expected = (42, vec!["log(U32(21))".to_string()]);
    assert_eq!(run(&bytes)?, expected);
    for emit in [Emit::Component, Emit::Flat] {
        let fused = fused(&bytes, &Options { emit, ..Options::default() })?;
        assert_eq!(run(&fused.bytes)?, expected);
    }
    Ok(())
}
