//! The boundary of a component, written: what it imports, and what it exports.
//!
//! [`World`] has the component under construction, and knows where things of the plan are in its
//! index spaces. How the functions come about that it exports is not its business: that is for
//! [`Functions`], which are lifted from core wasm (`code`), or are those of components inside
//! (`groups`).

use cranelift_entity::SecondaryMap;
use wasm_encoder::{ComponentExportKind, ValType};

use super::names::{InnerNames, extern_name};
use super::shell;
use super::types::Scopes;
use crate::error::{Code, Error, Result};
use crate::limits;
use crate::options::Names;
use crate::plan::{
    BagId, ComponentDef, FuncDef, ImportId, ImportedInstance, InstanceId, Item, LiftId, ModuleDef,
    Origin, Plan, ResourceId, Type, TypeId,
};

/// A component under construction.
pub(super) struct World<'c, 'a> {
    pub plan: &'c Plan<'a>,
    pub scopes: Scopes<'c, 'a>,
    pub names: InnerNames,
    /// Component functions that are imported, once they have an index.
    imports: SecondaryMap<ImportId, Option<u32>>,
    /// Instances that are imported, and those of imported components.
    instances: SecondaryMap<BagId, Option<u32>>,
    /// Those of imported components.
    made: SecondaryMap<InstanceId, Option<u32>>,
    /// The first type that each resource is.
    resources: SecondaryMap<ResourceId, Option<TypeId>>,
}

/// Where the functions come from that a component exports.
pub(super) trait Functions {
    /// Whether their types refer to the types of components inside: then what is exported has to be
    /// given a type that refers to what this component exports.
    const FOREIGN: bool;

    /// The index of a lifted function.
    fn lift(&mut self, world: &mut World<'_, '_>, lift: LiftId, ty: TypeId) -> Result<u32>;
}

impl<'c, 'a> World<'c, 'a> {
    /// Begins with the imports.
    pub fn new(plan: &'c Plan<'a>) -> Result<Self> {
        let mut world = World {
            plan,
            scopes: Scopes::new(plan),
            names: InnerNames::default(),
            imports: SecondaryMap::new(),
            instances: SecondaryMap::new(),
            made: SecondaryMap::new(),
            resources: SecondaryMap::new(),
        };
        for (ty, definition) in plan.types.iter() {
            if let Type::Resource(resource) = definition {
                world.resources[*resource].get_or_insert(ty);
            }
        }
        for (name, item) in &plan.root_imports {
            let ty = world.scopes.declaration(*item)?;
            let index = world.scopes.component.import(extern_name(name), ty);
            world.know(*item, index)?;
        }
        for (id, module) in &plan.imported_modules {
            if module.origin.instance.is_none() && module.origin.path.len() > 1 {
                let index = world.absent(&module.origin, ComponentExportKind::Module)?;
                world.scopes.modules.insert(ModuleDef::Imported(id), index);
            }
        }
        Ok(world)
    }

    /// Says that an item that is not made here has this index.
    fn know(&mut self, item: Item, index: u32) -> Result<()> {
        match item {
            Item::Func(FuncDef::Import(import), _) => {
                self.imports[import] = Some(index);
            }
            Item::Instance(bag) => {
                self.instances[bag] = Some(index);
                self.scopes.know_exports(index, bag);
            }
            Item::Type(ty) => self.scopes.know(ty, index),
            Item::Module(module, _) => {
                self.scopes.modules.insert(module, index);
            }
            Item::Component(ComponentDef::Imported(component), _) => {
                self.scopes.components.insert(component, index);
            }
            Item::Declared(_) => {}
            _ => return Err(Error::internal("the root imports something unknown")),
        }
        Ok(())
    }

    /// Instantiates an imported component with what the composition passes it.
    pub fn instantiate(
        &mut self,
        instance: &ImportedInstance,
        functions: &mut impl Functions,
    ) -> Result<()> {
        let arguments = instance.arguments.iter().map(|(name, item)| (name.as_str(), *item));
        let arguments = self.arguments(arguments, functions)?;
        let component = self.component(ComponentDef::Imported(instance.component))?;
        let index = self.scopes.component.instantiate(None, component, arguments);
        self.names.instance(index, self.plan.path(instance.instance));
        self.made[instance.instance] = Some(index);
        self.know(Item::Instance(instance.exports), index)
    }

    /// What to instantiate a component with.
    pub fn arguments<'n>(
        &mut self,
        items: impl IntoIterator<Item = (&'n str, Item)>,
        functions: &mut impl Functions,
    ) -> Result<Vec<(&'n str, ComponentExportKind, u32)>> {
        self.nameless(|world| {
            let arguments = items.into_iter().map(|(name, item)| {
                let (kind, index) = world.item(item, functions)?;
                Ok((name, kind, index))
            });
            arguments.collect()
        })
    }

    /// Writes something whose types have no names in this component, and forgets them.
    fn nameless<T>(&mut self, write: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let known = self.scopes.known();
        let written = write(self);
        self.scopes.forget(known);
        written
    }

    /// The index of a component function that is imported.
    pub fn import(&mut self, import: ImportId) -> Result<u32> {
        if let Some(index) = self.imports[import] {
            return Ok(index);
        }
        let origin = &self.plan.imports[import].origin;
        let index = self.absent(origin, ComponentExportKind::Func)?;
        self.imports[import] = Some(index);
        Ok(index)
    }

    /// The index of a core module, which is written if it is not there yet.
    pub fn module(&mut self, module: ModuleDef) -> Result<u32> {
        if let ModuleDef::Imported(id) = module
            && !self.scopes.modules.contains_key(&module)
        {
            let origin = &self.plan.imported_modules[id].origin;
            let index = self.absent(origin, ComponentExportKind::Module)?;
            self.scopes.modules.insert(module, index);
        }
        self.scopes.module(module)
    }

    /// The index of a component, which is written if it is not there yet.
    fn component(&mut self, component: ComponentDef) -> Result<u32> {
        match component {
            ComponentDef::Defined(closure) => {
                let carried = self.plan.carried_component(closure)?;
                self.scopes.carried(carried)
            }
            ComponentDef::Imported(id) => {
                if let Some(&index) = self.scopes.components.get(&id) {
                    return Ok(index);
                }
                let origin = &self.plan.imported_components[id].origin;
                let index = self.absent(origin, ComponentExportKind::Component)?;
                self.scopes.components.insert(id, index);
                Ok(index)
            }
        }
    }

    /// The index of something in an instance that is not made here.
    fn absent(&mut self, origin: &Origin, kind: ComponentExportKind) -> Result<u32> {
        let unknown = || {
            let path = origin.path.join(" ");
            Error::internal(format!("nothing is imported that has an export `{path}`"))
        };
        let (instance, path) = match origin.instance {
            Some(instance) => (self.made[instance].ok_or_else(unknown)?, origin.path.as_slice()),
            None => {
                let (first, rest) = origin.path.split_first().ok_or_else(unknown)?;
                let root = self.plan.root_imports.iter().find(|(name, _)| name.name == *first);
                match root {
                    Some((_, Item::Instance(bag))) => {
                        (self.instances[*bag].ok_or_else(unknown)?, rest)
                    }
                    _ => return Err(unknown()),
                }
            }
        };
        self.scopes.alias(instance, path, kind)
    }

    /// Defines a resource.
    pub fn define_resource(&mut self, resource: ResourceId, dtor: Option<u32>) {
        let index = self.scopes.component.type_resource(None, ValType::I32, dtor);
        if let Some(ty) = self.resources[resource] {
            self.scopes.know(ty, index);
        }
    }

    /// The index of a resource type: whichever of its names comes first.
    pub fn resource(&mut self, resource: ResourceId) -> Result<u32> {
        let ty = self.resources[resource];
        let ty = ty.ok_or_else(|| Error::internal("a resource has no type"))?;
        self.scopes.index(ty)
    }

    /// Writes the exports.
    pub fn exports<F: Functions>(&mut self, functions: &mut F) -> Result<()> {
        let plan = self.plan;
        // The types of built-ins may be those of functions that are exported.
        self.scopes.forget_made_of(plan.root_exports.iter().filter_map(|(_, item)| match item {
            Item::Type(ty) => Some(*ty),
            _ => None,
        }));
        for (name, item) in &plan.root_exports {
            let made_here = match item {
                Item::Func(..) => true,
                Item::Instance(bag) => self.instances[*bag].is_none() && !self.needs_shell(*bag),
                _ => false,
            };
            let is_foreign = F::FOREIGN && made_here;
            let (kind, index) = match item {
                // Not another that is equal: it may have no name where this component is used.
                Item::Type(ty) if !self.scopes.knows_itself(*ty) => {
                    (ComponentExportKind::Type, self.scopes.define(*ty)?)
                }
                _ if is_foreign => self.nameless(|world| world.item(*item, functions))?,
                _ => self.item(*item, functions)?,
            };
            // What it is seen through may have less than the definition.
            let seen = match item {
                Item::Module(_, Some(_)) | Item::Component(_, Some(_)) => true,
                _ => is_foreign,
            };
            let seen = seen.then(|| self.scopes.declaration(*item)).transpose()?;
            let exported = self.scopes.component.export(extern_name(name), kind, index, seen);
            match item {
                Item::Type(ty) => self.scopes.know(*ty, exported),
                Item::Instance(bag) => self.scopes.know_exports(exported, *bag),
                _ => {}
            }
        }
        Ok(())
    }

    /// The index of an item, to export it or to pass it.
    pub fn item(
        &mut self,
        item: Item,
        functions: &mut impl Functions,
    ) -> Result<(ComponentExportKind, u32)> {
        Ok(match item {
            Item::Func(FuncDef::Import(import), _) => {
                (ComponentExportKind::Func, self.import(import)?)
            }
            Item::Func(FuncDef::Lift(lift), ty) => {
                (ComponentExportKind::Func, functions.lift(self, lift, ty)?)
            }
            Item::Type(ty) => (ComponentExportKind::Type, self.scopes.index(ty)?),
            Item::Instance(bag) => match self.instances[bag] {
                Some(imported) => (ComponentExportKind::Instance, imported),
                None if self.needs_shell(bag) => {
                    (ComponentExportKind::Instance, self.shell(bag, functions)?)
                }
                None => (ComponentExportKind::Instance, self.bag(bag, functions)?),
            },
            Item::Declared(id) => {
                let carried = self.plan.carried_type(id)?;
                (ComponentExportKind::Type, self.scopes.carried(carried)?)
            }
            Item::Module(module, _) => (ComponentExportKind::Module, self.module(module)?),
            Item::Component(component, _) => {
                (ComponentExportKind::Component, self.component(component)?)
            }
        })
    }

    fn needs_shell(&self, bag: BagId) -> bool {
        shell::needs_shell(self.plan, &self.scopes, bag)
    }

    /// An instance that a shell makes.
    fn shell(&mut self, bag: BagId, functions: &mut impl Functions) -> Result<u32> {
        let shell = shell::shell(self.plan, &self.scopes, bag)?;
        let mut arguments = Vec::new();
        for (i, ty) in shell.types.iter().enumerate() {
            let index = self.scopes.index(*ty)?;
            arguments.push((format!("type{i}"), ComponentExportKind::Type, index));
        }
        for (i, func) in shell.funcs.iter().enumerate() {
            let (kind, index) = self.item(**func, functions)?;
            arguments.push((format!("func{i}"), kind, index));
        }
        let component = self.scopes.component.component(None, shell.component);
        Ok(self.scopes.component.instantiate(None, component, arguments))
    }

    /// An instance made of exports. How deep they nest is bounded by `Limits::depth`.
    fn bag(&mut self, bag: BagId, functions: &mut impl Functions) -> Result<u32> {
        let plan = self.plan;
        let mut items = Vec::new();
        for (name, item) in &plan.bags[bag] {
            if let Item::Module(_, Some(_)) | Item::Component(_, Some(_)) = item {
                return Err(seen_in_a_bag(name));
            }
            let (kind, index) = match item {
                Item::Instance(inner)
                    if self.instances[*inner].is_none()
                        && !shell::has_functions_of_a_resource(plan, *inner) =>
                {
                    (ComponentExportKind::Instance, self.bag(*inner, functions)?)
                }
                item => self.item(*item, functions)?,
            };
            items.push((name.as_str(), kind, index));
        }
        Ok(self.scopes.component.instantiate_exports(None, items))
    }

    /// The component's bytes.
    pub fn finish(self, names: Names) -> Result<Vec<u8>> {
        let mut component = self.scopes.component;
        limits::component(&component)?;
        self.names.append_to(&mut component, names);
        Ok(component.finish())
    }
}

fn seen_in_a_bag(name: &str) -> Error {
    Error::new(
        Code::NotFused,
        format!("`{name}` is exported in an instance, as a core module or component of a type"),
    )
    .with_help("export it beside the instance")
}
