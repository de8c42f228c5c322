//! The fuser as a component: `fuser.wasm`.
//!
//! It has the interface `fuse` of `wit/world.wit`. All that is fusing is in the library, which knows nothing of
//! it; the command line is another component, in `crates/cli`.

mod carried;
#[cfg(target_family = "wasm")]
mod exports;

use wasm_fuser::{Composition, Fused, Input, Options, Result};

/// Fuses, with what the fuser has with it.
pub fn fuse(mut inputs: Vec<Input>, options: &Options) -> Result<Fused> {
    carried::complete(&mut inputs, options);
    wasm_fuser::fuse(&inputs, options)
}

/// Links, with what the fuser has with it.
pub fn link(mut inputs: Vec<Input>, options: &Options) -> Result<Composition> {
    carried::complete(&mut inputs, options);
    wasm_fuser::link(&inputs, options)
}
