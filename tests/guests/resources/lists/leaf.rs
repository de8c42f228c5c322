//! A `thing` is a list of bytes.

use std::cell::RefCell;

use exports::chains::lists::things::{self, Guest, GuestThing};
use resources::{Name, log, shown};

wit_bindgen::generate!({ path: "lists", world: "leaf" });

struct Leaf;

struct Thing {
    name: Name,
    bytes: RefCell<Vec<u8>>,
}

impl Guest for Leaf {
    type Thing = Thing;
}

impl GuestThing for Thing {
    fn new(bytes: Vec<u8>) -> Thing {
        let name = Name::new("leaf: thing");
        log!("{name} is made from {}", shown(&bytes));
        Thing { name, bytes: RefCell::new(bytes) }
    }

    fn get(&self) -> Vec<u8> {
        let bytes = self.bytes.borrow().clone();
        log!("{}.get() = {}", self.name, shown(&bytes));
        bytes
    }

    fn append(&self, bytes: Vec<u8>) -> Vec<u8> {
        log!("{}.append({})", self.name, shown(&bytes));
        self.bytes.borrow_mut().extend(bytes);
        self.bytes.borrow().clone()
    }

    fn split(&self, at: u32) -> (Vec<u8>, Vec<u8>) {
        log!("{}.split({at})", self.name);
        let bytes = self.bytes.borrow();
        let (front, back) = bytes.split_at(at as usize);
        (front.to_vec(), back.to_vec())
    }

    fn reversed(bytes: Vec<u8>) -> Vec<u8> {
        log!("leaf: reversed({})", shown(&bytes));
        bytes.into_iter().rev().collect()
    }

    fn join(parts: Vec<Vec<u8>>) -> things::Thing {
        log!("leaf: join of {}", parts.len());
        things::Thing::new(Thing::new(parts.concat()))
    }

    fn twice(thing: things::Thing) -> (Vec<u8>, things::Thing) {
        let thing = thing.into_inner::<Thing>();
        log!("leaf: twice({})", thing.name);
        let bytes = thing.bytes.take();
        let twice = bytes.repeat(2);
        (bytes, things::Thing::new(Thing::new(twice)))
    }
}

export!(Leaf);
