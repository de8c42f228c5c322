//! Compiles the component to machine code, so that the program starts in milliseconds.
//!
//! The component is `target/fuser.wasm`, which `make fuser` builds, or what `WASM_FUSER_COMPONENT`
//! names. It is not built from here: a cargo inside a cargo would wait for its own lock, and needs
//! a toolchain that has the target.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

#[cfg(feature = "component")]
#[path = "src/engine.rs"]
mod engine;

const VARIABLE: &str = "WASM_FUSER_COMPONENT";

fn main() {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed=src/engine.rs");
    let component = component();
    println!("cargo::rerun-if-changed={}", component.display());
    println!("cargo::rustc-env={VARIABLE}={}", component.display());
    if let Err(problem) = write(&component) {
        println!("cargo::error={problem}");
        process::exit(1);
    }
}

fn component() -> PathBuf {
    match env::var_os(VARIABLE) {
        Some(path) => path.into(),
        // As cargo says now: a compiled script can be in a folder that has been moved.
        None => {
            let host = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
            Path::new(&host).join("../target/fuser.wasm")
        }
    }
}

fn write(component: &Path) -> Result<(), String> {
    let output = Path::new(&variable("OUT_DIR")?).join("fuser.cwasm");
    fs::write(&output, compiled(component)?).map_err(|e| format!("{}: {e}", output.display()))
}

#[cfg(feature = "component")]
fn compiled(component: &Path) -> Result<Vec<u8>, String> {
    let path = component.display();
    let bytes = fs::read(component).map_err(|error| {
        format!(
            "cannot read the component {path}: {error}; build it with `make fuser`, \
             or set {VARIABLE} to where it is"
        )
    })?;
    engine::compile(&bytes, &variable("TARGET")?)
        .map_err(|error| format!("{path} does not compile: {error:?}"))
}

/// For lints, which do not ask what is in the program.
#[cfg(not(feature = "component"))]
fn compiled(_: &Path) -> Result<Vec<u8>, String> {
    Ok(Vec::new())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
