//! Random worlds, linked by us and by `wac`: whatever `wac` composes is linked and fused, to the same
//! world, and does the same with the same values. What is refused has a code.
//!
//! ```text
//! lib   exports  types { t0, t1, ... }        imports  io@1.x.0
//!       exports  api { use types; f0: func(x: t0) -> t0, ... }
//! app   imports  types and api, at compatible versions, and io@1.y.0
//!       imports  t0 by itself, or not         as `use` in a world does
//!       exports  e0: func(x: t0) -> t0; and an interface with g0 and the types that it uses
//! ```
//!
//! Which types there are, what they are made of, who asks for which of them, versions, and whether a
//! resource is among them, is drawn. Each type is one `i32` in core wasm, so that guests are short;
//! the library's functions count around in the type's values, the root's call them twice.
//!
//! `CASES` is how many worlds are drawn, `SEED` the first one's seed; what fails is printed with its
//! text.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, ensure};
use wasm_fuser::options::{Input, Options};
use wasm_fuser::{Code, fuse};
use wasmparser::{Validator, WasmFeatures};
use wasmtime::Store;
use wasmtime::component::types::{ComponentItem, Type};
use wasmtime::component::{Component, Func, Linker, Val};

use wasm_fuser_testing::draw::seeds;
use wasm_fuser_testing::{compose, host};

#[test]
fn what_wac_composes_is_linked_to_the_same_world_and_does_the_same() {
    let mut seen = Seen::default();
    for seed in seeds(150) {
        let drawn = Drawn::new(seed);
        let (app, lib) = (drawn.app(), drawn.lib());
        if let Err(error) = compare(&app, &lib, &mut seen) {
            panic!("SEED={seed} CASES=1\n\n{app}\n\n{lib}\n\n{error:?}");
        }
    }
    println!("{seen:?}");
    assert!(seen.calls > seen.linked && seen.by_wac > 0 && seen.refused > 0, "{seen:?}");
    assert!(seen.linked > seen.by_wac, "{seen:?}");
}

/// What has come up.
#[derive(Debug, Default)]
struct Seen {
    linked: usize,
    by_wac: usize,
    refused: usize,
    calls: usize,
}

fn compare(app: &str, lib: &str, seen: &mut Seen) -> Result<()> {
    let input = |name: &str, text: &str| -> Result<Input> {
        let bytes = wat::parse_str(text).with_context(|| name.to_owned())?;
        validate(&bytes).with_context(|| name.to_owned())?;
        Ok(Input { name: name.into(), bytes })
    };
    let inputs = [input("app", app)?, input("lib", lib)?];
    let theirs = catch_unwind(AssertUnwindSafe(|| compose::plug(&inputs)));
    let theirs = theirs.ok().and_then(Result::ok).filter(|bytes| validate(bytes).is_ok());
    let linked = match wasm_fuser::link(&inputs, &Options::default()) {
        Ok(linked) => linked.bytes,
        Err(error) => {
            ensure!(error.code() != Code::Internal, "{error}");
            ensure!(theirs.is_none(), "wac composes them, and they are refused: {error}");
            ensure!(app.contains("\"take\""), "no resource of the library is exported: {error}");
            seen.refused += 1;
            return Ok(());
        }
    };
    validate(&linked).context("what was linked is not valid")?;
    let fused = fuse(&inputs, &Options::default()).context("it is linked and not fused")?.bytes;
    ensure!(
        compose::is_subtype(&fused, &linked)?,
        "the fused world offers less than the linked one"
    );
    ensure!(
        compose::is_subtype(&linked, &fused)?,
        "the linked world offers less than the fused one"
    );
    seen.linked += 1;
    let mut expected = run(&linked)?;
    seen.calls += expected.len();
    ensure!(run(&fused)? == expected, "fused, it does something else");
    if let Some(theirs) = theirs {
        seen.by_wac += 1;
        ensure!(
            compose::is_subtype(&linked, &theirs)?,
            "the linked world asks for more than wac's"
        );
        // A type that the root imports by itself, and exports no function of, is not left open.
        let may_ask_for_less = app.contains("(import \"t");
        let is_same = compose::is_subtype(&theirs, &linked)?;
        ensure!(is_same || may_ask_for_less, "the linked world asks for less than wac's");
        let mut theirs = run(&theirs)?;
        theirs.sort();
        expected.sort();
        ensure!(theirs == expected, "composed by wac, it does something else");
    }
    Ok(())
}

fn validate(bytes: &[u8]) -> Result<()> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes)?;
    Ok(())
}

/// Calls every function that is exported, and notes what comes of it.
fn run(bytes: &[u8]) -> Result<Vec<String>> {
    let engine = host::engine();
    let component = Component::new(engine, bytes)?;
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(&component)?;
    let mut store = Store::new(engine, ());
    let instance = linker.instantiate(&mut store, &component)?;
    let mut functions: Vec<(String, Func)> = Vec::new();
    for (name, item) in component.component_type().exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(_) => {
                let function = instance.get_func(&mut store, name).context("a function")?;
                functions.push((name.into(), function));
            }
            ComponentItem::ComponentInstance(inner) => {
                let outer = instance.get_export_index(&mut store, None, name);
                for (function, item) in inner.exports(engine) {
                    if !matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                        continue;
                    }
                    let index = instance.get_export_index(&mut store, outer.as_ref(), function);
                    let index = index.context("an export")?;
                    let found = instance.get_func(&mut store, index).context("a function")?;
                    functions.push((format!("{name}#{function}"), found));
                }
            }
            _ => {}
        }
    }
    let mut noted = Vec::new();
    for (name, function) in functions {
        for seed in 0..3 {
            let ty = function.ty(&store);
            let params: Vec<Val> = ty.params().map(|(_, ty)| value(&ty, seed)).collect();
            let mut results = vec![Val::Bool(false); ty.results().len()];
            function.call(&mut store, &params, &mut results)?;
            noted.push(format!("{name} {params:?} -> {results:?}"));
        }
    }
    Ok(noted)
}

/// A value of a type.
fn value(ty: &Type, seed: usize) -> Val {
    match ty {
        Type::Enum(ty) => {
            let names: Vec<_> = ty.names().collect();
            Val::Enum(names[seed % names.len()].into())
        }
        Type::Flags(ty) => Val::Flags(ty.names().skip(seed % 2).map(str::to_owned).collect()),
        Type::Record(ty) => Val::Record(
            ty.fields().map(|field| (field.name.into(), value(&field.ty, seed))).collect(),
        ),
        _ => Val::U32(seed as u32),
    }
}

/// A type of values that is one `i32`.
enum Ty {
    Enum(u32),
    Flags(u32),
    /// A record of an earlier type, or else of a `u32`.
    Record(Option<usize>),
}

/// What was drawn.
struct Drawn {
    types: Vec<Ty>,
    /// What the root asks for, of types and functions.
    asked: Vec<bool>,
    /// What the root imports by itself.
    alone: Vec<bool>,
    /// What the root exports functions of, by themselves and in an interface.
    exported: Vec<bool>,
    in_interface: Vec<bool>,
    /// What the exported interface exports of its types.
    renamed: Vec<bool>,
    /// Whether there is a resource, and the root exports a function of it.
    resource: bool,
    resource_exported: bool,
    /// Minor versions.
    version: [u32; 2],
    io: [(u32, u32); 2],
}

struct Random(u64);

impl Random {
    /// xorshift64*
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

impl Drawn {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let random = &mut random;
        let count = 1 + random.below(5) as usize;
        let types: Vec<Ty> = (0..count)
            .map(|i| match random.below(4) {
                0 => Ty::Enum(1 + random.below(4) as u32),
                1 => Ty::Flags(1 + random.below(4) as u32),
                _ if i == 0 || random.one_in(4) => Ty::Record(None),
                _ => Ty::Record(Some(random.below(i as u64) as usize)),
            })
            .collect();
        let mut draw = |n| (0..count).map(|_| random.one_in(n)).collect::<Vec<_>>();
        let (mut asked, alone, exported) = (draw(2), draw(3), draw(2));
        let (in_interface, renamed) = (draw(3), draw(2));
        for i in (0..count).rev() {
            asked[i] |= alone[i] || exported[i] || in_interface[i];
            if let Ty::Record(Some(of)) = types[i]
                && asked[i]
            {
                asked[of] = true;
            }
        }
        let resource = random.one_in(4);
        let resource_exported = resource && random.one_in(3);
        let version = [random.below(3) as u32, random.below(3) as u32];
        let mut io = || (1 + random.below(6) as u32 / 5, random.below(3) as u32);
        let io = [io(), io()];
        Drawn {
            types,
            asked,
            alone,
            exported,
            in_interface,
            renamed,
            resource,
            resource_exported,
            version,
            io,
        }
    }

    /// How many values a type has.
    fn values(&self, i: usize) -> u32 {
        match self.types[i] {
            Ty::Enum(count) => count,
            Ty::Flags(count) => 1 << count,
            Ty::Record(None) => 1000,
            Ty::Record(Some(of)) => self.values(of),
        }
    }

    /// The definition of a type, with the names of others.
    fn definition(&self, i: usize) -> String {
        let labels = |count| (0..count).map(|n| format!(" \"l{n}\"")).collect::<String>();
        match self.types[i] {
            Ty::Enum(count) => format!("(enum{})", labels(count)),
            Ty::Flags(count) => format!("(flags{})", labels(count)),
            Ty::Record(None) => "(record (field \"of\" u32))".into(),
            Ty::Record(Some(of)) => format!("(record (field \"of\" $t{of}))"),
        }
    }

    fn asked(&self) -> impl Iterator<Item = usize> {
        (0..self.types.len()).filter(|i| self.asked[*i])
    }

    fn lib(&self) -> String {
        let all = || 0..self.types.len();
        let mut text = String::from("(component\n");
        let (major, minor) = self.io[1];
        let _ = writeln!(
            text,
            "  (import \"demo:host/io@{major}.{minor}.0\" (instance (export \"later\" (func))))"
        );
        text += "  (component $types\n";
        for i in all() {
            let _ = writeln!(text, "    (type $d{i} {})", self.definition(i));
            let _ = writeln!(text, "    (export $t{i} \"t{i}\" (type $d{i}))");
        }
        if self.resource {
            text += "    (type $r (resource (rep i32)))\n    (export \"res\" (type $r))\n";
        }
        let version = self.version[1];
        let _ = writeln!(
            text,
            "  )\n  (instance $types (instantiate $types))
  (export $out \"demo:t/types@1.{version}.0\" (instance $types))\n  (core module $code"
        );
        for i in all() {
            let _ = writeln!(
                text,
                "    (func (export \"f{i}\") (param i32) (result i32)
      (i32.rem_u (i32.add (local.get 0) (i32.const 1)) (i32.const {})))",
                self.values(i)
            );
        }
        text += "  )\n  (core instance $code (instantiate $code))\n";
        for i in all() {
            let _ = writeln!(
                text,
                "  (alias export $out \"t{i}\" (type $t{i}))
  (func $f{i} (param \"x\" $t{i}) (result $t{i}) (canon lift (core func $code \"f{i}\")))"
            );
        }
        text += "  (instance $api";
        for i in all() {
            let _ =
                write!(text, "\n    (export \"t{i}\" (type $t{i})) (export \"f{i}\" (func $f{i}))");
        }
        let _ = writeln!(text, ")\n  (export \"demo:t/api@1.{version}.0\" (instance $api)))");
        text
    }

    fn app(&self) -> String {
        let mut text = String::from("(component\n");
        let (major, minor) = self.io[0];
        let version = self.version[0];
        let _ = writeln!(
            text,
            "  (import \"demo:host/io@{major}.{minor}.0\" (instance (export \"now\" (func))))
  (import \"demo:t/types@1.{version}.0\" (instance $types"
        );
        for i in self.asked() {
            let _ = writeln!(
                text,
                "    (type $d{i} {})\n    (export \"t{i}\" (type $t{i} (eq $d{i})))",
                self.definition(i)
            );
        }
        if self.resource {
            text += "    (export \"res\" (type (sub resource)))\n";
        }
        text += "  ))\n";
        for i in self.asked() {
            let _ = writeln!(text, "  (alias export $types \"t{i}\" (type $t{i}))");
        }
        for i in self.asked().filter(|i| self.alone[*i]) {
            let _ = writeln!(text, "  (import \"t{i}\" (type $u{i} (eq $t{i})))");
        }
        let _ = writeln!(text, "  (import \"demo:t/api@1.{version}.0\" (instance $api");
        for i in self.asked() {
            let _ = writeln!(
                text,
                "    (alias outer 1 $t{i} (type $s{i})) (export \"t{i}\" (type $x{i} (eq $s{i})))
    (export \"f{i}\" (func (param \"x\" $x{i}) (result $x{i})))"
            );
        }
        text += "  ))\n  (core module $code\n";
        for i in self.asked() {
            let _ =
                writeln!(text, "    (import \"\" \"f{i}\" (func $f{i} (param i32) (result i32)))");
        }
        for i in self.asked() {
            let _ = writeln!(
                text,
                "    (func (export \"e{i}\") (param i32) (result i32)
      (call $f{i} (call $f{i} (local.get 0))))"
            );
        }
        text += "    (func (export \"drop\") (param i32)))\n";
        for i in self.asked() {
            let _ = writeln!(
                text,
                "  (alias export $api \"f{i}\" (func $f{i}))
  (core func $f{i} (canon lower (func $f{i})))"
            );
        }
        text += "  (core instance $code (instantiate $code (with \"\" (instance";
        for i in self.asked() {
            let _ = write!(text, " (export \"f{i}\" (func $f{i}))");
        }
        text += "))))\n";
        self.exports(&mut text);
        text.push(')');
        text
    }

    /// The root's exports.
    fn exports(&self, text: &mut String) {
        let ty = |i: usize| if self.alone[i] { format!("$u{i}") } else { format!("$t{i}") };
        for i in self.asked() {
            let ty = ty(i);
            let _ = writeln!(
                text,
                "  (func $e{i} (param \"x\" {ty}) (result {ty})
    (canon lift (core func $code \"e{i}\")))"
            );
        }
        for i in self.asked().filter(|i| self.exported[*i]) {
            let _ = writeln!(text, "  (export \"e{i}\" (func $e{i}))");
        }
        if self.resource_exported {
            *text += "  (alias export $types \"res\" (type $res))
  (func (export \"take\") (param \"x\" (borrow $res)) (canon lift (core func $code \"drop\")))\n";
        }
        if self.in_interface.contains(&true) {
            *text += "  (instance $out";
            for i in self.asked().filter(|i| self.in_interface[*i]) {
                if self.renamed[i] {
                    let _ = write!(text, " (export \"t{i}\" (type {}))", ty(i));
                }
                let _ = write!(text, " (export \"g{i}\" (func $e{i}))");
            }
            *text += ")\n  (export \"demo:t/out\" (instance $out))\n";
        }
    }
}
