//! Walks over the instructions of a body, or of a constant expression.
//!
//! ```text
//! call 3             10 03              index(Call, 3)
//! i32.const 7        41 07
//! i32.load offset=8  28 02 08           place(memory 0, offset 8)
//! local.get 1        20 81 80 00        padded: the shortest form is 01
//! end                0b
//! ```
//!
//! One walker drives all that is done to code: a scan for what it refers to, a copy with other
//! indices, a search for accesses to memories. Each is a [`Visitor`], which is told of the bytes
//! that may have to change, and of where they are. What lies between them is of no interest; a copy
//! takes it as a run.
//!
//! Sometimes it matters what an instruction *does*, and not only what it names. Then the visitor
//! takes it as a whole, decoded by `wasmparser`. Few instructions need that, and to decode all of
//! them takes several times as long.
//!
//! Limits: the code is valid. What contradicts that is an internal error.

use wasmparser::{
    BinaryReader, ConstExpr, FromReader, FunctionBody, HeapType, Operator, OperatorsReader,
    OperatorsReaderAllocations, RefType,
};

use super::leb;
use super::opcode::{self, Immediate, Index, Shape};
use super::visitor::{Instruction, Place, Target, Then, Visitor};
use crate::{Error, Result};

/// A body, or a constant expression.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    pub bytes: &'a [u8],
    /// Where its instructions begin.
    pub start: usize,
    /// Where it is in its module.
    pub offset: u64,
}

impl<'a> Code<'a> {
    /// A body.
    pub fn of_body(body: &FunctionBody<'a>) -> Result<Code<'a>> {
        let reader = body.get_binary_reader_for_operators().map_err(malformed)?;
        let bytes = body.as_bytes();
        let start = bytes.len() - reader.bytes_remaining();
        Ok(Code { bytes, start, offset: body.range().start })
    }

    /// A constant expression, and its end.
    pub fn of_expression(expression: &ConstExpr<'a>) -> Result<Code<'a>> {
        let mut reader = expression.get_binary_reader();
        let offset = reader.original_position();
        let bytes = reader.read_bytes(reader.bytes_remaining()).map_err(malformed)?;
        Ok(Code { bytes, start: 0, offset })
    }

    /// Instructions that are not of a module.
    pub fn of_bytes(bytes: &'a [u8]) -> Code<'a> {
        Code { bytes, start: 0, offset: 0 }
    }

    /// Walks over all instructions.
    pub fn walk(self, visitor: &mut impl Visitor) -> Result<()> {
        let mut walker = Walker::at(self, self.start);
        while let Some(byte) = self.bytes.get(walker.at) {
            walker.step(*byte, visitor)?;
        }
        Ok(())
    }

    /// Visits the instruction at a position, and says where the next one is.
    #[inline]
    pub fn visit(self, at: usize, visitor: &mut impl Visitor) -> Result<usize> {
        let mut walker = Walker::at(self, at);
        let byte = walker.peek()?;
        walker.step(byte, visitor)?;
        Ok(walker.at)
    }

    /// Visits the index that is the only immediate of the instruction at a position.
    #[inline]
    pub fn visit_index(self, at: usize, visitor: &mut impl Visitor) -> Result<()> {
        let opcode = self.bytes.get(at).map(|opcode| opcode::shape(*opcode));
        let Some(Shape::One(Immediate::Index(what))) = opcode else {
            return self.visit(at, visitor).map(drop);
        };
        let low = |bytes: &[u8]| {
            let bits = |number, byte: &u8| number << 7 | u32::from(byte & 0x7f);
            bytes.iter().rev().fold(0, bits)
        };
        let (index, length) = match self.bytes.get(at + 1..) {
            Some(&[index @ ..0x80, ..]) => (index.into(), 1),
            Some(bytes @ &[_, ..0x80, ..]) => (low(&bytes[..2]), 2),
            // As linkers leave it, for others that change it in place.
            Some(bytes @ &[_, 0x80..=0xff, 0x80..=0xff, 0x80..=0xff, ..0x10, ..]) => {
                (low(&bytes[..5]), 5)
            }
            _ => return Walker::at(self, at + 1).long_index(what, visitor),
        };
        visitor.index(what, index, at + 1..at + 1 + length)
    }

    /// Passes over instructions from a position on of which no visitor is told.
    #[inline]
    pub fn pass(self, mut at: usize) -> usize {
        loop {
            at += match (
                self.bytes.get(at).map(|opcode| opcode::shape(*opcode)),
                self.bytes.get(at + 1),
            ) {
                (Some(Shape::Bare), _) => 1,
                (Some(Shape::Number(_)), Some(0x00..0x80)) => 2,
                _ => return at,
            };
        }
    }

    /// The unsigned number of 32 bits at a position, and where it ends.
    pub fn number(self, at: usize) -> Result<(u32, usize)> {
        let mut walker = Walker::at(self, at);
        let number = walker.unsigned_32()?;
        Ok((number, walker.at))
    }

    /// The instruction at a position.
    pub fn operator(self, at: usize) -> Result<Operator<'a>> {
        Ok(self.instruction(at, &mut OperatorsReaderAllocations::default())?.operator)
    }

    /// The first instruction.
    pub fn first(self) -> Result<Instruction<'a>> {
        self.instruction(self.start, &mut OperatorsReaderAllocations::default())
    }

    /// The instruction at a position. `frames` is what `wasmparser` allocates for it.
    fn instruction(
        self,
        at: usize,
        frames: &mut OperatorsReaderAllocations,
    ) -> Result<Instruction<'a>> {
        let bytes = &self.bytes[at..];
        let reader = BinaryReader::new(bytes, self.offset + at as u64);
        let mut reader = OperatorsReader::new_with_allocs(reader, std::mem::take(frames));
        let operator = reader.read().map_err(malformed)?;
        let length = bytes.len() - reader.get_binary_reader().bytes_remaining();
        *frames = reader.into_allocations();
        Ok(Instruction { operator, bytes: &bytes[..length] })
    }
}

struct Walker<'a> {
    code: Code<'a>,
    at: usize,
    frames: OperatorsReaderAllocations,
}

impl<'a> Walker<'a> {
    fn at(code: Code<'a>, at: usize) -> Self {
        Walker { code, at, frames: OperatorsReaderAllocations::default() }
    }

    /// The instruction that begins with a byte.
    #[inline(always)]
    fn step(&mut self, byte: u8, visitor: &mut impl Visitor) -> Result<()> {
        // Two of three instructions have no immediates, or one short number: no visitor is told.
        let is_short = || self.code.bytes.get(self.at + 1).is_some_and(|byte| *byte < 0x80);
        match opcode::shape(byte) {
            Shape::Bare => self.at += 1,
            Shape::Number(_) if is_short() => self.at += 2,
            Shape::Number(number) => {
                self.at += 1;
                return self.immediate(number, visitor);
            }
            Shape::One(immediate) => return self.with_one(immediate, visitor),
            _ => return self.instruction(visitor),
        }
        Ok(())
    }

    /// An instruction with one immediate, of which most that are left are.
    #[inline(always)]
    fn with_one(&mut self, immediate: Immediate, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        self.at += 1;
        let immediates = std::slice::from_ref(&immediate);
        match visitor.takes(immediates) {
            true => self.taken(start, immediates, visitor),
            false => self.immediate(immediate, visitor),
        }
    }

    #[inline(never)]
    fn instruction(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        let byte = self.byte()?;
        let immediates = match opcode::is_prefix(byte) {
            false => opcode::of_byte(byte).inspect(|_| visitor.opcode(byte)),
            true => {
                let opcode = self.number(visitor)?;
                opcode::of_prefixed(byte, opcode).inspect(|_| visitor.prefixed_opcode(byte, opcode))
            }
        };
        let immediates = immediates.ok_or_else(|| self.error(start, "is no known instruction"))?;
        match visitor.takes(immediates) {
            true => self.taken(start, immediates, visitor),
            false => self.immediates(immediates, visitor),
        }
    }

    /// An instruction that the visitor takes as a whole.
    fn taken(
        &mut self,
        start: usize,
        immediates: &[Immediate],
        visitor: &mut impl Visitor,
    ) -> Result<()> {
        let instruction = self.code.instruction(start, &mut self.frames)?;
        let end = start + instruction.bytes.len();
        match visitor.instruction(&instruction, start..end)? {
            Then::Pass => self.at = end,
            Then::Visit => {
                self.immediates(immediates, visitor)?;
                visitor.end_of_instruction(self.at);
            }
        }
        Ok(())
    }

    fn immediates(&mut self, immediates: &[Immediate], visitor: &mut impl Visitor) -> Result<()> {
        immediates.iter().try_for_each(|immediate| self.immediate(*immediate, visitor))
    }

    #[inline(always)]
    fn immediate(&mut self, immediate: Immediate, visitor: &mut impl Visitor) -> Result<()> {
        match immediate {
            Immediate::Index(what) => self.index(what, visitor),
            Immediate::Number => self.number(visitor).map(drop),
            Immediate::I32 => self.signed(5, visitor),
            Immediate::I64 => self.signed(10, visitor),
            Immediate::Bytes(count) => self.skip(count.into()),
            Immediate::BlockType => self.block_type(visitor),
            Immediate::ValueTypes => self.list(visitor, Self::value_type),
            Immediate::HeapType => self.heap_type(visitor),
            Immediate::MemArg => self.place(visitor),
            Immediate::Labels => {
                self.list(visitor, |walker, visitor| walker.number(visitor).map(drop))?;
                self.number(visitor).map(drop)
            }
            Immediate::Catches => self.list(visitor, Self::catch),
            Immediate::Handlers => self.list(visitor, Self::handler),
        }
    }

    #[inline(always)]
    fn byte(&mut self) -> Result<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    #[inline(always)]
    fn peek(&self) -> Result<u8> {
        match self.code.bytes.get(self.at) {
            Some(byte) => Ok(*byte),
            None => Err(self.error(self.at, "is missing")),
        }
    }

    fn skip(&mut self, count: usize) -> Result<()> {
        if self.code.bytes.len() - self.at < count {
            return Err(self.error(self.at, "is cut off"));
        }
        self.at += count;
        Ok(())
    }

    /// An unsigned number of so many bytes at most.
    #[inline(always)]
    fn unsigned(&mut self, longest: usize) -> Result<u64> {
        match self.code.bytes.get(self.at..) {
            Some(&[first @ ..0x80, ..]) => {
                self.at += 1;
                Ok(first.into())
            }
            Some(&[first, second @ ..0x80, ..]) => {
                self.at += 2;
                Ok(u64::from(first & 0x7f) | u64::from(second) << 7)
            }
            _ => self.long_unsigned(longest),
        }
    }

    #[inline(never)]
    fn long_unsigned(&mut self, longest: usize) -> Result<u64> {
        let start = self.at;
        let mut number = 0;
        for (place, byte) in self.code.bytes[start..].iter().take(longest).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * place);
            if *byte < 0x80 {
                self.at = start + place + 1;
                return Ok(number);
            }
        }
        Err(self.error(start, "is cut off, or too long a number"))
    }

    /// An unsigned number of 32 bits.
    #[inline(always)]
    fn unsigned_32(&mut self) -> Result<u32> {
        let start = self.at;
        let number = self.unsigned(5)?;
        match u32::try_from(number) {
            Ok(number) => Ok(number),
            Err(_) => Err(self.error(start, "is too large a number")),
        }
    }

    /// A number that is to be copied.
    #[inline(always)]
    fn number(&mut self, visitor: &mut impl Visitor) -> Result<u32> {
        let first = self.peek()?;
        if first < 0x80 {
            self.at += 1;
            return Ok(first.into());
        }
        self.long_number(visitor)
    }

    #[inline(never)]
    fn long_number(&mut self, visitor: &mut impl Visitor) -> Result<u32> {
        let start = self.at;
        let number = self.unsigned_32()?;
        self.check_padding(start, leb::is_padded, visitor);
        Ok(number)
    }

    /// A signed number that is to be copied.
    #[inline(always)]
    fn signed(&mut self, longest: usize, visitor: &mut impl Visitor) -> Result<()> {
        if self.peek()? < 0x80 {
            self.at += 1;
            return Ok(());
        }
        self.long_signed(longest, visitor)
    }

    #[inline(never)]
    fn long_signed(&mut self, longest: usize, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        let bytes = self.code.bytes[start..].iter().take(longest);
        match { bytes }.position(|byte| *byte < 0x80) {
            Some(last) => self.at = start + last + 1,
            None => return Err(self.error(start, "is cut off, or too long a number")),
        }
        self.check_padding(start, leb::is_padded_signed, visitor);
        Ok(())
    }

    fn check_padding(
        &self,
        start: usize,
        is_padded: impl Fn(&[u8]) -> bool,
        visitor: &mut impl Visitor,
    ) {
        let span = start..self.at;
        if is_padded(&self.code.bytes[span.clone()]) {
            let shortest = leb::shortened(&self.code.bytes[span.clone()], is_padded);
            visitor.padded(span, shortest.bytes());
        }
    }

    #[inline(always)]
    fn index(&mut self, what: Index, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        let index = self.unsigned_32()?;
        visitor.index(what, index, start..self.at)
    }

    #[inline(never)]
    fn long_index(&mut self, what: Index, visitor: &mut impl Visitor) -> Result<()> {
        self.index(what, visitor)
    }

    /// A number of things, and the things.
    fn list<V: Visitor>(
        &mut self,
        visitor: &mut V,
        mut one: impl FnMut(&mut Self, &mut V) -> Result<()>,
    ) -> Result<()> {
        for _ in 0..self.number(visitor)? {
            one(self, visitor)?;
        }
        Ok(())
    }

    /// Whether what follows begins a type that is not an index: a small negative number.
    fn is_type(&self) -> Result<bool> {
        Ok(self.peek()? & 0xc0 == 0x40)
    }

    fn block_type(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        match self.is_type()? {
            true => self.value_type(visitor),
            false => {
                visitor.typed_block();
                self.type_index(visitor)
            }
        }
    }

    /// An index of a type, as a signed number of 33 bits.
    fn type_index(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        let index = u32::try_from(self.unsigned(5)?)
            .map_err(|_| self.error(start, "is a negative index"))?;
        visitor.type_index(index, start..self.at)
    }

    /// A value type, or the empty block type.
    fn value_type<V: Visitor>(&mut self, visitor: &mut V) -> Result<()> {
        let start = self.at;
        if !is_long_type(self.peek()?) {
            return self.skip(1);
        }
        let ty: RefType = self.read()?;
        visitor.ref_type(ty, start..self.at)
    }

    fn heap_type(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        if !self.is_type()? {
            return self.type_index(visitor);
        }
        if !is_long_type(self.peek()?) {
            return self.skip(1);
        }
        let ty: HeapType = self.read()?;
        visitor.heap_type(ty, start..self.at)
    }

    /// What `wasmparser` reads.
    fn read<T: for<'t> FromReader<'t>>(&mut self) -> Result<T> {
        let bytes = &self.code.bytes[self.at..];
        let mut reader = BinaryReader::new(bytes, self.code.offset + self.at as u64);
        let read = reader.read().map_err(malformed)?;
        self.at += bytes.len() - reader.bytes_remaining();
        Ok(read)
    }

    #[inline(always)]
    fn place(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        // Mostly memory 0, and a short offset.
        if let Some(&[flags @ ..0x10, offset @ ..0x80, ..]) = self.code.bytes.get(start..) {
            self.at += 2;
            return visitor.place(Place {
                flags: flags.into(),
                target: Target::Memory(0),
                head: start..start + 1,
                offset: offset.into(),
                offset_span: start + 1..start + 2,
            });
        }
        self.long_place(visitor)
    }

    #[inline(never)]
    fn long_place(&mut self, visitor: &mut impl Visitor) -> Result<()> {
        let start = self.at;
        let flags = self.unsigned_32()?;
        let target = if flags & Place::NAMES_MEMORY != 0 {
            Target::Memory(self.unsigned_32()?)
        } else if flags & Place::NAMES_ARRAY != 0 {
            Target::Array(self.unsigned_32()?)
        } else {
            Target::Memory(0)
        };
        let head = start..self.at;
        if flags & Place::HAS_ORDERING != 0 {
            self.skip(1)?;
        }
        let start = self.at;
        let offset = self.unsigned(10)?;
        visitor.place(Place { flags, target, head, offset, offset_span: start..self.at })
    }

    #[cold]
    fn error(&self, at: usize, what: &str) -> Error {
        Error::internal(format!("code is not as it should be: what is here {what}"))
            .at(self.code.offset + at as u64)
    }

    fn catch<V: Visitor>(&mut self, visitor: &mut V) -> Result<()> {
        // What catches all has no tag.
        if self.byte()? < 2 {
            self.index(Index::Tag, visitor)?;
        }
        self.number(visitor).map(drop)
    }

    fn handler<V: Visitor>(&mut self, visitor: &mut V) -> Result<()> {
        let kind = self.byte()?;
        self.index(Index::Tag, visitor)?;
        // What handles a switch has no label.
        if kind == 0 {
            self.number(visitor)?;
        }
        Ok(())
    }
}

/// Whether a type goes on after its first byte.
fn is_long_type(byte: u8) -> bool {
    matches!(byte, 0x62..=0x65)
}

fn malformed(error: wasmparser::Error) -> Error {
    Error::internal(format!("code does not parse: {}", error.message())).at(error.offset())
}
