//! Error contexts, where the module keeps these.
//!
//! An error context has a message for whoever debugs, which an implementation may shorten as it likes, to
//! nothing if need be (`DETERMINISTIC_PROFILE` in the specification's definitions). Here it is nothing: a
//! message would have to be copied to where no guest is, and be kept as long as any handle. So an error
//! context is a handle, and no more: two of them cannot be told apart, and it is copied by making another.

use wasm_encoder::ValType;

use crate::abi::Layout;
use crate::analyse::Lends;
use crate::error::{Error, Result};
use crate::plan::{Builtin, BuiltinId, BuiltinKind, InstanceId, StringEncoding};
use crate::runtime::{ERROR_CONTEXT, TableOp};
use crate::shim::code::{Adapters, Body, End, Local};
use crate::shim::values::{Place, Translator};

impl Adapters<'_, '_> {
    /// `error-context.new`: a handle. The message is not read.
    pub fn new_error_context(&mut self, body: &mut Body, owner: InstanceId) -> Result<()> {
        body.ins().i32_const(ERROR_CONTEXT).i32_const(0);
        self.table_op(body, owner, TableOp::New)
    }

    /// `error-context.debug-message`: an empty string, which is allocated as any other.
    pub fn debug_message(&mut self, body: &mut Body, id: BuiltinId) -> Result<()> {
        let Builtin { kind, owner, .. } = self.plan.builtins[id];
        let BuiltinKind::Async(kind) = kind else {
            return Err(Error::internal("expected a built-in of error contexts"));
        };
        self.record_of(body, owner, ERROR_CONTEXT, 0, TableOp::Rep)?;
        body.ins().drop();
        let end = End::guest(self.plan, owner, kind.options().unwrap_or_default());
        let address = Local { index: 1, ty: end.pointer };
        let size = if end.pointer == ValType::I64 { 8 } else { 4 };
        let pointer_and_length = Layout { size: 2 * size, align: size as u32 };
        self.check_pointer(body, end.memory()?, address, pointer_and_length)?;
        let own = std::mem::replace(body, Body::new(&[]));
        let mut t = Translator::new(self, own, [end, end], Lends::Nothing);
        let align = match end.encoding {
            StringEncoding::Utf8 => 1,
            StringEncoding::Utf16 | StringEncoding::CompactUtf16 => 2,
        };
        let length = t.body.local(ValType::I32);
        t.body.ins().i32_const(0).local_set(length.index);
        let pointer = t.allocate(Layout { size: 1, align }, length)?;
        t.store_pointer_and_length(pointer, length, &Place::Memory { address, offset: 0 })?;
        t.body.free(pointer);
        t.body.free(length);
        *body = t.body;
        Ok(())
    }

    /// `error-context.drop`
    pub fn drop_error_context(&mut self, body: &mut Body, owner: InstanceId) -> Result<()> {
        self.record_of(body, owner, ERROR_CONTEXT, 0, TableOp::Drop)?;
        body.ins().drop();
        Ok(())
    }
}
