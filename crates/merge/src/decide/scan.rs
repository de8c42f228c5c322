//! What is seen in a body of whoever wants to inline it, or something into it.
//!
//! ```text
//! local.get 0                  size 13
//! if                           calls: $f at 5
//!   call $f                    it leaves before its end
//!   return                     and ends with a trap, or would
//! end                          local 1 is set before it is read
//! i32.const 1  local.set 1
//! unreachable
//! ```
//!
//! Limits: of control that goes other ways than by blocks and branches, it is seen that it does.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{FuncType, ValType};
use wasmparser::{FunctionBody, Operator};

use crate::Result;
use crate::code::{Code, Counts, Pass, Shape, known, shape};
use crate::program::{Definition, FuncId, Program, Site};
use crate::read::malformed;

/// What is seen in a body.
#[derive(Clone, Default)]
pub struct Scan {
    /// Calls: where, and of what.
    pub calls: Vec<(usize, FuncId)>,
    /// The bytes of its instructions.
    pub size: usize,
    /// Whether something leaves it before its end.
    pub exits: bool,
    /// Whether there is a call of something outside.
    pub calls_outside: bool,
    /// Whether there is one, or a loop with calls in it.
    pub is_long: bool,
    /// What it calls before it branches, whatever it does.
    pub surely: Vec<FuncId>,
    pub end: End,
    /// Locals that a first `local.set` was found for, outside of any block, before all else.
    pub set: Vec<bool>,
    pub params: usize,
    pub locals: Vec<ValType>,
    pub results: Vec<ValType>,
    /// Whether all of these are numbers, and it is known where it goes.
    pub is_plain: bool,
}

/// How a body ends.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    #[default]
    Returns,
    Traps,
    /// With a call, so that it returns if that does.
    Calls(FuncId),
}

impl Scan {
    /// Reads the body of a function of that type.
    pub fn of(
        program: &Program<'_>,
        Site { instance, position }: Site,
        ty: &FuncType,
    ) -> Result<Scan> {
        let spaces = &program.instances[instance];
        let body = &program.module(instance).bodies[position];
        let number = |ty: &ValType| Some(*ty).filter(|ty| Counts::has(*ty));
        let mut locals: Vec<_> = ty.params().iter().map(number).collect();
        for group in body.get_locals_reader().map_err(malformed)? {
            let (count, ty) = group.map_err(malformed)?;
            let ty = RoundtripReencoder.val_type(ty).ok();
            locals.extend(std::iter::repeat_n(ty.as_ref().and_then(number), count as usize));
        }
        let results: Vec<_> = ty.results().iter().map(number).collect();
        let mut scan = Scan {
            params: ty.params().len(),
            is_plain: locals.iter().chain(&results).all(Option::is_some),
            set: vec![false; locals.len()],
            locals: locals.into_iter().flatten().collect(),
            results: results.into_iter().flatten().collect(),
            ..Scan::default()
        };
        scan.instructions(body, |index| spaces.funcs.get(index))?;
        let is_outside = |(_, callee): &(usize, FuncId)| match program.funcs[*callee] {
            Definition::External(_) => true,
            Definition::Defined(site) => program.is_opaque(site.instance),
        };
        scan.calls_outside = scan.calls.iter().any(is_outside);
        scan.is_long |= scan.calls_outside;
        Ok(scan)
    }

    /// What the instructions of a body are. `func` knows what is called.
    fn instructions(
        &mut self,
        body: &FunctionBody<'_>,
        func: impl Fn(u32) -> Result<FuncId>,
    ) -> Result<()> {
        let code = Code::of_body(body)?;
        let mut seen = vec![false; self.locals.len()];
        let mut depth = 0u32;
        // At which depths loops have begun that are not over.
        let mut loops = Vec::new();
        let mut at = code.start;
        while let Some(&opcode) = code.bytes.get(at) {
            self.size = at - code.start;
            // The end of the function does not change how it ends.
            if opcode == known::END && depth == 0 {
                break;
            }
            self.end = End::Returns;
            match opcode {
                known::BLOCK..=known::IF => {
                    depth += 1;
                    loops.extend((opcode == known::LOOP).then_some(depth));
                }
                known::END => {
                    loops.pop_if(|begun| *begun == depth);
                    depth = depth.saturating_sub(1);
                }
                known::RETURN => self.exits = true,
                known::BR | known::BR_IF => self.exits |= code.number(at + 1)?.0 == depth,
                known::BR_TABLE => self.exits |= has_label(code, at + 1, depth)?,
                known::UNREACHABLE => self.end = End::Traps,
                known::CALL => {
                    let callee = func(code.number(at + 1)?.0)?;
                    self.calls.push((at, callee));
                    self.end = End::Calls(callee);
                    self.is_long |= !loops.is_empty();
                    if depth == 0 && !self.exits {
                        self.surely.push(callee);
                    }
                }
                known::LOCAL_GET..=known::LOCAL_TEE => {
                    let local = code.number(at + 1)?.0;
                    let is_first = !mark(&mut seen, local);
                    if is_first && depth == 0 && opcode != known::LOCAL_GET {
                        mark(&mut self.set, local);
                    }
                }
                // What belongs to a block cannot be read by itself.
                known::CATCH | known::CATCH_ALL => self.is_plain = false,
                known::DELEGATE => {
                    self.is_plain = false;
                    // It is an end of what is begun, too.
                    depth = depth.saturating_sub(1);
                }
                _ if shape(opcode) == Shape::Other => {
                    let operator = code.operator(at)?;
                    self.is_plain &= !branches(&operator);
                    let begins =
                        matches!(operator, Operator::Try { .. } | Operator::TryTable { .. });
                    depth += u32::from(begins);
                }
                _ => {}
            }
            at = code.visit(at, &mut Pass)?;
        }
        Ok(())
    }
}

/// Whether a label is among those of a table, or is the one after them.
fn has_label(code: Code<'_>, at: usize, label: u32) -> Result<bool> {
    let (count, mut at) = code.number(at)?;
    let mut found = false;
    for _ in 0..=count {
        let (other, end) = code.number(at)?;
        found |= other == label;
        at = end;
    }
    Ok(found)
}

/// Marks one of a list; whether it was marked.
fn mark(list: &mut [bool], index: u32) -> bool {
    list.get_mut(index as usize).is_some_and(|it| std::mem::replace(it, true))
}

/// Whether an instruction goes elsewhere by a way that is not known here, or leaves the function for
/// another one.
fn branches(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        TryTable { .. }
            | Try { .. }
            | Rethrow { .. }
            | BrOnNull { .. }
            | BrOnNonNull { .. }
            | BrOnCast { .. }
            | BrOnCastFail { .. }
            | BrOnCastDescEq { .. }
            | BrOnCastDescEqFail { .. }
            | ReturnCall { .. }
            | ReturnCallIndirect { .. }
            | ReturnCallRef { .. }
            | Resume { .. }
            | ResumeThrow { .. }
            | ResumeThrowRef { .. }
    )
}
