//! The text format, where another component reads and prints it: the import `text` of `fuser.wasm`.

use self::bindings::wasm_fuser::fuser::text;
use crate::Problem;

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI hands over pointers")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "package wasm-fuser:text; world reader { import wasm-fuser:fuser/text@0.1.0; }",
        world: "wasm-fuser:text/reader",
        generate_all,
    });
}

/// What is text as a binary; `name` is what messages call it.
///
/// # Errors
///
/// What is wrong in the text, and where.
pub fn binary(text: &str, name: &str) -> Result<Vec<u8>, Problem> {
    text::binary(text, name).map_err(problem)
}

/// The text of a component or a core module.
///
/// # Errors
///
/// What cannot be read, and where.
pub fn print(bytes: &[u8]) -> Result<String, Problem> {
    text::print(bytes).map_err(problem)
}

fn problem(problem: text::Problem) -> Problem {
    let text::Problem { what, quoted, help, offset } = problem;
    Problem { what, quoted, help, offset }
}
