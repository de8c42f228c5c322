//! A `thing` is a number.

use std::cell::Cell;

use exports::chains::both::things::{self, Guest, GuestThing};
use resources::{Name, log};

wit_bindgen::generate!({ path: "import-and-export", world: "leaf" });

struct Leaf;

struct Thing {
    name: Name,
    value: Cell<u32>,
}

impl Guest for Leaf {
    type Thing = Thing;
}

impl GuestThing for Thing {
    fn new(value: u32) -> Thing {
        let name = Name::new("leaf: thing");
        log!("{name} is made from {value}");
        Thing { name, value: Cell::new(value) }
    }

    fn get(&self) -> u32 {
        log!("{}.get() = {}", self.name, self.value.get());
        self.value.get()
    }

    fn set(&self, value: u32) {
        log!("{}.set({value})", self.name);
        self.value.set(value);
    }

    fn larger(a: things::Thing, b: things::Thing) -> things::Thing {
        let (first, second) = (a.get::<Thing>(), b.get::<Thing>());
        log!("leaf: larger({}, {})", first.name, second.name);
        if first.value >= second.value { a } else { b }
    }
}

export!(Leaf);
