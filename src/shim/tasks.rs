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
//! One global for each instance tells which of its tasks runs. The callee may call the host, and the host
//! an export that leads into the callee again: so a crossing puts back what it has found.
//! The built-in exists before its guest does, and the guest before the caller and its memory. So
//! the built-in lifts, at the moment when values are to be lifted, and the adapter lowers.
//!
//! # Limits
//!
//! What is kept in globals cannot point to memory, which may change after the return: strings,
//! lists, handles, and values that do not fit in sixteen core values are refused.

use wasm_encoder::BlockType;

use crate::analyse::{Frame, Leave, Lends, Returning, State};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, InstanceId, LiftId, LowerId, TypeId,
};
use crate::runtime::StoreOp;
use crate::shim::code::{Adapters, Body, End, FuncId, Local, Trap};
use crate::shim::values::{Place, Translator};

/// The value of an instance's [`State::Task`] when the task has returned.
const RETURNED: i32 = -1;

/// The number of the task that a crossing is; 0 is none.
fn number(lower: LowerId) -> i32 {
    lower.as_u32() as i32 + 1
}

impl Adapters<'_, '_> {
    /// `task.return` of an instance that others call, for these tasks.
    pub fn task_return(
        &mut self,
        id: BuiltinId,
        leave: Leave,
        tasks: &[Returning],
    ) -> Result<FuncId> {
        let plan = self.plan;
        let Builtin { kind, owner, .. } = plan.builtins[id];
        self.builtin(id, leave, |this, body| {
            let Some(&Returning { lift, .. }) = tasks.first() else {
                return this.trap(body, Trap::TaskReturn);
            };
            let task = this.builder.state(State::Task(owner));
            is_one_of(body, task, tasks.iter());
            body.ins().i32_eqz();
            this.trap_if(body, Trap::TaskReturn)?;
            let end = End::guest(plan, owner, plan.lifts[lift].options);
            let own = std::mem::replace(body, Body::new(&[]));
            let lends = Lends::Nothing;
            let mut t = Translator::new(this, own, [end, end], lends);
            if let BuiltinKind::Async(AsyncBuiltin::TaskReturn { result: Some(result), .. }) = kind
            {
                t.keep(result, owner)?;
            }
            let framed = |it: &&Returning| it.frame == Frame::Borrows;
            if tasks.iter().any(|it| framed(&it)) {
                is_one_of(&mut t.body, task, tasks.iter().filter(framed));
                t.body.ins().if_(BlockType::Empty);
                t.module.store_op(&mut t.body, StoreOp::Returned);
                t.body.ins().end();
            }
            t.body.ins().i32_const(RETURNED).global_set(task);
            *body = t.body;
            Ok(())
        })
    }

    /// `task.cancel` of an instance that others call: a caller never asks for it.
    pub fn task_cancel(&mut self, id: BuiltinId, leave: Leave) -> Result<FuncId> {
        self.builtin(id, leave, |this, body| this.trap(body, Trap::TaskCancel))
    }
}

/// Pushes whether one of these tasks runs.
fn is_one_of<'t>(body: &mut Body, task: u32, tasks: impl Iterator<Item = &'t Returning>) {
    body.ins().i32_const(0);
    for returning in tasks {
        body.ins().global_get(task).i32_const(number(returning.lower)).i32_eq().i32_or();
    }
}

impl Translator<'_, '_, '_> {
    /// Lifts what `task.return` is called with, and keeps it.
    fn keep(&mut self, result: TypeId, owner: InstanceId) -> Result<()> {
        let kept = self.module.facts.kept(Some(result), owner);
        let lifted: Vec<Local> =
            (0..).zip(&kept).map(|(index, state)| Local { index, ty: state.ty() }).collect();
        let values: Vec<Local> = lifted.iter().map(|local| self.body.local(local.ty)).collect();
        self.translate(result, &Place::Locals(lifted), &Place::Locals(values.clone()))?;
        for (value, global) in values.iter().zip(kept) {
            let global = self.module.builder.state(global);
            self.body.ins().local_get(value.index).global_set(global);
        }
        Ok(())
    }

    /// Begins the task that a crossing is. What is returned was there before: a call that is under way
    /// further down.
    pub fn start_task(&mut self, lower: LowerId, lift: LiftId) -> Result<Vec<(State, Local)>> {
        let owner = self.module.plan.lifts[lift].owner;
        let kept = self.module.facts.returned(self.module.plan, lift)?;
        let all = [State::Task(owner)].into_iter().chain(kept);
        let before = all.map(|state| (state, self.get_state(state))).collect();
        let task = self.module.builder.state(State::Task(owner));
        self.body.ins().i32_const(number(lower)).global_set(task);
        Ok(before)
    }

    /// Ends the task of a function, and goes back to what was before: what it has returned.
    pub fn finish_task(&mut self, lift: LiftId, before: Vec<(State, Local)>) -> Result<Vec<Local>> {
        let owner = self.module.plan.lifts[lift].owner;
        let task = self.module.builder.state(State::Task(owner));
        self.body.ins().global_get(task).i32_const(RETURNED).i32_ne();
        self.module.trap_if(&mut self.body, Trap::NotReturned)?;
        let kept = self.module.facts.returned(self.module.plan, lift)?;
        let values = kept.into_iter().map(|state| self.get_state(state)).collect();
        for (state, local) in before {
            let global = self.module.builder.state(state);
            self.body.ins().local_get(local.index).global_set(global);
        }
        Ok(values)
    }

    fn get_state(&mut self, state: State) -> Local {
        let local = self.body.local(state.ty());
        let global = self.module.builder.state(state);
        self.body.ins().global_get(global).local_set(local.index);
        local
    }
}
