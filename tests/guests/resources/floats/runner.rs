//! Makes floats, adds them, and drops them in another order.

use chains::floats::floats::Float;
use resources::{Run, log};

wit_bindgen::generate!({ path: "floats", world: "runner" });

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let half = Float::new(0.5);
        let four = Float::new(4.0);
        let sum = half.plus(&four);
        log!("runner: the sum is {}", sum.get());
        drop(half);
        let twice = four.plus(&four);
        let more = Float::add(twice, 0.25);
        log!("runner: more is {}", more.get());
        drop(sum);
        log!("runner: four is {}", four.get());
        Ok(())
    }
}

resources::runner!(Runner);
