//! Where code went: what debug information, branch hints and sizes hang on.
//!
//! ```text
//! input    20 00  10 03        0b        call 3 became call 200
//! output   20 00  10 c8 01     0b        so position 4 of this body is position 5 now
//! ```
//!
//! Positions are mapped function by function. An address at the end of a range has to be mapped in
//! the function of its beginning: in the output, what follows a body is the size of the next.
//!
//! There are as many kinks as calls. So they are kept for those modules only of which somebody asks: see
//! [`Link::traced`](crate::Link::traced).
//!
//! What speaks of code speaks of globals and memories, too. So the map has their indices.

use std::ops::Range;

use crate::InstanceId;
pub use crate::code::Kink;

/// Where the code of instances is in a merged module.
#[derive(Clone, Debug, Default)]
pub struct CodeMap {
    /// The functions, in the order of their instances and indices, which is that of the module.
    pub functions: Vec<Copied>,
    /// The kinks of all functions, one function after another.
    pub kinks: Vec<Kink>,
    /// What the indices of each instance became, in the order of the instances.
    pub indices: Vec<Indices>,
}

/// A function that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The instance.
    pub instance: InstanceId,
    /// Its index in the instance's module.
    pub index: u32,
    /// Where its body was, without its size, from the start of the code section's contents: the
    /// number of functions is the first thing in them.
    pub input: Range<u32>,
    /// Where it is in the merged module, likewise.
    pub output: Range<u32>,
    /// Which kinks are its own.
    pub kinks: Range<usize>,
    /// Whether calls in it are replaced by what they call.
    pub expanded: bool,
}

/// What the indices of an instance became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indices {
    /// The instance.
    pub instance: InstanceId,
    /// The index of each of its globals, unless it is not kept.
    pub globals: Vec<Option<u32>>,
    /// Where each of its memories is, unless the module does without it, or it moves.
    pub memories: Vec<Option<Placed>>,
}

/// Where a memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The index of the memory, or of the one of which it is a region.
    pub index: u32,
    /// Where it begins there, in bytes: 0, unless it is a region.
    pub base: u32,
}

impl CodeMap {
    /// A function of an instance, by its index in the instance's module.
    pub fn function(&self, instance: InstanceId, index: u32) -> Option<&Copied> {
        let key = |function: &Copied| (function.instance, function.index);
        let at = self.functions.binary_search_by_key(&(instance, index), key).ok()?;
        self.functions.get(at)
    }

    /// The functions of an instance, in the order of its code.
    pub fn of_instance(&self, instance: InstanceId) -> &[Copied] {
        let start = self.functions.partition_point(|function| function.instance < instance);
        let end = self.functions.partition_point(|function| function.instance <= instance);
        self.functions.get(start..end).unwrap_or_default()
    }

    /// What the indices of an instance became.
    pub fn indices_of(&self, instance: InstanceId) -> Option<&Indices> {
        let at = self.indices.binary_search_by_key(&instance, |indices| indices.instance).ok()?;
        self.indices.get(at)
    }

    /// Where a position in the body of a function is in the output, both counted from the start of
    /// the body. What an instruction became begins at the image of where it begins, and what is in
    /// it is in what it became. Of a function whose module is not traced, it is not known.
    pub fn image(&self, function: &Copied, position: u32) -> u32 {
        let kinks = self.kinks.get(function.kinks.clone()).unwrap_or_default();
        let next = kinks.partition_point(|kink| kink.input <= position);
        let before = next.checked_sub(1).map_or(Kink { input: 0, output: 0 }, |at| kinks[at]);
        let last = match kinks.get(next) {
            Some(kink) => kink.output.saturating_sub(1),
            None => function.output.len() as u32,
        };
        before.output.saturating_add(position - before.input).min(last)
    }
}
