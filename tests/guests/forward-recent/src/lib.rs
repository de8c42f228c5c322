//! Forwards fixed-length lists and maps.

use exports::values::recent::recent::Guest;
use values::recent::recent;
use values::recent::types::{Array3, Array4, Sample};
use wit_bindgen::rt::Map;

wit_bindgen::generate!({ path: "../wit/recent", world: "forward-recent" });

struct Forward;

impl Guest for Forward {
    fn echo_array3(value: Array3) -> Array3 {
        recent::echo_array3(value)
    }

    fn echo_array4(value: Array4) -> Array4 {
        recent::echo_array4(value)
    }

    fn echo_strings(value: Vec<[String; 2]>) -> Vec<[String; 2]> {
        recent::echo_strings(&value)
    }

    fn echo_wide(value: [u64; 20]) -> [u64; 20] {
        recent::echo_wide(value)
    }

    fn echo_nested(value: [[u8; 3]; 2]) -> [[u8; 3]; 2] {
        recent::echo_nested(value)
    }

    fn echo_arrays(value: Vec<Array3>) -> Vec<Array3> {
        recent::echo_arrays(&value)
    }

    fn echo_map(value: Map<u32, String>) -> Map<u32, String> {
        recent::echo_map(&value)
    }

    fn echo_map_of_lists(value: Map<String, Vec<f64>>) -> Map<String, Vec<f64>> {
        recent::echo_map_of_lists(&value)
    }

    fn echo_sample(value: Sample) -> Sample {
        recent::echo_sample(&value)
    }
}

export!(Forward);
