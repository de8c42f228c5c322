//! Programs are run: in a composition, or in what it was fused to.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use anyhow::{Context as _, Result};
use wasmtime::component::{Component, InstancePre, Linker, TypedFunc};
use wasmtime::{Engine, Store, StoreContextMut};

use super::{FuncId, Program, Shape};
use crate::growth::Growth;
use crate::host::block_on;

/// What a program logs, at most: one that goes on for ever is stopped.
const LOG: usize = 100_000;

/// What the host has: a program, and what has been logged so far.
#[derive(Debug, Default)]
pub struct Host {
    program: Program,
    asked: usize,
    log: Vec<Entry>,
    growth: Growth,
}

/// A function that the host calls: it takes the number of its task, and returns one.
type Export = TypedFunc<(u32,), (u32,)>;

/// The number of a task, and what it has seen: a [`Tag`](super::Tag) in the highest byte.
pub type Entry = (u32, u32);

/// What comes of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// All that is logged, in order.
    pub log: Vec<Entry>,
    /// What each call of the host has returned, if it has.
    pub returned: Vec<Option<u32>>,
    /// Why it has trapped, if it has.
    pub trap: Option<String>,
}

impl Outcome {
    /// What each task has seen.
    pub fn by_task(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut tasks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (task, what) in &self.log {
            tasks.entry(*task).or_default().push(*what);
        }
        tasks
    }
}

/// A shape that is compiled.
pub struct Compiled {
    shape: Shape,
    pre: InstancePre<Host>,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Compiled {
    /// Compiles a shape: its text, or what that was fused to.
    ///
    /// # Errors
    ///
    /// If the engine refuses it.
    pub fn new(engine: &Engine, shape: &Shape, bytes: &[u8]) -> Result<Self> {
        let component = Component::new(engine, bytes)?;
        let mut linker: Linker<Host> = Linker::new(engine);
        let mut root = linker.root();
        root.func_wrap("log", |mut store: StoreContextMut<'_, Host>, entry: Entry| {
            store.data_mut().log.push(entry);
            Ok(())
        })?;
        root.func_wrap("next", |mut store: StoreContextMut<'_, Host>, (func, at): (u32, u32)| {
            let host = store.data_mut();
            host.asked += 1;
            if host.asked > LOG {
                wasmtime::bail!("it goes on for ever");
            }
            Ok((host.program.next(func, at),))
        })?;
        for instance in 0..shape.instances.len() {
            let me = shape.base(instance) as u32;
            root.func_wrap(&format!("me{instance}"), move |_: StoreContextMut<'_, Host>, ()| {
                Ok((me,))
            })?;
        }
        Ok(Compiled { shape: shape.clone(), pre: linker.instantiate_pre(&component)? })
    }

    /// An instance of it, which runs programs.
    ///
    /// # Errors
    ///
    /// If it cannot be instantiated.
    pub fn start(&self) -> Result<Running> {
        let mut store = Store::new(self.pre.engine(), Host::default());
        store.limiter(|host| &mut host.growth);
        let instance = block_on(self.pre.instantiate_async(&mut store))??;
        let mut exports = BTreeMap::new();
        for id in self.shape.exports() {
            exports.insert(id, instance.get_typed_func(&mut store, format!("run{id}"))?);
        }
        Ok(Running { store, exports })
    }
}

/// Whether somebody has woken whom this wakes.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// An instance.
pub struct Running {
    store: Store<Host>,
    exports: BTreeMap<FuncId, Export>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("host", self.store.data()).finish_non_exhaustive()
    }
}

impl Running {
    /// How much memories and tables have grown since there were none.
    pub fn grown(&self) -> usize {
        self.store.data().growth.grown
    }

    /// What the engine has of tasks, and what waits for them.
    pub fn kept(&mut self) -> usize {
        self.store.concurrent_state_table_size()
    }

    /// Runs a program until nothing can go on. After a trap, nothing else can be run.
    ///
    /// # Errors
    ///
    /// If the program calls what is no export.
    pub fn run(&mut self, program: &Program) -> Result<Outcome> {
        let growth = self.store.data().growth;
        *self.store.data_mut() = Host { program: program.clone(), growth, ..Host::default() };
        let mut outcome = Outcome::default();
        for round in &program.rounds {
            let mut calls = Vec::new();
            for id in round {
                let number = (outcome.returned.len() + calls.len()) as u32 + 1;
                calls.push((*self.exports.get(id).context("it is no export")?, number));
            }
            let (returned, trap) = self.round(calls);
            outcome.returned.extend(returned);
            if trap.is_some() {
                outcome.trap = trap;
                break;
            }
        }
        outcome.log = std::mem::take(&mut self.store.data_mut().log);
        Ok(outcome)
    }

    /// Makes some calls at a time.
    fn round(&mut self, calls: Vec<(Export, u32)>) -> (Vec<Option<u32>>, Option<String>) {
        let returned = Arc::new(Mutex::new(vec![None; calls.len()]));
        let results = returned.clone();
        let running = self.store.run_concurrent(async move |accessor| {
            let mut open: Vec<_> = calls
                .into_iter()
                .map(|(func, number)| Some(Box::pin(func.call_concurrent(accessor, (number,)))))
                .collect();
            // It is never over: what goes on when all calls have returned has its time, too.
            std::future::poll_fn(|context| {
                for (call, at) in open.iter_mut().zip(0..) {
                    let Some(future) = call else { continue };
                    let Poll::Ready(result) = future.as_mut().poll(context) else { continue };
                    *call = None;
                    match result {
                        Ok((result,)) => results.lock().expect("nobody panics")[at] = Some(result),
                        Err(error) => return Poll::Ready(Err::<(), _>(error)),
                    }
                }
                Poll::Pending
            })
            .await
        });
        // What is pending and has woken nobody stays so: the host has nothing that becomes ready later.
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut running = pin!(running);
        let polled = loop {
            let polled = running.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_ready() || !woken.0.swap(false, Ordering::Relaxed) {
                break polled;
            }
        };
        let trap = match polled {
            Poll::Pending | Poll::Ready(Ok(Ok(()))) => None,
            Poll::Ready(Ok(Err(error)) | Err(error)) => Some(format!("{error:#}")),
        };
        let returned = returned.lock().expect("nobody panics").clone();
        (returned, trap)
    }
}
