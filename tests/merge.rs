//! Merges the links in `tests/cases/merge` and compares them with the instances unmerged.
//!
//! A case is a directory whose name is the proposition it tests:
//!
//! * `link.wat`: the instances, in order, and what to do with them (below);
//! * `merged.wat`: the merged module, as text;
//! * `transcript.txt`: what the instances, linked by wasmtime one after another, do.
//!
//! The merged module must print as in `merged.wat`, and do what the instances do, both with a start
//! section and with an exported start function. `BLESS=1` rewrites the last two files.
//!
//! In `link.wat`, lines that begin with `;;!` are directives:
//!
//! ```text
//! ;;! instance NAME                the module that follows is instantiated as NAME
//! ;;! instance NAME = OTHER        the module of OTHER is instantiated again
//! ;;! export NAME = INSTANCE.NAME  the merged module exports that
//! ;;! call NAME ARGUMENT..         call an exported function
//! ;;! dump NAME                    print an exported memory, its bytes that are not zero
//! ;;! validate only                wasmtime cannot run it
//! ```
//!
//! A module imports from instances by their names. What it imports from `host` is external: functions
//! write their arguments to the transcript and return zeros, globals are 1000.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context as _;
use anyhow::Result;
use anyhow::bail;
use anyhow::ensure;
use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use wasm_fuser::merge;

#[path = "merge/oracle.rs"]
mod oracle;
#[path = "merge/script.rs"]
mod script;

use script::Script;

fn main() -> std::process::ExitCode {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/merge");
    let mut dirs: Vec<PathBuf> = fs::read_dir(&cases)
        .expect("the cases are there")
        .map(|entry| entry.expect("a directory can be read").path())
        .collect();
    dirs.sort();
    let trials = dirs.into_iter().map(|dir| {
        let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(name, move || run(&dir).map_err(|error| Failed::from(format!("{error:?}"))))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn run(dir: &Path) -> Result<()> {
    let text = fs::read_to_string(dir.join("link.wat")).context("`link.wat`")?;
    let script = Script::parse(&text)?;
    let bytes = merge(&script, merge::Start::Section)?;
    golden(&dir.join("merged.wat"), &wasmprinter::print_bytes(&bytes.bytes)?)?;
    let exported = merge(&script, merge::Start::Export("start".into()))?;
    if script.validate_only {
        return Ok(());
    }
    let expected = oracle::unmerged(&script)?;
    golden(&dir.join("transcript.txt"), &expected)?;
    for merged in [bytes, exported] {
        let found = oracle::merged(&script, &merged)?;
        ensure!(
            found == expected,
            "merged with {:?}:\n{found}\nunmerged:\n{expected}",
            merged.start
        );
    }
    Ok(())
}

fn merge(script: &Script, start: merge::Start) -> Result<merge::Merged> {
    let link = script.link()?;
    let options = |names| merge::Options { names, start: start.clone() };
    let merged = merge::merge(&link, &options(wasm_fuser::options::Names::Keep))?;
    validate(&merged.bytes)?;
    let again = merge::merge(&link, &options(wasm_fuser::options::Names::Keep))?;
    ensure!(again.bytes == merged.bytes, "two runs differ");
    let nameless = merge::merge(&link, &options(wasm_fuser::options::Names::Drop))?;
    validate(&nameless.bytes)?;
    Ok(merged)
}

fn validate(bytes: &[u8]) -> Result<()> {
    let mut validator = wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all());
    if let Err(error) = validator.validate_all(bytes) {
        let text = wasmprinter::print_bytes(bytes).unwrap_or_default();
        bail!("the merged module is invalid: {error}\n{text}");
    }
    Ok(())
}

fn golden(path: &Path, found: &str) -> Result<()> {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, found)?;
    }
    let expected = fs::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    if expected != found {
        let mut message = String::new();
        writeln!(message, "`{}` differs (`BLESS=1` rewrites it); found:", path.display())?;
        message.push_str(found);
        bail!(message);
    }
    Ok(())
}

/// What instances export, by name.
type Exports = BTreeMap<String, (merge::EntityKind, u32)>;
