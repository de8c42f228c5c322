//! The decisions as stable text, for `--dump facts` and for tests.

use std::fmt::{self, Write};

use super::{Binding, External, Facts};
use crate::plan::Plan;

impl Facts {
    /// Every decision, one line each.
    pub fn dump(&self, plan: &Plan<'_>) -> Result<String, fmt::Error> {
        let mut text = String::new();
        for (id, external) in &self.externals {
            write!(text, "{id} = ")?;
            match external {
                External::Import { import, options, .. } => writeln!(text, "{import}{options}")?,
                External::Builtin(kind) => writeln!(text, "{kind}")?,
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
                Some(binding @ Binding::Direct { callee }) => {
                    writeln!(text, "{id} = {callee}: {}", binding.reason())?;
                }
                Some(binding @ Binding::Adapt(adapt)) => {
                    writeln!(text, "{id} = adapter of {}: {}", adapt.lift, binding.reason())?;
                }
            }
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
            Binding::Boundary { .. } => "the host's function".into(),
            Binding::Adapt(adapt) => {
                let params = adapt.params.iter().map(|(name, m)| format!("{name}: {m}"));
                let result = adapt.result.iter().map(|m| format!("result: {m}"));
                let guard = adapt.guarded.then(|| "may-leave checked".to_string());
                let post_return = adapt.post_return.then(|| "post-return called".to_string());
                let clauses: Vec<String> =
                    params.chain(result).chain(guard).chain(post_return).collect();
                match clauses.is_empty() {
                    true => "an exception of the callee must trap".into(),
                    false => clauses.join("; "),
                }
            }
        }
    }
}
