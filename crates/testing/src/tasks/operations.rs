//! What functions do: an interpreter for each way of being lifted, and the code of each operation.
//!
//! An operation is a block of code that one table of branches leads to. It ends by going on to the next step,
//! to the same again, or by returning what the callback tells the engine. What one kind of function cannot do is
//! no part of its interpreter.

use std::fmt::Write;

use super::class::{Class, WAIT, tell};
use super::copies::{self, READ, WRITE};
use super::{OPERATIONS, Shape, Tag};

/// The interpreter of a class of functions, in an instance.
pub fn interpreter(text: &mut String, class: Class, shape: &Shape, index: usize) {
    let operations: Vec<String> =
        (0..OPERATIONS).map(|operation| code(class, operation, shape, index)).collect();
    write!(
        text,
        r#"      (func $run-{class} (param $frame i32) (result i32)
    (local $word i32)
    (local $target i32)
    (local $at i32)
    (local $packed i32)
    (loop $again
    (local.set $at (i32.load (local.get $frame)))
    (local.set $word (call $next (i32.load offset=24 (local.get $frame)) (local.get $at)))
    (local.set $target (i32.shr_u (local.get $word) (i32.const 8)))
    (block $on
"#,
        class = class.name()
    )
    .expect("a string");
    for (operation, code) in operations.iter().enumerate().rev() {
        if !code.is_empty() {
            writeln!(text, "        (block $o{operation}").expect("a string");
        }
    }
    text.push_str("        (block $bad (br_table");
    for (operation, code) in operations.iter().enumerate() {
        match code.is_empty() {
            true => text.push_str(" $bad"),
            false => write!(text, " $o{operation}").expect("a string"),
        }
    }
    text.push_str(" $bad (i32.and (local.get $word) (i32.const 255))))\n        unreachable");
    for code in operations.iter().filter(|code| !code.is_empty()) {
        writeln!(text, ")\n{code}        (br $on)").expect("a string");
    }
    text.push_str(
        r"        )
    (i32.store (local.get $frame) (i32.add (local.get $at) (i32.const 1)))
    (br $again))
    unreachable)
",
    );
}

/// The code of an operation; nothing, if functions of that class do not have it.
fn code(class: Class, operation: u32, shape: &Shape, index: usize) -> String {
    let streams = shape.element.is_some();
    let (callback, blocks) = (class.has_callback(), class.blocks());
    let start = match class {
        Class::Plain => START.replace("$start ", "$start-plain "),
        _ => START.into(),
    };
    match operation {
        0 => end(class),
        1 => start + STARTED,
        2 if blocks => CALL.into(),
        3 => format!(
            "        (call $let-go (local.get $frame))\n{}{}",
            class.wait(UNDER_WAY),
            tell(Tag::Sum, "(i32.load offset=8 (local.get $frame))")
        ),
        4 if callback => format!("{NEXT}        (return (i32.const 1))\n"),
        5 if callback => RETURN.into(),
        6 if class != Class::Plain => start + STARTED + &cancel(),
        7 if class != Class::Plain && shape.drops(index) => start + &drop_it(),
        8 if class != Class::Plain && shape.gates() => {
            let tell = tell(Tag::Gated, "(i32.and (local.get $packed) (i32.const 15))");
            format!("{CLOSE}{start}{STARTED}{tell}{OPEN}")
        }
        9 if callback => format!("{NEXT}        (return {WAIT})\n"),
        10 => "        (call $poll-once (local.get $frame))\n".into(),
        11 if class != Class::Plain && shape.gates() => {
            format!("{CLOSE}{start}{}{OPEN}", withdraw())
        }
        12 if blocks => "        (drop (call $pause))\n".into(),
        13 if blocks => format!(
            "        (call $let-go (local.get $frame))\n{}{}",
            Class::Waiting.wait(UNDER_WAY),
            tell(Tag::Sum, "(i32.load offset=8 (local.get $frame))")
        ),
        14 if streams && class != Class::Plain => format!("{MAKE}{SEND}{STARTED}"),
        15 if streams && class != Class::Plain => copies::operation(class, &WRITE, shape),
        16 if streams && callback => copies::operation(class, &READ, shape),
        17 if streams && callback => format!("{PASS}{SEND}{STARTED}"),
        18 if streams && class != Class::Plain => {
            "        (call $finish (local.get $frame))\n".into()
        }
        19 if streams && callback => "        (call $leave (local.get $frame))\n".into(),
        21 if class != Class::Plain => "        (call $recall (local.get $frame))\n".into(),
        22 if streams && class != Class::Plain => copies::once(&WRITE, shape),
        23 if streams && class != Class::Plain => {
            "        (call $revoke (local.get $frame))\n".into()
        }
        24 if streams && callback => copies::once(&READ, shape),
        25 if streams && callback => "        (call $refrain (local.get $frame))\n".into(),
        20 => misuse(class, streams, shape.gates()),
        _ => String::new(),
    }
}

/// What is asked before a callback asks to wait: whether something is under way.
const UNDER_WAY: &str = "(i32.load offset=12 (local.get $frame))";

const NEXT: &str =
    "        (i32.store (local.get $frame) (i32.add (local.get $at) (i32.const 1)))\n";

const START: &str =
    "        (local.set $packed (call $start (local.get $target) (call $number (local.get $frame))
          (call $result (local.get $frame))))\n";

const STARTED: &str = "        (call $started (local.get $frame) (local.get $packed))\n";

const CALL: &str =
    "        (i32.store offset=8 (local.get $frame) (i32.add (i32.load offset=8 (local.get $frame))
          (call $call (local.get $target) (call $number (local.get $frame)))))\n";

const RETURN: &str = "        (if (i32.eqz (i32.load offset=20 (local.get $frame)))
          (then
            (i32.store offset=20 (local.get $frame) (i32.const 1))
            (call $return (i32.and (i32.load offset=4 (local.get $frame)) (i32.const 7)))))\n";

const CLOSE: &str = "        (call $gate (local.get $target) (i32.const 1))\n";

const OPEN: &str = "        (call $gate (local.get $target) (i32.const 0))\n";

/// The readable end is in `$packed`.
const MAKE: &str = "        (call $finish (local.get $frame))
        (local.set $packed (call $made (local.get $frame)))\n";

const SEND: &str =
    "        (local.set $packed (call $send (local.get $target) (call $number (local.get $frame))
          (local.get $packed) (call $result (local.get $frame))))\n";

const PASS: &str = "        (local.set $packed (i32.load offset=28 (local.get $frame)))
        (br_if $on (i32.eqz (local.get $packed)))
        (call $refrain (local.get $frame))
        (i32.store offset=36 (local.get $frame) (i32.const 0))
        (i32.store offset=28 (local.get $frame) (i32.const 0))
        (i32.store offset=52 (local.get $frame) (i32.const 0))
        (call $join (local.get $packed) (i32.const 0))\n";

/// The subtask of this step is cancelled.
fn cancel() -> String {
    format!(
        "        (if (i32.shr_u (local.get $packed) (i32.const 4))
          (then
            (local.set $packed (call $cancel (i32.shr_u (local.get $packed) (i32.const 4))))
{}            (call $cancelled (local.get $frame) (local.get $packed))))\n",
        tell(Tag::Cancelled, "(local.get $packed)")
    )
}

/// One that is in no set is cancelled without `async`.
fn drop_it() -> String {
    format!(
        "        (local.set $packed (i32.shr_u (local.get $packed) (i32.const 4)))
        (if (local.get $packed)
          (then
{}            (call $drop (local.get $packed))))\n",
        tell(Tag::Dropped, "(call $cancel-now (local.get $packed))")
    )
}

/// One that has not begun is cancelled.
fn withdraw() -> String {
    format!(
        "        (local.set $packed (i32.shr_u (local.get $packed) (i32.const 4)))
        (if (i32.eqz (local.get $packed)) (then unreachable))
{}        (call $drop (local.get $packed))\n",
        tell(Tag::Withdrawn, "(call $cancel (local.get $packed))")
    )
}

/// The end: all that is under way is awaited, and the set goes.
fn end(class: Class) -> String {
    let returned = match class.has_callback() {
        true => {
            "        (if (i32.eqz (i32.load offset=20 (local.get $frame)))
          (then (call $return (i32.load offset=8 (local.get $frame)))))\n"
        }
        false => "",
    };
    // A task without a callback returns its sum, and is over then.
    let free = match class.has_callback() {
        true => "        (call $free (local.get $frame))\n",
        false => "",
    };
    format!(
        "        (call $let-go (local.get $frame))
{}{returned}        (if (i32.eqz (i32.load offset=12 (local.get $frame)))
          (then (call $set-drop (i32.load offset=16 (local.get $frame)))))
{}{free}        (return (i32.const 0))\n",
        class.wait(UNDER_WAY),
        tell(Tag::Ended, "(i32.const 0)")
    )
}

fn misuse(class: Class, streams: bool, gates: bool) -> String {
    let callback = class.has_callback();
    let mut text = String::new();
    let mut case = |number: u32, code: &str| {
        text += &format!(
            "        (if (i32.eq (local.get $target) (i32.const {number})) (then {code}))\n"
        );
    };
    if callback {
        case(0, "(call $return (i32.const 0)) (call $return (i32.const 0))");
        case(5, "(return (i32.const 3))");
        case(6, "(return (i32.const 0xfff2))");
    }
    case(1, "(call $drop (i32.const 0xfff))");
    case(2, "(call $join (call $set-new) (i32.load offset=16 (local.get $frame)))");
    case(3, "(call $task-cancel)");
    if gates {
        case(4, "(call $dec)");
    }
    if streams {
        case(
            7,
            "(call $drop-writable (i32.wrap_i64 (i64.shr_u (call $make) (i64.const 32)))) (call $drop-writable (i32.const 0xfff))",
        );
    }
    text + "        unreachable\n"
}
