//! Links core instances into one core module.
//!
//! The input is a list of core instances in instantiation order, each a module together with the
//! item that every one of its imports is bound to. The output is one module that does, when it is
//! instantiated, what instantiating the list would have done, in the same order:
//!
//! ```text
//! link                                        merged module
//!   instance 0 = (module A)                     (import "host" "log" (func 0))
//!   instance 1 = (module B                      (func 1 ..)   A's, calls 1
//!       imports A's "f", the host's "log")      (func 2 ..)   B's, calls 1 and 0
//!   export "run" = B's "run"                    (export "run" (func 2))
//! ```
//!
//! Every index space of every instance is bound to *definitions* first; nothing is numbered before
//! it is known what is kept. Where an item is defined is answered by `resolve` alone, and which index
//! it gets by `layout` alone.
//!
//! Rejected: concatenating the modules and patching calls to imports afterwards (two index spaces
//! are alive at a time, and which one a number belongs to is a matter of when one asks); a full
//! in-memory form of function bodies (they are copied, and only the immediates that name indices
//! change, so the text of an instruction is never needed).
//!
//! Limits: knows core wasm only. Branch hints and custom sections other than `name` are dropped,
//! DWARF among them, because its offsets would be those of the input. Input modules must be valid
//! and bindings must have the types that imports ask for: the component validator proves both, and
//! what would contradict it here is an internal error. Externals are imported without the exactness of
//! the custom descriptors proposal. Nothing bounds the size of the output: it is about that of all
//! instances' modules together.

use cranelift_entity::PrimaryMap;
use cranelift_entity::SecondaryMap;
use wasm_encoder::GlobalType;
use wasm_encoder::MemoryType;
use wasm_encoder::TableType;
use wasm_encoder::ValType;

use crate::error::Error;
use crate::error::Result;
use crate::ids::id;
use crate::options::Names;

mod constant;
mod encode;
mod indirection;
mod layout;
mod module;
mod names;
mod reach;
mod resolve;
mod rewrite;
mod segment;
mod start;
mod types;

id! {
    /// A core module of the input.
    pub struct ModuleId("module");
    /// A core instance: one instantiation of a module.
    pub struct InstanceId("instance");
    /// Something the merged module may import.
    pub struct ExternalId("external");
}

/// What to merge.
#[derive(Clone, Debug, Default)]
pub struct Link<'a> {
    /// The modules, as binaries.
    pub modules: PrimaryMap<ModuleId, &'a [u8]>,
    /// The instances, in the order in which they are instantiated.
    pub instances: PrimaryMap<InstanceId, Instance>,
    /// What can be imported from outside.
    pub externals: PrimaryMap<ExternalId, External>,
    /// The exports of the merged module. Names are unique.
    pub exports: Vec<Export>,
}

/// One instantiation of a module.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The module.
    pub module: ModuleId,
    /// What each of the module's imports is bound to, in order.
    pub imports: Vec<Item>,
    /// What names of this instance are qualified with in the `name` section, such as `app/main`;
    /// empty for nothing.
    pub label: String,
}

/// A function, table, memory, global or tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// One that comes from outside.
    External(ExternalId),
    /// One that an earlier instance provides.
    Defined {
        /// The instance.
        instance: InstanceId,
        /// Which of its index spaces.
        kind: EntityKind,
        /// The index there. It may name an import of that instance.
        index: u32,
    },
}

/// The index spaces whose entries can be imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// Functions.
    Func,
    /// Tables.
    Table,
    /// Memories.
    Memory,
    /// Globals.
    Global,
    /// Exception tags.
    Tag,
}

impl Link<'_> {
    /// Says in an error which instance it is about.
    fn at(&self, instance: InstanceId, error: Error) -> Error {
        match self.instances.get(instance) {
            Some(Instance { label, .. }) if !label.is_empty() => error.in_instance(label),
            _ => error,
        }
    }
}

/// An import of the merged module, provided that something reachable uses it.
#[derive(Clone, Debug)]
pub struct External {
    /// The import's module name.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// Its type.
    pub ty: ExternalType,
}

/// The type of an [`External`]. Reference types in it are abstract: there is no type section that
/// a concrete one could refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalType {
    /// A function of a final type without supertypes.
    Func {
        /// Parameters.
        params: Vec<ValType>,
        /// Results.
        results: Vec<ValType>,
    },
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// A tag with these parameters.
    Tag(Vec<ValType>),
}

impl ExternalType {
    /// The index space it belongs to.
    pub fn kind(&self) -> EntityKind {
        match self {
            ExternalType::Func { .. } => EntityKind::Func,
            ExternalType::Table(_) => EntityKind::Table,
            ExternalType::Memory(_) => EntityKind::Memory,
            ExternalType::Global(_) => EntityKind::Global,
            ExternalType::Tag(_) => EntityKind::Tag,
        }
    }
}

/// An export of the merged module.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What is exported.
    pub item: Item,
}

/// How to merge.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether there is a `name` section.
    pub names: Names,
    /// How start functions run.
    pub start: Start,
}

/// How the start functions of the instances, and the segments that come after one, get to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// On instantiation.
    Section,
    /// When the embedder calls the export of this name, which exists if there is anything to do.
    Export(String),
}

/// The merged module.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The module.
    pub bytes: Vec<u8>,
    /// Which externals it imports.
    pub externals: SecondaryMap<ExternalId, bool>,
    /// The name of the exported start function, with [`Start::Export`] and something to do.
    pub start: Option<String>,
    /// The memories it defines, by index.
    pub memories: Vec<MemoryInfo>,
    /// How many functions it defines.
    pub functions: u32,
    code_sizes: SecondaryMap<InstanceId, Vec<u32>>,
}

/// A memory that the merged module defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryInfo {
    /// Its index in the merged module.
    pub index: u32,
    /// The instance that defines it.
    pub instance: InstanceId,
    /// Its initial size in pages.
    pub initial: u64,
    /// Its maximum size in pages.
    pub maximum: Option<u64>,
    /// The binary logarithm of its page size in bytes: 16, unless the memory says otherwise.
    pub page_size_log2: u32,
}

impl Merged {
    /// The size in bytes of the body of a function, in the merged module: 0 if it was removed, or if
    /// the index (in the index space of the instance's module) names an import.
    pub fn code_size(&self, instance: InstanceId, index: u32) -> u32 {
        let sizes = &self.code_sizes[instance];
        usize::try_from(index).ok().and_then(|i| sizes.get(i)).copied().unwrap_or(0)
    }
}

/// Merges core instances into one module.
///
/// # Errors
///
/// * [`NotFused`](crate::Code::NotFused): the initial value of a table is a global of another
///   instance that holds a new object of the GC proposal.
/// * [`Internal`](crate::Code::Internal): a module is not valid, or is bound to what it does not
///   ask for. Nothing panics.
pub fn merge(link: &Link<'_>, options: &Options) -> Result<Merged> {
    // Sections become lists; of each function body, the entities that it refers to.
    let modules = module::read(link)?;
    // Each index of each instance names the definition it is bound to.
    let program = resolve::resolve(link, modules)?;
    // Types that are the same type have the same id, whichever module wrote them.
    let types = types::intern(link, &program)?;
    // Calls through tables of known contents skip the table.
    let program = indirection::bypass(program, &types)?;
    // Immutable globals whose values are known.
    let constants = constant::evaluate(&program)?;
    // What can still be observed is kept.
    let live = reach::reach(&program, &constants)?;
    // What is left to do once active segments have been applied, in order.
    let steps = start::plan(&program, &constants, &live)?;
    // Every definition that is kept has an index.
    let layout = layout::number(&program, &live, &steps)?;
    encode::encode(link, options, &encode::Input { program, types, constants, live, steps, layout })
}

#[cfg(test)]
mod tests;
