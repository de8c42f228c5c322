//! Text to binary and back: components in the text format, and what is taken for them.
//!
//! Before September 2026 the text format was laxer about references to core items: `(memory $i "m")`
//! for `(memory (core memory $i "m"))`, `(realloc (func $f))` for `(realloc (core func $f))`. Whether
//! the parser takes those is for an environment variable to say, and nothing here depends on the
//! environment. So each such reference is written out before the parser sees it; nothing else is
//! changed, and places in messages are those of the text as it was given.
//!
//! WIT and WAC are text, too, and near at hand when components are named. They are told apart by
//! what stands at the outermost level, and said to be what they are.

use std::borrow::Cow;
use std::path::Path;

use wast::Wat;
use wast::lexer::{Lexer, TokenKind};
use wast::parser::{self, ParseBuffer};
use wast::token::Span;

use crate::Problem;

/// What is text as a binary; `name` is what messages call it.
///
/// # Errors
///
/// What is wrong in the text, and where.
pub fn binary(text: &str, name: &str) -> Result<Vec<u8>, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::not_wasm("it is empty"));
    }
    let modern = written_out(text);
    let parsed = ParseBuffer::new(&modern.text)
        .and_then(|buffer| parser::parse::<Wat>(&buffer).and_then(|mut it| it.encode()));
    parsed.map_err(|error| {
        other_language(text).unwrap_or_else(|| {
            let place = modern.place_before(error.span().offset());
            let mut told = wast::Error::new(Span::from_offset(place), error.message());
            told.set_path(Path::new(name));
            told.set_text(text);
            let message = told.to_string();
            // What is wrong, and below it the place in the text with a mark.
            let (what, quoted) = message.split_once('\n').unwrap_or((&message, ""));
            let quoted = quoted.lines().map(|line| line.replace('\t', " ")).collect();
            Problem { quoted, ..Problem::not_wasm(what) }
        })
    })
}

/// The text of a component or a core module.
///
/// # Errors
///
/// What cannot be read, and where.
pub fn print(bytes: &[u8]) -> Result<String, Problem> {
    wasmprinter::print_bytes(bytes).map_err(|error| {
        match error.downcast_ref::<wasmparser::BinaryReaderError>() {
            Some(error) => {
                Problem { offset: Some(error.offset()), ..Problem::new(error.message()) }
            }
            None => Problem::new(error.to_string()),
        }
    })
}

/// A text in which references are written out.
struct Modern<'a> {
    text: Cow<'a, str>,
    /// Where something was put in, in the text as it was, and how many bytes.
    insertions: Vec<(usize, usize)>,
}

impl Modern<'_> {
    /// What a place in this text was before.
    fn place_before(&self, place: usize) -> usize {
        let mut inserted = 0;
        for &(at, bytes) in &self.insertions {
            if at + inserted >= place {
                break;
            }
            // A place in what was put in is where that begins.
            inserted = (inserted + bytes).min(place - at);
        }
        place - inserted
    }
}

/// The text with references to core items written out. What cannot be read is left to the parser.
fn written_out(text: &str) -> Modern<'_> {
    let mut tokens = Vec::new();
    for token in Lexer::new(text).iter(0) {
        let Ok(token) = token else {
            return Modern { text: text.into(), insertions: Vec::new() };
        };
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
            kind => tokens.push((kind, token.offset, token.src(text))),
        }
    }
    let insertions = Tokens(&tokens).insertions();
    if insertions.is_empty() {
        return Modern { text: text.into(), insertions: Vec::new() };
    }
    let mut out = String::new();
    let mut rest = text;
    let mut copied = 0;
    for (at, what) in &insertions {
        let (before, after) = rest.split_at(at - copied);
        out.push_str(before);
        out.push_str(what);
        (rest, copied) = (after, *at);
    }
    out.push_str(rest);
    let insertions = insertions.iter().map(|(at, what)| (*at, what.len())).collect();
    Modern { text: out.into(), insertions }
}

/// Tokens, each with its kind, its offset, and its source.
struct Tokens<'a>(&'a [(TokenKind, usize, &'a str)]);

impl Tokens<'_> {
    fn is(&self, at: usize, kind: TokenKind) -> bool {
        self.0.get(at).is_some_and(|token| token.0 == kind)
    }

    fn is_index(&self, at: usize) -> bool {
        let is_integer = |kind| matches!(kind, TokenKind::Integer(_));
        self.is(at, TokenKind::Id) || self.0.get(at).is_some_and(|token| is_integer(token.0))
    }

    fn source(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |token| token.2)
    }

    /// What is to be put in, and before which place of the text.
    fn insertions(&self) -> Vec<(usize, String)> {
        let mut insertions = Vec::new();
        for at in 0..self.0.len() {
            if self.is(at, TokenKind::LParen) {
                self.at_parenthesis(at, &mut insertions);
            }
            // thread.new-indirect $type (table $t), where $type may be (core type $type)
            if matches!(self.source(at), "thread.new-indirect" | "thread.spawn-indirect") {
                let table = if self.is_index(at + 1) { at + 2 } else { self.after_list(at + 1) };
                if self.is(table, TokenKind::LParen) && self.source(table + 1) == "table" {
                    insertions.push((self.0[table + 1].1, "core ".into()));
                }
            }
        }
        insertions.sort();
        insertions
    }

    fn at_parenthesis(&self, at: usize, insertions: &mut Vec<(usize, String)>) {
        // (memory $i "m"), and no export's or argument's, which has a name before it
        if at > 0
            && !self.is(at - 1, TokenKind::String)
            && self.source(at + 1) == "memory"
            && self.is_index(at + 2)
            && self.is(at + 3, TokenKind::String)
            && self.is(at + 4, TokenKind::RParen)
        {
            insertions.push((self.0[at + 2].1, "(core memory ".into()));
            insertions.push((self.0[at + 4].1, ")".into()));
        }
        // (realloc (func $f))
        if matches!(self.source(at + 1), "realloc" | "post-return" | "callback" | "dtor")
            && self.is(at + 2, TokenKind::LParen)
            && self.source(at + 3) == "func"
        {
            insertions.push((self.0[at + 3].1, "core ".into()));
        }
    }

    /// The token after a list in parentheses.
    fn after_list(&self, at: usize) -> usize {
        let close = |token: &(TokenKind, usize, &str)| token.0 == TokenKind::RParen;
        self.0.iter().skip(at).position(close).map_or(self.0.len(), |offset| at + offset + 1)
    }
}

/// Says that the text is one of another language, if it is.
fn other_language(text: &str) -> Option<Problem> {
    let mut depth = 0usize;
    let (mut is_wit, mut is_wac) = (false, false);
    for line in text.lines().map(str::trim) {
        let word = line.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        if depth == 0 {
            is_wit |= matches!(word, "package" | "interface" | "world");
            is_wac |= matches!(word, "let" | "export" | "import");
        }
        let code = line.split("//").next().unwrap_or_default();
        depth += code.matches('{').count();
        depth = depth.saturating_sub(code.matches('}').count());
    }
    if !is_wit && !is_wac || text.trim_start().starts_with('(') {
        return None;
    }
    let (what, help) = match is_wac {
        true => (
            "this is a WAC file: it says how components are composed",
            "compose it first, `wac compose FILE -o OUTPUT`; or give it to the command, native or of \
             npm, as a file called `NAME.wac`, for `fuse` or `link`",
        ),
        false => (
            "this is WIT text: it declares interfaces, and there is no code in it",
            "name a component that was built against it",
        ),
    };
    Some(Problem { help: Some(help.into()), ..Problem::new(what) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_earlier_text_are_written_out() {
        let text = r#"(component
          (core module $m (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32)
            (result i32) (i32.const 8)) (func (export "f") (param i32 i32)))
          (core instance $i (instantiate $m))
          (core instance $again (export "m" (memory $i "m")))
          (alias core export $i "r" (core func $r))
          (func (export "f") (param "x" string) (canon lift (core func $i "f")
            (memory (; the guest's ;) $i "m") (realloc (func $r)))))"#;
        let written = written_out(text).text;
        assert!(written.contains(r#"(core memory $i "m"))"#), "{written}");
        assert!(written.contains(r#"(export "m" (memory $i "m"))"#), "{written}");
        binary(text, "app").expect("it is component text");
    }

    #[test]
    fn tables_of_threads_are_references_too() {
        for (before, after) in [
            ("thread.new-indirect 0 (table $t)", "thread.new-indirect 0 (core table $t)"),
            ("thread.new-indirect (core type $f) (table $i \"t\")", "(core table $i \"t\")"),
            ("thread.spawn-indirect $f (table 0)", "thread.spawn-indirect $f (core table 0)"),
        ] {
            let written = written_out(before).text;
            assert!(written.ends_with(after), "{written}");
        }
        for same in ["thread.new-indirect 0 (core table $t)", "(elem (table $t) (i32.const 0))"] {
            assert_eq!(written_out(same).text, same);
        }
    }

    #[test]
    fn an_error_in_text_names_the_input_and_the_place_in_it() {
        let message = |text: &str| {
            let problem = binary(text, "app").unwrap_err();
            format!("{}\n{}\n", problem.what, problem.quoted.join("\n"))
        };
        let told = message("(component (func (export \"f\") (canon lift 1)))");
        assert!(told.contains("--> app:1:"), "{told}");
        let line = r#"(canon lift (core func 0 "f") (memory 0 "m") (realloc (func 0)) (oops))"#;
        let message = message(&format!("(component (func (export \"f\")\n{line}))"));
        let column = line.find("(oops").expect("is there") + 1;
        assert!(message.contains(&format!("--> app:2:{column}\n")), "{message}");
        assert!(message.contains(line) && !message.contains("(core memory"), "{message}");
    }

    #[test]
    fn places_are_those_before_anything_was_put_in() {
        let modern = Modern { text: "aXXbYc".into(), insertions: vec![(1, 2), (2, 1)] };
        let places: Vec<_> = (0..=6).map(|place| modern.place_before(place)).collect();
        assert_eq!(places, [0, 1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn other_languages_are_told() {
        for (text, what) in [
            ("package a:b;\ninterface i { f: func(); }", "this is WIT text"),
            ("// a\nworld w {\n  export i: interface { }\n}", "this is WIT text"),
            ("package a:b;\nlet x = new c:d { ... };\nexport x...;", "this is a WAC file"),
            ("hello", "neither a wasm binary nor wasm text"),
        ] {
            let problem = binary(text, "app").unwrap_err();
            assert!(problem.what.starts_with(what), "{problem:?}");
        }
    }
}
