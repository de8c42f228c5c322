//! Built-ins on an instance's own handle table.

use wasm_encoder::{BlockType, ValType};

use crate::analyse::{ExternalId, Leave};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{Builtin, BuiltinId, BuiltinKind, InstanceId, Resource, ResourceId};
use crate::runtime::{TableOp, TaskOp};
use crate::shim::code::{Adapters, Body, FuncId};
use crate::shim::values::resource_number;

impl Adapters<'_, '_> {
    /// A built-in on an instance's own table.
    pub fn table_builtin(&mut self, id: BuiltinId, leave: Leave) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let (resource, op) = match kind {
            BuiltinKind::ResourceNew(resource) => (resource, TableOp::New),
            BuiltinKind::ResourceRep(resource) => (resource, TableOp::Rep),
            BuiltinKind::ResourceDrop(resource) => (resource, TableOp::Drop),
            BuiltinKind::Async(_) => return Err(Error::internal("expected a resource's built-in")),
        };
        self.builtin(id, leave, |this, body| {
            let number = resource_number(resource);
            match op {
                TableOp::Drop if this.facts.borrows_by_task(owner) => {
                    this.drop_scoped(body, owner, number)?;
                }
                _ => {
                    body.ins().i32_const(number).local_get(0);
                    this.table_op(body, owner, op)?;
                }
            }
            match kind {
                BuiltinKind::ResourceDrop(resource) => this.destroy(body, resource),
                _ => Ok(()),
            }
        })
    }

    /// Drops a handle that may be a borrow of a task; pushes whether it owned, and its rep.
    fn drop_scoped(&mut self, body: &mut Body, owner: InstanceId, number: i32) -> Result<()> {
        let scope = body.local(ValType::I32);
        body.ins().i32_const(number).local_get(0);
        self.table_op(body, owner, TableOp::Unscope)?;
        body.ins().local_set(scope.index).i32_const(number).local_get(0);
        self.table_op(body, owner, TableOp::Drop)?;
        body.ins().local_get(scope.index);
        self.task_op(body, TaskOp::DropHandle);
        body.free(scope);
        Ok(())
    }

    /// A built-in on a slot of context, of which the engine's has 64 bits.
    pub fn wide_slot(&mut self, id: BuiltinId, external: ExternalId) -> Result<FuncId> {
        let kind = self.plan.builtins[id].kind;
        self.builtin(id, Leave::Free, |this, body| {
            match this.facts.builtin_type(this.plan, kind).params() {
                [] => {
                    let get = this.external(external, FuncType::new([], [ValType::I64]));
                    body.call(get);
                    body.ins().i32_wrap_i64();
                }
                _ => {
                    body.ins().local_get(0).i64_extend_i32_u();
                    let set = this.external(external, FuncType::new([ValType::I64], []));
                    body.call(set);
                }
            }
            Ok(())
        })
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
                let ty = FuncType::new([ValType::I32], []);
                let dtor = self.guest_func(dtor, ty.clone(), "destructor");
                let running = self.facts.running(owner);
                let running = self.run_instance(body, running);
                self.in_context(body, owner, |this, body| {
                    body.ins().local_get(rep.index);
                    this.call_guest(body, dtor, &ty)
                })?;
                self.run_again(body, running);
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
