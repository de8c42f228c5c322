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
//! instance, or a few, or all of them. Either way a core item is found by where it is (see `Core`),
//! so that lowering and lifting are written once.
//!
//! An exported instance is a bag of exports: no nested component is needed to make one, unless its
//! functions are named after a resource, or which hands on a type of another one (`shell`).

use std::collections::HashMap;

use wasm_encoder::{ComponentExportKind, ValType};

pub use self::boundary::{Boundary, boundary};
use self::core::Core;
use self::flat::wrap_flat;
use self::merged::wrap_merged;
pub use self::names::CoreNames;
use self::names::extern_name;
use self::types::Scopes;
use crate::analyse::{External, ExternalId, Facts};
use crate::bind::Bound;
use crate::decode::EntityKind;
use crate::error::{Code, Error, Result};
use crate::merge::{self, Item, Merged};
use crate::options::{Emit, Options};
use crate::plan::{BagId, FuncDef, ImportId, Item as PlanItem, ModuleDef, Plan, ResourceId, Type};
use crate::report::{Block, BoundaryItem, MemoryUse};
use crate::verify;

mod boundary;
mod builtin;
mod carried;
mod core;
mod flat;
mod merged;
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
    /// The merged modules.
    pub blocks: Vec<Block>,
    /// The memories of the merged modules.
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
        let bytes = wrap_flat(plan, facts, boundary, bound)?;
        return Ok(Output { bytes, blocks: Vec::new(), memories: Vec::new(), items: Vec::new() });
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
    let Options { names, memory, simd, .. } = *options;
    let merge_options = merge::Options { names, start, memory, simd };
    let merged = merge::merge(link, &merge_options)?;
    if options.emit == Emit::Module {
        module::check(plan, facts, link, &merged)?;
    }
    verify::merged(&merged)?;
    let items = module::items(plan, facts, boundary, link, &merged);
    let bytes = match options.emit {
        Emit::Module => module::describe(&merged, &items)?,
        _ => wrap_merged(plan, facts, boundary, bound, &merged)?,
    };
    let blocks = blocks(link, &merged);
    let memories = memories(plan, bound, &merged);
    Ok(Output { bytes, blocks, memories, items })
}

/// What each block has, and why it is one.
fn blocks(link: &merge::Link<'_>, merged: &Merged) -> Vec<Block> {
    let block = |block: &merge::Block| {
        let label = |id: &merge::InstanceId| link.instances[*id].label.clone();
        let (bytes, imported) = match &block.code {
            merge::BlockCode::Module(bytes) => (bytes.len() as u64, false),
            merge::BlockCode::Opaque => (0, true),
        };
        let memory = block.imports.iter().find(|import| import.kind == EntityKind::Memory);
        let reason = match (&block.memories[..], memory) {
            _ if imported => "the root imports it: its code is not there".into(),
            _ if merged.blocks.len() == 1 => "all code is one module".into(),
            ([memory, ..], _) => format!("what uses the memory of `{}`", label(&memory.instance)),
            ([], Some(memory)) => {
                let (of, name) = (&memory.module, &memory.name);
                format!(
                    "what uses the memory `{name}` of `{of}`, and can only be instantiated later"
                )
            }
            ([], None) => "what uses no memory".into(),
        };
        Block {
            name: block.name.clone(),
            instances: block.instances.iter().map(label).collect(),
            bytes,
            functions: block.functions,
            imported,
            reason,
        }
    };
    merged.blocks.values().map(block).collect()
}

fn memories(plan: &Plan<'_>, bound: &Bound<'_>, merged: &Merged) -> Vec<MemoryUse> {
    let memory_use = |block: &merge::Block, memory: &merge::MemoryInfo| {
        let guest = bound.guest(memory.instance).map(|id| plan.core_instances[id].owner);
        MemoryUse {
            owner: guest.map_or(String::new(), |owner| plan.path(owner).to_string()),
            module: block.name.clone(),
            index: memory.index,
            initial: memory.initial,
            maximum: memory.maximum,
        }
    };
    let blocks = merged.blocks.values();
    blocks.flat_map(|b| b.memories.iter().map(move |memory| memory_use(b, memory))).collect()
}

/// The outer component under construction.
struct Outer<'c, 'a> {
    plan: &'c Plan<'a>,
    facts: &'c Facts,
    boundary: &'c Boundary,
    scopes: Scopes<'c, 'a>,
    core: Core,
    /// Core functions, memories and others by where they come from, once they have an index.
    aliases: HashMap<Item, u32>,
    /// Component functions that the root imports, once they have an index.
    imports: HashMap<ImportId, u32>,
    /// Instances that the root imports.
    instances: HashMap<BagId, u32>,
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
                PlanItem::Module(module, _) => {
                    outer.scopes.modules.insert(*module, index);
                }
                PlanItem::Declared(_) => {}
                _ => return Err(Error::internal("the root imports something unknown")),
            }
        }
        for (id, module) in &plan.imported_modules {
            if module.path.len() > 1 {
                let index = outer.imported(&module.path, ComponentExportKind::Module)?;
                outer.scopes.modules.insert(ModuleDef::Imported(id), index);
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
        let index = self.imported(path, ComponentExportKind::Func)?;
        self.imports.insert(import, index);
        Ok(index)
    }

    /// The index of something in an instance that the root imports.
    fn imported(&mut self, path: &[String], kind: ComponentExportKind) -> Result<u32> {
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
        Ok(component.alias_export(instance, last, kind))
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

    fn define_resource(&mut self, resource: ResourceId, dtor: Option<u32>) {
        let index = self.scopes.component.type_resource(None, ValType::I32, dtor);
        let definition = Type::Resource(resource);
        let mut types = self.plan.types.iter();
        if let Some((ty, _)) = types.find(|(_, ty)| **ty == definition) {
            self.scopes.know(ty, index);
        }
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

fn seen_in_a_bag(name: &str) -> Error {
    Error::new(
        Code::NotFused,
        format!("`{name}` is exported in an instance, as a core module or component of a type"),
    )
    .with_help("export it beside the instance")
}
