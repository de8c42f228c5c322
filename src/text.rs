//! Text for people: what comes from inputs is escaped wherever it is printed.
//!
//! Names of instances, modules and core items are whatever their maker likes: a terminal obeys the escape
//! sequences in them, a carriage return or a line break forges a line, and a mark of direction makes a
//! reader see another name.
//!
//! ```text
//! the instance is called      a␛[2Jb␊error: all is well␊
//! what is printed             a\u{1b}[2Jb\nerror: all is well\n
//! ```
//!
//! Nobody has to think of it where a name is put into a sentence. What is printed is either an
//! [`Error`](crate::Error), whose text is escaped as it is made, or [`Lines`], whose line breaks are those
//! between lines and nothing else. JSON is data: there the same characters are escaped as JSON does
//! it, and whoever reads it has the names as they are.
//!
//! A backslash stays one, so that escaping what is escaped changes nothing: an error goes from the
//! component to its host and back. What looks escaped may be a name that has a backslash, which does no
//! harm.
//!
//! The native command, which does not depend on the library, has this file, too; the npm package has the
//! same in `web/src/text.ts`.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

/// Text on one line, without anything that is not seen, or changes how other text is seen.
pub fn escaped(text: &str) -> Cow<'_, str> {
    // Nearly all text is of these.
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ if is_hidden(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character is a control character, or one of Unicode's that are no glyphs: marks of
/// direction, joiners, spaces without width, separators of lines, tags.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{70f}' | '\u{180e}' | '\u{feff}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Lines of text, each escaped as it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(String);

impl Lines {
    /// Adds a line.
    pub fn line(&mut self, line: impl Display) {
        self.0 += &escaped(&line.to_string());
        self.0.push('\n');
    }

    /// Adds the lines of a text that has been made of lines.
    pub fn lines(&mut self, text: &str) {
        text.lines().for_each(|line| self.line(line));
    }

    /// Adds other lines.
    pub fn append(&mut self, other: &Lines) {
        self.0 += &other.0;
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, each line with its end.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// JSON with what is hidden as JSON escapes it: the same data. (All that is hidden in JSON, but for the
/// line breaks between its tokens, is in strings.)
pub fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\n' || !is_hidden(character) {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(escaped, "\\u{unit:04x}").expect("a string grows");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped_and_all_else_stays() {
        for (text, expected) in [
            ("app/text-stats#2", "app/text-stats#2"),
            ("größe/文字 \\ \"'`", "größe/文字 \\ \"'`"),
            ("a\u{1b}[2Jb\r\n\tc\u{7f}\u{9b}", r"a\u{1b}[2Jb\r\n\tc\u{7f}\u{9b}"),
            ("\u{202e}txt\u{2069}\u{200f}\u{61c}", r"\u{202e}txt\u{2069}\u{200f}\u{61c}"),
            ("a\u{200b}b\u{2028}c\u{feff}\u{e0041}", r"a\u{200b}b\u{2028}c\u{feff}\u{e0041}"),
        ] {
            assert_eq!(escaped(text), expected);
            assert_eq!(escaped(&escaped(text)), expected, "twice");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let mut lines = Lines::default();
        lines.line(format_args!("{}: {}", "a\nerror: b", 1));
        lines.lines("c\r\nd");
        assert_eq!(lines.into_text(), "a\\nerror: b: 1\nc\nd\n");
    }

    #[test]
    fn json_with_hidden_characters_is_the_same_data() {
        let name = "a\u{7f}\u{202e}b\u{e0041}\n";
        let text = serde_json::to_string(name).expect("a string is JSON");
        let shown = json(&text);
        assert!(!shown.chars().any(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("is JSON"), name);
    }
}
