//! Where a core item is: in a merged module under a name, or in one of many instances.

use cranelift_entity::EntityRef;
use wasm_encoder::ExportKind;
use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::{BlockId, InstanceId, Item};

use crate::core::EntityKind;
use crate::error::{Error, Result};

/// Where core items are.
pub(super) enum Core {
    /// In a few merged modules.
    Merged {
        /// The index of each block's instance so far.
        instances: Vec<u32>,
        /// The block of each item, and the name by which that exports it.
        exports: HashMap<Item, (BlockId, String)>,
    },
    /// Each in its own.
    Flat {
        /// The index of each instance so far.
        instances: HashMap<InstanceId, u32>,
        /// The exports of each instance's module, by what they are.
        exports: HashMap<InstanceId, HashMap<(EntityKind, u32), String>>,
    },
}

impl Core {
    /// The core instance and the export that an item is.
    pub fn locate(&self, item: Item) -> Result<(u32, &str)> {
        let found = match (self, item) {
            (Core::Merged { exports, .. }, item) => exports
                .get(&item)
                .and_then(|(block, name)| Some((self.instance(*block).ok()?, name.as_str()))),
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

    /// The index of a block's instance.
    pub fn instance(&self, block: BlockId) -> Result<u32> {
        let instances = match self {
            Core::Merged { instances, .. } => instances.as_slice(),
            _ => &[],
        };
        let instance = instances.get(block.index()).copied();
        instance.ok_or_else(|| Error::internal(format!("`{block}` is used before it exists")))
    }

    /// Adds the instance of the next block.
    pub fn push(&mut self, instance: u32) {
        if let Core::Merged { instances, .. } = self {
            instances.push(instance);
        }
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
