//! What the cases in `tests/cases` cannot say: the facts besides the bytes, errors, and which
//! module may know which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use wasm_encoder::{FuncType, HeapType, RefType, ValType};

use crate::*;

const PROVIDER: &str = r#"
    (module
      (import "host" "log" (func $log (param i32)))
      (import "host" "unused" (func))
      (memory (export "memory") 2 5)
      (memory (export "small") 10 (pagesize 1))
      (func $f (export "f") (call $log (i32.const 1)))
      (func $unused))"#;

const USER: &str = r#"
    (module
      (import "a" "f" (func $f))
      (import "a" "small" (memory $small 10 (pagesize 1)))
      (func (export "run") (call $f) (drop (memory.size $small))))"#;

fn func(params: &[ValType]) -> ExternalType {
    ExternalType::Func(FuncType::new(params.iter().copied(), []))
}

fn defined(instance: u32, kind: EntityKind, index: u32) -> Item {
    Item::Defined { instance: InstanceId::from_u32(instance), kind, index }
}

fn instance(module: u32, imports: Vec<Item>) -> Instance {
    Instance {
        module: ModuleId::from_u32(module),
        imports,
        label: String::new(),
        capacity: None,
        inlining: Inlining::None,
        shared: None,
        is_trusted: false,
    }
}

/// The user imports from the provider.
fn link<'a>(provider: &'a [u8], user: &'a [u8]) -> Link<'a> {
    let mut link = Link::default();
    link.modules.push(provider.into());
    link.modules.push(user.into());
    let external = |name: &str, ty| External { module: "host".into(), name: name.into(), ty };
    let log = link.externals.push(external("log", func(&[ValType::I32])));
    let unused = link.externals.push(external("unused", func(&[])));
    link.instances.push(instance(0, vec![Item::External(log), Item::External(unused)]));
    let imports = vec![defined(0, EntityKind::Func, 2), defined(0, EntityKind::Memory, 1)];
    link.instances.push(instance(1, imports));
    link
}

fn exports() -> Vec<Export> {
    vec![Export { name: "run".into(), item: defined(1, EntityKind::Func, 1) }]
}

fn options() -> Options {
    Options {
        names: Names::Keep,
        start: Start::Section,
        memory: MemoryPlan::Multi,
        capacity: 0,
        tables: Tables::Multi,
        simd: true,
    }
}

fn binary(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text parses")
}

#[test]
fn the_facts_tell_what_was_kept() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let merged = merge(&link(&provider, &user), &exports(), &options()).expect("it merges");
    assert!(merged.externals[ExternalId::from_u32(0)]);
    assert!(!merged.externals[ExternalId::from_u32(1)]);
    let (block, _) = merged.only_module().expect("it is one module");
    assert_eq!(block.counts.functions, 2);
    assert_eq!(block.start, None);
    let small = MemoryInfo {
        index: 0,
        base: 0,
        instance: InstanceId::from_u32(0),
        initial: 10,
        maximum: None,
        page_size_log2: 0,
    };
    assert_eq!(block.memories, [small]);
    let (a, b) = (InstanceId::from_u32(0), InstanceId::from_u32(1));
    assert_eq!(merged.code_size(a, 0), 0, "an import has no body");
    assert_eq!(merged.code_size(a, 2), 6);
    assert_eq!(merged.code_size(a, 3), 0, "a removed function has no body");
    assert_eq!(merged.code_size(b, 1), 7);
    assert_eq!(merged.code_size(b, 9), 0, "what does not exist has no body");
}

#[test]
fn an_import_from_a_later_instance_is_refused() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    link.instances[InstanceId::from_u32(0)].imports[1] = defined(1, EntityKind::Func, 1);
    let error = merge(&link, &exports(), &options()).expect_err("the order is wrong");
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.message(), "`instance1` is used before it exists");
}

#[test]
fn an_import_of_another_kind_is_refused() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    link.instances[InstanceId::from_u32(1)].imports[0] = defined(0, EntityKind::Memory, 0);
    let error = merge(&link, &exports(), &options()).expect_err("a function is not a memory");
    assert_eq!(error.kind(), ErrorKind::Internal);
}

#[test]
fn an_instance_needs_as_many_items_as_its_module_has_imports() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    link.instances[InstanceId::from_u32(1)].imports.pop();
    let error = merge(&link, &exports(), &options()).expect_err("an item is missing");
    assert_eq!(error.message(), "`instance1` is given 1 imports but its module has 2");
}

#[test]
fn an_external_of_a_defined_type_is_refused() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    let heap_type = HeapType::Concrete(0);
    let ty = ValType::Ref(RefType { nullable: true, heap_type });
    link.externals[ExternalId::from_u32(1)].ty = func(&[ty]);
    let error =
        merge(&link, &exports(), &options()).expect_err("there is no type section to refer to");
    assert_eq!(error.kind(), ErrorKind::Internal);
}

/// Modules are valid when they get here. If one is not, that is an error and never a panic.
#[test]
fn damaged_modules_do_not_panic() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    for end in 0..provider.len() {
        let _ = merge(&link(&provider[..end], &user), &exports(), &options());
    }
    for at in 0..provider.len() {
        for bit in 0..8 {
            let mut damaged = provider.clone();
            damaged[at] ^= 1 << bit;
            let _ = merge(&link(&damaged, &user), &exports(), &options());
        }
    }
}

/// Behind 200 functions of another instance, an index takes two bytes.
#[test]
fn positions_behind_a_longer_immediate_move() {
    let others = binary(&format!("(module {})", "(func)".repeat(200)));
    let user = binary("(module (func (call $last) (drop (i32.const 1))) (func $last))");
    let mut link = Link::default();
    for module in [&others, &user] {
        let module = link.modules.push(module.as_slice().into());
        link.traced.insert(module);
        link.instances.push(instance(module.as_u32(), Vec::new()));
    }
    let func = |index| (0, index);
    let wanted = (0..200).map(func).chain([(1, 0)]);
    let export = |(instance, index): (u32, u32)| Export {
        name: format!("{instance} {index}"),
        item: defined(instance, EntityKind::Func, index),
    };
    let exports: Vec<_> = wanted.map(export).collect();
    let merged = merge(&link, &exports, &options()).expect("it merges");
    let (block, _) = merged.only_module().expect("it is one module");
    let function = block.map.function(InstanceId::from_u32(1), 0).expect("it is kept");
    assert_eq!(block.map.kinks[function.kinks.clone()], [Kink { input: 3, output: 4 }]);
    let images = (0..=7).map(|position| block.map.image(function, position));
    assert_eq!(images.collect::<Vec<_>>(), [0, 1, 2, 4, 5, 6, 7, 8]);
}

/// The rooms of this crate, each of which knows those before it.
const ROOMS: [&str; 5] = ["code", "read", "program", "decide", "write"];

#[test]
fn rooms_know_only_those_before_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (at, room) in ROOMS.iter().enumerate() {
        for (file, text) in sources(&source.join(room)) {
            for later in &ROOMS[at + 1..] {
                let path = format!("crate::{later}");
                assert!(!text.contains(&path), "`{room}/{file}` knows `{later}`");
            }
        }
    }
}

#[test]
fn modules_of_a_room_know_one_another_in_one_direction() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in ROOMS {
        let files = sources(&source.join(room));
        let known = |text: &str| -> BTreeSet<String> {
            let list = |rest: &str| match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().to_string(),
                None => rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect(),
            };
            let lists: Vec<String> = text.split("super::").skip(1).map(list).collect();
            let names = lists.iter().flat_map(|list| list.split(',')).map(str::trim);
            names.filter(|name| files.contains_key(*name)).map(str::to_string).collect()
        };
        let mut left: BTreeMap<&str, BTreeSet<String>> =
            files.iter().map(|(file, text)| (file.as_str(), known(text))).collect();
        assert!(!left.is_empty());
        while let Some(last) = left.keys().copied().find(|file| left[file].is_empty()) {
            left.remove(last);
            for known in left.values_mut() {
                known.remove(last);
            }
        }
        assert!(left.is_empty(), "in `{room}` there is a circle: {left:?}");
    }
}

/// The modules of a room that are not tests, but for its table of contents.
fn sources(room: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(room).expect("a room is a folder") {
        let path = entry.expect("it can be read").path();
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        if name != "mod" && name != "tests" {
            let text = fs::read_to_string(&path).expect("it is a file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.insert(name, code.lines().filter(|it| !it.starts_with("//!")).collect());
        }
    }
    found
}
