//! A stack is a number that the store knows: its destructor calls another component.

use exports::sets::state::stacks::{self, Guest, GuestStack, StackBorrow};
use resources::log;
use sets::state::store;

wit_bindgen::generate!({ path: "state", world: "stacker" });

struct Stacker;

struct Stack(u32);

impl Guest for Stacker {
    type Stack = Stack;
}

impl GuestStack for Stack {
    fn new() -> Stack {
        let stack = Stack(store::open());
        log!("stacker: stack {} is made", stack.0);
        stack
    }

    fn push(&self, value: i32) {
        log!("stacker: push to {}", self.0);
        store::push(self.0, value);
    }

    fn pop(&self) -> Option<i32> {
        log!("stacker: pop from {}", self.0);
        store::pop(self.0)
    }

    fn move_to(to: StackBorrow<'_>, from: stacks::Stack) -> u32 {
        let (to, from) = (to.get::<Stack>(), from.get::<Stack>());
        log!("stacker: move from {} to {}", from.0, to.0);
        let mut moved = 0;
        while let Some(value) = store::pop(from.0) {
            store::push(to.0, value);
            moved += 1;
        }
        moved
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        log!("stacker: stack {} is dropped", self.0);
        store::close(self.0);
    }
}

export!(Stacker);
