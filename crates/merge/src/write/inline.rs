//! Writes bodies in which functions are copied to where they are called.
//!
//! ```text
//! (call $clamp (local.get 0))      local.get 0
//!                                  local.set 4              the parameter, in a local of its own
//!                                  block (result i32)       only if something leaves it early
//!                                    ..                     its code, with its locals from 4 on;
//!                                    br 1                   for `return`
//!                                  end
//! ```
//!
//! Whatever else the code names is translated for the instance whose code it is, and memories are treated as
//! they are in the body around: so a copy does what the function does, wherever its memory is.
//!
//! Calls one after another have the same locals. A function finds zero in its own at first; so that is
//! written, unless it is seen that the function writes there before it reads.
//!
//! What is copied is decided in [`decide::inline`](crate::decide::inline). It is small, and so is its depth.

use std::ops::Range;

use wasm_encoder::{InstructionSink, ValType};
use wasmparser::{BinaryReader, FunctionBody, Operator};

use super::encoder::Encoder;
use super::rewrite::{Treatment, limited};
use crate::code::{Kink, Opcodes, Starts};
use crate::decide::inline::Expansion;
use crate::program::{Definition, FuncId, Program, Site};
use crate::read::malformed;
use crate::{Error, Result};

/// A body under way.
struct Expander<'e, 'p, 'l> {
    encoder: &'e mut Encoder<'p, 'l>,
    /// What is done with instructions of functions that are copied.
    treatment_of_copies: Treatment<'e>,
    output: &'e mut Vec<u8>,
    /// Where the body begins there, and its kinks.
    begin: usize,
    first_kink: usize,
    /// The last local of a copy that was set, and where that is in the output.
    last_set: Option<(u32, Range<usize>)>,
}

/// The function whose code is copied.
struct Frame<'f> {
    func: FuncId,
    /// The locals that it has instead of its own. Those of a body that is not copied stay as they are.
    locals: Option<&'f [u32]>,
    /// Where its own calls find theirs.
    next: Starts,
}

impl<'p> Encoder<'p, '_> {
    /// Appends the body of a function in which calls are replaced. Its kinks and opcodes are added to those
    /// that are there.
    pub fn expanded(
        &mut self,
        func: FuncId,
        treatment: Treatment<'_>,
        expansion: &Expansion,
        output: &mut Vec<u8>,
        (kinks, opcodes): (&mut Vec<Kink>, &mut Opcodes),
    ) -> Result<()> {
        let begin = output.len();
        let (site, body) = source(self.input.decisions.program, func)?;
        let own = self.own_locals(func, &body)?;
        let added = expansion.locals.declared();
        self.rewrite(site.instance).declare(&body, treatment, added, output)?;
        let copied = match treatment {
            // What is copied reaches no far memory.
            Treatment::Far(_) => Treatment::Plain,
            treatment => treatment,
        };
        let next = expansion.locals.starts(own);
        let frame = Frame { func, locals: None, next };
        let first_kink = kinks.len();
        let (encoder, treatment_of_copies, last_set) = (self, copied, None);
        let mut expander =
            Expander { encoder, treatment_of_copies, output, begin, first_kink, last_set };
        expander.code(&frame, treatment, &mut Some(kinks))?;
        opcodes.add(&FunctionBody::new(BinaryReader::new(&output[begin..], 0)))
    }

    /// How many locals a body has, parameters among them.
    fn own_locals(&self, func: FuncId, body: &FunctionBody<'_>) -> Result<u32> {
        let (types, program) = (self.input.types, self.input.decisions.program);
        let mut count = types.params(program, types.of_func(program, func)?)? as u32;
        for group in body.get_locals_reader().map_err(malformed)? {
            count = count.saturating_add(group.map_err(malformed)?.0);
        }
        Ok(count)
    }
}

impl<'p> Expander<'_, 'p, '_> {
    /// Writes the code of a function, and of what is inlined there; of a body that is not copied, with its
    /// end.
    fn code(
        &mut self,
        frame: &Frame<'_>,
        treatment: Treatment<'_>,
        kinks: &mut Option<&mut Vec<Kink>>,
    ) -> Result<()> {
        let (site, body) = source(self.encoder.input.decisions.program, frame.func)?;
        let inlined = self.encoder.input.decisions.inlined;
        let expansion = inlined.of_body(frame.func);
        let bytes = body.as_bytes();
        let begin = body.range().start;
        let mut reader = body.get_operators_reader().map_err(malformed)?;
        self.kink(kinks, (reader.original_position() - begin) as usize, self.output.len());
        let mut depth = 0u32;
        while !reader.eof() {
            let start = (reader.original_position() - begin) as usize;
            let operator = reader.read().map_err(malformed)?;
            let end = (reader.original_position() - begin) as usize;
            let callee = expansion.and_then(|it| it.calls.get(&start));
            let is_copy = frame.locals.is_some();
            let local = |index: u32| match frame.locals {
                None => Ok(index),
                Some(locals) => locals.get(index as usize).copied().ok_or_else(no_local),
            };
            let output = self.output.len();
            match operator {
                _ if callee.is_some() => {
                    self.kink(kinks, start, output);
                    if let Some(&callee) = callee {
                        self.copy(callee, frame.next)?;
                    }
                    // Whatever is in the input is somewhere in the output.
                    if self.output.len() == output {
                        self.sink().nop();
                    }
                }
                Operator::LocalGet { local_index } if is_copy => self.get(local(local_index)?),
                Operator::LocalSet { local_index } if is_copy => self.set(local(local_index)?),
                Operator::LocalTee { local_index } if is_copy => {
                    self.sink().local_tee(local(local_index)?);
                }
                Operator::Return if is_copy => {
                    self.sink().br(depth);
                }
                Operator::End if is_copy && depth == 0 => break,
                ref operator => {
                    match operator {
                        Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                            depth += 1;
                        }
                        Operator::End => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    let mut inner = Vec::new();
                    let mut rewrite = self.encoder.rewrite(site.instance);
                    rewrite.instruction(&bytes[start..end], treatment, self.output, &mut inner)?;
                    for Kink { input, output: image } in inner {
                        self.kink(kinks, start + input as usize, output + image as usize);
                    }
                }
            }
            self.kink(kinks, end, self.output.len());
            limited(self.output.len() - self.begin)?;
        }
        Ok(())
    }

    /// Where a position of the input is in the output.
    fn kink(&self, kinks: &mut Option<&mut Vec<Kink>>, input: usize, output: usize) {
        let Some(kinks) = kinks else { return };
        let kink = Kink { input: input as u32, output: (output - self.begin) as u32 };
        if kinks[self.first_kink..].last() != Some(&kink) {
            kinks.push(kink);
        }
    }

    /// Writes a function, whose parameters are on the stack.
    fn copy(&mut self, func: FuncId, mut next: Starts) -> Result<()> {
        let copy = self.encoder.input.decisions.inlined.copy(func);
        let copy = copy.ok_or_else(|| Error::internal(format!("`{func}` is not inlined")))?;
        let locals = copy.locals.iter().map(|ty| next.take(*ty).ok_or_else(no_local));
        let locals: Vec<u32> = locals.collect::<Result<_>>()?;
        for local in locals[..copy.params].iter().rev() {
            self.set(*local);
        }
        for &local in &copy.cleared {
            let ty = copy.locals[local as usize];
            self.clear(ty, locals[local as usize]);
        }
        if let Some(block) = copy.block {
            self.sink().block(block);
        }
        let frame = Frame { func, locals: Some(&locals), next };
        self.code(&frame, self.treatment_of_copies, &mut None)?;
        if copy.block.is_some() {
            self.sink().end();
        }
        Ok(())
    }

    /// Puts zero into a local.
    fn clear(&mut self, ty: ValType, local: u32) {
        let mut sink = self.sink();
        match ty {
            ValType::I64 => sink.i64_const(0),
            ValType::F32 => sink.f32_const(0.0.into()),
            ValType::F64 => sink.f64_const(0.0.into()),
            ValType::V128 => sink.v128_const(0),
            _ => sink.i32_const(0),
        };
        self.set(local);
    }

    /// Writes a local of a copy.
    fn set(&mut self, local: u32) {
        let start = self.output.len();
        self.sink().local_set(local);
        self.last_set = Some((local, start..self.output.len()));
    }

    /// Reads a local of a copy; what was written by the last instruction is still on the stack.
    fn get(&mut self, local: u32) {
        match self.last_set.take() {
            Some((set, span)) if set == local && span.end == self.output.len() => {
                self.output.truncate(span.start);
                self.sink().local_tee(local);
            }
            _ => drop(self.sink().local_get(local)),
        }
    }

    fn sink(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(self.output)
    }
}

/// Where a function is, and its body.
fn source<'p>(program: &'p Program<'_>, func: FuncId) -> Result<(Site, FunctionBody<'p>)> {
    let Definition::Defined(site) = program.funcs[func] else {
        return Err(Error::internal(format!("`{func}` has no body")));
    };
    Ok((site, program.module(site.instance).bodies[site.position].clone()))
}

fn no_local() -> Error {
    Error::internal("a function has no such local")
}
