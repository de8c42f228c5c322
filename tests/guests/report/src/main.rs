//! A command that prints a report on each file that it is given.

use std::process::ExitCode;

use text::parts::stats::{self, Order, Selection};

wit_bindgen::generate!({ path: "../wit/text", world: "report" });

fn main() -> ExitCode {
    let files: Vec<_> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: report FILE...");
        return ExitCode::from(1);
    }
    let mut code = ExitCode::SUCCESS;
    for file in files {
        match std::fs::read_to_string(&file) {
            Ok(text) => report(&file, &text),
            Err(error) => {
                eprintln!("{file}: {error}");
                code = ExitCode::from(1);
            }
        }
    }
    code
}

fn report(file: &str, text: &str) {
    let summary = stats::summarise(text);
    println!("{file}");
    println!(
        "  {} lines, {} words, {} characters in {} bytes",
        summary.lines, summary.words, summary.characters, summary.bytes
    );
    println!("  words have {:.2} letters in the mean", summary.mean_length);
    if let Some(word) = &summary.longest {
        println!("  the longest is {word}");
        match stats::spell(word) {
            Ok(names) => println!("    {}", names.join(", ")),
            Err(c) => println!("    which has a {c:?}"),
        }
    }
    match summary.exotic {
        Some((c, line)) => println!("  {c:?} on line {line} is not ASCII"),
        None => println!("  all of it is ASCII"),
    }

    let histogram = stats::histogram(text.as_bytes());
    let mut bytes: Vec<_> = (0..=255u8).zip(&histogram).filter(|(_, count)| **count > 0).collect();
    bytes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let bytes = bytes.iter().take(5).map(|(byte, count)| format!("{byte:#04x} {count} times"));
    println!("  bytes: {}", bytes.collect::<Vec<_>>().join(", "));

    let first: String = text.lines().take(2).collect::<Vec<_>>().join(" ");
    println!("  begins: {}", stats::normalise(&first));
    println!("  {} words on the first lines", stats::words(&first).len());

    let lines: Vec<_> = text.lines().map(String::from).collect();
    let affixes = Selection::Affixes((Some("co".into()), None));
    let common = ["the", "a", "of", "and", "to", "in", "is"].map(String::from).to_vec();
    for (title, selection, order) in [
        ("most frequent", Selection::All, Order::ByCount),
        ("but for common ones", Selection::Except(common), Order::ByCount),
        ("long", Selection::Long(Some(12)), Order::ByCount),
        ("above the mean, by name", Selection::Long(None), Order::ByWord),
        ("beginning with co", affixes, Order::ByWord),
    ] {
        println!("  {title}:");
        for entry in stats::count(&lines, &selection, order).iter().take(8) {
            let first = entry.lines[0];
            println!("    {:>5} {} (from line {first})", entry.count, entry.word);
        }
    }
}
