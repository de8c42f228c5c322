//! Built-ins of tasks and what they wait for, where the module keeps these.
//!
//! Waitables and sets of them have entries in their instance's handle table, beside resources: an entry
//! holds the address of a record. So an operation looks its handles up there, and the rest is the
//! runtime's (`runtime/tasks.wat` and others).

use wasm_encoder::{BlockType, MemArg, MemArgTarget, ValType};

use crate::abi::Layout;
use crate::analyse::{Leave, pointer_type};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, CoreEntity, InstanceId, ThreadOp,
};
use crate::runtime::{RETURN, TableOp, TaskOp, WAITABLE, WAITABLE_SET};
use crate::shim::code::{Adapters, Body, FuncId, Local, Memory};

impl Adapters<'_, '_> {
    /// A built-in of tasks that the module keeps.
    pub fn inside_builtin(&mut self, id: BuiltinId, leave: Leave) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let BuiltinKind::Async(kind) = kind else {
            return Err(Error::internal("expected a built-in of tasks"));
        };
        self.builtin(id, leave, |this, body| match kind {
            AsyncBuiltin::Copy(op, ty) => this.end_builtin(body, id, op, ty),
            AsyncBuiltin::ErrorContextNew(_) => this.new_error_context(body, owner),
            AsyncBuiltin::ErrorContextDebugMessage(_) => this.debug_message(body, id),
            AsyncBuiltin::ErrorContextDrop => this.drop_error_context(body, owner),
            kind => this.waiting(body, kind, owner),
        })
    }

    fn waiting(&mut self, body: &mut Body, kind: AsyncBuiltin, owner: InstanceId) -> Result<()> {
        use AsyncBuiltin::*;
        match kind {
            ContextGet(slot) => self.context_get(body, slot),
            ContextSet(slot) => self.context_set(body, slot),
            BackpressureInc => self.backpressure(body, owner, 1)?,
            BackpressureDec => self.backpressure(body, owner, -1)?,
            TaskReturn { result, options } => {
                let signature = self.inside()?.returned(self.plan, owner, result, &options);
                let pointer = pointer_type(self.plan, options.memory);
                let values = self.returned_types(result, pointer);
                self.task_return_inside(body, signature, values)?;
            }
            TaskCancel => self.task_cancel_inside(body)?,
            SubtaskCancel { async_: true } => {
                self.record_of(body, owner, WAITABLE, 0, TableOp::Rep)?;
                body.ins().i32_const(1);
                self.task_op(body, TaskOp::CancelSubtask);
            }
            SubtaskCancel { async_: false } => {
                let record = self.record(owner)?;
                self.record_of(body, owner, WAITABLE, 0, TableOp::Rep)?;
                body.ins().i32_const(record);
                self.task_op(body, TaskOp::CancelAndWait);
            }
            SubtaskDrop => {
                self.record_of(body, owner, WAITABLE, 0, TableOp::Drop)?;
                self.task_op(body, TaskOp::DropSubtask);
            }
            WaitableSetNew => {
                body.ins().i32_const(WAITABLE_SET);
                self.task_op(body, TaskOp::NewSet);
                self.table_op(body, owner, TableOp::New)?;
            }
            WaitableSetWait { memory } => {
                let record = self.record(owner)?;
                self.record_of(body, owner, WAITABLE_SET, 0, TableOp::Rep)?;
                body.ins().i32_const(record);
                self.task_op(body, TaskOp::Wait);
                self.store_event(body, memory)?;
            }
            WaitableSetPoll { memory } => {
                self.record_of(body, owner, WAITABLE_SET, 0, TableOp::Rep)?;
                self.task_op(body, TaskOp::Poll);
                self.store_event(body, memory)?;
            }
            WaitableSetDrop => {
                self.record_of(body, owner, WAITABLE_SET, 0, TableOp::Drop)?;
                self.task_op(body, TaskOp::DropSet);
            }
            WaitableJoin => {
                self.record_of(body, owner, WAITABLE, 0, TableOp::Rep)?;
                body.ins().local_get(1).if_(BlockType::Result(ValType::I32));
                self.record_of(body, owner, WAITABLE_SET, 1, TableOp::Rep)?;
                body.ins().else_().i32_const(0).end();
                self.task_op(body, TaskOp::Join);
            }
            Thread(ThreadOp::Yield) => {
                let record = self.record(owner)?;
                body.ins().i32_const(record);
                self.task_op(body, TaskOp::Yield);
            }
            Copy(..)
            | ErrorContextNew(_)
            | ErrorContextDebugMessage(_)
            | ErrorContextDrop
            | Thread(_) => {
                return Err(Error::internal("a built-in was to be refused"));
            }
        }
        Ok(())
    }

    /// Pushes the record that a handle stands for, which is in a parameter. `op` is whether it stays.
    pub fn record_of(
        &mut self,
        body: &mut Body,
        owner: InstanceId,
        ty: i32,
        param: u32,
        op: TableOp,
    ) -> Result<()> {
        body.ins().i32_const(ty).local_get(param);
        self.table_op(body, owner, op)?;
        if op == TableOp::Drop {
            // Whether it owns: it does.
            let record = body.local(ValType::I32);
            body.ins().local_set(record.index).drop().local_get(record.index);
            body.free(record);
        }
        Ok(())
    }

    /// Takes an event from the stack, stores its handle and payload, and pushes its code.
    fn store_event(&mut self, body: &mut Body, memory: CoreEntity) -> Result<()> {
        let [payload, handle] = [body.local(ValType::I32), body.local(ValType::I32)];
        body.ins().local_set(payload.index).local_set(handle.index);
        let pointer = Local { index: 1, ty: pointer_type(self.plan, Some(memory)) };
        self.check_pointer(body, Memory::Guest(memory), pointer, Layout { size: 8, align: 4 })?;
        let index = self.memory(Memory::Guest(memory))?.0;
        for (local, offset) in [(handle, 0), (payload, 4)] {
            let target = MemArgTarget::Memory(index);
            body.ins().local_get(1).local_get(local.index);
            body.ins().i32_store(MemArg { offset, align: 2, target, ordering: None });
        }
        Ok(())
    }

    fn backpressure(&mut self, body: &mut Body, owner: InstanceId, by: i32) -> Result<()> {
        let record = self.record(owner)?;
        body.ins().i32_const(record).i32_const(by);
        self.task_op(body, TaskOp::Backpressure);
        let inside = self.inside()?;
        if inside.mirrored.contains(&owner)
            && let Some((inc, dec)) = inside.backpressure
        {
            let callee = self.external(if by > 0 { inc } else { dec }, FuncType::new([], []));
            body.call(callee);
        }
        Ok(())
    }

    /// `task.return`: the caller of the task knows where its result goes.
    fn task_return_inside(
        &mut self,
        body: &mut Body,
        (signature, mask): (i32, i32),
        values: Vec<ValType>,
    ) -> Result<()> {
        let task = body.local(ValType::I32);
        body.ins().i32_const(signature).i32_const(mask);
        self.task_op(body, TaskOp::Returning);
        body.ins().local_set(task.index);
        for index in 0..values.len() {
            body.ins().local_get(index as u32);
        }
        body.ins().local_get(task.index).local_get(task.index);
        self.load_record(body, RETURN, ValType::I32)?;
        let ty = FuncType::new(values.into_iter().chain([ValType::I32]), []);
        self.builder.call_indirect(body, ty);
        Ok(())
    }

    /// `task.cancel`: the engine is told of a task that the host has made.
    fn task_cancel_inside(&mut self, body: &mut Body) -> Result<()> {
        self.task_op(body, TaskOp::Cancelled);
        match self.inside()?.cancel {
            None => drop(body.ins().drop()),
            Some(cancel) => {
                body.ins().if_(BlockType::Empty);
                let cancel = self.external(cancel, FuncType::new([], []));
                body.call(cancel);
                body.ins().end();
            }
        }
        Ok(())
    }
}
