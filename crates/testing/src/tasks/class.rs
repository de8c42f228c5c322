//! Classes of functions, and what the code of operations has in common in each: how it waits, how it logs.

use super::{Kind, Tag};

/// A class of functions: all of it are run by one interpreter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Callback,
    Plain,
    Waiting,
    Both,
}

impl Class {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Callback | Kind::Reader => Class::Callback,
            Kind::Plain => Class::Plain,
            Kind::Waiting => Class::Waiting,
            Kind::Both => Class::Both,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Class::Callback => "callback",
            Class::Plain => "plain",
            Class::Waiting => "waiting",
            Class::Both => "both",
        }
    }

    pub fn has_callback(self) -> bool {
        matches!(self, Class::Callback | Class::Both)
    }

    pub fn blocks(self) -> bool {
        matches!(self, Class::Waiting | Class::Both)
    }

    /// Waits for an event while something holds, and looks again.
    pub fn wait(self, condition: &str) -> String {
        match self {
            Class::Callback | Class::Both => {
                format!("        (if {condition} (then (return {WAIT})))\n")
            }
            Class::Waiting => {
                format!("        (if {condition} (then (call {EVENT}) (br $again)))\n")
            }
            Class::Plain => String::new(),
        }
    }
}

/// What a callback returns to wait for its set.
pub const WAIT: &str =
    "(i32.or (i32.const 2) (i32.shl (i32.load offset=16 (local.get $frame)) (i32.const 4)))";

/// What waits on the stack, once.
const EVENT: &str = "$event (local.get $frame)
          (call $wait (i32.load offset=16 (local.get $frame)) (i32.const 16))
          (i32.load (i32.const 16)) (i32.load (i32.const 20))";

/// Logs what is seen, and of which kind it is.
pub fn tell(tag: Tag, what: &str) -> String {
    format!("        (call $tell (local.get $frame) (i32.const {}) {what})\n", tag as u32)
}
