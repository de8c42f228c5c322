//! Moving the readable ends of streams and futures from table to table.
//!
//! What is in a table is the address of a record, which is the end (`runtime/ends.wat`). It leaves the
//! table that it is in and gets a handle in another: all that is known of it stays where it is.

use wasm_encoder::ValType;

use super::{Place, Translator};
use crate::abi::Scalar;
use crate::analyse::end_type;
use crate::error::{Error, Result};
use crate::plan::TypeId;
use crate::runtime::{StoreOp, TaskOp, WAITABLE};
use crate::shim::code::Party;

impl Translator<'_, '_, '_> {
    /// Moves an end. *lift_async_value*, and *lower_stream* or *lower_future*, in the specification.
    pub fn readable_end(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let (Party::Guest(from), Party::Guest(to)) = (self.from.party, self.to.party) else {
            return Err(Error::internal("an end of a stream goes to the host"));
        };
        let end = self.body.local(ValType::I32);
        self.module.push_table(&mut self.body, from)?;
        self.body.ins().i32_const(WAITABLE);
        self.load(Scalar::U32, source)?;
        self.module.store_op(&mut self.body, StoreOp::LiftOwn);
        self.body.ins().i32_const(end_type(self.module.plan, ty, false));
        self.module.task_op(&mut self.body, TaskOp::LiftEnd);
        self.body.ins().local_set(end.index);
        self.open(destination);
        self.body.ins().local_get(end.index);
        self.module.push_table(&mut self.body, to)?;
        self.body.ins().i32_const(WAITABLE).local_get(end.index);
        self.module.store_op(&mut self.body, StoreOp::New);
        self.module.task_op(&mut self.body, TaskOp::EndNamed);
        self.close(Scalar::U32, destination)?;
        self.body.free(end);
        Ok(())
    }
}
