//! Exports the work.

mod bindings {
    wit_bindgen::generate!({ world: "provider", path: "../wit", generate_all });
}

mod token {
    pub use super::bindings::exports::bench::work::text::{Kind, Token};
}

mod event {
    pub use super::bindings::exports::bench::work::json::Event;
}

#[path = "../../work/image.rs"]
mod image;
#[path = "../../work/json.rs"]
mod json;
#[path = "../../work/key_value.rs"]
mod key_value;
#[path = "../../work/text.rs"]
mod text;

use bindings::exports::bench::work as exports;

struct Provider;

impl exports::text::Guest for Provider {
    fn tokens(text: String) -> Vec<exports::text::Token> {
        text::tokens(&text)
    }
    fn join(tokens: Vec<exports::text::Token>) -> String {
        text::join(&tokens)
    }
}

impl exports::json::Guest for Provider {
    fn parse(text: String) -> Vec<exports::json::Event> {
        json::parse(&text)
    }
    fn print(events: Vec<exports::json::Event>) -> String {
        json::print(&events)
    }
}

impl exports::image::Guest for Provider {
    fn invert(pixels: Vec<u8>) -> Vec<u8> {
        image::invert(&pixels)
    }
    fn blur(pixels: Vec<u8>, width: u32) -> Vec<u8> {
        image::blur(&pixels, width)
    }
}

impl exports::key_value::Guest for Provider {
    type Store = key_value::Values;
}

impl exports::key_value::GuestStore for key_value::Values {
    fn new() -> Self {
        Self::default()
    }
    fn set(&self, key: String, value: String) {
        self.set(key, value);
    }
    fn get(&self, key: String) -> Option<String> {
        self.get(&key)
    }
    fn len(&self) -> u32 {
        self.len()
    }
}

bindings::export!(Provider with_types_in bindings);
