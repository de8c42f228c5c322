//! Names that the outer component and the fused module use.

use std::borrow::Cow;
use std::collections::HashMap;

use wasm_encoder::ComponentExternName;

use crate::plan::{ExternName, unique};
use wasm_fuser_merge::{Export, Item};

/// A name at the boundary with its attributes.
pub(super) fn extern_name(name: &ExternName) -> ComponentExternName<'_> {
    let optional = |s: &'_ Option<String>| s.clone().map(Cow::Owned);
    ComponentExternName {
        name: Cow::Borrowed(&name.name),
        implements: optional(&name.implements),
        version_suffix: optional(&name.version_suffix),
        external_id: optional(&name.external_id),
    }
}

/// The core items that the outer component uses, each with the name under which the fused module
/// exports it. The names are those that `wit-component` gives them, where they are unique and not
/// too long.
#[derive(Debug, Default)]
pub struct CoreNames {
    names: HashMap<Item, String>,
    order: Vec<Item>,
    /// How often each was asked for.
    taken: HashMap<String, u32>,
}

/// The longest name that is wanted, in bytes. Engines accept 100,000, and a path to a function, of
/// names that they accept, can be longer.
const LONGEST: usize = 50_000;

impl CoreNames {
    /// The name of an item, the wanted one if it has none yet.
    pub fn name(&mut self, item: Item, wanted: &str) -> String {
        if let Some(name) = self.names.get(&item) {
            return name.clone();
        }
        let wanted = &wanted[..wanted.floor_char_boundary(LONGEST)];
        let name = unique(&mut self.taken, wanted.to_string(), "#");
        self.names.insert(item, name.clone());
        self.order.push(item);
        name
    }

    /// The name of an item that has one.
    pub fn get(&self, item: Item) -> Option<&str> {
        self.names.get(&item).map(String::as_str)
    }

    /// Every item with its name, in order of first use.
    pub fn iter(&self) -> impl Iterator<Item = (Item, &str)> {
        self.order.iter().filter_map(|item| Some((*item, self.get(*item)?)))
    }

    /// The same, as exports of the fused module.
    pub fn exports(&self) -> Vec<Export> {
        self.iter().map(|(item, name)| Export { name: name.to_string(), item }).collect()
    }

    /// A name that no item has: the wanted one, if it is free.
    pub fn free(&self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while self.taken.contains_key(&name) {
            name.push('#');
        }
        name
    }
}
