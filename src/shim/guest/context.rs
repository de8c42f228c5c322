//! The context of a task: two slots that the engine keeps for every thread.
//!
//! A crossing runs in the caller's thread, and so does a `realloc` or a destructor that an adapter
//! calls; in the specification each is a task of its own. Where the instance that is entered uses
//! slots, they are cleared first and restored in the end, whatever else happens to the thread
//! meanwhile: what is saved is in locals.

use wasm_encoder::ValType;

use crate::analyse::Slot;
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::InstanceId;
use crate::shim::code::{Adapters, Body, Local};

/// Slots and what was in them.
pub type Saved = Vec<(Slot, Local)>;

impl Adapters<'_, '_> {
    /// Clears the slots that an instance uses.
    pub fn clear_context(&mut self, body: &mut Body, entered: InstanceId) -> Saved {
        let facts = self.facts;
        let clear = |&slot: &Slot| {
            let ty = slot.slot.ty;
            let saved = body.local(ty);
            let get = self.external(slot.get, FuncType::new([], [ty]));
            body.call(get);
            body.ins().local_set(saved.index);
            self.clear_slot(body, slot);
            (slot, saved)
        };
        facts.context[entered].iter().map(clear).collect()
    }

    /// Clears a slot.
    fn clear_slot(&mut self, body: &mut Body, slot: Slot) {
        let ty = slot.slot.ty;
        match ty {
            ValType::I64 => body.ins().i64_const(0),
            _ => body.ins().i32_const(0),
        };
        let set = self.external(slot.set, FuncType::new([ty], []));
        body.call(set);
    }

    /// What runs before a start function of an instance: clears the slots that it uses.
    pub fn clear_start(&mut self, owner: InstanceId) {
        let func = self.builder.declare("clear context", FuncType::new([], []));
        let mut body = Body::new(&[]);
        let facts = self.facts;
        for &slot in &facts.context[owner] {
            self.clear_slot(&mut body, slot);
        }
        self.builder.define(func, body);
        self.builder.start(func);
    }

    /// Puts back what was in the slots.
    pub fn restore_context(&mut self, body: &mut Body, saved: Saved) {
        for (slot, saved) in saved {
            body.ins().local_get(saved.index);
            let set = self.external(slot.set, FuncType::new([saved.ty], []));
            body.call(set);
            body.free(saved);
        }
    }

    /// Runs `inner`, which calls a function of an instance, in a context of its own.
    pub fn in_context(
        &mut self,
        body: &mut Body,
        entered: InstanceId,
        inner: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<()> {
        let saved = self.clear_context(body, entered);
        inner(self, body)?;
        self.restore_context(body, saved);
        Ok(())
    }
}
