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
use cranelift_entity::PrimaryMap;

use super::EntityKind;
use super::ExternalId;
use super::InstanceId;
use super::Item;
use super::Link;
use super::ModuleId;
use super::module::Module;
use super::module::Use;
use crate::error::Error;
use crate::error::Result;
use crate::ids::id;

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
    /// The exports of the merged module, as they are listed.
    pub exports: Vec<Entity>,
}

/// Where something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// From outside.
    External(ExternalId),
    /// From an instance.
    Defined(Site),
}

/// A position in one of the lists of an instance's module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    pub instance: InstanceId,
    /// Among the definitions of the module, not counting its imports.
    pub position: usize,
}

/// Something that is kept or removed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    fn item(&self, kind: EntityKind, index: u32) -> Result<Entity> {
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

    /// Replaces functions wherever an index or an export names them.
    #[must_use]
    pub fn with_functions_replaced(mut self, replacement: impl Fn(FuncId) -> FuncId) -> Self {
        for spaces in self.instances.values_mut() {
            for id in &mut spaces.funcs.ids {
                *id = replacement(*id);
            }
        }
        for export in &mut self.exports {
            if let Entity::Func(id) = export {
                *id = replacement(*id);
            }
        }
        self
    }
}

/// Binds all imports and exports.
pub fn resolve<'a>(
    link: &Link<'a>,
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
        exports: Vec::new(),
    };
    let externals = define_externals(link, &mut program);
    for (id, instance) in &link.instances {
        let entities = instance
            .imports
            .iter()
            .map(|item| bind(&program, &externals, *item))
            .collect::<Result<Vec<_>>>()
            .map_err(|error| link.at(id, error))?;
        let spaces = instantiate(&mut program, id, instance.module, &entities)
            .map_err(|error| link.at(id, error))?;
        program.instances.push(spaces);
    }
    program.exports = link
        .exports
        .iter()
        .map(|export| bind(&program, &externals, export.item))
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

/// Finds what an item is. Only instances that have been instantiated already can be asked.
fn bind(
    program: &Program<'_>,
    externals: &PrimaryMap<ExternalId, Entity>,
    item: Item,
) -> Result<Entity> {
    match item {
        Item::External(id) => externals
            .get(id)
            .copied()
            .ok_or_else(|| Error::internal(format!("`{id}` does not exist"))),
        Item::Defined { instance, kind, index } => program
            .instances
            .get(instance)
            .ok_or_else(|| Error::internal(format!("`{instance}` is used before it exists")))?
            .item(kind, index),
    }
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
