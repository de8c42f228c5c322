//! Returns what it is given, for every kind of value.

use exports::values::parts::lists::Guest as Lists;
use exports::values::parts::scalars::Guest as Scalars;
use exports::values::parts::shapes::{Guest as Shapes, Seventeen};
use exports::values::parts::wide::{FifteenValues, Guest as Wide, SixteenValues};
use values::parts::types::*;

wit_bindgen::generate!({ path: "../wit/values", world: "echo" });

struct Echo;

macro_rules! echo {
    ($($name:ident: $ty:ty;)*) => {
        $(fn $name(value: $ty) -> $ty {
            value
        })*
    };
}

impl Scalars for Echo {
    fn nothing() {}

    echo! {
        echo_bool: bool;
        echo_u8: u8;
        echo_s8: i8;
        echo_u16: u16;
        echo_s16: i16;
        echo_u32: u32;
        echo_s32: i32;
        echo_u64: u64;
        echo_s64: i64;
        echo_f32: f32;
        echo_f64: f64;
        echo_char: char;
        echo_string: String;
    }
}

impl Lists for Echo {
    echo! {
        echo_bools: Vec<bool>;
        echo_u8s: Vec<u8>;
        echo_s8s: Vec<i8>;
        echo_u16s: Vec<u16>;
        echo_s16s: Vec<i16>;
        echo_u32s: Vec<u32>;
        echo_s32s: Vec<i32>;
        echo_u64s: Vec<u64>;
        echo_s64s: Vec<i64>;
        echo_f32s: Vec<f32>;
        echo_f64s: Vec<f64>;
        echo_chars: Vec<char>;
        echo_strings: Vec<String>;
        echo_lists: Vec<Vec<u32>>;
        echo_lists_of_strings: Vec<Vec<Vec<String>>>;
        echo_points: Vec<Point>;
        echo_padded: Vec<Padded>;
        echo_people: Vec<Person>;
        echo_pairs: Vec<(u8, u16)>;
        echo_options: Vec<Option<u8>>;
        echo_results: Vec<Result<u64, String>>;
        echo_flags: Vec<Flags9>;
        echo_enums: Vec<Suit>;
        echo_variants: Vec<Joined>;
    }
}

impl Shapes for Echo {
    echo! {
        echo_point: Point;
        echo_padded: Padded;
        echo_person: Person;
        echo_single: (u8,);
        echo_pair: (u16, i64);
        echo_triple: (u8, String, f64);
        echo_seventeen: Seventeen;
        echo_flags1: Flags1;
        echo_flags8: Flags8;
        echo_flags9: Flags9;
        echo_flags16: Flags16;
        echo_flags17: Flags17;
        echo_flags32: Flags32;
        echo_enum: Suit;
        echo_large_enum: Large;
        echo_option: Option<u8>;
        echo_option_string: Option<String>;
        echo_option_option: Option<Option<u32>>;
        echo_result: Result<(), ()>;
        echo_result_ok: Result<u8, ()>;
        echo_result_error: Result<(), String>;
        echo_result_both: Result<Vec<u8>, f32>;
        echo_joined: Joined;
        echo_shape: Shape;
        echo_leaf: Leaf;
        echo_branch: Branch;
        echo_tree: Tree;
    }
}

#[rustfmt::skip]
impl Wide for Echo {
    fn sixteen(
        a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: f32, j: f64, k: bool,
        l: char, m: String, n: f32, o: u64,
    ) -> FifteenValues {
        (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
    }

    fn seventeen(
        a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: f32, j: f64, k: bool,
        l: char, m: String, n: f32, o: u64, p: u8,
    ) -> SixteenValues {
        (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    }

    fn strings(
        a: String, b: String, c: String, d: String, e: String, f: String, g: String, h: String,
        i: String,
    ) -> Vec<String> {
        vec![a, b, c, d, e, f, g, h, i]
    }

    fn mixed(
        a: Person, b: Vec<Point>, c: Shape, d: Option<String>, e: Result<String, u64>,
    ) -> (Person, Vec<Point>, Shape, Option<String>, Result<String, u64>) {
        (a, b, c, d, e)
    }
}

export!(Echo);
