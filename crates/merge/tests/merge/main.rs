//! Merges the links in `tests/cases` and compares them with the instances unmerged.
//!
//! A case is a folder `tests/cases/<subject>/<proposition>/` with
//!
//! * `link.wat`: the instances, in order, and what to do with them (below);
//! * `merged.wat`: the merged module, as text;
//! * `transcript.txt`: what the instances, linked by wasmtime one after another, do;
//! * `error.txt`, instead of the last two: why they are not merged, after the kind of error.
//!
//! The merged module must print as in `merged.wat`, and do what the instances do, both with a start
//! section and with an exported start function. So must the modules that come out when each may have
//! one memory (`split.wat`, compared if it is there), and the one whose memories are regions of one
//! (`single.wat`; or `error-single.txt`, why that cannot be), with one table, too (`one-table.wat`). Of all of them, the map of where code
//! went must be right. `BLESS=1` rewrites all files but `link.wat`.
//!
//! In `link.wat`, lines that begin with `;;!` are directives:
//!
//! ```text
//! ;;! instance NAME                the module that follows is instantiated as NAME
//! ;;! instance NAME = OTHER        the module of OTHER is instantiated again
//! ;;! opaque NAME                  its module is not there to be merged
//! ;;! library NAME                 its functions are inlined, and others' into its code
//! ;;! inline into NAME             functions of libraries are inlined into its code
//! ;;! share NAME                   it shares its functions with others that do
//! ;;! trust NAME                   its code is not checked
//! ;;! export NAME = INSTANCE.NAME  the merged module exports that
//! ;;! call NAME ARGUMENT..         call an exported function
//! ;;! dump NAME                    print an exported memory, its bytes that are not zero
//! ;;! validate only                wasmtime cannot run it
//! ```
//!
//! A module imports from instances by their names. What it imports from `host` is external: functions
//! write their arguments to the transcript and return zeros, globals are 1000.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use wasm_fuser_merge::{
    self as merge, BlockCode, ErrorKind, MemoryPlan, Names, Options, Start, Tables,
};
use wasm_fuser_testing::case::{self, Case};
use wasmparser::WasmFeatures;

use self::script::Script;

mod map;
mod oracle;
mod script;

fn main() -> Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    case::run(&cases, Vec::new(), run)?.exit()
}

fn run(case: &mut Case) -> Result<()> {
    let text = case.read("link.wat")?.context("there is no `link.wat`")?;
    let script = Script::parse(&text)?;
    let (link, exports) = (script.link()?, script.exports()?);
    match merge::merge(&link, &exports, &options(MemoryPlan::Multi)) {
        Err(error) => case.compare("error.txt", &format!("{:?}: {error}\n", error.kind()))?,
        Ok(merged) => {
            validate(&merged, WasmFeatures::all())?;
            map::check(&link, &merged)?;
            case.compare("merged.wat", &print(&merged)?)?;
            variants(&link, &exports, &merged)?;
            let split = merge::merge(&link, &exports, &options(MemoryPlan::Split))?;
            validate(&split, WasmFeatures::all() - WasmFeatures::MULTI_MEMORY)?;
            map::check(&link, &split)?;
            case.optional("split.wat", &print(&split)?)?;
            let single = single(case, &link, &exports)?;
            if !script.validate_only {
                let expected = oracle::unmerged(&script)?;
                case.compare("transcript.txt", &expected)?;
                for (memory, simd, tables) in [
                    (MemoryPlan::Multi, true, Tables::Multi),
                    (MemoryPlan::Multi, true, Tables::Single),
                    (MemoryPlan::Split, true, Tables::Multi),
                    (MemoryPlan::Split, false, Tables::Multi),
                    (MemoryPlan::Single, true, Tables::Multi),
                    (MemoryPlan::Single, true, Tables::Single),
                ] {
                    if memory == MemoryPlan::Single && !single {
                        continue;
                    }
                    for start in [Start::Section, Start::Export("start".into())] {
                        let how = format!("{memory:?}, {start:?}, {tables:?}, vectors: {simd}");
                        let options = Options { start, simd, tables, ..options(memory) };
                        let merged = merge::merge(&link, &exports, &options)?;
                        let found = oracle::merged(&script, &merged).context(how.clone())?;
                        ensure!(
                            found == expected,
                            "merged ({how}):\n{found}\nunmerged:\n{expected}\n{}",
                            print(&merged)?
                        );
                    }
                }
                if single {
                    moving(&script, link, &exports, &expected)?;
                }
            }
        }
    }
    Ok(())
}

fn options(memory: MemoryPlan) -> Options {
    let capacity = 1 << 20;
    let (names, start) = (Names::Keep, Start::Section);
    Options { names, start, memory, capacity, tables: Tables::Multi, simd: true }
}

/// Merges to one memory, if that can be.
fn single(case: &mut Case, link: &merge::Link<'_>, exports: &[merge::Export]) -> Result<bool> {
    match merge::merge(link, exports, &options(MemoryPlan::Single)) {
        Err(error) => {
            ensure!(error.kind() == ErrorKind::NotOneMemory, "{error}");
            case.compare("error-single.txt", &format!("{error}\n"))?;
            Ok(false)
        }
        Ok(single) => {
            validate(&single, WasmFeatures::all() - WasmFeatures::MULTI_MEMORY)?;
            map::check(link, &single)?;
            case.optional("single.wat", &print(&single)?)?;
            let options = Options { tables: Tables::Single, ..options(MemoryPlan::Single) };
            let single = merge::merge(link, exports, &options)?;
            map::check(link, &single)?;
            case.optional("one-table.wat", &print(&single)?)?;
            Ok(true)
        }
    }
}

/// Whichever memory moves out of the way of the one before it, the same happens.
fn moving(
    script: &Script,
    mut link: merge::Link<'_>,
    exports: &[merge::Export],
    expected: &str,
) -> Result<()> {
    for instance in link.instances.keys() {
        link.moving = Some(instance);
        let merged = merge::merge(&link, exports, &options(MemoryPlan::Single))?;
        map::check(&link, &merged)?;
        let found = oracle::merged(script, &merged)?;
        let text = || print(&merged).unwrap_or_default();
        ensure!(found == expected, "{instance} moves:\n{found}\n{}", text());
    }
    Ok(())
}

/// The modules as text, one after another.
fn print(merged: &merge::Merged) -> Result<String> {
    let texts = modules(merged).map(|(_, bytes)| wasmprinter::print_bytes(bytes));
    Ok(texts.collect::<Result<Vec<_>>>()?.concat())
}

fn modules(merged: &merge::Merged) -> impl Iterator<Item = (&str, &[u8])> {
    merged.blocks.values().filter_map(|block| match &block.code {
        BlockCode::Module(bytes) => Some((block.name.as_str(), bytes.as_slice())),
        BlockCode::Opaque => None,
    })
}

/// The output is determined by the input, and valid without names too.
fn variants(
    link: &merge::Link<'_>,
    exports: &[merge::Export],
    merged: &merge::Merged,
) -> Result<()> {
    let size = |merged| modules(merged).map(|(_, bytes)| bytes.len()).sum::<usize>();
    let again = merge::merge(link, exports, &options(MemoryPlan::Multi))?;
    ensure!(modules(&again).eq(modules(merged)), "two runs differ");
    let unread = merge::Link { notes: Default::default(), ..link.clone() };
    let unread = merge::merge(&unread, exports, &options(MemoryPlan::Multi))?;
    ensure!(modules(&unread).eq(modules(merged)), "notes of a walk are other ones");
    let drop = Options { names: Names::Drop, ..options(MemoryPlan::Multi) };
    let nameless = merge::merge(link, exports, &drop)?;
    ensure!(size(&nameless) < size(merged), "names are kept");
    validate(&nameless, WasmFeatures::all())
}

fn validate(merged: &merge::Merged, features: WasmFeatures) -> Result<()> {
    for (name, bytes) in modules(merged) {
        let mut validator = wasmparser::Validator::new_with_features(features);
        if let Err(error) = validator.validate_all(bytes) {
            let text = wasmprinter::print_bytes(bytes).unwrap_or_default();
            bail!("the module `{name}` is invalid: {error}\n{text}");
        }
    }
    Ok(())
}
