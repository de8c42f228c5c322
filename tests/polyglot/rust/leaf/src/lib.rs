//! The last of a chain: it does the work.

use std::cell::RefCell;

use exports::polyglot::chain::tallies::{self, GuestTally, TallyBorrow};
use exports::polyglot::chain::words::{Guest, Note, Order, Traits, Word};

wit_bindgen::generate!({ path: "../../wit", world: "leaf" });

struct Leaf;

impl Guest for Leaf {
    fn languages() -> Vec<String> {
        vec!["rust".into()]
    }

    fn shout(text: String) -> String {
        text.to_uppercase()
    }

    fn count(text: String, order: Order) -> Vec<Word> {
        let mut counts = std::collections::BTreeMap::<&str, u32>::new();
        for word in text.split_whitespace() {
            *counts.entry(word).or_default() += 1;
        }
        let all: u32 = counts.values().sum();
        let word = |(text, count): (&str, u32)| Word {
            text: text.into(),
            count,
            first: text.chars().find(|c| c.is_alphabetic()),
            share: f64::from(count) / f64::from(all),
        };
        let mut words: Vec<Word> = counts.into_iter().map(word).collect();
        if let Order::Frequent = order {
            words.sort_by_key(|word| std::cmp::Reverse(word.count));
        }
        words
    }

    fn longest(words: Vec<String>) -> Option<(u32, String)> {
        let words = words.into_iter().enumerate();
        let longest = words.max_by_key(|(index, word)| (word.len(), std::cmp::Reverse(*index)));
        longest.map(|(index, word)| (index as u32, word))
    }

    fn look(text: String) -> Traits {
        let mut traits = Traits::empty();
        traits.set(Traits::ASCII, text.is_ascii());
        traits.set(Traits::EMPTY, text.is_empty());
        traits.set(Traits::LONG, text.chars().count() > 10);
        traits
    }

    fn revise(note: Note) -> Result<Note, String> {
        Ok(match note {
            Note::Nothing => return Err("there is nothing to revise".into()),
            Note::Number(number) => Note::Number(number / 2.0),
            Note::Text(text) => Note::Many(text.split('-').map(String::from).collect()),
            Note::Word(word) => Note::Word(Word { first: word.text.chars().last(), ..word }),
            Note::Many(many) => Note::Text(many.join("-")),
        })
    }

    fn sum(numbers: Vec<f64>) -> f64 {
        numbers.iter().sum()
    }

    fn turn(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.reverse();
        bytes
    }
}

struct Tally {
    name: String,
    words: RefCell<Vec<(String, u32)>>,
}

impl Tally {
    fn count(&self, word: &str, times: u32) -> u32 {
        let mut words = self.words.borrow_mut();
        if let Some((_, count)) = words.iter_mut().find(|(text, _)| text == word) {
            *count += times;
            return *count;
        }
        words.push((word.into(), times));
        times
    }
}

impl GuestTally for Tally {
    fn new(name: String) -> Tally {
        Tally { name, words: RefCell::default() }
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn add(&self, word: String) -> u32 {
        self.count(&word, 1)
    }

    fn words(&self) -> Vec<String> {
        self.words.borrow().iter().map(|(word, _)| word.clone()).collect()
    }

    fn join(a: tallies::Tally, b: TallyBorrow<'_>) -> tallies::Tally {
        let (mut a, b) = (a.into_inner::<Tally>(), b.get::<Tally>());
        a.name = format!("{}+{}", a.name, b.name);
        for (word, count) in &*b.words.borrow() {
            a.count(word, *count);
        }
        tallies::Tally::new(a)
    }
}

impl tallies::Guest for Leaf {
    type Tally = Tally;
}

export!(Leaf);
