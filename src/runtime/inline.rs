//! The code of the store, to be written in place of calls of it.
//!
//! What is in a body is numbered as in the store: locals, functions, and the memory. Whoever copies it
//! (`shim/code/inline.rs`) numbers locals and functions anew, and says which memory it is. Nothing else of
//! what is copied has a number.

use std::collections::HashMap;

use wasm_encoder::reencode::{Error as Reencoded, Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, ValType};
use wasmparser::{FunctionBody, Operator, OperatorsReader, Parser, Payload};

use super::StoreOp;
use super::store::STORE;
use crate::core::FuncType;
use crate::error::{Error, Result};

/// The code of the store.
pub struct StoreCode {
    functions: Vec<(FuncType, FunctionBody<'static>)>,
    /// The function of each operation, by its name.
    exports: HashMap<&'static str, u32>,
}

/// A part of a function's body.
pub enum Copied {
    /// `local.get`.
    Get(u32),
    /// `local.set`.
    Set(u32),
    /// `local.tee`.
    Tee(u32),
    /// A call of a function that is copied as well.
    Function(u32),
    /// A call of one that is not.
    Called(StoreOp),
    /// Any other instruction, as bytes.
    Other(Vec<u8>),
}

impl StoreCode {
    /// Reads it.
    pub fn read() -> Result<StoreCode> {
        Self::parse().map_err(unreadable)
    }

    fn parse() -> std::result::Result<StoreCode, Reencoded> {
        let mut types = Vec::new();
        let mut declared = Vec::new();
        let mut code = StoreCode { functions: Vec::new(), exports: HashMap::new() };
        for payload in Parser::new(0).parse_all(STORE) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        types.push(RoundtripReencoder.func_type(ty?)?);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        declared.push(types[ty? as usize].clone());
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        code.exports.insert(export.name, export.index);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let ty = declared[code.functions.len()].clone();
                    code.functions.push((ty, body));
                }
                _ => {}
            }
        }
        Ok(code)
    }

    /// The function of an operation.
    pub fn function(&self, op: StoreOp) -> Result<u32> {
        let function = self.exports.get(op.name()).copied();
        function.ok_or_else(|| Error::internal(format!("the store has no `{}`", op.name())))
    }

    /// The parameters of a function, how many other locals it has, which are `i32`, and its body
    /// without the end, for a memory of that index.
    pub fn body(&self, function: u32, memory: u32) -> Result<(&[ValType], u32, Vec<Copied>)> {
        let found = self.functions.get(function as usize);
        let (ty, body) = found.ok_or_else(|| Error::internal("the store has no such function"))?;
        let mut locals = 0;
        for group in body.get_locals_reader().map_err(unreadable)? {
            locals += group.map_err(unreadable)?.0;
        }
        let mut steps = Vec::new();
        let begin = body.range().start;
        let at = |reader: &OperatorsReader<'_>| (reader.original_position() - begin) as usize;
        let mut reader = body.get_operators_reader().map_err(unreadable)?;
        while !reader.eof() {
            let start = at(&reader);
            steps.push(match reader.read().map_err(unreadable)? {
                Operator::LocalGet { local_index } => Copied::Get(local_index),
                Operator::LocalSet { local_index } => Copied::Set(local_index),
                Operator::LocalTee { local_index } => Copied::Tee(local_index),
                Operator::Call { function_index } => match self.called(function_index) {
                    Some(op) => Copied::Called(op),
                    None => Copied::Function(function_index),
                },
                _ => Copied::Other(copied(&body.as_bytes()[start..at(&reader)], memory)?),
            });
        }
        steps.pop();
        Ok((ty.params(), locals, steps))
    }

    /// The operation that a function is, if it is called and not copied.
    fn called(&self, function: u32) -> Option<StoreOp> {
        let is_called = |op: &StoreOp| self.exports.get(op.name()) == Some(&function);
        StoreOp::CALLED.into_iter().find(is_called)
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("the store cannot be read: {error}"))
}

/// Any other instruction, with that memory in place of the store's. One that has another index is none of
/// those that are copied, and a `return` would leave who has the copy.
fn copied(instruction: &[u8], memory: u32) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(instruction.len() + 1);
    match *instruction {
        // global.get, global.set, return; what has a prefix
        [0x23 | 0x24 | 0x0f | 0xfb..=0xfe, ..] => {
            return Err(Error::internal("what is copied does more than copies can"));
        }
        // Loads and stores: the flags say whether a memory is named, and are followed by it.
        [opcode @ 0x28..=0x3e, flags, ref offset @ ..] if memory != 0 => {
            bytes.extend([opcode, flags | 0x40]);
            memory.encode(&mut bytes);
            bytes.extend_from_slice(offset);
        }
        // memory.size, memory.grow
        [opcode @ (0x3f | 0x40), ..] => {
            bytes.push(opcode);
            memory.encode(&mut bytes);
        }
        _ => bytes.extend_from_slice(instruction),
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_can_be_copied_down_to_what_is_called() {
        let code = StoreCode::read().expect("the store can be read");
        let mut called = Vec::new();
        for op in StoreOp::COPIED {
            let mut open = vec![code.function(op).expect("is exported")];
            while let Some(function) = open.pop() {
                let (_, _, steps) = code.body(function, 7).expect("can be copied");
                for step in steps {
                    match step {
                        Copied::Function(function) => open.push(function),
                        Copied::Called(op) => called.push(op),
                        _ => {}
                    }
                }
            }
        }
        assert!(StoreOp::CALLED.iter().all(|op| called.contains(op)), "{called:?}");
    }
}
