//! wasm-fuser.

pub mod error;
mod ids;
pub mod link;
pub mod options;
