//! What is noted of a module's code while somebody reads it, so that nobody has to read it again.
//!
//! ```text
//! (func (call 3) (i32.load (local.get 0)) (call 3))
//!
//! what it refers to      Call(3), Memory(0)
//! accesses               of memory 0, one
//! spots                  the two calls, and the load
//! ```
//!
//! To walk over code is most of what merging has to do. Whoever validates a module decodes all of its
//! code, and so knows where each instruction ends: the notes are taken then ([`Notes::validated`]), for
//! a tenth of what validation takes. Of a module that comes without notes they are taken in a walk. What
//! is noted depends on where instructions are and on nothing else, so the two are the same.
//!
//! A *spot* is an instruction that may not be copied as it is: it names an index, is not in its shortest
//! form, or came after the first version of WebAssembly, which has to be told of the result. What lies
//! between spots is copied as a run. Two bytes are enough for one: how far it is from the last.
//!
//! Rejected: to note the indices, too. Spots would take four times the memory, and an index is soon read
//! where it is written.
//!
//! Limits: all bodies are noted, also those that turn out to be unreachable.

use std::collections::BTreeSet;

use wasmparser::{FuncValidator, FunctionBody, ValidatorResources};

use super::uses::Use;
use crate::code::{Code, Immediate, Index, Place, Shape, Span, Target, Visitor, leb, shape};
use crate::{Error, Result};

/// What was noted of the code of a module, body by body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    spots: Vec<Step>,
    /// What bodies refer to, each body each thing once.
    uses: Vec<Use>,
    /// Memories, and how often they are accessed.
    accesses: Vec<(u32, u32)>,
    /// Of each body, where its parts of these lists end.
    ends: Vec<Ends>,
    /// Indices of tables that a body can change.
    written_tables: BTreeSet<u32>,
    /// Indices of tables with which a body does more than to call through them.
    named_tables: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ends {
    spots: u32,
    uses: u32,
    accesses: u32,
}

/// A spot: where it is in its body, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// An access to memory 0 in its shortest form. They are the most frequent by far, and worth to be
    /// passed over where memory 0 keeps its index.
    Access(usize),
    /// An instruction whose only immediate is the index of a function that is called, or of a global.
    Index(usize),
    /// Anything else.
    Other(usize),
}

/// The way from one spot to the next: how far it is, and in the highest bits what is there.
type Step = u16;

const KIND: u32 = 14;
const FARTHEST: usize = (1 << KIND) - 1;
const ACCESS: Step = 0;
const INDEX: Step = 1 << KIND;
const OTHER: Step = 2 << KIND;
/// There is no spot, but another step.
const ON_THE_WAY: Step = 3 << KIND;

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
            let offset = reader.original_position();
            reader.visit_operator(&mut validator.visitor(offset))??;
            let end = reader.current_position();
            page.instruction(&code, at, end)?;
            at = end;
        }
        reader.finish_expression(&validator.visitor(reader.original_position()))?;
        page.close();
        Ok(())
    }

    /// Takes notes of the bodies of a valid module.
    pub fn of(bodies: &[FunctionBody<'_>]) -> Result<Notes> {
        let mut notes = Notes::default();
        for body in bodies {
            let code = Code::of_body(body)?;
            let mut page = Page::new(&mut notes);
            let mut at = code.start;
            while at < code.bytes.len() {
                let end = code.visit(at, &mut Nobody)?;
                page.instruction(&code, at, end)?;
                at = end;
            }
            page.close();
        }
        Ok(notes)
    }

    /// How many bodies there are notes of.
    pub fn bodies(&self) -> usize {
        self.ends.len()
    }

    /// What a body refers to, each thing once.
    pub fn uses(&self, body: usize) -> &[Use] {
        let (start, end) = self.part(body, |ends| ends.uses);
        &self.uses[start..end]
    }

    /// Which memories a body accesses, and by how many instructions that name them only if they have
    /// to: those that load or store at an offset.
    pub fn accesses(&self, body: usize) -> &[(u32, u32)] {
        let (start, end) = self.part(body, |ends| ends.accesses);
        &self.accesses[start..end]
    }

    /// The spots of a body, in order.
    pub fn spots(&self, body: usize) -> impl Iterator<Item = Spot> {
        let (start, end) = self.part(body, |ends| ends.spots);
        let mut at = 0;
        self.spots[start..end].iter().filter_map(move |step| {
            at += usize::from(*step) & FARTHEST;
            match *step & ON_THE_WAY {
                ACCESS => Some(Spot::Access(at)),
                INDEX => Some(Spot::Index(at)),
                OTHER => Some(Spot::Other(at)),
                _ => None,
            }
        })
    }

    /// Indices of tables that a body can change, in order.
    pub fn written_tables(&self) -> impl Iterator<Item = u32> {
        self.written_tables.iter().copied()
    }

    /// Indices of tables with which a body does more than to call through them, in order.
    pub fn named_tables(&self) -> impl Iterator<Item = u32> {
        self.named_tables.iter().copied()
    }

    /// Where a body's part of a list begins and ends.
    fn part(&self, body: usize, end: impl Fn(&Ends) -> u32) -> (usize, usize) {
        let start = body.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, &end);
        let end = self.ends.get(body).map_or(start, end);
        (start as usize, end as usize)
    }
}

/// What has to be looked at to know whether an instruction is a spot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It is none.
    Nothing,
    /// Whether its number is in the shortest form.
    Number,
    /// Whether its type is more than a byte.
    Block,
    /// Whether it is on memory 0, and in the shortest form.
    Access,
    /// It is one, for its index.
    Index(Index),
    /// It is one.
    Other,
}

static CLASSES: [Class; 0x100] = {
    let mut classes = [Class::Other; 0x100];
    let mut opcode = 0;
    while opcode < classes.len() {
        classes[opcode] = match shape(opcode as u8) {
            Shape::Bare | Shape::One(Immediate::Bytes(_)) => Class::Nothing,
            Shape::Number => Class::Number,
            Shape::One(Immediate::BlockType) => Class::Block,
            Shape::One(Immediate::MemArg) => Class::Access,
            Shape::One(Immediate::Index(what @ (Index::Call | Index::Global))) => {
                Class::Index(what)
            }
            Shape::One(_) | Shape::Other => Class::Other,
        };
        opcode += 1;
    }
    classes
};

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

/// The notes of the body that is being read.
struct Page<'n> {
    notes: &'n mut Notes,
    /// Where its uses begin.
    first_use: usize,
    /// Where the last spot is.
    last: usize,
    /// How many spots are accesses to memory 0.
    accesses: u32,
}

impl<'n> Page<'n> {
    fn new(notes: &'n mut Notes) -> Self {
        let first_use = notes.uses.len();
        Page { notes, first_use, last: 0, accesses: 0 }
    }

    /// Notes an instruction.
    #[inline(always)]
    fn instruction(&mut self, code: &Code<'_>, at: usize, end: usize) -> Result<()> {
        let Some(opcode) = code.bytes.get(at) else { return Ok(()) };
        let class = CLASSES[usize::from(*opcode)];
        let length = end.wrapping_sub(at);
        if class == Class::Nothing || class == Class::Number && length == 2 {
            return Ok(());
        }
        if class == Class::Access
            && length == 3
            && matches!(code.bytes.get(at + 1), Some(0x00..0x10))
        {
            self.access(at);
            return Ok(());
        }
        self.remarkable(code, at, end, class)
    }

    /// Notes an instruction that may be a spot.
    #[inline(never)]
    fn remarkable(&mut self, code: &Code<'_>, at: usize, end: usize, class: Class) -> Result<()> {
        match (class, code.bytes.get(at..end).unwrap_or_default()) {
            (Class::Number, [.., last]) if !may_pad(*last) => {}
            (Class::Block, [_, 0x40..=0x61 | 0x66..0x80]) => {}
            (Class::Access, [_, 0x00..0x10, .., last]) if !may_pad(*last) => self.access(at),
            (Class::Index(what), [_, index @ ..]) => {
                let found = Use::of(what, leb::value(index));
                found.into_iter().for_each(|found| self.note(found));
                self.spot(INDEX, at);
            }
            _ => {
                code.visit(at, self)?;
                self.spot(OTHER, at);
            }
        }
        Ok(())
    }

    #[inline]
    fn access(&mut self, at: usize) {
        self.accesses += 1;
        self.spot(ACCESS, at);
    }

    #[inline]
    fn spot(&mut self, kind: Step, at: usize) {
        let mut distance = at - self.last;
        while distance > FARTHEST {
            self.notes.spots.push(ON_THE_WAY | FARTHEST as Step);
            distance -= FARTHEST;
        }
        self.notes.spots.push(kind | distance as Step);
        self.last = at;
    }

    fn note(&mut self, found: Use) {
        // Runs of the same use are the common case: a global that is the stack pointer.
        if self.notes.uses[self.first_use..].last() != Some(&found) {
            self.notes.uses.push(found);
        }
    }

    /// Notes accesses to a memory.
    fn accesses(&mut self, index: u32, times: u32) {
        let (start, _) = self.notes.part(self.notes.ends.len(), |ends| ends.accesses);
        // Few memories are in reach of a body, and mostly one.
        let known = self.notes.accesses[start..].iter_mut().find(|(memory, _)| *memory == index);
        match known {
            Some((_, count)) => *count = count.saturating_add(times),
            None => {
                self.note(Use::Memory(index));
                self.notes.accesses.push((index, times));
            }
        }
    }

    /// Ends the notes of the body.
    fn close(mut self) {
        if self.accesses > 0 {
            self.accesses(0, self.accesses);
        }
        let Notes { spots, uses, accesses, ends, .. } = self.notes;
        uses[self.first_use..].sort_unstable();
        let mut kept = self.first_use;
        for at in self.first_use..uses.len() {
            if kept == self.first_use || uses[kept - 1] != uses[at] {
                uses[kept] = uses[at];
                kept += 1;
            }
        }
        uses.truncate(kept);
        // Each entry stands for a byte of the module at least, and that is smaller than 4 GiB.
        ends.push(Ends {
            spots: spots.len() as u32,
            uses: uses.len() as u32,
            accesses: accesses.len() as u32,
        });
    }
}

impl Visitor for Page<'_> {
    fn index(&mut self, what: Index, index: u32, _: Span) -> Result<()> {
        if what == Index::WrittenTable {
            self.notes.written_tables.insert(index);
        }
        if matches!(what, Index::Table | Index::WrittenTable) {
            self.notes.named_tables.insert(index);
        }
        if let Some(found) = Use::of(what, index) {
            self.note(found);
        }
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        if let Target::Memory(index) = place.target {
            self.accesses(index, 1);
        }
        Ok(())
    }
}

/// Whether a number that ends in a byte may be longer than it has to be.
fn may_pad(last: u8) -> bool {
    matches!(last, 0x00 | 0x7f)
}

/// Wants to know nothing but where instructions end.
struct Nobody;

impl Visitor for Nobody {}
