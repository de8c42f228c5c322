//! Names: those that are written again as the input has them, and those of what the fuser adds.

use std::borrow::Cow;

use wasm_encoder::{ComponentBuilder, ComponentNameSection, NameMap};
use wasm_encoder::{ComponentExternName, ModuleArg};

use crate::options::Names;
use crate::plan::ExternName;

/// A name at the boundary with its attributes.
pub(super) fn extern_name(name: &ExternName) -> ComponentExternName<'_> {
    let optional = |s: &'_ Option<String>| s.clone().map(Cow::Owned);
    ComponentExternName {
        name: Cow::Borrowed(&name.name),
        implements: optional(&name.implements),
        version_suffix: optional(&name.version_suffix),
        external_id: optional(&name.external_id),
    }
}

/// What things of a component are called that nobody can see from outside: modules, components, and instances
/// of them. What is imported, exported or taken from an instance has its name there, and no other.
#[derive(Debug, Default)]
pub(super) struct InnerNames {
    core_modules: NameMap,
    core_instances: NameMap,
    components: NameMap,
    instances: NameMap,
}

impl InnerNames {
    /// Adds a core module.
    pub fn core_module(&mut self, to: &mut ComponentBuilder, name: &str, module: &[u8]) -> u32 {
        let index = to.core_module_raw(None, module);
        self.core_modules.append(index, name);
        index
    }

    /// Instantiates a core module.
    pub fn core_instance<'n>(
        &mut self,
        to: &mut ComponentBuilder,
        name: &str,
        module: u32,
        arguments: impl IntoIterator<Item = (&'n str, ModuleArg), IntoIter: ExactSizeIterator>,
    ) -> u32 {
        let index = to.core_instantiate(None, module, arguments);
        self.core_instances.append(index, name);
        index
    }

    /// Says what a component is called.
    pub fn component(&mut self, index: u32, name: &str) {
        self.components.append(index, name);
    }

    /// Says what an instance of a component is called.
    pub fn instance(&mut self, index: u32, name: &str) {
        self.instances.append(index, name);
    }

    /// Adds the section that has them, if they are to be kept.
    pub fn append_to(&self, component: &mut ComponentBuilder, names: Names) {
        let mut section = ComponentNameSection::new();
        if !self.core_modules.is_empty() {
            section.core_modules(&self.core_modules);
        }
        if !self.core_instances.is_empty() {
            section.core_instances(&self.core_instances);
        }
        if !self.components.is_empty() {
            section.components(&self.components);
        }
        if !self.instances.is_empty() {
            section.instances(&self.instances);
        }
        if names == Names::Keep && !section.is_empty() {
            component.custom_section(&section.as_custom());
        }
    }
}
