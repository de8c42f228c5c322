//! From all of these to the [`Boundary`]: what crosses the outer edge, as core items. Of each exported function and each lowered import, the
//! core function, memory, `realloc` and `post-return` that its canonical options need.
//!
//! Where a `realloc` or `post-return` has to clear the flag of its instance, the item is the shim
//! that does (see `analyse/modules.rs`).

use cranelift_entity::SecondaryMap;
use wasm_encoder::CanonicalOption;
use wasm_fuser_merge::Item;

pub use self::names::CoreNames;
use crate::abi::Side;
use crate::analyse::{
    self, BRIDGE_ENCODING, External, ExternalId, Facts, HandlePolicy, HostMemory, Through,
};
use crate::bind::Bound;
use crate::core::EntityKind;
use crate::error::{Error, Result};
use crate::options::{Emit, Options};
use crate::plan::{
    BuiltinKind, CanonicalOptions, CoreFunc, InstanceId, LiftId, Plan, Resource, ResourceId,
    StringEncoding, exported_funcs, exported_lifts, whole_names,
};
use crate::runtime::{BridgeOp, TokenOp};
use crate::shim::{Memory, ShimKind, Shims};

mod names;

/// Every function at the boundary.
#[derive(Debug, Default)]
pub struct Boundary {
    /// Exported functions.
    pub lifts: SecondaryMap<LiftId, Option<BoundaryFunc>>,
    /// Imported ones; those that need neither memory nor realloc have empty options.
    pub externals: SecondaryMap<ExternalId, BoundaryOptions>,
    /// The destructors of the resources that are defined inside and that the engine keeps handles
    /// of.
    pub dtors: Vec<(ResourceId, Option<Item>)>,
    /// The names of all these items.
    pub names: CoreNames,
}

/// An exported function.
#[derive(Clone, Debug)]
pub struct BoundaryFunc {
    /// The core function.
    pub func: Item,
    /// Its options.
    pub options: BoundaryOptions,
    /// The name under which it is exported.
    pub name: String,
}

/// Canonical options over core items.
#[derive(Clone, Copy, Debug, Default)]
pub struct BoundaryOptions {
    /// How strings are encoded.
    pub encoding: StringEncoding,
    /// The memory.
    pub memory: Option<Item>,
    /// The allocation function.
    pub realloc: Option<Item>,
    /// What to call when the results have been read.
    pub post_return: Option<Item>,
    /// Whether it has the option `async`.
    pub async_: bool,
    /// What to call with the next event.
    pub callback: Option<Item>,
    /// Of a built-in, the table that it takes a function of.
    pub table: Option<Item>,
}

impl BoundaryOptions {
    /// Whether they refer to something in the fused module: then lowering with them takes a
    /// trampoline.
    pub fn is_indirect(&self) -> bool {
        self.memory.is_some() || self.realloc.is_some() || self.table.is_some()
    }

    /// The options as they are encoded, given the index of each item.
    pub fn encode(
        &self,
        mut index: impl FnMut(Item) -> Result<u32>,
    ) -> Result<Vec<CanonicalOption>> {
        let mut options = Vec::new();
        if let Some(memory) = self.memory {
            options.push(CanonicalOption::Memory(index(memory)?));
        }
        if self.memory.is_some() || self.encoding != StringEncoding::default() {
            options.push(match self.encoding {
                StringEncoding::Utf8 => CanonicalOption::UTF8,
                StringEncoding::Utf16 => CanonicalOption::UTF16,
                StringEncoding::CompactUtf16 => CanonicalOption::CompactUTF16,
            });
        }
        if let Some(realloc) = self.realloc {
            options.push(CanonicalOption::Realloc(index(realloc)?));
        }
        if let Some(post_return) = self.post_return {
            options.push(CanonicalOption::PostReturn(index(post_return)?));
        }
        if self.async_ {
            options.push(CanonicalOption::Async);
        }
        if let Some(callback) = self.callback {
            options.push(CanonicalOption::Callback(index(callback)?));
        }
        Ok(options)
    }
}

/// Finds and names every item at the boundary.
pub fn boundary(
    plan: &Plan<'_>,
    facts: &Facts,
    shims: &Shims,
    bound: &Bound<'_>,
    options: &Options,
) -> Result<Boundary> {
    let is_standard = options.emit == Emit::Module;
    let mut boundary = Boundary { names: CoreNames::new(is_standard), ..Boundary::default() };
    let whole = whole_names(&plan.root_exports);
    let context = Context { facts, shims, bound };
    if let HostMemory::Exported(memory) = facts.host_memory {
        boundary.names.name(bound.entity(memory)?, "memory");
    }
    for (path, item) in exported_funcs(plan) {
        for (id, _) in exported_lifts(plan, item) {
            if plan.main.as_ref().is_some_and(|main| main.lift == id) {
                continue;
            }
            let lift = &plan.lifts[id];
            let needs_memory =
                lift.options.async_ || analyse::needs_memory(plan, &facts.abi, lift.ty)?;
            let exchange = facts.exchanged.get(&id).map(|exchange| exchange.through);
            let is_root = facts.inside.as_ref().is_some_and(|it| it.roots.contains_key(&id));
            let callback = shims.event.filter(|_| is_root);
            let (func, options) = match (shims.exports[id], exchange) {
                // What it is called back with, and its post-return, are its own function's.
                (Some(func), _) if is_root => {
                    let own =
                        CanonicalOptions { post_return: None, callback: None, ..lift.options };
                    let own = context.options(own, Some(lift.owner))?;
                    let callback = callback.map(|func| bound.shim_func(func)).transpose()?;
                    (bound.shim_func(func)?, BoundaryOptions { async_: true, callback, ..own })
                }
                (Some(func), Some(Through::Bridge)) => {
                    let release = facts.abi.flatten(plan.types.func(lift.ty)?, Side::Lift);
                    let release = release.spilled_results.then_some(BridgeOp::Release);
                    (bound.shim_func(func)?, context.bridge(release)?)
                }
                (func, _) => {
                    // What its type does not need names no memory.
                    let options = CanonicalOptions {
                        memory: lift.options.memory.filter(|_| needs_memory),
                        realloc: lift.options.realloc.filter(|_| needs_memory),
                        ..lift.options
                    };
                    let func = match func {
                        Some(exchanged) => bound.shim_func(exchanged)?,
                        None => bound.func(lift.callee)?,
                    };
                    (func, context.options(options, Some(lift.owner))?)
                }
            };
            let wanted = match &path[..] {
                [interface, function] if let Some(interface) = whole.get(&**interface) => {
                    format!("{interface}#{function}")
                }
                path => path.join("#"),
            };
            let name = boundary.names.name(func, &wanted);
            boundary.name_options(options, &name, "cabi_export_realloc");
            boundary.lifts[id] = Some(BoundaryFunc { func, options, name });
        }
    }
    for (id, external) in &facts.externals {
        let options = match external {
            External::Import { options, owner, .. } => context.options(*options, *owner)?,
            External::Exchange { .. } => context.bridge(None)?,
            External::Builtin(BuiltinKind::Async(builtin)) => match builtin.options() {
                Some(options) => context.options(options, owner_of(plan, *external))?,
                None => match builtin.table() {
                    Some(table) => BoundaryOptions {
                        table: Some(bound.entity(table)?),
                        ..BoundaryOptions::default()
                    },
                    None => continue,
                },
            },
            External::Token(TokenOp::WaitableSetWait | TokenOp::WaitableSetPoll) => {
                BoundaryOptions {
                    memory: Some(bound.records_memory()?),
                    ..BoundaryOptions::default()
                }
            }
            External::Builtin(_) | External::Token(_) | External::Exit => continue,
        };
        boundary.name_options(options, "", "cabi_import_realloc");
        boundary.externals[id] = options;
    }
    for (id, resource) in &plan.resources {
        let Resource::Defined { dtor, .. } = resource else { continue };
        if facts.resources[id] != HandlePolicy::Internal {
            let dtor = match shims.dtors[id] {
                Some(exchanged) => Some(bound.shim_func(exchanged)?),
                None => dtor.map(|dtor| bound.func(dtor)).transpose()?,
            };
            if let Some(dtor) = dtor {
                let name = plan.standard_dtor(id).filter(|_| is_standard);
                boundary.names.name(dtor, &name.unwrap_or_else(|| format!("[dtor]{id}")));
            }
            boundary.dtors.push((id, dtor));
        }
    }
    if let HostMemory::Region(memory) = facts.host_memory
        && !boundary.names.iter().any(|(item, _)| is_memory(item))
    {
        boundary.names.name(bound.entity(memory)?, "memory");
    }
    Ok(boundary)
}

fn is_memory(item: Item) -> bool {
    matches!(item, Item::Defined { kind: EntityKind::Memory, .. })
}

impl Boundary {
    /// Whether something has to be there before the fused module and lead into it.
    pub fn has_trampolines(&self) -> bool {
        self.externals.values().any(BoundaryOptions::is_indirect)
            || self.dtors.iter().any(|(_, dtor)| dtor.is_some())
    }

    /// Names what options refer to. What allocates is called by a general name, and by this one if that is taken.
    fn name_options(&mut self, options: BoundaryOptions, func: &str, realloc_of: &str) {
        if let Some(memory) = options.memory {
            self.names.name(memory, "memory");
        }
        if let Some(table) = options.table {
            self.names.name(table, "table");
        }
        if let Some(realloc) = options.realloc {
            let general = "cabi_realloc";
            let is_taken = self.names.is_of_another(general, realloc);
            self.names.name(realloc, if is_taken { realloc_of } else { general });
        }
        if let Some(post_return) = options.post_return {
            self.names.name(post_return, &format!("cabi_post_{func}"));
        }
        if let Some(callback) = options.callback {
            self.names.name(callback, &format!("[callback]{func}"));
        }
    }
}

/// The instance that has a built-in of the engine with `realloc`: there is only one that has any.
fn owner_of(plan: &Plan<'_>, external: External) -> Option<InstanceId> {
    let mut builtins = plan.builtins.values();
    let found = builtins.find(|builtin| External::Builtin(builtin.kind) == external);
    found.map(|builtin| builtin.owner)
}

struct Context<'c, 'a> {
    facts: &'c Facts,
    shims: &'c Shims,
    bound: &'c Bound<'a>,
}

impl Context<'_, '_> {
    fn options(
        &self,
        options: CanonicalOptions,
        owner: Option<InstanceId>,
    ) -> Result<BoundaryOptions> {
        let func = |func: Option<CoreFunc>| match func {
            None => Ok(None),
            Some(func) => self.lockable(func, owner).map(Some),
        };
        Ok(BoundaryOptions {
            encoding: options.encoding,
            memory: options.memory.map(|memory| self.bound.entity(memory)).transpose()?,
            realloc: func(options.realloc)?,
            post_return: func(options.post_return)?,
            async_: options.async_,
            callback: options.callback.map(|func| self.bound.func(func)).transpose()?,
            table: None,
        })
    }

    /// The options of a function whose values go through the bridge.
    fn bridge(&self, post_return: Option<BridgeOp>) -> Result<BoundaryOptions> {
        let func = |op: BridgeOp| self.bound.runtime(ShimKind::Bridge, op.name());
        Ok(BoundaryOptions {
            encoding: BRIDGE_ENCODING,
            memory: Some(self.bound.room_memory(Memory::Bridge)?),
            realloc: Some(func(BridgeOp::Realloc)?),
            post_return: post_return.map(func).transpose()?,
            ..BoundaryOptions::default()
        })
    }

    /// A `realloc` or `post-return`, or what clears the flag around it.
    fn lockable(&self, func: CoreFunc, owner: Option<InstanceId>) -> Result<Item> {
        match owner.filter(|owner| self.facts.is_locked(*owner)) {
            None => self.bound.func(func),
            Some(owner) => {
                let locked = self.shims.locked.get(&(func, owner));
                let locked = locked.ok_or_else(|| Error::internal("a lock was not generated"))?;
                self.bound.shim_func(*locked)
            }
        }
    }
}
