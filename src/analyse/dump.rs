//! The decisions as stable text, for `--dump facts` and for tests.

use std::fmt::{self, Write};

use super::{Adapt, Binding, BuiltinBinding, External, Facts, Move};
use crate::plan::Plan;

impl Facts {
    /// Every decision, one line each.
    pub fn dump(&self, plan: &Plan<'_>) -> Result<String, fmt::Error> {
        let mut text = String::new();
        for (id, external) in &self.externals {
            write!(text, "{id} = ")?;
            match external {
                External::Import { import, options, .. } => writeln!(text, "{import}{options}")?,
                External::Exchange { import, encoding } => {
                    writeln!(text, "{import} {encoding} through the bridge")?;
                }
                External::Builtin(kind) => writeln!(text, "{}", kind.shown(&plan.types))?,
            }
        }
        for (resource, _) in &plan.resources {
            writeln!(text, "{resource} {}", self.resources[resource])?;
        }
        for (instance, _) in &plan.instances {
            let flags = self.may_leave[instance];
            if flags.exists() {
                writeln!(
                    text,
                    "{instance} may-leave: checked by {}",
                    match (flags.crossing_checks(), flags.boundary_checks()) {
                        (true, true) => "crossings and calls of the boundary",
                        (true, false) => "crossings",
                        (false, _) => "calls of the boundary",
                    }
                )?;
            }
        }
        for (id, _) in &plan.lowers {
            match &self.lowers[id] {
                None => {}
                Some(Binding::Boundary { external, guarded }) => {
                    let guard = if *guarded { ", may-leave checked" } else { "" };
                    writeln!(text, "{id} = {external}{guard}")?;
                }
                Some(Binding::Exchange { external, guarded, .. }) => {
                    let guard = if *guarded { ", may-leave checked" } else { "" };
                    writeln!(text, "{id} = {external}, through the bridge{guard}")?;
                }
                Some(binding @ Binding::Direct { callee }) => {
                    writeln!(text, "{id} = {callee}: {}", binding.reason())?;
                }
                Some(binding @ Binding::CannotEnter { lift }) => {
                    writeln!(text, "{id} = trap in place of {lift}: {}", binding.reason())?;
                }
                Some(binding @ Binding::Adapt(adapt)) => {
                    writeln!(text, "{id} = adapter of {}: {}", adapt.lift, binding.reason())?;
                }
            }
        }
        for (id, _) in &plan.builtins {
            let (what, guarded) = match self.builtins[id] {
                None => continue,
                Some(BuiltinBinding::Engine { external, guarded }) => {
                    (external.to_string(), guarded)
                }
                Some(BuiltinBinding::Table { guarded }) => {
                    ("the instance's own handle table".into(), guarded)
                }
                Some(BuiltinBinding::Task { guarded }) => {
                    ("the task of a crossing".into(), guarded)
                }
            };
            let guard = if guarded { ", may-leave checked" } else { "" };
            writeln!(text, "{id} = {what}{guard}")?;
        }
        Ok(text)
    }
}

impl Binding {
    /// Why a crossing is bound as it is: what happens to each value, and around the call.
    pub fn reason(&self) -> String {
        match self {
            Binding::Direct { .. } => {
                "every value is plain, nothing to guard, nothing to do after the call".into()
            }
            Binding::CannotEnter { .. } => {
                "always traps: an instance cannot call itself, or one that it is in or contains"
                    .into()
            }
            Binding::Boundary { .. } | Binding::Exchange { .. } => "the host's function".into(),
            Binding::Adapt(adapt) => adapt.reason(),
        }
    }
}

impl Adapt {
    /// What does not stay as it is, and what is done around the call.
    fn reason(&self) -> String {
        let params = self.params.iter().map(|(name, m)| (&**name, m));
        let moved = params.chain(self.result.iter().map(|m| ("result", m)));
        let moved =
            moved.filter(|(_, m)| **m != Move::Plain).map(|(name, m)| format!("{name}: {m}"));
        let mut clauses: Vec<String> = moved.collect();
        for (holds, clause) in [
            (self.spilled_params, "parameters through memory"),
            (self.spilled_results, "result through memory"),
            (self.guarded, "may-leave checked"),
            (self.lends, "handles lent"),
            (self.borrows, "borrows must be dropped"),
            (self.returns, "the callee returns by `task.return`"),
            (self.context, "a context of its own"),
            (self.post_return, "post-return called"),
        ] {
            if holds {
                clauses.push(clause.into());
            }
        }
        match clauses.is_empty() {
            true => "an exception of the callee must trap".into(),
            false => clauses.join("; "),
        }
    }
}
