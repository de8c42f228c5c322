//! What code refers to, by its index in the module.
//!
//! ```text
//! (func (call 3) (global.get 1) (call 3))   has the uses   [Call(3), Global(1)]
//! ```

use wasmparser::ConstExpr;

use crate::Result;
use crate::code::{Code, Index, Span, Visitor};

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

impl Use {
    /// What an index refers to; nothing, if it is one of a type.
    #[inline]
    pub fn of(what: Index, index: u32) -> Option<Use> {
        Some(match what {
            Index::Call => Use::Call(index),
            Index::Reference => Use::Reference(index),
            Index::CalledTable | Index::Table | Index::WrittenTable => Use::Table(index),
            Index::Memory => Use::Memory(index),
            Index::Global => Use::Global(index),
            Index::Tag => Use::Tag(index),
            Index::Element => Use::Element(index),
            Index::Data => Use::Data(index),
            Index::Type => return None,
        })
    }
}

/// What a constant expression refers to.
pub fn uses_of(expr: &ConstExpr<'_>) -> Result<Vec<Use>> {
    let mut scan = Scan(Vec::new());
    Code::of_expression(expr)?.walk(&mut scan)?;
    Ok(scan.0)
}

/// Writes down what it is told of.
struct Scan(Vec<Use>);

impl Visitor for Scan {
    fn index(&mut self, what: Index, index: u32, _: Span) -> Result<()> {
        self.0.extend(Use::of(what, index));
        Ok(())
    }
}
