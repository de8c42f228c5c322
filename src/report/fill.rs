//! Filling in the report from what the stages decided.

use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::order;

use super::{
    Block, Crossing, Dump, Fused, HandlePolicy, MemoryUse, Report, ResourceHandles, Shim, Strategy,
    Totals, debug,
};
use crate::Part;
use crate::analyse::{self, Binding};
use crate::decode::{Decoded, Definition, Outline, outline};
use crate::error::Result;
use crate::group::{Group, Groups};
use crate::limits;
use crate::link::Linked;
use crate::options::{Options, Stage};
use crate::plan::{
    BagId, FuncDef, InstanceId, Item, Lower, ModuleDef, Plan, Resource, ResourceId, Type,
};
use crate::text::{Lines, escaped};

/// The result together with what was done.
pub fn report(
    linked: &Linked<'_>,
    plan: &Plan<'_>,
    groups: &Groups<'_, '_>,
    parts: &[Part],
    bytes: Vec<u8>,
    options: &Options,
) -> Result<Fused> {
    let dumps = options.dumps.iter().map(|stage| dump(*stage, plan, groups, parts));
    let blocks = blocks(groups, parts);
    let after = after(&bytes)?;
    let mut warnings = warnings(linked, plan, groups, &blocks);
    warnings.extend(limits::warning(after.core_instances));
    warnings.extend(debug::warnings(parts, options));
    warnings.extend(debug::coverage(groups, options));
    let mut notes = linked.notes();
    notes.extend(debug::notes(parts, options));
    let report = Report {
        before: totals(plan.decoded),
        after,
        debug: debug::sizes(parts),
        crossings: crossings(plan, groups, parts),
        warnings: sentences(warnings),
        notes: sentences(notes),
        blocks,
        resources: resources(plan, parts),
        memories: memories(groups, parts),
        boundary: match (groups.is_whole(), parts) {
            (true, [part]) => part.code.boundary.clone(),
            _ => Vec::new(),
        },
        dumps: dumps.collect(),
    };
    Ok(Fused { bytes, shims: shims(groups, parts), report })
}

/// What is said to people, escaped: it has names from inputs in it.
pub fn sentences(texts: Vec<String>) -> Vec<String> {
    texts.iter().map(|text| escaped(text).into_owned()).collect()
}

/// The generated modules of all groups.
fn shims(groups: &Groups<'_, '_>, parts: &[Part]) -> Vec<Shim> {
    let mut shims = Vec::new();
    for (group, part) in groups.iter().zip(parts) {
        shims.extend(part.shims.shims.values().map(|shim| Shim {
            name: qualified(groups, group, &shim.name, "-"),
            bytes: shim.bytes.clone(),
        }));
    }
    shims
}

/// The merged modules of all groups.
fn blocks(groups: &Groups<'_, '_>, parts: &[Part]) -> Vec<Block> {
    let of_group = |(group, part): (&Group<'_, '_>, &Part)| {
        let blocks = part.code.blocks.iter().cloned();
        let named =
            |block: Block| Block { name: qualified(groups, group, &block.name, "/"), ..block };
        blocks.map(named).collect::<Vec<_>>()
    };
    groups.iter().zip(parts).flat_map(of_group).collect()
}

/// Their memories.
fn memories(groups: &Groups<'_, '_>, parts: &[Part]) -> Vec<MemoryUse> {
    let of_group = |(group, part): (&Group<'_, '_>, &Part)| {
        let memories = part.code.memories.iter().cloned();
        let named = |memory: MemoryUse| MemoryUse {
            module: qualified(groups, group, &memory.module, "/"),
            ..memory
        };
        memories.map(named).collect::<Vec<_>>()
    };
    groups.iter().zip(parts).flat_map(of_group).collect()
}

/// A name, after that of its group if there are several.
fn qualified(
    groups: &Groups<'_, '_>,
    group: &Group<'_, '_>,
    name: &str,
    separator: &str,
) -> String {
    match groups.is_whole() {
        true => name.to_string(),
        false => format!("{}{separator}{name}", group.name),
    }
}

fn warnings(
    linked: &Linked<'_>,
    plan: &Plan<'_>,
    groups: &Groups<'_, '_>,
    blocks: &[Block],
) -> Vec<String> {
    let unused = linked.warnings().into_iter();
    let instantiated = plan.imported_modules.iter().filter(|(id, _)| {
        let module = ModuleDef::Imported(*id);
        plan.core_instances.values().any(|instance| instance.module == module)
    });
    let imported = instantiated.map(|(_, module)| {
        let name = module.origin.path.join(" ");
        let blocks = blocks.iter().filter(|block| !block.imported).count();
        match blocks {
            0 => {
                format!("the core module `{name}` is imported: its code is not there to be merged")
            }
            1 => format!("the core module `{name}` is imported: all but its code is in one module"),
            n => format!(
                "the core module `{name}` is imported: its code is not there to be merged, and all \
                 other code is in {n} modules"
            ),
        }
    });
    let made = order::set(plan.imported_instances.iter().map(|made| made.component));
    let components = made.into_iter().map(|id| {
        let name = plan.imported_components[id].origin.path.join(" ");
        let parts = match groups.iter().count() {
            1 => "one component beside it".into(),
            n => format!("{n} components beside it"),
        };
        format!(
            "the component `{name}` is imported: its code is not there, and the rest is {parts}"
        )
    });
    let apart = groups.apart.iter().map(|id| {
        format!("`{}` needs tasks of the engine, and is in a component of its own", plan.path(*id))
    });
    unused.chain(imported).chain(components).chain(apart).collect()
}

/// Size and counts of what a component defines.
pub(super) fn totals(decoded: &Decoded<'_>) -> Totals {
    let definitions = decoded.components.values().flat_map(|c| &c.definitions);
    let instances = definitions.filter(|(definition, _)| {
        matches!(definition, Definition::CoreInstance(wasmparser::Instance::Instantiate { .. }))
    });
    Totals {
        bytes: decoded.bytes as u64,
        components: decoded.components.len() as u32,
        core_modules: decoded.modules.len() as u32,
        core_instances: instances.count() as u32,
        functions: decoded.modules.values().map(|module| module.functions).sum(),
    }
}

fn after(bytes: &[u8]) -> Result<Totals> {
    let Outline { components, core_modules, core_instances, functions } = outline(bytes)?;
    // A module by itself is instantiated by whoever has it.
    let core_instances = if components == 0 { core_modules } else { core_instances };
    let bytes = bytes.len() as u64;
    Ok(Totals { bytes, components, core_modules, core_instances, functions })
}

fn crossings(plan: &Plan<'_>, groups: &Groups<'_, '_>, parts: &[Part]) -> Vec<Crossing> {
    let mut crossings = between_groups(plan, groups);
    for (group, part) in groups.iter().zip(parts) {
        crossings.extend(compiled(&group.plan, part));
    }
    crossings.sort_by_cached_key(|(from, to, _)| (*from, *to));
    crossings.into_iter().map(|(.., crossing)| crossing).collect()
}

/// The crossings that are compiled in a group, between which instances.
fn compiled(plan: &Plan<'_>, part: &Part) -> Vec<(InstanceId, InstanceId, Crossing)> {
    let crossing = |(id, lift)| {
        let lower = &plan.lowers[id];
        let to = plan.lifts[lift].owner;
        let binding = part.facts.lowers[id].as_ref()?;
        let strategy = match binding {
            Binding::Direct { .. } => Strategy::Direct,
            _ => Strategy::Adapt,
        };
        let size = part.shims.lowers[id].map_or(0, |func| func.size);
        let crossing =
            Crossing { size, ..uncompiled(plan, lower, to, strategy, binding.reason(plan)) };
        Some((lower.owner, to, crossing))
    };
    plan.crossings().filter_map(crossing).collect()
}

/// The calls that stay calls between components.
fn between_groups(
    plan: &Plan<'_>,
    groups: &Groups<'_, '_>,
) -> Vec<(InstanceId, InstanceId, Crossing)> {
    let crossing = |lower: &Lower| {
        let (to, reason) = match lower.target {
            FuncDef::Import(import) => {
                let to = plan.imports[import].origin.instance?;
                (to, format!("`{}` is imported: its code is not there", plan.path(to)))
            }
            FuncDef::Lift(lift) => {
                let to = plan.lifts[lift].owner;
                let why = match [lower.owner, to].iter().find(|it| groups.apart.contains(*it)) {
                    Some(apart) => format!("`{}` is in a component of its own", plan.path(*apart)),
                    None => "another component has to be between the two".into(),
                };
                (to, why)
            }
        };
        let apart = !groups.are_together(lower.owner, to);
        apart.then(|| (lower.owner, to, uncompiled(plan, lower, to, Strategy::Engine, reason)))
    };
    plan.lowers.values().filter_map(crossing).collect()
}

fn uncompiled(
    plan: &Plan<'_>,
    lower: &Lower,
    to: InstanceId,
    strategy: Strategy,
    reason: String,
) -> Crossing {
    Crossing {
        from: plan.path(lower.owner).into(),
        to: plan.path(to).into(),
        interface: lower.name.interface.clone(),
        function: lower.name.function.clone(),
        strategy,
        reason: escaped(&reason).into_owned(),
        size: 0,
    }
}

fn resources(plan: &Plan<'_>, parts: &[Part]) -> Vec<ResourceHandles> {
    let names = resource_names(plan);
    // Where there are several groups, a resource is with each of them in a way; with most it is nothing.
    let most = |id| {
        let policies = parts.iter().map(|part| part.facts.resources[id]);
        policies.max_by_key(|policy| match policy {
            analyse::HandlePolicy::Internal => 0,
            analyse::HandlePolicy::Passthrough => 1,
            analyse::HandlePolicy::Bridged(_) => 2,
        })
    };
    let entry = |(id, resource): (ResourceId, &Resource)| {
        let policy = most(id).unwrap_or_default();
        ResourceHandles {
            name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
            owner: match resource {
                Resource::Imported { by } => by.map(|by| plan.path(by).into()),
                Resource::Defined { owner, .. } => Some(plan.path(*owner).into()),
            },
            policy: match policy {
                analyse::HandlePolicy::Internal => HandlePolicy::Internal,
                analyse::HandlePolicy::Passthrough => HandlePolicy::Passthrough,
                analyse::HandlePolicy::Bridged(_) => HandlePolicy::Bridged,
            },
            reason: policy.reason().into(),
        }
    };
    plan.resources.iter().map(entry).collect()
}

/// What resources are called: at the boundary, or else by who exports them first.
fn resource_names(plan: &Plan<'_>) -> HashMap<ResourceId, String> {
    let mut names = HashMap::new();
    let mut name = |item: &Item, path: &str| {
        if let Item::Type(ty) = item
            && let Type::Resource(resource) = plan.types[*ty]
        {
            names.entry(resource).or_insert_with(|| path.to_string());
        }
    };
    let of_bag = |bag: BagId| plan.bags[bag].iter();
    for (outer, item) in plan.root_imports.iter().chain(&plan.root_exports) {
        name(item, &outer.name);
        if let Item::Instance(bag) = item {
            of_bag(*bag).for_each(|(inner, item)| name(item, &format!("{}#{inner}", outer.name)));
        }
    }
    for (inner, item) in plan.bags.keys().flat_map(of_bag) {
        name(item, inner);
    }
    names
}

fn dump(stage: Stage, plan: &Plan<'_>, groups: &Groups<'_, '_>, parts: &[Part]) -> Dump {
    let text = match stage {
        Stage::Plan => plan.dump(),
        Stage::Facts => {
            let mut text = Lines::default();
            for (group, part) in groups.iter().zip(parts) {
                if !groups.is_whole() {
                    text.line(&group.name);
                }
                text.append(&part.facts.dump(&group.plan));
            }
            text
        }
    };
    Dump { stage: stage.name().into(), text: text.into_text() }
}
