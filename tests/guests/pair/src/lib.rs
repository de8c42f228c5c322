//! Two counters behind one interface.

use exports::counters::parts::both::{Guest, Side, State};

wit_bindgen::generate!({ path: "../wit/counters", world: "pair-component" });

struct Pair;

impl Guest for Pair {
    fn add(side: Side, amount: i32) -> i64 {
        match side {
            Side::Left => left::add(amount),
            Side::Right => right::add(amount),
        }
    }

    fn note(side: Side, text: String) {
        match side {
            Side::Left => left::note(&text),
            Side::Right => right::note(&text),
        }
    }

    fn transfer(from: Side, amount: i32) -> (i64, i64) {
        match from {
            Side::Left => (left::add(-amount), right::add(amount)),
            Side::Right => (left::add(amount), right::add(-amount)),
        }
    }

    fn states() -> Vec<State> {
        vec![
            State { side: Side::Left, total: left::total(), notes: left::notes() },
            State { side: Side::Right, total: right::total(), notes: right::notes() },
        ]
    }
}

export!(Pair);
