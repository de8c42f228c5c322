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

use std::collections::HashMap;
use std::fmt;

use cranelift_entity::{PrimaryMap, SecondaryMap, packed_option::PackedOption};
use wasmparser::PrimitiveValType;

use super::ResourceId;
use crate::error::{Code, Error, Result};
use crate::ids::id;

id! {
    /// An evaluated type.
    pub struct TypeId("type");
}

/// The arena of evaluated types.
#[derive(Debug)]
pub struct Types {
    entries: PrimaryMap<TypeId, Type>,
    alias_of: SecondaryMap<TypeId, PackedOption<TypeId>>,
    canonical: SecondaryMap<TypeId, PackedOption<TypeId>>,
    interned: HashMap<Type, TypeId>,
    primitives: HashMap<Primitive, TypeId>,
    limit: u32,
}

/// A type whose parts are evaluated types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`, the numbers, `char`, `string`, `error-context`.
    Primitive(Primitive),
    /// `record`.
    Record(Box<[(Box<str>, TypeId)]>),
    /// `variant`.
    Variant(Box<[(Box<str>, Option<TypeId>)]>),
    /// `list`.
    List(TypeId),
    /// `list<T, N>`.
    FixedLengthList(TypeId, u32),
    /// `map`.
    Map(TypeId, TypeId),
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
    pub params: Box<[(Box<str>, TypeId)]>,
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
    /// An empty arena that takes `limit` entries.
    pub fn new(limit: u32) -> Self {
        Types {
            entries: PrimaryMap::new(),
            alias_of: SecondaryMap::new(),
            canonical: SecondaryMap::new(),
            interned: HashMap::new(),
            primitives: HashMap::new(),
            limit,
        }
    }

    /// A new entry.
    pub fn define(&mut self, ty: Type) -> Result<TypeId> {
        let structure = ty.map_parts(|part| self.canonical(part));
        let id = self.push(ty)?;
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
        let id = self.push(self.entries[of].clone())?;
        self.alias_of[id] = of.into();
        self.canonical[id] = self.canonical[of];
        Ok(id)
    }

    fn push(&mut self, ty: Type) -> Result<TypeId> {
        if self.entries.len() >= self.limit as usize {
            return Err(Error::new(
                Code::LimitExceeded,
                format!("the composition has more than {} types", self.limit),
            )
            .with_help("raise it with `--limit-types`, if the input is one that you trust"));
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
        match self.entries[id] {
            Type::Resource(resource) => Ok(resource),
            _ => Err(Error::internal("expected a resource type")),
        }
    }

    /// The function type that the entry is.
    pub fn func(&self, id: TypeId) -> Result<&FuncType> {
        match &self.entries[id] {
            Type::Func(func) => Ok(func),
            _ => Err(Error::internal("expected a function type")),
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

impl std::ops::Index<TypeId> for Types {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.entries[id]
    }
}

impl Type {
    /// The same type with each part replaced.
    fn map_parts(&self, mut f: impl FnMut(TypeId) -> TypeId) -> Type {
        let mut ty = self.clone();
        ty.for_each_part(|part| *part = f(*part));
        ty
    }

    /// The types that this one is made of.
    pub fn parts(&self) -> Vec<TypeId> {
        let mut parts = Vec::new();
        self.clone().for_each_part(|part| parts.push(*part));
        parts
    }

    fn for_each_part(&mut self, mut f: impl FnMut(&mut TypeId)) {
        match self {
            Type::Primitive(_) | Type::Flags(_) | Type::Enum(_) | Type::Resource(_) => {}
            Type::Record(fields) => fields.iter_mut().for_each(|(_, ty)| f(ty)),
            Type::Variant(cases) => cases.iter_mut().flat_map(|(_, ty)| ty).for_each(f),
            Type::Tuple(types) => types.iter_mut().for_each(f),
            Type::Map(key, value) => {
                f(key);
                f(value);
            }
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
