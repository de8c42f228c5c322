//! Sends bytes down the chain, and looks at what comes back.

use chains::lists::things::Thing;
use resources::{Run, log, shown};

wit_bindgen::generate!({ path: "lists", world: "runner" });

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let thing = Thing::new(b"one");
        log!("runner: it holds {}", shown(&thing.get()));
        log!("runner: then {}", shown(&thing.append(b" two")));
        log!("runner: nothing more: {}", shown(&thing.append(b"")));
        let (front, back) = thing.split(3);
        log!("runner: {} and {}", shown(&front), shown(&back));
        log!("runner: reversed is {}", shown(&Thing::reversed(&front)));

        let joined = Thing::join(&[front, back, Vec::new(), b"end".to_vec()]);
        let (before, twice) = Thing::twice(joined);
        log!("runner: it was {}, it is {}", shown(&before), shown(&twice.get()));

        let long = Thing::new(&vec![b'x'; 100_000]);
        drop(thing);
        log!("runner: {} bytes came back", long.get().len());
        Ok(())
    }
}

resources::runner!(Runner);
