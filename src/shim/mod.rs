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
//!   -> lower into the callee's memory            /  a destination (`translate`)
//! call the callee
//!   -> the same recursion over the result, with the ends exchanged
//! post-return
//! ```
//!
//! # Which module
//!
//! The adapters of one caller, one callee and one moment of instantiation are a module of their own:
//! everything that it imports exists at that moment, and everything that uses it comes later.
//! So the modules can be instantiated one by one (`--emit flat`), or merged; merging does not know
//! them from guests. (One module per pair without the moment would not do: a component lowers what
//! needs no memory before its main module is instantiated, and what does need one after.)
//!
//! # Rejected
//!
//! One module for all adapters, as small as they are, would import what does not exist yet.
//! Adapters in the caller's module would need that module to be rewritten before it is merged.
//!
//! What calls another shim's function of the same moment is in a module after that (`members`).
//!
//! # Limits
//!
//! Bytes of code are bounded by `Limits::shim_bytes`; helpers keep them linear in the size of the
//! types (see `translate`).

use std::collections::{BTreeMap, HashMap, HashSet};

use cranelift_entity::PrimaryMap;
use indexmap::{IndexMap, IndexSet};
use wasm_encoder::ValType;

pub use self::builder::{Allocator, Builder, CoreType, Memory, Need, Runs, Transcoder};
use self::builder::{Built, FuncId};
use self::members::{Group, Member};
use self::memory::Shared;
pub use self::state::State;
use self::translate::HelperKey;
use crate::analyse::{Binding, BuiltinBinding, ExternalId, Facts, pointer_type};
use crate::error::{Code, Error, Limit, Remedy, Result};
use crate::ids::id;
use crate::options::Options;
use crate::plan::{
    BuiltinId, CanonicalOptions, CoreFunc, InstanceId, LiftId, LowerId, Plan, ResourceId,
    StringEncoding, unique,
};
use crate::runtime::{BRIDGE, HANDLES, Routine, RunOp, Step, transcode};

mod boundary;
mod builder;
mod catch;
mod context;
mod crossing;
mod exchange;
mod handle;
mod list;
mod members;
mod memory;
mod state;
mod string;
mod task;
mod translate;
mod variant;

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
    pub lowers: HashMap<LowerId, ShimFunc>,
    /// The function of each built-in that has one.
    pub builtins: HashMap<BuiltinId, ShimFunc>,
    /// What the engine calls in place of an exported function, where handles are exchanged.
    pub exports: HashMap<LiftId, ShimFunc>,
    /// What the engine calls in place of the destructor of a bridged resource.
    pub dtors: HashMap<ResourceId, ShimFunc>,
    /// What the engine calls in place of a guest's `realloc` or `post-return`.
    pub locked: HashMap<(CoreFunc, InstanceId), ShimFunc>,
    /// The globals of the state, by index.
    pub state: IndexSet<State>,
    kinds: HashSet<ShimKind>,
    /// How often each name was asked for.
    names: HashMap<String, u32>,
}

/// A generated module.
#[derive(Debug)]
pub struct Shim {
    /// A name that is unique, and valid as a file name.
    pub name: String,
    /// The module.
    pub bytes: Vec<u8>,
    /// What its imports are, in order.
    pub imports: Vec<Need>,
    /// Of a module of the runtime library, the functions that it exports.
    pub exports: BTreeMap<String, u32>,
    /// How many core instances of the plan exist when it is instantiated.
    pub after: usize,
    /// What it holds.
    pub kind: ShimKind,
}

/// What a shim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShimKind {
    /// The state of the instances.
    State,
    /// A routine of the runtime library, for a memory.
    Routine(Routine, Memory),
    /// Adapters of crossings.
    Crossings {
        /// The instance that calls.
        from: InstanceId,
        /// The instance that is called.
        to: InstanceId,
    },
    /// Guards between an instance and the boundary.
    Boundary(InstanceId),
    /// The handle table of an instance.
    Handles(InstanceId),
    /// Built-ins on the handle table of an instance.
    Builtins(InstanceId),
    /// How an instance returns from the tasks that crossings are.
    Tasks(InstanceId),
    /// The bridge.
    Bridge,
    /// Calls between an instance and the host in which handles are exchanged.
    Exchange(InstanceId),
    /// What the engine calls as destructors. A resource type needs them before it exists, and what
    /// exchanges its handles needs the type: they cannot be in one module.
    Dtors(InstanceId),
    /// The routines that move runs of code units.
    Runs(Runs),
    /// The allocation of strings.
    Reallocate(Allocator),
    /// The transcoding of strings.
    Transcode(Transcoder),
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

/// The context in which the code of one shim module is generated.
struct Adapters<'p, 'a> {
    plan: &'p Plan<'a>,
    facts: &'p Facts,
    builder: Builder,
    shared: HashMap<Shared, FuncId>,
    helpers: IndexMap<HelperKey, FuncId>,
    step: Step,
    shim_bytes: u64,
}

/// One end of a call: whose memory a value is in, and how it is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct End {
    party: Party,
    encoding: StringEncoding,
    memory: Option<Memory>,
    allocator: Option<Allocator>,
    /// The core type of pointers.
    pointer: ValType,
}

/// Who is at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Party {
    /// A component instance.
    Guest(InstanceId),
    /// The host, with the engine's handles.
    Host,
}

impl End {
    fn guest(plan: &Plan<'_>, owner: InstanceId, options: CanonicalOptions) -> Self {
        let allocator = options
            .memory
            .zip(options.realloc)
            .map(|(memory, realloc)| Allocator::Guest { memory, realloc, owner });
        End {
            party: Party::Guest(owner),
            encoding: options.encoding,
            memory: options.memory.map(Memory::Guest),
            allocator,
            pointer: pointer_type(plan, options.memory),
        }
    }

    fn host(encoding: StringEncoding) -> Self {
        End {
            party: Party::Host,
            encoding,
            memory: Some(Memory::Bridge),
            allocator: Some(Allocator::Bridge),
            pointer: ValType::I32,
        }
    }

    fn memory(&self) -> Result<Memory> {
        self.memory.ok_or_else(|| Error::internal("values lie in memory, but there is none"))
    }

    fn allocator(&self) -> Result<Allocator> {
        self.allocator.ok_or_else(|| Error::internal("values are lowered without a `realloc`"))
    }
}

/// Generates every shim.
pub fn shim(plan: &Plan<'_>, facts: &Facts, options: &Options) -> Result<Shims> {
    let step = if options.simd { Step::Simd } else { Step::Scalar };
    let mut shims = Shims {
        shims: PrimaryMap::new(),
        lowers: HashMap::new(),
        builtins: HashMap::new(),
        exports: HashMap::new(),
        dtors: HashMap::new(),
        locked: HashMap::new(),
        state: state::globals(plan, facts),
        kinds: HashSet::new(),
        names: HashMap::new(),
    };
    if let Some(state) = state::state(plan, &shims.state) {
        shims.names.insert(state.name.clone(), 1);
        shims.shims.push(state);
    }
    // First, because lowering with a lock takes that the lock exists.
    boundary::locks(plan, facts, &mut shims)?;
    let mut budget = options.limits.shim_bytes;
    for (Group { kind, after, .. }, members) in members::groups(plan, facts) {
        let mut adapters = Adapters::new(plan, facts, step, budget);
        let mut funcs = Vec::new();
        for member in members {
            funcs.push((member, adapters.member(member)?));
        }
        adapters.finish_helpers()?;
        budget = budget.saturating_sub(adapters.builder.code_bytes());
        let (shim, built) = shims.push(plan, facts, adapters, kind, after)?;
        for (member, func) in funcs {
            let (index, size) = built.funcs[func];
            let func = ShimFunc { shim, index, size };
            match member {
                Member::Lower(lower) => shims.lowers.insert(lower, func),
                Member::Builtin(builtin) => shims.builtins.insert(builtin, func),
                Member::Export(lift) => shims.exports.insert(lift, func),
                Member::Dtor(resource, _) => shims.dtors.insert(resource, func),
            };
        }
    }
    Ok(shims)
}

impl Shims {
    /// Finishes a module and adds it, after the runtime modules that it needs.
    fn push(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        adapters: Adapters<'_, '_>,
        kind: ShimKind,
        after: usize,
    ) -> Result<(ShimId, Built)> {
        let name = self.name(plan, kind, after);
        let step = adapters.step;
        let mut built = adapters.builder.finish(&name);
        let on_bridge = |need: &&Need| match need {
            Need::Routine(_, memory) => *memory == Memory::Bridge,
            Need::Transcode(_, Transcoder { from, to }) => {
                *from == Memory::Bridge || *to == Allocator::Bridge
            }
            Need::Bridge(_) | Need::Memory(Memory::Bridge) => true,
            _ => false,
        };
        if built.imports.iter().any(|need| on_bridge(&need)) {
            self.runtime(plan, ShimKind::Bridge, BRIDGE, Vec::new(), 0)?;
        }
        for &need in &built.imports {
            match need {
                Need::Routine(routine, memory) => {
                    let mut imports = vec![Need::Memory(memory)];
                    if let Some(rest) = routine.rest() {
                        self.routine(plan, rest, memory, imports.clone())?;
                        imports.push(Need::Routine(rest, memory));
                    }
                    self.routine(plan, routine, memory, imports)?;
                }
                Need::Handles(_, owner) => {
                    self.runtime(plan, ShimKind::Handles(owner), HANDLES, Vec::new(), 0)?;
                }
                Need::Transcode(_, transcoder) => self.transcoder(plan, facts, transcoder, step)?,
                _ => {}
            }
        }
        let bytes = std::mem::take(&mut built.bytes);
        let imports = built.imports.clone();
        let exports = BTreeMap::new();
        let shim = self.shims.push(Shim { name, bytes, imports, exports, after, kind });
        Ok((shim, built))
    }

    /// Adds a routine on a memory. The memory's instance is there from then on, and whoever needs
    /// the routine is later.
    fn routine(
        &mut self,
        plan: &Plan<'_>,
        routine: Routine,
        memory: Memory,
        imports: Vec<Need>,
    ) -> Result<()> {
        let (kind, after) = (ShimKind::Routine(routine, memory), exists_after(memory));
        let module = routine.module(memory::pointer(plan, memory));
        self.runtime(plan, kind, module, imports, after)
    }

    /// Adds the routines that move runs of code units, and returns what is to be imported of them.
    fn runs(&mut self, plan: &Plan<'_>, runs: Runs) -> Result<Vec<Need>> {
        let mut rest = vec![Need::Memory(runs.from), Need::Memory(runs.to)];
        if runs.step == Step::Simd {
            let scalar = Runs { step: Step::Scalar, ..runs };
            rest.extend(self.runs(plan, scalar)?);
        }
        let after = exists_after(runs.from).max(exists_after(runs.to));
        let (from, to) = (memory::pointer(plan, runs.from), memory::pointer(plan, runs.to));
        let module = RunOp::module(runs.step, from, to);
        self.runtime(plan, ShimKind::Runs(runs), module, rest, after)?;
        Ok(RunOp::ALL.map(|op| Need::Run(op, runs)).into())
    }

    /// Adds a transcoder, after the function that allocates for it.
    fn transcoder(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        transcoder: Transcoder,
        step: Step,
    ) -> Result<()> {
        let Transcoder { from, to } = transcoder;
        let allocates = match to {
            Allocator::Guest { memory, realloc, .. } => {
                exists_after(Memory::Guest(memory)).max(boundary::exists_after(plan, realloc))
            }
            Allocator::Bridge => 0,
        };
        let kind = ShimKind::Reallocate(to);
        if self.kinds.insert(kind) {
            let mut adapters = Adapters::new(plan, facts, step, u64::MAX);
            let func = adapters.reallocate(to)?;
            let (shim, built) = self.push(plan, facts, adapters, kind, allocates)?;
            self.shims[shim].exports.insert("reallocate".into(), built.funcs[func].0);
        }
        let mut imports = vec![Need::Memory(from), Need::Memory(to.memory()), Need::Reallocate(to)];
        imports.extend(self.runs(plan, Runs { step, from, to: to.memory() })?);
        let after = allocates.max(exists_after(from));
        let module = transcode(memory::pointer(plan, from), memory::pointer(plan, to.memory()));
        self.runtime(plan, ShimKind::Transcode(transcoder), module, imports, after)
    }

    /// Adds a module of the runtime library, once for what it is for.
    fn runtime(
        &mut self,
        plan: &Plan<'_>,
        kind: ShimKind,
        bytes: &[u8],
        imports: Vec<Need>,
        after: usize,
    ) -> Result<()> {
        if !self.kinds.insert(kind) {
            return Ok(());
        }
        let exports = crate::decode::module(bytes)?.exports;
        let exports = exports.into_iter().map(|(name, (_, index))| (name.into(), index)).collect();
        let name = self.name(plan, kind, after);
        let memories = imports.iter().filter_map(|need| match need {
            Need::Memory(memory) => Some(memory::memory_type(plan, *memory)),
            _ => None,
        });
        let memories = memories.collect::<Result<Vec<_>>>()?;
        let bytes = match memories.iter().any(|ty| ty.page_size_log2.is_some()) {
            true => crate::decode::with_memories(bytes, memories)?,
            false => bytes.to_vec(),
        };
        self.shims.push(Shim { name, bytes, imports, exports, after, kind });
        Ok(())
    }

    fn name(&mut self, plan: &Plan<'_>, kind: ShimKind, after: usize) -> String {
        let name = match kind {
            ShimKind::State => "state".to_string(),
            ShimKind::Routine(routine, memory) => {
                format!("{}-{}", routine.module_name(), memory_name(plan, memory))
            }
            ShimKind::Crossings { from, to } => {
                format!("{}-to-{}-{after}", plan.path(from), plan.path(to))
            }
            ShimKind::Boundary(instance) => format!("{}-to-host-{after}", plan.path(instance)),
            ShimKind::Handles(instance) => format!("handles-{}", plan.path(instance)),
            ShimKind::Reallocate(to) => format!("reallocate-{}", memory_name(plan, to.memory())),
            ShimKind::Runs(Runs { step, from, to }) => {
                let simd = if step == Step::Simd { "-simd" } else { "" };
                let (from, to) = (memory_name(plan, from), memory_name(plan, to));
                format!("runs{simd}-{from}-to-{to}")
            }
            ShimKind::Transcode(Transcoder { from, to }) => {
                let (from, to) = (memory_name(plan, from), memory_name(plan, to.memory()));
                format!("transcode-{from}-to-{to}")
            }
            ShimKind::Bridge => "bridge".into(),
            ShimKind::Dtors(instance) => format!("{}-destructors-{after}", plan.path(instance)),
            ShimKind::Exchange(instance) => format!("{}-exchange-{after}", plan.path(instance)),
            ShimKind::Tasks(instance) => format!("{}-tasks-{after}", plan.path(instance)),
            ShimKind::Builtins(instance) => format!("{}-resources-{after}", plan.path(instance)),
        };
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_#".contains(c) { c } else { '.' };
        let name: String = name.chars().map(safe).collect();
        unique(&mut self.names, name, "_")
    }
}

/// How many core instances of the plan exist when a memory does.
fn exists_after(memory: Memory) -> usize {
    match memory {
        Memory::Guest(entity) => entity.instance.as_u32() as usize + 1,
        Memory::Bridge => 0,
    }
}

fn memory_name<'p>(plan: &'p Plan<'_>, memory: Memory) -> &'p str {
    match memory {
        Memory::Guest(entity) => &plan.core_instances[entity.instance].path,
        Memory::Bridge => "bridge",
    }
}

impl<'p, 'a> Adapters<'p, 'a> {
    fn new(plan: &'p Plan<'a>, facts: &'p Facts, step: Step, shim_bytes: u64) -> Self {
        Adapters {
            plan,
            facts,
            builder: Builder::default(),
            shared: HashMap::new(),
            helpers: IndexMap::new(),
            step,
            shim_bytes,
        }
    }

    /// Generates the function that guests call.
    fn member(&mut self, member: Member) -> Result<FuncId> {
        let facts = self.facts;
        let func = match member {
            Member::Lower(lower) => match &facts.lowers[lower] {
                Some(Binding::Adapt(adapt)) => self.crossing(lower, adapt)?,
                Some(Binding::CannotEnter { .. }) => self.cannot_enter(lower)?,
                Some(Binding::Boundary { external, .. }) => self.guarded(lower, *external)?,
                Some(Binding::Exchange { external, lends, guarded }) => {
                    self.exchange_import(lower, *external, *lends, *guarded)?
                }
                _ => return Err(Error::internal("a lower has no function of its own")),
            },
            Member::Builtin(builtin) => match facts.builtins[builtin] {
                Some(BuiltinBinding::Table { guarded }) => self.table_builtin(builtin, guarded)?,
                Some(BuiltinBinding::Engine { external, .. }) => {
                    self.engine_builtin(builtin, external)?
                }
                Some(BuiltinBinding::Task { guarded }) => self.task_builtin(builtin, guarded)?,
                None => return Err(Error::internal("a built-in has no binding")),
            },
            Member::Export(lift) => {
                let borrows = facts.exchanged.get(&lift).copied().unwrap_or_default();
                self.exchange_export(lift, borrows)?
            }
            Member::Dtor(resource, dtor) => self.exchange_dtor(resource, dtor)?,
        };
        self.builder.export(func);
        self.limit_code()?;
        Ok(func)
    }

    fn limit_code(&self) -> Result<()> {
        if self.builder.code_bytes() <= self.shim_bytes {
            return Ok(());
        }
        Err(Error::new(
            Code::LimitExceeded,
            "the code of the crossings is larger than the limit on shim bytes",
        )
        .with_help(Remedy::raise(Limit::ShimBytes)))
    }

    /// The function of the boundary, imported.
    fn external(&mut self, external: ExternalId, ty: CoreType) -> builder::Callee {
        self.builder.func(Need::External(external), ty, || external.to_string())
    }
}
