//! What random tests draw from, and how many times.
//!
//! A case is drawn from a seed, and equal seeds draw the same on every machine: a test prints the seed of what
//! fails, and `SEED=n CASES=1` tries it again. Those that shrink what fails draw with `proptest`.

use std::env;
use std::ops::Range;

/// The seeds that a test tries: as many as it says, from 1, unless the environment says otherwise.
///
/// # Panics
///
/// If `SEED` or `CASES` is no number.
pub fn seeds(cases: u64) -> Range<u64> {
    let number = |name: &str| env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let first = number("SEED").unwrap_or(1);
    first..first + number("CASES").unwrap_or(cases)
}

/// Numbers drawn from a seed: SplitMix64.
#[derive(Debug)]
pub struct Draw(pub u64);

impl Draw {
    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number less than `limit`, or zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.any() % limit.max(1) as u64) as usize
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A part of what is so long, itself no longer than `longest`.
    pub fn range(&mut self, length: usize, longest: usize) -> Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(longest)).min(length)
    }
}
