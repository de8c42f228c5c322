//! Moving the readable ends of streams and futures from table to table.
//!
//! What is in a table is the address of a record, which is the end (`runtime/ends.wat`). It leaves the
//! table that it is in and gets a handle in another: all that is known of it stays where it is. What goes to
//! the host or comes from it is tied to an end in the engine's table (`analyse::hosts`).

use wasm_encoder::{BlockType, ValType};

use super::{Place, Translator};
use crate::abi::Scalar;
use crate::analyse::{HostEnd, TaskFunc, end_type};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{InstanceId, Primitive, Type, TypeId};
use crate::runtime::{ERROR_CONTEXT, TableOp, TaskOp, WAITABLE};
use crate::shim::code::{Local, Party};

impl Translator<'_, '_, '_> {
    /// Moves an end, or an error context. *lift_async_value*, and *lower_stream* or *lower_future*, in the specification.
    pub fn readable_end(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        if let Type::Primitive(Primitive::ErrorContext) = self.module.plan.types[ty] {
            return self.error_context(source, destination);
        }
        let end = self.body.local(ValType::I32);
        match self.from.party {
            Party::Guest(from) => self.lift_end(ty, from, source)?,
            Party::Host => self.end_of_host(ty, source)?,
        }
        self.body.ins().local_set(end.index);
        if self.to.party == Party::Host {
            self.end_for_host(ty, end)?;
        }
        self.open(destination);
        self.body.ins().local_get(end.index);
        if let Party::Guest(to) = self.to.party {
            self.body.ins().i32_const(WAITABLE).local_get(end.index);
            self.module.table_op(&mut self.body, to, TableOp::New)?;
            self.module.task_op(&mut self.body, TaskOp::EndNamed);
        }
        self.close(Scalar::U32, destination)?;
        self.body.free(end);
        Ok(())
    }

    /// Copies an error context, of which there is nothing but its handle (`shim::calls::errors`).
    fn error_context(&mut self, source: &Place, destination: &Place) -> Result<()> {
        let (Party::Guest(from), Party::Guest(to)) = (self.from.party, self.to.party) else {
            return Err(Error::internal("an error context goes to the host"));
        };
        let context = self.body.local(ValType::I32);
        self.body.ins().i32_const(ERROR_CONTEXT);
        self.load(Scalar::U32, source)?;
        self.module.table_op(&mut self.body, from, TableOp::Rep)?;
        self.body.ins().local_set(context.index);
        self.open(destination);
        self.body.ins().i32_const(ERROR_CONTEXT).local_get(context.index);
        self.module.table_op(&mut self.body, to, TableOp::New)?;
        self.close(Scalar::U32, destination)?;
        self.body.free(context);
        Ok(())
    }

    /// Pushes an end that leaves a guest.
    fn lift_end(&mut self, ty: TypeId, from: InstanceId, source: &Place) -> Result<()> {
        self.body.ins().i32_const(WAITABLE);
        self.load(Scalar::U32, source)?;
        self.module.table_op(&mut self.body, from, TableOp::LiftOwn)?;
        self.body.ins().i32_const(end_type(self.module.plan, ty, false));
        self.module.task_op(&mut self.body, TaskOp::LiftEnd);
        Ok(())
    }

    /// Pushes an end for one of the engine's, which a guest is to have.
    fn end_of_host(&mut self, ty: TypeId, source: &Place) -> Result<()> {
        let end = self.body.local(ValType::I32);
        self.body.ins().i32_const(end_type(self.module.plan, ty, false));
        self.module.task_op(&mut self.body, TaskOp::NewEnds);
        self.body.ins().local_tee(end.index);
        self.module.task_op(&mut self.body, TaskOp::OtherEnd);
        self.load(Scalar::U32, source)?;
        self.tie(ty, false)?;
        self.body.ins().local_get(end.index);
        self.body.free(end);
        Ok(())
    }

    /// An end becomes one of the engine's, which the host is to have.
    fn end_for_host(&mut self, ty: TypeId, end: Local) -> Result<()> {
        let (handle, pair) = (self.body.local(ValType::I32), self.body.local(ValType::I64));
        self.body.ins().local_get(end.index);
        self.module.task_op(&mut self.body, TaskOp::Claim);
        self.body.ins().local_tee(handle.index).i32_eqz().if_(BlockType::Empty);
        let canonical = self.module.plan.types.canonical(ty);
        let new = self.module.inside()?.hosts.ops(HostEnd { ty: canonical, writes: true })?.new;
        let new = self.module.external(new, FuncType::new([], [ValType::I64]));
        self.body.call(new);
        self.body.ins().local_tee(pair.index).i32_wrap_i64().local_set(handle.index);
        self.body.ins().local_get(end.index);
        self.body.ins().local_get(pair.index).i64_const(32).i64_shr_u().i32_wrap_i64();
        self.tie(ty, true)?;
        self.body.ins().end().local_get(handle.index).local_set(end.index);
        self.body.free(handle);
        self.body.free(pair);
        Ok(())
    }

    /// Takes an end that is the host's, and the engine's that is ours.
    fn tie(&mut self, ty: TypeId, writes: bool) -> Result<()> {
        let inside = self.module.inside()?;
        let end = HostEnd { ty: self.module.plan.types.canonical(ty), writes };
        let (part, ops) = (inside.host_part(end), inside.place(TaskFunc::Cancel(end)));
        self.body.ins().i32_const(part).i32_const(ops);
        self.module.task_op(&mut self.body, TaskOp::Tie);
        Ok(())
    }
}
