//! The names of core items at the boundary.

use wasm_fuser_merge::Item;
use wasm_fuser_merge::hash::{HashMap, HashSet};

use crate::core::UniqueNames;

/// The core items that the outer component uses, each with the name under which the fused module
/// exports it. The names are those that `wit-component` gives them, where they are unique and not
/// too long.
#[derive(Debug, Default)]
pub struct CoreNames {
    /// Whether an item has all the names that are wanted of it, or the first one only.
    every: bool,
    first: HashMap<Item, String>,
    all: HashSet<(Item, String)>,
    taken: UniqueNames,
}

/// The longest name that is wanted, in bytes. Engines accept 100,000, and a path to a function, of
/// names that they accept, can be longer.
const LONGEST: usize = 50_000;

impl CoreNames {
    /// No names yet. Where they mean something to others, an item has every one that is wanted of it: one
    /// function can be two exports.
    pub fn new(every: bool) -> Self {
        CoreNames { every, ..CoreNames::default() }
    }

    /// A name of an item: the wanted one, unless it has another that will do.
    pub fn name(&mut self, item: Item, wanted: &str) -> String {
        let wanted = &wanted[..wanted.floor_char_boundary(LONGEST)];
        match self.first.get(&item) {
            Some(name) if !self.every => return name.clone(),
            Some(_) if self.all.contains(&(item, wanted.to_string())) => return wanted.into(),
            _ => {}
        }
        let name = self.taken.unique(wanted.to_string(), "#");
        self.first.entry(item).or_insert_with(|| name.clone());
        self.all.insert((item, name.clone()));
        name
    }

    /// The first name of an item that has one.
    pub fn get(&self, item: Item) -> Option<&str> {
        self.first.get(&item).map(String::as_str)
    }

    /// Every item with each of its names, in order of first use.
    pub fn iter(&self) -> impl Iterator<Item = (Item, &str)> {
        self.all.iter().map(|(item, name)| (*item, name.as_str()))
    }

    /// Whether a name is that of another item.
    pub fn is_of_another(&self, name: &str, item: Item) -> bool {
        self.taken.contains(name) && !self.all.contains(&(item, name.to_string()))
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
