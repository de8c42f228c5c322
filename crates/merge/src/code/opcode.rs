//! The opcodes, and what follows each.
//!
//! This is all that copying code takes to know of most instructions: where an instruction ends, and
//! which bytes of it name something that may have another index elsewhere. What it does is of no
//! matter. Opcodes are one byte, or a prefix and a number.
//!
//! A table of our own has to keep up with the proposals that `wasmparser` accepts. It does: a test
//! compares it with `wasmparser`'s operators, opcode by opcode and immediate by immediate, in both
//! directions. An opcode that is not in the table is an error, never a guess.

/// Something that follows an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immediate {
    /// The index of something.
    Index(Index),
    /// A number of 32 bits that names nothing outside the body: a local, a label, a field, a
    /// length.
    Number,
    /// A signed number of 32 bits.
    I32,
    /// A signed number of 64 bits.
    I64,
    /// So many bytes.
    Bytes(u8),
    /// Nothing, a value type, or the index of a function type.
    BlockType,
    /// A list of value types.
    ValueTypes,
    /// A heap type.
    HeapType,
    /// A place in a memory, or in an array.
    MemArg,
    /// A list of labels, and one more.
    Labels,
    /// A list of tags and the labels of what catches them.
    Catches,
    /// A list of tags and the labels of what handles them.
    Handlers,
}

/// What an index is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// A function that is called.
    Call,
    /// A function of which a reference is made.
    Reference,
    /// A type.
    Type,
    /// A table through which is called.
    CalledTable,
    /// A table of which something else is read.
    Table,
    /// A table that is written.
    WrittenTable,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// A tag.
    Tag,
    /// An element segment.
    Element,
    /// A data segment.
    Data,
}

/// The immediates of an opcode of one byte; none if there is no such opcode.
#[inline]
pub fn of_byte(opcode: u8) -> Option<&'static [Immediate]> {
    BYTES[usize::from(opcode)]
}

/// The same for an opcode with a prefix.
pub fn of_prefixed(prefix: u8, opcode: u32) -> Option<&'static [Immediate]> {
    let page: &[_] = match prefix {
        GC => &GCS,
        MISC => &MISCS,
        SIMD => &SIMDS,
        _ => &ATOMICS,
    };
    *page.get(usize::try_from(opcode).ok()?)?
}

/// What is told fast of an opcode of one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It is of the first version of WebAssembly, and has no immediates.
    Bare,
    /// It is, and has one, which is a number.
    Number(Immediate),
    /// It is, and has one, which is something else.
    One(Immediate),
    /// Anything else.
    Other,
}

/// The shape of an opcode of one byte.
#[inline]
pub const fn shape(opcode: u8) -> Shape {
    SHAPES[opcode as usize]
}

static SHAPES: [Shape; 0x100] = {
    let page: Page<0x100> = page(ONE_BYTE);
    let mut shapes = [Shape::Other; 0x100];
    let mut opcode = 0;
    while opcode < shapes.len() {
        shapes[opcode] = match page[opcode] {
            _ if !is_of_first_version(opcode as u8) => Shape::Other,
            Some([]) => Shape::Bare,
            Some([number @ (Number | I32 | I64)]) => Shape::Number(*number),
            Some([immediate]) => Shape::One(*immediate),
            _ => Shape::Other,
        };
        opcode += 1;
    }
    shapes
};

/// Whether there has been such an instruction from the beginning. Of a few, there has been one form.
const fn is_of_first_version(opcode: u8) -> bool {
    matches!(opcode, 0x00..=0x05 | 0x0b..=0x11 | 0x1a..=0x1b | 0x20..=0x24 | 0x28..=0xbf)
}

/// Whether an opcode has a second part.
#[inline]
pub fn is_prefix(byte: u8) -> bool {
    (GC..=ATOMIC).contains(&byte)
}

/// The prefixes, in order.
pub const PREFIXES: [u8; 4] = [GC, MISC, SIMD, ATOMIC];
/// More opcodes than there are with one prefix.
pub const MOST_PREFIXED: usize = SIMDS.len();

const GC: u8 = 0xfb;
const MISC: u8 = 0xfc;
const SIMD: u8 = 0xfd;
const ATOMIC: u8 = 0xfe;

/// Opcodes that are known by what they do.
pub mod known {
    pub const UNREACHABLE: u8 = 0x00;
    pub const BLOCK: u8 = 0x02;
    pub const LOOP: u8 = 0x03;
    pub const IF: u8 = 0x04;
    pub const CATCH: u8 = 0x07;
    pub const END: u8 = 0x0b;
    pub const BR: u8 = 0x0c;
    pub const BR_IF: u8 = 0x0d;
    pub const BR_TABLE: u8 = 0x0e;
    pub const RETURN: u8 = 0x0f;
    pub const CALL: u8 = 0x10;
    pub const RETURN_CALL: u8 = 0x12;
    pub const DELEGATE: u8 = 0x18;
    pub const CATCH_ALL: u8 = 0x19;
    pub const LOCAL_GET: u8 = 0x20;
    pub const LOCAL_SET: u8 = 0x21;
    pub const LOCAL_TEE: u8 = 0x22;
    pub const I32_CONST: u8 = 0x41;
    pub const I64_CONST: u8 = 0x42;
}

type Page<const N: usize> = [Option<&'static [Immediate]>; N];

static BYTES: Page<0x100> = page(ONE_BYTE);
static GCS: Page<0x27> = page(GC_ROWS);
static MISCS: Page<0x17> = page(MISC_ROWS);
static SIMDS: Page<0x114> = page(SIMD_ROWS);
static ATOMICS: Page<0x73> = page(ATOMIC_ROWS);

/// Opcodes from one to another, and what follows each.
type Row = (u16, u16, &'static [Immediate]);

const fn page<const N: usize>(rows: &[Row]) -> Page<N> {
    let mut page = [None; N];
    let mut at = 0;
    while at < rows.len() {
        let (mut opcode, last, immediates) = rows[at];
        while opcode <= last {
            page[opcode as usize] = Some(immediates);
            opcode += 1;
        }
        at += 1;
    }
    page
}

use Immediate::{
    BlockType, Bytes, Catches, Handlers, HeapType, I32, I64, Labels, MemArg, Number, ValueTypes,
};

const CALL: Immediate = Immediate::Index(Index::Call);
const REFERENCE: Immediate = Immediate::Index(Index::Reference);
const TYPE: Immediate = Immediate::Index(Index::Type);
const CALLED_TABLE: Immediate = Immediate::Index(Index::CalledTable);
const TABLE: Immediate = Immediate::Index(Index::Table);
const WRITTEN_TABLE: Immediate = Immediate::Index(Index::WrittenTable);
const MEMORY: Immediate = Immediate::Index(Index::Memory);
const GLOBAL: Immediate = Immediate::Index(Index::Global);
const TAG: Immediate = Immediate::Index(Index::Tag);
const ELEMENT: Immediate = Immediate::Index(Index::Element);
const DATA: Immediate = Immediate::Index(Index::Data);
/// A memory ordering, a lane, or the flags of a cast.
const BYTE: Immediate = Bytes(1);

const ONE_BYTE: &[Row] = &[
    (0x00, 0x01, &[]),
    // block, loop, if; else; try, catch, throw, rethrow, throw_ref; end
    (0x02, 0x04, &[BlockType]),
    (0x05, 0x05, &[]),
    (0x06, 0x06, &[BlockType]),
    (0x07, 0x08, &[TAG]),
    (0x09, 0x09, &[Number]),
    (0x0a, 0x0b, &[]),
    // br, br_if, br_table, return
    (0x0c, 0x0d, &[Number]),
    (0x0e, 0x0e, &[Labels]),
    (0x0f, 0x0f, &[]),
    // call, call_indirect, and with return_; call_ref, return_call_ref
    (0x10, 0x10, &[CALL]),
    (0x11, 0x11, &[TYPE, CALLED_TABLE]),
    (0x12, 0x12, &[CALL]),
    (0x13, 0x13, &[TYPE, CALLED_TABLE]),
    (0x14, 0x15, &[TYPE]),
    // delegate, catch_all
    (0x18, 0x18, &[Number]),
    (0x19, 0x19, &[]),
    // drop, select, select of a type; try_table
    (0x1a, 0x1b, &[]),
    (0x1c, 0x1c, &[ValueTypes]),
    (0x1f, 0x1f, &[BlockType, Catches]),
    // local.get, local.set, local.tee; global.get, global.set; table.get, table.set
    (0x20, 0x22, &[Number]),
    (0x23, 0x24, &[GLOBAL]),
    (0x25, 0x25, &[TABLE]),
    (0x26, 0x26, &[WRITTEN_TABLE]),
    // Loads and stores; memory.size, memory.grow
    (0x28, 0x3e, &[MemArg]),
    (0x3f, 0x40, &[MEMORY]),
    // Constants
    (0x41, 0x41, &[I32]),
    (0x42, 0x42, &[I64]),
    (0x43, 0x43, &[Bytes(4)]),
    (0x44, 0x44, &[Bytes(8)]),
    // Numbers
    (0x45, 0xc4, &[]),
    // ref.null, ref.is_null, ref.func, ref.eq, ref.as_non_null, br_on_null, br_on_non_null
    (0xd0, 0xd0, &[HeapType]),
    (0xd1, 0xd1, &[]),
    (0xd2, 0xd2, &[REFERENCE]),
    (0xd3, 0xd4, &[]),
    (0xd5, 0xd6, &[Number]),
    // cont.new, cont.bind, suspend, resume, resume_throw, resume_throw_ref, switch
    (0xe0, 0xe0, &[TYPE]),
    (0xe1, 0xe1, &[TYPE, TYPE]),
    (0xe2, 0xe2, &[TAG]),
    (0xe3, 0xe3, &[TYPE, Handlers]),
    (0xe4, 0xe4, &[TYPE, TAG, Handlers]),
    (0xe5, 0xe5, &[TYPE, Handlers]),
    (0xe6, 0xe6, &[TYPE, TAG]),
];

const GC_ROWS: &[Row] = &[
    // struct.new, struct.new_default, struct.get.., struct.set
    (0x00, 0x01, &[TYPE]),
    (0x02, 0x05, &[TYPE, Number]),
    // array.new, array.new_default, array.new_fixed, array.new_data, array.new_elem
    (0x06, 0x07, &[TYPE]),
    (0x08, 0x08, &[TYPE, Number]),
    (0x09, 0x09, &[TYPE, DATA]),
    (0x0a, 0x0a, &[TYPE, ELEMENT]),
    // array.get.., array.set, array.len, array.fill, array.copy, array.init_data, array.init_elem
    (0x0b, 0x0e, &[TYPE]),
    (0x0f, 0x0f, &[]),
    (0x10, 0x10, &[TYPE]),
    (0x11, 0x11, &[TYPE, TYPE]),
    (0x12, 0x12, &[TYPE, DATA]),
    (0x13, 0x13, &[TYPE, ELEMENT]),
    // ref.test, ref.cast, br_on_cast, br_on_cast_fail
    (0x14, 0x17, &[HeapType]),
    (0x18, 0x19, &[BYTE, Number, HeapType, HeapType]),
    // Conversions
    (0x1a, 0x1e, &[]),
    // Descriptors
    (0x20, 0x21, &[TYPE]),
    (0x22, 0x22, &[TYPE]),
    (0x23, 0x24, &[HeapType]),
    (0x25, 0x26, &[BYTE, Number, HeapType, HeapType]),
];

const MISC_ROWS: &[Row] = &[
    // Conversions that saturate
    (0x00, 0x07, &[]),
    // memory.init, data.drop, memory.copy, memory.fill
    (0x08, 0x08, &[DATA, MEMORY]),
    (0x09, 0x09, &[DATA]),
    (0x0a, 0x0a, &[MEMORY, MEMORY]),
    (0x0b, 0x0b, &[MEMORY]),
    // table.init, elem.drop, table.copy, table.grow, table.size, table.fill
    (0x0c, 0x0c, &[ELEMENT, WRITTEN_TABLE]),
    (0x0d, 0x0d, &[ELEMENT]),
    (0x0e, 0x0e, &[WRITTEN_TABLE, TABLE]),
    (0x0f, 0x0f, &[WRITTEN_TABLE]),
    (0x10, 0x10, &[TABLE]),
    (0x11, 0x11, &[WRITTEN_TABLE]),
    // memory.discard; wide arithmetic
    (0x12, 0x12, &[MEMORY]),
    (0x13, 0x16, &[]),
];

const SIMD_ROWS: &[Row] = &[
    // Loads and a store; a constant and a shuffle; lanes; loads and stores of lanes
    (0x00, 0x0b, &[MemArg]),
    (0x0c, 0x0d, &[Bytes(16)]),
    (0x0e, 0x14, &[]),
    (0x15, 0x22, &[BYTE]),
    (0x23, 0x53, &[]),
    (0x54, 0x5b, &[MemArg, BYTE]),
    (0x5c, 0x5d, &[MemArg]),
    // Numbers
    (0x5e, 0x99, &[]),
    (0x9b, 0xa1, &[]),
    (0xa3, 0xa4, &[]),
    (0xa7, 0xae, &[]),
    (0xb1, 0xb1, &[]),
    (0xb5, 0xba, &[]),
    (0xbc, 0xc1, &[]),
    (0xc3, 0xc4, &[]),
    (0xc7, 0xce, &[]),
    (0xd1, 0xd1, &[]),
    (0xd5, 0xe1, &[]),
    (0xe3, 0xed, &[]),
    (0xef, 0xff, &[]),
    // Relaxed
    (0x100, 0x113, &[]),
];

const ATOMIC_ROWS: &[Row] = &[
    // Waiting and waking; a fence; a pause; loads, stores, and what is both
    (0x00, 0x02, &[MemArg]),
    (0x03, 0x03, &[BYTE]),
    (0x04, 0x04, &[]),
    (0x10, 0x4e, &[MemArg]),
    // The same of globals, tables, structures and arrays
    (0x4f, 0x57, &[BYTE, GLOBAL]),
    (0x58, 0x58, &[BYTE, TABLE]),
    (0x59, 0x5b, &[BYTE, WRITTEN_TABLE]),
    (0x5c, 0x66, &[BYTE, TYPE, Number]),
    (0x67, 0x71, &[BYTE, TYPE]),
    // ref.i31_shared
    (0x72, 0x72, &[]),
];
