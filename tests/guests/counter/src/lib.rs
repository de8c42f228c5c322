//! A total and notes. Each instance has its own.

use std::cell::Cell;
use std::sync::Mutex;

use exports::counters::parts::counter::Guest;

wit_bindgen::generate!({ path: "../wit/counters", world: "counter-component" });

static NOTES: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    static TOTAL: Cell<i64> = const { Cell::new(0) };
}

struct Counter;

impl Guest for Counter {
    fn add(amount: i32) -> i64 {
        TOTAL.set(TOTAL.get() + i64::from(amount));
        TOTAL.get()
    }

    fn total() -> i64 {
        TOTAL.get()
    }

    fn note(text: String) {
        NOTES.lock().expect("is not poisoned").push(text);
    }

    fn notes() -> Vec<String> {
        NOTES.lock().expect("is not poisoned").clone()
    }
}

export!(Counter);
