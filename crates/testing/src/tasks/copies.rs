//! Reading and writing: an operation of a task, which goes on until all has been read or written.
//!
//! The state says how far it is. It asks ([`READY`]); what it has asked for is under way ([`BLOCKED`]), until there
//! is an event; and when something has come of it ([`DONE`]), that is either all, or it asks again. What is read
//! becomes a sum, whatever pieces it has come in.

use std::fmt::Write;

use super::class::{Class, tell};
use super::{Element, Encoding, Shape, Tag};

/// Nothing is read, or written.
const IDLE: i32 = 0;
/// The next thing is to ask for it.
const READY: i32 = 1;
/// It is under way: there will be an event.
const BLOCKED: i32 = 2;
/// Something has come of it.
const DONE: i32 = 3;

/// What a copy is: the same for both directions but for these.
pub struct Direction {
    name: &'static str,
    end: i32,
    state: i32,
    count: i32,
    gone: i32,
    buffer: i32,
    event: i32,
    tag: Tag,
}

/// From the end that a task has been given.
pub const READ: Direction = Direction {
    name: "read",
    end: 28,
    state: 36,
    count: 44,
    gone: 52,
    buffer: 384,
    event: 2,
    tag: Tag::Read,
};

/// To the reader that a task has started.
pub const WRITE: Direction = Direction {
    name: "write",
    end: 32,
    state: 40,
    count: 48,
    gone: 56,
    buffer: 256,
    event: 3,
    tag: Tag::Wrote,
};

/// Reads or writes until all has been.
pub fn operation(class: Class, it: &Direction, shape: &Shape) -> String {
    let load = |offset: i32| it.load(offset);
    format!(
        r#"        (block $over
        (br_if $over (i32.eqz {end}))
{begin}{wait}        (if (i32.eq {state} (i32.const {DONE}))
          (then
            (if (i32.or {gone} (i32.ge_u {count} (local.get $target)))
              (then
                (i32.store offset={state_at} (local.get $frame) (i32.const {IDLE}))
{told}                (br $over)))))
{ask}        (br $again))
"#,
        end = load(it.end),
        state = load(it.state),
        gone = load(it.gone),
        count = load(it.count),
        state_at = it.state,
        begin = it.begin(),
        ask = it.ask(shape),
        wait = class.wait(&format!("(i32.eq {} (i32.const {BLOCKED}))", load(it.state))),
        told = tell(
            it.tag,
            &match it.event {
                2 => load(60),
                _ => load(it.count),
            }
        ),
    )
}

/// Reads or writes once, unless it has before.
pub fn once(it: &Direction, shape: &Shape) -> String {
    format!(
        r#"        (if (i32.and (i32.ne {end} (i32.const 0)) (i32.eqz {state}))
          (then
{begin}        (if (i32.eq {state} (i32.const {READY}))
          (then
{ask}))))
"#,
        end = it.load(it.end),
        state = it.load(it.state),
        begin = it.begin(),
        ask = it.ask(shape),
    )
}

impl Direction {
    /// A field of the frame.
    fn load(&self, offset: i32) -> String {
        format!("(i32.load offset={offset} (local.get $frame))")
    }

    /// Before the first time.
    fn begin(&self) -> String {
        let prepare = match self.event {
            3 => "(call $fill (local.get $frame) (local.get $target))",
            _ => "",
        };
        format!(
            r#"        (if (i32.eqz {state})
          (then
            (i32.store offset={count} (local.get $frame) (i32.const 0))
            (i32.store offset={state_at} (local.get $frame)
              (select (i32.const {DONE}) (i32.const {READY}) {gone}))
            {prepare}))
"#,
            state = self.load(self.state),
            gone = self.load(self.gone),
            count = self.count,
            state_at = self.state,
        )
    }

    /// Asks for what is left.
    fn ask(&self, shape: &Shape) -> String {
        format!(
            r#"        (local.set $packed (call ${name} {end}
          (i32.add (i32.add (local.get $frame) (i32.const {buffer})) (i32.mul {count} (i32.const {size})))
          (i32.sub (local.get $target) {count})))
        (call $tell-free (local.get $frame) (i32.const {copied}) (local.get $packed))
        (if (i32.eq (local.get $packed) (i32.const -1))
          (then (i32.store offset={state_at} (local.get $frame) (i32.const {BLOCKED})))
          (else (call ${name}-progress (local.get $frame) (local.get $packed))))
"#,
            name = self.name,
            end = self.load(self.end),
            buffer = self.buffer,
            count = self.load(self.count),
            size = shape.element.map_or(0, Element::size),
            copied = Tag::Copied as u32,
            state_at = self.state,
        )
    }
}

/// What reads and writes, and what is made of elements.
pub fn functions(text: &mut String, element: Element, encoding: Encoding) {
    let size = element.size();
    let (fill, sum) = values(element, encoding);
    let progress = |it: &Direction, then: &str| {
        format!(
            r#"      (func ${name}-progress (param $frame i32) (param $result i32)
    (local $from i32)
    (local $end i32)
    (local.set $from (i32.load offset={count} (local.get $frame)))
    (local.set $end (i32.add (local.get $from) (i32.shr_u (local.get $result) (i32.const 4))))
    (i32.store offset={count} (local.get $frame) (local.get $end))
    (i32.store offset={state} (local.get $frame) (i32.const {DONE}))
    (if (i32.and (local.get $result) (i32.const 15))
      (then (i32.store offset={gone} (local.get $frame) (i32.const 1))))
    {then})
"#,
            name = it.name,
            count = it.count,
            state = it.state,
            gone = it.gone,
        )
    };
    text.push_str(&progress(
        &WRITE,
        "(i32.store offset=64 (local.get $frame) (i32.add (i32.load offset=64 (local.get $frame))
      (i32.sub (local.get $end) (local.get $from))))",
    ));
    text.push_str(&progress(
        &READ,
        &format!(
            "(block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (i32.store offset=60 (local.get $frame) (i32.add
          (i32.mul (i32.load offset=60 (local.get $frame)) (i32.const 31))
          (call $sum (i32.add (local.get $frame) (i32.add (i32.const {}) (i32.mul (local.get $from) (i32.const {size})))))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))",
            READ.buffer
        ),
    ));
    write!(
        text,
        r#"      (func $sum (param $at i32) (result i32)
    (local $from i32)
    (local $end i32)
    (local $sum i32)
    {sum})
  (func $fill (param $frame i32) (param $count i32)
    (local $at i32)
    (local $value i32)
    (local.set $value (i32.add (i32.load offset=4 (local.get $frame)) (i32.load offset=64 (local.get $frame))))
    (local.set $at (i32.add (local.get $frame) (i32.const {buffer})))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $value (i32.add (i32.mul (local.get $value) (i32.const 13)) (i32.const 5)))
        {fill}
        (local.set $at (i32.add (local.get $at) (i32.const {size})))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))
"#,
        buffer = WRITE.buffer
    )
    .expect("a string");
}

/// What is written as an element, `$value` at `$at`, and what is made of the one at `$at`.
fn values(element: Element, encoding: Encoding) -> (String, String) {
    let bits = "(i32.and (local.get $value) (i32.const 255))";
    let (fill, sum): (String, String) = match element {
        Element::Nothing => (String::new(), "(i32.const 1)".into()),
        Element::U8 => (
            "(i32.store8 (local.get $at) (local.get $value))".into(),
            "(i32.load8_u (local.get $at))".into(),
        ),
        Element::Bool => (
            "(i32.store8 (local.get $at) (i32.and (local.get $value) (i32.const 1)))".into(),
            "(i32.load8_u (local.get $at))".into(),
        ),
        Element::U32 => (
            "(i32.store (local.get $at) (local.get $value))".into(),
            "(i32.load (local.get $at))".into(),
        ),
        Element::F64 => (
            "(f64.store (local.get $at) (f64.convert_i32_s (local.get $value)))".into(),
            "(i32.wrap_i64 (i64.shr_u (i64.load (local.get $at)) (i64.const 28)))".into(),
        ),
        Element::Pair => (
            "(i32.store8 (local.get $at) (local.get $value)) (i32.store offset=4 (local.get $at) (local.get $value))"
                .into(),
            "(i32.add (i32.load8_u (local.get $at)) (i32.load offset=4 (local.get $at)))".into(),
        ),
        Element::Maybe => (
            "(i32.store8 (local.get $at) (i32.and (local.get $value) (i32.const 1))) (i32.store offset=4 (local.get $at) (local.get $value))"
                .into(),
            "(if (result i32) (i32.load8_u (local.get $at)) (then (i32.load offset=4 (local.get $at))) (else (i32.const 7)))"
                .into(),
        ),
        // The text begins with letters of one, two and three bytes.
        Element::Text if encoding == Encoding::Utf8 => {
            let units = format!(
                "(i32.load8_u (i32.add (i32.const 1048) (i32.and {bits} (i32.const 7))))"
            );
            (pointer("(i32.const 1024)", &units), sum_of(1))
        }
        Element::Text | Element::Words => (
            pointer("(i32.const 1024)", &format!("(i32.and {bits} (i32.const 7))")),
            sum_of(2),
        ),
    };
    (fill, sum)
}

fn pointer(at: &str, units: &str) -> String {
    format!("(i32.store (local.get $at) {at}) (i32.store offset=4 (local.get $at) {units})")
}

/// The sum of what a pointer and a length, in units of that size, stand for.
fn sum_of(unit: u32) -> String {
    format!(
        r#"(local.set $from (i32.load (local.get $at)))
        (local.set $sum (i32.load offset=4 (local.get $at)))
        (local.set $end (i32.add (local.get $from) (i32.mul (local.get $sum) (i32.const {unit}))))
        (block $done
          (loop $next
            (br_if $done (i32.eq (local.get $from) (local.get $end)))
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load8_u (local.get $from))))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (br $next)))
        (local.get $sum)"#
    )
}
