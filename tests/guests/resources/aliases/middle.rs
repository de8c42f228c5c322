//! Has one type under all its names.

use exports::sets::aliases::second::Guest as Second;
use exports::sets::aliases::third::Guest as Third;
use resources::log;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "aliases"],
    world: "sets:aliases/middle",
    generate_all,
});

struct Middle;

impl Second for Middle {
    fn make(label: String) -> Item {
        log!("middle: make({label})");
        Item::new(&label)
    }

    fn label(thing: &Item) -> String {
        log!("middle: label");
        thing.label()
    }

    fn keep(thing: Item) -> Vec<Item> {
        log!("middle: keep");
        vec![thing, Item::new("a second")]
    }
}

impl Third for Middle {
    fn join(a: Item, b: Item) -> Item {
        log!("middle: join");
        Item::join(b, a)
    }

    fn compare(a: &Item, b: &Item) -> String {
        log!("middle: compare");
        format!("{} with {}", a.label(), b.label())
    }
}

export!(Middle);
