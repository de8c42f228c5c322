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

use super::builder::{Body, CoreType, FuncId, Local, Need};
use super::translate::{Place, Translator};
use super::{Adapters, Party};
use crate::abi::Scalar;
use crate::analyse::{ExternalId, HandlePolicy};
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
        let (resource, op) = match kind {
            BuiltinKind::ResourceNew(resource) => (resource, HandleOp::New),
            BuiltinKind::ResourceRep(resource) => (resource, HandleOp::Rep),
            BuiltinKind::ResourceDrop(resource) => (resource, HandleOp::Drop),
            BuiltinKind::Async(_) => return Err(Error::internal("expected a resource's built-in")),
        };
        let resource = resource_number(resource);
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
            let kind = this.plan.builtins[id].kind;
            let (params, results) = this.facts.builtin_type(this.plan, kind);
            for index in 0..params.len() {
                body.ins().local_get(index as u32);
            }
            let callee = this.external(external, CoreType::new(params, results));
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
        let (params, results) = self.facts.builtin_type(self.plan, kind);
        let mut body = Body::new(&params);
        let name = format!("{id} {}", kind.shown(&self.plan.types));
        let func = self.builder.declare(name, CoreType::new(params, results));
        if guarded {
            self.check_may_leave(&mut body, owner)?;
        }
        inner(self, &mut body)?;
        self.builder.define(func, body);
        Ok(func)
    }

    /// Takes whether a dropped handle owned, and its rep, from the stack: calls the destructor.
    fn destroy(&mut self, body: &mut Body, resource: ResourceId) -> Result<()> {
        let dtor = match self.plan.resources[resource] {
            Resource::Imported { .. } => None,
            Resource::Defined { owner, dtor: Some(dtor) } => Some((owner, dtor)),
            Resource::Defined { dtor: None, .. } => {
                body.ins().drop().drop();
                return Ok(());
            }
        };
        let rep = body.local(ValType::I32);
        body.ins().local_set(rep.index).if_(BlockType::Empty);
        match dtor {
            Some((owner, dtor)) => {
                let ty = CoreType::new([ValType::I32], []);
                let dtor = self.guest_func(dtor, ty.clone(), "destructor");
                self.in_context(body, owner, |this, body| {
                    body.ins().local_get(rep.index);
                    this.call_guest(body, dtor, &ty)
                })?;
            }
            // What the entry held is the engine's handle.
            None => {
                body.ins().local_get(rep.index);
                self.engine(body, resource, |engine| engine.drop, &[])?;
            }
        }
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

    /// Moves a handle.
    pub fn handle(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let types = &self.module.plan.types;
        let (resource, lift, lower) = match types[ty] {
            Type::Own(resource) => (resource, HandleOp::LiftOwn, HandleOp::New),
            Type::Borrow(resource) => (resource, HandleOp::LiftBorrow, HandleOp::LowerBorrow),
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
        op: HandleOp,
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
                self.handle_op(op, owner);
                self.body.ins().local_set(handle.index);
                Ok(())
            }
            Party::Host => {
                self.load(Scalar::U32, source)?;
                self.body.ins().local_set(handle.index);
                self.lift_from_engine(resource, op, handle)
            }
        }
    }

    /// Pushes a handle in the table of the end that it goes to.
    fn lower_handle(&mut self, resource: ResourceId, op: HandleOp, rep: Local) -> Result<()> {
        let passes = self.module.facts.resources[resource] == HandlePolicy::Passthrough;
        match self.to.party {
            _ if passes => drop(self.body.ins().local_get(rep.index)),
            Party::Host => self.lower_to_engine(resource, op, rep)?,
            // To the instance that defines the resource, a borrow is the rep.
            Party::Guest(owner)
                if op == HandleOp::LowerBorrow && self.module.plan.defines(owner, resource) =>
            {
                self.body.ins().local_get(rep.index);
            }
            Party::Guest(owner) => {
                self.body.ins().i32_const(resource_number(resource)).local_get(rep.index);
                self.handle_op(op, owner);
            }
        }
        Ok(())
    }
}

/// The number of a resource type in handle tables, where 0 is none.
pub(super) fn resource_number(resource: ResourceId) -> i32 {
    resource.as_u32() as i32 + 1
}
