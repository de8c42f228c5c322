//! Tables of text: each column as wide as its widest cell.

use wasm_fuser::text::{Lines, escaped};

/// A cell and the side that it is aligned to.
pub enum Cell {
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

/// Rows, as wide as their cells.
pub fn table<const N: usize>(rows: impl IntoIterator<Item = [Cell; N]>) -> Lines {
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(Cell::escaped)).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.text().chars().count().max(*width);
        }
    }
    let mut lines = Lines::default();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| match cell {
            Cell::Left(text) => format!("{text:<width$}"),
            Cell::Right(text) => format!("{text:>width$}"),
        });
        lines.line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    lines
}
