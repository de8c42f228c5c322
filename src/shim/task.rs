//! Tasks without an engine: crossings into functions that are lifted with `async`.
//!
//! # Problem
//!
//! A function that is lifted with `async` gives its result to a built-in, `task.return`, and may go
//! on after that. Where the engine makes the task, the built-in is the engine's. A crossing makes
//! none; it is proved that the callee does not block (`analyse::tasks`), so it has returned exactly
//! once when it is over, or it traps.
//!
//! # How
//!
//! ```text
//! adapter                                   task.return
//!   task of the callee = number of this       is it a task of this type, and of these options?
//!   call                                      lift the values, keep them in globals
//!   has the task returned?                    task = RETURNED
//!   lower the values from the globals
//! ```
//!
//! One global for each instance tells which of its tasks runs: instances cannot be entered twice.
//! The built-in exists before its guest does, and the guest before the caller and its memory. So
//! the built-in lifts, at the moment when values are to be lifted, and the adapter lowers.
//!
//! # Limits
//!
//! What is kept in globals cannot point to memory, which may change after the return: strings,
//! lists, handles, and values that do not fit in sixteen core values are refused.

use super::builder::{Body, CoreType, FuncId, Local};
use super::memory::Trap;
use super::state::State;
use super::translate::{Place, Translator};
use super::{Adapters, End};
use crate::analyse::Binding;
use crate::error::{Error, Result};
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, InstanceId, LiftId, LowerId, Plan,
};
use crate::runtime::HandleOp;
use crate::{abi::Abi, analyse::Facts, plan::TypeId};

/// The value of an instance's [`State::Task`] when the task has returned.
const RETURNED: i32 = -1;

/// The globals that hold the result of a lifted function.
pub(super) fn returned(plan: &Plan<'_>, facts: &Facts, lift: LiftId) -> Vec<State> {
    let owner = plan.lifts[lift].owner;
    let result = plan.types.func(plan.lifts[lift].ty).ok().and_then(|ty| ty.result);
    flat(&facts.abi, result, owner)
}

fn flat(abi: &Abi, result: Option<TypeId>, owner: InstanceId) -> Vec<State> {
    let types = abi.flat_record(result).unwrap_or_default();
    (0..).zip(types).map(|(index, ty)| State::Returned(owner, index, ty)).collect()
}

/// The number of the task that a crossing is; 0 is none.
fn number(lower: LowerId) -> i32 {
    lower.as_u32() as i32 + 1
}

impl Adapters<'_, '_> {
    /// `task.return` or `task.cancel` of an instance that others call.
    pub(super) fn task_builtin(&mut self, id: BuiltinId, guarded: bool) -> Result<FuncId> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let (params, results) = self.facts.builtin_type(self.plan, kind);
        let mut body = Body::new(&params);
        let name = format!("{id} {}", kind.shown(&self.plan.types));
        let func = self.builder.declare(name, CoreType::new(params.clone(), results));
        if guarded {
            self.check_may_leave(&mut body, owner)?;
        }
        let body = match kind {
            BuiltinKind::Async(AsyncBuiltin::TaskReturn { result, .. }) => {
                self.task_return(body, kind, owner, result)?
            }
            // The caller never asks for it.
            _ => {
                self.trap(&mut body, Trap::TaskCancel)?;
                body
            }
        };
        self.builder.define(func, body);
        Ok(func)
    }

    fn task_return(
        &mut self,
        mut body: Body,
        kind: BuiltinKind,
        owner: InstanceId,
        result: Option<TypeId>,
    ) -> Result<Body> {
        let tasks = self.tasks(kind, owner, result)?;
        let Some(&(first, lift)) = tasks.first() else {
            self.trap(&mut body, Trap::TaskReturn)?;
            return Ok(body);
        };
        let task = self.builder.state(State::Task(owner));
        body.ins().i32_const(1);
        for &(lower, _) in &tasks {
            body.ins().global_get(task).i32_const(number(lower)).i32_ne().i32_and();
        }
        self.trap_if(&mut body, Trap::TaskReturn)?;
        let end = End::guest(self.plan, owner, self.plan.lifts[lift].options);
        let mut t = Translator { module: self, body, from: end, to: end };
        if let Some(result) = result {
            let kept = flat(&t.module.facts.abi, Some(result), owner);
            let lifted: Vec<Local> =
                (0..).zip(&kept).map(|(index, s)| Local { index, ty: s.ty().val_type }).collect();
            let values: Vec<Local> = lifted.iter().map(|local| t.body.local(local.ty)).collect();
            t.translate(result, &Place::Locals(lifted), &Place::Locals(values.clone()))?;
            for (value, global) in values.iter().zip(kept) {
                let global = t.module.builder.state(global);
                t.body.ins().local_get(value.index).global_set(global);
            }
        }
        if t.module.borrows(first) {
            t.handle_op(HandleOp::Exit, owner);
        }
        t.body.ins().i32_const(RETURNED).global_set(task);
        Ok(t.body)
    }

    /// The tasks that a `task.return` can be about: of the same result, lifted alike.
    fn tasks(
        &self,
        kind: BuiltinKind,
        owner: InstanceId,
        result: Option<TypeId>,
    ) -> Result<Vec<(LowerId, LiftId)>> {
        let plan = self.plan;
        let BuiltinKind::Async(AsyncBuiltin::TaskReturn { options, .. }) = kind else {
            return Err(Error::internal("expected `task.return`"));
        };
        let canonical = |ty: Option<TypeId>| ty.map(|ty| plan.types.canonical(ty));
        let mut tasks = Vec::new();
        for (lower, id) in plan.crossings() {
            let lift = &plan.lifts[id];
            if lift.owner == owner
                && lift.options.async_
                && (lift.options.encoding, lift.options.memory)
                    == (options.encoding, options.memory)
                && canonical(plan.types.func(lift.ty)?.result) == canonical(result)
                && !plan.is_reentrant(lower, id)
            {
                tasks.push((lower, id));
            }
        }
        Ok(tasks)
    }

    fn borrows(&self, lower: LowerId) -> bool {
        matches!(&self.facts.lowers[lower], Some(Binding::Adapt(adapt)) if adapt.borrows)
    }
}

impl Translator<'_, '_, '_> {
    /// Begins the task that a crossing is.
    pub fn start_task(&mut self, lower: LowerId, owner: InstanceId) {
        let task = self.module.builder.state(State::Task(owner));
        self.body.ins().i32_const(number(lower)).global_set(task);
    }

    /// Ends the task of a function: what it has returned.
    pub fn finish_task(&mut self, lift: LiftId) -> Result<Vec<Local>> {
        let module = &mut *self.module;
        let owner = module.plan.lifts[lift].owner;
        let task = module.builder.state(State::Task(owner));
        self.body.ins().global_get(task).i32_const(RETURNED).i32_ne();
        module.trap_if(&mut self.body, Trap::NotReturned)?;
        self.body.ins().i32_const(0).global_set(task);
        let kept = returned(module.plan, module.facts, lift);
        let mut values = Vec::new();
        for global in kept {
            let value = self.body.local(global.ty().val_type);
            let global = module.builder.state(global);
            self.body.ins().global_get(global).local_set(value.index);
            values.push(value);
        }
        Ok(values)
    }
}
