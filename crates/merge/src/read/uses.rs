//! What code refers to, by its index in the module.
//!
//! ```text
//! (func (call 3) (global.get 1) (call 3))   has the uses   [Call(3), Global(1)]
//! ```

use wasmparser::{ConstExpr, FunctionBody};

use crate::Result;
use crate::code::{Code, Index, Place, Span, Target, Visitor};

/// Something that code or a constant expression refers to, by its index in the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A function that is called.
    Call(u32),
    /// A function of which a reference is made.
    Reference(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
    Element(u32),
    Data(u32),
}

/// The uses of all bodies in one allocation.
#[derive(Default)]
pub struct Uses {
    list: Vec<Use>,
    /// Where the uses of each body end.
    ends: Vec<usize>,
    /// Of each body, memories and how often it accesses them.
    accesses: Vec<(u32, u32)>,
    /// Where those of each body end.
    ends_of_accesses: Vec<usize>,
    /// Indices of tables that a body can change.
    pub written_tables: Vec<u32>,
    /// Indices of tables with which a body does more than to call through them.
    pub named_tables: Vec<u32>,
}

impl Uses {
    /// What a body refers to, each thing once.
    pub fn of(&self, body: usize) -> &[Use] {
        part(&self.list, &self.ends, body)
    }

    /// Which memories a body accesses, and by how many instructions that name them only if they have
    /// to: those that load or store at an offset.
    pub fn accesses(&self, body: usize) -> &[(u32, u32)] {
        part(&self.accesses, &self.ends_of_accesses, body)
    }
}

/// The part of a list that is a body's.
fn part<'l, T>(list: &'l [T], ends: &[usize], body: usize) -> &'l [T] {
    let start = body.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(body).copied().unwrap_or(start);
    &list[start..end]
}

/// What a constant expression refers to.
pub fn uses_of(expr: &ConstExpr<'_>) -> Result<Vec<Use>> {
    let mut scan = Scan::default();
    Code::of_expression(expr)?.walk(&mut scan)?;
    Ok(scan.found)
}

/// What bodies refer to.
pub fn of_bodies(bodies: &[FunctionBody<'_>]) -> Result<Uses> {
    let mut uses = Uses::default();
    let mut scan = Scan::default();
    for body in bodies {
        Code::of_body(body)?.walk(&mut scan)?;
        scan.found.sort_unstable();
        scan.found.dedup();
        uses.list.append(&mut scan.found);
        uses.ends.push(uses.list.len());
        uses.accesses.append(&mut scan.accesses);
        uses.ends_of_accesses.push(uses.accesses.len());
    }
    scan.written.sort_unstable();
    scan.written.dedup();
    uses.written_tables = scan.written;
    scan.named.sort_unstable();
    scan.named.dedup();
    uses.named_tables = scan.named;
    Ok(uses)
}

/// Writes down what it is told of.
#[derive(Default)]
struct Scan {
    found: Vec<Use>,
    written: Vec<u32>,
    named: Vec<u32>,
    accesses: Vec<(u32, u32)>,
}

impl Scan {
    fn note(&mut self, found: Use) {
        // Runs of the same use are the common case: a global that is the stack pointer.
        if self.found.last() != Some(&found) {
            self.found.push(found);
        }
    }
}

impl Visitor for Scan {
    fn index(&mut self, what: Index, index: u32, _: Span) -> Result<()> {
        let found = match what {
            Index::Call => Use::Call(index),
            Index::Reference => Use::Reference(index),
            Index::CalledTable => Use::Table(index),
            Index::Table => {
                self.named.push(index);
                Use::Table(index)
            }
            Index::WrittenTable => {
                self.written.push(index);
                self.named.push(index);
                Use::Table(index)
            }
            Index::Memory => Use::Memory(index),
            Index::Global => Use::Global(index),
            Index::Tag => Use::Tag(index),
            Index::Element => Use::Element(index),
            Index::Data => Use::Data(index),
            Index::Type => return Ok(()),
        };
        self.note(found);
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        if let Target::Memory(index) = place.target {
            // Few memories are in reach of a body, and mostly one.
            match self.accesses.iter_mut().find(|(memory, _)| *memory == index) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => {
                    self.note(Use::Memory(index));
                    self.accesses.push((index, 1));
                }
            }
        }
        Ok(())
    }
}
