//! What the validator says of a component, and where.
//!
//! It knows offsets and indices. The instances of a composed component were written in the order of
//! the wiring, so the instance whose definition holds the offset is that of a known input.
//!
//! Function bodies are skipped: the inputs are valid by themselves, and what is new is the
//! structure around them.

use wasmparser::types::Types;
use wasmparser::{ComponentInstance, Parser, Payload, ValidPayload, Validator, WasmFeatures};

use crate::error::{Error, Result};

/// What the validator says against the composed component.
pub struct Failure {
    pub message: String,
    pub at: Place,
}

/// Where in the composed component.
pub enum Place {
    /// In the definition of the instance with this position in the wiring's order, or in an alias
    /// made for it.
    Instance(usize),
    /// In the exports, or at the end, where the exports are looked at as a whole.
    Exports,
    Elsewhere,
}

/// Validates the structure of a composed component, and returns the types of its root.
pub fn check(bytes: &[u8]) -> Result<Types, Failure> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut depth = 0u32;
    let mut instances = 0usize;
    let mut types = None;
    for payload in Parser::new(0).parse_all(bytes) {
        let elsewhere =
            |e: wasmparser::Error| Failure { message: e.message().into(), at: Place::Elsewhere };
        let payload = payload.map_err(elsewhere)?;
        match validator.payload(&payload) {
            // A body is not looked at.
            Ok(ValidPayload::Func(..) | ValidPayload::Ok | ValidPayload::Parser(_)) => {}
            Ok(ValidPayload::End(ended)) => types = Some(ended),
            Err(e) if depth == 1 => return Err(locate(&e, &payload, instances)),
            Err(e) => return Err(elsewhere(e)),
        }
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentInstanceSection(section) if depth == 1 => {
                instances += section.into_iter().filter(is_of_input).count();
            }
            _ => {}
        }
    }
    types.ok_or_else(|| Failure { message: "it has no end".into(), at: Place::Elsewhere })
}

/// Finds the instance whose definition the error is in.
fn locate(error: &wasmparser::Error, payload: &Payload, earlier_instances: usize) -> Failure {
    let message = error.message().to_owned();
    let at = match payload {
        Payload::ComponentInstanceSection(section) => {
            let definitions = section.clone().into_iter_with_offsets().map_while(|d| d.ok());
            let until = definitions.take_while(|(offset, _)| *offset <= error.offset());
            let until: Vec<bool> = until.map(|(_, instance)| is_of_input(&Ok(instance))).collect();
            let before = &until[..until.len().saturating_sub(1)];
            let earlier = before.iter().filter(|is_of_input| **is_of_input).count();
            Place::Instance(earlier_instances.saturating_add(earlier))
        }
        // What an instance is about to be given.
        Payload::ComponentAliasSection(_) => Place::Instance(earlier_instances),
        Payload::ComponentExportSection(_) | Payload::End(_) => Place::Exports,
        _ => Place::Elsewhere,
    };
    Failure { message, at }
}

/// Whether an instance is one of an input. Others are put together, for the next of those.
fn is_of_input(instance: &wasmparser::Result<ComponentInstance<'_>>) -> bool {
    !matches!(instance, Ok(ComponentInstance::FromExports(_)))
}

impl Failure {
    /// Whether everything but the exports is valid.
    pub fn is_in_exports(&self) -> bool {
        matches!(self.at, Place::Exports)
    }

    /// The failure, where there can be none.
    pub fn internal(&self) -> Error {
        Error::internal(format!("a valid component is not: {}", one_line(&self.message)))
    }
}

/// The validator's message on one line, without its internal numbers of resource types, which are
/// not the same on each run.
pub fn one_line(message: &str) -> String {
    let message = message.split(" (ResourceId").next().unwrap_or(message);
    message.trim_end().replace('\n', ": ")
}
