//! The exports of the result, where they have to be written out.
//!
//! Mostly an export is an alias of the root's instance, exported again. A function whose type uses
//! a type that is exported beside it cannot be: exporting a type gives it a new name, and the
//! function must be exported with a type that uses that name.
//!
//! ```wat
//! (alias export $app "point" (type $point'))   (export $point "point" (type $point'))
//! (alias export $app "area" (func $area))
//! (export "area" (func $area) (func (param "at" $point) (result f64)))    ;; not $point'
//! ```
//!
//! The same goes for a type that is defined by other exported types. Such types are written anew
//! from what the validator knows of the root's instance, with the exported names in place of the
//! instance's. The validator then compares them with those of the instance.
//!
//! Types that the result imports because its exports use them (`borrow`) are written likewise, with
//! the imported names in place of those of the input that they come from. A whole interface that
//! uses one is exported through a `shell`; any other is exported as it is.

use std::collections::BTreeSet;

use wasm_encoder::ComponentTypeRef;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedTypeId, ComponentEntityType,
};
use wasmparser::types::TypesRef;

use super::borrow::Lent;
use super::root::Root;
use super::shell;
use super::writer::{Named, Writer};
use crate::error::{Error, Result};
use crate::link::inputs::surface::Surface;
use crate::link::inputs::types::get;

/// Exports everything that an instance exports, as it is.
pub fn write(result: &mut Root, instance: u32, surface: &Surface) {
    for export in surface.exports.values() {
        let index = result.alias(instance, export.kind, export.name.name);
        result.builder.export(export.name, export.kind.into(), index, None);
    }
}

/// Exports everything that an instance exports, functions and types in terms of exported types.
/// `types` are those of the result so far, `known` those of them that imports name.
pub fn write_out(
    result: &mut Root,
    instance: u32,
    surface: &Surface,
    types: TypesRef,
    lent: Vec<Lent>,
    known: BTreeSet<ComponentDefinedTypeId>,
) -> Result<()> {
    let mut writer = Writer::new(result, types);
    writer.known = known;
    for Lent { provided, imported, instance, name } in lent {
        writer.name(imported.into(), Named::Export { instance, name });
        writer.lent.insert(provided, imported);
    }
    let exported = &get(types, types.component_instance_at(instance))?.exports;
    for export in surface.exports.values() {
        let name = export.name.name;
        let Some(item) = exported.get(name) else {
            return Err(Error::internal(format!("the root's instance lacks `{name}`")));
        };
        let index =
            match item.ty {
                ComponentEntityType::Type {
                    referenced: ComponentAnyTypeId::Defined(id), ..
                } if writer.lent.contains_key(&id) => writer.value_id(id)?,
                ComponentEntityType::Type { created: ComponentAnyTypeId::Defined(id), .. } => {
                    writer.define(id)?
                }
                ComponentEntityType::Instance(id) if writer.borrows(id)? => {
                    let index = writer.result.alias(instance, export.kind, name);
                    writer.name_exports(id, index);
                    shell::shell(&mut writer, index, id)?
                }
                _ => writer.result.alias(instance, export.kind, name),
            };
        let ascribed = match item.ty {
            ComponentEntityType::Func(id) => Some(ComponentTypeRef::Func(writer.function(id)?)),
            _ => None,
        };
        let kind = export.kind.into();
        let index = writer.result.builder.export(export.name, kind, index, ascribed);
        match item.ty {
            ComponentEntityType::Type { created, .. } => writer.name(created, Named::Index(index)),
            ComponentEntityType::Instance(id) => writer.name_exports(id, index),
            _ => {}
        }
    }
    Ok(())
}
