//! From [`Plan`] and [`Facts`] to [`Shims`]: generated core modules that hold the code of crossings.
//!
//! # Problem
//!
//! A call from one instance into another copies values from one memory to the other, under the
//! caller's and the callee's canonical options. The engine would do that; here it is ordinary core
//! wasm, one function per crossing:
//!
//! ```text
//! caller's flat parameters
//!   -> lift from the caller's memory, checking   \  one recursion over the type with a source and
//!   -> lower into the callee's memory            /  a destination (`values`)
//! call the callee
//!   -> the same recursion over the result, with the ends exchanged
//! post-return
//! ```
//!
//! # Which module
//!
//! That is decided before (`analyse/modules.rs`), as is everything else: what is generated here
//! matches on [`Facts`]. All that a module imports exists when the module is instantiated, and all
//! that uses it comes later. So the modules can be instantiated one by one (`--emit flat`), or
//! merged; merging does not know them from guests.
//!
//! # Rooms
//!
//! `code` knows how a module is written, `guest` how a guest is called, `values` how values move,
//! `tasks` how a task ends, `calls` how a whole function is put together. Each may use those before
//! it. `library` adds the runtime modules that something imports, and `state` is the module of
//! globals.
//!
//! # Rejected
//!
//! One module for all adapters, as small as they are, would import what does not exist yet.
//! Adapters in the caller's module would need that module to be rewritten before it is merged.
//!
//! # Limits
//!
//! Bytes of code are bounded by `Limits::shim_bytes`; helpers keep them linear in the size of the
//! types (see `values/translate.rs`).

use std::collections::BTreeMap;

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use wasm_fuser_merge::hash::{HashMap, HashSet};

use self::code::{Adapters, FuncId};
pub use self::code::{Allocator, Between, Memory, Need, Transcoder};
use crate::analyse::{
    Binding, BuiltinBinding, ClearStart, Facts, LockedFunc, Member, Module, ModuleKind, Turn,
};
use crate::core::UniqueNames;
use crate::error::{Error, Result};
use crate::ids::id;
use crate::options::{MemoryPlan, Options};
use crate::plan::{BuiltinId, CoreFunc, InstanceId, LiftId, LowerId, Plan, ResourceId};
use crate::runtime::{Step, TaskPart};

mod calls;
mod code;
mod guest;
mod library;
mod state;
mod tasks;
mod values;

id! {
    /// A shim: a generated module, instantiated once.
    pub struct ShimId("shim");
}

/// The generated modules, and what is bound to their functions.
#[derive(Debug)]
pub struct Shims {
    /// In an order in which each comes after those that it imports from.
    pub shims: PrimaryMap<ShimId, Shim>,
    /// The function of each lower that has one.
    pub lowers: SecondaryMap<LowerId, Option<ShimFunc>>,
    /// The function of each built-in that has one.
    pub builtins: SecondaryMap<BuiltinId, Option<ShimFunc>>,
    /// What the engine calls in place of an exported function, where handles are exchanged.
    pub exports: SecondaryMap<LiftId, Option<ShimFunc>>,
    /// What a command does.
    pub main: Option<ShimFunc>,
    /// What the engine calls back for an event, where the module keeps tasks.
    pub event: Option<ShimFunc>,
    /// What the engine calls in place of the destructor of a bridged resource.
    pub dtors: SecondaryMap<ResourceId, Option<ShimFunc>>,
    /// What the engine calls in place of a guest's `realloc` or `post-return`.
    pub locked: HashMap<(CoreFunc, InstanceId), ShimFunc>,
    kinds: HashSet<ShimKind>,
    names: UniqueNames,
}

/// A generated module.
#[derive(Debug)]
pub struct Shim {
    /// A name that is unique, and valid as a file name anywhere.
    pub name: String,
    /// The module.
    pub bytes: Vec<u8>,
    /// What its imports are, in order.
    pub imports: Vec<Need>,
    /// Of a module of the runtime library, the functions that it exports.
    pub exports: BTreeMap<String, u32>,
    /// How many core instances of the plan exist when it is instantiated.
    pub after: usize,
    /// When among the shims of that moment.
    pub turn: Turn,
    /// What it holds.
    pub kind: ShimKind,
}

/// What a shim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShimKind {
    /// The state of the instances.
    State,
    /// The routine that copies UTF-8.
    Utf8(Between),
    /// Generated functions.
    Code(ModuleKind),
    /// A memory of the runtime's own, and what makes room there.
    Room(Memory),
    /// The store.
    Store,
    /// The handle table of that number.
    Table(u32),
    /// The bridge.
    Bridge,
    /// The table of functions that tasks begin with, go on with and return by.
    Functions,
    /// A part of what keeps tasks.
    Tasks(TaskPart),
    /// The routines that move runs of code units.
    Runs(Between),
    /// The allocation of strings.
    Reallocate(Allocator),
    /// The transcoding of strings.
    Transcode(Transcoder),
}

impl ShimKind {
    /// Whether it is a module of the runtime library, whose code was there before.
    pub fn is_of_library(self) -> bool {
        match self {
            ShimKind::Utf8(_)
            | ShimKind::Store
            | ShimKind::Bridge
            | ShimKind::Room(_)
            | ShimKind::Table(_)
            | ShimKind::Tasks(_)
            | ShimKind::Runs(_)
            | ShimKind::Transcode(_) => true,
            ShimKind::State | ShimKind::Code(_) | ShimKind::Functions | ShimKind::Reallocate(_) => {
                false
            }
        }
    }
}

/// A function of a shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShimFunc {
    /// The shim.
    pub shim: ShimId,
    /// Its index in the module.
    pub index: u32,
    /// Bytes of its code.
    pub size: u32,
}

/// Generates every shim.
pub fn shim(plan: &Plan<'_>, facts: &Facts, options: &Options) -> Result<Shims> {
    let step = match options.memory {
        _ if !options.simd => Step::Scalar,
        MemoryPlan::Split => Step::SimdFar,
        MemoryPlan::Multi | MemoryPlan::Single => Step::Simd,
    };
    let mut shims = Shims {
        shims: PrimaryMap::new(),
        lowers: SecondaryMap::new(),
        builtins: SecondaryMap::new(),
        exports: SecondaryMap::new(),
        main: None,
        event: None,
        dtors: SecondaryMap::new(),
        locked: HashMap::new(),
        kinds: HashSet::new(),
        names: UniqueNames::default(),
    };
    if let Some(state) = state::state(plan, &facts.state) {
        shims.names.reserve(state.name.as_str());
        shims.shims.push(state);
    }
    if let Some(inside) = &facts.inside {
        let functions = state::functions(inside.places());
        shims.names.reserve(functions.name.as_str());
        shims.shims.push(functions);
    }
    for locked in &facts.locked {
        shims.locked(plan, facts, locked)?;
    }
    let mut budget = options.limits.shim_bytes;
    for start in &facts.clear_starts {
        shims.clear_start(plan, facts, start)?;
    }
    for module in &facts.modules {
        budget = shims.module(plan, facts, module, step, budget)?;
    }
    Ok(shims)
}

impl Shims {
    /// Generates a module, and returns what is left of the bytes that there may be.
    fn module(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        module: &Module,
        step: Step,
        budget: u64,
    ) -> Result<u64> {
        let mut adapters = Adapters::new(plan, facts, step, budget);
        let mut funcs = Vec::new();
        for &member in &module.members {
            funcs.push((member, adapters.member(member)?));
        }
        adapters.finish_helpers()?;
        let left = budget.saturating_sub(adapters.builder.code_bytes());
        let kind = ShimKind::Code(module.kind);
        let moment = (module.after, Turn::InOrder);
        let (shim, built) = self.push(plan, facts, adapters, kind, moment)?;
        for (member, func) in funcs {
            let (index, size) = built.funcs[func];
            let func = ShimFunc { shim, index, size };
            match member {
                Member::Lower(lower) => self.lowers[lower].replace(func),
                Member::Builtin(builtin) => self.builtins[builtin].replace(func),
                Member::Export(lift) | Member::Entry(lift) | Member::Root(lift) => {
                    self.exports[lift].replace(func)
                }
                Member::Event => self.event.replace(func),
                // It is called through the table.
                Member::Resume(_) | Member::Copy(_) => None,
                Member::Dtor(resource, _) => self.dtors[resource].replace(func),
                Member::Main => self.main.replace(func),
            };
        }
        Ok(left)
    }

    /// Generates what clears slots before a start function.
    fn clear_start(&mut self, plan: &Plan<'_>, facts: &Facts, start: &ClearStart) -> Result<()> {
        let mut adapters = Adapters::new(plan, facts, Step::Scalar, u64::MAX);
        adapters.clear_start(start.owner);
        let kind = ShimKind::Code(ModuleKind::Boundary(start.owner));
        let moment = (start.before.index(), Turn::Last);
        self.push(plan, facts, adapters, kind, moment)?;
        Ok(())
    }

    /// Generates what clears a flag around a guest's function.
    fn locked(&mut self, plan: &Plan<'_>, facts: &Facts, locked: &LockedFunc) -> Result<()> {
        // Nothing here goes through memory.
        let mut adapters = Adapters::new(plan, facts, Step::Scalar, u64::MAX);
        let func = adapters.locked_call(locked)?;
        let kind = ShimKind::Code(ModuleKind::Boundary(locked.owner));
        let moment = (locked.after, locked.turn);
        let (shim, built) = self.push(plan, facts, adapters, kind, moment)?;
        let (index, size) = built.funcs[func];
        self.locked.insert((locked.func, locked.owner), ShimFunc { shim, index, size });
        Ok(())
    }
}

impl Adapters<'_, '_> {
    /// Generates the function that guests call.
    fn member(&mut self, member: Member) -> Result<FuncId> {
        let facts = self.facts;
        let func = match member {
            Member::Lower(lower) => match &facts.lowers[lower] {
                Some(Binding::Adapt(adapt)) => self.crossing(lower, adapt)?,
                Some(Binding::Start(adapt)) => self.starting(lower, adapt)?,
                Some(Binding::CannotEnter { .. }) => self.cannot_enter(lower)?,
                Some(Binding::Base { memory }) => self.memory_base(lower, *memory)?,
                Some(Binding::Boundary { external, .. }) => self.guarded(lower, *external)?,
                Some(Binding::Exchange { external, through, around }) => {
                    self.exchange_import(lower, *external, *through, *around)?
                }
                _ => return Err(Error::internal("a lower has no function of its own")),
            },
            Member::Builtin(builtin) => match &facts.builtins[builtin] {
                Some(BuiltinBinding::Table { leave }) => self.table_builtin(builtin, *leave)?,
                Some(BuiltinBinding::Engine { external, .. }) => {
                    self.engine_builtin(builtin, *external)?
                }
                Some(BuiltinBinding::WideSlot { external }) => {
                    self.wide_slot(builtin, *external)?
                }
                Some(BuiltinBinding::TaskReturn { leave, tasks }) => {
                    self.task_return(builtin, *leave, tasks)?
                }
                Some(BuiltinBinding::Inside { leave }) => self.inside_builtin(builtin, *leave)?,
                Some(BuiltinBinding::TaskCancel { leave }) => self.task_cancel(builtin, *leave)?,
                None => return Err(Error::internal("a built-in has no binding")),
            },
            Member::Root(lift) => self.root(lift)?,
            Member::Event => self.event()?,
            Member::Entry(lift) => self.entry(lift)?,
            Member::Resume(lift) => self.resume(lift)?,
            Member::Copy(way) => self.copies(way)?,
            Member::Export(lift) => match facts.exchanged.get(&lift) {
                Some(exchange) => self.exchange_export(lift, exchange)?,
                None => return Err(Error::internal("an export exchanges nothing")),
            },
            Member::Dtor(resource, dtor) => self.exchange_dtor(resource, dtor)?,
            Member::Main => match &self.plan.main {
                Some(main) => self.command(main)?,
                None => return Err(Error::internal("there is no command")),
            },
        };
        self.builder.export(func);
        self.limit_code()?;
        Ok(func)
    }
}
