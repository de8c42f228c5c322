//! The part of the library that keeps tasks in the module.
//!
//! | part | has |
//! |---|---|
//! | [`Records`](TaskPart::Records) | cells of memory |
//! | [`Queues`](TaskPart::Queues) | tasks in order, and who is woken |
//! | [`Sets`](TaskPart::Sets) | waitables and sets of them |
//! | [`Ends`](TaskPart::Ends) | streams and futures |
//! | [`Scopes`](TaskPart::Scopes) | what tasks borrow and are lent |
//! | [`Tasks`](TaskPart::Tasks) | what may happen to a task, and in which order |
//! | [`Loop`](TaskPart::Loop) | who runs next |
//! | [`Tokens`](TaskPart::Tokens) | how the engine's tasks wait, and are woken |
//! | [`Alone`](TaskPart::Alone) | what is there instead where the engine makes none |
//! | [`Hosts`](TaskPart::Hosts) | streams and futures one end of which is the host's |
//! | [`Hostless`](TaskPart::Hostless) | what is there instead where there are none |
//!
//! Each is a module that imports from those before it, but for the last four: `Queues` imports from those
//! of tokens, and `Ends` from those of the host's. The parts know one another by the names in their texts.

use wasm_encoder::ValType;

use crate::core::FuncType;

const I32: ValType = ValType::I32;
const I64: ValType = ValType::I64;

/// A module of the library that is about tasks. There is one of each.
#[allow(missing_docs, reason = "the table above says it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskPart {
    Records,
    Queues,
    Sets,
    Ends,
    Scopes,
    Tasks,
    Loop,
    Tokens,
    Alone,
    Hosts,
    Hostless,
}

impl TaskPart {
    /// The module.
    pub fn module(self) -> &'static [u8] {
        match self {
            TaskPart::Records => module!("records"),
            TaskPart::Queues => module!("queues"),
            TaskPart::Sets => module!("sets"),
            TaskPart::Ends => module!("ends"),
            TaskPart::Scopes => module!("scopes"),
            TaskPart::Tasks => module!("tasks"),
            TaskPart::Loop => module!("loop"),
            TaskPart::Tokens => module!("tokens"),
            TaskPart::Alone => module!("alone"),
            TaskPart::Hosts => module!("hosts"),
            TaskPart::Hostless => module!("hostless"),
        }
    }

    /// What the others import it as.
    pub fn name(self) -> &'static str {
        match self {
            TaskPart::Records => "records",
            TaskPart::Queues => "queues",
            TaskPart::Sets => "sets",
            TaskPart::Ends => "ends",
            TaskPart::Scopes => "scopes",
            TaskPart::Tasks => "tasks",
            TaskPart::Loop => "loop",
            TaskPart::Tokens | TaskPart::Alone => "tokens",
            TaskPart::Hosts | TaskPart::Hostless => "hosts",
        }
    }

    /// The part that others import as that; `engine` says whether the engine makes tasks, and `hosts`
    /// whether ends of streams or futures are the host's.
    pub fn named(name: &str, engine: bool, hosts: bool) -> Option<TaskPart> {
        use TaskPart::*;
        let token = if engine { Tokens } else { Alone };
        let host = if hosts { Hosts } else { Hostless };
        let parts = [Records, Queues, Sets, Ends, Scopes, Tasks, Loop, token, host];
        parts.into_iter().find(|part| part.name() == name)
    }
}

/// The size of a record; where those of instances begin, too.
pub const RECORD: i32 = 128;

/// Where a record has what generated code reads: the result, if it is one core value.
pub const RESULT: u64 = 96;

/// Likewise, where the caller wants the result.
pub const POINTER: u64 = 88;

/// Likewise, the place of the function that it returns by.
pub const RETURN: u64 = 48;

/// Likewise, of a task that has waited to enter, the cell with its arguments.
pub const ARGUMENTS: u64 = 72;

/// The type of an entry for a waitable, in an instance's handle table.
pub const WAITABLE: i32 = -1;

/// Likewise, for a set of them.
pub const WAITABLE_SET: i32 = -2;

/// Likewise, for an error context.
pub const ERROR_CONTEXT: i32 = -3;

/// What generated code calls. Records are given by their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskOp {
    /// `(cell)`.
    Free,
    /// `(instance, exclusive, signature, resume, return, floor, engine's task, pointer) -> task`.
    Create,
    /// `(task) -> whether`: it begins at once.
    Begin,
    /// `(task, start) -> cell`: it waits to enter; its arguments go to the cell.
    Defer,
    /// `(task) -> what was before`, for `Leave`.
    Enter,
    /// What was before, again.
    Leave,
    /// `(task, 2 or set)`: it has returned to wait.
    Suspend,
    /// `(task)`: it is over.
    Exit,
    /// `(task)`: the caller has what it wants of it.
    Forget,
    /// `(task) -> state`: what a call with `async` returns, or 0 or 1, and then it is to be named.
    Called,
    /// `(task, handle) -> packed`: what a call with `async` returns.
    Named,
    /// `(table, index)`: a handle is lent to the task that begins.
    Lend,
    /// `() -> scope`: there is a borrow of that task.
    Borrow,
    /// `(owned, rep, scope) -> (owned, rep)`: one that may be of a task has been dropped.
    DropHandle,
    /// `(task)`: traps if it has not dropped its borrows.
    CheckBorrows,
    /// `(task)`: its result is where the caller wants it.
    Returned,
    /// `(signature, mask) -> task`: that of a `task.return`.
    Returning,
    /// `() -> whether`: the task that is cancelled is the root of one of the engine's.
    Cancelled,
    /// `(task, async) -> state`, or -1.
    CancelSubtask,
    /// `(task, instance) -> state`.
    CancelAndWait,
    /// `(task)`.
    DropSubtask,
    /// `(instance, by)`.
    Backpressure,
    /// `() -> set`.
    NewSet,
    /// `(set)`.
    DropSet,
    /// `(waitable, set)`.
    Join,
    /// `(set, instance) -> event`.
    Wait,
    /// `(set) -> event`.
    Poll,
    /// `(instance) -> 0`.
    Yield,
    /// `(instance) -> floor`: what a call stands on.
    Floor,
    /// `(floor) -> task of the engine`, or 0.
    EngineOf,
    /// `(record, instance)`: waits on the stack.
    Block,
    /// `() -> whether`: who is ready has a turn.
    Generation,
    /// When a call of the host is over that is no task of the engine.
    Settle,
    /// `() -> task of the engine`.
    Engine,
    /// `(task of the engine, task)`.
    Root,
    /// `(type) -> readable end`, of a new stream or future.
    NewEnds,
    /// `(end) -> end`: the other.
    OtherEnd,
    /// `(end, handle) -> handle`: whoever has it has it as that.
    EndNamed,
    /// `(end, type) -> end`: it leaves its instance.
    LiftEnd,
    /// `(end, type, instance, options, pointer, length) -> payload`, or -1: it reads or writes.
    Copy,
    /// `(end)`: it has to be in no set.
    Alone,
    /// `(end, instance) -> payload`: waits on the stack until its copy is over.
    Copied,
    /// `(end, type) -> payload`.
    CancelCopy,
    /// `(end, type)`.
    DropEnd,
    /// `(end, engine's end, part, operations)`: it is the host's.
    Tie,
    /// `(end) -> engine's end`, or 0: it was the host's, and is again.
    Claim,
    /// `(task of the engine, event, handle, payload) -> code`.
    Event,
    /// `(task of the engine) -> code`.
    Pump,
}

impl TaskOp {
    /// The part that has it, and what it exports it as.
    pub fn place(self) -> (TaskPart, &'static str) {
        use TaskPart::{Ends, Hosts, Loop, Records, Scopes, Sets, Tasks};
        match self {
            TaskOp::Free => (Records, "free"),
            TaskOp::Create => (Tasks, "create"),
            TaskOp::Begin => (Tasks, "begin"),
            TaskOp::Defer => (Tasks, "defer"),
            TaskOp::Enter => (Tasks, "enter"),
            TaskOp::Leave => (Tasks, "leave"),
            TaskOp::Suspend => (Tasks, "suspend"),
            TaskOp::Exit => (Tasks, "exit"),
            TaskOp::Forget => (Tasks, "forget"),
            TaskOp::Called => (Tasks, "called"),
            TaskOp::Named => (Tasks, "named"),
            TaskOp::Lend => (Scopes, "lend"),
            TaskOp::Borrow => (Scopes, "borrow"),
            TaskOp::DropHandle => (Scopes, "drop"),
            TaskOp::CheckBorrows => (Tasks, "borrows"),
            TaskOp::Returned => (Tasks, "returned"),
            TaskOp::Returning => (Tasks, "returning"),
            TaskOp::Cancelled => (Tasks, "cancelled"),
            TaskOp::CancelSubtask => (Tasks, "cancel"),
            TaskOp::CancelAndWait => (Loop, "cancel"),
            TaskOp::DropSubtask => (Tasks, "drop"),
            TaskOp::Backpressure => (Tasks, "backpressure"),
            TaskOp::NewSet => (Sets, "new"),
            TaskOp::DropSet => (Sets, "drop"),
            TaskOp::Join => (Sets, "join"),
            TaskOp::Wait => (Loop, "wait"),
            TaskOp::Poll => (Loop, "poll"),
            TaskOp::Yield => (Loop, "yield"),
            TaskOp::Floor => (Loop, "floor"),
            TaskOp::EngineOf => (Loop, "engine-of"),
            TaskOp::Block => (Loop, "block"),
            TaskOp::Generation => (Loop, "generation"),
            TaskOp::Settle => (Loop, "settle"),
            TaskOp::Engine => (Loop, "engine"),
            TaskOp::Root => (Loop, "root"),
            TaskOp::NewEnds => (Ends, "new"),
            TaskOp::OtherEnd => (Ends, "other"),
            TaskOp::EndNamed => (Ends, "named"),
            TaskOp::LiftEnd => (Ends, "lift"),
            TaskOp::Copy => (Ends, "copy"),
            TaskOp::Alone => (Ends, "alone"),
            TaskOp::Copied => (Loop, "copied"),
            TaskOp::CancelCopy => (Ends, "cancel"),
            TaskOp::DropEnd => (Ends, "drop"),
            TaskOp::Tie => (Hosts, "tie"),
            TaskOp::Claim => (Hosts, "claim"),
            TaskOp::Event => (Loop, "event"),
            TaskOp::Pump => (Loop, "pump"),
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            TaskOp::Create => FuncType::new([I32, I32, I32, I32, I32, I32, I32, I64], [I32]),
            TaskOp::Copy => FuncType::new([I32, I32, I32, I32, I64, I64], [I32]),
            TaskOp::Enter => FuncType::new([I32], [I32, I64, I64]),
            TaskOp::Leave => FuncType::new([I32, I64, I64], []),
            TaskOp::Free
            | TaskOp::Exit
            | TaskOp::Forget
            | TaskOp::Returned
            | TaskOp::CheckBorrows
            | TaskOp::DropSubtask
            | TaskOp::Alone
            | TaskOp::DropSet => FuncType::new([I32], []),
            TaskOp::Suspend
            | TaskOp::Backpressure
            | TaskOp::Join
            | TaskOp::Lend
            | TaskOp::DropEnd
            | TaskOp::Block
            | TaskOp::Root => FuncType::new([I32; 2], []),
            TaskOp::Begin
            | TaskOp::Called
            | TaskOp::Yield
            | TaskOp::Floor
            | TaskOp::EngineOf
            | TaskOp::NewEnds
            | TaskOp::OtherEnd
            | TaskOp::Claim
            | TaskOp::Pump => FuncType::new([I32], [I32]),
            TaskOp::Defer
            | TaskOp::Returning
            | TaskOp::Named
            | TaskOp::CancelSubtask
            | TaskOp::CancelAndWait
            | TaskOp::EndNamed
            | TaskOp::LiftEnd
            | TaskOp::Copied
            | TaskOp::CancelCopy => FuncType::new([I32; 2], [I32]),
            TaskOp::Tie => FuncType::new([I32; 4], []),
            TaskOp::Event => FuncType::new([I32; 4], [I32]),
            TaskOp::Borrow
            | TaskOp::Cancelled
            | TaskOp::NewSet
            | TaskOp::Generation
            | TaskOp::Engine => FuncType::new([], [I32]),
            TaskOp::DropHandle => FuncType::new([I32; 3], [I32; 2]),
            TaskOp::Settle => FuncType::new([], []),
            TaskOp::Wait => FuncType::new([I32; 2], [I32; 3]),
            TaskOp::Poll => FuncType::new([I32], [I32; 3]),
        }
    }
}

/// A built-in of the engine that the tokens are made of. Streams are those of nothing.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenOp {
    WaitableSetNew,
    WaitableSetDrop,
    WaitableSetWait,
    WaitableSetPoll,
    WaitableJoin,
    StreamNew,
    StreamRead,
    StreamWrite,
    StreamCancelRead,
    StreamDropReadable,
    StreamDropWritable,
    ThreadYield,
}

impl TokenOp {
    /// All of them.
    pub const ALL: [TokenOp; 12] = [
        TokenOp::WaitableSetNew,
        TokenOp::WaitableSetDrop,
        TokenOp::WaitableSetWait,
        TokenOp::WaitableSetPoll,
        TokenOp::WaitableJoin,
        TokenOp::StreamNew,
        TokenOp::StreamRead,
        TokenOp::StreamWrite,
        TokenOp::StreamCancelRead,
        TokenOp::StreamDropReadable,
        TokenOp::StreamDropWritable,
        TokenOp::ThreadYield,
    ];

    /// The specification's name.
    pub fn name(self) -> &'static str {
        match self {
            TokenOp::WaitableSetNew => "waitable-set.new",
            TokenOp::WaitableSetDrop => "waitable-set.drop",
            TokenOp::WaitableSetWait => "waitable-set.wait",
            TokenOp::WaitableSetPoll => "waitable-set.poll",
            TokenOp::WaitableJoin => "waitable.join",
            TokenOp::StreamNew => "stream.new",
            TokenOp::StreamRead => "stream.read",
            TokenOp::StreamWrite => "stream.write",
            TokenOp::StreamCancelRead => "stream.cancel-read",
            TokenOp::StreamDropReadable => "stream.drop-readable",
            TokenOp::StreamDropWritable => "stream.drop-writable",
            TokenOp::ThreadYield => "thread.yield",
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            TokenOp::WaitableSetNew | TokenOp::ThreadYield => FuncType::new([], [I32]),
            TokenOp::WaitableSetDrop
            | TokenOp::StreamDropReadable
            | TokenOp::StreamDropWritable => FuncType::new([I32], []),
            TokenOp::WaitableSetWait | TokenOp::WaitableSetPoll => FuncType::new([I32; 2], [I32]),
            TokenOp::WaitableJoin => FuncType::new([I32; 2], []),
            TokenOp::StreamNew => FuncType::new([], [I64]),
            TokenOp::StreamRead | TokenOp::StreamWrite => FuncType::new([I32; 3], [I32]),
            TokenOp::StreamCancelRead => FuncType::new([I32], [I32]),
        }
    }
}
