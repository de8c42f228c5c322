//! What takes streams, and returns others.

use exports::tests::streams::filter::Guest;
use wit_bindgen::rt::async_support::{FutureReader, StreamReader};
use wit_bindgen::spawn_local;

wit_bindgen::generate!({ path: "../wit/streams", world: "between" });

struct Filter;

impl Guest for Filter {
    async fn long(mut words: StreamReader<String>, least: u32) -> StreamReader<String> {
        let (mut writer, reader) = wit_stream::new::<String>();
        spawn_local(async move {
            while let Some(word) = words.next().await {
                if word.len() >= least as usize && writer.write_one(word).await.is_some() {
                    return;
                }
            }
        });
        reader
    }

    async fn sum(mut bytes: StreamReader<u8>) -> u64 {
        let mut sum = 0;
        while let Some(byte) = bytes.next().await {
            sum += u64::from(byte);
        }
        sum
    }

    async fn louder(value: FutureReader<String>) -> FutureReader<String> {
        let (writer, reader) = wit_future::new::<String>(|| "nothing".into());
        spawn_local(async move {
            let value = value.await;
            let _ = writer.write(format!("{value}!")).await;
        });
        reader
    }
}

export!(Filter);
