//! The fuser, as [`run`](super::run) calls it.
//!
//! In a component it is another one, the import `fuse` of `wit/world.wit`. In a program that is not one, such as a
//! test, it is in the same program.

#[cfg(target_family = "wasm")]
pub use super::exports::fuser::{fuse, inspect, link, modules, print, splice};

#[cfg(not(target_family = "wasm"))]
pub use self::native::inspect;
#[cfg(not(target_family = "wasm"))]
pub use wasm_fuser::{modules, print, splice};
#[cfg(not(target_family = "wasm"))]
pub use wasm_fuser_component::{fuse, link};

#[cfg(not(target_family = "wasm"))]
mod native {
    use wasm_fuser::report::Graph;
    use wasm_fuser::{Input, Result};

    /// The instance graph of a component.
    pub fn inspect(input: Input) -> Result<Graph> {
        wasm_fuser::inspect(&input)
    }
}
