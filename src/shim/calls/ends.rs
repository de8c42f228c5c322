//! Built-ins of streams and futures, where the module keeps these.
//!
//! Both ends of a stream are in the module, each with an entry in the handle table of whoever has it, so a
//! built-in looks its end up there, and the rest is the runtime's (`runtime/ends.wat`). What is particular
//! to types and memories is the check of a buffer, here, and the copy of values (`copies`).

use wasm_encoder::{BlockType, ValType};

use crate::analyse::{element, end_type};
use crate::error::{Error, Result};
use crate::plan::{Builtin, BuiltinId, CanonicalOptions, CopyOp, InstanceId, Type, TypeId};
use crate::runtime::{TableOp, TaskOp, WAITABLE};
use crate::shim::code::{Adapters, Body, Local, Memory};

/// What a built-in returns that would block.
const BLOCKED: i32 = -1;

impl Adapters<'_, '_> {
    /// The body of a built-in of streams or futures.
    pub fn end_builtin(
        &mut self,
        body: &mut Body,
        id: BuiltinId,
        op: CopyOp,
        ty: TypeId,
    ) -> Result<()> {
        let owner = self.plan.builtins[id].owner;
        match op {
            CopyOp::New => self.new_ends(body, ty, owner),
            CopyOp::Read(options) => self.read_or_write(body, id, ty, &options, false),
            CopyOp::Write(options) => self.read_or_write(body, id, ty, &options, true),
            CopyOp::CancelRead { async_ } => self.cancel_copy(body, ty, owner, async_, false),
            CopyOp::CancelWrite { async_ } => self.cancel_copy(body, ty, owner, async_, true),
            CopyOp::DropReadable => self.drop_end(body, ty, owner, false),
            CopyOp::DropWritable => self.drop_end(body, ty, owner, true),
            CopyOp::Forward => Err(Error::internal("a built-in was to be refused")),
        }
    }

    /// Pushes the handles of two new ends: the readable one in the lower half, the other in the upper.
    fn new_ends(&mut self, body: &mut Body, ty: TypeId, owner: InstanceId) -> Result<()> {
        let end = body.local(ValType::I32);
        body.ins().i32_const(end_type(self.plan, ty, false));
        self.task_op(body, TaskOp::NewEnds);
        body.ins().local_set(end.index);
        self.name_end(body, end, owner)?;
        body.ins().i64_extend_i32_u().local_get(end.index);
        self.task_op(body, TaskOp::OtherEnd);
        body.ins().local_set(end.index);
        self.name_end(body, end, owner)?;
        body.ins().i64_extend_i32_u().i64_const(32).i64_shl().i64_or();
        body.free(end);
        Ok(())
    }

    /// Gives an end a handle, and pushes that.
    fn name_end(&mut self, body: &mut Body, end: Local, owner: InstanceId) -> Result<()> {
        body.ins().local_get(end.index);
        body.ins().i32_const(WAITABLE).local_get(end.index);
        self.table_op(body, owner, TableOp::New)?;
        self.task_op(body, TaskOp::EndNamed);
        Ok(())
    }

    /// `stream.read` and so on: of the handle, the buffer and, of a stream, its length.
    fn read_or_write(
        &mut self,
        body: &mut Body,
        id: BuiltinId,
        ty: TypeId,
        options: &CanonicalOptions,
        writes: bool,
    ) -> Result<()> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let params = self.facts.builtin_type(self.plan, kind).params().to_vec();
        let param = |index: u32| params.get(index as usize).map(|&ty| Local { index, ty });
        let pointer = param(1).ok_or_else(|| Error::internal("a buffer has no pointer"))?;
        let length = param(2);
        if let Some(element) = element(self.plan, ty) {
            let memory = options.memory.map(Memory::Guest);
            let memory = memory.ok_or_else(|| Error::internal("a buffer is in no memory"))?;
            let layout = self.facts.abi_with(pointer.ty).layout(element)?;
            match length {
                Some(length) => self.check_buffer(body, memory, [pointer, length], layout)?,
                None => self.check_pointer(body, memory, pointer, layout)?,
            }
        }
        let end = body.local(ValType::I32);
        self.record_of(body, owner, WAITABLE, 0, TableOp::Rep)?;
        body.ins().local_set(end.index);
        if !options.async_ {
            body.ins().local_get(end.index);
            self.task_op(body, TaskOp::Alone);
        }
        let record = self.record(owner)?;
        let part = self.inside()?.copy_part(id);
        body.ins().local_get(end.index).i32_const(end_type(self.plan, ty, writes));
        body.ins().i32_const(record).i32_const(part).local_get(pointer.index);
        body.widen_pointer(pointer.ty);
        match length {
            Some(length) => {
                body.ins().local_get(length.index);
                body.widen_pointer(length.ty);
            }
            None => drop(body.ins().i64_const(1)),
        }
        self.task_op(body, TaskOp::Copy);
        if !options.async_ {
            let result = body.local(ValType::I32);
            body.ins().local_tee(result.index).i32_const(BLOCKED).i32_eq();
            body.ins().if_(BlockType::Result(ValType::I32)).local_get(end.index).i32_const(record);
            self.task_op(body, TaskOp::Copied);
            body.ins().else_().local_get(result.index).end();
            body.free(result);
        }
        if let Type::Stream(_) = self.plan.types[ty] {
            body.widen_size(pointer.ty);
        }
        body.free(end);
        Ok(())
    }

    /// `stream.cancel-read` and so on.
    fn cancel_copy(
        &mut self,
        body: &mut Body,
        ty: TypeId,
        owner: InstanceId,
        asynchronous: bool,
        writes: bool,
    ) -> Result<()> {
        self.record_of(body, owner, WAITABLE, 0, TableOp::Rep)?;
        if !asynchronous {
            let end = body.local(ValType::I32);
            body.ins().local_tee(end.index);
            self.task_op(body, TaskOp::Alone);
            body.ins().local_get(end.index);
            body.free(end);
        }
        body.ins().i32_const(end_type(self.plan, ty, writes));
        self.task_op(body, TaskOp::CancelCopy);
        Ok(())
    }

    /// `stream.drop-readable` and so on.
    fn drop_end(
        &mut self,
        body: &mut Body,
        ty: TypeId,
        owner: InstanceId,
        writable: bool,
    ) -> Result<()> {
        self.record_of(body, owner, WAITABLE, 0, TableOp::Drop)?;
        body.ins().i32_const(end_type(self.plan, ty, writable));
        self.task_op(body, TaskOp::DropEnd);
        Ok(())
    }
}
