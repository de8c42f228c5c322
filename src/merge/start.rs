//! Orders what instantiation does: segments and start functions.
//!
//! ```text
//! instance 0: (data A)  (start $a)             stays active: A
//! instance 1: (elem B)  (data C)               combined start: call $a; apply B; apply C; call $b
//!             (start $b)
//! instance 2: (memory)  (data D)               stays active: D
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
//! Limits: among active segments that stay active, the merged module applies all element segments
//! first. No code runs in between, so the order shows only if one is out of bounds: in which of two
//! such is reported, and in what an external memory holds after instantiation has failed.

use std::collections::HashSet;

use wasm_encoder::Encode;
use wasm_encoder::Function;
use wasm_encoder::Instruction;

use super::InstanceId;
use super::constant::Constants;
use super::layout::Layout;
use super::reach::Live;
use super::resolve::DataId;
use super::resolve::Definition;
use super::resolve::ElementId;
use super::resolve::Entity;
use super::resolve::FuncId;
use super::resolve::Program;
use super::rewrite::Rewrite;
use super::segment;
use super::types::Numbering;
use crate::error::Error;
use crate::error::Result;

/// What is left to do when all segments that stay active have been applied.
#[derive(Default)]
pub struct Steps {
    steps: Vec<Step>,
}

/// One thing that the start function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Calls the start function of an instance.
    Call(FuncId),
    /// Applies an element segment.
    Element(ElementId),
    /// Applies a data segment.
    Data(DataId),
}

/// How the steps get done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// There are none.
    Nothing,
    /// By this function of the input.
    Existing(FuncId),
    /// By a function to be generated.
    Combined,
}

impl Steps {
    /// All steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How they get done.
    pub fn entry(&self) -> Entry {
        match self.steps[..] {
            [] => Entry::Nothing,
            [Step::Call(func)] => Entry::Existing(func),
            _ => Entry::Combined,
        }
    }
}

/// Orders the start functions, and the segments that are kept and do not stay active.
pub fn plan(program: &Program<'_>, constants: &Constants, live: &Live) -> Result<Steps> {
    let mut earlier = Earlier { program, start: None, written: HashSet::new() };
    let mut steps = Vec::new();
    for (id, spaces) in &program.instances {
        for id in spaces.elements.ids().iter().filter(|id| live.elements.contains(**id)) {
            if let Some(target) = segment::element_target(program, *id)?
                && !earlier.permits(Entity::Table(target.into), || {
                    segment::element_fits(program, constants, *id, &target)
                })?
            {
                steps.push(Step::Element(*id));
            }
        }
        for id in spaces.data.ids().iter().filter(|id| live.data.contains(**id)) {
            if let Some(target) = segment::data_target(program, *id)?
                && !earlier.permits(Entity::Memory(target.into), || {
                    segment::data_fits(program, constants, *id, &target)
                })?
            {
                steps.push(Step::Data(*id));
            }
        }
        if let Some(start) = program.module(id).start {
            steps.push(Step::Call(spaces.funcs.get(start)?));
            earlier.start = Some(id);
        }
    }
    Ok(Steps { steps })
}

/// What comes before a segment.
struct Earlier<'p> {
    program: &'p Program<'p>,
    /// The last instance with a start function.
    start: Option<InstanceId>,
    /// Tables and memories that a passive segment is written to.
    written: HashSet<Entity>,
}

impl Earlier<'_> {
    /// Whether a segment may stay active that is written to this table or memory.
    fn permits(&mut self, into: Entity, fits: impl FnOnce() -> Result<bool>) -> Result<bool> {
        let Some(start) = self.start else { return Ok(true) };
        let definition = match into {
            Entity::Table(id) => self.program.tables[id],
            Entity::Memory(id) => self.program.memories[id],
            _ => return Err(Error::internal("a segment is written to a table or a memory")),
        };
        let unseen = matches!(definition, Definition::Defined(site) if site.instance > start);
        // Segments may overlap, so the order of those with one destination is kept.
        let permits = unseen && !self.written.contains(&into) && fits()?;
        if !permits {
            self.written.insert(into);
        }
        Ok(permits)
    }
}

/// The function that does all steps.
pub fn combined<'p>(
    program: &'p Program<'p>,
    constants: &'p Constants,
    layout: &'p Layout,
    types: &mut Numbering<'p>,
    steps: &Steps,
) -> Result<Function> {
    let mut function = Function::new([]);
    let missing = || Error::internal("a passive segment was to be applied");
    for step in steps.steps() {
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
                let len = u32::try_from(segment::data(program, id).data.len())
                    .map_err(|_| Error::internal("a data segment is too long"))?;
                let data_index = layout.data(id)?;
                let init = Instruction::MemoryInit { data_index, mem: layout.memory(target.into)? };
                apply(&mut function, &rewrite.constant(target.offset)?, len, &init);
                function.instruction(&Instruction::DataDrop(data_index));
            }
        }
    }
    function.instruction(&Instruction::End);
    Ok(function)
}

/// `offset; 0; len; init`. The last two operands are 32 bits wide in 64-bit memories and tables too.
fn apply(function: &mut Function, offset: &[u8], len: u32, init: &Instruction<'_>) {
    let mut bytes = offset.to_vec();
    Instruction::I32Const(0).encode(&mut bytes);
    Instruction::I32Const(len.cast_signed()).encode(&mut bytes);
    init.encode(&mut bytes);
    function.raw(bytes);
}
