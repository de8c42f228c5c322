//! One way to write the result, and what is known of it before its exports.

use super::imports::Choices;
use crate::link::inputs::surface::{InputId, Surfaces};
use crate::link::wiring::Wiring;
use std::collections::BTreeMap;

use wasmparser::types::Types;

/// One way to write the result.
pub struct Attempt<'t, 'a> {
    pub surfaces: &'t Surfaces<'a>,
    pub wiring: &'t Wiring,
    pub choices: &'t Choices,
    pub root: InputId,
}

/// A result without exports, validated.
pub struct Before {
    pub types: Types,
    /// The index of each input's instance.
    pub instances: BTreeMap<InputId, u32>,
}
