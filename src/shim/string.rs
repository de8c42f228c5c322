//! Moving strings.
//!
//! From UTF-8 to UTF-8, a string is validated and copied by one `memory.copy`. Everything else is
//! the transcoder's (`runtime/transcode.wat`), which reads and writes as the specification orders
//! it; here the range is checked and the tag of `latin1+utf16` taken apart:
//!
//! ```text
//! utf16 to utf8          lift string(ptr, len, 2, 2)       transcode(utf16, ptr, len)
//! latin1+utf16 to utf8   if the tag is set
//!                          lift string(ptr, len', 2, 2)    transcode(tagged utf16, ptr, len')
//!                        else
//!                          lift string(ptr, len, 1, 2)     transcode(latin1, ptr, len)
//! ```

use wasm_encoder::ValType;

use super::builder::{Local, Need, Transcoder};
use super::memory::Range;
use super::translate::{EMPTY, Place, Translator};
use crate::abi::Layout;
use crate::error::Result;
use crate::plan::StringEncoding;
use crate::runtime::{Routine, SourceEncoding, transcode_type};

/// The bit of a length that says that a `latin1+utf16` string is UTF-16.
const UTF16_TAG: i32 = i32::MIN;

const BYTES: Layout = Layout { size: 1, align: 1 };
const BYTES_OF_COMPACT: Layout = Layout { size: 1, align: 2 };
const UNITS: Layout = Layout { size: 2, align: 2 };

impl Translator<'_, '_, '_> {
    /// Moves a string.
    pub fn string(&mut self, source: &Place, destination: &Place) -> Result<()> {
        use StringEncoding::{CompactUtf16, Utf8, Utf16};
        let (ptr, len) = self.pointer_and_length(source)?;
        let to = self.body.local(ValType::I32);
        match (self.from.encoding, self.to.encoding) {
            (Utf8, Utf8) => self.copy_utf8(ptr, len, to)?,
            (Utf8, _) => self.transcode(SourceEncoding::Utf8, BYTES, ptr, len, to)?,
            (Utf16, _) => self.transcode(SourceEncoding::Utf16, UNITS, ptr, len, to)?,
            (CompactUtf16, _) => {
                self.body.ins().local_get(len.index).i32_const(UTF16_TAG).i32_and().if_(EMPTY);
                self.body.ins().local_get(len.index).i32_const(!UTF16_TAG).i32_and();
                self.body.ins().local_set(len.index);
                self.transcode(SourceEncoding::CompactUtf16, UNITS, ptr, len, to)?;
                self.body.ins().else_();
                self.transcode(SourceEncoding::Latin1, BYTES_OF_COMPACT, ptr, len, to)?;
                self.body.ins().end();
            }
        }
        self.store_pointer_and_length(to, len, destination)?;
        [ptr, len, to].into_iter().for_each(|local| self.body.free(local));
        Ok(())
    }

    /// Validates and copies.
    fn copy_utf8(&mut self, ptr: Local, len: Local, to: Local) -> Result<()> {
        let size = self.lift_range(Range::String, ptr, len, BYTES)?;
        let memory = self.from.memory()?;
        let routine = Routine::ValidateUtf8(self.module.step);
        let name = || format!("{} {}", routine.name(), routine.module().0);
        let need = Need::Routine(routine, memory);
        let validate = self.module.builder.func(need, routine.ty(), name);
        self.body.ins().local_get(ptr.index).local_get(len.index);
        self.body.call(validate);
        let allocated = self.allocate(BYTES, size)?;
        self.copy(allocated, ptr, size)?;
        self.body.ins().local_get(allocated.index).local_set(to.index);
        self.body.free(allocated);
        self.body.free(size);
        Ok(())
    }

    /// Transcodes; the length becomes that of the result.
    fn transcode(
        &mut self,
        encoding: SourceEncoding,
        unit: Layout,
        ptr: Local,
        len: Local,
        to: Local,
    ) -> Result<()> {
        let size = self.lift_range(Range::String, ptr, len, unit)?;
        self.body.free(size);
        let transcoder = Transcoder { from: self.from.memory()?, to: self.to.allocator()? };
        let destination = self.to.encoding;
        let need = Need::Transcode(destination, transcoder);
        let name = || format!("transcode to {destination}");
        let callee = self.module.builder.func(need, transcode_type(), name);
        self.body.ins().i32_const(encoding as i32).local_get(ptr.index).local_get(len.index);
        self.body.call(callee);
        self.body.ins().local_set(len.index).local_set(to.index);
        Ok(())
    }
}
