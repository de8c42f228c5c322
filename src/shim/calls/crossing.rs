//! Crossings: calls from one guest to another.

use super::call::Call;
use crate::abi::Side;
use crate::analyse::Adapt;
use crate::error::Result;
use crate::plan::LowerId;
use crate::shim::code::{Adapters, Body, End, FuncId, Trap};

impl Adapters<'_, '_> {
    /// Generates the function that a caller's import is bound to.
    pub fn crossing(&mut self, lower: LowerId, adapt: &Adapt) -> Result<FuncId> {
        let plan = self.plan;
        let name = format!("{lower} {}", plan.lowers[lower].name);
        let crossing = Some((lower, adapt.lift));
        let (lower, lift) = (&plan.lowers[lower], &plan.lifts[adapt.lift]);
        let call = Call {
            ty: lift.ty,
            caller: End::guest(plan, lower.owner, lower.options),
            callee: End::guest(plan, lift.owner, lift.options),
            outer_side: Side::of_lower(&lower.options),
            inner_side: Side::of_lift(&lift.options),
            around: adapt.around,
            give_back: &[],
            crossing,
        };
        self.call(name, &call, |this, ty| this.guest_func(lift.callee, ty, "callee"))
    }

    /// Generates the function of a crossing that always traps.
    pub fn cannot_enter(&mut self, lower: LowerId) -> Result<FuncId> {
        let plan = self.plan;
        let ty = self.facts.lowered(plan, lower)?;
        let mut body = Body::new(ty.params());
        let func = self.builder.declare(format!("{lower} {}", plan.lowers[lower].name), ty);
        self.trap(&mut body, Trap::CannotEnter)?;
        self.builder.define(func, body);
        Ok(func)
    }
}
