//! The context of a task: two slots that the engine keeps for every thread.
//!
//! A crossing runs in the caller's thread, and so does a `realloc` or a destructor that an adapter
//! calls; in the specification each is a task of its own. Where the instance that is entered uses
//! slots, they are cleared first and restored in the end, whatever else happens to the thread
//! meanwhile: what is saved is in locals.

use wasm_encoder::ValType;

use crate::analyse::{Running, Slot, SlotHome, State};
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::{ContextSlot, InstanceId};
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
            match slot.home {
                SlotHome::Engine { get, .. } => {
                    let get = self.external(get, FuncType::new([], [ty]));
                    body.call(get);
                }
                SlotHome::Global => self.get_slot(body, slot.slot),
            }
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
        self.set_slot(body, slot);
    }

    /// Takes a slot's value from the stack.
    fn set_slot(&mut self, body: &mut Body, Slot { slot, home }: Slot) {
        match home {
            SlotHome::Engine { set, .. } => {
                let set = self.external(set, FuncType::new([slot.ty], []));
                body.call(set);
            }
            SlotHome::Global => {
                if slot.ty == ValType::I32 {
                    body.ins().i64_extend_i32_u();
                }
                let global = self.builder.state(State::Slot(slot.index));
                body.ins().global_set(global);
            }
        }
    }

    /// Pushes the value of a slot that is in a global.
    fn get_slot(&mut self, body: &mut Body, slot: ContextSlot) {
        let global = self.builder.state(State::Slot(slot.index));
        body.ins().global_get(global);
        if slot.ty == ValType::I32 {
            body.ins().i32_wrap_i64();
        }
    }

    /// `context.get` of a slot that is in a global.
    pub fn context_get(&mut self, body: &mut Body, slot: ContextSlot) {
        self.get_slot(body, slot);
    }

    /// `context.set` of a slot that is in a global.
    pub fn context_set(&mut self, body: &mut Body, slot: ContextSlot) {
        body.ins().local_get(0);
        self.set_slot(body, Slot { slot, home: SlotHome::Global });
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
            self.set_slot(body, slot);
            body.free(saved);
        }
    }

    /// From here on, something else runs, for tasks that the module keeps; what ran before.
    pub fn run_instance(&mut self, body: &mut Body, running: Running) -> Option<Local> {
        let Running::Instance(record) = running else { return None };
        let before = body.local(ValType::I32);
        let current = self.builder.state(State::Current);
        body.ins().global_get(current).local_set(before.index);
        body.ins().i32_const(record).global_set(current);
        Some(before)
    }

    /// What ran before runs again.
    pub fn run_again(&mut self, body: &mut Body, before: Option<Local>) {
        if let Some(before) = before {
            let current = self.builder.state(State::Current);
            body.ins().local_get(before.index).global_set(current);
            body.free(before);
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
