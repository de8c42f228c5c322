//! Colours, where a terminal shows them.
//!
//! Text is made without any, and its labels are painted last: what is printed is the same words in the
//! same places, whoever reads it.
//!
//! ```text
//! error[left-open]: an import is left open     `error[left-open]` is red
//!   help: add the components                   `help:` is bold
//! ```

use clap::builder::styling::{AnsiColor, Style, Styles};

/// Those of help.
pub(super) const HELP: Styles = Styles::plain()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(Style::new().bold())
    .error(ERROR)
    .valid(AnsiColor::Green.on_default())
    .invalid(AnsiColor::Yellow.on_default());

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const HEADING: Style = Style::new().bold();

/// How a label is painted that a line begins with, up to the colon.
const LABELS: [(&str, Style); 11] = [
    ("error:", ERROR),
    ("Usage:", HEADING),
    ("error[", ERROR),
    ("warning:", WARNING),
    ("note:", NOTE),
    ("  input:", HEADING),
    ("  instance:", HEADING),
    ("  function:", HEADING),
    ("  offset:", HEADING),
    ("  help:", HEADING),
    ("  see:", HEADING),
];

/// Text, with the labels of its lines painted if there are to be colours.
pub(super) fn labels(text: &str, has_colors: bool) -> String {
    if !has_colors {
        return text.to_owned();
    }
    let paint = |line: &str| {
        let style = LABELS.iter().find(|(label, _)| line.starts_with(label))?.1;
        let (label, rest) = line.split_once(':')?;
        Some(format!("{style}{label}:{style:#}{rest}"))
    };
    text.split_inclusive('\n').map(|line| paint(line).unwrap_or_else(|| line.to_owned())).collect()
}

/// Text in sections, with the first line of each painted if there are to be colours.
pub(super) fn headings(text: &str, has_colors: bool) -> String {
    if !has_colors {
        return text.to_owned();
    }
    let mut is_first = false;
    let paint = |line: &str| {
        let is_heading = std::mem::replace(&mut is_first, line == "\n") && !line.starts_with(' ');
        match line.strip_suffix('\n') {
            Some(line) if is_heading && !line.is_empty() => format!("{HEADING}{line}{HEADING:#}\n"),
            _ => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(paint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text without what paints it.
    fn plain(text: &str) -> String {
        let mut parts = text.split('\x1b');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
    }

    #[test]
    fn colours_change_no_word() {
        let text =
            "error[io]: cannot: read\n  help: check it\n  more: of it\nwarning: a\nnote: b: c\n";
        assert_eq!(labels(text, false), text);
        let painted = labels(text, true);
        assert_eq!(plain(&painted), text);
        assert_eq!(painted.matches("\x1b[0m").count(), 4, "{painted:?}");
        assert!(painted.contains("\n  more: of it\n"), "{painted:?}");

        let text = "2 crossings\n\na -> b\n  f  direct\n\n  before\n\n";
        assert_eq!(headings(text, false), text);
        let painted = headings(text, true);
        assert_eq!(plain(&painted), text);
        assert!(painted.starts_with("2 crossings\n\n\x1b[1ma -> b\x1b[0m\n  f"), "{painted:?}");
        assert_eq!(painted.matches("\x1b[0m").count(), 1, "{painted:?}");
    }
}
