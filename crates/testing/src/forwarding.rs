//! Compositions of guests that pass on what they are given, for any type.
//!
//! A *forwarding* guest's function calls its import with its own core parameters, and returns what
//! that returns: the canonical ABI lifts and lowers, and the guest knows nothing of the type but how
//! many core values it has. An *echoing* guest returns its parameter, which is a value or points
//! to all of them. So a value goes through one crossing for each guest, there and back:
//!
//! ```text
//! host -> forward0 -> forward1 -> echo
//! host -> forward0 -> forward1 -> host      where parameters and results do not lie alike
//! ```
//!
//! Memories have addresses of 32 bits or of 64, as far as the engine is complete: those that the host
//! reads and writes have 32, those that lists of fixed length go through, and those of a guest that
//! tampers with the tag of a `latin1+utf16` string.
//!
//! A guest can also be made to *tamper*: it writes to its memory or changes a core value, before
//! it calls or before it returns. It does the same in the composition and when it is fused.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use wasm_encoder::{
    CanonicalOption, CodeSection, ComponentBuilder, ComponentExportKind, ComponentTypeRef,
    ComponentValType, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, InstructionSink, MemArg, MemArgTarget, MemoryType, Module, ModuleArg,
    TypeBounds, TypeSection, ValType,
};

use crate::interface::{Signature, Ty};

/// A composition: its root exports `run`.
#[derive(Clone, Debug)]
pub struct Forwarding {
    /// The type of every function in it.
    pub signature: Signature,
    /// The guests, from the outermost on.
    pub guests: Vec<Guest>,
    /// Whether the innermost guest echoes; else it calls the host's `end`.
    pub echoes: bool,
}

/// A guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// How strings are encoded.
    pub encoding: Encoding,
    /// How strings are encoded in the calls that it makes: not as it has got them, perhaps.
    pub calls_with: Encoding,
    /// Whether it has a post-return.
    pub post_return: bool,
    /// The core type of addresses in its memory.
    pub pointer: ValType,
    /// What it does before it calls, and before it returns.
    pub tampers: [Vec<Tamper>; 2],
}

/// How strings are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum Encoding {
    Utf8,
    Utf16,
    CompactUtf16,
}

/// Something that a guest does to the values that it passes on.
#[derive(Clone, Copy, Debug)]
pub enum Tamper {
    /// Adds to a flat value, by its index.
    Flat(u32, u32),
    /// Writes bytes, this far from where a value lies or the first was allocated.
    Memory {
        /// How far from there.
        offset: u32,
        /// The bytes, little-endian.
        value: u32,
        /// How many of them: up to 4.
        bytes: u32,
    },
}

/// Where the first thing is allocated.
const HEAP: i32 = 64;

/// Guests that do as they should: of every encoding, one to three of them.
pub fn honest(signature: BoxedStrategy<Signature>) -> BoxedStrategy<Forwarding> {
    let guest = (encoding(), any::<bool>(), pointer());
    let guest = guest.prop_map(|(encoding, post_return, pointer)| Guest {
        encoding,
        calls_with: encoding,
        post_return,
        pointer,
        tampers: Default::default(),
    });
    composition(signature, vec(guest, 2..4).boxed())
}

/// Guests of which one tampers, and that may take a string of one encoding for one of another.
pub fn tampering(signature: BoxedStrategy<Signature>) -> BoxedStrategy<Forwarding> {
    let calls_with = (encoding(), encoding(), 0..4u32);
    let guest = (calls_with, any::<bool>(), pointer());
    let guest = guest.prop_map(|((encoding, other, odds), post_return, pointer)| {
        let calls_with = if odds == 0 { other } else { encoding };
        let tagged = encoding == Encoding::CompactUtf16 || calls_with == Encoding::CompactUtf16;
        let pointer = if tagged { ValType::I32 } else { pointer };
        Guest { encoding, calls_with, post_return, pointer, tampers: Default::default() }
    });
    let tampers = (vec(a_tamper(), 0..3), vec(a_tamper(), 0..3));
    let guests = (vec(guest, 2..4), tampers, any::<prop::sample::Index>());
    let guests = guests.prop_map(|(mut guests, (before, after), who)| {
        who.get_mut(&mut guests).tampers = [before, after];
        guests
    });
    composition(signature, guests.boxed())
}

fn composition(
    signature: BoxedStrategy<Signature>,
    guests: BoxedStrategy<Vec<Guest>>,
) -> BoxedStrategy<Forwarding> {
    (signature, guests, any::<bool>())
        .prop_map(|(signature, mut guests, echoes)| {
            let echoes = echoes && signature.can_be_echoed();
            let last = guests.len() - 1;
            let fixed = signature.params().iter().any(Ty::has_fixed_length_lists);
            for (level, guest) in guests.iter_mut().enumerate() {
                if fixed || level == 0 || level == last && !echoes {
                    guest.pointer = ValType::I32;
                }
            }
            Forwarding { signature, guests, echoes }
        })
        .boxed()
}

fn encoding() -> BoxedStrategy<Encoding> {
    select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::CompactUtf16]).boxed()
}

fn pointer() -> BoxedStrategy<ValType> {
    select(vec![ValType::I32, ValType::I64]).boxed()
}

fn a_tamper() -> BoxedStrategy<Tamper> {
    let odd = vec![
        0,
        1,
        2,
        3,
        4,
        8,
        0x20,
        0x7f,
        0x80,
        0xc0,
        0xff,
        0x100,
        0xd800,
        0xdc00,
        0xffff,
        0x1_0000,
        0x10_ffff,
        0x11_0000,
        0x0fff_ffff,
        0x1000_0000,
        0x7fff_ffff,
        0x8000_0000,
        0x8000_0002,
        0xffff_fffc,
        0xffff_ffff,
    ];
    let value = prop_oneof![3 => select(odd), 1 => any::<u32>(), 1 => 0..256u32];
    let offset = prop_oneof![3 => 0..32u32, 1 => 0..400u32];
    prop_oneof![
        1 => (0..16u32, value.clone()).prop_map(|(index, value)| Tamper::Flat(index, value)),
        2 => (offset, value, select(vec![1, 2, 4]))
            .prop_map(|(offset, value, bytes)| Tamper::Memory { offset, value, bytes }),
    ]
    .boxed()
}

impl Forwarding {
    /// The composition, a component.
    pub fn component(&self) -> Vec<u8> {
        let mut root = ComponentBuilder::default();
        let mut names = Vec::new();
        let ty = function_type(&mut root, &self.signature, &mut names);
        let mut inner = match self.echoes {
            true => None,
            false => Some(root.import("end", ComponentTypeRef::Func(ty))),
        };
        for (level, guest) in self.guests.iter().enumerate().rev() {
            let calls = inner.is_some();
            let component = root.component(None, guest.component(&self.signature, calls));
            let types =
                names.iter().map(|(name, index)| (name.clone(), ComponentExportKind::Type, *index));
            let next = inner.map(|func| ("next".to_string(), ComponentExportKind::Func, func));
            let arguments: Vec<_> = types.chain(next).collect();
            let name = format!("guest{level}");
            let instance = root.instantiate(Some(&name), component, arguments);
            inner = Some(root.alias_export(instance, "run", ComponentExportKind::Func));
        }
        let run = inner.expect("there is a guest");
        root.export("run", ComponentExportKind::Func, run, None);
        root.append_names();
        root.finish()
    }
}

/// Defines a function type, and imports all types in it that need a name.
fn function_type(
    component: &mut ComponentBuilder,
    signature: &Signature,
    names: &mut Vec<(String, u32)>,
) -> u32 {
    let params = signature.params().iter().enumerate();
    let params: Vec<_> =
        params.map(|(i, ty)| (format!("a{i}"), defined(component, ty, names))).collect();
    let result = match signature {
        Signature::One(_) => params[0].1,
        Signature::Many(_) => {
            let (index, encoder) = component.type_defined(None);
            encoder.tuple(params.iter().map(|(_, ty)| *ty));
            ComponentValType::Type(index)
        }
    };
    let (index, mut encoder) = component.type_function(None);
    encoder.params(params.iter().map(|(name, ty)| (name.as_str(), *ty))).result(Some(result));
    index
}

fn defined(
    component: &mut ComponentBuilder,
    ty: &Ty,
    names: &mut Vec<(String, u32)>,
) -> ComponentValType {
    let labels = |what: &str, count: usize| -> Vec<String> {
        (0..count).map(|i| format!("{what}{i}")).collect()
    };
    let mut parts = |component: &mut ComponentBuilder, types: &[Ty]| -> Vec<ComponentValType> {
        types.iter().map(|ty| defined(component, ty, names)).collect()
    };
    let index = match ty {
        Ty::Primitive(ty) => return ComponentValType::Primitive(*ty),
        Ty::Record(types) => {
            let (fields, names) = (parts(component, types), labels("f", types.len()));
            let (index, encoder) = component.type_defined(None);
            encoder.record(names.iter().map(String::as_str).zip(fields));
            index
        }
        Ty::Tuple(types) => {
            let fields = parts(component, types);
            let (index, encoder) = component.type_defined(None);
            encoder.tuple(fields);
            index
        }
        Ty::Variant(cases) => {
            let payloads: Vec<_> = cases
                .iter()
                .map(|case| case.as_ref().map(|ty| defined(component, ty, names)))
                .collect();
            let names = labels("c", cases.len());
            let (index, encoder) = component.type_defined(None);
            encoder.variant(names.iter().map(String::as_str).zip(payloads));
            index
        }
        Ty::Enum(count) => {
            let names = labels("e", *count as usize);
            let (index, encoder) = component.type_defined(None);
            encoder.enum_type(names.iter().map(String::as_str));
            index
        }
        Ty::Flags(count) => {
            let names = labels("l", *count as usize);
            let (index, encoder) = component.type_defined(None);
            encoder.flags(names.iter().map(String::as_str));
            index
        }
        Ty::Option(some) => {
            let some = defined(component, some, names);
            let (index, encoder) = component.type_defined(None);
            encoder.option(some);
            index
        }
        Ty::Result(ok, err) => {
            let ok = ok.as_ref().map(|ty| defined(component, ty, names));
            let err = err.as_ref().map(|ty| defined(component, ty, names));
            let (index, encoder) = component.type_defined(None);
            encoder.result(ok, err);
            index
        }
        Ty::List(element) => {
            let element = defined(component, element, names);
            let (index, encoder) = component.type_defined(None);
            encoder.list(element);
            index
        }
        Ty::FixedLengthList(element, length) => {
            let element = defined(component, element, names);
            let (index, encoder) = component.type_defined(None);
            encoder.fixed_length_list(element, *length);
            index
        }
        Ty::Map(key, value) => {
            let value = defined(component, value, names);
            let (index, encoder) = component.type_defined(None);
            encoder.map(ComponentValType::Primitive(*key), value);
            index
        }
    };
    if !ty.is_named() {
        return ComponentValType::Type(index);
    }
    let name = format!("t{}", names.len());
    let index = component.import(&*name, ComponentTypeRef::Type(TypeBounds::Eq(index)));
    names.push((name, index));
    ComponentValType::Type(index)
}

impl Guest {
    /// A component that exports `run`, and imports `next` if it calls.
    fn component(&self, signature: &Signature, calls: bool) -> ComponentBuilder {
        let mut component = ComponentBuilder::default();
        let ty = function_type(&mut component, signature, &mut Vec::new());
        let store = component.core_module_raw(None, &store(self.pointer));
        let store = component.core_instantiate(None, store, [] as [(&str, ModuleArg); 0]);
        let memory = component.core_alias_export(None, store, "memory", ExportKind::Memory);
        let realloc = component.core_alias_export(None, store, "realloc", ExportKind::Func);
        let options = |encoding: Encoding| {
            let encoding = match encoding {
                Encoding::Utf8 => CanonicalOption::UTF8,
                Encoding::Utf16 => CanonicalOption::UTF16,
                Encoding::CompactUtf16 => CanonicalOption::CompactUTF16,
            };
            vec![encoding, CanonicalOption::Memory(memory), CanonicalOption::Realloc(realloc)]
        };
        let code = component.core_module(None, &self.code(signature, calls));
        let mut arguments = vec![("store", ModuleArg::Instance(store))];
        if calls {
            let next = component.import("next", ComponentTypeRef::Func(ty));
            let next = component.lower_func(None, next, options(self.calls_with));
            let next = component.core_instantiate_exports(None, [("run", ExportKind::Func, next)]);
            arguments.push(("next", ModuleArg::Instance(next)));
        }
        let code = component.core_instantiate(None, code, arguments);
        let run = component.core_alias_export(None, code, "run", ExportKind::Func);
        let mut options = options(self.encoding);
        if self.post_return {
            let post = component.core_alias_export(None, code, "post-return", ExportKind::Func);
            options.push(CanonicalOption::PostReturn(post));
        }
        let run = component.lift_func(None, run, ty, options);
        component.export("run", ComponentExportKind::Func, run, None);
        component
    }

    /// The module with `run` and `post-return`.
    fn code(&self, signature: &Signature, calls: bool) -> Module {
        let pointer_type = self.pointer;
        let flat = signature.flat_params(pointer_type);
        let spilled_params = flat.is_none();
        let params = flat.unwrap_or_else(|| vec![pointer_type]);
        let spilled_result = signature.flat_result(pointer_type).is_none();
        let result = signature.flat_result(pointer_type).unwrap_or(pointer_type);

        let mut types = TypeSection::new();
        types.ty().function(params.clone(), [result]);
        types.ty().function([result], []);
        types.ty().function([pointer_type; 4], [pointer_type]);
        types.ty().function([], []);
        let pointer = spilled_result.then_some(pointer_type);
        let lowered: Vec<_> = params.iter().copied().chain(pointer).collect();
        types.ty().function(lowered, (!spilled_result).then_some(result));
        let mut imports = ImportSection::new();
        imports.import("store", "memory", memory_type(pointer_type));
        imports.import("store", "realloc", EntityType::Function(2));
        imports.import("store", "reset", EntityType::Function(3));
        if calls {
            imports.import("next", "run", EntityType::Function(4));
        }
        let mut functions = FunctionSection::new();
        functions.function(0).function(1);
        let first = 2 + u32::from(calls);
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, first);
        exports.export("post-return", ExportKind::Func, first + 1);

        // `run`: a local for the result, and one for where it is to be put
        let value = params.len() as u32;
        let place = value + 1;
        let mut run = Function::new([(1, result), (1, pointer_type)]);
        let mut ins = run.instructions();
        if calls && spilled_result {
            let (size, align) = signature.result().layout(pointer_type);
            for argument in [0, 0, align, size] {
                pointer_const(&mut ins, pointer_type, argument as i32);
            }
            ins.call(0).local_set(place);
        }
        let lies_at = spilled_params.then_some(0);
        let flat = if spilled_params { &[][..] } else { &params };
        self.tamper(&mut ins, 0, flat, 0, lies_at);
        if calls {
            for index in 0..params.len() as u32 {
                ins.local_get(index);
            }
            match spilled_result {
                true => ins.local_get(place).call(2).local_get(place).local_set(value),
                false => ins.call(2).local_set(value),
            };
        } else {
            ins.local_get(0).local_set(value);
        }
        let lies_at = spilled_result.then_some(value);
        let flat = if spilled_result { &[][..] } else { &[result] };
        self.tamper(&mut ins, 1, flat, value, lies_at);
        ins.local_get(value).end();
        let mut post_return = Function::new([]);
        post_return.instructions().call(1).end();
        let mut code = CodeSection::new();
        code.function(&run).function(&post_return);

        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module
    }

    /// Does what a guest should not: to flat values, in locals from `first` on, or to those that lie in
    /// memory where a local says.
    fn tamper(
        &self,
        ins: &mut InstructionSink<'_>,
        when: usize,
        flat: &[ValType],
        first: u32,
        lies_at: Option<u32>,
    ) {
        for &tamper in &self.tampers[when] {
            match tamper {
                Tamper::Flat(index, value) => {
                    let Some(ty) = flat.get(index as usize) else { continue };
                    ins.local_get(first + index);
                    match ty {
                        ValType::I64 => ins.i64_const(value as i32 as i64).i64_add(),
                        ValType::F32 => ins.f32_const(f32::from_bits(value).into()).f32_add(),
                        ValType::F64 => ins.f64_const(f64::from(value).into()).f64_add(),
                        _ => ins.i32_const(value as i32).i32_add(),
                    };
                    ins.local_set(first + index);
                }
                Tamper::Memory { offset, value, bytes } => {
                    match lies_at {
                        Some(local) => drop(ins.local_get(local)),
                        None => pointer_const(ins, self.pointer, HEAP),
                    }
                    ins.i32_const(value as i32);
                    let target = MemArgTarget::Memory(0);
                    let arg = MemArg { offset: offset.into(), align: 0, target, ordering: None };
                    match bytes {
                        1 => ins.i32_store8(arg),
                        2 => ins.i32_store16(arg),
                        _ => ins.i32_store(arg),
                    };
                }
            }
        }
    }
}

fn memory_type(pointer: ValType) -> MemoryType {
    let memory64 = pointer == ValType::I64;
    MemoryType { minimum: 1, maximum: None, memory64, shared: false, page_size_log2: None }
}

fn pointer_const(ins: &mut InstructionSink<'_>, pointer: ValType, value: i32) {
    match pointer {
        ValType::I64 => ins.i64_const(value.into()),
        _ => ins.i32_const(value),
    };
}

/// The module with the memory. What is given back is cleared, so that no guest can see what a string
/// was before it had its final encoding.
fn store(pointer: ValType) -> Vec<u8> {
    let ty = if pointer == ValType::I64 { "i64" } else { "i32" };
    let text = format!(
        r#"(module
          (memory (export "memory") {ty} 1)
          (global $end (mut {ty}) ({ty}.const {HEAP}))
          (func (export "realloc")
            (param $old {ty}) (param $old_size {ty}) (param $align {ty}) (param $size {ty})
            (result {ty})
            (local $new {ty})
            (local.set $new
              ({ty}.and
                ({ty}.sub ({ty}.add (global.get $end) (local.get $align)) ({ty}.const 1))
                ({ty}.sub ({ty}.const 0) (local.get $align))))
            (global.set $end ({ty}.add (local.get $new) (local.get $size)))
            ;; as many pages as that takes
            (block $fits
              (loop $more
                (br_if $fits
                  ({ty}.le_u (global.get $end) ({ty}.shl (memory.size) ({ty}.const 16))))
                (br_if $more ({ty}.ne (memory.grow ({ty}.const 1)) ({ty}.const -1)))
                (unreachable)))
            ;; as much of the old as there is room for
            (memory.copy (local.get $new) (local.get $old)
              (select (local.get $old_size) (local.get $size)
                ({ty}.lt_u (local.get $old_size) (local.get $size))))
            (memory.fill (local.get $old) (i32.const 0) (local.get $old_size))
            (local.get $new))
          (func (export "reset") (global.set $end ({ty}.const {HEAP}))))"#
    );
    wat::parse_str(text).expect("it is valid")
}
