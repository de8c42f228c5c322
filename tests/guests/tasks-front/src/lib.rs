//! Makes calls, and waits for them.

use std::pin::pin;

use futures::future::{join, select};
use tests::tasks::relay::{both, count, first, on, pause};
use tests::tasks::work::{Counter, ended, keep, linger, name, turns};
use wit_bindgen::{block_on, yield_async};

wit_bindgen::generate!({
    path: "../wit/tasks",
    world: "front",
    sync: ["export:wait", "import:tests:tasks/relay#pause"],
});

struct Front;

impl Guest for Front {
    async fn run() -> String {
        let mut said = vec![name(3).await];
        let ((one, other), again) = join(both(4, 1), name(2)).await;
        said.extend([one, other, again]);
        said.push(first(2).await);
        said.push(format!("{} ended", ended()));
        said.push(format!("{:?}", count(7, 3).await));
        let counter = keep(Counter::new(20)).await;
        said.push(format!("{} {}", on(&counter).await, counter.next().await));
        // What it has called calls in turn, and both are dropped.
        select(pin!(first(1_000_000)), pin!(name(1))).await;
        said.push(format!("{} ended", ended()));
        let lingers = linger(5).await;
        while turns() < lingers {
            yield_async().await;
        }
        said.push(format!("{} turns", turns()));
        said.join(", ")
    }

    fn wait(yields: u32) -> String {
        block_on(async {
            let (one, other) = join(name(yields), first(yields)).await;
            format!("{one}, {other}, {} turns", pause(yields))
        })
    }
}

export!(Front);
