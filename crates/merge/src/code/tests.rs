//! The table of opcodes against `wasmparser`, and what is copied against what `wasm-encoder`
//! writes.

use std::collections::BTreeSet;

use wasm_encoder::Encode;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{
    BinaryReader, FuncToValidate, FunctionBody, HeapType, Operator, OperatorsReader, Parser,
    RefType, ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

use super::opcode::{is_prefix, of_byte, of_prefixed};
use super::*;
use crate::Result;
use crate::read::{Notes, Spot};

/// Names and types of the fields of all operators.
macro_rules! operators {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        fn fields(op: &Operator<'_>) -> (&'static str, Vec<(&'static str, &'static str)>) {
            match op {
                $(Operator::$op { .. } => (
                    stringify!($op),
                    vec![$($((stringify!($arg), stringify!($ty))),*)?],
                ),)*
                _ => ("", Vec::new()),
            }
        }

        /// The proposal that an operator came with.
        fn proposal(op: &Operator<'_>) -> &'static str {
            match op {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "",
            }
        }

        const OPERATORS: &[&str] = &[$(stringify!($op)),*];
    };
}
wasmparser::for_each_operator!(operators);

/// Operators that write the table which they name first.
const WRITE_TABLES: [&str; 8] = [
    "TableSet",
    "TableInit",
    "TableCopy",
    "TableGrow",
    "TableFill",
    "TableAtomicSet",
    "TableAtomicRmwXchg",
    "TableAtomicRmwCmpxchg",
];

/// What an operator has for immediates, by what `wasmparser` calls its fields.
fn immediates(name: &str, fields: &[(&str, &str)]) -> Vec<Immediate> {
    if fields.iter().any(|(name, _)| *name == "from_ref_type") {
        // Whether the two types are of nullable references is said in front of all.
        let types = [Immediate::HeapType; 2];
        return [&[Immediate::Bytes(1), Immediate::Number], &types[..]].concat();
    }
    let mut writes = WRITE_TABLES.contains(&name);
    let mut found = Vec::new();
    for (field, ty) in fields {
        let immediate = match *field {
            "function_index" if name == "RefFunc" => Immediate::Index(Index::Reference),
            "function_index" => Immediate::Index(Index::Call),
            "type_index"
            | "struct_type_index"
            | "array_type_index"
            | "array_type_index_dst"
            | "array_type_index_src"
            | "cont_type_index"
            | "argument_index"
            | "result_index" => Immediate::Index(Index::Type),
            "table_index" if matches!(name, "CallIndirect" | "ReturnCallIndirect") => {
                Immediate::Index(Index::CalledTable)
            }
            "table" | "table_index" | "dst_table" | "src_table" => {
                match std::mem::take(&mut writes) {
                    true => Immediate::Index(Index::WrittenTable),
                    false => Immediate::Index(Index::Table),
                }
            }
            "mem" | "dst_mem" | "src_mem" => Immediate::Index(Index::Memory),
            "global_index" => Immediate::Index(Index::Global),
            "tag_index" => Immediate::Index(Index::Tag),
            "elem_index" | "array_elem_index" => Immediate::Index(Index::Element),
            "data_index" | "array_data_index" => Immediate::Index(Index::Data),
            "relative_depth" | "local_index" | "field_index" | "array_size" => Immediate::Number,
            "targets" => Immediate::Labels,
            "blockty" => Immediate::BlockType,
            "ty" | "tys" => Immediate::ValueTypes,
            "hty" => Immediate::HeapType,
            "memarg" => Immediate::MemArg,
            "lane" | "ordering" => Immediate::Bytes(1),
            "lanes" => Immediate::Bytes(16),
            "resume_table" => Immediate::Handlers,
            "try_table" => {
                found.push(Immediate::BlockType);
                Immediate::Catches
            }
            "value" => match ty.rsplit("::").next().unwrap_or_default().trim() {
                "i32" => Immediate::I32,
                "i64" => Immediate::I64,
                "Ieee32" => Immediate::Bytes(4),
                "Ieee64" => Immediate::Bytes(8),
                _ => Immediate::Bytes(16),
            },
            other => panic!("`{name}` has a `{other}`, which no immediate is known for"),
        };
        found.push(immediate);
    }
    found
}

/// Every opcode that could be one, as bytes, and what is known of it.
fn opcodes() -> Vec<(Vec<u8>, Option<&'static [Immediate]>)> {
    let single = (0u8..=0xff).filter(|byte| !is_prefix(*byte));
    let mut all: Vec<_> = single.map(|byte| (vec![byte], of_byte(byte))).collect();
    for prefix in (0u8..=0xff).filter(|byte| is_prefix(*byte)) {
        for opcode in 0u32..0x400 {
            let mut bytes = vec![prefix];
            opcode.encode(&mut bytes);
            all.push((bytes, of_prefixed(prefix, opcode)));
        }
    }
    all
}

/// The instruction that bytes begin with, and its length. Some are allowed in some blocks only.
fn read(bytes: &[u8]) -> Option<(Operator<'_>, usize)> {
    const BLOCKS: [&[u8]; 3] = [&[], &[0x04, 0x40], &[0x06, 0x40]];
    BLOCKS.iter().find_map(|block| {
        let code = [block, bytes].concat().leak();
        let mut reader = OperatorsReader::new(BinaryReader::new(code, 0));
        if !block.is_empty() {
            reader.read().ok()?;
        }
        let operator = reader.read().ok()?;
        Some((operator, reader.original_position() as usize - block.len()))
    })
}

/// What an immediate can look like; the first of each list is in its shortest form.
fn samples(immediate: Immediate) -> Vec<Vec<u8>> {
    let samples: &[&[u8]] = match immediate {
        Immediate::Index(_) => &[&[5], &[0], &[0x85, 0x80, 0x80, 0x80, 0], &[0xff, 0x01]],
        Immediate::Number => &[&[2], &[0x82, 0], &[0x82, 0x80, 0x80, 0x80, 0], &[0xac, 0x02]],
        Immediate::I32 => &[
            &[0x7d],
            &[0xfd, 0x7f],
            &[0xc0, 0x00],
            &[0xbf, 0x7f],
            &[0xfd, 0xff, 0xff, 0xff, 0x7f],
            &[0xff, 0xff, 0xff, 0xff, 0x07],
            &[0x80, 0x80, 0x80, 0x80, 0x78],
        ],
        Immediate::I64 => &[
            &[0x7d],
            &[0xc0, 0x00],
            &[0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
        ],
        Immediate::Bytes(1) => &[&[0], &[1]],
        Immediate::Bytes(4) => &[&[0x80; 4]],
        Immediate::Bytes(8) => &[&[0x80; 8]],
        Immediate::Bytes(_) => &[&[0x01; 16]],
        Immediate::BlockType => &[
            &[0x40],
            &[0x7f],
            &[0x70],
            &[0x63, 0x70],
            &[0x64, 0x70],
            &[0x63, 0x65, 0x6e],
            &[0x64, 0xc1, 0x00],
            &[0x05],
            &[0xc5, 0x00],
            &[0xff, 0x01],
            &[0x85, 0x80, 0x80, 0x80, 0x00],
        ],
        Immediate::ValueTypes => &[
            &[1, 0x7f],
            &[0x81, 0, 0x63, 0x70],
            &[2, 0x7e, 0x64, 0x6f],
            &[1, 0x63, 0x05],
            &[1, 0x63, 0x85, 0x00],
            &[0],
        ],
        Immediate::HeapType => &[
            &[0x70],
            &[0x69],
            &[0x05],
            &[0xc5, 0x00],
            &[0x85, 0x80, 0x00],
            &[0x65, 0x70],
            &[0x62, 0x05],
            &[0x62, 0x85, 0x00],
        ],
        Immediate::MemArg => &[
            &[0x00, 0x03],
            &[0x80, 0x00, 0x83, 0x00],
            &[0x40, 0x05, 0x88, 0x08],
            &[0x40, 0x85, 0x00, 0x00],
            &[0x40, 0x00, 0x00],
            &[0x20, 0x05, 0x00],
            &[0x10, 0x00, 0x08],
            &[0x10, 0x11, 0x08],
            &[0x50, 0x02, 0x01, 0x88, 0x00],
            &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ],
        Immediate::Labels => &[&[1, 2, 3], &[0, 0x83, 0x00], &[0x82, 0x00, 0x81, 0x00, 0, 4]],
        Immediate::Catches => {
            &[&[0], &[4, 0, 5, 1, 1, 0x85, 0x00, 0x81, 0x00, 2, 3, 3, 0x84, 0x00], &[0x81, 0, 2, 1]]
        }
        Immediate::Handlers => &[&[0], &[2, 0, 5, 0x81, 0x00, 1, 0x85, 0x00]],
    };
    samples.iter().map(|bytes| bytes.to_vec()).collect()
}

/// An instruction for each sample of each immediate: the others are in their first form.
fn instructions(opcode: &[u8], immediates: &[Immediate]) -> Vec<Vec<u8>> {
    let first = |immediate: &Immediate| samples(*immediate)[0].clone();
    let mut found = vec![[opcode.to_vec(), immediates.iter().flat_map(first).collect()].concat()];
    for (at, immediate) in immediates.iter().enumerate() {
        for sample in samples(*immediate) {
            let before = immediates[..at].iter().flat_map(first);
            let after = immediates[at + 1..].iter().flat_map(first);
            let all = opcode.iter().copied().chain(before).chain(sample).chain(after);
            found.push(all.collect());
        }
    }
    found
}

/// Copies and changes nothing.
struct Same<'s>(Edit<'s>);

impl Visitor for Same<'_> {
    fn index(&mut self, _: Index, index: u32, span: Span) -> Result<()> {
        self.0.index(span, index, index);
        Ok(())
    }

    fn type_index(&mut self, index: u32, span: Span) -> Result<()> {
        self.0.signed_index(span, index, index);
        Ok(())
    }

    fn ref_type(&mut self, ty: RefType, span: Span) -> Result<()> {
        self.0.rewrite(span, &RoundtripReencoder.ref_type(ty).expect("a type"));
        Ok(())
    }

    fn heap_type(&mut self, ty: HeapType, span: Span) -> Result<()> {
        self.0.rewrite(span, &RoundtripReencoder.heap_type(ty).expect("a type"));
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        let (Target::Memory(index) | Target::Array(index)) = place.target;
        self.0.place(&place, index, place.offset);
        Ok(())
    }

    fn padded(&mut self, span: Span, shortest: &[u8]) {
        self.0.replace(span, |sink| sink.extend_from_slice(shortest));
    }
}

fn copied(code: &[u8]) -> Result<Vec<u8>> {
    let (mut output, mut kinks) = (Vec::new(), Vec::new());
    let mut same = Same(Edit::new(code, &mut output, Some(&mut kinks)));
    Code::of_bytes(code).walk(&mut same)?;
    same.0.finish();
    Ok(output)
}

#[test]
fn the_table_has_the_operators_that_wasmparser_has() {
    let mut seen = BTreeSet::new();
    for (opcode, known) in opcodes() {
        let Some(known) = known else {
            let padded = [&opcode[..], &[0; 32]].concat();
            assert!(read(&padded).is_none(), "{opcode:02x?} is an opcode: {:?}", read(&padded));
            continue;
        };
        let mut is_read = false;
        for bytes in instructions(&opcode, known) {
            let Some((operator, length)) = read(&bytes) else { continue };
            let (name, fields) = fields(&operator);
            assert_eq!(length, bytes.len(), "{name}: {bytes:02x?}");
            assert_eq!(known, immediates(name, &fields), "{name}");
            seen.insert(name);
            is_read = true;
        }
        assert!(is_read, "{opcode:02x?} is not read");
    }
    let missing: Vec<_> = OPERATORS.iter().filter(|name| !seen.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_copied_is_what_the_encoder_writes() {
    let mut compared = 0;
    for (opcode, known) in opcodes() {
        for bytes in known.iter().flat_map(|known| instructions(&opcode, known)) {
            let Some((operator, _)) = read(&bytes) else { continue };
            let mut expected = Vec::new();
            let instruction = RoundtripReencoder.instruction(operator).expect("it is encoded");
            instruction.encode(&mut expected);
            assert_eq!(copied(&bytes).expect("it is copied"), expected, "{bytes:02x?}");
            compared += 1;
        }
    }
    assert!(compared > 1500, "only {compared} instructions");
}

/// Copies what changes when it is not asked to change, and takes the rest as it is.
fn copied_at_spots(code: &[u8]) -> Result<(Vec<u8>, usize)> {
    // A body begins with its locals, of which there are none.
    let body = [&[0], code].concat();
    let notes = Notes::of(&[FunctionBody::new(BinaryReader::new(&body, 0))])?;
    let (mut output, mut kinks, mut visited) = (Vec::new(), Vec::new(), 0);
    let mut same = Same(Edit::new(&body, &mut output, Some(&mut kinks)));
    for spot in notes.spots(0) {
        let (Spot::Access(at) | Spot::Index(at) | Spot::Other(at)) = spot;
        Code::of_bytes(&body).visit(at, &mut same)?;
        visited += 1;
    }
    same.0.finish();
    Ok((output.split_off(1), visited))
}

#[test]
fn what_lies_between_spots_is_in_its_shortest_form() {
    let (mut spots, mut others) = (0, 0);
    for (opcode, known) in opcodes() {
        for bytes in known.iter().flat_map(|known| instructions(&opcode, known)) {
            if read(&bytes).is_none() {
                continue;
            }
            let (found, visited) = copied_at_spots(&bytes).expect("it is copied");
            assert_eq!(found, copied(&bytes).expect("it is copied"), "{bytes:02x?}");
            spots += visited;
            others += 1 - visited;
        }
    }
    assert!(spots > 1000 && others > 150, "{spots} spots, and {others} other instructions");
}

/// What a function is validated with that may name much.
fn surroundings() -> FuncToValidate<ValidatorResources> {
    let times = |count, text: &str| text.repeat(count);
    let text = [
        "(module",
        &times(300, "(type (func))"),
        "(type (struct (field (mut i32)))) (type (array (mut i32)))",
        &times(300, "(func)"),
        &times(6, "(table 1 funcref)"),
        &times(6, "(memory 1)"),
        &times(6, "(tag)"),
        &times(300, "(global (mut i32) (i32.const 0))"),
        &times(6, "(elem funcref (ref.func 0))"),
        &times(6, "(data)"),
        ")",
    ];
    let bytes = wat::parse_str(text.concat()).expect("text that parses");
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut payloads = Parser::new(0).parse_all(&bytes).map(|it| it.expect("a payload"));
    let function = payloads.find_map(|it| match validator.payload(&it).expect("it is valid") {
        ValidPayload::Func(function, _) => Some(function),
        _ => None,
    });
    function.expect("there are functions")
}

/// An instruction where it has whatever operands it takes, in three blocks.
fn body_around(instruction: &[u8], ends: usize) -> Vec<u8> {
    // 400 locals; and the code around it is not reachable.
    let before = [1, 0x90, 3, 0x7f, 0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x00];
    [&before, instruction, &[0x00], &vec![0x0b; ends]].concat()
}

#[test]
fn what_a_validator_hears_is_what_is_seen_in_a_walk() {
    let function = surroundings();
    let mut compared = 0;
    for (opcode, known) in opcodes() {
        for bytes in known.iter().flat_map(|known| instructions(&opcode, known)) {
            // Some begin a block.
            for body in [4, 5].map(|ends| body_around(&bytes, ends)) {
                let body = FunctionBody::new(BinaryReader::new(&body, 0));
                let FuncToValidate { ref resources, index, ty, features } = function;
                let resources = resources.clone();
                let function = FuncToValidate { resources, index, ty, features };
                let mut notes = Notes::default();
                let mut validator = function.into_validator(Default::default());
                if notes.validated(&mut validator, &body).expect("no internal error").is_ok() {
                    assert_eq!(notes, Notes::of(&[body]).expect("notes"), "{bytes:02x?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000, "only {compared} instructions");
}

#[test]
fn spots_may_be_far_from_one_another() {
    let code = [&[0x10, 0x83, 0x00][..], &[0x01; 100_000], &[0x10, 0x83, 0x00]].concat();
    let (found, visited) = copied_at_spots(&code).expect("it is copied");
    assert_eq!((found, visited), (copied(&code).expect("it is copied"), 2));
}

#[test]
fn what_came_after_the_first_version_is_told() {
    let mut told = 0;
    for (opcode, known) in opcodes().into_iter().filter(|(opcode, _)| opcode.len() == 1) {
        for bytes in known.iter().flat_map(|known| instructions(&opcode, known)) {
            let Some((operator, _)) = read(&bytes) else { continue };
            if proposal(&operator) != "mvp" {
                assert_eq!(shape(opcode[0]), Shape::Other, "{operator:?}");
                told += 1;
            }
        }
    }
    assert!(told > 30, "only {told} instructions");
}

#[test]
fn opcodes_are_copied_in_their_shortest_form() {
    assert_eq!(copied(&[0xfc, 0x8b, 0x80, 0x00, 0x00]).expect("memory.fill"), [0xfc, 0x0b, 0x00]);
}

#[test]
fn code_that_is_cut_off_is_an_error() {
    for (opcode, known) in opcodes() {
        for bytes in known.iter().flat_map(|known| instructions(&opcode, known)) {
            for end in 1..bytes.len() {
                // What is left can be another instruction, but never a panic.
                let _ = copied(&bytes[..end]);
            }
        }
    }
    for code in [&[0x10][..], &[0x41, 0x80], &[0x43, 0, 0], &[0x28, 0x40], &[0x02], &[0xfc]] {
        assert!(copied(code).is_err(), "{code:02x?}");
    }
    for code in [&[0x16][..], &[0xfb, 0x1f], &[0xfe, 0x05], &[0xff]] {
        assert!(copied(code).is_err(), "{code:02x?}");
    }
    let too_long = [0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
    assert!(copied(&too_long).is_err());
}

#[test]
fn kinks_are_where_the_distance_changes() {
    let code = [0x20, 0x80, 0x00, 0x10, 0x03, 0x41, 0x07, 0x0b];
    let (mut output, mut kinks) = (vec![0xaa; 3], Vec::new());
    let mut same = Same(Edit::new(&code, &mut output, Some(&mut kinks)));
    Code::of_bytes(&code).walk(&mut same).expect("it is copied");
    same.0.finish();
    assert_eq!(output[3..], [0x20, 0x00, 0x10, 0x03, 0x41, 0x07, 0x0b]);
    assert_eq!(kinks, [Kink { input: 3, output: 2 }]);
}
