//! Orders what instantiation does: segments and start functions.
//!
//! ```text
//! instance 0: (data A)  (start $a)             stays active: A
//! instance 1: (elem B)  (data C)               combined start: call $a; apply B; apply C; call $b
//!             (start $b)
//! ```
//!
//! The composition instantiates one instance after another: its element segments, its data
//! segments, its start function. A module applies all its active segments before its start function.
//! So segments stay active up to the first start function. What comes after it becomes passive, and
//! a generated function calls the start functions and applies the segments in order.
//!
//! A segment also stays active if all start functions before it come before what it is written to:
//! they cannot see that, for it did not exist, and the segment fits, so that it cannot trap. This is
//! what makes instantiation fast: an engine maps a memory with its active segments, of which an
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
//! An instance whose code is not there may start with anything. It ends a *phase*: what comes before
//! is done by the last block before it, what comes after by the last block of the next phase. The
//! partition has ordered blocks so (see `partition`).
//!
//! Limits: among active segments that stay active, the merged module applies all element segments
//! first. No code runs in between, so the order shows only if one is out of bounds: in which of two
//! such is reported, and in what an external memory holds after instantiation has failed.

use cranelift_entity::{EntityRef, SecondaryMap};
use wasm_encoder::Function;
use wasm_encoder::Instruction;
use wasm_encoder::ValType;

use crate::InstanceId;
use crate::confine;
use crate::constant::Constants;
use crate::error::Error;
use crate::error::Result;
use crate::generate::Accesses;
use crate::layout::Layout;
use crate::partition::BlockId;
use crate::partition::Partition;
use crate::reach::Live;
use crate::region::Regions;
use crate::resolve::DataId;
use crate::resolve::Definition;
use crate::resolve::ElementId;
use crate::resolve::FuncId;
use crate::resolve::MemoryId;
use crate::resolve::Program;
use crate::resolve::Site;
use crate::resolve::TableId;
use crate::rewrite::Rewrite;
use crate::segment;
use crate::types::Numbering;

/// How instantiation goes on after, or without, active segments.
#[derive(Default)]
pub struct Starts {
    phases: Vec<Phase>,
    elements: SecondaryMap<ElementId, Option<Applied>>,
    data: SecondaryMap<DataId, Option<Applied>>,
}

/// What is left to do, in order, when all segments that stay active have been applied: of all
/// instances between two whose code is not there.
pub struct Phase {
    /// The block that does it.
    pub block: BlockId,
    pub steps: Vec<Step>,
    /// The function that does it, if there is anything to do.
    pub function: Option<FuncId>,
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

impl Phase {
    /// Whether what there is to do takes a function that no instance has.
    pub fn is_combined(&self) -> bool {
        !matches!(self.steps[..], [] | [Step::Call(_)])
    }
}

impl Starts {
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    pub fn phases_mut(&mut self) -> &mut [Phase] {
        &mut self.phases
    }

    /// The function that a block starts with.
    pub fn of_block(&self, block: BlockId) -> Option<FuncId> {
        self.phases.iter().find(|phase| phase.block == block).and_then(|phase| phase.function)
    }

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
            let function = match steps[..] {
                [Step::Call(func)] => Some(func),
                _ => None,
            };
            self.starts.phases.push(Phase { block, steps, function });
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
        let host =
            self.partition.defines(self.program, crate::resolve::Entity::Memory(target.into))?;
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

/// The locals for the operands of an instruction that writes a data segment.
const OPERANDS: [u32; 3] = [0, 1, 2];

/// The function that does all steps of a phase.
pub fn combined<'p>(
    program: &'p Program<'p>,
    constants: &'p Constants,
    partition: &'p Partition,
    accesses: &'p Accesses,
    layout: &'p Layout,
    types: &mut Numbering<'p>,
    phase: &Phase,
) -> Result<Function> {
    let in_region = |step: &Step| {
        let Step::Data(id) = *step else { return Ok(false) };
        Ok(segment::data_target(program, id)?.is_some_and(|to| layout.place(to.into).is_some()))
    };
    let in_regions = phase.steps.iter().map(in_region).collect::<Result<Vec<_>>>()?;
    let mut function = match in_regions.contains(&true) {
        true => Function::new([(OPERANDS.len() as u32, ValType::I32)]),
        false => Function::new([]),
    };
    let missing = || Error::internal("a passive segment was to be applied");
    for step in &phase.steps {
        match *step {
            Step::Call(func) => {
                function.instruction(&Instruction::Call(layout.func(func)?));
            }
            Step::Element(id) => {
                let target = segment::element_target(program, id)?.ok_or_else(missing)?;
                let instance = program.elements[id].instance;
                let mut rewrite = Rewrite::new(program, constants, layout, types, instance);
                let len = segment::items(segment::element(program, id));
                let elem_index = layout.element(id)?;
                let init = Instruction::TableInit { elem_index, table: layout.table(target.into)? };
                apply(&mut function, &rewrite.constant(target.offset)?, len, &init);
                function.instruction(&Instruction::ElemDrop(elem_index));
            }
            Step::Data(id) => {
                let target = segment::data_target(program, id)?.ok_or_else(missing)?;
                let instance = program.data[id].instance;
                let mut rewrite = Rewrite::new(program, constants, layout, types, instance);
                let offset = rewrite.constant(target.offset)?;
                let len = u32::try_from(segment::data(program, id).data.len())
                    .map_err(|_| Error::internal("a data segment is too long"))?;
                if let Some(place) = layout.place(target.into) {
                    let data_index = layout.data(id)?;
                    push(&mut function, &offset, len);
                    confine::init(&mut function.instructions(), place, &OPERANDS, data_index);
                    function.instruction(&Instruction::DataDrop(data_index));
                    continue;
                }
                let (init, drop) = if partition.is_near(phase.block, target.into) {
                    let data_index = layout.data(id)?;
                    let mem = layout.memory(target.into)?;
                    let init = Instruction::MemoryInit { data_index, mem };
                    (init, Instruction::DataDrop(data_index))
                } else {
                    let (init, drop) = accesses.far_data(partition, id, target.into)?;
                    (Instruction::Call(layout.func(init)?), Instruction::Call(layout.func(drop)?))
                };
                apply(&mut function, &offset, len, &init);
                function.instruction(&drop);
            }
        }
    }
    function.instruction(&Instruction::End);
    Ok(function)
}

/// `offset; 0; len; init`
fn apply(function: &mut Function, offset: &[u8], len: u32, init: &Instruction<'_>) {
    push(function, offset, len);
    function.instruction(init);
}

/// The operands of `init`. The last two are 32 bits wide in 64-bit memories and tables too.
fn push(function: &mut Function, offset: &[u8], len: u32) {
    function.raw(offset.iter().copied());
    function.instruction(&Instruction::I32Const(0));
    function.instruction(&Instruction::I32Const(len.cast_signed()));
}
