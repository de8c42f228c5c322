//! Runs every script of a folder before and after fusing, and prints a table:
//! `spec FOLDER [apart]`.
//!
//! Meant for `test/` of the component model's repository. Each component of a script is fused and
//! put back in its place. A script passes if everything that holds before still holds, with every
//! component fused. With `apart`, instances with tasks of the engine may be components of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_fuser::options::{Input, Options, Tasks};
use wasmtime::Engine;

use wasm_fuser_testing::contents::Contents;
use wasm_fuser_testing::host;
use wasm_fuser_testing::script::{self, Kind, Step};

fn main() -> Result<()> {
    let usage = "usage: spec FOLDER [apart]";
    let folder = std::env::args().nth(1).context(usage)?;
    let tasks = match std::env::args().nth(2).as_deref() {
        None => Tasks::Refuse,
        Some("apart") => Tasks::Apart,
        Some(_) => bail!(usage),
    };
    let options = Options { tasks, ..Options::default() };
    let mut scripts = Vec::new();
    find(Path::new(&folder), &mut scripts)?;
    let engine = host::engine();
    let (mut passing, mut total) = (0, 0);
    println!("{:<64} {:>10} {:>6} {:>6}  refused", "script", "components", "fused", "shells");
    for path in scripts {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        let text = fs::read_to_string(&path)?;
        match row(engine, &text, &options) {
            Ok(row) => {
                total += 1;
                passing += usize::from(row.passes());
                row.print(&name);
            }
            Err(error) => println!("{name:<64} cannot be run: {error:#}"),
        }
    }
    println!("{passing} of {total} scripts pass fused");
    Ok(())
}

fn find(folder: &Path, scripts: &mut Vec<PathBuf>) -> Result<()> {
    let read = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut entries = read.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            find(&entry, scripts)?;
        } else if entry.extension().is_some_and(|extension| extension == "wast") {
            scripts.push(entry);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Row {
    components: usize,
    fused: usize,
    shells: usize,
    unfused: usize,
    refused: BTreeMap<String, usize>,
    reasons: Vec<String>,
    before: usize,
    after: usize,
    directives: usize,
    lost: Vec<String>,
}

fn row(engine: &Engine, text: &str, options: &Options) -> Result<Row> {
    let mut row = Row::default();
    let before = script::run(engine, text, true, &mut |bytes, _| Ok(bytes))?;
    let invalid: Vec<usize> =
        before.iter().filter(|s| s.kind == Kind::Invalid).map(|s| s.line).collect();
    let after = script::run(engine, text, false, &mut |bytes, line| {
        let counted = !invalid.contains(&line);
        row.components += usize::from(counted);
        let input = Input { name: "input".into(), bytes };
        match wasm_fuser::fuse(&[input], options) {
            Ok(fused) => {
                let contents = Contents::of(&fused.bytes);
                let is_fused = match options.tasks {
                    Tasks::Refuse => contents.is_fused(),
                    Tasks::Apart => contents.is_fused() || contents.is_fused_in_groups(),
                };
                if counted {
                    row.fused += usize::from(is_fused);
                    row.unfused += usize::from(!is_fused);
                    row.shells += contents.shells;
                }
                Ok(fused.bytes)
            }
            Err(error) => {
                if counted {
                    *row.refused.entry(error.code().name().into()).or_default() += 1;
                    let text = error.to_string().replace('\n', ";");
                    row.reasons.push(format!("line {line}: {text}"));
                }
                Err(error.to_string())
            }
        }
    })?;
    row.directives = before.len();
    row.before = before.iter().filter(|step| step.outcome.is_ok()).count();
    for (before, after) in before.iter().zip(&after) {
        let same = same(before, after);
        row.after += usize::from(same);
        if before.outcome.is_ok() && !same {
            row.lost.push(lost(before, after));
        }
    }
    Ok(row)
}

/// Whether a directive that holds before holds after, with the same values.
fn same(before: &Step, after: &Step) -> bool {
    use script::Outcome::{Returned, Trapped};
    match (&before.outcome, &after.outcome) {
        (Ok(Trapped(_)), Ok(Trapped(_))) => true,
        (Ok(Returned(b)), Ok(Returned(a))) => b == a && before.transcript == after.transcript,
        (Ok(b), Ok(a)) => b == a && before.transcript == after.transcript,
        _ => false,
    }
}

fn lost(before: &Step, after: &Step) -> String {
    let text = match &after.outcome {
        Ok(outcome) => format!("{outcome:?}, not {:?}", before.outcome),
        Err(error) => error.lines().next().unwrap_or_default().to_string(),
    };
    format!("line {}: {:?}: {text}", before.line, before.kind)
}

impl Row {
    fn passes(&self) -> bool {
        self.fused == self.components && self.lost.is_empty()
    }

    fn print(&self, name: &str) {
        let refused: Vec<_> = self.refused.iter().map(|(c, n)| format!("{n} {c}")).collect();
        println!(
            "{name:<64} {:>10} {:>6} {:>6}  {:<28} {:>3}/{:<3} before {:>3} after {}",
            self.components,
            self.fused,
            self.shells,
            refused.join(", "),
            self.before,
            self.directives,
            self.after,
            if self.passes() { "PASS" } else { "" }
        );
        if self.unfused > 0 {
            println!("    {} results are not one module of one component", self.unfused);
        }
        if std::env::var_os("VERBOSE").is_some() {
            for line in self.reasons.iter().chain(&self.lost) {
                println!("    {line}");
            }
        }
    }
}
