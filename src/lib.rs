//! wasm-fuser.

pub mod error;
mod ids;
pub mod options;
