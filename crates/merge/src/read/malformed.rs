//! What is wrong with bytes that should be right: the validator has seen them.

use wasm_encoder::reencode;

use crate::Error;

/// Reports bytes that the validator should have refused.
pub fn malformed(error: wasmparser::Error) -> Error {
    Error::internal(format!("a core module does not parse: {}", error.message())).at(error.offset())
}

/// The error of a `Reencode` of this crate.
pub fn failed(error: reencode::Error<Error>) -> Error {
    match error {
        reencode::Error::UserError(error) => error,
        reencode::Error::ParseError(error) => malformed(error),
        error => Error::internal(format!("a core module cannot be copied: {error}")),
    }
}

/// Hands an error through a `Reencode`.
pub fn user(error: Error) -> reencode::Error<Error> {
    reencode::Error::UserError(error)
}
