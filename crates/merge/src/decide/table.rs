//! One table for all instances: each table becomes a part of it ([`Tables::Single`](crate::Tables)).
//!
//! ```text
//! tables                the one table
//!   app    40 slots       0   app
//!   words  25 slots      40   words
//! ```
//!
//! Engines of the first version of WebAssembly have one table in a module, and some of these are in use. What
//! calls through a table that is a part calls through the one, at an index that is further on by as much as the
//! part is. An index that is not in the part becomes one that is in no table, so that it traps as before, and no
//! instance calls what is in another's (`write::confine`).
//!
//! A table becomes a part if all that is done with it is to call through it, and to fill it once: nobody outside has
//! it, no instruction but a call names it, and its segments are active and fit. That holds for what compilers write. Any
//! other stays as it is, and all do if there are no two parts.
//!
//! Rejected: indices that are shifted in the table's segments and in constants of the code, as a linker would, for
//! nobody can tell which constants are indices.

use cranelift_entity::{EntitySet, SecondaryMap};
use wasmparser::{RefType, TableInit};

use super::partition::Partition;
use super::reach::Live;
use super::start::{Applied, Starts};
use crate::program::{Constants, Definition, Entity, Program, TableId, segment};
use crate::{InstanceId, Options, Result, options};

/// The slots that a table can have in engines.
const MAX_SLOTS: u64 = 10_000_000;

/// The parts of the one table, if that is what tables become.
#[derive(Debug, Default)]
pub struct Parts {
    of: SecondaryMap<TableId, Option<Part>>,
    /// In order.
    order: Vec<TableId>,
}

/// A part of the one table that stands for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its first slot.
    pub base: u32,
    /// How many slots it has.
    pub size: u32,
}

impl Parts {
    /// The part that stands for a table; none if the table stays what it is.
    pub fn get(&self, table: TableId) -> Option<Part> {
        self.of[table]
    }

    /// Whether tables stay what they are.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The table that the one is in place of.
    pub fn first(&self) -> Option<TableId> {
        self.order.first().copied()
    }

    /// The slots of the one table.
    pub fn slots(&self) -> u32 {
        let last = self.order.last().and_then(|table| self.of[*table]);
        last.map_or(0, |part| part.base + part.size)
    }
}

/// Decides which tables become one.
pub fn plan(
    options: &Options,
    program: &Program<'_>,
    constants: &Constants,
    partition: &Partition,
    live: &Live,
    starts: &Starts,
) -> Result<Parts> {
    let mut parts = Parts::default();
    if options.tables != options::Tables::Single || partition.blocks.len() != 1 {
        return Ok(parts);
    }
    let others = others(program, constants, starts)?;
    let mut next = 0u64;
    for table in live.tables.iter().filter(|table| !others.contains(*table)) {
        let Some(size) = plain_size(program, table) else { continue };
        if next + size > MAX_SLOTS {
            continue;
        }
        // No more than `MAX_SLOTS`.
        parts.of[table] = Some(Part { base: next as u32, size: size as u32 });
        parts.order.push(table);
        next += size;
    }
    match parts.order.len() {
        0 | 1 => Ok(Parts::default()),
        _ => Ok(parts),
    }
}

/// The slots of a table that holds functions, and no more than that.
fn plain_size(program: &Program<'_>, table: TableId) -> Option<u64> {
    let Definition::Defined(site) = program.tables[table] else { return None };
    let table = &program.module(site.instance).tables[site.position];
    let is_plain = table.ty.element_type == RefType::FUNCREF
        && !table.ty.table64
        && !table.ty.shared
        && matches!(table.init, TableInit::RefNull);
    is_plain.then_some(table.ty.initial)
}

/// Tables of which somebody sees more than what is called.
fn others(
    program: &Program<'_>,
    constants: &Constants,
    starts: &Starts,
) -> Result<EntitySet<TableId>> {
    let mut others = EntitySet::new();
    let exported = program.exports.iter().filter_map(|(_, entity)| match entity {
        Entity::Table(table) => Some(*table),
        _ => None,
    });
    others.extend(exported);
    for (id, spaces) in &program.instances {
        others.extend(spaces_of_opaque(program, id));
        for table in program.module(id).named_tables() {
            others.insert(spaces.tables.get(table)?);
        }
    }
    for id in program.elements.keys() {
        let Some(target) = segment::element_target(program, id)? else { continue };
        let stays = matches!(starts.element(id), Some(Applied::Active(_)));
        if !stays || !segment::element_fits(program, constants, id, &target)? {
            others.insert(target.into);
        }
    }
    Ok(others)
}

/// All tables of an instance whose code is not there.
fn spaces_of_opaque<'p>(
    program: &'p Program<'_>,
    id: InstanceId,
) -> impl Iterator<Item = TableId> + 'p {
    let tables = program.instances[id].tables.ids().iter().copied();
    tables.filter(move |_| program.is_opaque(id))
}
