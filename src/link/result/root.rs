//! The result under construction: a component that counts its own indices.
//!
//! `wasm-encoder`'s builder hands out the indices. What is added here: an alias of one export of
//! one instance is made once, equal type definitions are made once, and only the nested components
//! and instances of inputs get names, from which later stages derive the paths that users read.

use std::collections::BTreeMap;

use wasm_encoder::{
    Alias, ComponentBuilder, ComponentExportKind, ComponentNameSection, ComponentTypeEncoder,
    ComponentTypeSection, CustomSection, Encode, NameMap,
};
use wasmparser::ComponentExternalKind;

use crate::error::Result;
use crate::link::inputs::surface::Surface;

/// The result under construction.
#[derive(Default)]
pub struct Root {
    pub builder: ComponentBuilder,
    /// How many core types there are: the builder counts a group of them as one.
    pub core_types: u32,
    aliases: BTreeMap<(u32, &'static str, String), u32>,
    types: BTreeMap<Vec<u8>, u32>,
    name: Option<String>,
    components: NameMap,
    instances: NameMap,
}

/// An item of the result, as an argument or an export names it.
pub type Item = (ComponentExportKind, u32);

impl Root {
    /// An export of an instance.
    pub fn alias(&mut self, instance: u32, kind: ComponentExternalKind, name: &str) -> u32 {
        *self.aliases.entry((instance, kind.desc(), name.to_owned())).or_insert_with(|| {
            self.builder.alias(None, Alias::InstanceExport { instance, kind: kind.into(), name })
        })
    }

    /// A type; `encode` is called twice where there is no equal one yet.
    pub fn ty(&mut self, encode: impl Fn(ComponentTypeEncoder<'_>) -> Result<()>) -> Result<u32> {
        let mut alone = ComponentTypeSection::new();
        encode(alone.ty())?;
        let mut bytes = Vec::new();
        alone.encode(&mut bytes);
        if let Some(index) = self.types.get(&bytes) {
            return Ok(*index);
        }
        let (index, encoder) = self.builder.ty(None);
        encode(encoder)?;
        self.types.insert(bytes, index);
        Ok(index)
    }

    /// Instantiates an input.
    pub fn instantiate(&mut self, name: &str, component: &[u8], args: &[(String, Item)]) -> u32 {
        let component = self.builder.component_raw(None, component);
        self.components.append(component, name);
        let args: Vec<_> = args.iter().map(|(name, (kind, index))| (name, *kind, *index)).collect();
        let instance = self.builder.instantiate(None, component, args);
        self.instances.append(instance, name);
        instance
    }

    /// Tells of the result what a component tells of itself: it is that component, for whoever uses
    /// it.
    pub fn describe(&mut self, surface: &Surface) {
        self.name = surface.own_name.map(str::to_owned);
        for &(name, data) in &surface.metadata {
            self.builder.custom_section(&CustomSection { name: name.into(), data: data.into() });
        }
    }

    /// The bytes.
    pub fn finish(mut self) -> Vec<u8> {
        let mut names = ComponentNameSection::new();
        if let Some(name) = &self.name {
            names.component(name);
        }
        names.components(&self.components);
        names.instances(&self.instances);
        self.builder.custom_section(&names.as_custom());
        self.builder.finish()
    }
}
