//! A `thing` is another component's `thing`; what goes in and comes out is marked.

use chains::lists::things as inner;
use exports::chains::lists::things::{self, Guest, GuestThing};
use resources::{Name, log, shown};

wit_bindgen::generate!({ path: "lists", world: "intermediate" });

struct Intermediate;

struct Thing {
    name: Name,
    inner: inner::Thing,
}

impl Thing {
    fn wrap(inner: inner::Thing) -> Thing {
        let name = Name::new("intermediate: thing");
        log!("{name} is made");
        Thing { name, inner }
    }
}

fn marked(mut bytes: Vec<u8>, mark: u8) -> Vec<u8> {
    bytes.push(mark);
    bytes
}

impl Guest for Intermediate {
    type Thing = Thing;
}

impl GuestThing for Thing {
    fn new(bytes: Vec<u8>) -> Thing {
        log!("intermediate: new({})", shown(&bytes));
        Thing::wrap(inner::Thing::new(&marked(bytes, b'+')))
    }

    fn get(&self) -> Vec<u8> {
        log!("{}.get()", self.name);
        marked(self.inner.get(), b'-')
    }

    fn append(&self, bytes: Vec<u8>) -> Vec<u8> {
        log!("{}.append({})", self.name, shown(&bytes));
        marked(self.inner.append(&marked(bytes, b'+')), b'-')
    }

    fn split(&self, at: u32) -> (Vec<u8>, Vec<u8>) {
        log!("{}.split({at})", self.name);
        let (front, back) = self.inner.split(at);
        (marked(front, b'-'), marked(back, b'-'))
    }

    fn reversed(bytes: Vec<u8>) -> Vec<u8> {
        log!("intermediate: reversed({})", shown(&bytes));
        marked(inner::Thing::reversed(&marked(bytes, b'+')), b'-')
    }

    fn join(parts: Vec<Vec<u8>>) -> things::Thing {
        log!("intermediate: join of {}", parts.len());
        let parts: Vec<_> = parts.into_iter().map(|part| marked(part, b'+')).collect();
        things::Thing::new(Thing::wrap(inner::Thing::join(&parts)))
    }

    fn twice(thing: things::Thing) -> (Vec<u8>, things::Thing) {
        let Thing { name, inner } = thing.into_inner::<Thing>();
        log!("intermediate: twice({name})");
        let (bytes, twice) = inner::Thing::twice(inner);
        (marked(bytes, b'-'), things::Thing::new(Thing::wrap(twice)))
    }
}

export!(Intermediate);
