//! Imports the work, and runs it.

mod bindings {
    wit_bindgen::generate!({ world: "consumer", path: "../wit", generate_all });
}

use bindings::bench::work::key_value::Store;
use bindings::bench::work::{image, json, text};

#[macro_use]
#[path = "../../work/runs.rs"]
mod runs;

component!(Consumer);
