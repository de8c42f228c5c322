//! Handles: moving them from table to table, and the built-ins on a table of the fused module.
//!
//! Every instance has a table of its own (`runtime/handles.wat`). A handle crosses as its rep:
//!
//! ```text
//! own     rep = lift-own of the caller's index       index = new in the callee's table
//! borrow  rep = lift-borrow (lends the caller's)     index = lower-borrow, for this call;
//!                                                    to the instance that defines the resource,
//!                                                    the rep itself
//! ```
//!
//! So no index is ever seen by two instances, and no rep by an instance that did not define the
//! resource: an instance that imports a resource and exports another one built on it is nothing
//! special.

use wasm_encoder::{BlockType, ValType};

use super::Adapters;
use super::builder::{Body, CoreType, FuncId, Local, Need};
use super::translate::{Place, Translator};
use crate::abi::Scalar;
use crate::analyse::{Adapt, ExternalId};
use crate::error::{Error, Result};
use crate::plan::{
    Builtin, BuiltinId, BuiltinKind, InstanceId, Resource, ResourceId, Type, TypeId,
};
use crate::runtime::HandleOp;

impl Adapters<'_, '_> {
    /// Calls an operation of an instance's handle table.
    pub(super) fn handle_op(&mut self, body: &mut Body, op: HandleOp, owner: InstanceId) {
        let name = || format!("{} in {}", op.name(), owner);
        let callee = self.builder.func(Need::Handles(op, owner), op.ty(), name);
        body.call(callee);
    }

    /// A built-in on an instance's own table.
    pub(super) fn table_builtin(&mut self, id: BuiltinId, guarded: bool) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let resource = resource_number(kind.resource());
        let op = match kind {
            BuiltinKind::ResourceNew(_) => HandleOp::New,
            BuiltinKind::ResourceRep(_) => HandleOp::Rep,
            BuiltinKind::ResourceDrop(_) => HandleOp::Drop,
        };
        self.builtin(id, guarded, |this, body| {
            body.ins().i32_const(resource).local_get(0);
            this.handle_op(body, op, owner);
            match kind {
                BuiltinKind::ResourceDrop(resource) => this.destroy(body, resource),
                _ => Ok(()),
            }
        })
    }

    /// A built-in of the engine, after a check of `may_leave`.
    pub(super) fn engine_builtin(&mut self, id: BuiltinId, external: ExternalId) -> Result<FuncId> {
        self.builtin(id, true, |this, body| {
            let (params, results) = this.plan.builtins[id].kind.core_type();
            let callee = this.external(external, CoreType::new(params, results));
            body.ins().local_get(0);
            body.call(callee);
            Ok(())
        })
    }

    fn builtin(
        &mut self,
        id: BuiltinId,
        guarded: bool,
        inner: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let (params, results) = kind.core_type();
        let mut body = Body::new(&params);
        let func = self.builder.declare(format!("{id} {kind}"), CoreType::new(params, results));
        if guarded {
            self.check_may_leave(&mut body, owner)?;
        }
        inner(self, &mut body)?;
        self.builder.define(func, body);
        Ok(func)
    }

    /// Takes whether a dropped handle owned, and its rep, from the stack: calls the destructor.
    fn destroy(&mut self, body: &mut Body, resource: ResourceId) -> Result<()> {
        let Resource::Defined { dtor, .. } = self.plan.resources[resource] else {
            return Err(Error::internal("a resource of the host has no table in the fused module"));
        };
        let Some(dtor) = dtor else {
            body.ins().drop().drop();
            return Ok(());
        };
        let rep = body.local(ValType::I32);
        body.ins().local_set(rep.index).if_(BlockType::Empty).local_get(rep.index);
        let ty = CoreType::new([ValType::I32], []);
        let dtor = self.guest_func(dtor, ty.clone(), "destructor");
        self.call_guest(body, dtor, &ty)?;
        body.ins().end();
        body.free(rep);
        Ok(())
    }
}

impl Translator<'_, '_, '_> {
    /// Calls an operation of an instance's handle table.
    pub fn handle_op(&mut self, op: HandleOp, owner: InstanceId) {
        self.module.handle_op(&mut self.body, op, owner);
    }

    /// Before parameters are moved: a frame for borrows in the callee's table, and a mark of what
    /// the caller has lent so far.
    pub fn begin_call(&mut self, adapt: &Adapt) -> Option<Local> {
        if adapt.borrows {
            self.handle_op(HandleOp::Enter, self.to.owner);
        }
        if !adapt.lends {
            return None;
        }
        let mark = self.body.local(ValType::I32);
        self.handle_op(HandleOp::Mark, self.from.owner);
        self.body.ins().local_set(mark.index);
        Some(mark)
    }

    /// Moves a handle.
    pub fn handle(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let types = &self.module.plan.types;
        let (resource, lift, lower) = match types[ty] {
            Type::Own(resource) => (resource, HandleOp::LiftOwn, HandleOp::New),
            Type::Borrow(resource) => (resource, HandleOp::LiftBorrow, HandleOp::LowerBorrow),
            _ => return Err(Error::internal("expected the type of a handle")),
        };
        let resource = types.resource(resource)?;
        let rep = self.body.local(ValType::I32);
        self.body.ins().i32_const(resource_number(resource));
        self.load(Scalar::U32, source)?;
        self.handle_op(lift, self.from.owner);
        self.body.ins().local_set(rep.index);
        self.open(destination);
        let defines = self.module.plan.defines(self.to.owner, resource);
        if lower == HandleOp::LowerBorrow && defines {
            self.body.ins().local_get(rep.index);
        } else {
            self.body.ins().i32_const(resource_number(resource)).local_get(rep.index);
            self.handle_op(lower, self.to.owner);
        }
        self.close(Scalar::U32, destination)?;
        self.body.free(rep);
        Ok(())
    }
}

/// The number of a resource type in handle tables, where 0 is none.
fn resource_number(resource: ResourceId) -> i32 {
    resource.as_u32() as i32 + 1
}
