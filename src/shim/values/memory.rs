//! Checks and allocation: what the specification asks of every pointer.
//!
//! Each check is a small function of the shim module, made on first use and shared by all its
//! adapters: *lift a range* for strings and lists, *check a pointer* for what is spilled,
//! *allocate* for whatever is lowered. Pointers are as wide as their memory's addresses, sizes that
//! have been checked fit in 32 bits, and both are multiplied and added in 64. What fails a
//! check is named by a trap ([`Trap`]).

use wasm_encoder::ValType;

use crate::abi::{MAX_LIST_BYTE_LENGTH, MAX_STRING_BYTE_LENGTH};
use crate::core::FuncType;
use crate::error::Result;
use crate::runtime::BridgeOp;
use crate::shim::code::{
    Adapters, Allocator, Body, Broken, Callee, End, FuncId, Memory, Range, Shared, Trap,
};

const I32: ValType = ValType::I32;

/// The type of a guest's `realloc`.
fn realloc_type(pointer: ValType) -> FuncType {
    FuncType::new([pointer; 4], [pointer])
}

/// The type of the function that reallocates, checked: sizes fit in 32 bits.
fn reallocate_type(pointer: ValType) -> FuncType {
    FuncType::new([pointer, I32, I32, I32], [pointer])
}

impl Adapters<'_, '_> {
    /// The index of a memory, and how many bits its page size has.
    pub fn memory(&mut self, memory: Memory) -> Result<(u32, u32)> {
        let ty = memory.ty(self.plan)?;
        Ok((self.builder.memory(memory, ty), ty.page_size_log2.unwrap_or(16)))
    }

    /// `(code: i32) -> i32`: the code, if it is a Unicode scalar value.
    pub fn check_char(&mut self) -> Result<Callee> {
        self.shared(Shared::CheckChar, "check char", FuncType::new([I32], [I32]), |this, body| {
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
    pub fn lift_range(&mut self, end: End, range: Range) -> Result<Callee> {
        let entity = end.memory()?;
        let name = match range {
            Range::String => "lift string",
            Range::List => "lift list",
        };
        let limit = match range {
            Range::String => MAX_STRING_BYTE_LENGTH,
            Range::List => MAX_LIST_BYTE_LENGTH,
        };
        let pointer = entity.pointer(self.plan);
        let ty = FuncType::new([pointer, pointer, I32, I32], [I32]);
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
    pub fn check_pointer(&mut self, end: End) -> Result<Callee> {
        let entity = end.memory()?;
        let pointer = entity.pointer(self.plan);
        let ty = FuncType::new([pointer, I32, I32], []);
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
    pub fn allocate(&mut self, end: End) -> Result<Callee> {
        let allocator = end.allocator()?;
        let pointer = allocator.memory().pointer(self.plan);
        let ty = FuncType::new([I32; 2], [pointer]);
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
    pub fn reallocate(&mut self, allocator: Allocator) -> Result<FuncId> {
        let pointer = allocator.memory().pointer(self.plan);
        let ty = reallocate_type(pointer);
        let mut body = Body::new(ty.params());
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
        let ty = realloc_type(allocator.memory().pointer(self.plan));
        let realloc = self.guest_func(realloc, ty.clone(), "realloc");
        let lock = self.facts.may_leave[owner].inner;
        self.in_context(body, owner, |this, body| {
            this.locked(body, owner, lock, |this, body| {
                arguments(body);
                this.call_guest(body, realloc, &ty)
            })
        })
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
        let ptr = body.local(memory.pointer(self.plan));
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
        let pointer = memory.pointer(self.plan);
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
        let pointer = memory.pointer(self.plan);
        body.ins().memory_size(index);
        body.widen_pointer(pointer);
        body.ins().i64_const(page_bits.into()).i64_shl();
        Ok(())
    }
}
