//! Tables, and the numbers in them. Columns are as wide as their widest cell.
//!
//! Where a line would be longer than the terminal, the last column is broken between words:
//!
//! ```text
//! count  adapt  212 B  `text`: string, one memory.copy; result:
//!                      list of numbers, one memory.copy
//! ```

use wasm_fuser::text::{Lines, escaped};

/// A cell and the side that it is aligned to.
pub(super) enum Cell {
    Left(String),
    Right(String),
}

impl Cell {
    /// As wide as it is printed.
    fn escaped(self) -> Self {
        match self {
            Cell::Left(text) => Cell::Left(escaped(&text).into_owned()),
            Cell::Right(text) => Cell::Right(escaped(&text).into_owned()),
        }
    }

    fn text(&self) -> &str {
        match self {
            Cell::Left(text) | Cell::Right(text) => text,
        }
    }
}

/// What a column of prose has at least, however narrow the terminal is.
const NARROWEST: usize = 20;

/// A table, in lines of so many characters if there is a limit.
pub(super) fn table<const N: usize>(
    rows: impl IntoIterator<Item = [Cell; N]>,
    columns: Option<u32>,
) -> Lines {
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(Cell::escaped)).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = width_of(cell.text()).max(*width);
        }
    }
    let before: usize = widths.iter().rev().skip(1).map(|width| width + 2).sum();
    let room = columns.map(|columns| (columns as usize).saturating_sub(before).max(NARROWEST));
    let mut text = Lines::default();
    for row in &rows {
        let mut lines = vec![""];
        let cells = row.iter().zip(widths).enumerate().map(|(index, (cell, width))| match cell {
            Cell::Left(text) if index + 1 == N && room.is_some_and(|room| room < width) => {
                lines = broken(text, room.unwrap_or(width));
                lines[0].to_owned()
            }
            Cell::Left(text) => format!("{text:<width$}"),
            Cell::Right(text) => format!("{text:>width$}"),
        });
        text.line(cells.collect::<Vec<_>>().join("  ").trim_end());
        for line in lines.iter().skip(1) {
            text.line(format_args!("{:before$}{line}", ""));
        }
    }
    text
}

/// A text in lines of at most so many characters, but for words that are longer. At least one.
fn broken(text: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while width_of(rest) > room {
        let limit = rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at);
        let space = rest[..limit].rfind(' ').filter(|at| *at > 0);
        let Some(at) = space.or_else(|| rest.find(' ').filter(|at| *at > 0)) else { break };
        lines.push(rest[..at].trim_end());
        rest = rest[at..].trim_start();
    }
    lines.push(rest);
    lines
}

fn width_of(text: &str) -> usize {
    text.chars().count()
}

/// `1 crossing`, `2 crossings`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A number with commas between groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(columns: Option<u32>) -> String {
        let row = |name: &str, size: &str, prose: &str| {
            [Cell::Left(name.into()), Cell::Right(size.into()), Cell::Left(prose.into())]
        };
        let prose = "one two three four five six seven eight";
        table([row("count", "1", prose), row("a", "1,234", "")], columns).into_text()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(
            shown(None),
            "count      1  one two three four five six seven eight\na      1,234\n"
        );
        assert_eq!(shown(Some(200)), shown(None));
    }

    #[test]
    fn the_last_column_is_broken_where_the_terminal_ends() {
        let text =
            "count      1  one two three four\n              five six seven eight\na      1,234\n";
        assert_eq!(shown(Some(35)), text);
        assert_eq!(shown(Some(1)), text, "not narrower than can be read");
    }

    #[test]
    fn a_word_that_is_too_long_stands_by_itself() {
        assert_eq!(broken("a abcdefgh b", 4), ["a", "abcdefgh", "b"]);
        assert_eq!(broken("abcdefgh", 4), ["abcdefgh"]);
        assert_eq!(broken("", 4), [""]);
        assert_eq!(broken("äöü äöü", 4), ["äöü", "äöü"]);
    }
}
