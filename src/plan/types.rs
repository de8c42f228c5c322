//! Types as values.
//!
//! # Problem
//!
//! A type in a component binary is a definition in some frame: it refers to others by relative
//! index, and what `own 3` means depends on which instance the frame belongs to. Two questions are
//! asked of a type later on, and they pull apart:
//!
//! * the shims ask for *structure*: two functions whose types are equal share an adapter, whatever
//!   the types are called;
//! * the boundary asks for *identity*: the type of an exported function must refer to the very
//!   `record` that the interface exports under a name, or the result is not valid.
//!
//! # How
//!
//! [`Types`] is an arena in which evaluation never reuses an entry: every `type` definition, and
//! every import or export of a type, makes a new [`TypeId`]. An import or export is an entry that
//! is an [alias](Types::alias_of) of another. Beside it each entry knows its
//! [canonical](Types::canonical) entry: the first one with that structure, resources being equal
//! only to themselves. Structure is compared by comparing two numbers.
//!
//! A type's parts are defined before it, so whoever goes through the arena in order has seen a
//! type's parts when it comes to the type: no recursion is needed. Where later stages do recurse
//! over a type, the depth is bounded by a limit, checked here. So is the size of all types
//! together; an alias shares what it is an alias of.

use std::fmt;
use std::rc::Rc;

use cranelift_entity::{PrimaryMap, SecondaryMap, packed_option::PackedOption};
use wasm_fuser_merge::hash::{HashMap, HashSet};
use wasmparser::PrimitiveValType;

use super::ResourceId;
use super::limit_exceeded;
use crate::error::{Error, Limit, Result};
use crate::ids::id;
use crate::options::Limits;

id! {
    /// An evaluated type.
    pub struct TypeId("type");
}

/// Names and types: fields of a record, parameters of a function.
pub type Fields = Box<[(Box<str>, TypeId)]>;

/// The arena of evaluated types.
#[derive(Clone, Debug)]
pub struct Types {
    entries: PrimaryMap<TypeId, Rc<Type>>,
    alias_of: SecondaryMap<TypeId, PackedOption<TypeId>>,
    canonical: SecondaryMap<TypeId, PackedOption<TypeId>>,
    depth: SecondaryMap<TypeId, u32>,
    asynchronous: SecondaryMap<TypeId, Option<&'static str>>,
    /// Whether there is a resource or a handle among its parts, or it is one.
    has_handles: SecondaryMap<TypeId, bool>,
    size: usize,
    interned: HashMap<Type, TypeId>,
    primitives: HashMap<Primitive, TypeId>,
    limits: Limits,
}

/// A type whose parts are evaluated types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`, the numbers, `char`, `string`, `error-context`.
    Primitive(Primitive),
    /// `record`.
    Record(Fields),
    /// `variant`.
    Variant(Box<[(Box<str>, Option<TypeId>)]>),
    /// `list`.
    List(TypeId),
    /// `list<T, N>`.
    FixedLengthList(TypeId, u32),
    /// `map`.
    Map {
        /// The type of its keys.
        key: TypeId,
        /// The type of its values.
        value: TypeId,
        /// `tuple<key, value>`: a map is a list of these.
        entry: TypeId,
    },
    /// `tuple`.
    Tuple(Box<[TypeId]>),
    /// `flags`.
    Flags(Box<[Box<str>]>),
    /// `enum`.
    Enum(Box<[Box<str>]>),
    /// `option`.
    Option(TypeId),
    /// `result`.
    Result {
        /// The payload of `ok`.
        ok: Option<TypeId>,
        /// The payload of `error`.
        err: Option<TypeId>,
    },
    /// `own`.
    Own(TypeId),
    /// `borrow`.
    Borrow(TypeId),
    /// `future`.
    Future(Option<TypeId>),
    /// `stream`.
    Stream(Option<TypeId>),
    /// A resource type.
    Resource(ResourceId),
    /// A function type.
    Func(FuncType),
}

macro_rules! primitives {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// A primitive type.
        #[allow(missing_docs, reason = "the names are the specification's")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Primitive { $($variant),+ }

        impl From<PrimitiveValType> for Primitive {
            fn from(ty: PrimitiveValType) -> Self {
                match ty { $(PrimitiveValType::$variant => Primitive::$variant),+ }
            }
        }

        impl From<Primitive> for wasm_encoder::PrimitiveValType {
            fn from(ty: Primitive) -> Self {
                match ty { $(Primitive::$variant => wasm_encoder::PrimitiveValType::$variant),+ }
            }
        }

        impl fmt::Display for Primitive {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Primitive::$variant => $name),+ })
            }
        }
    };
}

primitives! {
    Bool = "bool", S8 = "s8", U8 = "u8", S16 = "s16", U16 = "u16", S32 = "s32", U32 = "u32",
    S64 = "s64", U64 = "u64", F32 = "f32", F64 = "f64", Char = "char", String = "string",
    ErrorContext = "error-context",
}

/// The type of a component function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// Whether it is an `async` function.
    pub async_: bool,
    /// Its parameters.
    pub params: Fields,
    /// Its result.
    pub result: Option<TypeId>,
}

impl FuncType {
    /// The types of its parameters.
    pub fn param_types(&self) -> impl Iterator<Item = TypeId> {
        self.params.iter().map(|&(_, ty)| ty)
    }
}

impl Types {
    /// An empty arena.
    pub fn new(limits: &Limits) -> Self {
        Types {
            entries: PrimaryMap::new(),
            alias_of: SecondaryMap::new(),
            canonical: SecondaryMap::new(),
            depth: SecondaryMap::new(),
            asynchronous: SecondaryMap::new(),
            has_handles: SecondaryMap::new(),
            size: 0,
            interned: HashMap::new(),
            primitives: HashMap::new(),
            limits: *limits,
        }
    }

    /// A new entry.
    pub fn define(&mut self, ty: Type) -> Result<TypeId> {
        let mut depth = 0;
        let mut asynchronous = match ty {
            Type::Stream(_) => Some("stream"),
            Type::Future(_) => Some("future"),
            Type::Primitive(Primitive::ErrorContext) => Some("error-context"),
            _ => None,
        };
        let mut has_handles = matches!(ty, Type::Own(_) | Type::Borrow(_) | Type::Resource(_));
        let structure = ty.map_parts(|part| {
            depth = depth.max(self.depth[part]);
            has_handles |= self.has_handles[part];
            asynchronous = asynchronous.or(self.asynchronous[part]);
            self.canonical(part)
        });
        let id = self.push(ty.len(), Rc::new(ty))?;
        self.depth[id] = depth + 1;
        self.asynchronous[id] = asynchronous;
        self.has_handles[id] = has_handles;
        if depth >= self.limits.depth {
            return Err(limit_exceeded("types nest", self.limits.depth, "deep", Limit::Depth));
        }
        let canonical = *self.interned.entry(structure).or_insert(id);
        self.canonical[id] = canonical.into();
        Ok(id)
    }

    /// The entry of a primitive type.
    pub fn primitive(&mut self, ty: Primitive) -> Result<TypeId> {
        if let Some(id) = self.primitives.get(&ty) {
            return Ok(*id);
        }
        let id = self.define(Type::Primitive(ty))?;
        self.primitives.insert(ty, id);
        Ok(id)
    }

    /// A new entry for the import or export of a type.
    pub fn alias(&mut self, of: TypeId) -> Result<TypeId> {
        let id = self.push(0, Rc::clone(&self.entries[of]))?;
        self.alias_of[id] = of.into();
        self.canonical[id] = self.canonical[of];
        self.depth[id] = self.depth[of];
        self.asynchronous[id] = self.asynchronous[of];
        self.has_handles[id] = self.has_handles[of];
        Ok(id)
    }

    /// Adds an entry of its own size, or of none.
    fn push(&mut self, size: usize, ty: Rc<Type>) -> Result<TypeId> {
        self.size = self.size.saturating_add(1 + size);
        if self.size > self.limits.types as usize {
            let (what, unit) = ("the composition has", "types, fields and cases");
            return Err(limit_exceeded(what, self.limits.types, unit, Limit::Types));
        }
        Ok(self.entries.push(ty))
    }

    /// What the entry imports or exports under another name.
    pub fn alias_of(&self, id: TypeId) -> Option<TypeId> {
        self.alias_of[id].expand()
    }

    /// The first entry of that structure: equal for two types exactly when they are equal.
    pub fn canonical(&self, id: TypeId) -> TypeId {
        self.canonical[id].expand().unwrap_or(id)
    }

    /// The resource that the entry, a resource type, stands for.
    pub fn resource(&self, id: TypeId) -> Result<ResourceId> {
        match *self.entries[id] {
            Type::Resource(resource) => Ok(resource),
            _ => Err(Error::internal("expected a resource type")),
        }
    }

    /// The function type that the entry is.
    pub fn func(&self, id: TypeId) -> Result<&FuncType> {
        match &*self.entries[id] {
            Type::Func(func) => Ok(func),
            _ => Err(Error::internal("expected a function type")),
        }
    }

    /// Whether a resource or a handle is among what a type is made of.
    pub fn has_handles(&self, ty: TypeId) -> bool {
        self.has_handles[ty]
    }

    /// A type and all that it is made of, each once, if a resource or a handle is among that. Mostly there
    /// is none.
    pub fn parts_of_handles(&self, ty: TypeId) -> Vec<TypeId> {
        if self.has_handles[ty] { self.all_parts(ty) } else { Vec::new() }
    }

    /// A type and all that it is made of, each once.
    pub fn all_parts(&self, ty: TypeId) -> Vec<TypeId> {
        let mut all = vec![ty];
        let mut seen = HashSet::from_iter([ty]);
        let mut next = 0;
        while let Some(&ty) = all.get(next) {
            next += 1;
            all.extend(self.entries[ty].parts().into_iter().filter(|part| seen.insert(*part)));
        }
        all
    }

    /// The asynchronous type that a type mentions, if it does, by the specification's name.
    pub fn asynchronous_part(&self, ty: TypeId) -> Option<&'static str> {
        self.asynchronous[ty]
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Every entry, parts before the types that are made of them.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.entries.iter().map(|(id, ty)| (id, &**ty))
    }
}

impl std::ops::Index<TypeId> for Types {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.entries[id]
    }
}

impl Type {
    /// How many fields, cases or labels it has.
    fn len(&self) -> usize {
        match self {
            Type::Record(fields) => fields.len(),
            Type::Variant(cases) => cases.len(),
            Type::Tuple(types) => types.len(),
            Type::Flags(labels) | Type::Enum(labels) => labels.len(),
            Type::Func(func) => func.params.len(),
            _ => 0,
        }
    }

    /// The same type with each part replaced.
    fn map_parts(&self, mut f: impl FnMut(TypeId) -> TypeId) -> Type {
        let mut ty = self.clone();
        ty.for_each_part(|part| *part = f(*part));
        ty
    }

    /// Whether a type of this kind has to have a name, where it is imported or exported.
    pub fn has_name(&self) -> bool {
        matches!(
            self,
            Type::Record(_) | Type::Variant(_) | Type::Flags(_) | Type::Enum(_) | Type::Resource(_)
        )
    }

    /// The types that this one is made of.
    pub fn parts(&self) -> Vec<TypeId> {
        match self {
            Type::Primitive(_) | Type::Flags(_) | Type::Enum(_) | Type::Resource(_) => Vec::new(),
            Type::Record(fields) => fields.iter().map(|(_, ty)| *ty).collect(),
            Type::Variant(cases) => cases.iter().filter_map(|(_, ty)| *ty).collect(),
            Type::Tuple(types) => types.to_vec(),
            Type::Map { key, value, entry } => vec![*key, *value, *entry],
            Type::List(ty)
            | Type::FixedLengthList(ty, _)
            | Type::Option(ty)
            | Type::Own(ty)
            | Type::Borrow(ty) => vec![*ty],
            Type::Result { ok, err } => ok.iter().chain(err).copied().collect(),
            Type::Future(ty) | Type::Stream(ty) => ty.iter().copied().collect(),
            Type::Func(func) => func.param_types().chain(func.result).collect(),
        }
    }

    fn for_each_part(&mut self, mut f: impl FnMut(&mut TypeId)) {
        match self {
            Type::Primitive(_) | Type::Flags(_) | Type::Enum(_) | Type::Resource(_) => {}
            Type::Record(fields) => fields.iter_mut().for_each(|(_, ty)| f(ty)),
            Type::Variant(cases) => cases.iter_mut().flat_map(|(_, ty)| ty).for_each(f),
            Type::Tuple(types) => types.iter_mut().for_each(f),
            Type::Map { key, value, entry } => [key, value, entry].into_iter().for_each(f),
            Type::List(ty)
            | Type::FixedLengthList(ty, _)
            | Type::Option(ty)
            | Type::Own(ty)
            | Type::Borrow(ty) => f(ty),
            Type::Result { ok, err } => ok.iter_mut().chain(err).for_each(f),
            Type::Future(ty) | Type::Stream(ty) => ty.iter_mut().for_each(f),
            Type::Func(func) => {
                func.params.iter_mut().for_each(|(_, ty)| f(ty));
                func.result.iter_mut().for_each(f);
            }
        }
    }
}
