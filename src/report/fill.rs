//! Filling in the report from what the stages decided.

use std::collections::HashMap;

use super::{Crossing, Dump, Fused, HandlePolicy, Report, ResourceHandles, Shim, Strategy, Totals};
use crate::analyse::{self, Binding, Facts};
use crate::decode::{Decoded, Definition, decode, module};
use crate::error::{Error, Result};
use crate::link::Linked;
use crate::options::{Options, Stage};
use crate::plan::{BagId, Item, ModuleDef, Plan, Resource, ResourceId, Type};
use crate::shim::Shims;
use crate::wrap::Output;

/// The result together with what was done.
pub fn report(
    linked: &Linked<'_>,
    plan: &Plan<'_>,
    facts: &Facts,
    shims: &Shims,
    output: Output,
    options: &Options,
) -> Result<Fused> {
    let report = Report {
        before: totals(plan.decoded),
        after: after(&output)?,
        crossings: crossings(plan, facts, shims),
        warnings: warnings(linked, plan, &output),
        blocks: output.blocks,
        resources: resources(plan, facts),
        memories: output.memories,
        boundary: output.items,
        dumps: options
            .dumps
            .iter()
            .map(|stage| dump(*stage, plan, facts))
            .collect::<Result<_>>()?,
    };
    let shims = shims.shims.values();
    let shims =
        shims.map(|shim| Shim { name: shim.name.clone(), bytes: shim.bytes.clone() }).collect();
    Ok(Fused { bytes: output.bytes, shims, report })
}

fn warnings(linked: &Linked<'_>, plan: &Plan<'_>, output: &Output) -> Vec<String> {
    let unused = linked.unused.iter();
    let unused = unused
        .map(|name| format!("the input `{name}` is not used: nothing imports what it exports"));
    let instantiated = plan.imported_modules.iter().filter(|(id, _)| {
        let module = ModuleDef::Imported(*id);
        plan.core_instances.values().any(|instance| instance.module == module)
    });
    let imported = instantiated.map(|(_, module)| {
        let name = module.path.join(" ");
        let blocks = output.blocks.iter().filter(|block| !block.imported).count();
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
    unused.chain(imported).collect()
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

fn after(output: &Output) -> Result<Totals> {
    if wasmparser::Parser::is_component(&output.bytes) {
        return Ok(totals(&decode(&output.bytes)?));
    }
    Ok(Totals {
        bytes: output.bytes.len() as u64,
        components: 0,
        core_modules: 1,
        core_instances: 1,
        functions: module(&output.bytes)?.functions,
    })
}

fn crossings(plan: &Plan<'_>, facts: &Facts, shims: &Shims) -> Vec<Crossing> {
    let mut crossings: Vec<_> = plan.crossings().collect();
    crossings
        .sort_by_key(|(lower, lift)| (plan.lowers[*lower].owner, plan.lifts[*lift].owner, *lower));
    let crossing = |(id, lift)| {
        let lower = &plan.lowers[id];
        let binding = facts.lowers[id].as_ref()?;
        Some(Crossing {
            from: plan.path(lower.owner).into(),
            to: plan.path(plan.lifts[lift].owner).into(),
            interface: lower.name.interface.clone(),
            function: lower.name.function.clone(),
            strategy: match binding {
                Binding::Direct { .. } => Strategy::Direct,
                _ => Strategy::Adapt,
            },
            reason: binding.reason(),
            size: shims.lowers.get(&id).map_or(0, |func| func.size),
        })
    };
    crossings.into_iter().filter_map(crossing).collect()
}

fn resources(plan: &Plan<'_>, facts: &Facts) -> Vec<ResourceHandles> {
    let names = resource_names(plan);
    let entry = |(id, resource): (ResourceId, &Resource)| ResourceHandles {
        name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        owner: match resource {
            Resource::Imported => None,
            Resource::Defined { owner, .. } => Some(plan.path(*owner).into()),
        },
        policy: match facts.resources[id] {
            analyse::HandlePolicy::Internal => HandlePolicy::Internal,
            analyse::HandlePolicy::Passthrough => HandlePolicy::Passthrough,
            analyse::HandlePolicy::Bridged(_) => HandlePolicy::Bridged,
        },
        reason: facts.resources[id].reason().into(),
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

fn dump(stage: Stage, plan: &Plan<'_>, facts: &Facts) -> Result<Dump> {
    let text = match stage {
        Stage::Plan => plan.to_string(),
        Stage::Facts => {
            facts.dump(plan).map_err(|_| Error::internal("a stage's result cannot be printed"))?
        }
    };
    Ok(Dump { stage: stage.name().into(), text })
}
