//! The core types of built-ins.
//!
//! Those of the specification's *canonical definitions*.

use wasm_encoder::ValType::{self, I32, I64};

use super::Abi;
use crate::plan::{AsyncBuiltin, BuiltinKind, Channel, CopyOp, ThreadOp, Types};

impl Abi {
    /// The parameters and results of a built-in.
    pub fn builtin(&self, types: &Types, kind: BuiltinKind) -> (Vec<ValType>, Vec<ValType>) {
        match kind {
            BuiltinKind::ResourceNew(_) | BuiltinKind::ResourceRep(_) => (vec![I32], vec![I32]),
            BuiltinKind::ResourceDrop(_) => (vec![I32], vec![]),
            BuiltinKind::Async(builtin) => self.async_builtin(types, builtin),
        }
    }

    fn async_builtin(&self, types: &Types, builtin: AsyncBuiltin) -> (Vec<ValType>, Vec<ValType>) {
        use AsyncBuiltin as B;
        let pointer = self.pointer;
        match builtin {
            B::BackpressureInc | B::BackpressureDec | B::TaskCancel => (vec![], vec![]),
            B::TaskReturn { result, .. } => {
                (self.flat_record(result).unwrap_or_else(|| vec![pointer]), vec![])
            }
            B::ContextGet(slot) => (vec![], vec![slot.ty]),
            B::ContextSet(slot) => (vec![slot.ty], vec![]),
            B::SubtaskCancel { .. } => (vec![I32], vec![I32]),
            B::SubtaskDrop | B::WaitableSetDrop | B::ErrorContextDrop => (vec![I32], vec![]),
            B::WaitableSetNew => (vec![], vec![I32]),
            B::WaitableSetWait { .. } | B::WaitableSetPoll { .. } => {
                (vec![I32, pointer], vec![I32])
            }
            B::WaitableJoin => (vec![I32; 2], vec![]),
            B::Copy(op, ty) => match (op, Channel::of(types, ty)) {
                (CopyOp::New, _) => (vec![], vec![I64]),
                (CopyOp::Read(_) | CopyOp::Write(_), Channel::Stream) => {
                    (vec![I32, pointer, pointer], vec![pointer])
                }
                (CopyOp::Read(_) | CopyOp::Write(_), Channel::Future) => {
                    (vec![I32, pointer], vec![I32])
                }
                (CopyOp::Forward, _) => (vec![I32; 2], vec![]),
                (CopyOp::CancelRead { .. } | CopyOp::CancelWrite { .. }, _) => {
                    (vec![I32], vec![I32])
                }
                (CopyOp::DropReadable | CopyOp::DropWritable, _) => (vec![I32], vec![]),
            },
            B::ErrorContextNew(_) => (vec![pointer; 2], vec![I32]),
            B::ErrorContextDebugMessage(_) => (vec![I32, pointer], vec![]),
            B::Thread(op) => match op {
                ThreadOp::Index | ThreadOp::Suspend | ThreadOp::Yield => (vec![], vec![I32]),
                ThreadOp::ResumeLater => (vec![I32], vec![]),
                ThreadOp::SuspendThenResume
                | ThreadOp::YieldThenResume
                | ThreadOp::SuspendThenPromote
                | ThreadOp::YieldThenPromote => (vec![I32], vec![I32]),
                ThreadOp::NewIndirect(start) => (vec![start.index, start.param], vec![I32]),
                ThreadOp::SpawnIndirect => (vec![I32; 2], vec![I32]),
                ThreadOp::SpawnRef => (vec![I32], vec![I32]),
                ThreadOp::AvailableParallelism => (vec![], vec![I32]),
            },
        }
    }
}
