//! Checks and allocation: what the specification asks of every pointer.
//!
//! Each check is a small function of the shim module, made on first use and shared by all its
//! adapters: *lift a range* for strings and lists, *check a pointer* for what is spilled,
//! *allocate* for whatever is lowered. Pointers are as wide as their memory's addresses, sizes that
//! have been checked fit in 32 bits, and both are multiplied and added in 64. A failed check
//! calls a function that does nothing but trap and whose name says which rule was broken, so that
//! a backtrace reads `canon trap: list is out of bounds`.

use wasm_encoder::{BlockType, MemoryType, ValType};

use super::builder::{Allocator, Body, Callee, CoreType, FuncId, Memory, Need};
use super::state::State;
use super::{Adapters, End};
use crate::abi::{MAX_LIST_BYTE_LENGTH, MAX_STRING_BYTE_LENGTH};
use crate::analyse::pointer_type;
use crate::error::{Error, Result};
use crate::plan::{CoreFunc, InstanceId, Plan};
use crate::runtime::BridgeOp;

const I32: ValType = ValType::I32;

/// A rule that was broken.
#[allow(missing_docs, reason = "the messages say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trap {
    Char,
    Discriminant,
    Range(Range, Broken),
    Pointer(Broken),
    Realloc(Broken),
    CannotLeave,
    CannotEnter,
    Exception,
    NotReturned,
    TaskReturn,
    TaskCancel,
}

/// What lies in a range of memory.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    String,
    List,
}

/// What is wrong with a pointer.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Broken {
    TooLong,
    Misaligned,
    OutOfBounds,
}

impl Trap {
    /// The name of the function that traps.
    pub fn name(self) -> String {
        let broken = |what: &str, broken| match broken {
            Broken::TooLong => format!("canon trap: {what} is too long"),
            Broken::Misaligned => format!("canon trap: {what} is not aligned"),
            Broken::OutOfBounds => format!("canon trap: {what} is out of bounds"),
        };
        match self {
            Trap::Char => "canon trap: char is not a Unicode scalar value".into(),
            Trap::Discriminant => "canon trap: discriminant is not a case".into(),
            Trap::Range(Range::String, b) => broken("string", b),
            Trap::Range(Range::List, b) => broken("list", b),
            Trap::Pointer(b) => broken("pointer", b),
            Trap::Realloc(b) => broken("result of realloc", b),
            Trap::CannotLeave => "canon trap: cannot leave component instance".into(),
            Trap::CannotEnter => "canon trap: cannot enter component instance".into(),
            Trap::Exception => "canon trap: exception left a lifted function".into(),
            Trap::NotReturned => "canon trap: task ends without `task.return`".into(),
            Trap::TaskReturn => "canon trap: `task.return` is not that of the task".into(),
            Trap::TaskCancel => "canon trap: `task.cancel` of a task that goes on".into(),
        }
    }
}

/// A shared function of a shim module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shared {
    Trap(Trap),
    CheckChar,
    LiftRange(Memory, Range),
    CheckPointer(Memory),
    Allocate(Allocator),
}

/// The core type of pointers into a memory.
pub(super) fn pointer(plan: &Plan<'_>, memory: Memory) -> ValType {
    match memory {
        Memory::Guest(memory) => pointer_type(plan, Some(memory)),
        Memory::Bridge => I32,
    }
}

/// The type of a memory, as a shim imports it.
pub(super) fn memory_type(plan: &Plan<'_>, memory: Memory) -> Result<MemoryType> {
    let mut imported = MemoryType {
        minimum: 0,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    if let Memory::Guest(memory) = memory {
        let module = plan.core_instances[memory.instance].module;
        let ty = plan
            .module(module)
            .memories
            .get(memory.index as usize)
            .ok_or_else(|| Error::internal("a canonical option names an unknown memory"))?;
        imported.maximum = ty.maximum.filter(|_| ty.shared);
        imported.memory64 = ty.memory64;
        imported.shared = ty.shared;
        imported.page_size_log2 = ty.page_size_log2;
    }
    Ok(imported)
}

/// The type of a guest's `realloc`.
pub(super) fn realloc_type(pointer: ValType) -> CoreType {
    CoreType::new([pointer; 4], [pointer])
}

/// The type of the function that reallocates, checked: sizes fit in 32 bits.
fn reallocate_type(pointer: ValType) -> CoreType {
    CoreType::new([pointer, I32, I32, I32], [pointer])
}

impl Adapters<'_, '_> {
    /// The core type of pointers into a memory.
    pub(super) fn pointer(&self, memory: Memory) -> ValType {
        pointer(self.plan, memory)
    }

    /// The index of a memory, and how many bits its page size has.
    pub(super) fn memory(&mut self, memory: Memory) -> Result<(u32, u32)> {
        let ty = memory_type(self.plan, memory)?;
        Ok((self.builder.memory(memory, ty), ty.page_size_log2.unwrap_or(16)))
    }

    /// A shared function, made on first use.
    fn shared(
        &mut self,
        key: Shared,
        name: impl Into<String>,
        ty: CoreType,
        define: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<Callee> {
        if let Some(&func) = self.shared.get(&key) {
            return Ok(Callee::Own(func));
        }
        let mut body = Body::new(&ty.params);
        let func: FuncId = self.builder.declare(name, ty);
        self.shared.insert(key, func);
        define(self, &mut body)?;
        self.builder.define(func, body);
        Ok(Callee::Own(func))
    }

    /// Traps if the `i32` on the stack is not zero.
    pub(super) fn trap_if(&mut self, body: &mut Body, trap: Trap) -> Result<()> {
        body.ins().if_(BlockType::Empty);
        self.trap(body, trap)?;
        body.ins().end();
        Ok(())
    }

    /// Traps.
    pub(super) fn trap(&mut self, body: &mut Body, trap: Trap) -> Result<()> {
        let define = |_: &mut Self, body: &mut Body| {
            body.ins().unreachable();
            Ok(())
        };
        let callee = self.shared(Shared::Trap(trap), trap.name(), CoreType::new([], []), define)?;
        body.call(callee);
        body.ins().unreachable();
        Ok(())
    }

    /// `(code: i32) -> i32`: the code, if it is a Unicode scalar value.
    pub(super) fn check_char(&mut self) -> Result<Callee> {
        self.shared(Shared::CheckChar, "check char", CoreType::new([I32], [I32]), |this, body| {
            // Surrogates are those whose bits above the lowest eleven are 0xd800.
            body.ins().local_get(0).i32_const(0x11_0000).i32_ge_u();
            body.ins().local_get(0).i32_const(!0x7ff).i32_and().i32_const(0xd800).i32_eq();
            body.ins().i32_or();
            this.trap_if(body, Trap::Char)?;
            body.ins().local_get(0);
            Ok(())
        })
    }

    /// `(ptr, length, element size, align - 1) -> byte length`: *load_list_from_range* and
    /// *load_string_from_range* of the specification, up to the elements.
    pub(super) fn lift_range(&mut self, end: End, range: Range) -> Result<Callee> {
        let entity = end.memory()?;
        let name = match range {
            Range::String => "lift string",
            Range::List => "lift list",
        };
        let limit = match range {
            Range::String => MAX_STRING_BYTE_LENGTH,
            Range::List => MAX_LIST_BYTE_LENGTH,
        };
        let pointer = self.pointer(entity);
        let ty = CoreType::new([pointer, pointer, I32, I32], [I32]);
        self.shared(Shared::LiftRange(entity, range), name, ty, |this, body| {
            if pointer == ValType::I64 {
                // No element has less than a byte; and now the product has no more than 64 bits.
                body.ins().local_get(1).i64_const(limit.into()).i64_gt_u();
                this.trap_if(body, Trap::Range(range, Broken::TooLong))?;
            }
            let bytes = body.local(ValType::I64);
            body.ins().local_get(1);
            body.widen_pointer(pointer);
            body.ins().local_get(2).i64_extend_i32_u().i64_mul();
            body.ins().local_tee(bytes.index).i64_const(limit.into()).i64_gt_u();
            this.trap_if(body, Trap::Range(range, Broken::TooLong))?;
            this.misaligned(body, 0, pointer, |body| {
                body.ins().local_get(3);
            });
            this.trap_if(body, Trap::Range(range, Broken::Misaligned))?;
            this.out_of_bounds(body, entity, 0, |body| {
                body.ins().local_get(bytes.index);
            })?;
            this.trap_if(body, Trap::Range(range, Broken::OutOfBounds))?;
            body.ins().local_get(bytes.index).i32_wrap_i64();
            Ok(())
        })
    }

    /// `(ptr, size, align - 1)`: traps unless a value fits there.
    pub(super) fn check_pointer(&mut self, end: End) -> Result<Callee> {
        let entity = end.memory()?;
        let pointer = self.pointer(entity);
        let ty = CoreType::new([pointer, I32, I32], []);
        self.shared(Shared::CheckPointer(entity), "check pointer", ty, |this, body| {
            this.misaligned(body, 0, pointer, |body| {
                body.ins().local_get(2);
            });
            this.trap_if(body, Trap::Pointer(Broken::Misaligned))?;
            this.out_of_bounds(body, entity, 0, |body| {
                body.ins().local_get(1).i64_extend_i32_u();
            })?;
            this.trap_if(body, Trap::Pointer(Broken::OutOfBounds))
        })
    }

    /// `(align, size) -> ptr`: *allocate* of the specification, and the checks of its result.
    pub(super) fn allocate(&mut self, end: End) -> Result<Callee> {
        let allocator = end.allocator()?;
        let pointer = self.pointer(allocator.memory());
        let ty = CoreType::new([I32; 2], [pointer]);
        self.shared(Shared::Allocate(allocator), "allocate", ty, |this, body| {
            this.call_realloc(body, allocator, |body| {
                body.pointer_const(pointer, 0);
                body.pointer_const(pointer, 0);
                for size in 0..2 {
                    body.ins().local_get(size);
                    body.widen_size(pointer);
                }
            })?;
            this.check_allocated(body, allocator, 0, 1)
        })
    }

    /// `(old pointer, old size, align, size) -> ptr`: *reallocate* of the specification, and the
    /// checks of its result.
    pub(super) fn reallocate(&mut self, allocator: Allocator) -> Result<FuncId> {
        let pointer = self.pointer(allocator.memory());
        let ty = reallocate_type(pointer);
        let mut body = Body::new(&ty.params);
        let func = self.builder.declare("reallocate", ty);
        self.call_realloc(&mut body, allocator, |body| {
            body.ins().local_get(0);
            for size in 1..4 {
                body.ins().local_get(size);
                body.widen_size(pointer);
            }
        })?;
        self.check_allocated(&mut body, allocator, 2, 3)?;
        self.builder.define(func, body);
        self.builder.export(func);
        Ok(func)
    }

    /// Calls an allocation function; a guest may not leave meanwhile.
    fn call_realloc(
        &mut self,
        body: &mut Body,
        allocator: Allocator,
        arguments: impl FnOnce(&mut Body),
    ) -> Result<()> {
        let Allocator::Guest { realloc, owner, .. } = allocator else {
            arguments(body);
            self.bridge_op(body, BridgeOp::Realloc);
            return Ok(());
        };
        let ty = realloc_type(self.pointer(allocator.memory()));
        let realloc = self.guest_func(realloc, ty.clone(), "realloc");
        let lock = self.facts.may_leave[owner].takes_inner_locks();
        self.in_context(body, owner, |this, body| {
            this.locked(body, owner, lock, |this, body| {
                arguments(body);
                this.call_guest(body, realloc, &ty)
            })
        })
    }

    /// Calls an operation of the bridge.
    pub(super) fn bridge_op(&mut self, body: &mut Body, op: BridgeOp) {
        let callee =
            self.builder.func(Need::Bridge(op), op.ty(), || format!("bridge {}", op.name()));
        body.call(callee);
    }

    /// Checks the pointer on the stack, which was allocated with the alignment and size in these
    /// parameters.
    fn check_allocated(
        &mut self,
        body: &mut Body,
        allocator: Allocator,
        align: u32,
        size: u32,
    ) -> Result<()> {
        let memory = allocator.memory();
        let ptr = body.local(self.pointer(memory));
        body.ins().local_set(ptr.index);
        self.misaligned(body, ptr.index, ptr.ty, |body| {
            body.ins().local_get(align).i32_const(1).i32_sub();
        });
        self.trap_if(body, Trap::Realloc(Broken::Misaligned))?;
        self.out_of_bounds(body, memory, ptr.index, |body| {
            body.ins().local_get(size).i64_extend_i32_u();
        })?;
        self.trap_if(body, Trap::Realloc(Broken::OutOfBounds))?;
        body.ins().local_get(ptr.index);
        Ok(())
    }

    /// Pushes whether a pointer has one of the low bits that are set in `mask`, an `i32`.
    fn misaligned(&self, body: &mut Body, ptr: u32, ty: ValType, mask: impl FnOnce(&mut Body)) {
        body.ins().local_get(ptr);
        if ty == ValType::I64 {
            body.ins().i32_wrap_i64();
        }
        mask(body);
        body.ins().i32_and();
    }

    /// Pushes whether a range does not fit in a memory. Its size, an `i64`, is no more than 32 bits.
    fn out_of_bounds(
        &mut self,
        body: &mut Body,
        memory: Memory,
        ptr: u32,
        size: impl FnOnce(&mut Body),
    ) -> Result<()> {
        let pointer = self.pointer(memory);
        body.ins().local_get(ptr);
        body.widen_pointer(pointer);
        size(body);
        body.ins().i64_add();
        if pointer != ValType::I64 {
            self.memory_bytes(body, memory)?;
            body.ins().i64_gt_u();
            return Ok(());
        }
        let end = body.local(ValType::I64);
        body.ins().local_tee(end.index);
        self.memory_bytes(body, memory)?;
        // The sum may wrap.
        body.ins().i64_gt_u().local_get(end.index).local_get(ptr).i64_lt_u().i32_or();
        body.free(end);
        Ok(())
    }

    /// Pushes the size of a memory in bytes, as an `i64`.
    fn memory_bytes(&mut self, body: &mut Body, memory: Memory) -> Result<()> {
        let (index, page_bits) = self.memory(memory)?;
        let pointer = self.pointer(memory);
        body.ins().memory_size(index);
        body.widen_pointer(pointer);
        body.ins().i64_const(page_bits.into()).i64_shl();
        Ok(())
    }

    /// A function of a guest.
    pub(super) fn guest_func(&mut self, func: CoreFunc, ty: CoreType, role: &str) -> Callee {
        let plan = self.plan;
        self.builder.func(Need::Func(func), ty, || match func {
            CoreFunc::Defined(entity) => {
                format!("{role} of {}", plan.core_instances[entity.instance].path)
            }
            CoreFunc::Lower(_) | CoreFunc::Builtin(_) => role.to_string(),
        })
    }

    /// Runs `inner` with an instance's `may_leave` cleared, where that can be observed.
    pub(super) fn locked(
        &mut self,
        body: &mut Body,
        owner: InstanceId,
        lock: bool,
        inner: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<()> {
        if !lock {
            return inner(self, body);
        }
        let flag = self.builder.state(State::MayLeave(owner));
        body.ins().i32_const(0).global_set(flag);
        inner(self, body)?;
        body.ins().i32_const(1).global_set(flag);
        Ok(())
    }

    /// Traps unless an instance may leave.
    pub(super) fn check_may_leave(&mut self, body: &mut Body, owner: InstanceId) -> Result<()> {
        let flag = self.builder.state(State::MayLeave(owner));
        body.ins().global_get(flag).i32_eqz();
        self.trap_if(body, Trap::CannotLeave)
    }

    /// Calls a guest with its arguments on the stack. *call_and_trap_on_throw* in the
    /// specification.
    pub(super) fn call_guest(
        &mut self,
        body: &mut Body,
        callee: Callee,
        ty: &CoreType,
    ) -> Result<()> {
        if !self.facts.guests_throw {
            body.call(callee);
            return Ok(());
        }
        self.call_catching(body, callee, &ty.params, &ty.results)
    }
}
