//! Sends a text to one component, and what comes back to another.

use futures::future::join;
use text::pipeline::counting::count;
use text::pipeline::splitting::words;

wit_bindgen::generate!({ path: "../wit/pipeline", world: "front" });

struct Front;

impl Guest for Front {
    async fn report(text: String) -> String {
        let (mut writer, reader) = wit_stream::new::<u8>();
        let words = words(reader).await;
        let send = async move {
            writer.write_all(text.into_bytes()).await;
        };
        let (tallies, ()) = join(count(words, 10), send).await;
        let lines = tallies.iter().map(|it| format!("{:6} {}\n", it.count, it.word));
        lines.collect()
    }
}

export!(Front);
