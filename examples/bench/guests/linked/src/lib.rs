//! The work and what runs it, linked by the compiler.

mod bindings {
    wit_bindgen::generate!({ world: "linked", path: "../wit", generate_all });
}

mod token {
    #[derive(Clone, Copy, PartialEq)]
    pub enum Kind {
        Word,
        Number,
        Space,
        Other,
    }

    #[expect(dead_code, reason = "what runs reads only the text, as it does in the composition")]
    pub struct Token {
        pub text: String,
        pub line: u32,
        pub column: u32,
        pub kind: Kind,
    }
}

mod event {
    pub enum Event {
        Null,
        Boolean(bool),
        Number(f64),
        Text(String),
        Key(String),
        BeginList,
        EndList,
        BeginObject,
        EndObject,
    }
}

#[path = "../../work/image.rs"]
mod image;
#[path = "../../work/json.rs"]
mod json;
#[path = "../../work/key_value.rs"]
mod key_value;
#[macro_use]
#[path = "../../work/runs.rs"]
mod runs;
#[path = "../../work/text.rs"]
mod text;

/// The resource, as the bindings of an import have it.
struct Store(key_value::Values);

impl Store {
    fn new() -> Store {
        Store(key_value::Values::default())
    }
    fn set(&self, key: &str, value: &str) {
        self.0.set(key.into(), value.into());
    }
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key)
    }
    fn len(&self) -> u32 {
        self.0.len()
    }
}

component!(Linked);
