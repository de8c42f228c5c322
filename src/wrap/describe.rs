//! The fused module by itself: what its imports and exports stand for.
//!
//! An engine without components has to know, for each core import and export, which interface and
//! function it is, and where its pointers point. In the standard form their names say so, and a section has
//! the world ([`typed`]). Otherwise there is a custom section `wasm-fuser:boundary`, whose
//! text is JSON: a list of [`BoundaryItem`]s.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wasm_encoder::{CustomSection, Section};
use wasm_fuser_merge::{self as merge, Link, Merged, order};

use super::item::{BoundaryItem, Direction};
use super::typed;
use crate::analyse::{External, ExternalId, Facts};
use crate::bind::Bound;
use crate::boundary::{Boundary, BoundaryOptions};
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{Emit, MemoryPlan, Options};
use crate::plan::{
    BuiltinKind, FuncDef, ImportId, Item as PlanItem, Plan, Role, exported_funcs, exported_lifts,
};

/// The name of the custom section.
const SECTION: &str = "wasm-fuser:boundary";

/// The module, with the description added.
pub(super) fn module(
    plan: &Plan<'_>,
    facts: &Facts,
    bound: &Bound<'_>,
    boundary: &Boundary,
    merged: &Merged,
    options: &Options,
) -> Result<Vec<u8>> {
    check(plan, facts, &bound.link, merged)?;
    let Some((_, module)) = merged.only_module() else {
        return Err(several_modules(merged));
    };
    let mut module = module.to_vec();
    let items = items(plan, facts, boundary, &bound.link, merged);
    if options.only_core_imports {
        refuse_imports(plan, facts, &items, merged)?;
    }
    let section = match options.emit {
        Emit::Module => typed::section(plan, facts.host_encoding)?,
        _ => {
            let data = serde_json::to_vec(&items)
                .map_err(|e| Error::internal(format!("the boundary is not JSON: {e}")))?;
            Some(CustomSection { name: SECTION.into(), data: Cow::Owned(data) })
        }
    };
    if let Some(section) = section {
        section.append_to(&mut module);
    }
    Ok(module)
}

fn several_modules(merged: &Merged) -> Error {
    let names = merged.blocks.values().map(|block| format!("`{}`", block.name));
    let names: Vec<_> = names.take(8).collect();
    let more = if merged.blocks.len() > names.len() { ", and more" } else { "" };
    let several = format!(
        "the result is {} core modules, where one was asked for: {}{more}",
        merged.blocks.len(),
        names.join(", "),
    );
    let opaque = |block: &merge::Block| matches!(block.code, merge::BlockCode::Opaque);
    Error::new(Code::SeveralModules, several).with_help(match merged.blocks.values().any(opaque) {
        true => Remedy::from("emit a component, or compose the imported core modules first"),
        false => Remedy::from(
            "emit a component, or let the module have several memories, or regions of one: ",
        )
        .one_of([Setting::Memory(MemoryPlan::Multi), Setting::Memory(MemoryPlan::Single)]),
    })
}

/// Refuses imports that are no core imports, all of them at once: each with who calls it.
fn refuse_imports(
    plan: &Plan<'_>,
    facts: &Facts,
    items: &[BoundaryItem],
    merged: &Merged,
) -> Result<()> {
    let callers = |id: ImportId| {
        let calls = plan.lowers.values().filter(|lower| lower.target == FuncDef::Import(id));
        let callers = order::set(calls.map(|lower| format!("`{}`", plan.path(lower.owner))));
        callers.into_iter().collect::<Vec<_>>().join(", ")
    };
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for (id, external) in &facts.externals {
        if let External::Import { import, .. } | External::Exchange { import, .. } = external
            && merged.externals[id]
        {
            let path = &plan.imports[*import].origin.path;
            by_name.insert(path.join("#"), callers(*import));
        }
    }
    let left = items.iter().filter(|item| item.direction == Direction::Imported).map(|item| {
        let name = match &item.interface {
            Some(interface) => format!("{interface}#{}", item.function),
            None => item.function.clone(),
        };
        match by_name.get(&name.replace(' ', "#")) {
            Some(callers) => format!("`{name}`, of {callers}"),
            None => format!("`{name}`"),
        }
    });
    let left: Vec<String> = left.collect();
    let message = match &left[..] {
        [] => return Ok(()),
        [one] => format!("the result would import what is no core function: {one}"),
        all => {
            format!("the result would import what are no core functions:\n  {}", all.join("\n  "))
        }
    };
    Err(Error::new(Code::LeftOpen, message)
        .with_help("add a component that exports it on core imports, or leave out what calls it"))
}

/// Refuses a module that only an engine with tasks could run.
fn check(plan: &Plan<'_>, facts: &Facts, link: &Link<'_>, merged: &Merged) -> Result<()> {
    let used = |id: &ExternalId| merged.externals[*id];
    let asynchronous = |external: &External| match external {
        External::Import { import, .. } => {
            plan.types.func(plan.imports[*import].ty).is_ok_and(|ty| ty.async_)
        }
        External::Builtin(kind) => matches!(kind, BuiltinKind::Async(_)),
        External::Exchange { .. } | External::Exit => false,
        External::Token(_) => true,
    };
    let import = facts.externals.iter().find(|(id, external)| used(id) && asynchronous(external));
    let import = import.map(|(id, _)| link.externals[id].name.clone());
    let mut exports = exported_funcs(plan).into_iter();
    let export = exports.find_map(|(path, item)| match item {
        PlanItem::Func(FuncDef::Lift(lift), _) if plan.lifts[lift].options.async_ => {
            Some(path.join(" "))
        }
        _ => None,
    });
    let Some(what) = import.or(export) else { return Ok(()) };
    Err(Error::new(
        Code::AsyncNotFused,
        format!("`{what}` needs an engine with tasks, and a module by itself has none"),
    )
    .with_help("emit a component, or leave the asynchronous part out"))
}

/// What every core import and export of the world stands for.
pub fn items(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    link: &Link<'_>,
    merged: &Merged,
) -> Vec<BoundaryItem> {
    let mut items = Vec::new();
    for (id, external) in &facts.externals {
        if !merged.externals[id] {
            continue;
        }
        let (interface, function) = match external {
            External::Import { import, .. } | External::Exchange { import, .. } => {
                let import = &plan.imports[*import];
                if import.role != Role::World {
                    continue;
                }
                names(&import.origin.path)
            }
            External::Exit => continue,
            External::Token(op) => (None, op.name().into()),
            External::Builtin(kind) => builtin_names(plan, *kind),
        };
        let core = &link.externals[id];
        items.push(BoundaryItem {
            direction: Direction::Imported,
            core_module: core.module.clone(),
            core_name: core.name.clone(),
            interface,
            function,
            ..described(boundary, boundary.externals[id])
        });
    }
    for (path, item) in exported_funcs(plan) {
        for (lift, _) in exported_lifts(plan, item) {
            let Some(lift) = &boundary.lifts[lift] else { continue };
            let (interface, function) = names(&path);
            items.push(BoundaryItem {
                direction: Direction::Exported,
                core_name: lift.name.clone(),
                interface,
                function,
                ..described(boundary, lift.options)
            });
        }
    }
    items
}

/// An item that has these options, and no names yet.
fn described(boundary: &Boundary, options: BoundaryOptions) -> BoundaryItem {
    let name = |item: Option<merge::Item>| {
        item.and_then(|item| boundary.names.get(item)).map(str::to_string)
    };
    BoundaryItem {
        direction: Direction::Imported,
        core_module: String::new(),
        core_name: String::new(),
        interface: None,
        function: String::new(),
        memory: name(options.memory),
        realloc: name(options.realloc),
        encoding: options.encoding.to_string(),
        post_return: name(options.post_return),
    }
}

/// An interface, which may be nested, and a function of it.
fn names(path: &[String]) -> (Option<String>, String) {
    match path {
        [] => (None, String::new()),
        [function] => (None, function.clone()),
        [interface @ .., function] => (Some(interface.join(" ")), function.clone()),
    }
}

/// The interface that exports a resource, and `[resource-drop]` with its name there.
fn builtin_names(plan: &Plan<'_>, kind: BuiltinKind) -> (Option<String>, String) {
    let (verb, resource) = match kind {
        BuiltinKind::ResourceNew(resource) => ("resource-new", resource),
        BuiltinKind::ResourceDrop(resource) => ("resource-drop", resource),
        BuiltinKind::ResourceRep(resource) => ("resource-rep", resource),
        BuiltinKind::Async(_) => return (None, kind.name(&plan.types)),
    };
    match plan.home(resource) {
        Some((interface, named)) => {
            (interface.map(|it| it.name.clone()), format!("[{verb}]{named}"))
        }
        None => (None, format!("[{verb}]{resource}")),
    }
}
