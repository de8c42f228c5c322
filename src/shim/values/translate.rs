//! Moving a value: one recursion over its type, from a source to a destination.
//!
//! A value is in a [`Place`]: flat, in locals, or in a memory. [`Translator::translate`] moves it
//! from one place to another, one small function per type constructor, the same for parameters and
//! results, flat and spilled, nested anywhere:
//!
//! ```text
//! translate(record {a: u32, b: string}, Locals[l0 l1 l2], Memory{l9 + 8})
//!   a: i32.store offset=8  (l9, l0)
//!   b: check and validate l1, l2; allocate; memory.copy; store pointer and length at l9 + 12, 16
//! ```
//!
//! Locals can be of wider types than the value's own, where the value is the payload of a variant
//! (*join* in the specification); they are converted where a scalar is read or written.
//!
//! Pointers have 32 bits or 64, at each end: layouts and flat types are those of the end, and what
//! differs is no more than them. How many flat types there are does not differ.
//!
//! # Size
//!
//! A type is a graph, and code for it, written out, is as large as its expansion: exponential for
//! records of records of the same type. A part that is heavy is therefore a function of its own
//! ([`HelperKey`]), shared by type, ends and kinds of places.
//!
//! # Rejected
//!
//! Lists of the positions of pointers, to patch after a bulk copy: they have to be built for
//! every combination of variants, and they let bytes through that nobody checked.

use wasm_encoder::{BlockType, MemArg, MemArgTarget, ValType};

use crate::abi::{Abi, Scalar, Shape, flags_size, shape};
use crate::analyse::Lends;
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::TypeId;
use crate::shim::code::{Adapters, Body, Callee, End, HelperKey, Local, Memory, PlaceKind};

/// Types heavier than this are functions of their own.
const HEAVY: u32 = 32;

/// Characters of the name of a helper.
const LONGEST: usize = 200;

/// Values of up to this size are copied by loads and stores.
const SMALL: u64 = 64;

/// Where a value is.
#[derive(Clone, Debug)]
pub enum Place {
    /// Flat, in locals.
    Locals(Vec<Local>),
    /// In the memory of its end.
    Memory {
        /// The address that `offset` is added to.
        address: Local,
        /// A constant.
        offset: u64,
    },
}

impl Place {
    /// The place of a part: `offset` bytes on in memory, `flat` locals from the `first` on.
    pub fn part(&self, offset: u64, first: usize, flat: usize) -> Place {
        match self {
            Place::Locals(locals) => {
                Place::Locals(locals.iter().skip(first).take(flat).copied().collect())
            }
            Place::Memory { address, offset: base } => {
                Place::Memory { address: *address, offset: base + offset }
            }
        }
    }

    fn kind(&self) -> PlaceKind {
        match self {
            Place::Locals(_) => PlaceKind::Locals,
            Place::Memory { .. } => PlaceKind::Memory,
        }
    }
}

/// Moves values within one function.
pub struct Translator<'t, 'p, 'a> {
    pub module: &'t mut Adapters<'p, 'a>,
    pub body: Body,
    /// The end that values come from.
    pub from: End,
    /// The end that values go to.
    pub to: End,
    /// Which handles are lent.
    pub lends: Lends,
    /// Whether what is written is done for each element of a list.
    pub is_repeated: bool,
}

impl<'t, 'p, 'a> Translator<'t, 'p, 'a> {
    /// Moves from one end to another, by instructions at the end of a body.
    pub fn new(
        module: &'t mut Adapters<'p, 'a>,
        body: Body,
        [from, to]: [End; 2],
        lends: Lends,
    ) -> Self {
        Translator { module, body, from, to, lends, is_repeated: false }
    }

    /// The layout of every type at the end that values come from.
    pub fn source_abi(&self) -> &'p Abi {
        self.module.facts.abi_with(self.from.pointer)
    }

    /// The layout of every type at the end that values go to.
    pub fn destination_abi(&self) -> &'p Abi {
        self.module.facts.abi_with(self.to.pointer)
    }

    /// Whether the engine uses the guest's own memory, so that values are where they are to be.
    pub fn shares_memory(&self) -> bool {
        self.from.shares_memory() || self.to.shares_memory()
    }

    /// Moves a value, through a helper if its type is heavy.
    pub fn translate(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        if self.shares_memory() && !self.module.facts.exchanged_types.contains(ty) {
            match (source.kind(), destination.kind()) {
                // What the engine wants as core values is in memory.
                (PlaceKind::Memory, PlaceKind::Locals) => {
                    if let Shape::String | Shape::List(_) = shape(&self.module.plan.types[ty]) {
                        return self.pass_range(ty, source, destination);
                    }
                }
                _ => {
                    self.pass(source, destination);
                    return Ok(());
                }
            }
        }
        if self.module.facts.abi.weight(ty) > HEAVY {
            return self.call_helper(ty, source, destination);
        }
        self.translate_here(ty, source, destination)
    }

    fn translate_here(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        if self.copy_small(ty, source, destination)? {
            return Ok(());
        }
        match shape(&self.module.plan.types[ty]) {
            Shape::Scalar(scalar) => self.scalar(scalar, source, destination),
            Shape::Flags(labels) => self.flags(labels, source, destination),
            Shape::Enum(cases) => self.discriminant(cases, source, destination).map(|_| ()),
            Shape::String => self.string(source, destination),
            Shape::List(element) => self.list(element, source, destination),
            Shape::FixedLengthList(element, length) => {
                self.fixed_length_list(element, length, source, destination)
            }
            Shape::Record(fields) => self.record(&fields, source, destination),
            Shape::Variant(cases) => self.variant(&cases, source, destination),
            Shape::Handle => self.handle(ty, source, destination),
            Shape::Async => self.readable_end(ty, source, destination),
        }
    }

    /// Leaves a value as it is: the engine lifts it itself. In memory, it is where it is to be.
    fn pass(&mut self, source: &Place, destination: &Place) {
        if let (Place::Locals(from), Place::Locals(to)) = (source, destination) {
            for (from, to) in from.iter().zip(to) {
                self.body.ins().local_get(from.index).local_set(to.index);
            }
        }
    }

    /// Reads where something is that stays there, and how long it is.
    fn pass_range(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let mut offset = 0;
        for (index, ty) in self.source_abi().flat(ty).unwrap_or_default().iter().enumerate() {
            let (scalar, size) = match ty {
                ValType::I64 => (Scalar::U64, 8),
                _ => (Scalar::U32, 4),
            };
            self.load(scalar, &source.part(offset, index, 1))?;
            self.close(scalar, &destination.part(0, index, 1))?;
            offset += size;
        }
        Ok(())
    }

    /// Moves fields one after another.
    pub fn record(&mut self, fields: &[TypeId], source: &Place, destination: &Place) -> Result<()> {
        let offsets = self
            .source_abi()
            .offsets(fields)
            .into_iter()
            .zip(self.destination_abi().offsets(fields));
        let mut first = 0;
        for (&field, (from, to)) in fields.iter().zip(offsets) {
            // A field whose flat types are too many is in memory, and so are its record's.
            let flat = self.source_abi().flat(field).map_or(0, <[_]>::len);
            let source = source.part(from, first, flat);
            let destination = destination.part(to, first, flat);
            self.translate(field, &source, &destination)?;
            first += flat;
        }
        Ok(())
    }

    /// Copies a value as bytes, if it can be and is in memory at both ends.
    fn copy_small(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<bool> {
        // What is copied has no pointers: its layout is the same at both ends.
        let abi = self.source_abi();
        let (
            Place::Memory { address: from, offset: at },
            Place::Memory { address: to, offset: put },
        ) = (source, destination)
        else {
            return Ok(false);
        };
        let size = abi.layout(ty)?.size;
        if !abi.is_copyable(ty) {
            return Ok(false);
        }
        let from_memory = self.module.memory(self.from.memory()?)?.0;
        let to_memory = self.module.memory(self.to.memory()?)?.0;
        if size > SMALL {
            for (local, offset) in [(to, *put), (from, *at)] {
                self.body.ins().local_get(local.index);
                self.body.pointer_const(local.ty, offset);
                self.body.pointer_add(local.ty);
            }
            let length = self.length_type();
            self.body.pointer_const(length, size);
            self.body.ins().memory_copy(to_memory, from_memory);
            return Ok(true);
        }
        let mut done = 0;
        while done < size {
            let arg = |base: u64, memory| mem_arg(base + done, 0, memory);
            let (load, store) = (arg(*at, from_memory), arg(*put, to_memory));
            let mut ins = self.body.ins();
            ins.local_get(to.index).local_get(from.index);
            done += match size - done {
                8.. => {
                    ins.i64_load(load).i64_store(store);
                    8
                }
                4.. => {
                    ins.i32_load(load).i32_store(store);
                    4
                }
                2.. => {
                    ins.i32_load16_u(load).i32_store16(store);
                    2
                }
                _ => {
                    ins.i32_load8_u(load).i32_store8(store);
                    1
                }
            };
        }
        Ok(true)
    }

    fn scalar(&mut self, scalar: Scalar, source: &Place, destination: &Place) -> Result<()> {
        self.open(destination);
        self.load(scalar, source)?;
        match scalar {
            Scalar::Bool => {
                self.body.ins().i32_const(0).i32_ne();
            }
            Scalar::Char => {
                self.module.check_char(&mut self.body)?;
            }
            _ => {}
        }
        self.close(scalar, destination)
    }

    /// *load_flags*, *unpack_flags_from_int*: bits beyond the labels are dropped.
    fn flags(&mut self, labels: u32, source: &Place, destination: &Place) -> Result<()> {
        let int = unsigned(flags_size(labels));
        self.open(destination);
        self.load(int, source)?;
        if labels < 32 {
            self.body.ins().i32_const(((1u32 << labels) - 1) as i32).i32_and();
        }
        self.close(int, destination)
    }

    /// Before a value is pushed that [`close`](Self::close) is to write.
    pub fn open(&mut self, destination: &Place) {
        if let Place::Memory { address, .. } = destination {
            self.body.ins().local_get(address.index);
        }
    }

    /// Writes the core value on the stack.
    pub fn close(&mut self, scalar: Scalar, destination: &Place) -> Result<()> {
        match destination {
            Place::Locals(locals) => {
                let local = *locals.first().ok_or_else(no_local)?;
                convert(&mut self.body, scalar.flat(), local.ty)?;
                self.body.ins().local_set(local.index);
            }
            Place::Memory { offset, .. } => {
                let memory = self.to.memory()?;
                let arg = self.arg(memory, *offset, scalar)?;
                let mut ins = self.body.ins();
                match scalar {
                    Scalar::Bool | Scalar::S8 | Scalar::U8 => ins.i32_store8(arg),
                    Scalar::S16 | Scalar::U16 => ins.i32_store16(arg),
                    Scalar::S32 | Scalar::U32 | Scalar::Char => ins.i32_store(arg),
                    Scalar::S64 | Scalar::U64 => ins.i64_store(arg),
                    Scalar::F32 => ins.f32_store(arg),
                    Scalar::F64 => ins.f64_store(arg),
                };
            }
        }
        Ok(())
    }

    /// Pushes the core value of a scalar, narrowed to the scalar's range. *load_int*,
    /// *lift_flat_unsigned*, *lift_flat_signed*.
    pub fn load(&mut self, scalar: Scalar, source: &Place) -> Result<()> {
        match source {
            Place::Locals(locals) => {
                let local = *locals.first().ok_or_else(no_local)?;
                self.body.ins().local_get(local.index);
                convert(&mut self.body, local.ty, scalar.flat())?;
                let mut ins = self.body.ins();
                match scalar {
                    Scalar::S8 => ins.i32_extend8_s(),
                    Scalar::U8 => ins.i32_const(0xff).i32_and(),
                    Scalar::S16 => ins.i32_extend16_s(),
                    Scalar::U16 => ins.i32_const(0xffff).i32_and(),
                    _ => &mut ins,
                };
            }
            Place::Memory { address, offset } => {
                let memory = self.from.memory()?;
                let arg = self.arg(memory, *offset, scalar)?;
                let mut ins = self.body.ins();
                ins.local_get(address.index);
                match scalar {
                    Scalar::Bool | Scalar::U8 => ins.i32_load8_u(arg),
                    Scalar::S8 => ins.i32_load8_s(arg),
                    Scalar::S16 => ins.i32_load16_s(arg),
                    Scalar::U16 => ins.i32_load16_u(arg),
                    Scalar::S32 | Scalar::U32 | Scalar::Char => ins.i32_load(arg),
                    Scalar::S64 | Scalar::U64 => ins.i64_load(arg),
                    Scalar::F32 => ins.f32_load(arg),
                    Scalar::F64 => ins.f64_load(arg),
                };
            }
        }
        Ok(())
    }

    fn arg(&mut self, memory: Memory, offset: u64, scalar: Scalar) -> Result<MemArg> {
        let memory_index = self.module.memory(memory)?.0;
        Ok(mem_arg(offset, scalar.size().trailing_zeros(), memory_index))
    }

    /// The core type of the length of a copy.
    pub fn length_type(&self) -> ValType {
        match (self.from.pointer, self.to.pointer) {
            (ValType::I64, ValType::I64) => ValType::I64,
            _ => ValType::I32,
        }
    }

    /// Moves a value by calling a helper.
    fn call_helper(&mut self, ty: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let (flat, moved) = (self.source_abi().flat(ty), self.destination_abi().flat(ty));
        let (flat, moved) = (flat.unwrap_or_default(), moved.unwrap_or_default());
        let key = HelperKey {
            ty: self.module.plan.types.canonical(ty),
            from: self.from,
            to: self.to,
            source: source.kind(),
            destination: destination.kind(),
            lends: match self.lends {
                Lends::Task => Lends::Task,
                Lends::Nothing | Lends::Parameters | Lends::Kept => Lends::Kept,
            },
        };
        let callee = self.module.helper(key);
        match source {
            Place::Locals(locals) => {
                for (local, ty) in locals.iter().zip(flat) {
                    self.body.ins().local_get(local.index);
                    convert(&mut self.body, local.ty, *ty)?;
                }
            }
            Place::Memory { .. } => self.push_address(source),
        }
        if matches!(destination, Place::Memory { .. }) {
            self.push_address(destination);
        }
        self.body.call(callee);
        if let Place::Locals(locals) = destination {
            for (local, ty) in locals.iter().zip(moved).rev() {
                convert(&mut self.body, *ty, local.ty)?;
                self.body.ins().local_set(local.index);
            }
        }
        Ok(())
    }

    /// Pushes the address of a place in memory.
    fn push_address(&mut self, place: &Place) {
        if let Place::Memory { address, offset } = place {
            self.body.ins().local_get(address.index);
            if *offset != 0 {
                self.body.pointer_const(address.ty, *offset);
                self.body.pointer_add(address.ty);
            }
        }
    }

    /// A place in memory whose offset is zero, for code that goes through it with a pointer.
    pub fn pointer_to(&mut self, place: &Place, ty: ValType) -> Local {
        let pointer = self.body.local(ty);
        self.push_address(place);
        self.body.ins().local_set(pointer.index);
        pointer
    }
}

impl Adapters<'_, '_> {
    /// The function of a helper; its body follows in [`finish_helpers`](Self::finish_helpers).
    fn helper(&mut self, key: HelperKey) -> Callee {
        let ty = self.helper_type(key);
        // For people: no more of a type than they would read.
        let name: String = format!("move {}", self.plan.ty(key.ty)).chars().take(LONGEST).collect();
        let builder = &mut self.builder;
        Callee::Own(*self.helpers.entry(key).or_insert_with(|| builder.declare(name, ty)))
    }

    fn helper_type(&self, key: HelperKey) -> FuncType {
        let flat =
            |end: End| self.facts.abi_with(end.pointer).flat(key.ty).unwrap_or_default().to_vec();
        let mut params = match key.source {
            PlaceKind::Locals => flat(key.from),
            PlaceKind::Memory => vec![key.from.pointer],
        };
        let results = match key.destination {
            PlaceKind::Locals => flat(key.to),
            PlaceKind::Memory => {
                params.push(key.to.pointer);
                Vec::new()
            }
        };
        FuncType::new(params, results)
    }

    /// Generates the helpers that were called, and those that they call.
    pub fn finish_helpers(&mut self) -> Result<()> {
        let mut next = 0;
        while let Some(&(key, func)) = self.helpers.get_index(next) {
            next += 1;
            let body = self.helper_body(key)?;
            self.builder.define(func, body);
            self.limit_code()?;
        }
        Ok(())
    }

    fn helper_body(&mut self, key: HelperKey) -> Result<Body> {
        let ty = self.helper_type(key);
        let mut body = Body::new(ty.params());
        let param = |index: usize| Local { index: index as u32, ty: ty.params()[index] };
        let source = match key.source {
            PlaceKind::Locals => Place::Locals((0..ty.params().len()).map(param).collect()),
            PlaceKind::Memory => Place::Memory { address: param(0), offset: 0 },
        };
        let destination = match key.destination {
            PlaceKind::Locals => {
                Place::Locals(ty.results().iter().map(|&ty| body.local(ty)).collect())
            }
            PlaceKind::Memory => Place::Memory { address: param(ty.params().len() - 1), offset: 0 },
        };
        // Where the destination is in memory, its address is the last parameter, not a value.
        let source = match (source, key.destination) {
            (Place::Locals(mut locals), PlaceKind::Memory) => {
                locals.pop();
                Place::Locals(locals)
            }
            (source, _) => source,
        };
        let mut translator = Translator::new(self, body, [key.from, key.to], key.lends);
        translator.translate_here(key.ty, &source, &destination)?;
        let mut body = translator.body;
        if let Place::Locals(locals) = destination {
            for local in locals {
                body.ins().local_get(local.index);
            }
        }
        Ok(body)
    }
}

fn mem_arg(offset: u64, align: u32, memory: u32) -> MemArg {
    MemArg { offset, align, target: MemArgTarget::Memory(memory), ordering: None }
}

/// The unsigned integer of a size in bytes.
pub fn unsigned(size: u32) -> Scalar {
    match size {
        1 => Scalar::U8,
        2 => Scalar::U16,
        _ => Scalar::U32,
    }
}

/// Converts the core value on the stack between a type and one that it joins to.
fn convert(body: &mut Body, have: ValType, want: ValType) -> Result<()> {
    use ValType::{F32, F64, I32, I64};
    let mut ins = body.ins();
    match (have, want) {
        _ if have == want => {}
        (F32, I32) => drop(ins.i32_reinterpret_f32()),
        (I32, F32) => drop(ins.f32_reinterpret_i32()),
        (I32, I64) => drop(ins.i64_extend_i32_u()),
        (I64, I32) => drop(ins.i32_wrap_i64()),
        (F64, I64) => drop(ins.i64_reinterpret_f64()),
        (I64, F64) => drop(ins.f64_reinterpret_i64()),
        (F32, I64) => drop(ins.i32_reinterpret_f32().i64_extend_i32_u()),
        (I64, F32) => drop(ins.i32_wrap_i64().f32_reinterpret_i32()),
        _ => return Err(Error::internal(format!("{have:?} does not join to {want:?}"))),
    }
    Ok(())
}

fn no_local() -> Error {
    Error::internal("a value has fewer locals than its type has flat types")
}

/// An `if` without results: what [`Translator`] nests control in.
pub const EMPTY: BlockType = BlockType::Empty;
