//! What the fuser has with it: the provider of WASI 0.2 on preview 1.
//!
//! It is an input like any other, named among the fallbacks. Where the caller has not given an input of that
//! name, it is this one. It is in `extras.wasm`, to which `fuser.wasm` comes by an import. A build without it
//! has an error say that there is no such input.

use wasm_fuser::targets::WASIP1;
use wasm_fuser::{Input, Options};

/// Adds what is asked for and not given.
pub fn complete(inputs: &mut Vec<Input>, options: &Options) {
    let is_asked_for = options.fallbacks.iter().any(|name| name == WASIP1);
    let is_given = inputs.iter().any(|input| input.name == WASIP1);
    if is_asked_for && !is_given {
        let bytes = provider();
        if !bytes.is_empty() {
            inputs.push(Input { name: WASIP1.into(), bytes });
        }
    }
}

#[cfg(not(target_family = "wasm"))]
fn provider() -> Vec<u8> {
    wasm_fuser_extras::PROVIDER.into()
}

#[cfg(target_family = "wasm")]
fn provider() -> Vec<u8> {
    crate::exports::provider()
}
