//! Copies code with some of its bytes replaced, and remembers where they went.
//!
//! ```text
//! input    20 00  10 03        0b        call 3 becomes call 200
//! output   20 00  10 c8 01     0b
//! kinks              4 -> 5              after the immediate that is longer now
//! ```
//!
//! What lies between two replacements is copied as one run. A position in the input has its image
//! as far behind the image of the last kink before it as it is behind that kink: the distance
//! between the two changes at kinks only.

use wasm_encoder::Encode;

use super::leb;
use super::visitor::{Place, Span, Target};

/// A position at which the distance between input and output changes, counted from the start of a
/// body: in the input, and in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kink {
    /// In the input.
    pub input: u32,
    /// In the output.
    pub output: u32,
}

/// A copy under way.
pub struct Edit<'e> {
    code: &'e [u8],
    /// How much of the input is copied or replaced.
    done: usize,
    output: &'e mut Vec<u8>,
    /// Where the output of this copy begins.
    start: usize,
    /// Where kinks are noted, if somebody asks for them, and where those of this copy begin.
    kinks: Option<(&'e mut Vec<Kink>, usize)>,
}

impl<'e> Edit<'e> {
    /// A copy of `code` to the end of `output`. Its kinks are added to `kinks`.
    pub fn new(code: &'e [u8], output: &'e mut Vec<u8>, kinks: Option<&'e mut Vec<Kink>>) -> Self {
        let start = output.len();
        let kinks = kinks.map(|kinks| {
            let first = kinks.len();
            (kinks, first)
        });
        Edit { code, done: 0, output, start, kinks }
    }

    /// Writes something in place of a part of the input, which begins where the last one ended or
    /// later.
    #[inline]
    pub fn replace(&mut self, span: Span, write: impl FnOnce(&mut Vec<u8>)) {
        self.copy_to(span.start);
        let before = self.output.len();
        write(self.output);
        self.done = span.end;
        if self.output.len() - before != span.len() {
            self.kink();
        }
    }

    /// Puts an index in place of another one.
    #[inline]
    pub fn index(&mut self, span: Span, old: u32, new: u32) {
        if new != old || span.len() != leb::length(old.into()) {
            self.replace(span, |sink| leb::put(new.into(), sink));
        }
    }

    /// Puts an index, written as a signed number, in place of another one.
    pub fn signed_index(&mut self, span: Span, old: u32, new: u32) {
        if new != old || span.len() != leb::signed_length(old) {
            self.replace(span, |sink| i64::from(new).encode(sink));
        }
    }

    /// Writes something anew, unless it is written so already.
    pub fn rewrite(&mut self, span: Span, new: &impl Encode) {
        let mut bytes = Vec::new();
        new.encode(&mut bytes);
        if bytes != self.code[span.clone()] {
            self.replace(span, |sink| sink.extend_from_slice(&bytes));
        }
    }

    /// Puts another target and another offset in a place.
    #[inline]
    pub fn place(&mut self, place: &Place, target: u32, offset: u64) {
        let flags = match place.target {
            Target::Memory(_) if target == 0 => place.flags & !Place::NAMES_MEMORY,
            Target::Memory(_) => place.flags | Place::NAMES_MEMORY,
            Target::Array(_) => place.flags,
        };
        // Without an index, the head is the flags, and those are one byte unless it is padded.
        let has_index = flags & Place::NAMES_SOMETHING != 0;
        if has_index || flags != place.flags || place.head.len() != 1 {
            self.head(place, flags, has_index.then_some(target));
        }
        if offset != place.offset || place.offset_span.len() != leb::length(offset) {
            self.replace(place.offset_span.clone(), |sink| leb::put(offset, sink));
        }
    }

    /// Names a memory in the place at a position that names none, and has flags of one byte.
    #[inline]
    pub fn name_memory(&mut self, at: usize, memory: u32) {
        if let Some(flags) = self.code.get(at).copied() {
            self.replace(at..at + 1, |sink| {
                leb::put(u64::from(flags) | u64::from(Place::NAMES_MEMORY), sink);
                leb::put(memory.into(), sink);
            });
        }
    }

    fn head(&mut self, place: &Place, flags: u32, index: Option<u32>) {
        let (Target::Memory(old) | Target::Array(old)) = place.target;
        let length = leb::length(flags.into()) + index.map_or(0, |index| leb::length(index.into()));
        let is_same = flags == place.flags && index.is_none_or(|index| index == old);
        if !is_same || place.head.len() != length {
            self.replace(place.head.clone(), |sink| {
                leb::put(flags.into(), sink);
                if let Some(index) = index {
                    leb::put(index.into(), sink);
                }
            });
        }
    }

    /// Where to write what comes before a position of the input and belongs to the instruction
    /// there.
    pub fn expand(&mut self, at: usize) -> &mut Vec<u8> {
        self.copy_to(at);
        self.kink();
        self.output
    }

    /// The end of an instruction that was expanded.
    pub fn end_of_expansion(&mut self, at: usize) {
        self.copy_to(at);
        self.kink();
    }

    /// Leaves out what comes before a position.
    pub fn skip_to(&mut self, at: usize) {
        self.done = at;
    }

    /// How much is written.
    pub fn written(&self) -> usize {
        self.output.len() - self.start
    }

    /// Copies what is left, and says how much has been written.
    pub fn finish(mut self) -> usize {
        self.copy_to(self.code.len());
        self.written()
    }

    #[inline]
    fn copy_to(&mut self, at: usize) {
        self.output.extend_from_slice(&self.code[self.done..at]);
        self.done = at;
    }

    fn kink(&mut self) {
        let Some((kinks, first)) = &mut self.kinks else { return };
        // A body is a part of a module, of which no engine takes one of 4 GiB.
        let kink =
            Kink { input: self.done as u32, output: (self.output.len() - self.start) as u32 };
        if kinks[*first..].last() != Some(&kink) {
            kinks.push(kink);
        }
    }
}
