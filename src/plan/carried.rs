//! Definitions that the result has as the input has them.
//!
//! # Problem
//!
//! The type of an instance or of a component, and a component that nobody instantiates, mean nothing
//! to fusing; but the root may import or export them, and then the world has them. They are written
//! again as they stand, declaration by declaration. What does not stand still are their outer
//! aliases: `(alias outer 2 7)` is about index spaces of the input.
//!
//! # How
//!
//! [`carry`](Machine::carry) finds the outer aliases that leave a definition, and evaluates each in
//! the frame that it leads to. `wrap::carried` writes the definition with these, wherever they are
//! then.
//!
//! # Limits
//!
//! A definition whose aliases lead to others, and so on, is bounded by `Limits::depth`.

use wasm_fuser_merge::hash::HashMap;
use wasmparser::{
    ComponentAlias, ComponentOuterAliasKind, ComponentType, ComponentTypeDeclaration, CoreType,
    InstanceTypeDeclaration, ModuleTypeDeclaration,
};

use super::frame::{Closure, FrameId, TypeValue, at};
use super::instantiate::{Machine, not_fused};
use super::{
    ComponentDef, DeclaredId, ImportedComponentId, Item, ModuleDef, TypeId, limit_exceeded,
};
use crate::decode::{ComponentId, Definition};
use crate::error::{Error, Limit, Result};
use crate::ids::id;

id! {
    /// A definition that is carried over.
    pub struct CarriedId("carried");
}

/// A definition that is carried over.
#[derive(Clone, Debug)]
pub struct Carried<'a> {
    /// The definition.
    pub definition: CarriedDefinition<'a>,
    /// What the outer aliases lead to that leave it.
    pub outer: HashMap<OuterAlias, OuterItem>,
}

/// What is carried over.
#[derive(Clone, Copy, Debug)]
pub enum CarriedDefinition<'a> {
    /// The type of an instance or of a component.
    Type(&'a ComponentType<'a>),
    /// A core type.
    CoreType(&'a CoreType<'a>),
    /// A component.
    Component(ComponentId),
}

/// An outer alias that leaves a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OuterAlias {
    /// Of what.
    pub kind: OuterKind,
    /// How many scopes out of the one that the definition is in.
    pub count: u32,
    /// The index there.
    pub index: u32,
}

/// What an outer alias can be of.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OuterKind {
    CoreModule,
    CoreType,
    Type,
    Component,
}

impl From<ComponentOuterAliasKind> for OuterKind {
    fn from(kind: ComponentOuterAliasKind) -> Self {
        match kind {
            ComponentOuterAliasKind::CoreModule => OuterKind::CoreModule,
            ComponentOuterAliasKind::CoreType => OuterKind::CoreType,
            ComponentOuterAliasKind::Type => OuterKind::Type,
            ComponentOuterAliasKind::Component => OuterKind::Component,
        }
    }
}

/// What an outer alias leads to.
#[derive(Clone, Copy, Debug)]
pub enum OuterItem {
    /// An evaluated type.
    Type(TypeId),
    /// Another definition that is carried over.
    Carried(CarriedId),
    /// A core module.
    Module(ModuleDef),
    /// A component that is imported.
    Component(ImportedComponentId),
}

/// Part of a definition whose outer aliases are looked for.
enum Part<'a> {
    Component(ComponentId),
    Type(&'a ComponentType<'a>),
    CoreType(&'a CoreType<'a>),
}

impl<'a> Machine<'a> {
    /// Carries over what the root imports and exports of such definitions, and what it passes to
    /// components whose code is not there.
    pub fn carry_boundary(&mut self) -> Result<()> {
        let plan = &self.plan;
        let passed = plan.imported_instances.iter().flat_map(|instance| &instance.arguments);
        let at_root = plan.root_imports.iter().chain(&plan.root_exports);
        let mut open: Vec<Item> =
            at_root.map(|(_, item)| *item).chain(passed.map(|(_, item)| *item)).collect();
        let modules: Vec<_> = plan.imported_modules.values().map(|module| module.ty).collect();
        for ty in modules {
            self.carry_declared(ty, 0)?;
        }
        while let Some(item) = open.pop() {
            match item {
                Item::Declared(id) => drop(self.carry_declared(id, 0)?),
                Item::Module(_, Some(ty)) => drop(self.carry_declared(ty, 0)?),
                Item::Component(component, ty) => {
                    if let ComponentDef::Defined(closure) = component {
                        self.carry_component(closure, 0)?;
                    }
                    if let Some(ty) = ty {
                        self.carry_declared(ty, 0)?;
                    }
                }
                Item::Instance(bag) => open.extend(self.plan.bags[bag].values().rev()),
                _ => {}
            }
        }
        Ok(())
    }

    fn carry_declared(&mut self, id: DeclaredId, depth: u32) -> Result<CarriedId> {
        if let Some(known) = self.plan.carried_types[id].expand() {
            return Ok(known);
        }
        let (definition, frame) = self.declared[id];
        let carried = self.carry(definition, frame, depth)?;
        self.plan.carried_types[id] = carried.into();
        Ok(carried)
    }

    fn carry_component(&mut self, closure: Closure, depth: u32) -> Result<CarriedId> {
        if let Some(&known) = self.plan.carried_components.get(&closure) {
            return Ok(known);
        }
        let definition = CarriedDefinition::Component(closure.component);
        let carried = self.carry(definition, closure.frame, depth)?;
        self.plan.carried_components.insert(closure, carried);
        Ok(carried)
    }

    /// Carries a definition over, after those that its aliases lead to.
    fn carry(
        &mut self,
        definition: CarriedDefinition<'a>,
        frame: FrameId,
        depth: u32,
    ) -> Result<CarriedId> {
        let limit = self.limits.depth;
        if depth >= limit {
            return Err(limit_exceeded("definitions refer to others", limit, "deep", Limit::Depth));
        }
        if let CarriedDefinition::CoreType(CoreType::Rec(group)) = definition
            && group.types().len() > 1
        {
            return Err(not_fused("a type at the boundary over a recursion group of core types"));
        }
        let mut outer = HashMap::new();
        for alias in self.leaving(definition) {
            let mut from = frame;
            for _ in 0..alias.count {
                let parent = self.frames[from].parent;
                from = parent.ok_or_else(|| Error::internal("an outer alias leaves the root"))?;
            }
            let frame = &self.frames[from];
            let item = match alias.kind {
                OuterKind::CoreModule => OuterItem::Module(*at(&frame.modules, alias.index)?),
                OuterKind::CoreType => {
                    let (id, _) = *at(&frame.core_types, alias.index)?;
                    OuterItem::Carried(self.carry_declared(id, depth + 1)?)
                }
                OuterKind::Type => match *at(&frame.types, alias.index)? {
                    TypeValue::Type(ty) => OuterItem::Type(ty),
                    TypeValue::Declared(id) => {
                        OuterItem::Carried(self.carry_declared(id, depth + 1)?)
                    }
                },
                OuterKind::Component => match *at(&frame.components, alias.index)? {
                    ComponentDef::Defined(closure) => {
                        OuterItem::Carried(self.carry_component(closure, depth + 1)?)
                    }
                    ComponentDef::Imported(id) => OuterItem::Component(id),
                },
            };
            outer.insert(alias, item);
        }
        Ok(self.plan.carried.push(Carried { definition, outer }))
    }

    /// The outer aliases that leave a definition.
    fn leaving(&self, definition: CarriedDefinition<'a>) -> Vec<OuterAlias> {
        let mut found = Vec::new();
        let mut open = vec![(
            0,
            match definition {
                CarriedDefinition::Type(ty) => Part::Type(ty),
                CarriedDefinition::CoreType(ty) => Part::CoreType(ty),
                CarriedDefinition::Component(component) => Part::Component(component),
            },
        )];
        // The level is the number of scopes of the definition that are around a part.
        while let Some((level, part)) = open.pop() {
            let mut alias = |kind, count: u32, index| {
                if let Some(count) = count.checked_sub(level + 1) {
                    found.push(OuterAlias { kind, count, index });
                }
            };
            let mut component_alias = |inner: &ComponentAlias<'_>| {
                if let ComponentAlias::Outer { kind, count, index } = *inner {
                    alias(kind.into(), count, index);
                }
            };
            match part {
                Part::Component(component) => {
                    for (definition, _) in &self.plan.decoded.components[component].definitions {
                        match definition {
                            Definition::Alias(inner) => component_alias(inner),
                            Definition::Type(ty) => open.push((level + 1, Part::Type(ty))),
                            Definition::CoreType(ty) => open.push((level + 1, Part::CoreType(ty))),
                            Definition::Component(inner) => {
                                open.push((level + 1, Part::Component(*inner)));
                            }
                            _ => {}
                        }
                    }
                }
                Part::Type(ComponentType::Instance(declarations)) => {
                    for declaration in declarations {
                        match declaration {
                            InstanceTypeDeclaration::Alias(inner) => component_alias(inner),
                            InstanceTypeDeclaration::Type(ty) => {
                                open.push((level + 1, Part::Type(ty)));
                            }
                            InstanceTypeDeclaration::CoreType(ty) => {
                                open.push((level + 1, Part::CoreType(ty)));
                            }
                            InstanceTypeDeclaration::Export { .. } => {}
                        }
                    }
                }
                Part::Type(ComponentType::Component(declarations)) => {
                    for declaration in declarations {
                        match declaration {
                            ComponentTypeDeclaration::Alias(inner) => component_alias(inner),
                            ComponentTypeDeclaration::Type(ty) => {
                                open.push((level + 1, Part::Type(ty)));
                            }
                            ComponentTypeDeclaration::CoreType(ty) => {
                                open.push((level + 1, Part::CoreType(ty)));
                            }
                            ComponentTypeDeclaration::Export { .. }
                            | ComponentTypeDeclaration::Import(_) => {}
                        }
                    }
                }
                Part::CoreType(CoreType::Module(declarations)) => {
                    for declaration in declarations {
                        if let ModuleTypeDeclaration::OuterAlias { count, index, .. } = *declaration
                        {
                            alias(OuterKind::CoreType, count, index);
                        }
                    }
                }
                Part::Type(_) | Part::CoreType(CoreType::Rec(_)) => {}
            }
        }
        found
    }
}
