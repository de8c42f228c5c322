//! A `float` is another component's `float`.

use chains::floats::floats as inner;
use exports::chains::floats::floats::{self, FloatBorrow, Guest, GuestFloat};
use resources::{Name, log};

wit_bindgen::generate!({ path: "floats", world: "intermediate" });

struct Intermediate;

struct Float {
    name: Name,
    inner: inner::Float,
}

impl Float {
    fn wrap(inner: inner::Float) -> Float {
        let name = Name::new("intermediate: float");
        log!("{name} is made");
        Float { name, inner }
    }
}

impl Guest for Intermediate {
    type Float = Float;
}

impl GuestFloat for Float {
    fn new(value: f64) -> Float {
        log!("intermediate: new({value})");
        Float::wrap(inner::Float::new(value))
    }

    fn get(&self) -> f64 {
        log!("{}.get()", self.name);
        self.inner.get()
    }

    fn plus(&self, other: FloatBorrow<'_>) -> floats::Float {
        let other = other.get::<Float>();
        log!("{}.plus({})", self.name, other.name);
        floats::Float::new(Float::wrap(self.inner.plus(&other.inner)))
    }

    fn add(float: floats::Float, value: f64) -> floats::Float {
        let Float { name, inner } = float.into_inner::<Float>();
        log!("intermediate: add({name}, {value})");
        drop(name);
        floats::Float::new(Float::wrap(inner::Float::add(inner, value)))
    }
}

export!(Intermediate);
