//! What comes one after another, or later: written by tasks that go on when the function has returned.

use std::cell::Cell;

use exports::tests::streams::source::{Guest, Point};
use wit_bindgen::rt::async_support::{FutureReader, StreamReader};
use wit_bindgen::{spawn_local, yield_async};

wit_bindgen::generate!({ path: "../wit/streams", world: "producer" });

struct Source;

thread_local! {
    /// How many words there were left.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

impl Guest for Source {
    async fn bytes(count: u32) -> StreamReader<u8> {
        let (mut writer, reader) = wit_stream::new::<u8>();
        spawn_local(async move {
            writer.write_all((0..count).map(|n| n as u8).collect()).await;
        });
        reader
    }

    async fn words(count: u32) -> StreamReader<String> {
        let (mut writer, reader) = wit_stream::new::<String>();
        LEFT.set(None);
        spawn_local(async move {
            for n in 0..count {
                if writer.write_one("größe".repeat(n as usize % 3)).await.is_some() {
                    LEFT.set(Some(count - n));
                    return;
                }
            }
            LEFT.set(Some(0));
        });
        reader
    }

    async fn left() -> u32 {
        loop {
            match LEFT.get() {
                Some(left) => return left,
                None => yield_async().await,
            }
        }
    }

    async fn points(count: u32) -> StreamReader<Point> {
        let (mut writer, reader) = wit_stream::new::<Point>();
        let point = |n: u32| Point {
            x: n as u8,
            y: n * n,
            name: (n % 2 == 1).then(|| format!("point {n}")),
        };
        spawn_local(async move {
            writer.write_all((0..count).map(point).collect()).await;
        });
        reader
    }

    async fn later(turns: u32) -> FutureReader<String> {
        let (writer, reader) = wit_future::new::<String>(|| "nothing".into());
        spawn_local(async move {
            for _ in 0..turns {
                yield_async().await;
            }
            // Nobody may want to know.
            let _ = writer.write(format!("after {turns}")).await;
        });
        reader
    }
}

export!(Source);
