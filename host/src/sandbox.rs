//! Where components run: with nothing but the arguments of their calls, and within bounds.
//!
//! A component gets no folder, no network, no environment, no standard streams. (`std` in it imports
//! all of those, so they are linked, with nothing behind them.) What it writes to standard error, as it
//! would when it panics, is kept for the error message. Memory and time are bounded by a budget.
//!
//! Every call gets an instance of its own, which takes microseconds. An instance that has trapped
//! cannot be used any more, and so the next call, the one that puts the error into words, does not
//! have to care.

use std::fmt;
use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Instance, InstancePre, Linker, ResourceTable};
use wasmtime::{Engine, ResourceLimiter, Store, Trap};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::engine;
use crate::world::exports::wasm_fuser::fuser::cli::Budget;

/// An engine that runs components, and what helps them: a component, which is loaded when it is first needed.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    helper: Arc<OnceLock<InstancePre<State>>>,
}

/// Why a call did not return.
#[derive(Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It needs more memory than it was given.
    Memory,
    /// It needs more time than it was given.
    Time,
    /// The system does not give what every call needs.
    NoRoom,
    /// It is not the component that this program was written for: in what its interface is another.
    Foreign(String),
    /// It cannot go on.
    Trap {
        /// What the engine says.
        reason: String,
        /// What it has said itself, when it panicked.
        said: String,
    },
}

impl Sandbox {
    /// The engine that the build script has compiled for.
    pub fn new() -> wasmtime::Result<Self> {
        Ok(Sandbox { engine: Engine::new(&engine::config())?, helper: Arc::default() })
    }

    /// A component that the build script has compiled, with what it imports: WASI, and what is added.
    #[expect(unsafe_code, reason = "machine code cannot be checked")]
    pub fn load(
        &self,
        compiled: &[u8],
        add: impl FnOnce(&mut Linker<State>, &Component) -> wasmtime::Result<()>,
    ) -> wasmtime::Result<InstancePre<State>> {
        // SAFETY: the bytes are the build script's, from `Engine::precompile_component`, and part of
        // this program as its other code is.
        let component = unsafe { Component::deserialize(&self.engine, compiled)? };
        let mut linker = linker(&self.engine)?;
        add(&mut linker, &component)?;
        linker.instantiate_pre(&component)
    }

    fn helper(&self, compiled: &[u8]) -> wasmtime::Result<&InstancePre<State>> {
        if let Some(helper) = self.helper.get() {
            return Ok(helper);
        }
        let loaded = self.load(compiled, |_, _| Ok(()))?;
        Ok(self.helper.get_or_init(|| loaded))
    }

    /// Makes an instance and calls it, within a budget. `interface` finds what it exports.
    pub fn call<I, T>(
        &self,
        budget: Budget,
        component: &InstancePre<State>,
        interface: impl FnOnce(&mut Store<State>, &Instance) -> wasmtime::Result<I>,
        function: impl FnOnce(&I, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T, Stopped> {
        let state = State::new(self.clone(), budget);
        let stderr = state.stderr.clone();
        let mut store = bounded(state);
        let _deadline =
            Deadline::start(&self.engine, budget.seconds).map_err(|_| Stopped::NoRoom)?;
        let called = instantiate(&mut store, component, interface)
            .and_then(|instance| function(&instance, &mut store));
        called.map_err(|error| stopped(&error, &stderr.contents()))
    }
}

fn bounded(state: State) -> Store<State> {
    // No time is over before anything has begun, however fast it would be.
    let deadline = u64::from(state.budget.seconds > 0);
    let mut store = Store::new(&state.sandbox.engine.clone(), state);
    store.limiter(|state| &mut state.memory);
    // What a call returns is in the component's memory, which has a bound already.
    store.set_hostcall_fuel(usize::MAX);
    store.set_epoch_deadline(deadline);
    store
}

/// Makes an instance, and finds what it exports.
fn instantiate<I>(
    store: &mut Store<State>,
    component: &InstancePre<State>,
    interface: impl FnOnce(&mut Store<State>, &Instance) -> wasmtime::Result<I>,
) -> wasmtime::Result<I> {
    // All that it imports is there: what is no reason of its own is refused by the system.
    let is_its_own = |error: &wasmtime::Error| error.is::<OutOfMemory>() || error.is::<Trap>();
    let instance = component
        .instantiate(&mut *store)
        .map_err(|error| if is_its_own(&error) { error } else { NoRoom.into() })?;
    interface(store, &instance).map_err(|error| error.context(Foreign))
}

fn stopped(error: &wasmtime::Error, stderr: &[u8]) -> Stopped {
    if error.is::<NoRoom>() {
        return Stopped::NoRoom;
    }
    if error.is::<Foreign>() {
        return Stopped::Foreign(error.root_cause().to_string());
    }
    if error.is::<OutOfMemory>() {
        return Stopped::Memory;
    }
    if error.downcast_ref() == Some(&Trap::Interrupt) {
        return Stopped::Time;
    }
    // The hint at a variable that it would not see is none.
    let said = String::from_utf8_lossy(stderr);
    let said: Vec<_> = said.trim().lines().filter(|line| !line.starts_with("note:")).collect();
    Stopped::Trap { reason: error.root_cause().to_string(), said: said.join("\n") }
}

/// Makes an instance of what helps others, and calls it for one. What goes wrong in it goes wrong in that one.
pub fn help<I, T>(
    helped: &State,
    compiled: &[u8],
    interface: impl FnOnce(&mut Store<State>, &Instance) -> wasmtime::Result<I>,
    function: impl FnOnce(&I, &mut Store<State>) -> wasmtime::Result<T>,
) -> wasmtime::Result<T> {
    let helper = helped.sandbox.helper(compiled)?;
    let mut store = bounded(helped.helper());
    let instance = instantiate(&mut store, helper, interface)?;
    function(&instance, &mut store)
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker)
}

/// What an instance has: nothing, and a bound on its memory.
pub struct State {
    sandbox: Sandbox,
    context: WasiCtx,
    resources: ResourceTable,
    budget: Budget,
    memory: MemoryLimit,
    stderr: MemoryOutputPipe,
}

impl State {
    fn new(sandbox: Sandbox, budget: Budget) -> Self {
        let stderr = MemoryOutputPipe::new(1 << 16);
        State {
            sandbox,
            context: WasiCtx::builder().stderr(stderr.clone()).build(),
            resources: ResourceTable::new(),
            budget,
            memory: MemoryLimit { bytes: u64::from(budget.memory_mb) << 20 },
            stderr,
        }
    }

    /// What an instance has that works for this one: the same bounds, and what it says is what this one
    /// says. The time is one for both.
    fn helper(&self) -> State {
        let context = WasiCtx::builder().stderr(self.stderr.clone()).build();
        let stderr = self.stderr.clone();
        State { context, stderr, ..State::new(self.sandbox.clone(), self.budget) }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.context, table: &mut self.resources }
    }
}

/// The most that the component's memory may grow to. Growing it further ends the call: a program
/// that learns of it by a failed allocation could only abort.
struct MemoryLimit {
    bytes: u64,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let desired = desired as u64;
        if desired > self.bytes || maximum.is_some_and(|maximum| desired > maximum as u64) {
            return Err(OutOfMemory.into());
        }
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// Why a call ends, as an error that goes through the engine.
macro_rules! errors {
    ($($name:ident: $text:literal)+) => {$(
        #[derive(Debug)]
        struct $name;

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($text)
            }
        }

        impl std::error::Error for $name {}
    )+};
}

errors! {
    OutOfMemory: "out of memory"
    NoRoom: "the system does not give what an instance needs"
    Foreign: "the interface is another"
}

/// Ends the engine's epoch, and with it the call, when the time is up; not when it is dropped
/// before that.
struct Deadline {
    _dropped: Sender<()>,
}

impl Deadline {
    fn start(engine: &Engine, seconds: u32) -> io::Result<Self> {
        let (dropped, watch) = mpsc::channel::<()>();
        let engine = engine.clone();
        thread::Builder::new().spawn(move || {
            let time = Duration::from_secs(seconds.into());
            if watch.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        })?;
        Ok(Deadline { _dropped: dropped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts what WASI says there is: variables, arguments, folders.
    const PROBE: &str = r#"
    (component
      (import "wasi:cli/environment@0.2.0" (instance $environment
        (export "get-environment" (func (result (list (tuple string string)))))
        (export "get-arguments" (func (result (list string))))))
      (import "wasi:filesystem/types@0.2.0" (instance $types
        (export "descriptor" (type (sub resource)))))
      (alias export $types "descriptor" (type $descriptor))
      (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
        (alias outer 1 $descriptor (type $outer))
        (export "descriptor" (type $descriptor (eq $outer)))
        (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))
      (core module $memory
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
      (core instance $memory (instantiate $memory))
      (core func $variables (canon lower (func $environment "get-environment")
        (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
      (core func $arguments (canon lower (func $environment "get-arguments")
        (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
      (core func $folders (canon lower (func $preopens "get-directories")
        (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
      (core module $code
        (import "memory" "memory" (memory 1))
        (import "wasi" "variables" (func $variables (param i32)))
        (import "wasi" "arguments" (func $arguments (param i32)))
        (import "wasi" "folders" (func $folders (param i32)))
        (func (export "count") (result i32)
          (call $variables (i32.const 0))
          (call $arguments (i32.const 8))
          (call $folders (i32.const 16))
          (i32.add (i32.load (i32.const 4))
            (i32.add (i32.load (i32.const 12)) (i32.load (i32.const 20))))))
      (core instance $code (instantiate $code
        (with "memory" (instance $memory))
        (with "wasi" (instance
          (export "variables" (func $variables))
          (export "arguments" (func $arguments))
          (export "folders" (func $folders))))))
      (func (export "count") (result u32) (canon lift (core func $code "count"))))
    "#;

    #[test]
    fn a_component_with_another_interface_is_told_as_one() {
        let sandbox = Sandbox::new().expect("is a valid configuration");
        let probe = Component::new(&sandbox.engine, PROBE).expect("is a component");
        let linker = linker(&sandbox.engine).expect("has no duplicates");
        let probe = linker.instantiate_pre(&probe).expect("finds its imports");
        let budget = Budget { memory_mb: 1024, seconds: 60 };
        let called = sandbox.call(
            budget,
            &probe,
            |store, instance| instance.get_typed_func::<(u32,), ()>(store, "count"),
            |count, store| count.call(store, (1,)),
        );
        assert!(matches!(called, Err(Stopped::Foreign(_))), "{called:?}");
    }

    #[test]
    fn the_host_gives_the_component_no_environment() {
        assert!(std::env::vars().next().is_some(), "the test has one itself");
        let sandbox = Sandbox::new().expect("is a valid configuration");
        let probe = Component::new(&sandbox.engine, PROBE).expect("is a component");
        let linker = linker(&sandbox.engine);
        let mut store = bounded(State::new(sandbox, Budget { memory_mb: 1024, seconds: 60 }));
        let linker = linker.expect("has no duplicates");
        let instance = linker.instantiate(&mut store, &probe).expect("finds its imports");
        let count = instance.get_typed_func::<(), (u32,)>(&mut store, "count").expect("is there");
        assert_eq!(count.call(&mut store, ()).expect("does not trap"), (0,));
    }
}
