//! Inputs near what engines accept, of everything: valid by themselves, they are fused, in every memory plan,
//! or refused with the limit and a help that is followed here and works.

use std::fmt::Write as _;

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, InstructionSink, MemArg, MemArgTarget,
    MemorySection, MemoryType, Module, RefType, TableSection, TableType, TagKind, TagSection,
    TagType, TypeSection, ValType,
};
use wasm_fuser::error::{Part, Setting};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Code, Error, fuse};

/// What is done with an input, and how it ended.
fn fused(bytes: &[u8], options: &Options) -> Result<(), Error> {
    let input = Input { name: "large".into(), bytes: bytes.into() };
    fuse(&[input], options).map(drop)
}

/// Fuses an input in each form; says in which it is refused.
fn near(bytes: &[u8]) -> Vec<(MemoryPlan, Emit)> {
    wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
        .validate_all(bytes)
        .expect("engines accept the input");
    let forms = [
        (MemoryPlan::Multi, Emit::Component),
        (MemoryPlan::Split, Emit::Component),
        (MemoryPlan::Single, Emit::Component),
        (MemoryPlan::Multi, Emit::Flat),
    ];
    let mut refused = Vec::new();
    for (memory, emit) in forms {
        let options = Options { memory, emit, capacity: 1 << 16, ..Options::default() };
        let Err(error) = fused(bytes, &options) else { continue };
        refused.push((memory, emit));
        if error.code() == Code::NotOneMemory && memory == MemoryPlan::Single {
            continue;
        }
        assert_eq!(error.code(), Code::LimitExceeded, "{memory:?} {emit:?}: {error}");
        for other in alternatives(&options, &error) {
            if let Err(again) = fused(bytes, &other) {
                panic!("{memory:?} {emit:?}: {error}\n... which does not help: {again}");
            }
        }
    }
    refused
}

/// The options that the help of an error advises: of which there are some.
fn alternatives(options: &Options, error: &Error) -> Vec<Options> {
    let mut alternatives = Vec::new();
    let mut next = Some(options.clone());
    for part in error.remedy().parts() {
        match part {
            Part::Text(text) if text == " or " => {
                alternatives.extend(next.replace(options.clone()));
            }
            Part::Text(_) => {}
            Part::Setting(setting) => {
                let options = next.as_mut().expect("there is always one");
                match setting {
                    Setting::Memory(memory) => options.memory = *memory,
                    Setting::Emit(emit) => options.emit = *emit,
                    other => panic!("{other:?} is no remedy for a limit of engines"),
                }
            }
        }
    }
    alternatives.extend(next);
    let same = |other: &Options| (other.memory, other.emit) == (options.memory, options.emit);
    assert!(!alternatives.iter().any(same), "there is no help that can be followed: {error}");
    alternatives
}

/// A component, its text with `(core module $m ...)` at first, in place of which is a module with the same
/// imports and exports.
fn with_module(text: &str, module: Module) -> Vec<u8> {
    let template = wat::parse_str(text).expect("is component text");
    assert_eq!(template[8], 1, "a core module is the first definition");
    let (mut size, mut at, mut shift) = (0usize, 9, 0);
    loop {
        let byte = template[at];
        size |= usize::from(byte & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte < 0x80 {
            break;
        }
    }
    let code = module.finish();
    let mut bytes = template[..8].to_vec();
    bytes.push(1);
    let mut rest = code.len();
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.extend(code);
    bytes.extend(&template[at + size..]);
    bytes
}

/// Instances of `$m`, whose functions `f` are exported.
fn instances(count: usize) -> String {
    let mut text = String::from("(component (core module $m (func (export \"f\")))");
    for n in 0..count {
        write!(
            text,
            "(core instance $i{n} (instantiate $m))
             (func (export \"f{n}\") (canon lift (core func $i{n} \"f\")))"
        )
        .expect("a string grows");
    }
    text + ")"
}

/// What a module is made of; the function `f` is added, which does `body`, and is exported.
#[derive(Default)]
struct Parts {
    types: TypeSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    elements: ElementSection,
    data: DataSection,
    code: CodeSection,
    count: u32,
}

impl Parts {
    fn func(&mut self, ty: u32, locals: &[(u32, ValType)], body: impl Fn(&mut InstructionSink)) {
        self.functions.function(ty);
        let mut function = Function::new(locals.to_vec());
        let mut code = function.instructions();
        body(&mut code);
        code.end();
        self.code.function(&function);
        self.count += 1;
    }

    /// The type of `f` is the first.
    fn module(mut self, locals: &[(u32, ValType)], body: impl Fn(&mut InstructionSink)) -> Module {
        self.func(0, locals, body);
        let mut exports = ExportSection::new();
        exports.export("f", ExportKind::Func, self.count - 1);
        let mut module = Module::new();
        let has_data = !self.data.is_empty();
        let data = self.data.len();
        module.section(&self.types).section(&self.functions).section(&self.tables);
        module.section(&self.memories).section(&self.tags).section(&self.globals);
        module.section(&exports).section(&self.elements);
        if has_data {
            module.section(&wasm_encoder::DataCountSection { count: data });
        }
        module.section(&self.code);
        if has_data {
            module.section(&self.data);
        }
        module
    }
}

fn parts() -> Parts {
    let mut parts = Parts::default();
    parts.types.ty().function([], []);
    parts
}

fn memory() -> MemoryType {
    MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    }
}

fn place(offset: u64, memory: u32) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::Memory(memory), ordering: None }
}

const MULTI: (MemoryPlan, Emit) = (MemoryPlan::Multi, Emit::Component);
const SPLIT: (MemoryPlan, Emit) = (MemoryPlan::Split, Emit::Component);
const SINGLE: (MemoryPlan, Emit) = (MemoryPlan::Single, Emit::Component);
const FLAT: (MemoryPlan, Emit) = (MemoryPlan::Multi, Emit::Flat);

#[test]
fn tables_near_the_limit_are_fused_or_refused_with_what_helps() {
    let module = |has_memory: bool| {
        let mut parts = parts();
        let ty = TableType {
            element_type: RefType::FUNCREF,
            minimum: 1,
            maximum: None,
            table64: false,
            shared: false,
        };
        parts.tables.table(ty);
        if has_memory {
            parts.memories.memory(memory());
        }
        parts.module(&[], move |code| {
            code.table_size(0).drop();
            if has_memory {
                code.i32_const(0).i32_load(place(0, 0)).drop();
            }
        })
    };
    assert_eq!(near(&with_module(&instances(100), module(true))), []);
    // Without memories there is nothing to be split by.
    assert_eq!(near(&with_module(&instances(101), module(false))), [MULTI, SPLIT, SINGLE]);
    assert_eq!(near(&with_module(&instances(101), module(true))), [MULTI, SINGLE]);
}

#[test]
fn memories_near_the_limit_are_fused_or_refused_with_what_helps() {
    let module = || {
        let mut parts = parts();
        parts.memories.memory(memory());
        parts.module(&[], |code| {
            code.i32_const(0).i32_load(place(0, 0)).drop();
        })
    };
    assert_eq!(near(&with_module(&instances(100), module())), []);
    assert_eq!(near(&with_module(&instances(101), module())), [MULTI]);
}

#[test]
fn core_modules_near_the_limit_are_fused_or_refused_with_what_helps() {
    let mut parts = parts();
    parts.memories.memory(memory());
    let module = parts.module(&[], |code| {
        code.i32_const(0).i32_load(place(0, 0)).drop();
    });
    assert_eq!(near(&with_module(&instances(1001), module)), [MULTI, SPLIT]);
}

#[test]
fn functions_near_the_limit_are_fused_or_refused_with_what_helps() {
    const HALF: u32 = 500_001;
    let mut parts = parts();
    let all: Vec<u32> = (0..HALF).collect();
    parts.elements.passive(Elements::Functions(all.into()));
    for _ in 1..HALF {
        parts.func(0, &[], |_| ());
    }
    let module = parts.module(&[], |code| {
        code.elem_drop(0);
    });
    assert_eq!(near(&with_module(&instances(2), module)), [MULTI, SPLIT, SINGLE]);
}

#[test]
fn globals_and_tags_near_the_limit_are_fused_or_refused_with_what_helps() {
    const HALF: u32 = 500_001;
    let mut globals = parts();
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    for _ in 0..HALF {
        globals.globals.global(ty, &ConstExpr::i32_const(0));
    }
    let module = globals.module(&[], |code| {
        (0..HALF).for_each(|n| {
            code.global_get(n).drop();
        });
    });
    assert_eq!(near(&with_module(&instances(2), module)), [MULTI, SPLIT, SINGLE]);
    let mut tags = parts();
    for _ in 0..HALF {
        tags.tags.tag(TagType { kind: TagKind::Exception, func_type_idx: 0 });
    }
    let module = tags.module(&[], |code| {
        (0..HALF).for_each(|n| {
            code.throw(n);
        });
    });
    assert_eq!(near(&with_module(&instances(2), module)), [MULTI, SPLIT, SINGLE]);
}

#[test]
fn segments_near_the_limit_are_fused_or_refused_with_what_helps() {
    const COUNT: u32 = 1000;
    let mut data = parts();
    data.memories.memory(memory());
    for _ in 0..COUNT {
        data.data.passive(*b"x");
    }
    let module = data.module(&[], |code| {
        (0..COUNT).for_each(|n| {
            code.i32_const(0).i32_const(0).i32_const(1).memory_init(0, n);
        });
    });
    assert_eq!(near(&with_module(&instances(101), module)), [MULTI, SINGLE]);
    let mut elements = parts();
    for _ in 0..COUNT {
        elements.elements.passive(Elements::Functions((&[0]).into()));
    }
    let module = elements.module(&[], |code| {
        (0..COUNT).for_each(|n| {
            code.elem_drop(n);
        });
    });
    assert_eq!(near(&with_module(&instances(101), module)), [MULTI, SPLIT, SINGLE]);
}

#[test]
fn bodies_near_the_limit_are_fused_or_refused_with_what_helps() {
    // Each load is checked, where the memory is a region: six bytes become more than twenty.
    let mut loads = parts();
    loads.memories.memory(memory());
    let module = loads.module(&[], |code| {
        (0..1_000_000).for_each(|_| {
            code.i32_const(0).i32_load(place(0, 0)).drop();
        });
    });
    assert_eq!(near(&with_module(&instances(2), module)), [SINGLE]);
    // Each call names a function of the second instance, which has a longer index.
    let mut calls = parts();
    calls.elements.passive(Elements::Functions((0..20_000).collect::<Vec<_>>().into()));
    for _ in 1..20_000 {
        calls.func(0, &[], |_| ());
    }
    let module = calls.module(&[], |code| {
        code.elem_drop(0);
        (0..2_500_000).for_each(|_| {
            code.call(0);
        });
    });
    assert_eq!(near(&with_module(&instances(2), module)), [MULTI, SPLIT, SINGLE]);
}

#[test]
fn locals_near_the_limit_are_fused_or_refused_with_what_helps() {
    let module = |locals: u32| {
        let mut parts = parts();
        parts.memories.memory(memory());
        parts.module(&[(locals, ValType::I32)], |code| {
            code.i32_const(0).i32_const(0).i32_store(place(0, 0));
        })
    };
    assert_eq!(near(&with_module(&instances(2), module(49_000))), []);
    assert_eq!(near(&with_module(&instances(2), module(50_000))), [SINGLE]);
}

#[test]
fn instructions_on_far_memories_are_counted_before_they_are_written() {
    let mut parts = parts();
    parts.memories.memory(memory());
    parts.memories.memory(memory());
    // What reaches both is in one of the two modules.
    for first in [0, 600_000] {
        parts.func(0, &[], move |code| {
            for offset in first..first + 600_000 {
                code.i32_const(0).i32_load(place(offset, 1)).drop();
            }
        });
    }
    let module = parts.module(&[], |code| {
        code.i32_const(0).i32_load(place(0, 0)).drop().call(0).call(1);
    });
    let bytes = with_module(&instances(1), module);
    let begun = std::time::Instant::now();
    assert!(near(&bytes).contains(&SPLIT), "there are too many in a module");
    assert!(begun.elapsed() < 4 * super::LONGEST, "it takes {:?}", begun.elapsed());
}

#[test]
fn instances_with_many_imports_are_fused_or_refused_with_what_helps() {
    // Split, each is a module that imports from five others, and each of these imports is an instance.
    let mut text = String::from("(component");
    let module = |imports: usize| {
        let imports: String =
            (0..imports).map(|n| format!("(import \"{n}\" \"f\" (func $f{n}))")).collect();
        let calls: String = (0..5).map(|n| format!("(call $f{n})")).collect();
        let calls = if imports.is_empty() { String::new() } else { calls };
        format!(
            "{imports} (memory 1 1) (func (export \"f\") (drop (i32.load (i32.const 0))) {calls})"
        )
    };
    write!(text, "(core module $first {}) (core module $m {})", module(0), module(5))
        .expect("grows");
    for n in 0..990 {
        if n < 5 {
            write!(text, "(core instance $i{n} (instantiate $first))").expect("grows");
            continue;
        }
        let with = (0..5).map(|k| format!("(with \"{k}\" (instance $i{}))", n - 5 + k));
        let with: String = with.collect();
        write!(text, "(core instance $i{n} (instantiate $m {with}))").expect("grows");
    }
    text += "(func (export \"f\") (canon lift (core func $i989 \"f\"))))";
    let bytes = wat::parse_str(&text).expect("is component text");
    assert_eq!(near(&bytes), [MULTI, SPLIT, FLAT]);
}

#[test]
fn exported_interfaces_with_resources_near_the_limit_are_fused_or_refused() {
    // Each of these interfaces takes a component of the result, to be exported.
    let mut text = String::from("(component (component $c");
    for n in 0..400 {
        write!(
            text,
            "(component $s{n} (import \"r\" (type $r (sub resource)))
               (import \"f\" (func $f (result (own $r))))
               (export $e \"r\" (type $r))
               (export \"[constructor]r\" (func $f) (func (result (own $e)))))
             (type $r{n} (resource (rep i32)))
             (core func $n{n} (canon resource.new $r{n}))
             (core module $m{n} (import \"\" \"new\" (func $new (param i32) (result i32)))
               (func (export \"f\") (result i32) (call $new (i32.const {n}))))
             (core instance $i{n} (instantiate $m{n} (with \"\" (instance (export \"new\" (func $n{n}))))))
             (func $f{n} (result (own $r{n})) (canon lift (core func $i{n} \"f\")))
             (instance $e{n} (instantiate $s{n} (with \"r\" (type $r{n})) (with \"f\" (func $f{n}))))
             (export \"i{n}\" (instance $e{n}))"
        )
        .expect("a string grows");
    }
    text += ")";
    for c in 0..3 {
        write!(text, "(instance $c{c} (instantiate $c))").expect("a string grows");
        for n in 0..400 {
            write!(text, "(alias export $c{c} \"i{n}\" (instance $x{c}-{n})) (export \"c{c}-i{n}\" (instance $x{c}-{n}))").expect("grows");
        }
    }
    text += ")";
    let bytes = wat::parse_str(&text).expect("is component text");
    let input = Input { name: "large".into(), bytes };
    let error = fuse(&[input], &Options::default()).expect_err("there are too many components");
    assert_eq!(error.code(), Code::LimitExceeded, "{error}");
}

/// A component whose one guest passes a value of a type to the other, and back.
fn crossing(types: &str, ty: &str) -> Vec<u8> {
    let text = format!(
        "(component {types}
           (component $callee
             (alias outer 1 {ty} (type $outer))
             (import \"t\" (type $t (eq $outer)))
             (core module $m (memory (export \"m\") 1)
               (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 8))
               (func (export \"f\") (param i32) (result i32) (i32.const 8)))
             (core instance $m (instantiate $m))
             (func (export \"f\") (param \"x\" (list $t)) (result (list $t))
               (canon lift (core func $l \"f\") (memory (core memory $m \"m\"))
                 (realloc (core func $m \"realloc\")))))
           (component $caller
             (alias outer 1 {ty} (type $outer))
             (import \"t\" (type $t (eq $outer)))
             (import \"f\" (func $f (param \"x\" (list $t)) (result (list $t))))
             (core module $memory (memory (export \"m\") 1)
               (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 8)))
             (core instance $memory (instantiate $memory))
             (core func $f (canon lower (func $f) (memory (core memory $memory \"m\"))
               (realloc (core func $memory \"realloc\"))))
             (core module $m (import \"\" \"f\" (func $f (param i32 i32 i32)))
               (func (export \"run\") (call $f (i32.const 0) (i32.const 0) (i32.const 0))))
             (core instance $m (instantiate $m (with \"\" (instance (export \"f\" (func $f))))))
             (func (export \"run\") (canon lift (core func $m \"run\"))))
           (instance $callee (instantiate $callee (with \"t\" (type {ty}))))
           (instance $caller (instantiate $caller (with \"t\" (type {ty})) (with \"f\" (func $callee \"f\"))))
           (export \"run\" (func $caller \"run\")))"
    );
    let text = text.replace("$l \"f\"", "$m \"f\"").replace(
        "(func (export \"f\") (param i32) (result i32) (i32.const 8))",
        "(func (export \"f\") (param i32 i32) (result i32) (i32.const 8))",
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn types_near_the_limit_cross() {
    let labels = |count: usize, of: &str| -> String {
        (0..count).map(|n| of.replace('#', &n.to_string())).collect()
    };
    for (types, ty) in [
        (format!("(type $t (record {}))", labels(10_000, " (field \"l#\" string)")), "$t"),
        (format!("(type $t (record {}))", labels(10_000, " (field \"l#\" u8)")), "$t"),
        (format!("(type $t (variant {}))", labels(10_000, " (case \"l#\" string)")), "$t"),
        (format!("(type $t (variant {}))", labels(10_000, " (case \"l#\" (tuple u8 f64))")), "$t"),
        (format!("(type $t (enum {}))", labels(10_000, " \"l#\"")), "$t"),
        (format!("(type $t (flags {}))", labels(32, " \"l#\"")), "$t"),
        (format!("(type $t (tuple {}))", " (option string)".repeat(10_000)), "$t"),
        (
            format!(
                "(type $t0 (list string)) {}",
                (1..95).map(|n| format!("(type $t{n} (list $t{}))", n - 1)).collect::<String>()
            ),
            "$t94",
        ),
        (
            format!(
                "(type $t0 (result string (error u8))) {}",
                (1..14)
                    .map(|n| format!("(type $t{n} (tuple $t{0} $t{0}))", n - 1))
                    .collect::<String>()
            ),
            "$t13",
        ),
    ] {
        let bytes = crossing(&types, ty);
        assert_eq!(near(&bytes), [], "{}", &types[..60]);
    }
}
