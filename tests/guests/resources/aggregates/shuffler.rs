//! Takes items in all shapes, and gives them back in another order.

use exports::sets::aggregates::aggregates::{Choice, Guest, Pair, Views};
use resources::log;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "aggregates"],
    world: "sets:aggregates/shuffler",
    generate_all,
});

struct Shuffler;

type Deep = Vec<Option<(String, Result<Item, Vec<Item>>)>>;

impl Guest for Shuffler {
    fn reverse(mut items: Vec<Item>) -> Vec<Item> {
        log!("shuffler: reverse {}", items.len());
        items.reverse();
        items
    }

    fn maybe(item: Option<Item>) -> Option<Item> {
        log!("shuffler: maybe, {}", item.is_some());
        match item {
            Some(_) => None,
            None => Some(Item::new("from nothing")),
        }
    }

    fn flip(outcome: Result<Item, String>) -> Result<String, Item> {
        log!("shuffler: flip, {}", outcome.is_ok());
        match outcome {
            Ok(item) => Ok(item.label()),
            Err(label) => Err(Item::new(&label)),
        }
    }

    fn rotate((first, number, last): (Item, u8, Item)) -> (Item, Item, u8) {
        log!("shuffler: rotate {number}");
        (last, first, number + 1)
    }

    fn swap(Pair { first, note, second }: Pair) -> Pair {
        log!("shuffler: swap, {note}");
        Pair { first: second, note: note + "!", second: first }
    }

    fn next(choice: Choice) -> Choice {
        log!("shuffler: next");
        match choice {
            Choice::Nothing => Choice::One(Item::new("one")),
            Choice::One(item) => Choice::Many(vec![item, Item::new("another")]),
            Choice::Many(items) => {
                let mut items = items.into_iter();
                match (items.next(), items.next()) {
                    (Some(first), Some(second)) => {
                        Choice::Both(Pair { first, note: "of many".into(), second })
                    }
                    _ => Choice::Nothing,
                }
            }
            Choice::Both(pair) => Choice::One(Item::join(pair.first, pair.second)),
        }
    }

    fn deep(deep: Deep) -> Vec<Vec<Item>> {
        log!("shuffler: deep {}", deep.len());
        let unpacked = deep.into_iter().flatten().map(|(label, items)| match items {
            Ok(item) => {
                item.rename(&label);
                vec![item]
            }
            Err(items) => items,
        });
        unpacked.collect()
    }

    fn fixed([a, b, c]: [Item; 3]) -> [Item; 3] {
        log!("shuffler: fixed");
        [c, a, b]
    }

    fn look(views: Views<'_>, choice: Result<&Item, (u16, &Item)>) -> String {
        log!("shuffler: look");
        let mut labels = vec![views.first.label()];
        labels.extend(views.maybe.map(Item::label));
        labels.extend([views.both.0.label(), views.both.1.label()]);
        labels.push(match choice {
            Ok(item) => item.label(),
            Err((number, item)) => format!("{number} {}", item.label()),
        });
        labels.join(", ")
    }

    fn all(
        first: Pair,
        choice: Choice,
        second: Pair,
        item: Option<Item>,
        items: (Item, u8, Item),
        views: Views<'_>,
    ) -> (Pair, Vec<Item>, String) {
        log!("shuffler: all, {}", items.1);
        let seen = format!("{}, {}", views.first.label(), views.both.1.label());
        let pair =
            Pair { first: second.second, note: first.note + &second.note, second: first.first };
        let mut others = vec![first.second, second.first];
        others.extend(item);
        others.extend([items.0, items.2]);
        match choice {
            Choice::Nothing => {}
            Choice::One(item) => others.push(item),
            Choice::Many(items) => others.extend(items),
            Choice::Both(pair) => others.extend([pair.first, pair.second]),
        }
        (pair, others, seen)
    }
}

export!(Shuffler);
