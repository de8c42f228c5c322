//! Guards between an instance and the boundary.
//!
//! The engine keeps one flag `may_leave` for the whole result; here every instance has its own. So
//! a call of the boundary is checked against the caller's flag where an adapter can have cleared
//! it, and what the engine calls as an instance's `realloc` or `post-return` clears the flag where
//! a crossing could observe it. See `analyse::guards` for when neither is needed.

use super::builder::{Body, CoreType, FuncId};
use super::memory::realloc_type;
use super::{Adapters, ShimFunc, ShimKind, Shims};
use crate::abi::Side;
use crate::analyse::{ExternalId, Facts, pointer_type};
use crate::error::Result;
use crate::plan::{
    BuiltinKind, CoreEntity, CoreFunc, FuncDef, InstanceId, LowerId, Plan, exported_lifts,
};
use crate::runtime::Step;

impl Adapters<'_, '_> {
    /// A call of the boundary, after a check of `may_leave`.
    pub(super) fn guarded(&mut self, lower: LowerId, external: ExternalId) -> Result<FuncId> {
        let plan = self.plan;
        let (params, results) = self.facts.lowered(plan, lower)?;
        let ty = CoreType::new(params, results);
        let name = format!("{lower} {}", plan.lowers[lower].name);
        let func = self.builder.declare(name, ty.clone());
        let mut body = Body::new(&ty.params);
        self.check_may_leave(&mut body, plan.lowers[lower].owner)?;
        for index in 0..ty.params.len() {
            body.ins().local_get(index as u32);
        }
        let external = self.external(external, ty);
        body.call(external);
        self.builder.define(func, body);
        Ok(func)
    }
}

/// Generates what the engine calls in place of a `realloc` or `post-return` whose instance has
/// crossings.
pub(super) fn locks(plan: &Plan<'_>, facts: &Facts, shims: &mut Shims) -> Result<()> {
    let mut wanted = Vec::new();
    let realloc = |memory: Option<CoreEntity>| realloc_type(pointer_type(plan, memory));
    for lower in plan.lowers.values() {
        if let (FuncDef::Import(_), Some(func)) = (lower.target, lower.options.realloc) {
            wanted.push((lower.owner, func, realloc(lower.options.memory), "realloc"));
        }
    }
    for builtin in plan.builtins.values() {
        if let BuiltinKind::Async(kind) = builtin.kind
            && let Some(options) = kind.options()
            && let Some(func) = options.realloc
        {
            wanted.push((builtin.owner, func, realloc(options.memory), "realloc"));
        }
    }
    for (_, item) in &plan.root_exports {
        for (lift, ty) in exported_lifts(plan, *item) {
            let lift = &plan.lifts[lift];
            if let Some(func) = lift.options.realloc {
                wanted.push((lift.owner, func, realloc(lift.options.memory), "realloc"));
            }
            if let Some(func) = lift.options.post_return {
                let abi = facts.abi_of(plan, lift.options.memory);
                let inner = abi.flatten(plan.types.func(ty)?, Side::Lift);
                let ty = CoreType::new(inner.results, []);
                wanted.push((lift.owner, func, ty, "post-return"));
            }
        }
    }
    wanted.retain(|(owner, ..)| facts.may_leave[*owner].takes_outer_locks());
    for (owner, func, ty, role) in wanted {
        if shims.locked.contains_key(&(func, owner)) {
            continue;
        }
        // Nothing here goes through memory.
        let mut adapters = Adapters::new(plan, facts, Step::Scalar, u64::MAX);
        let locked = adapters.locked_call(owner, func, &ty, role)?;
        let after = exists_after(plan, func);
        let kind = ShimKind::Boundary(owner);
        let (shim, built) = shims.push(plan, facts, adapters, kind, after)?;
        let (index, size) = built.funcs[locked];
        shims.locked.insert((func, owner), ShimFunc { shim, index, size });
    }
    Ok(())
}

/// How many core instances of the plan exist when a function does.
pub(super) fn exists_after(plan: &Plan<'_>, func: CoreFunc) -> usize {
    match func {
        CoreFunc::Defined(entity) => entity.instance.as_u32() as usize + 1,
        CoreFunc::Lower(lower) => plan.lowers[lower].after,
        CoreFunc::Builtin(builtin) => plan.builtins[builtin].after,
    }
}

impl Adapters<'_, '_> {
    fn locked_call(
        &mut self,
        owner: InstanceId,
        func: CoreFunc,
        ty: &CoreType,
        role: &str,
    ) -> Result<FuncId> {
        let locked = self.builder.declare(format!("locked {role}"), ty.clone());
        let mut body = Body::new(&ty.params);
        let callee = self.guest_func(func, ty.clone(), role);
        self.locked(&mut body, owner, true, |_, body| {
            for index in 0..ty.params.len() {
                body.ins().local_get(index as u32);
            }
            body.call(callee);
            Ok(())
        })?;
        self.builder.define(locked, body);
        self.builder.export(locked);
        Ok(locked)
    }
}
