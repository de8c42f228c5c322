//! Copies code and constant expressions of one instance into the merged module.
//!
//! ```text
//! instance's   call 3    i32.load 0 (memory 0)    global.get 1
//! merged       call 17   i32.load 0 (memory 2)    global.get 5
//! ```
//!
//! Everything but the immediates that name indices is copied as it is, in the shortest form. What
//! else is done is a matter of [`Treatment`]: constant expressions are folded where their value is
//! known; instructions on far memories become calls; where memories are regions of one memory, an
//! offset has the base of its region added, and `confine` sees to the rest.

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{ConstExpr, Encode, Instruction, InstructionSink, ValType};
use wasmparser::{BinaryReader, FunctionBody, HeapType, Operator, RefType};

use super::confine::{self, Around, Confined};
use super::layout::Layout;
use super::numbering::Numbering;
use crate::code::{
    self, Code, Counts, Edit, Immediate, Index, Kink, Opcodes, Place, Span, Target, Then, Visitor,
    access,
};
use crate::decide::{Decisions, Replacement};
use crate::program::{Constants, Entity, Program, Spaces, Value};
use crate::read::{Spot, failed, malformed, user};
use crate::{BlockId, Error, ErrorKind, InstanceId, ModuleId, Result};

/// The bytes that the body of a function can have in an engine.
const MAX_BODY: usize = 7_654_321;

/// Translates what an instance's module says into what the merged module says.
pub struct Rewrite<'r, 'p> {
    pub program: &'p Program<'p>,
    instance: InstanceId,
    spaces: &'p Spaces,
    constants: &'p Constants,
    layout: &'p Layout,
    types: &'r mut Numbering<'p>,
}

/// What is done with instructions, beside giving them other indices.
#[derive(Clone, Copy)]
pub enum Treatment<'t> {
    /// Nothing.
    Plain,
    /// The code is a constant expression: globals whose values are known are replaced.
    Constant,
    /// The memories of the code are far, some of them: what is on these becomes calls.
    Far(FarCode<'t>),
    /// The memories of the code are regions of one memory, or its tables parts of one table: what is on these stays
    /// there.
    Confined(Confined),
}

/// Code that reaches far memories.
#[derive(Clone, Copy)]
pub struct FarCode<'t> {
    pub decisions: &'t Decisions<'t, 't>,
    /// The block that the code is in.
    pub block: BlockId,
}

impl<'r, 'p> Rewrite<'r, 'p> {
    /// For the code of one instance.
    pub fn new(
        program: &'p Program<'p>,
        constants: &'p Constants,
        layout: &'p Layout,
        types: &'r mut Numbering<'p>,
        instance: InstanceId,
    ) -> Self {
        let spaces = &program.instances[instance];
        Rewrite { program, instance, spaces, constants, layout, types }
    }

    /// For the code of another instance.
    pub fn of(&mut self, instance: InstanceId) -> Rewrite<'_, 'p> {
        Rewrite::new(self.program, self.constants, self.layout, self.types, instance)
    }

    /// Appends a function body, with so many locals more, which come after its own. `copy` copies its
    /// instructions. Its opcodes are added to those that are
    /// there, and so are its kinks, if somebody asks for them.
    pub fn body(
        &mut self,
        (body, more): (&FunctionBody<'_>, Counts),
        treatment: Treatment<'_>,
        output: &mut Vec<u8>,
        (kinks, opcodes): (Option<&mut Vec<Kink>>, &mut Opcodes),
        copy: impl FnOnce(&mut Copier<'_, '_, 'p>, Code<'_>) -> Result<()>,
    ) -> Result<()> {
        let begin = output.len();
        let code = Code::of_body(body)?;
        let is_same = matches!(treatment, Treatment::Plain);
        let mut edit = Edit::new(code.bytes, output, kinks);
        if !is_same || more.total() > 0 || !are_plain(&code.bytes[..code.start]) {
            let locals = self.all_locals(body, treatment, more)?;
            edit.replace(0..code.start, |sink| declare(locals, sink));
        }
        let opcodes_of_copy = is_same.then_some(&mut *opcodes);
        let mut copier = self.copier(edit, treatment, opcodes_of_copy);
        copy(&mut copier, code)?;
        limited(copier.edit.finish())?;
        if !is_same {
            opcodes.add(&FunctionBody::new(BinaryReader::new(&output[begin..], 0)))?;
        }
        Ok(())
    }

    /// Appends instructions that become a part of a body of another instance, perhaps. Nobody asks where they
    /// went.
    pub fn part(
        &mut self,
        code: Code<'_>,
        treatment: Treatment<'_>,
        output: &mut Vec<u8>,
        opcodes: Option<&mut Opcodes>,
        copy: impl FnOnce(&mut Copier<'_, '_, 'p>, Code<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut edit = Edit::new(code.bytes, output, None);
        edit.skip_to(code.start);
        let mut copier = self.copier(edit, treatment, opcodes);
        copy(&mut copier, code)?;
        copier.edit.finish();
        Ok(())
    }

    fn copier<'c>(
        &'c mut self,
        edit: Edit<'c>,
        treatment: Treatment<'c>,
        opcodes: Option<&'c mut Opcodes>,
    ) -> Copier<'c, 'r, 'p> {
        let memory = self.memory();
        Copier { rewrite: self, edit, treatment, memory, opcodes }
    }

    /// The locals of a body that are not parameters, and more of them.
    fn all_locals(
        &mut self,
        body: &FunctionBody<'_>,
        treatment: Treatment<'_>,
        more: Counts,
    ) -> Result<Vec<(u32, ValType)>> {
        let mut locals = self.locals(body)?;
        locals.extend(more.declared());
        if let Treatment::Confined(confined) = treatment {
            locals.extend(confined.locals());
        }
        Ok(locals)
    }

    /// The index of what is memory 0 to the instance, if it has one that is no region.
    fn memory(&self) -> Option<u32> {
        let memory = self.spaces.memories.ids().first()?;
        match self.layout.place(*memory) {
            Some(_) => None,
            None => self.layout.kept(Entity::Memory(*memory)),
        }
    }

    /// The locals of a body that are not parameters: how many of which type.
    fn locals(&mut self, body: &FunctionBody<'_>) -> Result<Vec<(u32, ValType)>> {
        let groups = body.get_locals_reader().map_err(malformed)?.into_iter();
        let group = |group: Result<_, _>| {
            let (count, ty) = group.map_err(malformed)?;
            Ok((count, self.val_type(ty).map_err(failed)?))
        };
        groups.map(group).collect()
    }

    /// The instructions of a constant expression, without the `end`.
    pub fn constant(&mut self, expr: &wasmparser::ConstExpr<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if let Some(value) = self.constants.fold(self.program, self.instance, expr)? {
            self.value(value)?.encode(&mut bytes);
            return Ok(bytes);
        }
        let code = Code::of_expression(expr)?;
        let edit = Edit::new(code.bytes, &mut bytes, None);
        let mut copier = self.copier(edit, Treatment::Constant, None);
        code.walk(&mut copier)?;
        copier.edit.finish();
        // The end has no immediates, so it is the last byte.
        bytes.pop();
        Ok(bytes)
    }

    /// The index in the merged module of what an index of the instance names.
    #[inline]
    fn index(&mut self, what: Index, index: u32) -> Result<u32> {
        let Rewrite { spaces, layout, .. } = self;
        match what {
            Index::Call | Index::Reference => layout.func(spaces.funcs.get(index)?),
            Index::Type => self.types.of_module(spaces.module, index),
            Index::CalledTable | Index::Table | Index::WrittenTable => {
                layout.table(spaces.tables.get(index)?)
            }
            Index::Memory => layout.memory(spaces.memories.get(index)?),
            Index::Global => layout.global(spaces.globals.get(index)?),
            Index::Tag => layout.tag(spaces.tags.get(index)?),
            Index::Element => layout.element(spaces.elements.get(index)?),
            Index::Data => layout.data(spaces.data.get(index)?),
        }
    }

    fn value(&mut self, value: Value) -> Result<Instruction<'static>> {
        Ok(match value {
            Value::I32(n) => Instruction::I32Const(n),
            Value::I64(n) => Instruction::I64Const(n),
            Value::F32(bits) => Instruction::F32Const(wasm_encoder::Ieee32::new(bits)),
            Value::F64(bits) => Instruction::F64Const(wasm_encoder::Ieee64::new(bits)),
            Value::V128(n) => Instruction::V128Const(n),
            Value::RefFunc(func) => Instruction::RefFunc(self.layout.func(func)?),
            Value::RefNull(module, ty) => {
                let mut types = TypesOf { module, types: self.types };
                Instruction::RefNull(types.heap_type(ty).map_err(failed)?)
            }
        })
    }
}

impl Reencode for Rewrite<'_, '_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.index(Index::Type, index).map_err(user)
    }

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.index(Index::Reference, index).map_err(user)
    }

    fn const_expr(
        &mut self,
        expr: wasmparser::ConstExpr<'_>,
    ) -> Result<ConstExpr, reencode::Error<Error>> {
        self.constant(&expr).map(ConstExpr::raw).map_err(user)
    }
}

/// Copies code of an instance.
pub struct Copier<'c, 'r, 'p> {
    rewrite: &'c mut Rewrite<'r, 'p>,
    edit: Edit<'c>,
    treatment: Treatment<'c>,
    /// What becomes of memory 0, where that is an index and no more: nearly all accesses are there.
    memory: Option<u32>,
    /// Where to note opcodes that are those of the copy.
    opcodes: Option<&'c mut Opcodes>,
}

impl<'p> Copier<'_, '_, 'p> {
    /// Copies all instructions of a body. Spots are those that may change.
    pub fn all(&mut self, code: Code<'_>, spots: impl Iterator<Item = Spot>) -> Result<()> {
        match self.treatment {
            // What is between them is as it is, in the shortest form.
            Treatment::Plain => self.spots(code, spots),
            _ => code.walk(self),
        }
    }

    /// Visits the instructions that may change.
    fn spots(&mut self, code: Code<'_>, spots: impl Iterator<Item = Spot>) -> Result<()> {
        for spot in spots {
            match spot {
                Spot::Access(at) => match self.memory {
                    Some(0) => {}
                    Some(memory) => self.edit.name_memory(at + 1, memory),
                    None => drop(code.visit(at, self)?),
                },
                Spot::Index(at) => code.visit_index(at, self)?,
                Spot::Other(at) => drop(code.visit(at, self)?),
            }
        }
        Ok(())
    }

    /// Writes something in place of what is there.
    pub fn replace(&mut self, span: Span, write: impl FnOnce(&mut Vec<u8>)) {
        self.edit.replace(span, write);
    }

    /// Writes code in place of an instruction, with what it takes to translate it.
    pub fn expand(
        &mut self,
        span: Span,
        write: impl FnOnce(&mut Rewrite<'_, 'p>, &mut Vec<u8>, Option<&mut Opcodes>) -> Result<()>,
    ) -> Result<()> {
        let output = self.edit.expand(span.start);
        let begin = output.len();
        write(self.rewrite, output, self.opcodes.as_deref_mut())?;
        // Whatever is in the input is somewhere in the output.
        if output.len() == begin {
            InstructionSink::new(output).nop();
        }
        self.edit.skip_to(span.end);
        self.edit.end_of_expansion(span.end);
        Ok(())
    }

    /// Puts the value of a global in place of it, if it is known.
    fn constant(&mut self, instruction: &code::Instruction<'_>, span: Span) -> Result<Then> {
        let Operator::GlobalGet { global_index } = instruction.operator else {
            return Ok(Then::Visit);
        };
        let global = self.rewrite.spaces.globals.get(global_index)?;
        let Some(value) = self.rewrite.constants.global(global) else { return Ok(Then::Visit) };
        let value = self.rewrite.value(value)?;
        self.edit.replace(span, |sink| value.encode(sink));
        Ok(Then::Pass)
    }

    /// Puts calls in place of an instruction on a far memory.
    fn far(
        &mut self,
        far: FarCode<'_>,
        instruction: &code::Instruction<'_>,
        span: Span,
    ) -> Result<Then> {
        let Decisions { partition, helpers, .. } = *far.decisions;
        let Rewrite { spaces, layout, .. } = *self.rewrite;
        let (drop, calls) = match helpers.replace(partition, spaces, far.block, instruction)? {
            Replacement::Same => return Ok(Then::Visit),
            Replacement::Call(helper) => (None, vec![helper]),
            Replacement::Drops { data, here, elsewhere } => (here.then_some(data), elsewhere),
        };
        let mut code = InstructionSink::new(self.edit.expand(span.start));
        if let Some(data) = drop {
            code.data_drop(layout.data(data)?);
        }
        for helper in calls {
            code.call(layout.helper(helper)?);
        }
        self.edit.skip_to(span.end);
        self.edit.end_of_expansion(span.end);
        Ok(Then::Pass)
    }

    /// Keeps an instruction on a memory in the region that the memory is, and one that calls through a table in its part.
    fn confined(
        &mut self,
        confined: Confined,
        instruction: &code::Instruction<'_>,
        span: Span,
    ) -> Result<Then> {
        let Rewrite { program, instance, layout, .. } = *self.rewrite;
        let mut code = InstructionSink::new(self.edit.expand(span.start));
        let around = Around { program, layout, instance };
        let then = confined.instruction(&mut code, &instruction.operator, around)?;
        if then == Then::Pass {
            self.edit.skip_to(span.end);
            self.edit.end_of_expansion(span.end);
        }
        Ok(then)
    }
}

impl Visitor for Copier<'_, '_, '_> {
    fn takes(&self, immediates: &[Immediate]) -> bool {
        match self.treatment {
            Treatment::Plain => false,
            Treatment::Constant => matches!(immediates, [Immediate::Index(Index::Global)]),
            Treatment::Far(_) => access::names_memory_or_data(immediates),
            Treatment::Confined(_) => confine::concerns(immediates),
        }
    }

    fn instruction(&mut self, instruction: &code::Instruction<'_>, span: Span) -> Result<Then> {
        // What becomes much of little is not written out to be refused in the end.
        limited(self.edit.written())?;
        match self.treatment {
            Treatment::Plain => Ok(Then::Visit),
            Treatment::Constant => self.constant(instruction, span),
            Treatment::Far(far) => self.far(far, instruction, span),
            Treatment::Confined(confined) => self.confined(confined, instruction, span),
        }
    }

    #[inline]
    fn opcode(&mut self, opcode: u8) {
        if let Some(opcodes) = &mut self.opcodes {
            opcodes.opcode(opcode);
        }
    }

    #[inline]
    fn prefixed_opcode(&mut self, prefix: u8, opcode: u32) {
        if let Some(opcodes) = &mut self.opcodes {
            opcodes.prefixed_opcode(prefix, opcode);
        }
    }

    fn typed_block(&mut self) {
        if let Some(opcodes) = &mut self.opcodes {
            opcodes.typed_block();
        }
    }

    fn end_of_instruction(&mut self, at: usize) {
        if let Treatment::Confined(_) = self.treatment {
            self.edit.end_of_expansion(at);
        }
    }

    fn index(&mut self, what: Index, index: u32, span: Span) -> Result<()> {
        let new = self.rewrite.index(what, index)?;
        self.edit.index(span, index, new);
        Ok(())
    }

    fn type_index(&mut self, index: u32, span: Span) -> Result<()> {
        let new = self.rewrite.index(Index::Type, index)?;
        self.edit.signed_index(span, index, new);
        Ok(())
    }

    fn ref_type(&mut self, ty: RefType, span: Span) -> Result<()> {
        let ty = self.rewrite.ref_type(ty).map_err(failed)?;
        self.edit.rewrite(span, &ty);
        Ok(())
    }

    fn heap_type(&mut self, ty: HeapType, span: Span) -> Result<()> {
        let ty = self.rewrite.heap_type(ty).map_err(failed)?;
        self.edit.rewrite(span, &ty);
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        if let (Target::Memory(0), Some(index)) = (place.target, self.memory) {
            self.edit.place(&place, index, place.offset);
            return Ok(());
        }
        let Rewrite { spaces, layout, .. } = *self.rewrite;
        let (target, base) = match place.target {
            Target::Memory(index) => {
                let memory = spaces.memories.get(index)?;
                let base = layout.place(memory).map(|place| u64::from(place.region.offset()));
                (layout.memory(memory)?, base)
            }
            Target::Array(ty) => (self.rewrite.index(Index::Type, ty)?, None),
        };
        // What is more than an offset can be is beyond the region: the address says so already. Whether
        // the two are aligned is the same with the last offset of that alignment.
        let last = u64::from(!7u32) | (place.offset & 7);
        let in_region = |base: u64| place.offset.saturating_add(base).min(last);
        self.edit.place(&place, target, base.map_or(place.offset, in_region));
        Ok(())
    }

    fn padded(&mut self, span: Span, shortest: &[u8]) {
        self.edit.replace(span, |sink| sink.extend_from_slice(shortest));
    }
}

/// Writes the declarations of locals: how many of which type.
fn declare(locals: Vec<(u32, ValType)>, sink: &mut Vec<u8>) {
    locals.len().encode(sink);
    for (count, ty) in locals {
        count.encode(sink);
        ty.encode(sink);
    }
}

/// Whether declarations of locals are the same in any module, and in their shortest form: there are few, of
/// numbers.
fn are_plain(locals: &[u8]) -> bool {
    let Some((groups @ ..0x80, locals)) = locals.split_first() else { return false };
    let (pairs, rest) = locals.as_chunks();
    let is_plain = |pair: &[u8; 2]| matches!(pair, [0x00..0x80, 0x7b..=0x7f]);
    pairs.len() == usize::from(*groups) && rest.is_empty() && pairs.iter().all(is_plain)
}

/// Refuses a body that is larger than engines accept.
pub fn limited(bytes: usize) -> Result<()> {
    if bytes <= MAX_BODY {
        return Ok(());
    }
    let what = format!(
        "the code of a function becomes larger than engines accept as it is rewritten: {MAX_BODY} bytes"
    );
    Err(Error::new(ErrorKind::BodyTooLarge, what))
}

/// Translates the types of a module, whichever of its instances is meant.
struct TypesOf<'r, 'p> {
    module: ModuleId,
    types: &'r mut Numbering<'p>,
}

impl Reencode for TypesOf<'_, '_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.types.of_module(self.module, index).map_err(user)
    }
}
