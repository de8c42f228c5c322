//! The decisions as stable text, for `--dump facts` and for tests.

use super::moves::elements;
use super::{
    Adapt, Around, Binding, BuiltinBinding, Ending, External, Facts, Frame, Leave, Lends, Move,
    Passing, Running, Slots, Stack, Way, element,
};
use crate::plan::{AsyncBuiltin, BuiltinKind, Plan};
use crate::text::Lines;

impl Facts {
    /// Every decision, one line each.
    pub fn dump(&self, plan: &Plan<'_>) -> Lines {
        let mut text = Lines::default();
        for (id, external) in &self.externals {
            let what = match external {
                External::Import { import, options, .. } => format!("{import}{options}"),
                External::Exchange { import } => format!("{import} through the bridge"),
                External::Exit => "the end of a command that has failed".into(),
                External::Token(op) => format!("{}, for tasks", op.name()),
                External::Builtin(kind) => kind.shown(&plan.types).to_string(),
            };
            text.line(format_args!("{id} = {what}"));
        }
        for (resource, _) in &plan.resources {
            text.line(format_args!("{resource} {}", self.resources[resource]));
        }
        for (instance, _) in &plan.instances {
            let flags = self.may_leave[instance];
            if flags.exists() {
                text.line(format_args!(
                    "{instance} may-leave: checked by {}",
                    match (flags.crossings, flags.boundary) {
                        (Leave::Checked, Leave::Checked) => "crossings and calls of the boundary",
                        (Leave::Checked, Leave::Free) => "crossings",
                        (Leave::Free, _) => "calls of the boundary",
                    }
                ));
            }
        }
        for (id, _) in &plan.lowers {
            match &self.lowers[id] {
                None => {}
                Some(Binding::Boundary { external, leave }) => {
                    text.line(format_args!("{id} = {external}{}", guard(*leave)));
                }
                Some(Binding::Base { memory }) => {
                    text.line(format_args!("{id} = where {memory} begins"));
                }
                Some(Binding::Exchange { external, through, around }) => {
                    let guard = guard(around.leave);
                    text.line(format_args!("{id} = {external}, {}{guard}", through.name()));
                }
                Some(binding @ Binding::Direct { callee }) => {
                    text.line(format_args!("{id} = {callee}: {}", binding.reason(plan)));
                }
                Some(binding @ Binding::CannotEnter { lift }) => {
                    text.line(format_args!(
                        "{id} = trap in place of {lift}: {}",
                        binding.reason(plan)
                    ));
                }
                Some(binding @ Binding::Start(adapt)) => {
                    text.line(format_args!(
                        "{id} = task of {}: {}",
                        adapt.lift,
                        binding.reason(plan)
                    ));
                }
                Some(binding @ Binding::Adapt(adapt)) => {
                    text.line(format_args!(
                        "{id} = adapter of {}: {}",
                        adapt.lift,
                        binding.reason(plan)
                    ));
                }
            }
        }
        for (id, _) in &plan.builtins {
            let (what, leave) = match &self.builtins[id] {
                None => continue,
                Some(BuiltinBinding::Engine { external, leave }) => (external.to_string(), leave),
                Some(BuiltinBinding::WideSlot { external }) => {
                    (format!("{external}, of 64 bits"), &Leave::Free)
                }
                Some(BuiltinBinding::Table { leave }) => {
                    ("the instance's own handle table".into(), leave)
                }
                Some(BuiltinBinding::Inside { leave }) => ("tasks in the module".into(), leave),
                Some(
                    BuiltinBinding::TaskReturn { leave, .. } | BuiltinBinding::TaskCancel { leave },
                ) => ("the task of a crossing".into(), leave),
            };
            text.line(format_args!("{id} = {what}{}", guard(*leave)));
        }
        for way in self.inside.iter().flat_map(|inside| &inside.copies.ways) {
            let BuiltinKind::Async(AsyncBuiltin::Copy(_, ty)) = plan.builtins[way.end()].kind
            else {
                continue;
            };
            match way {
                Way::Between(writer, reader) => {
                    let Some(element) = element(plan, ty) else { continue };
                    let how = elements(&self.abi, element);
                    text.line(format_args!("{writer} to {reader}: values of {ty}, {how}"));
                }
                Way::ToHost(writer) => {
                    text.line(format_args!("{writer} to the host: values of {ty}"));
                }
                Way::FromHost(reader) => {
                    text.line(format_args!("the host to {reader}: values of {ty}"));
                }
            }
        }
        text
    }
}

fn guard(leave: Leave) -> &'static str {
    match leave {
        Leave::Checked => ", may-leave checked",
        Leave::Free => "",
    }
}

impl Binding {
    /// Why a crossing is bound as it is: what happens to each value, and around the call.
    pub fn reason(&self, plan: &Plan<'_>) -> String {
        match self {
            Binding::Direct { .. } => {
                "every value is plain, nothing to guard, nothing to do after the call".into()
            }
            Binding::CannotEnter { .. } => {
                "always traps: an instance cannot call itself, or one that it is in or contains"
                    .into()
            }
            Binding::Base { .. } => "the fuser's function".into(),
            Binding::Boundary { .. } | Binding::Exchange { .. } => "the host's function".into(),
            Binding::Adapt(adapt) => adapt.reason(plan),
            Binding::Start(adapt) => {
                let clauses = adapt.clauses(plan);
                ["a task in the module".to_string()]
                    .into_iter()
                    .chain(clauses)
                    .collect::<Vec<_>>()
                    .join("; ")
            }
        }
    }
}

impl Adapt {
    /// What does not stay as it is, and what is done around the call.
    fn reason(&self, plan: &Plan<'_>) -> String {
        let clauses = self.clauses(plan);
        match clauses.is_empty() {
            true => "an exception of the callee must trap".into(),
            false => clauses.join("; "),
        }
    }

    fn clauses(&self, plan: &Plan<'_>) -> Vec<String> {
        let params = self.params.iter().map(|(name, m)| (&**name, m));
        let moved = params.chain(self.result.iter().map(|m| ("result", m)));
        let moved =
            moved.filter(|(_, m)| **m != Move::Plain).map(|(name, m)| format!("{name}: {m}"));
        let mut clauses: Vec<String> = moved.collect();
        let Around { leave, lends, frame, slots, ending, running, stack } = self.around;
        for (holds, clause) in [
            (self.passed == Passing::Spilled, "parameters through memory"),
            (self.returned == Passing::Spilled, "result through memory"),
            (leave == Leave::Checked, "may-leave checked"),
            (lends != Lends::Nothing, "handles lent"),
            (frame != Frame::None, "borrows must be dropped"),
            (ending == Ending::TaskReturn, "the callee returns by `task.return`"),
            (slots == Slots::Own, "a context of its own"),
            (matches!(ending, Ending::PostReturn(_)), "post-return called"),
            (running != Running::Same, "must not block"),
        ] {
            if holds {
                clauses.push(clause.into());
            }
        }
        match stack {
            Stack::Returns => {}
            Stack::Waits(blocker) => clauses.push(format!(
                "may block in {}, and nobody calls it with `async`: at the bottom of a stack",
                blocker.shown(plan)
            )),
            Stack::Cancels(blocker) => clauses.push(format!(
                "blocks in {} if what it cancels goes on: at the bottom of a stack, elsewhere it traps",
                blocker.shown(plan)
            )),
        }
        clauses
    }
}
