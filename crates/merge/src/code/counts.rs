//! How many locals there are of each type of numbers.

use wasm_encoder::ValType;

/// Types of numbers.
pub const NUMBERS: [ValType; 5] =
    [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128];

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; NUMBERS.len()]);

impl Counts {
    /// Whether a type is one of numbers.
    pub fn has(ty: ValType) -> bool {
        NUMBERS.contains(&ty)
    }

    /// Those among some types.
    pub fn of(types: &[ValType]) -> Counts {
        Counts(NUMBERS.map(|number| types.iter().filter(|ty| **ty == number).count() as u32))
    }

    /// As many more.
    pub fn add(&mut self, more: Counts) {
        self.0.iter_mut().zip(more.0).for_each(|(count, more)| *count = count.saturating_add(more));
    }

    /// As many as both take, one after the other.
    pub fn join(&mut self, other: Counts) {
        self.0.iter_mut().zip(other.0).for_each(|(count, other)| *count = (*count).max(other));
    }

    /// Of all types.
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// As declarations of locals.
    pub fn declared(self) -> impl Iterator<Item = (u32, ValType)> {
        self.0.into_iter().zip(NUMBERS).filter(|(count, _)| *count > 0)
    }

    /// Where those of each type begin, if they are declared so from an index on.
    pub fn starts(self, mut first: u32) -> Starts {
        Starts(self.0.map(|count| {
            first = first.saturating_add(count);
            first - count
        }))
    }
}

/// Indices of the next locals of each type.
#[derive(Clone, Copy, Debug)]
pub struct Starts([u32; NUMBERS.len()]);

impl Starts {
    /// The next local of a type, if it is one of numbers.
    pub fn take(&mut self, ty: ValType) -> Option<u32> {
        let next = NUMBERS.iter().position(|number| *number == ty).map(|at| &mut self.0[at])?;
        *next += 1;
        Some(*next - 1)
    }
}
