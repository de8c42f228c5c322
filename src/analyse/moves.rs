//! How a value moves from one instance to another.
//!
//! The lattice is ordered by what it costs, and a value moves as its most expensive part does. It
//! decides between `direct` and `adapt`, and it is what `--explain` says of a parameter; the
//! adapters themselves recurse over the type and need no summary.

use std::fmt;

use crate::abi::{Abi, Scalar, Shape, shape};
use crate::plan::{CanonicalOptions, Plan, StringEncoding, TypeId};

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
    /// Validated, and one `memory.copy`.
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

impl Move {
    /// How a value of a type moves between two sets of options.
    pub fn of(
        plan: &Plan<'_>,
        abi: &Abi,
        ty: TypeId,
        from: CanonicalOptions,
        to: CanonicalOptions,
    ) -> Move {
        // Depth of types is bounded by `Limits::depth`.
        let part = |ty: TypeId| Move::of(plan, abi, ty, from, to);
        match shape(&plan.types[ty]) {
            Shape::Scalar(scalar) if scalar.is_identity() => Move::Plain,
            Shape::Scalar(_) | Shape::Enum(_) | Shape::Flags(_) => Move::Checked,
            Shape::Handle => Move::Handle,
            Shape::Async => Move::Checked,
            Shape::String if from.encoding == to.encoding => Move::Validated,
            Shape::String => Move::Transcoded { from: from.encoding, to: to.encoding },
            Shape::List(element) if abi.is_copyable(element) => Move::Copied,
            Shape::List(element) => Move::PerElement(why(plan, abi, element)),
            Shape::FixedLengthList(element, _) => part(element),
            Shape::Record(fields) => fields.into_iter().map(part).max().unwrap_or(Move::Plain),
            Shape::Variant(cases) => cases
                .into_iter()
                .flatten()
                .map(part)
                .max()
                .unwrap_or(Move::Plain)
                .max(Move::Checked),
        }
    }
}

fn why(plan: &Plan<'_>, abi: &Abi, element: TypeId) -> Why {
    if abi.has_pointers(element) {
        return Why::Pointers;
    }
    let mut open = vec![element];
    while let Some(ty) = open.pop() {
        match shape(&plan.types[ty]) {
            Shape::Record(fields) => open.extend(fields),
            Shape::FixedLengthList(element, _) => open.push(element),
            Shape::Scalar(Scalar::Bool | Scalar::Char) => return Why::Checked,
            Shape::Scalar(_) => {}
            _ => return Why::Checked,
        }
    }
    Why::Padding
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Plain => f.write_str("as it is"),
            Move::Checked => f.write_str("checked"),
            Move::Handle => f.write_str("from table to table"),
            Move::Copied => f.write_str("one memory.copy"),
            Move::Validated => f.write_str("validated, one memory.copy"),
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
