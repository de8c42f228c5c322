//! What the program says about its work: plain records, the same as those of `wit/world.wit`.
//!
//! Hosts receive them over the component boundary, `--report` writes them as JSON, and `--explain`
//! and `inspect` print them as text (module `cli`). They are the end of the pipeline: stages fill
//! them in from what they decided, nobody reads a decision out of them.
//!
//! Names of inputs are in these records as they are. Sentences with names in them (`reason`, `warnings`,
//! `notes`, `dumps`) are for people, and escaped ([`text`](crate::text)).
//!
//! The names in JSON are those of the WIT records (`core-modules`, `from`), so that one
//! documentation serves both. Bytes of modules are no part of the JSON: they are files.

use serde::Serialize;

pub(crate) use self::code::{Code, code};
pub(crate) use self::fill::{report, sentences};
pub(crate) use self::graph::graph;
pub use crate::wrap::{BoundaryItem, Direction};

mod code;
mod debug;
mod fill;
mod graph;

/// A fused composition: what [`fuse`](crate::fuse) returns.
#[derive(Clone, Debug)]
pub struct Fused {
    /// The component or module, as [`Options::emit`](crate::Options::emit) says.
    pub bytes: Vec<u8>,
    /// The generated modules, each after those that it imports from.
    pub shims: Vec<Shim>,
    /// What was done.
    pub report: Report,
}

/// A generated core module: adapters of the crossings of two instances, guards, state, or a routine
/// of the runtime library.
#[derive(Clone, Debug)]
pub struct Shim {
    /// A name that is unique among the shims, and valid as a file name anywhere: short, of letters, digits
    /// and a few signs, not beginning with a dot.
    pub name: String,
    /// The module, valid by itself.
    pub bytes: Vec<u8>,
}

/// What was done, and why.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The composition: the input, or what several inputs were linked to.
    pub before: Totals,
    /// The result.
    pub after: Totals,
    /// Debug information.
    pub debug: DebugSizes,
    /// Every crossing, in order of the calling instance.
    pub crossings: Vec<Crossing>,
    /// The core modules with the composition's code, in order of instantiation. None if they are
    /// not merged.
    pub blocks: Vec<Block>,
    /// Every resource, in order of definition: those of the host first.
    pub resources: Vec<ResourceHandles>,
    /// Every memory of the fused module; none for [`Emit::Flat`](crate::Emit::Flat).
    pub memories: Vec<MemoryUse>,
    /// Every core import and export of the fused module that belongs to the world; none for
    /// [`Emit::Flat`](crate::Emit::Flat).
    pub boundary: Vec<BoundaryItem>,
    /// What deserves attention, one sentence each: text for people, [escaped](crate::text).
    pub warnings: Vec<String>,
    /// What is worth knowing, one sentence each: imports that stay open but for those of WASI,
    /// versions that became one.
    pub notes: Vec<String>,
    /// Results of the stages that [`Options::dumps`](crate::Options::dumps) asks for.
    pub dumps: Vec<Dump>,
}

/// Size and counts of a component, or of a core module. Definitions are counted, not what comes of
/// them: what is in a component that is instantiated twice counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    /// Size in bytes.
    pub bytes: u64,
    /// Components, the root and nested ones.
    pub components: u32,
    /// Core modules, at any depth.
    pub core_modules: u32,
    /// Core instances made from modules.
    pub core_instances: u32,
    /// Core functions that the modules define.
    pub functions: u32,
}

/// Bytes of debug information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DebugSizes {
    /// That of all guests; of a module that is instantiated twice, twice.
    pub before: u64,
    /// That of the result.
    pub after: u64,
}

/// A call from one component instance into another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Crossing {
    /// Path of the calling instance from the root, names between slashes; `(root)` for the root.
    pub from: String,
    /// Path of the called instance, likewise.
    pub to: String,
    /// The interface that the caller imports, where there is one.
    pub interface: Option<String>,
    /// The function, as the caller imports it.
    pub function: String,
    /// How it was compiled.
    pub strategy: Strategy,
    /// Why so, and what it does: one clause per value that moves. Text for people, escaped.
    pub reason: String,
    /// Bytes of code generated for this crossing alone: of its adapter, without the helpers that it
    /// shares with others. 0 if it is direct.
    pub size: u32,
}

/// How a crossing was compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The caller's import is bound straight to the callee's core function.
    Direct,
    /// The import is bound to a generated function that checks and copies values, and guards the
    /// call.
    Adapt,
    /// The call goes through the engine: the two instances cannot be in one component.
    Engine,
}

/// A core module of the result that has code of the composition: one, or as few as there can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Block {
    /// Its name.
    pub name: String,
    /// Paths of the core instances whose code is in it, guests' and shims'.
    pub instances: Vec<String>,
    /// Size in bytes; 0 if it is imported.
    pub bytes: u64,
    /// Defined functions; 0 if it is imported.
    pub functions: u32,
    /// What its code needs of WebAssembly beyond the first version, by the names that LLVM has for it.
    pub features: Vec<String>,
    /// Whether the root imports the module: its code is not there.
    pub imported: bool,
    /// Why it is a module by itself.
    pub reason: String,
}

/// A resource, and how its handles are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ResourceHandles {
    /// Its name at the boundary, after that of its interface and `#`; or else a name under which an
    /// instance exports it, which need not be unique.
    pub name: String,
    /// Path of the instance that defines it; none for one of the host.
    pub owner: Option<String>,
    /// How its handles are kept.
    pub policy: HandlePolicy,
    /// Why so.
    pub reason: String,
}

/// How handles of a resource are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandlePolicy {
    /// In tables of the fused module, one for each component instance.
    Internal,
    /// In the engine's table.
    Passthrough,
    /// In tables of the fused module, and exchanged for the engine's at the boundary.
    Bridged,
}

/// A linear memory of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MemoryUse {
    /// Path of the component instance that owns it; empty for the fuser's own.
    pub owner: String,
    /// The core module that defines it.
    pub module: String,
    /// Its index there; that of the memory of which it is a region, if it is one.
    pub index: u32,
    /// Where it begins in that memory, in bytes: 0, unless it is a region.
    pub base: u64,
    /// Initial size, in pages of 64 KiB (or of the custom page size).
    pub initial: u64,
    /// Maximum size, in pages.
    pub maximum: Option<u64>,
}

/// The result of one stage, as text, for those who work on the fuser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Dump {
    /// The stage: [`Stage::name`](crate::options::Stage::name).
    pub stage: String,
    /// Its result.
    pub text: String,
}

/// The instance graph of a component: what a drawing or a table needs.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Graph {
    /// Sizes and counts.
    pub totals: Totals,
    /// Component instances, core instances, imports and exports, in this order. A parent comes
    /// before its children.
    pub nodes: Vec<Node>,
    /// Who uses whom: one for each kind and pair of nodes.
    pub edges: Vec<Edge>,
    /// Names of the root's imports.
    pub imports: Vec<String>,
    /// Names of the root's exports.
    pub exports: Vec<String>,
}

/// A node of a component's instance graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its path from the root, or its name at the boundary.
    pub label: String,
    /// Index of the enclosing component instance's node.
    pub parent: Option<u32>,
    /// For a core instance, the size of its module in bytes.
    pub size: Option<u64>,
}

/// What a node of a graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A component instance.
    ComponentInstance,
    /// An instance of a core module.
    CoreInstance,
    /// An import of the root.
    Imported,
    /// An export of the root.
    Exported,
}

/// An edge of a graph: `from` uses `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edge {
    /// What it is.
    pub kind: EdgeKind,
    /// Index of the user's node.
    pub from: u32,
    /// Index of the provider's node.
    pub to: u32,
    /// The functions, or core items, that go over it: one for each use.
    pub labels: Vec<String>,
}

/// What an edge of a graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeKind {
    /// A call between component instances: a lower bound to a lift.
    Crossing,
    /// A call across the boundary.
    Boundary,
    /// Core items of one instance used by another.
    Core,
}
