//! What a program consists of, and where each thing comes from.

use crate::{EntityKind, ExternalId, InstanceId, id};

id! {
    /// A function of the whole link.
    pub struct FuncId("func");
    /// A function that merging adds: no instance has it.
    pub struct HelperId("helper");
    /// A table of the whole link.
    pub struct TableId("table");
    /// A memory of the whole link.
    pub struct MemoryId("memory");
    /// A global of the whole link.
    pub struct GlobalId("global");
    /// A tag of the whole link.
    pub struct TagId("tag");
    /// An element segment of the whole link.
    pub struct ElementId("elem");
    /// A data segment of the whole link.
    pub struct DataId("data");
}

/// Where something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// From outside.
    External(ExternalId),
    /// From an instance.
    Defined(Site),
}

impl Definition {
    /// The instance that defines it.
    pub fn instance(self) -> Option<InstanceId> {
        match self {
            Definition::External(_) => None,
            Definition::Defined(site) => Some(site.instance),
        }
    }
}

/// A position in one of the lists of an instance's module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    pub instance: InstanceId,
    /// Among the definitions of the module, not counting its imports.
    pub position: usize,
}

/// Something that is kept or removed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Func(FuncId),
    Helper(HelperId),
    Table(TableId),
    Memory(MemoryId),
    Global(GlobalId),
    Tag(TagId),
    Element(ElementId),
    Data(DataId),
}

impl Entity {
    /// The index space that it is in, if others can import it.
    pub fn kind(self) -> Option<EntityKind> {
        match self {
            Entity::Func(_) | Entity::Helper(_) => Some(EntityKind::Func),
            Entity::Table(_) => Some(EntityKind::Table),
            Entity::Memory(_) => Some(EntityKind::Memory),
            Entity::Global(_) => Some(EntityKind::Global),
            Entity::Tag(_) => Some(EntityKind::Tag),
            Entity::Element(_) | Entity::Data(_) => None,
        }
    }
}
