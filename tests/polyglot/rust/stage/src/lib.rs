//! One of a chain: it does a little, and the next one the rest.

use exports::polyglot::chain::tallies::{self, GuestTally, TallyBorrow};
use exports::polyglot::chain::words::{Guest, Note, Order, Traits, Word};
use polyglot::chain::{tallies as next_tallies, words as next};

wit_bindgen::generate!({ path: "../../wit", world: "stage", additional_derives: [Clone] });

struct Stage;

impl Guest for Stage {
    fn languages() -> Vec<String> {
        let mut languages = next::languages();
        languages.insert(0, "rust".into());
        languages
    }

    fn shout(text: String) -> String {
        next::shout(&format!("{text}, says Rust"))
    }

    fn count(text: String, order: Order) -> Vec<Word> {
        let order = match order {
            Order::Alphabetic => next::Order::Alphabetic,
            Order::Frequent => next::Order::Frequent,
        };
        next::count(&format!("{text} rust"), order).into_iter().map(word).collect()
    }

    fn longest(mut words: Vec<String>) -> Option<(u32, String)> {
        words.push("rustacean".into());
        next::longest(&words)
    }

    fn look(text: String) -> Traits {
        Traits::from_bits_truncate(next::look(&text).bits()) ^ Traits::LONG
    }

    fn revise(note: Note) -> Result<Note, String> {
        let note = match note {
            Note::Nothing => next::Note::Nothing,
            Note::Number(number) => next::Note::Number(number + 1.0),
            Note::Text(text) => next::Note::Text(text + "-rust"),
            Note::Word(word) => next::Note::Word(next_word(word)),
            Note::Many(many) => next::Note::Many(many),
        };
        match next::revise(&note) {
            Ok(next::Note::Nothing) => Ok(Note::Nothing),
            Ok(next::Note::Number(number)) => Ok(Note::Number(number)),
            Ok(next::Note::Text(text)) => Ok(Note::Text(text)),
            Ok(next::Note::Word(it)) => Ok(Note::Word(word(it))),
            Ok(next::Note::Many(many)) => Ok(Note::Many(many)),
            Err(error) => Err(format!("rust: {error}")),
        }
    }

    fn sum(numbers: Vec<f64>) -> f64 {
        next::sum(&numbers) + 1.0
    }

    fn turn(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.reverse();
        next::turn(&bytes)
    }
}

fn word(next::Word { text, count, first, share }: next::Word) -> Word {
    Word { text, count, first, share }
}

fn next_word(Word { text, count, first, share }: Word) -> next::Word {
    next::Word { text, count, first, share }
}

struct Tally(next_tallies::Tally);

impl GuestTally for Tally {
    fn new(name: String) -> Tally {
        Tally(next_tallies::Tally::new(&format!("rust {name}")))
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn add(&self, word: String) -> u32 {
        self.0.add(&word)
    }

    fn words(&self) -> Vec<String> {
        self.0.words()
    }

    fn join(a: tallies::Tally, b: TallyBorrow<'_>) -> tallies::Tally {
        let a = a.into_inner::<Tally>();
        tallies::Tally::new(Tally(next_tallies::Tally::join(a.0, &b.get::<Tally>().0)))
    }
}

impl tallies::Guest for Stage {
    type Tally = Tally;
}

export!(Stage);
