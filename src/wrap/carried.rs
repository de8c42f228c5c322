//! Writing definitions that are carried over (`plan::carried`).
//!
//! Everything inside keeps its indices, for it is written declaration by declaration. Only outer
//! aliases that leave the definition change: they lead to the innermost scope, or to the outer
//! component, where what they mean has been written before.

use std::convert::Infallible;

use wasm_encoder::reencode::{
    self, Reencode, ReencodeComponent, RoundtripReencoder, component_utils,
};
use wasm_encoder::{
    Alias, Component, ComponentCoreTypeEncoder, ComponentSectionId, CustomSection, InstanceType,
    ModuleType, RawSection,
};
use wasm_fuser_merge::hash::{Entry, HashMap};
use wasmparser::{
    ComponentAlias, ComponentType, CoreType, CustomSectionReader, ModuleTypeDeclaration, Parser,
};

use super::types::Scopes;
use crate::error::{Error, Result};
use crate::plan::{
    Carried, CarriedDefinition, CarriedId, ModuleDef, OuterAlias, OuterItem, OuterKind,
};

/// A definition as it is written.
pub(super) enum Written {
    /// The type of an instance.
    Instance(InstanceType),
    /// The type of a component.
    Component(wasm_encoder::ComponentType),
    /// The type of a core module.
    Module(ModuleType),
    /// A core function type and its like.
    Core(wasmparser::RecGroup),
    /// A component.
    Code(Vec<u8>),
}

impl Scopes<'_, '_> {
    /// The index of a definition in the innermost scope, written there if it is not yet. How deep
    /// definitions refer to others is bounded by `Limits::depth`.
    pub fn carried(&mut self, id: CarriedId) -> Result<u32> {
        if let Some(index) = self.known_carried(id) {
            return Ok(index);
        }
        let plan = self.plan;
        let carried = &plan.carried[id];
        let mut outer = HashMap::new();
        for (alias, item) in &carried.outer {
            let index = match *item {
                OuterItem::Type(ty) => self.index(ty)?,
                OuterItem::Carried(id) => self.carried(id)?,
                OuterItem::Module(module) => self.module(module)?,
                OuterItem::Component(id) => {
                    let known = self.components.get(&id).copied();
                    known.ok_or_else(|| Error::internal("the root has no such component"))?
                }
            };
            outer.insert(*alias, index);
        }
        let written = write(self.plan.decoded, carried, outer)?;
        self.define_carried(id, written)
    }

    /// The index of a core module, written into the outer component if it is not there yet.
    pub fn module(&mut self, module: ModuleDef) -> Result<u32> {
        let component = &mut self.component;
        match (self.modules.entry(module), module) {
            (Entry::Occupied(known), _) => Ok(*known.into_mut()),
            (Entry::Vacant(new), ModuleDef::Defined(id)) => {
                let bytes = self.plan.decoded.modules[id].bytes;
                Ok(*new.insert(component.core_module_raw(None, bytes)))
            }
            (Entry::Vacant(_), ModuleDef::Imported(_)) => {
                Err(Error::internal("the root has no such core module"))
            }
        }
    }

    /// The index of a definition that the innermost scope has.
    fn known_carried(&mut self, id: CarriedId) -> Option<u32> {
        self.scope().carried.get(&id).copied()
    }

    /// Adds a definition that is carried over to the innermost scope.
    fn define_carried(&mut self, id: CarriedId, written: Written) -> Result<u32> {
        let component = &mut self.component;
        let index = match (self.nested.last_mut(), written) {
            (Some((scope, _)), Written::Instance(ty)) => {
                scope.ty().instance(&ty);
                scope.type_count() - 1
            }
            (Some((scope, _)), Written::Component(ty)) => {
                scope.ty().component(&ty);
                scope.type_count() - 1
            }
            (Some((scope, _)), Written::Module(ty)) => {
                scope.core_type().module(&ty);
                scope.core_type_count() - 1
            }
            (Some((scope, _)), Written::Core(group)) => {
                core_types(scope.core_type(), group)?;
                scope.core_type_count() - 1
            }
            (Some(_), Written::Code(_)) => {
                return Err(Error::internal("a component is defined in an instance type"));
            }
            (None, Written::Instance(ty)) => component.type_instance(None, &ty),
            (None, Written::Component(ty)) => component.type_component(None, &ty),
            (None, Written::Module(ty)) => {
                let (index, encoder) = component.core_type(None);
                encoder.module(&ty);
                index
            }
            (None, Written::Core(group)) => {
                let (index, encoder) = component.core_type(None);
                core_types(encoder, group)?;
                index
            }
            (None, Written::Code(bytes)) => component.component_raw(None, &bytes),
        };
        self.scope().carried.insert(id, index);
        Ok(index)
    }
}

fn core_types(encoder: ComponentCoreTypeEncoder<'_>, group: wasmparser::RecGroup) -> Result<()> {
    RoundtripReencoder
        .parse_recursive_type_group(encoder.core(), group)
        .map_err(|e| Error::internal(format!("a core type cannot be written again: {e}")))
}

fn write(
    decoded: &crate::decode::Decoded<'_>,
    carried: &Carried<'_>,
    outer: HashMap<OuterAlias, u32>,
) -> Result<Written> {
    let mut writer = Writer { level: 0, outer };
    let broken = |e: reencode::Error<Infallible>| {
        Error::internal(format!("a definition cannot be written again: {e}"))
    };
    Ok(match carried.definition {
        CarriedDefinition::Type(ComponentType::Instance(declarations)) => {
            let ty = writer.component_instance_type(declarations.clone()).map_err(broken)?;
            Written::Instance(ty)
        }
        CarriedDefinition::Type(ComponentType::Component(declarations)) => {
            Written::Component(writer.component_type(declarations.clone()).map_err(broken)?)
        }
        CarriedDefinition::Type(_) => {
            return Err(Error::internal("a type of values is carried over"));
        }
        CarriedDefinition::CoreType(CoreType::Module(declarations)) => {
            Written::Module(writer.component_module_type(declarations.clone()).map_err(broken)?)
        }
        CarriedDefinition::CoreType(CoreType::Rec(group)) => Written::Core(group.clone()),
        CarriedDefinition::Component(component) => {
            let bytes = decoded.components[component].bytes;
            if carried.outer.is_empty() {
                return Ok(Written::Code(bytes.to_vec()));
            }
            let mut component = Component::new();
            writer.push_depth();
            writer.parse_component(&mut component, Parser::new(0), bytes).map_err(broken)?;
            Written::Code(component.finish())
        }
    })
}

/// Writes a definition with other outer aliases.
struct Writer {
    /// The number of scopes of the definition that are open.
    level: u32,
    outer: HashMap<OuterAlias, u32>,
}

impl Writer {
    /// The count and index of an outer alias.
    fn outer(&self, kind: OuterKind, count: u32, index: u32) -> (u32, u32) {
        let beyond = count.checked_sub(self.level);
        let found = beyond.and_then(|count| self.outer.get(&OuterAlias { kind, count, index }));
        match found {
            Some(&index) => (self.level, index),
            None => (count, index),
        }
    }
}

impl Reencode for Writer {
    type Error = Infallible;
}

impl ReencodeComponent for Writer {
    fn push_depth(&mut self) {
        self.level += 1;
    }

    fn pop_depth(&mut self) {
        self.level -= 1;
    }

    fn component_alias<'a>(
        &mut self,
        alias: ComponentAlias<'a>,
    ) -> Result<Alias<'a>, reencode::Error<Infallible>> {
        match alias {
            ComponentAlias::Outer { kind, count, index } => {
                let (count, index) = self.outer(kind.into(), count, index);
                Ok(Alias::Outer { kind: kind.into(), count, index })
            }
            alias => component_utils::component_alias(self, alias),
        }
    }

    fn parse_component_module_type_declaration(
        &mut self,
        module: &mut ModuleType,
        declaration: ModuleTypeDeclaration<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        match declaration {
            ModuleTypeDeclaration::OuterAlias { count, index, .. } => {
                let (count, index) = self.outer(OuterKind::CoreType, count, index);
                module.alias_outer_core_type(count, index);
                Ok(())
            }
            declaration => {
                component_utils::parse_component_module_type_declaration(self, module, declaration)
            }
        }
    }

    /// As it is: what it says of indices stays true, and nobody has validated it.
    fn parse_component_custom_section(
        &mut self,
        component: &mut Component,
        section: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        let (name, data) = (section.name().into(), section.data().into());
        component.section(&CustomSection { name, data });
        Ok(())
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _: Parser,
        module: &[u8],
    ) -> Result<(), reencode::Error<Infallible>> {
        let id = ComponentSectionId::CoreModule.into();
        component.section(&RawSection { id, data: module });
        Ok(())
    }
}
