//! Exports a `thing` that has one inside, and passes on those that it did not make.

use exports::chains::both::things::{self, Guest as Things, GuestThing};
use resources::{Name, log};

wit_bindgen::generate!({ path: "import-and-export", world: "intermediate" });

struct Intermediate;

struct Wrapper {
    name: Name,
    inner: Thing,
}

impl Wrapper {
    fn around(inner: Thing) -> Wrapper {
        let name = Name::new("intermediate: thing");
        log!("{name} is made");
        Wrapper { name, inner }
    }
}

impl Guest for Intermediate {
    fn pass(thing: Thing) -> Thing {
        let value = thing.get();
        log!("intermediate: pass(one of {value})");
        let passed = pass(thing);
        log!("intermediate: it has {} now", passed.get());
        passed
    }
}

impl Things for Intermediate {
    type Thing = Wrapper;
}

impl GuestThing for Wrapper {
    fn new(value: u32) -> Wrapper {
        log!("intermediate: new({value})");
        Wrapper::around(pass(Thing::new(value)))
    }

    fn get(&self) -> u32 {
        log!("{}.get()", self.name);
        self.inner.get()
    }

    fn set(&self, value: u32) {
        log!("{}.set({value})", self.name);
        self.inner.set(value);
    }

    fn larger(a: things::Thing, b: things::Thing) -> things::Thing {
        let (a, b) = (a.into_inner::<Wrapper>(), b.into_inner::<Wrapper>());
        log!("intermediate: larger({}, {})", a.name, b.name);
        things::Thing::new(Wrapper::around(Thing::larger(a.inner, b.inner)))
    }
}

export!(Intermediate);
