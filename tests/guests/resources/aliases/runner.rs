//! Takes an item under one name, and passes it on under another.

use resources::{Run, log};
use sets::aliases::{second, third};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "aliases"],
    world: "sets:aliases/runner",
    generate_all,
});

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let made = second::make("made");
        let own = Item::new("own");
        log!("runner: {} and {}", second::label(&made), second::label(&own));
        log!("runner: {}", third::compare(&own, &made));
        log!("runner: {}", third::compare(&own, &own));
        let mut kept = second::keep(made);
        let joined = third::join(kept.remove(0), own);
        log!("runner: {}, and {} is left", joined.label(), second::label(&kept[0]));
        Ok(())
    }
}

resources::runner!(Runner);
