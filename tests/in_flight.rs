//! Several calls of the host at a time, where the module keeps tasks: each is a task of the engine, and one
//! may wait for what another does.
//!
//! Everything is done with the composition as it is, too.

use anyhow::{Context, Result};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::Store;
use wasmtime::component::{Accessor, Func, Instance, Val};

use wasm_fuser_testing::host::{Transcript, block_on, start};

const GATE: &str = include_str!("tasks/gate.wat");

/// The composition as it is, and in all forms.
fn forms(text: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut forms = vec![("as it is".to_string(), wat::parse_str(text)?)];
    for (emit, memory) in [
        (Emit::Component, MemoryPlan::Multi),
        (Emit::Component, MemoryPlan::Split),
        (Emit::Flat, MemoryPlan::Multi),
    ] {
        let input = Input { name: "input".into(), bytes: text.into() };
        let fused = fuse(&[input], &Options { emit, memory, ..Options::default() })?;
        forms.push((format!("{emit:?}, {memory:?}"), fused.bytes));
    }
    // What has been fused can be fused again.
    let once = Input { name: "once".into(), bytes: forms[1].1.clone() };
    forms.push(("fused twice".into(), fuse(&[once], &Options::default())?.bytes));
    Ok(forms)
}

/// An instance, and calls of it.
struct Running {
    store: Store<Transcript>,
    instance: Instance,
}

impl Running {
    fn new(bytes: &[u8]) -> Result<Self> {
        let (store, instance) = start(bytes)?;
        Ok(Running { store, instance })
    }

    fn func(&mut self, name: &str) -> Result<Func> {
        let func = self.instance.get_func(&mut self.store, name);
        func.with_context(|| format!("no function `{name}`"))
    }

    /// Makes a call, and returns what it returns.
    fn once(&mut self, name: &str, args: &[Val]) -> Result<Val> {
        let func = self.func(name)?;
        let mut results = [Val::Bool(false)];
        block_on(func.call_async(&mut self.store, args, &mut results))??;
        let [result] = results;
        Ok(result)
    }

    /// Makes calls one after another without waiting for any, and returns what each returns.
    fn at_once(&mut self, calls: &[(&str, &[u32])]) -> Result<Vec<Vec<u32>>> {
        let mut funcs = Vec::new();
        for (name, args) in calls {
            funcs.push((self.func(name)?, args.to_vec()));
        }
        let results = block_on(self.store.run_concurrent(async |accessor| {
            let calls = funcs.iter().map(|(func, args)| Box::pin(call(accessor, *func, args)));
            all(calls.collect()).await
        }))??;
        results.into_iter().collect()
    }
}

async fn call(accessor: &Accessor<Transcript>, func: Func, args: &[u32]) -> Result<Vec<u32>> {
    let args: Vec<_> = args.iter().map(|arg| Val::U32(*arg)).collect();
    let count = accessor.with(|store| func.ty(store).results().len());
    let mut results = vec![Val::U32(0); count];
    func.call_concurrent(accessor, &args, &mut results).await?;
    let number = |result| match result {
        Val::U32(number) => number,
        other => panic!("{other:?} is no number"),
    };
    Ok(results.into_iter().map(number).collect())
}

/// Waits for all, in whatever order they are ready.
async fn all<T>(mut open: Vec<std::pin::Pin<Box<impl Future<Output = T>>>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = open.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in open.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *done = Some(value);
            }
        }
        match done.iter().all(Option::is_some) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

fn in_all_forms(text: &str, test: impl Fn(&mut Running) -> Result<()>) {
    for (form, bytes) in forms(text).expect("it is fused") {
        let result = Running::new(&bytes).and_then(|mut running| test(&mut running));
        result.unwrap_or_else(|error| panic!("{form}: {error:?}"));
    }
}

/// Handles that go to the host and come back.
const LENT: &str = include_str!("tasks/lent.wat");

#[test]
fn handles_go_to_the_host_and_come_back() {
    in_all_forms(LENT, |it| {
        let mut handles = Vec::new();
        for n in 1..20 {
            let made = it.once("make", &[Val::U32(n)])?;
            assert_eq!(it.once("get", std::slice::from_ref(&made))?, Val::U32(n));
            let Val::Tuple(both) = it.once("both", &[made])? else { panic!("it is a tuple") };
            let [made, number] = both.try_into().expect("it has two");
            assert_eq!(number, Val::U32(n));
            assert_eq!(it.once("borrows", &[made.clone(), Val::Bool(true)])?, Val::U32(n));
            handles.push(made);
        }
        for (n, handle) in (1..).zip(&handles) {
            assert_eq!(it.once("get", std::slice::from_ref(handle))?, Val::U32(n));
        }
        for handle in handles {
            let Val::Resource(handle) = handle else { panic!("it is a handle") };
            block_on(handle.resource_drop_async(&mut it.store))??;
        }
        let made = it.once("make", &[Val::U32(7)])?;
        let error = it.once("borrows", &[made, Val::Bool(false)]).expect_err("it keeps its borrow");
        let error = format!("{error:#}");
        let is_borrow = |error: &str| error.contains("borrow handles still remain");
        assert!(is_borrow(&error) || error.contains("unreachable"), "{error}");
        Ok(())
    });
}

#[test]
fn a_call_that_waits_goes_on_when_another_lets_it() {
    in_all_forms(GATE, |it| {
        it.at_once(&[("close", &[])])?;
        assert_eq!(it.at_once(&[("order", &[4]), ("let-in", &[])])?, [vec![40], vec![]]);
        // The other way round, there is nothing to wait for.
        it.at_once(&[("close", &[])])?;
        assert_eq!(it.at_once(&[("let-in", &[]), ("order", &[5])])?, [vec![], vec![50]]);
        Ok(())
    });
}

#[test]
fn a_call_that_waits_goes_on_when_one_that_is_not_async_lets_it() {
    in_all_forms(GATE, |it| {
        it.at_once(&[("close", &[])])?;
        assert_eq!(it.at_once(&[("order", &[4]), ("open", &[])])?, [vec![40], vec![]]);
        Ok(())
    });
}

#[test]
fn many_calls_wait_at_a_time() {
    in_all_forms(GATE, |it| {
        for _ in 0..20 {
            it.at_once(&[("close", &[])])?;
            let mut calls: Vec<(&str, &[u32])> = vec![("order", &[3]); 30];
            calls.push(("let-in", &[]));
            let results = it.at_once(&calls)?;
            assert!(results[..30].iter().all(|result| *result == [30]), "{results:?}");
        }
        Ok(())
    });
}

#[test]
fn what_waits_for_nothing_is_a_deadlock() {
    in_all_forms(GATE, |it| {
        it.at_once(&[("close", &[])])?;
        let func = it.func("order")?;
        let called = block_on(func.call_async(&mut it.store, &[Val::U32(1)], &mut [Val::U32(0)]))?;
        let error = called.expect_err("nobody lets it in");
        assert!(format!("{error:#}").contains("deadlock"), "{error:#}");
        Ok(())
    });
}

#[test]
fn nothing_is_left_in_the_engine() {
    in_all_forms(GATE, |it| {
        it.at_once(&[("close", &[])])?;
        it.at_once(&[("order", &[1]), ("order", &[2]), ("let-in", &[])])?;
        it.at_once(&[("insist", &[1]), ("order", &[2])])?;
        it.store.assert_concurrent_state_empty();
        Ok(())
    });
}

/// A stream between guests, from which one call of the host reads while another writes.
const PIPE: &str = include_str!("tasks/pipe.wat");

#[test]
fn a_call_that_reads_goes_on_when_another_writes() {
    in_all_forms(PIPE, |it| {
        it.at_once(&[("open", &[])])?;
        assert_eq!(it.at_once(&[("next", &[]), ("give", &[4])])?, [vec![4], vec![]]);
        assert_eq!(it.at_once(&[("give", &[5]), ("next", &[])])?, [vec![], vec![5]]);
        assert_eq!(it.at_once(&[("next", &[]), ("put", &[6])])?, [vec![6], vec![]]);
        // On its stack, it finds what there is.
        assert_eq!(it.at_once(&[("put", &[8]), ("insist", &[])])?, [vec![], vec![8]]);
        Ok(())
    });
}

/// Calls that wait, and one that has nothing to do with tasks.
const BESIDE: &str = include_str!("tasks/beside.wat");

/// The same, where a function that all call has a post-return that uses a slot of context.
fn beside_with_post_return() -> String {
    let lift = "(canon lift (core func $m \"one\"))";
    assert!(BESIDE.contains(lift));
    let with = "(canon lift (core func $m \"one\") (post-return (core func $m \"after-one\")))";
    BESIDE.replace(lift, with)
}

/// Of the functions that are lifted in what a text is fused to, those that are tasks of ours, and all.
fn lifted(text: &str) -> (usize, usize) {
    let input = Input { name: "input".into(), bytes: text.into() };
    let fused = fuse(&[input], &Options::default()).expect("it is fused").bytes;
    let text = wasmprinter::print_bytes(&fused).expect("it can be printed");
    let lifted: Vec<&str> = text.lines().filter(|line| line.contains("canon lift")).collect();
    (lifted.iter().filter(|line| line.contains("async")).count(), lifted.len())
}

#[test]
fn what_has_nothing_to_do_with_tasks_runs_while_others_wait() {
    let waits = |it: &mut Running| {
        let calls: [(&str, &[u32]); 3] = [("order", &[4]), ("let-out", &[]), ("order", &[5])];
        assert_eq!(it.at_once(&calls)?, [vec![40], vec![], vec![50]]);
        // What waits on its stack has its instance to itself.
        assert_eq!(it.at_once(&[("insist", &[6]), ("under-way", &[])])?, [[60], [0]]);
        assert_eq!(it.at_once(&[("under-way", &[])])?, [[0]]);
        it.store.assert_concurrent_state_empty();
        Ok(())
    };
    in_all_forms(BESIDE, waits);
    in_all_forms(&beside_with_post_return(), waits);
}

#[test]
fn what_has_nothing_to_do_with_tasks_is_no_task_of_the_modules() {
    assert_eq!(lifted(BESIDE), (2, 4));
    // What is called for its call has to do with them.
    assert_eq!(lifted(&beside_with_post_return()), (3, 4));
}
