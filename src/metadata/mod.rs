//! What tools read that come after: who made a component, what it is called, what its code needs.
//!
//! | section | where | what it has |
//! |---|---|---|
//! | `producers` | the component, and each core module of it | those of the composition, all of them, and the fuser |
//! | `target_features` | each core module | what its code uses, and what the guests declared |
//! | `__llvm_covmap`, `__llvm_covfun` | the core module with the guest's code | the guest's, if it is the only one that has them |
//! | `name`, `version`, `authors` and others | the component | the root's |
//!
//! `producers` and `target_features` are conventions of WebAssembly's tools: who reads the one, shows
//! the same languages and compilers as before; who reads the other (`wasm-opt`, say) need not be
//! told which features to expect. What a guest declared and does not use is kept, for nothing is
//! lost by it. What the code uses is told by its opcodes, because there are guests that declare
//! nothing.
//!
//! Nothing that the fuser decides depends on any of this. A section that cannot be read is left out:
//! it is no reason to refuse a component.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasm_encoder::{
    ComponentNameSection, CustomSection, Encode, ProducersField, ProducersSection, Section,
};
use wasm_fuser_merge::{BlockCode, Merged, Opcodes, order};
use wasmparser::{
    BinaryReader, CodeSectionReader, ConstExpr, Operator, Parser, Payload, ProducersSectionReader,
    TypeRef,
};

use crate::bind::Bound;
use crate::decode::{Decoded, FEATURES, PRODUCERS, sections, slice};
use crate::error::{Error, Result};
use crate::options::{Names, Options};
use crate::plan::{CoreInstance, Plan};

mod features;

pub use self::features::check;

/// The features that the code of each merged module uses, by the names that LLVM has for them: none of a module
/// whose code is not there.
pub type Needs = Vec<BTreeSet<&'static str>>;

/// The merged modules, marked.
pub fn modules(mut merged: Merged, plan: &Plan<'_>, bound: &Bound<'_>) -> Result<(Merged, Needs)> {
    let mut needs = Needs::new();
    let covered = plan.core_instances.iter().filter(|(_, it)| is_covered(plan, it));
    let covered: Vec<_> = covered.collect();
    if let [(id, guest)] = covered[..] {
        let id = bound.guests[id].expand();
        let mut blocks = merged.blocks.values_mut();
        let block = blocks.find(|block| block.instances.iter().any(|it| Some(*it) == id));
        if let Some(BlockCode::Module(bytes)) = block.map(|block| &mut block.code) {
            for (name, data) in &plan.module(guest.module).coverage {
                append(name, data, bytes);
            }
        }
    }
    let sections = plan.decoded.modules.values().flat_map(|module| &module.custom);
    let producers = producers(sections.clone());
    let sections = sections.filter(|(name, _)| *name == FEATURES);
    let declared =
        order::set(sections.flat_map(|(_, data)| declared_features(data).unwrap_or_default()));
    for block in merged.blocks.values_mut() {
        if let BlockCode::Opaque = block.code {
            needs.push(BTreeSet::new());
        }
        if let BlockCode::Module(bytes) = &mut block.code {
            let mut features = declared.clone();
            let used = used(bytes, &block.opcodes)?;
            features.extend(&used);
            needs.push(used);
            producers.append_to(bytes);
            let mut data = Vec::new();
            features.len().encode(&mut data);
            for feature in features {
                data.push(b'+');
                feature.encode(&mut data);
            }
            append(FEATURES, &data, bytes);
        }
    }
    Ok((merged, needs))
}

/// Whether the counters of a coverage run are in an instance. What they count is said for one instance of
/// a module that has all of them.
pub fn is_covered(plan: &Plan<'_>, instance: &CoreInstance) -> bool {
    !plan.module(instance.module).coverage.is_empty()
}

fn append(name: &str, data: &[u8], module: &mut Vec<u8>) {
    CustomSection { name: name.into(), data: data.into() }.append_to(module);
}

/// The result, marked.
pub fn result(mut bytes: Vec<u8>, decoded: &Decoded<'_>, options: &Options) -> Vec<u8> {
    let root = &decoded.components[decoded.root()];
    if !Parser::is_component(&bytes) {
        return bytes;
    }
    if let (Some(name), Names::Keep) = (root.names.component, options.names)
        && let Some((place, section)) = named(&bytes, name)
    {
        bytes.splice(place, section);
    }
    for (name, data) in root.custom.iter().filter(|(name, _)| *name != PRODUCERS) {
        CustomSection { name: Cow::Borrowed(name), data: Cow::Borrowed(data) }
            .append_to(&mut bytes);
    }
    let all = decoded.components.values().flat_map(|component| &component.custom);
    producers(all).append_to(&mut bytes);
    bytes
}

/// The union of sections, and the fuser.
fn producers<'a>(sections: impl Iterator<Item = &'a (&'a str, &'a [u8])>) -> ProducersSection {
    let mut fields: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (_, data) in sections.filter(|(name, _)| *name == PRODUCERS) {
        let Ok(section) = ProducersSectionReader::new(BinaryReader::new(data, 0)) else { continue };
        for field in section.into_iter().map_while(Result::ok) {
            let values = fields.entry(field.name).or_default();
            for value in field.values.into_iter().map_while(Result::ok) {
                values.insert(value.name, value.version);
            }
        }
    }
    let this = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    fields.entry("processed-by").or_default().insert(this.0, this.1);
    let mut section = ProducersSection::new();
    for (name, values) in fields {
        let mut field = ProducersField::new();
        for (name, version) in values {
            field.value(name, version);
        }
        section.field(name, &field);
    }
    section
}

/// The features that a section says are used.
fn declared_features(data: &[u8]) -> wasmparser::Result<Vec<&str>> {
    let mut reader = BinaryReader::new(data, 0);
    let mut features = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let prefix = reader.read_u8()?;
        let feature = reader.read_string()?;
        if prefix == b'+' {
            features.push(feature);
        }
    }
    Ok(features)
}

/// What gives a component another name: which bytes of it to replace, and by what. The name is a part
/// of a section in which things inside have theirs. None, if it has a name.
fn named(bytes: &[u8], name: &str) -> Option<(Range<usize>, Vec<u8>)> {
    let mut own = ComponentNameSection::new();
    own.component(name);
    let mut section = Vec::new();
    own.encode(&mut section);
    let mut reader = BinaryReader::new(&section, 0);
    let (_, _) = (reader.read_var_u32().ok()?, reader.read_string().ok()?);
    let mut data = section.get(reader.current_position()..)?.to_vec();

    let mut place = bytes.len()..bytes.len();
    let mut reader = BinaryReader::new(bytes.get(8..)?, 0);
    while !reader.eof() {
        let start = 8 + reader.current_position();
        let id = reader.read_u8().ok()?;
        let mut inner = reader.read_reader().ok()?;
        if id == 0 && inner.read_string().ok()? == "component-name" {
            let end = 8 + reader.current_position();
            let given = bytes.get(end - inner.bytes_remaining()..end)?;
            // A name that it has is the one to keep.
            if given.first() == Some(&0) {
                return None;
            }
            data.extend_from_slice(given);
            place = start..end;
            break;
        }
    }
    let mut section = vec![0];
    CustomSection { name: "component-name".into(), data: data.into() }.encode(&mut section);
    Some((place, section))
}

/// The features that a module's code uses, by the names that LLVM has for them.
fn used(bytes: &[u8], opcodes: &Opcodes) -> Result<BTreeSet<&'static str>> {
    let malformed = |error: wasmparser::Error| {
        Error::internal(format!("a merged module cannot be read: {}", error.message()))
    };
    let mut used = BTreeSet::new();
    let (mut memories, mut tables) = (0, 0);
    for payload in sections(bytes) {
        match payload.map_err(malformed)? {
            Payload::CodeSectionStart { unchecked_range: range, .. } => {
                let code = slice(bytes, &range)?;
                let bodies = CodeSectionReader::new(BinaryReader::new(code, range.start));
                // That there are as many as is said, and each as long.
                for body in bodies.map_err(malformed)? {
                    body.map_err(malformed)?;
                }
            }
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    match ty {
                        Ok(ty) if ty.results().len() > 1 => drop(used.insert("multivalue")),
                        Ok(_) => {}
                        Err(_) => {
                            used.extend(["gc", "reference-types"]);
                            break;
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import.map_err(malformed)?.ty {
                        TypeRef::Memory(ty) => {
                            memories += 1;
                            if ty.memory64 {
                                used.insert("memory64");
                            }
                        }
                        TypeRef::Table(_) => tables += 1,
                        TypeRef::Global(ty) if ty.mutable => drop(used.insert("mutable-globals")),
                        TypeRef::Tag(_) => drop(used.insert("exception-handling")),
                        _ => {}
                    }
                }
            }
            Payload::MemorySection(section) => {
                memories += section.count();
                for ty in section {
                    let ty = ty.map_err(malformed)?;
                    used.extend(ty.memory64.then_some("memory64"));
                    used.extend(ty.shared.then_some("atomics"));
                }
            }
            Payload::TableSection(section) => tables += section.count(),
            Payload::TagSection(_) => drop(used.insert("exception-handling")),
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global.map_err(malformed)?;
                    used.extend(global.ty.mutable.then_some("mutable-globals"));
                    constant(&global.init_expr, &mut used).map_err(malformed)?;
                }
            }
            Payload::DataCountSection { .. } => drop(used.insert("bulk-memory")),
            Payload::DataSection(section) => {
                for data in section {
                    if let wasmparser::DataKind::Active { offset_expr, .. } =
                        data.map_err(malformed)?.kind
                    {
                        constant(&offset_expr, &mut used).map_err(malformed)?;
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    if let wasmparser::ElementKind::Active { offset_expr, .. } =
                        element.map_err(malformed)?.kind
                    {
                        constant(&offset_expr, &mut used).map_err(malformed)?;
                    }
                }
            }
            _ => {}
        }
    }
    used.extend(opcodes.single().filter_map(features::of_byte));
    used.extend(
        opcodes.prefixed().filter_map(|(prefix, opcode)| features::of_prefixed(prefix, opcode)),
    );
    used.extend(opcodes.has_typed_blocks().then_some("multivalue"));
    used.extend((memories > 1).then_some("multimemory"));
    if tables > 1 {
        used.extend(["call-indirect-overlong", "reference-types"]);
    }
    if used.contains("bulk-memory") {
        used.insert("bulk-memory-opt");
    }
    Ok(used)
}

/// A constant expression of more than a constant.
fn constant(expr: &ConstExpr<'_>, used: &mut BTreeSet<&'static str>) -> wasmparser::Result<()> {
    for operator in expr.get_operators_reader() {
        let operator = operator?;
        let is_arithmetic = matches!(
            operator,
            Operator::I32Add
                | Operator::I32Sub
                | Operator::I32Mul
                | Operator::I64Add
                | Operator::I64Sub
                | Operator::I64Mul
        );
        used.extend(is_arithmetic.then_some("extended-const"));
        used.extend(features::of_operator(&operator));
    }
    Ok(())
}
