//! The fuser's own distrust: what leaves it is validated, and within its limits.

use wasmparser::{Validator, WasmFeatures};

use crate::error::{Code, Error, Result};
use crate::merge::Merged;
use crate::options::{Names, Options};
use crate::plan::Plan;
use crate::shim::Shims;
use crate::wrap::Output;

/// Checks the size of the result, and validates it, unless the options say not to.
pub fn output(output: &Output, options: &Options) -> Result<()> {
    within("the result has", output.bytes.len() as u64, options)?;
    match options.validate {
        true => validate(&output.bytes, "the result"),
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

/// Checks the size of what is to be merged, before it is: each instance's module, and the names that
/// its functions get.
pub fn mergeable(plan: &Plan<'_>, options: &Options) -> Result<()> {
    let mut bytes = 0u64;
    for instance in plan.core_instances.values() {
        let module = plan.module(instance.module);
        let names = match options.names {
            Names::Keep => u64::from(module.functions).saturating_mul(instance.path.len() as u64),
            Names::Drop => 0,
        };
        bytes = bytes.saturating_add(module.bytes.len() as u64).saturating_add(names);
    }
    within("the core modules of all instances have", bytes, options)
}

/// Checks what engines do not accept more of in one module.
pub fn merged(merged: &Merged) -> Result<()> {
    const MEMORIES: usize = 100;
    const FUNCTIONS: u32 = 1_000_000;
    let too_many = |what: &str, count: usize, limit: usize| {
        Error::new(
            Code::LimitExceeded,
            format!("a fused module has {count} {what}, and engines accept {limit}"),
        )
        .with_help("fuse a part of the composition, or use `--emit flat`")
    };
    for block in merged.blocks.values() {
        // Several can be regions of one.
        let memories = block.memories.iter().map(|memory| memory.index as usize + 1);
        let memories = memories.max().unwrap_or_default();
        if memories > MEMORIES {
            return Err(too_many("memories", memories, MEMORIES));
        }
        if block.functions > FUNCTIONS {
            return Err(too_many("functions", block.functions as usize, FUNCTIONS as usize));
        }
    }
    Ok(())
}

fn within(what: &str, bytes: u64, options: &Options) -> Result<()> {
    let limit = options.limits.output_bytes;
    if bytes <= limit {
        return Ok(());
    }
    Err(Error::new(Code::LimitExceeded, format!("{what} {bytes} bytes, more than {limit}"))
        .with_help("raise it with `--limit-output-bytes`, if the input is one that you trust"))
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
