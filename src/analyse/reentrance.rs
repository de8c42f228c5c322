//! Reentrance: calls that come back into an instance that is still on the stack.
//!
//! An instance calls what existed when it was instantiated, so calls go from later instances to
//! earlier ones and cannot come back, with one exception: a parent can pass a function of its own
//! to a child that it instantiates (*donut wrapping*), and call the child in turn. Then
//! `may_enter` has to be checked, as the specification's `enter_from` does.
//!
//! # Limits
//!
//! Such cycles are refused: no guard is generated for them.

use cranelift_entity::SecondaryMap;

use crate::error::{Code, Error, Result};
use crate::plan::{InstanceId, Plan};

/// Refuses a plan in which calls can come back.
pub(super) fn refuse(plan: &Plan<'_>) -> Result<()> {
    let mut calls: SecondaryMap<InstanceId, Vec<InstanceId>> = SecondaryMap::new();
    for (lower, lift) in plan.crossings() {
        calls[plan.lowers[lower].owner].push(plan.lifts[lift].owner);
    }
    let mut state: SecondaryMap<InstanceId, State> = SecondaryMap::new();
    for root in plan.instances.keys() {
        let mut path = vec![(root, 0)];
        while let Some((instance, next)) = path.last_mut() {
            let instance = *instance;
            state[instance] = if *next == 0 && state[instance] == State::Done {
                State::Done
            } else {
                State::OnPath
            };
            let callee = calls[instance].get(*next).filter(|_| state[instance] != State::Done);
            *next += 1;
            match callee {
                None => {
                    state[instance] = State::Done;
                    path.pop();
                }
                Some(&callee) if state[callee] == State::OnPath => {
                    return Err(Error::new(
                        Code::NotFused,
                        format!(
                            "`{}` calls `{}`, which is on the stack already (a parent wraps its child)",
                            plan.path(instance),
                            plan.path(callee)
                        ),
                    )
                    .in_instance(plan.path(instance))
                    .with_help("leave the parent and its child composed"));
                }
                Some(&callee) if state[callee] == State::Done => {}
                Some(&callee) => path.push((callee, 0)),
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    New,
    OnPath,
    Done,
}
