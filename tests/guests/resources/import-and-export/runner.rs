//! Has things of two components at once.

use resources::{Run, log};

wit_bindgen::generate!({ path: "import-and-export", world: "runner" });

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let plain = Thing::new(7);
        let wrapped = wrapped::Thing::new(40);
        log!("runner: {} and {}", plain.get(), wrapped.get());

        let plain = pass(plain);
        log!("runner: passed on, the plain one has {}", plain.get());
        wrapped.set(plain.get() + 50);

        let larger = wrapped::Thing::larger(wrapped, wrapped::Thing::new(97));
        log!("runner: the larger has {}", larger.get());
        let larger_plain = Thing::larger(Thing::new(8), plain);
        drop(larger);
        log!("runner: the larger plain one has {}", larger_plain.get());
        Ok(())
    }
}

resources::runner!(Runner);
