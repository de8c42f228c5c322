//! What a core module has beside the canonical ABI: the intrinsic that says where a memory begins, and
//! what a command does.

use wasm_encoder::{BlockType, ValType};

use crate::abi::Side;
use crate::analyse::State;
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::{CoreEntity, LowerId, Main};
use crate::shim::code::{Adapters, Body, FuncId, Trap};

impl Adapters<'_, '_> {
    /// The intrinsic `base`. The value of the global is known when all memories have their places.
    pub fn memory_base(&mut self, lower: LowerId, memory: CoreEntity) -> Result<FuncId> {
        let plan = self.plan;
        let ty = self.facts.lowered(plan, lower)?;
        let func = self.builder.declare(format!("{lower} {}", plan.lowers[lower].name), ty);
        let mut body = Body::new(&[]);
        let base = self.builder.state(State::Base(memory));
        body.ins().global_get(base);
        self.builder.define(func, body);
        Ok(func)
    }

    /// Calls the exported function that a command is. If it fails, the host is told, and does not
    /// return.
    pub fn command(&mut self, main: &Main) -> Result<FuncId> {
        let plan = self.plan;
        let lift = &plan.lifts[main.lift];
        let abi = self.facts.abi_of(plan, lift.options.memory);
        let ty = abi.flatten(plan.types.func(lift.ty)?, Side::Lift).ty;
        let func = self.builder.declare("command", FuncType::new([], []));
        let mut body = Body::new(&[]);
        let outcome = body.local(ValType::I32);
        let callee = self.guest_func(lift.callee, ty.clone(), "command");
        self.call_guest(&mut body, callee, &ty)?;
        if main.can_fail {
            body.ins().local_tee(outcome.index).i32_const(1).i32_gt_u();
            self.trap_if(&mut body, Trap::Discriminant)?;
        }
        if let Some(post_return) = lift.options.post_return {
            let released = FuncType::new(ty.results().iter().copied(), []);
            let callee = self.guest_func(post_return, released.clone(), "post-return");
            let lock = self.facts.may_leave[lift.owner].outer;
            self.locked(&mut body, lift.owner, lock, |this, body| {
                if main.can_fail {
                    body.ins().local_get(outcome.index);
                }
                this.call_guest(body, callee, &released)
            })?;
        }
        if main.can_fail {
            body.ins().local_get(outcome.index).if_(BlockType::Empty);
            if let Some(exit) = self.facts.exit {
                let exit = self.external(exit, FuncType::new([ValType::I32], []));
                body.ins().i32_const(1);
                body.call(exit);
            }
            body.ins().unreachable().end();
        }
        self.builder.define(func, body);
        Ok(func)
    }
}
