//! Propositions about fused components, each with a script or an input that is refused.
//!
//! A case is a folder `tests/cases/fuse/<proposition>/` with
//!
//! * `case.wast`: components, and what is expected of them, in the format of the specification's
//!   tests. Every expectation must hold for the components as they are, and again with every
//!   component fused, with the same values and the same calls of the host. Where something traps,
//!   `traps.txt` has the engine's words for it, and below them where the fused component traps;
//! * or `input.wat`, which is not fused, and `error.txt`: why.
//!
//! A line `;; at most N bytes` in a script bounds the size of every result. A directive whose line
//! ends in `;; as specified` holds when fused and does not as it is: the engine deviates from the
//! specification there. (When the engine no longer does, the case fails.)
//!
//! Optional golden files, compared where they exist: `plan.txt`, `explain.txt` (the report's
//! crossings), `fused.wat` and `split.wat`, of all components of the script. `BLESS=1` rewrites golden files; to
//! get an optional one, make it as an empty file. A file that nothing is compared with fails the
//! case.
//!
//! Every result is one core module, trampolines and imported modules aside, in one component; it has the world of what
//! it was made from, and does the same with its modules unmerged, and with modules of one memory
//! each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options, Stage};
use wasm_fuser::{Fused, fuse};
use wasmtime::Engine;

use support::contents::{Contents, validate, validate_split};
use support::host;
use support::script::{self, Kind, Outcome, Step};
use support::world::world;

mod support;

fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/fuse");
    let engine = host::engine();
    let mut trials = Vec::new();
    for case in entries(&folder)? {
        let name = case.file_name().context("a folder has a name")?.to_string_lossy().into_owned();
        trials.push(Trial::test(name, move || {
            run(engine, &case).map_err(|error| Failed::from(format!("{error:?}")))
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// Runs one folder.
fn run(engine: &Engine, case: &Path) -> Result<()> {
    let mut goldens = Goldens { case, used: vec!["case.wast", "input.wat"] };
    let script = fs::read_to_string(case.join("case.wast")).ok();
    let input = fs::read(case.join("input.wat")).ok();
    match (script, input) {
        (Some(script), None) => holds(engine, &script, &mut goldens)?,
        (None, Some(input)) => {
            let input = Input { name: "input.wat".into(), bytes: input };
            match fuse(&[input], &Options::default()) {
                Ok(_) => bail!("it is fused"),
                Err(error) => goldens.compare("error.txt", &format!("{error}\n"))?,
            }
        }
        _ => bail!("expected one of `case.wast` and `input.wat`"),
    }
    goldens.finish()
}

fn holds(engine: &Engine, text: &str, goldens: &mut Goldens<'_>) -> Result<()> {
    let composed = script::run(engine, text, true, &mut |bytes, _| Ok(bytes))?;
    for step in &composed {
        let place = || format!("line {}, as it is", step.line);
        match (&step.outcome, deviates(text, step)) {
            (Ok(_), false) | (Err(_), true) => {}
            (Ok(_), true) => bail!("{}: the engine does as specified", place()),
            (Err(error), false) => bail!("{}: {error}", place()),
        }
    }
    ensure!(composed.iter().any(|step| step.kind == Kind::Call), "nothing is called");

    let limit = size_limit(text)?;
    let mut texts = Texts::default();
    let fused = script::run(engine, text, false, &mut |bytes, line| {
        let expected = world(&bytes);
        let fused = prepare(bytes, Emit::Component, MemoryPlan::Multi)?;
        check(&fused, limit).map_err(|error| format!("{error:#}"))?;
        if world(&fused.bytes) != expected {
            return Err(format!("expected {expected}\nfound {}", world(&fused.bytes)));
        }
        texts.add(&fused, line).map_err(|error| format!("{error:#}"))?;
        Ok(fused.bytes)
    })?;
    agree(text, &composed, &fused).context("fused")?;
    let flat = script::run(engine, text, false, &mut |bytes, _| {
        Ok(prepare(bytes, Emit::Flat, MemoryPlan::Multi)?.bytes)
    })?;
    agree(text, &composed, &flat).context("fused, not merged")?;
    let split = script::run(engine, text, false, &mut |bytes, line| {
        let expected = world(&bytes);
        let split = prepare(bytes, Emit::Component, MemoryPlan::Split)?;
        texts.split(&split, line).map_err(|error| format!("{error:#}"))?;
        validate_split(&split.bytes).map_err(|error| format!("split: {error}"))?;
        match world(&split.bytes) {
            found if found != expected => Err(format!("expected {expected}\nfound {found}")),
            _ => Ok(split.bytes),
        }
    })?;
    agree(text, &composed, &split).context("fused, split")?;

    goldens.optional("plan.txt", &texts.plan)?;
    goldens.optional("explain.txt", &texts.explain)?;
    goldens.optional("fused.wat", &texts.fused)?;
    goldens.optional("split.wat", &texts.split)?;
    match traps(text, &composed, &fused)? {
        traps if traps.is_empty() => Ok(()),
        traps => goldens.compare("traps.txt", &traps),
    }
}

fn prepare(bytes: Vec<u8>, emit: Emit, memory: MemoryPlan) -> Result<Fused, String> {
    let dumps = vec![Stage::Plan];
    let input = Input { name: "input".into(), bytes };
    fuse(&[input], &Options { emit, memory, dumps, ..Options::default() })
        .map_err(|error| error.to_string())
}

fn check(fused: &Fused, limit: Option<usize>) -> Result<()> {
    validate(&fused.bytes)?;
    let contents = Contents::of(&fused.bytes);
    // Around a module whose code is not there, it takes more than one.
    let imports_modules = fused.report.blocks.iter().any(|block| block.imported);
    let is_fused = contents.is_fused() || (imports_modules && contents.components == 1);
    ensure!(is_fused && contents.shells == 0, "it is not one module: {contents:?}");
    let size = fused.bytes.len();
    ensure!(limit.is_none_or(|limit| size <= limit), "it has {size} bytes");
    Ok(())
}

fn size_limit(text: &str) -> Result<Option<usize>> {
    let limit =
        |line: &str| line.strip_prefix(";; at most ")?.strip_suffix(" bytes").map(str::to_string);
    text.lines().find_map(limit).map(|limit| Ok(limit.parse()?)).transpose()
}

fn deviates(text: &str, step: &Step) -> bool {
    text.lines().nth(step.line - 1).is_some_and(|line| line.ends_with(";; as specified"))
}

/// Every step must be as it was: values and calls of the host, or a trap.
fn agree(text: &str, composed: &[Step], fused: &[Step]) -> Result<()> {
    for (before, after) in composed.iter().zip(fused) {
        if deviates(text, before) {
            ensure!(after.outcome.is_ok(), "line {}: {after:#?}", after.line);
            continue;
        }
        let same = match (&before.outcome, &after.outcome) {
            (Ok(Outcome::Trapped(_)), Ok(Outcome::Trapped(_))) => true,
            (Ok(before), Ok(after)) => before == after,
            _ => false,
        };
        ensure!(
            same && before.transcript == after.transcript,
            "line {}: {:#?}\ninstead of {:#?}",
            before.line,
            after,
            before
        );
    }
    Ok(())
}

/// What traps, in the engine's words, and where the fused component traps.
fn traps(text: &str, composed: &[Step], fused: &[Step]) -> Result<String> {
    let mut out = String::new();
    for (before, after) in composed.iter().zip(fused) {
        let Ok(Outcome::Trapped(fused)) = &after.outcome else { continue };
        let composed = match &before.outcome {
            Ok(Outcome::Trapped(composed)) => &composed.message,
            _ => "(the engine does not trap)",
        };
        let line = text.lines().nth(before.line - 1).unwrap_or_default().trim();
        let place = fused.frames.first().filter(|name| *name != "?");
        let place = place.with_context(|| format!("line {}: no function traps", before.line))?;
        writeln!(out, "{line}\n    {composed}\n    {}: {place}", fused.message)?;
    }
    Ok(out)
}

/// What the optional golden files hold.
#[derive(Default)]
struct Texts {
    plan: String,
    explain: String,
    fused: String,
    split: String,
}

impl Texts {
    fn split(&mut self, split: &Fused, line: usize) -> Result<()> {
        writeln!(self.split, ";; line {line}")?;
        self.split.push_str(&wasmprinter::print_bytes(&split.bytes)?);
        Ok(())
    }

    fn add(&mut self, fused: &Fused, line: usize) -> Result<()> {
        for text in [&mut self.plan, &mut self.explain, &mut self.fused] {
            writeln!(text, ";; line {line}")?;
        }
        for dump in &fused.report.dumps {
            self.plan.push_str(&dump.text);
        }
        for crossing in &fused.report.crossings {
            let interface = crossing.interface.iter().map(|name| format!("{name}#"));
            writeln!(
                self.explain,
                "{} -> {} {}{}: {:?}, {} bytes: {}",
                crossing.from,
                crossing.to,
                interface.collect::<String>(),
                crossing.function,
                crossing.strategy,
                crossing.size,
                crossing.reason
            )?;
        }
        self.fused.push_str(&wasmprinter::print_bytes(&fused.bytes)?);
        Ok(())
    }
}

/// The expected texts of a case.
struct Goldens<'a> {
    case: &'a Path,
    used: Vec<&'static str>,
}

impl Goldens<'_> {
    fn optional(&mut self, name: &'static str, found: &str) -> Result<()> {
        match self.case.join(name).exists() {
            true => self.compare(name, found),
            false => Ok(()),
        }
    }

    fn compare(&mut self, name: &'static str, found: &str) -> Result<()> {
        self.used.push(name);
        let path = self.case.join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, found)?;
        }
        let expected = fs::read_to_string(&path).with_context(|| format!("`{name}`"))?;
        ensure!(expected == found, "`{name}` differs (`BLESS=1` rewrites it); found:\n{found}");
        Ok(())
    }

    /// A file that nothing was compared with is a mistake.
    fn finish(self) -> Result<()> {
        for file in entries(self.case)? {
            let name = file.file_name().unwrap_or_default();
            ensure!(self.used.iter().any(|used| name == *used), "{name:?} is not used");
        }
        Ok(())
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = read.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
