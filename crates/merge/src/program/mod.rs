//! The program: all instances together, with one id for everything that any of them defines.
//!
//! Modules say things by index, and an index means something in one instance only. Here each index
//! becomes an id, which means the same to everybody ([`resolve`], [`Spaces`]), and so do types
//! ([`types`]). What segments and constant expressions say is said in ids, too ([`segment`],
//! [`constant`]).
//!
//! Nothing is decided here, and a [`Program`] is complete when [`resolve`](fn@resolve) returns it.

pub use self::constant::{Constants, Value};
pub use self::entity::{
    DataId, Definition, ElementId, Entity, FuncId, GlobalId, HelperId, MemoryId, Site, TableId,
    TagId,
};
pub use self::resolve::{Program, resolve};
pub use self::spaces::Spaces;
pub use self::types::{TypeId, Types, intern};

pub mod constant;
mod entity;
mod resolve;
pub mod segment;
mod spaces;
pub mod types;
