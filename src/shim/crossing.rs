//! The function of a crossing: *canon_lower* around *canon_lift* of the specification.

use wasm_encoder::ValType;

use super::builder::{Body, CoreType, FuncId, Local};
use super::translate::{Place, Translator};
use super::{Adapters, End};
use crate::abi::{Side, Signature};
use crate::analyse::Adapt;
use crate::error::Result;
use crate::plan::{LowerId, TypeId};
use crate::runtime::HandleOp;

impl Adapters<'_, '_> {
    /// Generates the function that a caller's import is bound to.
    pub(super) fn crossing(&mut self, lower: LowerId, adapt: &Adapt) -> Result<FuncId> {
        let plan = self.plan;
        let (lower_id, lower, lift) = (lower, &plan.lowers[lower], &plan.lifts[adapt.lift]);
        let ty = plan.types.func(lift.ty)?;
        let outer = self.facts.abi.flatten(ty, Side::Lower);
        let inner = self.facts.abi.flatten(ty, Side::Lift);
        let params: Vec<TypeId> = ty.param_types().collect();
        let caller = End { owner: lower.owner, options: lower.options };
        let callee = End { owner: lift.owner, options: lift.options };

        let name = format!("{lower_id} {}", lower.name);
        let outer_type = CoreType::new(outer.params.clone(), outer.results.clone());
        let func = self.builder.declare(name, outer_type);
        let body = Body::new(&outer.params);
        let mut t = Translator { module: self, body, from: caller, to: callee };
        if adapt.guarded {
            t.module.check_may_leave(&mut t.body, caller.owner)?;
        }

        let mark = t.begin_call(adapt);
        let arguments = t.arguments(&params, &outer, &inner)?;
        for local in &arguments {
            t.body.ins().local_get(local.index);
        }
        let inner_type = CoreType::new(inner.params.clone(), inner.results.clone());
        let core = t.module.guest_func(lift.callee, inner_type.clone(), "callee");
        t.module.call_guest(&mut t.body, core, &inner_type)?;
        let flat_results: Vec<Local> = inner.results.iter().map(|&ty| t.body.local(ty)).collect();
        for local in flat_results.iter().rev() {
            t.body.ins().local_set(local.index);
        }

        // *Task.return_*: before the results reach the caller.
        if adapt.borrows {
            t.handle_op(HandleOp::Exit, callee.owner);
        }
        (t.from, t.to) = (callee, caller);
        let results = t.results(ty.result, &flat_results, &outer, &inner)?;
        if let Some(post_return) = lift.options.post_return {
            let ty = CoreType::new(inner.results.clone(), []);
            let post_return = t.module.guest_func(post_return, ty.clone(), "post-return");
            let lock = t.module.facts.may_leave[callee.owner].takes_inner_locks();
            t.module.locked(&mut t.body, callee.owner, lock, |module, body| {
                for local in &flat_results {
                    body.ins().local_get(local.index);
                }
                module.call_guest(body, post_return, &ty)
            })?;
        }
        if let Some(mark) = mark {
            t.body.ins().local_get(mark.index);
            t.handle_op(HandleOp::Unlend, caller.owner);
        }
        for local in results {
            t.body.ins().local_get(local.index);
        }
        let body = t.body;
        self.builder.define(func, body);
        Ok(func)
    }
}

impl Translator<'_, '_, '_> {
    /// Moves the parameters; returns what to pass to the callee.
    fn arguments(
        &mut self,
        params: &[TypeId],
        outer: &Signature,
        inner: &Signature,
    ) -> Result<Vec<Local>> {
        let own = |index: usize| Local { index: index as u32, ty: outer.params[index] };
        let flat = outer.params.len() - usize::from(outer.spilled_results);
        let source = match outer.spilled_params {
            true => self.spilled(params, own(0))?,
            false => Place::Locals((0..flat).map(own).collect()),
        };
        let (destination, arguments) = match inner.spilled_params {
            true => {
                let layout = self.module.facts.abi.record(params)?;
                let allocate = self.module.allocate(&self.to.clone())?;
                let ptr = self.body.local(ValType::I32);
                self.body.ins().i32_const(layout.align as i32).i32_const(layout.size as i32);
                self.body.call(allocate);
                self.body.ins().local_set(ptr.index);
                (Place::Memory { address: ptr, offset: 0 }, vec![ptr])
            }
            false => {
                let locals: Vec<_> = inner.params.iter().map(|&ty| self.body.local(ty)).collect();
                (Place::Locals(locals.clone()), locals)
            }
        };
        self.record(params, &source, &destination)?;
        Ok(arguments)
    }

    /// Moves the result; returns what to return to the caller.
    fn results(
        &mut self,
        result: Option<TypeId>,
        flat_results: &[Local],
        outer: &Signature,
        inner: &Signature,
    ) -> Result<Vec<Local>> {
        let Some(result) = result else { return Ok(Vec::new()) };
        let source = match inner.spilled_results {
            true => {
                let address = flat_results[0];
                let callee = self.from;
                self.check_pointer(&[result], address, &callee)?;
                Place::Memory { address, offset: 0 }
            }
            false => Place::Locals(flat_results.to_vec()),
        };
        let (destination, results) = match outer.spilled_results {
            true => {
                let index = outer.params.len() as u32 - 1;
                let address = Local { index, ty: ValType::I32 };
                let caller = self.to;
                self.check_pointer(&[result], address, &caller)?;
                (Place::Memory { address, offset: 0 }, Vec::new())
            }
            false => {
                let locals: Vec<_> = outer.results.iter().map(|&ty| self.body.local(ty)).collect();
                (Place::Locals(locals.clone()), locals)
            }
        };
        self.translate(result, &source, &destination)?;
        Ok(results)
    }

    /// The place of spilled parameters, at the end that values come from.
    fn spilled(&mut self, fields: &[TypeId], address: Local) -> Result<Place> {
        let end = self.from;
        self.check_pointer(fields, address, &end)?;
        Ok(Place::Memory { address, offset: 0 })
    }

    fn check_pointer(&mut self, fields: &[TypeId], address: Local, end: &End) -> Result<()> {
        let layout = self.module.facts.abi.record(fields)?;
        let check = self.module.check_pointer(end)?;
        self.body.ins().local_get(address.index);
        self.body.ins().i32_const(layout.size as i32).i32_const(layout.align as i32 - 1);
        self.body.call(check);
        Ok(())
    }
}
