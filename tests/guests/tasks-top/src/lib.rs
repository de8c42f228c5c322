//! Calls functions that wait, and waits for them.

use tests::tasks::names::{Counter, Entry, check, name, reverse, squares};

wit_bindgen::generate!({ path: "../wit/tasks", world: "top" });

struct Top;

impl Guest for Top {
    async fn run() -> String {
        let mut said = vec![name(3).await];
        let mut squares = squares(4).await;
        while let Some(square) = squares.next().await {
            said.push(square.to_string());
        }
        let entry = reverse(&Entry { name: "größe".into(), numbers: vec![1, 2, 3] });
        said.push(format!("{} {:?}", entry.name, entry.numbers));
        said.push(match check(entry).await {
            Ok(entry) => entry.name,
            Err(name) => format!("no numbers in {name}"),
        });
        let empty = Entry { name: "empty".into(), numbers: Vec::new() };
        said.push(check(empty).await.err().unwrap_or_default());
        let counter = Counter::new(7);
        said.push(format!("{} {}", counter.next().await, counter.next().await));
        said.join(", ")
    }
}

export!(Top);
