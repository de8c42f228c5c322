//! Sizes, alignments, flattening: the canonical ABI's layout of every type, computed in one place.
//!
//! Corresponds to *Despecialization*, *Alignment*, *Element Size* and *Flattening* of the
//! specification (`CanonicalABI.md`), for pointers of 32 bits or of 64. In memory, a value lies as
//! the [`Layout`] of its type says; in core values, as its [flat types](Abi::flat) say.
//!
//! ```text
//! record { a: u8, b: option<u32> }    size 12, align 4, b at 4      flat: i32 i32 i32
//! variant { i(u32), f(f32), l(u64) }  size 16, align 8, payload 8   flat: i32 i64  (i32 ⊔ f32 ⊔ i64)
//! ```
//!
//! Layouts are computed for all types at once, parts first, without recursion. Flat types are kept
//! only as far as a function can take them ([`MAX_FLAT_PARAMS`]): a wider type always lies in
//! memory.

use cranelift_entity::SecondaryMap;
use wasm_encoder::ValType;

use crate::error::{Code, Error, Result};
use crate::plan::{CanonicalOptions, FuncType, Primitive, Type, TypeId, Types};

/// The flat parameters that a function takes; more of them go through memory.
pub const MAX_FLAT_PARAMS: usize = 16;
/// The flat parameters that a function lowered with `async` takes.
pub const MAX_FLAT_ASYNC_PARAMS: usize = 4;
/// The flat results that a function returns; more of them go through memory.
pub const MAX_FLAT_RESULTS: usize = 1;
/// The size of the longest list, in bytes.
pub const MAX_LIST_BYTE_LENGTH: u32 = (1 << 28) - 1;
/// The size of the longest string, in bytes.
pub const MAX_STRING_BYTE_LENGTH: u32 = (1 << 28) - 1;

/// The layout of every type.
#[derive(Debug)]
pub struct Abi {
    entries: SecondaryMap<TypeId, Entry>,
    pointer: ValType,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    layout: Layout,
    flat: Option<Box<[ValType]>>,
    copyable: bool,
    checked: bool,
    pointers: bool,
    weight: u32,
}

/// Where the bytes of a value are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Bytes.
    pub size: u64,
    /// Bytes: a power of two.
    pub align: u32,
}

/// A type without its specializations: what there is to lift and lower.
#[derive(Clone, Debug)]
pub enum Shape {
    /// One core value.
    Scalar(Scalar),
    /// Bits, in an integer of 1, 2 or 4 bytes.
    Flags(u32),
    /// One of a number of cases without payloads.
    Enum(u32),
    /// A pointer and a length.
    String,
    /// A pointer and a length.
    List(TypeId),
    /// Elements side by side.
    FixedLengthList(TypeId, u32),
    /// Fields one after another.
    Record(Vec<TypeId>),
    /// A discriminant and a payload.
    Variant(Vec<Option<TypeId>>),
    /// An index in a handle table.
    Handle,
    /// An index of something asynchronous.
    Async,
}

/// A type whose values are one core value, and what makes one valid.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
}

impl Scalar {
    /// Bytes in memory, which is also the alignment.
    pub fn size(self) -> u32 {
        match self {
            Scalar::Bool | Scalar::S8 | Scalar::U8 => 1,
            Scalar::S16 | Scalar::U16 => 2,
            Scalar::S32 | Scalar::U32 | Scalar::F32 | Scalar::Char => 4,
            Scalar::S64 | Scalar::U64 | Scalar::F64 => 8,
        }
    }

    /// The core type.
    pub fn flat(self) -> ValType {
        match self {
            Scalar::S64 | Scalar::U64 => ValType::I64,
            Scalar::F32 => ValType::F32,
            Scalar::F64 => ValType::F64,
            _ => ValType::I32,
        }
    }

    /// Whether every bit pattern in memory is a value, and stays the same when it is lifted and
    /// lowered.
    pub fn is_copyable(self) -> bool {
        !matches!(self, Scalar::Bool | Scalar::Char)
    }

    /// Whether every core value is a value, and stays the same when it is lifted and lowered.
    pub fn is_identity(self) -> bool {
        matches!(
            self,
            Scalar::S32 | Scalar::U32 | Scalar::S64 | Scalar::U64 | Scalar::F32 | Scalar::F64
        )
    }
}

/// The shape of a type.
pub fn shape(ty: &Type) -> Shape {
    match ty {
        Type::Primitive(ty) => match ty {
            Primitive::Bool => Shape::Scalar(Scalar::Bool),
            Primitive::S8 => Shape::Scalar(Scalar::S8),
            Primitive::U8 => Shape::Scalar(Scalar::U8),
            Primitive::S16 => Shape::Scalar(Scalar::S16),
            Primitive::U16 => Shape::Scalar(Scalar::U16),
            Primitive::S32 => Shape::Scalar(Scalar::S32),
            Primitive::U32 => Shape::Scalar(Scalar::U32),
            Primitive::S64 => Shape::Scalar(Scalar::S64),
            Primitive::U64 => Shape::Scalar(Scalar::U64),
            Primitive::F32 => Shape::Scalar(Scalar::F32),
            Primitive::F64 => Shape::Scalar(Scalar::F64),
            Primitive::Char => Shape::Scalar(Scalar::Char),
            Primitive::String => Shape::String,
            Primitive::ErrorContext => Shape::Async,
        },
        Type::Record(fields) => Shape::Record(fields.iter().map(|&(_, ty)| ty).collect()),
        Type::Tuple(types) => Shape::Record(types.to_vec()),
        Type::Variant(cases) => Shape::Variant(cases.iter().map(|&(_, ty)| ty).collect()),
        Type::Option(ty) => Shape::Variant(vec![None, Some(*ty)]),
        Type::Result { ok, err } => Shape::Variant(vec![*ok, *err]),
        Type::Enum(labels) => Shape::Enum(labels.len() as u32),
        Type::Flags(labels) => Shape::Flags(labels.len() as u32),
        Type::List(ty) => Shape::List(*ty),
        Type::Map { entry, .. } => Shape::List(*entry),
        Type::FixedLengthList(ty, length) => Shape::FixedLengthList(*ty, *length),
        Type::Own(_) | Type::Borrow(_) => Shape::Handle,
        Type::Future(_) | Type::Stream(_) => Shape::Async,
        // Not types of values: they have no layout, and nothing asks for one.
        Type::Resource(_) | Type::Func(_) => Shape::Async,
    }
}

/// The size in bytes of a variant's discriminant.
pub fn discriminant_size(cases: usize) -> u32 {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// The size in bytes of flags.
pub fn flags_size(labels: u32) -> u32 {
    match labels {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

impl Abi {
    /// Lays out every type, with pointers of that core type.
    pub fn new(types: &Types, pointer: ValType) -> Self {
        let mut abi = Abi { entries: SecondaryMap::new(), pointer };
        for (id, ty) in types.iter() {
            abi.entries[id] = match types.canonical(id) {
                canonical if canonical != id => abi.entries[canonical].clone(),
                _ => abi.entry(&shape(ty)),
            };
        }
        abi
    }

    /// The layout of a type whose size can be allocated.
    pub fn layout(&self, ty: TypeId) -> Result<Layout> {
        self.entries[ty].layout.checked()
    }

    /// The flat types of a value, unless there are more than [`MAX_FLAT_PARAMS`].
    pub fn flat(&self, ty: TypeId) -> Option<&[ValType]> {
        self.entries[ty].flat.as_deref()
    }

    /// Whether values can be copied as bytes: every bit pattern is a value and stays as it is, and
    /// there is no padding.
    pub fn is_copyable(&self, ty: TypeId) -> bool {
        self.entries[ty].copyable
    }

    /// Whether some bit pattern, apart from padding, is no value or does not stay as it is.
    pub fn is_checked(&self, ty: TypeId) -> bool {
        self.entries[ty].checked
    }

    /// Whether values hold strings or lists, which have to be allocated.
    pub fn has_pointers(&self, ty: TypeId) -> bool {
        self.entries[ty].pointers
    }

    /// How much code it takes to translate a value: the number of nodes of the type, expanded.
    pub fn weight(&self, ty: TypeId) -> u32 {
        self.entries[ty].weight
    }

    /// The layout of fields one after another.
    pub fn record(&self, fields: &[TypeId]) -> Result<Layout> {
        self.record_layout(fields).checked()
    }

    /// The offset of each field.
    pub fn offsets(&self, fields: &[TypeId]) -> Vec<u64> {
        let mut end = 0;
        fields
            .iter()
            .map(|&field| {
                let layout = self.entries[field].layout;
                let offset = align_to(end, layout.align);
                end = offset + layout.size;
                offset
            })
            .collect()
    }

    /// The offset of a variant's payload.
    pub fn payload_offset(&self, cases: &[Option<TypeId>]) -> u64 {
        align_to(u64::from(discriminant_size(cases.len())), self.max_case_alignment(cases))
    }

    /// The flat types of fields one after another, unless there are more than
    /// [`MAX_FLAT_PARAMS`].
    pub fn flat_record(&self, fields: impl IntoIterator<Item = TypeId>) -> Option<Vec<ValType>> {
        let mut flat = Vec::new();
        for field in fields {
            flat.extend_from_slice(self.flat(field)?);
            if flat.len() > MAX_FLAT_PARAMS {
                return None;
            }
        }
        Some(flat)
    }

    /// The core type of a function, lifted or lowered. *flatten_functype* in the specification.
    pub fn flatten(&self, ty: &FuncType, side: Side) -> Signature {
        let max_flat_params = match side {
            Side::AsyncLower => MAX_FLAT_ASYNC_PARAMS,
            _ => MAX_FLAT_PARAMS,
        };
        let params = self.flat_record(ty.param_types());
        let params = params.filter(|params| params.len() <= max_flat_params);
        let spilled_params = params.is_none();
        let mut params = params.unwrap_or_else(|| vec![self.pointer]);
        let flat = self.flat_record(ty.result);
        let flat = flat.filter(|results| results.len() <= MAX_FLAT_RESULTS);
        let (results, spilled_results) = match (side, flat) {
            (Side::Lift | Side::Lower, Some(results)) => (results, false),
            (Side::Lift, None) => (vec![self.pointer], true),
            // What `task.return` is called with.
            (Side::AsyncLift, _) => (Vec::new(), false),
            // What to do next.
            (Side::CallbackLift, _) => (vec![ValType::I32], false),
            (Side::Lower, None) => (Vec::new(), true),
            // The state of the subtask.
            (Side::AsyncLower, _) => (vec![ValType::I32], ty.result.is_some()),
        };
        if spilled_results && side.is_lower() {
            params.push(self.pointer);
        }
        let ty = crate::core::FuncType::new(params, results);
        Signature { ty, spilled_params, spilled_results }
    }

    fn entry(&self, shape: &Shape) -> Entry {
        let int = |size: u32| Layout { size: size.into(), align: size };
        let pointer_size = if self.pointer == ValType::I64 { 8 } else { 4 };
        let pointer_and_length = Layout { size: 2 * u64::from(pointer_size), align: pointer_size };
        let weight = |types: &mut dyn Iterator<Item = TypeId>| {
            types.fold(2u32, |sum, ty| sum.saturating_add(self.entries[ty].weight))
        };
        let (layout, flat, copyable, weight) = match shape {
            Shape::Scalar(scalar) => {
                (int(scalar.size()), Some(vec![scalar.flat()]), scalar.is_copyable(), 1)
            }
            Shape::Flags(labels) => {
                let size = flags_size(*labels);
                (int(size), Some(vec![ValType::I32]), *labels == size * 8, 1)
            }
            Shape::Enum(cases) => {
                (int(discriminant_size(*cases as usize)), Some(vec![ValType::I32]), false, 1)
            }
            Shape::String => (pointer_and_length, Some(vec![self.pointer; 2]), false, 4),
            Shape::List(element) => (
                pointer_and_length,
                Some(vec![self.pointer; 2]),
                false,
                8u32.saturating_add(self.entries[*element].weight),
            ),
            Shape::FixedLengthList(element, length) => {
                let Entry { layout, flat, copyable, weight, .. } = &self.entries[*element];
                let flat = flat.as_ref().and_then(|flat| {
                    let count = flat.len().checked_mul(*length as usize)?;
                    (count <= MAX_FLAT_PARAMS).then(|| flat.repeat(*length as usize))
                });
                // In memory it is a loop; in core values the elements are written out.
                let copies = flat.as_ref().map_or(1, |_| *length);
                let size = layout.size.saturating_mul((*length).into());
                let weight = weight.saturating_mul(copies).saturating_add(4);
                (Layout { size, align: layout.align }, flat, *copyable, weight)
            }
            Shape::Record(fields) => (
                self.record_layout(fields),
                self.flat_record(fields.iter().copied()),
                fields.iter().all(|&field| self.entries[field].copyable)
                    && self.has_no_padding(fields),
                weight(&mut fields.iter().copied()),
            ),
            Shape::Variant(cases) => (
                self.variant_layout(cases),
                self.flat_variant(cases),
                false,
                weight(&mut cases.iter().copied().flatten()),
            ),
            Shape::Handle | Shape::Async => (int(4), Some(vec![ValType::I32]), false, 1),
        };
        let pointers = match shape {
            Shape::String | Shape::List(_) => true,
            Shape::FixedLengthList(element, _) => self.entries[*element].pointers,
            Shape::Record(fields) => fields.iter().any(|&field| self.entries[field].pointers),
            Shape::Variant(cases) => cases.iter().flatten().any(|&ty| self.entries[ty].pointers),
            _ => false,
        };
        let checked = match shape {
            Shape::Record(fields) => fields.iter().any(|&field| self.entries[field].checked),
            Shape::FixedLengthList(element, _) => self.entries[*element].checked,
            _ => !copyable,
        };
        Entry { layout, flat: flat.map(Into::into), copyable, checked, pointers, weight }
    }

    fn record_layout(&self, fields: &[TypeId]) -> Layout {
        let mut end = 0u64;
        let mut align = 1;
        for &field in fields {
            let layout = self.entries[field].layout;
            end = align_to(end, layout.align).saturating_add(layout.size);
            align = align.max(layout.align);
        }
        Layout { size: align_to(end, align), align }
    }

    fn has_no_padding(&self, fields: &[TypeId]) -> bool {
        let sum = fields.iter().map(|&field| self.entries[field].layout.size).sum::<u64>();
        sum == self.record_layout(fields).size
    }

    fn max_case_alignment(&self, cases: &[Option<TypeId>]) -> u32 {
        cases.iter().flatten().map(|&ty| self.entries[ty].layout.align).max().unwrap_or(1)
    }

    fn variant_layout(&self, cases: &[Option<TypeId>]) -> Layout {
        let sizes = cases.iter().flatten().map(|&ty| self.entries[ty].layout.size);
        let end = self.payload_offset(cases).saturating_add(sizes.max().unwrap_or(0));
        let align = discriminant_size(cases.len()).max(self.max_case_alignment(cases));
        Layout { size: align_to(end, align), align }
    }

    fn flat_variant(&self, cases: &[Option<TypeId>]) -> Option<Vec<ValType>> {
        let mut flat = vec![ValType::I32];
        for &case in cases.iter().flatten() {
            for (i, &ty) in self.flat(case)?.iter().enumerate() {
                match flat.get_mut(1 + i) {
                    Some(slot) => *slot = join(*slot, ty),
                    None => flat.push(ty),
                }
            }
        }
        (flat.len() <= MAX_FLAT_PARAMS).then_some(flat)
    }
}

/// Which end of a function a core type is for, and whether it has the canonical option `async`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The core function that is lifted.
    Lift,
    /// The core function that lowering makes.
    Lower,
    /// The core function that is lifted with `async`, without a `callback`.
    AsyncLift,
    /// The core function that is lifted with `async` and a `callback`.
    CallbackLift,
    /// The core function that lowering with `async` makes.
    AsyncLower,
}

impl Side {
    /// The side of a core function that is lifted with these options.
    pub fn of_lift(options: &CanonicalOptions) -> Side {
        match (options.async_, options.callback) {
            (false, _) => Side::Lift,
            (true, None) => Side::AsyncLift,
            (true, Some(_)) => Side::CallbackLift,
        }
    }

    /// The side of a core function that lowering with these options makes.
    pub fn of_lower(options: &CanonicalOptions) -> Side {
        match options.async_ {
            false => Side::Lower,
            true => Side::AsyncLower,
        }
    }

    /// Whether it is what lowering makes.
    pub fn is_lower(self) -> bool {
        matches!(self, Side::Lower | Side::AsyncLower)
    }
}

/// The core type of a function, and how values are passed.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The core type.
    pub ty: crate::core::FuncType,
    /// The parameters lie in memory, and the core parameter points to them.
    pub spilled_params: bool,
    /// The results lie in memory. When lifted, the core result points to them; when lowered, the
    /// last core parameter says where to put them.
    pub spilled_results: bool,
}

impl Layout {
    fn checked(self) -> Result<Layout> {
        if self.size <= u64::from(MAX_LIST_BYTE_LENGTH) {
            return Ok(self);
        }
        Err(Error::new(
            Code::LimitExceeded,
            format!("a value of {} bytes is larger than {MAX_LIST_BYTE_LENGTH}", self.size),
        )
        .with_help("pass it as a `list`"))
    }
}

/// The type of a flat value that is one of two types. *join* in the specification.
fn join(a: ValType, b: ValType) -> ValType {
    match (a, b) {
        _ if a == b => a,
        (ValType::I32, ValType::F32) | (ValType::F32, ValType::I32) => ValType::I32,
        _ => ValType::I64,
    }
}

fn align_to(offset: u64, align: u32) -> u64 {
    offset.saturating_add(u64::from(align) - 1) & !(u64::from(align) - 1)
}

mod builtin;
#[cfg(test)]
mod tests;
