//! Reads streams, and passes them on.

use futures::future::join;
use tests::streams::filter::{long, louder, sum};
use tests::streams::source::{bytes, later, left, points, words};

wit_bindgen::generate!({ path: "../wit/streams", world: "consumer" });

struct Sink;

impl Guest for Sink {
    async fn run(count: u32) -> String {
        let mut said = Vec::new();

        let mut read = bytes(1000 * count).await;
        let mut all = Vec::new();
        loop {
            let (_, mut chunk) = read.read(Vec::with_capacity(4096)).await;
            if chunk.is_empty() {
                break;
            }
            all.append(&mut chunk);
        }
        said.push(format!("{} {:?}", all.len(), all.last()));

        // Through another guest.
        let mut read = long(words(count).await, 1).await;
        while let Some(word) = read.next().await {
            said.push(word);
        }

        // Who stops reading lets the other know.
        let mut read = words(100).await;
        read.next().await;
        read.next().await;
        drop(read);
        said.push(left().await.to_string());

        // Two at a time.
        let (one, other) = join(points(count).await.collect(), points(3).await.collect()).await;
        let told = |point: &tests::streams::source::Point| {
            format!("{}/{} {:?}", point.x, point.y, point.name)
        };
        said.extend(one.iter().chain(&other).map(told));

        let (mut writer, reader) = wit_stream::new::<u8>();
        let write = async move {
            writer.write_all(vec![1; count as usize]).await;
            writer.write_all(vec![2; count as usize]).await;
        };
        let (sum, ()) = join(sum(reader), write).await;
        said.push(sum.to_string());

        said.push(louder(later(count).await).await.await);
        drop(later(1).await);
        said.join(", ")
    }
}

export!(Sink);
