//! Exceptions that leave a guest.
//!
//! The specification turns an exception that leaves a lifted function into a trap
//! (*call_and_trap_on_throw*). Catching costs a block, so it is done where guests can throw at all.

use wasm_encoder::{BlockType, Catch, ValType};

use crate::analyse::Exceptions;
use crate::error::{Error, Result};
use crate::shim::code::{Adapters, Body, Callee, Trap};

impl Adapters<'_, '_> {
    /// Calls a guest with its arguments on the stack, and traps if it throws.
    ///
    /// ```wat
    /// (block $ok (result ..)
    ///   (block $thrown
    ///     (br $ok (try_table (result ..) (catch_all $thrown) (call $guest ..))))
    ///   unreachable)
    /// ```
    ///
    /// or, in an earlier form, `(try (result ..) (do (call $guest ..)) (catch_all unreachable))`.
    pub fn call_catching(
        &mut self,
        body: &mut Body,
        callee: Callee,
        params: &[ValType],
        results: &[ValType],
    ) -> Result<()> {
        let ty = match results {
            [] => BlockType::Empty,
            [ty] => BlockType::Result(*ty),
            _ => return Err(Error::internal("a guest's function has more than one result")),
        };
        // A block's parameters would need a type of their own; locals do not.
        let mut arguments: Vec<_> = params.iter().map(|ty| body.local(*ty)).collect();
        for argument in arguments.iter().rev() {
            body.ins().local_set(argument.index);
        }
        let is_before = self.facts.exceptions == Exceptions::TrapBefore;
        match is_before {
            true => body.ins().try_(ty),
            false => body
                .ins()
                .block(ty)
                .block(BlockType::Empty)
                .try_table(ty, [Catch::All { label: 0 }]),
        };
        for argument in &arguments {
            body.ins().local_get(argument.index);
        }
        body.call(callee);
        match is_before {
            true => body.ins().catch_all(),
            false => body.ins().end().br(1).end(),
        };
        self.trap(body, Trap::Exception)?;
        body.ins().end();
        arguments.drain(..).for_each(|local| body.free(local));
        Ok(())
    }
}
