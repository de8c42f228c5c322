//! An `item` is a label.

use std::cell::RefCell;

use exports::shared::items::items::{self, Guest, GuestItem, ItemBorrow};
use resources::{Name, log};

wit_bindgen::generate!({ path: "items", world: "shelf" });

struct Shelf;

struct Item {
    name: Name,
    label: RefCell<String>,
}

impl Guest for Shelf {
    type Item = Item;

    fn labels(items: Vec<ItemBorrow<'_>>) -> Vec<String> {
        log!("shelf: labels of {}", items.len());
        items.iter().map(|item| item.get::<Item>().label.borrow().clone()).collect()
    }
}

impl GuestItem for Item {
    fn new(label: String) -> Item {
        let name = Name::new("shelf: item");
        log!("{name} is made: {label}");
        Item { name, label: RefCell::new(label) }
    }

    fn label(&self) -> String {
        log!("{}.label() = {}", self.name, self.label.borrow());
        self.label.borrow().clone()
    }

    fn rename(&self, label: String) {
        log!("{}.rename({label})", self.name);
        self.label.replace(label);
    }

    fn join(a: items::Item, b: items::Item) -> items::Item {
        let (a, b) = (a.into_inner::<Item>(), b.into_inner::<Item>());
        log!("shelf: join({}, {})", a.name, b.name);
        let label = format!("{}+{}", a.label.borrow(), b.label.borrow());
        items::Item::new(Item::new(label))
    }
}

export!(Shelf);
