//! Adds to a `thing` of another component, and gives it back.

use resources::log;

wit_bindgen::generate!({ path: "import-and-export", world: "toplevel-leaf" });

struct ToplevelLeaf;

impl Guest for ToplevelLeaf {
    fn pass(thing: Thing) -> Thing {
        let value = thing.get();
        log!("toplevel leaf: pass(one of {value})");
        thing.set(value + 1);
        thing
    }
}

export!(ToplevelLeaf);
