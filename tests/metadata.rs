//! What tools read that come after the fuser: producers, features, and what the root says of itself.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{ComponentSection, CustomSection};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Names, Options};
use wasmparser::{ComponentName, KnownCustom, Parser, Payload};

const APP: &str = r#"
  (component $shop
    (import "demo:shop/stock" (instance $stock (export "left" (func (result u32)))))
    (alias export $stock "left" (func $left))
    (core func $left (canon lower (func $left)))
    (core module $code
      (@producers (language "Rust" "2024") (processed-by "rustc" "1.97.0"))
      (import "" "left" (func $left (result i32)))
      (memory 1)
      (func (export "run") (result i32)
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 8))
        (i32.extend8_s (call $left))))
    (core instance $code (instantiate $code (with "" (instance (export "left" (func $left))))))
    (func (export "run") (result u32) (canon lift (core func $code "run")))
    (@producers (processed-by "wit-component" "0.262.0")))"#;

const STOCK: &str = r#"
  (component $warehouse
    (core module $code
      (@producers (language "C" "23") (processed-by "clang" "21.0.0"))
      (memory 1)
      (func (export "left") (result i32) (i32.load (i32.const 0))))
    (core instance $code (instantiate $code))
    (func $left (result u32) (canon lift (core func $code "left")))
    (instance $stock (export "left" (func $left)))
    (export "demo:shop/stock" (instance $stock)))"#;

/// A component with more custom sections.
fn input(name: &str, text: &str, custom: &[(&str, &[u8])]) -> Input {
    let mut bytes = wat::parse_str(text).expect("is component text");
    for &(name, data) in custom {
        CustomSection { name: name.into(), data: data.into() }.append_to_component(&mut bytes);
    }
    Input { name: name.into(), bytes }
}

fn inputs() -> [Input; 2] {
    let of_app: [(&str, &[u8]); 3] =
        [("version", b"1.2.3"), ("authors", b"Shop & Co."), ("licenses", b"MIT")];
    [input("app", APP, &of_app), input("stock", STOCK, &[("version", b"9.9.9")])]
}

/// What a component says: of itself, and for all modules in it.
#[derive(Debug, Default, PartialEq)]
struct Said {
    name: Option<String>,
    sections: BTreeMap<String, Vec<u8>>,
    producers: BTreeSet<String>,
    of_modules: BTreeSet<String>,
    features: Vec<BTreeSet<String>>,
}

fn said(bytes: &[u8]) -> Said {
    let mut said = Said::default();
    let mut is_module = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.expect("is well-formed") {
            Payload::Version { encoding, .. } => {
                is_module.push(encoding == wasmparser::Encoding::Module);
            }
            Payload::End(_) => drop(is_module.pop()),
            Payload::CustomSection(section) => match (section.as_known(), &is_module[..]) {
                (KnownCustom::Producers(fields), open) => {
                    let all = match open.last() {
                        Some(true) => &mut said.of_modules,
                        _ => &mut said.producers,
                    };
                    for field in fields {
                        let field = field.expect("a field");
                        for value in field.values {
                            let value = value.expect("a value");
                            all.insert(format!("{} {} {}", field.name, value.name, value.version));
                        }
                    }
                }
                (KnownCustom::ComponentName(names), [_]) => {
                    said.name = names.into_iter().flatten().find_map(|name| match name {
                        ComponentName::Component { name, .. } => Some(name.to_owned()),
                        _ => None,
                    });
                }
                (_, [_]) if section.name() != "component-name" => {
                    said.sections.insert(section.name().into(), section.data().into());
                }
                (_, [.., true]) if section.name() == "target_features" => {
                    let text = String::from_utf8_lossy(section.data());
                    let names = text.split(|c: char| !c.is_alphanumeric() && c != '-');
                    let names = names.filter(|name| name.len() > 1).map(str::to_owned);
                    said.features.push(names.collect());
                }
                _ => {}
            },
            _ => {}
        }
    }
    said
}

fn fused(options: Options) -> Said {
    said(&fuse(&inputs(), &options).expect("they are fused").bytes)
}

#[test]
fn the_root_keeps_what_it_says_of_itself() {
    let said = fused(Options::default());
    assert_eq!(said.name.as_deref(), Some("shop"));
    let sections: Vec<_> = said.sections.iter().map(|(name, data)| (&**name, &**data)).collect();
    let expected: [(&str, &[u8]); 3] =
        [("authors", b"Shop & Co."), ("licenses", b"MIT"), ("version", b"1.2.3")];
    assert_eq!(sections, expected);
}

#[test]
fn who_made_the_composition_has_made_the_result_and_so_has_the_fuser() {
    let this = format!("processed-by wasm-fuser {}", env!("CARGO_PKG_VERSION"));
    for emit in [Emit::Component, Emit::Flat] {
        let said = fused(Options { emit, ..Options::default() });
        let of_component =
            BTreeSet::from([this.clone(), "processed-by wit-component 0.262.0".into()]);
        assert_eq!(said.producers, of_component);
        let mut of_modules = BTreeSet::from(
            [
                "language C 23",
                "language Rust 2024",
                "processed-by clang 21.0.0",
                "processed-by rustc 1.97.0",
            ]
            .map(str::to_owned),
        );
        if emit == Emit::Component {
            of_modules.insert(this.clone());
        }
        assert_eq!(said.of_modules, of_modules, "{emit:?}");
    }
}

#[test]
fn the_fused_module_declares_the_features_that_it_uses() {
    let features = |memory| fused(Options { memory, ..Options::default() }).features;
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let one = all(&["bulk-memory", "bulk-memory-opt", "sign-ext"]);
    let mut both = one.clone();
    both.insert("multimemory".into());
    assert_eq!(features(MemoryPlan::Multi), [both]);
    assert!(features(MemoryPlan::Split).iter().all(|module| !module.contains("multimemory")));
}

/// The custom sections of all modules whose names begin with something.
fn sections(bytes: &[u8], beginning: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::CustomSection(section) = payload.expect("is well-formed")
            && section.name().starts_with(beginning)
        {
            found.push((section.name().into(), section.data().into()));
        }
    }
    found
}

#[test]
fn names_of_what_is_inside_are_written_unless_they_are_dropped() {
    for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
        for names in [Names::Keep, Names::Drop] {
            let options = Options { memory, names, ..Options::default() };
            let bytes = fuse(&inputs(), &options).expect("they are fused").bytes;
            for section in ["name", "component-name"] {
                let is_there = !sections(&bytes, section).is_empty();
                assert_eq!(is_there, names == Names::Keep, "{section}, {memory:?}");
            }
        }
    }
}

#[test]
fn what_is_counted_for_coverage_is_said_if_one_guest_counts() {
    const COVERAGE: &str =
        r#"(@custom "__llvm_covmap" "map") (@custom "__llvm_covfun" "functions")"#;
    let with = |text: &str, is_covered: bool| {
        let module =
            if is_covered { format!("(core module $code {COVERAGE}") } else { return text.into() };
        text.replace("(core module $code", &module)
    };
    for (app, stock) in [(true, false), (false, true), (true, true)] {
        let inputs = [input("app", &with(APP, app), &[]), input("stock", &with(STOCK, stock), &[])];
        for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
            let options = Options { memory, ..Options::default() };
            let fused = fuse(&inputs, &options).expect("they are fused");
            let found = sections(&fused.bytes, "__llvm_cov");
            let warned = fused.report.warnings.iter().any(|it| it.contains("coverage"));
            assert_eq!(warned, app && stock);
            let expected = [("__llvm_covmap", "map"), ("__llvm_covfun", "functions")];
            let expected = expected.map(|(name, data)| (name.to_owned(), data.as_bytes().to_vec()));
            assert_eq!(found, if app && stock { vec![] } else { expected.to_vec() });
        }
    }
}

#[test]
fn fused_again_it_says_the_same() {
    let once = fuse(&inputs(), &Options::default()).expect("they are fused").bytes;
    let input = Input { name: "again".into(), bytes: once.clone() };
    let twice = fuse(&[input], &Options::default()).expect("it is fused").bytes;
    assert_eq!(said(&twice), said(&once));
}
