//! Groups, and instances whose code is not there, side by side in the outer component.
//!
//! Each group has been wrapped by itself, as a component whose imports and exports are called
//! `func0`, `type1` and so on. What they are has been noted (`group`). So all that is left to do is
//! to instantiate one after another, with what those before it export, and what the root imports.

use cranelift_entity::SecondaryMap;
use wasm_encoder::ComponentExportKind;

use super::world::{Functions, World};
use crate::error::{Error, Result};
use crate::group::{Group, Groups, Step};
use crate::options::Options;
use crate::plan::{FuncDef, Item, LiftId, Plan, TypeId};

/// Writes the outer component around groups, of which there is a component each. Where there is one
/// group, that is the result.
pub fn compose(
    plan: &Plan<'_>,
    groups: &Groups<'_, '_>,
    mut components: Vec<Vec<u8>>,
    options: &Options,
) -> Result<Vec<u8>> {
    let missing = || Error::internal("a group has not been fused");
    if groups.is_whole() {
        return components.pop().ok_or_else(missing);
    }
    let mut world = World::new(plan)?;
    let mut lifted = Lifted::default();
    let mut components = components.iter();
    for step in &groups.steps {
        match step {
            Step::Imported(made) => world.instantiate(made, &mut lifted)?,
            Step::Group(group) => {
                let component = components.next().ok_or_else(missing)?;
                lifted.instantiate(&mut world, group, component)?;
            }
        }
    }
    world.exports(&mut lifted)?;
    world.finish(options.names)
}

/// The functions of the groups so far.
#[derive(Default)]
struct Lifted(SecondaryMap<LiftId, Option<u32>>);

impl Lifted {
    fn instantiate(
        &mut self,
        world: &mut World<'_, '_>,
        group: &Group<'_, '_>,
        component: &[u8],
    ) -> Result<()> {
        let imports = group.imports.iter().map(|(name, item)| (name.as_str(), *item));
        let arguments = world.arguments(imports, self)?;
        let component = world.scopes.component.component_raw(None, component);
        world.names.component(component, &group.name);
        let instance = world.scopes.component.instantiate(None, component, arguments);
        world.names.instance(instance, &group.name);
        for (name, item) in &group.exports {
            let component = &mut world.scopes.component;
            let mut export = |kind| component.alias_export(instance, name, kind);
            match *item {
                Item::Func(FuncDef::Lift(lift), _) => {
                    self.0[lift] = Some(export(ComponentExportKind::Func));
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
        self.0[lift].ok_or_else(|| Error::internal("no group exports a function"))
    }
}
