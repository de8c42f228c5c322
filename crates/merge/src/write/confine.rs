//! Rewrites code so that what it does with a memory stays in the memory's region, and what it calls through a
//! table in the table's part.
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
//! Code that is trusted is not checked, for it does not leave its regions: what is generated checks what it is
//! given before it uses it, and the caller of `merge` can say so of others. Wherever it grows a memory, and where
//! segments are written, there are checks.
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
//! A call through a part of the one table is
//!
//! ```text
//! call_indirect (type)  of the part with the base 40, which has 25 slots
//!
//!   local.tee $i
//!   i32.const 40
//!   i32.add
//!   i32.const -1        in no table
//!   local.get $i
//!   i32.const 25
//!   i32.lt_u
//!   select
//!   call_indirect (type)
//! ```
//!
//! Rejected: a call of a function that checks, which is smaller; but the engines that need one
//! memory are the ones that do not inline. A branch to a trap: it costs as much, and another
//! instruction would trap.
//!
//! Limits: an access that follows another one is checked anew, also where the first says enough.

use wasm_encoder::{BlockType, InstructionSink, MemArgTarget, ValType};
use wasmparser::{FunctionBody, Operator};

use super::layout::{Layout, Moving, Place};
use crate::code::access::{self, Access};
use crate::code::{Code, Counts, Immediate, Index, Instruction, Span, Then, Visitor};
use crate::decide::region::{PAGE_BITS, refused};
use crate::decide::{Growth, Part};
use crate::program::Program;
use crate::read::malformed;
use crate::{Error, ErrorKind, InstanceId, Result};

/// An address that is in no memory, with any offset: the one memory is a page less than 4 GiB.
const OUTSIDE: i32 = -8;

/// The index of the one memory.
const MEMORY: u32 = 0;

/// The locals that a function can have in an engine.
const MAX_LOCALS: u64 = 50_000;

/// How the code of a function stays in its regions.
#[derive(Clone, Copy, Debug)]
pub struct Confined {
    /// Whether it does so by itself.
    is_trusted: bool,
    scratch: Scratch,
}

/// What the code is in: the places of what its instance has.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub program: &'a Program<'a>,
    pub layout: &'a Layout,
    pub instance: InstanceId,
}

impl Around<'_> {
    /// The region that a memory is.
    fn place(&self, memory: u32) -> Result<Place> {
        let memory = self.program.instances[self.instance].memories.get(memory)?;
        let place = self.layout.place(memory);
        place.ok_or_else(|| Error::internal(format!("`{memory}` has no region")))
    }

    /// The index of a data segment in the module.
    fn data(&self, data: u32) -> Result<u32> {
        self.layout.data(self.program.instances[self.instance].data.get(data)?)
    }

    /// The part that an instruction calls through, if it is one that does.
    fn called(&self, op: &Operator<'_>) -> Result<Option<Part>> {
        let (Operator::CallIndirect { table_index, .. }
        | Operator::ReturnCallIndirect { table_index, .. }) = *op
        else {
            return Ok(None);
        };
        let tables = &self.program.instances[self.instance].tables;
        Ok(self.layout.part(tables.get(table_index)?))
    }
}

/// Whether instructions with such immediates are rewritten, or may be.
pub fn concerns(immediates: &[Immediate]) -> bool {
    access::names_memory(immediates) || immediates.contains(&Immediate::Index(Index::CalledTable))
}

/// Locals to put operands aside: as many of each type as one instruction needs.
#[derive(Clone, Copy, Debug, Default)]
struct Scratch {
    counts: Counts,
    first: u32,
}

/// Code of an instance that is part of a body.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    pub body: &'a FunctionBody<'a>,
    pub around: Around<'a>,
    /// Whether the instance is trusted.
    pub is_trusted: bool,
}

impl Confined {
    /// For a body, and what is copied into it, which comes after. It has so many parameters, and locals for what is
    /// copied. It is trusted if all of it is.
    pub fn new(pieces: &[Piece<'_>], mut count: u64) -> Result<Confined> {
        let is_trusted = pieces.iter().all(|piece| piece.is_trusted);
        let mut scratch = Scratch::default();
        for Piece { body, around, .. } in pieces {
            let mut needs = Needs { is_trusted, around: *around, counts: scratch.counts };
            Code::of_body(body)?.walk(&mut needs)?;
            scratch.counts = needs.counts;
        }
        let own = pieces.first().map(|piece| piece.body.get_locals_reader());
        for group in own.transpose().map_err(malformed)?.into_iter().flatten() {
            let (of_type, _) = group.map_err(malformed)?;
            count += u64::from(of_type);
        }
        // No more than the engine's limit, which the validator knows, too.
        scratch.first = u32::try_from(count).unwrap_or(u32::MAX);
        if count + u64::from(scratch.counts.total()) > MAX_LOCALS {
            return Err(too_many_locals());
        }
        Ok(Confined { is_trusted, scratch })
    }

    /// The locals that it needs beside its own: how many of which type.
    pub fn locals(&self) -> impl Iterator<Item = (u32, ValType)> {
        self.scratch.counts.declared()
    }

    /// Writes what stands for an instruction on a memory or a table, or comes before it.
    pub fn instruction(
        &self,
        code: &mut InstructionSink<'_>,
        op: &Operator<'_>,
        around: Around<'_>,
    ) -> Result<Then> {
        let is_trusted = self.is_trusted;
        let locals = self.scratch.take(&operands(op, is_trusted, around)?);
        if let Some(part) = around.called(op)? {
            slot(code, part, is_trusted, &locals);
            return Ok(Then::Visit);
        }
        if !around.layout.has_regions {
            return Ok(Then::Visit);
        }
        match Access::of(op) {
            Access::None | Access::Drop { .. } => return Ok(Then::Visit),
            Access::Init { memory, data } => {
                init(code, around.place(memory)?, is_trusted, &locals, around.data(data)?);
            }
            Access::Copy { to, from } => {
                let places = [around.place(to)?, around.place(from)?];
                copy(code, places, is_trusted, &locals);
            }
            Access::One(memory) => {
                let place = around.place(memory)?;
                match op {
                    Operator::MemorySize { .. } => size(code, place),
                    Operator::MemoryGrow { .. } => grow(code, place, &locals),
                    Operator::MemoryFill { .. } => fill(code, place, is_trusted, &locals),
                    Operator::MemoryCopy { .. } => copy(code, [place; 2], is_trusted, &locals),
                    op => {
                        let guard = guard(op, place, is_trusted)?;
                        address(code, place, &locals, guard, access::is_aligned(op));
                        return Ok(Then::Visit);
                    }
                }
            }
        }
        Ok(Then::Pass)
    }
}

impl Scratch {
    /// A local for each operand.
    fn take(&self, operands: &[ValType]) -> Vec<u32> {
        let mut starts = self.counts.starts(self.first);
        operands.iter().map(|ty| starts.take(*ty).unwrap_or(self.first)).collect()
    }
}

/// The types of the operands that have to be put aside, and of what else has to be kept.
fn operands(op: &Operator<'_>, is_trusted: bool, around: Around<'_>) -> Result<Vec<ValType>> {
    if let Some(part) = around.called(op)? {
        return Ok(match Slot::of(part, is_trusted) {
            Slot::Same | Slot::Further => Vec::new(),
            Slot::Checked => vec![ValType::I32],
        });
    }
    if !around.layout.has_regions {
        return Ok(Vec::new());
    }
    let all = access::signature(op, ValType::I32).map(|(params, _)| params).unwrap_or_default();
    let Access::One(memory) = Access::of(op) else { return Ok(all) };
    Ok(match op {
        Operator::MemorySize { .. } => Vec::new(),
        // Where what moves is, and how much of it is to be moved yet.
        Operator::MemoryGrow { .. } if around.place(memory)?.moving.is_some() => {
            vec![ValType::I32; 3]
        }
        Operator::MemoryGrow { .. }
        | Operator::MemoryFill { .. }
        | Operator::MemoryCopy { .. }
        | Operator::MemoryInit { .. } => all,
        op => match guard(op, around.place(memory)?, is_trusted)? {
            Guard::Nothing => Vec::new(),
            Guard::Base | Guard::Narrow(_) | Guard::Wide(_) | Guard::Never => all,
        },
    })
}

/// What a body needs.
struct Needs<'n> {
    is_trusted: bool,
    around: Around<'n>,
    counts: Counts,
}

impl Visitor for Needs<'_> {
    fn takes(&self, immediates: &[Immediate]) -> bool {
        concerns(immediates)
    }

    fn instruction(&mut self, instruction: &Instruction<'_>, _: Span) -> Result<Then> {
        let operands = operands(&instruction.operator, self.is_trusted, self.around)?;
        self.counts.join(Counts::of(&operands));
        Ok(Then::Pass)
    }
}

fn too_many_locals() -> Error {
    let what = format!("a function has more locals than engines accept: {MAX_LOCALS}");
    Error::new(ErrorKind::TooManyLocals, what)
}

/// What has to be done with the address of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guard {
    /// The engine does it all: adds the base, and checks.
    Nothing,
    /// The base is added.
    Base,
    /// The base is added where it has to be, and the address is checked. The access has that end, within what
    /// is always there.
    Narrow(u32),
    /// The same, and the end is beyond that.
    Wide(u64),
    /// It is beyond all that can be there.
    Never,
}

/// What has to be done for an instruction that has an address and an offset.
fn guard(op: &Operator<'_>, place: Place, is_trusted: bool) -> Result<Guard> {
    let Some(memarg) = access::memarg(op) else {
        let name = access::describe(op);
        return Err(refused(&format!("`{name}` cannot be done in a region")));
    };
    let region = place.region;
    // The alignment of an access is that of its size at most.
    let end = memarg.offset.saturating_add(1 << memarg.max_align);
    let is_free = is_trusted || region.growth == Growth::Last;
    Ok(if end > u64::from(region.capacity_bytes()) {
        Guard::Never
    } else if is_free && region.growth == Growth::Moving {
        Guard::Base
    } else if is_free {
        Guard::Nothing
    } else if end <= u64::from(region.minimum_bytes()) {
        // It is less than 4 GiB: the capacity is.
        Guard::Narrow(end as u32)
    } else {
        Guard::Wide(end)
    })
}

/// Takes an address and what is above it; pushes the address, or one out of bounds, and the rest.
fn address(
    code: &mut InstructionSink<'_>,
    place: Place,
    locals: &[u32],
    guard: Guard,
    is_aligned: bool,
) {
    let Some((&address, rest)) = locals.split_first() else { return };
    let outside = |code: &mut InstructionSink<'_>| {
        code.i32_const(OUTSIDE);
        if is_aligned {
            code.local_get(address).i32_or();
        }
    };
    for local in rest.iter().rev() {
        code.local_set(*local);
    }
    match guard {
        Guard::Nothing => {}
        Guard::Base => add_base(code, place),
        Guard::Never => {
            match is_aligned {
                true => code.local_set(address),
                false => code.drop(),
            };
            outside(code);
        }
        Guard::Narrow(end) => {
            tee(code, place, address);
            outside(code);
            code.local_get(address);
            code.global_get(place.size).i32_const(end.cast_signed()).i32_sub().i32_le_u().select();
        }
        Guard::Wide(end) => {
            tee(code, place, address);
            outside(code);
            code.local_get(address).i64_extend_i32_u().i64_const(end.cast_signed()).i64_add();
            code.global_get(place.size).i64_extend_i32_u().i64_le_u().select();
        }
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

/// What has to be done with the index of a slot.
enum Slot {
    Same,
    Further,
    Checked,
}

impl Slot {
    fn of(part: Part, is_trusted: bool) -> Slot {
        match (part.base, is_trusted) {
            (0, true) => Slot::Same,
            (_, true) => Slot::Further,
            (_, false) => Slot::Checked,
        }
    }
}

/// Takes the index of a slot in a part of the one table; pushes that in the one, or one that is in no table.
fn slot(code: &mut InstructionSink<'_>, part: Part, is_trusted: bool, locals: &[u32]) {
    let slot = Slot::of(part, is_trusted);
    if let Some(index) = locals.first() {
        code.local_tee(*index);
    }
    if part.base > 0 {
        code.i32_const(part.base.cast_signed()).i32_add();
    }
    if let (Slot::Checked, Some(index)) = (slot, locals.first()) {
        code.i32_const(-1).local_get(*index);
        code.i32_const(part.size.cast_signed()).i32_lt_u().select();
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
fn range(
    code: &mut InstructionSink<'_>,
    place: Place,
    is_trusted: bool,
    address: u32,
    length: u32,
) {
    code.local_get(address);
    if place.region.offset() > 0 {
        code.i32_const(place.region.offset().cast_signed()).i32_add();
    }
    add_base(code, place);
    if is_trusted {
        return;
    }
    code.i32_const(OUTSIDE);
    code.local_get(address).i64_extend_i32_u().local_get(length).i64_extend_i32_u().i64_add();
    code.global_get(place.size).i64_extend_i32_u().i64_le_u().select();
}

fn fill(code: &mut InstructionSink<'_>, place: Place, is_trusted: bool, locals: &[u32]) {
    let &[to, value, length] = locals else { return };
    code.local_set(length).local_set(value).local_set(to);
    range(code, place, is_trusted, to, length);
    code.local_get(value).local_get(length).memory_fill(MEMORY);
}

fn copy(
    code: &mut InstructionSink<'_>,
    [into, out_of]: [Place; 2],
    is_trusted: bool,
    locals: &[u32],
) {
    let &[to, from, length] = locals else { return };
    code.local_set(length).local_set(from).local_set(to);
    range(code, into, is_trusted, to, length);
    range(code, out_of, is_trusted, from, length);
    code.local_get(length).memory_copy(MEMORY, MEMORY);
}

/// Takes where to, where from in a data segment, and how much; writes that into a region.
pub fn init(
    code: &mut InstructionSink<'_>,
    place: Place,
    is_trusted: bool,
    locals: &[u32],
    data: u32,
) {
    let &[to, from, length] = locals else { return };
    code.local_set(length).local_set(from).local_set(to);
    range(code, place, is_trusted, to, length);
    code.local_get(from).local_get(length).memory_init(MEMORY, data);
}
