//! The runtime library: routines that adapters call, written in WAT.
//!
//! A routine is a core module that imports the memory it works on. It is an input of the linker
//! like any guest: instantiated once per memory, merged, and removed where nothing uses it. The
//! modules are assembled when the fuser is built.

use wasm_encoder::ValType;

use crate::shim::CoreType;

/// A routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Routine {
    /// Traps unless a range of memory is valid UTF-8.
    ValidateUtf8,
}

impl Routine {
    /// The module that has it.
    pub fn module(self) -> &'static [u8] {
        match self {
            Routine::ValidateUtf8 => include_bytes!(concat!(env!("OUT_DIR"), "/utf8.wasm")),
        }
    }

    /// The module's name, and what the module exports it as.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Routine::ValidateUtf8 => ("utf8", "validate"),
        }
    }

    /// The function's index in the module.
    pub fn index(self) -> u32 {
        match self {
            Routine::ValidateUtf8 => 1,
        }
    }

    /// Its type.
    pub fn ty(self) -> CoreType {
        match self {
            Routine::ValidateUtf8 => CoreType::new([ValType::I32; 2], []),
        }
    }
}
