//! Uses stacks, and knows nothing of the store.

use resources::{Run, log};
use sets::state::stacks::Stack;

wit_bindgen::generate!({ path: "state", world: "runner" });

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let (first, second) = (Stack::new(), Stack::new());
        for value in [3, -1, 4] {
            first.push(value);
        }
        second.push(15);
        log!("runner: {:?}", first.pop());
        log!("runner: {} moved", Stack::move_to(&second, first));
        log!("runner: {:?}, {:?}", second.pop(), second.pop());
        let third = Stack::new();
        log!("runner: {:?}", third.pop());
        drop(second);
        Ok(())
    }
}

resources::runner!(Runner);
