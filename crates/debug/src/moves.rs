//! Where the code, the globals and the memory of an instance went.
//!
//! An address in DWARF is an offset into the contents of the code section. It means something only
//! within a function: between two bodies there is the size of the second one, and functions between
//! them may be gone. So a range is mapped function by function, and its end in the function that the
//! range is in.
//!
//! ```text
//! before   | size | a a a a | size | b b b | size | c c |
//! after    | size | a a a a a | size | c c |               b is not called by anybody
//! ```
//!
//! A row of a line table can be in the middle of an instruction. What is written for that may have no
//! middle; then the row begins with the next instruction, for the one before has a row of its own.

use std::ops::Range;

use wasm_fuser_merge::{CodeMap, Copied, InstanceId};

/// No code is there: the number of functions is. Linkers of old put it for what they had thrown away.
pub const NOWHERE: u64 = 0;

/// Where things of an instance went.
#[derive(Debug)]
pub struct Moves<'m> {
    pub(crate) map: &'m CodeMap,
    pub(crate) functions: &'m [Copied],
    pub(crate) globals: Option<&'m [Option<u32>]>,
    /// How debuggers find what is in the instance's memory.
    pub memory: Memory,
}

/// Where a debugger looks for what is in the memory of an instance. DWARF has no word for memories: all
/// who read it take the first one of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// At its address.
    AsIs,
    /// At its address and so many bytes: the memory is a region of the first one.
    From(u32),
    /// It would find something else there: the memory is not the first one, or there is none.
    Elsewhere,
}

impl<'m> Moves<'m> {
    /// Those of an instance that was merged.
    pub fn of(map: &'m CodeMap, instance: InstanceId) -> Moves<'m> {
        let indices = map.indices_of(instance);
        let memory = indices.and_then(|indices| *indices.memories.first()?);
        let memory = match memory {
            Some(place) if place.index == 0 && place.base == 0 => Memory::AsIs,
            Some(place) if place.index == 0 => Memory::From(place.base),
            _ => Memory::Elsewhere,
        };
        let globals = Some(indices.map_or(&[][..], |indices| &indices.globals));
        Moves { map, functions: map.of_instance(instance), globals, memory }
    }

    /// Those of a module that stays as it is.
    pub fn none(map: &'m CodeMap) -> Moves<'m> {
        Moves { map, functions: &map.functions, globals: None, memory: Memory::AsIs }
    }

    /// What a global is now, if it is kept.
    pub fn global(&self, index: u32) -> Option<u32> {
        match self.globals {
            Some(globals) => *globals.get(index as usize)?,
            None => Some(index),
        }
    }

    /// The function that an address is in.
    pub fn function(&self, address: u64) -> Option<&'m Copied> {
        let address = u32::try_from(address).ok()?;
        let after = self.functions.partition_point(|function| function.input.start <= address);
        let function = self.functions.get(after.checked_sub(1)?)?;
        (address < function.input.end).then_some(function)
    }

    /// Where an address of a function, or its end, is now.
    pub fn image(&self, function: &Copied, address: u64) -> u64 {
        let Range { start, end } = function.input;
        // What is beyond a function ends with it.
        let address = u32::try_from(address).unwrap_or(end).clamp(start, end);
        let position = address - start;
        let at = |position| function.output.start + self.map.image(function, position);
        let image = at(position);
        let is_squeezed = position.checked_sub(1).is_some_and(|before| at(before) == image);
        u64::from(image) + u64::from(is_squeezed)
    }

    /// Where an address is now, if its function is kept.
    pub fn address(&self, address: u64) -> Option<u64> {
        self.function(address).map(|function| self.image(function, address))
    }

    /// Where an address is now that may be the end of a function: where a call returns to.
    pub fn address_after(&self, address: u64) -> Option<u64> {
        let function = self.function(address).or_else(|| self.function(address.checked_sub(1)?))?;
        Some(self.image(function, address))
    }

    /// Where a range is now: a part of it in each function that is kept, none of them empty.
    pub fn ranges(&self, begin: u64, end: u64) -> impl Iterator<Item = Range<u64>> + use<'_, 'm> {
        let first = match begin {
            NOWHERE => self.functions.len(),
            _ => self.functions.partition_point(|f| u64::from(f.input.end) <= begin),
        };
        let within = self.functions.get(first..).unwrap_or_default().iter();
        let within = within.take_while(move |function| u64::from(function.input.start) < end);
        within.filter_map(move |function| {
            let begin = begin.max(function.input.start.into());
            let range = self.image(function, begin)..self.image(function, end);
            (range.start < range.end).then_some(range)
        })
    }
}
