//! Guests, built from `tests/guests` when a test first asks for one.
//!
//! All tests share one target folder, and cargo's own lock keeps them apart. A guest that does not
//! build fails the test: none is skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use wasm_fuser::Input;
use wasm_fuser::targets::WASIP1;

/// The component of the guest with this name: a package, or an example of one.
pub fn guest(name: &str) -> Vec<u8> {
    let library = name.replace('-', "_");
    let files =
        [built().join(&library), built().join(name), built().join("examples").join(&library)];
    let mut files = files.map(|file| file.with_extension("wasm")).into_iter();
    let file = files.find(|file| file.exists()).unwrap_or_else(|| panic!("no guest is `{name}`"));
    std::fs::read(&file).unwrap_or_else(|error| panic!("guest `{name}`: {error}: {file:?}"))
}

/// How a guest with debug information is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dwarf {
    /// In version 4, with the whole program optimized at once: units refer to one another.
    Four,
    /// In version 5; the standard library stays in version 4.
    Five,
}

/// The component of the guest with this name, with all of its debug information.
pub fn debug_guest(name: &str, dwarf: Dwarf) -> Vec<u8> {
    let (folder, lto, flags) = match dwarf {
        Dwarf::Four => ("dwarf-4", "fat", "-C dwarf-version=4"),
        Dwarf::Five => ("dwarf-5", "off", "-C dwarf-version=5"),
    };
    let target = crate::root().join("tests/guests/target").join(folder);
    let mut cargo = cargo("tests/guests/Cargo.toml", &target);
    cargo.arg("--package").arg(name).env("RUSTFLAGS", flags);
    let profile = [("debug", "2"), ("strip", "false"), ("lto", &format!("\"{lto}\""))];
    for (key, value) in profile {
        cargo.arg("--config").arg(format!("profile.release.{key}={value}"));
    }
    run(&mut cargo);
    let file = target.join("wasm32-wasip2/release").join(name.replace('-', "_"));
    let file = [file, target.join("wasm32-wasip2/release").join(name)];
    let mut file = file.iter().map(|file| file.with_extension("wasm"));
    let file = file.find(|file| file.exists()).unwrap_or_else(|| panic!("no guest is `{name}`"));
    std::fs::read(&file).unwrap_or_else(|error| panic!("guest `{name}`: {error}: {file:?}"))
}

fn built() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| workspace("tests/guests"))
}

/// Builds a workspace of guests; the folder that they are in.
pub fn workspace(folder: &str) -> PathBuf {
    let target = crate::root().join(folder).join("target");
    let mut cargo = cargo(&format!("{folder}/Cargo.toml"), &target);
    cargo.args(["--lib", "--bins", "--examples"]);
    run(&mut cargo);
    target.join("wasm32-wasip2/release")
}

/// The guest with this name, an example of a package, compiled for preview 1: a core module.
pub fn guest_on_preview1(package: &str, name: &str) -> Vec<u8> {
    let target = crate::root().join("tests/guests/target");
    let mut cargo = cargo_for("wasm32-wasip1", "tests/guests/Cargo.toml", &target);
    run(cargo.args(["--package", package, "--example", name]));
    let file = target.join("wasm32-wasip1/release/examples").join(name).with_extension("wasm");
    std::fs::read(&file).unwrap_or_else(|error| panic!("{error}: {file:?}"))
}

/// The provider of WASI 0.2 on preview 1, as an input.
pub fn provider() -> Input {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| {
        // With what the guests are compiled of, which it has in common with them.
        let target = crate::root().join("tests/guests/target");
        run(&mut cargo("crates/wasip1/Cargo.toml", &target));
        let file = target.join("wasm32-wasip2/release/wasip1.wasm");
        std::fs::read(&file).unwrap_or_else(|error| panic!("{error}: {file:?}"))
    });
    Input { name: WASIP1.into(), bytes: bytes.clone() }
}

/// Builds for wasm32-wasip2 into a target folder.
fn cargo(manifest: &str, target: &Path) -> Command {
    cargo_for("wasm32-wasip2", manifest, target)
}

fn cargo_for(triple: &str, manifest: &str, target: &Path) -> Command {
    let root = crate::root();
    let mut cargo = Command::new("cargo");
    clean(&mut cargo);
    cargo.args(toolchain(root).split_whitespace());
    cargo.args(["build", "--quiet", "--locked", "--release", "--target", triple]);
    cargo.arg("--manifest-path").arg(root.join(manifest));
    cargo.arg("--target-dir").arg(target);
    cargo
}

fn run(cargo: &mut Command) {
    let status = cargo.status().expect("cargo can be started");
    assert!(status.success(), "the guests do not build: {cargo:?}");
}

/// What makes cargo take a toolchain that can compile for wasm32-wasip2: `+name`, or nothing.
fn toolchain(root: &Path) -> String {
    let mut script = Command::new(root.join("scripts/wasi-toolchain.sh"));
    let output = clean(&mut script).stderr(Stdio::inherit()).output();
    let output = output.expect("scripts/wasi-toolchain.sh can be started");
    assert!(output.status.success(), "there is no toolchain for wasm32-wasip2");
    String::from_utf8(output.stdout).expect("a toolchain has a name in ASCII")
}

/// A command without what the cargo that runs the tests has set, or was set for native code.
pub fn clean(command: &mut Command) -> &mut Command {
    for variable in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "RUSTFLAGS"] {
        command.env_remove(variable);
    }
    for variable in ["CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER"] {
        command.env_remove(variable);
    }
    command
}
