//! Random programs of tasks: compositions of instances that call, wait for and send one another streams.
//!
//! What an instance does is data. A [`Shape`] is what is compiled: how many instances there are, how their
//! functions are lifted, what goes through streams. Every function of it is an interpreter, which asks the host
//! what to do next; a [`Program`] is a list of [`Step`]s for each function of a shape. So one compilation, and
//! one fusion, serve any number of programs, and one instance runs many of them, one after another: what a
//! program leaves behind, the next one meets.
//!
//! There is an interpreter for each kind of function, because what a function *can* do decides how it is fused:
//! one that may wait on its stack is a function that calls `waitable-set.wait`, whatever its steps are.
//!
//! # What is compared
//!
//! Every call has a number, that of its caller and the step's, and every step that sees something logs it
//! under that number ([`Tag`]). Programs are drawn so that each task by itself sees the same, whatever the
//! order in which ready tasks have their turns: what depends on the order is not logged. A task that reads or
//! writes does so until it has all, and so what it has got is certain, though not in how many pieces.
//!
//! A program that is *free* is not held to that, and logs all that it sees, in one order: what may come out is
//! for the specification to say (`examples/tasks.rs`, `scripts/allowed-tasks.py`).
//!
//! # Limits
//!
//! Instances call those before them. A task has one readable and one writable end at most, and 15 steps.

mod class;
mod composition;
mod copies;
mod guest;
mod operations;
pub mod random;
pub mod run;

pub use crate::streams::{Element, Encoding};

/// What is compiled: a composition without what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its instances; each may call those before it.
    pub instances: Vec<Instance>,
    /// What goes through streams, if there are any.
    pub element: Option<Element>,
    /// Whether the host may call functions of all instances that have a callback, and no others; or all of the
    /// last instance.
    pub all_export: bool,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// How its functions are lifted.
    pub kinds: Vec<Kind>,
    /// How its strings are encoded.
    pub encoding: Encoding,
    /// Whether it is a second instance of the component of the one before.
    pub is_twin: bool,
}

/// How a function is lifted, and what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With a callback.
    Callback,
    /// With a callback, and it is given the readable end of a stream.
    Reader,
    /// It returns at its end, and does not wait.
    Plain,
    /// It returns at its end, and may wait on its stack: nobody calls it with `async`.
    Waiting,
    /// With a callback, and it may wait on its stack, too: only the host calls it.
    Both,
}

impl Kind {
    /// Whether it has a callback.
    pub fn has_callback(self) -> bool {
        matches!(self, Kind::Callback | Kind::Reader | Kind::Both)
    }

    /// Whether it may wait on its stack.
    pub fn blocks(self) -> bool {
        matches!(self, Kind::Waiting | Kind::Both)
    }
}

/// A function of a shape: they are numbered through all instances.
pub type FuncId = usize;

/// What a shape does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// What each function does.
    pub funcs: Vec<Func>,
    /// What the host calls: some functions at a time, and then others.
    pub rounds: Vec<Vec<FuncId>>,
    /// Whether it is free: what is seen may depend on the order, and all of it is logged.
    pub is_free: bool,
}

/// What a function does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Func {
    /// Step by step.
    pub steps: Vec<Step>,
    /// Whether it ends when it is cancelled.
    pub obeys: bool,
}

/// What a function does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Calls a function with `async`.
    Start(FuncId),
    /// Calls one without.
    Call(FuncId),
    /// Waits until all that it has started is resolved: by returning to wait, or on the stack if there is no
    /// callback. It lets its ends go before.
    Await,
    /// Gives others a turn, by returning.
    Yield,
    /// Returns its number, and goes on: not the sum, for who knows what is in it by now.
    Return,
    /// Starts one, and cancels it at once.
    Cancel(FuncId),
    /// Starts one, and cancels it without `async`.
    Drop(FuncId),
    /// Keeps tasks from entering an instance, starts one there, and lets it in.
    Gate(FuncId),
    /// Waits for nothing, until it is cancelled.
    Sleep,
    /// Looks whether something has happened.
    Poll,
    /// Keeps tasks from entering, starts one, and cancels it before it can begin.
    Withdraw(FuncId),
    /// Gives others a turn, on its stack.
    Pause,
    /// Waits on its stack until all that it has started is resolved.
    Insist,
    /// Makes a stream, and starts a reader of it.
    Open(FuncId),
    /// Writes so many elements, unless the reader goes.
    Write(u32),
    /// Reads so many elements, unless the writer goes.
    Read(u32),
    /// Starts a reader of the end that it has been given.
    Pass(FuncId),
    /// Drops the writable end.
    Finish,
    /// Drops the readable end.
    Leave,
    /// Does what traps.
    Misuse(Misuse),
    /// Cancels the first that is under way. This and what follows is of free programs.
    Recall,
    /// Writes once, and does not wait for it.
    Offer(u32),
    /// Cancels that.
    Revoke,
    /// Reads once, and does not wait for it.
    Ask(u32),
    /// Cancels that.
    Refrain,
}

/// What traps.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    ReturnTwice,
    DropNothing,
    JoinSet,
    CancelUnasked,
    OpenGate,
    CallbackCode,
    WaitForNothing,
    DropTwice,
}

impl Misuse {
    /// All of them.
    pub const ALL: [Misuse; 8] = [
        Misuse::ReturnTwice,
        Misuse::DropNothing,
        Misuse::JoinSet,
        Misuse::CancelUnasked,
        Misuse::OpenGate,
        Misuse::CallbackCode,
        Misuse::WaitForNothing,
        Misuse::DropTwice,
    ];
}

/// What an entry of the log is about, in its highest byte.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Tag {
    Sum = 1,
    Ended = 2,
    Wrote = 3,
    Read = 4,
    Cancelled = 5,
    Dropped = 6,
    Gated = 7,
    Obeyed = 8,
    Refused = 9,
    Withdrawn = 10,
    /// What a call with `async` says: only of free programs.
    Started = 11,
    /// An event: likewise.
    Event = 12,
    /// What a read or write says: likewise.
    Copied = 13,
}

/// Operations: what a word begins with.
const OPERATIONS: u32 = 26;

/// Steps of a function, at most.
pub const STEPS: usize = 15;

/// What the host is asked for instead of a step: whether the function ends when it is cancelled.
pub const OBEYS: u32 = 255;

/// What the host is asked for instead of a step: whether the program is free.
pub const FREE: u32 = 254;

impl Step {
    /// What functions call in other instances, if anything.
    pub fn target(self) -> Option<FuncId> {
        match self {
            Step::Start(id)
            | Step::Call(id)
            | Step::Cancel(id)
            | Step::Drop(id)
            | Step::Gate(id)
            | Step::Withdraw(id)
            | Step::Open(id)
            | Step::Pass(id) => Some(id),
            _ => None,
        }
    }

    /// As a number: the operation, and from the second byte its operand.
    pub fn word(self) -> u32 {
        let (operation, operand) = match self {
            Step::Start(id) => (1, id as u32),
            Step::Call(id) => (2, id as u32),
            Step::Await => (3, 0),
            Step::Yield => (4, 0),
            Step::Return => (5, 0),
            Step::Cancel(id) => (6, id as u32),
            Step::Drop(id) => (7, id as u32),
            Step::Gate(id) => (8, id as u32),
            Step::Sleep => (9, 0),
            Step::Poll => (10, 0),
            Step::Withdraw(id) => (11, id as u32),
            Step::Pause => (12, 0),
            Step::Insist => (13, 0),
            Step::Open(id) => (14, id as u32),
            Step::Write(count) => (15, count),
            Step::Read(count) => (16, count),
            Step::Pass(id) => (17, id as u32),
            Step::Finish => (18, 0),
            Step::Leave => (19, 0),
            Step::Misuse(what) => (20, what as u32),
            Step::Recall => (21, 0),
            Step::Offer(count) => (22, count),
            Step::Revoke => (23, 0),
            Step::Ask(count) => (24, count),
            Step::Refrain => (25, 0),
        };
        operation | operand << 8
    }
}

impl Program {
    /// What the interpreter of a function is told.
    pub fn next(&self, func: u32, at: u32) -> u32 {
        let Some(func) = self.funcs.get(func as usize) else { return 0 };
        match at {
            OBEYS => u32::from(func.obeys),
            FREE => u32::from(self.is_free),
            _ => func.steps.get(at as usize).map_or(0, |step| step.word()),
        }
    }
}

impl Func {
    /// Whether it goes on only when it is cancelled.
    pub fn sleeps(&self) -> bool {
        self.steps.contains(&Step::Sleep)
    }
}

impl Shape {
    /// The first function of an instance.
    pub fn base(&self, instance: usize) -> FuncId {
        self.instances[..instance].iter().map(|it| it.kinds.len()).sum()
    }

    /// All functions: of which instance, and of which kind.
    pub fn funcs(&self) -> impl Iterator<Item = (FuncId, usize, Kind)> {
        let all = self.instances.iter().enumerate();
        let all = all.flat_map(|(index, it)| it.kinds.iter().map(move |kind| (index, *kind)));
        all.enumerate().map(|(id, (instance, kind))| (id, instance, kind))
    }

    /// The instance whose component an instance is one of.
    pub fn component(&self, instance: usize) -> usize {
        instance - usize::from(self.instances[instance].is_twin)
    }

    /// What an instance can call.
    pub fn callees(&self, instance: usize) -> impl Iterator<Item = (FuncId, usize, Kind)> {
        let component = self.component(instance);
        self.funcs().filter(move |(_, owner, _)| *owner < component)
    }

    /// Whether instances can keep tasks from entering. To an engine that takes all for one, there is one gate: so
    /// not where several have exports.
    pub fn gates(&self) -> bool {
        !self.all_export
    }

    /// Whether an instance can cancel without `async`: what it calls is never held by a task that blocks on its
    /// stack, and so can be told at once. Else that could block, and then it is not for whom others call.
    pub fn drops(&self, instance: usize) -> bool {
        let callees = &self.instances[..self.component(instance)];
        callees.iter().all(|it| it.kinds.iter().all(|kind| !kind.blocks()))
    }

    /// What the host can call.
    pub fn exports(&self) -> Vec<FuncId> {
        let last = self.instances.len() - 1;
        let is_exported = |(_, owner, kind): &(FuncId, usize, Kind)| match self.all_export {
            true => *kind == Kind::Callback,
            false => *owner == last && *kind != Kind::Reader,
        };
        self.funcs().filter(is_exported).map(|(id, ..)| id).collect()
    }
}
