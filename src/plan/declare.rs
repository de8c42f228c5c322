//! What a declared type says of an item.
//!
//! An import has a declared type, and an export may have one. Whatever stands behind it (see
//! [`Source`]), the item is *seen* through that type from there on: an instance has just the
//! exports that its type lists, and a function's type refers to the types that are in scope here.
//! Evaluating a declaration therefore gives an item of the declared shape whose definitions are
//! the actual ones:
//!
//! ```text
//! (import "i" (instance (export "t" (type $t (eq $rec))) (export "f" (func (param "x" $t)))))
//!     for the root:       t = alias of $rec,      f = import0   with a type over this t
//!     for a nested one:   t = alias of actual t,  f = actual f  with a type over this t
//! ```
//!
//! So the boundary is written as the root declares it, down to which name a type goes by, however
//! many wrappers a function came through.

use std::rc::Rc;

use wasmparser::{
    ComponentDefinedType, ComponentFuncType, ComponentType, ComponentTypeRef, ComponentValType,
    InstanceTypeDeclaration, TypeBounds,
};

use super::frame::{FrameId, TypeValue, at};
use super::instantiate::{Machine, Source, Then, not_fused};
use super::types::Fields;
use super::{
    CarriedDefinition, ComponentDef, DeclaredId, ExternName, FuncDef, FuncType, Import,
    ImportedComponent, Item, Origin, Resource, Role, Type, TypeId,
};
use crate::error::{Error, Result};

/// A name as long as this weighs as much as a definition.
const NAME: usize = 64;

impl<'a> Machine<'a> {
    /// Imports or exports, as `then` says, what stands behind a declared type.
    pub fn declare(
        &mut self,
        frame: FrameId,
        ty: ComponentTypeRef,
        source: Source,
        then: Then,
    ) -> Result<()> {
        let item = match ty {
            ComponentTypeRef::Instance(index) => {
                let definition = match *at(&self.frames[frame].types, index)? {
                    TypeValue::Declared(id) => Some(self.declared[id]),
                    TypeValue::Type(_) => None,
                };
                let Some((CarriedDefinition::Type(ComponentType::Instance(declarations)), parent)) =
                    definition
                else {
                    return Err(Error::internal("expected the type of an instance"));
                };
                return self.activate_declarations(declarations, parent, source, then);
            }
            ComponentTypeRef::Func(index) => {
                let ty = self.frames[frame].ty(index)?;
                match source {
                    Source::Actual(Item::Func(def, _)) => Item::Func(def, ty),
                    Source::Actual(_) => return Err(mismatch("function")),
                    Source::Absent(origin) => {
                        // Each function has the names of what it is in.
                        self.count(origin.path.iter().map(String::len).sum::<usize>() / NAME)?;
                        let origin = Origin::clone(&origin);
                        let import = Import { origin, ty, role: Role::World };
                        Item::Func(FuncDef::Import(self.plan.imports.push(import)), ty)
                    }
                }
            }
            ComponentTypeRef::Type(TypeBounds::Eq(index))
                if let TypeValue::Declared(id) = *at(&self.frames[frame].types, index)? =>
            {
                Item::Declared(id)
            }
            ComponentTypeRef::Type(bounds) => {
                let ty = match (source, bounds) {
                    (Source::Actual(Item::Type(actual)), _) => self.plan.types.alias(actual)?,
                    (Source::Actual(_), _) => return Err(mismatch("type")),
                    (Source::Absent(_), TypeBounds::Eq(index)) => {
                        let ty = self.frames[frame].ty(index)?;
                        self.plan.types.alias(ty)?
                    }
                    (Source::Absent(origin), TypeBounds::SubResource) => {
                        let imported = Resource::Imported { by: origin.instance };
                        let resource = self.plan.resources.push(imported);
                        self.plan.types.define(Type::Resource(resource))?
                    }
                };
                Item::Type(ty)
            }
            ComponentTypeRef::Module(index) => match source {
                Source::Actual(Item::Module(module, _)) => {
                    let (ty, _) = *at(&self.frames[frame].core_types, index)?;
                    Item::Module(module, Some(ty))
                }
                Source::Actual(_) => return Err(mismatch("core module")),
                Source::Absent(origin) => {
                    let (ty, _) = *at(&self.frames[frame].core_types, index)?;
                    Item::Module(self.imported_module(ty, Origin::clone(&origin))?, Some(ty))
                }
            },
            ComponentTypeRef::Component(index) => match source {
                Source::Actual(Item::Component(component, _)) => {
                    Item::Component(component, Some(self.declared_at(frame, index)?))
                }
                Source::Actual(_) => return Err(mismatch("component")),
                Source::Absent(origin) => {
                    let ty = self.declared_at(frame, index)?;
                    let imported = ImportedComponent { origin: Origin::clone(&origin), ty };
                    let id = self.plan.imported_components.push(imported);
                    Item::Component(ComponentDef::Imported(id), Some(ty))
                }
            },
            ComponentTypeRef::Value(_) => return Err(not_fused("a component value")),
        };
        match then {
            Then::Import(name) => self.import(frame, name, item),
            Then::Export(name) => self.export(frame, name, item),
            Then::Define => self.frames[frame].push(item),
        }
        Ok(())
    }

    fn declared_at(&self, frame: FrameId, index: u32) -> Result<DeclaredId> {
        match *at(&self.frames[frame].types, index)? {
            TypeValue::Declared(id) => Ok(id),
            TypeValue::Type(_) => Err(Error::internal("expected the type of a component")),
        }
    }

    /// Evaluates one declaration of an instance type.
    pub fn declare_one(
        &mut self,
        frame: FrameId,
        declaration: &'a InstanceTypeDeclaration<'a>,
        source: &Source,
    ) -> Result<()> {
        match declaration {
            InstanceTypeDeclaration::CoreType(ty) => {
                self.core_type(frame, ty);
                Ok(())
            }
            InstanceTypeDeclaration::Type(ty) => self.type_definition(frame, ty),
            InstanceTypeDeclaration::Alias(alias) => self.alias(frame, alias),
            InstanceTypeDeclaration::Export { name, ty } => {
                let name = ExternName::new(name);
                let source = match source {
                    Source::Absent(origin) => Source::Absent(Rc::new(origin.export(&name.name))),
                    Source::Actual(Item::Instance(bag)) => {
                        Source::Actual(*self.plan.bags[*bag].get(&name.name).ok_or_else(|| {
                            Error::internal(format!("an instance has no export `{}`", name.name))
                        })?)
                    }
                    Source::Actual(_) => return Err(mismatch("instance")),
                };
                self.declare(frame, *ty, source, Then::Export(name))
            }
        }
    }

    /// Evaluates a type of values.
    pub fn defined_type(
        &mut self,
        frame: FrameId,
        ty: &ComponentDefinedType<'a>,
    ) -> Result<TypeId> {
        let ty = match ty {
            ComponentDefinedType::Primitive(ty) => Type::Primitive((*ty).into()),
            ComponentDefinedType::Record(fields) => Type::Record(self.fields(frame, fields)?),
            ComponentDefinedType::Variant(cases) => Type::Variant(
                cases
                    .iter()
                    .map(|case| Ok((case.name.into(), self.optional(frame, case.ty)?)))
                    .collect::<Result<_>>()?,
            ),
            ComponentDefinedType::List(ty) => Type::List(self.val_type(frame, *ty)?),
            ComponentDefinedType::Map(key, value) => {
                let (key, value) = (self.val_type(frame, *key)?, self.val_type(frame, *value)?);
                let entry = self.plan.types.define(Type::Tuple([key, value].into()))?;
                Type::Map { key, value, entry }
            }
            ComponentDefinedType::FixedLengthList(ty, length) => {
                Type::FixedLengthList(self.val_type(frame, *ty)?, *length)
            }
            ComponentDefinedType::Tuple(types) => Type::Tuple(
                types.iter().map(|ty| self.val_type(frame, *ty)).collect::<Result<_>>()?,
            ),
            ComponentDefinedType::Flags(labels) => {
                Type::Flags(labels.iter().map(|&label| label.into()).collect())
            }
            ComponentDefinedType::Enum(labels) => {
                Type::Enum(labels.iter().map(|&label| label.into()).collect())
            }
            ComponentDefinedType::Option(ty) => Type::Option(self.val_type(frame, *ty)?),
            ComponentDefinedType::Result { ok, err } => {
                Type::Result { ok: self.optional(frame, *ok)?, err: self.optional(frame, *err)? }
            }
            ComponentDefinedType::Own(index) => Type::Own(self.frames[frame].ty(*index)?),
            ComponentDefinedType::Borrow(index) => Type::Borrow(self.frames[frame].ty(*index)?),
            ComponentDefinedType::Future(ty) => Type::Future(self.optional(frame, *ty)?),
            ComponentDefinedType::Stream(ty) => Type::Stream(self.optional(frame, *ty)?),
        };
        self.plan.types.define(ty)
    }

    /// Evaluates a function type.
    pub fn func_type(&mut self, frame: FrameId, ty: &ComponentFuncType<'a>) -> Result<TypeId> {
        let params = self.fields(frame, &ty.params)?;
        let result = self.optional(frame, ty.result)?;
        self.plan.types.define(Type::Func(FuncType { async_: ty.async_, params, result }))
    }

    fn fields(&mut self, frame: FrameId, fields: &[(&'a str, ComponentValType)]) -> Result<Fields> {
        fields.iter().map(|&(name, ty)| Ok((name.into(), self.val_type(frame, ty)?))).collect()
    }

    /// Evaluates a reference to a type of values, if there is one.
    pub fn optional(
        &mut self,
        frame: FrameId,
        ty: Option<ComponentValType>,
    ) -> Result<Option<TypeId>> {
        ty.map(|ty| self.val_type(frame, ty)).transpose()
    }

    /// Evaluates a reference to a type of values.
    pub fn val_type(&mut self, frame: FrameId, ty: ComponentValType) -> Result<TypeId> {
        match ty {
            ComponentValType::Primitive(ty) => self.plan.types.primitive(ty.into()),
            ComponentValType::Type(index) => self.frames[frame].ty(index),
        }
    }
}

fn mismatch(expected: &str) -> Error {
    Error::internal(format!("an argument is not the {expected} that the validator saw"))
}
