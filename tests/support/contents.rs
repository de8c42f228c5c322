//! What a component is made of.

use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

/// Counts of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Components, the root among them.
    pub components: usize,
    /// Core modules, at whatever depth.
    pub modules: usize,
    /// Core modules that define a memory: those of guests.
    pub modules_with_memory: usize,
}

impl Contents {
    /// Counts what is in a component.
    pub fn of(bytes: &[u8]) -> Contents {
        let mut contents = Contents::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.expect("is well-formed") {
                Payload::Version { encoding: Encoding::Component, .. } => {
                    contents.components += 1;
                }
                Payload::Version { encoding: Encoding::Module, .. } => {
                    contents.modules += 1;
                }
                Payload::MemorySection(memories) if memories.count() > 0 => {
                    contents.modules_with_memory += 1;
                }
                _ => {}
            }
        }
        contents
    }
}

/// Checks a component, or a core module, with every feature on.
pub fn validate(bytes: &[u8]) -> wasmparser::Result<()> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).map(|_| ())
}
