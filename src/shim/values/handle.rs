//! Moving handles from table to table.
//!
//! Every instance has a table of its own (`runtime/table.wat`). A handle crosses as its rep:
//!
//! ```text
//! own     rep = lift-own of the caller's index       index = new in the callee's table
//! borrow  rep = lift-borrow (lends the caller's)     index = lower-borrow, for this call;
//!                                                    to the instance that defines the resource,
//!                                                    the rep itself
//! ```
//!
//! Where all that is lent are parameters, the indices are in locals until the call is over, and need not
//! be kept: `lend` in place of `lift-borrow`. Where the module keeps tasks, what is lent to one, and what it
//! borrows, is counted there (`runtime/scopes.wat`).
//!
//! So no index is ever seen by two instances, and no rep by an instance that did not define the
//! resource: an instance that imports a resource and exports another one built on it is nothing
//! special.

use wasm_encoder::ValType;

use super::{Place, Translator};
use crate::abi::Scalar;
use crate::analyse::{HandlePolicy, Lends};
use crate::error::{Error, Result};
use crate::plan::{InstanceId, ResourceId, Type, TypeId};
use crate::runtime::{TableOp, TaskOp};
use crate::shim::code::{Local, Party};

impl Translator<'_, '_, '_> {
    /// Moves a handle.
    pub fn handle(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let types = &self.module.plan.types;
        let (resource, lift, lower) = match types[ty] {
            Type::Own(resource) => (resource, TableOp::LiftOwn, TableOp::New),
            Type::Borrow(resource) => {
                let lift = match self.lends {
                    Lends::Parameters => TableOp::Lend,
                    Lends::Nothing | Lends::Kept | Lends::Task => TableOp::LiftBorrow,
                };
                (resource, lift, TableOp::LowerBorrow)
            }
            _ => return Err(Error::internal("expected the type of a handle")),
        };
        let resource = types.resource(resource)?;
        let handle = self.body.local(ValType::I32);
        self.lift_handle(resource, lift, source, handle)?;
        self.open(destination);
        self.lower_handle(resource, lower, handle)?;
        self.close(Scalar::U32, destination)?;
        self.body.free(handle);
        Ok(())
    }

    /// Takes a handle out of the table of the end that it comes from.
    fn lift_handle(
        &mut self,
        resource: ResourceId,
        op: TableOp,
        source: &Place,
        handle: Local,
    ) -> Result<()> {
        if self.module.facts.resources[resource] == HandlePolicy::Passthrough {
            self.load(Scalar::U32, source)?;
            self.body.ins().local_set(handle.index);
            return Ok(());
        }
        match self.from.party {
            Party::Guest(owner) => {
                self.body.ins().i32_const(resource_number(resource));
                self.load(Scalar::U32, source)?;
                match (op, self.lends) {
                    (TableOp::LiftBorrow, Lends::Task) => self.lend_to_task(owner, handle),
                    _ => {
                        self.module.table_op(&mut self.body, owner, op)?;
                        self.body.ins().local_set(handle.index);
                        Ok(())
                    }
                }
            }
            Party::Host => {
                self.load(Scalar::U32, source)?;
                self.body.ins().local_set(handle.index);
                self.lift_from_engine(resource, op, handle)
            }
        }
    }

    /// Takes a resource type and an index from the stack: lends that to the task that begins.
    fn lend_to_task(&mut self, owner: InstanceId, rep: Local) -> Result<()> {
        let index = self.body.local(ValType::I32);
        self.body.ins().local_tee(index.index);
        self.module.table_op(&mut self.body, owner, TableOp::Lend)?;
        self.body.ins().local_set(rep.index);
        self.module.push_table(&mut self.body, owner)?;
        self.body.ins().local_get(index.index);
        self.module.task_op(&mut self.body, TaskOp::Lend);
        self.body.free(index);
        Ok(())
    }

    /// Pushes a handle in the table of the end that it goes to.
    fn lower_handle(&mut self, resource: ResourceId, op: TableOp, rep: Local) -> Result<()> {
        let passes = self.module.facts.resources[resource] == HandlePolicy::Passthrough;
        match self.to.party {
            _ if passes => drop(self.body.ins().local_get(rep.index)),
            Party::Host => self.lower_to_engine(resource, op, rep)?,
            // To the instance that defines the resource, a borrow is the rep.
            Party::Guest(owner)
                if op == TableOp::LowerBorrow && self.module.plan.defines(owner, resource) =>
            {
                self.body.ins().local_get(rep.index);
            }
            Party::Guest(owner) => {
                self.body.ins().i32_const(resource_number(resource)).local_get(rep.index);
                let op = match (op, self.lends) {
                    (TableOp::LowerBorrow, Lends::Task) => {
                        self.module.task_op(&mut self.body, TaskOp::Borrow);
                        TableOp::Add
                    }
                    (op, _) => op,
                };
                self.module.table_op(&mut self.body, owner, op)?;
            }
        }
        Ok(())
    }
}

impl Translator<'_, '_, '_> {
    /// Ends what [`Lends::Parameters`] has lent: handles among the parameters, which are at these places.
    pub fn unlend(&mut self, params: &[TypeId], owner: InstanceId) -> Result<()> {
        let mut index = 0;
        let abi = self.module.facts.abi_with(self.to.pointer);
        for &param in params {
            let types = &self.module.plan.types;
            if let Type::Borrow(resource) = types[param] {
                let resource = types.resource(resource)?;
                if self.module.facts.resources[resource] != HandlePolicy::Passthrough {
                    self.body.ins().local_get(index);
                    self.module.table_op(&mut self.body, owner, TableOp::Unlend)?;
                }
            }
            index += abi.flat(param).map_or(0, <[_]>::len) as u32;
        }
        Ok(())
    }
}

/// The number of a resource type in handle tables, where 0 is none.
pub fn resource_number(resource: ResourceId) -> i32 {
    resource.as_u32() as i32 + 1
}
