//! Moving strings.
//!
//! From UTF-8 to UTF-8, a string is one call of one function: it checks the range, has the destination
//! allocated, and has the routine copy and validate it (`runtime/utf8-simd.wat`). Strings are mostly
//! short, and what they cost is calls. So for strings in a list that function is written out.
//!
//! Everything else is the transcoder's (`runtime/transcode.wat`), which reads and writes as the
//! specification orders it; here the range is checked and the tag of `latin1+utf16` taken apart:
//!
//! ```text
//! utf16 to utf8          lift string(ptr, len, 2, 2)       transcode(utf16, ptr, len)
//! latin1+utf16 to utf8   if the tag is set
//!                          lift string(ptr, len', 2, 2)    transcode(tagged utf16, ptr, len')
//!                        else
//!                          lift string(ptr, len, 1, 2)     transcode(latin1, ptr, len)
//! ```

use wasm_encoder::ValType;

use super::translate::{EMPTY, Place, Translator};
use crate::abi::Layout;
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::StringEncoding;
use crate::runtime::{SourceEncoding, copy_utf8_type, transcode_type};
use crate::shim::code::{
    Adapters, Between, Body, Callee, End, Local, Need, Range, Shared, Transcoder,
};

/// The bit of a length of 32 bits that says that a `latin1+utf16` string is UTF-16.
const UTF16_TAG: i32 = i32::MIN;

const BYTES: Layout = Layout { size: 1, align: 1 };
const BYTES_OF_COMPACT: Layout = Layout { size: 1, align: 2 };
const UNITS: Layout = Layout { size: 2, align: 2 };

/// A string on its way.
#[derive(Clone, Copy)]
struct Text {
    /// Where it lies.
    ptr: Local,
    /// Its code units, as wide as a pointer there.
    len: Local,
    /// Where it goes.
    to: Local,
    /// The length to pass with it, as an `i32`.
    to_len: Local,
}

impl Translator<'_, '_, '_> {
    /// Moves a string.
    pub fn string(&mut self, source: &Place, destination: &Place) -> Result<()> {
        use StringEncoding::{CompactUtf16, Utf8, Utf16};
        let (ptr, len) = self.pointer_and_length(source)?;
        if self.from.is_bridge() {
            // Of an empty text some hosts say that it is at an address where they have not asked for room (jco:
            // 1), and there need be no memory yet. Where it is does not matter.
            self.body.ins().local_get(ptr.index).i32_const(0);
            self.body.ins().local_get(len.index).select().local_set(ptr.index);
        }
        let to = self.body.local(self.to.pointer);
        let to_len = self.body.local(ValType::I32);
        let text = Text { ptr, len, to, to_len };
        match (self.from.encoding, self.to.encoding) {
            (Utf8, Utf8) => self.copy_utf8(text)?,
            (Utf8, _) => self.transcode(SourceEncoding::Utf8, BYTES, text)?,
            (Utf16, _) => self.transcode(SourceEncoding::Utf16, UNITS, text)?,
            (CompactUtf16, _) => {
                self.is_tagged(len);
                self.body.ins().if_(EMPTY);
                self.clear_tag(len);
                self.transcode(SourceEncoding::CompactUtf16, UNITS, text)?;
                self.body.ins().else_();
                self.transcode(SourceEncoding::Latin1, BYTES_OF_COMPACT, text)?;
                self.body.ins().end();
            }
        }
        let to_len = self.long_length(to_len);
        self.store_pointer_and_length(to, to_len, destination)?;
        [ptr, len, to, to_len].into_iter().for_each(|local| self.body.free(local));
        Ok(())
    }

    /// Copies, and validates.
    fn copy_utf8(&mut self, text: Text) -> Result<()> {
        self.moved_utf8(text)?;
        self.body.ins().local_set(text.to.index).local_get(text.len.index);
        if text.len.ty == ValType::I64 {
            self.body.ins().i32_wrap_i64();
        }
        self.body.ins().local_set(text.to_len.index);
        Ok(())
    }

    /// Pushes where the copy is.
    fn moved_utf8(&mut self, text: Text) -> Result<()> {
        let Text { ptr, len, .. } = text;
        if self.is_repeated {
            return self.module.move_utf8_here(&mut self.body, self.from, self.to, [ptr, len]);
        }
        let moves = self.module.move_utf8(self.from, self.to)?;
        self.body.ins().local_get(ptr.index).local_get(len.index);
        self.body.call(moves);
        Ok(())
    }

    /// Transcodes.
    fn transcode(&mut self, encoding: SourceEncoding, unit: Layout, text: Text) -> Result<()> {
        let size = self.lift_range(Range::String, text.ptr, text.len, unit)?;
        self.body.free(size);
        let transcoder = Transcoder { from: self.from.memory()?, to: self.to.allocator()? };
        let destination = self.to.encoding;
        let need = Need::Transcode(destination, transcoder);
        let name = || format!("transcode to {destination}");
        let ty = transcode_type(self.from.pointer, self.to.pointer);
        let callee = self.module.builder.func(need, ty, name);
        self.body.ins().i32_const(encoding as i32).local_get(text.ptr.index);
        self.body.ins().local_get(text.len.index);
        if text.len.ty == ValType::I64 {
            self.body.ins().i32_wrap_i64();
        }
        self.body.call(callee);
        self.body.ins().local_set(text.to_len.index).local_set(text.to.index);
        Ok(())
    }

    /// Pushes whether the length of a `latin1+utf16` string has the tag: its highest bit.
    fn is_tagged(&mut self, len: Local) {
        self.body.ins().local_get(len.index);
        match len.ty {
            ValType::I64 => self.body.ins().i64_const(0).i64_lt_s(),
            _ => self.body.ins().i32_const(UTF16_TAG).i32_and(),
        };
    }

    fn clear_tag(&mut self, len: Local) {
        self.body.ins().local_get(len.index);
        match len.ty {
            ValType::I64 => self.body.ins().i64_const(i64::MAX).i64_and(),
            _ => self.body.ins().i32_const(!UTF16_TAG).i32_and(),
        };
        self.body.ins().local_set(len.index);
    }

    /// A length in 32 bits as one of 64: a local with the tag, if there can be one, where it belongs.
    fn long_length(&mut self, len: Local) -> Local {
        if self.to.pointer != ValType::I64 {
            return len;
        }
        let long = self.body.local(ValType::I64);
        self.body.ins().local_get(len.index);
        match self.to.encoding {
            // The sign is the tag, and no bit between is part of the length.
            StringEncoding::CompactUtf16 => {
                let tag_and_length = i64::MIN | i64::from(i32::MAX);
                self.body.ins().i64_extend_i32_s().i64_const(tag_and_length).i64_and()
            }
            _ => self.body.ins().i64_extend_i32_u(),
        };
        self.body.ins().local_set(long.index);
        self.body.free(len);
        long
    }
}

impl Adapters<'_, '_> {
    /// `(ptr, length) -> ptr`: moves a string from memory to memory, both ends of which have UTF-8.
    fn move_utf8(&mut self, from: End, to: End) -> Result<Callee> {
        let (memory, allocator) = (from.memory()?, to.allocator()?);
        let declare = || ("move string".into(), FuncType::new([from.pointer; 2], [to.pointer]));
        self.shared(Shared::MoveUtf8(memory, allocator), declare, |this, body| {
            let place = [0, 1].map(|index| Local { index, ty: from.pointer });
            this.move_utf8_here(body, from, to, place)
        })
    }

    /// The same, in this place: pushes where the copy is.
    fn move_utf8_here(
        &mut self,
        body: &mut Body,
        from: End,
        to: End,
        [ptr, len]: [Local; 2],
    ) -> Result<()> {
        let (memory, allocator) = (from.memory()?, to.allocator()?);
        let size = self.check_range(body, memory, Range::String, [ptr, len], BYTES)?;
        let to_ptr = self.allocate_here(body, allocator, BYTES.align, size)?;
        let between = Between { step: self.step, from: memory, to: allocator.memory() };
        let ty = copy_utf8_type(from.pointer, to.pointer);
        let copy = self.builder.func(Need::CopyUtf8(between), ty, || "copy UTF-8".into());
        body.ins().local_get(ptr.index).local_get(size.index).local_get(to_ptr.index);
        body.call(copy);
        body.ins().local_get(to_ptr.index);
        [size, to_ptr].into_iter().for_each(|local| body.free(local));
        Ok(())
    }
}
