//! Branch hints: which way a branch mostly goes.
//!
//! ```text
//! instance's   function 3: at 12, taken
//! merged       function 40: at 14, taken
//! ```
//!
//! A hint belongs to an instruction, and is found by where that is in its function's body. No branch
//! becomes several instructions, so each has one place in the copy.
//!
//! Limits: the section is a custom one, which nobody validates. What cannot be read of it is left out,
//! and so are hints that do not come in the order in which they have to.

use std::collections::BTreeMap;

use wasm_encoder::{BranchHint, BranchHints};

use super::encoder::Input;
use crate::program::Entity;
use crate::{CodeMap, InstanceId};

/// The hints about copied functions.
pub fn section(input: &Input<'_, '_>, map: &CodeMap) -> BranchHints {
    let program = input.decisions.program;
    let mut section = BranchHints::new();
    for indices in &map.indices {
        let hints = of_module(input, indices.instance);
        if hints.is_empty() {
            continue;
        }
        for copied in map.of_instance(indices.instance) {
            let id = program.instances[copied.instance].funcs.get(copied.index).ok();
            let index = id.and_then(|id| input.layout.kept(Entity::Func(id)));
            let (Some(index), Some(hints)) = (index, hints.get(&copied.index)) else { continue };
            let mut moved: Vec<BranchHint> = Vec::with_capacity(hints.len());
            for (offset, taken) in hints {
                let branch_func_offset = map.image(copied, *offset);
                let is_after = |last: &BranchHint| last.branch_func_offset < branch_func_offset;
                if moved.last().is_none_or(is_after) {
                    moved.push(BranchHint {
                        branch_func_offset,
                        branch_hint_value: (*taken).into(),
                    });
                }
            }
            section.function_hints(index, moved);
        }
    }
    section
}

/// The hints of an instance's module, by function: where, and whether the branch is taken.
fn of_module(input: &Input<'_, '_>, instance: InstanceId) -> BTreeMap<u32, Vec<(u32, bool)>> {
    let reader = input.decisions.program.module(instance).hints.clone();
    let mut hints = BTreeMap::new();
    for function in reader.into_iter().flatten().map_while(Result::ok) {
        let of_function = function.hints.into_iter().map_while(Result::ok);
        let of_function: Vec<_> = of_function.map(|hint| (hint.func_offset, hint.taken)).collect();
        if !of_function.is_empty() {
            hints.entry(function.func).or_insert(of_function);
        }
    }
    hints
}
