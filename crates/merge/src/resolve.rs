//! Binds every index of every instance to a definition.
//!
//! ```text
//! instance 0:  (func $f)                          function 0  ->  func0 = (instance 0, function 0)
//! instance 1:  (import .. (func)) bound to f      function 0  ->  func0
//!              (func $g)                          function 1  ->  func1 = (instance 1, function 0)
//! ```
//!
//! A definition is an external or something that an instance defines. Each has an id in an arena for
//! its kind: externals first, then the instances' definitions, in instance order. Imports are
//! followed as they are bound, so a chain of re-exported imports has length one for all later
//! stages, and a module instantiated twice has two ids for each of its definitions.
//!
//! Limits: an instance can import from earlier instances only.

use cranelift_entity::EntityRef;
use cranelift_entity::EntitySet;
use cranelift_entity::PrimaryMap;

use crate::EntityKind;
use crate::ExternalId;
use crate::InstanceId;
use crate::Item;
use crate::Link;
use crate::ModuleId;
use crate::error::Error;
use crate::error::Result;
use crate::generate::Generated;
use crate::generate::GeneratedId;
use crate::id;
use crate::module::Module;
use crate::module::Use;
use crate::partition::Partition;

id! {
    /// A function of the whole link.
    pub struct FuncId("func");
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

/// The modules, and what the indices of their instances mean.
pub struct Program<'a> {
    pub modules: PrimaryMap<ModuleId, Module<'a>>,
    pub instances: PrimaryMap<InstanceId, Spaces>,
    pub funcs: PrimaryMap<FuncId, Definition>,
    pub tables: PrimaryMap<TableId, Definition>,
    pub memories: PrimaryMap<MemoryId, Definition>,
    pub globals: PrimaryMap<GlobalId, Definition>,
    pub tags: PrimaryMap<TagId, Definition>,
    pub elements: PrimaryMap<ElementId, Site>,
    pub data: PrimaryMap<DataId, Site>,
    pub externals: PrimaryMap<ExternalId, Entity>,
    /// The functions that no instance has.
    pub generated: PrimaryMap<GeneratedId, Generated<'a>>,
    /// The exports of the result, as they are listed.
    pub exports: Vec<Entity>,
    /// The instances whose code is not there.
    pub opaque: EntitySet<InstanceId>,
}

/// Where something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// From outside.
    External(ExternalId),
    /// From an instance.
    Defined(Site),
    /// Made by merging: functions only.
    Generated(GeneratedId),
}

impl Definition {
    /// Whether an instance defines it.
    pub fn is_of(self, instance: InstanceId) -> bool {
        matches!(self, Definition::Defined(site) if site.instance == instance)
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
    Table(TableId),
    Memory(MemoryId),
    Global(GlobalId),
    Tag(TagId),
    Element(ElementId),
    Data(DataId),
}

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
    pub fn get(&self, index: u32) -> Result<I> {
        usize::try_from(index).ok().and_then(|i| self.ids.get(i)).copied().ok_or_else(|| {
            Error::internal(format!("{} {index} is not in the index space", self.what))
        })
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

    fn define(
        &mut self,
        arena: &mut PrimaryMap<I, Definition>,
        instance: InstanceId,
        count: usize,
    ) {
        self.imports = self.ids.len();
        let sites = (0..count).map(|position| Site { instance, position });
        self.ids.extend(sites.map(|site| arena.push(Definition::Defined(site))));
    }

    fn list(&mut self, arena: &mut PrimaryMap<I, Site>, instance: InstanceId, count: usize) {
        let sites = (0..count).map(|position| Site { instance, position });
        self.ids.extend(sites.map(|site| arena.push(site)));
    }
}

impl Spaces {
    fn new(module: ModuleId) -> Self {
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

    /// Everything that is imported.
    pub fn imports(&self) -> impl Iterator<Item = Entity> {
        let funcs = self.funcs.imports().iter().map(|id| Entity::Func(*id));
        let tables = self.tables.imports().iter().map(|id| Entity::Table(*id));
        let memories = self.memories.imports().iter().map(|id| Entity::Memory(*id));
        let globals = self.globals.imports().iter().map(|id| Entity::Global(*id));
        let tags = self.tags.imports().iter().map(|id| Entity::Tag(*id));
        funcs.chain(tables).chain(memories).chain(globals).chain(tags)
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

    fn import(&mut self, entity: Entity) -> Result<()> {
        match entity {
            Entity::Func(id) => self.funcs.ids.push(id),
            Entity::Table(id) => self.tables.ids.push(id),
            Entity::Memory(id) => self.memories.ids.push(id),
            Entity::Global(id) => self.globals.ids.push(id),
            Entity::Tag(id) => self.tags.ids.push(id),
            Entity::Element(_) | Entity::Data(_) => {
                return Err(Error::internal("a segment cannot be imported"));
            }
        }
        Ok(())
    }
}

impl<'a> Program<'a> {
    /// The module of an instance.
    pub fn module(&self, instance: InstanceId) -> &Module<'a> {
        &self.modules[self.instances[instance].module]
    }

    /// What an item of the link is.
    pub fn item(&self, item: Item) -> Result<(Entity, EntityKind)> {
        let entity = match item {
            Item::External(id) => *self
                .externals
                .get(id)
                .ok_or_else(|| Error::internal(format!("`{id}` does not exist")))?,
            Item::Defined { instance, kind, index } => self
                .instances
                .get(instance)
                .ok_or_else(|| Error::internal(format!("`{instance}` is used before it exists")))?
                .item(kind, index)?,
        };
        let kind = entity.kind().ok_or_else(|| Error::internal("a segment is no item"))?;
        Ok((entity, kind))
    }

    /// What an entity is.
    pub fn definition(&self, entity: Entity) -> Definition {
        match entity {
            Entity::Func(id) => self.funcs[id],
            Entity::Table(id) => self.tables[id],
            Entity::Memory(id) => self.memories[id],
            Entity::Global(id) => self.globals[id],
            Entity::Tag(id) => self.tags[id],
            Entity::Element(id) => Definition::Defined(self.elements[id]),
            Entity::Data(id) => Definition::Defined(self.data[id]),
        }
    }

    /// The external that an entity is.
    pub fn external(&self, entity: Entity) -> Result<ExternalId> {
        match self.definition(entity) {
            Definition::External(id) => Ok(id),
            _ => Err(Error::internal(format!("{entity:?} is not external"))),
        }
    }

    /// Whether the code of an instance is not there.
    pub fn is_opaque(&self, instance: InstanceId) -> bool {
        self.opaque.contains(instance)
    }

    /// Replaces functions wherever an index or an export names them, unless they are in a block that
    /// comes after the one of who names them.
    pub fn replace_functions(
        &mut self,
        partition: &Partition,
        replacement: impl Fn(FuncId) -> FuncId,
    ) -> Result<()> {
        let mut blocks = Vec::with_capacity(self.funcs.len());
        for func in self.funcs.keys() {
            blocks.push(partition.defines(self, Entity::Func(replacement(func)))?);
        }
        for (instance, spaces) in &mut self.instances {
            let block = partition.of(instance)?;
            for id in &mut spaces.funcs.ids {
                if blocks[id.index()] <= Some(block) {
                    *id = replacement(*id);
                }
            }
        }
        for export in &mut self.exports {
            if let Entity::Func(id) = export {
                *id = replacement(*id);
            }
        }
        Ok(())
    }
}

/// Binds all imports and exports.
pub fn resolve<'a>(
    link: &Link<'_>,
    modules: PrimaryMap<ModuleId, Module<'a>>,
) -> Result<Program<'a>> {
    let mut program = Program {
        modules,
        instances: PrimaryMap::new(),
        funcs: PrimaryMap::new(),
        tables: PrimaryMap::new(),
        memories: PrimaryMap::new(),
        globals: PrimaryMap::new(),
        tags: PrimaryMap::new(),
        elements: PrimaryMap::new(),
        data: PrimaryMap::new(),
        externals: PrimaryMap::new(),
        generated: PrimaryMap::new(),
        exports: Vec::new(),
        opaque: EntitySet::new(),
    };
    program.externals = define_externals(link, &mut program);
    for (id, instance) in &link.instances {
        let entities = instance
            .imports
            .iter()
            .map(|item| Ok(program.item(*item)?.0))
            .collect::<Result<Vec<_>>>()
            .map_err(|error| link.at(id, error))?;
        let spaces = instantiate(&mut program, id, instance.module, &entities)
            .map_err(|error| link.at(id, error))?;
        program.instances.push(spaces);
        if link.opaque.contains(instance.module) {
            program.opaque.insert(id);
        }
    }
    program.exports = link
        .exports
        .iter()
        .map(|export| Ok(program.item(export.item)?.0))
        .collect::<Result<_>>()?;
    Ok(program)
}

fn define_externals(link: &Link<'_>, program: &mut Program<'_>) -> PrimaryMap<ExternalId, Entity> {
    let entities = link.externals.iter().map(|(id, external)| {
        let definition = Definition::External(id);
        match external.ty.kind() {
            EntityKind::Func => Entity::Func(program.funcs.push(definition)),
            EntityKind::Table => Entity::Table(program.tables.push(definition)),
            EntityKind::Memory => Entity::Memory(program.memories.push(definition)),
            EntityKind::Global => Entity::Global(program.globals.push(definition)),
            EntityKind::Tag => Entity::Tag(program.tags.push(definition)),
        }
    });
    entities.collect()
}

fn instantiate(
    program: &mut Program<'_>,
    instance: InstanceId,
    id: ModuleId,
    imports: &[Entity],
) -> Result<Spaces> {
    let module =
        program.modules.get(id).ok_or_else(|| Error::internal(format!("`{id}` does not exist")))?;
    if imports.len() != module.imports.len() {
        return Err(Error::internal(format!(
            "`{instance}` is given {} imports but its module has {}",
            imports.len(),
            module.imports.len(),
        )));
    }
    let mut spaces = Spaces::new(id);
    for (entity, ty) in imports.iter().zip(&module.imports) {
        check_kind(*entity, ty)?;
        spaces.import(*entity)?;
    }
    spaces.funcs.define(&mut program.funcs, instance, module.functions.len());
    spaces.tables.define(&mut program.tables, instance, module.tables.len());
    spaces.memories.define(&mut program.memories, instance, module.memories.len());
    spaces.globals.define(&mut program.globals, instance, module.globals.len());
    spaces.tags.define(&mut program.tags, instance, module.tags.len());
    spaces.elements.list(&mut program.elements, instance, module.elements.len());
    spaces.data.list(&mut program.data, instance, module.data.len());
    Ok(spaces)
}

fn check_kind(entity: Entity, ty: &wasmparser::TypeRef) -> Result<()> {
    use wasmparser::TypeRef;
    match (entity, ty) {
        (Entity::Func(_), TypeRef::Func(_) | TypeRef::FuncExact(_))
        | (Entity::Table(_), TypeRef::Table(_))
        | (Entity::Memory(_), TypeRef::Memory(_))
        | (Entity::Global(_), TypeRef::Global(_))
        | (Entity::Tag(_), TypeRef::Tag(_)) => Ok(()),
        _ => Err(Error::internal(format!("an import of type {ty:?} is bound to {entity:?}"))),
    }
}
