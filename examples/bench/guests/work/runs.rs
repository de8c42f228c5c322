//! What is run, on imports or on linked code.

use super::{Store, image, json, text};

/// Makes a component of a crate that has bindings and these runs.
macro_rules! component {
    ($name:ident) => {
        component!($name: run_text run_json run_image run_key_value run_method run_resource);
    };
    ($name:ident: $($run:ident)*) => {
        struct $name;

        impl bindings::exports::bench::work::runs::Guest for $name {
            $(fn $run(times: u32) -> u32 {
                runs::$run(times)
            })*
        }

        bindings::export!($name with_types_in bindings);
    };
}

/// A page of prose, with characters of one byte and of two.
fn prose() -> String {
    let sentence = "The 3 quick brown foxes jump over 42 lazy dogs; déjà vu, là-bas et naïveté.\n";
    sentence.repeat(40)
}

fn document() -> String {
    let item = |i: u32| {
        format!(
            r#"{{"id":{i},"name":"item number {i}","tags":["red","smörgåsbord","a longer tag of a few words"],"price":{}.5,"sold":{},"note":null}}"#,
            i * 3,
            i % 2 == 0
        )
    };
    let items: Vec<String> = (0..50).map(item).collect();
    format!("[{}]", items.join(","))
}

pub fn run_text(times: u32) -> u32 {
    let prose = prose();
    let mut sum = 0;
    for _ in 0..times {
        let tokens = text::tokens(&prose);
        let joined = text::join(&tokens);
        sum += tokens.len() as u32 + u32::from(joined == prose);
    }
    sum
}

pub fn run_json(times: u32) -> u32 {
    let document = document();
    let mut sum = 0;
    for _ in 0..times {
        let events = json::parse(&document);
        let printed = json::print(&events);
        sum += events.len() as u32 + u32::from(printed == document);
    }
    sum
}

pub fn run_image(times: u32) -> u32 {
    let mut pixels: Vec<u8> = (0..1 << 20).map(|i: u32| (i % 251) as u8).collect();
    for _ in 0..times {
        pixels = image::blur(&image::invert(&pixels), 1024);
    }
    pixels.iter().fold(0, |sum: u32, &pixel| sum.wrapping_mul(31).wrapping_add(pixel.into()))
}

pub fn run_key_value(times: u32) -> u32 {
    let keys: Vec<String> = (0..1000).map(|i| format!("key number {i}")).collect();
    let mut sum = 0;
    for _ in 0..times {
        let store = Store::new();
        for key in &keys {
            store.set(key, "a value of some length");
        }
        for key in &keys {
            sum += store.get(key).map_or(0, |value| value.len() as u32);
        }
    }
    sum
}

pub fn run_method(times: u32) -> u32 {
    let store = Store::new();
    store.set("key", "value");
    (0..times).map(|_| store.len()).sum()
}

pub fn run_resource(times: u32) -> u32 {
    (0..times).map(|_| Store::new().len()).sum()
}
