//! Writes the function that does what is left to do on instantiation.

use wasm_encoder::{Function, Instruction, ValType};
use wasmparser::ConstExpr;

use super::confine;
use super::layout::Layout;
use super::numbering::Numbering;
use super::rewrite::Rewrite;
use crate::decide::Decisions;
use crate::decide::start::{Phase, Step};
use crate::program::{DataId, ElementId, segment};
use crate::{BlockId, Error, InstanceId, Result};

/// The locals for the operands of an instruction that writes a data segment.
const OPERANDS: [u32; 3] = [0, 1, 2];

/// The function that does all steps of a phase.
pub fn combined<'p>(
    decisions: &'p Decisions<'p, 'p>,
    layout: &'p Layout,
    types: &mut Numbering<'p>,
    phase: &Phase,
) -> Result<Function> {
    let mut locals = Vec::new();
    for step in &phase.steps {
        if let Step::Data(id) = *step
            && let Some(target) = segment::data_target(decisions.program, id)?
            && layout.place(target.into).is_some()
        {
            locals = vec![(OPERANDS.len() as u32, ValType::I32)];
        }
    }
    let mut function = Function::new(locals);
    let mut steps = Steps { decisions, layout, types, function: &mut function };
    for step in &phase.steps {
        match *step {
            Step::Call(func) => {
                steps.function.instruction(&Instruction::Call(layout.func(func)?));
            }
            Step::Element(id) => steps.element(id)?,
            Step::Data(id) => steps.data(phase.block, id)?,
        }
    }
    function.instruction(&Instruction::End);
    Ok(function)
}

/// Writes steps.
struct Steps<'s, 'p> {
    decisions: &'p Decisions<'p, 'p>,
    layout: &'p Layout,
    types: &'s mut Numbering<'p>,
    function: &'s mut Function,
}

impl Steps<'_, '_> {
    fn element(&mut self, id: ElementId) -> Result<()> {
        let Decisions { program, .. } = *self.decisions;
        let target = segment::element_target(program, id)?.ok_or_else(passive)?;
        let offset = self.offset(program.elements[id].instance, target.offset)?;
        let len = segment::items(segment::element(program, id));
        let elem_index = self.layout.element(id)?;
        let table = self.layout.table(target.into)?;
        apply(self.function, &offset, len, &Instruction::TableInit { elem_index, table });
        self.function.instruction(&Instruction::ElemDrop(elem_index));
        Ok(())
    }

    fn data(&mut self, block: BlockId, id: DataId) -> Result<()> {
        let Decisions { program, partition, helpers, .. } = *self.decisions;
        let target = segment::data_target(program, id)?.ok_or_else(passive)?;
        let offset = self.offset(program.data[id].instance, target.offset)?;
        let len = u32::try_from(segment::data(program, id).data.len())
            .map_err(|_| Error::internal("a data segment is too long"))?;
        let layout = self.layout;
        if !partition.is_near(block, target.into) {
            let (init, drop) = helpers.far_data(partition, id, target.into)?;
            let (init, drop) = (layout.helper(init)?, layout.helper(drop)?);
            apply(self.function, &offset, len, &Instruction::Call(init));
            self.function.instruction(&Instruction::Call(drop));
            return Ok(());
        }
        let data_index = layout.data(id)?;
        if let Some(place) = layout.place(target.into) {
            push(self.function, &offset, len);
            let code = &mut self.function.instructions();
            confine::init(code, place, false, &OPERANDS, data_index);
        } else {
            let mem = layout.memory(target.into)?;
            apply(self.function, &offset, len, &Instruction::MemoryInit { data_index, mem });
        }
        self.function.instruction(&Instruction::DataDrop(data_index));
        Ok(())
    }

    /// The instructions that say where a segment is written.
    fn offset(&mut self, instance: InstanceId, offset: &ConstExpr<'_>) -> Result<Vec<u8>> {
        let Decisions { program, constants, .. } = *self.decisions;
        Rewrite::new(program, constants, self.layout, self.types, instance).constant(offset)
    }
}

fn passive() -> Error {
    Error::internal("a passive segment was to be applied")
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
