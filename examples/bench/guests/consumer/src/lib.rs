//! Imports the work, and runs it.

mod bindings {
    wit_bindgen::generate!({ world: "consumer", path: "../wit", generate_all });
}

use bindings::bench::work::key_value::Store;
use bindings::bench::work::{image, json, text};

#[path = "../../work/runs.rs"]
mod runs;

struct Consumer;

impl bindings::exports::bench::work::runs::Guest for Consumer {
    fn run_text(times: u32) -> u32 {
        runs::run_text(times)
    }
    fn run_json(times: u32) -> u32 {
        runs::run_json(times)
    }
    fn run_image(times: u32) -> u32 {
        runs::run_image(times)
    }
    fn run_key_value(times: u32) -> u32 {
        runs::run_key_value(times)
    }
    fn run_method(times: u32) -> u32 {
        runs::run_method(times)
    }
    fn run_resource(times: u32) -> u32 {
        runs::run_resource(times)
    }
}

bindings::export!(Consumer with_types_in bindings);
