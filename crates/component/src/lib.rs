//! The fuser as a component: `fuser.wasm`.
//!
//! It has the interfaces of `wit/world.wit` and the command line ([`cli`]). All that is fusing is in the
//! library, which knows neither.

mod carried;
pub mod cli;
#[cfg(target_family = "wasm")]
mod exports;
