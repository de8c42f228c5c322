//! Propositions about fused components, each with a script or an input that is refused.
//!
//! A case is a folder `tests/cases/fuse/<subject>/<proposition>/` with
//!
//! * `case.wast`: components, and what is expected of them, in the format of the specification's
//!   tests. Every expectation must hold for the components as they are, and again with every
//!   component fused, with the same values and the same calls of the host. Where something traps,
//!   `traps.txt` has the engine's words for it, and below them where the fused component traps;
//! * or `input.wat`, which is not fused, and `error.txt`: why;
//! * or `input.wat`, which the engine does not run, and `fused.wat`: what it is fused to.
//!
//! A line `;; --tasks apart` in a script asks for that: results may be several components beside one
//! another. What is refused for its tasks is fused when that is asked for, or is refused with
//! `error-apart.txt`.
//!
//! A line `;; at most N bytes` in a script bounds the size of every result. A directive whose line
//! ends in `;; as specified` holds when fused and does not as it is: the engine deviates from the
//! specification there. (When the engine no longer does, the case fails.)
//!
//! Optional golden files, compared where they exist: `plan.txt`, `explain.txt` (the report's
//! crossings), `fused.wat`, `split.wat` and `single.wat`, of all components of the script. `BLESS=1`
//! rewrites golden files; to get an optional one, make it as an empty file. A file that nothing is
//! compared with fails the case. What cannot have all memories in one is in `error-single.txt`.
//!
//! What is refused may have a golden `graph.txt`: the instance graph, which can be drawn all the same.
//!
//! Every result is one core module, trampolines and imported modules aside, in one component; it has
//! the world of what it was made from, and does the same with its modules unmerged, with modules of
//! one memory each, with all memories in one, and with handles shared in all of these; and as a component that
//! is made of the core module by itself, where the world can be written in WIT.

use std::fmt::Write as _;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options, Stage, Tables, Tasks};
use wasm_fuser::{Code, Fused, Graph, fuse, inspect};
use wasmtime::Engine;

use wasm_fuser_testing::case::{self, Case};
use wasm_fuser_testing::cases;
use wasm_fuser_testing::componentize::{componentize, has_world, is_in_wit};
use wasm_fuser_testing::contents::{Contents, validate, validate_split};
use wasm_fuser_testing::host;
use wasm_fuser_testing::script::{self, Kind, Outcome, Step};
use wasm_fuser_testing::world::world;

fn main() -> Result<()> {
    case::run(&cases("fuse"), Vec::new(), run)?.exit()
}

/// Runs one folder.
fn run(case: &mut Case) -> Result<()> {
    match (case.read("case.wast")?, case.read("input.wat")?) {
        (Some(script), None) => holds(host::engine(), &script, case),
        (None, Some(input)) => {
            let input = Input { name: "input.wat".into(), bytes: input.into() };
            if let Ok(graph) = inspect(&input) {
                case.optional("graph.txt", &shown(&graph))?;
            }
            let fused = fuse(std::slice::from_ref(&input), &Options::default());
            match (fused, case.read("fused.wat")?) {
                (Ok(fused), Some(_)) => {
                    check(&fused, Tasks::Refuse, None)?;
                    case.compare("fused.wat", &wasmprinter::print_bytes(&fused.bytes)?)
                }
                (Ok(_), None) => bail!("it is fused"),
                (Err(error), None) => {
                    if error.code() == Code::AsyncNotFused {
                        is_fused_apart(case, &input)?;
                    }
                    case.compare("error.txt", &format!("{error}\n"))
                }
                (Err(error), Some(_)) => bail!("{error}"),
            }
        }
        _ => bail!("expected one of `case.wast` and `input.wat`"),
    }
}

/// What needs tasks of the engine in several instances is fused if each may be a component.
fn is_fused_apart(case: &mut Case, input: &Input) -> Result<()> {
    let options = Options { tasks: Tasks::Apart, ..Options::default() };
    match fuse(std::slice::from_ref(input), &options) {
        Ok(fused) => check(&fused, options.tasks, None),
        Err(error) => case.compare("error-apart.txt", &format!("{error}\n")),
    }
}

/// The instance graph, a node or an edge each line.
fn shown(graph: &Graph) -> String {
    let label = |node: u32| &graph.nodes[node as usize].label;
    let nodes = graph.nodes.iter().map(|node| format!("{:?} {}\n", node.kind, node.label));
    let edges = graph.edges.iter().map(|edge| {
        let labels = edge.labels.join(", ");
        format!("{:?} {} -> {}: {labels}\n", edge.kind, label(edge.from), label(edge.to))
    });
    nodes.chain(edges).collect()
}

fn holds(engine: &Engine, text: &str, case: &mut Case) -> Result<()> {
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
        let options = form(text, Emit::Component);
        let fused = prepare(bytes, &options)?;
        check(&fused, options.tasks, limit).map_err(|error| format!("{error:#}"))?;
        if world(&fused.bytes) != expected {
            return Err(format!("expected {expected}\nfound {}", world(&fused.bytes)));
        }
        texts.add(&fused, line).map_err(|error| format!("{error:#}"))?;
        Ok(fused.bytes)
    })?;
    agree(text, &composed, &fused).context("fused")?;
    let flat = script::run(engine, text, false, &mut |bytes, _| {
        Ok(prepare(bytes, &form(text, Emit::Flat))?.bytes)
    })?;
    agree(text, &composed, &flat).context("fused, not merged")?;
    let split = script::run(engine, text, false, &mut |bytes, line| {
        let expected = world(&bytes);
        let memory = MemoryPlan::Split;
        let split = prepare(bytes, &Options { memory, ..form(text, Emit::Component) })?;
        texts.split(&split, line).map_err(|error| format!("{error:#}"))?;
        validate_split(&split.bytes).map_err(|error| format!("split: {error}"))?;
        match world(&split.bytes) {
            found if found != expected => Err(format!("expected {expected}\nfound {found}")),
            _ => Ok(split.bytes),
        }
    })?;
    agree(text, &composed, &split).context("fused, split")?;
    let has_single = one_memory(text, case, &composed, &mut texts)?;
    let plans = [
        (MemoryPlan::Multi, Tables::Multi, true),
        (MemoryPlan::Single, Tables::Single, has_single),
    ];
    for (memory, tables, _) in plans.into_iter().filter(|(.., is_there)| *is_there) {
        let modules = script::run(engine, text, false, &mut |bytes, _| {
            again(bytes, Options { memory, tables, ..form(text, Emit::Module) })
        })?;
        agree(text, &composed, &modules).with_context(|| format!("a core module, {memory:?}"))?;
    }
    if text.contains("resource") {
        for (emit, memory) in [
            (Emit::Component, MemoryPlan::Multi),
            (Emit::Component, MemoryPlan::Split),
            (Emit::Component, MemoryPlan::Single),
            (Emit::Flat, MemoryPlan::Multi),
        ] {
            if memory == MemoryPlan::Single && !has_single {
                continue;
            }
            let shared = script::run(engine, text, false, &mut |bytes, _| {
                let share_handles = true;
                Ok(prepare(bytes, &Options { share_handles, memory, ..form(text, emit) })?.bytes)
            })?;
            let what = || format!("{emit:?}, {memory:?}, handles shared");
            agree(text, &composed, &shared).with_context(what)?;
        }
    }

    case.optional("plan.txt", &texts.plan)?;
    case.optional("explain.txt", &texts.explain)?;
    case.optional("fused.wat", &texts.fused)?;
    case.optional("split.wat", &texts.split)?;
    case.optional("single.wat", &texts.single)?;
    match traps(text, &composed, &fused)? {
        traps if traps.is_empty() => Ok(()),
        traps => case.compare("traps.txt", &traps),
    }
}

/// Fuses to modules with one memory for all guests; or is refused, and then returns false.
fn one_memory(text: &str, case: &mut Case, composed: &[Step], texts: &mut Texts) -> Result<bool> {
    let options = Options { memory: MemoryPlan::Single, ..form(text, Emit::Component) };
    let engine = match options.tasks {
        Tasks::Refuse => engine_of_one_memory(),
        // Between components are adapters of the engine, which have several memories.
        Tasks::Apart => host::engine(),
    };
    let mut refused = String::new();
    let single = script::run(engine, text, false, &mut |bytes, line| {
        let expected = world(&bytes);
        let input = Input { name: "input".into(), bytes: bytes.clone() };
        let single = match fuse(&[input], &options) {
            Ok(single) => single,
            Err(error) if matches!(error.code(), Code::NotOneMemory | Code::AsyncNotFused) => {
                writeln!(refused, "line {line}: {error}").map_err(|error| error.to_string())?;
                return Ok(prepare(bytes, &form(text, Emit::Component))?.bytes);
            }
            Err(error) => return Err(error.to_string()),
        };
        texts.single(&single, line).map_err(|error| format!("{error:#}"))?;
        validate_split(&single.bytes).map_err(|error| format!("single: {error}"))?;
        check(&single, options.tasks, None).map_err(|error| format!("{error:#}"))?;
        match world(&single.bytes) {
            found if found != expected => Err(format!("expected {expected}\nfound {found}")),
            _ => Ok(single.bytes),
        }
    })?;
    if !refused.is_empty() {
        case.compare("error-single.txt", &refused)?;
        return Ok(false);
    }
    agree(text, composed, &single).context("fused to one memory")?;
    Ok(true)
}

/// A component made of the core module that a component is fused to; or fused, if there is no such module.
fn again(bytes: Vec<u8>, options: Options) -> Result<Vec<u8>, String> {
    let (expected, is_in_wit) = (world(&bytes), is_in_wit(&bytes));
    let input = Input { name: "input".into(), bytes: bytes.clone() };
    match fuse(&[input], &options) {
        Ok(module) => {
            let made = componentize(&module.bytes).map_err(|error| format!("{error:#}"))?;
            has_world(&world(&made), &expected)?;
            return Ok(made);
        }
        Err(error) if error.code() == Code::NotInWit => {
            // Those who read it pass over code that is imported, and take functions that are only handed on.
            let without = ["a function that is imported", ", a core module", ", a component"];
            if is_in_wit && !without.iter().any(|what| error.message().contains(what)) {
                return Err(format!("it can be written in WIT: {error}"));
            }
        }
        // An engine without components keeps no tasks, and no code that is not there.
        Err(error) if matches!(error.code(), Code::AsyncNotFused | Code::SeveralModules) => {}
        Err(error) => return Err(error.to_string()),
    }
    Ok(prepare(bytes, &Options { emit: Emit::Component, ..options })?.bytes)
}

/// The engine for modules with one memory.
fn engine_of_one_memory() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut config = host::config();
        config.wasm_multi_memory(false);
        Engine::new(&config).expect("is a valid configuration")
    })
}

fn form(text: &str, emit: Emit) -> Options {
    let tasks = match text.lines().any(|line| line == ";; --tasks apart") {
        true => Tasks::Apart,
        false => Tasks::Refuse,
    };
    Options { emit, tasks, dumps: vec![Stage::Plan], ..Options::default() }
}

fn prepare(bytes: Vec<u8>, options: &Options) -> Result<Fused, String> {
    let input = Input { name: "input".into(), bytes };
    fuse(&[input], options).map_err(|error| error.to_string())
}

fn check(fused: &Fused, tasks: Tasks, limit: Option<usize>) -> Result<()> {
    validate(&fused.bytes)?;
    for shim in &fused.shims {
        validate(&shim.bytes).with_context(|| format!("the shim `{}`", shim.name))?;
    }
    let contents = Contents::of(&fused.bytes);
    // Around a module whose code is not there, it takes more than one.
    let imports_modules = fused.report.blocks.iter().any(|block| block.imported);
    let is_apart = contents.is_fused_in_groups() && tasks == Tasks::Apart;
    let is_fused = contents.is_fused() && contents.shells == 0;
    let is_divided = is_apart || imports_modules && contents.components == 1;
    ensure!(!is_divided || !fused.report.warnings.is_empty(), "nobody is warned");
    ensure!(is_fused || is_divided, "it is not one module: {contents:?}");
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
    single: String,
}

impl Texts {
    fn single(&mut self, single: &Fused, line: usize) -> Result<()> {
        writeln!(self.single, ";; line {line}")?;
        self.single.push_str(&wasmprinter::print_bytes(&single.bytes)?);
        Ok(())
    }

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
