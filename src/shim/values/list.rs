//! Moving lists: a range of one memory becomes a range of another.
//!
//! The range is checked as the specification says, the destination is allocated, and the elements
//! follow: by one `memory.copy` where every bit pattern is a value and there is no padding, else
//! one by one in a loop. Copied bytes are never looked at again, so there is nothing that the
//! source's instance could change meanwhile: it does not run.

use wasm_encoder::ValType;

use super::translate::{EMPTY, Place, Translator};
use crate::abi::{Layout, Scalar};
use crate::error::{Error, Result};
use crate::plan::TypeId;
use crate::shim::code::{Local, Range};

impl Translator<'_, '_, '_> {
    /// Moves a list.
    pub fn list(&mut self, element: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let (from_layout, layout) =
            (self.source_abi().layout(element)?, self.destination_abi().layout(element)?);
        let (ptr, len) = self.pointer_and_length(source)?;
        let from_size = self.lift_range(Range::List, ptr, len, from_layout)?;
        let len = self.short_length(len);
        let size = match from_layout.size == layout.size {
            true => from_size,
            false => {
                let size = self.body.local(ValType::I32);
                self.body.ins().local_get(len.index).i32_const(layout.size as i32).i32_mul();
                self.body.ins().local_set(size.index);
                size
            }
        };
        let to = self.allocate(layout, size)?;
        if self.source_abi().is_copyable(element) {
            self.copy(to, ptr, size)?;
        } else {
            let from_here = self.body.local(ptr.ty);
            let (to_here, end) = (self.body.local(to.ty), self.body.local(ptr.ty));
            self.body.ins().local_get(ptr.index).local_set(from_here.index);
            self.body.ins().local_get(to.index).local_set(to_here.index);
            self.body.ins().local_get(ptr.index).local_get(from_size.index);
            self.body.widen_size(ptr.ty);
            self.body.pointer_add(ptr.ty);
            self.body.ins().local_set(end.index);
            self.each(element, from_here, to_here, end)?;
            [from_here, to_here, end].into_iter().for_each(|local| self.body.free(local));
        }
        self.store_pointer_and_length(to, len, destination)?;
        if size != from_size {
            self.body.free(size);
        }
        [ptr, len, from_size, to].into_iter().for_each(|local| self.body.free(local));
        Ok(())
    }

    /// Moves a list of fixed length, whose elements are side by side in its own place.
    pub fn fixed_length_list(
        &mut self,
        element: TypeId,
        length: u32,
        source: &Place,
        destination: &Place,
    ) -> Result<()> {
        let (from_layout, layout) =
            (self.source_abi().layout(element)?, self.destination_abi().layout(element)?);
        if let (Place::Memory { .. }, Place::Memory { .. }) = (source, destination) {
            let from = self.pointer_to(source, self.from.pointer);
            let to = self.pointer_to(destination, self.to.pointer);
            let end = self.body.local(from.ty);
            self.body.ins().local_get(from.index);
            self.body.pointer_const(from.ty, from_layout.size * u64::from(length));
            self.body.pointer_add(from.ty);
            self.body.ins().local_set(end.index);
            self.each(element, from, to, end)?;
            [from, to, end].into_iter().for_each(|local| self.body.free(local));
            return Ok(());
        }
        // One side is flat, so the elements are few.
        let flat = self.source_abi().flat(element).map_or(0, <[_]>::len);
        for i in 0..length as usize {
            let source = source.part(from_layout.size * i as u64, flat * i, flat);
            let destination = destination.part(layout.size * i as u64, flat * i, flat);
            self.translate(element, &source, &destination)?;
        }
        Ok(())
    }

    /// Moves elements one by one, from `from` up to `end`.
    pub fn each(&mut self, element: TypeId, from: Local, to: Local, end: Local) -> Result<()> {
        let source = Place::Memory { address: from, offset: 0 };
        let destination = Place::Memory { address: to, offset: 0 };
        let sizes =
            [self.source_abi().layout(element)?.size, self.destination_abi().layout(element)?.size];
        self.body.ins().block(EMPTY).loop_(EMPTY);
        self.body.ins().local_get(from.index).local_get(end.index);
        self.body.pointer_eq(from.ty);
        self.body.ins().br_if(1);
        let is_outermost = !std::mem::replace(&mut self.is_repeated, true);
        self.translate(element, &source, &destination)?;
        self.is_repeated = !is_outermost;
        for (pointer, size) in [from, to].into_iter().zip(sizes) {
            self.body.ins().local_get(pointer.index);
            self.body.pointer_const(pointer.ty, size);
            self.body.pointer_add(pointer.ty);
            self.body.ins().local_set(pointer.index);
        }
        self.body.ins().br(0).end().end();
        Ok(())
    }

    /// Reads a pointer and a length into locals.
    pub fn pointer_and_length(&mut self, source: &Place) -> Result<(Local, Local)> {
        let pointer = integer(self.from.pointer);
        let read = |this: &mut Self, part: Place| {
            let local = this.body.local(pointer.flat());
            this.load(pointer, &part)?;
            this.body.ins().local_set(local.index);
            Ok::<_, Error>(local)
        };
        let ptr = read(self, source.part(0, 0, 1))?;
        let len = read(self, source.part(pointer.size().into(), 1, 1))?;
        Ok((ptr, len))
    }

    /// A length that has been checked, as an `i32`: a local in place of the one that it was in.
    pub fn short_length(&mut self, len: Local) -> Local {
        if len.ty != ValType::I64 {
            return len;
        }
        let short = self.body.local(ValType::I32);
        self.body.ins().local_get(len.index).i32_wrap_i64().local_set(short.index);
        self.body.free(len);
        short
    }

    /// Writes a pointer, and a length that is an `i32` or as wide as the pointer.
    pub fn store_pointer_and_length(
        &mut self,
        ptr: Local,
        len: Local,
        destination: &Place,
    ) -> Result<()> {
        let pointer = integer(self.to.pointer);
        let after = destination.part(pointer.size().into(), 1, 1);
        for (local, part) in [(ptr, destination.part(0, 0, 1)), (len, after)] {
            self.open(&part);
            self.body.ins().local_get(local.index);
            if local.ty != ValType::I64 {
                self.body.widen_size(pointer.flat());
            }
            self.close(pointer, &part)?;
        }
        Ok(())
    }

    /// Checks a range, and returns its size in bytes.
    pub fn lift_range(
        &mut self,
        range: Range,
        ptr: Local,
        len: Local,
        layout: Layout,
    ) -> Result<Local> {
        let check = self.module.lift_range(self.from, range, layout)?;
        let size = self.body.local(ValType::I32);
        self.body.ins().local_get(ptr.index).local_get(len.index);
        self.body.call(check);
        self.body.ins().local_set(size.index);
        Ok(size)
    }

    /// Allocates `size` bytes at the end that values go to.
    pub fn allocate(&mut self, layout: Layout, size: Local) -> Result<Local> {
        let allocate = self.module.allocate(self.to, layout.align)?;
        let ptr = self.body.local(self.to.pointer);
        self.body.ins().local_get(size.index);
        self.body.call(allocate);
        self.body.ins().local_set(ptr.index);
        Ok(ptr)
    }

    pub fn copy(&mut self, to: Local, from: Local, size: Local) -> Result<()> {
        let to_memory = self.module.memory(self.to.memory()?)?.0;
        let from_memory = self.module.memory(self.from.memory()?)?.0;
        let length = self.length_type();
        self.body.ins().local_get(to.index).local_get(from.index).local_get(size.index);
        self.body.widen_size(length);
        self.body.ins().memory_copy(to_memory, from_memory);
        Ok(())
    }
}

/// What pointers of a core type are in memory.
fn integer(pointer: ValType) -> Scalar {
    match pointer {
        ValType::I64 => Scalar::U64,
        _ => Scalar::U32,
    }
}
