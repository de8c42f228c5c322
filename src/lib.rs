//! wasm-fuser.

mod abi;
mod analyse;
mod decode;
pub mod error;
mod ids;
pub mod options;
mod plan;
mod runtime;
mod shim;
