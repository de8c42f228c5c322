//! What to merge: modules, their instances, and what comes from outside.

use std::borrow::Cow;

use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap};
use wasm_encoder::{FuncType, GlobalType, HeapType, MemoryType, TableType, ValType};
use wasmparser::ExternalKind;

use crate::{Error, Notes, id};

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
    pub modules: PrimaryMap<ModuleId, Cow<'a, [u8]>>,
    /// What has been noted of a module's code, if somebody has read it before.
    pub notes: SecondaryMap<ModuleId, Option<&'a Notes>>,
    /// The modules of whose code it will be asked where each instruction went: those with debug information.
    pub traced: EntitySet<ModuleId>,
    /// The modules whose code is not there: their binaries are
    /// [stand-ins](crate::Interface::stand_in).
    pub opaque: EntitySet<ModuleId>,
    /// The instances, in the order in which they are instantiated.
    pub instances: PrimaryMap<InstanceId, Instance>,
    /// What can be imported from outside.
    pub externals: PrimaryMap<ExternalId, External>,
    /// The instance whose memory, as a region of a [single](crate::MemoryPlan::Single) one, comes after
    /// all others and moves out of the way of the one before it, so that both can grow. It should be
    /// small, and not in the way of what is fast: each access adds where it is.
    pub moving: Option<InstanceId>,
    /// Globals whose values are known when it is known where memories are.
    pub bases: Vec<Base>,
    /// A function without parameters and results that is called when everything is instantiated, as
    /// one more start function would be: what a command does.
    pub main: Option<Item>,
}

/// A global that says where a memory begins in the memory that the result has for it: after how many
/// bytes. That is 0, unless the memory is a region of a [single](crate::MemoryPlan::Single) one.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    /// An immutable `i32` that an instance defines. Constant expressions do not read it.
    pub global: Item,
    /// The memory.
    pub memory: Item,
}

/// One instantiation of a module.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The module.
    pub module: ModuleId,
    /// What each of the module's imports is bound to, in order.
    pub imports: Vec<Item>,
    /// A path, such as `app/main`, or empty. It qualifies the names of this instance in the `name`
    /// section, as far as that takes.
    pub label: String,
    /// How many bytes its memories can have as regions of a [single](crate::MemoryPlan::Single) memory,
    /// if it is not [`Options::capacity`](crate::Options::capacity).
    pub capacity: Option<u32>,
    /// Whether calls of functions are replaced by what they call.
    pub inlining: Inlining,
    /// What qualifies its names instead of the label, if it shares its functions: one stands for all that are
    /// written alike, whichever of the instances with functions to share it is of. Of code that is generated
    /// there are copies in many modules, and whose a copy is matters to nobody.
    pub shared: Option<&'static str>,
    /// Whether its code can be relied upon to stay in its memories and tables: where they are
    /// [regions](crate::MemoryPlan::Single) of one memory and [parts](crate::Tables::Single) of one table, nothing is
    /// checked then. An access that would have trapped reaches what is another's, or traps.
    pub is_trusted: bool,
}

/// Whether calls of functions are replaced by what they call.
///
/// Nobody sees a difference but in a backtrace, where a function that was inlined has no frame. So it is
/// for code that is generated, of which nothing but the names of functions is known to debuggers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inlining {
    /// Calls stay calls.
    #[default]
    None,
    /// Functions of libraries are inlined into the instance's code.
    Into,
    /// Likewise, and the instance is a library: its functions are inlined into others' code.
    Library,
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

/// An export of the result.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name. No two exports have the same.
    pub name: String,
    /// What is exported.
    pub item: Item,
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

impl From<ExternalKind> for EntityKind {
    fn from(kind: ExternalKind) -> EntityKind {
        match kind {
            ExternalKind::Func | ExternalKind::FuncExact => EntityKind::Func,
            ExternalKind::Table => EntityKind::Table,
            ExternalKind::Memory => EntityKind::Memory,
            ExternalKind::Global => EntityKind::Global,
            ExternalKind::Tag => EntityKind::Tag,
        }
    }
}

/// An import of the merged module, if something reachable uses it.
#[derive(Clone, Debug)]
pub struct External {
    /// The import's module name.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// Its type.
    pub ty: ExternalType,
}

/// The type of an [`External`]. Its reference types are abstract: a concrete one would need a type
/// section to refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalType {
    /// A function of a final type without supertypes.
    Func(FuncType),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// A tag: its parameters are those of a function type without results.
    Tag(FuncType),
}

impl ExternalType {
    /// The index space it belongs to.
    pub fn kind(&self) -> EntityKind {
        match self {
            ExternalType::Func(_) => EntityKind::Func,
            ExternalType::Table(_) => EntityKind::Table,
            ExternalType::Memory(_) => EntityKind::Memory,
            ExternalType::Global(_) => EntityKind::Global,
            ExternalType::Tag(_) => EntityKind::Tag,
        }
    }

    /// Whether no reference type in it names a defined type.
    pub fn is_abstract(&self) -> bool {
        let is_abstract = |ty: &ValType| match ty {
            ValType::Ref(ty) => matches!(ty.heap_type, HeapType::Abstract { .. }),
            _ => true,
        };
        match self {
            ExternalType::Func(ty) | ExternalType::Tag(ty) => {
                ty.params().iter().chain(ty.results()).all(is_abstract)
            }
            ExternalType::Table(ty) => is_abstract(&ValType::Ref(ty.element_type)),
            ExternalType::Global(ty) => is_abstract(&ty.val_type),
            ExternalType::Memory(_) => true,
        }
    }
}

impl Instance {
    /// What its names are qualified with.
    pub(crate) fn qualifier(&self) -> &str {
        self.shared.unwrap_or(&self.label)
    }
}

impl Link<'_> {
    /// Says in an error which instance it is about.
    pub(crate) fn at(&self, instance: InstanceId, error: Error) -> Error {
        match self.instances.get(instance) {
            Some(Instance { label, .. }) if !label.is_empty() => error.in_instance(label),
            _ => error,
        }
    }
}
