//! Checks and allocation: what the specification asks of every pointer.
//!
//! What is checked for every pointer to a spilled value and every `char` is written out where it is
//! checked: a few instructions with constants, and calls of functions that trap. What is done once for
//! a list is a small function of the shim module, made on first use and shared by all its adapters:
//! *lift a range*, *allocate*. Pointers are as wide as their memory's addresses, sizes that
//! have been checked fit in 32 bits, and both are added in 64. What fails a check is named by a
//! trap ([`Trap`]).

use wasm_encoder::{BlockType, ValType};

use crate::abi::{Layout, MAX_LIST_BYTE_LENGTH, MAX_STRING_BYTE_LENGTH};
use crate::core::FuncType;
use crate::error::Result;
use crate::runtime::BridgeOp;
use crate::shim::code::{
    Adapters, Allocator, Body, Broken, Callee, End, FuncId, Local, Memory, Range, Shared, Trap,
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

    /// Checks the code on the stack: it has to be a Unicode scalar value, and stays there.
    pub fn check_char(&mut self, body: &mut Body) -> Result<()> {
        let code = body.local(I32);
        // Surrogates are those whose bits above the lowest eleven are 0xd800.
        body.ins().local_tee(code.index).i32_const(0x11_0000).i32_ge_u();
        body.ins().local_get(code.index).i32_const(!0x7ff).i32_and().i32_const(0xd800).i32_eq();
        body.ins().i32_or();
        self.trap_if(body, Trap::Char)?;
        body.ins().local_get(code.index);
        body.free(code);
        Ok(())
    }

    /// `(ptr, length) -> byte length`: *load_list_from_range* and *load_string_from_range* of the
    /// specification, up to the elements.
    pub fn lift_range(&mut self, end: End, range: Range, element: Layout) -> Result<Callee> {
        let memory = end.memory()?;
        let name = match range {
            Range::String => "lift string",
            Range::List => "lift list",
        };
        let pointer = memory.pointer(self.plan);
        let declare = || (name.into(), FuncType::new([pointer; 2], [I32]));
        let key = Shared::LiftRange(memory, range, element);
        self.shared(key, declare, |this, body| {
            let param = |index| Local { index, ty: pointer };
            let size = this.check_range(body, memory, range, [param(0), param(1)], element)?;
            body.ins().local_get(size.index);
            Ok(())
        })
    }

    /// Checks where so many elements are said to lie; their size, an `i32`.
    pub fn check_range(
        &mut self,
        body: &mut Body,
        memory: Memory,
        range: Range,
        [ptr, length]: [Local; 2],
        element: Layout,
    ) -> Result<Local> {
        let limit = match range {
            Range::String => MAX_STRING_BYTE_LENGTH,
            Range::List => MAX_LIST_BYTE_LENGTH,
        };
        // The limit fits in 32 bits: so does the product.
        let most = u64::from(limit) / element.size.max(1);
        body.ins().local_get(length.index);
        match length.ty {
            ValType::I64 => body.ins().i64_const(most as i64).i64_gt_u(),
            _ => body.ins().i32_const(most as i32).i32_gt_u(),
        };
        self.trap_if(body, Trap::Range(range, Broken::TooLong))?;
        self.check_alignment(body, ptr, element.align, Trap::Range(range, Broken::Misaligned))?;
        let size = body.local(I32);
        body.ins().local_get(length.index);
        if length.ty == ValType::I64 {
            body.ins().i32_wrap_i64();
        }
        if element.size != 1 {
            body.ins().i32_const(element.size as i32).i32_mul();
        }
        body.ins().local_set(size.index);
        self.check_bounds(body, memory, ptr, Trap::Range(range, Broken::OutOfBounds), |body| {
            body.ins().local_get(size.index).i64_extend_i32_u();
        })?;
        Ok(size)
    }

    /// Traps unless a value fits where a pointer points to.
    pub fn check_pointer(
        &mut self,
        body: &mut Body,
        memory: Memory,
        ptr: Local,
        value: Layout,
    ) -> Result<()> {
        self.check_alignment(body, ptr, value.align, Trap::Pointer(Broken::Misaligned))?;
        self.check_bounds(body, memory, ptr, Trap::Pointer(Broken::OutOfBounds), |body| {
            body.ins().i64_const(value.size as i64);
        })
    }

    /// Traps unless so many values fit where a pointer points to, if there are any. *BufferGuestImpl* in the
    /// specification; that there are not too many is for the runtime to say.
    pub fn check_buffer(
        &mut self,
        body: &mut Body,
        memory: Memory,
        [ptr, length]: [Local; 2],
        element: Layout,
    ) -> Result<()> {
        body.ins().local_get(length.index);
        body.widen_pointer(length.ty);
        body.ins().i64_eqz().i32_eqz().if_(BlockType::Empty);
        self.check_alignment(body, ptr, element.align, Trap::Buffer(Broken::Misaligned))?;
        self.check_bounds(body, memory, ptr, Trap::Buffer(Broken::OutOfBounds), |body| {
            body.ins().local_get(length.index);
            body.widen_pointer(length.ty);
            body.ins().i64_const(element.size as i64).i64_mul();
        })?;
        body.ins().end();
        Ok(())
    }

    /// `(size) -> ptr`: *allocate* of the specification, and the checks of its result.
    pub fn allocate(&mut self, end: End, align: u32) -> Result<Callee> {
        let allocator = end.allocator()?;
        let pointer = allocator.memory().pointer(self.plan);
        let declare = || ("allocate".into(), FuncType::new([I32], [pointer]));
        self.shared(Shared::Allocate(allocator, align), declare, |this, body| {
            let size = Local { index: 0, ty: I32 };
            let ptr = this.allocate_here(body, allocator, align, size)?;
            body.ins().local_get(ptr.index);
            Ok(())
        })
    }

    /// The same, in this place.
    pub fn allocate_here(
        &mut self,
        body: &mut Body,
        allocator: Allocator,
        align: u32,
        size: Local,
    ) -> Result<Local> {
        let pointer = allocator.memory().pointer(self.plan);
        self.call_realloc(body, allocator, |body| {
            body.pointer_const(pointer, 0);
            body.pointer_const(pointer, 0);
            body.pointer_const(pointer, align.into());
            body.ins().local_get(size.index);
            body.widen_size(pointer);
        })?;
        let ptr = body.local(pointer);
        body.ins().local_set(ptr.index);
        self.check_alignment(body, ptr, align, Trap::Realloc(Broken::Misaligned))?;
        self.check_allocated(body, allocator.memory(), ptr, size)?;
        Ok(ptr)
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
        let (ptr, size) = (body.local(pointer), Local { index: 3, ty: I32 });
        body.ins().local_tee(ptr.index);
        if pointer == ValType::I64 {
            body.ins().i32_wrap_i64();
        }
        body.ins().local_get(2).i32_const(1).i32_sub().i32_and();
        self.trap_if(&mut body, Trap::Realloc(Broken::Misaligned))?;
        self.check_allocated(&mut body, allocator.memory(), ptr, size)?;
        body.ins().local_get(ptr.index);
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

    /// Traps unless so many bytes are in the memory where they are said to be allocated.
    fn check_allocated(
        &mut self,
        body: &mut Body,
        memory: Memory,
        ptr: Local,
        size: Local,
    ) -> Result<()> {
        self.check_bounds(body, memory, ptr, Trap::Realloc(Broken::OutOfBounds), |body| {
            body.ins().local_get(size.index).i64_extend_i32_u();
        })
    }

    /// Traps unless a pointer is aligned.
    fn check_alignment(
        &mut self,
        body: &mut Body,
        ptr: Local,
        align: u32,
        trap: Trap,
    ) -> Result<()> {
        if align == 1 {
            return Ok(());
        }
        body.ins().local_get(ptr.index);
        if ptr.ty == ValType::I64 {
            body.ins().i32_wrap_i64();
        }
        body.ins().i32_const(align as i32 - 1).i32_and();
        self.trap_if(body, trap)
    }

    /// Traps unless a range fits in a memory. Its size, an `i64`, is far from wrapping.
    fn check_bounds(
        &mut self,
        body: &mut Body,
        memory: Memory,
        ptr: Local,
        trap: Trap,
        size: impl FnOnce(&mut Body),
    ) -> Result<()> {
        body.ins().local_get(ptr.index);
        body.widen_pointer(ptr.ty);
        size(body);
        body.ins().i64_add();
        if ptr.ty != ValType::I64 {
            self.memory_bytes(body, memory)?;
            body.ins().i64_gt_u();
            return self.trap_if(body, trap);
        }
        let end = body.local(ValType::I64);
        body.ins().local_tee(end.index);
        self.memory_bytes(body, memory)?;
        // The sum may wrap.
        body.ins().i64_gt_u().local_get(end.index).local_get(ptr.index).i64_lt_u().i32_or();
        body.free(end);
        self.trap_if(body, trap)
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
