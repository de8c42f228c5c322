//! Puts items into boxes, and takes them out.

use resources::{Run, log};
use sets::boxes::boxes::Box;
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "boxes"],
    world: "sets:boxes/runner",
    generate_all,
});

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let first = Box::new(Item::new("apple"));
        let second = Box::new(Item::new("pear"));
        log!("runner: {} and {}", first.label(), second.label());

        let apple = first.take().ok_or(())?;
        log!("runner: out is {}, in is {}", apple.label(), first.label());
        log!("runner: nothing was there: {}", first.put(Item::new("plum")).is_none());
        let plum = first.put(apple).ok_or(())?;
        log!("runner: {} was there", plum.label());

        let nested = Box::nest(second, first);
        log!("runner: it is {} now", nested.label());
        let pear = Box::into_inner(nested).ok_or(())?;
        log!("runner: and {} without its box", pear.label());

        let empty = Box::new(plum);
        drop(empty.take());
        log!("runner: nothing inside: {}", Box::into_inner(empty).is_none());
        drop(Box::new(pear));
        Ok(())
    }
}

resources::runner!(Runner);
