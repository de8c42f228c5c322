//! Calls: *canon_lower* around *canon_lift* of the specification, as one function.
//!
//! Both ends of a call are alike: who is there, a memory, an encoding ([`End`]). A crossing has a
//! guest at each. Where handles have to be exchanged at the boundary (`exchange`), one of the two
//! is the host, whose memory is the bridge.

use wasm_encoder::ValType;

use crate::abi::{Side, Signature};
use crate::analyse::{Around, Ending, Frame, Leave, Lends, Running, Slots};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{CoreFunc, InstanceId, LiftId, LowerId, ResourceId, TypeId};
use crate::runtime::{BridgeOp, StoreOp, TaskOp};
use crate::shim::code::{Adapters, Body, Callee, End, FuncId, Local, Party};
use crate::shim::values::{Place, Translator};

/// What calling with `async` returns when the callee has returned already: *Subtask.State.RETURNED*
/// in the specification.
const RETURNED: i32 = 2;

/// A call from one end to another.
pub struct Call<'f> {
    /// Its type, a function type.
    pub ty: TypeId,
    /// Who calls.
    pub caller: End,
    /// Who is called.
    pub callee: End,
    /// As what the caller calls.
    pub outer_side: Side,
    /// As what the callee is called.
    pub inner_side: Side,
    /// What is done around it.
    pub around: Around,
    /// Of a call by the host, the resources whose handles it has lent.
    pub give_back: &'f [ResourceId],
    /// The lower and the lift, if it is a crossing.
    pub crossing: Option<(LowerId, LiftId)>,
}

/// The core types at both ends of a call.
pub(super) struct Signatures {
    pub outer: Signature,
    pub inner: Signature,
    /// As whom the function is called: results of a lowered function go where a parameter says.
    pub outer_side: Side,
    /// As whom the callee is called.
    pub inner_side: Side,
}

impl Adapters<'_, '_> {
    /// Generates the function of a call; `target` is what it calls, given its core type.
    pub fn call(
        &mut self,
        name: String,
        call: &Call<'_>,
        target: impl FnOnce(&mut Self, FuncType) -> Callee,
    ) -> Result<FuncId> {
        let plan = self.plan;
        let ty = plan.types.func(call.ty)?;
        let params: Vec<TypeId> = ty.param_types().collect();
        let &Call { outer_side, inner_side, .. } = call;
        let outer = self.facts.abi_with(call.caller.pointer).flatten(ty, outer_side);
        let inner = self.facts.abi_with(call.callee.pointer).flatten(ty, inner_side);
        let signatures = Signatures { outer, inner, outer_side, inner_side };
        let (outer, inner) = (&signatures.outer, &signatures.inner);

        let func = self.builder.declare(name, outer.ty.clone());
        let body = Body::new(outer.ty.params());
        let around = call.around;
        let (from, to, lends) = (call.caller, call.callee, around.lends);
        let mut t = Translator::new(self, body, [from, to], lends);
        if let (Leave::Checked, Party::Guest(owner)) = (around.leave, call.caller.party) {
            t.module.check_may_leave(&mut t.body, owner)?;
        }
        if around.running != Running::Same && call.caller.party == Party::Host {
            t.module.run_ready(&mut t.body);
        }
        let mut scope = t.begin(call);
        let arguments = t.arguments(&params, &signatures)?;
        let return_to = t.return_area(ty.result, &signatures)?;
        let context = match (around.slots, call.callee.party) {
            (Slots::Own, Party::Guest(entered)) => t.module.clear_context(&mut t.body, entered),
            _ => Vec::new(),
        };
        let running = t.module.run_instance(&mut t.body, around.running);
        let task = call.crossing.filter(|_| around.ending == Ending::TaskReturn);
        let before = match task {
            Some((lower, lift)) => t.start_task(lower, lift)?,
            None => Vec::new(),
        };
        if call.callee.is_bridge() {
            // From here on, the host may call an export.
            scope.floor = Some(t.bridge_mark(BridgeOp::Raise));
        }
        for local in arguments.iter().chain(&return_to) {
            t.body.ins().local_get(local.index);
        }
        let target = target(t.module, inner.ty.clone());
        t.module.call_guest(&mut t.body, target, &inner.ty)?;
        let flat_results: Vec<Local> =
            inner.ty.results().iter().map(|&ty| t.body.local(ty)).collect();
        for local in flat_results.iter().rev() {
            t.body.ins().local_set(local.index);
        }

        t.called(call)?;
        (t.from, t.to) = (call.callee, call.caller);
        let lifted: Vec<Local> = match task {
            Some((_, lift)) => t.finish_task(lift, before)?,
            None => return_to.into_iter().chain(flat_results.clone()).collect(),
        };
        let results = t.results(ty.result, &lifted, &signatures)?;
        if let (Ending::PostReturn(func), Party::Guest(owner)) = (around.ending, call.callee.party)
        {
            t.post_return(func, owner, inner, &flat_results)?;
        }
        if running.is_some() && call.caller.party == Party::Host {
            t.module.task_op(&mut t.body, TaskOp::Settle);
        }
        t.module.run_again(&mut t.body, running);
        t.module.restore_context(&mut t.body, context);
        t.end(call, &params, scope)?;
        for local in results {
            t.body.ins().local_get(local.index);
        }
        if outer_side == Side::AsyncLower {
            t.body.ins().i32_const(RETURNED);
        }
        let body = t.body;
        self.builder.define(func, body);
        Ok(func)
    }
}

/// What has to be given back at the end of a call.
struct Scope {
    /// Whether it has a frame.
    frame: bool,
    /// Of a call of the host, where the bridge ended before.
    bridge: Option<Local>,
    /// The same call's: what the floor of the bridge was.
    floor: Option<Local>,
}

impl Translator<'_, '_, '_> {
    /// Before parameters are moved.
    fn begin(&mut self, call: &Call<'_>) -> Scope {
        let Around { frame, lends, .. } = call.around;
        let mut scope = Scope { frame: false, bridge: None, floor: None };
        if frame == Frame::Borrows || lends == Lends::Kept || !call.give_back.is_empty() {
            self.module.store_op(&mut self.body, StoreOp::Open);
            scope.frame = true;
        }
        if call.callee.is_bridge() {
            scope.bridge = Some(self.bridge_mark(BridgeOp::Mark));
        }
        scope
    }

    /// Where something of the bridge is now.
    fn bridge_mark(&mut self, op: BridgeOp) -> Local {
        let mark = self.body.local(ValType::I32);
        self.module.bridge_op(&mut self.body, op);
        self.body.ins().local_set(mark.index);
        mark
    }

    /// When the callee has returned, and before the results reach the caller. *Task.return_* in
    /// the specification.
    fn called(&mut self, call: &Call<'_>) -> Result<()> {
        // What returns by `task.return` has dropped its borrows by then.
        let Around { frame, ending, .. } = call.around;
        if frame == Frame::Borrows && ending != Ending::TaskReturn {
            self.module.store_op(&mut self.body, StoreOp::Returned);
        }
        if !call.give_back.is_empty() {
            self.give_back(call.give_back)?;
        }
        if call.caller.is_bridge() {
            self.module.bridge_op(&mut self.body, BridgeOp::Empty);
        }
        Ok(())
    }

    /// When everything else is done.
    fn end(&mut self, call: &Call<'_>, params: &[TypeId], scope: Scope) -> Result<()> {
        let caller = call.caller.party;
        if let (Lends::Parameters, Party::Guest(caller)) = (call.around.lends, caller) {
            self.unlend(params, caller)?;
        }
        if scope.frame {
            match (call.around.lends, caller) {
                (Lends::Kept, Party::Guest(caller)) => {
                    self.module.push_table(&mut self.body, caller)?;
                }
                // Nothing of a table is in the frame.
                _ => drop(self.body.ins().i32_const(0)),
            }
            self.module.store_op(&mut self.body, StoreOp::Close);
        }
        for (place, op) in [(scope.floor, BridgeOp::Lower), (scope.bridge, BridgeOp::Reset)] {
            if let Some(place) = place {
                self.body.ins().local_get(place.index);
                self.module.bridge_op(&mut self.body, op);
            }
        }
        Ok(())
    }

    pub(super) fn post_return(
        &mut self,
        post_return: CoreFunc,
        owner: InstanceId,
        inner: &Signature,
        flat_results: &[Local],
    ) -> Result<()> {
        let ty = FuncType::new(inner.ty.results().iter().copied(), []);
        let post_return = self.module.guest_func(post_return, ty.clone(), "post-return");
        let lock = self.module.facts.may_leave[owner].inner;
        self.module.locked(&mut self.body, owner, lock, |module, body| {
            for local in flat_results {
                body.ins().local_get(local.index);
            }
            module.call_guest(body, post_return, &ty)
        })
    }

    /// Moves the parameters; returns what to pass to the callee.
    fn arguments(&mut self, params: &[TypeId], signatures: &Signatures) -> Result<Vec<Local>> {
        let Signatures { outer, outer_side, .. } = signatures;
        let own = |index: usize| Local { index: index as u32, ty: outer.ty.params()[index] };
        let given: Vec<Local> = (0..flat_params(outer, *outer_side)).map(own).collect();
        self.moved_arguments(params, signatures, &given)
    }

    /// Moves parameters that have come as these core values; returns what to pass to the callee.
    pub(super) fn moved_arguments(
        &mut self,
        params: &[TypeId],
        signatures: &Signatures,
        given: &[Local],
    ) -> Result<Vec<Local>> {
        let Signatures { outer, inner, inner_side, .. } = signatures;
        let source = match (outer.spilled_params, given) {
            (true, &[address]) => {
                self.check_pointer(params, address, self.from)?;
                Place::Memory { address, offset: 0 }
            }
            _ => Place::Locals(given.to_vec()),
        };
        let (destination, arguments) = match inner.spilled_params {
            true if self.shares_memory() => (source.clone(), given.to_vec()),
            true => {
                let address = self.allocate_record(params)?;
                (Place::Memory { address, offset: 0 }, vec![address])
            }
            false => {
                let types = inner.ty.params().iter().take(flat_params(inner, *inner_side));
                let locals: Vec<_> = types.map(|&ty| self.body.local(ty)).collect();
                (Place::Locals(locals.clone()), locals)
            }
        };
        self.record(params, &source, &destination)?;
        Ok(arguments)
    }

    /// Where a lowered callee is to put its results.
    fn return_area(
        &mut self,
        result: Option<TypeId>,
        signatures: &Signatures,
    ) -> Result<Option<Local>> {
        match (result, signatures.inner_side) {
            (Some(result), side) if side.is_lower() && signatures.inner.spilled_results => {
                match self.shares_memory() {
                    true => Ok(Some(return_pointer(&signatures.outer))),
                    false => self.allocate_record(&[result]).map(Some),
                }
            }
            _ => Ok(None),
        }
    }

    /// Moves the result; returns what to return to the caller.
    fn results(
        &mut self,
        result: Option<TypeId>,
        lifted: &[Local],
        signatures: &Signatures,
    ) -> Result<Vec<Local>> {
        let Some(result) = result else { return Ok(Vec::new()) };
        let Signatures { outer, inner, outer_side, .. } = signatures;
        let source = match inner.spilled_results {
            true => {
                let pointer = || Error::internal("spilled results have no pointer");
                let address = *lifted.first().ok_or_else(pointer)?;
                let callee = self.from;
                self.check_pointer(&[result], address, callee)?;
                Place::Memory { address, offset: 0 }
            }
            false => Place::Locals(lifted.to_vec()),
        };
        let (destination, results) = match (outer.spilled_results, outer_side) {
            (true, side) if self.shares_memory() => {
                let results = if side.is_lower() { Vec::new() } else { lifted.to_vec() };
                (source.clone(), results)
            }
            (true, side) if side.is_lower() => {
                let (address, caller) = (return_pointer(outer), self.to);
                self.check_pointer(&[result], address, caller)?;
                (Place::Memory { address, offset: 0 }, Vec::new())
            }
            (true, _) => {
                let address = self.allocate_record(&[result])?;
                (Place::Memory { address, offset: 0 }, vec![address])
            }
            (false, _) => {
                let locals: Vec<_> =
                    outer.ty.results().iter().map(|&ty| self.body.local(ty)).collect();
                (Place::Locals(locals.clone()), locals)
            }
        };
        self.translate(result, &source, &destination)?;
        Ok(results)
    }

    /// Allocates room for fields at the end that values go to.
    fn allocate_record(&mut self, fields: &[TypeId]) -> Result<Local> {
        let layout = self.destination_abi().record(fields)?;
        let allocate = self.module.allocate(self.to, layout.align)?;
        let ptr = self.body.local(self.to.pointer);
        self.body.ins().i32_const(layout.size as i32);
        self.body.call(allocate);
        self.body.ins().local_set(ptr.index);
        Ok(ptr)
    }

    /// Checks where values are that lie in memory; where the engine uses the same memory, it does.
    pub(super) fn check_pointer(
        &mut self,
        fields: &[TypeId],
        address: Local,
        end: End,
    ) -> Result<()> {
        if self.shares_memory() {
            return Ok(());
        }
        let layout = self.module.facts.abi_with(end.pointer).record(fields)?;
        self.module.check_pointer(&mut self.body, end.memory()?, address, layout)
    }
}

/// The parameter that says where results go.
fn return_pointer(signature: &Signature) -> Local {
    let params = signature.ty.params();
    let index = params.len().saturating_sub(1);
    Local { index: index as u32, ty: params.get(index).copied().unwrap_or(ValType::I32) }
}

/// How many core parameters are values: all but the pointer for results.
pub(super) fn flat_params(signature: &Signature, side: Side) -> usize {
    let pointer = side.is_lower() && signature.spilled_results;
    signature.ty.params().len() - usize::from(pointer)
}
