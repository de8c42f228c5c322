//! What the validator knows about types, asked for by those who write or wire them.
//!
//! Types of values are structural: one record is as good as an equal one, whoever declares it. A
//! resource is what it is by where it comes from. So an interface that has types alone, without a
//! resource in them, is provided by nobody and yet complete, and most questions here come down to
//! one: *is there a resource in it?*
//!
//! Depth of recursion: the validator refuses value types that nest deeper than 100.

use std::collections::BTreeSet;

use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId,
    ComponentEntityType, ComponentInstanceTypeId, ComponentValType,
};
use wasmparser::types::{TypeIdentifier, TypesRef};

use super::surface::{ImportId, Surface};
use crate::error::{Error, Result};

/// What a type is made of, one level down.
#[derive(Default)]
pub struct Parts {
    pub types: Vec<ComponentDefinedTypeId>,
    pub resource: Option<AliasableResourceId>,
}

impl Parts {
    fn of<'t>(types: impl IntoIterator<Item = &'t ComponentValType>) -> Self {
        let types = types.into_iter().filter_map(|ty| match ty {
            ComponentValType::Primitive(_) => None,
            ComponentValType::Type(id) => Some(*id),
        });
        Parts { types: types.collect(), resource: None }
    }
}

/// The data behind an id.
pub fn get<T: TypeIdentifier>(types: TypesRef<'_>, id: T) -> Result<&T::Data> {
    types.get(id).ok_or_else(|| Error::internal("the validator does not know its own type"))
}

/// What a type of values is made of.
pub fn parts(types: TypesRef<'_>, id: ComponentDefinedTypeId) -> Result<Parts> {
    use ComponentDefinedType as Type;
    Ok(match get(types, id)? {
        Type::Primitive(_) | Type::Flags(_) | Type::Enum(_) => Parts::default(),
        Type::Own(resource) | Type::Borrow(resource) => {
            Parts { types: Vec::new(), resource: Some(*resource) }
        }
        Type::Record(record) => Parts::of(record.fields.values()),
        Type::Variant(variant) => Parts::of(variant.cases.values().filter_map(|c| c.ty.as_ref())),
        Type::Tuple(tuple) => Parts::of(tuple.types.iter()),
        Type::List { element: ty, .. }
        | Type::FixedLengthList { element: ty, .. }
        | Type::Option { ty, .. } => Parts::of([ty]),
        Type::Map { key, value, .. } => Parts::of([key, value]),
        Type::Result { ok, err, .. } => Parts::of(ok.iter().chain(err)),
        Type::Future { ty, .. } | Type::Stream { ty, .. } => Parts::of(ty),
    })
}

/// What the type of a function is made of.
pub fn parts_of_function(
    types: TypesRef<'_>,
    id: wasmparser::component_types::ComponentFuncTypeId,
) -> Result<Parts> {
    let function = get(types, id)?;
    Ok(Parts::of(function.params.iter().map(|(_, ty)| ty).chain(&function.result)))
}

/// Whether a type can only be exported under a name.
pub fn takes_a_name(types: TypesRef<'_>, id: ComponentDefinedTypeId) -> Result<bool> {
    use ComponentDefinedType as Type;
    Ok(match get(types, id)? {
        Type::Record(_) | Type::Variant(_) | Type::Flags(_) | Type::Enum(_) => true,
        Type::Primitive(_)
        | Type::Own(_)
        | Type::Borrow(_)
        | Type::Tuple(_)
        | Type::List { .. }
        | Type::FixedLengthList { .. }
        | Type::Map { .. }
        | Type::Option { .. }
        | Type::Result { .. }
        | Type::Future { .. }
        | Type::Stream { .. } => false,
    })
}

/// Every resource in a type.
pub fn resources(
    types: TypesRef<'_>,
    id: ComponentDefinedTypeId,
) -> Result<Vec<AliasableResourceId>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([id]);
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        let parts = parts(types, id)?;
        found.extend(parts.resource);
        open.extend(parts.types.into_iter().filter(|id| seen.insert(*id)));
    }
    Ok(found)
}

/// The imports of an input that are instances of value types alone: nobody has to provide them.
pub fn interfaces_of_values(surface: &Surface) -> Result<BTreeSet<ImportId>> {
    let mut found = BTreeSet::new();
    for id in surface.imports.keys() {
        if is_interface_of_values(surface, id)? {
            found.insert(id);
        }
    }
    Ok(found)
}

/// Whether an import is one of these.
pub fn is_interface_of_values(surface: &Surface, import: ImportId) -> Result<bool> {
    match imported(surface, import) {
        Some(ComponentEntityType::Instance(instance)) => is_of_values(surface.known, instance),
        _ => Ok(false),
    }
}

/// The type of an import.
pub fn imported(surface: &Surface, import: ImportId) -> Option<ComponentEntityType> {
    let name = surface.imports[import].name.name;
    surface.known.component_item_for_import(name).map(|item| item.ty)
}

fn is_of_values(types: TypesRef<'_>, instance: ComponentInstanceTypeId) -> Result<bool> {
    for item in get(types, instance)?.exports.values() {
        let is_value = match item.ty {
            ComponentEntityType::Type { created: ComponentAnyTypeId::Defined(id), .. } => {
                resources(types, id)?.is_empty()
            }
            ComponentEntityType::Instance(inner) => is_of_values(types, inner)?,
            _ => false,
        };
        if !is_value {
            return Ok(false);
        }
    }
    Ok(true)
}
