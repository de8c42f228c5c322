//! The text format of WebAssembly: read and printed.
//!
//! What reads and prints text is a fifth of the fuser's code, and most compositions are binary from end to end.
//! So the component `fuser.wasm` has none of it: it imports the interface `text` of `wit/world.wit`, and
//! `extras.wasm` exports it (`crates/extras`). A host loads that one when text comes or goes. To the library it
//! makes no difference, for both sides are in this crate:
//!
//! ```text
//! library --binary, print--> read, printed        everywhere, unless
//!         --binary, print--> the import `text`    `imported`: in `fuser.wasm`
//! ```
//!
//! To let the library be given a reader, as a parameter of `fuse`, was rejected: each of those who call it would
//! have to have one, and text is a part of what it takes.

#[cfg(feature = "imported")]
mod imports;
#[cfg(not(feature = "imported"))]
mod read;

#[cfg(feature = "imported")]
pub use self::imports::{binary, print};
#[cfg(not(feature = "imported"))]
pub use self::read::{binary, print};

/// Why there is no binary of a text, or no text of a binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, on a line.
    pub what: String,
    /// The place in the text with a mark, if it is in a text.
    pub quoted: Vec<String>,
    /// What to do next.
    pub help: Option<String>,
    /// Where it is in the binary, if it is in a binary.
    pub offset: Option<u64>,
}

impl Problem {
    /// What is wrong, without more.
    pub fn new(what: impl Into<String>) -> Problem {
        Problem { what: what.into(), quoted: Vec::new(), help: None, offset: None }
    }

    /// Bytes are no WebAssembly in any format.
    pub fn not_wasm(detail: &str) -> Problem {
        Problem::new(format!("neither a wasm binary nor wasm text: {detail}"))
    }
}
