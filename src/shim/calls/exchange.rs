//! Exchanging handles at the boundary.
//!
//! # Problem
//!
//! A resource that both a crossing and the boundary mention has handles in two kinds of table: the
//! guests' own, in the fused module, and the engine's. What a guest passes to the host holds
//! indices of the guest's table, and has to reach the host as indices of the engine's; and back.
//!
//! # How
//!
//! An entry of a guest's table holds, as its rep, the engine's index of the host's resource, or the
//! rep of a resource that is defined inside. The boundary is a call like a crossing, one of whose
//! ends is the host, and a handle is lifted from one table and lowered into the other
//! (`values/engine.rs`). Mostly the engine uses the guest's own memory: both ends have the same, and
//! everything else stays where and as it is. Otherwise values are moved through the bridge
//! (`runtime/bridge.wat`); which of the two it is was decided before (`analyse/bridge.rs`).
//!
//! Where all memories are one, the pointers of the boundary have to be translated as well, also those of
//! functions without handles: they go the same way (`analyse/bridge.rs`).

use wasm_encoder::{BlockType, ValType};

use super::call::Call;
use crate::abi::Side;
use crate::analyse::{Around, Exchange, ExternalId, Through};
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::{CoreFunc, LiftId, LowerId, Resource, ResourceId};
use crate::runtime::{BridgeOp, StoreOp, TaskOp};
use crate::shim::code::{Adapters, Body, End, FuncId};
use crate::shim::values::{Translator, resource_number};

impl Adapters<'_, '_> {
    /// A call of the host in which handles are exchanged.
    pub fn exchange_import(
        &mut self,
        lower: LowerId,
        external: ExternalId,
        through: Through,
        around: Around,
    ) -> Result<FuncId> {
        let plan = self.plan;
        let name = format!("{lower} {}", plan.lowers[lower].name);
        let lower = &plan.lowers[lower];
        let caller = End::guest(plan, lower.owner, lower.options);
        let call = Call {
            ty: lower.ty,
            caller,
            callee: host(caller, through),
            outer_side: Side::Lower,
            inner_side: Side::Lower,
            around,
            give_back: &[],
            crossing: None,
        };
        self.call(name, &call, |this, ty| this.external(external, ty))
    }

    /// A call from the host in which handles are exchanged.
    pub fn exchange_export(&mut self, lift: LiftId, exchange: &Exchange) -> Result<FuncId> {
        let name = format!("{lift} for the host");
        let lift = &self.plan.lifts[lift];
        let callee = End::guest(self.plan, lift.owner, lift.options);
        let call = Call {
            ty: lift.ty,
            caller: host(callee, exchange.through),
            callee,
            outer_side: Side::Lift,
            inner_side: Side::Lift,
            around: exchange.around,
            give_back: &exchange.give_back,
            crossing: None,
        };
        self.call(name, &call, |this, ty| this.guest_func(lift.callee, ty, "callee"))
    }

    /// The destructor that the engine calls: nothing while a handle moves in.
    pub fn exchange_dtor(&mut self, resource: ResourceId, dtor: CoreFunc) -> Result<FuncId> {
        let ty = FuncType::new([ValType::I32], []);
        let func = self.builder.declare(format!("destroy {resource} for the host"), ty.clone());
        let mut body = Body::new(ty.params());
        self.bridge_op(&mut body, BridgeOp::IsMoving);
        body.ins().if_(BlockType::Empty).return_().end();
        let dtor = self.guest_func(dtor, ty.clone(), "destructor");
        match self.plan.resources[resource] {
            Resource::Defined { owner, .. } if self.facts.inside.is_some() => {
                let running = self.facts.running(owner);
                let running = self.run_instance(&mut body, running);
                self.in_context(&mut body, owner, |this, body| {
                    body.ins().local_get(0);
                    this.call_guest(body, dtor, &ty)
                })?;
                self.run_again(&mut body, running);
                self.task_op(&mut body, TaskOp::Settle);
            }
            // The engine has made a task for it.
            _ => {
                body.ins().local_get(0);
                self.call_guest(&mut body, dtor, &ty)?;
            }
        }
        self.builder.define(func, body);
        self.builder.export(func);
        Ok(func)
    }
}

/// The host's end of a call, opposite to a guest.
fn host(guest: End, through: Through) -> End {
    match through {
        Through::Guest => End::host_in(guest),
        Through::Bridge => End::host(),
    }
}

impl Translator<'_, '_, '_> {
    /// Drops the handles of these resources that the host has lent for a call.
    pub fn give_back(&mut self, lent: &[ResourceId]) -> Result<()> {
        let (number, handle) = (self.body.local(ValType::I32), self.body.local(ValType::I32));
        self.body.ins().block(BlockType::Empty).loop_(BlockType::Empty);
        self.module.store_op(&mut self.body, StoreOp::Take);
        self.body.ins().local_set(handle.index).local_tee(number.index).i32_eqz().br_if(1);
        for &resource in lent {
            self.body.ins().local_get(number.index).i32_const(resource_number(resource)).i32_eq();
            self.body.ins().if_(BlockType::Empty).local_get(handle.index);
            self.module.engine(&mut self.body, resource, |engine| engine.drop, &[])?;
            self.body.ins().end();
        }
        self.body.ins().br(0).end().end();
        Ok(())
    }
}
