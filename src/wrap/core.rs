//! Where a core item is: in the merged module under a name, or in one of many instances.

use std::collections::HashMap;

use wasm_encoder::ExportKind;

use super::names::CoreNames;
use crate::decode::EntityKind;
use crate::error::{Error, Result};
use crate::merge::{InstanceId, Item};

/// Where core items are.
pub(super) enum Core<'c> {
    /// Nothing is instantiated yet.
    Nothing,
    /// All in one instance.
    Merged {
        /// Its index.
        instance: u32,
        /// The exports of its module.
        names: &'c CoreNames,
    },
    /// Each in its own.
    Flat {
        /// The index of each instance so far.
        instances: HashMap<InstanceId, u32>,
        /// The exports of each instance's module, by what they are.
        exports: HashMap<InstanceId, HashMap<(EntityKind, u32), String>>,
    },
}

impl Core<'_> {
    /// The core instance and the export that an item is.
    pub fn locate(&self, item: Item) -> Result<(u32, &str)> {
        let found = match (self, item) {
            (Core::Merged { instance, names }, item) => {
                names.get(item).map(|name| (*instance, name))
            }
            (Core::Flat { instances, exports }, Item::Defined { instance, kind, index }) => {
                instances.get(&instance).copied().zip(
                    exports
                        .get(&instance)
                        .and_then(|exports| exports.get(&(kind, index)))
                        .map(String::as_str),
                )
            }
            _ => None,
        };
        found.ok_or_else(|| Error::internal(format!("a core item is not exported: {item:?}")))
    }
}

/// The kind of a core export.
pub(super) fn export_kind(kind: EntityKind) -> ExportKind {
    match kind {
        EntityKind::Func => ExportKind::Func,
        EntityKind::Table => ExportKind::Table,
        EntityKind::Memory => ExportKind::Memory,
        EntityKind::Global => ExportKind::Global,
        EntityKind::Tag => ExportKind::Tag,
    }
}
