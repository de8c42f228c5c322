//! Random interface types, and what the canonical ABI makes of them.
//!
//! Flattening and layout are written a second time here, from the specification and without the
//! fuser's `abi`: the guests that are made from them are valid only if both agree with the engine.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use wasm_encoder::{PrimitiveValType as Primitive, ValType};

/// A type of values.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum Ty {
    Primitive(Primitive),
    Record(Vec<Ty>),
    Tuple(Vec<Ty>),
    Variant(Vec<Option<Ty>>),
    Enum(u32),
    Flags(u32),
    Option(Box<Ty>),
    Result(Option<Box<Ty>>, Option<Box<Ty>>),
    List(Box<Ty>),
    FixedLengthList(Box<Ty>, u32),
    Map(Primitive, Box<Ty>),
}

/// The type of a function that returns what it is given.
#[derive(Clone, PartialEq)]
pub enum Signature {
    /// `func(a: T) -> T`.
    One(Ty),
    /// `func(a0: T0, ...) -> tuple<T0, ...>`.
    Many(Vec<Ty>),
}

/// The flat values that fit into parameters; more go through memory.
const MAX_FLAT_PARAMS: usize = 16;

impl Signature {
    /// The parameters.
    pub fn params(&self) -> &[Ty] {
        match self {
            Signature::One(ty) => std::slice::from_ref(ty),
            Signature::Many(types) => types,
        }
    }

    /// The result.
    pub fn result(&self) -> Ty {
        match self {
            Signature::One(ty) => ty.clone(),
            Signature::Many(types) => Ty::Tuple(types.clone()),
        }
    }

    /// The core parameters that are values, unless they go through memory.
    pub fn flat_params(&self, pointer: ValType) -> Option<Vec<ValType>> {
        let flat: Vec<_> = self.params().iter().flat_map(|ty| ty.flat(pointer)).collect();
        (flat.len() <= MAX_FLAT_PARAMS).then_some(flat)
    }

    /// The core result that is a value, unless it goes through memory.
    pub fn flat_result(&self, pointer: ValType) -> Option<ValType> {
        match self.result().flat(pointer)[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Whether a core function that returns its only parameter does what it should: a value, or
    /// a pointer to parameters that lie in memory as the result would.
    pub fn can_be_echoed(&self) -> bool {
        let (params, result) = (self.flat_params(ValType::I32), self.flat_result(ValType::I32));
        let one = result.is_some() && self.params().len() == 1;
        one || params.is_none() && result.is_none()
    }
}

impl Ty {
    /// Whether a type of this kind has to have a name.
    pub fn is_named(&self) -> bool {
        matches!(self, Ty::Record(_) | Ty::Variant(_) | Ty::Enum(_) | Ty::Flags(_))
    }

    /// The cases of a variant, or of what is one.
    fn cases(&self) -> Option<Vec<Option<&Ty>>> {
        match self {
            Ty::Variant(cases) => Some(cases.iter().map(Option::as_ref).collect()),
            Ty::Enum(count) => Some(vec![None; *count as usize]),
            Ty::Option(some) => Some(vec![None, Some(some)]),
            Ty::Result(ok, err) => Some(vec![ok.as_deref(), err.as_deref()]),
            _ => None,
        }
    }

    /// Whether there are lists of fixed length in it.
    pub fn has_fixed_length_lists(&self) -> bool {
        let within = |types: &[Ty]| types.iter().any(Ty::has_fixed_length_lists);
        match self {
            Ty::FixedLengthList(..) => true,
            Ty::Primitive(_) | Ty::Enum(_) | Ty::Flags(_) => false,
            Ty::Record(types) | Ty::Tuple(types) => within(types),
            Ty::List(ty) | Ty::Map(_, ty) => ty.has_fixed_length_lists(),
            Ty::Variant(_) | Ty::Option(_) | Ty::Result(..) => {
                let cases = self.cases().unwrap_or_default();
                cases.into_iter().flatten().any(Ty::has_fixed_length_lists)
            }
        }
    }

    /// *flatten_type*, for pointers of that core type.
    pub fn flat(&self, pointer: ValType) -> Vec<ValType> {
        if let Some(cases) = self.cases() {
            let mut flat = vec![ValType::I32];
            for case in cases.into_iter().flatten() {
                for (i, ty) in case.flat(pointer).into_iter().enumerate() {
                    match flat.get_mut(i + 1) {
                        None => flat.push(ty),
                        Some(joined) => *joined = join(*joined, ty),
                    }
                }
            }
            return flat;
        }
        match self {
            Ty::Primitive(Primitive::S64 | Primitive::U64) => vec![ValType::I64],
            Ty::Primitive(Primitive::F32) => vec![ValType::F32],
            Ty::Primitive(Primitive::F64) => vec![ValType::F64],
            Ty::Primitive(Primitive::String) | Ty::List(_) | Ty::Map(..) => vec![pointer; 2],
            Ty::Record(types) | Ty::Tuple(types) => {
                types.iter().flat_map(|ty| ty.flat(pointer)).collect()
            }
            Ty::FixedLengthList(ty, length) => ty.flat(pointer).repeat(*length as usize),
            _ => vec![ValType::I32],
        }
    }

    /// *elem_size* and *alignment*, for pointers of that core type.
    pub fn layout(&self, pointer: ValType) -> (u32, u32) {
        let pointer_size = if pointer == ValType::I64 { 8 } else { 4 };
        let align_to = |offset: u32, align: u32| offset.next_multiple_of(align);
        if let Some(cases) = self.cases() {
            let discriminant = if cases.len() <= 256 { 1 } else { 2 };
            let payloads: Vec<_> =
                cases.into_iter().flatten().map(|ty| ty.layout(pointer)).collect();
            let align = payloads.iter().map(|layout| layout.1).max().unwrap_or(1);
            let size = payloads.iter().map(|layout| layout.0).max().unwrap_or(0);
            let whole = align.max(discriminant);
            return (align_to(align_to(discriminant, align) + size, whole), whole);
        }
        match self {
            Ty::Primitive(ty) => match ty {
                Primitive::Bool | Primitive::S8 | Primitive::U8 => (1, 1),
                Primitive::S16 | Primitive::U16 => (2, 2),
                Primitive::S64 | Primitive::U64 | Primitive::F64 => (8, 8),
                Primitive::String => (2 * pointer_size, pointer_size),
                _ => (4, 4),
            },
            Ty::List(_) | Ty::Map(..) => (2 * pointer_size, pointer_size),
            Ty::Flags(labels) => match labels {
                0..=8 => (1, 1),
                9..=16 => (2, 2),
                _ => (4, 4),
            },
            Ty::FixedLengthList(ty, length) => {
                let (size, align) = ty.layout(pointer);
                (size * length, align)
            }
            Ty::Record(types) | Ty::Tuple(types) => {
                let (mut end, mut whole) = (0, 1);
                for (size, align) in types.iter().map(|ty| ty.layout(pointer)) {
                    end = align_to(end, align) + size;
                    whole = whole.max(align);
                }
                (align_to(end, whole), whole)
            }
            Ty::Variant(_) | Ty::Enum(_) | Ty::Option(_) | Ty::Result(..) => {
                unreachable!("these have cases")
            }
        }
    }
}

/// *join*.
fn join(a: ValType, b: ValType) -> ValType {
    match (a, b) {
        _ if a == b => a,
        (ValType::I32, ValType::F32) | (ValType::F32, ValType::I32) => ValType::I32,
        _ => ValType::I64,
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::One(ty) => write!(f, "func(a: T) -> T with T = {ty:?}"),
            Signature::Many(types) => write!(f, "func(T...) -> tuple<T...> with T = {types:?}"),
        }
    }
}

/// Signatures: of few parameters and of many, of deep types and of wide ones.
pub fn signature() -> BoxedStrategy<Signature> {
    prop_oneof![
        4 => ty().prop_map(Signature::One),
        4 => vec(ty(), 1..5).prop_map(Signature::Many),
        2 => vec(leaf(), 1..30).prop_map(Signature::Many),
        1 => vec(ty(), 5..20).prop_map(Signature::Many),
        1 => vec(leaf(), 30..300).prop_map(|fields| Signature::One(Ty::Record(fields))),
    ]
    .boxed()
}

/// Types that nest.
fn ty() -> BoxedStrategy<Ty> {
    leaf()
        .prop_recursive(5, 60, 6, |ty| {
            let boxed = ty.clone().prop_map(Box::new).boxed();
            let payload = proptest::option::weighted(0.7, boxed.clone());
            prop_oneof![
                3 => vec(ty.clone(), 1..7).prop_map(Ty::Record),
                2 => vec(ty.clone(), 1..7).prop_map(Ty::Tuple),
                3 => vec(proptest::option::weighted(0.7, ty.clone()), 1..7).prop_map(Ty::Variant),
                2 => boxed.clone().prop_map(Ty::Option),
                2 => (payload.clone(), payload).prop_map(|(ok, err)| Ty::Result(ok, err)),
                3 => boxed.clone().prop_map(Ty::List),
                1 => (boxed.clone(), 1..9u32).prop_map(|(ty, n)| Ty::FixedLengthList(ty, n)),
                1 => (key(), boxed).prop_map(|(key, value)| Ty::Map(key, value)),
                // more than 256 cases, most of them without a payload
                1 => (ty, 250..300usize, any::<prop::sample::Index>()).prop_map(|(ty, count, i)| {
                    let mut cases = vec![None; count];
                    *i.get_mut(&mut cases) = Some(ty);
                    Ty::Variant(cases)
                }),
            ]
        })
        .boxed()
}

/// Types without parts.
fn leaf() -> BoxedStrategy<Ty> {
    prop_oneof![
        12 => primitive().prop_map(Ty::Primitive),
        2 => (1..33u32).prop_map(Ty::Flags),
        2 => prop_oneof![1..10u32, 254..260u32, 1..1000u32].prop_map(Ty::Enum),
        // what is copied as bytes, in one piece
        1 => (scalar(), 1..100u32)
            .prop_map(|(ty, n)| Ty::FixedLengthList(Box::new(Ty::Primitive(ty)), n)),
        2 => scalar().prop_map(|ty| Ty::List(Box::new(Ty::Primitive(ty)))),
    ]
    .boxed()
}

fn primitive() -> BoxedStrategy<Primitive> {
    use Primitive::{Bool, Char, String};
    prop_oneof![3 => scalar(), 2 => Just(String), 1 => prop_oneof![Just(Bool), Just(Char)]].boxed()
}

fn scalar() -> BoxedStrategy<Primitive> {
    use Primitive::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
    proptest::sample::select(vec![S8, U8, S16, U16, S32, U32, S64, U64, F32, F64]).boxed()
}

/// What can be the key of a map: no floats.
fn key() -> BoxedStrategy<Primitive> {
    use Primitive::{F32, F64};
    primitive().prop_filter("no key", |ty| !matches!(ty, F32 | F64)).boxed()
}
