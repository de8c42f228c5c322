//! What fusing costs, against one validation of the same bytes.

use std::time::Instant;

use anyhow::Result;
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::root;
use wasmparser::{Validator, WasmFeatures};

/// Milliseconds, the least of all rounds.
pub struct Cost {
    pub what: String,
    pub bytes: usize,
    pub validate: f64,
    pub fuse: f64,
}

/// Fuses the guests' composition, and the fuser's own component where it has been built.
pub fn fuser(composed: &[u8], rounds: usize) -> Result<Vec<Cost>> {
    let mut inputs = vec![("the composition of these works".to_string(), composed.to_vec())];
    if let Ok(bytes) = std::fs::read(root().join("target/fuser.wasm")) {
        inputs.push(("the fuser itself, `target/fuser.wasm`".into(), bytes));
    }
    inputs.into_iter().map(|(what, bytes)| cost(what, bytes, rounds)).collect()
}

fn cost(what: String, bytes: Vec<u8>, rounds: usize) -> Result<Cost> {
    let (mut least_validate, mut least_fuse) = (f64::INFINITY, f64::INFINITY);
    let options = Options::default();
    for _ in 0..rounds {
        let begun = Instant::now();
        Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes)?;
        least_validate = least_validate.min(begun.elapsed().as_secs_f64() * 1e3);
        let input = Input { name: "input".into(), bytes: bytes.clone() };
        let begun = Instant::now();
        let fused = fuse(&[input], &options)?;
        least_fuse = least_fuse.min(begun.elapsed().as_secs_f64() * 1e3);
        drop(fused);
    }
    Ok(Cost { what, bytes: bytes.len(), validate: least_validate, fuse: least_fuse })
}
