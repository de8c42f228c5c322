//! Runs a command component under wasmtime: `run [--dir FOLDER] COMPONENT ARGUMENT...`.
//!
//! The command sees the folder as its working directory; its exit code is this program's.

use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_fuser_testing::run;

fn main() -> Result<()> {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let mut folder = None;
    if arguments.first().is_some_and(|argument| argument == "--dir") {
        arguments.remove(0);
        folder = (!arguments.is_empty()).then(|| PathBuf::from(arguments.remove(0)));
    }
    let (component, arguments) =
        arguments.split_first().context("usage: run [--dir FOLDER] COMPONENT ARGUMENT...")?;
    let bytes = std::fs::read(component).with_context(|| format!("cannot read `{component}`"))?;
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let output = run::run_command(&bytes, &arguments, folder.as_deref())?;
    print!("{}", output.stdout);
    eprint!("{}", output.stderr);
    std::process::exit(output.code)
}
