//! Exporting an interface that uses types which the result imports.
//!
//! The instance that the root exports uses the types of some other input, and what the result
//! exports has to use those that it imports. A *shell* stands between the two: a component without
//! code, which imports the functions and the types that they mention, and exports them again.
//!
//! ```text
//! (component $shell
//!   (import "type0" (type $kind (eq (enum "a" "b"))))          the result's import
//!   (import "type1" (type $own (eq (record ...))))             the interface's own
//!   (import "func0" (func (param "x" $own) (result $kind)))
//!   (export $exported "own" (type (record ...)))               anew, of exported types
//!   (export "f" (func 0) (func (param "x" $exported) (result $kind))))
//! ```
//!
//! That is what `wit-component` makes of an exported interface. It has no code, and is nowhere in
//! what is fused.
//!
//! Limits: an instance or a core module in such an interface, which WIT has no words for, keeps
//! the interface as it is.

use std::collections::BTreeMap;

use wasm_encoder::{ComponentExportKind, ComponentTypeRef, TypeBounds};
use wasmparser::ComponentExternalKind;
use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentDefinedTypeId, ComponentEntityType,
    ComponentInstanceTypeId,
};

use super::root::{Item, Root};
use super::writer::{Named, Writer};
use crate::error::Result;
use crate::link::inputs::types::{Parts, get, parts, parts_of_function, takes_a_name};

/// Makes an instance that exports what another one does, with the types that the writer knows.
pub fn shell(outer: &mut Writer, instance: u32, id: ComponentInstanceTypeId) -> Result<u32> {
    let exports = &get(outer.types, id)?.exports;
    let is_plain = |ty: ComponentEntityType| {
        matches!(ty, ComponentEntityType::Func(_) | ComponentEntityType::Type { .. })
    };
    if !exports.values().all(|item| is_plain(item.ty)) {
        return Ok(instance);
    }
    let mut shell = Root::default();
    let mut inner = Writer::nameless(&mut shell, outer.types);
    inner.lent.clone_from(&outer.lent);
    let mut shell = Shell { outer, inner, arguments: Vec::new(), imported: BTreeMap::new() };

    let mut functions = BTreeMap::new();
    for (name, item) in exports {
        match item.ty {
            ComponentEntityType::Func(id) => {
                let parts = parts_of_function(shell.outer.types, id)?;
                shell.import_parts(&parts, false)?;
                let ty = ComponentTypeRef::Func(shell.inner.function(id)?);
                let kind = ComponentExternalKind::Func;
                let function = shell.outer.result.alias(instance, kind, name);
                let index = shell.import("func", ty, (ComponentExportKind::Func, function));
                functions.insert(name.as_str(), index);
            }
            ComponentEntityType::Type { referenced: ComponentAnyTypeId::Defined(id), .. } => {
                shell.import_type(id, false)?;
            }
            ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
                shell.import_resource(id)?;
            }
            _ => {}
        }
    }
    // What is exported is made of what is imported for good, and of what is exported.
    shell.inner.defined.clone_from(&shell.imported);
    for (name, item) in exports {
        shell.export(name, item.ty, functions.get(name.as_str()).copied())?;
    }
    let Shell { outer, inner, arguments, .. } = shell;
    let component = std::mem::take(&mut inner.result.builder);
    let component = outer.result.builder.component(None, component);
    Ok(outer.result.builder.instantiate(None, component, arguments))
}

struct Shell<'o, 'a, 'r, 'i> {
    outer: &'o mut Writer<'a, 'r>,
    inner: Writer<'a, 'i>,
    /// What the shell is instantiated with.
    arguments: Vec<(String, ComponentExportKind, u32)>,
    /// The types that are imported because the result imports them.
    imported: BTreeMap<ComponentDefinedTypeId, Named<'a>>,
}

impl Shell<'_, '_, '_, '_> {
    fn import(&mut self, prefix: &str, ty: ComponentTypeRef, (kind, argument): Item) -> u32 {
        let name = format!("{prefix}{}", self.arguments.len());
        let index = self.inner.result.builder.import(&name, ty);
        self.arguments.push((name, kind, argument));
        index
    }

    /// Imports the types that have to have a name.
    fn import_parts(&mut self, parts: &Parts, lent: bool) -> Result<()> {
        if let Some(resource) = parts.resource {
            self.import_resource(resource)?;
        }
        for id in &parts.types {
            self.import_type(*id, lent)?;
        }
        Ok(())
    }

    /// Imports a type, if it has to have a name, after those that it is made of.
    fn import_type(&mut self, id: ComponentDefinedTypeId, lent: bool) -> Result<()> {
        let (id, lent) = match self.inner.lent.get(&id) {
            Some(imported) => (*imported, true),
            None => (id, lent || self.outer.known.contains(&id)),
        };
        if self.inner.defined.contains_key(&id) {
            return Ok(());
        }
        let types = self.inner.types;
        self.import_parts(&parts(types, id)?, lent)?;
        if !takes_a_name(types, id)? {
            return Ok(());
        }
        let ty = ComponentTypeRef::Type(TypeBounds::Eq(self.inner.define(id)?));
        let argument = self.outer.value_id(id)?;
        let index = self.import("type", ty, (ComponentExportKind::Type, argument));
        self.inner.defined.insert(id, Named::Index(index));
        if lent {
            self.imported.insert(id, Named::Index(index));
        }
        Ok(())
    }

    fn import_resource(&mut self, id: AliasableResourceId) -> Result<()> {
        if self.inner.resources.contains_key(&id.resource()) {
            return Ok(());
        }
        let argument = self.outer.resource(id)?;
        let ty = ComponentTypeRef::Type(TypeBounds::SubResource);
        let index = self.import("type", ty, (ComponentExportKind::Type, argument));
        self.inner.resources.insert(id.resource(), Named::Index(index));
        Ok(())
    }

    fn export(&mut self, name: &str, ty: ComponentEntityType, function: Option<u32>) -> Result<()> {
        match ty {
            ComponentEntityType::Func(id) => {
                let ty = ComponentTypeRef::Func(self.inner.function(id)?);
                let kind = ComponentExportKind::Func;
                self.inner.result.builder.export(name, kind, function.unwrap_or(0), Some(ty));
            }
            ComponentEntityType::Type { created, referenced } => {
                let lent = match referenced {
                    ComponentAnyTypeId::Defined(id) => self.inner.lent.get(&id).copied(),
                    _ => None,
                };
                let index = match (created, lent) {
                    (_, Some(imported)) => self.inner.value_id(imported)?,
                    (ComponentAnyTypeId::Defined(id), None) => self.inner.define(id)?,
                    (ComponentAnyTypeId::Resource(id), None) => self.inner.resource(id)?,
                    _ => return Ok(()),
                };
                let kind = ComponentExportKind::Type;
                let exported = self.inner.result.builder.export(name, kind, index, None);
                for id in [Some(created), Some(referenced), lent.map(Into::into)] {
                    id.into_iter().for_each(|id| self.inner.name(id, Named::Index(exported)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
