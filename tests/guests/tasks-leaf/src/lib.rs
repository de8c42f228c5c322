//! Functions that wait.

use std::cell::Cell;

use exports::tests::tasks::names::{Entry, Guest, GuestCounter};
use wit_bindgen::rt::async_support::StreamReader;
use wit_bindgen::{spawn_local, yield_async};

wit_bindgen::generate!({ path: "../wit/tasks", world: "leaf" });

struct Leaf;

struct Counter(Cell<u32>);

impl GuestCounter for Counter {
    fn new(start: u32) -> Self {
        Counter(Cell::new(start))
    }

    async fn next(&self) -> u32 {
        yield_async().await;
        self.0.replace(self.0.get() + 1)
    }
}

impl Guest for Leaf {
    type Counter = Counter;

    async fn name(yields: u32) -> String {
        for _ in 0..yields {
            yield_async().await;
        }
        format!("after {yields}")
    }

    async fn squares(count: u32) -> StreamReader<u32> {
        let (mut writer, reader) = wit_stream::new::<u32>();
        spawn_local(async move {
            for n in 0..count {
                writer.write_all(vec![n * n]).await;
            }
        });
        reader
    }

    fn reverse(entry: Entry) -> Entry {
        let numbers = entry.numbers.into_iter().rev().collect();
        Entry { name: entry.name.chars().rev().collect(), numbers }
    }

    async fn check(entry: Entry) -> Result<Entry, String> {
        yield_async().await;
        if entry.numbers.is_empty() { Err(entry.name) } else { Ok(entry) }
    }
}

export!(Leaf);
