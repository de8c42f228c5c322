//! What each lower and each built-in is bound to.
//!
//! A lower is bound straight to the callee where nothing has to be done: every value is plain and
//! flat, and nothing happens around the call ([`Around`]). Else it has an adapter. A call of the
//! host goes to the boundary, through a shim if there is something to check or exchange.

use super::bridge::Through;
use super::calls::{Adapt, Around, Passing};
use super::externals::{self, External, Externals};
use super::guards::{self, Leave};
use super::lends::Frame;
use super::moves::{Move, Moves};
use super::{Exceptions, Facts, HandlePolicy, SlotHome, blocking, tasks};
use crate::abi::Side;
use crate::core::ExternalId;
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinKind, CoreEntity, CoreFunc, ImportId, LiftId, Lower, LowerId,
    Plan,
};

/// How a lower is bound.
#[derive(Clone, Debug)]
pub enum Binding {
    /// The import is the callee's own core function.
    Direct {
        /// The core function that was lifted.
        callee: CoreFunc,
    },
    /// A generated function checks, copies and guards.
    Adapt(Adapt),
    /// A generated function makes a task, which the module keeps: the callee is `async`.
    Start(Adapt),
    /// A generated function that traps: one of the two instances is the other, or contains it, so
    /// that the callee's instance has been entered already.
    CannotEnter {
        /// What would be called.
        lift: LiftId,
    },
    /// A generated function that says where a memory begins.
    Base {
        /// The memory.
        memory: CoreEntity,
    },
    /// The boundary's function.
    Boundary {
        /// Which.
        external: ExternalId,
        /// What comes before it.
        leave: Leave,
    },
    /// The boundary's function, by a generated function that exchanges handles and translates
    /// pointers.
    Exchange {
        /// Which.
        external: ExternalId,
        /// Through which memory.
        through: Through,
        /// What is done around the call.
        around: Around,
    },
}

/// How a built-in is bound.
#[derive(Clone, Debug)]
pub enum BuiltinBinding {
    /// To the engine's.
    Engine {
        /// Which.
        external: ExternalId,
        /// What comes before it.
        leave: Leave,
    },
    /// To the engine's, of a slot that is wider than the instance has it: another instance has it so, and
    /// a slot has one width in a component. A generated function wraps or extends the value.
    WideSlot {
        /// The built-in of the wide slot.
        external: ExternalId,
    },
    /// To the instance's own handle table, by a generated function.
    Table {
        /// What comes before it.
        leave: Leave,
    },
    /// To a generated function that keeps the result of the task that a crossing is.
    TaskReturn {
        /// What comes before it.
        leave: Leave,
        /// The crossings that it can be about: of this result, to functions that are lifted with
        /// these options.
        tasks: Vec<Returning>,
    },
    /// To a generated function: the module keeps tasks, and what they wait for.
    Inside {
        /// What comes before it.
        leave: Leave,
    },
    /// To a generated function that traps: who makes a crossing never asks for its end.
    TaskCancel {
        /// What comes before it.
        leave: Leave,
    },
}

/// A crossing that ends by `task.return`.
#[derive(Clone, Copy, Debug)]
pub struct Returning {
    /// What the caller calls.
    pub lower: LowerId,
    /// What it calls.
    pub lift: LiftId,
    /// Which borrows the callee has to have dropped by then.
    pub frame: Frame,
}

impl Facts {
    /// Decides how a call of the host is bound whose values are exchanged.
    pub(super) fn exchange(
        &self,
        plan: &Plan<'_>,
        externals: &mut Externals,
        lower: &Lower,
        import: ImportId,
        through: Through,
    ) -> Result<Binding> {
        let external = externals.id(match through {
            Through::Bridge => External::Exchange { import },
            Through::Guest => externals::imported(plan, &self.abi, lower, import)?,
        });
        let around = Around::of_import(plan, self, lower)?;
        Ok(Binding::Exchange { external, through, around })
    }

    /// Decides how any other call of the host is bound.
    pub(super) fn call_out(
        &self,
        plan: &Plan<'_>,
        externals: &mut Externals,
        lower: &Lower,
        import: ImportId,
    ) -> Result<Binding> {
        let external = externals.id(externals::imported(plan, &self.abi, lower, import)?);
        Ok(Binding::Boundary { external, leave: self.may_leave[lower.owner].boundary })
    }

    /// Of a built-in on a slot of context that is wider than it says, that of the wide one.
    fn wide_slot(&self, builtin: &Builtin) -> Option<ExternalId> {
        let (slot, of): (_, fn(ExternalId, ExternalId) -> ExternalId) = match builtin.kind {
            BuiltinKind::Async(AsyncBuiltin::ContextGet(slot)) => (slot, |get, _| get),
            BuiltinKind::Async(AsyncBuiltin::ContextSet(slot)) => (slot, |_, set| set),
            _ => return None,
        };
        let mut slots = self.context[builtin.owner].iter();
        let wide = slots.find(|it| it.slot.index == slot.index && it.slot.ty != slot.ty)?;
        match wide.home {
            SlotHome::Engine { get, set } => Some(of(get, set)),
            SlotHome::Global => None,
        }
    }

    /// Decides how a built-in is bound.
    pub(super) fn builtin(
        &self,
        plan: &Plan<'_>,
        externals: &mut Externals,
        builtin: &Builtin,
    ) -> Result<BuiltinBinding> {
        let flags = self.may_leave[builtin.owner];
        let checked = |leave| if builtin.kind.leaves() { leave } else { Leave::Free };
        if let (BuiltinKind::Async(_), Some(_)) = (builtin.kind, &self.inside) {
            return Ok(BuiltinBinding::Inside { leave: checked(flags.crossings) });
        }
        let by_engine = match builtin.kind.resource() {
            Some(resource) => self.resources[resource] == HandlePolicy::Passthrough,
            None => !guards::is_of_crossings(plan, builtin),
        };
        if let Some(external) = self.wide_slot(builtin) {
            return Ok(BuiltinBinding::WideSlot { external });
        }
        if by_engine {
            let external = externals.id(External::Builtin(builtin.kind));
            return Ok(BuiltinBinding::Engine { external, leave: checked(flags.boundary) });
        }
        let leave = checked(flags.crossings);
        Ok(match builtin.kind {
            BuiltinKind::Async(AsyncBuiltin::TaskReturn { result, options }) => {
                let tasks = tasks::returning(plan, builtin.owner, result, &options)?;
                let returning = |(lower, lift)| Returning {
                    lower,
                    lift,
                    frame: match &self.lowers[lower] {
                        Some(Binding::Adapt(adapt)) => adapt.around.frame,
                        _ => Frame::None,
                    },
                };
                let tasks = tasks.into_iter().map(returning).collect();
                BuiltinBinding::TaskReturn { leave, tasks }
            }
            BuiltinKind::Async(_) => BuiltinBinding::TaskCancel { leave },
            _ => BuiltinBinding::Table { leave },
        })
    }

    /// Decides how a crossing is compiled.
    pub(super) fn crossing(
        &self,
        plan: &Plan<'_>,
        lower: LowerId,
        lift: LiftId,
        moves: &mut Moves,
    ) -> Result<Binding> {
        let caller = &plan.lowers[lower];
        let callee = &plan.lifts[lift];
        if plan.is_reentrant(lower, lift) {
            return Ok(Binding::CannotEnter { lift });
        }
        let ty = plan.types.func(callee.ty)?;
        let (outer, inner) = (caller.options.encoding, callee.options.encoding);
        let params: Vec<_> = ty
            .params
            .iter()
            .map(|(name, ty)| (name.clone(), moves.of(plan, &self.abi, *ty, outer, inner)))
            .collect();
        let result = ty.result.map(|ty| moves.of(plan, &self.abi, ty, inner, outer));
        let signature = self.abi.flatten(ty, Side::of_lower(&caller.options));
        let passing = |spilled| if spilled { Passing::Spilled } else { Passing::Flat };
        let passed = passing(signature.spilled_params);
        let returned = passing(signature.spilled_results);
        let around = Around::of_crossing(plan, self, caller, lift)?;
        if self.inside.is_some() && blocking::is_async(plan, lift) {
            return Ok(Binding::Start(Adapt { lift, params, passed, result, returned, around }));
        }
        let is_plain = params.iter().map(|(_, m)| m).chain(&result).all(|m| *m == Move::Plain)
            && (passed, returned) == (Passing::Flat, Passing::Flat)
            && !caller.options.async_;
        if is_plain && around.is_nothing() && self.exceptions == Exceptions::None {
            return Ok(Binding::Direct { callee: callee.callee });
        }
        Ok(Binding::Adapt(Adapt { lift, params, passed, result, returned, around }))
    }
}
