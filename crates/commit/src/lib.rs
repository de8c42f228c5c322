//! The commit that the command was built of: a crate of its own, because what depends on it is compiled
//! again after every commit. The fuser does not, and so `fuser.wasm` is the same.

const NAME: &str = env!("WASM_FUSER_COMMIT");

/// The first digits of the commit's name, where it is known.
pub const COMMIT: Option<&str> = if NAME.is_empty() { None } else { Some(NAME) };
