//! Groups, and instances whose code is not there, side by side in the outer component.
//!
//! Each group has been wrapped by itself, as a component whose imports and exports are called
//! `func0`, `type1` and so on. What they are has been noted (`group`). So all that is left to do is
//! to instantiate one after another, with what those before it export, and what the root imports.

use std::collections::HashMap;

use wasm_encoder::ComponentExportKind;

use super::Output;
use super::world::{Functions, World};
use crate::error::{Error, Result};
use crate::group::{Group, Groups, Step};
use crate::plan::{FuncDef, Item, LiftId, Plan, TypeId};
use crate::report::{Block, MemoryUse};

/// Writes the outer component around groups, of which there is an output each. Where there is one
/// group, that is the result.
pub fn compose(
    plan: &Plan<'_>,
    groups: &Groups<'_, '_>,
    mut outputs: Vec<Output>,
) -> Result<Output> {
    let missing = || Error::internal("a group has not been fused");
    if groups.is_whole() {
        return outputs.pop().ok_or_else(missing);
    }
    let mut world = World::new(plan)?;
    let mut lifted = Lifted::default();
    let (mut blocks, mut memories) = (Vec::new(), Vec::new());
    let mut outputs = outputs.into_iter();
    for step in &groups.steps {
        match step {
            Step::Imported(made) => world.instantiate(made, &mut lifted)?,
            Step::Group(group) => {
                let output = outputs.next().ok_or_else(missing)?;
                lifted.instantiate(&mut world, group, &output.bytes)?;
                let named = |name: &str| format!("{}/{name}", group.name);
                blocks.extend(
                    output
                        .blocks
                        .into_iter()
                        .map(|block| Block { name: named(&block.name), ..block }),
                );
                memories.extend(
                    output
                        .memories
                        .into_iter()
                        .map(|memory| MemoryUse { module: named(&memory.module), ..memory }),
                );
            }
        }
    }
    world.exports(&mut lifted)?;
    Ok(Output { bytes: world.finish(), blocks, memories, items: Vec::new() })
}

/// The functions of the groups so far.
#[derive(Default)]
struct Lifted(HashMap<LiftId, u32>);

impl Lifted {
    fn instantiate(
        &mut self,
        world: &mut World<'_, '_>,
        group: &Group<'_, '_>,
        component: &[u8],
    ) -> Result<()> {
        let imports = group.imports.iter().map(|(name, item)| (name.as_str(), *item));
        let arguments = world.arguments(imports, self)?;
        let name = Some(group.name.as_str());
        let component = world.scopes.component.component_raw(name, component);
        let instance = world.scopes.component.instantiate(name, component, arguments);
        for (name, item) in &group.exports {
            let component = &mut world.scopes.component;
            let mut export = |kind| component.alias_export(instance, name, kind);
            match *item {
                Item::Func(FuncDef::Lift(lift), _) => {
                    self.0.insert(lift, export(ComponentExportKind::Func));
                }
                Item::Type(ty) => {
                    let index = export(ComponentExportKind::Type);
                    world.scopes.know(ty, index);
                }
                _ => return Err(Error::internal("a group exports something unknown")),
            }
        }
        Ok(())
    }
}

impl Functions for Lifted {
    const FOREIGN: bool = true;

    fn lift(&mut self, _: &mut World<'_, '_>, lift: LiftId, _: TypeId) -> Result<u32> {
        self.0.get(&lift).copied().ok_or_else(|| Error::internal("no group exports a function"))
    }
}
