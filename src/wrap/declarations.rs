//! A type that is being written, made of declarations: that of an instance, or of a component.

use wasm_encoder::{
    Alias, ComponentCoreTypeEncoder, ComponentExternName, ComponentType, ComponentTypeEncoder,
    ComponentTypeRef, InstanceType,
};

use crate::error::{Error, Result};

/// Declarations, in index spaces of their own.
pub(super) enum Declarations {
    /// Those of an instance type.
    Instance(InstanceType),
    /// Those of a component type.
    Component(ComponentType),
}

/// Does the same with either.
macro_rules! either {
    ($self:expr, $ty:ident => $do:expr) => {
        match $self {
            Declarations::Instance($ty) => $do,
            Declarations::Component($ty) => $do,
        }
    };
}

impl Declarations {
    pub fn ty(&mut self) -> ComponentTypeEncoder<'_> {
        either!(self, it => it.ty())
    }

    pub fn core_type(&mut self) -> ComponentCoreTypeEncoder<'_> {
        either!(self, it => it.core_type())
    }

    pub fn type_count(&self) -> u32 {
        either!(self, it => it.type_count())
    }

    pub fn core_type_count(&self) -> u32 {
        either!(self, it => it.core_type_count())
    }

    pub fn instance_count(&self) -> u32 {
        either!(self, it => it.instance_count())
    }

    pub fn alias(&mut self, alias: Alias<'_>) {
        either!(self, it => { it.alias(alias); })
    }

    pub fn export<'n>(&mut self, name: impl Into<ComponentExternName<'n>>, ty: ComponentTypeRef) {
        either!(self, it => { it.export(name, ty); })
    }

    /// Only a component type imports anything.
    pub fn import<'n>(
        &mut self,
        name: impl Into<ComponentExternName<'n>>,
        ty: ComponentTypeRef,
    ) -> Result<()> {
        match self {
            Declarations::Instance(_) => Err(Error::internal("an instance imports something")),
            Declarations::Component(it) => {
                it.import(name, ty);
                Ok(())
            }
        }
    }
}
