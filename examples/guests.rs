//! Writes the tests' compositions to files, for whoever wants to try something on them.
//!
//! ```text
//! cargo run --release --example guests -- target/examples
//!
//! target/examples/floats.wasm                  composed, not fused: a command that prints its log
//! target/examples/floats/runner.wasm ...       its components, each by itself
//! target/examples/floats/fuse.txt              the arguments of `fuse` that make one of them
//! ```
//!
//! The guests are built first, if need be.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::resources::SETS;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: guests FOLDER")?;
    let folder = Path::new(&folder);
    for (name, program) in [("calculator", Program::calculator()), ("report", Program::report())] {
        write(folder, name, &program)?;
    }
    for set in SETS {
        write(folder, set.name, &set.command())?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, program: &Program) -> Result<()> {
    let parts = folder.join(name);
    fs::create_dir_all(&parts).with_context(|| parts.display().to_string())?;
    let mut arguments = String::new();
    for input in &program.inputs {
        fs::write(parts.join(&input.name).with_extension("wasm"), &input.bytes)?;
        arguments += &format!("{}.wasm\n", input.name);
    }
    for wire in &program.wires {
        let (importer, import) = (&wire.importer, &wire.import_name);
        let (provider, export) = (&wire.provider, &wire.export_name);
        arguments += &format!("--wire {importer}:{import}={provider}:{export}\n");
    }
    fs::write(parts.join("fuse.txt"), arguments)?;
    fs::write(folder.join(name).with_extension("wasm"), program.composed())?;
    println!("{}", folder.join(name).with_extension("wasm").display());
    Ok(())
}
