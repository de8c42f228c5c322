//! Passes items on to the next.

use exports::sets::relay::relay::Guest;
use resources::log;
use sets::relay::relay as next;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "relay"],
    world: "sets:relay/link",
    generate_all,
});

struct Link;

impl Guest for Link {
    fn show(item: &Item, steps: u32) -> String {
        log!("link {steps}: show");
        let shown = next::show(item, steps + 1);
        log!("link {steps}: still {}", item.label());
        format!("{steps}{shown}")
    }

    fn carry(item: Item, steps: u32) -> Item {
        log!("link {steps}: carry {}", item.label());
        let item = next::carry(item, steps + 1);
        item.rename(&format!("{steps}{}", item.label()));
        item
    }
}

export!(Link);
