//! Merges the links in `tests/cases/merge` and compares them with the instances unmerged.
//!
//! A case is a directory whose name is the proposition it tests:
//!
//! * `link.wat`: the instances, in order, and what to do with them (below);
//! * `merged.wat`: the merged module, as text;
//! * `transcript.txt`: what the instances, linked by wasmtime one after another, do;
//! * `error.txt`, instead of the last two: why they are not merged.
//!
//! The merged module must print as in `merged.wat`, and do what the instances do, both with a start
//! section and with an exported start function. `BLESS=1` rewrites all files but `link.wat`.
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

use anyhow::{Context as _, Result, bail, ensure};
use wasm_fuser::merge::{self, Options, Start};
use wasm_fuser::options::Names;

use case::Case;
use script::Script;

#[path = "support/case.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod case;
#[path = "merge/oracle.rs"]
mod oracle;
#[path = "merge/script.rs"]
mod script;

fn main() -> Result<()> {
    case::run("merge", Vec::new(), run)?.exit()
}

fn run(case: &mut Case) -> Result<()> {
    let text = case.read("link.wat")?.context("there is no `link.wat`")?;
    let script = Script::parse(&text)?;
    let link = script.link()?;
    match merge::merge(&link, &options(Names::Keep, Start::Section)) {
        Err(error) => case.compare("error.txt", &format!("{error}\n"))?,
        Ok(merged) => {
            validate(&merged.bytes)?;
            case.compare("merged.wat", &wasmprinter::print_bytes(&merged.bytes)?)?;
            variants(&link, &merged)?;
            if !script.validate_only {
                let expected = oracle::unmerged(&script)?;
                case.compare("transcript.txt", &expected)?;
                let start = Start::Export("start".into());
                let exported = merge::merge(&link, &options(Names::Keep, start))?;
                for merged in [merged, exported] {
                    let found = oracle::merged(&script, &merged)?;
                    ensure!(
                        found == expected,
                        "merged with {:?}:\n{found}\nunmerged:\n{expected}",
                        merged.start
                    );
                }
            }
        }
    }
    Ok(())
}

fn options(names: Names, start: Start) -> Options {
    Options { names, start }
}

/// The output is determined by the input, and valid without names too.
fn variants(link: &merge::Link<'_>, merged: &merge::Merged) -> Result<()> {
    let again = merge::merge(link, &options(Names::Keep, Start::Section))?;
    ensure!(again.bytes == merged.bytes, "two runs differ");
    let nameless = merge::merge(link, &options(Names::Drop, Start::Section))?;
    ensure!(nameless.bytes.len() < merged.bytes.len(), "names are kept");
    validate(&nameless.bytes)
}

fn validate(bytes: &[u8]) -> Result<()> {
    let mut validator = wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all());
    if let Err(error) = validator.validate_all(bytes) {
        let text = wasmprinter::print_bytes(bytes).unwrap_or_default();
        bail!("the merged module is invalid: {error}\n{text}");
    }
    Ok(())
}
