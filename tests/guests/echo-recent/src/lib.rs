//! Returns fixed-length lists and maps.

use exports::values::recent::recent::Guest;
use values::recent::types::{Array3, Array4, Sample};
use wit_bindgen::rt::Map;

wit_bindgen::generate!({ path: "../wit/recent", world: "echo-recent" });

struct Echo;

macro_rules! echo {
    ($($name:ident: $ty:ty;)*) => {
        $(fn $name(value: $ty) -> $ty {
            value
        })*
    };
}

impl Guest for Echo {
    echo! {
        echo_array3: Array3;
        echo_array4: Array4;
        echo_strings: Vec<[String; 2]>;
        echo_wide: [u64; 20];
        echo_nested: [[u8; 3]; 2];
        echo_arrays: Vec<Array3>;
        echo_map: Map<u32, String>;
        echo_map_of_lists: Map<String, Vec<f64>>;
        echo_sample: Sample;
    }
}

export!(Echo);
