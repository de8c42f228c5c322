//! The engine's built-ins, by the outer component.

use wasm_encoder::{CanonicalOption, ComponentBuilder};

use super::code::CoreSide;
use super::world::World;
use crate::analyse::ExternalId;
use crate::error::{Error, Result};
use crate::plan::{AsyncBuiltin, BuiltinKind, Channel, CopyOp, ThreadOp};
use crate::runtime::TokenOp;

impl CoreSide<'_> {
    /// Makes a built-in; what its options refer to exists.
    pub(super) fn builtin(
        &mut self,
        world: &mut World<'_, '_>,
        external: ExternalId,
        kind: BuiltinKind,
    ) -> Result<u32> {
        Ok(match kind {
            BuiltinKind::ResourceNew(resource) => {
                let ty = world.resource(resource)?;
                world.scopes.component.resource_new(ty)
            }
            BuiltinKind::ResourceDrop(resource) => {
                let ty = world.resource(resource)?;
                world.scopes.component.resource_drop(ty)
            }
            BuiltinKind::ResourceRep(resource) => {
                let ty = world.resource(resource)?;
                world.scopes.component.resource_rep(ty)
            }
            BuiltinKind::Async(AsyncBuiltin::Copy(op, ty)) => {
                let channel = Channel::of(&world.plan.types, ty);
                let index = world.scopes.index(ty)?;
                self.copy(world, external, channel, op, index)?
            }
            BuiltinKind::Async(AsyncBuiltin::Thread(op)) => self.thread(world, external, op)?,
            BuiltinKind::Async(builtin) => self.task(world, external, builtin)?,
        })
    }

    fn task(
        &mut self,
        world: &mut World<'_, '_>,
        external: ExternalId,
        builtin: AsyncBuiltin,
    ) -> Result<u32> {
        use AsyncBuiltin::*;
        let boundary = self.boundary;
        let memory = || {
            let memory = boundary.externals[external].memory;
            memory.ok_or_else(|| Error::internal("a built-in has no memory"))
        };
        let options = boundary.externals[external].encode(|item| self.item(world, item))?;
        Ok(match builtin {
            BackpressureInc => world.scopes.component.backpressure_inc(),
            BackpressureDec => world.scopes.component.backpressure_dec(),
            TaskReturn { result, .. } => {
                let result = world.scopes.optional(result)?;
                world.scopes.component.task_return(result, options)
            }
            TaskCancel => world.scopes.component.task_cancel(),
            ContextGet(slot) => world.scopes.component.context_get(slot.ty, slot.index),
            ContextSet(slot) => world.scopes.component.context_set(slot.ty, slot.index),
            SubtaskCancel { async_ } => world.scopes.component.subtask_cancel(async_),
            SubtaskDrop => world.scopes.component.subtask_drop(),
            WaitableSetNew => world.scopes.component.waitable_set_new(),
            WaitableSetWait { .. } => {
                let memory = self.item(world, memory()?)?;
                world.scopes.component.waitable_set_wait(memory)
            }
            WaitableSetPoll { .. } => {
                let memory = self.item(world, memory()?)?;
                world.scopes.component.waitable_set_poll(memory)
            }
            WaitableSetDrop => world.scopes.component.waitable_set_drop(),
            WaitableJoin => world.scopes.component.waitable_join(),
            ErrorContextNew(_) => world.scopes.component.error_context_new(options),
            ErrorContextDebugMessage(_) => {
                world.scopes.component.error_context_debug_message(options)
            }
            ErrorContextDrop => world.scopes.component.error_context_drop(),
            Copy(..) | Thread(_) => return Err(Error::internal("a built-in is of another kind")),
        })
    }

    /// Makes a built-in that the module keeps tasks with. The streams are those of nothing.
    pub(super) fn token(
        &mut self,
        world: &mut World<'_, '_>,
        external: ExternalId,
        op: TokenOp,
    ) -> Result<u32> {
        let memory = self.boundary.externals[external].memory;
        let memory = memory.map(|memory| self.item(world, memory)).transpose()?;
        let component = &mut world.scopes.component;
        let stream = |component: &mut ComponentBuilder| {
            let (ty, encoder) = component.type_defined(None);
            encoder.stream(None);
            ty
        };
        Ok(match op {
            TokenOp::WaitableSetNew => component.waitable_set_new(),
            TokenOp::WaitableSetDrop => component.waitable_set_drop(),
            TokenOp::WaitableSetWait => {
                let none = || Error::internal("a built-in has no memory");
                component.waitable_set_wait(memory.ok_or_else(none)?)
            }
            TokenOp::WaitableSetPoll => {
                let none = || Error::internal("a built-in has no memory");
                component.waitable_set_poll(memory.ok_or_else(none)?)
            }
            TokenOp::WaitableJoin => component.waitable_join(),
            TokenOp::ThreadYield => component.thread_yield(),
            TokenOp::StreamNew => {
                let ty = stream(component);
                component.stream_new(ty)
            }
            TokenOp::StreamRead => {
                let ty = stream(component);
                component.stream_read(ty, [CanonicalOption::Async])
            }
            TokenOp::StreamWrite => {
                let ty = stream(component);
                component.stream_write(ty, [CanonicalOption::Async])
            }
            TokenOp::StreamCancelRead => {
                let ty = stream(component);
                component.stream_cancel_read(ty, false)
            }
            TokenOp::StreamDropReadable => {
                let ty = stream(component);
                component.stream_drop_readable(ty)
            }
            TokenOp::StreamDropWritable => {
                let ty = stream(component);
                component.stream_drop_writable(ty)
            }
        })
    }

    fn copy(
        &mut self,
        world: &mut World<'_, '_>,
        external: ExternalId,
        channel: Channel,
        op: CopyOp,
        ty: u32,
    ) -> Result<u32> {
        let boundary = self.boundary;
        let options = boundary.externals[external].encode(|item| self.item(world, item))?;
        let c = &mut world.scopes.component;
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

    fn thread(
        &mut self,
        world: &mut World<'_, '_>,
        external: ExternalId,
        op: ThreadOp,
    ) -> Result<u32> {
        if let ThreadOp::NewIndirect(start) = op {
            let table = self.boundary.externals[external].table;
            let table = table.ok_or_else(|| Error::internal("a built-in has no table"))?;
            let table = self.item(world, table)?;
            let (ty, encoder) = world.scopes.component.core_type(None);
            encoder.core().function([start.param], []);
            return Ok(world.scopes.component.thread_new_indirect(ty, table));
        }
        let component = &mut world.scopes.component;
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
