//! wasm-fuser.

pub mod error;
mod ids;
pub mod merge;
pub mod options;
