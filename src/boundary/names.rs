//! The names of core items at the boundary.

use std::collections::HashMap;

use wasm_fuser_merge::Item;

use crate::core::UniqueNames;

/// The core items that the outer component uses, each with the name under which the fused module
/// exports it. The names are those that `wit-component` gives them, where they are unique and not
/// too long.
#[derive(Debug, Default)]
pub struct CoreNames {
    names: HashMap<Item, String>,
    order: Vec<Item>,
    taken: UniqueNames,
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
        let name = self.taken.unique(wanted.to_string(), "#");
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

    /// A name that no item has: the wanted one, if it is free.
    pub fn free(&self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while self.taken.contains(&name) {
            name.push('#');
        }
        name
    }
}
