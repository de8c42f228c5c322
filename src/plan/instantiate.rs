//! Symbolic instantiation: the component as a program, and the machine that runs it.
//!
//! An [`Activation`] is a frame and a position in a script: a component's definitions, or the
//! declarations of an instance type (see `declare`). The machine executes the definition on top of
//! the stack; `instantiate` pushes an activation, the end of a script pops it and hands its
//! exports to the one below. The stack is on the heap and its depth is a limit, so that no input
//! can exhaust the program's own.
//!
//! Execution cannot go wrong: the validator has type-checked every instantiation. What remains
//! are constructs that cannot be fused, limits, and [`Error::internal`] where the validator's
//! promise would be broken.

use std::rc::Rc;

use cranelift_entity::PrimaryMap;
use wasm_fuser_merge::hash::HashMap;
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentType, ComponentTypeDeclaration, CoreType, ExternalKind, InstanceTypeDeclaration,
    SubType,
};

use super::frame::{Closure, CoreInstanceValue, Frame, FrameId, Frames, TypeValue, at};
use super::{
    Bag, BagId, CarriedDefinition, ComponentDef, CoreDef, CoreEntity, CoreFunc, CoreInstance,
    DeclaredId, ExternName, ImportedInstance, Instance, Item, ModuleDef, Origin, Paths, Plan,
    Resource, Type, Types, limit_exceeded,
};
use crate::core::EntityKind;
use crate::decode::{ComponentId, Decoded, Definition};
use crate::error::{Code, Error, Limit, Result};
use crate::options::Limits;

/// The machine: the plan so far, every frame, and the stack.
pub(super) struct Machine<'a> {
    pub plan: Plan<'a>,
    pub frames: Frames<'a>,
    pub paths: Paths,
    /// Definitions of types that are not evaluated, and the frames that they are in.
    pub declared: PrimaryMap<DeclaredId, (CarriedDefinition<'a>, FrameId)>,
    pub limits: Limits,
    stack: Vec<Activation<'a>>,
    definitions: u64,
}

/// A script that is being run.
struct Activation<'a> {
    frame: FrameId,
    script: Script<'a>,
    next: usize,
    exports: Bag,
    then: Then,
}

/// What an activation runs.
pub(super) enum Script<'a> {
    /// A component's definitions, with what is passed for its imports. The root has none: its
    /// imports are the boundary.
    Component { closure: Closure, arguments: Option<HashMap<&'a str, Item>> },
    /// The declarations of an instance type, and what its exports are.
    Declarations(&'a [InstanceTypeDeclaration<'a>], Source),
    /// The declarations of a component type: all that is known of a component whose code is not
    /// there, with what is passed for its imports.
    Imported {
        declarations: &'a [ComponentTypeDeclaration<'a>],
        arguments: HashMap<&'a str, Item>,
        instance: Box<ImportedInstance>,
    },
}

/// What stands behind a declared type.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Nothing that is in the input.
    Absent(Rc<Origin>),
    /// An item that exists.
    Actual(Item),
}

/// What happens with the exports of a finished activation.
pub(super) enum Then {
    /// They are an instance.
    Define,
    /// They are an instance that is imported.
    Import(ExternName),
    /// They are an instance that is exported.
    Export(ExternName),
}

/// Runs the root.
pub(super) fn instantiate<'a>(decoded: &'a Decoded<'a>, limits: &Limits) -> Result<Plan<'a>> {
    let mut machine = Machine {
        plan: Plan::new(decoded, Types::new(limits)),
        declared: PrimaryMap::new(),
        frames: Frames::new(),
        paths: Paths::default(),
        stack: Vec::new(),
        definitions: 0,
        limits: *limits,
    };
    let owner = machine.plan.instances.push(Instance::default());
    let frame = machine.frames.push(Frame::new(None, owner));
    let root = Closure { component: decoded.root(), frame };
    machine.activate(frame, Script::Component { closure: root, arguments: None }, Then::Define)?;
    machine.run()?;
    machine.carry_boundary()?;
    Ok(machine.plan)
}

impl<'a> Machine<'a> {
    fn run(&mut self) -> Result<()> {
        let decoded = self.plan.decoded;
        while let Some(top) = self.stack.last_mut() {
            self.definitions += 1;
            let (frame, next) = (top.frame, top.next);
            top.next += 1;
            match &top.script {
                &Script::Component { closure: Closure { component, .. }, .. } => {
                    match decoded.components[component].definitions.get(next) {
                        Some((definition, offset)) => self
                            .define(frame, component, definition, *offset)
                            .map_err(|e| e.at(*offset).in_instance(self.path(frame)))?,
                        None => self.finish()?,
                    }
                }
                Script::Declarations(declarations, source) => match declarations.get(next) {
                    Some(declaration) => {
                        let source = source.clone();
                        self.declare_one(frame, declaration, &source)?;
                    }
                    None => self.finish()?,
                },
                Script::Imported { declarations, instance, .. } => match declarations.get(next) {
                    Some(declaration) => {
                        let instance = instance.instance;
                        self.declare_imported(frame, declaration, instance)
                            .map_err(|e| e.in_instance(self.path(frame)))?;
                    }
                    None => self.finish()?,
                },
            }
            self.limit_definitions()?;
        }
        Ok(())
    }

    fn path(&self, frame: FrameId) -> String {
        let path = &self.plan.instances[self.frames[frame].owner].path;
        if path.is_empty() { "(root)".into() } else { path.clone() }
    }

    fn activate(&mut self, frame: FrameId, script: Script<'a>, then: Then) -> Result<()> {
        if self.stack.len() >= self.limits.depth as usize {
            let what = "components or instance types nest";
            return Err(limit_exceeded(what, self.limits.depth, "deep", Limit::Depth));
        }
        self.stack.push(Activation { frame, script, next: 0, exports: Bag::new(), then });
        Ok(())
    }

    /// Evaluates the declarations of an instance type in a frame of their own.
    pub fn activate_declarations(
        &mut self,
        declarations: &'a [InstanceTypeDeclaration<'a>],
        parent: FrameId,
        source: Source,
        then: Then,
    ) -> Result<()> {
        let owner = self.frames[parent].owner;
        let frame = self.frames.push(Frame::new(Some(parent), owner));
        self.activate(frame, Script::Declarations(declarations, source), then)
    }

    /// Pops the finished activation and hands its exports on.
    fn finish(&mut self) -> Result<()> {
        let Some(Activation { script, exports, then, .. }) = self.stack.pop() else {
            return Err(Error::internal("the stack of activations is empty"));
        };
        if let Some(frame) = self.stack.last().map(|below| below.frame) {
            let exports = self.plan.bags.push(exports);
            if let Script::Imported { instance, .. } = script {
                self.plan.imported_instances.push(ImportedInstance { exports, ..*instance });
            }
            let bag = Item::Instance(exports);
            match then {
                Then::Define => self.frames[frame].push(bag),
                Then::Import(name) => self.import(frame, name, bag),
                Then::Export(name) => self.export(frame, name, bag),
            }
        }
        Ok(())
    }

    fn is_root(&self) -> bool {
        self.stack.len() == 1
    }

    /// Adds an imported item to its index space, and to the boundary where the root imports it.
    pub fn import(&mut self, frame: FrameId, name: ExternName, item: Item) {
        self.frames[frame].name_next(item, None, &name.name);
        self.frames[frame].push(item);
        if self.is_root() {
            self.plan.root_imports.push((name, item));
        }
    }

    /// Adds an exported item to its index space, to what the activation exports, and to the
    /// boundary where the root exports it.
    pub fn export(&mut self, frame: FrameId, name: ExternName, item: Item) {
        self.frames[frame].push(item);
        if let Some(top) = self.stack.last_mut() {
            top.exports.insert(name.name.clone(), item);
        }
        if self.is_root() {
            self.plan.root_exports.push((name, item));
        }
    }

    /// Executes one definition of a component.
    fn define(
        &mut self,
        frame: FrameId,
        component: ComponentId,
        definition: &'a Definition<'a>,
        offset: u64,
    ) -> Result<()> {
        match definition {
            Definition::Module(module) => {
                self.frames[frame].modules.push(ModuleDef::Defined(*module));
            }
            Definition::Component(component) => {
                let closure = Closure { component: *component, frame };
                self.frames[frame].components.push(ComponentDef::Defined(closure));
            }
            Definition::CoreType(ty) => self.core_type(frame, ty),
            Definition::CoreInstance(instance) => self.core_instance(frame, component, instance)?,
            Definition::Instance(instance) => self.instance(frame, component, instance)?,
            Definition::Alias(alias) => self.alias(frame, alias)?,
            Definition::Type(ty) => self.type_definition(frame, ty)?,
            Definition::Canonical(canonical) => self.canonical(frame, canonical, offset)?,
            Definition::Start => {
                return Err(Error::new(Code::NotFused, "a component has a `start` with values")
                    .with_help("component values are not fused: remove the start definition"));
            }
            Definition::Import(import) => {
                let name = ExternName::new(&import.name);
                let source = self.argument(&name.name)?;
                self.declare(frame, import.ty, source, Then::Import(name))?;
            }
            Definition::Export(export) => {
                let name = ExternName::new(&export.name);
                let item = self.item(frame, export.kind, export.index)?;
                match export.ty {
                    Some(ty) => {
                        self.declare(frame, ty, Source::Actual(item), Then::Export(name))?;
                    }
                    None => {
                        let item = match item {
                            Item::Type(ty) => Item::Type(self.plan.types.alias(ty)?),
                            item => item,
                        };
                        self.export(frame, name, item);
                    }
                }
            }
        }
        Ok(())
    }

    /// What is passed for an import of the component that is being instantiated.
    pub fn argument(&self, name: &str) -> Result<Source> {
        let arguments = match self.stack.last().map(|top| &top.script) {
            Some(Script::Component { arguments: Some(arguments), .. }) => arguments,
            Some(Script::Imported { arguments, .. }) => arguments,
            _ => {
                let origin = Origin { instance: None, path: vec![name.into()] };
                return Ok(Source::Absent(Rc::new(origin)));
            }
        };
        let argument = arguments.get(name).copied();
        let missing = || Error::internal(format!("nothing is passed for `{name}`"));
        argument.map(Source::Actual).ok_or_else(missing)
    }

    /// The item at an index of a frame.
    fn item(&self, frame: FrameId, kind: ComponentExternalKind, index: u32) -> Result<Item> {
        let frame = &self.frames[frame];
        Ok(match kind {
            ComponentExternalKind::Func => {
                let &(def, ty) = at(&frame.funcs, index)?;
                Item::Func(def, ty)
            }
            ComponentExternalKind::Instance => Item::Instance(*at(&frame.instances, index)?),
            ComponentExternalKind::Type => match at(&frame.types, index)? {
                TypeValue::Type(ty) => Item::Type(*ty),
                TypeValue::Declared(id) => Item::Declared(*id),
            },
            ComponentExternalKind::Module => Item::Module(*at(&frame.modules, index)?, None),
            ComponentExternalKind::Component => {
                Item::Component(*at(&frame.components, index)?, None)
            }
            ComponentExternalKind::Value => return Err(not_fused("a component value")),
        })
    }

    fn instance(
        &mut self,
        frame: FrameId,
        component: ComponentId,
        instance: &ComponentInstance<'a>,
    ) -> Result<()> {
        match instance {
            ComponentInstance::FromExports(exports) => {
                self.count(exports.len())?;
                let mut bag = Bag::new();
                for export in exports {
                    let item = self.item(frame, export.kind, export.index)?;
                    bag.insert(export.name.name.to_string(), item);
                }
                let bag = self.plan.bags.push(bag);
                self.frames[frame].instances.push(bag);
            }
            ComponentInstance::Instantiate { component_index, args } => {
                let definition = *at(&self.frames[frame].components, *component_index)?;
                self.count(args.len())?;
                let passed =
                    args.iter().map(|arg| Ok((arg.name, self.item(frame, arg.kind, arg.index)?)));
                let passed = passed.collect::<Result<Vec<_>>>()?;
                self.limit_instances()?;
                let index = self.frames[frame].instances.len() as u32;
                let parent = self.frames[frame].owner;
                let path = self.paths.instance(
                    &self.plan,
                    parent,
                    (component, index),
                    (*component_index, definition),
                );
                let owner = self.plan.instances.push(Instance {
                    parent: Some(parent),
                    path,
                    ..Instance::default()
                });
                let (around, script) = match definition {
                    ComponentDef::Defined(closure) => {
                        let arguments = Some(passed.into_iter().collect());
                        (closure.frame, Script::Component { closure, arguments })
                    }
                    ComponentDef::Imported(component) => {
                        self.imported_component(component, owner, passed)?
                    }
                };
                let inner = self.frames.push(Frame::new(Some(around), owner));
                self.activate(inner, script, Then::Define)?;
            }
        }
        Ok(())
    }

    /// Counts definitions that are evaluated in one go.
    pub fn count(&mut self, definitions: usize) -> Result<()> {
        self.definitions = self.definitions.saturating_add(definitions as u64);
        self.limit_definitions()
    }

    fn limit_definitions(&self) -> Result<()> {
        let limit = self.limits.definitions;
        if self.definitions <= u64::from(limit) {
            return Ok(());
        }
        let what = "the instances of the composition have";
        Err(limit_exceeded(what, limit, "definitions", Limit::Definitions))
    }

    fn limit_instances(&self) -> Result<()> {
        if self.plan.instances.len() + self.plan.core_instances.len()
            < self.limits.instances as usize
        {
            return Ok(());
        }
        let limit = self.limits.instances;
        Err(limit_exceeded("the composition has", limit, "instances", Limit::Instances))
    }

    fn core_instance(
        &mut self,
        frame: FrameId,
        component: ComponentId,
        instance: &wasmparser::Instance<'a>,
    ) -> Result<()> {
        let value = match instance {
            wasmparser::Instance::FromExports(exports) => {
                self.count(exports.len())?;
                let mut defs = HashMap::new();
                for export in exports {
                    defs.insert(export.name, self.core_def(frame, export.kind, export.index)?);
                }
                CoreInstanceValue::Exports(defs)
            }
            wasmparser::Instance::Instantiate { module_index, args } => {
                let module = *at(&self.frames[frame].modules, *module_index)?;
                self.count(self.plan.module(module).definitions)?;
                let arguments: HashMap<&str, u32> =
                    args.iter().map(|arg| (arg.name, arg.index)).collect();
                let mut imports = Vec::new();
                for import in &self.plan.module(module).imports {
                    let from = arguments.get(import.module).ok_or_else(|| {
                        Error::internal(format!("nothing is passed for `{}`", import.module))
                    })?;
                    imports.push(self.core_export(frame, *from, import.name)?);
                }
                self.limit_instances()?;
                let index = self.frames[frame].core_instances.len() as u32;
                let owner = self.frames[frame].owner;
                let path =
                    self.paths.core_instance(&self.plan, owner, (component, index), *module_index);
                let instance = CoreInstance { module, imports, owner, path };
                CoreInstanceValue::Instantiated(self.plan.core_instances.push(instance))
            }
        };
        self.frames[frame].core_instances.push(value);
        Ok(())
    }

    fn core_def(&self, frame: FrameId, kind: ExternalKind, index: u32) -> Result<CoreDef> {
        let frame = &self.frames[frame];
        let entities = match kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                return Ok(CoreDef::Func(*at(&frame.core_funcs, index)?));
            }
            ExternalKind::Table => &frame.core_tables,
            ExternalKind::Memory => &frame.core_memories,
            ExternalKind::Global => &frame.core_globals,
            ExternalKind::Tag => &frame.core_tags,
        };
        Ok(CoreDef::Entity(*at(entities, index)?))
    }

    fn core_export(&self, frame: FrameId, instance: u32, name: &str) -> Result<CoreDef> {
        let unknown = || Error::internal(format!("a core instance has no export `{name}`"));
        match at(&self.frames[frame].core_instances, instance)? {
            CoreInstanceValue::Exports(defs) => defs.get(name).copied().ok_or_else(unknown),
            CoreInstanceValue::Instantiated(instance) => {
                let module = self.plan.core_instances[*instance].module;
                let &(kind, index) =
                    self.plan.module(module).exports.get(name).ok_or_else(unknown)?;
                let entity = CoreEntity { instance: *instance, kind, index };
                Ok(match kind {
                    EntityKind::Func => CoreDef::Func(CoreFunc::Defined(entity)),
                    _ => CoreDef::Entity(entity),
                })
            }
        }
    }

    /// Adds the types that a core type definition defines.
    pub fn core_type(&mut self, frame: FrameId, ty: &'a CoreType<'a>) {
        let id = self.declared.push((CarriedDefinition::CoreType(ty), frame));
        let count = match ty {
            CoreType::Rec(group) => group.types().len() as u32,
            CoreType::Module(_) => 1,
        };
        self.frames[frame].core_types.extend((0..count).map(|n| (id, n)));
    }

    /// The type of core values at an index, if it is none of modules.
    pub fn sub_type(&self, frame: FrameId, index: u32) -> Result<&'a SubType> {
        let (id, n) = *at(&self.frames[frame].core_types, index)?;
        let ty = match self.declared[id].0 {
            CarriedDefinition::CoreType(CoreType::Rec(group)) => group.types().nth(n as usize),
            _ => None,
        };
        ty.ok_or_else(|| Error::internal("a type of modules is no type of values"))
    }

    /// Executes an alias.
    pub fn alias(&mut self, frame: FrameId, alias: &ComponentAlias<'a>) -> Result<()> {
        match *alias {
            ComponentAlias::InstanceExport { instance_index, name, .. } => {
                let bag: BagId = *at(&self.frames[frame].instances, instance_index)?;
                let item = *self.plan.bags[bag].get(name).ok_or_else(|| {
                    Error::internal(format!("an instance has no export `{name}`"))
                })?;
                let frame = &mut self.frames[frame];
                let interface = frame.instance_names.get(&(instance_index as usize)).cloned();
                frame.name_next(item, interface.as_deref(), name);
                frame.push(item);
            }
            ComponentAlias::CoreInstanceExport { instance_index, name, .. } => {
                let def = self.core_export(frame, instance_index, name)?;
                self.frames[frame].push_core(def);
            }
            ComponentAlias::Outer { kind, count, index } => {
                let mut outer = frame;
                for _ in 0..count {
                    outer = self.frames[outer]
                        .parent
                        .ok_or_else(|| Error::internal("an outer alias leaves the root"))?;
                }
                match kind {
                    ComponentOuterAliasKind::CoreType => {
                        let ty = *at(&self.frames[outer].core_types, index)?;
                        self.frames[frame].core_types.push(ty);
                    }
                    ComponentOuterAliasKind::CoreModule => {
                        let module = *at(&self.frames[outer].modules, index)?;
                        self.frames[frame].modules.push(module);
                    }
                    ComponentOuterAliasKind::Type => {
                        let ty = *at(&self.frames[outer].types, index)?;
                        self.frames[frame].types.push(ty);
                    }
                    ComponentOuterAliasKind::Component => {
                        let component = *at(&self.frames[outer].components, index)?;
                        self.frames[frame].components.push(component);
                    }
                }
            }
        }
        Ok(())
    }

    /// Evaluates a type definition of a component or of an instance type.
    pub fn type_definition(&mut self, frame: FrameId, ty: &'a ComponentType<'a>) -> Result<()> {
        let value = match ty {
            ComponentType::Defined(ty) => TypeValue::Type(self.defined_type(frame, ty)?),
            ComponentType::Func(ty) => TypeValue::Type(self.func_type(frame, ty)?),
            ComponentType::Instance(_) | ComponentType::Component(_) => {
                let definition = CarriedDefinition::Type(ty);
                TypeValue::Declared(self.declared.push((definition, frame)))
            }
            ComponentType::Resource { dtor, .. } => {
                let dtor = match dtor {
                    Some(dtor) => Some(*at(&self.frames[frame].core_funcs, *dtor)?),
                    None => None,
                };
                let owner = self.frames[frame].owner;
                let resource = self.plan.resources.push(Resource::Defined { owner, dtor });
                TypeValue::Type(self.plan.types.define(Type::Resource(resource))?)
            }
        };
        self.frames[frame].types.push(value);
        Ok(())
    }
}

/// A construct that is valid, and not fused.
pub(super) fn not_fused(what: &str) -> Error {
    Error::new(Code::NotFused, format!("{what} is not fused"))
        .with_help("leave this part of the composition unfused")
}
