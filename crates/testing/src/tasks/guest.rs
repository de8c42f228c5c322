//! The interpreter that each function of an instance is.
//!
//! # The frame of a task
//!
//! | at | |
//! |---:|---|
//! | 0, 4, 8 | the next step, the number of the task, the sum so far |
//! | 12, 16, 20, 24 | how much is under way, its set, whether it has returned, its function |
//! | 28, 32 | its readable and its writable end |
//! | 36, 40 | how far it is with reading, and with writing: see [`copies`] |
//! | 44, 48 | how many elements of this step have been read, and written |
//! | 52, 56 | whether there is nobody any more to read from, or to write to |
//! | 60, 64 | what has been read so far, as a sum; how many elements have been written before |
//! | 68, 72 | the next frame that nobody has; whether the program is free |
//! | 128, 192 | for each step, a subtask, and a result |
//! | 256, 384 | what is written, and what has been read |

use std::fmt::Write;

use super::class::Class;
use super::operations::interpreter;
use super::{Encoding, Kind, Shape, copies};

/// The code of a guest.
pub struct Guest<'a> {
    shape: &'a Shape,
    index: usize,
}

impl<'a> Guest<'a> {
    /// That of an instance.
    pub fn of(shape: &'a Shape, index: usize) -> Self {
        Guest { shape, index }
    }

    /// Its memory, and what allocates there: what is read is looked at at once, so the room goes round.
    pub fn libc(&self) -> String {
        let text = match self.shape.instances[self.index].encoding {
            // After it, how long its beginnings are.
            Encoding::Utf8 => {
                "aé€zbcüß\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\01\\03\\06\\07\\08\\09\\0b"
            }
            Encoding::Utf16 => "a\\00\\e9\\00\\ac\\20z\\00b\\00c\\00\\fc\\00\\df\\00",
        };
        format!(
            r#"    (core module $libc
      (memory (export "memory") 5)
      (data (i32.const 1024) "{text}")
      (global $top (mut i32) (i32.const 0x10000))
      (func (export "realloc") (param $old i32) (param $before i32) (param $align i32) (param $size i32) (result i32)
        (if (i32.and (i32.ne (local.get $old) (i32.const 0)) (i32.le_u (local.get $size) (local.get $before)))
          (then (return (local.get $old))))
        (if (i32.gt_u (i32.add (global.get $top) (local.get $size)) (i32.const 0x1ffff))
          (then (global.set $top (i32.const 0x10000))))
        (memory.copy (global.get $top) (local.get $old) (local.get $before))
        (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $size)) (i32.const 7)) (i32.const -8)))))
"#
        )
    }

    /// The module.
    pub fn module(&self) -> String {
        let mut text = String::from(
            "    (core module $m\n      (import \"\" \"memory\" (memory 5))\n      (import \"\" \"realloc\" (func $realloc (param i32 i32 i32 i32) (result i32)))\n",
        );
        let instance = &self.shape.instances[self.index];
        let blocks = instance.kinds.iter().any(|kind| kind.blocks());
        let mut import = |name: &str, ty: &str| {
            text += &format!("      (import \"\" \"{name}\" (func ${name} {ty}))\n");
        };
        for (name, ty) in BUILTINS {
            import(name, ty);
        }
        if self.shape.drops(self.index) {
            import("cancel-now", "(param i32) (result i32)");
        }
        if blocks {
            import("wait", "(param i32 i32) (result i32)");
            import("pause", "(result i32)");
        }
        if self.shape.element.is_some() {
            for (name, ty) in ENDS {
                import(name, ty);
            }
        }
        for (id, _, kind) in self.shape.callees(self.index) {
            let end = if kind == Kind::Reader { " i32" } else { "" };
            if !kind.blocks() {
                import(&format!("a{id}"), &format!("(param i32{end} i32) (result i32)"));
            }
            if blocks && kind != Kind::Reader {
                import(&format!("s{id}"), "(param i32) (result i32)");
            }
        }
        if self.shape.gates() {
            import("inc", "");
            import("dec", "");
            for owner in 0..self.index {
                import(&format!("gate{owner}"), "(param i32)");
            }
        }
        text.push_str(COMMON);
        self.dispatch(&mut text, blocks);
        match self.shape.element {
            Some(element) => {
                copies::functions(&mut text, element, instance.encoding);
                text.push_str(ENDS_OF_TASKS);
            }
            None => text.push_str(NO_ENDS),
        }
        for (class, is_there) in [
            (
                Class::Callback,
                instance.kinds.iter().any(|k| matches!(k, Kind::Callback | Kind::Reader)),
            ),
            (Class::Plain, instance.kinds.contains(&Kind::Plain)),
            (Class::Waiting, instance.kinds.contains(&Kind::Waiting)),
            (Class::Both, instance.kinds.contains(&Kind::Both)),
        ] {
            if is_there {
                interpreter(&mut text, class, self.shape, self.index);
            }
        }
        for (local, kind) in instance.kinds.iter().enumerate() {
            text.push_str(&entry(local, *kind));
        }
        text.push_str("    )\n");
        text
    }

    /// What calls the function that is meant.
    fn dispatch(&self, text: &mut String, blocks: bool) {
        let mut dispatcher = |name: &str,
                              params: &str,
                              args: &str,
                              way: &str,
                              which: &dyn Fn(Kind) -> bool| {
            write!(text, "      (func ${name} (param $target i32) {params} (result i32)")
                .expect("a string");
            for (id, _, kind) in self.shape.callees(self.index) {
                if which(kind) {
                    write!(
                        text,
                        "\n        (if (i32.eq (local.get $target) (i32.const {id})) (then (return (call ${way}{id} {args}))))"
                    )
                    .expect("a string");
                }
            }
            text.push_str("\n        unreachable)\n");
        };
        let (x, all) = ("(local.get $x)", "(local.get $x) (local.get $to)");
        let params = "(param $x i32) (param $to i32)";
        dispatcher("start", params, all, "a", &|kind| !kind.blocks() && kind != Kind::Reader);
        dispatcher("start-plain", params, all, "a", &|kind| kind == Kind::Plain);
        if self.shape.element.is_some() {
            let params = "(param $x i32) (param $end i32) (param $to i32)";
            let args = "(local.get $x) (local.get $end) (local.get $to)";
            dispatcher("send", params, args, "a", &|kind| kind == Kind::Reader);
        }
        if blocks {
            dispatcher("call", "(param $x i32)", x, "s", &|kind| kind != Kind::Reader);
        }
        if !self.shape.gates() {
            return;
        }
        text.push_str(GATE);
        // The gate of the instance that a function is of.
        text.push_str("      (func $gate (param $target i32) (param $by i32)");
        for (id, owner, _) in self.shape.callees(self.index) {
            write!(
                text,
                "\n        (if (i32.eq (local.get $target) (i32.const {id})) (then (return (call $gate{owner} (local.get $by)))))"
            )
            .expect("a string");
        }
        text.push_str("\n        unreachable)\n");
    }
}

/// What the host or a caller calls, and what calls back.
fn entry(local: usize, kind: Kind) -> String {
    let run = Class::of(kind).name();
    let (param, keep) = match kind {
        Kind::Reader => (
            " (param $end i32)",
            "        (i32.store offset=28 (local.get $frame) (local.get $end))
        (call $join (local.get $end) (i32.load offset=16 (local.get $frame)))\n",
        ),
        _ => ("", ""),
    };
    let begin = format!(
        "      (func (export \"f{local}\") (param $x i32){param} (result i32)
        (local $frame i32)
        (local.set $frame (call $frame (local.get $x) (i32.const {local})))\n{keep}"
    );
    if !kind.has_callback() {
        return begin
            + &format!(
                "        (drop (call $run-{run} (local.get $frame)))
        (i32.load offset=8 (local.get $frame))
        (call $free (local.get $frame)))\n"
            );
    }
    begin
        + &format!(
            "        (call $run-{run} (local.get $frame)))
      (func (export \"callback{local}\") (param $code i32) (param $handle i32) (param $payload i32) (result i32)
        (local $frame i32)
        (local.set $frame (call $get))
        (if (i32.ne (call $get-number) (i32.load offset=4 (local.get $frame))) (then unreachable))
        (if (i32.eq (local.get $code) (i32.const 6))
          (then (call $asked (local.get $frame)))
          (else (call $event (local.get $frame) (local.get $code) (local.get $handle) (local.get $payload))))
        (call $run-{run} (local.get $frame)))\n"
        )
}

/// What every guest imports.
const BUILTINS: &[(&str, &str)] = &[
    ("log", "(param i32 i32)"),
    ("next", "(param i32 i32) (result i32)"),
    ("me", "(result i32)"),
    ("return", "(param i32)"),
    ("task-cancel", ""),
    ("get", "(result i32)"),
    ("set", "(param i32)"),
    ("get-number", "(result i32)"),
    ("set-number", "(param i32)"),
    ("cancel", "(param i32) (result i32)"),
    ("drop", "(param i32)"),
    ("set-new", "(result i32)"),
    ("set-drop", "(param i32)"),
    ("join", "(param i32 i32)"),
    ("poll", "(param i32 i32) (result i32)"),
];

/// What guests with streams import.
const ENDS: &[(&str, &str)] = &[
    ("make", "(result i64)"),
    ("write", "(param i32 i32 i32) (result i32)"),
    ("read", "(param i32 i32 i32) (result i32)"),
    ("cancel-write", "(param i32) (result i32)"),
    ("cancel-read", "(param i32) (result i32)"),
    ("drop-writable", "(param i32)"),
    ("drop-readable", "(param i32)"),
];

/// How others keep tasks from entering an instance, and let them in.
const GATE: &str = r#"      (func (export "gate") (param $by i32)
        (if (local.get $by) (then (call $inc)) (else (call $dec))))
"#;

const COMMON: &str = include_str!("common.wat");

const ENDS_OF_TASKS: &str = include_str!("ends.wat");

const NO_ENDS: &str = r#"      (func $copied (param $frame i32) (param $code i32) (param $payload i32) unreachable)
      (func $let-go (param $frame i32))
"#;
