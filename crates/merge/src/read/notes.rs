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
//! code: the notes are taken then (`validated.rs`), for a sixth of what validation takes. Of a module that
//! comes without notes they are taken in a walk. What is noted depends on where instructions are and on
//! nothing else, so the two are the same.
//!
//! A *spot* is an instruction that may not be copied as it is: it names an index, is not in its shortest
//! form, or came after the first version of WebAssembly, which has to be told of the result. What lies
//! between spots is copied as a run. Two bytes are enough for one: how far it is from the last.
//!
//! Rejected: to note the indices, too. Spots would take four times the memory, and an index is soon read
//! where it is written. A walk of its own after validation, by the table of opcodes: it has to find out
//! again what each instruction is, and takes a quarter of what validation takes. To sort out what a body
//! refers to, so that nothing is said twice: it takes longer than to hear it again.
//!
//! Limits: all bodies are noted, also those that turn out to be unreachable.

use std::collections::BTreeSet;

use wasmparser::{FunctionBody, HeapType, RefType};

use super::uses::Use;
use crate::Result;
use crate::code::{Code, Immediate, Index, Place, Shape, Span, Target, Visitor, leb, shape};

/// What was noted of the code of a module, body by body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    spots: Vec<Step>,
    /// What bodies refer to.
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
    /// Takes notes of the bodies of a valid module.
    pub fn of(bodies: &[FunctionBody<'_>]) -> Result<Notes> {
        let mut notes = Notes::default();
        for body in bodies {
            let code = Code::of_body(body)?;
            let mut page = Page::new(&mut notes);
            let mut at = code.pass(code.start);
            while at < code.bytes.len() {
                at = code.pass(page.look_at(code, at)?);
            }
            page.close();
        }
        Ok(notes)
    }

    /// Gives back what has been made room for. Notes are kept until all is merged.
    pub fn shrink(&mut self) {
        self.spots.shrink_to_fit();
        self.uses.shrink_to_fit();
        self.accesses.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// How many bodies there are notes of.
    pub fn bodies(&self) -> usize {
        self.ends.len()
    }

    /// What a body refers to. Hardly anything is said twice.
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

/// What an instruction is, if it is a spot. One that is several things is the last of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`Spot::Access`].
    Access,
    /// [`Spot::Index`].
    Index,
    /// [`Spot::Other`].
    Other,
}

/// The notes of the body that is being read.
pub struct Page<'n> {
    notes: &'n mut Notes,
    /// Where its accesses begin.
    first_access: usize,
    /// Some of its uses.
    recent: [Use; RECENT],
    /// Where the last spot is.
    last: usize,
    /// How often memory 0 is accessed.
    accesses: u32,
    /// What is known of the instruction that is looked at.
    kind: Option<Kind>,
}

/// How many uses are remembered, so that they are noted once. Most bodies have fewer.
const RECENT: usize = 64;

impl<'n> Page<'n> {
    /// The page of the next body.
    pub fn new(notes: &'n mut Notes) -> Self {
        let first_access = notes.accesses.len();
        // No module has so many segments.
        let recent = [Use::Data(u32::MAX); RECENT];
        Page { notes, first_access, recent, last: 0, accesses: 0, kind: None }
    }

    /// Looks at the instruction at a position, and says where the next one is.
    #[inline]
    pub fn look_at(&mut self, code: Code<'_>, at: usize) -> Result<usize> {
        self.kind = None;
        let end = code.visit(at, self)?;
        if let Some(kind) = self.kind {
            self.spot(kind, at);
        }
        Ok(end)
    }

    /// Notes a spot of which nothing else is to be noted but that it is an access to memory 0, if it is one.
    #[inline]
    pub fn heard(&mut self, kind: Kind, at: usize) {
        self.accesses = self.accesses.saturating_add(u32::from(kind == Kind::Access));
        self.spot(kind, at);
    }

    /// Looks at an instruction of which it was heard what it refers to, or nothing at all, and that is not in
    /// its shortest form, if it has one immediate.
    #[inline(never)]
    pub fn look_again(&mut self, code: Code<'_>, at: usize) -> Result<()> {
        match code.bytes.get(at).map(|opcode| shape(*opcode)) {
            Some(Shape::Number(_)) => self.spot(Kind::Other, at),
            Some(Shape::One(Immediate::Index(Index::Call | Index::Global))) => {
                self.spot(Kind::Index, at);
            }
            _ => drop(self.look_at(code, at)?),
        }
        Ok(())
    }

    #[inline]
    fn spot(&mut self, kind: Kind, at: usize) {
        let mut distance = at - self.last;
        while distance > FARTHEST {
            self.notes.spots.push(ON_THE_WAY | FARTHEST as Step);
            distance -= FARTHEST;
        }
        let kind = match kind {
            Kind::Access => ACCESS,
            Kind::Index => INDEX,
            Kind::Other => OTHER,
        };
        self.notes.spots.push(kind | distance as Step);
        self.last = at;
    }

    /// Notes what an index refers to.
    #[inline]
    pub fn refer(&mut self, what: Index, index: u32) {
        let Some(found) = Use::of(what, index) else { return };
        let recent = &mut self.recent[(index as usize ^ what as usize) % RECENT];
        if *recent != found {
            *recent = found;
            self.notes.uses.push(found);
        }
    }

    /// Ends the notes of the body.
    pub fn close(mut self) {
        if self.accesses > 0 {
            self.count(0, self.accesses);
        }
        let Notes { spots, uses, accesses, ends, .. } = self.notes;
        // Each entry stands for a byte of the module at least, and that is smaller than 4 GiB.
        ends.push(Ends {
            spots: spots.len() as u32,
            uses: uses.len() as u32,
            accesses: accesses.len() as u32,
        });
    }

    /// Notes accesses to a memory.
    fn count(&mut self, index: u32, times: u32) {
        // Few memories are in reach of a body, and mostly one.
        let mut accesses = self.notes.accesses[self.first_access..].iter_mut();
        match accesses.find(|(memory, _)| *memory == index) {
            Some((_, count)) => *count = count.saturating_add(times),
            None => {
                self.refer(Index::Memory, index);
                self.notes.accesses.push((index, times));
            }
        }
    }

    fn is(&mut self, kind: Kind) {
        self.kind = self.kind.max(Some(kind));
    }
}

impl Visitor for Page<'_> {
    fn opcode(&mut self, opcode: u8) {
        if shape(opcode) == Shape::Other {
            self.is(Kind::Other);
        }
    }

    fn prefixed_opcode(&mut self, _: u8, _: u32) {
        self.is(Kind::Other);
    }

    fn index(&mut self, what: Index, index: u32, _: Span) -> Result<()> {
        if what == Index::WrittenTable {
            self.notes.written_tables.insert(index);
        }
        if matches!(what, Index::Table | Index::WrittenTable) {
            self.notes.named_tables.insert(index);
        }
        self.refer(what, index);
        self.is(match what {
            Index::Call | Index::Global => Kind::Index,
            _ => Kind::Other,
        });
        Ok(())
    }

    fn type_index(&mut self, _: u32, _: Span) -> Result<()> {
        self.is(Kind::Other);
        Ok(())
    }

    fn ref_type(&mut self, _: RefType, _: Span) -> Result<()> {
        self.is(Kind::Other);
        Ok(())
    }

    fn heap_type(&mut self, _: HeapType, _: Span) -> Result<()> {
        self.is(Kind::Other);
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        let Place { flags, target, head, offset, offset_span } = place;
        match target {
            Target::Memory(0) => self.accesses = self.accesses.saturating_add(1),
            Target::Memory(index) => self.count(index, 1),
            Target::Array(_) => {}
        }
        let is_short = head.len() == 1 && offset_span.len() == leb::length(offset);
        self.is(match (flags, target) {
            // An alignment, and nothing else.
            (0x00..0x10, Target::Memory(0)) if is_short => Kind::Access,
            _ => Kind::Other,
        });
        Ok(())
    }

    fn padded(&mut self, _: Span, _: &[u8]) {
        self.is(Kind::Other);
    }
}
