//! Calls that make calls.

use std::pin::pin;

use exports::tests::tasks::relay::Guest;
use futures::future::{Either, join, select};
use tests::tasks::work::{Counter, forever, linger, name, turns};
use wit_bindgen::block_on;

wit_bindgen::generate!({
    path: "../wit/tasks",
    world: "middle",
    sync: ["export:tests:tasks/relay#pause"],
});

struct Middle;

impl Guest for Middle {
    async fn both(one: u32, other: u32) -> (String, String) {
        join(name(one), name(other)).await
    }

    async fn first(yields: u32) -> String {
        match select(pin!(name(yields)), pin!(forever())).await {
            Either::Left((name, _)) => name,
            Either::Right(_) => "an end".into(),
        }
    }

    async fn count(start: u32, times: u32) -> Vec<u32> {
        let counter = Counter::new(start);
        let mut said = Vec::new();
        for _ in 0..times {
            said.push(counter.next().await);
        }
        said
    }

    fn pause(more: u32) -> u32 {
        let before = turns();
        block_on(async {
            linger(more).await;
            while turns() < before + more {
                name(1).await;
            }
        });
        turns() - before
    }

    async fn on(counter: &Counter) -> u32 {
        let one = Counter::new(1);
        one.add(counter).await + counter.next().await
    }
}

export!(Middle);
