//! The fuser, as this host sees it: a component with pure functions.
//!
//! It gets nothing from here but its arguments: no folder, no network, no environment, no standard
//! streams. (`std` in the component imports all of those, so they are linked, with nothing behind
//! them.) What it writes to standard error, as it would when it panics, is kept for the error
//! message. Memory and time are bounded by the budget on the command line.
//!
//! Every call gets an instance of its own, which takes microseconds. An instance that has trapped
//! cannot be used any more, and so the next call, the one that puts the error into words, does not
//! have to care.
//!
//! A trap, a limit, or anything else that goes wrong in here comes out as an error of the same kind
//! as the component's own.

use std::fmt;
use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, ResourceLimiter, Store, Trap};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::bindings::exports::wasm_fuser::fuser::fuse::{
    Guest as FuseExports, RemedyPart, Spending,
};
pub use self::bindings::exports::wasm_fuser::fuser::{cli, fuse};
use self::bindings::{Fuser, FuserPre};
use crate::engine;
use crate::text::escaped;

/// Generated; `wit/world.wit` has the documentation.
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit", world: "fuser" });
}

/// The component, compiled by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fuser.cwasm"));

/// What a memory of the component takes of the address space, with what is around it, at most.
const ADDRESS_SPACE_GB: u32 = 5;

/// What calls may spend that do no work to speak of: parsing flags, printing tables.
const SMALL: cli::Budget = cli::Budget { memory_mb: 1024, seconds: 60 };

/// What a call returns. Errors are boxed because they are large and rare.
pub type Result<T, E = Box<fuse::Error>> = std::result::Result<T, E>;

/// The component, ready to be called.
pub struct Guest {
    engine: Engine,
    instances: FuserPre<State>,
}

impl Guest {
    /// Loads the component.
    pub fn start() -> Result<Self> {
        load().map_err(|error| internal(format!("the fuser does not start: {error:?}")))
    }

    /// Understands a command line.
    pub fn parse(&self, arguments: &[String]) -> Result<Result<cli::Command, cli::Failure>> {
        self.call(SMALL, |fuser, store| fuser.wasm_fuser_fuser_cli().call_parse(store, arguments))
    }

    /// Fuses.
    pub fn fuse(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Artifact> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_fuse(store, inputs, options))??)
    }

    /// Links.
    pub fn link(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Composition> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_link(store, inputs, options))??)
    }

    /// The instance graph of a component.
    pub fn inspect(&self, input: &fuse::Input, budget: cli::Budget) -> Result<fuse::Graph> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_inspect(store, input))??)
    }

    /// A component or a core module in the text format.
    pub fn print(&self, bytes: &[u8], budget: cli::Budget) -> Result<String> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_print(store, bytes))??)
    }

    /// What to write and print after fusing.
    pub fn present_fused(
        &self,
        command: &cli::FuseCommand,
        artifact: &fuse::Artifact,
    ) -> Result<cli::Presentation> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_fused(store, command, artifact)
        })
    }

    /// What to print after linking.
    pub fn present_linked(
        &self,
        command: &cli::LinkCommand,
        composition: &fuse::Composition,
    ) -> Result<String> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_linked(store, command, composition)
        })
    }

    /// A graph as text.
    pub fn present_graph(
        &self,
        command: &cli::InspectCommand,
        graph: &fuse::Graph,
    ) -> Result<String> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_graph(store, command.format, graph)
        })
    }

    /// An error as text.
    pub fn present_error(&self, error: &fuse::Error) -> Result<String> {
        self.call(SMALL, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_error(store, error)
        })
    }

    /// Calls a function of a fresh instance, within a budget.
    fn call<T>(
        &self,
        budget: cli::Budget,
        function: impl FnOnce(&Fuser, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let state = State::new(budget);
        let stderr = state.stderr.clone();
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        // What a call returns is in the component's memory, which has a bound already.
        store.set_hostcall_fuel(usize::MAX);
        // No time is over before anything has begun, however fast it would be.
        store.set_epoch_deadline(u64::from(budget.seconds > 0));
        let _deadline = Deadline::start(&self.engine, budget.seconds).map_err(|_| no_room())?;
        let fuser = self.instances.instantiate(&mut store).map_err(|error| {
            // All that it imports is there: what is neither of the two is refused by the system.
            let is_ours = error.is::<OutOfMemory>() || error.is::<Trap>();
            if is_ours { stopped(&error, budget, &stderr.contents()) } else { no_room() }
        })?;
        function(&fuser, &mut store).map_err(|error| stopped(&error, budget, &stderr.contents()))
    }
}

fn exports(fuser: &Fuser) -> &FuseExports {
    fuser.wasm_fuser_fuser_fuse()
}

#[expect(unsafe_code, reason = "machine code cannot be checked")]
fn load() -> wasmtime::Result<Guest> {
    let engine = Engine::new(&engine::config())?;
    // SAFETY: the bytes are the build script's, from `Engine::precompile_component`, and part of
    // this program as its other code is.
    let component = unsafe { Component::deserialize(&engine, COMPILED)? };
    let instances = FuserPre::new(linker(&engine)?.instantiate_pre(&component)?)?;
    Ok(Guest { engine, instances })
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker)
}

/// What an instance has: nothing, and a bound on its memory.
struct State {
    context: WasiCtx,
    resources: ResourceTable,
    memory: MemoryLimit,
    stderr: MemoryOutputPipe,
}

impl State {
    fn new(budget: cli::Budget) -> Self {
        let stderr = MemoryOutputPipe::new(1 << 16);
        State {
            context: WasiCtx::builder().stderr(stderr.clone()).build(),
            resources: ResourceTable::new(),
            memory: MemoryLimit { bytes: u64::from(budget.memory_mb) << 20 },
            stderr,
        }
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

#[derive(Debug)]
struct OutOfMemory;

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory")
    }
}

impl std::error::Error for OutOfMemory {}

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

/// Why a call did not return.
fn stopped(error: &wasmtime::Error, budget: cli::Budget, stderr: &[u8]) -> Box<fuse::Error> {
    if error.is::<OutOfMemory>() {
        let message = format!("the fuser needs more than {} MB of memory", budget.memory_mb);
        return own_error(
            "host-limit",
            message,
            [text("raise "), spending(Spending::MemoryMb), text(" (4095 is the most)")],
        );
    }
    if error.downcast_ref() == Some(&Trap::Interrupt) {
        let message = format!("the fuser needs more than {} seconds", budget.seconds);
        return own_error("host-limit", message, [text("raise "), spending(Spending::Seconds)]);
    }
    // What it has said itself, when it panicked; the hint at a variable it would not see is none.
    let said = String::from_utf8_lossy(stderr);
    let said = said.trim().lines().filter(|line| !line.starts_with("note:"));
    let said: String = said.flat_map(|line| [": ", line]).collect();
    internal(format!("the fuser stopped: {}{said}", error.root_cause()))
}

/// The system does not give what every call needs, before it has done anything.
fn no_room() -> Box<fuse::Error> {
    let message =
        format!("the system does not give the fuser {ADDRESS_SPACE_GB} GB of address space");
    let help = "most of it is never used, but it has to be there: allow the process more of it \
                (`ulimit -v unlimited`), or run the fuser elsewhere";
    own_error("host-limit", message, [text(help)])
}

fn internal(message: String) -> Box<fuse::Error> {
    let remedy = text("this is a bug in the fuser: please report it with the input");
    own_error("internal", message, [remedy])
}

/// An error of the host's own.
pub fn own_error(
    code: &str,
    message: String,
    remedy: impl Into<Vec<RemedyPart>>,
) -> Box<fuse::Error> {
    Box::new(fuse::Error {
        code: code.to_owned(),
        message: escaped(&message).into_owned(),
        input: None,
        instance_path: None,
        function: None,
        offset: None,
        remedy: remedy.into(),
    })
}

/// What to do next, as text.
pub fn text(text: &str) -> RemedyPart {
    RemedyPart::Text(text.to_owned())
}

fn spending(spending: Spending) -> RemedyPart {
    RemedyPart::Setting(fuse::Setting::Budget(spending))
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
    fn the_host_gives_the_component_no_environment() {
        assert!(std::env::vars().next().is_some(), "the test has one itself");
        let engine = Engine::new(&engine::config()).expect("is a valid configuration");
        let probe = Component::new(&engine, PROBE).expect("is a component");
        let mut store = Store::new(&engine, State::new(SMALL));
        store.set_epoch_deadline(1);
        let linker = linker(&engine).expect("has no duplicates");
        let instance = linker.instantiate(&mut store, &probe).expect("finds its imports");
        let count = instance.get_typed_func::<(), (u32,)>(&mut store, "count").expect("is there");
        assert_eq!(count.call(&mut store, ()).expect("does not trap"), (0,));
    }

    #[test]
    fn a_call_that_takes_too_long_is_an_error() {
        let guest = Guest::start().expect("starts");
        let budget = cli::Budget { seconds: 0, ..SMALL };
        let endless: Result<(), _> = guest.call(budget, |fuser, store| {
            loop {
                fuser.wasm_fuser_fuser_cli().call_parse(&mut *store, &[]).map(drop)?;
            }
        });
        let error = endless.expect_err("ends");
        assert_eq!(error.code, "host-limit");
        assert!(error.message.contains("0 seconds"), "{}", error.message);
    }
}
