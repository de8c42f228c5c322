//! Random types: whatever a composition does with a value, it does when it is fused.
//!
//! Types and guests are drawn, values are drawn for each; see `support/forwarding.rs` for what the
//! guests do. What fails is shrunk, type and values, and printed with its seed.
//!
//! `CASES` is how many compositions a test draws, `SEED` the first one's seed: `SEED=n CASES=1`
//! draws one again.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Code, fuse};
use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, Val};

use wasm_fuser_testing::draw::seeds;
use wasm_fuser_testing::forwarding::{self, Encoding, Forwarding};
use wasm_fuser_testing::{host, interface, values};

/// Values that are sent through each composition.
const VALUES: u32 = 8;

/// Compositions of each test, unless `CASES` says otherwise.
const CASES: u64 = 100;

#[test]
fn values_of_every_type_cross_unchanged() {
    each(forwarding::honest(interface::signature()), |composition, values| {
        let composed = composition.composed.call(values);
        prop_assert!(composed.is_ok(), "{composed:?}");
        Ok(composed)
    });
}

#[test]
fn what_a_guest_spoils_traps_or_not_as_it_did() {
    each(forwarding::tampering(interface::signature()), |composition, values| {
        Ok(composition.composed.call(values))
    });
}

/// A component that can be run.
struct Runnable {
    component: Component,
    linker: Linker<()>,
}

/// A composition, and what it is fused to.
struct Forms {
    composed: Runnable,
    fused: Vec<(&'static str, Runnable)>,
}

/// Draws compositions and values. Every fused form has to return what `expected` does, or to trap
/// as well.
fn each(
    strategy: BoxedStrategy<Forwarding>,
    expected: impl Fn(&Forms, &[Val]) -> Result<Result<Val, String>, TestCaseError>,
) {
    let (returned, trapped) = (Cell::new(0), Cell::new(0));
    for seed in seeds(CASES) {
        let outcome = runner(seed, 1).run(&strategy, |composition| {
            let forms = Forms::new(&composition)?;
            let outcome = runner(seed, VALUES).run(&forms.arguments(), |values| {
                let expected = expected(&forms, &values)?;
                for (form, runnable) in &forms.fused {
                    let found = runnable.call(&values);
                    let agree = match (&expected, &found) {
                        (Ok(expected), Ok(found)) => expected == found,
                        (Err(_), Err(_)) => true,
                        _ => false,
                    };
                    prop_assert!(agree, "{form}: {found:?}\n  instead of {expected:?}");
                }
                let count = if expected.is_ok() { &returned } else { &trapped };
                count.set(count.get() + 1);
                Ok(())
            });
            outcome.map_err(|error| {
                TestCaseError::fail(match error {
                    TestError::Fail(why, values) => format!("{why}\n  of {values:?}"),
                    other => other.to_string(),
                })
            })
        });
        if let Err(error) = outcome {
            panic!("SEED={seed} CASES=1: {error}");
        }
    }
    println!("{} returned, {} trapped", returned.get(), trapped.get());
}

fn runner(seed: u64, cases: u32) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    TestRunner::new_with_rng(config, rng)
}

/// Whether strings of the host are allocated in a guest in the same steps, whether they come through
/// the bridge or not. The engine's strings are UTF-8, and those in the bridge are encoded as the
/// guest's: a guest that writes where it should not can tell.
fn allocates_alike(composition: &Forwarding) -> bool {
    let guests = &composition.guests;
    let tampers = guests.iter().any(|guest| guest.tampers.iter().any(|it| !it.is_empty()));
    let outer = guests.first().is_some_and(|guest| guest.encoding == Encoding::Utf8);
    let inner = guests.last().is_some_and(|guest| guest.calls_with == Encoding::Utf8);
    !tampers || outer && (composition.echoes || inner)
}

impl Forms {
    fn new(composition: &Forwarding) -> Result<Forms, TestCaseError> {
        let bytes = composition.component();
        let fused = |emit, simd| {
            let input = Input { name: "composition".into(), bytes: bytes.clone() };
            let fused = fuse(&[input], &Options { emit, simd, ..Options::default() });
            let fused = fused.map_err(|error| TestCaseError::fail(error.to_string()))?;
            Runnable::new(&fused.bytes)
        };
        let mut forms = vec![
            ("fused", fused(Emit::Component, true)?),
            ("not merged, without SIMD", fused(Emit::Flat, false)?),
        ];
        if allocates_alike(composition) {
            let input = Input { name: "composition".into(), bytes: bytes.clone() };
            let memory = MemoryPlan::Single;
            match fuse(&[input], &Options { memory, ..Options::default() }) {
                Ok(single) => forms.push(("in one memory", Runnable::new(&single.bytes)?)),
                // Addresses of 64 bits.
                Err(error) if error.code() == Code::NotOneMemory => {}
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            }
        }
        Ok(Forms { composed: Runnable::new(&bytes)?, fused: forms })
    }

    /// Arguments for the composition.
    fn arguments(&self) -> BoxedStrategy<Vec<Val>> {
        let ty = self.composed.component.component_type();
        let run = ty.get_export(host::engine(), "run").expect("`run` is exported");
        match run.ty {
            ComponentItem::ComponentFunc(run) => values::arguments(&run),
            other => panic!("`run` is {other:?}"),
        }
    }
}

impl Runnable {
    fn new(bytes: &[u8]) -> Result<Runnable, TestCaseError> {
        let fail = |error: wasmtime::Error| TestCaseError::fail(format!("{error:?}"));
        let component = Component::new(host::engine(), bytes).map_err(fail)?;
        let mut linker = Linker::new(host::engine());
        let end = linker.root().func_new("end", |_, ty, args, results| {
            // a tuple of all, unless there is one result for one parameter
            let whole = ty.results().next().zip(ty.params().next());
            results[0] = match (args, whole) {
                ([one], Some((result, (_, param)))) if result == param => one.clone(),
                _ => Val::Tuple(args.to_vec()),
            };
            Ok(())
        });
        end.map_err(fail)?;
        Ok(Runnable { component, linker })
    }

    /// What `run` returns, in an instance of its own, or why it traps.
    fn call(&self, values: &[Val]) -> Result<Val, String> {
        let run = || {
            let mut store = Store::new(host::engine(), ());
            let instance = self.linker.instantiate(&mut store, &self.component)?;
            let run = instance.get_func(&mut store, "run").expect("`run` is exported");
            let mut results = [Val::Bool(false)];
            run.call(&mut store, values, &mut results)?;
            let [result] = results;
            Ok(result)
        };
        run().map_err(|error: wasmtime::Error| format!("{error:?}"))
    }
}
