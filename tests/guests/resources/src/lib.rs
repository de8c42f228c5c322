//! What all guests about resources share: the log, and what a runner exports.
//!
//! Every constructor, method, static and destructor writes a line, so that the log says in which
//! order they were called, and on which side of a boundary.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

pub use exports::wasi::cli::run::Guest as Run;

wit_bindgen::generate!({
    path: "wit",
    world: "runner",
    pub_export_macro: true,
    export_macro_name: "runner",
    default_bindings_module: "resources",
});

/// Writes a line, as `println!` does.
#[macro_export]
macro_rules! log {
    ($($arguments:tt)*) => {
        $crate::resources::common::log::write(&format!($($arguments)*))
    };
}

/// What an object is called in the log. It writes that the object is dropped.
pub struct Name {
    kind: &'static str,
    number: u32,
}

impl Name {
    /// The objects of a guest are numbered.
    pub fn new(kind: &'static str) -> Name {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        Name { kind, number: NUMBER.fetch_add(1, Ordering::Relaxed) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.kind, self.number)
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        log!("{self} is dropped");
    }
}

/// Bytes, if they are few, else how many there are.
pub fn shown(bytes: &[u8]) -> String {
    match bytes.len() {
        0..100 => format!("`{}`", bytes.escape_ascii()),
        length => format!("{length} bytes"),
    }
}
