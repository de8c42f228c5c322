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

fn built() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = crate::root();
        let target = root.join("tests/guests/target");
        let mut cargo = Command::new("cargo");
        cargo.args(toolchain(root).split_whitespace());
        cargo.args(["build", "--quiet", "--locked", "--release", "--target", "wasm32-wasip2"]);
        cargo.args(["--lib", "--bins", "--examples"]);
        cargo.arg("--manifest-path").arg(root.join("tests/guests/Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        let status = clean(&mut cargo).status().expect("cargo can be started");
        assert!(status.success(), "the guests do not build: {cargo:?}");
        target.join("wasm32-wasip2/release")
    })
}

/// The provider of WASI 0.2 on preview 1, as an input.
pub fn provider() -> Input {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| {
        let root = crate::root();
        // With what the guests are compiled of, which it has in common with them.
        let target = root.join("tests/guests/target");
        let mut cargo = Command::new("cargo");
        cargo.args(toolchain(root).split_whitespace());
        cargo.args(["build", "--quiet", "--locked", "--release", "--target", "wasm32-wasip2"]);
        cargo.arg("--manifest-path").arg(root.join("providers/wasip1/Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        let status = clean(&mut cargo).status().expect("cargo can be started");
        assert!(status.success(), "the provider does not build: {cargo:?}");
        let file = target.join("wasm32-wasip2/release/wasip1.wasm");
        std::fs::read(&file).unwrap_or_else(|error| panic!("{error}: {file:?}"))
    });
    Input { name: WASIP1.into(), bytes: bytes.clone() }
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
