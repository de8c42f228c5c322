//! A tool as many are: it counts the words of files, of the files of folders, or of standard input, and writes the
//! most frequent ones to a file. `TOP` says how many.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};

fn main() -> io::Result<()> {
    let top = std::env::var("TOP").ok().and_then(|top| top.parse().ok()).unwrap_or(10);
    let mut texts = Vec::new();
    for name in std::env::args().skip(1) {
        if fs::metadata(&name)?.is_dir() {
            for entry in fs::read_dir(&name)? {
                let path = entry?.path();
                if path.is_file() {
                    texts.push(fs::read_to_string(path)?);
                }
            }
        } else {
            texts.push(fs::read_to_string(name)?);
        }
    }
    if texts.is_empty() {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        texts.push(text);
    }
    let mut counts: HashMap<String, u64> = HashMap::new();
    for word in texts.iter().flat_map(|text| text.split_whitespace()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    let mut file = BufWriter::new(File::create("words.txt")?);
    for (word, count) in words.iter().take(top) {
        writeln!(file, "{count:>8} {word} {:.2}", *count as f64 / words.len() as f64)?;
    }
    file.flush()?;
    println!("{} words", words.len());
    Ok(())
}
