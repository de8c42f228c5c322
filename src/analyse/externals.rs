//! What the boundary provides: the core functions that the fused module imports.
//!
//! Two lowers of one import are one external where they can be: of their options, only those are
//! kept that matter to the type. Externals are numbered in order of first use.

use cranelift_entity::{PrimaryMap, SecondaryMap};
use wasm_fuser_merge::hash::HashMap;

use super::HandlePolicy;
use super::tasks::Context;
use crate::abi::{Abi, Side};
use crate::core::ExternalId;
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinKind, CanonicalOptions, ContextSlot, ImportId, InstanceId, Lower, Plan,
    Resource, ResourceId,
};
use crate::runtime::TokenOp;

/// A slot of context that an instance uses.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The slot.
    pub slot: ContextSlot,
    /// Where it is.
    pub home: SlotHome,
}

/// Where a slot of context is.
#[derive(Clone, Copy, Debug)]
pub enum SlotHome {
    /// With the engine.
    Engine {
        /// `context.get`.
        get: ExternalId,
        /// `context.set`.
        set: ExternalId,
    },
    /// In a global of the fused module.
    Global,
}

/// A core function that the boundary provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum External {
    /// A lowered import of the root, with the options that its type needs.
    Import {
        /// The import.
        import: ImportId,
        /// What its type needs of the lower's options.
        options: CanonicalOptions,
        /// The instance whose options they are, where it matters.
        owner: Option<InstanceId>,
    },
    /// A lowered import of the root whose values go through the bridge.
    Exchange {
        /// The import.
        import: ImportId,
    },
    /// A built-in of the engine.
    Builtin(BuiltinKind),
    /// The core import that ends a command that has failed.
    Exit,
    /// A built-in of the engine that the module keeps tasks with.
    Token(TokenOp),
}

impl External {
    /// Of a built-in, the resource that it is about.
    pub fn resource(&self) -> Option<ResourceId> {
        match self {
            External::Builtin(kind) => kind.resource(),
            _ => None,
        }
    }
}

/// The engine's built-ins for a resource.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// `resource.new`; not for a resource of the host.
    pub new: ExternalId,
    /// `resource.rep`; not for a resource of the host.
    pub rep: ExternalId,
    /// `resource.drop`.
    pub drop: ExternalId,
}

/// Externals, as they are found: equal ones have one id.
#[derive(Default)]
pub(super) struct Externals {
    all: PrimaryMap<ExternalId, External>,
    ids: HashMap<External, ExternalId>,
}

impl Externals {
    /// The id of an external.
    pub fn id(&mut self, external: External) -> ExternalId {
        *self.ids.entry(external).or_insert_with(|| self.all.push(external))
    }

    /// All of them.
    pub fn all(self) -> PrimaryMap<ExternalId, External> {
        self.all
    }

    /// What reads and writes the slots of context that each instance uses.
    pub fn context(&mut self, used: &Context) -> SecondaryMap<InstanceId, Vec<Slot>> {
        let mut context: SecondaryMap<InstanceId, Vec<Slot>> = SecondaryMap::new();
        for (instance, slots) in used.iter() {
            context[instance] = slots.iter().map(|slot| self.slot(*slot)).collect();
        }
        context
    }

    fn slot(&mut self, slot: ContextSlot) -> Slot {
        let mut id = |kind| self.id(External::Builtin(BuiltinKind::Async(kind)));
        let get = id(AsyncBuiltin::ContextGet(slot));
        let set = id(AsyncBuiltin::ContextSet(slot));
        Slot { slot, home: SlotHome::Engine { get, set } }
    }

    /// The engine's built-ins for each resource whose handles are exchanged.
    pub fn engine(
        &mut self,
        plan: &Plan<'_>,
        policies: &SecondaryMap<ResourceId, HandlePolicy>,
    ) -> SecondaryMap<ResourceId, Option<Engine>> {
        let mut engine = SecondaryMap::new();
        for (resource, definition) in &plan.resources {
            if policies[resource].is_bridged() {
                let mut id = |kind| self.id(External::Builtin(kind));
                let drop = id(BuiltinKind::ResourceDrop(resource));
                // The host's own resources have neither: what would ask for them is an error.
                let (new, rep) = match definition {
                    Resource::Imported { .. } => (drop, drop),
                    Resource::Defined { .. } => (
                        id(BuiltinKind::ResourceNew(resource)),
                        id(BuiltinKind::ResourceRep(resource)),
                    ),
                };
                engine[resource] = Some(Engine { new, rep, drop });
            }
        }
        engine
    }
}

/// The slots of context that each instance uses, where the module keeps them.
pub(super) fn context_inside(used: &Context) -> SecondaryMap<InstanceId, Vec<Slot>> {
    let mut context: SecondaryMap<InstanceId, Vec<Slot>> = SecondaryMap::new();
    for (instance, slots) in used.iter() {
        let inside = |slot: &ContextSlot| Slot { slot: *slot, home: SlotHome::Global };
        context[instance] = slots.iter().map(inside).collect();
    }
    context
}

/// What the boundary has to provide for a lowered import.
pub(super) fn imported(
    plan: &Plan<'_>,
    abi: &Abi,
    lower: &Lower,
    import: ImportId,
) -> Result<External> {
    let ty = plan.types.func(lower.ty)?;
    let signature = abi.flatten(ty, Side::of_lower(&lower.options));
    let pointers = |ty| abi.has_pointers(ty);
    let needs_realloc = ty.result.is_some_and(pointers);
    let has_pointers = ty.param_types().any(pointers) || needs_realloc;
    let needs_memory = has_pointers || signature.spilled_params || signature.spilled_results;
    let options = lower.options;
    Ok(External::Import {
        import,
        options: CanonicalOptions {
            encoding: if has_pointers { options.encoding } else { Default::default() },
            memory: options.memory.filter(|_| needs_memory),
            realloc: options.realloc.filter(|_| needs_realloc),
            async_: options.async_,
            ..CanonicalOptions::default()
        },
        owner: needs_realloc.then_some(lower.owner),
    })
}
