//! Gives back what it gets, or something else in its place.

use std::cell::RefCell;

use exports::sets::relay::relay::Guest;
use resources::log;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "relay"],
    world: "sets:relay/end",
    generate_all,
});

struct End;

thread_local! {
    /// What it has kept.
    static KEPT: RefCell<Option<Item>> = const { RefCell::new(None) };
}

impl Guest for End {
    fn show(item: &Item, steps: u32) -> String {
        log!("end {steps}: show");
        format!(": {}", item.label())
    }

    fn carry(item: Item, steps: u32) -> Item {
        let label = item.label();
        log!("end {steps}: carry {label}");
        if label.starts_with("keep") {
            let kept = KEPT.replace(Some(item));
            return kept.unwrap_or_else(|| Item::new("in its place"));
        }
        item
    }
}

export!(End);
