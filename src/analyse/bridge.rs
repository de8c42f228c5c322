//! What is exchanged at the boundary, and what of it goes through the bridge: handles, and, where all
//! memories are one, whatever takes a pointer.
//!
//! # Handles
//!
//! The host has to be given the engine's handles, and a guest its own. Most are parameters, or the result:
//! core values that a generated function exchanges on their way, while the engine reads and writes whatever
//! lies in memory in the guest's own. A result that is too large is written by the engine where the guest has
//! asked for it; handles in it can be exchanged there, for nobody has seen them yet. But if there are pointers in
//! it, the engine calls the guest's `realloc` in between, and a guest could put another number in the
//! place of the engine's. And what a guest has written, it may read again. Such functions, and those with lists
//! of handles, go through the bridge ([`Through`]).
//!
//! # Pointers
//!
//! The engine is given one memory to lift from and lower into, and it knows nothing of regions
//! (`--memory single`). A guest's pointers count from where its region begins, and, worse, the engine would
//! follow them into the region of another guest. So no function of the boundary names a guest's
//! region: its values move through the bridge, as those with handles to exchange do (see
//! `shim/calls/exchange.rs`), and the bridge is the region that begins at 0. There pointers are checked against the
//! size of the guest's region, as the engine would check them against its memory, and what they point to
//! is copied, however deep it lies.
//!
//! Where there is one memory anyway, nothing of this is done.
//!
//! A module in the standard form ([`Emit::Module`]) has one memory at the boundary, too, with one encoding of
//! strings, and one function that allocates in it for what is imported and one for what is exported. If the
//! functions of the boundary would have several, they all have the bridge.
//!
//! Rejected: to lift from the guest at 0 directly. Its pointers would need no translation, but they would
//! still reach its neighbours.
//!
//! Limits: the engine's tasks read and write a guest's memory by themselves. An instance that has some
//! is refused, unless it has a component of its own (`--tasks apart`).

use std::collections::BTreeSet;

use cranelift_entity::{EntitySet, SecondaryMap};
use wasm_fuser_merge::hash::HashSet;

use super::resources::{self, HandlePolicy};
use super::{Binding, Facts};
use crate::abi::{Abi, Shape, Side, shape};
use crate::core::EntityKind;
use crate::error::Result;
use crate::options::{Emit, MemoryPlan, Options};
use crate::plan::{
    CanonicalOptions, CoreDef, CoreEntity, CoreFunc, CoreInstance, FuncDef, InstanceId, Plan,
    ResourceId, Role, StringEncoding, TypeId, exported_lifts,
};
use crate::runtime::Store;

/// How strings lie in the bridge: as most hosts have them. A string of the host that comes to a guest
/// in another encoding is then allocated there in the steps in which the engine would: those from UTF-8.
pub const BRIDGE_ENCODING: StringEncoding = StringEncoding::Utf8;

/// Through which memory the values of a function get to the host and back, some of which are handles
/// that are exchanged, or pointers that are translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// The guest's own, if any: handles are exchanged in core values, and where the engine has just
    /// written them.
    Guest,
    /// The bridge.
    Bridge,
}

impl Through {
    /// In words, after what is exchanged.
    pub fn name(self) -> &'static str {
        match self {
            Through::Guest => "with handles exchanged",
            Through::Bridge => "through the bridge",
        }
    }
}

/// Where the bridge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BridgePlace {
    /// In the store's memory.
    Store,
    /// In a memory of its own.
    Apart,
}

impl BridgePlace {
    /// Decides, for a store that may leave room for it, if values go through it at all.
    ///
    /// The engine of a component writes where it has asked for room, and nowhere else; an embedder of a core
    /// module, anywhere in a memory that it is given. And where all memories are one, the bridge is what begins at 0.
    pub(super) fn new(facts: &Facts, store: Store, options: &Options) -> BridgePlace {
        let is_through = |binding: &Option<Binding>| match binding {
            Some(Binding::Exchange { through, .. }) => *through == Through::Bridge,
            _ => false,
        };
        let is_used = facts.lowers.values().any(is_through)
            || facts.exchanged.values().any(|it| it.through == Through::Bridge);
        let is_engines = !options.emit.is_module() && options.memory != MemoryPlan::Single;
        match is_used && is_engines && store.leaves().is_some() {
            true => BridgePlace::Store,
            false => BridgePlace::Apart,
        }
    }
}

/// What is exchanged at the boundary.
pub(super) struct Bridged {
    /// The types that mention a resource whose handles are exchanged, or an end that is.
    pub types: EntitySet<TypeId>,
    /// Whether pointers are translated.
    pub pointers: bool,
    /// How strings are encoded at the boundary of a module in the standard form.
    pub encoding: StringEncoding,
}

/// Finds what is exchanged. Where the module keeps tasks, their records are in a memory, too.
pub(super) fn bridged(
    plan: &Plan<'_>,
    abi: &Abi,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    options: &Options,
    tasks_by_engine: bool,
) -> Result<Bridged> {
    let several = !tasks_by_engine || has_several_memories(plan, policies);
    let pointers = options.memory == MemoryPlan::Single && several;
    let encoding = BRIDGE_ENCODING;
    let mut types = resources::bridged(plan, policies);
    if !tasks_by_engine {
        let ends = plan.types.iter().filter(|(ty, _)| plan.types.asynchronous_part(*ty).is_some());
        types.extend(ends.map(|(ty, _)| ty));
    }
    let mut bridged = Bridged { types, pointers, encoding };
    if options.emit == Emit::Module {
        let ends = Ends::of(plan, abi, &bridged)?;
        match ends.encodings.first() {
            Some(encoding) if ends.are_one() => bridged.encoding = *encoding,
            _ => bridged.pointers |= !ends.are_one(),
        }
    }
    Ok(bridged)
}

/// What functions of the boundary are lifted and lowered with.
#[derive(Default)]
struct Ends {
    /// The memories; none stands for the bridge.
    memories: HashSet<Option<CoreEntity>>,
    encodings: BTreeSet<StringEncoding>,
    /// What allocates, and in which instance.
    for_imports: HashSet<(CoreFunc, InstanceId)>,
    for_exports: HashSet<(CoreFunc, InstanceId)>,
    /// Whether addresses have 64 bits.
    wide: bool,
}

impl Ends {
    fn of(plan: &Plan<'_>, abi: &Abi, bridged: &Bridged) -> Result<Ends> {
        let mut ends = Ends::default();
        for lower in plan.lowers.values() {
            if let FuncDef::Import(import) = lower.target
                && plan.imports[import].role == Role::World
            {
                let of = (lower.options, lower.owner);
                ends.add(plan, abi, bridged, lower.ty, Side::Lower, of)?;
            }
        }
        for (_, item) in plan.world_exports() {
            for (lift, _) in exported_lifts(plan, *item) {
                let lift = &plan.lifts[lift];
                let of = (lift.options, lift.owner);
                ends.add(plan, abi, bridged, lift.ty, Side::Lift, of)?;
            }
        }
        Ok(ends)
    }

    fn add(
        &mut self,
        plan: &Plan<'_>,
        abi: &Abi,
        bridged: &Bridged,
        ty: TypeId,
        side: Side,
        (options, owner): (CanonicalOptions, InstanceId),
    ) -> Result<()> {
        if bridged.function(plan, abi, ty, side)? == Some(Through::Bridge) {
            self.memories.insert(None);
            self.encodings.insert(BRIDGE_ENCODING);
            return Ok(());
        }
        if !needs_memory(plan, abi, ty)? {
            return Ok(());
        }
        if let Some(memory) = options.memory {
            self.memories.insert(Some(memory));
            self.wide |= plan.is_memory64(memory);
        }
        let func = plan.types.func(ty)?;
        if func.param_types().chain(func.result).any(|ty| abi.has_pointers(ty)) {
            self.encodings.insert(options.encoding);
        }
        let reallocs = match side {
            Side::Lift => &mut self.for_exports,
            _ => &mut self.for_imports,
        };
        reallocs.extend(options.realloc.map(|realloc| (realloc, owner)));
        Ok(())
    }

    fn are_one(&self) -> bool {
        let counts = [
            self.memories.len(),
            self.encodings.len(),
            self.for_imports.len(),
            self.for_exports.len(),
        ];
        counts.into_iter().all(|count| count <= 1) && !self.wide
    }
}

impl Bridged {
    /// How a function of the boundary is exchanged, if it is: one that is lowered for a guest, or one of
    /// a guest that is lifted.
    pub fn function(
        &self,
        plan: &Plan<'_>,
        abi: &Abi,
        ty: TypeId,
        side: Side,
    ) -> Result<Option<Through>> {
        if self.pointers && needs_memory(plan, abi, ty)? {
            return Ok(Some(Through::Bridge));
        }
        if !self.types.contains(ty) {
            return Ok(None);
        }
        let func = plan.types.func(ty)?;
        let signature = abi.flatten(func, side);
        let params: Vec<_> = func.param_types().collect();
        let results: Vec<_> = func.result.into_iter().collect();
        let in_place =
            self.is_in_place(plan, abi, &params, signature.spilled_params, !side.is_lower())
                && self.is_in_place(
                    plan,
                    abi,
                    &results,
                    signature.spilled_results,
                    side.is_lower(),
                );
        Ok(Some(if in_place { Through::Guest } else { Through::Bridge }))
    }

    /// How an `async` function that is lifted is exchanged, where the module keeps tasks: its result is what
    /// `task.return` is called with.
    pub fn task(&self, plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> Result<Option<Through>> {
        if self.pointers && needs_memory(plan, abi, ty)? {
            return Ok(Some(Through::Bridge));
        }
        if !self.types.contains(ty) {
            return Ok(None);
        }
        let func = plan.types.func(ty)?;
        let params: Vec<_> = func.param_types().collect();
        let results: Vec<_> = func.result.into_iter().collect();
        let in_memory = abi.flatten(func, Side::AsyncLift).spilled_params;
        let in_place = self.is_in_place(plan, abi, &params, in_memory, true)
            && self.is_in_place(plan, abi, &results, abi.flat_record(func.result).is_none(), false);
        Ok(Some(if in_place { Through::Guest } else { Through::Bridge }))
    }

    /// Whether handles among these values can be exchanged where they are: in core values; or in
    /// memory that the engine has written, if it runs no code of the guest after that. Where a guest has
    /// written, it may look again.
    fn is_in_place(
        &self,
        plan: &Plan<'_>,
        abi: &Abi,
        types: &[TypeId],
        spilled: bool,
        by_engine: bool,
    ) -> bool {
        if !types.iter().any(|ty| self.types.contains(*ty)) {
            return true;
        }
        if spilled {
            return by_engine && !types.iter().any(|ty| abi.has_pointers(*ty));
        }
        let parts = types.iter().flat_map(|ty| plan.types.all_parts(*ty));
        !parts.into_iter().any(|part| match shape(&plan.types[part]) {
            Shape::List(element) => self.types.contains(element),
            _ => false,
        })
    }
}

/// Whether a function of the boundary is lifted or lowered with a memory.
pub fn needs_memory(plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> Result<bool> {
    let ty = plan.types.func(ty)?;
    let signature = abi.flatten(ty, Side::Lower);
    let has_pointers = ty.param_types().chain(ty.result).any(|ty| abi.has_pointers(ty));
    Ok(has_pointers || signature.spilled_params || signature.spilled_results)
}

/// Whether guests have several memories, or one beside those of handle tables.
fn has_several_memories(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
) -> bool {
    let is_memory = |def: &&CoreDef| {
        matches!(def, CoreDef::Entity(CoreEntity { kind: EntityKind::Memory, .. }))
    };
    // A module lists what it imports and what it defines.
    let defined = |it: &CoreInstance| {
        let listed = plan.module(it.module).memories.len();
        listed.saturating_sub(it.imports.iter().filter(is_memory).count())
    };
    let memories: usize = plan.core_instances.values().map(defined).sum();
    let has_tables = |resource| policies[resource] != HandlePolicy::Passthrough;
    memories + usize::from(plan.resources.keys().any(has_tables)) > 1
}
