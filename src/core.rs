//! The words of core wasm that all stages share.
//!
//! They are those of the linker for core instances, which is a crate of its own and knows no others.
//! A function type is [`FuncType`] wherever one is spoken of.

pub use wasm_encoder::FuncType;
pub use wasm_fuser_merge::{EntityKind, ExternalId, ExternalType, Interface, UniqueNames};
