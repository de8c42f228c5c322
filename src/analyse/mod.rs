//! From the [`Plan`] to [`Facts`]: every decision, each an enum that carries its reason.
//!
//! Whoever generates code only matches on these; whoever explains prints these, and nothing else
//! is explained. Decided here:
//!
//! * for each lower, its [`Binding`]: straight to the callee, through an adapter, or to the
//!   boundary; and the [`BuiltinBinding`] of each built-in;
//! * for each component instance, the checks of `may_leave` that can fire ([`MayLeave`]);
//! * for each resource, its [`HandlePolicy`];
//! * what goes through the bridge at the boundary (`bridge`);
//! * the [`External`]s: what the fused module imports;
//! * which memory core functions of the host see ([`HostMemory`]);
//! * what is done around each call ([`Around`]);
//! * the [`State`] of instances, and which modules of generated functions there are, in which order
//!   ([`Module`]).
//!
//! It looks at types, options and the graph: never at guests' code, never at names.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap};
use wasm_encoder::ValType;
use wasm_fuser_merge::hash::HashSet;

pub use self::bindings::{Binding, BuiltinBinding, Returning};
use self::bridge::Bridged;
pub use self::bridge::{BRIDGE_ENCODING, BridgePlace, Through, needs_memory};
pub use self::calls::{Adapt, Around, Ending, Exchange, Passing, Running, Slots, Stack};
use self::conflict::Conflict;
pub use self::copies::{Way, element, end_type};
use self::externals::Externals;
pub use self::externals::{Engine, External, Slot, SlotHome};
pub use self::guards::{Leave, Lock, MayLeave};
pub use self::hosted::HostMemory;
pub use self::hosts::HostEnd;
pub use self::inside::{Inside, Root, TaskFunc};
pub use self::lends::{Frame, Lends};
pub use self::modules::{LockedFunc, Member, Module, ModuleKind, Turn};
pub use self::moves::Move;
use self::moves::Moves;
use self::outside::Outside;
pub use self::resources::HandlePolicy;
pub use self::starts::ClearStart;
pub use self::state::State;
use crate::abi::{Abi, Side};
pub use crate::core::ExternalId;
use crate::core::FuncType;
use crate::error::Result;
use crate::options::{Options, Tasks};
use crate::plan::{
    BuiltinId, BuiltinKind, ContextSlot, CoreEntity, FuncDef, InstanceId, LiftId, LowerId, Plan,
    ResourceId, Role, StringEncoding, TypeId, exported_lifts,
};

mod bindings;
mod blocking;
mod bridge;
mod calls;
mod concurrent;
mod conflict;
mod copies;
mod dump;
mod entered;
mod externals;
mod graph;
mod guards;
mod hosted;
mod hosts;
mod inside;
mod lends;
mod modules;
mod moves;
mod options;
mod outside;
mod resources;
mod starts;
mod state;
mod tables;
mod taskless;
mod tasks;

/// Every decision.
#[derive(Debug)]
pub struct Facts {
    /// The layout of every type, for 32-bit pointers.
    pub abi: Abi,
    /// The same for 64-bit pointers, if there is a memory with such addresses.
    abi64: Option<Abi>,
    /// What the boundary provides, in order of first use.
    pub externals: PrimaryMap<ExternalId, External>,
    /// How each lower is bound.
    pub lowers: SecondaryMap<LowerId, Option<Binding>>,
    /// How each built-in is bound.
    pub builtins: SecondaryMap<BuiltinId, Option<BuiltinBinding>>,
    /// How handles of each resource are kept.
    pub resources: SecondaryMap<ResourceId, HandlePolicy>,
    /// The engine's built-ins for each bridged resource.
    pub engine: SecondaryMap<ResourceId, Option<Engine>>,
    /// The exported functions whose values are exchanged.
    pub exchanged: BTreeMap<LiftId, Exchange>,
    /// The types that mention a resource whose handles are exchanged.
    pub exchanged_types: EntitySet<TypeId>,
    /// Where the bridge is, if there is one.
    pub bridge: BridgePlace,
    /// Which checks of `may_leave` can fire.
    pub may_leave: SecondaryMap<InstanceId, MayLeave>,
    /// The slots of context that each instance uses: they are cleared when it is entered.
    pub context: SecondaryMap<InstanceId, Vec<Slot>>,
    /// The start functions before which slots are cleared.
    pub clear_starts: Vec<ClearStart>,
    /// What a call of a guest does about exceptions.
    pub exceptions: Exceptions,
    /// The instances that have a handle table in the fused module; a table's number is its position.
    pub tables: HashSet<InstanceId>,
    /// The state of instances: the globals of a module, by index.
    pub state: HashSet<State>,
    /// The modules of generated functions.
    pub modules: Vec<Module>,
    /// What clears flags for the engine.
    pub locked: Vec<LockedFunc>,
    /// What ends a command that has failed.
    pub exit: Option<ExternalId>,
    /// The memory that is exported for core functions of the host.
    pub host_memory: HostMemory,
    /// How strings are encoded at the boundary of a module in the standard form.
    pub host_encoding: StringEncoding,
    /// What there is for tasks, if the module keeps them; else they are the engine's.
    pub inside: Option<Inside>,
}

/// The slot of context in which the engine keeps which of our tasks one of its own is.
pub(crate) const ENGINE_SLOT: ContextSlot = ContextSlot { ty: ValType::I32, index: 0 };

/// What a call of a guest does about exceptions: one that leaves a lifted function must trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceptions {
    /// Nothing: no module has a tag, so nobody can throw.
    None,
    /// It catches them, and traps.
    Trap,
    /// It does so with the instructions of the proposal before the specification, for the guests have
    /// these and no others: so the result runs where they run.
    TrapBefore,
}

fn exceptions(plan: &Plan<'_>) -> Exceptions {
    let any = |is: fn(&crate::decode::Module<'_>) -> bool| plan.decoded.modules.values().any(is);
    match (any(|it| it.has_tags), any(|it| it.has_try), any(|it| it.has_try_table)) {
        (false, _, _) => Exceptions::None,
        (true, true, false) => Exceptions::TrapBefore,
        (true, _, _) => Exceptions::Trap,
    }
}

/// The guests that are to be components of their own: none, unless tasks of the engine are to be
/// apart and cannot be those of one instance.
pub fn apart(plan: &Plan<'_>, options: &Options) -> Result<BTreeSet<InstanceId>> {
    if options.tasks == Tasks::Refuse {
        return Ok(BTreeSet::new());
    }
    let abi = Abi::new(&plan.types, ValType::I32);
    match keeper(plan, &abi, options)?.tasks {
        Keeper::Engine | Keeper::Module(_) => Ok(BTreeSet::new()),
        Keeper::Nobody(..) => tasks::apart(plan, &abi),
    }
}

/// How handles are kept, what goes through the bridge, and who keeps tasks.
struct Kept {
    resources: SecondaryMap<ResourceId, HandlePolicy>,
    bridged: Bridged,
    tasks: Keeper,
}

/// Who keeps tasks.
enum Keeper {
    /// The engine; there may be none.
    Engine,
    /// The module.
    Module(Box<Inside>),
    /// The engine cannot, and neither can the module.
    Nobody(Conflict, Outside),
}

/// Decides who keeps tasks: the engine, if it can. The module's own handle tables are then those of
/// waitables, too, so it may depend on that which handles are left to the engine.
fn keeper(plan: &Plan<'_>, abi: &Abi, options: &Options) -> Result<Kept> {
    let kept = |by_engine| -> Result<_> {
        let resources = resources::policies(plan, options.share_handles, by_engine);
        let bridged = bridge::bridged(plan, abi, &resources, options, by_engine)?;
        Ok((resources, bridged))
    };
    let (resources, bridged) = kept(true)?;
    let Some(conflict) = tasks::conflict(plan, abi, &bridged)? else {
        return Ok(Kept { resources, bridged, tasks: Keeper::Engine });
    };
    let (resources, bridged) = kept(false)?;
    let tasks = match inside::inside(plan, abi, &resources, &bridged)? {
        Ok(inside) => Keeper::Module(Box::new(inside)),
        Err(outside) => Keeper::Nobody(conflict, outside),
    };
    Ok(Kept { resources, bridged, tasks })
}

/// Decides.
///
/// # Errors
///
/// What cannot be proved to stay the same is refused: a [`Conflict`](conflict::Conflict), or a
/// canonical option that is not fused.
pub fn analyse(plan: &Plan<'_>, options: &Options) -> Result<Facts> {
    let abi = Abi::new(&plan.types, ValType::I32);
    options::check(plan)?;
    let Kept { resources, bridged, tasks } = keeper(plan, &abi, options)?;
    let mut inside = match tasks {
        Keeper::Engine => None,
        Keeper::Module(inside) => Some(*inside),
        Keeper::Nobody(conflict, outside) => return Err(conflict.refused(plan, &outside)),
    };
    let may_leave = guards::may_leave(plan, &abi, &resources, &bridged, inside.is_some())?;
    let mut externals = Externals::default();
    if let Some(inside) = &mut inside {
        inside.externals(plan, &mut externals)?;
    }
    let mut facts = Facts {
        abi,
        abi64: plan.has_memory64().then(|| Abi::new(&plan.types, ValType::I64)),
        externals: PrimaryMap::new(),
        lowers: SecondaryMap::new(),
        builtins: SecondaryMap::new(),
        engine: SecondaryMap::new(),
        exchanged: BTreeMap::new(),
        exchanged_types: bridged.types.clone(),
        bridge: BridgePlace::Apart,
        resources,
        may_leave,
        context: SecondaryMap::new(),
        clear_starts: Vec::new(),
        exceptions: exceptions(plan),
        tables: HashSet::new(),
        state: HashSet::new(),
        modules: Vec::new(),
        locked: Vec::new(),
        exit: None,
        host_memory: hosted::memory(plan, options)?,
        host_encoding: bridged.encoding,
        inside,
    };
    facts.context = match &facts.inside {
        None => externals.context(&tasks::context(plan)),
        Some(_) => externals::context_inside(&tasks::context(plan)),
    };
    facts.clear_starts = starts::clear_starts(plan, &facts.context);
    let mut moves = Moves::default();
    for (id, lower) in &plan.lowers {
        facts.lowers[id] = Some(match lower.target {
            FuncDef::Lift(lift) => facts.crossing(plan, id, lift, &mut moves)?,
            FuncDef::Import(import) if plan.imports[import].role == Role::MemoryBase => {
                Binding::Base { memory: hosted::memory_of(plan, lower.owner)? }
            }
            FuncDef::Import(import) => {
                match bridged.function(plan, &facts.abi, lower.ty, Side::Lower)? {
                    Some(way) => facts.exchange(plan, &mut externals, lower, import, way)?,
                    None => facts.call_out(plan, &mut externals, lower, import)?,
                }
            }
        });
    }
    for (id, builtin) in &plan.builtins {
        facts.builtins[id] = Some(facts.builtin(plan, &mut externals, builtin)?);
    }
    let exits = plan.main.as_ref().is_some_and(|main| main.can_fail && main.exit.is_some());
    facts.exit = exits.then(|| externals.id(External::Exit));
    facts.engine = externals.engine(plan, &facts.resources);
    facts.externals = externals.all();
    for (_, item) in &plan.root_exports {
        for (lift, _) in exported_lifts(plan, *item) {
            let lifted = &plan.lifts[lift];
            if facts.inside.as_ref().is_some_and(|inside| inside.roots.contains_key(&lift)) {
                continue;
            }
            if let Some(way) = bridged.function(plan, &facts.abi, lifted.ty, Side::Lift)? {
                facts.exchanged.insert(lift, Exchange::of_export(plan, &facts, lifted, way)?);
            }
        }
    }
    facts.tables = tables::tables(plan, &facts)?;
    facts.bridge = BridgePlace::new(&facts, facts.store(plan), options);
    facts.state = state::state(plan, &facts)?;
    (facts.modules, facts.locked) = modules::modules(plan, &facts)?;
    Ok(facts)
}

/// The core type of pointers into a memory, if there is one.
pub fn pointer_type(plan: &Plan<'_>, memory: Option<CoreEntity>) -> ValType {
    match memory.is_some_and(|memory| plan.is_memory64(memory)) {
        true => ValType::I64,
        false => ValType::I32,
    }
}

impl Facts {
    /// The layout of every type, for pointers into a memory.
    pub fn abi_of(&self, plan: &Plan<'_>, memory: Option<CoreEntity>) -> &Abi {
        self.abi_with(pointer_type(plan, memory))
    }

    /// The layout of every type, for pointers of that core type.
    pub fn abi_with(&self, pointer: ValType) -> &Abi {
        match (pointer, &self.abi64) {
            (ValType::I64, Some(abi)) => abi,
            _ => &self.abi,
        }
    }

    /// The core type of a lowered function, as its caller sees it.
    pub fn lowered(&self, plan: &Plan<'_>, lower: LowerId) -> Result<FuncType> {
        let lower = &plan.lowers[lower];
        let abi = self.abi_of(plan, lower.options.memory);
        let signature = abi.flatten(plan.types.func(lower.ty)?, Side::of_lower(&lower.options));
        Ok(signature.ty)
    }

    /// The core type of a built-in.
    pub fn builtin_type(&self, plan: &Plan<'_>, kind: BuiltinKind) -> FuncType {
        let memory = match kind {
            BuiltinKind::Async(builtin) => builtin.options().and_then(|options| options.memory),
            _ => None,
        };
        self.abi_of(plan, memory).builtin(&plan.types, kind)
    }
}
