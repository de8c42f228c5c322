//! Operations on handles, written in place of calls.
//!
//! To look a handle up takes a few loads, and a call takes as long. So where handles go from guest to
//! guest, the code of the operation is copied from the store (`runtime/store.wat`): what is there in text
//! stays the only description of it. Functions that it calls are copied likewise, but for those that trap or
//! happen seldom.
//!
//! Rejected: to leave it to engines, few of which inline across the functions of a module; and to copy in
//! all cases. In a module without the store's memory, each load would be a call; in a region, code is
//! several times as large; and a call of the host takes so long that nothing is gained.

use wasm_encoder::ValType;

use super::{Adapters, Body, Local, Memory};
use crate::analyse::HandleCode;
use crate::error::{Error, Result};
use crate::plan::ResourceId;
use crate::runtime::{Copied, StoreCode, StoreOp};

impl Adapters<'_, '_> {
    /// Does an operation of the store on a handle, whose parameters are on the stack.
    pub fn handle_op(&mut self, body: &mut Body, op: StoreOp, resource: ResourceId) -> Result<()> {
        match self.facts.handle_code(resource) {
            HandleCode::Inline if StoreOp::COPIED.contains(&op) => {
                let code = match self.store_code.take() {
                    Some(code) => code,
                    None => StoreCode::read()?,
                };
                self.inline(body, &code, code.function(op)?)?;
                self.store_code = Some(code);
            }
            HandleCode::Inline | HandleCode::Called => self.store_op(body, op),
        }
        Ok(())
    }

    /// Writes the body of a function, whose parameters are on the stack.
    fn inline(&mut self, body: &mut Body, code: &StoreCode, function: u32) -> Result<()> {
        let memory = self.memory(Memory::Store)?.0;
        let (params, more, steps) = code.body(function, memory)?;
        let mut locals: Vec<Local> = params.iter().map(|ty| body.local(*ty)).collect();
        for local in locals.iter().rev() {
            body.ins().local_set(local.index);
        }
        for _ in 0..more {
            // A local of its own would be zero at first.
            let local = body.local(ValType::I32);
            body.ins().i32_const(0).local_set(local.index);
            locals.push(local);
        }
        let of = |local: u32| {
            let local = locals.get(local as usize).map(|local| local.index);
            local.ok_or_else(|| Error::internal("the store has no such local"))
        };
        for step in steps {
            match step {
                Copied::Get(local) => drop(body.ins().local_get(of(local)?)),
                Copied::Set(local) => drop(body.ins().local_set(of(local)?)),
                Copied::Tee(local) => drop(body.ins().local_tee(of(local)?)),
                Copied::Function(function) => self.inline(body, code, function)?,
                Copied::Called(op) => self.store_op(body, op),
                Copied::Other(bytes) => body.raw(&bytes),
            }
        }
        locals.into_iter().for_each(|local| body.free(local));
        Ok(())
    }
}
