//! Expressions: how the value or the place of something is computed.
//!
//! ```text
//! WASM_location global 0, stack_value        the shadow stack's pointer: the global has another index
//! fbreg 12                                   12 bytes above it, in memory
//! fbreg 12, plus_uconst 0x1000000            the same, of a memory that is a region
//! WASM_location local 3, convert u32, ...    locals keep their numbers; types are other entries
//! ```
//!
//! Bytes are copied, and what has to be changed is changed in between. An expression that mentions types
//! is written operation by operation, because where an entry is is not known before all are written.
//!
//! Addresses are the guest's own, up to where one is used: only there the base of a region is added. A
//! *location* ends in a place in memory unless it says that it is a value. Where a debugger would look
//! into another memory, there is no location: a wrong value is worse than none.
//!
//! Addresses of data are no addresses of code, though they may be in one table.
//!
//! Limits: no branches where the length changes, and no references to entries that are not base types.

use gimli::constants::{self as c, DwOp};
use gimli::read::{self, Operation};
use gimli::write::{Address, Expression, UnitEntryId};

use super::{Reader, UnitRef};
use crate::moves::{Memory, Moves};

/// What an expression is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A place: in memory, unless it says otherwise.
    Place,
    /// A value.
    Value,
}

/// Writes expressions of a unit.
pub struct Expressions<'e, 'a> {
    pub moves: &'e Moves<'e>,
    pub unit: UnitRef<'e, 'a>,
    /// The entry that a base type of the unit has become.
    pub base_type: &'e dyn Fn(usize) -> Option<UnitEntryId>,
}

/// What an expression does, as far as it matters whether it can be kept.
#[derive(Debug, Default)]
struct Traits {
    /// It mentions base types.
    has_types: bool,
    has_branches: bool,
    /// It has indices that stand for something else now.
    has_numbers: bool,
    /// It reads memory.
    derefs: bool,
    /// Its value, or that of a piece, is a place in memory.
    in_memory: bool,
    /// It cannot be written again.
    is_lost: bool,
}

impl Expressions<'_, '_> {
    /// An expression for the result; none if it cannot be right there.
    pub fn convert(
        &self,
        expression: read::Expression<Reader<'_>>,
        kind: Kind,
    ) -> Option<Expression> {
        let traits = self.traits(expression, kind)?;
        let touches_memory = traits.derefs || traits.in_memory;
        let base = match self.moves.memory {
            Memory::Elsewhere if touches_memory => return None,
            Memory::From(base) if touches_memory => Some(base),
            _ => None,
        };
        let is_moved = traits.has_types || traits.has_numbers || base.is_some();
        match traits {
            Traits { is_lost: true, .. } => None,
            Traits { has_branches: true, .. } if is_moved => None,
            Traits { has_types: true, .. } => self.typed(expression, kind, base),
            _ => self.patched(expression, kind, base).map(Expression::raw),
        }
    }

    /// What it does.
    fn traits(&self, expression: read::Expression<Reader<'_>>, kind: Kind) -> Option<Traits> {
        let mut traits = Traits::default();
        let mut end = End::Nothing;
        let mut operations = expression.operations(self.unit.encoding());
        while let Some(operation) = operations.next().ok()? {
            match &operation {
                Operation::Deref { base_type, space, .. } => {
                    traits.derefs = true;
                    traits.has_types |= base_type.0 != 0;
                    traits.is_lost |= *space;
                }
                Operation::RegisterOffset { base_type, .. } => traits.has_types |= base_type.0 != 0,
                Operation::TypedLiteral { .. }
                | Operation::Convert { .. }
                | Operation::Reinterpret { .. } => traits.has_types = true,
                Operation::Bra { .. } | Operation::Skip { .. } => traits.has_branches = true,
                Operation::WasmGlobal { .. }
                | Operation::AddressIndex { .. }
                | Operation::ConstantIndex { .. } => traits.has_numbers = true,
                Operation::Call { .. }
                | Operation::VariableValue { .. }
                | Operation::ImplicitPointer { .. }
                | Operation::ParameterRef { .. } => traits.is_lost = true,
                Operation::EntryValue { expression } => {
                    traits.is_lost |= !self.is_plain(read::Expression(*expression));
                }
                _ => {}
            }
            traits.in_memory |= end.step(&operation);
        }
        traits.in_memory |= end == End::Address;
        traits.in_memory &= kind == Kind::Place;
        Some(traits)
    }

    /// Whether what was the value at the entry of a function is said with locals and numbers only.
    fn is_plain(&self, expression: read::Expression<Reader<'_>>) -> bool {
        let mut operations = expression.operations(self.unit.encoding());
        loop {
            match operations.next() {
                Ok(None) => return true,
                Ok(Some(
                    Operation::WasmLocal { .. }
                    | Operation::WasmStack { .. }
                    | Operation::UnsignedConstant { .. }
                    | Operation::PlusConstant { .. }
                    | Operation::StackValue,
                )) => {}
                _ => return false,
            }
        }
    }

    /// The bytes, with other globals, and with a base added to addresses where they are used.
    fn patched(
        &self,
        expression: read::Expression<Reader<'_>>,
        kind: Kind,
        base: Option<u32>,
    ) -> Option<Vec<u8>> {
        let bytes = expression.0.slice();
        let mut out = Vec::with_capacity(bytes.len());
        let mut operations = expression.operations(self.unit.encoding());
        let (mut at, mut end) = (0, End::Nothing);
        let add_base = |out: &mut Vec<u8>| {
            if let Some(base) = base {
                out.push(c::DW_OP_plus_uconst.0);
                leb128(base.into(), out);
            }
        };
        while let Some(operation) = operations.next().ok()? {
            let next = operations.offset_from(&expression);
            let is_deref = matches!(operation, Operation::Deref { .. });
            if is_deref || (end.step(&operation) && kind == Kind::Place) {
                add_base(&mut out);
            }
            match operation {
                Operation::WasmGlobal { index } => {
                    // With a number of fixed width, as compilers write it.
                    out.extend([c::DW_OP_WASM_location.0, 3]);
                    out.extend(self.moves.global(index)?.to_le_bytes());
                }
                Operation::AddressIndex { index } | Operation::ConstantIndex { index } => {
                    let address = self.unit.address(index).ok()?;
                    let size = self.unit.encoding().address_size;
                    match operation {
                        Operation::AddressIndex { .. } => out.push(c::DW_OP_addr.0),
                        _ if size == 8 => out.push(c::DW_OP_const8u.0),
                        _ => out.push(c::DW_OP_const4u.0),
                    }
                    out.extend(address.to_le_bytes().get(..size.into())?);
                }
                _ => out.extend_from_slice(bytes.get(at..next)?),
            }
            at = next;
        }
        if end == End::Address && kind == Kind::Place {
            add_base(&mut out);
        }
        Some(out)
    }

    /// The same of an expression that mentions types, if it has only what compilers write.
    fn typed(
        &self,
        expression: read::Expression<Reader<'_>>,
        kind: Kind,
        base: Option<u32>,
    ) -> Option<Expression> {
        let mut out = Expression::new();
        let mut operations = expression.operations(self.unit.encoding());
        let mut end = End::Nothing;
        let add_base = |out: &mut Expression| {
            if let Some(base) = base {
                out.op_plus_uconst(base.into());
            }
        };
        while let Some(operation) = operations.next().ok()? {
            let is_deref = matches!(operation, Operation::Deref { .. });
            if is_deref || (end.step(&operation) && kind == Kind::Place) {
                add_base(&mut out);
            }
            self.operation(&operation, &mut out)?;
        }
        if end == End::Address && kind == Kind::Place {
            add_base(&mut out);
        }
        Some(out)
    }

    fn operation(&self, operation: &Operation<Reader<'_>>, out: &mut Expression) -> Option<()> {
        // Zero stands for the type of addresses.
        let ty = |offset: usize| match offset {
            0 => Some(None),
            offset => (self.base_type)(offset).map(Some),
        };
        match *operation {
            Operation::Convert { base_type } => out.op_convert(ty(base_type.0)?),
            Operation::Reinterpret { base_type } => out.op_reinterpret(ty(base_type.0)?),
            Operation::TypedLiteral { base_type, value } => {
                out.op_const_type(ty(base_type.0)??, value.slice().into());
            }
            Operation::Deref { base_type, size, .. } => match ty(base_type.0)? {
                Some(ty) => out.op_deref_type(size, ty),
                None if size == self.unit.encoding().address_size => out.op_deref(),
                None => out.op_deref_size(size),
            },
            Operation::WasmLocal { index } => out.op_wasm_local(index),
            Operation::WasmStack { index } => out.op_wasm_stack(index),
            Operation::WasmGlobal { index } => out.op_wasm_global(self.moves.global(index)?),
            Operation::UnsignedConstant { value } => out.op_constu(value),
            Operation::SignedConstant { value } => out.op_consts(value),
            Operation::PlusConstant { value } => out.op_plus_uconst(value),
            Operation::FrameOffset { offset } => out.op_fbreg(offset),
            Operation::Address { address } => out.op_addr(Address::Constant(address)),
            Operation::AddressIndex { index } => {
                out.op_addr(Address::Constant(self.unit.address(index).ok()?));
            }
            Operation::Pick { index } => out.op_pick(index),
            Operation::Piece { size_in_bits, bit_offset: None } => out.op_piece(size_in_bits / 8),
            Operation::Piece { size_in_bits, bit_offset: Some(offset) } => {
                out.op_bit_piece(size_in_bits, offset);
            }
            ref simple => out.op(opcode(simple)?),
        }
        Some(())
    }
}

/// The opcode of an operation without operands.
fn opcode(operation: &Operation<Reader<'_>>) -> Option<DwOp> {
    Some(match operation {
        Operation::StackValue => c::DW_OP_stack_value,
        Operation::Drop => c::DW_OP_drop,
        Operation::Swap => c::DW_OP_swap,
        Operation::Rot => c::DW_OP_rot,
        Operation::Abs => c::DW_OP_abs,
        Operation::And => c::DW_OP_and,
        Operation::Div => c::DW_OP_div,
        Operation::Minus => c::DW_OP_minus,
        Operation::Mod => c::DW_OP_mod,
        Operation::Mul => c::DW_OP_mul,
        Operation::Neg => c::DW_OP_neg,
        Operation::Not => c::DW_OP_not,
        Operation::Or => c::DW_OP_or,
        Operation::Plus => c::DW_OP_plus,
        Operation::Shl => c::DW_OP_shl,
        Operation::Shr => c::DW_OP_shr,
        Operation::Shra => c::DW_OP_shra,
        Operation::Xor => c::DW_OP_xor,
        Operation::Eq => c::DW_OP_eq,
        Operation::Ge => c::DW_OP_ge,
        Operation::Gt => c::DW_OP_gt,
        Operation::Le => c::DW_OP_le,
        Operation::Lt => c::DW_OP_lt,
        Operation::Ne => c::DW_OP_ne,
        Operation::Nop => c::DW_OP_nop,
        _ => return None,
    })
}

/// What an expression, or a piece of what it describes, has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// There is nothing: the value was optimized away.
    Nothing,
    /// An address, unless something else follows.
    Address,
    /// A value, or a register.
    Value,
}

impl End {
    /// Goes on by an operation. Whether it ends a piece that is a place in memory.
    fn step(&mut self, operation: &Operation<Reader<'_>>) -> bool {
        let before = *self;
        *self = match operation {
            Operation::Piece { .. } => End::Nothing,
            Operation::StackValue
            | Operation::Register { .. }
            | Operation::ImplicitValue { .. } => End::Value,
            Operation::Nop | Operation::Uninitialized => before,
            _ => End::Address,
        };
        matches!(operation, Operation::Piece { .. }) && before == End::Address
    }
}

/// Appends a number.
fn leb128(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
