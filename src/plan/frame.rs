//! Frames: the index spaces of one instantiation.
//!
//! A frame's spaces only ever grow, and frames outlive their activation: a component definition
//! or an instance type that captured a frame refers to it by id, and an outer alias is a walk up
//! the lexical parents. Nothing is copied when a definition is closed over.

use cranelift_entity::PrimaryMap;
use wasm_fuser_merge::hash::HashMap;

use super::{
    BagId, ComponentDef, CoreDef, CoreEntity, CoreFunc, CoreInstanceId, DeclaredId, FuncDef,
    FuncName, InstanceId, Item, ModuleDef, TypeId,
};
use crate::decode::ComponentId;
use crate::error::{Error, Result};
use crate::ids::id;

id! {
    /// The index spaces of one instantiation, or of one evaluation of an instance type.
    pub struct FrameId("frame");
}

/// All frames.
pub(super) type Frames<'a> = PrimaryMap<FrameId, Frame<'a>>;

/// Index spaces that hold definitions.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// The frame around the definition that is evaluated here.
    pub parent: Option<FrameId>,
    /// The component instance whose definitions these are.
    pub owner: InstanceId,
    pub modules: Vec<ModuleDef>,
    pub core_instances: Vec<CoreInstanceValue<'a>>,
    pub core_funcs: Vec<CoreFunc>,
    pub core_tables: Vec<CoreEntity>,
    pub core_memories: Vec<CoreEntity>,
    pub core_globals: Vec<CoreEntity>,
    pub core_tags: Vec<CoreEntity>,
    pub components: Vec<ComponentDef>,
    pub instances: Vec<BagId>,
    pub funcs: Vec<(FuncDef, TypeId)>,
    pub types: Vec<TypeValue>,
    /// Core types: a definition, and which of its types.
    pub core_types: Vec<(DeclaredId, u32)>,
    /// What instances and functions are called here, by index, where they are imported.
    pub instance_names: HashMap<usize, String>,
    pub func_names: HashMap<usize, FuncName>,
}

/// A core instance as a value: made from a module, or a bag of definitions.
#[derive(Clone, Debug)]
pub(super) enum CoreInstanceValue<'a> {
    Instantiated(CoreInstanceId),
    Exports(HashMap<&'a str, CoreDef>),
}

/// A component definition and the frame that its outer aliases begin in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// The definition.
    pub(super) component: ComponentId,
    /// The frame around it.
    pub(super) frame: FrameId,
}

/// What a type index refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum TypeValue {
    /// A type of values, a resource type or a function type.
    Type(TypeId),
    /// The type of an instance or component, not evaluated: each use of an instance type mints its
    /// resources anew, and what gets instantiated is the definition that is passed for a
    /// component type.
    Declared(DeclaredId),
}

impl<'a> Frame<'a> {
    pub fn new(parent: Option<FrameId>, owner: InstanceId) -> Self {
        Frame {
            parent,
            owner,
            modules: Vec::new(),
            core_instances: Vec::new(),
            core_funcs: Vec::new(),
            core_tables: Vec::new(),
            core_memories: Vec::new(),
            core_globals: Vec::new(),
            core_tags: Vec::new(),
            components: Vec::new(),
            instances: Vec::new(),
            funcs: Vec::new(),
            types: Vec::new(),
            core_types: Vec::new(),
            instance_names: HashMap::new(),
            func_names: HashMap::new(),
        }
    }

    /// The type of values, resource type or function type at an index.
    pub fn ty(&self, index: u32) -> Result<TypeId> {
        match at(&self.types, index)? {
            TypeValue::Type(ty) => Ok(*ty),
            TypeValue::Declared(_) => {
                Err(Error::internal("expected a type of values, found a type of instances"))
            }
        }
    }

    /// Remembers what the item that is added next is called.
    pub fn name_next(&mut self, item: Item, interface: Option<&str>, name: &str) {
        match item {
            Item::Instance(_) => {
                self.instance_names.insert(self.instances.len(), name.into());
            }
            Item::Func(..) => {
                let interface = interface.map(Into::into);
                self.func_names
                    .insert(self.funcs.len(), FuncName { interface, function: name.into() });
            }
            _ => {}
        }
    }

    /// Adds an item to the index space of its kind.
    pub fn push(&mut self, item: Item) {
        match item {
            Item::Func(def, ty) => self.funcs.push((def, ty)),
            Item::Instance(bag) => self.instances.push(bag),
            Item::Type(ty) => self.types.push(TypeValue::Type(ty)),
            Item::Declared(id) => self.types.push(TypeValue::Declared(id)),
            Item::Module(module, _) => self.modules.push(module),
            Item::Component(component, _) => self.components.push(component),
        }
    }

    /// Adds a core definition to the index space of its kind.
    pub fn push_core(&mut self, def: CoreDef) {
        use crate::core::EntityKind::*;
        match def {
            CoreDef::Func(func) => self.core_funcs.push(func),
            CoreDef::Entity(entity) => match entity.kind {
                Func => self.core_funcs.push(CoreFunc::Defined(entity)),
                Table => self.core_tables.push(entity),
                Memory => self.core_memories.push(entity),
                Global => self.core_globals.push(entity),
                Tag => self.core_tags.push(entity),
            },
        }
    }
}

/// An element of an index space. The validator has checked the bounds.
pub(super) fn at<T>(space: &[T], index: u32) -> Result<&T> {
    space.get(index as usize).ok_or_else(|| {
        Error::internal(format!("index {index} of a validated component is unknown"))
    })
}
