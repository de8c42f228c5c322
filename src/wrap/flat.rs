//! `--emit flat`: every guest and every shim, instantiated one by one.
//!
//! The instances come in the order of the composition, with the shims where all that they import
//! exists. So lowering an import takes no trampoline: its memory is there, because the composition
//! has it there. What a start function does happens when it did before.

use std::collections::BTreeMap;

use wasm_encoder::ModuleArg;
use wasm_fuser_merge::hash::{Entry, HashMap};
use wasm_fuser_merge::{InstanceId, Item, Link, ModuleId};

use super::code::Outer;
use super::core::{Core, export_kind};
use crate::analyse::Facts;
use crate::bind::Bound;
use crate::boundary::Boundary;
use crate::core::EntityKind;
use crate::decode;
use crate::error::Result;
use crate::options::Options;
use crate::plan::{Plan, ResourceId};

/// Wraps the core instances, each by itself. Some modules are replaced by others that do the same.
pub fn wrap_flat(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    bound: &Bound<'_>,
    replaced: &HashMap<ModuleId, Vec<u8>>,
    options: &Options,
) -> Result<Vec<u8>> {
    let link = &bound.link;
    let core = Core::Flat { instances: HashMap::new(), exports: HashMap::new() };
    let mut outer = Outer::new(plan, facts, boundary, core)?;
    let mut modules: HashMap<ModuleId, (u32, decode::Module<'_>)> = HashMap::new();
    let mut resources = boundary.dtors.clone();
    for (id, instance) in &link.instances {
        outer.define_resources(&mut resources)?;
        let (module, decoded) = match modules.entry(instance.module) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let replaced = replaced.get(&instance.module).map(Vec::as_slice);
                let bytes = replaced.unwrap_or(&link.modules[instance.module]);
                let index = match link.opaque.contains(instance.module) {
                    true => outer.world.module(bound.module_of(plan, id)?)?,
                    false => outer.core_module(&instance.label, bytes),
                };
                new.insert((index, decode::module(bytes)?))
            }
        };
        let mut arguments: BTreeMap<&str, BTreeMap<&str, (EntityKind, u32)>> = BTreeMap::new();
        for (import, item) in decoded.imports.iter().zip(&instance.imports) {
            let kind = kind_of(link, *item);
            let index = outer.core_item(*item)?;
            arguments.entry(import.module).or_default().insert(import.name, (kind, index));
        }
        let arguments: Vec<(&str, ModuleArg)> = arguments
            .into_iter()
            .map(|(module, items)| {
                let items = items.into_iter().map(|(n, (k, i))| (n, export_kind(k), i));
                let items: Vec<_> = items.collect();
                let bag = outer.world.scopes.component.core_instantiate_exports(None, items);
                (module, ModuleArg::Instance(bag))
            })
            .collect();
        let index = outer.core_instance(&instance.label, *module, arguments);
        let by_entity = decoded.exports.iter().map(|(name, entity)| (*entity, name.to_string()));
        outer.code.core.add(id, index, by_entity);
    }
    outer.define_resources(&mut resources)?;
    outer.finish(options.names)
}

impl Outer<'_, '_> {
    /// Defines the resources whose destructors are there by now.
    fn define_resources(&mut self, waiting: &mut Vec<(ResourceId, Option<Item>)>) -> Result<()> {
        let mut rest: Vec<(ResourceId, Option<Item>)> = Vec::new();
        for (resource, dtor) in std::mem::take(waiting) {
            let is_there = match dtor {
                Some(Item::External(external)) => {
                    // What a built-in is about comes first.
                    let about = self.code.facts.externals[external].resource();
                    self.can_lower(external) && rest.iter().all(|(waits, _)| about != Some(*waits))
                }
                Some(dtor) => self.code.core.locate(dtor).is_ok(),
                None => true,
            };
            match is_there {
                true => {
                    let dtor = dtor.map(|dtor| self.core_item(dtor)).transpose()?;
                    self.world.define_resource(resource, dtor);
                }
                false => rest.push((resource, dtor)),
            }
        }
        *waiting = rest;
        Ok(())
    }
}

fn kind_of(link: &Link<'_>, item: Item) -> EntityKind {
    match item {
        Item::Defined { kind, .. } => kind,
        Item::External(external) => link.externals[external].ty.kind(),
    }
}

impl Core {
    /// Adds an instance that was instantiated by itself.
    fn add(
        &mut self,
        id: InstanceId,
        index: u32,
        by_entity: impl Iterator<Item = ((EntityKind, u32), String)>,
    ) {
        if let Core::Flat { instances, exports } = self {
            instances.insert(id, index);
            // Of several names of one item, each is as good as any.
            exports.insert(id, by_entity.collect());
        }
    }
}
