//! Instructions on a memory: which memory, and what they take and return.
//!
//! An instruction on a far memory becomes a call of a function that consists of this instruction,
//! in the block that hosts the memory:
//!
//! ```text
//! i32.load8_u $far offset=4   ->   call $a        where   (func $a (param i32) (result i32)
//!                                                           (i32.load8_u offset=4 (local.get 0)))
//! ```
//!
//! So its meaning is exact by construction, traps included, whatever the instruction is. The two
//! that name more than a memory are told apart: `memory.copy` between two memories, and
//! `data.drop`.

use wasm_encoder::ValType;
use wasmparser::{MemArgTarget, Operator};

use ValType::{F32, F64, I32, I64, V128};

use super::opcode::{Immediate, Index};

/// What an instruction has to do with memories, by the indices that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    None,
    /// It is on one memory.
    One(u32),
    /// It writes a data segment into a memory.
    Init { memory: u32, data: u32 },
    /// It copies between two.
    Copy { to: u32, from: u32 },
    /// It drops a data segment.
    Drop { data: u32 },
}

impl Access {
    /// That of an instruction.
    pub fn of(op: &Operator<'_>) -> Access {
        match *op {
            Operator::MemorySize { mem }
            | Operator::MemoryGrow { mem }
            | Operator::MemoryFill { mem }
            | Operator::MemoryDiscard { mem } => Access::One(mem),
            Operator::MemoryInit { data_index, mem } => {
                Access::Init { memory: mem, data: data_index }
            }
            Operator::MemoryCopy { dst_mem, src_mem } if dst_mem == src_mem => Access::One(dst_mem),
            Operator::MemoryCopy { dst_mem, src_mem } => {
                Access::Copy { to: dst_mem, from: src_mem }
            }
            Operator::DataDrop { data_index } => Access::Drop { data: data_index },
            ref op => match memarg(op).map(|memarg| memarg.target) {
                Some(MemArgTarget::Memory(memory)) => Access::One(memory),
                Some(MemArgTarget::Array(_)) | None => Access::None,
            },
        }
    }
}

/// Whether instructions with such immediates name a memory, or may: a place can be in an array.
pub fn names_memory(immediates: &[Immediate]) -> bool {
    let names = [Immediate::MemArg, Immediate::Index(Index::Memory)];
    immediates.iter().any(|immediate| names.contains(immediate))
}

/// Whether they name a memory or a data segment.
pub fn names_memory_or_data(immediates: &[Immediate]) -> bool {
    names_memory(immediates) || immediates.contains(&Immediate::Index(Index::Data))
}

/// What an instruction on one memory takes and returns, where addresses are of type `address`.
/// `None`: it is not one.
pub fn signature(op: &Operator<'_>, address: ValType) -> Option<(Vec<ValType>, Vec<ValType>)> {
    let signature = match op {
        Operator::MemorySize { .. } => (vec![], vec![address]),
        Operator::MemoryGrow { .. } => (vec![address], vec![address]),
        Operator::MemoryFill { .. } => (vec![address, I32, address], vec![]),
        Operator::MemoryCopy { .. } => (vec![address; 3], vec![]),
        Operator::MemoryInit { .. } => (vec![address, I32, I32], vec![]),
        Operator::MemoryDiscard { .. } => (vec![address; 2], vec![]),
        op => {
            let (operands, results) = with_memarg(op)?;
            ([&[address], operands].concat(), results.to_vec())
        }
    };
    Some(signature)
}

/// What an instruction with a `memarg` takes beside an address, and what it returns.
fn with_memarg(op: &Operator<'_>) -> Option<(&'static [ValType], &'static [ValType])> {
    use Operator as O;
    Some(match op {
        O::I32Load { .. }
        | O::I32Load8S { .. }
        | O::I32Load8U { .. }
        | O::I32Load16S { .. }
        | O::I32Load16U { .. }
        | O::I32AtomicLoad { .. }
        | O::I32AtomicLoad8U { .. }
        | O::I32AtomicLoad16U { .. } => (&[], &[I32]),
        O::I64Load { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. }
        | O::I64AtomicLoad { .. }
        | O::I64AtomicLoad8U { .. }
        | O::I64AtomicLoad16U { .. }
        | O::I64AtomicLoad32U { .. } => (&[], &[I64]),
        O::F32Load { .. } => (&[], &[F32]),
        O::F64Load { .. } => (&[], &[F64]),
        O::V128Load { .. }
        | O::V128Load8x8S { .. }
        | O::V128Load8x8U { .. }
        | O::V128Load16x4S { .. }
        | O::V128Load16x4U { .. }
        | O::V128Load32x2S { .. }
        | O::V128Load32x2U { .. }
        | O::V128Load8Splat { .. }
        | O::V128Load16Splat { .. }
        | O::V128Load32Splat { .. }
        | O::V128Load64Splat { .. }
        | O::V128Load32Zero { .. }
        | O::V128Load64Zero { .. } => (&[], &[V128]),
        O::I32Store { .. }
        | O::I32Store8 { .. }
        | O::I32Store16 { .. }
        | O::I32AtomicStore { .. }
        | O::I32AtomicStore8 { .. }
        | O::I32AtomicStore16 { .. } => (&[I32], &[]),
        O::I64Store { .. }
        | O::I64Store8 { .. }
        | O::I64Store16 { .. }
        | O::I64Store32 { .. }
        | O::I64AtomicStore { .. }
        | O::I64AtomicStore8 { .. }
        | O::I64AtomicStore16 { .. }
        | O::I64AtomicStore32 { .. } => (&[I64], &[]),
        O::F32Store { .. } => (&[F32], &[]),
        O::F64Store { .. } => (&[F64], &[]),
        O::V128Store { .. }
        | O::V128Store8Lane { .. }
        | O::V128Store16Lane { .. }
        | O::V128Store32Lane { .. }
        | O::V128Store64Lane { .. } => (&[V128], &[]),
        O::V128Load8Lane { .. }
        | O::V128Load16Lane { .. }
        | O::V128Load32Lane { .. }
        | O::V128Load64Lane { .. } => (&[V128], &[V128]),
        O::I32AtomicRmwAdd { .. }
        | O::I32AtomicRmwSub { .. }
        | O::I32AtomicRmwAnd { .. }
        | O::I32AtomicRmwOr { .. }
        | O::I32AtomicRmwXor { .. }
        | O::I32AtomicRmwXchg { .. }
        | O::I32AtomicRmw8AddU { .. }
        | O::I32AtomicRmw8SubU { .. }
        | O::I32AtomicRmw8AndU { .. }
        | O::I32AtomicRmw8OrU { .. }
        | O::I32AtomicRmw8XorU { .. }
        | O::I32AtomicRmw8XchgU { .. }
        | O::I32AtomicRmw16AddU { .. }
        | O::I32AtomicRmw16SubU { .. }
        | O::I32AtomicRmw16AndU { .. }
        | O::I32AtomicRmw16OrU { .. }
        | O::I32AtomicRmw16XorU { .. }
        | O::I32AtomicRmw16XchgU { .. }
        | O::MemoryAtomicNotify { .. } => (&[I32], &[I32]),
        O::I64AtomicRmwAdd { .. }
        | O::I64AtomicRmwSub { .. }
        | O::I64AtomicRmwAnd { .. }
        | O::I64AtomicRmwOr { .. }
        | O::I64AtomicRmwXor { .. }
        | O::I64AtomicRmwXchg { .. }
        | O::I64AtomicRmw8AddU { .. }
        | O::I64AtomicRmw8SubU { .. }
        | O::I64AtomicRmw8AndU { .. }
        | O::I64AtomicRmw8OrU { .. }
        | O::I64AtomicRmw8XorU { .. }
        | O::I64AtomicRmw8XchgU { .. }
        | O::I64AtomicRmw16AddU { .. }
        | O::I64AtomicRmw16SubU { .. }
        | O::I64AtomicRmw16AndU { .. }
        | O::I64AtomicRmw16OrU { .. }
        | O::I64AtomicRmw16XorU { .. }
        | O::I64AtomicRmw16XchgU { .. }
        | O::I64AtomicRmw32AddU { .. }
        | O::I64AtomicRmw32SubU { .. }
        | O::I64AtomicRmw32AndU { .. }
        | O::I64AtomicRmw32OrU { .. }
        | O::I64AtomicRmw32XorU { .. }
        | O::I64AtomicRmw32XchgU { .. } => (&[I64], &[I64]),
        O::I32AtomicRmwCmpxchg { .. }
        | O::I32AtomicRmw8CmpxchgU { .. }
        | O::I32AtomicRmw16CmpxchgU { .. } => (&[I32, I32], &[I32]),
        O::I64AtomicRmwCmpxchg { .. }
        | O::I64AtomicRmw8CmpxchgU { .. }
        | O::I64AtomicRmw16CmpxchgU { .. }
        | O::I64AtomicRmw32CmpxchgU { .. } => (&[I64, I64], &[I64]),
        O::MemoryAtomicWait32 { .. } => (&[I32, I64], &[I32]),
        O::MemoryAtomicWait64 { .. } => (&[I64, I64], &[I32]),
        _ => return None,
    })
}

/// The name of an instruction and its offset, as in `i32_load8_u+4`.
pub fn describe(op: &Operator<'_>) -> String {
    let name = mnemonic(op);
    match memarg(op) {
        Some(memarg) if memarg.offset > 0 => format!("{name}+{}", memarg.offset),
        _ => name.to_string(),
    }
}

/// Which operators have a `memarg`, and what they are called, is known to `wasmparser`.
macro_rules! operators {
    (@arm $op:ident { memarg: $ty:ty $(, $more:ident: $more_ty:ty)* }, $of:ident) => {
        if let Operator::$op { memarg, .. } = $of {
            return Some(memarg);
        }
    };
    (@arm $op:ident $($other:tt)*) => {};
    (@aligned threads $op:ident, $of:ident) => {
        if let Operator::$op { .. } = $of {
            return true;
        }
    };
    (@aligned $proposal:ident $op:ident, $of:ident) => {};
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        /// The place in memory that an operator names.
        pub fn memarg<'o>(op: &'o Operator<'_>) -> Option<&'o wasmparser::MemArg> {
            $(operators!(@arm $op $({ $($arg: $ty),* })?, op);)*
            None
        }

        /// Whether its address has to be aligned.
        pub fn is_aligned(op: &Operator<'_>) -> bool {
            $(operators!(@aligned $proposal $op, op);)*
            false
        }

        fn mnemonic(op: &Operator<'_>) -> &'static str {
            let visit = match op {
                $(Operator::$op { .. } => stringify!($visit),)*
                _ => "",
            };
            visit.strip_prefix("visit_").unwrap_or(visit)
        }
    };
}
wasmparser::for_each_operator!(operators);

#[cfg(test)]
mod tests {
    use super::*;

    /// `wasmparser` says how many operands and results each operator has.
    #[test]
    fn every_instruction_with_a_memarg_has_a_signature() {
        let mut seen = 0;
        for op in samples() {
            let Some(memarg) = memarg(&op) else { continue };
            assert_eq!(memarg.target, MemArgTarget::Memory(0));
            assert_eq!(Access::of(&op), Access::One(0));
            let (operands, results) = with_memarg(&op).unwrap_or_else(|| panic!("{op:?}"));
            let (pops, pushes) = op.operator_arity(&NoModule).expect("a fixed arity");
            assert_eq!((1 + operands.len() as u32, results.len() as u32), (pops, pushes), "{op:?}");
            assert!(!describe(&op).is_empty());
            seen += 1;
        }
        assert!(seen > 100, "only {seen} operators");
    }

    /// Each instruction of an opcode page, followed by as many zeros as it may need.
    fn samples() -> Vec<Operator<'static>> {
        let single = (0u8..=0xff).map(|code| vec![code]);
        let prefixed = [0xfc, 0xfd, 0xfe]
            .into_iter()
            .flat_map(|prefix| (0u8..=0x7f).map(move |code| vec![prefix, code]));
        let wide =
            (0u8..=0x7f).flat_map(|code| (1u8..4).map(move |high| vec![0xfd, code | 0x80, high]));
        let read = |mut code: Vec<u8>| {
            code.extend([0; 32]);
            let code: &'static [u8] = code.leak();
            let mut reader =
                wasmparser::OperatorsReader::new(wasmparser::BinaryReader::new(code, 0));
            reader.read().ok()
        };
        single.chain(prefixed).chain(wide).filter_map(read).collect()
    }

    struct NoModule;

    impl wasmparser::ModuleArity for NoModule {
        fn sub_type_at(&self, _: u32) -> Option<&wasmparser::SubType> {
            None
        }
        fn tag_type_arity(&self, _: u32) -> Option<(u32, u32)> {
            None
        }
        fn type_index_of_function(&self, _: u32) -> Option<u32> {
            None
        }
        fn func_type_of_cont_type(
            &self,
            _: &wasmparser::ContType,
        ) -> Option<&wasmparser::FuncType> {
            None
        }
        fn sub_type_of_ref_type(&self, _: &wasmparser::RefType) -> Option<&wasmparser::SubType> {
            None
        }
        fn control_stack_height(&self) -> u32 {
            0
        }
        fn label_block(&self, _: u32) -> Option<(wasmparser::BlockType, wasmparser::FrameKind)> {
            None
        }
    }
}
