//! Validates bodies, and takes notes on the way.
//!
//! A validator is told of each instruction what it is, and with which immediates. Whoever stands in front of
//! it hears that, too, and need not find it out again. What is left to see is whether the instruction is in
//! its shortest form: it is, if it is as long as such a one. Linkers leave indices and numbers longer: of these
//! the opcode says the rest. Any other instruction, and those that came after the first version of WebAssembly,
//! of which nothing is said, are looked at where they are written.

use wasmparser::{
    BlockType, FrameKind, FrameStack, FuncValidator, FunctionBody, MemArg, MemArgTarget,
    ValidatorResources, VisitOperator, VisitSimdOperator,
};

use super::notes::{Kind, Notes, Page};
use crate::code::{Code, Index, leb};
use crate::{Error, Result};

impl Notes {
    /// Validates a body and notes what is in it. The bodies of a module come in their order.
    ///
    /// # Errors
    ///
    /// The inner one is what the validator says; the outer one is internal.
    pub fn validated(
        &mut self,
        validator: &mut FuncValidator<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<wasmparser::Result<()>> {
        match self.validate(validator, body) {
            Ok(()) => Ok(Ok(())),
            Err(Failure::Invalid(error)) => Ok(Err(error)),
            Err(Failure::Internal(error)) => Err(error),
        }
    }

    /// What `FuncValidator::validate` does, with a note of each instruction.
    fn validate(
        &mut self,
        validator: &mut FuncValidator<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), Failure> {
        let code = Code { bytes: body.as_bytes(), start: 0, offset: body.range().start };
        let mut page = Page::new(self);
        let mut reader = body.get_binary_reader();
        validator.read_locals(&mut reader)?;
        reader.set_features(*validator.features());
        let mut at = reader.current_position();
        while !reader.eof() {
            let validator = validator.visitor(reader.original_position());
            let mut hearing = Hearing { validator, page: &mut page, heard: Heard::NOTHING };
            reader.visit_operator(&mut hearing)??;
            let Heard { length, kind } = hearing.heard;
            let end = reader.current_position();
            if end.wrapping_sub(at) != length as usize {
                page.look_again(code, at)?;
            } else if let Some(kind) = kind {
                page.heard(kind, at);
            }
            at = end;
        }
        reader.finish_expression(&validator.visitor(reader.original_position()))?;
        page.close();
        Ok(())
    }
}

/// Why a body is not noted.
enum Failure {
    Invalid(wasmparser::Error),
    Internal(Error),
}

impl From<wasmparser::Error> for Failure {
    fn from(error: wasmparser::Error) -> Self {
        Failure::Invalid(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Internal(error)
    }
}

/// What was heard of an instruction: how long it is in its shortest form, and what it is if it is that long.
#[derive(Clone, Copy)]
struct Heard {
    length: u32,
    kind: Option<Kind>,
}

impl Heard {
    /// No instruction is that short.
    const NOTHING: Heard = Heard { length: 0, kind: None };

    /// It is no spot.
    fn passing(length: usize) -> Heard {
        Heard { length: length as u32, kind: None }
    }
}

/// A validator, and what is heard of what it is told.
struct Hearing<'h, 'n, V> {
    validator: V,
    page: &'h mut Page<'n>,
    heard: Heard,
}

impl<V> Hearing<'_, '_, V> {
    #[inline(always)]
    fn unsigned(&mut self, number: u32) {
        self.heard = Heard::passing(1 + leb::length(number.into()));
    }

    #[inline(always)]
    fn signed(&mut self, number: i64) {
        self.heard = Heard::passing(1 + leb::length_of_signed(number));
    }

    /// Some labels, and one more. Nearly all are one byte.
    #[inline(always)]
    fn labels(&mut self, count: u32) {
        self.heard = Heard::passing(1 + leb::length(count.into()) + count as usize + 1);
    }

    #[inline(always)]
    fn block(&mut self, ty: BlockType) {
        self.heard = match ty {
            BlockType::Empty | BlockType::Type(_) => Heard::passing(2),
            BlockType::FuncType(_) => Heard::NOTHING,
        };
    }

    #[inline(always)]
    fn place(&mut self, place: MemArg) {
        if place.target == MemArgTarget::Memory(0) {
            self.heard = Heard::passing(2 + leb::length(place.offset));
            self.heard.kind = Some(Kind::Access);
        }
    }

    #[inline(always)]
    fn index(&mut self, what: Index, index: u32) {
        self.page.refer(what, index);
        self.heard = Heard::passing(1 + leb::length(index.into()));
        self.heard.kind = Some(Kind::Index);
    }
}

/// Listens to one instruction: its proposal, its name, and each immediate by what it is called and as it is.
macro_rules! hear {
    ($self:ident mvp Call { function_index $index:ident }) => {
        $self.index(Index::Call, $index)
    };
    ($self:ident mvp $op:ident { global_index $index:ident }) => {
        $self.index(Index::Global, $index)
    };
    ($self:ident mvp $op:ident { memarg $place:ident }) => {
        $self.place($place)
    };
    ($self:ident mvp $op:ident { blockty $ty:ident }) => {
        $self.block($ty)
    };
    ($self:ident mvp $op:ident { local_index $number:ident }) => {
        $self.unsigned($number)
    };
    ($self:ident mvp $op:ident { relative_depth $number:ident }) => {
        $self.unsigned($number)
    };
    ($self:ident mvp BrTable { targets $labels:ident }) => {
        $self.labels($labels.len())
    };
    ($self:ident mvp I32Const { value $number:ident }) => {
        $self.signed($number.into())
    };
    ($self:ident mvp I64Const { value $number:ident }) => {
        $self.signed($number)
    };
    ($self:ident mvp F32Const { value $number:ident }) => {
        $self.heard = Heard::passing(5)
    };
    ($self:ident mvp F64Const { value $number:ident }) => {
        $self.heard = Heard::passing(9)
    };
    ($self:ident mvp $op:ident {}) => {
        $self.heard = Heard::passing(1)
    };
    ($self:ident $proposal:ident $op:ident { $($name:ident $immediate:ident)* }) => {};
}

/// Hears what there is, and tells it on. `wasmparser` knows all instructions.
macro_rules! forward {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        $(
            #[inline]
            fn $visit(&mut self $($(, $arg: $ty)*)?) -> Self::Output {
                hear!(self $proposal $op { $($($arg $arg)*)? });
                self.validator.$visit($($($arg),*)?)
            }
        )*
    };
}

impl<'a, V: VisitOperator<'a>> VisitOperator<'a> for Hearing<'_, '_, V> {
    type Output = V::Output;

    fn simd_visitor(&mut self) -> Option<&mut dyn VisitSimdOperator<'a, Output = V::Output>> {
        self.validator.simd_visitor()
    }

    wasmparser::for_each_visit_operator!(forward);
}

impl<V: FrameStack> FrameStack for Hearing<'_, '_, V> {
    fn current_frame(&self) -> Option<FrameKind> {
        self.validator.current_frame()
    }
}
