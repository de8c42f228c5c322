//! Lifts, lowers and the other canonical built-ins.
//!
//! All of them are represented: what of it can be fused depends on who calls whom, and is decided
//! by `analyse`.

use wasm_encoder::ValType;
use wasmparser::{CanonicalFunction, CanonicalOption};

use super::frame::{Frame, FrameId, at};
use super::instantiate::Machine;
use super::{
    AsyncBuiltin, Builtin, BuiltinKind, CanonicalOptions, ContextSlot, CopyOp, CoreEntity,
    CoreFunc, FuncName, Lift, Lower, ResourceId, StartFunction, StringEncoding, ThreadOp,
};
use crate::error::{Error, Result};

impl Machine<'_> {
    /// Executes a canonical definition.
    pub fn canonical(
        &mut self,
        frame: FrameId,
        canonical: &CanonicalFunction,
        offset: u64,
    ) -> Result<()> {
        let owner = self.frames[frame].owner;
        match canonical {
            CanonicalFunction::Lift { core_func_index, type_index, options } => {
                let callee = *at(&self.frames[frame].core_funcs, *core_func_index)?;
                let ty = self.frames[frame].ty(*type_index)?;
                self.count(self.plan.types.func(ty)?.params.len())?;
                let options = options_of(&self.frames[frame], options)?;
                let lift = self.plan.lifts.push(Lift { callee, ty, options, owner, offset });
                self.frames[frame].funcs.push((super::FuncDef::Lift(lift), ty));
            }
            CanonicalFunction::Lower { func_index, options } => {
                let &(target, ty) = at(&self.frames[frame].funcs, *func_index)?;
                self.count(self.plan.types.func(ty)?.params.len())?;
                let options = options_of(&self.frames[frame], options)?;
                let after = self.plan.core_instances.len();
                let name = self.frames[frame]
                    .func_names
                    .get(&(*func_index as usize))
                    .cloned()
                    .unwrap_or_else(|| FuncName {
                        interface: None,
                        function: format!("func{func_index}"),
                    });
                let lower = self.plan.lowers.push(Lower {
                    name,
                    target,
                    ty,
                    options,
                    owner,
                    after,
                    offset,
                });
                self.frames[frame].core_funcs.push(CoreFunc::Lower(lower));
            }
            other => {
                let kind = self.builtin(frame, other)?;
                let after = self.plan.core_instances.len();
                let builtin = self.plan.builtins.push(Builtin { kind, owner, after, offset });
                self.frames[frame].core_funcs.push(CoreFunc::Builtin(builtin));
            }
        }
        Ok(())
    }

    fn builtin(&mut self, frame: FrameId, canonical: &CanonicalFunction) -> Result<BuiltinKind> {
        use CanonicalFunction as F;
        Ok(match *canonical {
            F::ResourceNew { resource } => {
                BuiltinKind::ResourceNew(self.resource(frame, resource)?)
            }
            F::ResourceDrop { resource } => {
                BuiltinKind::ResourceDrop(self.resource(frame, resource)?)
            }
            F::ResourceRep { resource } => {
                BuiltinKind::ResourceRep(self.resource(frame, resource)?)
            }
            F::TaskReturn { result, ref options } => {
                let result = self.optional(frame, result)?;
                let options = options_of(&self.frames[frame], options)?;
                BuiltinKind::Async(AsyncBuiltin::TaskReturn { result, options })
            }
            F::ThreadNewIndirect { func_ty_index, table_index } => {
                let start = self.start_function(frame, func_ty_index, table_index)?;
                BuiltinKind::Async(AsyncBuiltin::Thread(ThreadOp::NewIndirect(start)))
            }
            ref other => BuiltinKind::Async(async_builtin(&self.frames[frame], other)?),
        })
    }

    fn start_function(&self, frame: FrameId, ty: u32, table: u32) -> Result<StartFunction> {
        let unknown = || Error::internal("a thread starts with something unknown");
        let ty = self.sub_type(frame, ty)?;
        let table = *at(&self.frames[frame].core_tables, table)?;
        let module = self.plan.core_instances[table.instance].module;
        let tables = &self.plan.module(module).tables;
        let is_64 = tables.get(table.index as usize).ok_or_else(unknown)?.table64;
        let param = match &ty.composite_type.inner {
            wasmparser::CompositeInnerType::Func(ty) => ty.params().first().copied(),
            _ => None,
        };
        let param = core_int(param.ok_or_else(unknown)?);
        let index = if is_64 { ValType::I64 } else { ValType::I32 };
        Ok(StartFunction { table, index, param })
    }

    fn resource(&self, frame: FrameId, index: u32) -> Result<ResourceId> {
        self.plan.types.resource(self.frames[frame].ty(index)?)
    }
}

/// Canonical options over definitions.
fn options_of(frame: &Frame<'_>, options: &[CanonicalOption]) -> Result<CanonicalOptions> {
    let func = |index| at(&frame.core_funcs, index).copied().map(Some);
    let mut result = CanonicalOptions::default();
    for option in options {
        match *option {
            CanonicalOption::UTF8 => result.encoding = StringEncoding::Utf8,
            CanonicalOption::UTF16 => result.encoding = StringEncoding::Utf16,
            CanonicalOption::CompactUTF16 => result.encoding = StringEncoding::CompactUtf16,
            CanonicalOption::Memory(index) => result.memory = Some(memory(frame, index)?),
            CanonicalOption::Realloc(index) => result.realloc = func(index)?,
            CanonicalOption::PostReturn(index) => result.post_return = func(index)?,
            CanonicalOption::Async => result.async_ = true,
            CanonicalOption::Callback(index) => result.callback = func(index)?,
            // The core type says how references are passed, which only `gc` does.
            CanonicalOption::CoreType(_) => {}
            CanonicalOption::Gc => result.gc = true,
        }
    }
    Ok(result)
}

fn memory(frame: &Frame<'_>, index: u32) -> Result<CoreEntity> {
    at(&frame.core_memories, index).copied()
}

/// A built-in of tasks and what they wait for.
fn async_builtin(frame: &Frame<'_>, canonical: &CanonicalFunction) -> Result<AsyncBuiltin> {
    use AsyncBuiltin as B;
    use CanonicalFunction as F;
    let copy = |op, ty| Ok(B::Copy(op, frame.ty(ty)?));
    let options = |options: &[_]| options_of(frame, options);
    Ok(match *canonical {
        F::Lift { .. }
        | F::Lower { .. }
        | F::ResourceNew { .. }
        | F::ResourceDrop { .. }
        | F::ResourceRep { .. }
        | F::ThreadNewIndirect { .. }
        | F::TaskReturn { .. } => return Err(Error::internal("a built-in was taken for another")),
        F::BackpressureInc => B::BackpressureInc,
        F::BackpressureDec => B::BackpressureDec,
        F::TaskCancel => B::TaskCancel,
        F::ContextGet { ty, slot } => B::ContextGet(context_slot(ty, slot)),
        F::ContextSet { ty, slot } => B::ContextSet(context_slot(ty, slot)),
        F::SubtaskDrop => B::SubtaskDrop,
        F::SubtaskCancel { async_ } => B::SubtaskCancel { async_ },
        F::StreamNew { ty } | F::FutureNew { ty } => return copy(CopyOp::New, ty),
        F::StreamRead { ty, options: ref o } | F::FutureRead { ty, options: ref o } => {
            return copy(CopyOp::Read(options(o)?), ty);
        }
        F::StreamWrite { ty, options: ref o } | F::FutureWrite { ty, options: ref o } => {
            return copy(CopyOp::Write(options(o)?), ty);
        }
        F::StreamForward { ty } | F::FutureForward { ty } => return copy(CopyOp::Forward, ty),
        F::StreamCancelRead { ty, async_ } | F::FutureCancelRead { ty, async_ } => {
            return copy(CopyOp::CancelRead { async_ }, ty);
        }
        F::StreamCancelWrite { ty, async_ } | F::FutureCancelWrite { ty, async_ } => {
            return copy(CopyOp::CancelWrite { async_ }, ty);
        }
        F::StreamDropReadable { ty } | F::FutureDropReadable { ty } => {
            return copy(CopyOp::DropReadable, ty);
        }
        F::StreamDropWritable { ty } | F::FutureDropWritable { ty } => {
            return copy(CopyOp::DropWritable, ty);
        }
        F::ErrorContextNew { options: ref o } => B::ErrorContextNew(options(o)?),
        F::ErrorContextDebugMessage { options: ref o } => B::ErrorContextDebugMessage(options(o)?),
        F::ErrorContextDrop => B::ErrorContextDrop,
        F::WaitableSetNew => B::WaitableSetNew,
        F::WaitableSetWait { memory: m } => B::WaitableSetWait { memory: memory(frame, m)? },
        F::WaitableSetPoll { memory: m } => B::WaitableSetPoll { memory: memory(frame, m)? },
        F::WaitableSetDrop => B::WaitableSetDrop,
        F::WaitableJoin => B::WaitableJoin,
        F::ThreadIndex => B::Thread(ThreadOp::Index),
        F::ThreadResumeLater => B::Thread(ThreadOp::ResumeLater),
        F::ThreadSuspend => B::Thread(ThreadOp::Suspend),
        F::ThreadYield => B::Thread(ThreadOp::Yield),
        F::ThreadSuspendThenResume => B::Thread(ThreadOp::SuspendThenResume),
        F::ThreadYieldThenResume => B::Thread(ThreadOp::YieldThenResume),
        F::ThreadSuspendThenPromote => B::Thread(ThreadOp::SuspendThenPromote),
        F::ThreadYieldThenPromote => B::Thread(ThreadOp::YieldThenPromote),
        F::ThreadSpawnRef { .. } => B::Thread(ThreadOp::SpawnRef),
        F::ThreadSpawnIndirect { .. } => B::Thread(ThreadOp::SpawnIndirect),
        F::ThreadAvailableParallelism => B::Thread(ThreadOp::AvailableParallelism),
    })
}

fn context_slot(ty: wasmparser::ValType, index: u32) -> ContextSlot {
    ContextSlot { ty: core_int(ty), index }
}

/// The validator allows no other types here.
fn core_int(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I64 => ValType::I64,
        _ => ValType::I32,
    }
}
