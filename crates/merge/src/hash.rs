//! Hash maps and sets in the order in which entries came, whose code is there once.
//!
//! The library's maps, and those of `indexmap`, are compiled anew for each type of key and value. Each is two
//! kilobytes, most of which is about how a table grows, and the component would carry a hundred of them: 90 kB of
//! `fuser.wasm`, as it is before `wasm-opt`.
//!
//! So here the entries of a map are a list, and the table is one for all of them: `hashbrown`'s, of places in the
//! list. It knows no keys. It has their hashes, and is given a question, whether an entry is the one.
//!
//! The order is thus that of the program, whatever the hashes are, and an entry can be named by its place.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::ops::{Deref, Index, IndexMut};

use hashbrown::HashTable;

#[cfg(test)]
mod tests;

/// A map. What it has of the library's is as it is there; and it is a list.
#[derive(Clone)]
pub struct HashMap<K, V> {
    places: Places,
    entries: Vec<(K, V)>,
}

/// A set; and a list.
#[derive(Clone)]
pub struct HashSet<T> {
    places: Places,
    items: Vec<T>,
}

/// The places of entries, by the hashes of their keys.
#[derive(Clone, Default)]
struct Places {
    /// The hash of each entry.
    hashes: Vec<u64>,
    table: HashTable<u32>,
}

impl Places {
    #[inline(never)]
    fn find(&self, hash: u64, is_it: &mut dyn FnMut(usize) -> bool) -> Option<usize> {
        self.table.find(hash, |place| is_it(*place as usize)).map(|place| *place as usize)
    }

    /// Adds an entry after all others.
    #[inline(never)]
    fn push(&mut self, hash: u64) {
        let place = self.hashes.len() as u32;
        self.hashes.push(hash);
        self.table.insert_unique(hash, place, |place| self.hashes[*place as usize]);
    }

    /// Removes an entry; the last one has its place then.
    #[inline(never)]
    fn swap_remove(&mut self, place: usize) {
        let last = self.hashes.len() - 1;
        if let Ok(found) = self.table.find_entry(self.hashes[place], |it| *it as usize == place) {
            found.remove();
        }
        if let Some(moved) = self.table.find_mut(self.hashes[last], |it| *it as usize == last) {
            *moved = place as u32;
        }
        self.hashes.swap_remove(place);
    }
}

/// The library's hasher, whose code is there once, with keys that nobody can guess: whoever writes names cannot
/// have them all in one place.
struct Once(DefaultHasher);

impl Once {
    #[inline(never)]
    fn new() -> Once {
        thread_local! {
            static KEYS: RandomState = RandomState::new();
        }
        Once(KEYS.with(BuildHasher::build_hasher))
    }
}

impl Hasher for Once {
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    #[inline(never)]
    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    let mut hasher = Once::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl<K: Hash + Eq, V> HashMap<K, V> {
    fn find<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.places.find(hash, &mut |place| self.entries[place].0.borrow() == key)
    }

    /// The place of a key.
    pub fn get_index_of<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.find(hash_of(key), key)
    }

    /// What is at a place.
    pub fn get_index(&self, place: usize) -> Option<&(K, V)> {
        self.entries.get(place)
    }

    /// What a key has.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.get_index_of(key)?;
        Some(&self.entries[place].1)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.get_index_of(key)?;
        Some(&mut self.entries[place].1)
    }

    /// Whether there is a key.
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get_index_of(key).is_some()
    }

    /// What a key has or may have.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let hash = hash_of(&key);
        match self.find(hash, &key) {
            Some(place) => Entry::Occupied(Occupied { map: self, place }),
            None => Entry::Vacant(Vacant { map: self, hash, key }),
        }
    }

    /// Gives a key something, and returns what it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.entry(key) {
            Entry::Occupied(known) => Some(std::mem::replace(known.into_mut(), value)),
            Entry::Vacant(new) => {
                new.insert(value);
                None
            }
        }
    }

    /// Removes a key, and returns what it had. The last one has its place then.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.get_index_of(key)?;
        self.places.swap_remove(place);
        Some(self.entries.swap_remove(place).1)
    }
}

impl<K, V> HashMap<K, V> {
    /// An empty one.
    pub fn new() -> Self {
        HashMap { places: Places::default(), entries: Vec::new() }
    }

    /// All keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// What they have.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// All keys and what they have, to be changed.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// What they have, to be changed.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }
}

/// What a key of a map has, or may have.
#[derive(Debug)]
pub enum Entry<'a, K, V> {
    /// It is there.
    Occupied(Occupied<'a, K, V>),
    /// It is not.
    Vacant(Vacant<'a, K, V>),
}

/// A key that is there.
#[derive(Debug)]
pub struct Occupied<'a, K, V> {
    map: &'a mut HashMap<K, V>,
    place: usize,
}

/// A key that is not there.
#[derive(Debug)]
pub struct Vacant<'a, K, V> {
    map: &'a mut HashMap<K, V>,
    hash: u64,
    key: K,
}

impl<'a, K, V> Occupied<'a, K, V> {
    /// What it has.
    pub fn into_mut(self) -> &'a mut V {
        &mut self.map.entries[self.place].1
    }
}

impl<'a, K, V> Vacant<'a, K, V> {
    /// Gives it something.
    pub fn insert(self, value: V) -> &'a mut V {
        let Vacant { map, hash, key } = self;
        let place = map.entries.len();
        map.places.push(hash);
        map.entries.push((key, value));
        &mut map.entries[place].1
    }
}

impl<'a, K, V> Entry<'a, K, V> {
    /// The place that it has, or would have.
    pub fn index(&self) -> usize {
        match self {
            Entry::Occupied(known) => known.place,
            Entry::Vacant(new) => new.map.entries.len(),
        }
    }

    /// What it has, or has now.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        match self {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(make()),
        }
    }

    /// What it has, or has now.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// What it has, or has now.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<T: Hash + Eq> HashSet<T> {
    /// Adds something; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        self.insert_full(item).1
    }

    /// Adds something: its place, and whether it is new.
    pub fn insert_full(&mut self, item: T) -> (usize, bool) {
        let hash = hash_of(&item);
        if let Some(place) = self.places.find(hash, &mut |place| self.items[place] == item) {
            return (place, false);
        }
        self.places.push(hash);
        self.items.push(item);
        (self.items.len() - 1, true)
    }

    /// The place of something.
    pub fn get_index_of<Q: Hash + Eq + ?Sized>(&self, item: &Q) -> Option<usize>
    where
        T: Borrow<Q>,
    {
        self.places.find(hash_of(item), &mut |place| self.items[place].borrow() == item)
    }

    /// Whether something is there.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.get_index_of(item).is_some()
    }
}

impl<T> HashSet<T> {
    /// An empty one.
    pub fn new() -> Self {
        HashSet { places: Places::default(), items: Vec::new() }
    }
}

impl<K: Hash + Eq, V, Q: Hash + Eq + ?Sized> Index<&Q> for HashMap<K, V>
where
    K: Borrow<Q>,
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("whoever indexes knows that it is there, as with the library's")
    }
}

/// What the entry at a place has.
impl<K, V> Index<usize> for HashMap<K, V> {
    type Output = V;

    fn index(&self, place: usize) -> &V {
        &self.entries[place].1
    }
}

impl<K, V> IndexMut<usize> for HashMap<K, V> {
    fn index_mut(&mut self, place: usize) -> &mut V {
        &mut self.entries[place].1
    }
}

/// What both are to the library, with what they have, and what is needed of it to be found.
macro_rules! collection {
    ($of:ident <$($type:ident),+>, $list:ident: $item:ty, $key:ident, $add:expr) => {
        impl<$($type),+> Deref for $of<$($type),+> {
            type Target = [$item];

            fn deref(&self) -> &[$item] {
                &self.$list
            }
        }

        impl<$($type),+> Default for $of<$($type),+> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<$($type: fmt::Debug),+> fmt::Debug for $of<$($type),+> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.$list.fmt(f)
            }
        }

        impl<$($type),+> Extend<$item> for $of<$($type),+>
        where
            $key: Hash + Eq,
        {
            fn extend<I: IntoIterator<Item = $item>>(&mut self, items: I) {
                items.into_iter().for_each(|item| $add(self, item));
            }
        }

        impl<$($type),+> FromIterator<$item> for $of<$($type),+>
        where
            $key: Hash + Eq,
        {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                let mut all = Self::new();
                all.extend(items);
                all
            }
        }

        impl<$($type),+> IntoIterator for $of<$($type),+> {
            type Item = $item;
            type IntoIter = std::vec::IntoIter<$item>;

            fn into_iter(self) -> Self::IntoIter {
                self.$list.into_iter()
            }
        }

        impl<'a, $($type),+> IntoIterator for &'a $of<$($type),+> {
            type Item = &'a $item;
            type IntoIter = std::slice::Iter<'a, $item>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }
    };
}

collection!(HashMap<K, V>, entries: (K, V), K, |map: &mut HashMap<K, V>, (key, value)| {
    map.insert(key, value);
});
collection!(HashSet<T>, items: T, T, |set: &mut HashSet<T>, item| {
    set.insert(item);
});
