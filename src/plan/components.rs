//! Imported components: code that is not there, known by its type.
//!
//! To instantiate one is to evaluate the declarations of its type: what it imports is what it is
//! passed, and what it exports is what nobody in the input has. The functions and resources among
//! that are as those that the root imports, but for their [`Origin`].

use std::rc::Rc;

use wasmparser::{ComponentType, ComponentTypeDeclaration};

use super::frame::FrameId;
use super::instantiate::{Machine, Script, Source, Then};
use super::{
    BagId, CarriedDefinition, ExternName, ImportedComponentId, ImportedInstance, InstanceId, Item,
    Origin,
};
use crate::error::{Error, Result};

impl<'a> Machine<'a> {
    /// What is known of a component whose code is not there: the declarations of its type, and the
    /// frame around them.
    pub fn imported_component(
        &self,
        component: ImportedComponentId,
        instance: InstanceId,
        passed: Vec<(&'a str, Item)>,
    ) -> Result<(FrameId, Script<'a>)> {
        let declared = self.declared[self.plan.imported_components[component].ty];
        let (CarriedDefinition::Type(ComponentType::Component(declarations)), frame) = declared
        else {
            return Err(Error::internal("expected the type of a component"));
        };
        let owned = passed.iter().map(|(name, item)| (name.to_string(), *item));
        let instance = Box::new(ImportedInstance {
            instance,
            component,
            arguments: owned.collect(),
            // Until it is known what it exports.
            exports: BagId::from_u32(0),
            after: self.plan.core_instances.len(),
        });
        let arguments = passed.into_iter().collect();
        Ok((frame, Script::Imported { declarations, arguments, instance }))
    }

    /// Evaluates one declaration of the type of a component whose code is not there: its exports
    /// are the instance's.
    pub fn declare_imported(
        &mut self,
        frame: FrameId,
        declaration: &'a ComponentTypeDeclaration<'a>,
        instance: InstanceId,
    ) -> Result<()> {
        match declaration {
            ComponentTypeDeclaration::CoreType(ty) => {
                self.core_type(frame, ty);
                Ok(())
            }
            ComponentTypeDeclaration::Type(ty) => self.type_definition(frame, ty),
            ComponentTypeDeclaration::Alias(alias) => self.alias(frame, alias),
            ComponentTypeDeclaration::Import(import) => {
                let name = ExternName::new(&import.name);
                let source = self.argument(&name.name)?;
                self.declare(frame, import.ty, source, Then::Import(name))
            }
            ComponentTypeDeclaration::Export { name, ty } => {
                let name = ExternName::new(name);
                let path = vec![name.name.clone()];
                let origin = Origin { instance: Some(instance), path };
                self.declare(frame, *ty, Source::Absent(Rc::new(origin)), Then::Export(name))
            }
        }
    }
}
