//! What keeps tasks from being kept in the module, and how that is said.

use super::blocking::Blocker;
use super::hosts::Unfit;
use crate::plan::{BuiltinId, LiftId, LowerId, Plan};

/// Why tasks cannot be kept in the module.
#[derive(Clone, Debug)]
pub enum Outside {
    /// A core module's code is not there: nobody knows what it does.
    Code,
    /// There are too many instances with tasks.
    TooMany,
    /// A built-in that the module does not have.
    Builtin(BuiltinId),
    /// An import that the host may not return from at once, or that passes something asynchronous.
    Import(LowerId),
    /// Streams and futures are read and written with too many options.
    TooManyCopies,
    /// A call whose callee needs a stack of its own.
    Stack {
        /// The call.
        lower: LowerId,
        /// What is called.
        lift: LiftId,
        /// What it may block on.
        blocker: Blocker,
    },
    /// An export, of that name, passes something asynchronous, by the specification's name.
    Export {
        /// The export.
        name: String,
        /// What it passes.
        part: &'static str,
        /// Why that cannot be.
        unfit: Unfit,
    },
    /// Values of an `async` export go through the bridge.
    Bridged(String),
    /// An `async` export has neither a callback nor returns at its end.
    Stackful(String),
    /// `async` exports are of several instances, and one may block on its stack.
    Exports {
        /// Which.
        lift: LiftId,
        /// On what.
        blocker: Blocker,
    },
    /// `async` exports are of several instances, and one has backpressure.
    Backpressure(BuiltinId),
    /// The engine has handles of an instance with tasks.
    Handles,
}

impl Outside {
    /// The reason, as a clause.
    pub fn shown(&self, plan: &Plan<'_>) -> String {
        match self {
            Outside::Code => "the code of a core module is not there".into(),
            Outside::TooMany => "there are too many instances with tasks".into(),
            Outside::Builtin(id) => {
                let builtin = &plan.builtins[*id];
                let name = builtin.kind.name(&plan.types);
                format!("`{}` has the built-in `{name}`", plan.path(builtin.owner))
            }
            Outside::Import(id) => {
                let lower = &plan.lowers[*id];
                let path = plan.path(lower.owner);
                format!("`{path}` calls the host's `{}`", lower.name)
            }
            Outside::TooManyCopies => {
                "streams and futures are read and written with too many canonical options".into()
            }
            Outside::Stack { lower, lift, blocker } => {
                let lower = &plan.lowers[*lower];
                let how = match lower.options.async_ {
                    true => "with `async`",
                    false => "though it may go on after it has returned",
                };
                format!(
                    "`{}` in `{}` may block in {}, and `{}` calls it {how}: it needs a stack of its \
                     own",
                    lower.name,
                    plan.path(plan.lifts[*lift].owner),
                    blocker.shown(plan),
                    plan.path(lower.owner)
                )
            }
            Outside::Export { name, part, unfit } => {
                let article = if part.starts_with('e') { "an" } else { "a" };
                format!("the export `{name}` passes {article} `{part}` {}", unfit.shown())
            }
            Outside::Bridged(name) => {
                format!("the values of the `async` export `{name}` go through the bridge")
            }
            Outside::Stackful(name) => {
                format!("the `async` export `{name}` is lifted without a callback")
            }
            Outside::Exports { lift, blocker } => format!(
                "a function that `{}` exports may block in {}, and another instance has `async` \
                 exports, too",
                plan.path(plan.lifts[*lift].owner),
                blocker.shown(plan)
            ),
            Outside::Backpressure(id) => format!(
                "`{}` has backpressure, and another instance has `async` exports, too",
                plan.path(plan.builtins[*id].owner)
            ),
            Outside::Handles => "an instance with tasks has handles in the engine's table".into(),
        }
    }
}

impl Blocker {
    /// What blocks, in words.
    pub fn shown(self, plan: &Plan<'_>) -> String {
        match self {
            Blocker::Builtin(id) => {
                format!("`{}`", plan.builtins[id].kind.name(&plan.types))
            }
            Blocker::Call(id) => format!("a call of `{}`", plan.lowers[id].name),
        }
    }
}
