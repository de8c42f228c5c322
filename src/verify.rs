//! The fuser's own distrust: what leaves it is validated, and within its limits.

use wasmparser::{Validator, WasmFeatures};

use crate::error::{Code, Error, Result};
use crate::options::Options;
use crate::shim::Shims;
use crate::wrap::Output;

/// Validates the result and every shim, unless the options say not to.
pub fn verify(output: &Output, shims: &Shims, options: &Options) -> Result<()> {
    let limit = options.limits.output_bytes;
    if output.bytes.len() as u64 > limit {
        return Err(Error::new(
            Code::LimitExceeded,
            format!("the result has {} bytes, more than {limit}", output.bytes.len()),
        )
        .with_help("raise it with `--limit-output-bytes`, if the input is one that you trust"));
    }
    if !options.validate {
        return Ok(());
    }
    for shim in shims.shims.values() {
        validate(&shim.bytes, &format!("the shim `{}`", shim.name))?;
    }
    validate(&output.bytes, "the result")
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
