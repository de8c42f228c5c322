//! Compiles the components to machine code, so that the program starts in milliseconds.
//!
//! They are `fuser.wasm`, `cli.wasm`, `extras.wasm` and `wac.wasm` in `target`, which `make fuser` builds, or what
//! `WASM_FUSER_COMPONENT`, `WASM_FUSER_CLI`, `WASM_FUSER_EXTRAS` and `WASM_FUSER_WAC` name. They are not built from here: a cargo inside a cargo
//! would wait for its own lock, and needs a toolchain that has the target.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

#[cfg(feature = "component")]
#[path = "src/engine.rs"]
mod engine;

/// The components: the variable that names the file, and what it is called in `target`.
const COMPONENTS: [(&str, &str); 4] = [
    ("WASM_FUSER_COMPONENT", "fuser"),
    ("WASM_FUSER_CLI", "cli"),
    ("WASM_FUSER_EXTRAS", "extras"),
    ("WASM_FUSER_WAC", "wac"),
];

fn main() {
    println!("cargo::rerun-if-changed=src/engine.rs");
    for (variable, name) in COMPONENTS {
        println!("cargo::rerun-if-env-changed={variable}");
        let component = component(variable, name);
        println!("cargo::rerun-if-changed={}", component.display());
        println!("cargo::rustc-env={variable}={}", component.display());
        if let Err(problem) = write(&component, variable, name) {
            println!("cargo::error={problem}");
            process::exit(1);
        }
    }
}

fn component(variable: &str, name: &str) -> PathBuf {
    match env::var_os(variable) {
        Some(path) => path.into(),
        // As cargo says now: a compiled script can be in a folder that has been moved.
        None => {
            let host = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
            Path::new(&host).join(format!("../target/{name}.wasm"))
        }
    }
}

fn write(component: &Path, variable: &str, name: &str) -> Result<(), String> {
    let output = Path::new(&self::variable("OUT_DIR")?).join(format!("{name}.cwasm"));
    fs::write(&output, compiled(component, variable)?)
        .map_err(|e| format!("{}: {e}", output.display()))
}

#[cfg(feature = "component")]
fn compiled(component: &Path, set: &str) -> Result<Vec<u8>, String> {
    let path = component.display();
    let bytes = fs::read(component).map_err(|error| {
        format!(
            "cannot read the component {path}: {error}; build it with `make fuser`, \
             or set {set} to where it is"
        )
    })?;
    engine::compile(&bytes, &variable("TARGET")?)
        .map_err(|error| format!("{path} does not compile: {error:?}"))
}

/// For lints, which do not ask what is in the program.
#[cfg(not(feature = "component"))]
fn compiled(_: &Path, _: &str) -> Result<Vec<u8>, String> {
    Ok(Vec::new())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
