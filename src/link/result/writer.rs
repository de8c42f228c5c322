//! Writes types from what the validator knows of them, with names that the result has for them.
//!
//! Depth of recursion: the validator refuses value types that nest deeper than 100.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::ComponentValType;
use wasmparser::component_types as ty;
use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId,
    ComponentEntityType, ComponentFuncTypeId, ResourceId,
};
use wasmparser::types::TypesRef;

use super::borrow::types_of_exports;
use super::root::Root;
use crate::error::{Error, Result};
use crate::link::inputs::types::{get, parts};

/// Writes types in terms of what has a name in the result.
pub struct Writer<'a, 'r> {
    pub result: &'r mut Root,
    pub types: TypesRef<'a>,
    pub defined: BTreeMap<ComponentDefinedTypeId, Named<'a>>,
    pub resources: BTreeMap<ResourceId, Named<'a>>,
    /// For types of other inputs, the imported ones that are written in their stead.
    pub lent: BTreeMap<ComponentDefinedTypeId, ComponentDefinedTypeId>,
    /// Types that imports of the result name.
    pub known: BTreeSet<ComponentDefinedTypeId>,
}

/// How to refer to a type.
#[derive(Clone, Copy)]
pub enum Named<'a> {
    Index(u32),
    Export { instance: u32, name: &'a str },
}

impl<'a, 'r> Writer<'a, 'r> {
    /// A writer that knows of no name.
    pub fn nameless(result: &'r mut Root, types: TypesRef<'a>) -> Self {
        let (defined, resources) = (BTreeMap::new(), BTreeMap::new());
        let (lent, known) = (BTreeMap::new(), BTreeSet::new());
        Writer { result, types, defined, resources, lent, known }
    }

    /// A writer that knows all names of the result so far.
    pub fn new(result: &'r mut Root, types: TypesRef<'a>) -> Self {
        let mut writer = Writer::nameless(result, types);
        for instance in 0..types.component_instance_count() {
            writer.name_exports(types.component_instance_at(instance), instance);
        }
        for index in 0..types.component_type_count() {
            writer.name(types.component_any_type_at(index), Named::Index(index));
        }
        writer
    }

    /// Whether an instance's exports use types that are written as imported ones.
    pub fn borrows(&self, instance: ty::ComponentInstanceTypeId) -> Result<bool> {
        let mut seen = BTreeSet::new();
        let mut open = types_of_exports(self.types, instance)?;
        while let Some(id) = open.pop() {
            if self.lent.contains_key(&id) {
                return Ok(true);
            }
            if seen.insert(id) {
                open.extend(parts(self.types, id)?.types);
            }
        }
        Ok(false)
    }

    /// Says how to refer to a type from here on.
    pub fn name(&mut self, id: ComponentAnyTypeId, named: Named<'a>) {
        match id {
            ComponentAnyTypeId::Defined(id) => drop(self.defined.insert(id, named)),
            ComponentAnyTypeId::Resource(id) => drop(self.resources.insert(id.resource(), named)),
            _ => {}
        }
    }

    /// Says how to refer to what an instance exports, from here on.
    pub fn name_exports(&mut self, id: ty::ComponentInstanceTypeId, instance: u32) {
        let exports = self.types.get(id).into_iter().flat_map(|ty| &ty.exports);
        for (name, item) in exports {
            if let ComponentEntityType::Type { created, .. } = item.ty {
                self.name(created, Named::Export { instance, name });
            }
        }
    }

    fn refer(&mut self, named: Named) -> u32 {
        match named {
            Named::Index(index) => index,
            Named::Export { instance, name } => {
                self.result.alias(instance, wasmparser::ComponentExternalKind::Type, name)
            }
        }
    }

    /// The index of a resource.
    pub fn resource(&mut self, id: AliasableResourceId) -> Result<u32> {
        let named = self.resources.get(&id.resource()).copied();
        let named = named.ok_or_else(|| Error::internal("a resource type without a name"))?;
        Ok(self.refer(named))
    }

    /// Writes the type of a function.
    pub fn function(&mut self, id: ComponentFuncTypeId) -> Result<u32> {
        let function = get(self.types, id)?;
        let mut params = Vec::new();
        for (name, ty) in &function.params {
            params.push((name.as_str(), self.value(ty)?));
        }
        let result = self.optional(&function.result)?;
        self.result.ty(|encoder| {
            let mut encoder = encoder.function();
            encoder.async_(function.async_).params(params.iter().copied()).result(result);
            Ok(())
        })
    }

    fn value(&mut self, ty: &ty::ComponentValType) -> Result<ComponentValType> {
        let id = match ty {
            ty::ComponentValType::Primitive(primitive) => {
                return Ok(ComponentValType::Primitive((*primitive).into()));
            }
            ty::ComponentValType::Type(id) => *id,
        };
        Ok(ComponentValType::Type(self.value_id(id)?))
    }

    /// The index of a type of values, which is written if it has no name.
    pub fn value_id(&mut self, id: ComponentDefinedTypeId) -> Result<u32> {
        let id = self.lent.get(&id).copied().unwrap_or(id);
        match self.defined.get(&id).copied() {
            Some(named) => Ok(self.refer(named)),
            None => {
                let index = self.define(id)?;
                self.defined.insert(id, Named::Index(index));
                Ok(index)
            }
        }
    }

    fn optional(&mut self, ty: &Option<ty::ComponentValType>) -> Result<Option<ComponentValType>> {
        ty.as_ref().map(|ty| self.value(ty)).transpose()
    }

    fn values<'t>(
        &mut self,
        types: impl Iterator<Item = &'t ty::ComponentValType>,
    ) -> Result<Vec<ComponentValType>> {
        types.map(|ty| self.value(ty)).collect()
    }

    /// Writes a type's definition, whether or not it has a name.
    pub fn define(&mut self, id: ComponentDefinedTypeId) -> Result<u32> {
        use ComponentDefinedType as Type;
        match get(self.types, id)? {
            Type::Primitive(ty) => self.write(|e| e.primitive((*ty).into())),
            Type::Flags(names) => self.write(|e| e.flags(names.iter().map(|n| n.as_str()))),
            Type::Enum(names) => self.write(|e| e.enum_type(names.iter().map(|n| n.as_str()))),
            Type::Own(resource) => {
                let resource = self.resource(*resource)?;
                self.write(|e| e.own(resource))
            }
            Type::Borrow(resource) => {
                let resource = self.resource(*resource)?;
                self.write(|e| e.borrow(resource))
            }
            Type::Record(record) => {
                let types = self.values(record.fields.values())?;
                let names = record.fields.keys().map(|n| n.as_str());
                self.write(|e| e.record(names.clone().zip(types.iter().copied())))
            }
            Type::Variant(variant) => {
                let mut cases = Vec::new();
                for (name, case) in &variant.cases {
                    cases.push((name.as_str(), self.optional(&case.ty)?));
                }
                self.write(|e| e.variant(cases.iter().copied()))
            }
            ty => self.define_container(ty),
        }
    }

    /// Types that hold values of other types, without naming them.
    fn define_container(&mut self, ty: &ComponentDefinedType) -> Result<u32> {
        use ComponentDefinedType as Type;
        match ty {
            Type::Tuple(tuple) => {
                let types = self.values(tuple.types.iter())?;
                self.write(|e| e.tuple(types.iter().copied()))
            }
            Type::List { element, .. } => {
                let element = self.value(element)?;
                self.write(|e| e.list(element))
            }
            Type::FixedLengthList { element, length, .. } => {
                let element = self.value(element)?;
                self.write(|e| e.fixed_length_list(element, *length))
            }
            Type::Map { key, value, .. } => {
                let (key, value) = (self.value(key)?, self.value(value)?);
                self.write(|e| e.map(key, value))
            }
            Type::Option { ty, .. } => {
                let ty = self.value(ty)?;
                self.write(|e| e.option(ty))
            }
            Type::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(ok)?, self.optional(err)?);
                self.write(|e| e.result(ok, err))
            }
            Type::Future { ty, .. } => {
                let ty = self.optional(ty)?;
                self.write(|e| e.future(ty))
            }
            Type::Stream { ty, .. } => {
                let ty = self.optional(ty)?;
                self.write(|e| e.stream(ty))
            }
            _ => Err(Error::internal("a type that holds no other")),
        }
    }

    fn write(
        &mut self,
        encode: impl Fn(wasm_encoder::ComponentDefinedTypeEncoder<'_>),
    ) -> Result<u32> {
        self.result.ty(|encoder| {
            encode(encoder.defined_type());
            Ok(())
        })
    }
}
