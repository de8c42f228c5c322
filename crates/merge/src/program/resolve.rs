//! Binds every index of every instance to a definition.
//!
//! ```text
//! instance 0:  (func $f)                          function 0  ->  func0 = (instance 0, function 0)
//! instance 1:  (import .. (func)) bound to f      function 0  ->  func0
//!              (func $g)                          function 1  ->  func1 = (instance 1, function 0)
//! ```
//!
//! A definition is an external or something that an instance defines. Each has an id in an arena
//! for its kind: externals first, then the instances' definitions, in instance order. Imports are
//! followed as they are bound, so a chain of re-exported imports has length one for all later
//! stages, and a module instantiated twice has two ids for each of its definitions.
//!
//! Limits: an instance can import from earlier instances only.

use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap};
use wasmparser::TypeRef;

use super::entity::{
    DataId, Definition, ElementId, Entity, FuncId, GlobalId, MemoryId, Site, TableId, TagId,
};
use super::spaces::Spaces;
use crate::read::Module;
use crate::{
    EntityKind, Error, Export, ExternalId, Instance, InstanceId, Item, Link, ModuleId, Result,
};

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
    /// The exports of the result, in order: names, and what they name.
    pub exports: Vec<(&'a str, Entity)>,
    /// The instances whose code is not there.
    pub opaque: EntitySet<InstanceId>,
    /// The memory whose base is the value of a global, if it is such a global.
    pub bases: SecondaryMap<GlobalId, Option<MemoryId>>,
    /// What is called when everything is instantiated.
    pub main: Option<FuncId>,
}

impl<'a> Program<'a> {
    /// The module of an instance.
    pub fn module(&self, instance: InstanceId) -> &Module<'a> {
        &self.modules[self.instances[instance].module]
    }

    /// Whether the code of an instance is not there.
    pub fn is_opaque(&self, instance: InstanceId) -> bool {
        self.opaque.contains(instance)
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

    /// Where an entity comes from, unless it is a helper.
    #[inline]
    pub fn definition(&self, entity: Entity) -> Option<Definition> {
        Some(match entity {
            Entity::Func(id) => self.funcs[id],
            Entity::Helper(_) => return None,
            Entity::Table(id) => self.tables[id],
            Entity::Memory(id) => self.memories[id],
            Entity::Global(id) => self.globals[id],
            Entity::Tag(id) => self.tags[id],
            Entity::Element(id) => Definition::Defined(self.elements[id]),
            Entity::Data(id) => Definition::Defined(self.data[id]),
        })
    }

    /// The external that an entity is.
    pub fn external(&self, entity: Entity) -> Result<ExternalId> {
        match self.definition(entity) {
            Some(Definition::External(id)) => Ok(id),
            _ => Err(Error::internal(format!("{entity:?} is not external"))),
        }
    }

    /// The same program with other functions in place of some, wherever an instance, or an export or
    /// `main` (which are no instances), names them.
    pub fn with_functions(
        mut self,
        other: impl Fn(Option<InstanceId>, FuncId) -> Result<FuncId>,
    ) -> Result<Self> {
        for (instance, spaces) in &mut self.instances {
            spaces.replace_functions(|func| other(Some(instance), func))?;
        }
        for (_, export) in &mut self.exports {
            if let Entity::Func(id) = export {
                *id = other(None, *id)?;
            }
        }
        self.main = self.main.map(|main| other(None, main)).transpose()?;
        Ok(self)
    }
}

/// Binds all imports and exports.
pub fn resolve<'a>(
    link: &Link<'_>,
    exports: &'a [Export],
    modules: PrimaryMap<ModuleId, Module<'a>>,
) -> Result<Program<'a>> {
    let functions = |it: &Instance| modules.get(it.module).map_or(0, |it| it.functions.len());
    let functions = link.externals.len() + link.instances.values().map(functions).sum::<usize>();
    let mut program = Program {
        modules,
        instances: PrimaryMap::new(),
        funcs: PrimaryMap::with_capacity(functions),
        tables: PrimaryMap::new(),
        memories: PrimaryMap::new(),
        globals: PrimaryMap::new(),
        tags: PrimaryMap::new(),
        elements: PrimaryMap::new(),
        data: PrimaryMap::new(),
        externals: PrimaryMap::new(),
        exports: Vec::new(),
        opaque: EntitySet::new(),
        bases: SecondaryMap::new(),
        main: None,
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
    program.exports = exports
        .iter()
        .map(|export| Ok((export.name.as_str(), program.item(export.item)?.0)))
        .collect::<Result<_>>()?;
    for base in &link.bases {
        match (program.item(base.global)?.0, program.item(base.memory)?.0) {
            (Entity::Global(global), Entity::Memory(memory)) => {
                program.bases[global] = Some(memory);
            }
            (global, memory) => {
                return Err(Error::internal(format!("{global:?} is the base of {memory:?}")));
            }
        }
    }
    program.main = match link.main.map(|main| program.item(main)).transpose()? {
        Some((Entity::Func(main), _)) => Some(main),
        Some((other, _)) => return Err(Error::internal(format!("{other:?} is called"))),
        None => None,
    };
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
    spaces.funcs.define(&mut program.funcs, instance, module.functions.len(), Definition::Defined);
    spaces.tables.define(&mut program.tables, instance, module.tables.len(), Definition::Defined);
    spaces.memories.define(
        &mut program.memories,
        instance,
        module.memories.len(),
        Definition::Defined,
    );
    spaces.globals.define(
        &mut program.globals,
        instance,
        module.globals.len(),
        Definition::Defined,
    );
    spaces.tags.define(&mut program.tags, instance, module.tags.len(), Definition::Defined);
    spaces.elements.define(&mut program.elements, instance, module.elements.len(), |site| site);
    spaces.data.define(&mut program.data, instance, module.data.len(), |site| site);
    Ok(spaces)
}

fn check_kind(entity: Entity, ty: &TypeRef) -> Result<()> {
    match (entity, ty) {
        (Entity::Func(_), TypeRef::Func(_) | TypeRef::FuncExact(_))
        | (Entity::Table(_), TypeRef::Table(_))
        | (Entity::Memory(_), TypeRef::Memory(_))
        | (Entity::Global(_), TypeRef::Global(_))
        | (Entity::Tag(_), TypeRef::Tag(_)) => Ok(()),
        _ => Err(Error::internal(format!("an import of type {ty:?} is bound to {entity:?}"))),
    }
}
