//! What the sections of a block's module are made with.

use cranelift_entity::{EntityRef, EntitySet, PrimaryMap};

use super::layout::Layout;
use super::numbering::Numbering;
use super::rewrite::Rewrite;
use crate::decide::helper::Helper;
use crate::decide::{Contents, Decisions};
use crate::hash::HashMap;
use crate::program::{Definition, Entity, HelperId, Site, Types};
use crate::{BlockId, InstanceId, Result};

/// Everything that is known about a block.
pub struct Input<'a, 'l> {
    pub decisions: &'a Decisions<'a, 'l>,
    pub types: &'a Types,
    pub block: BlockId,
    pub contents: &'a Contents,
    /// Those of all blocks: under which names they export what this one imports.
    pub names: &'a ExportNames,
    /// What each block is called.
    pub blocks: &'a PrimaryMap<BlockId, String>,
    pub layout: Layout,
}

/// The names under which blocks export things.
pub type ExportNames = HashMap<Entity, String>;

/// Makes the sections of a block.
pub struct Encoder<'p, 'l> {
    pub input: &'p Input<'p, 'l>,
    pub types: Numbering<'p>,
}

impl<'p, 'l> Encoder<'p, 'l> {
    /// Nothing is written yet.
    pub fn new(input: &'p Input<'p, 'l>) -> Self {
        Encoder { input, types: Numbering::new(input.decisions.program, input.types) }
    }

    /// Translates what an instance says.
    pub fn rewrite(&mut self, instance: InstanceId) -> Rewrite<'_, 'p> {
        let Input { decisions, layout, .. } = self.input;
        Rewrite::new(decisions.program, decisions.constants, layout, &mut self.types, instance)
    }

    /// What the block defines of an arena, in order.
    pub fn defined<I: EntityRef>(
        &self,
        arena: &'p PrimaryMap<I, Definition>,
        present: &'p EntitySet<I>,
        entity: impl Fn(I) -> Entity,
    ) -> Result<Vec<(I, Definition)>> {
        let Input { decisions, block, .. } = self.input;
        let mut defined = Vec::new();
        for id in present.iter() {
            if decisions.defines(entity(id))? == Some(*block) {
                defined.push((id, arena[id]));
            }
        }
        defined.shrink_to_fit();
        Ok(defined)
    }

    /// The same for what only instances define.
    pub fn sites<I: EntityRef>(
        &self,
        arena: &'p PrimaryMap<I, Definition>,
        present: &'p EntitySet<I>,
        entity: impl Fn(I) -> Entity,
    ) -> Result<Vec<(I, Site)>> {
        let defined = self.defined(arena, present, entity)?;
        Ok(defined
            .into_iter()
            .filter_map(|(id, definition)| match definition {
                Definition::Defined(site) => Some((id, site)),
                _ => None,
            })
            .collect())
    }

    /// The helpers that the block has, in order.
    pub fn helpers(&self) -> impl Iterator<Item = (HelperId, &'p Helper)> + use<'p, 'l> {
        let Input { decisions, block, .. } = self.input;
        decisions.helpers.all.iter().filter(|(_, helper)| helper.block == *block)
    }
}
