//! Crossings into `async` functions, where the module keeps tasks.
//!
//! # Problem
//!
//! *canon_lower* makes a subtask, and *canon_lift* a task, which may have to wait before it begins, and
//! may return long after the caller has gone on. So what a crossing does falls into parts that are called
//! at different times, and what passes from one to the next is in the record of the task:
//!
//! ```text
//! lower (params.., pointer)     may-leave; make the task; begin it, or keep the parameters for later;
//!                               with `async`, tell how far it has come; else wait until it has returned
//! start (task, params..)        enter; move the parameters; call; of a function that returns at its
//!                               end, move the result, and the task is over; else see what it waits for
//! deferred (task)               `start`, with the parameters that were kept
//! return (values.., task)       what `task.return` does: move the result to where the caller wants it
//! ```
//!
//! `deferred` and `return` are called through the table: the runtime and the callee's `task.return` exist
//! before this does.

use wasm_encoder::{BlockType, MemArg, MemArgTarget, ValType};

use super::call::{Signatures, flat_params};
use crate::abi::Side;
use crate::analyse::{Adapt, Ending, Inside, Leave, Lends, Stack, TaskFunc};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{InstanceId, Lift, LiftId, LowerId, TypeId};
use crate::runtime::{ARGUMENTS, POINTER, RESULT, TableOp, TaskOp, WAITABLE, WAITABLE_SET};
use crate::shim::code::{Adapters, Body, Callee, End, FuncId, Local, Memory, Trap};
use crate::shim::values::{Place, Translator};

/// *Subtask.State.RETURNED* in the specification.
const RETURNED: i32 = 2;

/// A crossing of which the parts are generated.
struct Starting<'f> {
    lower: LowerId,
    lift: LiftId,
    adapt: &'f Adapt,
    caller: End,
    callee: End,
    signatures: Signatures,
    params: Vec<TypeId>,
    result: Option<TypeId>,
}

impl Adapters<'_, '_> {
    /// Generates the function that a caller's import is bound to.
    pub fn starting(&mut self, lower: LowerId, adapt: &Adapt) -> Result<FuncId> {
        let plan = self.plan;
        let (low, lift) = (&plan.lowers[lower], &plan.lifts[adapt.lift]);
        let ty = plan.types.func(lift.ty)?;
        let caller = End::guest(plan, low.owner, low.options);
        let callee = End::guest(plan, lift.owner, lift.options);
        let (outer_side, inner_side) = (Side::of_lower(&low.options), Side::of_lift(&lift.options));
        let outer = self.facts.abi_with(caller.pointer).flatten(ty, outer_side);
        let inner = self.facts.abi_with(callee.pointer).flatten(ty, inner_side);
        let starting = Starting {
            lower,
            lift: adapt.lift,
            adapt,
            caller,
            callee,
            signatures: Signatures { outer, inner, outer_side, inner_side },
            params: ty.param_types().collect(),
            result: ty.result,
        };
        let start = self.start(&starting)?;
        let deferred = self.deferred(&starting, start);
        let place = self.inside()?.place(TaskFunc::Start(lower));
        self.builder.element(place as u32, Callee::Own(deferred));
        if lift.options.async_ {
            let returns = self.returns(&starting)?;
            let place = self.inside()?.place(TaskFunc::Return(lower));
            self.builder.element(place as u32, Callee::Own(returns));
        }
        self.lower(&starting, start)
    }

    /// What there is for tasks that the module keeps.
    pub fn inside(&self) -> Result<&'_ Inside> {
        let inside = self.facts.inside.as_ref();
        inside.ok_or_else(|| Error::internal("the module keeps no tasks"))
    }

    /// The record of an instance.
    pub fn record(&self, instance: InstanceId) -> Result<i32> {
        let record = self.inside()?.record(instance);
        record.ok_or_else(|| Error::internal("an instance with tasks has no record"))
    }

    /// Pushes what is the same for all tasks of a lifted function: its instance, whether it has that to
    /// itself, what it returns, and how it goes on.
    pub fn task_of(&mut self, body: &mut Body, id: LiftId) -> Result<()> {
        let lift = &self.plan.lifts[id];
        let exclusive = i32::from(!lift.options.async_ || lift.options.callback.is_some());
        let signature = self.inside()?.signature(self.plan, id)?;
        let resume = self.inside()?.place(TaskFunc::Resume(id));
        let record = self.record(lift.owner)?;
        body.ins().i32_const(record).i32_const(exclusive).i32_const(signature).i32_const(resume);
        Ok(())
    }

    fn name(&self, part: &str, lower: LowerId) -> String {
        format!("{part} {lower} {}", self.plan.lowers[lower].name)
    }

    /// `lower`: what the caller calls.
    fn lower(&mut self, it: &Starting<'_>, start: FuncId) -> Result<FuncId> {
        let caller = self.plan.lowers[it.lower].owner;
        let outer = &it.signatures.outer;
        let name = format!("{} {}", it.lower, self.plan.lowers[it.lower].name);
        let func = self.builder.declare(name, outer.ty.clone());
        let mut body = Body::new(outer.ty.params());
        if it.adapt.around.leave == Leave::Checked {
            self.check_may_leave(&mut body, caller)?;
        }
        let asynchronous = it.signatures.outer_side == Side::AsyncLower;
        let task = body.local(ValType::I32);
        self.task_of(&mut body, it.lift)?;
        let returns = self.inside()?.place(TaskFunc::Return(it.lower));
        body.ins().i32_const(returns);
        self.floor(&mut body, it, asynchronous)?;
        match outer.spilled_results {
            true => {
                let pointer = outer.ty.params().len() as u32 - 1;
                body.ins().local_get(pointer);
                body.widen_pointer(it.caller.pointer);
            }
            false => drop(body.ins().i64_const(0)),
        }
        self.task_op(&mut body, TaskOp::Create);
        body.ins().local_tee(task.index);
        self.task_op(&mut body, TaskOp::Begin);
        body.ins().if_(BlockType::Empty).local_get(task.index);
        let params: Vec<ValType> = it.passed().to_vec();
        for index in 0..params.len() {
            body.ins().local_get(index as u32);
        }
        body.call(Callee::Own(start));
        body.ins().else_();
        self.defer(&mut body, it, task, &params)?;
        body.ins().end();
        match asynchronous {
            true => self.come_back(&mut body, caller, task)?,
            false => self.wait_for_return(&mut body, caller, task, outer.ty.results())?,
        }
        self.builder.define(func, body);
        Ok(func)
    }

    /// Pushes what a call stands on, and the task of the engine that its task stays with.
    fn floor(&mut self, body: &mut Body, it: &Starting<'_>, asynchronous: bool) -> Result<()> {
        if asynchronous {
            body.ins().i32_const(0).i32_const(0);
            return Ok(());
        }
        let record = self.record(self.plan.lowers[it.lower].owner)?;
        body.ins().i32_const(record);
        self.task_op(body, TaskOp::Floor);
        match it.adapt.around.stack {
            // What may go on when it has returned can be later than the task of the engine.
            Stack::Waits(_) | Stack::Cancels(_) if !self.plan.lifts[it.lift].options.async_ => {
                let floor = body.local(ValType::I32);
                body.ins().local_tee(floor.index).local_get(floor.index);
                self.task_op(body, TaskOp::EngineOf);
                body.free(floor);
            }
            _ => drop(body.ins().i32_const(0)),
        }
        Ok(())
    }

    /// Keeps the parameters of a task that waits to enter.
    fn defer(
        &mut self,
        body: &mut Body,
        it: &Starting<'_>,
        task: Local,
        params: &[ValType],
    ) -> Result<()> {
        let place = self.inside()?.place(TaskFunc::Start(it.lower));
        let cell = body.local(ValType::I32);
        body.ins().local_get(task.index).i32_const(place);
        self.task_op(body, TaskOp::Defer);
        body.ins().local_set(cell.index);
        for (index, &ty) in params.iter().enumerate() {
            body.ins().local_get(cell.index).local_get(index as u32);
            self.store_record(body, 8 * index as u64, ty)?;
        }
        body.free(cell);
        Ok(())
    }

    /// Tells how far a task has come that was called with `async`.
    fn come_back(&mut self, body: &mut Body, caller: InstanceId, task: Local) -> Result<()> {
        body.ins().local_get(task.index);
        self.task_op(body, TaskOp::Called);
        body.ins().i32_const(RETURNED).i32_eq();
        body.ins().if_(BlockType::Result(ValType::I32)).i32_const(RETURNED).else_();
        body.ins().local_get(task.index);
        body.ins().i32_const(WAITABLE).local_get(task.index);
        self.table_op(body, caller, TableOp::New)?;
        self.task_op(body, TaskOp::Named);
        body.ins().end();
        Ok(())
    }

    /// Waits until a task has returned that was called without `async`, and pushes its result.
    fn wait_for_return(
        &mut self,
        body: &mut Body,
        caller: InstanceId,
        task: Local,
        results: &[ValType],
    ) -> Result<()> {
        let record = self.record(caller)?;
        body.ins().local_get(task.index).i32_const(record);
        self.task_op(body, TaskOp::Block);
        for &ty in results {
            body.ins().local_get(task.index);
            self.load_record(body, RESULT, ty)?;
        }
        body.ins().local_get(task.index);
        self.task_op(body, TaskOp::Forget);
        Ok(())
    }

    /// `start`: a task begins.
    fn start(&mut self, it: &Starting<'_>) -> Result<FuncId> {
        let plan = self.plan;
        let lift = &plan.lifts[it.lift];
        let params: Vec<ValType> = [ValType::I32].iter().chain(it.passed()).copied().collect();
        let name = self.name("start", it.lower);
        let func = self.builder.declare(name, FuncType::new(params.iter().copied(), []));
        let task = Local { index: 0, ty: ValType::I32 };
        let mut body = Body::new(&params);
        let before = self.enter(&mut body, task);
        let lends = it.adapt.around.lends;
        let mut t = Translator::new(self, body, [it.caller, it.callee], lends);
        let given = (1..).zip(it.passed()).map(|(index, &ty)| Local { index, ty });
        let given: Vec<Local> = given.collect();
        let arguments = t.moved_arguments(&it.params, &it.signatures, &given)?;
        for local in &arguments {
            t.body.ins().local_get(local.index);
        }
        let ty = it.signatures.inner.ty.clone();
        let callee = t.module.guest_func(lift.callee, ty.clone(), "callee");
        t.module.call_guest(&mut t.body, callee, &ty)?;
        match lift.options.async_ {
            true => t.module.after_call(&mut t.body, lift, task)?,
            false => {
                let values: Vec<Local> = ty.results().iter().map(|&ty| t.body.local(ty)).collect();
                for local in values.iter().rev() {
                    t.body.ins().local_set(local.index);
                }
                (t.from, t.to) = (it.callee, it.caller);
                t.return_values(it, &values, task)?;
                if let Ending::PostReturn(post_return) = it.adapt.around.ending {
                    t.post_return(post_return, lift.owner, &it.signatures.inner, &values)?;
                }
                t.body.ins().local_get(task.index);
                t.module.task_op(&mut t.body, TaskOp::Exit);
            }
        }
        let mut body = t.body;
        self.leave(&mut body, before);
        self.builder.define(func, body);
        Ok(func)
    }

    /// A task begins; what was before.
    pub fn enter(&mut self, body: &mut Body, task: Local) -> [Local; 3] {
        let before = [ValType::I32, ValType::I64, ValType::I64].map(|ty| body.local(ty));
        body.ins().local_get(task.index);
        self.task_op(body, TaskOp::Enter);
        for local in before.iter().rev() {
            body.ins().local_set(local.index);
        }
        before
    }

    /// Back to what was before.
    pub fn leave(&mut self, body: &mut Body, before: [Local; 3]) {
        for local in before {
            body.ins().local_get(local.index);
        }
        self.task_op(body, TaskOp::Leave);
    }

    /// What a function that is lifted with `async` does when control comes back from it. With a callback,
    /// what it has returned is on the stack.
    pub fn after_call(&mut self, body: &mut Body, lift: &Lift, task: Local) -> Result<()> {
        if lift.options.callback.is_none() {
            body.ins().local_get(task.index);
            self.task_op(body, TaskOp::Exit);
            return Ok(());
        }
        let packed = body.local(ValType::I32);
        let code = body.local(ValType::I32);
        // 0 exit, 1 yield, 2 wait
        body.ins().local_tee(packed.index).i32_const(15).i32_and().local_tee(code.index);
        body.ins().i32_eqz().if_(BlockType::Empty).local_get(task.index);
        self.task_op(body, TaskOp::Exit);
        body.ins().else_().local_get(code.index).i32_const(2).i32_gt_u();
        self.trap_if(body, Trap::CallbackCode)?;
        body.ins().local_get(task.index);
        body.ins().local_get(code.index).i32_const(1).i32_eq();
        // The runtime's word for a turn is 2, for any other wait the address of a set.
        body.ins().if_(BlockType::Result(ValType::I32)).i32_const(2).else_();
        body.ins().i32_const(WAITABLE_SET).local_get(packed.index).i32_const(4).i32_shr_u();
        self.table_op(body, lift.owner, TableOp::Rep)?;
        body.ins().end();
        self.task_op(body, TaskOp::Suspend);
        body.ins().end();
        body.free(packed);
        body.free(code);
        Ok(())
    }

    /// `deferred`: a task begins that has waited to enter.
    fn deferred(&mut self, it: &Starting<'_>, start: FuncId) -> FuncId {
        let name = self.name("deferred", it.lower);
        let func = self.builder.declare(name, FuncType::new([ValType::I32], []));
        let mut body = Body::new(&[ValType::I32]);
        let cell = body.local(ValType::I32);
        body.ins().local_get(0);
        // Addresses of records are not checked: a record is where the runtime says.
        let _ = self.load_record(&mut body, ARGUMENTS, ValType::I32);
        body.ins().local_set(cell.index).local_get(0);
        for (index, &ty) in it.passed().iter().enumerate() {
            body.ins().local_get(cell.index);
            let _ = self.load_record(&mut body, 8 * index as u64, ty);
        }
        body.ins().local_get(cell.index);
        self.task_op(&mut body, TaskOp::Free);
        body.call(Callee::Own(start));
        self.builder.define(func, body);
        func
    }

    /// `return`: a task returns what `task.return` was called with.
    fn returns(&mut self, it: &Starting<'_>) -> Result<FuncId> {
        let values = self.returned_types(it.result, it.callee.pointer);
        let params: Vec<ValType> = values.iter().copied().chain([ValType::I32]).collect();
        let name = self.name("return", it.lower);
        let func = self.builder.declare(name, FuncType::new(params.iter().copied(), []));
        let task = Local { index: values.len() as u32, ty: ValType::I32 };
        let given = (0..).zip(values).map(|(index, ty)| Local { index, ty });
        let given: Vec<Local> = given.collect();
        let body = Body::new(&params);
        let mut t = Translator::new(self, body, [it.callee, it.caller], Lends::Nothing);
        t.return_values(it, &given, task)?;
        let body = t.body;
        self.builder.define(func, body);
        Ok(func)
    }

    /// The core values that `task.return` is called with.
    pub fn returned_types(&self, result: Option<TypeId>, pointer: ValType) -> Vec<ValType> {
        self.facts.abi_with(pointer).flat_record(result).unwrap_or_else(|| vec![pointer])
    }

    /// What a task is called back with goes on with.
    pub fn resume(&mut self, id: LiftId) -> Result<FuncId> {
        let lift = &self.plan.lifts[id];
        let callback = lift.options.callback;
        let callback = callback.ok_or_else(|| Error::internal("a lift has no callback"))?;
        let ty = FuncType::new([ValType::I32; 4], []);
        let func = self.builder.declare(format!("resume {id}"), ty.clone());
        let mut body = Body::new(ty.params());
        let task = Local { index: 0, ty: ValType::I32 };
        let inner = FuncType::new([ValType::I32; 3], [ValType::I32]);
        let callee = self.guest_func(callback, inner.clone(), "callback");
        body.ins().local_get(1).local_get(2).local_get(3);
        self.call_guest(&mut body, callee, &inner)?;
        self.after_call(&mut body, lift, task)?;
        self.builder.define(func, body);
        let place = self.inside()?.place(TaskFunc::Resume(id));
        self.builder.element(place as u32, Callee::Own(func));
        Ok(func)
    }

    /// Pushes a field of the record on the stack.
    pub fn load_record(&mut self, body: &mut Body, offset: u64, ty: ValType) -> Result<()> {
        let arg = self.record_arg(offset, ty)?;
        let mut ins = body.ins();
        match ty {
            ValType::I64 => ins.i64_load(arg),
            ValType::F32 => ins.f32_load(arg),
            ValType::F64 => ins.f64_load(arg),
            _ => ins.i32_load(arg),
        };
        Ok(())
    }

    /// Stores the value on the stack in a field of the record below it.
    pub fn store_record(&mut self, body: &mut Body, offset: u64, ty: ValType) -> Result<()> {
        let arg = self.record_arg(offset, ty)?;
        let mut ins = body.ins();
        match ty {
            ValType::I64 => ins.i64_store(arg),
            ValType::F32 => ins.f32_store(arg),
            ValType::F64 => ins.f64_store(arg),
            _ => ins.i32_store(arg),
        };
        Ok(())
    }

    fn record_arg(&mut self, offset: u64, ty: ValType) -> Result<MemArg> {
        let align = if matches!(ty, ValType::I64 | ValType::F64) { 3 } else { 2 };
        let memory = self.memory(Memory::Records)?.0;
        let target = MemArgTarget::Memory(memory);
        Ok(MemArg { offset, align, target, ordering: None })
    }
}

impl Starting<'_> {
    /// The core types of the parameters: without the pointer for results.
    fn passed(&self) -> &[ValType] {
        let Signatures { outer, outer_side, .. } = &self.signatures;
        &outer.ty.params()[..flat_params(outer, *outer_side)]
    }
}

impl Translator<'_, '_, '_> {
    /// Moves a result to where the caller of a task wants it, and the task has returned.
    fn return_values(&mut self, it: &Starting<'_>, given: &[Local], task: Local) -> Result<()> {
        if let Some(result) = it.result {
            let source = self.returned_place(it, result, given)?;
            match it.signatures.outer.spilled_results {
                true => {
                    let pointer = self.body.local(ValType::I64);
                    self.body.ins().local_get(task.index);
                    self.module.load_record(&mut self.body, POINTER, ValType::I64)?;
                    let address = match self.to.pointer {
                        ValType::I64 => pointer,
                        ty => {
                            self.body.ins().i32_wrap_i64();
                            self.body.local(ty)
                        }
                    };
                    self.body.ins().local_set(address.index);
                    self.check_pointer(&[result], address, self.to)?;
                    self.translate(result, &source, &Place::Memory { address, offset: 0 })?;
                }
                false => {
                    let types = it.signatures.outer.ty.results();
                    let values: Vec<Local> = types.iter().map(|&ty| self.body.local(ty)).collect();
                    self.translate(result, &source, &Place::Locals(values.clone()))?;
                    for value in values {
                        self.body.ins().local_get(task.index).local_get(value.index);
                        self.module.store_record(&mut self.body, RESULT, value.ty)?;
                    }
                }
            }
        }
        self.body.ins().local_get(task.index);
        self.module.task_op(&mut self.body, TaskOp::Returned);
        Ok(())
    }

    /// Where a callee's result is, which has come as these core values.
    fn returned_place(
        &mut self,
        it: &Starting<'_>,
        result: TypeId,
        given: &[Local],
    ) -> Result<Place> {
        let in_memory = match it.signatures.inner_side {
            Side::Lift => it.signatures.inner.spilled_results,
            _ => self.source_abi().flat_record([result]).is_none(),
        };
        if !in_memory {
            return Ok(Place::Locals(given.to_vec()));
        }
        let pointer = || Error::internal("spilled results have no pointer");
        let address = *given.first().ok_or_else(pointer)?;
        self.check_pointer(&[result], address, self.from)?;
        Ok(Place::Memory { address, offset: 0 })
    }
}
