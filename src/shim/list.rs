//! Moving lists: a range of one memory becomes a range of another.
//!
//! The range is checked as the specification says, the destination is allocated, and the elements
//! follow: by one `memory.copy` where every bit pattern is a value and there is no padding, else
//! one by one in a loop. Copied bytes are never looked at again, so there is nothing that the
//! source's instance could change meanwhile: it does not run.

use wasm_encoder::ValType;

use super::builder::Local;
use super::memory::Range;
use super::translate::{EMPTY, Place, Translator};
use crate::abi::{Layout, Scalar};
use crate::error::Result;
use crate::plan::TypeId;

impl Translator<'_, '_, '_> {
    /// Moves a list.
    pub fn list(&mut self, element: TypeId, source: &Place, destination: &Place) -> Result<()> {
        let layout = self.module.facts.abi.layout(element)?;
        let (ptr, len) = self.pointer_and_length(source)?;
        let size = self.lift_range(Range::List, ptr, len, layout)?;
        let to = self.allocate(layout, size)?;
        if self.module.facts.abi.is_copyable(element) {
            self.copy(to, ptr, size)?;
        } else {
            let (from_here, to_here) =
                (self.body.local(ValType::I32), self.body.local(ValType::I32));
            self.body.ins().local_get(ptr.index).local_set(from_here.index);
            self.body.ins().local_get(to.index).local_set(to_here.index);
            self.body.ins().local_get(ptr.index).local_get(size.index).i32_add();
            self.body.ins().local_set(size.index);
            self.each(element, layout, from_here, to_here, size)?;
            self.body.free(from_here);
            self.body.free(to_here);
        }
        self.store_pointer_and_length(to, len, destination)?;
        [ptr, len, size, to].into_iter().for_each(|local| self.body.free(local));
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
        let layout = self.module.facts.abi.layout(element)?;
        if let (Place::Memory { .. }, Place::Memory { .. }) = (source, destination) {
            let (from, to) = (self.pointer_to(source), self.pointer_to(destination));
            let end = self.body.local(ValType::I32);
            let size = layout.size * u64::from(length);
            self.body.ins().local_get(from.index).i32_const(size as i32).i32_add();
            self.body.ins().local_set(end.index);
            self.each(element, layout, from, to, end)?;
            [from, to, end].into_iter().for_each(|local| self.body.free(local));
            return Ok(());
        }
        // One side is flat, so the elements are few.
        let flat = self.module.facts.abi.flat(element).map_or(0, <[_]>::len);
        for i in 0..length as usize {
            let (offset, first) = (layout.size * i as u64, flat * i);
            let source = source.part(offset, first, flat);
            self.translate(element, &source, &destination.part(offset, first, flat))?;
        }
        Ok(())
    }

    /// Moves elements one by one, from `from` up to `end`.
    fn each(
        &mut self,
        element: TypeId,
        layout: Layout,
        from: Local,
        to: Local,
        end: Local,
    ) -> Result<()> {
        let source = Place::Memory { address: from, offset: 0 };
        let destination = Place::Memory { address: to, offset: 0 };
        let size = layout.size as i32;
        self.body.ins().block(EMPTY).loop_(EMPTY);
        self.body.ins().local_get(from.index).local_get(end.index).i32_eq().br_if(1);
        self.translate(element, &source, &destination)?;
        for pointer in [from, to] {
            self.body.ins().local_get(pointer.index).i32_const(size).i32_add();
            self.body.ins().local_set(pointer.index);
        }
        self.body.ins().br(0).end().end();
        Ok(())
    }

    /// Reads a pointer and a length into locals.
    pub fn pointer_and_length(&mut self, source: &Place) -> Result<(Local, Local)> {
        let (ptr, len) = (self.body.local(ValType::I32), self.body.local(ValType::I32));
        self.load(Scalar::U32, &source.part(0, 0, 1))?;
        self.body.ins().local_set(ptr.index);
        self.load(Scalar::U32, &source.part(4, 1, 1))?;
        self.body.ins().local_set(len.index);
        Ok((ptr, len))
    }

    pub fn store_pointer_and_length(
        &mut self,
        ptr: Local,
        len: Local,
        destination: &Place,
    ) -> Result<()> {
        for (local, part) in [(ptr, destination.part(0, 0, 1)), (len, destination.part(4, 1, 1))] {
            self.open(&part);
            self.body.ins().local_get(local.index);
            self.close(Scalar::U32, &part)?;
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
        let check = self.module.lift_range(self.from, range)?;
        let size = self.body.local(ValType::I32);
        self.body.ins().local_get(ptr.index).local_get(len.index);
        self.body.ins().i32_const(layout.size as i32).i32_const(layout.align as i32 - 1);
        self.body.call(check);
        self.body.ins().local_set(size.index);
        Ok(size)
    }

    /// Allocates `size` bytes at the end that values go to.
    pub fn allocate(&mut self, layout: Layout, size: Local) -> Result<Local> {
        let allocate = self.module.allocate(self.to)?;
        let ptr = self.body.local(ValType::I32);
        self.body.ins().i32_const(layout.align as i32).local_get(size.index);
        self.body.call(allocate);
        self.body.ins().local_set(ptr.index);
        Ok(ptr)
    }

    pub fn copy(&mut self, to: Local, from: Local, size: Local) -> Result<()> {
        let to_memory = self.module.memory(self.to.memory()?)?.0;
        let from_memory = self.module.memory(self.from.memory()?)?.0;
        let mut ins = self.body.ins();
        ins.local_get(to.index).local_get(from.index).local_get(size.index);
        ins.memory_copy(to_memory, from_memory);
        Ok(())
    }
}
