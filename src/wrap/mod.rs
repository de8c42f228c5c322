//! From the linked core instances back to a component: the boundary, written again.
//!
//! # Problem
//!
//! The result has to have the same world as the composition: the same imports and exports, with
//! types that mean the same. Inside it is as flat as can be.
//!
//! ```text
//! (component
//!   (import ...)                       as the root declares them (`types`)
//!   (core module $fused ...)
//!   (canon lower ...)                  imports, directly or through `trampolines`
//!   (core instance $main (instantiate $fused ...))
//!   (canon lift ...) (export ...))     as the root declares them
//! ```
//!
//! # How
//!
//! [`wrap_merged`] and [`wrap_flat`] differ in what is between imports and exports: one core
//! instance, or all of them. Either way a core item is found by where it is (see `Core`), so
//! that lowering and lifting are written once.
//!
//! An exported instance is a bag of exports: no nested component is needed to make one, unless its
//! functions are named after a resource, or which hands on a type of another one (`shell`).

use std::collections::HashMap;

use wasm_encoder::{ComponentExportKind, ExportKind, ModuleArg, ValType};

pub use self::boundary::{Boundary, boundary};
use self::core::Core;
use self::flat::wrap_flat;
pub use self::names::CoreNames;
use self::names::extern_name;
use self::types::Scopes;
use crate::analyse::{External, ExternalId, Facts};
use crate::bind::Bound;
use crate::error::{Code, Error, Result};
use crate::merge::{self, Item, Link, Merged};
use crate::options::{Emit, Options};
use crate::plan::{BagId, FuncDef, ImportId, Item as PlanItem, Plan, ResourceId, Type};
use crate::report::{BoundaryItem, MemoryUse};
use crate::verify;

mod boundary;
mod builtin;
mod carried;
mod core;
mod flat;
mod module;
mod names;
mod shell;
mod trampolines;
mod types;

/// The name of the start function that the fused module exports, where it cannot run on
/// instantiation: that of the reactor convention.
const START: &str = "_initialize";

/// The result: a component or a module.
#[derive(Debug)]
pub struct Output {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The memories of the merged module, if there is one.
    pub memories: Vec<MemoryUse>,
    /// What the imports and exports of the merged module stand for, if there is one.
    pub items: Vec<BoundaryItem>,
}

/// Merges and wraps as `options.emit` says.
pub fn emit(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    bound: &Bound<'_>,
    options: &Options,
) -> Result<Output> {
    let link = &bound.link;
    if options.emit == Emit::Flat {
        let bytes = wrap_flat(plan, facts, boundary, link)?;
        return Ok(Output { bytes, memories: Vec::new(), items: Vec::new() });
    }
    verify::mergeable(plan, options)?;
    let started_later = match options.emit {
        // A module that imports nothing can start when it is instantiated.
        Emit::Module => !link.externals.is_empty(),
        _ => boundary.has_trampolines(),
    };
    let start = match started_later {
        true => merge::Start::Export(boundary.names.free(START)),
        false => merge::Start::Section,
    };
    let mut merged = merge::merge(link, &merge::Options { names: options.names, start })?;
    if options.emit == Emit::Module {
        module::check(plan, facts, link, &merged)?;
    }
    verify::merged(&merged)?;
    let items = module::items(plan, facts, boundary, link, &merged);
    let bytes = match options.emit {
        Emit::Module => module::describe(std::mem::take(&mut merged.bytes), &items)?,
        _ => wrap_merged(plan, facts, boundary, link, &merged)?,
    };
    let memories = merged.memories.iter().map(|memory| memory_use(plan, bound, memory)).collect();
    Ok(Output { bytes, memories, items })
}

fn memory_use(plan: &Plan<'_>, bound: &Bound<'_>, memory: &merge::MemoryInfo) -> MemoryUse {
    let guest = bound.guest(memory.instance).map(|id| plan.core_instances[id].owner);
    MemoryUse {
        owner: guest.map_or(String::new(), |owner| plan.path(owner).to_string()),
        index: memory.index,
        initial: memory.initial,
        maximum: memory.maximum,
    }
}

/// Wraps the merged module.
fn wrap_merged(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    link: &Link<'_>,
    merged: &Merged,
) -> Result<Vec<u8>> {
    let mut outer = Outer::new(plan, facts, boundary)?;
    let used: Vec<ExternalId> = facts
        .externals
        .keys()
        .filter(|id| merged.externals[merge::ExternalId::from_u32(id.as_u32())])
        .collect();
    let (indirect, direct): (Vec<_>, Vec<_>) =
        used.into_iter().partition(|id| boundary.externals[*id].is_indirect());
    let dtors = boundary.dtors.iter().filter_map(|(_, dtor)| *dtor).map(Slot::Dtor);
    let slots: Vec<Slot> = indirect.into_iter().map(Slot::External).chain(dtors).collect();
    let trampolines = outer.trampolines(link, &slots)?;
    outer.resources(&trampolines);

    // What the fused module imports: by module name, in order.
    let mut arguments: Vec<(&str, Vec<(&str, u32)>)> = Vec::new();
    let mut argument = |external: ExternalId, func: u32| {
        let external = &link.externals[merge::ExternalId::from_u32(external.as_u32())];
        match arguments.iter_mut().find(|(module, _)| *module == external.module) {
            Some((_, funcs)) => funcs.push((&external.name, func)),
            None => arguments.push((&external.module, vec![(&external.name, func)])),
        }
    };
    for id in direct {
        argument(id, outer.lower(id)?);
    }
    for (slot, func) in &trampolines.funcs {
        if let Slot::External(id) = slot {
            argument(*id, *func);
        }
    }

    let module = outer.scopes.component.core_module_raw(Some("fused"), &merged.bytes);
    let arguments: Vec<_> = arguments
        .iter()
        .map(|(module, funcs)| {
            let funcs: Vec<_> = funcs.iter().map(|(n, f)| (*n, ExportKind::Func, *f)).collect();
            let instance = outer.scopes.component.core_instantiate_exports(Some(module), funcs);
            (*module, ModuleArg::Instance(instance))
        })
        .collect();
    let main = outer.scopes.component.core_instantiate(Some("fused"), module, arguments);
    outer.core = Core::Merged { instance: main, names: &boundary.names };
    outer.fix_up(link, &slots, &trampolines, main, merged.start.as_deref())?;
    outer.exports()?;
    Ok(outer.finish())
}

/// The outer component under construction.
struct Outer<'c, 'a> {
    plan: &'c Plan<'a>,
    facts: &'c Facts,
    boundary: &'c Boundary,
    scopes: Scopes<'c, 'a>,
    core: Core<'c>,
    /// Core functions, memories and others by where they come from, once they have an index.
    aliases: HashMap<Item, u32>,
    /// Component functions that the root imports, once they have an index.
    imports: HashMap<ImportId, u32>,
    /// Instances that the root imports.
    instances: HashMap<BagId, u32>,
}

/// What a trampoline leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// A lowered import.
    External(ExternalId),
    /// The destructor of a resource that is defined inside: its type has to exist before the fused
    /// module does.
    Dtor(Item),
}

/// Trampolines, instantiated.
struct Trampolines {
    /// The core instance, unless there are none.
    instance: Option<u32>,
    /// The core functions.
    funcs: Vec<(Slot, u32)>,
}

impl<'c, 'a> Outer<'c, 'a> {
    /// Begins with the imports.
    fn new(plan: &'c Plan<'a>, facts: &'c Facts, boundary: &'c Boundary) -> Result<Self> {
        let mut outer = Outer {
            plan,
            facts,
            boundary,
            scopes: Scopes::new(plan),
            core: Core::Nothing,
            aliases: HashMap::new(),
            imports: HashMap::new(),
            instances: HashMap::new(),
        };
        for (name, item) in &plan.root_imports {
            let ty = outer.scopes.declaration(*item)?;
            let index = outer.scopes.component.import(extern_name(name), ty);
            match item {
                PlanItem::Func(FuncDef::Import(import), _) => {
                    outer.imports.insert(*import, index);
                }
                PlanItem::Instance(bag) => {
                    outer.instances.insert(*bag, index);
                    outer.scopes.know_exports(index, *bag);
                }
                PlanItem::Type(ty) => outer.scopes.know(*ty, index),
                PlanItem::Declared(_) => {}
                _ => return Err(Error::internal("the root imports something unknown")),
            }
        }
        Ok(outer)
    }

    /// The index of a component function that the root imports.
    fn import(&mut self, import: ImportId) -> Result<u32> {
        if let Some(&index) = self.imports.get(&import) {
            return Ok(index);
        }
        let path = &self.plan.imports[import].path;
        let unknown = || Error::internal(format!("the root has no import `{}`", path.join(" ")));
        let (first, rest) = path.split_first().ok_or_else(unknown)?;
        let (last, between) = rest.split_last().ok_or_else(unknown)?;
        let root = self.plan.root_imports.iter().find(|(name, _)| name.name == *first);
        let mut instance = match root {
            Some((_, PlanItem::Instance(bag))) => *self.instances.get(bag).ok_or_else(unknown)?,
            _ => return Err(unknown()),
        };
        let component = &mut self.scopes.component;
        for name in between {
            instance = component.alias_export(instance, name, ComponentExportKind::Instance);
        }
        let index = component.alias_export(instance, last, ComponentExportKind::Func);
        self.imports.insert(import, index);
        Ok(index)
    }

    /// Lowers an import, or makes a built-in; what its options refer to exists.
    fn lower(&mut self, external: ExternalId) -> Result<u32> {
        let item = Item::External(merge::ExternalId::from_u32(external.as_u32()));
        if let Some(&index) = self.aliases.get(&item) {
            return Ok(index);
        }
        let index = match self.facts.externals[external] {
            External::Import { import, .. } | External::Exchange { import, .. } => {
                let func = self.import(import)?;
                let options = self.boundary.externals[external];
                let options = options.encode(|item| self.core_item(item))?;
                let name = self.plan.imports[import].path.last().map(String::as_str);
                self.scopes.component.lower_func(name, func, options)
            }
            External::Builtin(kind) => self.builtin(external, kind)?,
        };
        self.aliases.insert(item, index);
        Ok(index)
    }

    /// The index of a core item, aliased from the instance that has it.
    fn core_item(&mut self, item: Item) -> Result<u32> {
        if let Some(&index) = self.aliases.get(&item) {
            return Ok(index);
        }
        let index = match item {
            Item::External(external) => self.lower(ExternalId::from_u32(external.as_u32()))?,
            Item::Defined { kind, .. } => {
                let (instance, name) = self.core.locate(item)?;
                let kind = core::export_kind(kind);
                self.scopes.component.core_alias_export(Some(name), instance, name, kind)
            }
        };
        self.aliases.insert(item, index);
        Ok(index)
    }

    fn trampolines(&mut self, link: &Link<'_>, slots: &[Slot]) -> Result<Trampolines> {
        if slots.is_empty() {
            return Ok(Trampolines { instance: None, funcs: Vec::new() });
        }
        let module = trampolines::trampolines(&signatures(link, slots)?);
        let component = &mut self.scopes.component;
        let module = component.core_module(Some("trampolines"), &module);
        let no_arguments: [(&str, ModuleArg); 0] = [];
        let instance = component.core_instantiate(Some("trampolines"), module, no_arguments);
        let funcs = slots.iter().enumerate().map(|(i, slot)| {
            let (name, kind) = (i.to_string(), ExportKind::Func);
            (*slot, component.core_alias_export(None, instance, &name, kind))
        });
        Ok(Trampolines { funcs: funcs.collect(), instance: Some(instance) })
    }

    /// Defines the resources that the engine keeps handles of, with trampolines as destructors.
    fn resources(&mut self, trampolines: &Trampolines) {
        for (resource, dtor) in &self.boundary.dtors {
            let dtor = dtor.and_then(|dtor| {
                let slot = Slot::Dtor(dtor);
                trampolines.funcs.iter().find(|(s, _)| *s == slot).map(|(_, func)| *func)
            });
            self.define_resource(*resource, dtor);
        }
    }

    fn define_resource(&mut self, resource: ResourceId, dtor: Option<u32>) {
        let index = self.scopes.component.type_resource(None, ValType::I32, dtor);
        let definition = Type::Resource(resource);
        let mut types = self.plan.types.iter();
        if let Some((ty, _)) = types.find(|(_, ty)| **ty == definition) {
            self.scopes.know(ty, index);
        }
    }

    /// Lowers what goes through trampolines, fills their table, and starts the fused module.
    fn fix_up(
        &mut self,
        link: &Link<'_>,
        slots: &[Slot],
        trampolines: &Trampolines,
        main: u32,
        start: Option<&str>,
    ) -> Result<()> {
        if slots.is_empty() && start.is_none() {
            return Ok(());
        }
        let mut items: Vec<(String, ExportKind, u32)> = Vec::new();
        for (i, slot) in slots.iter().enumerate() {
            let func = match slot {
                Slot::External(id) => self.lower(*id)?,
                Slot::Dtor(dtor) => self.core_item(*dtor)?,
            };
            items.push((i.to_string(), ExportKind::Func, func));
        }
        let component = &mut self.scopes.component;
        if let Some(instance) = trampolines.instance {
            let (name, kind) = (trampolines::TABLE, ExportKind::Table);
            let table = component.core_alias_export(Some(name), instance, name, kind);
            items.push((name.into(), kind, table));
        }
        if let Some(start) = start {
            let func = component.core_alias_export(Some(start), main, start, ExportKind::Func);
            items.push((trampolines::START.into(), ExportKind::Func, func));
        }
        let module = trampolines::fixup(&signatures(link, slots)?, start.is_some());
        let module = component.core_module(Some("fixup"), &module);
        let items: Vec<_> = items.iter().map(|(n, k, i)| (n.as_str(), *k, *i)).collect();
        let items = component.core_instantiate_exports(Some("fixup arguments"), items);
        component.core_instantiate(Some("fixup"), module, [("", ModuleArg::Instance(items))]);
        Ok(())
    }

    fn exports(&mut self) -> Result<()> {
        let plan = self.plan;
        for (name, item) in &plan.root_exports {
            let (kind, index) = self.item(*item)?;
            // What it is seen through may have less than the definition.
            let seen = match item {
                PlanItem::Module(_, Some(_)) | PlanItem::Component(_, Some(_)) => {
                    Some(self.scopes.declaration(*item)?)
                }
                _ => None,
            };
            let exported = self.scopes.component.export(extern_name(name), kind, index, seen);
            match item {
                PlanItem::Type(ty) => self.scopes.know(*ty, exported),
                PlanItem::Instance(bag) => self.scopes.know_exports(exported, *bag),
                _ => {}
            }
        }
        Ok(())
    }

    /// The index of an item to export.
    fn item(&mut self, item: PlanItem) -> Result<(ComponentExportKind, u32)> {
        Ok(match item {
            PlanItem::Func(FuncDef::Import(import), _) => {
                (ComponentExportKind::Func, self.import(import)?)
            }
            PlanItem::Func(FuncDef::Lift(lift), ty) => {
                let ty = self.scopes.func(ty)?;
                let lift = self.boundary.lifts.get(&lift).copied();
                let lift = lift.ok_or_else(|| Error::internal("an export has no core function"))?;
                let options = lift.options.encode(|item| self.core_item(item))?;
                let func = self.core_item(lift.func)?;
                let index = self.scopes.component.lift_func(None, func, ty, options);
                (ComponentExportKind::Func, index)
            }
            PlanItem::Type(ty) => (ComponentExportKind::Type, self.scopes.index(ty)?),
            PlanItem::Instance(bag) => match self.instances.get(&bag) {
                Some(&imported) => (ComponentExportKind::Instance, imported),
                None if shell::needs_shell(self.plan, &self.scopes, bag) => {
                    (ComponentExportKind::Instance, self.shell(bag)?)
                }
                None => (ComponentExportKind::Instance, self.bag(bag)?),
            },
            PlanItem::Declared(id) => {
                let carried = self.plan.carried_type(id)?;
                (ComponentExportKind::Type, self.scopes.carried(carried)?)
            }
            PlanItem::Module(module, _) => {
                (ComponentExportKind::Module, self.scopes.module(module)?)
            }
            PlanItem::Component(closure, _) => {
                let carried = self.plan.carried_component(closure)?;
                (ComponentExportKind::Component, self.scopes.carried(carried)?)
            }
        })
    }

    /// An instance that a shell makes.
    fn shell(&mut self, bag: BagId) -> Result<u32> {
        let shell = shell::shell(self.plan, &self.scopes, bag)?;
        let mut arguments = Vec::new();
        for (i, ty) in shell.types.iter().enumerate() {
            let index = self.scopes.index(*ty)?;
            arguments.push((format!("type{i}"), ComponentExportKind::Type, index));
        }
        for (i, func) in shell.funcs.iter().enumerate() {
            let (kind, index) = self.item(**func)?;
            arguments.push((format!("func{i}"), kind, index));
        }
        let component = self.scopes.component.component(None, shell.component);
        Ok(self.scopes.component.instantiate(None, component, arguments))
    }

    /// An instance made of exports. How deep they nest is bounded by `Limits::depth`.
    fn bag(&mut self, bag: BagId) -> Result<u32> {
        let plan = self.plan;
        let mut items = Vec::new();
        for (name, item) in &plan.bags[bag] {
            if let PlanItem::Module(_, Some(_)) | PlanItem::Component(_, Some(_)) = item {
                return Err(seen_in_a_bag(name));
            }
            let (kind, index) = match item {
                PlanItem::Instance(inner)
                    if !self.instances.contains_key(inner)
                        && !shell::has_functions_of_a_resource(plan, *inner) =>
                {
                    (ComponentExportKind::Instance, self.bag(*inner)?)
                }
                item => self.item(*item)?,
            };
            items.push((name.as_str(), kind, index));
        }
        Ok(self.scopes.component.instantiate_exports(None, items))
    }

    fn finish(self) -> Vec<u8> {
        let mut component = self.scopes.component;
        component.append_names();
        component.finish()
    }
}

fn signatures<'l>(link: &'l Link<'_>, slots: &[Slot]) -> Result<Vec<trampolines::Signature<'l>>> {
    let signature = |slot: &Slot| match slot {
        Slot::Dtor(_) => Ok((&[ValType::I32][..], &[][..])),
        Slot::External(id) => match &link.externals[merge::ExternalId::from_u32(id.as_u32())].ty {
            merge::ExternalType::Func { params, results } => Ok((&params[..], &results[..])),
            _ => Err(Error::internal("a trampoline is not for a function")),
        },
    };
    slots.iter().map(signature).collect()
}

fn seen_in_a_bag(name: &str) -> Error {
    Error::new(
        Code::NotFused,
        format!("`{name}` is exported in an instance, as a core module or component of a type"),
    )
    .with_help("export it beside the instance")
}
