//! The body of a function under construction: locals, instructions, and calls.
//!
//! A call names a function, which may have no index yet. So a [`Body`] keeps its calls apart from
//! its bytes until it is encoded.

use wasm_encoder::{InstructionSink, ValType};

use crate::ids::id;

id! {
    /// A function of a shim module.
    pub struct FuncId("func");
}

/// A function to call: one of the module's own, or an imported one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    /// Of this module.
    Own(FuncId),
    /// The import of that index.
    Imported(u32),
}

/// A local variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its index.
    pub index: u32,
    /// Its type.
    pub ty: ValType,
}

/// The body of a function.
#[derive(Debug)]
pub struct Body {
    params: u32,
    locals: Vec<ValType>,
    free: Vec<Local>,
    /// All instructions but calls.
    bytes: Vec<u8>,
    /// Calls, each with the place among those where it belongs.
    calls: Vec<(usize, Callee)>,
}

impl Body {
    /// An empty body.
    pub fn new(params: &[ValType]) -> Self {
        Body {
            params: params.len() as u32,
            locals: Vec::new(),
            free: Vec::new(),
            bytes: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// A local variable. Its value is what was last in it.
    pub fn local(&mut self, ty: ValType) -> Local {
        if let Some(i) = self.free.iter().position(|local| local.ty == ty) {
            return self.free.swap_remove(i);
        }
        self.locals.push(ty);
        Local { index: self.params + self.locals.len() as u32 - 1, ty }
    }

    /// Gives a local variable back.
    pub fn free(&mut self, local: Local) {
        debug_assert!(!self.free.contains(&local));
        self.free.push(local);
    }

    /// Takes an instruction.
    pub fn ins(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    /// Pushes a constant of the core type of pointers.
    pub fn pointer_const(&mut self, pointer: ValType, value: u64) {
        match pointer {
            ValType::I64 => self.ins().i64_const(value as i64),
            _ => self.ins().i32_const(value as i32),
        };
    }

    /// Adds a pointer and an offset, which have both that core type.
    pub fn pointer_add(&mut self, pointer: ValType) {
        match pointer {
            ValType::I64 => self.ins().i64_add(),
            _ => self.ins().i32_add(),
        };
    }

    /// Compares two pointers of that core type.
    pub fn pointer_eq(&mut self, pointer: ValType) {
        match pointer {
            ValType::I64 => self.ins().i64_eq(),
            _ => self.ins().i32_eq(),
        };
    }

    /// Turns the `i32` on the stack, a size, into a number of the core type of pointers.
    pub fn widen_size(&mut self, pointer: ValType) {
        if pointer == ValType::I64 {
            self.ins().i64_extend_i32_u();
        }
    }

    /// Turns the pointer or length on the stack into an `i64`.
    pub fn widen_pointer(&mut self, pointer: ValType) {
        if pointer != ValType::I64 {
            self.ins().i64_extend_i32_u();
        }
    }

    /// Calls a function.
    pub fn call(&mut self, callee: Callee) {
        self.calls.push((self.bytes.len(), callee));
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len() + 3 * self.calls.len()
    }

    /// The bytes of a code section's entry, without their length; ends the function.
    pub fn encode(mut self, imported: u32) -> Vec<u8> {
        self.ins().end();
        let mut groups: Vec<(u32, ValType)> = Vec::new();
        for &ty in &self.locals {
            match groups.last_mut() {
                Some((count, last)) if *last == ty => *count += 1,
                _ => groups.push((1, ty)),
            }
        }
        let mut function = wasm_encoder::Function::new(groups);
        let mut done = 0;
        for (at, callee) in self.calls {
            let index = match callee {
                Callee::Own(func) => imported + func.as_u32(),
                Callee::Imported(index) => index,
            };
            function.raw(self.bytes[done..at].iter().copied());
            function.instructions().call(index);
            done = at;
        }
        function.raw(self.bytes[done..].iter().copied());
        function.into_raw_body()
    }
}
