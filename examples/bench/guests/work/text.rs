//! Tokens of a text.

use super::token::{Kind, Token};

pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut line, mut column) = (1, 1);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = kind_of(first);
        let end = rest.find(|c| kind_of(c) != kind).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        tokens.push(Token { text: token.into(), line, column, kind });
        for c in token.chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        rest = after;
    }
    tokens
}

fn kind_of(c: char) -> Kind {
    match c {
        _ if c.is_alphabetic() => Kind::Word,
        '0'..='9' => Kind::Number,
        ' ' | '\n' => Kind::Space,
        _ => Kind::Other,
    }
}

pub fn join(tokens: &[Token]) -> String {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len()).sum());
    for token in tokens {
        text.push_str(&token.text);
    }
    text
}
