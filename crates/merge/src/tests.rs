//! What the cases in `tests/cases/merge` cannot say: the facts besides the bytes, and errors.

use crate::ErrorKind;
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
    Instance { module: ModuleId::from_u32(module), imports, label: String::new(), capacity: None }
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
    link.exports.push(Export { name: "run".into(), item: defined(1, EntityKind::Func, 1) });
    link
}

fn options() -> Options {
    Options {
        names: Names::Keep,
        start: Start::Section,
        memory: MemoryPlan::Multi,
        capacity: 0,
        simd: true,
    }
}

fn binary(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text parses")
}

#[test]
fn the_facts_tell_what_was_kept() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let merged = merge(&link(&provider, &user), &options()).expect("it merges");
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
    let error = merge(&link, &options()).expect_err("the order is wrong");
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.message(), "`instance1` is used before it exists");
}

#[test]
fn an_import_of_another_kind_is_refused() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    link.instances[InstanceId::from_u32(1)].imports[0] = defined(0, EntityKind::Memory, 0);
    let error = merge(&link, &options()).expect_err("a function is not a memory");
    assert_eq!(error.kind(), ErrorKind::Internal);
}

#[test]
fn an_instance_needs_as_many_items_as_its_module_has_imports() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    link.instances[InstanceId::from_u32(1)].imports.pop();
    let error = merge(&link, &options()).expect_err("an item is missing");
    assert_eq!(error.message(), "`instance1` is given 1 imports but its module has 2");
}

#[test]
fn an_external_of_a_defined_type_is_refused() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    let mut link = link(&provider, &user);
    let heap_type = wasm_encoder::HeapType::Concrete(0);
    let ty = ValType::Ref(wasm_encoder::RefType { nullable: true, heap_type });
    link.externals[ExternalId::from_u32(1)].ty = func(&[ty]);
    let error = merge(&link, &options()).expect_err("there is no type section to refer to");
    assert_eq!(error.kind(), ErrorKind::Internal);
}

/// Modules are valid when they get here. If one is not, that is an error and never a panic.
#[test]
fn damaged_modules_do_not_panic() {
    let (provider, user) = (binary(PROVIDER), binary(USER));
    for end in 0..provider.len() {
        let _ = merge(&link(&provider[..end], &user), &options());
    }
    for at in 0..provider.len() {
        for bit in 0..8 {
            let mut damaged = provider.clone();
            damaged[at] ^= 1 << bit;
            let _ = merge(&link(&damaged, &user), &options());
        }
    }
}
