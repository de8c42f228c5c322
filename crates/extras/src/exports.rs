//! The interfaces of the world `extras` in `wit/world.wit`.

use wasm_fuser_text::{Problem, binary, print};

use self::bindings::exports::wasm_fuser::fuser::{carried, text};
use crate::PROVIDER;
use crate::codes::Code;

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI hands over pointers")]
pub mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "extras" });
    export!(Extras with_types_in self);
    use super::Extras;
}

/// The component.
pub struct Extras;

impl text::Guest for Extras {
    fn binary(text: String, name: String) -> Result<Vec<u8>, text::Problem> {
        binary(&text, &name).map_err(problem)
    }

    fn print(bytes: Vec<u8>) -> Result<String, text::Problem> {
        print(&bytes).map_err(problem)
    }
}

impl carried::Guest for Extras {
    fn wasip1() -> Vec<u8> {
        PROVIDER.into()
    }

    fn page(code: String) -> Option<String> {
        Code::from_name(&code).map(|code| code.page().into())
    }
}

fn problem(problem: Problem) -> text::Problem {
    let Problem { what, quoted, help, offset } = problem;
    text::Problem { what, quoted, help, offset }
}
