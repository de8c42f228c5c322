//! How much work the debug information of an instance may be.
//!
//! DWARF can ask for more than it has bytes: many names that are ends of one long string, many
//! entries with one list of ranges, many units with one line table. Whatever is done is paid for before
//! it is done. The unit is about eight bytes of memory, or a short loop.
//!
//! What compilers write needs a part of what it gets; no guest of the tests has less than it asked for.

/// What an instance can spend for each byte of its sections.
const PER_BYTE: u64 = 16;

/// What it can spend in any case.
const BASE: u64 = 1 << 20;

/// What is left of a budget.
#[derive(Clone, Debug)]
pub struct Budget {
    left: u64,
}

/// There was no more left.
#[derive(Clone, Copy, Debug)]
pub struct Spent;

impl Budget {
    /// One of so many units.
    pub fn of(left: u64) -> Budget {
        Budget { left }
    }

    /// How many units are left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The part for an instance with sections of so many bytes.
    pub fn part(&self, bytes: u64) -> Budget {
        Budget { left: self.left.min(bytes.saturating_mul(PER_BYTE).saturating_add(BASE)) }
    }

    /// Pays for something.
    pub fn pay(&mut self, units: u64) -> Result<(), Spent> {
        self.left = self.left.checked_sub(units).ok_or(Spent)?;
        Ok(())
    }

    /// Pays for what a part of it was spent on.
    pub fn settle(&mut self, part: &Budget, bytes: u64) {
        let spent = self.part(bytes).left.saturating_sub(part.left);
        self.left = self.left.saturating_sub(spent);
    }
}
