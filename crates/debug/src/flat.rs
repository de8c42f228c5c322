//! Where an instance went, as numbers: what goes to another component that is to describe it.
//!
//! They are lists of numbers, and no lists of records, because hosts pass those on as they are.

use wasm_fuser_merge::{CodeMap, Copied, Indices, InstanceId, Kink, Placed};

use crate::moves::{Memory, Moves};

/// What [`Moves`] is made of. `source` of `wit/world.wit` has the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `wit/world.wit`")]
pub struct Flat {
    pub functions: Vec<u32>,
    pub kinks: Vec<u32>,
    pub globals: Option<Vec<Option<u32>>>,
    pub memory: Option<u32>,
}

impl Flat {
    /// The numbers of an instance.
    pub fn of(moves: &Moves<'_>) -> Flat {
        let mut flat = Flat {
            functions: Vec::with_capacity(5 * moves.functions.len()),
            kinks: Vec::new(),
            globals: moves.globals.map(<[_]>::to_vec),
            memory: match moves.memory {
                Memory::AsIs => Some(0),
                Memory::From(base) => Some(base),
                Memory::Elsewhere => None,
            },
        };
        for Copied { input, output, kinks, .. } in moves.functions {
            let kinks = moves.map.kinks.get(kinks.clone()).unwrap_or_default();
            let count = kinks.len() as u32;
            flat.functions.extend([input.start, input.end, output.start, output.end, count]);
            flat.kinks.extend(kinks.iter().flat_map(|kink| [kink.input, kink.output]));
        }
        flat
    }

    /// The map of such an instance, of which [`Flat::moves`] makes what the numbers are of.
    pub fn map(&self, instance: InstanceId) -> CodeMap {
        let (kinks, _) = self.kinks.as_chunks();
        let (functions, _) = self.functions.as_chunks();
        let mut last = 0;
        let functions =
            functions.iter().zip(0..).map(|(&[start, end, to, to_end, count], index)| {
                let first = last;
                last += count as usize;
                Copied {
                    instance,
                    index,
                    input: start..end,
                    output: to..to_end,
                    kinks: first..last,
                    expanded: false,
                }
            });
        let functions = functions.collect();
        let indices = self.globals.iter().map(|globals| Indices {
            instance,
            globals: globals.clone(),
            memories: vec![self.memory.map(|base| Placed { index: 0, base })],
        });
        CodeMap {
            functions,
            kinks: kinks.iter().map(|&[input, output]| Kink { input, output }).collect(),
            indices: indices.collect(),
        }
    }

    /// What the numbers are of, with the map that [`Flat::map`] has made.
    pub fn moves<'m>(&self, map: &'m CodeMap, instance: InstanceId) -> Moves<'m> {
        match self.globals {
            Some(_) => Moves::of(map, instance),
            None => Moves::none(map),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(instance: u32, input: std::ops::Range<u32>, kinks: std::ops::Range<usize>) -> Copied {
        let instance = InstanceId::from_u32(instance);
        let output = input.start + 10..input.end + 15;
        Copied { instance, index: 0, input, output, kinks, expanded: false }
    }

    /// Two instances, of which one has two functions, each with kinks; its memory is a region, or another one.
    fn map(memory: Placed) -> CodeMap {
        let kink = |input, output| Kink { input, output };
        CodeMap {
            functions: vec![copied(0, 2..9, 0..1), copied(1, 2..9, 1..3), copied(1, 12..30, 3..4)],
            kinks: vec![kink(1, 2), kink(3, 2), kink(5, 6), kink(7, 12)],
            indices: vec![Indices {
                instance: InstanceId::from_u32(1),
                globals: vec![None, Some(300), Some(0)],
                memories: vec![Some(memory), None],
            }],
        }
    }

    fn same(moves: &Moves<'_>) {
        let flat = Flat::of(moves);
        let instance = InstanceId::from_u32(7);
        let map = flat.map(instance);
        let again = flat.moves(&map, instance);
        assert_eq!(Flat::of(&again), flat);
        assert_eq!(again.memory, moves.memory);
        for index in 0..4 {
            assert_eq!(again.global(index), moves.global(index), "global {index}");
        }
        for address in 0..40 {
            assert_eq!(again.address(address), moves.address(address), "at {address}");
            assert_eq!(again.address_after(address), moves.address_after(address), "at {address}");
        }
    }

    #[test]
    fn what_is_made_of_the_numbers_is_what_they_are_of() {
        for (index, base) in [(0, 0), (0, 0x10000), (1, 0)] {
            let map = map(Placed { index, base });
            for instance in 0..3 {
                same(&Moves::of(&map, InstanceId::from_u32(instance)));
            }
            same(&Moves::none(&map));
        }
    }
}
