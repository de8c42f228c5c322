//! Words, counts and summaries of a text.

use std::collections::BTreeMap;

use exports::text::parts::stats::{Guest, Order, Selection, Summary, WordCount};

wit_bindgen::generate!({ path: "../wit/text", world: "text-stats" });

struct Stats;

impl Guest for Stats {
    fn normalise(text: String) -> String {
        words(&text).collect::<Vec<_>>().join(" ")
    }

    fn words(text: String) -> Vec<String> {
        words(&text).collect()
    }

    fn count(lines: Vec<String>, selection: Selection, order: Order) -> Vec<WordCount> {
        let mut counts = BTreeMap::<String, WordCount>::new();
        for (index, line) in lines.iter().enumerate() {
            for word in words(line) {
                let new = || WordCount { word: word.clone(), count: 0, lines: Vec::new() };
                let entry = counts.entry(word.clone()).or_insert_with(new);
                entry.count += 1;
                let line = index as u32 + 1;
                if entry.lines.last() != Some(&line) {
                    entry.lines.push(line);
                }
            }
        }
        let mean = mean_length(counts.keys().map(String::as_str));
        let mut counts: Vec<_> = counts.into_values().collect();
        counts.retain(|entry| selected(&entry.word, &selection, mean));
        match order {
            Order::ByCount => counts.sort_by_key(|entry| std::cmp::Reverse(entry.count)),
            Order::ByWord => {}
        }
        counts
    }

    fn summarise(text: String) -> Summary {
        let words: Vec<_> = words(&text).collect();
        let exotic = text
            .lines()
            .zip(1..)
            .find_map(|(line, number)| line.chars().find(|c| !c.is_ascii()).map(|c| (c, number)));
        Summary {
            lines: text.lines().count() as u32,
            words: words.len() as u32,
            characters: text.chars().count() as u64,
            bytes: text.len() as u64,
            longest: words.iter().rev().max_by_key(|word| word.chars().count()).cloned(),
            mean_length: mean_length(words.iter().map(String::as_str)),
            exotic,
        }
    }

    fn histogram(bytes: Vec<u8>) -> Vec<u32> {
        let mut counts = vec![0; 256];
        for byte in bytes {
            counts[usize::from(byte)] += 1;
        }
        counts
    }

    fn spell(word: String) -> Result<Vec<String>, char> {
        word.chars()
            .map(|c| match c {
                'a'..='z' => Ok(format!("small {}", c.to_ascii_uppercase())),
                'A'..='Z' => Ok(format!("capital {c}")),
                '0'..='9' => Ok(format!("digit {c}")),
                c => Err(c),
            })
            .collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

fn mean_length<'a>(words: impl Iterator<Item = &'a str>) -> f64 {
    let (mut count, mut sum) = (0, 0);
    for word in words {
        count += 1;
        sum += word.chars().count();
    }
    if count == 0 { 0.0 } else { sum as f64 / f64::from(count) }
}

fn selected(word: &str, selection: &Selection, mean: f64) -> bool {
    let length = word.chars().count();
    match selection {
        Selection::All => true,
        Selection::Long(Some(least)) => length >= *least as usize,
        Selection::Long(None) => length as f64 > mean,
        Selection::Affixes((prefix, suffix)) => {
            prefix.as_deref().is_none_or(|prefix| word.starts_with(prefix))
                && suffix.as_deref().is_none_or(|suffix| word.ends_with(suffix))
        }
        Selection::Except(words) => words.iter().all(|other| other != word),
    }
}

export!(Stats);
