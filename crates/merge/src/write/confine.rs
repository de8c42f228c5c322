//! Rewrites code so that what it does with a memory stays in the memory's region.
//!
//! ```text
//! i32.load offset=8     of the region with the base 16 MiB; 17 pages at first, now as $size says
//!
//!   local.tee $a        the address,
//!   i32.const -8        or one that is out of bounds
//!   local.get $a
//!   global.get $size
//!   i32.const 12        the end of the access
//!   i32.sub
//!   i32.le_u            $a + 12 <= $size
//!   select
//!   i32.load offset=0x1000008
//! ```
//!
//! The address of an access that is not within the region becomes one that is in no memory, and the
//! engine traps, at the access and for the reason for which it would have trapped. So there is no
//! branch, and none that a processor could guess wrongly. The difference does not wrap if the end
//! of the access is within the region's minimum; otherwise the sum is taken in 64 bits, and what is
//! beyond the capacity traps always. The last three bits of the address of an atomic access are kept,
//! for what is not aligned traps for that reason, wherever it is.
//!
//! A region at the end needs no such check, if nothing comes after it. It ends where the one memory does,
//! whatever has grown: only it grows the memory, and by as much. And it begins where no access gets below:
//! the base is in the static offset, and the sum of that and an address does not wrap. So the engine's own
//! check is the region's. (Instructions that take a range have the base added to their addresses by an
//! instruction, which does wrap: they are checked.)
//!
//! Where guests trust each other, no access is checked, and whatever can be in the memory is.
//!
//! The base is part of the static offset, so engines add it for nothing where they guard the
//! address space, and always where they add an offset anyway. Only that of a region that moves is in a
//! global, and added to the address.
//!
//! | instruction | becomes |
//! |---|---|
//! | what has an address and an offset | as above; what lies above the address on the stack is put aside |
//! | `memory.size` | the region's size, a global, in pages |
//! | `memory.grow` | more of the capacity; of the last region, more of the memory. Fresh pages are zero, for nothing has written there, or what was there has moved, and zeros are in its place |
//! | `memory.fill`, `memory.copy`, `memory.init` | the same, of addresses that have been checked and have the base added |
//!
//! Rejected: a call of a function that checks, which is smaller; but the engines that need one
//! memory are the ones that do not inline. A branch to a trap: it costs as much, and another
//! instruction would trap.
//!
//! Limits: an access that follows another one is checked anew, also where the first says enough.

use wasm_encoder::{BlockType, InstructionSink, MemArgTarget, ValType};
use wasmparser::{FunctionBody, MemArg, Operator};

use super::layout::{Moving, Place};
use crate::code::access::{self, Access};
use crate::code::{Code, Counts, Immediate, Instruction, Span, Then, Visitor};
use crate::decide::Growth;
use crate::decide::region::{PAGE_BITS, refused};
use crate::read::malformed;
use crate::{Error, ErrorKind, Result};

/// An address that is in no memory, with any offset: the one memory is a page less than 4 GiB.
const OUTSIDE: i32 = -8;

/// The index of the one memory.
const MEMORY: u32 = 0;

/// The locals that a function can have in an engine.
const MAX_LOCALS: u64 = 50_000;

/// Locals to put operands aside: as many of each type as one instruction needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scratch {
    counts: Counts,
    first: u32,
    /// Whether there is a region that moves: whoever grows may have to move it.
    moving: bool,
}

impl Scratch {
    /// Those that a body needs of a function that has so many parameters, and what is copied into it: that
    /// has so many locals, which come before.
    pub fn of<'b>(
        body: &FunctionBody<'_>,
        params: usize,
        copied: impl Iterator<Item = &'b FunctionBody<'b>>,
        more: u32,
        moving: bool,
    ) -> Result<Scratch> {
        let mut scratch = Scratch { moving, ..Scratch::default() };
        Code::of_body(body)?.walk(&mut scratch)?;
        for body in copied {
            Code::of_body(body)?.walk(&mut scratch)?;
        }
        let mut count = params as u64 + u64::from(more);
        for group in body.get_locals_reader().map_err(malformed)? {
            let (of_type, _) = group.map_err(malformed)?;
            count += u64::from(of_type);
        }
        // No more than the engine's limit, which the validator knows, too.
        scratch.first = u32::try_from(count).unwrap_or(u32::MAX);
        if count + u64::from(scratch.counts.total()) > MAX_LOCALS {
            return Err(too_many_locals());
        }
        Ok(scratch)
    }

    /// Their declarations.
    pub fn locals(&self) -> impl Iterator<Item = (u32, ValType)> {
        self.counts.declared()
    }

    /// A local for each operand.
    fn take(&self, operands: &[ValType]) -> Vec<u32> {
        let mut starts = self.counts.starts(self.first);
        operands.iter().map(|ty| starts.take(*ty).unwrap_or(self.first)).collect()
    }
}

/// The types of the operands that have to be put aside, and of what else has to be kept.
fn operands(op: &Operator<'_>, moving: bool) -> Vec<ValType> {
    match op {
        Operator::MemorySize { .. } => Vec::new(),
        // Where what moves is, and how much of it is to be moved yet.
        Operator::MemoryGrow { .. } if moving => vec![ValType::I32; 3],
        Operator::MemoryCopy { .. } => vec![ValType::I32; 3],
        op => access::signature(op, ValType::I32).map(|(params, _)| params).unwrap_or_default(),
    }
}

impl Visitor for Scratch {
    fn takes(&self, immediates: &[Immediate]) -> bool {
        access::names_memory(immediates)
    }

    fn instruction(&mut self, instruction: &Instruction<'_>, _: Span) -> Result<Then> {
        let operands = operands(&instruction.operator, self.moving);
        self.counts.join(Counts::of(&operands));
        Ok(Then::Pass)
    }
}

/// Writes what stands for an instruction on a memory, or comes before it. `place` knows the regions
/// of the instance's memories, and `data` the indices of its data segments in the module.
pub fn instruction(
    code: &mut InstructionSink<'_>,
    op: &Operator<'_>,
    scratch: Scratch,
    place: impl Fn(u32) -> Result<Place>,
    data: impl Fn(u32) -> Result<u32>,
) -> Result<Then> {
    let locals = scratch.take(&operands(op, scratch.moving));
    match Access::of(op) {
        Access::None | Access::Drop { .. } => return Ok(Then::Visit),
        Access::Init { memory, data: index } => init(code, place(memory)?, &locals, data(index)?),
        Access::Copy { to, from } => copy(code, place(to)?, place(from)?, &locals),
        Access::One(memory) => {
            let place = place(memory)?;
            match op {
                Operator::MemorySize { .. } => size(code, place),
                Operator::MemoryGrow { .. } => grow(code, place, &locals),
                Operator::MemoryFill { .. } => fill(code, place, &locals),
                Operator::MemoryCopy { .. } => copy(code, place, place, &locals),
                op => {
                    let Some(memarg) = access::memarg(op).copied() else {
                        let name = access::describe(op);
                        return Err(refused(&format!("`{name}` cannot be done in a region")));
                    };
                    address(code, place, &locals, &memarg, access::is_aligned(op));
                    return Ok(Then::Visit);
                }
            }
        }
    }
    Ok(Then::Pass)
}

fn too_many_locals() -> Error {
    let what = format!("a function has more locals than engines accept: {MAX_LOCALS}");
    Error::new(ErrorKind::TooManyLocals, what)
}

/// Takes an address and what is above it; pushes the address, or one out of bounds, and the rest.
fn address(
    code: &mut InstructionSink<'_>,
    place: Place,
    locals: &[u32],
    memarg: &MemArg,
    is_aligned: bool,
) {
    let Some((&address, rest)) = locals.split_first() else { return };
    let outside = |code: &mut InstructionSink<'_>| {
        code.i32_const(OUTSIDE);
        if is_aligned {
            code.local_get(address).i32_or();
        }
    };
    // The alignment of an access is that of its size at most.
    let end = memarg.offset.saturating_add(1 << memarg.max_align);
    let Place { region, size, .. } = place;
    let is_free = region.growth == Growth::Last || region.is_trusted;
    let can_be_in = end <= u64::from(region.capacity_bytes());
    if is_free && can_be_in && region.growth != Growth::Moving {
        return;
    }
    for local in rest.iter().rev() {
        code.local_set(*local);
    }
    if is_free && can_be_in {
        add_base(code, place);
    } else if end > u64::from(region.capacity_bytes()) {
        match is_aligned {
            true => code.local_set(address),
            false => code.drop(),
        };
        outside(code);
    } else if end <= u64::from(region.minimum_bytes()) {
        // It is less than 4 GiB: the capacity is.
        let end = end as u32;
        tee(code, place, address);
        outside(code);
        code.local_get(address);
        code.global_get(size).i32_const(end.cast_signed()).i32_sub().i32_le_u().select();
    } else {
        tee(code, place, address);
        outside(code);
        code.local_get(address).i64_extend_i32_u().i64_const(end.cast_signed()).i64_add();
        code.global_get(size).i64_extend_i32_u().i64_le_u().select();
    }
    for local in rest {
        code.local_get(*local);
    }
}

/// Takes an address in a region; keeps it, and pushes it as one that the static offset makes one of the
/// memory.
fn tee(code: &mut InstructionSink<'_>, place: Place, address: u32) {
    code.local_tee(address);
    add_base(code, place);
}

/// Adds the base of a region that moves to the address on the stack.
fn add_base(code: &mut InstructionSink<'_>, place: Place) {
    if let (Growth::Moving, Some(moving)) = (place.region.growth, place.moving) {
        code.global_get(moving.base).i32_add();
    }
}

/// Pushes the pages of a region.
fn size(code: &mut InstructionSink<'_>, place: Place) {
    code.global_get(place.size).i32_const(PAGE_BITS.cast_signed()).i32_shr_u();
}

/// Takes a number of pages; pushes how many there were, or -1.
fn grow(code: &mut InstructionSink<'_>, place: Place, locals: &[u32]) {
    let Some((&pages, more)) = locals.split_first() else { return };
    code.local_set(pages);
    let has_no_room = |code: &mut InstructionSink<'_>| {
        code.local_get(pages).i32_const(place.region.capacity.cast_signed());
        size(code, place);
        code.i32_sub().i32_gt_u();
    };
    let fails = |code: &mut InstructionSink<'_>| {
        code.local_get(pages).memory_grow(MEMORY).i32_const(-1).i32_eq();
    };
    match place.region.growth {
        Growth::Reserved => has_no_room(code),
        Growth::Last => fails(code),
        Growth::Pushing | Growth::Moving => {
            has_no_room(code);
            code.if_(BlockType::Result(ValType::I32)).i32_const(1).else_();
            fails(code);
            code.end();
        }
    }
    code.if_(BlockType::Result(ValType::I32)).i32_const(-1).else_();
    size(code, place);
    code.global_get(place.size);
    code.local_get(pages).i32_const(PAGE_BITS.cast_signed()).i32_shl().i32_add();
    code.global_set(place.size);
    if let (Growth::Pushing, Some(moving), &[from, at]) = (place.region.growth, place.moving, more)
    {
        push(code, moving, [pages, from, at]);
    }
    code.end();
}

/// Moves what comes after a region by as many pages as the first local says, and leaves zeros. It goes
/// from the end to the beginning, for there is more room behind; and by loads and stores, which every
/// engine has.
fn push(code: &mut InstructionSink<'_>, moving: Moving, [by, from, at]: [u32; 3]) {
    let target = MemArgTarget::Memory(MEMORY);
    let arg = wasm_encoder::MemArg { align: 0, offset: 0, target, ordering: None };
    code.local_get(by).i32_const(PAGE_BITS.cast_signed()).i32_shl().local_set(by);
    code.global_get(moving.size).local_set(at);
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(at).i32_eqz().br_if(1);
    code.local_get(at).i32_const(8).i32_sub().local_tee(at);
    code.global_get(moving.base).i32_add().local_tee(from);
    // Zeros are written first: by no bytes, it stays what it is.
    code.local_get(by).i32_add().local_get(from).i64_load(arg);
    code.local_get(from).i64_const(0).i64_store(arg).i64_store(arg);
    code.br(0).end().end();
    code.global_get(moving.base).local_get(by).i32_add().global_set(moving.base);
}

/// Pushes where a range is in the one memory, or an address out of bounds.
fn range(code: &mut InstructionSink<'_>, place: Place, address: u32, length: u32) {
    code.local_get(address);
    if place.region.offset() > 0 {
        code.i32_const(place.region.offset().cast_signed()).i32_add();
    }
    add_base(code, place);
    if place.region.is_trusted {
        return;
    }
    code.i32_const(OUTSIDE);
    code.local_get(address).i64_extend_i32_u().local_get(length).i64_extend_i32_u().i64_add();
    code.global_get(place.size).i64_extend_i32_u().i64_le_u().select();
}

fn fill(code: &mut InstructionSink<'_>, place: Place, locals: &[u32]) {
    let &[to, value, length] = locals else { return };
    code.local_set(length).local_set(value).local_set(to);
    range(code, place, to, length);
    code.local_get(value).local_get(length).memory_fill(MEMORY);
}

fn copy(code: &mut InstructionSink<'_>, into: Place, out_of: Place, locals: &[u32]) {
    let &[to, from, length] = locals else { return };
    code.local_set(length).local_set(from).local_set(to);
    range(code, into, to, length);
    range(code, out_of, from, length);
    code.local_get(length).memory_copy(MEMORY, MEMORY);
}

/// Takes where to, where from in a data segment, and how much; writes that into a region.
pub fn init(code: &mut InstructionSink<'_>, place: Place, locals: &[u32], data: u32) {
    let &[to, from, length] = locals else { return };
    code.local_set(length).local_set(from).local_set(to);
    range(code, place, to, length);
    code.local_get(from).local_get(length).memory_init(MEMORY, data);
}
