//! Lifts, lowers and the other canonical built-ins.
//!
//! What needs the engine's task machinery is refused here, where the instance path and the byte
//! offset are known: by canonical option, by function type, or by built-in. The specification's
//! names are used, as they stand in the text format.

use wasmparser::{CanonicalFunction, CanonicalOption};

use super::frame::{FrameId, at};
use super::instantiate::Machine;
use super::{
    Builtin, BuiltinKind, CanonicalOptions, CoreFunc, FuncName, Lift, Lower, StringEncoding, TypeId,
};
use crate::error::{Code, Error, Result};

impl Machine<'_> {
    /// Executes a canonical definition.
    pub fn canonical(&mut self, frame: FrameId, canonical: &CanonicalFunction) -> Result<()> {
        let owner = self.frames[frame].owner;
        match canonical {
            CanonicalFunction::Lift { core_func_index, type_index, options } => {
                let callee = *at(&self.frames[frame].core_funcs, *core_func_index)?;
                let ty = self.frames[frame].ty(*type_index)?;
                let options = self.options(frame, "lift", ty, options)?;
                let lift = self.plan.lifts.push(Lift { callee, ty, options, owner });
                self.frames[frame].funcs.push((super::FuncDef::Lift(lift), ty));
            }
            CanonicalFunction::Lower { func_index, options } => {
                let &(target, ty) = at(&self.frames[frame].funcs, *func_index)?;
                let options = self.options(frame, "lower", ty, options)?;
                let after = self.plan.core_instances.len();
                let name = self.frames[frame]
                    .func_names
                    .get(&(*func_index as usize))
                    .cloned()
                    .unwrap_or_else(|| FuncName {
                        interface: None,
                        function: format!("func{func_index}"),
                    });
                let lower =
                    self.plan.lowers.push(Lower { name, target, ty, options, owner, after });
                self.frames[frame].core_funcs.push(CoreFunc::Lower(lower));
            }
            other => {
                let kind = match other {
                    CanonicalFunction::ResourceNew { resource } => {
                        BuiltinKind::ResourceNew(self.resource(frame, *resource)?)
                    }
                    CanonicalFunction::ResourceDrop { resource } => {
                        BuiltinKind::ResourceDrop(self.resource(frame, *resource)?)
                    }
                    CanonicalFunction::ResourceRep { resource } => {
                        BuiltinKind::ResourceRep(self.resource(frame, *resource)?)
                    }
                    other => return Err(async_builtin(other)),
                };
                let after = self.plan.core_instances.len();
                let builtin = self.plan.builtins.push(Builtin { kind, owner, after });
                self.frames[frame].core_funcs.push(CoreFunc::Builtin(builtin));
            }
        }
        Ok(())
    }

    fn resource(&self, frame: FrameId, index: u32) -> Result<super::ResourceId> {
        self.plan.types.resource(self.frames[frame].ty(index)?)
    }

    fn options(
        &self,
        frame: FrameId,
        what: &str,
        ty: TypeId,
        options: &[CanonicalOption],
    ) -> Result<CanonicalOptions> {
        if self.plan.types.func(ty)?.async_ {
            return Err(not_fused_async(&format!("`canon {what}` of an `async` function")));
        }
        if let Some(part) = self.plan.types.asynchronous_part(ty) {
            return Err(not_fused_async(&format!("`canon {what}` of a function over `{part}`")));
        }
        let frame = &self.frames[frame];
        let mut result = CanonicalOptions {
            encoding: StringEncoding::Utf8,
            memory: None,
            realloc: None,
            post_return: None,
        };
        for option in options {
            match *option {
                CanonicalOption::UTF8 => result.encoding = StringEncoding::Utf8,
                CanonicalOption::UTF16 => result.encoding = StringEncoding::Utf16,
                CanonicalOption::CompactUTF16 => result.encoding = StringEncoding::CompactUtf16,
                CanonicalOption::Memory(index) => {
                    result.memory = Some(*at(&frame.core_memories, index)?);
                }
                CanonicalOption::Realloc(index) => {
                    result.realloc = Some(*at(&frame.core_funcs, index)?);
                }
                CanonicalOption::PostReturn(index) => {
                    result.post_return = Some(*at(&frame.core_funcs, index)?);
                }
                CanonicalOption::Async => return Err(async_option(what, "async")),
                CanonicalOption::Callback(_) => return Err(async_option(what, "callback")),
                CanonicalOption::CoreType(_) => return Err(gc_option(what, "core-type")),
                CanonicalOption::Gc => return Err(gc_option(what, "gc")),
            }
        }
        if let Some(memory) = result.memory {
            let instance = &self.plan.core_instances[memory.instance];
            let memories = &self.plan.module(instance.module).memories;
            if at(memories, memory.index)?.memory64 {
                return Err(Error::new(
                    Code::NotFused,
                    format!("`canon {what}` with a 64-bit memory is not fused"),
                )
                .with_help("compile the component for `wasm32`"));
            }
        }
        Ok(result)
    }
}

fn not_fused_async(what: &str) -> Error {
    Error::new(Code::AsyncNotFused, format!("{what} is not fused"))
        .with_help("fuse the synchronous part of the composition, and compose the rest around it")
}

fn async_option(what: &str, option: &str) -> Error {
    not_fused_async(&format!("`canon {what}` with the canonical option `{option}`"))
}

fn gc_option(what: &str, option: &str) -> Error {
    Error::new(
        Code::NotFused,
        format!("`canon {what}` with the canonical option `{option}` is not fused"),
    )
    .with_help("pass values through linear memory")
}

/// Refuses a built-in by the specification's name.
fn async_builtin(canonical: &CanonicalFunction) -> Error {
    use CanonicalFunction::*;
    let name = match canonical {
        Lift { .. }
        | Lower { .. }
        | ResourceNew { .. }
        | ResourceDrop { .. }
        | ResourceRep { .. } => return Error::internal("a built-in was taken for another"),
        ThreadSpawnRef { .. } => "thread.spawn-ref",
        ThreadSpawnIndirect { .. } => "thread.spawn-indirect",
        ThreadAvailableParallelism => "thread.available-parallelism",
        BackpressureInc => "backpressure.inc",
        BackpressureDec => "backpressure.dec",
        TaskReturn { .. } => "task.return",
        TaskCancel => "task.cancel",
        ContextGet { .. } => "context.get",
        ContextSet { .. } => "context.set",
        ThreadYield => "thread.yield",
        SubtaskDrop => "subtask.drop",
        SubtaskCancel { .. } => "subtask.cancel",
        StreamNew { .. } => "stream.new",
        StreamRead { .. } => "stream.read",
        StreamWrite { .. } => "stream.write",
        StreamForward { .. } => "stream.forward",
        StreamCancelRead { .. } => "stream.cancel-read",
        StreamCancelWrite { .. } => "stream.cancel-write",
        StreamDropReadable { .. } => "stream.drop-readable",
        StreamDropWritable { .. } => "stream.drop-writable",
        FutureNew { .. } => "future.new",
        FutureRead { .. } => "future.read",
        FutureWrite { .. } => "future.write",
        FutureForward { .. } => "future.forward",
        FutureCancelRead { .. } => "future.cancel-read",
        FutureCancelWrite { .. } => "future.cancel-write",
        FutureDropReadable { .. } => "future.drop-readable",
        FutureDropWritable { .. } => "future.drop-writable",
        ErrorContextNew { .. } => "error-context.new",
        ErrorContextDebugMessage { .. } => "error-context.debug-message",
        ErrorContextDrop => "error-context.drop",
        WaitableSetNew => "waitable-set.new",
        WaitableSetWait { .. } => "waitable-set.wait",
        WaitableSetPoll { .. } => "waitable-set.poll",
        WaitableSetDrop => "waitable-set.drop",
        WaitableJoin => "waitable.join",
        ThreadIndex => "thread.index",
        ThreadNewIndirect { .. } => "thread.new-indirect",
        ThreadResumeLater => "thread.resume-later",
        ThreadSuspend => "thread.suspend",
        ThreadSuspendThenResume => "thread.suspend-then-resume",
        ThreadYieldThenResume => "thread.yield-then-resume",
        ThreadSuspendThenPromote => "thread.suspend-then-promote",
        ThreadYieldThenPromote => "thread.yield-then-promote",
    };
    not_fused_async(&format!("the built-in `{name}`"))
}
