//! Calls by the host, where the module keeps tasks.
//!
//! To the engine, each call of an `async` function is one task, lifted with a callback of ours. It makes a
//! task of the module's, its *root*, begins it, and then runs whatever is ready until nothing is; then it
//! waits in the engine, and goes on with an event. It ends when its root is over and nothing is ready any
//! more, which may be long after the root has returned.
//!
//! ```text
//! root (params..) -> code     make a task of the engine and its root; enter; call; leave; run what is ready
//! event (event, ..) -> code   which of ours it is, is in the engine's slot of context
//! ```
//!
//! The root begins at once. What could keep it out keeps the engine from calling: one that has its instance
//! to itself and blocks holds the engine's lock, and backpressure is the engine's, too
//! (`analyse::inside`).
//!
//! Of an instance with tasks, a function that is not `async` is one that must not block. What it and others
//! like it have left behind goes on before it is called.

use wasm_encoder::{BlockType, ValType};

use super::call::Signatures;
use crate::abi::Side;
use crate::analyse::{ENGINE_SLOT, Lends, Root, TaskFunc};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::LiftId;
use crate::runtime::TaskOp;
use crate::shim::code::{Adapters, Body, Callee, End, FuncId, Local};
use crate::shim::values::{Place, Translator};

impl Adapters<'_, '_> {
    /// What the engine calls in place of an `async` function.
    pub fn root(&mut self, id: LiftId) -> Result<FuncId> {
        let plan = self.plan;
        let lift = &plan.lifts[id];
        let abi = self.facts.abi_of(plan, lift.options.memory);
        let func_type = plan.types.func(lift.ty)?;
        let inner = abi.flatten(func_type, Side::of_lift(&lift.options)).ty;
        let outer = FuncType::new(inner.params().iter().copied(), [ValType::I32]);
        let func = self.builder.declare(format!("{id} for the host"), outer.clone());
        let mut body = Body::new(outer.params());
        let (engine, task) = (body.local(ValType::I32), body.local(ValType::I32));
        self.task_op(&mut body, TaskOp::Engine);
        body.ins().local_set(engine.index);
        self.task_of(&mut body, id)?;
        let returns = self.inside()?.place(TaskFunc::ReturnToHost(id));
        body.ins().i32_const(returns).local_get(engine.index).local_get(engine.index).i64_const(0);
        self.task_op(&mut body, TaskOp::Create);
        body.ins().local_set(task.index).local_get(engine.index).local_get(task.index);
        self.task_op(&mut body, TaskOp::Root);
        let before = self.enter(&mut body, task);
        for local in self.taken_from_host(&mut body, id)? {
            body.ins().local_get(local.index);
        }
        let callee = self.guest_func(lift.callee, inner.clone(), "callee");
        self.call_guest(&mut body, callee, &inner)?;
        match lift.options.async_ {
            true => self.after_call(&mut body, lift, task)?,
            false => self.return_at_end(&mut body, id, task, &inner)?,
        }
        self.leave(&mut body, before);
        // Which of ours it is, is for events, and mostly there is none to come.
        let code = body.local(ValType::I32);
        body.ins().local_get(engine.index);
        self.task_op(&mut body, TaskOp::Pump);
        body.ins().local_tee(code.index).if_(BlockType::Empty).local_get(engine.index);
        let set = self.engine_slot(false)?;
        body.call(set);
        body.ins().end().local_get(code.index);
        self.builder.define(func, body);
        if lift.options.async_ {
            self.return_to_host(id)?;
        }
        Ok(func)
    }

    /// A function that returns at its end has returned: to the host, and then it is over.
    fn return_at_end(
        &mut self,
        body: &mut Body,
        id: LiftId,
        task: Local,
        inner: &FuncType,
    ) -> Result<()> {
        let lift = &self.plan.lifts[id];
        let values: Vec<Local> = inner.results().iter().map(|&ty| body.local(ty)).collect();
        for local in values.iter().rev() {
            body.ins().local_set(local.index);
        }
        if self.facts.borrows_by_task(lift.owner) {
            body.ins().local_get(task.index);
            self.task_op(body, TaskOp::CheckBorrows);
        }
        let given = self.handed_to_host(body, id, &values)?;
        for local in &given {
            body.ins().local_get(local.index);
        }
        let types: Vec<ValType> = given.iter().map(|local| local.ty).collect();
        let task_return = self.task_return_to_host(id, &types)?;
        body.call(task_return);
        body.ins().local_get(task.index);
        self.task_op(body, TaskOp::Returned);
        if let Some(post_return) = lift.options.post_return {
            let ty = FuncType::new(inner.results().iter().copied(), []);
            let post_return = self.guest_func(post_return, ty.clone(), "post-return");
            let lock = self.facts.may_leave[lift.owner].inner;
            self.locked(body, lift.owner, lock, |module, body| {
                for local in &values {
                    body.ins().local_get(local.index);
                }
                module.call_guest(body, post_return, &ty)
            })?;
        }
        body.ins().local_get(task.index);
        self.task_op(body, TaskOp::Exit);
        Ok(())
    }

    /// The parameters of a call by the host, for the callee: handles are exchanged.
    fn taken_from_host(&mut self, body: &mut Body, id: LiftId) -> Result<Vec<Local>> {
        let plan = self.plan;
        let lift = &plan.lifts[id];
        let (ty, side) = (plan.types.func(lift.ty)?, Side::of_lift(&lift.options));
        let to = End::guest(plan, lift.owner, lift.options);
        let abi = self.facts.abi_with(to.pointer);
        let (outer, inner) = (abi.flatten(ty, side), abi.flatten(ty, side));
        let given = (0..).zip(inner.ty.params()).map(|(index, &ty)| Local { index, ty });
        let given: Vec<Local> = given.collect();
        if !self.root_of(id)?.exchanges {
            return Ok(given);
        }
        let signatures = Signatures { outer, inner, outer_side: side, inner_side: side };
        let own = std::mem::replace(body, Body::new(&[]));
        let (from, lends) = (End::host_in(to), Lends::Task);
        let mut t = Translator::new(self, own, [from, to], lends);
        let params: Vec<_> = ty.param_types().collect();
        let arguments = t.moved_arguments(&params, &signatures, &given)?;
        *body = t.body;
        Ok(arguments)
    }

    /// A result as the engine's `task.return` takes it: handles are exchanged, and what a function has
    /// returned in memory, though it is few core values, is read there.
    fn handed_to_host(
        &mut self,
        body: &mut Body,
        id: LiftId,
        values: &[Local],
    ) -> Result<Vec<Local>> {
        let plan = self.plan;
        let lift = &plan.lifts[id];
        let ty = plan.types.func(lift.ty)?;
        let from = End::guest(plan, lift.owner, lift.options);
        let abi = self.facts.abi_with(from.pointer);
        let spilled = abi.flatten(ty, Side::of_lift(&lift.options)).spilled_results;
        let (Some(result), Some(flat)) = (ty.result, abi.flat_record(ty.result)) else {
            return Ok(values.to_vec());
        };
        let source = match (spilled, values) {
            (true, &[address]) => {
                let layout = abi.record(&[result])?;
                self.check_pointer(body, from.memory()?, address, layout)?;
                Place::Memory { address, offset: 0 }
            }
            _ if !self.root_of(id)?.exchanges => return Ok(values.to_vec()),
            _ => Place::Locals(values.to_vec()),
        };
        let passed: Vec<Local> = flat.into_iter().map(|ty| body.local(ty)).collect();
        let own = std::mem::replace(body, Body::new(&[]));
        let (to, lends) = (End::host_in(from), Lends::Nothing);
        let mut t = Translator::new(self, own, [from, to], lends);
        t.translate(result, &source, &Place::Locals(passed.clone()))?;
        *body = t.body;
        Ok(passed)
    }

    /// What a `task.return` calls of a task that the host has made.
    fn return_to_host(&mut self, id: LiftId) -> Result<()> {
        let lift = &self.plan.lifts[id];
        let pointer = crate::analyse::pointer_type(self.plan, lift.options.memory);
        let values = self.returned_types(self.plan.types.func(lift.ty)?.result, pointer);
        let params = values.iter().copied().chain([ValType::I32]);
        let ty = FuncType::new(params, []);
        let func = self.builder.declare(format!("return {id} to the host"), ty.clone());
        let mut body = Body::new(ty.params());
        let given = (0..).zip(&values).map(|(index, &ty)| Local { index, ty });
        let given: Vec<Local> = given.collect();
        for local in self.handed_to_host(&mut body, id, &given)? {
            body.ins().local_get(local.index);
        }
        let task_return = self.task_return_to_host(id, &values)?;
        body.call(task_return);
        body.ins().local_get(values.len() as u32);
        self.task_op(&mut body, TaskOp::Returned);
        self.builder.define(func, body);
        let place = self.inside()?.place(TaskFunc::ReturnToHost(id));
        self.builder.element(place as u32, Callee::Own(func));
        Ok(())
    }

    /// The engine's `task.return`.
    fn task_return_to_host(&mut self, id: LiftId, values: &[ValType]) -> Result<Callee> {
        let task_return = self.root_of(id)?.task_return;
        Ok(self.external(task_return, FuncType::new(values.iter().copied(), [])))
    }

    fn root_of(&self, id: LiftId) -> Result<Root> {
        let root = self.inside()?.roots.get(&id).copied();
        root.ok_or_else(|| Error::internal("the host does not call a function"))
    }

    /// What reads (or writes) the engine's slot of context.
    fn engine_slot(&mut self, get: bool) -> Result<Callee> {
        let slot = self.inside()?.slot;
        let none = || Error::internal("the engine makes no tasks");
        let (getter, setter) = slot.ok_or_else(none)?;
        Ok(match get {
            true => self.external(getter, FuncType::new([], [ENGINE_SLOT.ty])),
            false => self.external(setter, FuncType::new([ENGINE_SLOT.ty], [])),
        })
    }

    /// What the engine calls back for an event.
    pub fn event(&mut self) -> Result<FuncId> {
        let ty = FuncType::new([ValType::I32; 3], [ValType::I32]);
        let func = self.builder.declare("event for a task", ty.clone());
        let mut body = Body::new(ty.params());
        let get = self.engine_slot(true)?;
        body.call(get);
        body.ins().local_get(0).local_get(1).local_get(2);
        self.task_op(&mut body, TaskOp::Event);
        self.builder.define(func, body);
        self.end_ops()?;
        Ok(func)
    }

    /// What cancels and drops ends in the engine is called by the runtime, through the table.
    fn end_ops(&mut self) -> Result<()> {
        let inside = self.inside()?;
        let ends: Vec<_> = inside.hosts.ends().collect();
        for end in ends {
            let ops = self.inside()?.hosts.ops(end)?;
            let cancel = FuncType::new([ValType::I32], [ValType::I32]);
            let drop = FuncType::new([ValType::I32], []);
            for (func, external, ty) in
                [(TaskFunc::Cancel(end), ops.cancel, cancel), (TaskFunc::Drop(end), ops.drop, drop)]
            {
                let place = self.inside()?.place(func);
                let callee = self.external(external, ty);
                self.builder.element(place as u32, callee);
            }
        }
        Ok(())
    }

    /// What the engine calls in place of another function of an instance with tasks.
    pub fn entry(&mut self, id: LiftId) -> Result<FuncId> {
        let plan = self.plan;
        let lift = &plan.lifts[id];
        let abi = self.facts.abi_of(plan, lift.options.memory);
        let ty = abi.flatten(plan.types.func(lift.ty)?, Side::of_lift(&lift.options)).ty;
        let func = self.builder.declare(format!("{id} for the host"), ty.clone());
        let mut body = Body::new(ty.params());
        self.run_ready(&mut body);
        let running = self.facts.running(lift.owner);
        let before = self.run_instance(&mut body, running);
        let context = self.clear_context(&mut body, lift.owner);
        for index in 0..ty.params().len() {
            body.ins().local_get(index as u32);
        }
        let callee = self.guest_func(lift.callee, ty.clone(), "callee");
        self.call_guest(&mut body, callee, &ty)?;
        self.restore_context(&mut body, context);
        self.run_again(&mut body, before);
        self.task_op(&mut body, TaskOp::Settle);
        self.builder.define(func, body);
        Ok(func)
    }

    /// Whatever is ready has a turn.
    pub fn run_ready(&mut self, body: &mut Body) {
        self.task_op(body, TaskOp::Generation);
        body.ins().drop();
    }
}
