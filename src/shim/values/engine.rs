//! Handles at the host's end of a call: those of the engine's table.
//!
//! | | resource of the host | resource that is defined inside |
//! |---|---|---|
//! | lift own | the index | `resource.rep`, then out of the engine's table, not destroyed |
//! | lift borrow | the index; it is dropped when the call is over | the rep: to whoever defines it, that is what a borrow is |
//! | lower own | the index | `resource.new` |
//! | lower borrow | the index | cannot be: the host does not import it |
//!
//! The engine has no way to take a handle out of its table without destroying the resource, so it is
//! dropped while a flag tells the destructor to do nothing.

use wasm_encoder::ValType;

use super::Translator;
use super::handle::resource_number;
use crate::analyse::{Engine, ExternalId};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{Resource, ResourceId};
use crate::runtime::{BridgeOp, StoreOp, TableOp};
use crate::shim::code::{Adapters, Body, Local};

impl Adapters<'_, '_> {
    /// Calls a built-in of the engine.
    pub fn engine(
        &mut self,
        body: &mut Body,
        resource: ResourceId,
        which: impl FnOnce(Engine) -> ExternalId,
        results: &[ValType],
    ) -> Result<()> {
        let engine = self.facts.engine[resource]
            .ok_or_else(|| Error::internal("the engine keeps no handles of a resource"))?;
        let ty = FuncType::new([ValType::I32], results.iter().copied());
        let callee = self.external(which(engine), ty);
        body.call(callee);
        Ok(())
    }
}

impl Translator<'_, '_, '_> {
    /// Lifts a handle from the engine's table: the index in `handle` becomes what a guest's entry
    /// holds.
    pub fn lift_from_engine(
        &mut self,
        resource: ResourceId,
        op: TableOp,
        handle: Local,
    ) -> Result<()> {
        let module = &mut *self.module;
        match (module.plan.resources[resource], op) {
            (Resource::Imported { .. }, TableOp::LiftBorrow) => {
                self.body.ins().i32_const(resource_number(resource)).local_get(handle.index);
                module.store_op(&mut self.body, StoreOp::Keep);
            }
            (Resource::Imported { .. }, _) | (Resource::Defined { .. }, TableOp::LiftBorrow) => {}
            (Resource::Defined { .. }, _) => {
                let body = &mut self.body;
                body.ins().local_get(handle.index);
                module.engine(body, resource, |engine| engine.rep, &[ValType::I32])?;
                body.ins().i32_const(1);
                module.bridge_op(body, BridgeOp::Move);
                body.ins().local_get(handle.index);
                module.engine(body, resource, |engine| engine.drop, &[])?;
                body.ins().i32_const(0);
                module.bridge_op(body, BridgeOp::Move);
                body.ins().local_set(handle.index);
            }
        }
        Ok(())
    }

    /// Pushes the engine's index for what a guest's entry held.
    pub fn lower_to_engine(&mut self, resource: ResourceId, op: TableOp, rep: Local) -> Result<()> {
        self.body.ins().local_get(rep.index);
        match (self.module.plan.resources[resource], op) {
            (Resource::Imported { .. }, _) => Ok(()),
            (Resource::Defined { .. }, TableOp::New) => {
                let new = |engine: Engine| engine.new;
                self.module.engine(&mut self.body, resource, new, &[ValType::I32])
            }
            (Resource::Defined { .. }, _) => {
                Err(Error::internal("a resource that is defined inside is lent to the host"))
            }
        }
    }
}
