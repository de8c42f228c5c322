//! Random compositions whose instances make handles, pass them on and drop them.
//!
//! A [`Lineage`] has some guests in a row. Each defines a resource, knows those of the guests before
//! it (and the host's), and exports functions whose parameters and results have handles at any depth.
//! A guest keeps what it is given in *pools*, one for each resource, and what it does is a list of
//! [`Op`]s: make, wrap, drop, call an earlier guest with handles out of the pools. Where a pool is
//! empty, a handle is made. A few operations are wrong: they use an index that is made up, or keep
//! a borrow.
//!
//! Guests log every index and rep that they see, and destructors the rep, so that two runs which
//! write the same log have had the same tables.
//!
//! [`Lineage::text`] writes the composition; the code of every operation is generated, straight, with
//! the shapes of its arguments fixed. Types that need a name (records, variants) are left out: they
//! are tuples and results to the canonical ABI. So are maps, which cannot hold handles.

use std::fmt::Write;

/// A composition and what its host does with it.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// Whether guests know a resource of the host, number 0.
    pub host: bool,
    /// Whether the host knows the guests' resources.
    pub exported: bool,
    /// The guests: the first is number 1.
    pub guests: Vec<Guest>,
    /// Sequences of what the host does, each from the beginning.
    pub sequences: Vec<Vec<Act>>,
}

/// A guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The functions that later guests call.
    pub funcs: Vec<Func>,
    /// What the host can have it do.
    pub runs: Vec<Vec<Op>>,
}

/// An exported function.
#[derive(Clone, Debug)]
pub struct Func {
    /// Its parameters.
    pub params: Vec<Ty>,
    /// Its result; a borrow in it becomes an own.
    pub result: Option<Ty>,
    /// What it does.
    pub body: Vec<Op>,
    /// Whether it keeps a borrow, if it has been given any.
    pub keeps: bool,
    /// The shape of what it returns.
    pub seed: u32,
}

/// A type. Resources are taken modulo the number of those that are known.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "as in the component model")]
pub enum Ty {
    U8,
    U32,
    Own(u32),
    Borrow(u32),
    List(Box<Ty>),
    Fixed(Box<Ty>, u32),
    Option(Box<Ty>),
    Result(Box<Ty>, Box<Ty>),
    Tuple(Vec<Ty>),
}

/// What a guest does. Numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Op {
    /// Makes a handle of its own resource.
    New,
    /// Makes one whose destructor drops a handle of another.
    Wrap(u32),
    /// Drops a handle.
    Drop { of: u32, nth: u32 },
    /// Logs the rep of a handle of its own resource.
    Rep(u32),
    /// Calls a function of an earlier guest, or of the host.
    Call { guest: u32, func: u32, seed: u32 },
    /// Drops an index that is made up.
    DropIndex { of: u32, index: u32 },
}

/// What the host does. Numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Act {
    /// Has a guest run.
    Run { guest: u32, run: u32 },
    /// Gets a handle from a guest.
    Get { guest: u32, of: u32 },
    /// Lends a handle to a guest.
    Lend { guest: u32, nth: u32 },
    /// Gives a handle to a guest.
    Give { guest: u32, nth: u32 },
    /// Drops a handle.
    Drop(u32),
}

/// An act as a call of the composition.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Call {
    /// Of a function without handles.
    Run(String),
    /// Of a function that returns a handle of a resource.
    Get(String, usize),
    /// Of one that is lent, or given, one of the handles that the host has.
    Pass { name: String, of: usize, nth: usize, gives: bool },
    /// Drops one of the handles that the host has.
    Drop { of: usize, nth: usize },
}

impl Lineage {
    /// The act as a call; none if the host knows no resources.
    pub fn call(&self, act: Act) -> Option<Call> {
        let guest = |number: u32| 1 + number as usize % self.guests.len();
        Some(match act {
            Act::Run { guest: number, run } => {
                let guest = guest(number);
                let runs = self.guests[guest - 1].runs.len();
                Call::Run(format!("run-g{guest}-n{}", run as usize % runs))
            }
            _ if !self.exported => return None,
            Act::Get { guest: number, of } => {
                let guest = guest(number);
                let of = 1 + of as usize % guest;
                Call::Get(format!("get-g{guest}-r{of}"), of)
            }
            Act::Lend { guest: number, nth } | Act::Give { guest: number, nth } => {
                let guest = guest(number);
                let of = 1 + (nth >> 4) as usize % guest;
                let gives = matches!(act, Act::Give { .. });
                let name = format!("{}-g{guest}-r{of}", if gives { "give" } else { "lend" });
                Call::Pass { name, of, nth: nth as usize & 15, gives }
            }
            Act::Drop(nth) => Call::Drop { of: guest(nth >> 4), nth: nth as usize & 15 },
        })
    }

    /// The composition, as text.
    pub fn text(&self) -> String {
        let mut out =
            String::from("(component $root\n  (import \"log\" (func $log (param \"x\" u32)))\n");
        if self.host {
            out += &format!("  (import \"host\" (instance $host {HOST}))\n");
            out += "  (alias export $host \"r0\" (type $r0))\n";
        }
        for number in 1..=self.guests.len() {
            out += &Writer::new(self, number).component();
            let _ = write!(
                out,
                "  (instance $g{number} (instantiate $guest{number} (with \"log\" (func $log))"
            );
            if self.host {
                out += " (with \"host\" (instance $host))";
            }
            for earlier in 1..number {
                let _ = write!(out, " (with \"g{earlier}\" (instance $g{earlier}))");
            }
            out += "))\n";
        }
        out += "  (instance $api\n";
        for (number, guest) in (1..).zip(&self.guests) {
            let mut names: Vec<_> =
                (0..guest.runs.len()).map(|n| format!("run-g{number}-n{n}")).collect();
            if self.exported {
                let _ = writeln!(out, "    (export \"r{number}\" (type $g{number} \"r{number}\"))");
                for of in 1..=number {
                    names.extend(
                        ["get", "lend", "give"].map(|what| format!("{what}-g{number}-r{of}")),
                    );
                }
            }
            for name in names {
                let _ = writeln!(out, "    (export \"{name}\" (func $g{number} \"{name}\"))");
            }
        }
        out + ")\n  (export \"api\" (instance $api)))\n"
    }
}

const HOST: &str = r#"
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
struct Writer<'a> {
    lineage: &'a Lineage,
    number: usize,
    /// The functions that read values of a type from memory.
    readers: Vec<(Ty, String)>,
    /// Where the next value that is written has room.
    room: u32,
    seed: u32,
}

impl<'a> Writer<'a> {
    fn new(lineage: &'a Lineage, number: usize) -> Self {
        Writer { lineage, number, readers: Vec::new(), room: ROOM, seed: 0 }
    }

    /// The resources that a guest knows.
    fn known(&self, number: usize) -> Vec<usize> {
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

    fn component(mut self) -> String {
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
    fn callees(&self) -> Vec<(usize, String, Vec<Ty>, Option<Ty>)> {
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

    /// The code of an exported function.
    fn func(&mut self, func: &Func, params: &[Ty], result: Option<&Ty>) -> String {
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

    fn ops(&mut self, ops: &[Op]) -> String {
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
    fn read_flat(&mut self, ty: &Ty, names: &mut std::vec::IntoIter<String>) -> String {
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
            // What stays in the pool, or is a borrow.
            Ty::Own(of) if self.choose(24) == 0 => {
                format!("(call $peek (i32.const {of}) (i32.const {nth}))")
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
const ROOM: u32 = 16_384;
const HEAP: u32 = 1 << 20;

const LOCALS: &str = "(local $x i32)\n        ";

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

/// A pool is a length and up to 100 indices: owns at 512 times the resource's number, borrows after
/// all of these.
const POOLS: &str = r#"
      (global $tag (mut i32) (i32.const 0))
      (func $next-tag (result i32)
        (global.set $tag (i32.and (i32.add (global.get $tag) (i32.const 1)) (i32.const 127)))
        (global.get $tag))
      (func $push (param $pool i32) (param $index i32)
        (local $length i32)
        (local.set $length (i32.load (local.get $pool)))
        (if (i32.lt_u (local.get $length) (i32.const 100)) (then
          (local.set $length (i32.add (local.get $length) (i32.const 1)))
          (i32.store (local.get $pool) (local.get $length))
          (i32.store (call $slot (local.get $pool) (local.get $length)) (local.get $index)))))
      (func $slot (param $pool i32) (param $n i32) (result i32)
        (i32.add (local.get $pool) (i32.shl (local.get $n) (i32.const 2))))
      (func $owns (param $of i32) (result i32) (i32.shl (local.get $of) (i32.const 9)))
      (func $borrows (param $of i32) (result i32) (i32.add (i32.const 8192) (i32.shl (local.get $of) (i32.const 9))))
      (func $got-own (param $of i32) (param $index i32)
        (call $log (local.get $index))
        (call $push (call $owns (local.get $of)) (local.get $index)))
      (func $got-borrow (param $of i32) (param $index i32)
        (call $log (i32.add (i32.const 100) (local.get $index)))
        (call $push (call $borrows (local.get $of)) (local.get $index)))
      ;; an own out of the pool
      (func $take (param $of i32) (param $n i32) (result i32)
        (local $length i32) (local $pool i32) (local $index i32)
        (local.set $pool (call $owns (local.get $of)))
        (local.set $length (i32.load (local.get $pool)))
        (if (i32.eqz (local.get $length)) (then (return (call $make (local.get $of)))))
        (local.set $n (i32.add (i32.const 1) (i32.rem_u (local.get $n) (local.get $length))))
        (local.set $index (i32.load (call $slot (local.get $pool) (local.get $n))))
        (i32.store (call $slot (local.get $pool) (local.get $n)) (i32.load (call $slot (local.get $pool) (local.get $length))))
        (i32.store (local.get $pool) (i32.sub (local.get $length) (i32.const 1)))
        (local.get $index))
      ;; a borrow, or an own that stays in the pool
      (func $peek (param $of i32) (param $n i32) (result i32)
        (local $length i32) (local $borrows i32) (local $index i32)
        (local.set $borrows (i32.load (call $borrows (local.get $of))))
        (if (i32.and (i32.ne (local.get $borrows) (i32.const 0)) (i32.and (local.get $n) (i32.const 1))) (then
          (return (i32.load (call $slot (call $borrows (local.get $of)) (i32.add (i32.const 1) (i32.rem_u (local.get $n) (local.get $borrows))))))))
        (local.set $length (i32.load (call $owns (local.get $of))))
        (if (i32.eqz (local.get $length)) (then
          (local.set $index (call $make (local.get $of)))
          (call $push (call $owns (local.get $of)) (local.get $index))
          (return (local.get $index))))
        (i32.load (call $slot (call $owns (local.get $of)) (i32.add (i32.const 1) (i32.rem_u (local.get $n) (local.get $length))))))
      (func $drop-borrows (param $of i32)
        (local $length i32) (local $pool i32)
        (local.set $pool (call $borrows (local.get $of)))
        (loop $next
          (local.set $length (i32.load (local.get $pool)))
          (if (local.get $length) (then
            (i32.store (local.get $pool) (i32.sub (local.get $length) (i32.const 1)))
            (call $drop (local.get $of) (i32.load (call $slot (local.get $pool) (local.get $length))))
            (br $next)))))"#;

fn signature(params: &[Ty], result: Option<&Ty>) -> String {
    let mut out = String::new();
    for (n, ty) in params.iter().enumerate() {
        let _ = write!(out, " (param \"p{n}\" {})", name(ty));
    }
    if let Some(ty) = result {
        let _ = write!(out, " (result {})", name(ty));
    }
    out
}

fn name(ty: &Ty) -> String {
    match ty {
        Ty::U8 => "u8".into(),
        Ty::U32 => "u32".into(),
        Ty::Own(of) => format!("(own $r{of})"),
        Ty::Borrow(of) => format!("(borrow $r{of})"),
        Ty::List(ty) => format!("(list {})", name(ty)),
        Ty::Fixed(ty, n) => format!("(list {} {n})", name(ty)),
        Ty::Option(ty) => format!("(option {})", name(ty)),
        Ty::Result(ok, error) => format!("(result {} (error {}))", name(ok), name(error)),
        Ty::Tuple(types) => {
            format!("(tuple {})", types.iter().map(name).collect::<Vec<_>>().join(" "))
        }
    }
}

fn flat(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 | Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => 1,
        Ty::List(_) => 2,
        Ty::Fixed(ty, n) => n * flat(ty),
        Ty::Option(ty) => 1 + flat(ty),
        Ty::Result(ok, error) => 1 + flat(ok).max(flat(error)),
        Ty::Tuple(types) => flat_of(types),
    }
}

fn flat_of(types: &[Ty]) -> u32 {
    types.iter().map(flat).sum()
}

fn align(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 => 1,
        Ty::U32 | Ty::Own(_) | Ty::Borrow(_) | Ty::List(_) => 4,
        Ty::Fixed(ty, _) | Ty::Option(ty) => align(ty),
        Ty::Result(ok, error) => align(ok).max(align(error)),
        Ty::Tuple(types) => types.iter().map(align).max().unwrap_or(1),
    }
}

fn size(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 => 1,
        Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => 4,
        Ty::List(_) => 8,
        Ty::Fixed(ty, n) => n * size(ty),
        Ty::Option(some) => (align(ty) + size(some)).next_multiple_of(align(ty)),
        Ty::Result(ok, error) => {
            (align(ty) + size(ok).max(size(error))).next_multiple_of(align(ty))
        }
        Ty::Tuple(types) => {
            let end = types.iter().zip(offsets(types)).map(|(ty, offset)| offset + size(ty)).max();
            end.unwrap_or(0).next_multiple_of(align(ty))
        }
    }
}

fn offsets(types: &[Ty]) -> Vec<u32> {
    let mut at = 0;
    let mut offsets = Vec::new();
    for ty in types {
        at = u32::next_multiple_of(at, align(ty));
        offsets.push(at);
        at += size(ty);
    }
    offsets
}
