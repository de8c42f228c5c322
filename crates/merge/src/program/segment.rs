//! What the segments of the instances do when the instances are instantiated.
//!
//! An active segment is a write at a fixed place, or a trap. The trap is an observable effect of
//! its own: a segment whose destination nothing reads may be removed only if it is known to fit.

use wasmparser::{ConstExpr, Data, DataKind, Element, ElementItems, ElementKind};

use super::constant::Constants;
use super::entity::{DataId, Definition, ElementId, Entity, MemoryId, TableId};
use super::resolve::Program;
use crate::Result;
use crate::read::malformed;

/// Where an active segment is written.
pub struct Target<'p, I> {
    /// The table or memory.
    pub into: I,
    /// The place in it, as the instance's module says it.
    pub offset: &'p ConstExpr<'p>,
}

/// The text of an element segment.
pub fn element<'p>(program: &'p Program<'_>, id: ElementId) -> &'p Element<'p> {
    let site = program.elements[id];
    &program.module(site.instance).elements[site.position]
}

/// The text of a data segment.
pub fn data<'p>(program: &'p Program<'_>, id: DataId) -> &'p Data<'p> {
    let site = program.data[id];
    &program.module(site.instance).data[site.position]
}

/// How many items an element segment has.
pub fn items(element: &Element<'_>) -> u32 {
    match &element.items {
        ElementItems::Functions(items) => items.count(),
        ElementItems::Expressions(_, items) => items.count(),
    }
}

/// Where an element segment is written, if it is active.
pub fn element_target<'p>(
    program: &'p Program<'_>,
    id: ElementId,
) -> Result<Option<Target<'p, TableId>>> {
    let ElementKind::Active { table_index, offset_expr } = &element(program, id).kind else {
        return Ok(None);
    };
    let spaces = &program.instances[program.elements[id].instance];
    let into = spaces.tables.get(table_index.unwrap_or(0))?;
    Ok(Some(Target { into, offset: offset_expr }))
}

/// Where a data segment is written, if it is active.
pub fn data_target<'p>(
    program: &'p Program<'_>,
    id: DataId,
) -> Result<Option<Target<'p, MemoryId>>> {
    let DataKind::Active { memory_index, offset_expr } = &data(program, id).kind else {
        return Ok(None);
    };
    let spaces = &program.instances[program.data[id].instance];
    let into = spaces.memories.get(*memory_index)?;
    Ok(Some(Target { into, offset: offset_expr }))
}

/// Whether an active element segment certainly fits. Tables do not shrink, so the initial size
/// decides whatever has run before.
pub fn element_fits(
    program: &Program<'_>,
    constants: &Constants,
    id: ElementId,
    target: &Target<'_, TableId>,
) -> Result<bool> {
    let Definition::Defined(site) = program.tables[target.into] else { return Ok(false) };
    let size = program.module(site.instance).tables[site.position].ty.initial;
    let user = program.elements[id].instance;
    let offset = constants.fold(program, user, target.offset)?.and_then(|v| v.as_offset());
    let len = items(element(program, id)).into();
    Ok(fits(offset, len, size.into()))
}

/// Whether an active data segment certainly fits.
pub fn data_fits(
    program: &Program<'_>,
    constants: &Constants,
    id: DataId,
    target: &Target<'_, MemoryId>,
) -> Result<bool> {
    let Definition::Defined(site) = program.memories[target.into] else { return Ok(false) };
    let memory = &program.module(site.instance).memories[site.position];
    let size = u128::from(memory.initial) << memory.page_size_log2.unwrap_or(16).min(16);
    let user = program.data[id].instance;
    let offset = constants.fold(program, user, target.offset)?.and_then(|v| v.as_offset());
    Ok(fits(offset, data(program, id).data.len() as u64, size))
}

fn fits(offset: Option<u64>, len: u64, size: u128) -> bool {
    offset.is_some_and(|offset| u128::from(offset) + u128::from(len) <= size)
}

/// What the merged form of an element segment's items refers to.
pub fn item_uses(
    program: &Program<'_>,
    constants: &Constants,
    id: ElementId,
    found: &mut Vec<Entity>,
) -> Result<()> {
    let instance = program.elements[id].instance;
    match element(program, id).items.clone() {
        ElementItems::Functions(items) => {
            let funcs = &program.instances[instance].funcs;
            for item in items {
                found.push(Entity::Func(funcs.get(item.map_err(malformed)?)?));
            }
        }
        ElementItems::Expressions(_, items) => {
            for item in items {
                constants.uses(program, instance, &item.map_err(malformed)?, found)?;
            }
        }
    }
    Ok(())
}
