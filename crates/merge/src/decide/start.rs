//! Orders what instantiation does: segments and start functions.
//!
//! ```text
//! instance 0: (data A)  (start $a)             stays active: A
//! instance 1: (elem B)  (data C)               combined start: call $a; apply B; apply C; call $b
//!             (start $b)
//! ```
//!
//! The composition instantiates one instance after another: its element segments, its data
//! segments, its start function. A module applies all its active segments before its start
//! function. So segments stay active up to the first start function. What comes after it becomes
//! passive, and a generated function calls the start functions and applies the segments in order.
//!
//! A segment also stays active if all start functions before it come before what it is written to:
//! they cannot see that, for it did not exist, and the segment fits, so that it cannot trap. This
//! is what makes instantiation fast: an engine maps a memory with its active segments, of which an
//! interpreter of a language may have megabytes, but copies passive ones.
//!
//! With several blocks, that function is in the last one, which can import whatever it needs. Until
//! then the blocks apply active segments, each its own, in the order of the blocks. Where the
//! instances would write one table or memory in another order, the segments from there on become
//! passive, too.
//!
//! In a region of one memory, a segment is active only if it surely fits: the engine would let it
//! reach what comes after the region.
//!
//! An instance whose code is not there may start with anything. It ends a *phase*: what comes
//! before is done by the last block before it, what comes after by the last block of the next
//! phase. The partition has ordered blocks so (see `partition`).
//!
//! Limits: among active segments that stay active, the merged module applies all element segments
//! first. No code runs in between, so the order shows only if one is out of bounds: in which of two
//! such is reported, and in what an external memory holds after instantiation has failed.

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};

use super::partition::Partition;
use super::reach::Live;
use super::region::Regions;
use crate::program::{
    Constants, DataId, Definition, ElementId, Entity, FuncId, MemoryId, Program, Site, TableId,
    segment,
};
use crate::{BlockId, Error, InstanceId, Result, id};

id! {
    /// The instances between two whose code is not there.
    pub struct PhaseId("phase");
}

/// How instantiation goes on after, or without, active segments.
#[derive(Default)]
pub struct Starts {
    pub phases: PrimaryMap<PhaseId, Phase>,
    elements: SecondaryMap<ElementId, Option<Applied>>,
    data: SecondaryMap<DataId, Option<Applied>>,
}

/// What is left to do, in order, when all segments that stay active have been applied: of all
/// instances between two whose code is not there.
pub struct Phase {
    /// The block that does it.
    pub block: BlockId,
    pub steps: Vec<Step>,
}

/// One thing that a start function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Calls the start function of an instance.
    Call(FuncId),
    /// Applies an element segment.
    Element(ElementId),
    /// Applies a data segment.
    Data(DataId),
}

/// How an active segment is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// By being an active segment of a block.
    Active(BlockId),
    /// By a step that a block does.
    Step(BlockId),
}

impl Starts {
    /// How an element segment is applied, if it is one that is.
    pub fn element(&self, id: ElementId) -> Option<Applied> {
        self.elements[id]
    }

    /// How a data segment is applied, if it is one that is.
    pub fn data(&self, id: DataId) -> Option<Applied> {
        self.data[id]
    }
}

/// Orders the start functions, and the segments that are kept and do not stay active.
pub fn plan(
    program: &Program<'_>,
    constants: &Constants,
    live: &Live,
    partition: &Partition,
    regions: &Regions,
) -> Result<Starts> {
    let mut planner = Planner {
        program,
        constants,
        partition,
        regions,
        starts: Starts::default(),
        tables: SecondaryMap::new(),
        memories: SecondaryMap::new(),
        after: None,
        block: None,
        start: None,
        steps: Vec::new(),
    };
    planner.block = planner.last_block(program.opaque.iter().next());
    for (id, spaces) in &program.instances {
        if program.is_opaque(id) {
            planner.end_phase();
            planner.after = Some(partition.of(id)?);
            let next = program.opaque.iter().find(|next| *next > id);
            planner.block = planner.last_block(next);
            continue;
        }
        for id in spaces.elements.ids().iter().filter(|id| live.elements.contains(**id)) {
            planner.element(*id)?;
        }
        for id in spaces.data.ids().iter().filter(|id| live.data.contains(**id)) {
            planner.data(*id)?;
        }
        if let Some(start) = program.module(id).start {
            planner.steps.push(Step::Call(spaces.funcs.get(start)?));
            planner.start = Some(id);
        }
    }
    planner.steps.extend(program.main.map(Step::Call));
    planner.end_phase();
    Ok(planner.starts)
}

struct Planner<'s, 'p> {
    program: &'s Program<'p>,
    constants: &'s Constants,
    partition: &'s Partition,
    regions: &'s Regions,
    starts: Starts,
    tables: SecondaryMap<TableId, Written>,
    memories: SecondaryMap<MemoryId, Written>,
    /// The instance whose code is not there that this phase comes after.
    after: Option<BlockId>,
    /// The block that does the steps of this phase, if it has a block.
    block: Option<BlockId>,
    /// The last instance with a start function.
    start: Option<InstanceId>,
    steps: Vec<Step>,
}

/// By whom a table or memory has been written so far.
#[derive(Clone, Copy, Default)]
enum Written {
    #[default]
    No,
    /// By active segments, the last of which is in this block.
    Active(BlockId),
    /// By a step.
    Step,
}

impl Planner<'_, '_> {
    /// The last block before an instance whose code is not there, in this phase.
    fn last_block(&self, before: Option<InstanceId>) -> Option<BlockId> {
        let end = match before {
            Some(instance) => self.partition.of(instance).ok()?.index(),
            None => self.partition.blocks.len(),
        };
        let blocks = (0..end).rev().map(BlockId::new);
        let mut blocks = blocks.take_while(|block| self.after.is_none_or(|after| *block > after));
        blocks.find(|block| !self.partition.blocks[*block].opaque)
    }

    fn end_phase(&mut self) {
        let steps = std::mem::take(&mut self.steps);
        if let Some(block) = self.block {
            self.starts.phases.push(Phase { block, steps });
        }
    }

    fn element(&mut self, id: ElementId) -> Result<()> {
        let Some(target) = segment::element_target(self.program, id)? else { return Ok(()) };
        let block = self.partition.of(self.program.elements[id].instance)?;
        let applied = self.applied(self.tables[target.into], Some(block), || {
            Ok(self.is_unseen(self.program.tables[target.into])
                && segment::element_fits(self.program, self.constants, id, &target)?)
        })?;
        self.tables[target.into] = applied.into();
        self.starts.elements[id] = Some(applied);
        if let Applied::Step(_) = applied {
            self.steps.push(Step::Element(id));
        }
        Ok(())
    }

    fn data(&mut self, id: DataId) -> Result<()> {
        let Some(target) = segment::data_target(self.program, id)? else { return Ok(()) };
        let instance = self.program.data[id].instance;
        let own = self.partition.of(instance)?;
        let known = self.constants.fold(self.program, instance, target.offset)?.is_some();
        let host = self.partition.defines(self.program, Entity::Memory(target.into))?;
        let host = match host {
            Some(block) if !self.partition.blocks[block].opaque => Some(block),
            _ => None,
        };
        let host_is_in_time =
            |block: &BlockId| known && self.after.is_none_or(|after| *block > after || own < after);
        let near = self.partition.is_near(own, target.into).then_some(own);
        let mut block = host.filter(host_is_in_time).or(near);
        if self.regions.get(target.into).is_some()
            && !segment::data_fits(self.program, self.constants, id, &target)?
        {
            block = None;
        }
        let applied = self.applied(self.memories[target.into], block, || {
            Ok(self.is_unseen(self.program.memories[target.into])
                && segment::data_fits(self.program, self.constants, id, &target)?)
        })?;
        self.memories[target.into] = applied.into();
        self.starts.data[id] = Some(applied);
        if let Applied::Step(_) = applied {
            self.steps.push(Step::Data(id));
        }
        Ok(())
    }

    /// Whether a table or memory did not exist when the last start function ran.
    fn is_unseen(&self, definition: Definition) -> bool {
        let after = |site: Site| self.start.is_none_or(|start| site.instance > start);
        matches!(definition, Definition::Defined(site) if after(site))
    }

    /// How a segment is applied that could be active in a block. It is `free` if no step before it
    /// can see it, and it cannot trap.
    fn applied(
        &self,
        written: Written,
        block: Option<BlockId>,
        free: impl FnOnce() -> Result<bool>,
    ) -> Result<Applied> {
        let in_order = |block: &BlockId| match written {
            Written::No => true,
            Written::Active(last) => last <= *block,
            Written::Step => false,
        };
        // After the block of the steps only comes what nothing before it can observe.
        let before_steps = |block: &BlockId| {
            self.steps.is_empty() || self.block.is_some_and(|steps| *block > steps)
        };
        match block.filter(in_order) {
            Some(block) if before_steps(&block) || free()? => Ok(Applied::Active(block)),
            _ => {
                let block = self.block.or(block);
                let block = block.ok_or_else(|| Error::internal("a phase has no block"))?;
                Ok(Applied::Step(block))
            }
        }
    }
}

impl From<Applied> for Written {
    fn from(applied: Applied) -> Written {
        match applied {
            Applied::Active(block) => Written::Active(block),
            Applied::Step(_) => Written::Step,
        }
    }
}
