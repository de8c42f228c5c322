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
//! section and with an exported start function. So must the modules that come out when each may have
//! one memory (`split.wat`, compared if it is there). `BLESS=1` rewrites all files but `link.wat`.
//!
//! In `link.wat`, lines that begin with `;;!` are directives:
//!
//! ```text
//! ;;! instance NAME                the module that follows is instantiated as NAME
//! ;;! instance NAME = OTHER        the module of OTHER is instantiated again
//! ;;! opaque NAME                  its module is not there to be merged
//! ;;! export NAME = INSTANCE.NAME  the merged module exports that
//! ;;! call NAME ARGUMENT..         call an exported function
//! ;;! dump NAME                    print an exported memory, its bytes that are not zero
//! ;;! validate only                wasmtime cannot run it
//! ```
//!
//! A module imports from instances by their names. What it imports from `host` is external: functions
//! write their arguments to the transcript and return zeros, globals are 1000.

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
use wasm_fuser::merge::BlockCode;
use wasm_fuser::merge::Options;
use wasm_fuser::merge::Start;
use wasm_fuser::options::MemoryPlan;
use wasm_fuser::options::Names;
use wasmparser::WasmFeatures;

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
    let mut goldens = Goldens { dir, used: vec!["link.wat"] };
    let link = script.link()?;
    match merge::merge(&link, &options(Names::Keep, Start::Section, MemoryPlan::Multi)) {
        Err(error) => goldens.compare("error.txt", &format!("{error}\n"))?,
        Ok(merged) => {
            validate(&merged, WasmFeatures::all())?;
            goldens.compare("merged.wat", &print(&merged)?)?;
            variants(&link, &merged)?;
            let split = options(Names::Keep, Start::Section, MemoryPlan::Split);
            let split = merge::merge(&link, &split)?;
            validate(&split, WasmFeatures::all() - WasmFeatures::MULTI_MEMORY)?;
            if dir.join("split.wat").exists() {
                goldens.compare("split.wat", &print(&split)?)?;
            }
            if !script.validate_only {
                let expected = oracle::unmerged(&script)?;
                goldens.compare("transcript.txt", &expected)?;
                for memory in [MemoryPlan::Multi, MemoryPlan::Split] {
                    for start in [Start::Section, Start::Export("start".into())] {
                        let how = format!("{memory:?}, {start:?}");
                        let merged = merge::merge(&link, &options(Names::Keep, start, memory))?;
                        let found = oracle::merged(&script, &merged).context(how.clone())?;
                        ensure!(
                            found == expected,
                            "merged ({how}):\n{found}\nunmerged:\n{expected}\n{}",
                            print(&merged)?
                        );
                    }
                }
            }
        }
    }
    goldens.finish()
}

fn options(names: Names, start: Start, memory: MemoryPlan) -> Options {
    Options { names, start, memory }
}

/// The modules as text, one after another.
fn print(merged: &merge::Merged) -> Result<String> {
    let texts = modules(merged).map(|(_, bytes)| Ok(wasmprinter::print_bytes(bytes)?));
    Ok(texts.collect::<Result<Vec<_>>>()?.concat())
}

fn modules(merged: &merge::Merged) -> impl Iterator<Item = (&str, &[u8])> {
    merged.blocks.values().filter_map(|block| match &block.code {
        BlockCode::Module(bytes) => Some((block.name.as_str(), bytes.as_slice())),
        BlockCode::Opaque => None,
    })
}

/// The output is determined by the input, and valid without names too.
fn variants(link: &merge::Link<'_>, merged: &merge::Merged) -> Result<()> {
    let size = |merged| modules(merged).map(|(_, bytes)| bytes.len()).sum::<usize>();
    let again = merge::merge(link, &options(Names::Keep, Start::Section, MemoryPlan::Multi))?;
    ensure!(modules(&again).eq(modules(merged)), "two runs differ");
    let nameless = merge::merge(link, &options(Names::Drop, Start::Section, MemoryPlan::Multi))?;
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

/// The expected results of a case.
struct Goldens<'a> {
    dir: &'a Path,
    used: Vec<&'static str>,
}

impl Goldens<'_> {
    fn compare(&mut self, name: &'static str, found: &str) -> Result<()> {
        self.used.push(name);
        let path = self.dir.join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, found)?;
        }
        let expected = fs::read_to_string(&path).with_context(|| format!("`{name}`"))?;
        ensure!(expected == found, "`{name}` differs (`BLESS=1` rewrites it); found:\n{found}");
        Ok(())
    }

    /// A file that nothing was compared with is a mistake.
    fn finish(self) -> Result<()> {
        for entry in fs::read_dir(self.dir)? {
            let name = entry?.file_name();
            ensure!(self.used.iter().any(|used| name == **used), "{name:?} is not used");
        }
        Ok(())
    }
}
