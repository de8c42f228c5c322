//! The core side of a component: what is lowered for its core instances, and lifted from them.
//!
//! A core item is found by where it is (`core`), so that this is written once for merged modules and
//! for instances that stay as they are.

use wasm_encoder::ModuleArg;
use wasm_fuser_merge::Item;
use wasm_fuser_merge::hash::HashMap;

use super::core::{Core, export_kind};
use super::world::{Functions, World};
use crate::analyse::{External, ExternalId, Facts};
use crate::boundary::Boundary;
use crate::error::{Error, Result};
use crate::options::Names;
use crate::plan::{LiftId, Plan, TypeId};

/// A component under construction that has core instances.
pub(super) struct Outer<'c, 'a> {
    pub world: World<'c, 'a>,
    pub code: CoreSide<'c>,
}

/// Core instances, and what of them has an index so far.
pub(super) struct CoreSide<'c> {
    pub facts: &'c Facts,
    pub boundary: &'c Boundary,
    pub core: Core,
    /// Core functions, memories and others by where they come from, once they have an index.
    aliases: HashMap<Item, u32>,
}

impl<'c, 'a> Outer<'c, 'a> {
    /// Begins with the imports.
    pub fn new(
        plan: &'c Plan<'a>,
        facts: &'c Facts,
        boundary: &'c Boundary,
        core: Core,
    ) -> Result<Self> {
        Ok(Outer { world: World::new(plan)?, code: CoreSide::new(facts, boundary, core) })
    }

    /// Lowers an import, or makes a built-in; what its options refer to exists.
    pub fn lower(&mut self, external: ExternalId) -> Result<u32> {
        self.code.lower(&mut self.world, external)
    }

    /// The index of a core item, aliased from the instance that has it.
    pub fn core_item(&mut self, item: Item) -> Result<u32> {
        self.code.item(&mut self.world, item)
    }

    /// Adds a core module.
    pub fn core_module(&mut self, name: &str, module: &[u8]) -> u32 {
        let World { names, scopes, .. } = &mut self.world;
        names.core_module(&mut scopes.component, name, module)
    }

    /// Instantiates a core module.
    pub fn core_instance<'n>(
        &mut self,
        name: &str,
        module: u32,
        arguments: impl IntoIterator<Item = (&'n str, ModuleArg), IntoIter: ExactSizeIterator>,
    ) -> u32 {
        let World { names, scopes, .. } = &mut self.world;
        names.core_instance(&mut scopes.component, name, module, arguments)
    }

    /// Writes the exports, and is done.
    pub fn finish(mut self, names: Names) -> Result<Vec<u8>> {
        self.world.exports(&mut self.code)?;
        self.world.finish(names)
    }
}

impl<'c> CoreSide<'c> {
    fn new(facts: &'c Facts, boundary: &'c Boundary, core: Core) -> Self {
        CoreSide { facts, boundary, core, aliases: HashMap::new() }
    }

    /// Lowers an import, or makes a built-in; what its options refer to exists.
    pub fn lower(&mut self, world: &mut World<'_, '_>, external: ExternalId) -> Result<u32> {
        let item = Item::External(external);
        if let Some(&index) = self.aliases.get(&item) {
            return Ok(index);
        }
        let index = match self.facts.externals[external] {
            External::Import { import, .. } | External::Exchange { import, .. } => {
                let func = world.import(import)?;
                let options = self.boundary.externals[external];
                let options = options.encode(|item| self.item(world, item))?;
                world.scopes.component.lower_func(None, func, options)
            }
            External::Token(op) => self.token(world, external, op)?,
            External::Builtin(kind) => self.builtin(world, external, kind)?,
            External::Exit => {
                return Err(Error::internal("a component does not exit by a core import"));
            }
        };
        self.aliases.insert(item, index);
        Ok(index)
    }

    /// The index of a core item, aliased from the instance that has it.
    pub fn item(&mut self, world: &mut World<'_, '_>, item: Item) -> Result<u32> {
        if let Some(&index) = self.aliases.get(&item) {
            return Ok(index);
        }
        let index = match item {
            Item::External(external) => self.lower(world, external)?,
            Item::Defined { kind, .. } => {
                let (instance, name) = self.core.locate(item)?;
                let kind = export_kind(kind);
                world.scopes.component.core_alias_export(None, instance, name, kind)
            }
        };
        self.aliases.insert(item, index);
        Ok(index)
    }
}

impl Functions for CoreSide<'_> {
    const FOREIGN: bool = false;

    fn lift(&mut self, world: &mut World<'_, '_>, lift: LiftId, ty: TypeId) -> Result<u32> {
        let ty = world.scopes.func(ty)?;
        let lift = self.boundary.lifts[lift].as_ref();
        let lift = lift.ok_or_else(|| Error::internal("an export has no core function"))?;
        let options = lift.options.encode(|item| self.item(world, item))?;
        let func = self.item(world, lift.func)?;
        Ok(world.scopes.component.lift_func(None, func, ty, options))
    }
}
