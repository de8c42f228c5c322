//! Code: what is known about instructions, whatever module they are in.
//!
//! [`walk`] finds the immediates of instructions by the table in [`opcode`], [`edit`] copies code
//! with some of them replaced, and [`rename`] does it to a single instruction. [`access`] knows
//! what an instruction does with a memory, [`seen`] which opcodes there are, and [`counts`] how many locals.

pub use self::counts::{Counts, Starts};
pub use self::edit::{Edit, Kink};
pub use self::opcode::{Immediate, Index, Shape, known, shape};
pub use self::rename::{renamed, written};
pub use self::seen::Opcodes;
pub use self::visitor::{Instruction, Pass, Place, Span, Target, Then, Visitor};
pub use self::walk::Code;

pub mod access;
mod counts;
mod edit;
pub mod leb;
mod opcode;
mod rename;
mod seen;
mod visitor;
mod walk;

#[cfg(test)]
mod tests;
