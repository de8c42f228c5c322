//! From one component to the [`Plan`]: the flat instance graph.
//!
//! # Problem
//!
//! A component is a program: it defines components, instantiates some of them more than once,
//! passes instances, types and functions around, and aliases across any number of levels. What the
//! fuser needs is the outcome: which instances exist, which function each import is bound to.
//!
//! # How
//!
//! [`plan`] interprets the program (see [`instantiate`]). A frame's index spaces hold
//! *definitions*, never relative indices, so aliases and wrappers vanish as they are evaluated.
//! A type is a value too, and instantiating a component that defines a resource mints a fresh
//! [`ResourceId`].
//!
//! ```text
//! (component $A (export "f" (func $f (canon lift (core func $m "f") ...))))     lift0: core1.func7
//! (component $B (import "f" (func $f)) (core func $l (canon lower (func $f))))  lower0 -> lift0
//! ```
//!
//! A *crossing* is a [`Lower`] whose target is a [`Lift`]; all others go over the boundary.
//!
//! Below this line no decision depends on a string: module imports and exports are resolved here,
//! and names are kept to print.
//!
//! # Rejected
//!
//! `wasmtime-environ` has such an interpreter, and jco uses it. It is not a public interface, it
//! keeps no names of types (the boundary could not be written again), and it would bring the rest
//! of that crate into `fuser.wasm`.

use std::fmt;

use cranelift_entity::{PrimaryMap, SecondaryMap, packed_option::PackedOption};
use wasm_fuser_merge::hash::HashMap;

pub use self::builtin::{
    AsyncBuiltin, BuiltinKind, Channel, ContextSlot, CopyOp, StartFunction, ThreadOp,
};
pub use self::carried::{Carried, CarriedDefinition, CarriedId, OuterAlias, OuterItem, OuterKind};
pub use self::core_imports::{Main, Role};
pub use self::frame::Closure;
use self::names::Paths;
pub use self::standard::whole_names;
pub use self::types::{FuncType, Primitive, Type, TypeId, Types};
pub use self::uses::{
    all_items, exists_after, exported_funcs, exported_lifts, holders, mentioned, types_of,
};
use crate::core::EntityKind;
use crate::core::Interface;
pub use crate::decode::ModuleId;
use crate::decode::{Decoded, Module};
use crate::error::{Code, Error, Limit, Remedy, Result};
use crate::ids::id;
use crate::options::{Emit, MemoryPlan, Options};

mod builtin;
mod canon;
mod carried;
mod components;
mod core_imports;
mod declare;
mod dump;
mod frame;
mod instantiate;
mod modules;
mod names;
mod standard;
mod types;
mod uses;

id! {
    /// A component instance.
    pub struct InstanceId("instance");
    /// A core instance made from a module.
    pub struct CoreInstanceId("core");
    /// A resource, minted by an instantiation or imported.
    pub struct ResourceId("resource");
    /// A component function made by `canon lift`.
    pub struct LiftId("lift");
    /// A core function made by `canon lower`.
    pub struct LowerId("lower");
    /// A core function made by another canonical built-in.
    pub struct BuiltinId("builtin");
    /// A function whose code is not there.
    pub struct ImportId("import");
    /// A core module whose code is not there.
    pub struct ImportedModuleId("imported-module");
    /// A component whose code is not there.
    pub struct ImportedComponentId("imported-component");
    /// A bag of component-level items.
    pub struct BagId("bag");
    /// A definition of a type that is not evaluated: of an instance, a component, or core wasm.
    pub struct DeclaredId("declared");
}

/// The flat instance graph.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What the graph was made from.
    pub decoded: &'a Decoded<'a>,
    /// Component instances, in order of instantiation; the root is the first.
    pub instances: PrimaryMap<InstanceId, Instance>,
    /// Core instances, in order of instantiation.
    pub core_instances: PrimaryMap<CoreInstanceId, CoreInstance>,
    /// Every type.
    pub types: Types,
    /// Every resource.
    pub resources: PrimaryMap<ResourceId, Resource>,
    /// Every lift.
    pub lifts: PrimaryMap<LiftId, Lift>,
    /// Every lower.
    pub lowers: PrimaryMap<LowerId, Lower>,
    /// Every other built-in.
    pub builtins: PrimaryMap<BuiltinId, Builtin>,
    /// The functions that the root imports, or gets from instances of imported components.
    pub imports: PrimaryMap<ImportId, Import>,
    /// The core modules that come from there.
    pub imported_modules: PrimaryMap<ImportedModuleId, ImportedModule<'a>>,
    /// The components that come from there.
    pub imported_components: PrimaryMap<ImportedComponentId, ImportedComponent>,
    /// The instances of imported components, in order of instantiation.
    pub imported_instances: Vec<ImportedInstance>,
    /// Bags of items: component-level instances as they are seen from outside.
    pub bags: PrimaryMap<BagId, Bag>,
    /// What the root imports, in order.
    pub root_imports: Vec<(ExternName, Item)>,
    /// What the root exports, in order.
    pub root_exports: Vec<(ExternName, Item)>,
    /// Definitions that the result has as the input has them.
    pub carried: PrimaryMap<CarriedId, Carried<'a>>,
    /// The types among them.
    pub carried_types: SecondaryMap<DeclaredId, PackedOption<CarriedId>>,
    /// The components among them.
    pub carried_components: HashMap<Closure, CarriedId>,
    /// What the result runs as a command.
    pub main: Option<Main>,
    /// What the tables of handles can grow to as a region with a place of its own, in bytes.
    pub store: Option<u32>,
}

/// A component instance: it owns flags, and a handle table.
#[derive(Debug, Default)]
pub struct Instance {
    /// The instance that instantiated it.
    pub parent: Option<InstanceId>,
    /// Its path from the root; unique.
    pub path: String,
    /// What its memories can grow to as regions of one, in bytes, if that is said of it.
    pub capacity: Option<u32>,
    /// Whether its accesses to regions need no checks.
    pub is_trusted: bool,
}

/// A core instance: a module and what its imports are bound to.
#[derive(Debug)]
pub struct CoreInstance {
    /// The module.
    pub module: ModuleDef,
    /// One definition for each of the module's imports, in order.
    pub imports: Vec<CoreDef>,
    /// The component instance that it is part of.
    pub owner: InstanceId,
    /// Its path from the root; unique.
    pub path: String,
}

/// A core module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleDef {
    /// One that the input defines.
    Defined(ModuleId),
    /// One that the root imports.
    Imported(ImportedModuleId),
}

/// A core module whose code is not there.
#[derive(Clone, Debug)]
pub struct ImportedModule<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// Its declared type.
    pub ty: DeclaredId,
    /// Its declared type, as if it were a module of the input: without bytes.
    pub module: Module<'a>,
    /// The same, with the types of all items.
    pub interface: Interface,
}

/// A component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComponentDef {
    /// One that the input defines.
    Defined(Closure),
    /// One that the root imports.
    Imported(ImportedComponentId),
}

/// A component whose code is not there.
#[derive(Debug)]
pub struct ImportedComponent {
    /// Where it comes from.
    pub origin: Origin,
    /// Its declared type.
    pub ty: DeclaredId,
}

/// An instance of a component whose code is not there.
#[derive(Debug)]
pub struct ImportedInstance {
    /// The instance.
    pub instance: InstanceId,
    /// What it is made from.
    pub component: ImportedComponentId,
    /// What it is made with.
    pub arguments: Vec<(String, Item)>,
    /// What it exports.
    pub exports: BagId,
    /// How many core instances exist when it is made.
    pub after: usize,
}

/// Where something comes from that is not in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The instance of an imported component that it is an export of; none, if the root imports it.
    pub instance: Option<InstanceId>,
    /// The import or export, and the export of that where it is an instance, and so on.
    pub path: Vec<String>,
}

/// A core definition: what an import of a core module is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreDef {
    /// A function.
    Func(CoreFunc),
    /// A table, memory, global or tag.
    Entity(CoreEntity),
}

/// A core function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreFunc {
    /// Of a core instance, by index in the function index space of its module.
    Defined(CoreEntity),
    /// Made by `canon lower`.
    Lower(LowerId),
    /// Made by another built-in.
    Builtin(BuiltinId),
}

/// Something in a core instance, by index in an index space of its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CoreEntity {
    /// The instance.
    pub instance: CoreInstanceId,
    /// The index space.
    pub kind: EntityKind,
    /// The index.
    pub index: u32,
}

/// A resource type.
#[derive(Clone, Copy, Debug)]
pub enum Resource {
    /// Imported by the root, or defined by an instance of an imported component.
    Imported {
        /// That instance.
        by: Option<InstanceId>,
    },
    /// Defined by an instance.
    Defined {
        /// The instance.
        owner: InstanceId,
        /// Its destructor.
        dtor: Option<CoreFunc>,
    },
}

/// A component function made of a core function.
#[derive(Debug)]
pub struct Lift {
    /// The core function.
    pub callee: CoreFunc,
    /// The type, a [`Type::Func`].
    pub ty: TypeId,
    /// The canonical options.
    pub options: CanonicalOptions,
    /// The instance whose function it is.
    pub owner: InstanceId,
    /// Where it is in the input.
    pub offset: u64,
}

/// What a caller calls a component function, to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuncName {
    /// The instance that it is a function of, as the caller imports it.
    pub interface: Option<String>,
    /// The function.
    pub function: String,
}

impl fmt::Display for FuncName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.interface {
            Some(interface) => write!(f, "{interface}#{}", self.function),
            None => f.write_str(&self.function),
        }
    }
}

/// A core function made of a component function.
#[derive(Debug)]
pub struct Lower {
    /// What its caller calls the function.
    pub name: FuncName,
    /// The component function.
    pub target: FuncDef,
    /// The type, a [`Type::Func`].
    pub ty: TypeId,
    /// The canonical options.
    pub options: CanonicalOptions,
    /// The instance that calls it.
    pub owner: InstanceId,
    /// How many core instances exist when it is made: all that its options refer to are among
    /// them.
    pub after: usize,
    /// Where it is in the input.
    pub offset: u64,
}

/// Another canonical built-in.
#[derive(Debug)]
pub struct Builtin {
    /// Which.
    pub kind: BuiltinKind,
    /// The instance that calls it.
    pub owner: InstanceId,
    /// How many core instances exist when it is made.
    pub after: usize,
    /// Where it is in the input.
    pub offset: u64,
}

/// The canonical options of a lift, a lower, or another built-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CanonicalOptions {
    /// How strings are encoded.
    pub encoding: StringEncoding,
    /// The memory that pointers refer to.
    pub memory: Option<CoreEntity>,
    /// The allocation function.
    pub realloc: Option<CoreFunc>,
    /// What to call with the results when they have been read.
    pub post_return: Option<CoreFunc>,
    /// Whether the caller does not wait for the callee, or the callee returns by a built-in.
    pub async_: bool,
    /// What to call with the next event.
    pub callback: Option<CoreFunc>,
    /// Whether values are passed as GC references.
    pub gc: bool,
}

/// How strings are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StringEncoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16,
    /// Latin-1 or UTF-16, told apart by a tag in the length.
    CompactUtf16,
}

impl fmt::Display for StringEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StringEncoding::Utf8 => "utf8",
            StringEncoding::Utf16 => "utf16",
            StringEncoding::CompactUtf16 => "latin1+utf16",
        })
    }
}

/// A function whose code is not there.
#[derive(Debug)]
pub struct Import {
    /// Where it comes from.
    pub origin: Origin,
    /// The type, a [`Type::Func`].
    pub ty: TypeId,
    /// What it is to the result.
    pub role: Role,
}

/// A component-level item.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A function, and its type as it is seen here.
    Func(FuncDef, TypeId),
    /// An instance.
    Instance(BagId),
    /// A type of values, or a resource type.
    Type(TypeId),
    /// The type of an instance or component.
    Declared(DeclaredId),
    /// A core module, and the type that it is seen through, if there is one.
    Module(ModuleDef, Option<DeclaredId>),
    /// A component, and the type that it is seen through, if there is one.
    Component(ComponentDef, Option<DeclaredId>),
}

/// A component function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FuncDef {
    /// Lifted.
    Lift(LiftId),
    /// Imported by the root, or an export of an instance of an imported component.
    Import(ImportId),
}

/// A component-level instance as it is seen from outside: items by name.
pub type Bag = HashMap<String, Item>;

/// A name at the boundary, with its attributes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternName {
    /// The name.
    pub name: String,
    /// The interface that it implements, where that is not the name.
    pub implements: Option<String>,
    /// The version's suffix, where the name is without.
    pub version_suffix: Option<String>,
    /// An identifier that the component model leaves to its users.
    pub external_id: Option<String>,
}

impl Origin {
    /// An export of what is there.
    pub fn export(&self, name: &str) -> Origin {
        let path = self.path.iter().map(String::as_str).chain([name]).map(Into::into);
        Origin { path: path.collect(), ..*self }
    }
}

impl<'a> Plan<'a> {
    /// A plan of nothing but types.
    pub fn new(decoded: &'a Decoded<'a>, types: Types) -> Self {
        Plan {
            decoded,
            instances: PrimaryMap::new(),
            core_instances: PrimaryMap::new(),
            types,
            resources: PrimaryMap::new(),
            lifts: PrimaryMap::new(),
            lowers: PrimaryMap::new(),
            builtins: PrimaryMap::new(),
            imports: PrimaryMap::new(),
            imported_modules: PrimaryMap::new(),
            imported_components: PrimaryMap::new(),
            imported_instances: Vec::new(),
            bags: PrimaryMap::new(),
            root_imports: Vec::new(),
            root_exports: Vec::new(),
            carried: PrimaryMap::new(),
            carried_types: SecondaryMap::new(),
            carried_components: HashMap::new(),
            main: None,
            store: None,
        }
    }

    /// What a core module imports and exports.
    pub fn module(&self, module: ModuleDef) -> &Module<'a> {
        match module {
            ModuleDef::Defined(id) => &self.decoded.modules[id],
            ModuleDef::Imported(id) => &self.imported_modules[id].module,
        }
    }

    /// Whether an instance is another one, or the other one is inside it.
    pub fn contains(&self, outer: InstanceId, inner: InstanceId) -> bool {
        let mut at = Some(inner);
        while let Some(instance) = at {
            if instance == outer {
                return true;
            }
            at = self.instances[instance].parent;
        }
        false
    }

    /// Whether a crossing always traps: one of the two instances is the other, or contains it.
    pub fn is_reentrant(&self, lower: LowerId, lift: LiftId) -> bool {
        let (caller, callee) = (self.lowers[lower].owner, self.lifts[lift].owner);
        self.contains(caller, callee) || self.contains(callee, caller)
    }

    /// Whether a memory has 64-bit addresses.
    pub fn is_memory64(&self, memory: CoreEntity) -> bool {
        let module = self.core_instances[memory.instance].module;
        let memories = &self.module(module).memories;
        memories.get(memory.index as usize).is_some_and(|ty| ty.memory64)
    }

    /// Whether any memory has.
    pub fn has_memory64(&self) -> bool {
        let mut modules = self.core_instances.values().map(|it| self.module(it.module));
        modules.any(|module| module.memories.iter().any(|ty| ty.memory64))
    }

    /// Whether an instance defines a resource: to it, a borrow is the rep.
    pub fn defines(&self, instance: InstanceId, resource: ResourceId) -> bool {
        matches!(self.resources[resource], Resource::Defined { owner, .. } if owner == instance)
    }

    /// The definition of a type at the boundary.
    pub fn carried_type(&self, id: DeclaredId) -> Result<CarriedId> {
        let carried = self.carried_types[id].expand();
        carried.ok_or_else(|| Error::internal("a type at the boundary is not carried over"))
    }

    /// The definition of a component at the boundary.
    pub fn carried_component(&self, closure: Closure) -> Result<CarriedId> {
        let carried = self.carried_components.get(&closure).copied();
        carried.ok_or_else(|| Error::internal("a component at the boundary is not carried over"))
    }

    /// Every crossing: a lower and the lift that it is bound to.
    pub fn crossings(&self) -> impl Iterator<Item = (LowerId, LiftId)> {
        self.lowers.iter().filter_map(|(lower, l)| match l.target {
            FuncDef::Lift(lift) => Some((lower, lift)),
            FuncDef::Import(_) => None,
        })
    }
}

/// Instantiates the root symbolically.
pub fn plan<'a>(decoded: &'a Decoded<'a>, options: &Options) -> Result<Plan<'a>> {
    let mut plan = instantiate::instantiate(decoded, &options.limits)?;
    core_imports::assign(&mut plan, options)?;
    if options.emit == Emit::Module {
        standard::check(&plan)?;
    }
    plan.store = options.store.filter(|_| options.memory == MemoryPlan::Single);
    for instance in plan.instances.values_mut() {
        instance.capacity = options.capacity_of(&instance.path);
        instance.is_trusted = options.trusts(&instance.path);
    }
    Ok(plan)
}

fn limit_exceeded(what: &str, value: u32, unit: &str, limit: Limit) -> Error {
    Error::new(Code::LimitExceeded, format!("{what} more than {value} {unit}"))
        .with_help(Remedy::raise(limit))
}
