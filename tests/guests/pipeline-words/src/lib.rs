//! Splits a text into words while it comes.

use exports::text::pipeline::splitting::Guest;
use wit_bindgen::rt::async_support::StreamReader;
use wit_bindgen::{StreamResult, spawn_local};

wit_bindgen::generate!({ path: "../wit/pipeline", world: "words" });

struct Words;

impl Guest for Words {
    async fn words(mut text: StreamReader<u8>) -> StreamReader<String> {
        let (mut words, reader) = wit_stream::new::<String>();
        spawn_local(async move {
            let mut started = Vec::new();
            loop {
                let (result, bytes) = text.read(Vec::with_capacity(4096)).await;
                let mut found = Vec::new();
                for byte in bytes {
                    if byte.is_ascii_alphabetic() {
                        started.push(byte.to_ascii_lowercase());
                    } else {
                        found.extend(word(&mut started));
                    }
                }
                if result == StreamResult::Dropped {
                    found.extend(word(&mut started));
                }
                words.write_all(found).await;
                if result == StreamResult::Dropped {
                    return;
                }
            }
        });
        reader
    }
}

/// The word that has ended, if it has letters.
fn word(started: &mut Vec<u8>) -> Option<String> {
    let word = std::mem::take(started);
    (!word.is_empty()).then(|| String::from_utf8(word).expect("letters of ASCII are UTF-8"))
}

export!(Words);
