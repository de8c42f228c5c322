//! The merged module, or the few that there are, instantiated one after another.
//!
//! ```text
//! trampolines    for what is lowered with a memory of a block
//! block 0        imports trampolines, and lowered functions
//! block 1        imports these, and what block 0 exports
//! fixup          fills the trampolines' table; calls the start function
//! ```
//!
//! A block whose code is not there may start with anything. Before each, a fixup fills what can be
//! filled of the table, and calls the start function of the blocks so far.

use wasm_encoder::{ExportKind, ModuleArg, ValType};
use wasm_fuser_merge::{self as merge, Block, BlockCode, BlockId, Item, Link, Merged, Provider};

use super::code::Outer;
use super::core::{Core, export_kind};
use super::framed::Framed;
use super::trampolines;
use crate::analyse::{ExternalId, Facts};
use crate::bind::Bound;
use crate::boundary::Boundary;
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::options::Options;
use crate::plan::Plan;

/// Wraps the blocks, whose modules are missing yet.
pub fn wrap_merged(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    bound: &Bound<'_>,
    merged: &Merged,
    options: &Options,
) -> Result<Framed> {
    let link = &bound.link;
    let exports = boundary.names.iter().zip(&merged.exports);
    let core = Core::Merged {
        instances: Vec::new(),
        exports: exports.map(|((item, _), place)| (item, place.clone())).collect(),
    };
    let mut outer = Outer::new(plan, facts, boundary, core)?;
    let mut trampolines = outer.trampolines(link, merged)?;
    outer.resources(&trampolines);
    let mut start = None;
    let mut missing = Vec::new();
    for (id, block) in &merged.blocks {
        let module = match &block.code {
            BlockCode::Module(_) => {
                missing.push(id);
                outer.core_module(&block.name, &[])
            }
            BlockCode::Opaque => {
                outer.fix_up(&mut trampolines, start.take())?;
                let instance = block.instances.first();
                let instance = instance.ok_or_else(|| Error::internal("a block is empty"))?;
                outer.world.module(bound.module_of(plan, *instance)?)?
            }
        };
        let arguments = outer.arguments(&trampolines, block)?;
        let arguments: Vec<_> = arguments
            .iter()
            .map(|(module, items)| {
                let items: Vec<_> = items.iter().map(|(n, kind, i)| (*n, *kind, *i)).collect();
                let bag = outer.world.scopes.component.core_instantiate_exports(None, items);
                (*module, ModuleArg::Instance(bag))
            })
            .collect();
        let instance = outer.core_instance(&block.name, module, arguments);
        outer.code.core.push(instance);
        start = block.start.as_ref().map(|name| (id, name.clone())).or(start);
    }
    outer.fix_up(&mut trampolines, start)?;
    Ok(Framed::with_holes(outer.finish(options.names)?, missing))
}

/// What a trampoline leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// A lowered import.
    External(ExternalId),
    /// The destructor of a resource that is defined inside: its type has to exist before the blocks
    /// do.
    Dtor(Item),
}

/// Trampolines, instantiated.
struct Trampolines {
    /// The core instance, unless there are none.
    instance: Option<u32>,
    /// What they lead to, in order.
    slots: Vec<Trampoline>,
}

struct Trampoline {
    slot: Slot,
    ty: FuncType,
    /// The core function.
    func: u32,
    /// Whether the table has what it leads to.
    filled: bool,
}

/// What a block is instantiated with: by module name, in order.
type Arguments<'b> = Vec<(&'b str, Vec<(&'b str, ExportKind, u32)>)>;

impl Trampolines {
    fn func(&self, slot: Slot) -> Option<u32> {
        self.slots.iter().find(|trampoline| trampoline.slot == slot).map(|t| t.func)
    }
}

impl Outer<'_, '_> {
    /// Makes a trampoline for each function that has to be there before its memory is.
    fn trampolines(&mut self, link: &Link<'_>, merged: &Merged) -> Result<Trampolines> {
        let externals =
            self.code.facts.externals.keys().filter(|id| {
                merged.externals[*id] && self.code.boundary.externals[*id].is_indirect()
            });
        let dtors = self.code.boundary.dtors.iter().filter_map(|(_, dtor)| *dtor).map(Slot::Dtor);
        let slots: Vec<Slot> = externals.map(Slot::External).chain(dtors).collect();
        if slots.is_empty() {
            return Ok(Trampolines { instance: None, slots: Vec::new() });
        }
        let types = types(link, &slots)?;
        let module = trampolines::trampolines(&types);
        let module = self.core_module("trampolines", module.as_slice());
        let instance = self.core_instance("trampolines", module, []);
        let component = &mut self.world.scopes.component;
        let slots = slots.into_iter().zip(types).enumerate().map(|(i, (slot, ty))| {
            let (name, kind) = (i.to_string(), ExportKind::Func);
            let func = component.core_alias_export(None, instance, &name, kind);
            Trampoline { slot, ty, func, filled: false }
        });
        Ok(Trampolines { slots: slots.collect(), instance: Some(instance) })
    }

    /// Defines the resources that the engine keeps handles of, with trampolines as destructors.
    fn resources(&mut self, trampolines: &Trampolines) {
        for (resource, dtor) in &self.code.boundary.dtors {
            let dtor = dtor.and_then(|dtor| trampolines.func(Slot::Dtor(dtor)));
            self.world.define_resource(*resource, dtor);
        }
    }

    fn arguments<'b>(
        &mut self,
        trampolines: &Trampolines,
        block: &'b Block,
    ) -> Result<Arguments<'b>> {
        let mut arguments: Arguments<'b> = Vec::new();
        for import in &block.imports {
            let index = match &import.from {
                Provider::External(external) => {
                    let external = ExternalId::from_u32(external.as_u32());
                    match trampolines.func(Slot::External(external)) {
                        Some(func) => func,
                        None => self.lower(external)?,
                    }
                }
                Provider::Block(from, name) => {
                    let instance = self.code.core.instance(*from)?;
                    let kind = export_kind(import.kind);
                    self.world.scopes.component.core_alias_export(None, instance, name, kind)
                }
            };
            let item = (import.name.as_str(), export_kind(import.kind), index);
            match arguments.iter_mut().find(|(module, _)| *module == import.module) {
                Some((_, items)) => items.push(item),
                None => arguments.push((&import.module, vec![item])),
            }
        }
        Ok(arguments)
    }

    /// Lowers what goes through trampolines and can be lowered, puts it into their table, and then
    /// calls a start function.
    fn fix_up(
        &mut self,
        trampolines: &mut Trampolines,
        start: Option<(BlockId, String)>,
    ) -> Result<()> {
        let mut items: Vec<(String, ExportKind, u32)> = Vec::new();
        let mut filled: Vec<(u32, FuncType)> = Vec::new();
        for (i, trampoline) in trampolines.slots.iter_mut().enumerate() {
            let func = match trampoline.slot {
                _ if trampoline.filled => continue,
                Slot::External(id) if self.can_lower(id) => self.lower(id)?,
                Slot::Dtor(dtor) if self.code.core.locate(dtor).is_ok() => self.core_item(dtor)?,
                _ => continue,
            };
            trampoline.filled = true;
            filled.push((i as u32, trampoline.ty.clone()));
            items.push((i.to_string(), ExportKind::Func, func));
        }
        if filled.is_empty() && start.is_none() {
            return Ok(());
        }
        let length = trampolines.slots.len();
        if let Some(instance) = trampolines.instance.filter(|_| !filled.is_empty()) {
            let (name, kind) = (trampolines::TABLE, ExportKind::Table);
            let component = &mut self.world.scopes.component;
            let table = component.core_alias_export(None, instance, name, kind);
            items.push((name.into(), kind, table));
        }
        if let Some((block, name)) = &start {
            let instance = self.code.core.instance(*block)?;
            let component = &mut self.world.scopes.component;
            let func = component.core_alias_export(None, instance, name, ExportKind::Func);
            items.push((trampolines::START.into(), ExportKind::Func, func));
        }
        let module = trampolines::fixup(&filled, length, start.is_some());
        let module = self.core_module("fixup", module.as_slice());
        let items: Vec<_> = items.iter().map(|(n, k, i)| (n.as_str(), *k, *i)).collect();
        let items = self.world.scopes.component.core_instantiate_exports(None, items);
        self.core_instance("fixup", module, [("", ModuleArg::Instance(items))]);
        Ok(())
    }

    /// Whether what the options of an external refer to has been instantiated.
    pub(super) fn can_lower(&self, external: ExternalId) -> bool {
        let options = self.code.boundary.externals[external];
        let items = [options.memory, options.realloc, options.post_return, options.table];
        items.into_iter().flatten().all(|item| self.code.core.locate(item).is_ok())
    }
}

fn types(link: &Link<'_>, slots: &[Slot]) -> Result<Vec<FuncType>> {
    let ty = |slot: &Slot| match slot {
        Slot::Dtor(_) => Ok(FuncType::new([ValType::I32], [])),
        Slot::External(id) => match &link.externals[*id].ty {
            merge::ExternalType::Func(ty) => Ok(ty.clone()),
            _ => Err(Error::internal("a trampoline is not for a function")),
        },
    };
    slots.iter().map(ty).collect()
}
