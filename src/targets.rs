//! Targets: what belongs together for an engine, or for a tool that goes on from here, under one name.
//!
//! A target is a set of [`Options`] and nothing else, so that each of them can be changed afterwards. Those
//! for wasmtime, jco, Node.js and browsers are tried (`tests/wasip1.rs`, `web/test/matrix.test.mjs`); the others
//! are what is known of an engine.
//!
//! The targets on WASI preview 1 need a component that provides WASI 0.2 on it: an input that is called
//! [`WASIP1`], in `crates/wasip1`. The command and the package have it with them; whoever uses the
//! library passes its bytes.

use crate::options::{
    Capacity, CoreImports, CoreName, Emit, MemoryPlan, Options, Prefer, Start, Tables,
};

/// The name of the input that provides WASI 0.2 on preview 1.
pub const WASIP1: &str = "wasip1";

/// How much room there is in the one memory for what cannot go on, in bytes: it is there from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Room {
    /// What the provider's memory can grow to: lists of what directories have, arguments, what is written at once.
    provider: u32,
    /// What other guests' memories can grow to, but for the last.
    others: u32,
    /// What the tables of handles and their stack share equally.
    store: u32,
}

/// For engines that provide memory when it is touched: there are 5,000 handles for each guest and more.
/// With one or two guests beside it, the last one still begins where wasmtime need not check what is added to an
/// address.
const LARGE: Room = Room { provider: 1 << 20, others: 16 << 20, store: 1 << 18 };

/// For any engine: the last one begins where wasmtime need not check what is added to an address, with up to 15
/// others beside it. A command by itself begins with 20 pages, and with another guest beside it with 50. Arguments
/// and the environment have some 50 KB, and there are a thousand handles for each guest.
const USUAL: Room = Room { provider: 2 << 16, others: 30 << 16, store: 1 << 16 };

/// With another guest beside it, with 45.
const SMALL: Room = Room { provider: 2 << 16, others: 16 << 16, store: 1 << 16 };

/// The core module that WASI preview 1 is.
const PREVIEW1: &str = "wasi_snapshot_preview1";

/// An engine, or a tool, and the options that suit it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    form: Form,
    memory: MemoryPlan,
    simd: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A component.
    Component,
    /// A core module on WASI preview 1.
    Preview1(Room, Tables),
}

const fn component(name: &'static str, memory: MemoryPlan, about: &'static str) -> Target {
    Target { name, about, form: Form::Component, memory, simd: true }
}

/// For engines of the first version of WebAssembly, with what compilers have used since for long.
const fn first(name: &'static str, room: Room, about: &'static str) -> Target {
    let form = Form::Preview1(room, Tables::Single);
    Target { name, about, form, memory: MemoryPlan::Single, simd: false }
}

/// For engines that know references, and provide memory when it is touched.
const fn recent(name: &'static str, simd: bool, about: &'static str) -> Target {
    let form = Form::Preview1(LARGE, Tables::Multi);
    Target { name, about, form, memory: MemoryPlan::Single, simd }
}

impl Target {
    /// Every target.
    pub const ALL: &[Target] = &[
        component("wasmtime", MemoryPlan::Multi, "a component, in wasmtime"),
        component("jco", MemoryPlan::Split, "a component to be transpiled by jco as it is"),
        component("node", MemoryPlan::Split, "a component for Node.js, transpiled"),
        component("browser", MemoryPlan::Split, "a component for browsers, transpiled"),
        first("wasip1", USUAL, "a core module on WASI preview 1, for any engine"),
        recent("node-wasi", true, "a core module for Node.js' own `node:wasi`"),
        recent("wazero", true, "a core module for wazero, in Go"),
        recent("wasmi", false, "a core module for wasmi, an interpreter in Rust"),
        first("wasm3", USUAL, "a core module for wasm3, an interpreter in C"),
        recent("wamr", false, "a core module for WAMR and its `iwasm`"),
        recent("wasm2c", false, "a core module for wabt's wasm2c, a translator to C"),
        first("small", SMALL, "a core module for small devices: it has less room"),
    ];

    /// The target of a name.
    pub fn named(name: &str) -> Option<&'static Target> {
        Target::ALL.iter().find(|target| target.name == name)
    }

    /// Whether it takes an input [`WASIP1`].
    pub fn is_preview1(&self) -> bool {
        matches!(self.form, Form::Preview1(..))
    }

    /// Its options.
    pub fn options(&self) -> Options {
        let Target { form, memory, simd, .. } = *self;
        let options = Options { memory, simd, ..Options::default() };
        match form {
            Form::Component => options,
            Form::Preview1(room, tables) => Options {
                tables,
                // A call of the host takes longer than all that is around it.
                prefer: Prefer::Size,
                emit: Emit::Module,
                capacities: vec![Capacity { guest: WASIP1.into(), bytes: room.provider }],
                capacity: room.others,
                store: Some(room.store),
                // It has the host write to its memory, wherever it says that this is.
                trusted: vec![WASIP1.into()],
                fallbacks: vec![WASIP1.into()],
                core_imports: vec![CoreImports {
                    interface: "wasm-fuser:wasip1/raw".into(),
                    module: PREVIEW1.into(),
                }],
                only_core_imports: true,
                start: Some(Start {
                    export: "wasi:cli/run#run".into(),
                    exit: Some(CoreName { module: PREVIEW1.into(), name: "proc_exit".into() }),
                    if_exported: true,
                }),
                ..options
            },
        }
    }
}
