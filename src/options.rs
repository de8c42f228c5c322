//! What a caller can ask for: one plain record, no option that implies another.

pub use wasm_fuser_merge::{MemoryPlan, Names, Tables};

/// One component to fuse, or to look at.
#[derive(Clone, Debug)]
pub struct Input {
    /// How messages and [`Options::wires`] refer to this input: a file name without its folder and
    /// extension, say. Unique among the inputs.
    pub name: String,
    /// A component, in the binary or the text format.
    pub bytes: Vec<u8>,
}

/// How to fuse. The default is what the command line does without flags.
#[derive(Clone, Debug)]
pub struct Options {
    /// The form of the result.
    pub emit: Emit,
    /// What becomes of the `name` section.
    pub names: Names,
    /// What becomes of debug information.
    pub debug: DebugInfo,
    /// How many memories a core module may have.
    pub memory: MemoryPlan,
    /// How many bytes each memory of a guest can grow to where it is a region of a
    /// [single](MemoryPlan::Single) memory. No less than half as much again as its minimum, no more than its
    /// maximum; and the last region can go on. 32 MiB.
    pub capacity: u32,
    /// The same for some guests, in place of that: no less than the minimum.
    pub capacities: Vec<Capacity>,
    /// What the tables of handles can grow to in a [single](MemoryPlan::Single) memory, in bytes, if they
    /// are to have a place of their own, in equal shares: then accesses to the last guest's region need no
    /// checks.
    /// Otherwise they come after that region, and grow as they need.
    pub store: Option<u32>,
    /// Whether guests whose memories are regions of a [single](MemoryPlan::Single) one are isolated from each
    /// other. If not, nothing of that is checked: it is as fast as a memory each, and a guest that writes
    /// where it would have trapped writes to another's memory.
    pub regions: Regions,
    /// Guests that are isolated from nobody, though others are from each other: by the names of inputs, or paths of
    /// instances. Their accesses are not checked, and need not be where their code stays in its memory by itself, or
    /// has the host write to it anyway.
    pub trusted: Vec<String>,
    /// How many tables of functions a core module may have, if no guest takes more by itself. One is for engines
    /// of the first version of WebAssembly: each guest's is a part of it.
    pub tables: Tables,
    /// What the merged code may need of WebAssembly.
    pub features: Features,
    /// What generated code is to be.
    pub prefer: Prefer,
    /// Use vector instructions to validate and transcode strings.
    pub simd: bool,
    /// Validate the result and every shim before returning them.
    pub validate: bool,
    /// Let guests that pass no resource to each other share the engine's handle table. Nothing is
    /// exchanged at the boundary then, and a guest that makes up a handle can reach one of another.
    /// Otherwise every guest has its own handles, as in the composition.
    pub share_handles: bool,
    /// What becomes of instances with tasks of the engine that cannot be in one component.
    pub tasks: Tasks,
    /// Connections that the inputs' names do not decide.
    pub wires: Vec<Wire>,
    /// Whether inputs are a chain: where several export what one imports, the first does that comes
    /// after it; what an input exports itself, it only takes from those.
    pub chain: bool,
    /// Inputs that provide what no other does, and may be left over.
    pub fallbacks: Vec<String>,
    /// Imports of inputs that stay imports of the result, whoever exports them.
    pub leave_open: Vec<Port>,
    /// Exports of inputs that the result has beside those of the first one.
    pub also_export: Vec<Port>,
    /// What the result may import.
    pub open: OpenImports,
    /// Interfaces whose functions are core imports of the result, and not of its world: of a
    /// [module](Emit::Module).
    pub core_imports: Vec<CoreImports>,
    /// Whether the result may import nothing but [core imports](Options::core_imports).
    pub only_core_imports: bool,
    /// What the result runs as a command: a [module](Emit::Module), which exports `_start`.
    pub start: Option<Start>,
    /// Bounds on the work and on the result.
    pub limits: Limits,
    /// Stages whose results the report shall hold as text.
    pub dumps: Vec<Stage>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            emit: Emit::Component,
            names: Names::Keep,
            debug: DebugInfo::Keep,
            memory: MemoryPlan::Multi,
            capacity: 32 << 20,
            capacities: Vec::new(),
            store: None,
            regions: Regions::Checked,
            trusted: Vec::new(),
            tables: Tables::Multi,
            features: Features::Any,
            prefer: Prefer::Speed,
            simd: true,
            validate: true,
            share_handles: false,
            tasks: Tasks::Refuse,
            wires: Vec::new(),
            chain: false,
            fallbacks: Vec::new(),
            leave_open: Vec::new(),
            also_export: Vec::new(),
            open: OpenImports::Any,
            core_imports: Vec::new(),
            only_core_imports: false,
            start: None,
            limits: Limits::default(),
            dumps: Vec::new(),
        }
    }
}

/// The form of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// One component without nested components, whose guests' and shims' code is one core module; or
    /// several beside one another, where the root imports components.
    /// Lowering the imports may take two more tiny modules.
    Component,
    /// That core module alone, in the form that compilers make for components: imports and exports are
    /// named as `wit-component` names them, and a custom section `component-type` has the world. Tools can
    /// make a component of the same world of it. A world that WIT has no words for is refused.
    Module,
    /// That core module, whatever its world is. A custom section `wasm-fuser:boundary` says what its imports and
    /// exports stand for: as JSON, a list of [`BoundaryItem`](crate::report::BoundaryItem).
    RawModule,
    /// One component without nested components whose core modules and shims are instantiated one by
    /// one, not merged.
    Flat,
}

/// Whether what is in one region of a [single](MemoryPlan::Single) memory is safe from those who have others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regions {
    /// Each access is checked, where it could leave its region.
    Checked,
    /// None is: one that would have trapped reaches another region, or none.
    Trusting,
}

/// What generated code is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefer {
    /// Fast: operations on handles and tasks are written where they are used.
    Speed,
    /// Small: they are calls.
    Size,
}

impl Emit {
    /// Whether the result is a core module.
    pub fn is_module(self) -> bool {
        matches!(self, Emit::Module | Emit::RawModule)
    }
}

/// What becomes of debug information: DWARF, in the `.debug_*` sections of core modules. Those who do not
/// have any pay nothing. It never is a reason to refuse a composition.
pub use wasm_fuser_debug::Level as DebugInfo;

/// What becomes of instances with tasks of the engine that cannot be in one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    /// The composition is refused: [`Code::AsyncNotFused`](crate::Code::AsyncNotFused).
    Refuse,
    /// Each is in a component of its own, with what only it calls; all others are fused, too. Calls
    /// between these components are the engine's.
    Apart,
}

/// An explicit connection between two inputs: `importer:import = provider:export`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The name of the input that imports.
    pub importer: String,
    /// The name of its import.
    pub import_name: String,
    /// The name of the input that exports.
    pub provider: String,
    /// The name of its export.
    pub export_name: String,
}

/// An import or export of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The name of the input.
    pub input: String,
    /// The name of its import or export.
    pub name: String,
}

/// What the result may import, types of values apart, which nobody has to provide. Anything else is
/// an error with the code [`Code::LeftOpen`](crate::Code::LeftOpen).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenImports {
    /// Anything.
    Any,
    /// Interfaces of WASI.
    Wasi,
    /// Nothing.
    None,
}

/// What merged code may need of WebAssembly beyond its first version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Whatever its guests need.
    Any,
    /// Nothing. Otherwise it is an error with the code [`Code::NeedsFeatures`](crate::Code::NeedsFeatures),
    /// which lists all that it needs.
    Mvp,
}

/// An interface whose functions are core imports.
///
/// They have parameters and results of 32 and 64 bits alone, and are imported under their names with
/// `_` for `-`. The result exports the memory of who calls them as `memory`. Where that begins in it says
/// the function `base` of the interface `wasm-fuser:core/memory@0.1.0`, an intrinsic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreImports {
    /// The interface, as it is imported. Without a version, any version is meant.
    pub interface: String,
    /// The module that core imports name in its place.
    pub module: String,
}

/// What a guest's memories can grow to, each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// The path of the guest, or of what it is in: an input's name, say.
    pub guest: String,
    /// Bytes.
    pub bytes: u32,
}

/// The name of a core import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreName {
    /// That of its module.
    pub module: String,
    /// Its own.
    pub name: String,
}

/// What the result runs as a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// A function that the first input exports, after its interface and `#`:
    /// `wasi:cli/run@0.2.6#run`. Without a version, any version is meant. It is `func()` or
    /// `func() -> result`, and the result does not export it any more.
    pub export: String,
    /// The core import that is called with 1 if the function returns an error; it does not return.
    /// Without one, an error traps.
    pub exit: Option<CoreName>,
    /// Whether nothing is run where there is no such function. Otherwise that is an error.
    pub if_exported: bool,
}

impl Options {
    /// Whether anything is asked for that only a core module has.
    pub(crate) fn asks_for_core(&self) -> bool {
        !self.core_imports.is_empty() || self.only_core_imports || self.start.is_some()
    }

    /// The module whose core imports the functions of an interface are.
    pub(crate) fn core_module(&self, interface: &str) -> Option<&str> {
        let named = |it: &&CoreImports| names_interface(&it.interface, interface);
        self.core_imports.iter().find(named).map(|it| it.module.as_str())
    }

    /// How many bytes a guest's memories can grow to, if that is said of it: the longest path is meant.
    pub(crate) fn capacity_of(&self, path: &str) -> Option<u32> {
        let of_path = self.capacities.iter().filter(|it| is_in(path, &it.guest));
        of_path.max_by_key(|it| it.guest.len()).map(|it| it.bytes)
    }

    /// Whether accesses of a guest are not checked.
    pub(crate) fn trusts(&self, path: &str) -> bool {
        self.regions == Regions::Trusting || self.trusted.iter().any(|guest| is_in(path, guest))
    }

    /// Whether no component has to provide an interface: its functions are core imports, or intrinsics.
    pub(crate) fn is_core(&self, interface: &str) -> bool {
        self.emit.is_module() && (is_intrinsic(interface) || self.core_module(interface).is_some())
    }
}

/// Whether a path is that of a guest, or of one in it.
fn is_in(path: &str, guest: &str) -> bool {
    path.strip_prefix(guest).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Start {
    /// Whether an exported function, given by its path, is meant.
    pub(crate) fn names(&self, path: &[String]) -> bool {
        match (self.export.rsplit_once('#'), path) {
            (Some((named, function)), [interface, last]) => {
                last == function && names_interface(named, interface)
            }
            (None, [function]) => *function == self.export,
            _ => false,
        }
    }
}

/// Whether an interface is the one that is named, at any version if none is.
fn names_interface(named: &str, interface: &str) -> bool {
    match interface.split_once('@') {
        Some((base, _)) if !named.contains('@') => named == base,
        _ => named == interface,
    }
}

/// Whether the functions of an interface are those of the fuser.
pub(crate) fn is_intrinsic(interface: &str) -> bool {
    interface.starts_with("wasm-fuser:core/memory@0.1.")
}

/// Bounds on what an input can multiply. Going over one is an error with the code
/// [`Code::LimitExceeded`](crate::Code::LimitExceeded), never an abort. Numbers are the defaults.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Component instances and core instances of the whole composition, together: 10,000.
    pub instances: u32,
    /// Definitions of components and core modules, in each instance of them: 10,000,000.
    pub definitions: u32,
    /// Evaluated types, with their fields and cases: 1,000,000.
    pub types: u32,
    /// Depth to which components, and types, nest: 100.
    pub depth: u32,
    /// Bytes of generated shim code, all shims together: 64 MiB.
    pub shim_bytes: u64,
    /// Bytes of the result, and of the core modules that it is made of, in each instance of them:
    /// 1 GiB.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            instances: 10_000,
            definitions: 10_000_000,
            types: 1_000_000,
            depth: 100,
            shim_bytes: 64 << 20,
            output_bytes: 1 << 30,
        }
    }
}

/// A stage whose result can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The flat instance graph.
    Plan,
    /// The decisions, each with its reason.
    Facts,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 2] = [Stage::Plan, Stage::Facts];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Plan => "plan",
            Stage::Facts => "facts",
        }
    }
}
