//! The canonical built-ins: all but `canon lift` and `canon lower`.
//!
//! All of the specification's are represented, under its names. Which of them can be fused, and
//! where, is for `analyse` to say.

use std::fmt::{self, Display, Formatter};

use wasm_encoder::ValType;

use super::types::{Type, TypeId, Types};
use super::{CanonicalOptions, CoreEntity, ResourceId};

/// Which built-in a core function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltinKind {
    /// `canon resource.new`.
    ResourceNew(ResourceId),
    /// `canon resource.drop`.
    ResourceDrop(ResourceId),
    /// `canon resource.rep`.
    ResourceRep(ResourceId),
    /// Of tasks and what they wait for.
    Async(AsyncBuiltin),
}

/// A built-in of tasks and what they wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AsyncBuiltin {
    /// `canon backpressure.inc`.
    BackpressureInc,
    /// `canon backpressure.dec`.
    BackpressureDec,
    /// `canon task.return`.
    TaskReturn {
        /// The type of what is returned.
        result: Option<TypeId>,
        /// How it is lifted.
        options: CanonicalOptions,
    },
    /// `canon task.cancel`.
    TaskCancel,
    /// `canon context.get`.
    ContextGet(ContextSlot),
    /// `canon context.set`.
    ContextSet(ContextSlot),
    /// `canon subtask.cancel`.
    SubtaskCancel {
        /// Whether it returns before the subtask is cancelled.
        async_: bool,
    },
    /// `canon subtask.drop`.
    SubtaskDrop,
    /// `canon waitable-set.new`.
    WaitableSetNew,
    /// `canon waitable-set.wait`.
    WaitableSetWait {
        /// Where the event is stored.
        memory: CoreEntity,
    },
    /// `canon waitable-set.poll`.
    WaitableSetPoll {
        /// Where the event is stored.
        memory: CoreEntity,
    },
    /// `canon waitable-set.drop`.
    WaitableSetDrop,
    /// `canon waitable.join`.
    WaitableJoin,
    /// `canon stream.new` and so on, or `canon future.new` and so on, as the type says.
    Copy(CopyOp, TypeId),
    /// `canon error-context.new`.
    ErrorContextNew(CanonicalOptions),
    /// `canon error-context.debug-message`.
    ErrorContextDebugMessage(CanonicalOptions),
    /// `canon error-context.drop`.
    ErrorContextDrop,
    /// `canon thread.index` and so on.
    Thread(ThreadOp),
}

/// A slot of the storage that every thread has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContextSlot {
    /// The core type that it is read or written as.
    pub ty: ValType,
    /// Its number.
    pub index: u32,
}

/// What a built-in does with a stream or a future.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyOp {
    New,
    Read(CanonicalOptions),
    Write(CanonicalOptions),
    Forward,
    CancelRead { async_: bool },
    CancelWrite { async_: bool },
    DropReadable,
    DropWritable,
}

/// What a built-in does with threads.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThreadOp {
    Index,
    NewIndirect(StartFunction),
    ResumeLater,
    Suspend,
    Yield,
    SuspendThenResume,
    YieldThenResume,
    SuspendThenPromote,
    YieldThenPromote,
    SpawnRef,
    SpawnIndirect,
    AvailableParallelism,
}

/// What a new thread begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StartFunction {
    /// The table that has the function.
    pub table: CoreEntity,
    /// The type of an index in the table.
    pub index: ValType,
    /// The type of the function's only parameter.
    pub param: ValType,
}

/// What values go through one after another, or once.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    Stream,
    Future,
}

impl Channel {
    /// Which of the two a type is.
    pub fn of(types: &Types, ty: TypeId) -> Channel {
        match types[ty] {
            Type::Future(_) => Channel::Future,
            _ => Channel::Stream,
        }
    }
}

impl BuiltinKind {
    /// The resource that it is about.
    pub fn resource(self) -> Option<ResourceId> {
        match self {
            BuiltinKind::ResourceNew(resource)
            | BuiltinKind::ResourceDrop(resource)
            | BuiltinKind::ResourceRep(resource) => Some(resource),
            BuiltinKind::Async(_) => None,
        }
    }

    /// Whether it traps while its instance may not leave.
    pub fn leaves(self) -> bool {
        use AsyncBuiltin::*;
        !matches!(
            self,
            BuiltinKind::ResourceRep(_)
                | BuiltinKind::Async(
                    ContextGet(_) | ContextSet(_) | BackpressureInc | BackpressureDec
                )
        )
    }

    /// The specification's name.
    pub fn name(self, types: &Types) -> String {
        match self {
            BuiltinKind::ResourceNew(_) => "resource.new".into(),
            BuiltinKind::ResourceDrop(_) => "resource.drop".into(),
            BuiltinKind::ResourceRep(_) => "resource.rep".into(),
            BuiltinKind::Async(AsyncBuiltin::Copy(op, ty)) => match Channel::of(types, ty) {
                Channel::Stream => format!("stream.{}", op.name()),
                Channel::Future => format!("future.{}", op.name()),
            },
            BuiltinKind::Async(AsyncBuiltin::Thread(op)) => format!("thread.{}", op.name()),
            BuiltinKind::Async(builtin) => builtin.name().into(),
        }
    }
}

impl AsyncBuiltin {
    /// Whether it makes, takes or drops a handle of what is waited for, or of a set of these.
    pub fn is_of_waitables(self) -> bool {
        use AsyncBuiltin::*;
        matches!(
            self,
            SubtaskDrop
                | SubtaskCancel { .. }
                | WaitableSetNew
                | WaitableSetWait { .. }
                | WaitableSetPoll { .. }
                | WaitableSetDrop
                | WaitableJoin
                | Copy(..)
                | ErrorContextNew(_)
                | ErrorContextDebugMessage(_)
                | ErrorContextDrop
        )
    }

    /// The canonical options that it has, if it can have any.
    pub fn options(self) -> Option<CanonicalOptions> {
        use AsyncBuiltin::*;
        match self {
            TaskReturn { options, .. }
            | Copy(CopyOp::Read(options) | CopyOp::Write(options), _)
            | ErrorContextNew(options)
            | ErrorContextDebugMessage(options) => Some(options),
            WaitableSetWait { memory } | WaitableSetPoll { memory } => {
                Some(CanonicalOptions { memory: Some(memory), ..CanonicalOptions::default() })
            }
            _ => None,
        }
    }

    /// The table that it takes a function of.
    pub fn table(self) -> Option<CoreEntity> {
        match self {
            AsyncBuiltin::Thread(ThreadOp::NewIndirect(start)) => Some(start.table),
            _ => None,
        }
    }

    /// The type of the values that it moves.
    pub fn ty(self) -> Option<TypeId> {
        match self {
            AsyncBuiltin::TaskReturn { result, .. } => result,
            AsyncBuiltin::Copy(_, ty) => Some(ty),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        use AsyncBuiltin::*;
        match self {
            BackpressureInc => "backpressure.inc",
            BackpressureDec => "backpressure.dec",
            TaskReturn { .. } => "task.return",
            TaskCancel => "task.cancel",
            ContextGet(_) => "context.get",
            ContextSet(_) => "context.set",
            SubtaskCancel { .. } => "subtask.cancel",
            SubtaskDrop => "subtask.drop",
            WaitableSetNew => "waitable-set.new",
            WaitableSetWait { .. } => "waitable-set.wait",
            WaitableSetPoll { .. } => "waitable-set.poll",
            WaitableSetDrop => "waitable-set.drop",
            WaitableJoin => "waitable.join",
            Copy(op, _) => op.name(),
            ErrorContextNew(_) => "error-context.new",
            ErrorContextDebugMessage(_) => "error-context.debug-message",
            ErrorContextDrop => "error-context.drop",
            Thread(op) => op.name(),
        }
    }
}

impl CopyOp {
    fn name(self) -> &'static str {
        match self {
            CopyOp::New => "new",
            CopyOp::Read(_) => "read",
            CopyOp::Write(_) => "write",
            CopyOp::Forward => "forward",
            CopyOp::CancelRead { .. } => "cancel-read",
            CopyOp::CancelWrite { .. } => "cancel-write",
            CopyOp::DropReadable => "drop-readable",
            CopyOp::DropWritable => "drop-writable",
        }
    }
}

impl ThreadOp {
    fn name(self) -> &'static str {
        match self {
            ThreadOp::Index => "index",
            ThreadOp::NewIndirect(_) => "new-indirect",
            ThreadOp::ResumeLater => "resume-later",
            ThreadOp::Suspend => "suspend",
            ThreadOp::Yield => "yield",
            ThreadOp::SuspendThenResume => "suspend-then-resume",
            ThreadOp::YieldThenResume => "yield-then-resume",
            ThreadOp::SuspendThenPromote => "suspend-then-promote",
            ThreadOp::YieldThenPromote => "yield-then-promote",
            ThreadOp::SpawnRef => "spawn-ref",
            ThreadOp::SpawnIndirect => "spawn-indirect",
            ThreadOp::AvailableParallelism => "available-parallelism",
        }
    }
}

impl BuiltinKind {
    /// The built-in, its type and its options, as they are printed.
    pub fn shown(self, types: &Types) -> impl Display + use<> {
        let name = self.name(types);
        std::fmt::from_fn(move |f: &mut Formatter<'_>| {
            f.write_str(&name)?;
            match self {
                BuiltinKind::Async(builtin) => show_async(f, builtin),
                _ => match self.resource() {
                    Some(resource) => write!(f, " {resource}"),
                    None => Ok(()),
                },
            }
        })
    }
}

fn show_async(f: &mut Formatter<'_>, builtin: AsyncBuiltin) -> fmt::Result {
    use AsyncBuiltin::*;
    match builtin {
        ContextGet(slot) | ContextSet(slot) => {
            let ty = if slot.ty == ValType::I64 { "i64" } else { "i32" };
            write!(f, " {ty} {}", slot.index)?;
        }
        SubtaskCancel { async_: true }
        | Copy(CopyOp::CancelRead { async_: true } | CopyOp::CancelWrite { async_: true }, _) => {
            f.write_str(" async")?;
        }
        _ => {}
    }
    if let Some(ty) = builtin.ty() {
        write!(f, " {ty}")?;
    }
    if let Some(table) = builtin.table() {
        write!(f, " {table}")?;
    }
    match builtin.options() {
        Some(options) => write!(f, "{options}"),
        None => Ok(()),
    }
}
