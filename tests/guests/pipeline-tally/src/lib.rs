//! Counts words while they come.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use exports::text::pipeline::counting::{Guest, Tally};
use wit_bindgen::StreamResult;
use wit_bindgen::rt::async_support::StreamReader;

wit_bindgen::generate!({ path: "../wit/pipeline", world: "tally" });

struct Counting;

impl Guest for Counting {
    async fn count(mut words: StreamReader<String>, most: u32) -> Vec<Tally> {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        loop {
            let (result, some) = words.read(Vec::with_capacity(256)).await;
            for word in some {
                *counts.entry(word).or_default() += 1;
            }
            if result == StreamResult::Dropped {
                break;
            }
        }
        let mut tallies: Vec<_> =
            counts.into_iter().map(|(word, count)| Tally { word, count }).collect();
        tallies.sort_by_key(|tally| Reverse(tally.count));
        tallies.truncate(most as usize);
        tallies
    }
}

export!(Counting);
