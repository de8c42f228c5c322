//! Random programs of streams and futures: two instances, one of which makes them and gives readable ends
//! to the other, and what is done to the ends, step by step.
//!
//! A [`Shape`] is compiled, and serves any number of programs. Each step is a call by the host of a function that
//! reads, writes, cancels, drops, or looks for an event. None of them blocks, so what each returns is certain, and
//! so is every byte of both memories, unless something is allocated there: the sum of what there is is a step, too.
//! Ends are in slots, and each has a set of its own, so that it is certain which event is found.
//!
//! Streams between tasks that wait for one another are in [`tasks`](crate::tasks): there it is certain what goes
//! through, and not in which pieces. Here every piece is.

use std::fmt::Write;

mod model;
pub mod random;
pub mod run;

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What goes through.
    pub element: Element,
    /// Whether it goes through futures.
    pub future: bool,
    /// How each instance has its strings.
    pub encodings: [Encoding; 2],
}

/// A program.
#[derive(Clone, Debug)]
pub struct Program {
    /// What is in the buffer that is written from.
    pub data: Vec<u8>,
    /// What happens.
    pub steps: Vec<Step>,
}

/// The type of what goes through.
#[allow(missing_docs, reason = "the type is the name")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Nothing,
    U8,
    U32,
    F64,
    Bool,
    Pair,
    Text,
    Words,
    Maybe,
}

/// How strings are encoded.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

/// Which instance: the one that makes streams, or the other.
pub type Side = usize;

/// What happens next, to the ends in a slot.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A new stream or future, whose readable end is given to an instance.
    New {
        slot: usize,
        reader: Side,
    },
    /// From the buffer, beginning at that element.
    Write {
        slot: usize,
        at: u32,
        length: u32,
    },
    Read {
        reader: Side,
        slot: usize,
        at: u32,
        length: u32,
    },
    CancelWrite {
        slot: usize,
    },
    CancelRead {
        reader: Side,
        slot: usize,
    },
    DropWritable {
        slot: usize,
    },
    DropReadable {
        reader: Side,
        slot: usize,
    },
    /// The event of the writable end, if there is one.
    PollWritable {
        slot: usize,
    },
    PollReadable {
        reader: Side,
        slot: usize,
    },
    /// All that is in a memory.
    Sum {
        side: Side,
    },
}

/// Slots of an instance.
pub const SLOTS: usize = 2;

/// Elements of a buffer.
pub const LENGTH: u32 = 16;

impl Element {
    /// All of them.
    pub const ALL: [Element; 9] = [
        Element::Nothing,
        Element::U8,
        Element::U32,
        Element::F64,
        Element::Bool,
        Element::Pair,
        Element::Text,
        Element::Words,
        Element::Maybe,
    ];

    /// The type, as text.
    pub fn ty(self) -> &'static str {
        match self {
            Element::Nothing => "",
            Element::U8 => "u8",
            Element::U32 => "u32",
            Element::F64 => "f64",
            Element::Bool => "bool",
            Element::Pair => "(tuple u8 u32)",
            Element::Text => "string",
            Element::Words => "(list u16)",
            Element::Maybe => "(option u32)",
        }
    }

    /// The size of one.
    pub fn size(self) -> u32 {
        match self {
            Element::Nothing => 0,
            Element::U8 | Element::Bool => 1,
            Element::U32 => 4,
            Element::F64 | Element::Pair | Element::Text | Element::Words | Element::Maybe => 8,
        }
    }

    /// Whether it is a number, or nothing.
    pub fn is_number(self) -> bool {
        matches!(self, Element::Nothing | Element::U8 | Element::U32 | Element::F64)
    }

    /// Whether it is lowered by allocating.
    pub fn allocates(self) -> bool {
        matches!(self, Element::Text | Element::Words)
    }
}

impl Encoding {
    /// The canonical option.
    pub fn option(self) -> &'static str {
        match self {
            Encoding::Utf8 => "",
            Encoding::Utf16 => " string-encoding=utf16",
        }
    }
}

impl Shape {
    /// All of them; those whose encodings do not matter, once.
    pub fn all() -> Vec<Shape> {
        let mut all = Vec::new();
        for element in Element::ALL {
            for future in [false, true] {
                let mut of = |writer, reader| {
                    all.push(Shape { element, future, encodings: [writer, reader] });
                };
                of(Encoding::Utf8, Encoding::Utf8);
                if element == Element::Text {
                    of(Encoding::Utf8, Encoding::Utf16);
                    of(Encoding::Utf16, Encoding::Utf8);
                    of(Encoding::Utf16, Encoding::Utf16);
                }
            }
        }
        all
    }

    /// The composition, as text.
    pub fn text(&self) -> String {
        let mut text = String::from("(component\n");
        let channel = if self.future { "future" } else { "stream" };
        let ty = format!("({channel} {})", self.element.ty());
        for side in 0..2 {
            self.component(&mut text, side, &ty, channel);
        }
        text.push_str("  (instance $i0 (instantiate $c0))\n");
        text.push_str("  (instance $i1 (instantiate $c1 (with \"new\" (func $i0 \"new\"))))\n");
        for side in 0..2 {
            for name in EXPORTS {
                if has(side, name) && *name != "new" {
                    writeln!(text, "  (export \"{name}{side}\" (func $i{side} \"{name}\"))")
                        .unwrap();
                }
            }
        }
        text.push_str(")\n");
        text
    }

    fn component(&self, text: &mut String, side: Side, ty: &str, channel: &str) {
        writeln!(text, "  (component $c{side}").unwrap();
        if side == 1 {
            writeln!(text, "    (import \"new\" (func $new (param \"slot\" u32) (result {ty})))")
                .unwrap();
        }
        text.push_str(LIBC);
        text.push_str("    )\n    (core instance $libc (instantiate $libc))\n");
        writeln!(text, "    (type $t {ty})").unwrap();
        let mut exports = String::new();
        let mut canon = |name: &str, canon: String| {
            writeln!(text, "    (core func ${name} (canon {canon}))").unwrap();
            write!(exports, " (export \"{name}\" (func ${name}))").unwrap();
        };
        let memory = "(memory (core memory $libc \"memory\"))";
        let encoding = self.encodings[side].option();
        let memory = match self.element {
            Element::Nothing => String::new(),
            _ => format!("{memory}{encoding}"),
        };
        let realloc = match self.element.allocates() {
            true => " (realloc (core func $libc \"realloc\"))",
            false => "",
        };
        for (name, of) in [
            ("make", format!("{channel}.new $t")),
            ("write", format!("{channel}.write $t async {memory}")),
            ("read", format!("{channel}.read $t async {memory}{realloc}")),
            ("cancel-write", format!("{channel}.cancel-write $t async")),
            ("cancel-read", format!("{channel}.cancel-read $t async")),
            ("drop-writable", format!("{channel}.drop-writable $t")),
            ("drop-readable", format!("{channel}.drop-readable $t")),
            ("set", "waitable-set.new".into()),
            ("join", "waitable.join".into()),
            ("poll", "waitable-set.poll (memory (core memory $libc \"memory\"))".into()),
        ] {
            canon(name, of);
        }
        if side == 1 {
            canon("new", "lower (func $new)".into());
        }
        self.module(text, side);
        writeln!(text, "    (core instance $m (instantiate $m (with \"\" (instance (export \"memory\" (memory $libc \"memory\")){exports}))))").unwrap();
        for name in EXPORTS {
            if *name == "new" && side == 0 {
                text.push_str("    (func (export \"new\") (param \"slot\" u32) (result $t) (canon lift (core func $m \"new\")))\n");
                continue;
            }
            let params = match *name {
                "poke" => "(param \"at\" u32) (param \"value\" u64)",
                "write" | "read" => {
                    "(param \"slot\" u32) (param \"at\" u32) (param \"length\" u32)"
                }
                "sum" => "",
                _ => "(param \"slot\" u32)",
            };
            if has(side, name) {
                writeln!(text, "    (func (export \"{name}\") {params} (result u64) (canon lift (core func $m \"{name}\")))").unwrap();
            }
        }
        text.push_str("  )\n");
    }

    /// +0 an event; +64 for each slot, the writable end, its set, the readable end, its set
    fn module(&self, text: &mut String, side: Side) {
        let size = self.element.size();
        let length = if self.future { "" } else { " i32" };
        text.push_str("    (core module $m\n      (import \"\" \"memory\" (memory 1))\n");
        let mut import = |name: &str, ty: String| {
            writeln!(text, "      (import \"\" \"{name}\" (func ${name} {ty}))").unwrap();
        };
        import("make", "(result i64)".into());
        for name in ["write", "read"] {
            import(name, format!("(param i32 i32{length}) (result i32)"));
        }
        for name in ["cancel-write", "cancel-read"] {
            import(name, "(param i32) (result i32)".into());
        }
        for name in ["drop-writable", "drop-readable"] {
            import(name, "(param i32)".into());
        }
        import("set", "(result i32)".into());
        import("join", "(param i32 i32)".into());
        import("poll", "(param i32 i32) (result i32)".into());
        if side == 1 {
            import("new", "(param i32) (result i32)".into());
        }
        text.push_str(COMMON);
        match (self.element, self.encodings[side]) {
            (Element::Text, Encoding::Utf8) => text.push_str(&sum_of_values(1)),
            (Element::Text, Encoding::Utf16) | (Element::Words, _) => {
                text.push_str(&sum_of_values(2));
            }
            _ => text.push_str(SUM),
        }
        if side == 0 {
            text.push_str(MAKE);
        } else {
            text.push_str(
                "      (func (export \"open\") (param $slot i32) (result i64)
        (call $keep-readable (local.get $slot) (call $new (local.get $slot))))\n",
            );
        }
        let passed = if self.future { "" } else { " (local.get $length)" };
        for (name, offset, buffer) in [("write", 0, 1024), ("read", 8, 4096)] {
            writeln!(
                text,
                "      (func (export \"{name}\") (param $slot i32) (param $at i32) (param $length i32) (result i64)
        (i64.extend_i32_u (call ${name} (i32.load offset={offset} (call $at (local.get $slot)))
          (i32.add (i32.const {buffer}) (i32.mul (local.get $at) (i32.const {size}))){passed})))"
            )
            .unwrap();
        }
        text.push_str("    )\n");
    }
}

impl Step {
    /// The function that it is a call of, and with what.
    pub fn call(self) -> (String, Vec<u32>) {
        let (name, side, args) = match self {
            Step::New { slot, reader: 0 } => ("own", 0, vec![slot as u32]),
            Step::New { slot, reader } => ("open", reader, vec![slot as u32]),
            Step::Write { slot, at, length } => ("write", 0, vec![slot as u32, at, length]),
            Step::Read { reader, slot, at, length } => {
                ("read", reader, vec![slot as u32, at, length])
            }
            Step::CancelWrite { slot } => ("cancel-write", 0, vec![slot as u32]),
            Step::CancelRead { reader, slot } => ("cancel-read", reader, vec![slot as u32]),
            Step::DropWritable { slot } => ("drop-writable", 0, vec![slot as u32]),
            Step::DropReadable { reader, slot } => ("drop-readable", reader, vec![slot as u32]),
            Step::PollWritable { slot } => ("poll-writable", 0, vec![slot as u32]),
            Step::PollReadable { reader, slot } => ("poll-readable", reader, vec![slot as u32]),
            Step::Sum { side } => ("sum", side, Vec::new()),
        };
        (format!("{name}{side}"), args)
    }
}

/// What instances export.
const EXPORTS: &[&str] = &[
    "new",
    "poke",
    "own",
    "write",
    "cancel-write",
    "drop-writable",
    "poll-writable",
    "open",
    "read",
    "cancel-read",
    "drop-readable",
    "poll-readable",
    "sum",
];

/// What only the first does: it has the writable ends.
const OF_THE_FIRST: &[&str] =
    &["new", "poke", "own", "write", "cancel-write", "drop-writable", "poll-writable"];

/// Whether an instance exports a function.
fn has(side: Side, name: &str) -> bool {
    match side {
        0 => name != "open",
        _ => !OF_THE_FIRST.contains(&name),
    }
}

/// A memory, and what allocates there.
const LIBC: &str = r#"    (core module $libc
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 16384))
      (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and
          (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
          (i32.sub (i32.const 0) (local.get $align))))
        (global.set $top (i32.add (local.get $at) (local.get $new)))
        (memory.copy (local.get $at) (local.get $old) (select (local.get $size) (local.get $new)
          (i32.lt_u (local.get $size) (local.get $new))))
        (local.get $at))
"#;

/// What both do.
const COMMON: &str = r#"
      (func $at (param $slot i32) (result i32)
        (i32.add (i32.const 64) (i32.shl (local.get $slot) (i32.const 4))))
      (func $keep-readable (param $slot i32) (param $end i32) (result i64)
        (i32.store offset=8 (call $at (local.get $slot)) (local.get $end))
        (i32.store offset=12 (call $at (local.get $slot)) (call $set))
        (call $join (local.get $end) (i32.load offset=12 (call $at (local.get $slot))))
        (i64.extend_i32_u (local.get $end)))
      (func (export "cancel-read") (param $slot i32) (result i64)
        (i64.extend_i32_u (call $cancel-read (i32.load offset=8 (call $at (local.get $slot))))))
      (func (export "drop-readable") (param $slot i32) (result i64)
        (call $drop-readable (i32.load offset=8 (call $at (local.get $slot))))
        (i64.const 0))
      (func $found (param $set i32) (result i64)
        (i32.store (i32.const 0) (i32.const 0))
        (i32.store (i32.const 4) (i32.const 0))
        (i64.or
          (i64.shl (i64.extend_i32_u (call $poll (local.get $set) (i32.const 0))) (i64.const 60))
          (i64.xor (i64.shl (i64.load32_u (i32.const 0)) (i64.const 32)) (i64.load32_u (i32.const 4)))))
      (func (export "poll-readable") (param $slot i32) (result i64)
        (call $found (i32.load offset=12 (call $at (local.get $slot)))))
"#;

/// The sum of all bytes.
const SUM: &str = r#"      (func (export "sum") (result i64)
        (local $at i32)
        (local $sum i64)
        (loop $next
          (local.set $sum (i64.add
            (i64.mul (local.get $sum) (i64.const 0x100000001b3))
            (i64.load (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $at) (i32.const 32768))))
        (local.get $sum))
"#;

/// The sum of what the elements of the buffer that is read to point to, units of that size: where that
/// has been allocated is not the same in all engines.
fn sum_of_values(unit: u32) -> String {
    format!(
        r#"      (func (export "sum") (result i64)
        (local $at i32)
        (local $from i32)
        (local $end i32)
        (local $sum i64)
        (local.set $at (i32.const 4096))
        (loop $next
          (local.set $from (i32.load (local.get $at)))
          (local.set $end (i32.add (local.get $from) (i32.mul (i32.const {unit}) (i32.load offset=4 (local.get $at)))))
          (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load32_u offset=4 (local.get $at))))
          (block $done
            (loop $byte
              (br_if $done (i32.eq (local.get $from) (local.get $end)))
              (local.set $sum (i64.add
                (i64.mul (local.get $sum) (i64.const 0x100000001b3))
                (i64.load8_u (local.get $from))))
              (local.set $from (i32.add (local.get $from) (i32.const 1)))
              (br $byte)))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $at) (i32.const {end}))))
        (local.get $sum))
"#,
        end = 4096 + 8 * LENGTH,
    )
}

/// What only the first does.
const MAKE: &str = r#"
      (func $new (param $slot i32) (result i32)
        (local $ends i64)
        (local $at i32)
        (local.set $ends (call $make))
        (local.set $at (call $at (local.get $slot)))
        (i32.store (local.get $at) (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
        (i32.store offset=4 (local.get $at) (call $set))
        (call $join (i32.load (local.get $at)) (i32.load offset=4 (local.get $at)))
        (i32.wrap_i64 (local.get $ends)))
      (export "new" (func $new))
      (func (export "own") (param $slot i32) (result i64)
        (call $keep-readable (local.get $slot) (call $new (local.get $slot))))
      (func (export "poke") (param $at i32) (param $value i64) (result i64)
        (i64.store offset=1024 (local.get $at) (local.get $value))
        (local.get $value))
      (func (export "cancel-write") (param $slot i32) (result i64)
        (i64.extend_i32_u (call $cancel-write (i32.load (call $at (local.get $slot))))))
      (func (export "drop-writable") (param $slot i32) (result i64)
        (call $drop-writable (i32.load (call $at (local.get $slot))))
        (i64.const 0))
      (func (export "poll-writable") (param $slot i32) (result i64)
        (call $found (i32.load offset=4 (call $at (local.get $slot)))))
"#;
