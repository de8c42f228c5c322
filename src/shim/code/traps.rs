//! Traps, by the rule that was broken.
//!
//! A failed check calls a function that does nothing but trap, and whose name says which rule was
//! broken. So a backtrace reads `canon trap: list is out of bounds`.

use wasm_encoder::BlockType;

use super::{Adapters, Body, Shared};
use crate::core::FuncType;
use crate::error::Result;

/// A rule that was broken.
#[allow(missing_docs, reason = "the messages say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trap {
    Char,
    Discriminant,
    Range(Range, Broken),
    Pointer(Broken),
    Buffer(Broken),
    Realloc(Broken),
    CannotLeave,
    CannotEnter,
    Exception,
    NotReturned,
    TaskReturn,
    TaskCancel,
    CallbackCode,
}

/// What lies in a range of memory.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    String,
    List,
}

/// What is wrong with a pointer.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Broken {
    TooLong,
    Misaligned,
    OutOfBounds,
}

impl Trap {
    /// The name of the function that traps.
    pub fn name(self) -> String {
        let broken = |what: &str, broken| match broken {
            Broken::TooLong => format!("canon trap: {what} is too long"),
            Broken::Misaligned => format!("canon trap: {what} is not aligned"),
            Broken::OutOfBounds => format!("canon trap: {what} is out of bounds"),
        };
        match self {
            Trap::Char => "canon trap: char is not a Unicode scalar value".into(),
            Trap::Discriminant => "canon trap: discriminant is not a case".into(),
            Trap::Range(Range::String, b) => broken("string", b),
            Trap::Range(Range::List, b) => broken("list", b),
            Trap::Pointer(b) => broken("pointer", b),
            Trap::Buffer(b) => broken("buffer of a stream", b),
            Trap::Realloc(b) => broken("result of realloc", b),
            Trap::CannotLeave => "canon trap: cannot leave component instance".into(),
            Trap::CannotEnter => "canon trap: cannot enter component instance".into(),
            Trap::Exception => "canon trap: exception left a lifted function".into(),
            Trap::NotReturned => "canon trap: task ends without `task.return`".into(),
            Trap::TaskReturn => "canon trap: `task.return` is not that of the task".into(),
            Trap::CallbackCode => "canon trap: callback code is not one".into(),
            Trap::TaskCancel => "canon trap: `task.cancel` of a task that goes on".into(),
        }
    }
}

impl Adapters<'_, '_> {
    /// Traps if the `i32` on the stack is not zero.
    pub fn trap_if(&mut self, body: &mut Body, trap: Trap) -> Result<()> {
        body.ins().if_(BlockType::Empty);
        self.trap(body, trap)?;
        body.ins().end();
        Ok(())
    }

    /// Traps.
    pub fn trap(&mut self, body: &mut Body, trap: Trap) -> Result<()> {
        let define = |_: &mut Self, body: &mut Body| {
            body.ins().unreachable();
            Ok(())
        };
        let declare = || (trap.name(), FuncType::new([], []));
        let callee = self.shared(Shared::Trap(trap), declare, define)?;
        body.call(callee);
        body.ins().unreachable();
        Ok(())
    }
}
