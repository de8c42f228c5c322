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
//! Both are copied as all code is, by runs between the instructions that change.
//!
//! What is copied is decided in [`decide::inline`](crate::decide::inline). It is small, and so is its depth.

use wasm_encoder::{InstructionSink, ValType};
use wasmparser::FunctionBody;

use super::encoder::Encoder;
use super::rewrite::{Copier, Rewrite, Treatment};
use crate::code::{Code, Kink, Opcodes, Pass, Span, Starts, known};
use crate::decide::Decisions;
use crate::decide::inline::{Expansion, Inlined};
use crate::program::{Definition, FuncId, Program, Site};
use crate::read::malformed;
use crate::{Error, Result};

impl<'p> Encoder<'p, '_> {
    /// Appends the body of a function in which calls are replaced, with what is noted of any other
    /// ([`Rewrite::body`]).
    pub fn expanded(
        &mut self,
        func: FuncId,
        treatment: Treatment<'_>,
        expansion: &Expansion,
        output: &mut Vec<u8>,
        seen: (Option<&mut Vec<Kink>>, &mut Opcodes),
    ) -> Result<()> {
        let Decisions { program, inlined, .. } = *self.input.decisions;
        let (site, body) = source(program, func)?;
        let calls = Calls {
            inlined,
            expansion: Some(expansion),
            next: expansion.locals.starts(self.own_locals(func, &body)?),
            treatment: match treatment {
                // What is copied reaches no far memory.
                Treatment::Far(_) => Treatment::Plain,
                treatment => treatment,
            },
        };
        let body = (&body, expansion.locals);
        self.rewrite(site.instance).body(body, treatment, output, seen, |copier, code| {
            let mut at = code.start;
            while at < code.bytes.len() {
                at = calls.step(copier, code, at)?;
            }
            Ok(())
        })
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

/// The calls of a body, and what it takes to replace them.
#[derive(Clone, Copy)]
struct Calls<'c> {
    inlined: &'c Inlined,
    /// Which of them are replaced.
    expansion: Option<&'c Expansion>,
    /// Where what is called finds its locals.
    next: Starts,
    /// What is done with its instructions.
    treatment: Treatment<'c>,
}

impl Calls<'_> {
    /// Copies an instruction, or replaces it, and says where the next one is.
    fn step(&self, copier: &mut Copier<'_, '_, '_>, code: Code<'_>, at: usize) -> Result<usize> {
        let callee = match (self.expansion, code.bytes.get(at)) {
            (Some(expansion), Some(&known::CALL)) => expansion.calls.get(&at),
            _ => None,
        };
        let Some(&callee) = callee else { return code.visit(at, copier) };
        let end = code.visit(at, &mut Pass)?;
        copier.expand(at..end, |rewrite, output, opcodes| {
            self.copy(callee, rewrite, output, opcodes)
        })?;
        Ok(end)
    }

    /// Writes a function, whose parameters are on the stack.
    fn copy(
        &self,
        func: FuncId,
        rewrite: &mut Rewrite<'_, '_>,
        output: &mut Vec<u8>,
        mut opcodes: Option<&mut Opcodes>,
    ) -> Result<()> {
        let copy = self.inlined.copy(func);
        let copy = copy.ok_or_else(|| Error::internal(format!("`{func}` is not inlined")))?;
        let mut next = self.next;
        let locals = copy.locals.iter().map(|ty| next.take(*ty).ok_or_else(no_local));
        let mut frame = Frame { locals: locals.collect::<Result<_>>()?, last_set: None };
        let begin = output.len();
        for local in (0..copy.params).rev() {
            frame.set(frame.locals[local], output);
        }
        for &local in &copy.cleared {
            clear(copy.locals[local as usize], output);
            frame.set(frame.locals[local as usize], output);
        }
        if let Some(block) = copy.block {
            InstructionSink::new(output).block(block);
        }
        if let Some(opcodes) = &mut opcodes {
            Code::of_bytes(&output[begin..]).walk(*opcodes)?;
        }
        let (site, body) = source(rewrite.program, func)?;
        let code = Code::of_body(&body)?;
        // The end has no immediates, so it is the last byte.
        let (_, bytes) =
            code.bytes.split_last().ok_or_else(|| Error::internal("a body is empty"))?;
        let code = Code { bytes, ..code };
        let calls = Calls { expansion: self.inlined.of_body(func), next, ..*self };
        let mut rewrite = rewrite.of(site.instance);
        rewrite.part(code, self.treatment, output, opcodes, |copier, code| {
            calls.instructions(copier, code, &mut frame)
        })?;
        if copy.block.is_some() {
            InstructionSink::new(output).end();
        }
        Ok(())
    }

    /// Copies the instructions of a function that is in place of a call.
    fn instructions(
        &self,
        copier: &mut Copier<'_, '_, '_>,
        code: Code<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let mut depth = 0u32;
        let mut at = code.start;
        while let Some(&opcode) = code.bytes.get(at) {
            at = match opcode {
                known::LOCAL_GET..=known::LOCAL_TEE => frame.local(copier, code, at)?,
                known::RETURN => {
                    copier.replace(at..at + 1, |sink| {
                        InstructionSink::new(sink).br(depth);
                    });
                    at + 1
                }
                _ => self.step(copier, code, at)?,
            };
            match opcode {
                known::BLOCK..=known::IF => depth += 1,
                known::END => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The locals of a function that is in place of a call.
struct Frame {
    /// Those that it has instead of its own.
    locals: Vec<u32>,
    /// The last one that was set, and where that is in the output.
    last_set: Option<(u32, Span)>,
}

impl Frame {
    /// Copies an instruction on a local, and says where the next one is.
    fn local(
        &mut self,
        copier: &mut Copier<'_, '_, '_>,
        code: Code<'_>,
        at: usize,
    ) -> Result<usize> {
        let opcode = code.bytes[at];
        let (local, end) = code.number(at + 1)?;
        let local = self.locals.get(local as usize).copied().ok_or_else(no_local)?;
        copier.replace(at..end, |sink| match opcode {
            known::LOCAL_GET => self.get(local, sink),
            known::LOCAL_SET => self.set(local, sink),
            _ => _ = InstructionSink::new(sink).local_tee(local),
        });
        Ok(end)
    }

    /// Writes a local.
    fn set(&mut self, local: u32, output: &mut Vec<u8>) {
        let start = output.len();
        InstructionSink::new(output).local_set(local);
        self.last_set = Some((local, start..output.len()));
    }

    /// Reads a local; what was written by the last instruction is still on the stack.
    fn get(&mut self, local: u32, output: &mut Vec<u8>) {
        match self.last_set.take() {
            Some((set, span)) if set == local && span.end == output.len() => {
                output.truncate(span.start);
                InstructionSink::new(output).local_tee(local);
            }
            _ => _ = InstructionSink::new(output).local_get(local),
        }
    }
}

/// Pushes zero.
fn clear(ty: ValType, output: &mut Vec<u8>) {
    let mut sink = InstructionSink::new(output);
    match ty {
        ValType::I64 => sink.i64_const(0),
        ValType::F32 => sink.f32_const(0.0.into()),
        ValType::F64 => sink.f64_const(0.0.into()),
        ValType::V128 => sink.v128_const(0),
        _ => sink.i32_const(0),
    };
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
