//! Gives items away, and has what comes back.

use resources::{Run, log};
use sets::relay::relay::{carry, show};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "relay"],
    world: "sets:relay/runner",
    generate_all,
});

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let item = carry(Item::new("x"), 1);
        log!("runner: {}", item.label());
        log!("runner: shown as {}", show(&item, 1));

        let instead = carry(Item::new("keep me"), 1);
        log!("runner: {}", instead.label());
        let first = carry(Item::new("keep me, too"), 1);
        log!("runner: {}", first.label());
        drop(item);
        Ok(())
    }
}

resources::runner!(Runner);
