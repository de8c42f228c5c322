//! What the component has with it: the provider of WASI 0.2 on preview 1.
//!
//! It is an input like any other, named among the fallbacks. Where the caller has not given an input of that
//! name, it is this one. The build script puts it here, if it has been built (`make provider`); without it,
//! an error says that there is no such input.

use wasm_fuser::targets::WASIP1;
use wasm_fuser::{Input, Options};

static PROVIDER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wasip1.wasm"));

/// Adds what is asked for and not given.
pub fn complete(inputs: &mut Vec<Input>, options: &Options) {
    let is_asked_for = options.fallbacks.iter().any(|name| name == WASIP1);
    let is_given = inputs.iter().any(|input| input.name == WASIP1);
    if is_asked_for && !is_given && !PROVIDER.is_empty() {
        inputs.push(Input { name: WASIP1.into(), bytes: PROVIDER.into() });
    }
}
