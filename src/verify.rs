//! The fuser's own distrust: what leaves it is validated, and so is each part that it generated.

use wasmparser::{Validator, WasmFeatures};

use crate::error::{Error, Result};
use crate::options::Options;
use crate::shim::Shims;

/// Validates the result, unless the options say not to.
pub fn output(bytes: &[u8], options: &Options) -> Result<()> {
    match options.validate {
        true => validate(bytes, "the result"),
        false => Ok(()),
    }
}

/// Validates every shim, unless the options say not to.
pub fn shims(shims: &Shims, options: &Options) -> Result<()> {
    for shim in shims.shims.values().filter(|_| options.validate) {
        validate(&shim.bytes, &format!("the shim `{}`", shim.name))?;
    }
    Ok(())
}

fn validate(bytes: &[u8], what: &str) -> Result<()> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).map(|_| ()).map_err(|e| {
        Error::internal(format!(
            "{what} is not valid: {} (at {:#x} of it)",
            e.message(),
            e.offset()
        ))
    })
}
