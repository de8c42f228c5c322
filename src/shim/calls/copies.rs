//! What copies the values of streams and futures from one guest to another.
//!
//! There is a function for each type and each pair of options (`analyse::copies`), which the runtime calls
//! through the table: it does not know types. Where values can be copied as bytes it is one
//! `memory.copy`, else a loop over what moves one value, as for a list. Both buffers have been checked,
//! and a memory never gets smaller.
//!
//! Where the other end is the host's, it is the engine that copies: the function is a call of its built-in.

use wasm_encoder::ValType;

use crate::analyse::{Lends, TaskFunc, Way, element};
use crate::core::FuncType;
use crate::error::{Error, Result};
use crate::plan::{AsyncBuiltin, BuiltinId, BuiltinKind, TypeId};
use crate::shim::code::{Adapters, Body, Callee, End, FuncId, Local};
use crate::shim::values::Translator;

impl Adapters<'_, '_> {
    /// What copies values that way.
    pub fn copies(&mut self, way: Way) -> Result<FuncId> {
        let func = match way {
            Way::Between(writer, reader) => self.copies_between(writer, reader)?,
            Way::ToHost(end) => self.copies_by_engine(way, end, "to the host from")?,
            Way::FromHost(end) => self.copies_by_engine(way, end, "from the host to")?,
        };
        let place = self.inside()?.place(TaskFunc::Copy(way));
        self.builder.element(place as u32, Callee::Own(func));
        Ok(func)
    }

    /// `(buffer, how far it has been read or written, how much is left, our end) -> payload`: the engine
    /// reads or writes what a guest would.
    fn copies_by_engine(&mut self, way: Way, id: BuiltinId, how: &str) -> Result<FuncId> {
        let (ty, end) = self.copying(id)?;
        let params = [ValType::I64, ValType::I32, ValType::I32, ValType::I32];
        let name = format!("copy {} {how} {id}", self.plan.ty(ty));
        let func = self.builder.declare(name, FuncType::new(params, [ValType::I32]));
        let body = Body::new(&params);
        let external = self.inside()?.hosts.copy(way)?;
        let by_engine = self.facts.builtin_type(self.plan, self.plan.builtins[id].kind);
        let mut t = Translator::new(self, body, [end, end], Lends::Nothing);
        let at = |index: u32| Local { index, ty: params[index as usize] };
        let size = match element(t.module.plan, ty) {
            Some(element) => t.source_abi().layout(element)?.size,
            None => 0,
        };
        let here = t.address([at(0), at(1)], end.pointer, size);
        t.body.ins().local_get(3).local_get(here.index);
        if by_engine.params().len() == 3 {
            t.body.ins().local_get(2);
            t.body.widen_size(end.pointer);
        }
        let callee = t.module.external(external, by_engine.clone());
        t.body.call(callee);
        if by_engine.results() == [ValType::I64] {
            t.body.ins().i32_wrap_i64();
        }
        let body = t.body;
        self.builder.define(func, body);
        Ok(func)
    }

    /// `(what is written, how far it has been read, what is read to, how far it has been written, how many)`
    fn copies_between(&mut self, writer: BuiltinId, reader: BuiltinId) -> Result<FuncId> {
        let plan = self.plan;
        let (ty, from) = self.copying(writer)?;
        let (_, to) = self.copying(reader)?;
        let params = [ValType::I64, ValType::I32, ValType::I64, ValType::I32, ValType::I32];
        let name = format!("copy {} from {writer} to {reader}", plan.ty(ty));
        let func = self.builder.declare(name, FuncType::new(params, []));
        let body = Body::new(&params);
        let Some(element) = element(plan, ty) else {
            self.builder.define(func, body);
            return Ok(func);
        };
        let mut t = Translator::new(self, body, [from, to], Lends::Nothing);
        let at = |index: u32| Local { index, ty: params[index as usize] };
        let (source_size, size) =
            (t.source_abi().layout(element)?.size, t.destination_abi().layout(element)?.size);
        let here = t.address([at(0), at(1)], from.pointer, source_size);
        let there = t.address([at(2), at(3)], to.pointer, size);
        match t.source_abi().is_copyable(element) {
            true => {
                // What has no pointers is as large at both ends.
                let length = t.length_type();
                let from_memory = t.module.memory(from.memory()?)?.0;
                let to_memory = t.module.memory(to.memory()?)?.0;
                t.body.ins().local_get(there.index).local_get(here.index);
                t.bytes(at(4), length, size);
                t.body.ins().memory_copy(to_memory, from_memory);
            }
            false => {
                let end = t.body.local(from.pointer);
                t.body.ins().local_get(here.index);
                t.bytes(at(4), from.pointer, source_size);
                t.body.pointer_add(from.pointer);
                t.body.ins().local_set(end.index);
                t.each(element, here, there, end)?;
            }
        }
        let body = t.body;
        self.builder.define(func, body);
        Ok(func)
    }

    /// The type that a built-in reads or writes, and who does.
    fn copying(&self, id: BuiltinId) -> Result<(TypeId, End)> {
        let builtin = &self.plan.builtins[id];
        match builtin.kind {
            BuiltinKind::Async(kind @ AsyncBuiltin::Copy(_, ty)) => {
                let options = kind.options().unwrap_or_default();
                Ok((ty, End::guest(self.plan, builtin.owner, options)))
            }
            _ => Err(Error::internal("expected a built-in of streams")),
        }
    }
}

impl Translator<'_, '_, '_> {
    /// The address of the next value of a buffer, of which so many are done.
    fn address(&mut self, [buffer, done]: [Local; 2], pointer: ValType, size: u64) -> Local {
        let address = self.body.local(pointer);
        self.body.ins().local_get(buffer.index);
        if pointer != ValType::I64 {
            self.body.ins().i32_wrap_i64();
        }
        self.bytes(done, pointer, size);
        self.body.pointer_add(pointer);
        self.body.ins().local_set(address.index);
        address
    }

    /// Pushes the size of so many values.
    fn bytes(&mut self, count: Local, pointer: ValType, size: u64) {
        self.body.ins().local_get(count.index);
        self.body.widen_size(pointer);
        self.body.pointer_const(pointer, size);
        match pointer {
            ValType::I64 => self.body.ins().i64_mul(),
            _ => self.body.ins().i32_mul(),
        };
    }
}
