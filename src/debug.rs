//! Gives merged modules the debug information of the guests, as far as the options say.
//!
//! What DWARF is, and how it is changed, is in a crate of its own, [`wasm_fuser_debug`], which knows where
//! code went and nothing of compositions. Here is which instances have any, which module each is in
//! now, how much room there is, and what became of it.
//!
//! Guests that are not merged keep theirs as it is, unless less of it is asked for.

use wasm_encoder::{CustomSection, Encode, Section as _};
use wasm_fuser_debug::{Allowance, Level, Moves, Section, Source, describe, ready};
use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::{BlockCode, CodeMap, Copied, InstanceId, Merged, ModuleId};

use crate::bind::Bound;
use crate::decode::{self, DEBUG};
use crate::error::Result;
use crate::limits;
use crate::options::{Input, Options};
use crate::plan::{ModuleDef, Plan};

/// Code, with the debug information that it has now.
#[derive(Debug)]
pub struct Debugged {
    /// The merged modules, if guests are merged.
    pub merged: Option<Merged>,
    /// If they are not: the modules that are another one now.
    pub modules: HashMap<ModuleId, Vec<u8>>,
    /// What became of the debug information.
    pub outcome: Outcome,
}

/// What became of debug information.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many bytes all instances had.
    pub before: u64,
    /// How many bytes there are.
    pub after: u64,
    /// The instances that had any.
    pub instances: Vec<Described>,
}

/// What became of the debug information of an instance.
#[derive(Clone, Debug)]
pub struct Described {
    /// The path of the instance.
    pub path: String,
    /// How much was kept.
    pub level: Level,
    /// Whether a part of it could not be read.
    pub is_malformed: bool,
    /// Whether a debugger would look for what is in its memory in another one.
    pub is_elsewhere: bool,
}

/// Has what writes debug information be there, if a guest has any that is to be written.
pub fn prepare(inputs: &[Input], options: &Options) {
    let has_any = |input: &Input| decode::has_debug_information(&input.bytes);
    if options.debug != Level::Drop && inputs.iter().any(has_any) {
        ready();
    }
}

/// Gives modules the debug information of the guests, as far as `options.debug` says.
pub fn debug(
    plan: &Plan<'_>,
    bound: &Bound<'_>,
    merged: Option<Merged>,
    options: &Options,
) -> Result<Debugged> {
    let mut debugged = Debugged { merged, modules: HashMap::new(), outcome: Outcome::default() };
    let mut allowance = Allowance::new(room(debugged.merged.as_ref(), options));
    let source = |id| source(plan, bound, id, options.debug);
    let mut described = Vec::new();
    match &mut debugged.merged {
        Some(merged) => {
            for block in merged.blocks.values_mut() {
                let BlockCode::Module(bytes) = &mut block.code else { continue };
                let mut sources: Vec<_> =
                    block.instances.iter().copied().filter_map(source).collect();
                let moves = |source: &Source<'_>| Moves::of(&block.map, source.instance);
                let moves: Vec<_> = sources.iter().map(moves).collect();
                let sections = describe(&mut sources, &moves, &mut allowance);
                debugged.outcome.after += append(sections, bytes);
                described.append(&mut sources);
            }
        }
        None => {
            for mut source in bound.link.instances.keys().filter_map(source) {
                let module = bound.link.instances[source.instance].module;
                debugged.outcome.after += if options.debug == Level::Keep {
                    source.bytes()
                } else if let Some(known) = debugged.modules.get(&module) {
                    known.len() as u64
                } else {
                    let given = &bound.link.modules[module];
                    let map = unmoved(source.instance, decode::bodies(given)?);
                    let one = std::slice::from_mut(&mut source);
                    let sections = describe(one, &[Moves::none(&map)], &mut allowance);
                    let mut bytes = decode::without(given, DEBUG)?;
                    let after = append(sections, &mut bytes);
                    debugged.modules.insert(module, bytes);
                    after
                };
                described.push(source);
            }
        }
    }
    for source in described {
        debugged.outcome.before += source.bytes();
        debugged.outcome.instances.extend(source_described(plan, bound, &source));
    }
    Ok(debugged)
}

/// The debug information of an instance, if it has any.
fn source<'a>(
    plan: &Plan<'a>,
    bound: &Bound<'_>,
    instance: InstanceId,
    level: Level,
) -> Option<Source<'a>> {
    let guest = bound.guest(instance)?;
    let ModuleDef::Defined(module) = plan.core_instances[guest].module else { return None };
    let sections = &plan.decoded.modules[module].debug;
    (!sections.is_empty()).then(|| Source::new(instance, sections, level))
}

fn source_described(plan: &Plan<'_>, bound: &Bound<'_>, source: &Source<'_>) -> Option<Described> {
    let guest = bound.guest(source.instance)?;
    Some(Described {
        path: plan.core_instances[guest].path.clone(),
        level: source.level,
        is_malformed: source.is_malformed,
        is_elsewhere: source.is_elsewhere,
    })
}

/// Where functions are that stay where they are.
fn unmoved(instance: InstanceId, bodies: Vec<std::ops::Range<u32>>) -> CodeMap {
    let functions = bodies.into_iter().zip(0..).map(|(range, index)| Copied {
        instance,
        index,
        input: range.clone(),
        output: range,
        kinks: 0..0,
        expanded: false,
    });
    CodeMap { functions: functions.collect(), ..CodeMap::default() }
}

/// How many bytes of the result debug information may have.
fn room(merged: Option<&Merged>, options: &Options) -> u64 {
    let blocks = merged.into_iter().flat_map(|merged| merged.blocks.values());
    let code = blocks.map(|block| match &block.code {
        BlockCode::Module(bytes) => bytes.len() as u64,
        BlockCode::Opaque => 0,
    });
    limits::debug_information(code.sum(), options)
}

/// Appends sections to a module; how many bytes they have.
fn append(sections: Vec<Section>, module: &mut Vec<u8>) -> u64 {
    let before = module.len();
    for (name, data) in sections {
        let section = CustomSection { name: name.into(), data: data.into() };
        module.push(section.id());
        section.encode(module);
    }
    (module.len() - before) as u64
}
