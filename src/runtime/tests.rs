//! The string routines against Rust's own: both steps, at every position of a vector.
//!
//! A memory is at one end and another at the other, each at an odd address, so that nothing is
//! aligned by chance. What is allocated is compared with what the specification says, call by call.
//! Memories have addresses of 32 bits and of 64.

use proptest::collection::vec;
use proptest::prelude::*;
use wasmtime::{
    Engine, Extern, Func, FuncType, Instance, Memory, MemoryType, Module, Store, Val, ValType,
};

use super::{COPY_UTF8, RunOp, SourceEncoding, Step, transcode, utf8};
use crate::plan::StringEncoding;

/// How much is looked at in one step, and whether addresses have 64 bits: of the memory that is
/// read, and of the one that is written.
type Form = (Step, bool, bool);

const FORMS: [Form; 8] = [
    (Step::Scalar, false, false),
    (Step::Scalar, false, true),
    (Step::Scalar, true, false),
    (Step::Scalar, true, true),
    (Step::Simd, false, false),
    (Step::Simd, false, true),
    (Step::Simd, true, false),
    (Step::Simd, true, true),
];

/// Where a text lies in the memory that is read.
const AT: u32 = 30;

/// Well-formed and malformed sequences, those at the borders of each length among them.
const SEQUENCES: &[&[u8]] = &[
    b"\0",
    b"\x7f",
    b"\x80",
    b"\xbf",
    b"\xc0\x80",
    b"\xc1\xbf",
    b"\xc2\x80",
    b"\xc3\xbf",
    b"\xc4\x80",
    b"\xdf\xbf",
    b"\xdf",
    b"\xdf\x7f",
    b"\xc2\xc2",
    b"\xc2\x80\x80",
    b"\xe0\x9f\xbf",
    b"\xe0\xa0\x80",
    b"\xe1\x80",
    b"\xe1\x80\xc0",
    b"\xe1\x80\x80\x80",
    b"\xed\x9f\xbf",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xee\x80\x80",
    b"\xef\xbf\xbf",
    b"\xf0\x8f\xbf\xbf",
    b"\xf0\x90\x80\x80",
    b"\xf0\x9f\x8e\xbc",
    b"\xf1\x80\x80",
    b"\xf1\x80\x80\x80\x80",
    b"\xf1\x80\x80\xff",
    b"\xf4\x8f\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xfe",
    b"\xff",
];

/// Routines that work on two memories.
struct Bench {
    store: Store<Vec<[u32; 4]>>,
    from_is_64: bool,
    to_is_64: bool,
    from: Memory,
    to: Memory,
    copy: Func,
    transcode: Instance,
}

/// What transcoding gives: the bytes, and the length to pass with them.
type Transcoded = (Vec<u8>, u32);

impl Bench {
    fn new((step, from_is_64, to_is_64): Form) -> Bench {
        let engine = Engine::default();
        let mut store = Store::new(&engine, Vec::new());
        let memory = |is_64: bool, store: &mut Store<_>| {
            let ty = if is_64 { MemoryType::new64(1, None) } else { MemoryType::new(1, None) };
            Memory::new(store, ty).expect("a memory can be made")
        };
        let (from, to) = (memory(from_is_64, &mut store), memory(to_is_64, &mut store));
        let pointer = |is_64| match is_64 {
            true => wasm_encoder::ValType::I64,
            false => wasm_encoder::ValType::I32,
        };
        let (from_ptr, to_ptr) = (pointer(from_is_64), pointer(to_is_64));
        let instance = |bytes: &[u8], imports: Vec<Extern>, store: &mut Store<_>| {
            let module = Module::new(&engine, bytes).expect("a routine is valid");
            Instance::new(store, &module, &imports).expect("a routine has no start function")
        };
        let func = |instance: Instance, store: &mut Store<_>, name| {
            instance.get_func(store, name).expect("a routine is exported")
        };
        let both = vec![from.into(), to.into()];
        let copies = instance(utf8(step, from_ptr, to_ptr), both.clone(), &mut store);
        let copy = func(copies, &mut store, COPY_UTF8);
        let module = RunOp::module(Step::Scalar, from_ptr, to_ptr);
        let runs = instance(module, both.clone(), &mut store);
        let mut ops: Vec<Extern> =
            RunOp::ALL.map(|op| func(runs, &mut store, op.name()).into()).into();
        if step == Step::Simd {
            let imports = both.into_iter().chain(ops).collect();
            let runs = instance(RunOp::module(step, from_ptr, to_ptr), imports, &mut store);
            ops = RunOp::ALL.map(|op| func(runs, &mut store, op.name()).into()).into();
        }
        let ptr = if to_is_64 { ValType::I64 } else { ValType::I32 };
        let params = [ptr.clone(), ValType::I32, ValType::I32, ValType::I32];
        let ty = FuncType::new(&engine, params, [ptr]);
        let realloc = Func::new(&mut store, ty, move |mut caller, args, results| {
            let call = [0, 1, 2, 3].map(|i| number(&args[i]));
            let [old, old_size, align, size] = call;
            let calls: &mut Vec<[u32; 4]> = caller.data_mut();
            calls.push(call);
            // Somewhere else each time, with what was there before.
            let count = calls.len() as u32;
            let new = 64 + count * ((to.data_size(&caller) as u32 - 64) / 4) / 2 * 2 + align;
            let kept = old_size.min(size) as usize;
            let data = to.data_mut(&mut caller);
            data.copy_within(old as usize..old as usize + kept, new as usize);
            results[0] = address(to_is_64, new);
            Ok(())
        });
        let imports = [from.into(), to.into(), realloc.into()].into_iter().chain(ops).collect();
        let transcode = instance(transcode(from_ptr, to_ptr), imports, &mut store);
        Bench { store, from_is_64, to_is_64, from, to, copy, transcode }
    }

    fn write(&mut self, bytes: &[u8]) {
        let pages = bytes.len().div_ceil(1 << 16) as u64 + 1;
        let memory = self.from;
        if memory.size(&self.store) < pages {
            let more = pages - memory.size(&self.store);
            memory.grow(&mut self.store, more).expect("memory grows");
            self.to.grow(&mut self.store, 16 * more).expect("memory grows");
        }
        memory.write(&mut self.store, AT as usize, bytes).expect("the text fits");
        // What follows a text is part of no sequence of it.
        memory.write(&mut self.store, AT as usize + bytes.len(), &[0x80; 64]).expect("it fits");
    }

    /// Whether bytes are valid UTF-8. Then they are copied, and nothing else is written.
    fn validates(&mut self, bytes: &[u8]) -> bool {
        const TO: usize = 51;
        self.write(bytes);
        let around = TO - 16..TO + bytes.len() + 16;
        self.to.data_mut(&mut self.store)[around.clone()].fill(0xee);
        let ends = [address(self.from_is_64, AT), address(self.to_is_64, TO as u32)];
        let [from, to] = ends;
        let args = [from, Val::I32(bytes.len() as i32), to];
        let is_valid = self.copy.call(&mut self.store, &args, &mut []).is_ok();
        let written = &self.to.data(&self.store)[around];
        let (before, copied) = written.split_at(16);
        let (copied, after) = copied.split_at(bytes.len());
        assert!(!is_valid || copied == bytes, "{bytes:x?} became {copied:x?}");
        assert_eq!([before, after], [[0xee; 16]; 2], "{} bytes", bytes.len());
        is_valid
    }

    /// What a text becomes, unless it is malformed, and what is allocated.
    fn transcodes(
        &mut self,
        from: SourceEncoding,
        bytes: &[u8],
        to: StringEncoding,
    ) -> (Option<Transcoded>, Vec<[u32; 4]>) {
        self.write(bytes);
        self.store.data_mut().clear();
        let units = bytes.len() as u32 / unit_size(from);
        let transcode = self.transcode.get_func(&mut self.store, &to.to_string());
        let transcode = transcode.expect("every encoding is exported");
        let at = address(self.from_is_64, AT);
        let args = [Val::I32(from as i32), at, Val::I32(units as i32)];
        let mut results = [Val::I32(0), Val::I32(0)];
        let result = transcode.call(&mut self.store, &args, &mut results).ok();
        let result = result.map(|()| (number(&results[0]), number(&results[1])));
        let result = result.map(|(ptr, length)| {
            let wide = to == StringEncoding::Utf16 || length & TAG != 0;
            let size = (length & !TAG) << u32::from(wide);
            let data = &self.to.data(&self.store)[ptr as usize..][..size as usize];
            (data.to_vec(), length)
        });
        (result, self.store.data().clone())
    }
}

/// A pointer into a memory.
fn address(is_64: bool, address: u32) -> Val {
    if is_64 { Val::I64(address.into()) } else { Val::I32(address as i32) }
}

fn number(value: &Val) -> u32 {
    match *value {
        Val::I64(value) => u32::try_from(value).expect("a memory is small"),
        Val::I32(value) => value as u32,
        _ => panic!("{value:?}"),
    }
}

const TAG: u32 = 1 << 31;

fn unit_size(encoding: SourceEncoding) -> u32 {
    match encoding {
        SourceEncoding::Utf8 | SourceEncoding::Latin1 => 1,
        SourceEncoding::Utf16 | SourceEncoding::CompactUtf16 => 2,
    }
}

/// The text, unless it is malformed.
fn decoded(from: SourceEncoding, bytes: &[u8]) -> Option<String> {
    match from {
        SourceEncoding::Utf8 => std::str::from_utf8(bytes).ok().map(Into::into),
        SourceEncoding::Latin1 => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
        SourceEncoding::Utf16 | SourceEncoding::CompactUtf16 => {
            let units: Vec<u16> =
                bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
            String::from_utf16(&units).ok()
        }
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

/// What a text becomes, and the sizes of the allocations: (old size, alignment, new size).
fn expected(
    from: SourceEncoding,
    bytes: &[u8],
    to: StringEncoding,
) -> Option<(Transcoded, Vec<[u32; 3]>)> {
    let text = decoded(from, bytes)?;
    let units = bytes.len() as u32 / unit_size(from);
    let mut sizes = Vec::new();
    let shrink = |sizes: &mut Vec<_>, size: u32, align, used: usize| {
        if used as u32 != size {
            sizes.push([size, align, used as u32]);
        }
    };
    let transcoded = match to {
        StringEncoding::Utf8 => {
            sizes.push([0, 1, units]);
            if !text.is_ascii() {
                let worst = if unit_size(from) == 2 { 3 * units } else { 2 * units };
                sizes.push([units, 1, worst]);
                shrink(&mut sizes, worst, 1, text.len());
            }
            (text.as_bytes().to_vec(), text.len() as u32)
        }
        StringEncoding::Utf16 => {
            let result = utf16(&text);
            sizes.push([0, 2, 2 * units]);
            shrink(&mut sizes, 2 * units, 2, result.len());
            let length = result.len() as u32 / 2;
            (result, length)
        }
        StringEncoding::CompactUtf16 => {
            let compact = from == SourceEncoding::CompactUtf16;
            sizes.push([0, 2, if compact { 2 * units } else { units }]);
            match latin1(&text) {
                Some(result) => {
                    let length = result.len() as u32;
                    match compact {
                        true => sizes.push([2 * units, 1, length]),
                        false => shrink(&mut sizes, units, 2, result.len()),
                    }
                    (result, length)
                }
                None => {
                    let result = utf16(&text);
                    if !compact {
                        sizes.push([units, 2, 2 * units]);
                        shrink(&mut sizes, 2 * units, 2, result.len());
                    }
                    let length = (result.len() as u32 / 2) | TAG;
                    (result, length)
                }
            }
        }
    };
    Some((transcoded, sizes))
}

/// Compares transcoding with what is expected, to all encodings.
fn transcodes_as_expected(bench: &mut Bench, from: SourceEncoding, bytes: &[u8]) {
    use StringEncoding::{CompactUtf16, Utf8, Utf16};
    for to in [Utf8, Utf16, CompactUtf16] {
        let (found, calls) = bench.transcodes(from, bytes, to);
        let Some((transcoded, sizes)) = expected(from, bytes, to) else {
            assert!(found.is_none(), "{from:?} to {to}: {bytes:x?} is malformed");
            continue;
        };
        assert!(found.as_ref() == Some(&transcoded), "{from:?} to {to} of {bytes:x?}: {found:x?}");
        let found: Vec<_> = calls.iter().map(|&[_, old, align, new]| [old, align, new]).collect();
        assert_eq!(found, sizes, "{from:?} to {to} of {bytes:x?}");
        assert_eq!(calls.first().map(|call| call[0]), Some(0));
    }
}

/// Texts with a sequence at every position that matters to vectors, in whole texts and at the end.
fn each_text(mut check: impl FnMut(&[u8])) {
    for filler in ["a", "é", "€", "\u{1d11e}"] {
        for sequence in SEQUENCES {
            for before in (0..70).step_by(filler.len()) {
                for after in [0, 1, 20, 80] {
                    let mut bytes = vec![b'.'; before % filler.len()];
                    bytes.extend(filler.repeat(before / filler.len()).bytes());
                    bytes.extend_from_slice(sequence);
                    bytes.extend(filler.repeat(after).bytes());
                    check(&bytes);
                }
            }
        }
    }
}

#[test]
fn utf8_is_valid_where_rust_says_so_whatever_is_where() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        let (mut valid, mut malformed) = (0, 0);
        each_text(|bytes| {
            let expected = std::str::from_utf8(bytes).is_ok();
            *if expected { &mut valid } else { &mut malformed } += 1;
            assert_eq!(bench.validates(bytes), expected, "{form:?}: {bytes:x?}");
        });
        assert!(valid > 1000 && malformed > 1000);
    }
}

/// What comes next decides how a text is looked at: there is an end of each way, and a beginning of each.
#[test]
fn a_text_may_change_to_sequences_of_another_length_anywhere() {
    const FILLERS: [&str; 4] = ["a", "é", "€", "\u{1d11e}"];
    for form in FORMS {
        let mut bench = Bench::new(form);
        for (first, second) in FILLERS.iter().flat_map(|it| FILLERS.map(|other| (*it, other))) {
            for (before, between) in (0..18).flat_map(|n| [(n, 0), (n, 1), (n, 3), (n, 12)]) {
                let begin = first.repeat(before) + &second.repeat(between);
                for sequence in SEQUENCES {
                    let mut bytes = begin.clone().into_bytes();
                    bytes.extend_from_slice(sequence);
                    bytes.extend(first.repeat(9).bytes());
                    let expected = std::str::from_utf8(&bytes).is_ok();
                    assert_eq!(bench.validates(&bytes), expected, "{form:?}: {bytes:x?}");
                }
            }
        }
    }
}

#[test]
fn a_text_of_any_length_is_copied_whatever_it_ends_with() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        for filler in ["a", "é", "€", "\u{1d11e}"] {
            for length in 0..1100 {
                let mut bytes = filler.repeat(length / filler.len() + 1).into_bytes();
                bytes.truncate(length);
                let expected = length % filler.len() == 0;
                assert_eq!(bench.validates(&bytes), expected, "{form:?}: {length} of {filler}");
                let Some(last) = bytes.last_mut() else { continue };
                *last = 0xc3;
                assert!(
                    !bench.validates(&bytes),
                    "{form:?}: {length} of {filler}, and a first byte"
                );
            }
        }
    }
}

/// A long text is looked at in pieces, and in each of them sixty-four bytes at a time.
#[test]
fn what_is_not_ascii_is_found_wherever_it_is_in_a_long_text() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        for length in [513, 576, 577, 2047, 2048, 2049, 2111, 2112, 2113, 2175, 4159, 4160, 4225] {
            let borders = [0, 64, 2048, 2112, 4096, 4160, length].into_iter();
            let around = borders.flat_map(|at: usize| at.saturating_sub(66)..at + 2);
            for at in around.chain((0..length).step_by(61)).filter(|at| *at < length) {
                let mut bytes = vec![b'a'; length];
                bytes[at] = 0x80;
                assert!(!bench.validates(&bytes), "{form:?}: {length} bytes, 0x80 at {at}");
                let Some(two) = bytes.get_mut(at..at + 2) else { continue };
                two.copy_from_slice("é".as_bytes());
                assert!(bench.validates(&bytes), "{form:?}: {length} bytes, two of them at {at}");
            }
        }
    }
}

/// Four sequences of three bytes are looked at together, and the last one with what is behind it.
#[test]
fn a_mistake_in_a_text_of_three_bytes_is_found_in_every_place() {
    const MISTAKES: [&[u8]; 7] = [
        b"\xe0\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xe6\x97",
        b"\xe6\x97a",
        b"\xe6\x97\xa5\x80",
        b"\xf6\x97\xa5",
        b"\x97\xa5",
    ];
    for form in FORMS {
        let mut bench = Bench::new(form);
        for (count, at) in (1..14).flat_map(|count| (0..count).map(move |at| (count, at))) {
            for (mistake, ascii) in MISTAKES.iter().flat_map(|it| [(it, ""), (it, " ")]) {
                let [before, after] = [at, count - at - 1].map(|count| "日".repeat(count));
                let text = format!("{before}{ascii}日{ascii}{after}");
                assert!(bench.validates(text.as_bytes()), "{form:?}: {text}");
                let bytes =
                    [before.as_bytes(), ascii.as_bytes(), mistake, after.as_bytes()].concat();
                assert!(!bench.validates(&bytes), "{form:?}: {bytes:x?}");
            }
        }
    }
}

#[test]
fn runs_of_any_length_become_units_up_to_what_is_decoded() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        for length in 0..100_u8 {
            let bytes: Vec<u8> = (0..length).map(|i| i.wrapping_mul(37) ^ 0x80).collect();
            transcodes_as_expected(&mut bench, SourceEncoding::Latin1, &bytes);
            for at in (0..=length.into()).filter(|at| length < 40 || at % 7 == 0) {
                let mut text: String = (0..length).map(|i| char::from(b' ' + i % 64)).collect();
                text.insert(at, 'é');
                transcodes_as_expected(&mut bench, SourceEncoding::Utf8, text.as_bytes());
            }
        }
    }
}

/// Where a whole memory is a text, nothing beyond it can be read or written.
#[test]
fn a_text_can_begin_where_memory_begins_and_end_where_it_ends() {
    for form @ (step, from_is_64, to_is_64) in FORMS {
        for text in ["a", "é", "€", "\u{1d11e}"] {
            let mut bench = Bench::new(form);
            let size = bench.from.data_size(&bench.store);
            for length in
                (0..40).chain([255, 256, 257, 511, 512, 513, 576, 577, 2112, 2113, 4097, size])
            {
                for at in [0, size - length] {
                    let mut bytes = text.repeat(size).into_bytes();
                    bytes.truncate(length);
                    bench.from.data_mut(&mut bench.store)[at..at + length].copy_from_slice(&bytes);
                    let from = address(from_is_64, at as u32);
                    let to = address(to_is_64, at as u32);
                    let args = [from, Val::I32(length as i32), to];
                    let valid = bench.copy.call(&mut bench.store, &args, &mut []).is_ok();
                    let expected = std::str::from_utf8(&bytes).is_ok();
                    assert_eq!(valid, expected, "{step:?}: {length} of {text} at {at}");
                    let to = &bench.to.data(&bench.store)[at..at + length];
                    assert!(!valid || *to == bytes, "{step:?}: {length} of {text} at {at}");
                }
            }
        }
    }
}

#[test]
fn every_pair_of_bytes_and_every_triple_with_a_lead_is_valid_where_rust_says_so() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        // In the last places of a vector, and over its edge; and where a short text is two numbers.
        for (place, length) in [(13, 64), (14, 64), (15, 64), (16, 64), (4, 8), (7, 16)] {
            let mut bytes = vec![b'a'; length];
            for pair in 0..=u16::MAX {
                let [first, second] = pair.to_be_bytes();
                let third = if first >= 0xe0 { 0x80 } else { b'a' };
                let fourth = if first >= 0xf0 { 0x80 } else { b'a' };
                bytes[place..place + 4].copy_from_slice(&[first, second, third, fourth]);
                let expected = std::str::from_utf8(&bytes).is_ok();
                if !expected && first < 0xc0 && pair % 7 != 0 {
                    continue; // these are many, and all the same
                }
                assert_eq!(bench.validates(&bytes), expected, "{form:?}: {bytes:x?}");
            }
        }
    }
}

#[test]
fn a_text_is_transcoded_from_utf8_as_specified_whatever_is_where() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        each_text(|bytes| transcodes_as_expected(&mut bench, SourceEncoding::Utf8, bytes));
    }
}

#[test]
fn a_text_is_transcoded_from_utf16_as_specified_whatever_is_where() {
    const UNITS: &[&[u16]] = &[
        &[0x7f],
        &[0x80],
        &[0xff],
        &[0x100],
        &[0x7ff],
        &[0x800],
        &[0xd7ff],
        &[0xd800],
        &[0xdbff],
        &[0xdc00],
        &[0xdfff],
        &[0xe000],
        &[0xffff],
        &[0xd800, 0xdc00],
        &[0xdbff, 0xdfff],
        &[0xd800, 0xd800],
        &[0xdc00, 0xd800],
        &[0xd83c, 0x61],
    ];
    for form in FORMS {
        let mut bench = Bench::new(form);
        for filler in ["a", "é", "€", "\u{1d11e}"] {
            for units in UNITS {
                for (before, after) in (0..40).flat_map(|n| [(n, 0), (n, 1), (n, 30)]) {
                    let mut text = utf16(&filler.repeat(before));
                    text.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
                    text.extend(utf16(&filler.repeat(after)));
                    transcodes_as_expected(&mut bench, SourceEncoding::Utf16, &text);
                    transcodes_as_expected(&mut bench, SourceEncoding::CompactUtf16, &text);
                }
            }
        }
    }
}

#[test]
fn long_texts_are_transcoded_as_specified() {
    for form in FORMS {
        let mut bench = Bench::new(form);
        for text in ["plain ", "déjà vu ", "€ 𝄞 mixed é ", "日本語"].map(|text| text.repeat(20_000))
        {
            assert!(bench.validates(text.as_bytes()));
            transcodes_as_expected(&mut bench, SourceEncoding::Utf8, text.as_bytes());
            transcodes_as_expected(&mut bench, SourceEncoding::Utf16, &utf16(&text));
            transcodes_as_expected(&mut bench, SourceEncoding::CompactUtf16, &utf16(&text));
            if let Some(bytes) = latin1(&text) {
                transcodes_as_expected(&mut bench, SourceEncoding::Latin1, &bytes);
            }
        }
    }
}

/// Bytes of which many are UTF-8: characters, and now and then one byte changed.
fn nearly_utf8() -> impl Strategy<Value = Vec<u8>> {
    let character = prop_oneof![3 => prop::char::range(' ', '~'), 1 => any::<char>()];
    let text = vec(character, 0..120).prop_map(|chars| String::from_iter(chars).into_bytes());
    let change = prop::option::weighted(0.5, (any::<prop::sample::Index>(), any::<u8>()));
    (text, change).prop_map(|(mut text, change)| {
        if let (false, Some((index, byte))) = (text.is_empty(), change) {
            *index.get_mut(&mut text) = byte;
        }
        text
    })
}

#[test]
fn random_texts_are_validated_and_transcoded_as_specified() {
    for form in FORMS {
        let bench = std::cell::RefCell::new(Bench::new(form));
        let config =
            ProptestConfig { cases: 3000, failure_persistence: None, ..Default::default() };
        let outcome = prop::test_runner::TestRunner::new(config).run(&nearly_utf8(), |bytes| {
            let bench = &mut *bench.borrow_mut();
            prop_assert_eq!(bench.validates(&bytes), std::str::from_utf8(&bytes).is_ok());
            transcodes_as_expected(bench, SourceEncoding::Utf8, &bytes);
            transcodes_as_expected(bench, SourceEncoding::Latin1, &bytes);
            let even = &bytes[..bytes.len() & !1];
            transcodes_as_expected(bench, SourceEncoding::Utf16, even);
            let text = String::from_utf8_lossy(&bytes);
            transcodes_as_expected(bench, SourceEncoding::CompactUtf16, &utf16(&text));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{form:?}: {error}"));
    }
}
