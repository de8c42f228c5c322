//! How a value moves from one instance to another.
//!
//! The lattice is ordered by what it costs, and a value moves as its most expensive part does. It
//! decides between `direct` and `adapt`, and it is what `--explain` says of a parameter; the
//! adapters themselves recurse over the type and need no summary.

use std::fmt;

use wasm_fuser_merge::hash::HashMap;

use crate::abi::{Abi, Shape, shape};
use crate::plan::{Plan, StringEncoding, TypeId};

/// How a value moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// As it is: every core value is valid.
    Plain,
    /// Checked or masked, as the specification says.
    Checked,
    /// From the caller's handle table to the callee's.
    Handle,
    /// One `memory.copy`.
    Copied,
    /// Copied, and validated.
    Validated,
    /// Decoded and encoded.
    Transcoded {
        /// The caller's encoding.
        from: StringEncoding,
        /// The callee's encoding.
        to: StringEncoding,
    },
    /// A loop over elements.
    PerElement(Why),
}

/// Why a list moves element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Not every bit pattern is a value.
    Checked,
    /// There are bytes between fields, which the callee must not see.
    Padding,
    /// The elements point to other memory.
    Pointers,
}

/// How values move, by type and encodings. A type is a graph whose expansion can be large: each of
/// its parts is looked at once.
#[derive(Debug, Default)]
pub(super) struct Moves(HashMap<(TypeId, StringEncoding, StringEncoding), Move>);

impl Moves {
    /// How a value of a type moves between two encodings.
    pub fn of(
        &mut self,
        plan: &Plan<'_>,
        abi: &Abi,
        ty: TypeId,
        from: StringEncoding,
        to: StringEncoding,
    ) -> Move {
        let key = (plan.types.canonical(ty), from, to);
        if let Some(known) = self.0.get(&key) {
            return *known;
        }
        // Depth of types is bounded by `Limits::depth`.
        let mut part = |ty: TypeId| self.of(plan, abi, ty, from, to);
        let found = match shape(&plan.types[ty]) {
            Shape::Scalar(scalar) if scalar.is_identity() => Move::Plain,
            Shape::Scalar(_) | Shape::Enum(_) | Shape::Flags(_) => Move::Checked,
            Shape::Handle | Shape::Async => Move::Handle,
            Shape::String if from == to => Move::Validated,
            Shape::String => Move::Transcoded { from, to },
            Shape::List(element) => elements(abi, element),
            Shape::FixedLengthList(element, _) => part(element),
            Shape::Record(fields) => fields.into_iter().map(part).max().unwrap_or(Move::Plain),
            Shape::Variant(cases) => cases
                .into_iter()
                .flatten()
                .map(part)
                .max()
                .unwrap_or(Move::Plain)
                .max(Move::Checked),
        };
        self.0.insert(key, found);
        found
    }
}

/// How elements move that lie one after another: those of a list, or what goes through a stream.
pub(super) fn elements(abi: &Abi, element: TypeId) -> Move {
    match element {
        _ if abi.is_copyable(element) => Move::Copied,
        _ if abi.has_pointers(element) => Move::PerElement(Why::Pointers),
        _ if abi.is_checked(element) => Move::PerElement(Why::Checked),
        _ => Move::PerElement(Why::Padding),
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Plain => f.write_str("as it is"),
            Move::Checked => f.write_str("checked"),
            Move::Handle => f.write_str("from table to table"),
            Move::Copied => f.write_str("one memory.copy"),
            Move::Validated => f.write_str("copied and validated"),
            Move::Transcoded { from, to } => write!(f, "transcoded from {from} to {to}"),
            Move::PerElement(Why::Checked) => {
                f.write_str("element by element: each one is checked")
            }
            Move::PerElement(Why::Padding) => {
                f.write_str("element by element: padding must not reach the callee")
            }
            Move::PerElement(Why::Pointers) => {
                f.write_str("element by element: the elements have pointers")
            }
        }
    }
}
