//! Typed ids for everything that is kept in a dense arena: those of [`wasm_fuser_merge`], and more of
//! their kind.

pub(crate) use wasm_fuser_merge::id;
