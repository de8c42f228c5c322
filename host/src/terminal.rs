//! What the program's output is shown on, if that is a terminal.
//!
//! It is the host's to know: the fuser has no terminal and no environment. Colours are for terminals,
//! and not for those whose users do not want them (<https://no-color.org>) or that know none.

use std::env;
use std::io::{self, IsTerminal};

use terminal_size::{Width, terminal_size_of};

use crate::guest::cli::Terminal;

/// What standard output and standard error are shown on.
pub fn terminal() -> Terminal {
    let is_wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let knows_colors = is_wanted && env::var_os("TERM").is_none_or(|name| name != "dumb");
    let width = terminal_size_of(io::stdout()).or_else(|| terminal_size_of(io::stderr()));
    Terminal {
        columns: width.map(|(Width(columns), _)| columns.into()),
        output_colors: knows_colors && io::stdout().is_terminal(),
        error_colors: knows_colors && io::stderr().is_terminal(),
    }
}
