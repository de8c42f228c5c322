//! Sets and maps in order, made of what an iterator has.
//!
//! To collect into a `BTreeSet` sorts first. The library's sort is made for long lists, is several kilobytes of
//! code for each type, and the component would carry dozens of them for lists of a few ids. What is here
//! inserts one after another, which is there anyway.

use std::collections::{BTreeMap, BTreeSet};

/// A set of all items.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// A map of all pairs. Of several with one key, the last is in it.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}
