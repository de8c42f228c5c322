//! Hash maps and sets in the order in which entries came, whose code is there once.
//!
//! # Problem
//!
//! The library's hash maps are compiled anew for each type of key and value. Each is two kilobytes, most of
//! which is about how a table grows, and the component would carry a hundred of them.
//!
//! # How
//!
//! The entries of a map are a list. What finds one in it, [`Slots`], knows no keys: it has their hashes, and is
//! given a question, whether an entry is the one.
//!
//! ```text
//! slots     _ 2 _ 0 1 _ _ _         which entry, by the hash of its key
//! hashes    c3 44 51
//! entries   (a, 1) (b, 2) (c, 3)    in the order in which they came
//! ```
//!
//! So the order is that of the program, whatever the hashes are, and an entry can be named by its place.
//!
//! # Rejected
//!
//! `indexmap`: it is this, and anew for each type, too.
//!
//! # Limits
//!
//! To remove an entry puts the last one in its place.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::ops::Index;

/// A map. It has the functions of the library's of this name, and those of a list.
#[derive(Clone)]
pub struct HashMap<K, V> {
    slots: Slots,
    entries: Vec<(K, V)>,
}

/// A set.
#[derive(Clone)]
pub struct HashSet<T> {
    map: HashMap<T, ()>,
}

/// Where entries are, by the hashes of their keys.
#[derive(Clone, Default)]
struct Slots {
    /// The hash of each entry.
    hashes: Vec<u32>,
    /// Entries, or [`FREE`]; as many as a power of two. An entry is in the first free one from where its hash
    /// says.
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Slots {
    /// The slot of the entry with this hash that is the one, and the entry.
    #[inline(never)]
    fn find(&self, hash: u32, is_it: &mut dyn FnMut(usize) -> bool) -> Option<(usize, usize)> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & last;
        loop {
            let entry = self.slots[slot];
            if entry == FREE {
                return None;
            }
            let entry = entry as usize;
            if self.hashes[entry] == hash && is_it(entry) {
                return Some((slot, entry));
            }
            slot = (slot + 1) & last;
        }
    }

    /// Adds an entry after all others.
    #[inline(never)]
    fn push(&mut self, hash: u32) {
        // A quarter of the slots is free.
        if 4 * (self.hashes.len() + 1) > 3 * self.slots.len() {
            self.slots = vec![FREE; (2 * self.slots.len()).max(8)];
            for entry in 0..self.hashes.len() {
                self.put(entry);
            }
        }
        self.hashes.push(hash);
        self.put(self.hashes.len() - 1);
    }

    fn put(&mut self, entry: usize) {
        let last = self.slots.len() - 1;
        let mut slot = self.hashes[entry] as usize & last;
        while self.slots[slot] != FREE {
            slot = (slot + 1) & last;
        }
        self.slots[slot] = entry as u32;
    }

    /// Removes the entry in a slot; the last one has its place then.
    #[inline(never)]
    fn remove(&mut self, slot: usize, entry: usize) {
        self.free(slot);
        let moved = self.hashes.len() - 1;
        if entry != moved {
            let is_last = &mut |entry| entry == moved;
            if let Some((slot, _)) = self.find(self.hashes[moved], is_last) {
                self.slots[slot] = entry as u32;
            }
        }
        self.hashes.swap_remove(entry);
    }

    /// Frees a slot: what is found by way of it is moved.
    fn free(&mut self, mut slot: usize) {
        let last = self.slots.len() - 1;
        let mut next = slot;
        loop {
            next = (next + 1) & last;
            let entry = self.slots[next];
            if entry == FREE {
                break;
            }
            let first = self.hashes[entry as usize] as usize & last;
            // How far the entry is behind where its hash says, and how far it would be.
            if (next.wrapping_sub(first) & last) >= (next.wrapping_sub(slot) & last) {
                self.slots[slot] = entry;
                slot = next;
            }
        }
        self.slots[slot] = FREE;
    }
}

/// The library's hasher, whose code is there once.
struct Once(DefaultHasher);

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

impl Once {
    /// With keys that nobody can guess: whoever writes names cannot have them in one slot.
    #[inline(never)]
    fn new() -> Once {
        thread_local! {
            static KEYS: RandomState = RandomState::new();
        }
        Once(KEYS.with(BuildHasher::build_hasher))
    }
}

fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u32 {
    let mut hasher = Once::new();
    key.hash(&mut hasher);
    hasher.finish() as u32
}

impl<K: Hash + Eq, V> HashMap<K, V> {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn find<Q: Hash + Eq + ?Sized>(&self, hash: u32, key: &Q) -> Option<(usize, usize)>
    where
        K: Borrow<Q>,
    {
        self.slots.find(hash, &mut |entry| self.entries[entry].0.borrow() == key)
    }

    /// The place of a key among all.
    pub fn get_index_of<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        if self.entries.is_empty() {
            return None;
        }
        let (_, entry) = self.find(hash_of(key), key)?;
        Some(entry)
    }

    /// What a key has.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let entry = self.get_index_of(key)?;
        Some(&self.entries[entry].1)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let entry = self.get_index_of(key)?;
        Some(&mut self.entries[entry].1)
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
            Some((_, place)) => Entry::Occupied(Occupied { map: self, place }),
            None => Entry::Vacant(Vacant { map: self, hash, key }),
        }
    }

    /// Gives a key something, and returns what it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.entry(key) {
            Entry::Occupied(mut known) => Some(std::mem::replace(known.get_mut(), value)),
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
        let (slot, entry) = self.find(hash_of(key), key)?;
        self.slots.remove(slot, entry);
        Some(self.entries.swap_remove(entry).1)
    }
}

impl<K, V> HashMap<K, V> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Those at a place.
    pub fn get_index(&self, index: usize) -> Option<(&K, &V)> {
        self.entries.get(index).map(pair)
    }

    /// All of them.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.entries.iter().map(pair)
    }

    /// All keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// What they have.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// What they have, to be changed.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }
}

/// The entries of a map.
pub type Iter<'a, K, V> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&(K, V)) -> (&K, &V)>;

fn pair<K, V>((key, value): &(K, V)) -> (&K, &V) {
    (key, value)
}

/// What a key of a map has, or may have.
pub enum Entry<'a, K, V> {
    /// It is there.
    Occupied(Occupied<'a, K, V>),
    /// It is not.
    Vacant(Vacant<'a, K, V>),
}

/// A key that is there.
pub struct Occupied<'a, K, V> {
    map: &'a mut HashMap<K, V>,
    place: usize,
}

/// A key that is not there.
pub struct Vacant<'a, K, V> {
    map: &'a mut HashMap<K, V>,
    hash: u32,
    key: K,
}

impl<'a, K, V> Occupied<'a, K, V> {
    /// What it has.
    pub fn get(&self) -> &V {
        &self.map.entries[self.place].1
    }

    /// What it has, to be changed.
    pub fn get_mut(&mut self) -> &mut V {
        &mut self.map.entries[self.place].1
    }

    /// What it has, to be changed, for as long as the map is there.
    pub fn into_mut(self) -> &'a mut V {
        &mut self.map.entries[self.place].1
    }
}

impl<'a, K, V> Vacant<'a, K, V> {
    /// Gives it something.
    pub fn insert(self, value: V) -> &'a mut V {
        let Vacant { map, hash, key } = self;
        let place = map.entries.len();
        map.slots.push(hash);
        map.entries.push((key, value));
        &mut map.entries[place].1
    }
}

impl<'a, K, V> Entry<'a, K, V> {
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

impl<K, V> Default for HashMap<K, V> {
    fn default() -> Self {
        HashMap { slots: Slots::default(), entries: Vec::new() }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for HashMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
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

impl<K: Hash + Eq, V> Extend<(K, V)> for HashMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Hash + Eq, V> FromIterator<(K, V)> for HashMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = HashMap::default();
        map.extend(pairs);
        map
    }
}

impl<K: Hash + Eq, V, const N: usize> From<[(K, V); N]> for HashMap<K, V> {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K, V> IntoIterator for HashMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a HashMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Hash + Eq> HashSet<T> {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds something; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        self.map.insert(item, ()).is_none()
    }

    /// Adds something, unless it is there: its place, and whether it is new.
    pub fn insert_full(&mut self, item: T) -> (usize, bool) {
        match self.map.entry(item) {
            Entry::Occupied(known) => (known.place, false),
            Entry::Vacant(new) => {
                let place = new.map.len();
                new.insert(());
                (place, true)
            }
        }
    }

    /// Whether something is there.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.map.contains_key(item)
    }

    /// Its place among all.
    pub fn get_index_of<Q: Hash + Eq + ?Sized>(&self, item: &Q) -> Option<usize>
    where
        T: Borrow<Q>,
    {
        self.map.get_index_of(item)
    }
}

impl<T> HashSet<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator + Clone {
        self.map.keys()
    }
}

impl<T> Default for HashSet<T> {
    fn default() -> Self {
        HashSet { map: HashMap::default() }
    }
}

impl<T: fmt::Debug> fmt::Debug for HashSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T> Index<usize> for HashSet<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.map.entries[place].0
    }
}

impl<T: Hash + Eq> Extend<T> for HashSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Hash + Eq> FromIterator<T> for HashSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = HashSet::default();
        set.extend(items);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key whose hash says little.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Near(u32);

    impl Hash for Near {
        fn hash<H: Hasher>(&self, state: &mut H) {
            (self.0 % 3).hash(state);
        }
    }

    /// Numbers that look random.
    fn numbers() -> impl Iterator<Item = u32> {
        std::iter::successors(Some(1u32), |it| Some(it.wrapping_mul(0x915f_77f5) ^ it >> 7))
    }

    fn does_what_a_list_does<K: Hash + Eq + Copy + fmt::Debug>(key: impl Fn(u32) -> K) {
        let (mut map, mut list) = (HashMap::new(), Vec::<(K, u32)>::new());
        for (step, number) in (0..).zip(numbers().take(3000)) {
            let key = key(number % 64);
            let place = list.iter().position(|(other, _)| *other == key);
            assert_eq!(map.get_index_of(&key), place);
            assert_eq!(map.get(&key), place.map(|place| &list[place].1));
            match (number >> 8) % 4 {
                0 => {
                    let gone = place.map(|place| list.swap_remove(place).1);
                    assert_eq!(map.remove(&key), gone);
                }
                1 => {
                    let known = *map.entry(key).or_insert(step);
                    let place = place.unwrap_or_else(|| {
                        list.push((key, step));
                        list.len() - 1
                    });
                    assert_eq!(known, list[place].1);
                }
                _ => {
                    let before = place.map(|place| std::mem::replace(&mut list[place].1, step));
                    assert_eq!(map.insert(key, step), before);
                    if before.is_none() {
                        list.push((key, step));
                    }
                }
            }
            let entries: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
            assert_eq!(entries, list);
        }
    }

    #[test]
    fn a_map_is_a_list_in_which_each_key_is_once() {
        does_what_a_list_does(|number| number);
        does_what_a_list_does(Near);
    }

    #[test]
    fn a_set_has_the_place_of_what_was_there_first() {
        let mut set = HashSet::new();
        assert_eq!(set.insert_full("a".to_string()), (0, true));
        assert_eq!(set.insert_full("b".into()), (1, true));
        assert_eq!(set.insert_full("a".into()), (0, false));
        assert!(set.contains("b") && !set.contains("c") && !set.insert("b".into()));
        assert_eq!(set.get_index_of("b"), Some(1));
        assert_eq!(set[1], "b");
        assert_eq!(set.iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn many_are_found() {
        let map: HashMap<u32, u32> = (0..100_000).map(|number| (number, number / 2)).collect();
        assert_eq!(map.len(), 100_000);
        assert!((0..100_000).all(|number| map.get(&number) == Some(&(number / 2))));
        assert_eq!(map.get(&100_000), None);
    }
}
