//! From [`Plan`], [`Facts`] and [`Shims`] to a [`Link`]: guests and shims as one list of core
//! instances, every import bound to a definition or to the boundary.
//!
//! This is the seam between the stages that know components and those that know core wasm. The
//! list can be merged into one module, or instantiated one by one (`--emit flat`). Either way
//! everything in it exists before it is used: shims come at their moment and in their
//! [turn](Turn), guests in the order of the plan.

use cranelift_entity::{EntityRef, EntitySet, SecondaryMap, packed_option::PackedOption};
use wasm_encoder::ValType;
use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::{self as merge, ExternalType, Inlining, Item, Link};

use crate::abi::Side;
use crate::analyse::{
    Binding, BridgePlace, BuiltinBinding, External, ExternalId, Facts, ModuleKind, State, Turn,
};
use crate::core::{EntityKind, FuncType};
use crate::decode::Module;
use crate::error::{Error, Result};
use crate::options::{Emit, Options, Prefer};
use crate::plan::{
    CoreDef, CoreEntity, CoreFunc, CoreInstanceId, Instance, ModuleDef, Plan, Role, whole_names,
};
use crate::runtime::{COPY_UTF8, TaskPart};
use crate::shim::{Memory, Need, ShimFunc, ShimId, ShimKind, Shims};

/// The list, and where things of the plan are in it.
#[derive(Debug)]
pub struct Bound<'a> {
    /// The list.
    pub link: Link<'a>,
    /// Where each core instance of the plan is.
    pub guests: SecondaryMap<CoreInstanceId, PackedOption<merge::InstanceId>>,
    shims: SecondaryMap<ShimId, PackedOption<merge::InstanceId>>,
    owners: SecondaryMap<merge::InstanceId, PackedOption<CoreInstanceId>>,
    kinds: HashMap<ShimKind, (merge::InstanceId, ShimId)>,
    /// The instances whose code was generated for this composition.
    generated: EntitySet<merge::InstanceId>,
    /// Core imports that are another one: of one name and one type.
    same: SecondaryMap<ExternalId, PackedOption<ExternalId>>,
    lowers: &'a Shims,
    facts: &'a Facts,
}

/// Binds everything.
pub fn bind<'a>(
    plan: &'a Plan<'_>,
    facts: &'a Facts,
    shims: &'a Shims,
    options: &Options,
) -> Result<Bound<'a>> {
    let mut bound = Bound {
        link: Link::default(),
        guests: SecondaryMap::new(),
        shims: SecondaryMap::new(),
        owners: SecondaryMap::new(),
        kinds: HashMap::new(),
        generated: EntitySet::new(),
        same: SecondaryMap::new(),
        lowers: shims,
        facts,
    };
    let mut taken: HashMap<_, Vec<ExternalId>> = HashMap::new();
    let whole = whole_names(&plan.root_imports);
    for (id, external) in &facts.externals {
        let mut external = external_type(plan, facts, external)?;
        if options.emit == Emit::Module {
            standard_name(plan, facts.externals[id], &whole, &mut external);
        }
        let named = taken.entry((external.module.clone(), external.name.clone())).or_default();
        if is_core(plan, facts, id) {
            let same = |other: &ExternalId| bound.link.externals[*other].ty == external.ty;
            bound.same[id] = named.iter().copied().find(same).into();
        } else if !named.is_empty() {
            external.name = format!("{}#{}", external.name, id.as_u32());
        }
        named.push(id);
        bound.link.externals.push(external);
    }
    let mut by_moment: Vec<Vec<ShimId>> = vec![Vec::new(); plan.core_instances.len() + 1];
    for turn in [Turn::InOrder, Turn::Last] {
        for (id, shim) in shims.shims.iter().filter(|(_, shim)| shim.turn == turn) {
            let moment = by_moment.get_mut(shim.after);
            moment.ok_or_else(|| Error::internal("a shim is after the last instance"))?.push(id);
        }
    }
    let mut modules: HashMap<_, merge::ModuleId> = HashMap::new();
    for (after, ready) in by_moment.into_iter().enumerate() {
        for id in ready {
            let shim = &shims.shims[id];
            let imports =
                shim.imports.iter().map(|need| bound.need(*need)).collect::<Result<_>>()?;
            let module = bound.link.modules.push(shim.bytes.as_slice().into());
            let (shared, label) = match shim.kind.is_of_library() {
                true => ("runtime", "runtime".into()),
                false => ("shim", format!("shim {}", shim.name)),
            };
            let shared = Some(shared);
            let is_store = shim.kind == ShimKind::Room(Memory::Store);
            let capacity = plan.store.filter(|_| is_store);
            let inlining = match options.prefer {
                Prefer::Speed => inlining(shim.kind),
                Prefer::Size => Inlining::None,
            };
            // What is generated checks what it is given before it uses it.
            let is_trusted = true;
            let instance =
                merge::Instance { module, imports, label, capacity, inlining, shared, is_trusted };
            let instance = bound.link.instances.push(instance);
            bound.shims[id] = instance.into();
            if !shim.kind.is_of_library() {
                bound.generated.insert(instance);
            }
            bound.kinds.entry(shim.kind).or_insert((instance, id));
            if is_store && plan.store.is_none() {
                // It is small, and grows with what its guests do.
                bound.link.moving = Some(instance);
            }
        }
        let id = CoreInstanceId::new(after);
        let Some(guest) = plan.core_instances.get(id) else { break };
        let imports = guest.imports.iter().map(|def| bound.def(*def)).collect::<Result<_>>()?;
        let module = match modules.get(&guest.module) {
            Some(module) => *module,
            None => {
                let module = bound.module(plan, guest.module);
                modules.insert(guest.module, module);
                module
            }
        };
        let label = guest.path.clone();
        let Instance { capacity, is_trusted, .. } = plan.instances[guest.owner];
        let (inlining, shared) = (Inlining::None, None);
        let instance =
            merge::Instance { module, imports, label, capacity, inlining, shared, is_trusted };
        let instance = bound.link.instances.push(instance);
        bound.guests[id] = instance.into();
        bound.owners[instance] = id.into();
    }
    for state in &facts.state {
        if let State::Base(memory) = *state {
            let global = bound.need(Need::State(*state))?;
            bound.link.bases.push(merge::Base { global, memory: bound.entity(memory)? });
        }
    }
    bound.link.main = shims.main.map(|main| bound.shim_func(main)).transpose()?;
    Ok(bound)
}

/// Whether calls of the runtime are replaced by what they call. What calls the host takes so long that nothing
/// is gained.
fn inlining(kind: ShimKind) -> Inlining {
    match kind {
        ShimKind::Store | ShimKind::Table(_) | ShimKind::Tasks(_) => Inlining::Library,
        ShimKind::Code(kind) => match kind {
            ModuleKind::Crossings { .. }
            | ModuleKind::Builtins(_)
            | ModuleKind::Tasks(_)
            | ModuleKind::Events
            | ModuleKind::Copies { .. } => Inlining::Into,
            ModuleKind::Boundary(_) | ModuleKind::Exchange(_) | ModuleKind::Dtors(_) => {
                Inlining::None
            }
        },
        ShimKind::Utf8(_)
        | ShimKind::Runs(_)
        | ShimKind::Reallocate(_)
        | ShimKind::Transcode(_) => Inlining::Library,
        ShimKind::State | ShimKind::Functions | ShimKind::Room(_) | ShimKind::Bridge => {
            Inlining::None
        }
    }
}

/// Whether a name is the host's: it stays what it is, also if another function has it.
fn is_core(plan: &Plan<'_>, facts: &Facts, external: ExternalId) -> bool {
    match facts.externals[external] {
        External::Import { import, .. } => plan.imports[import].role != Role::World,
        External::Exit => true,
        External::Exchange { .. } | External::Builtin(_) | External::Token(_) => false,
    }
}

impl<'a> Bound<'a> {
    fn module(&mut self, plan: &'a Plan<'_>, def: ModuleDef) -> merge::ModuleId {
        match def {
            ModuleDef::Defined(id) => {
                let Module { bytes, notes, ref debug, .. } = plan.decoded.modules[id];
                let module = self.link.modules.push(bytes.into());
                self.link.notes[module] = notes;
                if !debug.is_empty() {
                    self.link.traced.insert(module);
                }
                module
            }
            ModuleDef::Imported(id) => {
                let stand_in = plan.imported_modules[id].interface.stand_in();
                let module = self.link.modules.push(stand_in.into());
                self.link.opaque.insert(module);
                module
            }
        }
    }

    /// The item that a core definition is.
    pub fn def(&self, def: CoreDef) -> Result<Item> {
        match def {
            CoreDef::Func(func) => self.func(func),
            CoreDef::Entity(entity) => self.entity(entity),
        }
    }

    /// The item that a core function is, through any number of lifts that are lowered again.
    pub fn func(&self, mut func: CoreFunc) -> Result<Item> {
        loop {
            let lower = match func {
                CoreFunc::Defined(entity) => return self.entity(entity),
                CoreFunc::Builtin(builtin) => {
                    if let Some(shim) = self.lowers.builtins[builtin] {
                        return self.shim_func(shim);
                    }
                    return match self.facts.builtins[builtin] {
                        Some(BuiltinBinding::Engine { external, .. }) => {
                            Ok(Item::External(external))
                        }
                        _ => Err(Error::internal("a built-in has no binding")),
                    };
                }
                CoreFunc::Lower(lower) => lower,
            };
            if let Some(shim) = self.lowers.lowers[lower] {
                return self.shim_func(shim);
            }
            match &self.facts.lowers[lower] {
                Some(Binding::Direct { callee }) => func = *callee,
                Some(Binding::Boundary { external, .. }) => return Ok(self.external(*external)),
                _ => return Err(Error::internal("a lower has no binding")),
            }
        }
    }

    /// The item that something in a core instance of the plan is.
    pub fn entity(&self, entity: CoreEntity) -> Result<Item> {
        let instance = self.guests[entity.instance]
            .expand()
            .ok_or_else(|| Error::internal("a core instance is used before it exists"))?;
        Ok(Item::Defined { instance, kind: entity.kind, index: entity.index })
    }

    /// The item that a function of a shim is.
    pub fn shim_func(&self, func: ShimFunc) -> Result<Item> {
        let instance = self.shims[func.shim]
            .expand()
            .ok_or_else(|| Error::internal("a shim is used before it exists"))?;
        Ok(Item::Defined { instance, kind: EntityKind::Func, index: func.index })
    }

    /// The core instance of the plan that an instance of the list is, unless it is a shim.
    pub fn guest(&self, instance: merge::InstanceId) -> Option<CoreInstanceId> {
        self.owners[instance].expand()
    }

    /// Whether the code of an instance was generated for this composition, so that nobody has validated it before.
    pub fn is_generated(&self, instance: merge::InstanceId) -> bool {
        self.generated.contains(instance)
    }

    /// The module of the plan that an instance of the list is made from, unless it is a shim.
    pub fn module_of(&self, plan: &Plan<'_>, instance: merge::InstanceId) -> Result<ModuleDef> {
        let guest = self.guest(instance);
        let guest = guest.ok_or_else(|| Error::internal("a shim is no guest"))?;
        Ok(plan.core_instances[guest].module)
    }

    /// What the boundary provides.
    fn external(&self, external: ExternalId) -> Item {
        Item::External(self.same[external].expand().unwrap_or(external))
    }

    fn need(&self, need: Need) -> Result<Item> {
        match need {
            Need::Func(func) => self.func(func),
            Need::External(external) => Ok(self.external(external)),
            Need::Memory(Memory::Guest(memory)) => self.entity(memory),
            Need::Memory(memory @ (Memory::Bridge | Memory::Store)) => self.room_memory(memory),
            Need::Take(memory) => self.runtime(self.room(memory), "take"),
            Need::Heap(memory) => {
                let (instance, _) = self.shim(self.room(memory))?;
                Ok(Item::Defined { instance, kind: EntityKind::Global, index: 0 })
            }
            Need::Bridge(op) => self.runtime(ShimKind::Bridge, op.name()),
            Need::CopyUtf8(between) => self.runtime(ShimKind::Utf8(between), COPY_UTF8),
            Need::Transcode(to, transcoder) => {
                self.runtime(ShimKind::Transcode(transcoder), &to.to_string())
            }
            Need::Run(op, between) => self.runtime(ShimKind::Runs(between), op.name()),
            Need::Reallocate(to) => self.runtime(ShimKind::Reallocate(to), "reallocate"),
            Need::Store(op) => self.runtime(ShimKind::Store, op.name()),
            Need::StoreFunc(name) => self.runtime(ShimKind::Store, name),
            Need::Table(number, op) => self.runtime(ShimKind::Table(number), op.name()),
            Need::Memory(Memory::Records) => self.records_memory(),
            Need::Task(part, name) => self.runtime(ShimKind::Tasks(part), name),
            Need::Functions => {
                let (instance, _) = self.shim(ShimKind::Functions)?;
                Ok(Item::Defined { instance, kind: EntityKind::Table, index: 0 })
            }
            Need::State(state) => {
                let index = self.facts.state.get_index_of(&state);
                let index = index.ok_or_else(|| Error::internal("the state has no such global"))?;
                let (instance, _) = self.shim(ShimKind::State)?;
                Ok(Item::Defined { instance, kind: EntityKind::Global, index: index as u32 })
            }
        }
    }

    /// The memory of the bridge or of the store.
    pub fn room_memory(&self, memory: Memory) -> Result<Item> {
        let (instance, _) = self.shim(self.room(memory))?;
        Ok(Item::Defined { instance, kind: EntityKind::Memory, index: 0 })
    }

    /// The module that has it.
    fn room(&self, memory: Memory) -> ShimKind {
        match (memory, self.facts.bridge) {
            (Memory::Bridge, BridgePlace::Store) => ShimKind::Room(Memory::Store),
            _ => ShimKind::Room(memory),
        }
    }

    /// The memory of the records of tasks.
    pub fn records_memory(&self) -> Result<Item> {
        let (instance, _) = self.shim(ShimKind::Tasks(TaskPart::Records))?;
        Ok(Item::Defined { instance, kind: EntityKind::Memory, index: 0 })
    }

    /// A function of a module of the runtime library.
    pub fn runtime(&self, kind: ShimKind, name: &str) -> Result<Item> {
        let (instance, shim) = self.shim(kind)?;
        let index = self.lowers.shims[shim].exports.get(name);
        let index = *index.ok_or_else(|| Error::internal(format!("no routine `{name}`")))?;
        Ok(Item::Defined { instance, kind: EntityKind::Func, index })
    }

    /// The only shim of a kind.
    fn shim(&self, kind: ShimKind) -> Result<(merge::InstanceId, ShimId)> {
        let shim = self.kinds.get(&kind).copied();
        shim.ok_or_else(|| Error::internal("a shim is used before it exists"))
    }
}

/// Calls what is imported as a module in the standard form does.
fn standard_name(
    plan: &Plan<'_>,
    external: External,
    whole: &HashMap<&str, String>,
    core: &mut merge::External,
) {
    if let Some(module) = whole.get(&*core.module) {
        core.module.clone_from(module);
    }
    if let External::Builtin(kind) = external
        && let Some(resource) = kind.resource()
    {
        let verb = kind.name(&plan.types).replace('.', "-");
        if let Some((module, name)) = plan.standard_builtin(&verb, resource) {
            (core.module, core.name) = (module, name);
        }
    }
}

/// What the boundary has to provide, by the name of what it is.
fn external_type(plan: &Plan<'_>, facts: &Facts, external: &External) -> Result<merge::External> {
    let (module, name, ty) = match external {
        External::Import { import, .. } | External::Exchange { import, .. } => {
            let (side, memory) = match external {
                External::Import { options, .. } => (Side::of_lower(options), options.memory),
                _ => (Side::Lower, None),
            };
            let import = &plan.imports[*import];
            let abi = facts.abi_of(plan, memory);
            let signature = abi.flatten(plan.types.func(import.ty)?, side);
            let (module, name) = match import.origin.path.as_slice() {
                _ if let Role::Core(core) = &import.role => {
                    (core.module.clone(), core.name.clone())
                }
                [name] => ("$root".to_string(), name.clone()),
                [path @ .., name] => (path.join(" "), name.clone()),
                [] => return Err(Error::internal("an import has no name")),
            };
            (module, name, signature.ty)
        }
        External::Exit => {
            let exit = plan.main.as_ref().and_then(|main| main.exit.clone());
            let exit = exit.ok_or_else(|| Error::internal("a command has no exit"))?;
            (exit.module, exit.name, FuncType::new([ValType::I32], []))
        }
        External::Token(op) => {
            ("$builtin".to_string(), format!("{} for tasks", op.name()), op.ty())
        }
        External::Builtin(kind) => {
            let name = kind.shown(&plan.types).to_string();
            ("$builtin".to_string(), name, facts.builtin_type(plan, *kind))
        }
    };
    Ok(merge::External { module, name, ty: ExternalType::Func(ty) })
}
