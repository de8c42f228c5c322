//! Compiles the component to machine code, so that the program starts in milliseconds.
//!
//! The component is `target/fuser.wasm`, which `make fuser` builds, or what `WASM_FUSER_COMPONENT`
//! names. It is not built from here: a cargo inside a cargo would wait for its own lock, and needs
//! a toolchain that has the target.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

#[path = "src/engine.rs"]
mod engine;

const VARIABLE: &str = "WASM_FUSER_COMPONENT";

fn main() {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed=src/engine.rs");
    let component = component();
    println!("cargo::rerun-if-changed={}", component.display());
    println!("cargo::rustc-env={VARIABLE}={}", component.display());
    if let Err(problem) = precompile(&component) {
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

fn precompile(component: &Path) -> Result<(), String> {
    let path = component.display();
    let bytes = fs::read(component).map_err(|error| {
        format!(
            "cannot read the component {path}: {error}; build it with `make fuser`, \
             or set {VARIABLE} to where it is"
        )
    })?;
    let variable = |name| env::var(name).map_err(|error| format!("{name}: {error}"));
    let mut config = engine::config();
    // Naming the target keeps features of this very machine's processor out of the program.
    let compiled = config
        .target(&variable("TARGET")?)
        .and_then(|config| wasmtime::Engine::new(config))
        .and_then(|engine| engine.precompile_component(&bytes))
        .map_err(|error| format!("{path} does not compile: {error:?}"))?;
    let output = Path::new(&variable("OUT_DIR")?).join("fuser.cwasm");
    fs::write(&output, compiled).map_err(|error| format!("{}: {error}", output.display()))
}
