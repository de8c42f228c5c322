//! A guest as a component: what it imports and exports around its code.

use std::fmt::Write;

use super::Lineage;
use super::code::{LOCALS, ROOM};
use super::types::{Ty, flat_of, signature};

/// What a guest imports of the host.
pub const HOST: &str = r#"
    (export "r0" (type $r0 (sub resource)))
    (export "make" (func (result (own $r0))))
    (export "look" (func (param "x" (borrow $r0)) (result u32)))
    (export "take" (func (param "x" (own $r0))))
    (export "look-at-all" (func (param "x" (list (borrow $r0))) (result u32)))
    (export "make-some" (func (result (list (own $r0)))))"#;

/// The functions of the host that guests call with handles.
fn host_funcs() -> Vec<(&'static str, Vec<Ty>, Option<Ty>)> {
    let list = |ty| Ty::List(Box::new(ty));
    vec![
        ("look", vec![Ty::Borrow(0)], Some(Ty::U32)),
        ("take", vec![Ty::Own(0)], None),
        ("look-at-all", vec![list(Ty::Borrow(0))], Some(Ty::U32)),
        ("make-some", vec![], Some(list(Ty::Own(0)))),
    ]
}
/// Writes a guest.
pub struct Writer<'a> {
    pub(super) lineage: &'a Lineage,
    pub(super) number: usize,
    /// The functions that read values of a type from memory.
    pub(super) readers: Vec<(Ty, String)>,
    /// Where the next value that is written has room.
    pub(super) room: u32,
    pub(super) seed: u32,
}

impl<'a> Writer<'a> {
    /// Of the guest with that number.
    pub fn new(lineage: &'a Lineage, number: usize) -> Self {
        Writer { lineage, number, readers: Vec::new(), room: ROOM, seed: 0 }
    }

    /// The resources that a guest knows.
    pub(super) fn known(&self, number: usize) -> Vec<usize> {
        (usize::from(!self.lineage.host)..=number).collect()
    }

    /// A type of a guest's function, with the numbers of resources as they are.
    fn resolve(&self, ty: &Ty, number: usize, result: bool) -> Ty {
        let known = self.known(number);
        let of = |raw: u32| known[raw as usize % known.len()] as u32;
        let part = |ty: &Ty| Box::new(self.resolve(ty, number, result));
        match ty {
            Ty::U8 => Ty::U8,
            Ty::U32 => Ty::U32,
            Ty::Own(raw) => Ty::Own(of(*raw)),
            Ty::Borrow(raw) if result => Ty::Own(of(*raw)),
            Ty::Borrow(raw) => Ty::Borrow(of(*raw)),
            Ty::List(ty) => Ty::List(part(ty)),
            Ty::Fixed(ty, n) => Ty::Fixed(part(ty), *n),
            Ty::Option(ty) => Ty::Option(part(ty)),
            Ty::Result(ok, error) => Ty::Result(part(ok), part(error)),
            Ty::Tuple(types) => Ty::Tuple(types.iter().map(|ty| *part(ty)).collect()),
        }
    }

    /// Name, parameters and result of all functions of a guest that take part in crossings.
    fn signatures(&self, number: usize) -> Vec<(String, Vec<Ty>, Option<Ty>)> {
        let own = Ty::Own(number as u32);
        let mut all = vec![("make".to_string(), vec![Ty::U32], Some(own))];
        for (n, func) in self.lineage.guests[number - 1].funcs.iter().enumerate() {
            let params = func.params.iter().map(|ty| self.resolve(ty, number, false)).collect();
            let result = func.result.as_ref().map(|ty| self.resolve(ty, number, true));
            all.push((format!("f{n}"), params, result));
        }
        all
    }

    /// The guest.
    pub fn component(mut self) -> String {
        let number = self.number;
        let guest = &self.lineage.guests[number - 1];
        let mut funcs = String::new();
        let mut lifts = String::new();
        for (name, params, result) in self.signatures(number) {
            let code = match name.strip_prefix('f').and_then(|n| n.parse::<usize>().ok()) {
                Some(n) => self.func(&guest.funcs[n], &params, result.as_ref()),
                None => "(param $tag i32) (result i32) (call $new (local.get $tag))".into(),
            };
            self.lift(&mut funcs, &mut lifts, &name, &params, result.as_ref(), &code);
        }
        for (n, ops) in guest.runs.iter().enumerate() {
            let code = self.ops(ops);
            self.lift(
                &mut funcs,
                &mut lifts,
                &format!("run-g{number}-n{n}"),
                &[],
                None,
                &format!("{LOCALS}{code}"),
            );
        }
        for of in 1..=number {
            let (own, borrow) = (Ty::Own(of as u32), Ty::Borrow(of as u32));
            let code = format!("(result i32) (call $take (i32.const {of}) (i32.const 0))");
            self.lift(
                &mut funcs,
                &mut lifts,
                &format!("get-g{number}-r{of}"),
                &[],
                Some(&own),
                &code,
            );
            for (what, ty) in [("give", own), ("lend", borrow)] {
                let code = format!(
                    "(param $p0 i32) {} (call $end)",
                    self.read_flat(&ty, &mut vec!["$p0".to_string()].into_iter())
                );
                self.lift(
                    &mut funcs,
                    &mut lifts,
                    &format!("{what}-g{number}-r{of}"),
                    &[ty],
                    None,
                    &code,
                );
            }
        }
        let mut out = format!("  (component $guest{number}\n");
        out += &self.imports();
        out += &format!("    (core module $m {}\n{}", self.core_imports(), self.library());
        for (_, reader) in &self.readers {
            out += reader;
        }
        out + &funcs + ")\n" + &self.instantiation() + &lifts + "  )\n"
    }

    /// What is imported, and the guest's own resource.
    fn imports(&self) -> String {
        let number = self.number;
        let mut out = String::from(
            "    (import \"log\" (func $log (param \"x\" u32)))\n    (core func $log (canon lower (func $log)))\n",
        );
        out += LIBC;
        if self.lineage.host {
            out += &format!(
                "    (import \"host\" (instance $host {HOST}))\n    (alias export $host \"r0\" (type $r0))\n"
            );
            out += "    (core func $make0 (canon lower (func $host \"make\")))\n";
            for (name, ..) in host_funcs() {
                let _ = writeln!(
                    out,
                    "    (core func $call-0-{name} (canon lower (func $host \"{name}\") {CANON}))"
                );
            }
        }
        for earlier in 1..number {
            let _ = writeln!(out, "    (import \"g{earlier}\" (instance $g{earlier}");
            for of in self.known(earlier - 1) {
                let _ = writeln!(out, "      (alias outer $guest{number} $r{of} (type $r{of}))");
            }
            let _ =
                writeln!(out, "      (export \"r{earlier}\" (type $r{earlier} (sub resource)))");
            for (name, params, result) in self.signatures(earlier) {
                let _ = writeln!(
                    out,
                    "      (export \"{name}\" (func{}))",
                    signature(&params, result.as_ref())
                );
            }
            let _ = writeln!(
                out,
                "))\n    (alias export $g{earlier} \"r{earlier}\" (type $r{earlier}))"
            );
            for (name, ..) in self.signatures(earlier) {
                let id = if name == "make" {
                    format!("make{earlier}")
                } else {
                    format!("call-{earlier}-{name}")
                };
                let _ = writeln!(
                    out,
                    "    (core func ${id} (canon lower (func $g{earlier} \"{name}\") {CANON}))"
                );
            }
        }
        for of in self.known(number - 1) {
            let _ = writeln!(out, "    (core func $drop{of} (canon resource.drop $r{of}))");
        }
        let inner = self.known(number - 1).last().copied();
        let (import, with, drop) = match inner {
            Some(of) => (
                "(import \"\" \"drop\" (func $drop (param i32)))",
                format!("(export \"drop\" (func $drop{of}))"),
                "(if (i32.gt_u (local.get 0) (i32.const 255)) (then (call $drop (i32.shr_u (local.get 0) (i32.const 8)))))",
            ),
            None => ("", String::new(), ""),
        };
        let _ = writeln!(
            out,
            "    (core module $destructor (import \"\" \"log\" (func $log (param i32))) {import}
      (func (export \"destroy\") (param i32)
        (call $log (i32.add (i32.const {number}0000) (i32.and (local.get 0) (i32.const 255)))) {drop}))
    (core instance $destructor (instantiate $destructor (with \"\" (instance (export \"log\" (func $log)) {with}))))
    (type $R (resource (rep i32) (dtor (core func $destructor \"destroy\"))))
    (export $r{number} \"r{number}\" (type $R))
    (core func $new (canon resource.new $R))
    (core func $rep (canon resource.rep $R))
    (core func $drop{number} (canon resource.drop $R))"
        );
        out
    }

    /// The core functions that the guest's code imports, with their core types.
    fn core_funcs(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = vec![
            ("log".into(), "(param i32)".into()),
            ("new".into(), "(param i32) (result i32)".into()),
            ("rep".into(), "(param i32) (result i32)".into()),
        ];
        for of in self.known(self.number) {
            all.push((format!("drop{of}"), "(param i32)".into()));
            match of {
                0 => all.push(("make0".into(), "(result i32)".into())),
                of if of < self.number => {
                    all.push((format!("make{of}"), "(param i32) (result i32)".into()))
                }
                _ => {}
            }
        }
        for (callee, name, params, result) in self.callees() {
            let (params, spilled) = (flat_of(&params), flat_of(result.as_slice()));
            let count = if params > 16 { 1 } else { params } + u32::from(spilled > 1);
            let mut ty = format!("(param{})", " i32".repeat(count as usize));
            if spilled == 1 {
                ty += " (result i32)";
            }
            all.push((format!("call-{callee}-{name}"), ty));
        }
        all
    }

    /// All functions that the guest can call with handles.
    pub(super) fn callees(&self) -> Vec<(usize, String, Vec<Ty>, Option<Ty>)> {
        let mut all = Vec::new();
        if self.lineage.host {
            all.extend(host_funcs().into_iter().map(|(name, p, r)| (0, name.to_string(), p, r)));
        }
        for earlier in 1..self.number {
            let funcs = self.signatures(earlier).into_iter().skip(1);
            all.extend(funcs.map(|(name, p, r)| (earlier, name, p, r)));
        }
        all
    }

    fn core_imports(&self) -> String {
        let mut out = String::from("(import \"libc\" \"memory\" (memory 1))\n");
        for (name, ty) in self.core_funcs() {
            let _ = writeln!(out, "      (import \"\" \"{name}\" (func ${name} {ty}))");
        }
        out
    }

    fn instantiation(&self) -> String {
        let mut out = String::from(
            "    (core instance $m (instantiate $m (with \"libc\" (instance $libc)) (with \"\" (instance\n",
        );
        for (name, _) in self.core_funcs() {
            let _ = writeln!(out, "      (export \"{name}\" (func ${name}))");
        }
        out + "))))\n"
    }

    fn lift(
        &self,
        funcs: &mut String,
        lifts: &mut String,
        name: &str,
        params: &[Ty],
        result: Option<&Ty>,
        code: &str,
    ) {
        let _ = writeln!(funcs, "      (func (export \"{name}\") {code})");
        let _ = writeln!(
            lifts,
            "    (func (export \"{name}\"){} (canon lift (core func $m \"{name}\") {CANON}))",
            signature(params, result)
        );
    }

    /// Pools, and making what they lack.
    fn library(&self) -> String {
        let mut make = String::new();
        let mut drop = String::new();
        for of in self.known(self.number) {
            let made = match of {
                0 => "(call $make0)".to_string(),
                of if of == self.number => "(call $new (call $next-tag))".into(),
                of => format!("(call $make{of} (call $next-tag))"),
            };
            let _ = writeln!(
                make,
                "        (if (i32.eq (local.get $of) (i32.const {of})) (then (return {made})))"
            );
            let _ = writeln!(
                drop,
                "        (if (i32.eq (local.get $of) (i32.const {of})) (then (return (call $drop{of} (local.get $index)))))"
            );
        }
        let mut end = String::new();
        for of in self.known(self.number) {
            let _ = write!(end, "(call $drop-borrows (i32.const {of})) ");
        }
        format!(
            "{POOLS}
      (func $make (param $of i32) (result i32)
{make}        (unreachable))
      (func $drop (param $of i32) (param $index i32)
{drop}        (unreachable))
      (func $end {end})\n"
        )
    }
}

const CANON: &str =
    r#"(memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))"#;

const LIBC: &str = r#"    (core module $libc (memory (export "memory") 128)
      (global $next (mut i32) (i32.const 1048576))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (global.get $next))
        (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get 3)) (i32.const 15)) (i32.const -8)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
"#;

/// Pools, and what is done with them.
const POOLS: &str = include_str!("pools.wat");
