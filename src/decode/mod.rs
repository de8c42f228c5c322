//! From bytes to [`Decoded`]: the definitions of every component, in order, and what each core
//! module imports and exports.
//!
//! # Problem
//!
//! A component binary interleaves sections that define things, nests components and modules, and
//! refers to everything by relative index. The later stages want one list of definitions per
//! component, and the bytes of each core module with a table of its imports and exports.
//!
//! # How
//!
//! The input is parsed from text if need be, validated with every feature on, and only then read.
//! So whatever follows may rely on the validator: indices are in bounds, types match, nesting is
//! bounded. (Validation is a step of its own, [`components`]: a composition that `link` has made of
//! valid inputs has been validated there.) Code is decoded then and not again: what merging has to know
//! of it is noted on the way ([`Notes`]). Features that cannot be fused are refused later, by name, where their instance path is
//! known; `decode` accepts all that is valid.
//!
//! Definitions keep `wasmparser`'s own structures. A mirror of them would be thirty types that say
//! the same thing again; the rule that keeps it clean is that no *payload* or reader leaves this
//! stage.
//!
//! # Limits
//!
//! Component values (`start`, value imports) are decoded to [`Definition::Start`] and refused by
//! `plan`. Of custom sections those are kept that tools after the fuser read
//! (`metadata`).

use std::borrow::Cow;

use cranelift_entity::PrimaryMap;
use wasm_fuser_merge::Notes;
use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_text::Problem;
use wasmparser::types::Types;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExport, ComponentExternalKind, ComponentImport,
    ComponentInstance, ComponentName, ComponentType, CoreType, Encoding, Instance, NameMap, Parser,
    Payload, ValidPayload, Validator, WasmFeatures,
};

pub use self::calls::{Calls, Signature, calls};
pub use self::custom::{
    COVERAGE, DEBUG, FEATURES, PRODUCERS, bodies, component_names, custom, has_debug_information,
    without,
};
pub use self::module::{Module, ModuleImport, module};
pub use self::outline::{Outline, outline};
pub use self::sections::sections;
use crate::error::{Code, Error, Result};
use crate::ids::id;
use crate::options::Input;
use crate::text::escaped;

mod calls;
mod custom;
mod module;
mod outline;
mod sections;

id! {
    /// A component definition: the root, or one nested anywhere in it.
    pub struct ComponentId("component");
    /// A core module that the input defines.
    pub struct ModuleId("module");
}

/// Everything that the input defines.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// Size of the input in bytes.
    pub bytes: usize,
    /// Every component definition; the root is the first.
    pub components: PrimaryMap<ComponentId, Component<'a>>,
    /// Every core module, in the order of the bytes.
    pub modules: PrimaryMap<ModuleId, Module<'a>>,
}

impl Decoded<'_> {
    /// The root.
    pub fn root(&self) -> ComponentId {
        ComponentId::from_u32(0)
    }
}

/// One component: its definitions in order.
#[derive(Debug, Default)]
pub struct Component<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The definitions, each with its byte offset.
    pub definitions: Vec<(Definition<'a>, u64)>,
    /// What its name section calls things.
    pub names: Names<'a>,
    /// Its custom sections that tools after the fuser read.
    pub custom: Vec<(&'a str, &'a [u8])>,
}

/// What a component's name section calls things, by index.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// The component itself.
    pub component: Option<&'a str>,
    /// Component instances.
    pub instances: HashMap<u32, &'a str>,
    /// Core instances.
    pub core_instances: HashMap<u32, &'a str>,
    /// Component definitions.
    pub components: HashMap<u32, &'a str>,
    /// Core modules.
    pub modules: HashMap<u32, &'a str>,
}

/// One definition. Each adds to one index space, but for exports of a kind that adds to its own.
#[derive(Debug)]
pub enum Definition<'a> {
    /// A core module.
    Module(ModuleId),
    /// A nested component.
    Component(ComponentId),
    /// A core instance.
    CoreInstance(Instance<'a>),
    /// A core type, or a recursion group of them, or the type of a core module.
    CoreType(CoreType<'a>),
    /// A component instance.
    Instance(ComponentInstance<'a>),
    /// An alias.
    Alias(ComponentAlias<'a>),
    /// A type.
    Type(ComponentType<'a>),
    /// A lift, a lower, or another canonical built-in.
    Canonical(CanonicalFunction),
    /// A start function.
    Start,
    /// An import.
    Import(ComponentImport<'a>),
    /// An export.
    Export(ComponentExport<'a>),
}

/// Inputs as binaries, each a valid component.
pub struct Components<'a> {
    /// The inputs.
    pub inputs: Cow<'a, [Input]>,
    /// What the validator knows of the types of each.
    pub types: Vec<Types>,
    /// Of each, what has been noted of its core modules, in the order of the bytes.
    notes: Vec<Vec<Notes>>,
}

impl Components<'_> {
    /// What has been noted of the core modules of some inputs, one after another.
    pub fn notes<'n>(&'n self, inputs: &'n [usize]) -> impl Iterator<Item = &'n Notes> {
        inputs.iter().filter_map(|input| self.notes.get(*input)).flatten()
    }
}

/// The inputs as binaries, each a valid component.
pub fn components(inputs: &[Input]) -> Result<Components<'_>> {
    let mut components =
        Components { inputs: Cow::Borrowed(inputs), types: Vec::new(), notes: Vec::new() };
    for (i, input) in inputs.iter().enumerate() {
        let checked = to_binary(&input.bytes, &input.name).and_then(|bytes| {
            let (types, notes) = validate(&bytes)?;
            components.types.push(types);
            components.notes.push(notes);
            Ok(bytes)
        });
        if let Cow::Owned(bytes) = checked.map_err(|e| e.in_input(&input.name))? {
            components.inputs.to_mut()[i].bytes = bytes;
        }
    }
    Ok(components)
}

/// Makes a binary of what may be text, and says what is wrong when it is neither.
fn to_binary<'a>(bytes: &'a [u8], name: &str) -> Result<Cow<'a, [u8]>> {
    if bytes.starts_with(b"\0asm") {
        return Ok(Cow::Borrowed(bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        not_text(Problem::not_wasm("it does not begin with `\\0asm`, and is not UTF-8"))
    })?;
    wasm_fuser_text::binary(text, &escaped(name)).map(Cow::Owned).map_err(not_text)
}

/// The text format of what may be text already.
pub fn text(bytes: &[u8]) -> Result<String> {
    wasm_fuser_text::print(&to_binary(bytes, "input")?).map_err(not_text)
}

fn not_text(Problem { what, quoted, help, offset }: Problem) -> Error {
    let error = Error::new(Code::InvalidInput, what).with_lines(quoted);
    let error = help.into_iter().fold(error, |error, help| error.with_help(help));
    offset.into_iter().fold(error, Error::at)
}

/// Validates a binary component with every feature on: its types, and notes of each of its core modules.
fn validate(bytes: &[u8]) -> Result<(Types, Vec<Notes>)> {
    if Parser::is_core_wasm(bytes) {
        return Err(Error::new(
            Code::NotAComponent,
            "expected a component, found a core module",
        )
        .with_help(
            "compile for `wasm32-wasip2`, or wrap it: `wasm-tools component new MODULE -o COMPONENT`",
        ));
    }
    let noted = noted(bytes, &|e| {
        // The validator says on lines of their own within what it was at.
        let message = e.message().trim_end().replace('\n', ": ");
        Error::new(Code::InvalidComponent, message).at(e.offset())
    })?;
    if is_wit_package(bytes) {
        return Err(Error::new(
            Code::NotAComponent,
            "this is a WIT package in its binary form: it declares interfaces, and there is no code \
             in it",
        )
        .with_help("name a component that was built against it"));
    }
    Ok(noted)
}

/// What `Validator::validate_all` does, with notes of what is in bodies. They come after all else, as they
/// do there. Whoever needs no notes calls this, too: what validates bodies is a tenth of the fuser's code, and
/// `validate_all` would bring another copy of it.
pub fn noted(
    bytes: &[u8],
    invalid: &dyn Fn(wasmparser::Error) -> Error,
) -> Result<(Types, Vec<Notes>)> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut parser = Parser::new(0);
    parser.set_features(WasmFeatures::all());
    let (mut types, mut notes, mut functions) = (None, Vec::new(), Vec::new());
    for payload in parser.parse_all(bytes) {
        let payload = payload.map_err(invalid)?;
        if let Payload::Version { encoding: Encoding::Module, .. } = &payload {
            notes.push(Notes::default());
        }
        match validator.payload(&payload).map_err(invalid)? {
            ValidPayload::Func(function, body) => functions.push((notes.len(), function, body)),
            // The last end is that of the root.
            ValidPayload::End(ended) => types = Some(ended),
            ValidPayload::Ok | ValidPayload::Parser(_) => {}
        }
    }
    let mut allocations = Default::default();
    for (modules, function, body) in functions {
        let notes = notes[..modules].last_mut();
        let notes = notes.ok_or_else(|| Error::internal("a component has a function body"))?;
        let mut function = function.into_validator(allocations);
        notes.validated(&mut function, &body)?.map_err(invalid)?;
        allocations = function.into_allocations();
    }
    notes.iter_mut().for_each(Notes::shrink);
    let types = types.ok_or_else(|| Error::internal("a valid component has no end"))?;
    Ok((types, notes))
}

/// Whether a valid component exports the types of interfaces and worlds, as components, and has
/// nothing else.
fn is_wit_package(bytes: &[u8]) -> bool {
    let mut exports = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::ComponentTypeSection(section)) => {
                let mut types = section.into_iter();
                if !types.all(|ty| matches!(ty, Ok(ComponentType::Component(_)))) {
                    return false;
                }
            }
            Ok(Payload::ComponentExportSection(section)) => {
                exports += section.count();
                let mut all = section.into_iter();
                if !all.all(|e| e.is_ok_and(|e| e.kind == ComponentExternalKind::Type)) {
                    return false;
                }
            }
            Ok(Payload::Version { .. } | Payload::CustomSection(_) | Payload::End(_)) => {}
            _ => return false,
        }
    }
    exports > 0
}

/// Decodes a valid binary component. Of its core modules, something may have been noted.
pub fn decode<'a>(
    bytes: &'a [u8],
    notes: impl IntoIterator<Item = &'a Notes>,
) -> Result<Decoded<'a>> {
    let mut notes = notes.into_iter();
    let mut decoded =
        Decoded { bytes: bytes.len(), components: PrimaryMap::new(), modules: PrimaryMap::new() };
    let mut open: Vec<(ComponentId, Parser)> =
        vec![(decoded.components.push(Component::of(bytes)), Parser::new(0))];
    let mut rest = bytes;
    while let Some((id, parser)) = open.last_mut() {
        let id = *id;
        let (consumed, payload) = match parser.parse(rest, true).map_err(malformed)? {
            wasmparser::Chunk::Parsed { consumed, payload } => (consumed, payload),
            wasmparser::Chunk::NeedMoreData(_) => {
                return Err(Error::internal("a validated component ends early"));
            }
        };
        rest = rest.get(consumed..).unwrap_or_default();
        match payload {
            Payload::ModuleSection { unchecked_range, .. } => {
                let module = slice(bytes, &unchecked_range)?;
                rest = slice(bytes, &(unchecked_range.end..bytes.len() as u64))?;
                let module = Module { notes: notes.next(), ..self::module::module(module)? };
                let module = decoded.modules.push(module);
                decoded.components[id]
                    .definitions
                    .push((Definition::Module(module), unchecked_range.start));
            }
            Payload::ComponentSection { parser, unchecked_range } => {
                let nested = Component::of(slice(bytes, &unchecked_range)?);
                let nested = decoded.components.push(nested);
                decoded.components[id]
                    .definitions
                    .push((Definition::Component(nested), unchecked_range.start));
                open.push((nested, parser));
            }
            Payload::End(_) => {
                open.pop();
            }
            payload => decoded.components[id].read(payload)?,
        }
    }
    Ok(decoded)
}

impl<'a> Component<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Component { bytes, ..Component::default() }
    }

    /// Reads a section that is neither a module nor a component.
    fn read(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::Version { encoding, .. } => debug_assert_eq!(encoding, Encoding::Component),
            Payload::InstanceSection(s) => self.push_all(s, Definition::CoreInstance)?,
            Payload::CoreTypeSection(s) => self.push_all(s, Definition::CoreType)?,
            Payload::ComponentInstanceSection(s) => self.push_all(s, Definition::Instance)?,
            Payload::ComponentAliasSection(s) => self.push_all(s, Definition::Alias)?,
            Payload::ComponentTypeSection(s) => self.push_all(s, Definition::Type)?,
            Payload::ComponentCanonicalSection(s) => self.push_all(s, Definition::Canonical)?,
            Payload::ComponentImportSection(s) => self.push_all(s, Definition::Import)?,
            Payload::ComponentExportSection(s) => self.push_all(s, Definition::Export)?,
            Payload::ComponentStartSection { range, .. } => {
                self.definitions.push((Definition::Start, range.start));
            }
            Payload::CustomSection(s) => {
                self.custom.extend(custom(&s));
                for name in component_names(&s).into_iter().flatten() {
                    // A malformed name section is no reason to refuse a component.
                    let Ok(name) = name else { break };
                    self.names.read(name);
                }
            }
            _ => return Err(Error::internal("a component has a section of a core module")),
        }
        Ok(())
    }

    fn push_all<T: wasmparser::FromReader<'a>>(
        &mut self,
        section: wasmparser::SectionLimited<'a, T>,
        define: impl Fn(T) -> Definition<'a>,
    ) -> Result<()> {
        for item in section.into_iter_with_offsets() {
            let (offset, item) = item.map_err(malformed)?;
            self.definitions.push((define(item), offset));
        }
        Ok(())
    }
}

impl<'a> Names<'a> {
    fn read(&mut self, name: ComponentName<'a>) {
        fn map<'a>(names: NameMap<'a>) -> HashMap<u32, &'a str> {
            names.into_iter().flatten().map(|n| (n.index, n.name)).collect()
        }
        match name {
            ComponentName::Component { name, .. } => self.component = Some(name),
            ComponentName::Instances(names) => self.instances = map(names),
            ComponentName::CoreInstances(names) => self.core_instances = map(names),
            ComponentName::Components(names) => self.components = map(names),
            ComponentName::CoreModules(names) => self.modules = map(names),
            _ => {}
        }
    }
}

/// The bytes of a section.
pub fn slice<'a>(bytes: &'a [u8], range: &std::ops::Range<u64>) -> Result<&'a [u8]> {
    let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
    range
        .and_then(|(start, end)| bytes.get(start..end))
        .ok_or_else(|| Error::internal("a section of a validated component is out of bounds"))
}

/// The validator has read the same bytes before: this is not reached by input.
pub(crate) fn malformed(e: wasmparser::Error) -> Error {
    Error::internal(format!("reading what the validator accepted: {}", e.message())).at(e.offset())
}
