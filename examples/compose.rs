//! Composes component files into one: `compose SOCKET PLUG... -o OUT`.
//!
//! The first file is the root. Exports of the others satisfy its imports, and one another's, by
//! name.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_fuser::options::Input;
use wasm_fuser_testing::compose;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [files @ .., option, output] = arguments.as_slice() else { bail!(USAGE) };
    if option != "-o" || files.is_empty() {
        bail!(USAGE);
    }
    let inputs = files.iter().map(|file| input(file)).collect::<Result<Vec<_>>>()?;
    let composed = compose::compose(&inputs, &[])?;
    std::fs::write(output, composed).with_context(|| format!("cannot write `{output}`"))
}

const USAGE: &str = "usage: compose SOCKET PLUG... -o OUT";

fn input(file: &str) -> Result<Input> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read `{file}`"))?;
    let name = Path::new(file).file_stem().context("a file has a name")?;
    Ok(Input { name: name.to_string_lossy().into_owned(), bytes })
}
