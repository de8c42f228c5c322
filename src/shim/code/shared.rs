//! Functions that a module has once, made on first use.

use super::{Adapters, Allocator, Body, Callee, End, FuncId, Memory, Range, Trap};
use crate::abi::Layout;
use crate::analyse::Lends;
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::TypeId;

/// A check, an allocation, the move of a string, or a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shared {
    Trap(Trap),
    LiftRange(Memory, Range, Layout),
    Allocate(Allocator, u32),
    MoveUtf8(Memory, Allocator),
}

/// A helper: a function that moves a value of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HelperKey {
    /// The type.
    pub ty: TypeId,
    /// The end that values come from.
    pub from: End,
    /// The end that values go to.
    pub to: End,
    /// Where the value is.
    pub source: PlaceKind,
    /// Where it goes.
    pub destination: PlaceKind,
    /// How handles in it are lent.
    pub lends: Lends,
}

/// Where a value is that a helper moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// Flat, in locals.
    Locals,
    /// In the memory of its end.
    Memory,
}

impl Adapters<'_, '_> {
    /// A shared function, made on first use: then it is asked for its name and its type.
    pub fn shared(
        &mut self,
        key: Shared,
        declare: impl FnOnce() -> (String, FuncType),
        define: impl FnOnce(&mut Self, &mut Body) -> Result<()>,
    ) -> Result<Callee> {
        if let Some(&func) = self.shared.get(&key) {
            return Ok(Callee::Own(func));
        }
        let (name, ty) = declare();
        let mut body = Body::new(ty.params());
        let func: FuncId = self.builder.declare(name, ty);
        self.shared.insert(key, func);
        define(self, &mut body)?;
        self.builder.define(func, body);
        Ok(Callee::Own(func))
    }
}
