//! Maps and sets, compared with lists.

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
    assert_eq!(*set, ["a", "b"]);
}

#[test]
fn many_are_found() {
    let map: HashMap<u32, u32> = (0..100_000).map(|number| (number, number / 2)).collect();
    assert_eq!(map.len(), 100_000);
    assert!((0..100_000).all(|number| map.get(&number) == Some(&(number / 2))));
    assert_eq!(map.get(&100_000), None);
}
