//! Keeps an item, and lets go of it.

use std::cell::RefCell;

use exports::sets::boxes::boxes::{self, Guest, GuestBox};
use resources::{Name, log};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "boxes"],
    world: "sets:boxes/boxer",
    generate_all,
});

struct Boxer;

/// What is in it goes after what is around it.
struct Content {
    name: Name,
    item: RefCell<Option<Item>>,
}

impl Guest for Boxer {
    type Box = Content;
}

impl GuestBox for Content {
    fn new(item: Item) -> Content {
        let name = Name::new("boxer: box");
        log!("{name} is made around {}", item.label());
        Content { name, item: RefCell::new(Some(item)) }
    }

    fn label(&self) -> String {
        log!("{}.label()", self.name);
        self.item.borrow().as_ref().map_or_else(|| "nothing".into(), Item::label)
    }

    fn take(&self) -> Option<Item> {
        log!("{}.take()", self.name);
        self.item.take()
    }

    fn put(&self, item: Item) -> Option<Item> {
        log!("{}.put({})", self.name, item.label());
        self.item.replace(Some(item))
    }

    fn into_inner(box_: boxes::Box) -> Option<Item> {
        let Content { name, item } = box_.into_inner::<Content>();
        log!("boxer: into-inner({name})");
        item.into_inner()
    }

    fn nest(outer: boxes::Box, inner: boxes::Box) -> boxes::Box {
        let content = outer.get::<Content>();
        log!("boxer: nest({}, {})", content.name, inner.get::<Content>().name);
        if let Some(item) = content.item.borrow().as_ref() {
            item.rename(&format!("{}({})", item.label(), inner.get::<Content>().label()));
        }
        outer
    }
}

export!(Boxer);
