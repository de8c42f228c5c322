//! Calls that wait, that end early, and that go on when they have returned.

use std::cell::Cell;

use exports::tests::tasks::work::{Counter, CounterBorrow, Guest, GuestCounter};
use wit_bindgen::{spawn_local, yield_async};

wit_bindgen::generate!({ path: "../wit/tasks", world: "base" });

thread_local! {
    static ENDED: Cell<u32> = const { Cell::new(0) };
    static TURNS: Cell<u32> = const { Cell::new(0) };
}

struct Base;

struct Count(Cell<u32>);

impl GuestCounter for Count {
    fn new(start: u32) -> Self {
        Count(Cell::new(start))
    }

    async fn next(&self) -> u32 {
        yield_async().await;
        self.0.replace(self.0.get() + 1)
    }

    async fn add(&self, other: CounterBorrow<'_>) -> u32 {
        let more = other.get::<Count>().0.get();
        yield_async().await;
        self.0.set(self.0.get() + more);
        self.0.get()
    }
}

/// Counts when it is dropped.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        ENDED.set(ENDED.get() + 1);
    }
}

impl Guest for Base {
    type Counter = Count;

    async fn name(yields: u32) -> String {
        for _ in 0..yields {
            yield_async().await;
        }
        format!("after {yields}")
    }

    async fn keep(counter: Counter) -> Counter {
        yield_async().await;
        counter
    }

    async fn forever() {
        let _ending = Ending;
        loop {
            yield_async().await;
        }
    }

    fn ended() -> u32 {
        ENDED.get()
    }

    async fn linger(turns: u32) -> u32 {
        spawn_local(async move {
            for _ in 0..turns {
                yield_async().await;
                TURNS.set(TURNS.get() + 1);
            }
        });
        turns
    }

    fn turns() -> u32 {
        TURNS.get()
    }
}

export!(Base);
