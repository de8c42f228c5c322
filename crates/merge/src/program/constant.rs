//! Evaluates constant expressions.
//!
//! ```text
//! instance 0:  (global $base i32 (i32.const 1024))
//! instance 1:  (import .. (global i32)) bound to $base
//!              (data (offset (i32.add (global.get 0) (i32.const 16))) ..)
//! merged:      (data (offset (i32.const 1040)) ..)
//! ```
//!
//! In the merged module the imported global is an ordinary definition, which constant expressions
//! can read only where the engine has the extensions of the GC proposal; so they are folded, as far
//! as all operands are known. What stays unknown is what depends on an external global, or makes a
//! new object of the GC proposal. Then the expression is kept, with the known globals in it
//! replaced by their values.
//!
//! Limits: an expression is folded as a whole or not at all; a sum of an external global and two
//! constants stays as it is.

use cranelift_entity::SecondaryMap;
use wasmparser::{ConstExpr, HeapType, Operator};

use super::entity::{Definition, Entity, FuncId, GlobalId};
use super::resolve::Program;
use crate::read::{malformed, uses_of};
use crate::{Error, InstanceId, ModuleId, Result};

/// A value that is known before the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    I32(i32),
    I64(i64),
    /// The bits of a number.
    F32(u32),
    /// The bits of a number.
    F64(u64),
    V128(i128),
    RefFunc(FuncId),
    /// The null of a type, as the module names it.
    RefNull(ModuleId, HeapType),
}

impl Value {
    /// The value as an offset into a memory or table.
    pub fn as_offset(self) -> Option<u64> {
        match self {
            Value::I32(n) => Some(n.cast_unsigned().into()),
            Value::I64(n) => Some(n.cast_unsigned()),
            _ => None,
        }
    }

    fn uses(self) -> Option<Entity> {
        match self {
            Value::RefFunc(func) => Some(Entity::Func(func)),
            _ => None,
        }
    }
}

/// The values of immutable globals.
pub struct Constants {
    globals: SecondaryMap<GlobalId, Option<Value>>,
}

impl Constants {
    /// The value of a global, if it is immutable and known.
    pub fn global(&self, id: GlobalId) -> Option<Value> {
        self.globals[id]
    }

    /// The value of an expression of an instance's module.
    pub fn fold(
        &self,
        program: &Program<'_>,
        instance: InstanceId,
        expr: &ConstExpr<'_>,
    ) -> Result<Option<Value>> {
        let mut stack = Vec::new();
        let mut ops = expr.get_operators_reader();
        while !ops.is_end_then_eof() {
            let op = ops.read().map_err(malformed)?;
            let Some(value) = self.step(program, instance, &mut stack, &op)? else {
                return Ok(None);
            };
            stack.push(value);
        }
        match stack[..] {
            [value] => Ok(Some(value)),
            _ => Err(Error::internal("a constant expression has not one value")),
        }
    }

    /// What the merged form of an expression refers to.
    pub fn uses(
        &self,
        program: &Program<'_>,
        instance: InstanceId,
        expr: &ConstExpr<'_>,
        found: &mut Vec<Entity>,
    ) -> Result<()> {
        if let Some(folded) = self.fold(program, instance, expr)? {
            found.extend(folded.uses());
            return Ok(());
        }
        for used in uses_of(expr)? {
            let entity = program.instances[instance].used(used)?;
            match entity {
                Entity::Global(global) => match self.global(global) {
                    Some(known) => found.extend(known.uses()),
                    None => found.push(entity),
                },
                _ => found.push(entity),
            }
        }
        Ok(())
    }

    fn step(
        &self,
        program: &Program<'_>,
        instance: InstanceId,
        stack: &mut Vec<Value>,
        op: &Operator<'_>,
    ) -> Result<Option<Value>> {
        let spaces = &program.instances[instance];
        Ok(match *op {
            Operator::I32Const { value } => Some(Value::I32(value)),
            Operator::I64Const { value } => Some(Value::I64(value)),
            Operator::F32Const { value } => Some(Value::F32(value.bits())),
            Operator::F64Const { value } => Some(Value::F64(value.bits())),
            Operator::V128Const { value } => Some(Value::V128(value.i128())),
            Operator::RefNull { hty } => Some(Value::RefNull(spaces.module, hty)),
            Operator::RefFunc { function_index } => {
                Some(Value::RefFunc(spaces.funcs.get(function_index)?))
            }
            Operator::GlobalGet { global_index } => self.global(spaces.globals.get(global_index)?),
            Operator::I32Add => binary_i32(stack, i32::wrapping_add)?,
            Operator::I32Sub => binary_i32(stack, i32::wrapping_sub)?,
            Operator::I32Mul => binary_i32(stack, i32::wrapping_mul)?,
            Operator::I64Add => binary_i64(stack, i64::wrapping_add)?,
            Operator::I64Sub => binary_i64(stack, i64::wrapping_sub)?,
            Operator::I64Mul => binary_i64(stack, i64::wrapping_mul)?,
            _ => None,
        })
    }
}

fn binary_i32(stack: &mut Vec<Value>, op: fn(i32, i32) -> i32) -> Result<Option<Value>> {
    match (stack.pop(), stack.pop()) {
        (Some(Value::I32(b)), Some(Value::I32(a))) => Ok(Some(Value::I32(op(a, b)))),
        _ => Err(Error::internal("a constant expression has an operand of a wrong type")),
    }
}

fn binary_i64(stack: &mut Vec<Value>, op: fn(i64, i64) -> i64) -> Result<Option<Value>> {
    match (stack.pop(), stack.pop()) {
        (Some(Value::I64(b)), Some(Value::I64(a))) => Ok(Some(Value::I64(op(a, b)))),
        _ => Err(Error::internal("a constant expression has an operand of a wrong type")),
    }
}

/// Finds the values of immutable globals, in order: each can depend on those before it.
pub fn evaluate(program: &Program<'_>) -> Result<Constants> {
    let mut constants = Constants { globals: SecondaryMap::new() };
    for (id, definition) in &program.globals {
        let Definition::Defined(site) = *definition else { continue };
        let global = &program.module(site.instance).globals[site.position];
        let is_known = !program.is_opaque(site.instance) && program.bases[id].is_none();
        if !global.ty.mutable && is_known {
            constants.globals[id] = constants.fold(program, site.instance, &global.init_expr)?;
        }
    }
    Ok(constants)
}
