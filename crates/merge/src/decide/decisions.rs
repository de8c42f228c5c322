//! Everything that has been decided about a program.

use super::far::Helpers;
use super::inline::Inlined;
use super::partition::Partition;
use super::reach::Live;
use super::region::Regions;
use super::start::Starts;
use super::table::Parts;
use crate::program::{Constants, Entity, Program};
use crate::{BlockId, Link, Result};

/// What blocks are made from.
pub struct Decisions<'d, 'a> {
    pub link: &'d Link<'a>,
    pub program: &'d Program<'a>,
    pub constants: &'d Constants,
    pub live: &'d Live,
    pub partition: &'d Partition,
    pub regions: &'d Regions,
    pub parts: &'d Parts,
    pub starts: &'d Starts,
    pub helpers: &'d Helpers,
    pub inlined: &'d Inlined,
}

impl Decisions<'_, '_> {
    /// The block that defines an entity, unless it comes from outside.
    #[inline]
    pub fn defines(&self, entity: Entity) -> Result<Option<BlockId>> {
        match entity {
            Entity::Helper(id) => Ok(Some(self.helpers.all[id].block)),
            _ => self.partition.defines(self.program, entity),
        }
    }

    /// The function that a block starts with, if there is anything to do.
    pub fn start(&self, block: BlockId) -> Option<Entity> {
        let (id, phase) = self.starts.phases.iter().find(|(_, phase)| phase.block == block)?;
        self.helpers.start(id, phase)
    }
}
