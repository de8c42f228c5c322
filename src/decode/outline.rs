//! How much there is of what in a binary.

use wasmparser::{Encoding, Instance, Payload};

use super::{malformed, sections};
use crate::error::Result;

/// How many of what a binary has, at whatever depth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outline {
    pub components: u32,
    pub core_modules: u32,
    /// Core instances that are made from modules.
    pub core_instances: u32,
    /// Functions that core modules define.
    pub functions: u32,
}

/// Counts what is in a valid component or core module.
pub fn outline(bytes: &[u8]) -> Result<Outline> {
    let mut outline = Outline::default();
    for payload in sections(bytes) {
        match payload.map_err(malformed)? {
            Payload::Version { encoding: Encoding::Component, .. } => outline.components += 1,
            Payload::Version { encoding: Encoding::Module, .. } => outline.core_modules += 1,
            Payload::FunctionSection(section) => outline.functions += section.count(),
            Payload::InstanceSection(section) => {
                for instance in section {
                    let instance = instance.map_err(malformed)?;
                    let is_made = matches!(instance, Instance::Instantiate { .. });
                    outline.core_instances += u32::from(is_made);
                }
            }
            _ => {}
        }
    }
    Ok(outline)
}
