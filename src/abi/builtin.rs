//! The core types of built-ins.
//!
//! Those of the specification's *canonical definitions*.

use wasm_encoder::ValType::{I32, I64};

use super::Abi;
use crate::core::FuncType;
use crate::plan::{AsyncBuiltin, BuiltinKind, Channel, CopyOp, ThreadOp, Types};

impl Abi {
    /// The core type of a built-in.
    pub fn builtin(&self, types: &Types, kind: BuiltinKind) -> FuncType {
        match kind {
            BuiltinKind::ResourceNew(_) | BuiltinKind::ResourceRep(_) => {
                FuncType::new([I32], [I32])
            }
            BuiltinKind::ResourceDrop(_) => FuncType::new([I32], []),
            BuiltinKind::Async(builtin) => self.async_builtin(types, builtin),
        }
    }

    fn async_builtin(&self, types: &Types, builtin: AsyncBuiltin) -> FuncType {
        use AsyncBuiltin as B;
        let pointer = self.pointer;
        match builtin {
            B::BackpressureInc | B::BackpressureDec | B::TaskCancel => FuncType::new([], []),
            B::TaskReturn { result, .. } => {
                FuncType::new(self.flat_record(result).unwrap_or_else(|| vec![pointer]), [])
            }
            B::ContextGet(slot) => FuncType::new([], [slot.ty]),
            B::ContextSet(slot) => FuncType::new([slot.ty], []),
            B::SubtaskCancel { .. } => FuncType::new([I32], [I32]),
            B::SubtaskDrop | B::WaitableSetDrop | B::ErrorContextDrop => FuncType::new([I32], []),
            B::WaitableSetNew => FuncType::new([], [I32]),
            B::WaitableSetWait { .. } | B::WaitableSetPoll { .. } => {
                FuncType::new([I32, pointer], [I32])
            }
            B::WaitableJoin => FuncType::new([I32; 2], []),
            B::Copy(op, ty) => match (op, Channel::of(types, ty)) {
                (CopyOp::New, _) => FuncType::new([], [I64]),
                (CopyOp::Read(_) | CopyOp::Write(_), Channel::Stream) => {
                    FuncType::new([I32, pointer, pointer], [pointer])
                }
                (CopyOp::Read(_) | CopyOp::Write(_), Channel::Future) => {
                    FuncType::new([I32, pointer], [I32])
                }
                (CopyOp::Forward, _) => FuncType::new([I32; 2], []),
                (CopyOp::CancelRead { .. } | CopyOp::CancelWrite { .. }, _) => {
                    FuncType::new([I32], [I32])
                }
                (CopyOp::DropReadable | CopyOp::DropWritable, _) => FuncType::new([I32], []),
            },
            B::ErrorContextNew(_) => FuncType::new([pointer; 2], [I32]),
            B::ErrorContextDebugMessage(_) => FuncType::new([I32, pointer], []),
            B::Thread(op) => match op {
                ThreadOp::Index | ThreadOp::Suspend | ThreadOp::Yield => FuncType::new([], [I32]),
                ThreadOp::ResumeLater => FuncType::new([I32], []),
                ThreadOp::SuspendThenResume
                | ThreadOp::YieldThenResume
                | ThreadOp::SuspendThenPromote
                | ThreadOp::YieldThenPromote => FuncType::new([I32], [I32]),
                ThreadOp::NewIndirect(start) => FuncType::new([start.index, start.param], [I32]),
                ThreadOp::SpawnIndirect => FuncType::new([I32; 2], [I32]),
                ThreadOp::SpawnRef => FuncType::new([I32], [I32]),
                ThreadOp::AvailableParallelism => FuncType::new([], [I32]),
            },
        }
    }
}
