//! wasm-fuser.

mod decode;
pub mod error;
mod ids;
pub mod options;
mod plan;
