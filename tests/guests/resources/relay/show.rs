//! Shows an item to all; it stays its own.

use resources::{Run, log};
use sets::relay::relay::show;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "relay"],
    world: "sets:relay/runner",
    generate_all,
});

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let (one, two) = (Item::new("one"), Item::new("number two"));
        log!("runner: {}", show(&one, 1));
        log!("runner: {}", show(&two, 1));
        drop(one);
        log!("runner: {}", show(&two, 5));
        Ok(())
    }
}

resources::runner!(Runner);
