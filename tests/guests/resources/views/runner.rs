//! Shows items, which stay its own.

use resources::{Run, log};
use sets::views::reader::{Spread, View, read, read_both};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "views"],
    world: "sets:views/runner",
    generate_all,
});

struct Runner;

fn view<'a>(item: &'a Item, note: &str) -> View<'a> {
    View { item, note: note.into() }
}

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let (one, two) = (Item::new("one"), Item::new("two"));
        log!("runner: {}", read(&view(&one, "alone")));
        let spread = Spread { left: view(&one, "left"), right: None, hidden: false };
        log!("runner: {:?}", read_both(&spread));
        let right = Some(view(&two, "right"));
        let spread = Spread { left: view(&one, "left"), right, hidden: true };
        log!("runner: {:?}", read_both(&spread).0);
        let right = Some(view(&two, "the same"));
        let spread = Spread { left: view(&two, "twice"), right, hidden: false };
        log!("runner: {:?}", read_both(&spread).1.is_some());
        drop(one);
        log!("runner: {}", two.label());
        Ok(())
    }
}

resources::runner!(Runner);
