//! `extras.wasm`: what few compositions need of the fuser, and what is large.
//!
//! That is the text format, debug information, the provider of WASI 0.2 on preview 1, and the pages on errors.
//! `fuser.wasm` imports all of them, and hosts load this component when the fuser first asks for something. One for all, because each more is
//! a file more that bundlers have to find.

#[cfg(target_family = "wasm")]
#[path = "../../../src/error/codes.rs"]
mod codes;
#[cfg(target_family = "wasm")]
mod dwarf;
#[cfg(target_family = "wasm")]
mod exports;

/// The provider, if it has been built (`make provider`), or nothing.
pub static PROVIDER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wasip1.wasm"));
