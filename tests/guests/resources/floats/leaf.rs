//! A `float` is a number.

use exports::chains::floats::floats::{self, FloatBorrow, Guest, GuestFloat};
use resources::{Name, log};

wit_bindgen::generate!({ path: "floats", world: "leaf" });

struct Leaf;

struct Float {
    name: Name,
    value: f64,
}

impl Guest for Leaf {
    type Float = Float;
}

impl GuestFloat for Float {
    fn new(value: f64) -> Float {
        let name = Name::new("leaf: float");
        log!("{name} is made from {value}");
        Float { name, value }
    }

    fn get(&self) -> f64 {
        log!("{}.get() = {}", self.name, self.value);
        self.value
    }

    fn plus(&self, other: FloatBorrow<'_>) -> floats::Float {
        let other = other.get::<Float>();
        log!("{}.plus({})", self.name, other.name);
        floats::Float::new(Float::new(self.value + other.value))
    }

    fn add(float: floats::Float, value: f64) -> floats::Float {
        let float = float.into_inner::<Float>();
        log!("leaf: add({}, {value})", float.name);
        floats::Float::new(Float::new(float.value + value))
    }
}

export!(Leaf);
