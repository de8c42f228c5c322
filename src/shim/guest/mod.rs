//! Into a guest and out of it: what is done around a call of a guest's function, be it lifted, a
//! `realloc`, a `post-return` or a destructor, and before a call that a guest makes.
//!
//! | file | what is done around the call |
//! |---|---|
//! | here | `may_leave` is checked before a call out of an instance, and cleared around some calls into it |
//! | `context` | the slots of context are cleared and restored |
//! | `catch` | exceptions become traps |

use crate::analyse::{Exceptions, Leave, Lock, State};
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::{Builtin, BuiltinId, CoreFunc, InstanceId};
use crate::shim::code::{Adapters, Body, Callee, FuncId, Need, Trap};

mod catch;
mod context;

impl Adapters<'_, '_> {
    /// A function of a guest.
    pub fn guest_func(&mut self, func: CoreFunc, ty: FuncType, role: &str) -> Callee {
        let plan = self.plan;
        self.builder.func(Need::Func(func), ty, || match func {
            CoreFunc::Defined(entity) => {
                format!("{role} of {}", plan.core_instances[entity.instance].path)
            }
            CoreFunc::Lower(_) | CoreFunc::Builtin(_) => role.to_string(),
        })
    }

    /// Runs `inner` with an instance's `may_leave` cleared, where that can be observed.
    pub fn locked(
        &mut self,
        body: &mut Body,
        owner: InstanceId,
        lock: Lock,
        inner: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<()> {
        if lock == Lock::Free {
            return inner(self, body);
        }
        let flag = self.builder.state(State::MayLeave(owner));
        body.ins().i32_const(0).global_set(flag);
        inner(self, body)?;
        body.ins().i32_const(1).global_set(flag);
        Ok(())
    }

    /// The function of a built-in: `inner`, after a check of `may_leave` if there is to be one.
    pub fn builtin(
        &mut self,
        id: BuiltinId,
        leave: Leave,
        inner: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let ty = self.facts.builtin_type(self.plan, kind);
        let mut body = Body::new(ty.params());
        let name = format!("{id} {}", kind.shown(&self.plan.types));
        let func = self.builder.declare(name, ty);
        if leave == Leave::Checked {
            self.check_may_leave(&mut body, owner)?;
        }
        inner(self, &mut body)?;
        self.builder.define(func, body);
        Ok(func)
    }

    /// Traps unless an instance may leave.
    pub fn check_may_leave(&mut self, body: &mut Body, owner: InstanceId) -> Result<()> {
        let flag = self.builder.state(State::MayLeave(owner));
        body.ins().global_get(flag).i32_eqz();
        self.trap_if(body, Trap::CannotLeave)
    }

    /// Calls a guest with its arguments on the stack. *call_and_trap_on_throw* in the
    /// specification.
    pub fn call_guest(&mut self, body: &mut Body, callee: Callee, ty: &FuncType) -> Result<()> {
        if self.facts.exceptions == Exceptions::None {
            body.call(callee);
            return Ok(());
        }
        self.call_catching(body, callee, ty.params(), ty.results())
    }
}
