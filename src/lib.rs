//! wasm-fuser.

pub mod cli;
#[cfg(target_family = "wasm")]
mod component;
pub mod error;
mod ids;
pub mod options;
pub mod report;

pub use self::error::{Code, Error, Result};
pub use self::options::{Input, Options};
pub use self::report::{Fused, Graph, Report};

/// Fuses a composition: the first input is the root, whose imports the others satisfy; a single
/// input is a composition already.
pub fn fuse(_inputs: &[Input], _options: &Options) -> Result<Fused> {
    Err(Error::internal("not wired yet"))
}

/// The instance graph of a component, as it is.
pub fn inspect(_input: &Input) -> Result<Graph> {
    Err(Error::internal("not wired yet"))
}
