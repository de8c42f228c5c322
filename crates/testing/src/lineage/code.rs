//! The code of a guest: reading values, building them, and the operations.

use std::fmt::Write;

use super::guest::Writer;
use super::types::{align, flat, flat_of, offsets, size};
use super::{Func, Op, Ty};

impl Writer<'_> {
    /// The code of an exported function.
    pub(super) fn func(&mut self, func: &Func, params: &[Ty], result: Option<&Ty>) -> String {
        let count = flat_of(params);
        let names: Vec<_> = (0..count).map(|n| format!("$p{n}")).collect();
        let mut code = String::new();
        let read = if count > 16 {
            code += "(param $p0 i32) ";
            let reader = self.reader(&Ty::Tuple(params.to_vec()));
            format!("(call {reader} (local.get $p0))")
        } else {
            for name in &names {
                let _ = write!(code, "(param {name} i32) ");
            }
            let mut names = names.into_iter();
            params.iter().map(|ty| self.read_flat(ty, &mut names)).collect()
        };
        if result.is_some() {
            code += "(result i32) ";
        }
        code += LOCALS;
        code += &read;
        code += &self.ops(&func.body);
        if !func.keeps {
            code += "\n        (call $end)";
        }
        self.seed = func.seed;
        match result {
            None => {}
            Some(ty) if flat_of(std::slice::from_ref(ty)) == 1 => {
                let mut values = Vec::new();
                code += &self.build_flat(ty, &mut values);
                code += &values.concat();
            }
            Some(ty) => {
                let at = self.allocate(ty);
                code += &self.build(ty, at);
                let _ = write!(code, " (i32.const {at})");
            }
        }
        code
    }

    pub(super) fn ops(&mut self, ops: &[Op]) -> String {
        ops.iter().map(|op| format!("\n        {}", self.op(*op))).collect()
    }

    fn op(&mut self, op: Op) -> String {
        let number = self.number;
        let known = self.known(number);
        let of = |raw: u32| known[raw as usize % known.len()];
        match op {
            Op::New => format!("(call $got-own (i32.const {number}) (call $new (call $next-tag)))"),
            Op::Wrap(nth) => match self.known(number - 1).last() {
                Some(inner) => format!(
                    "(call $got-own (i32.const {number}) (call $new (i32.or (call $next-tag) (i32.shl (call $take (i32.const {inner}) (i32.const {nth})) (i32.const 8)))))"
                ),
                None => self.op(Op::New),
            },
            Op::Drop { of: raw, nth } => {
                let of = of(raw);
                format!(
                    "(call $drop (i32.const {of}) (call $take (i32.const {of}) (i32.const {nth})))"
                )
            }
            Op::Rep(nth) => format!(
                "(call $log (call $rep (call $peek (i32.const {number}) (i32.const {nth}))))"
            ),
            Op::DropIndex { of: raw, index } => {
                format!("(call $drop (i32.const {}) (i32.const {index}))", of(raw))
            }
            Op::Call { guest, func, seed } => {
                let callees = self.callees();
                let choice = (guest as usize * 7 + func as usize).checked_rem(callees.len());
                let Some(choice) = choice else { return self.op(Op::New) };
                let (callee, name, params, result) = &callees[choice];
                self.seed = seed;
                self.call(*callee, name, params, result.as_ref())
            }
        }
    }

    fn call(&mut self, callee: usize, name: &str, params: &[Ty], result: Option<&Ty>) -> String {
        let mut code = String::new();
        let mut values = Vec::new();
        if flat_of(params) > 16 {
            let ty = Ty::Tuple(params.to_vec());
            let at = self.allocate(&ty);
            code += &self.build(&ty, at);
            values.push(format!("(i32.const {at})"));
        } else {
            for ty in params {
                code += &self.build_flat(ty, &mut values);
            }
        }
        let mut after = String::new();
        let mut before = "";
        match result {
            None => {}
            Some(ty) if flat_of(std::slice::from_ref(ty)) == 1 => {
                before = "(local.set $x ";
                after =
                    format!(") {}", self.read_flat(ty, &mut vec!["$x".to_string()].into_iter()));
            }
            Some(ty) => {
                let at = self.allocate(ty);
                values.push(format!("(i32.const {at})"));
                after = format!(" (call {} (i32.const {at}))", self.reader(ty));
            }
        }
        format!("{code} {before}(call $call-{callee}-{name} {}){after}", values.concat())
    }

    /// Reads flat values.
    pub(super) fn read_flat(&mut self, ty: &Ty, names: &mut std::vec::IntoIter<String>) -> String {
        let name =
            |names: &mut std::vec::IntoIter<String>| names.next().expect("one for each flat value");
        match ty {
            Ty::U8 | Ty::U32 => format!("(call $log (local.get {}))", name(names)),
            Ty::Own(of) => format!("(call $got-own (i32.const {of}) (local.get {}))", name(names)),
            Ty::Borrow(of) if *of as usize == self.number => {
                format!("(call $log (local.get {}))", name(names))
            }
            Ty::Borrow(of) => {
                format!("(call $got-borrow (i32.const {of}) (local.get {}))", name(names))
            }
            Ty::List(element) => {
                let reader = self.elements_reader(element);
                format!("(call {reader} (local.get {}) (local.get {}))", name(names), name(names))
            }
            Ty::Fixed(element, n) => (0..*n).map(|_| self.read_flat(element, names)).collect(),
            Ty::Tuple(types) => types.iter().map(|ty| self.read_flat(ty, names)).collect(),
            Ty::Option(some) => {
                let case = name(names);
                format!("(if (local.get {case}) (then {}))", self.read_flat(some, names))
            }
            Ty::Result(ok, error) => {
                let case = name(names);
                let count = flat(ok).max(flat(error)) as usize;
                let payload: Vec<_> = (0..count).map(|_| name(names)).collect();
                let (ok, error) = (
                    self.read_flat(ok, &mut payload.clone().into_iter()),
                    self.read_flat(error, &mut payload.into_iter()),
                );
                format!("(if (local.get {case}) (then {error}) (else {ok}))")
            }
        }
    }

    /// The function that reads a value from memory.
    fn reader(&mut self, ty: &Ty) -> String {
        if let Some(n) = self.readers.iter().position(|(other, _)| other == ty) {
            return format!("$read{n}");
        }
        let n = self.readers.len();
        self.readers.push((ty.clone(), String::new()));
        let at = |offset: u32| format!("(i32.add (local.get $at) (i32.const {offset}))");
        let load = "(i32.load (local.get $at))";
        let code = match ty {
            Ty::U8 => "(call $log (i32.load8_u (local.get $at)))".to_string(),
            Ty::U32 => format!("(call $log {load})"),
            Ty::Own(of) => format!("(call $got-own (i32.const {of}) {load})"),
            Ty::Borrow(of) if *of as usize == self.number => format!("(call $log {load})"),
            Ty::Borrow(of) => format!("(call $got-borrow (i32.const {of}) {load})"),
            Ty::List(element) => {
                let reader = self.elements_reader(element);
                format!("(call {reader} {load} (i32.load offset=4 (local.get $at)))")
            }
            Ty::Fixed(element, count) => {
                let reader = self.reader(element);
                let calls =
                    (0..*count).map(|i| format!("(call {reader} {})", at(i * size(element))));
                calls.collect()
            }
            Ty::Tuple(types) => {
                let mut code = String::new();
                for (ty, offset) in types.iter().zip(offsets(types)) {
                    let _ = write!(code, "(call {} {})", self.reader(ty), at(offset));
                }
                code
            }
            Ty::Option(some) => {
                let reader = self.reader(some);
                let payload = at(align(some));
                format!("(if (i32.load8_u (local.get $at)) (then (call {reader} {payload})))")
            }
            Ty::Result(ok, error) => {
                let payload = at(align(ok).max(align(error)));
                let (ok, error) = (self.reader(ok), self.reader(error));
                format!(
                    "(if (i32.load8_u (local.get $at)) (then (call {error} {payload})) (else (call {ok} {payload})))"
                )
            }
        };
        self.readers[n].1 = format!("      (func $read{n} (param $at i32) {code})\n");
        format!("$read{n}")
    }

    /// The function that reads so many elements from an address.
    fn elements_reader(&mut self, element: &Ty) -> String {
        // A list of no length stands for the elements of any.
        let key = Ty::Fixed(Box::new(element.clone()), 0);
        if let Some(n) = self.readers.iter().position(|(other, _)| *other == key) {
            return format!("$read{n}");
        }
        let reader = self.reader(element);
        let n = self.readers.len();
        let size = size(element);
        self.readers.push((
            key,
            format!(
                "      (func $read{n} (param $at i32) (param $count i32)
        (loop $next (if (local.get $count) (then (call {reader} (local.get $at))
          (local.set $at (i32.add (local.get $at) (i32.const {size})))
          (local.set $count (i32.sub (local.get $count) (i32.const 1))) (br $next)))))\n"
            ),
        ));
        format!("$read{n}")
    }

    /// Builds flat values: code to run first, and an expression for each.
    fn build_flat(&mut self, ty: &Ty, values: &mut Vec<String>) -> String {
        match ty {
            Ty::U8 | Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => {
                values.push(self.leaf(ty));
                String::new()
            }
            Ty::List(element) => {
                let (code, at, count) = self.build_elements(element);
                values.extend([at, count].map(|n| format!("(i32.const {n})")));
                code
            }
            Ty::Fixed(element, n) => (0..*n).map(|_| self.build_flat(element, values)).collect(),
            Ty::Tuple(types) => types.iter().map(|ty| self.build_flat(ty, values)).collect(),
            Ty::Option(_) | Ty::Result(..) => {
                let (case, payload) = self.case(ty);
                let end = values.len() + flat(ty) as usize;
                values.push(format!("(i32.const {case})"));
                let code = payload.map(|ty| self.build_flat(&ty, values)).unwrap_or_default();
                values.resize(end, "(i32.const 0)".into());
                code
            }
        }
    }

    /// Builds a value at an address.
    fn build(&mut self, ty: &Ty, at: u32) -> String {
        match ty {
            Ty::U8 => format!("(i32.store8 (i32.const {at}) {})", self.leaf(ty)),
            Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => {
                format!("(i32.store (i32.const {at}) {})", self.leaf(ty))
            }
            Ty::List(element) => {
                let (code, elements, count) = self.build_elements(element);
                format!(
                    "{code} (i32.store (i32.const {at}) (i32.const {elements})) (i32.store offset=4 (i32.const {at}) (i32.const {count}))"
                )
            }
            Ty::Fixed(element, n) => {
                (0..*n).map(|i| self.build(element, at + i * size(element))).collect()
            }
            Ty::Tuple(types) => types
                .iter()
                .zip(offsets(types))
                .map(|(ty, offset)| self.build(ty, at + offset))
                .collect(),
            Ty::Option(_) | Ty::Result(..) => {
                let (case, payload) = self.case(ty);
                let code = format!("(i32.store8 (i32.const {at}) (i32.const {case}))");
                let payload = payload.map(|payload| self.build(&payload, at + align(ty)));
                code + &payload.unwrap_or_default()
            }
        }
    }

    fn build_elements(&mut self, element: &Ty) -> (String, u32, u32) {
        let count = self.choose(4);
        let at = self.allocate(&Ty::Fixed(Box::new(element.clone()), count));
        let code = (0..count).map(|i| self.build(element, at + i * size(element))).collect();
        (code, at, count)
    }

    fn case(&mut self, ty: &Ty) -> (u32, Option<Ty>) {
        let case = self.choose(2);
        let payload = match (ty, case) {
            (Ty::Option(some), 1) | (Ty::Result(some, _), 0) | (Ty::Result(_, some), 1) => {
                Some((**some).clone())
            }
            _ => None,
        };
        (case, payload)
    }

    /// A handle out of a pool, a number, or, seldom, an index that is made up.
    fn leaf(&mut self, ty: &Ty) -> String {
        let nth = self.choose(8);
        match ty {
            Ty::Own(_) | Ty::Borrow(_) if self.choose(100) == 0 => format!("(i32.const {nth})"),
            Ty::Own(of) if self.choose(8) == 0 => {
                format!("(call $take-borrow (i32.const {of}) (i32.const {nth}))")
            }
            Ty::Own(of) => format!("(call $take (i32.const {of}) (i32.const {nth}))"),
            Ty::Borrow(of) => format!("(call $peek (i32.const {of}) (i32.const {nth}))"),
            _ => format!("(i32.const {nth})"),
        }
    }

    fn choose(&mut self, choices: u32) -> u32 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.seed >> 16) % choices
    }

    fn allocate(&mut self, ty: &Ty) -> u32 {
        let at = self.room.next_multiple_of(8);
        self.room = at + size(ty);
        assert!(self.room < HEAP, "guests build a few small values");
        at
    }
}

/// Where pools end and values are built, and where allocation begins.
pub const ROOM: u32 = 16_384;
const HEAP: u32 = 1 << 20;

/// What every function has room for.
pub const LOCALS: &str = "(local $x i32)\n        ";
