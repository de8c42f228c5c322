//! Inputs that are text: components in the text format, and what is taken for them.
//!
//! Before September 2026 the text format was laxer about references to core items: `(memory $i "m")`
//! for `(memory (core memory $i "m"))`, `(realloc (func $f))` for `(realloc (core func $f))`. The
//! parser refuses those unless the environment tells it otherwise, and there is none here. So text
//! that it refuses is read again with such references written out; nothing else is changed, and
//! places in messages are those of the text as it was given.
//!
//! WIT and WAC are text, too, and near at hand when components are named. They are told apart by
//! what stands at the outermost level, and said to be what they are.

use std::borrow::Cow;
use std::path::Path;

use wast::lexer::{Lexer, TokenKind};

use crate::error::{Code, Error, Result};
use crate::text::escaped;

/// What is text as a binary; `name` is what messages call it.
pub(super) fn to_binary(text: &str, name: &str) -> Result<Vec<u8>> {
    if text.trim().is_empty() {
        return Err(not_wasm("it is empty"));
    }
    let error = match wat::parse_str(text) {
        Ok(bytes) => return Ok(bytes),
        Err(error) => error,
    };
    if let Some(bytes) = written_out(text).and_then(|text| wat::parse_str(text).ok()) {
        return Ok(bytes);
    }
    Err(other_language(text).unwrap_or_else(|| {
        let mut error = error;
        error.set_path(Path::new(&*escaped(name)));
        let message = error.to_string();
        // What is wrong, and below it the place in the text with a mark.
        let (what, quoted) = message.split_once('\n').unwrap_or((&message, ""));
        not_wasm(&without_environment(what))
            .with_lines(quoted.lines().map(|line| line.replace('\t', " ")))
    }))
}

/// Says that bytes are no WebAssembly in any format.
pub(super) fn not_wasm(detail: &str) -> Error {
    Error::new(Code::InvalidInput, format!("neither a wasm binary nor wasm text: {detail}"))
}

/// The parser's message without its advice about the environment.
fn without_environment(message: &str) -> Cow<'_, str> {
    match message.split_once(" (or set WAST_STRICT_COMPONENT_INDICES=0") {
        Some((before, after)) => {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            Cow::Owned(format!("{before}{after}"))
        }
        None => Cow::Borrowed(message),
    }
}

/// The text with references to core items written out, if it has any that are not.
fn written_out(text: &str) -> Option<String> {
    let mut tokens = Vec::new();
    for token in Lexer::new(text).iter(0) {
        let token = token.ok()?;
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
            kind => tokens.push((kind, token.offset, token.src(text))),
        }
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut insert = |at: usize, what: &str| -> Option<()> {
        out.push_str(text.get(copied..at)?);
        out.push_str(what);
        copied = at;
        Some(())
    };
    let is = |at: usize, kind: TokenKind| tokens.get(at).is_some_and(|token| token.0 == kind);
    let src = |at: usize| tokens.get(at).map_or("", |token| token.2);
    let is_index = |at| is(at, TokenKind::Id) || tokens.get(at).is_some_and(|t| is_integer(t.0));
    for at in 0..tokens.len() {
        if !is(at, TokenKind::LParen) {
            continue;
        }
        // (memory $i "m"), and no export's or argument's, which has a name before it
        let is_option = at > 0 && !is(at - 1, TokenKind::String);
        if is_option
            && matches!(src(at + 1), "memory" | "table")
            && is_index(at + 2)
            && is(at + 3, TokenKind::String)
            && is(at + 4, TokenKind::RParen)
        {
            insert(tokens[at + 2].1, &format!("(core {} ", src(at + 1)))?;
            insert(tokens[at + 4].1, ")")?;
        }
        // (realloc (func $f))
        if matches!(src(at + 1), "realloc" | "post-return" | "callback" | "dtor")
            && is(at + 2, TokenKind::LParen)
            && src(at + 3) == "func"
        {
            insert(tokens[at + 3].1, "core ")?;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

fn is_integer(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Integer(_))
}

/// Says that the text is one of another language, if it is.
fn other_language(text: &str) -> Option<Error> {
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
            "compose it, `wac compose FILE -o OUTPUT`, and fuse what comes out; or name the \
             components themselves",
        ),
        false => (
            "this is WIT text: it declares interfaces, and there is no code in it",
            "name a component that was built against it",
        ),
    };
    Some(Error::new(Code::InvalidInput, what).with_help(help))
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
        assert!(wat::parse_str(text).is_err(), "the parser accepts it by itself");
        let written = written_out(text).expect("it has such references");
        assert!(written.contains(r#"(core memory $i "m"))"#), "{written}");
        assert!(written.contains(r#"(export "m" (memory $i "m"))"#), "{written}");
        to_binary(text, "app").expect("it is component text");
    }

    #[test]
    fn an_error_in_text_names_the_input_and_no_environment() {
        let error =
            to_binary("(component (func (export \"f\") (canon lift 1)))", "app").unwrap_err();
        assert!(error.message().contains("--> app:1:"), "{error}");
        let text = "(component (func (export \"f\") (canon lift (core func 0 \"f\") (memory 0 \"m\") (oops))))";
        let error = to_binary(text, "app").unwrap_err();
        assert!(!error.message().contains("WAST_"), "{error}");
    }

    #[test]
    fn other_languages_are_told() {
        for (text, what) in [
            ("package a:b;\ninterface i { f: func(); }", "this is WIT text"),
            ("// a\nworld w {\n  export i: interface { }\n}", "this is WIT text"),
            ("package a:b;\nlet x = new c:d { ... };\nexport x...;", "this is a WAC file"),
            ("hello", "neither a wasm binary nor wasm text"),
        ] {
            let error = to_binary(text, "app").unwrap_err();
            assert!(error.message().starts_with(what), "{error}");
        }
    }
}
