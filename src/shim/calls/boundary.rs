//! Guards between an instance and the boundary.
//!
//! The engine keeps one flag `may_leave` for the whole result; here every instance has its own. So
//! a call of the boundary is checked against the caller's flag where an adapter can have cleared
//! it, and what the engine calls as an instance's `realloc` or `post-return` clears the flag where
//! a crossing could observe it. See `analyse::guards` for when neither is needed.

use crate::analyse::{ExternalId, Leave, LockedFunc};
use crate::error::Result;
use crate::plan::{BuiltinId, LowerId};
use crate::shim::code::{Adapters, Body, FuncId};

impl Adapters<'_, '_> {
    /// A call of the boundary, after a check of `may_leave`.
    pub fn guarded(&mut self, lower: LowerId, external: ExternalId) -> Result<FuncId> {
        let plan = self.plan;
        let ty = self.facts.lowered(plan, lower)?;
        let name = format!("{lower} {}", plan.lowers[lower].name);
        let func = self.builder.declare(name, ty.clone());
        let mut body = Body::new(ty.params());
        self.check_may_leave(&mut body, plan.lowers[lower].owner)?;
        for index in 0..ty.params().len() {
            body.ins().local_get(index as u32);
        }
        let external = self.external(external, ty);
        body.call(external);
        self.builder.define(func, body);
        Ok(func)
    }

    /// A built-in of the engine, after a check of `may_leave`.
    pub fn engine_builtin(&mut self, id: BuiltinId, external: ExternalId) -> Result<FuncId> {
        self.builtin(id, Leave::Checked, |this, body| {
            let kind = this.plan.builtins[id].kind;
            let ty = this.facts.builtin_type(this.plan, kind);
            for index in 0..ty.params().len() {
                body.ins().local_get(index as u32);
            }
            let callee = this.external(external, ty);
            body.call(callee);
            Ok(())
        })
    }

    /// What the engine calls in place of a `realloc` or `post-return` whose instance has crossings.
    pub fn locked_call(&mut self, func: &LockedFunc) -> Result<FuncId> {
        let LockedFunc { func, owner, ty, role, .. } = func;
        let role = role.name();
        let locked = self.builder.declare(format!("locked {role}"), ty.clone());
        let mut body = Body::new(ty.params());
        let callee = self.guest_func(*func, ty.clone(), role);
        // A context of its own: the engine gives it one, unless the module keeps contexts.
        let context = match self.facts.inside {
            Some(_) => self.clear_context(&mut body, *owner),
            None => Vec::new(),
        };
        let lock = self.facts.may_leave[*owner].outer;
        self.locked(&mut body, *owner, lock, |_, body| {
            for index in 0..ty.params().len() {
                body.ins().local_get(index as u32);
            }
            body.call(callee);
            Ok(())
        })?;
        self.restore_context(&mut body, context);
        self.builder.define(locked, body);
        self.builder.export(locked);
        Ok(locked)
    }
}
