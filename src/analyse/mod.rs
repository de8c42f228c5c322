//! From the [`Plan`] to [`Facts`]: every decision, each an enum that carries its reason.
//!
//! Whoever generates code only matches on these; whoever explains prints these, and nothing else
//! is explained. Decided here:
//!
//! * for each lower, its [`Binding`]: straight to the callee, through an adapter, or to the
//!   boundary;
//! * for each component instance, the checks of `may_leave` that can fire ([`MayLeave`]);
//! * for each resource, its [`HandlePolicy`];
//! * what goes through the bridge at the boundary (`bridge`);
//! * the [`External`]s: what the fused module imports.
//!
//! Types, options and the graph are all that is looked at: never guests' code, never names.

use std::collections::BTreeMap;

use cranelift_entity::{PrimaryMap, SecondaryMap};
use wasm_encoder::ValType;

pub use self::bridge::needs_memory;
pub use self::guards::MayLeave;
pub use self::moves::Move;
use self::moves::Moves;
pub use self::resources::HandlePolicy;
use self::tasks::Context;
pub use self::tasks::apart;
use crate::abi::Abi;
pub use crate::core::ExternalId;
use crate::error::Result;
use crate::options::Options;
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, CanonicalOptions, ContextSlot, CoreEntity,
    CoreFunc, FuncDef, ImportId, InstanceId, Lift, LiftId, Lower, LowerId, Plan, Resource,
    ResourceId, StringEncoding, exported_lifts,
};

mod bridge;
mod dump;
mod guards;
mod moves;
mod options;
mod resources;
mod tasks;

/// Every decision.
#[derive(Debug)]
pub struct Facts {
    /// The layout of every type, for 32-bit pointers.
    pub abi: Abi,
    /// The same for 64-bit pointers.
    abi64: Abi,
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
    /// The exported functions whose values go through the bridge, and whether borrows are made in
    /// the callee's table.
    pub exchanged: BTreeMap<LiftId, bool>,
    /// Which checks of `may_leave` can fire.
    pub may_leave: SecondaryMap<InstanceId, MayLeave>,
    /// The slots of context that each instance uses: they are cleared when it is entered.
    pub context: SecondaryMap<InstanceId, Vec<Slot>>,
    /// Whether guests can throw: then an exception that leaves a lifted function must trap.
    pub guests_throw: bool,
}

/// Parameters and results.
type CoreType = (Vec<ValType>, Vec<ValType>);

/// A slot of the context of the engine's threads.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The slot.
    pub slot: ContextSlot,
    /// `context.get`.
    pub get: ExternalId,
    /// `context.set`.
    pub set: ExternalId,
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
        /// How strings are encoded.
        encoding: StringEncoding,
    },
    /// A built-in of the engine.
    Builtin(BuiltinKind),
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

/// How a lower is bound.
#[derive(Clone, Debug)]
pub enum Binding {
    /// The import is the callee's own core function.
    Direct {
        /// The core function that was lifted.
        callee: CoreFunc,
    },
    /// A generated function checks, copies and guards.
    Adapt(Adapt),
    /// A generated function that traps: one of the two instances is the other, or contains it, so
    /// that the callee's instance has been entered already.
    CannotEnter {
        /// What would be called.
        lift: LiftId,
    },
    /// The boundary's function.
    Boundary {
        /// Which.
        external: ExternalId,
        /// Whether a check of the caller's `may_leave` comes before it.
        guarded: bool,
    },
    /// The boundary's function, by a generated function that exchanges handles and translates
    /// pointers.
    Exchange {
        /// Which.
        external: ExternalId,
        /// Whether handles of the caller are lent.
        lends: bool,
        /// Whether a check of the caller's `may_leave` comes before it.
        guarded: bool,
    },
}

/// How a built-in is bound.
#[derive(Clone, Copy, Debug)]
pub enum BuiltinBinding {
    /// To the engine's.
    Engine {
        /// Which.
        external: ExternalId,
        /// Whether a check of `may_leave` comes before it.
        guarded: bool,
    },
    /// To the instance's own handle table, by a generated function.
    Table {
        /// Whether a check of `may_leave` comes before it.
        guarded: bool,
    },
    /// To the task that a crossing is, by a generated function.
    Task {
        /// Whether a check of `may_leave` comes before it.
        guarded: bool,
    },
}

/// What a generated function for a crossing does.
#[derive(Clone, Debug)]
pub struct Adapt {
    /// What it calls.
    pub lift: LiftId,
    /// How each parameter moves.
    pub params: Vec<(Box<str>, Move)>,
    /// How the result moves.
    pub result: Option<Move>,
    /// Whether a check of the caller's `may_leave` comes first.
    pub guarded: bool,
    /// Whether a post-return function is called last.
    pub post_return: bool,
    /// Whether the parameters are too many to be flat.
    pub spilled_params: bool,
    /// Whether the result is too large to be flat.
    pub spilled_results: bool,
    /// Whether handles of the caller are lent.
    pub lends: bool,
    /// Whether borrows are made in the callee's table.
    pub borrows: bool,
    /// Whether the callee returns by `task.return`.
    pub returns: bool,
    /// Whether the callee has a context of its own.
    pub context: bool,
}

/// Decides.
pub fn analyse(plan: &Plan<'_>, options: &Options) -> Result<Facts> {
    let abi = Abi::new(&plan.types, ValType::I32);
    let resources = resources::policies(plan, options.isolate_handles);
    let bridged = bridge::bridged(plan, &abi, &resources, options)?;
    options::check(plan)?;
    tasks::check(plan, &abi, &bridged)?;
    let bridged = bridged.types;
    let may_leave = guards::may_leave(plan, &abi, &resources, &bridged)?;
    let mut facts = Facts {
        abi,
        abi64: Abi::new(&plan.types, ValType::I64),
        externals: PrimaryMap::new(),
        lowers: SecondaryMap::new(),
        builtins: SecondaryMap::new(),
        engine: SecondaryMap::new(),
        exchanged: BTreeMap::new(),
        resources,
        may_leave,
        context: SecondaryMap::new(),
        guests_throw: plan.decoded.modules.values().any(|module| module.has_tags),
    };
    let mut externals = Externals::default();
    facts.clear_context(&mut externals, &tasks::context(plan));
    let mut moves = Moves::default();
    for (id, lower) in &plan.lowers {
        facts.lowers[id] = Some(match lower.target {
            FuncDef::Lift(lift) => facts.crossing(plan, id, lift, &mut moves)?,
            FuncDef::Import(import) => {
                let flags = facts.may_leave[lower.owner];
                let mut id = |external| externals.id(&mut facts.externals, external);
                if bridged.contains(lower.ty) {
                    let encoding = lower.options.encoding;
                    let (lends, _) = resources::borrows(plan, lower.ty, lower.owner);
                    let external = id(External::Exchange { import, encoding });
                    Binding::Exchange { external, lends, guarded: flags.crossing_checks() }
                } else {
                    let guarded = flags.boundary_checks();
                    let external = import_external(plan, &facts.abi, lower, import)?;
                    Binding::Boundary { external: id(external), guarded }
                }
            }
        });
    }
    for (id, builtin) in &plan.builtins {
        facts.builtins[id] = Some(facts.builtin(plan, &mut externals, builtin));
    }
    for (resource, _) in &plan.resources {
        if facts.resources[resource].is_bridged() {
            let mut id = |kind| externals.id(&mut facts.externals, External::Builtin(kind));
            let drop = id(BuiltinKind::ResourceDrop(resource));
            // The host's own resources have neither: what would ask for them is an error.
            let (new, rep) = match plan.resources[resource] {
                Resource::Imported { .. } => (drop, drop),
                Resource::Defined { .. } => {
                    (id(BuiltinKind::ResourceNew(resource)), id(BuiltinKind::ResourceRep(resource)))
                }
            };
            facts.engine[resource] = Some(Engine { new, rep, drop });
        }
    }
    for (_, item) in &plan.root_exports {
        for (lift, _) in exported_lifts(plan, *item) {
            let Lift { ty, owner, .. } = plan.lifts[lift];
            if bridged.contains(ty) {
                facts.exchanged.insert(lift, resources::borrows(plan, ty, owner).1);
            }
        }
    }
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
        match pointer {
            ValType::I64 => &self.abi64,
            _ => &self.abi,
        }
    }

    /// The core type of a lowered function, as its caller sees it.
    pub fn lowered(&self, plan: &Plan<'_>, lower: LowerId) -> Result<CoreType> {
        let lower = &plan.lowers[lower];
        let abi = self.abi_of(plan, lower.options.memory);
        let signature = abi.flatten(plan.types.func(lower.ty)?, lower.options.lowered());
        Ok((signature.params, signature.results))
    }

    /// The core type of a built-in.
    pub fn builtin_type(&self, plan: &Plan<'_>, kind: BuiltinKind) -> CoreType {
        let memory = match kind {
            BuiltinKind::Async(builtin) => builtin.options().and_then(|options| options.memory),
            _ => None,
        };
        self.abi_of(plan, memory).builtin(&plan.types, kind)
    }

    /// Decides how a built-in is bound.
    fn builtin(
        &mut self,
        plan: &Plan<'_>,
        externals: &mut Externals,
        builtin: &Builtin,
    ) -> BuiltinBinding {
        let flags = self.may_leave[builtin.owner];
        let leaves = builtin.kind.leaves();
        let by_engine = match builtin.kind.resource() {
            Some(resource) => self.resources[resource] == HandlePolicy::Passthrough,
            None => !guards::is_of_crossings(plan, builtin),
        };
        if by_engine {
            let external = External::Builtin(builtin.kind);
            return BuiltinBinding::Engine {
                external: externals.id(&mut self.externals, external),
                guarded: leaves && flags.boundary_checks(),
            };
        }
        let guarded = leaves && flags.crossing_checks();
        match builtin.kind.resource() {
            Some(_) => BuiltinBinding::Table { guarded },
            None => BuiltinBinding::Task { guarded },
        }
    }

    /// Says what clears the slots of each instance that uses some and that something enters.
    fn clear_context(&mut self, externals: &mut Externals, context: &Context) {
        for (instance, slots) in context.iter() {
            self.context[instance] = slots
                .iter()
                .map(|&slot| {
                    let builtin = |kind| External::Builtin(BuiltinKind::Async(kind));
                    let get = builtin(AsyncBuiltin::ContextGet(slot));
                    let set = builtin(AsyncBuiltin::ContextSet(slot));
                    Slot {
                        slot,
                        get: externals.id(&mut self.externals, get),
                        set: externals.id(&mut self.externals, set),
                    }
                })
                .collect();
        }
    }

    /// Decides how a crossing is compiled.
    fn crossing(
        &self,
        plan: &Plan<'_>,
        lower: LowerId,
        lift: LiftId,
        moves: &mut Moves,
    ) -> Result<Binding> {
        let caller = &plan.lowers[lower];
        let callee = &plan.lifts[lift];
        if plan.is_reentrant(lower, lift) {
            return Ok(Binding::CannotEnter { lift });
        }
        let ty = plan.types.func(callee.ty)?;
        let (outer, inner) = (caller.options.encoding, callee.options.encoding);
        let params: Vec<_> = ty
            .params
            .iter()
            .map(|(name, ty)| (name.clone(), moves.of(plan, &self.abi, *ty, outer, inner)))
            .collect();
        let result = ty.result.map(|ty| moves.of(plan, &self.abi, ty, inner, outer));
        let guarded = self.may_leave[caller.owner].crossing_checks();
        let post_return = callee.options.post_return.is_some();
        let signature = self.abi.flatten(ty, caller.options.lowered());
        let returns = callee.options.async_;
        let context = !self.context[callee.owner].is_empty();
        let plain = params.iter().map(|(_, m)| m).chain(&result).all(|m| *m == Move::Plain);
        let spilled = signature.spilled_params || signature.spilled_results;
        let moves = plain && !spilled && !caller.options.async_ && !returns;
        if moves && !guarded && !post_return && !context && !self.guests_throw {
            return Ok(Binding::Direct { callee: callee.callee });
        }
        let (mut lends, mut borrows) = (false, false);
        for ty in ty.param_types() {
            let (lent, borrowed) = resources::borrows(plan, ty, callee.owner);
            lends |= lent;
            borrows |= borrowed;
        }
        Ok(Binding::Adapt(Adapt {
            lift,
            params,
            result,
            guarded,
            post_return,
            spilled_params: signature.spilled_params,
            spilled_results: signature.spilled_results,
            lends,
            borrows,
            returns,
            context,
        }))
    }
}

/// What the boundary has to provide for a lowered import: of the options, those that matter to the
/// type, so that two lowers of one import are one external where they can be.
fn import_external(
    plan: &Plan<'_>,
    abi: &Abi,
    lower: &Lower,
    import: ImportId,
) -> Result<External> {
    let ty = plan.types.func(lower.ty)?;
    let signature = abi.flatten(ty, lower.options.lowered());
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

/// Gives equal externals one id.
#[derive(Default)]
struct Externals(std::collections::HashMap<External, ExternalId>);

impl Externals {
    fn id(&mut self, all: &mut PrimaryMap<ExternalId, External>, external: External) -> ExternalId {
        *self.0.entry(external).or_insert_with(|| all.push(external))
    }
}
