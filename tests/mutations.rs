//! What is not a composition any more is refused, and never with a panic, an internal error, an
//! invalid result, or after a long time.
//!
//! The components of all cases are damaged: as bytes, as sections, and as trees of the text format,
//! of which more are still valid. What is valid is fused, and the result validated.
//!
//! `CASES` is how many are tried, `SEED` the first one's seed: `SEED=n CASES=1` tries one again.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use wasm_fuser::options::{Emit, Input, Limits, MemoryPlan, Options, Tasks};
use wasm_fuser::{Code, fuse, inspect};

use wasm_fuser_testing::contents::validate;
use wasm_fuser_testing::corpus;
use wasm_fuser_testing::draw::{Draw, seeds};

/// How many of each kind, unless `CASES` says otherwise.
const CASES: u64 = 4000;

/// The longest that one may take, on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// Tries damaged inputs, and says how many of them were fused.
fn each(mut damaged: impl FnMut(&mut Draw) -> Vec<u8>) -> usize {
    let mut fused = 0;
    for seed in seeds(CASES) {
        let mut draw = Draw(seed);
        let bytes = damaged(&mut draw);
        let options = Options {
            emit: [Emit::Component, Emit::Flat, Emit::RawModule, Emit::Module][draw.below(4)],
            memory: [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single][draw.below(3)],
            capacity: 1 << 20,
            tasks: [Tasks::Refuse, Tasks::Apart][draw.below(2)],
            limits: Limits { instances: 300, output_bytes: 4 << 20, ..Limits::default() },
            ..Options::default()
        };
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| survives(bytes, &options)));
        let outcome = outcome.unwrap_or_else(|_| Err("it panics".into()));
        fused += usize::from(outcome.unwrap_or_else(|why| panic!("SEED={seed} CASES=1: {why}")));
        assert!(begun.elapsed() < LONGEST, "SEED={seed} CASES=1: it takes {:?}", begun.elapsed());
    }
    println!("{fused} were fused");
    fused
}

/// Whether an input is fused; or else it has to be refused as it should be.
fn survives(bytes: Vec<u8>, options: &Options) -> Result<bool, String> {
    let input = Input { name: "damaged".into(), bytes };
    let internal = |error: wasm_fuser::Error| match error.code() {
        Code::Internal => Err(format!("{error}")),
        _ => Ok(()),
    };
    inspect(&input).map_or_else(internal, |_| Ok(()))?;
    match fuse(&[input], options) {
        Ok(fused) if fused.bytes.len() > 4 << 20 => Err("the result is too large".into()),
        Ok(fused) => validate(&fused.bytes).map(|()| true).map_err(|error| error.to_string()),
        Err(error) => internal(error).map(|()| false),
    }
}

#[test]
fn damaged_bytes_are_refused_or_fused() {
    let corpus = corpus::binaries();
    assert!(corpus.len() > 100, "there are cases");
    each(|draw| {
        let mut bytes = corpus[draw.below(corpus.len())].1.clone();
        for _ in 0..1 + draw.below(3) {
            damage(&mut bytes, draw, &corpus);
        }
        bytes
    });
}

fn damage(bytes: &mut Vec<u8>, draw: &mut Draw, corpus: &[(String, Vec<u8>)]) {
    const ODD: [u8; 8] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xfe, 0xff];
    let at = draw.below(bytes.len());
    match draw.below(8) {
        0 => drop(bytes.drain(draw.range(bytes.len(), 16))),
        1 => {
            let part = bytes[draw.range(bytes.len(), 64)].to_vec();
            bytes.splice(at..at, part);
        }
        2 => {
            let (_, other) = &corpus[draw.below(corpus.len())];
            let part = other[draw.range(other.len(), 64)].to_vec();
            bytes.splice(at..at, part);
        }
        3 => bytes.truncate(at),
        4 => sections(bytes, draw),
        5 => bytes[at] = ODD[draw.below(ODD.len())],
        6 => bytes[at] = draw.below(256) as u8,
        _ => bytes[at] ^= 1 << draw.below(8),
    }
    if bytes.len() < 8 {
        bytes.resize(8, 0);
    }
}

/// Moves, doubles or drops a section.
fn sections(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let mut ranges = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let begin = at;
        let (mut size, mut shift) = (0usize, 0);
        at += 1;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            size |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        at = at.saturating_add(size);
        if at <= bytes.len() {
            ranges.push(begin..at);
        }
    }
    let Some(range) = ranges.get(draw.below(ranges.len())).cloned() else { return };
    let section = bytes[range.clone()].to_vec();
    let place = ranges[draw.below(ranges.len())].start;
    match draw.below(3) {
        0 => drop(bytes.drain(range)),
        1 => drop(bytes.splice(place..place, section)),
        _ => {
            bytes.drain(range.clone());
            let place = if place > range.start { place - section.len() } else { place };
            bytes.splice(place..place, section);
        }
    }
}

#[test]
fn damaged_texts_are_refused_or_fused() {
    let corpus = corpus::texts();
    let trees: Vec<Vec<String>> = corpus.iter().map(|(_, text)| tokens(text)).collect();
    let words = ["i32", "i64", "u32", "s8", "string", "utf8", "utf16", "bool", "char", "0", "1"];
    let fused = each(|draw| {
        let mut tree = trees[draw.below(trees.len())].clone();
        for _ in 0..1 + draw.below(3) {
            let range = subtree(&tree, draw);
            if range.is_empty() {
                break;
            }
            match draw.below(5) {
                0 => drop(tree.drain(range)),
                1 => {
                    let part = tree[range.clone()].to_vec();
                    drop(tree.splice(range.end..range.end, part));
                }
                2 => {
                    // one of the same kind from elsewhere
                    let other = &trees[draw.below(trees.len())];
                    let heads = (0..other.len()).filter(|&i| other[i] == tree[range.start]);
                    let same = heads.filter(|&i| other.get(i + 1) == tree.get(range.start + 1));
                    let same: Vec<usize> = same.collect();
                    let Some(&at) = same.get(draw.below(same.len())) else { continue };
                    let part = other[at..end(other, at)].to_vec();
                    drop(tree.splice(range, part));
                }
                3 => {
                    let (at, from) = (draw.below(tree.len()), draw.below(tree.len()));
                    if !["(", ")"].iter().any(|p| tree[at] == *p || tree[from] == *p) {
                        tree[at] = tree[from].clone();
                    }
                }
                _ => {
                    let at = draw.below(tree.len());
                    if words.contains(&&*tree[at]) || tree[at].parse::<i64>().is_ok() {
                        tree[at] = words[draw.below(words.len())].into();
                    }
                }
            }
        }
        tree.join(" ").into_bytes()
    });
    assert!(fused > 0 || env::var_os("CASES").is_some(), "some are still valid");
}

/// The parentheses, strings and words of a text.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => 1,
            ';' => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let mut escaped = false;
                let end = rest.char_indices().skip(1).find(|(_, c)| {
                    let end = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    end
                });
                end.map_or(rest.len(), |(at, _)| at + 1)
            }
            c if c.is_whitespace() => c.len_utf8(),
            _ => {
                rest.find(|c: char| c.is_whitespace() || "()\";".contains(c)).unwrap_or(rest.len())
            }
        };
        let (token, after) = rest.split_at(length);
        if !first.is_whitespace() && first != ';' {
            tokens.push(token.to_string());
        }
        rest = after;
    }
    tokens
}

/// The range of a tree, parentheses included.
fn subtree(tokens: &[String], draw: &mut Draw) -> std::ops::Range<usize> {
    let open: Vec<usize> = (1..tokens.len()).filter(|&i| tokens[i] == "(").collect();
    let at = open.get(draw.below(open.len())).copied().unwrap_or(0);
    at..end(tokens, at)
}

/// Where the tree ends that begins at a parenthesis.
fn end(tokens: &[String], at: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}
