//! The engine's built-ins, by the outer component.

use super::Outer;
use crate::analyse::ExternalId;
use crate::error::{Error, Result};
use crate::plan::{AsyncBuiltin, BuiltinKind, Channel, CopyOp, ResourceId, ThreadOp, Type};

impl Outer<'_, '_> {
    /// Makes a built-in; what its options refer to exists.
    pub(super) fn builtin(&mut self, external: ExternalId, kind: BuiltinKind) -> Result<u32> {
        Ok(match kind {
            BuiltinKind::ResourceNew(resource) => {
                let ty = self.resource(resource)?;
                self.scopes.component.resource_new(ty)
            }
            BuiltinKind::ResourceDrop(resource) => {
                let ty = self.resource(resource)?;
                self.scopes.component.resource_drop(ty)
            }
            BuiltinKind::ResourceRep(resource) => {
                let ty = self.resource(resource)?;
                self.scopes.component.resource_rep(ty)
            }
            BuiltinKind::Async(AsyncBuiltin::Copy(op, ty)) => {
                let channel = Channel::of(&self.plan.types, ty);
                let index = self.scopes.index(ty)?;
                self.copy(external, channel, op, index)?
            }
            BuiltinKind::Async(AsyncBuiltin::Thread(op)) => self.thread(external, op)?,
            BuiltinKind::Async(builtin) => self.task(external, builtin)?,
        })
    }

    /// The index of a resource type: whichever of its names comes first.
    fn resource(&mut self, resource: ResourceId) -> Result<u32> {
        let wanted = Type::Resource(resource);
        let mut types = self.plan.types.iter();
        let (ty, _) = types
            .find(|(_, ty)| **ty == wanted)
            .ok_or_else(|| Error::internal("a resource has no type"))?;
        self.scopes.index(ty)
    }

    fn task(&mut self, external: ExternalId, builtin: AsyncBuiltin) -> Result<u32> {
        use AsyncBuiltin::*;
        let boundary = self.boundary;
        let memory = |outer: &mut Self| {
            let memory = boundary.externals[external].memory;
            outer.core_item(memory.ok_or_else(|| Error::internal("a built-in has no memory"))?)
        };
        let options = boundary.externals[external].encode(|item| self.core_item(item))?;
        Ok(match builtin {
            BackpressureInc => self.scopes.component.backpressure_inc(),
            BackpressureDec => self.scopes.component.backpressure_dec(),
            TaskReturn { result, .. } => {
                let result = self.scopes.optional(result)?;
                self.scopes.component.task_return(result, options)
            }
            TaskCancel => self.scopes.component.task_cancel(),
            ContextGet(slot) => self.scopes.component.context_get(slot.ty, slot.index),
            ContextSet(slot) => self.scopes.component.context_set(slot.ty, slot.index),
            SubtaskCancel { async_ } => self.scopes.component.subtask_cancel(async_),
            SubtaskDrop => self.scopes.component.subtask_drop(),
            WaitableSetNew => self.scopes.component.waitable_set_new(),
            WaitableSetWait { .. } => {
                let memory = memory(self)?;
                self.scopes.component.waitable_set_wait(memory)
            }
            WaitableSetPoll { .. } => {
                let memory = memory(self)?;
                self.scopes.component.waitable_set_poll(memory)
            }
            WaitableSetDrop => self.scopes.component.waitable_set_drop(),
            WaitableJoin => self.scopes.component.waitable_join(),
            ErrorContextNew(_) => self.scopes.component.error_context_new(options),
            ErrorContextDebugMessage(_) => {
                self.scopes.component.error_context_debug_message(options)
            }
            ErrorContextDrop => self.scopes.component.error_context_drop(),
            Copy(..) | Thread(_) => return Err(Error::internal("a built-in is of another kind")),
        })
    }

    fn copy(&mut self, external: ExternalId, channel: Channel, op: CopyOp, ty: u32) -> Result<u32> {
        let boundary = self.boundary;
        let options = boundary.externals[external].encode(|item| self.core_item(item))?;
        let c = &mut self.scopes.component;
        Ok(match (channel, op) {
            (Channel::Stream, CopyOp::New) => c.stream_new(ty),
            (Channel::Stream, CopyOp::Read(_)) => c.stream_read(ty, options),
            (Channel::Stream, CopyOp::Write(_)) => c.stream_write(ty, options),
            (Channel::Stream, CopyOp::Forward) => c.stream_forward(ty),
            (Channel::Stream, CopyOp::CancelRead { async_ }) => c.stream_cancel_read(ty, async_),
            (Channel::Stream, CopyOp::CancelWrite { async_ }) => c.stream_cancel_write(ty, async_),
            (Channel::Stream, CopyOp::DropReadable) => c.stream_drop_readable(ty),
            (Channel::Stream, CopyOp::DropWritable) => c.stream_drop_writable(ty),
            (Channel::Future, CopyOp::New) => c.future_new(ty),
            (Channel::Future, CopyOp::Read(_)) => c.future_read(ty, options),
            (Channel::Future, CopyOp::Write(_)) => c.future_write(ty, options),
            (Channel::Future, CopyOp::Forward) => c.future_forward(ty),
            (Channel::Future, CopyOp::CancelRead { async_ }) => c.future_cancel_read(ty, async_),
            (Channel::Future, CopyOp::CancelWrite { async_ }) => c.future_cancel_write(ty, async_),
            (Channel::Future, CopyOp::DropReadable) => c.future_drop_readable(ty),
            (Channel::Future, CopyOp::DropWritable) => c.future_drop_writable(ty),
        })
    }

    fn thread(&mut self, external: ExternalId, op: ThreadOp) -> Result<u32> {
        if let ThreadOp::NewIndirect(start) = op {
            let table = self.boundary.externals[external].table;
            let table = table.ok_or_else(|| Error::internal("a built-in has no table"))?;
            let table = self.core_item(table)?;
            let (ty, encoder) = self.scopes.component.core_type(None);
            encoder.core().function([start.param], []);
            return Ok(self.scopes.component.thread_new_indirect(ty, table));
        }
        let component = &mut self.scopes.component;
        Ok(match op {
            ThreadOp::Index => component.thread_index(),
            ThreadOp::ResumeLater => component.thread_resume_later(),
            ThreadOp::Suspend => component.thread_suspend(),
            ThreadOp::Yield => component.thread_yield(),
            ThreadOp::SuspendThenResume => component.thread_suspend_then_resume(),
            ThreadOp::YieldThenResume => component.thread_yield_then_resume(),
            ThreadOp::SuspendThenPromote => component.thread_suspend_then_promote(),
            ThreadOp::YieldThenPromote => component.thread_yield_then_promote(),
            ThreadOp::NewIndirect(_)
            | ThreadOp::SpawnRef
            | ThreadOp::SpawnIndirect
            | ThreadOp::AvailableParallelism => {
                return Err(Error::internal("a built-in was to be refused"));
            }
        })
    }
}
