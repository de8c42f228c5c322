//! What the indices of one instance mean.

use cranelift_entity::{EntityRef, PrimaryMap};

use super::entity::{DataId, ElementId, Entity, FuncId, GlobalId, MemoryId, Site, TableId, TagId};
use crate::read::Use;
use crate::{EntityKind, Error, InstanceId, ModuleId, Result};

/// The index spaces of one instance.
pub struct Spaces {
    pub module: ModuleId,
    pub funcs: Space<FuncId>,
    pub tables: Space<TableId>,
    pub memories: Space<MemoryId>,
    pub globals: Space<GlobalId>,
    pub tags: Space<TagId>,
    pub elements: Space<ElementId>,
    pub data: Space<DataId>,
}

/// What the indices of one kind mean in one instance.
pub struct Space<I> {
    what: &'static str,
    ids: Vec<I>,
    /// How many of them are imports.
    imports: usize,
}

impl<I: EntityRef> Space<I> {
    fn new(what: &'static str) -> Self {
        Space { what, ids: Vec::new(), imports: 0 }
    }

    /// What an index means.
    #[inline]
    pub fn get(&self, index: u32) -> Result<I> {
        match self.ids.get(index as usize) {
            Some(id) => Ok(*id),
            None => {
                Err(Error::internal(format!("{} {index} is not in the index space", self.what)))
            }
        }
    }

    /// The position among the definitions that an index names, unless it names an import.
    pub fn position(&self, index: u32) -> Option<usize> {
        usize::try_from(index).ok()?.checked_sub(self.imports)
    }

    /// The index of a definition.
    pub fn index(&self, position: usize) -> usize {
        self.imports + position
    }

    /// What all indices mean, in order.
    pub fn ids(&self) -> &[I] {
        &self.ids
    }

    /// What the imports are.
    pub fn imports(&self) -> &[I] {
        &self.ids[..self.imports]
    }

    /// Adds the definitions of a module, after all imports.
    pub(super) fn define<D>(
        &mut self,
        arena: &mut PrimaryMap<I, D>,
        instance: InstanceId,
        count: usize,
        definition: impl Fn(Site) -> D,
    ) {
        self.imports = self.ids.len();
        let sites = (0..count).map(|position| Site { instance, position });
        self.ids.extend(sites.map(|site| arena.push(definition(site))));
    }
}

impl Spaces {
    pub(super) fn new(module: ModuleId) -> Self {
        Spaces {
            module,
            funcs: Space::new("function"),
            tables: Space::new("table"),
            memories: Space::new("memory"),
            globals: Space::new("global"),
            tags: Space::new("tag"),
            elements: Space::new("element segment"),
            data: Space::new("data segment"),
        }
    }

    /// The entity that code of this instance refers to.
    #[inline]
    pub fn used(&self, used: Use) -> Result<Entity> {
        Ok(match used {
            Use::Call(i) | Use::Reference(i) => Entity::Func(self.funcs.get(i)?),
            Use::Table(i) => Entity::Table(self.tables.get(i)?),
            Use::Memory(i) => Entity::Memory(self.memories.get(i)?),
            Use::Global(i) => Entity::Global(self.globals.get(i)?),
            Use::Tag(i) => Entity::Tag(self.tags.get(i)?),
            Use::Element(i) => Entity::Element(self.elements.get(i)?),
            Use::Data(i) => Entity::Data(self.data.get(i)?),
        })
    }

    /// The entity that an import or export of this instance is.
    pub fn item(&self, kind: EntityKind, index: u32) -> Result<Entity> {
        self.used(match kind {
            EntityKind::Func => Use::Call(index),
            EntityKind::Table => Use::Table(index),
            EntityKind::Memory => Use::Memory(index),
            EntityKind::Global => Use::Global(index),
            EntityKind::Tag => Use::Tag(index),
        })
    }

    /// Everything that is imported.
    pub fn imports(&self) -> impl Iterator<Item = Entity> {
        let funcs = self.funcs.imports().iter().map(|id| Entity::Func(*id));
        let tables = self.tables.imports().iter().map(|id| Entity::Table(*id));
        let memories = self.memories.imports().iter().map(|id| Entity::Memory(*id));
        let globals = self.globals.imports().iter().map(|id| Entity::Global(*id));
        let tags = self.tags.imports().iter().map(|id| Entity::Tag(*id));
        funcs.chain(tables).chain(memories).chain(globals).chain(tags)
    }

    /// Adds an import.
    pub(super) fn import(&mut self, entity: Entity) -> Result<()> {
        match entity {
            Entity::Func(id) => self.funcs.ids.push(id),
            Entity::Table(id) => self.tables.ids.push(id),
            Entity::Memory(id) => self.memories.ids.push(id),
            Entity::Global(id) => self.globals.ids.push(id),
            Entity::Tag(id) => self.tags.ids.push(id),
            Entity::Helper(_) | Entity::Element(_) | Entity::Data(_) => {
                return Err(Error::internal(format!("{entity:?} cannot be imported")));
            }
        }
        Ok(())
    }

    pub(super) fn replace_functions(
        &mut self,
        other: impl Fn(FuncId) -> Result<FuncId>,
    ) -> Result<()> {
        for id in &mut self.funcs.ids {
            *id = other(*id)?;
        }
        Ok(())
    }
}
