//! The pieces of the result: what it imports, and what it exports, with the types of both.
//!
//! ```text
//! needs -> union -> imports (names)        each import of the result, with what its type refers to
//! root                                     the component that is being written
//! borrow -> writer -> shell -> exports     the exports, where aliases are not enough
//! ```

pub mod attempt;
pub mod borrow;
pub mod exports;
pub mod imports;
mod names;
mod needs;
pub mod root;
mod shell;
mod union;
mod writer;
