//! The runtime library is valid, each module in every form that it is given. So nobody validates its bodies again
//! when a program is fused (`verify.rs`).

use wasm_encoder::{MemoryType, ValType};
use wasmparser::{Validator, WasmFeatures};

use super::{
    ONE_PASS_FAR, RunOp, Step, Store, TaskPart, bridge, bridge_room, table, transcode, utf8,
    with_sizes,
};
use crate::error::Result;

const STEPS: [Step; 3] = [Step::Scalar, Step::Simd, Step::SimdFar];

const PARTS: [TaskPart; 11] = [
    TaskPart::Records,
    TaskPart::Queues,
    TaskPart::Sets,
    TaskPart::Ends,
    TaskPart::Scopes,
    TaskPart::Tasks,
    TaskPart::Loop,
    TaskPart::Tokens,
    TaskPart::Alone,
    TaskPart::Hosts,
    TaskPart::Hostless,
];

fn validate(what: &str, module: &[u8]) {
    let validated = Validator::new_with_features(WasmFeatures::all()).validate_all(module);
    validated.unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// Memories with these addresses, of ordinary pages and of others.
fn memories(pointer: ValType) -> [MemoryType; 3] {
    [None, Some(0), Some(16)].map(|page_size_log2| MemoryType {
        minimum: 1,
        maximum: Some(2),
        memory64: pointer == ValType::I64,
        shared: false,
        page_size_log2,
    })
}

#[test]
fn every_routine_between_memories_is_valid_whatever_they_are() {
    for (from, to, step) in [ValType::I32, ValType::I64].into_iter().flat_map(|from| {
        [ValType::I32, ValType::I64]
            .into_iter()
            .flat_map(move |to| STEPS.map(|step| (from, to, step)))
    }) {
        let modules = [utf8(step, from, to), RunOp::module(step, from, to), transcode(from, to)];
        for module in modules {
            let what = format!("{step:?}, {from:?} to {to:?}");
            validate(&what, module);
            for (from, to) in memories(from).into_iter().zip(memories(to)) {
                for globals in [&[][..], &[ONE_PASS_FAR]] {
                    let written = with_sizes(module, vec![from, to], globals);
                    validate(&what, &written.expect("a routine can be read"));
                }
            }
        }
    }
}

#[test]
fn every_module_of_the_store_and_of_the_bridge_is_valid() {
    let validate = |what, module: Result<Vec<u8>>| {
        validate(what, &module.expect("a routine can be read"));
    };
    for (tables, room) in [(0, None), (1, None), (1_000, None), (0, Some(0)), (9, Some(1 << 20))] {
        let store = Store::new(tables, room);
        validate("store", store.module());
        for is_shared in [false, true] {
            validate("room", store.room(is_shared));
        }
    }
    for number in [0, 9] {
        validate("table", table(number));
    }
    for bytes in [0, 1 << 16] {
        validate("bridge", bridge(bytes));
    }
    validate("room", bridge_room());
}

#[test]
fn every_part_of_what_keeps_tasks_is_valid() {
    PARTS.iter().for_each(|part| validate(part.name(), part.module()));
}
