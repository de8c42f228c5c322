//! What keeps guests from being one instance of the engine's, and how that is said.
//!
//! A [`Conflict`] is a finding of `tasks`, and no error: whoever asks may divide the composition
//! instead. It becomes one by [`Conflict::refused`].

use super::outside::Outside;
use crate::error::{Code, Error, Remedy, Setting};
use crate::options::{MemoryPlan, Tasks};
use crate::plan::{BuiltinId, BuiltinKind, InstanceId, LiftId, LowerId, Plan, TypeId};

/// Something asynchronous that cannot be proved to stay the same.
#[derive(Clone, Debug)]
pub enum Conflict {
    /// A built-in of threads that share memory. No instance can have it.
    SharedThreads(Reason),
    /// Something for which the engine reads or writes a guest's memory, where all memories are one.
    SharedMemory(Reason),
    /// Two instances are concurrent.
    Two {
        /// The first of them.
        one: InstanceId,
        /// Why it is.
        first: Reason,
        /// Why the other one is.
        second: Reason,
    },
    /// Another instance enters the concurrent one, in a task that the engine does not make.
    Entered {
        /// The instance that is entered.
        concurrent: InstanceId,
        /// Why it is concurrent.
        reason: Reason,
        /// How it is entered.
        by: Entrance,
    },
    /// The engine moves a resource whose handles are exchanged at the boundary.
    Exchanged(Reason),
    /// A call from one instance to another that only the engine can make.
    Crossing {
        /// The call.
        lower: LowerId,
        /// What is called.
        lift: LiftId,
        /// Why so.
        why: ByEngine,
    },
}

/// Why an instance is concurrent.
#[derive(Clone, Debug)]
pub enum Reason {
    /// It has a built-in.
    Builtin(BuiltinId),
    /// It exports a function, of that name.
    Export(LiftId, String),
    /// It imports a function of the boundary.
    Import(LowerId),
}

/// How an instance is entered.
#[derive(Clone, Copy, Debug)]
pub enum Entrance {
    /// By a call.
    Call(LowerId),
    /// By a `resource.drop` that calls its destructor.
    Drop(BuiltinId),
}

/// Why only the engine can make a call.
#[derive(Clone, Copy, Debug)]
pub enum ByEngine {
    /// It passes something asynchronous, by the specification's name.
    Passes(&'static str),
    /// The callee has a `callback`, and could wait.
    Callback,
    /// The result of `task.return` cannot be kept as core values.
    NotKept,
}

impl Conflict {
    /// The error that it is where nothing can be done about it.
    pub fn refused(&self, plan: &Plan<'_>, outside: &Outside) -> Error {
        let error = self.by_engine(plan);
        match self {
            Conflict::SharedThreads(_) => error,
            _ => error
                .also(&format!("the module cannot keep tasks, because {}", outside.shown(plan))),
        }
    }

    fn by_engine(&self, plan: &Plan<'_>) -> Error {
        match self {
            Conflict::SharedThreads(reason) => reason
                .refused(plan, "is not fused: it is one of shared threads")
                .with_help("leave threads that share memory out"),
            Conflict::SharedMemory(reason) => reason
                .refused(
                    plan,
                    "is not fused where all memories are one: the engine would reach those of \
                     others",
                )
                .with_help(
                    Remedy::from("let it have a component of its own, with one memory: ")
                        .setting(Setting::Tasks(Tasks::Apart))
                        .text("; or let there be several memories: ")
                        .setting(Setting::Memory(MemoryPlan::Split)),
                ),
            Conflict::Two { one, first, second } => {
                let what = format!(
                    "needs an instance of its own in the engine, and so does {} in `{}`",
                    first.shown(plan),
                    plan.path(*one)
                );
                second.refused(plan, &what)
            }
            Conflict::Entered { concurrent, reason, by } => by.refused(plan, *concurrent, reason),
            Conflict::Exchanged(reason) => reason
                .refused(plan, "is not fused: it mentions a resource whose handles are exchanged"),
            Conflict::Crossing { lower, lift, why } => {
                let lower = &plan.lowers[*lower];
                not_fused(why.shown(plan, plan.lifts[*lift].owner))
                    .in_instance(plan.path(lower.owner))
                    .at(lower.offset)
                    .in_function(lower.name.to_string())
            }
        }
    }
}

impl Entrance {
    fn refused(self, plan: &Plan<'_>, concurrent: InstanceId, reason: &Reason) -> Error {
        let (caller, offset, function) = match self {
            Entrance::Call(lower) => {
                let lower = &plan.lowers[lower];
                (lower.owner, lower.offset, lower.name.to_string())
            }
            Entrance::Drop(builtin) => {
                let builtin = &plan.builtins[builtin];
                (builtin.owner, builtin.offset, "resource.drop".into())
            }
        };
        let what = format!(
            "`{}` calls into `{}`, whose tasks are the engine's because of {}",
            plan.path(caller),
            plan.path(concurrent),
            reason.shown(plan)
        );
        not_fused(what).in_instance(plan.path(caller)).at(offset).in_function(function)
    }
}

impl ByEngine {
    fn shown(self, plan: &Plan<'_>, callee: InstanceId) -> String {
        match self {
            ByEngine::Passes(part) => {
                let article = if part.starts_with('e') { "an" } else { "a" };
                format!("{article} `{part}` that crosses from one instance to another is not fused")
            }
            ByEngine::Callback => format!(
                "`canon lift` in `{}` with the canonical option `callback` is not fused where \
                 another instance calls the function",
                plan.path(callee)
            ),
            ByEngine::NotKept => format!(
                "`task.return` in `{}` of a result with pointers or handles, or of more than {} \
                 core values, is not fused where another instance calls the function",
                plan.path(callee),
                crate::abi::MAX_FLAT_PARAMS
            ),
        }
    }
}

impl Reason {
    /// What is concurrent, in words.
    fn shown(&self, plan: &Plan<'_>) -> String {
        match self {
            Reason::Builtin(id) => {
                format!("the built-in `{}`", plan.builtins[*id].kind.name(&plan.types))
            }
            Reason::Export(lift, name) => {
                match plan.types.asynchronous_part(plan.lifts[*lift].ty) {
                    Some(part) => format!("the export `{name}` over `{part}`"),
                    None => format!("the `async` export `{name}`"),
                }
            }
            Reason::Import(lower) => {
                let lower = &plan.lowers[*lower];
                match plan.types.asynchronous_part(lower.ty) {
                    Some(part) => format!("the import `{}` over `{part}`", lower.name),
                    None => format!("the `async` import `{}`", lower.name),
                }
            }
        }
    }

    /// The type of what is concurrent.
    pub(super) fn ty(&self, plan: &Plan<'_>) -> Option<TypeId> {
        match self {
            Reason::Builtin(id) => match plan.builtins[*id].kind {
                BuiltinKind::Async(builtin) => builtin.ty(),
                _ => None,
            },
            Reason::Export(lift, _) => Some(plan.lifts[*lift].ty),
            Reason::Import(lower) => Some(plan.lowers[*lower].ty),
        }
    }

    fn refused(&self, plan: &Plan<'_>, why: &str) -> Error {
        let error = not_fused(format!("{} {why}", self.shown(plan)));
        match self {
            Reason::Builtin(id) => {
                let builtin = &plan.builtins[*id];
                error.in_instance(plan.path(builtin.owner)).at(builtin.offset)
            }
            Reason::Export(lift, name) => {
                let lift = &plan.lifts[*lift];
                let error = error.in_instance(plan.path(lift.owner)).at(lift.offset);
                error.in_function(name.clone())
            }
            Reason::Import(lower) => {
                let lower = &plan.lowers[*lower];
                let error = error.in_instance(plan.path(lower.owner)).at(lower.offset);
                error.in_function(lower.name.to_string())
            }
        }
    }
}

fn not_fused(what: String) -> Error {
    let remedy = Remedy::from("let such instances be components of their own: ")
        .setting(Setting::Tasks(Tasks::Apart));
    Error::new(Code::AsyncNotFused, what).with_help(remedy)
}
