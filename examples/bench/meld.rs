//! What another fuser, `meld`, makes of compositions, where it is installed.
//!
//! It is given what we are given: the composition in one file, for a component (`--component`), without what it
//! adds for audits, since we add none. What it writes has to do what the composition does: the works, or to print
//! the same.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use wasm_fuser::options::Names;
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::resources::SETS;
use wasm_fuser_testing::root;
use wasm_fuser_testing::run::{Folder, call_async, run_command};
use wasmtime::component::Val;

use crate::works::{self, Form, Work};

/// What it says of itself, and what it makes of compositions.
pub struct Meld {
    pub version: String,
    pub compositions: Vec<Composition>,
    /// The works: composed, fused by us, and by it; or why its result does not do them.
    pub works: std::result::Result<Vec<Work>, String>,
}

/// What became of a composition.
pub struct Composition {
    pub name: String,
    pub composed: usize,
    /// Our bytes: with names and without.
    pub fused: Sizes,
    /// Its bytes; or why there are none, or what is wrong with them.
    pub meld: std::result::Result<Sizes, String>,
    /// The milliseconds of its process, the least of all rounds, if that ended well.
    pub time: Option<f64>,
}

/// With names, and without.
pub struct Sizes {
    pub named: usize,
    pub nameless: usize,
}

/// Has it fuse the works' composition, those of the demonstration, and those of the tests that pass resources;
/// unless there is no `meld`.
pub fn meld(forms: &[Form], rounds: usize) -> Result<Option<Meld>> {
    let Ok(version) = Command::new("meld").arg("--version").output() else { return Ok(None) };
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
    let form = |name| forms.iter().find(|form| form.name == name).context("a form is missing");
    let (composed, fused) = (form("composed")?, form("fused")?);

    let mut works = Err("there is nothing to do them".to_string());
    let mut compositions = vec![composition("the works", &composed.bytes, rounds, |theirs| {
        let copy = |form: &Form| Form { name: form.name, bytes: form.bytes.clone() };
        let theirs = Form { name: "meld", bytes: theirs.to_vec() };
        works = works::works(&[copy(composed), copy(fused), theirs], rounds)
            .map_err(|error| cause(&error));
        works.as_ref().map(drop).map_err(Clone::clone)
    })?];
    let mut does = |name: &str, program: Program, what: fn(&[u8]) -> Result<String>| {
        let bytes = program.composed();
        // Some ask the host for more than WASI.
        let Ok(expected) = what(&bytes) else { return Ok(()) };
        compositions.push(composition(name, &bytes, 1, |theirs| {
            let found = what(theirs).map_err(|error| cause(&error))?;
            if found == expected { Ok(()) } else { Err("it prints something else".into()) }
        })?);
        Ok::<_, anyhow::Error>(())
    };
    does("a report on a text", Program::report(), prints)?;
    does("words sent as streams", Program::pipeline(), returns)?;
    for set in SETS {
        does(&format!("*{}*", set.name), set.command(), prints)?;
    }
    Ok(Some(Meld { version, compositions, works }))
}

/// Has it fuse a composition, and whoever knows what that does examine the result.
fn composition(
    name: &str,
    composed: &[u8],
    rounds: usize,
    examine: impl FnOnce(&[u8]) -> std::result::Result<(), String>,
) -> Result<Composition> {
    let folder = Folder::with(&[("composed.wasm", composed)]);
    let mut time = f64::INFINITY;
    let mut theirs = |flags: &[&str]| {
        let begun = Instant::now();
        let fused = run(folder.path(), flags);
        time = time.min(begun.elapsed().as_secs_f64() * 1e3);
        fused
    };
    for _ in 1..rounds {
        let _ = theirs(&["--preserve-names"])?;
    }
    let meld = theirs(&["--preserve-names"])?;
    let nameless = run(folder.path(), &[])?;
    let meld = meld.and_then(|named| {
        examine(&named)?;
        Ok(Sizes { named: named.len(), nameless: nameless?.len() })
    });
    let ours = |names| {
        let input = Input { name: "composed".into(), bytes: composed.to_vec() };
        Ok::<_, anyhow::Error>(
            fuse(&[input], &Options { names, ..Options::default() })?.bytes.len(),
        )
    };
    let fused = Sizes { named: ours(Names::Keep)?, nameless: ours(Names::Drop)? };
    let time = meld.is_ok().then_some(time);
    Ok(Composition { name: name.into(), composed: composed.len(), fused, meld, time })
}

/// What it makes of `composed.wasm` in a folder, or the cause that it gives.
fn run(folder: &Path, flags: &[&str]) -> Result<std::result::Result<Vec<u8>, String>> {
    let mut command = Command::new("meld");
    command.current_dir(folder).args(["fuse", "composed.wasm", "-o", "fused.wasm", "--component"]);
    command.args(["--no-attestation", "--no-component-provenance"]).args(flags);
    let output = command.env("RUST_LOG", "error").env("RUST_BACKTRACE", "0").output()?;
    if output.status.success() {
        return Ok(Ok(std::fs::read(folder.join("fused.wasm"))?));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let mut causes =
        said.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "Caused by:");
    Ok(Err(causes.next_back().unwrap_or("it says nothing").to_string()))
}

/// What a command prints, which may read a text.
fn prints(component: &[u8]) -> Result<String> {
    let output = run_command(component, &["README.md"], Some(root()))?;
    Ok(format!("{output:?}"))
}

/// What `report` returns of a text.
fn returns(component: &[u8]) -> Result<String> {
    let returned = call_async(component, "report", &[Val::String("one two, and two".into())])?;
    Ok(format!("{returned:?}"))
}

/// What an error is about: its cause, in one line.
fn cause(error: &anyhow::Error) -> String {
    let cause = error.root_cause().to_string();
    let lines = cause.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(2).collect::<Vec<_>>().join(" ")
}
