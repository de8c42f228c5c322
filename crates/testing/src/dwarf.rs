//! Debug information before and after, instruction by instruction.
//!
//! Every instruction of a guest must be in the same function, file, line and column as what it has become,
//! inlined calls included. Which instruction became which is found by decoding both sides; functions are
//! found by their names, which have the guest's name in them. So none of it is what the fuser believes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem::discriminant;

use addr2line::Context;
use gimli::{EndianSlice, LittleEndian};
use wasm_fuser::options::Input;
use wasmparser::{FunctionBody, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

type Reader<'a> = EndianSlice<'a, LittleEndian>;

/// A core module, as far as debug information is about it.
#[derive(Debug, Default)]
pub struct Module<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    imports: u32,
    start: u64,
    bodies: Vec<FunctionBody<'a>>,
    /// The names of functions.
    pub names: BTreeMap<u32, &'a str>,
    /// The names of globals.
    pub globals: BTreeMap<u32, &'a str>,
    /// Its custom sections.
    pub sections: Vec<(&'a str, &'a [u8])>,
}

/// The core modules of a component, or the one that it is.
pub fn modules(bytes: &[u8]) -> Vec<Module<'_>> {
    if Parser::is_core_wasm(bytes) {
        return vec![module(bytes)];
    }
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ModuleSection { unchecked_range, .. } = payload.expect("is well-formed") {
            let range = unchecked_range.start as usize..unchecked_range.end as usize;
            found.push(module(&bytes[range]));
        }
    }
    found
}

fn module(bytes: &[u8]) -> Module<'_> {
    let mut module = Module { bytes, ..Module::default() };
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.expect("is well-formed") {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let is_func = matches!(import.expect("an import").ty, TypeRef::Func(_));
                    module.imports += u32::from(is_func);
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => {
                module.start = unchecked_range.start;
            }
            Payload::CodeSectionEntry(body) => module.bodies.push(body),
            Payload::CustomSection(section) => {
                module.sections.push((section.name(), section.data()));
                let KnownCustom::Name(names) = section.as_known() else { continue };
                for name in names.into_iter().flatten() {
                    match name {
                        Name::Function(map) => {
                            module
                                .names
                                .extend(map.into_iter().flatten().map(|n| (n.index, n.name)));
                        }
                        Name::Global(map) => {
                            module
                                .globals
                                .extend(map.into_iter().flatten().map(|n| (n.index, n.name)));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    module
}

impl<'a> Module<'a> {
    /// Whether it has debug information.
    pub fn has_dwarf(&self) -> bool {
        self.sections.iter().any(|(name, _)| *name == ".debug_info")
    }

    /// The sections of its debug information.
    pub fn dwarf_sections(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + '_ {
        self.sections.iter().copied().filter(|(name, _)| name.starts_with(".debug_"))
    }

    /// How many bytes they have.
    pub fn dwarf_size(&self) -> u64 {
        self.dwarf_sections().map(|(_, data)| data.len() as u64).sum()
    }

    /// Its debug information.
    pub fn dwarf(&self) -> gimli::Dwarf<Reader<'a>> {
        let section = |id: gimli::SectionId| {
            let found = self.sections.iter().rfind(|(name, _)| *name == id.name());
            let data = found.map_or(&[][..], |(_, data)| data);
            Ok::<_, gimli::Error>(EndianSlice::new(data, LittleEndian))
        };
        gimli::Dwarf::load(section).expect("sections are there or empty")
    }

    fn context(&self) -> Context<Reader<'a>> {
        Context::from_dwarf(self.dwarf()).expect("is DWARF")
    }
}

/// What was compared, and where there is a difference.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Functions of guests that the result has.
    pub functions: usize,
    /// Addresses that were looked up: of bodies and of instructions.
    pub addresses: usize,
    /// Those of them that have a line.
    pub with_lines: usize,
    /// Those that are something else now, in words.
    pub different: Vec<String>,
}

/// Compares the guests with what they were fused to from separate files.
pub fn compare(guests: &[Input], result: &[u8]) -> Comparison {
    let mut comparison = Comparison::default();
    let results = modules(result);
    for guest in guests {
        let of_guest = modules(&guest.bytes);
        for before in of_guest.iter().filter(|module| module.has_dwarf()) {
            let context = before.context();
            for after in &results {
                compare_modules(&guest.name, before, &context, after, &mut comparison);
            }
        }
    }
    comparison
}

fn compare_modules(
    guest: &str,
    before: &Module<'_>,
    before_context: &Context<Reader<'_>>,
    after: &Module<'_>,
    comparison: &mut Comparison,
) {
    let mut instances: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, name) in after.names.iter().filter(|(index, _)| **index >= after.imports) {
        let Some((instance, name)) = own_name(name, guest) else { continue };
        instances.entry(instance).or_default().push((*index, name));
    }
    // A guest may have several modules: this one's are those most of whose functions it has.
    let known: BTreeSet<&str> = before.names.values().copied().collect();
    for functions in instances.values() {
        let found = functions.iter().filter(|(_, name)| known.contains(name)).count();
        if found > functions.len() / 2 {
            compare_functions(guest, before, before_context, after, functions, comparison);
        }
    }
}

fn compare_functions(
    guest: &str,
    before: &Module<'_>,
    before_context: &Context<Reader<'_>>,
    after: &Module<'_>,
    functions: &[(u32, &str)],
    comparison: &mut Comparison,
) {
    let after_context = after.context();
    let mut candidates = before.names.iter().filter(|(index, _)| **index >= before.imports);
    for (index, name) in functions {
        let to = &after.bodies[(index - after.imports) as usize];
        // Both are in the order of the guest's module.
        let pairs = candidates.by_ref().filter(|(_, it)| *it == name).find_map(|(index, _)| {
            instructions(before, &before.bodies[(index - before.imports) as usize], after, to)
        });
        let Some(pairs) = pairs else {
            comparison.different.push(format!("`{name}` of `{guest}` is not found"));
            return;
        };
        comparison.functions += 1;
        for (from, to) in pairs {
            comparison.addresses += 1;
            let (expected, found) = (frames(before_context, from), frames(&after_context, to));
            comparison.with_lines += usize::from(expected.iter().any(|frame| frame.line.is_some()));
            if expected != found {
                comparison.different.push(format!(
                    "{guest} {from:#x} is {to:#x} now\n  expected {expected:?}\n  found    {found:?}"
                ));
            }
        }
    }
}

/// The path of a function's instance, and the name that it has there, if it is of that guest.
fn own_name<'n>(name: &'n str, guest: &str) -> Option<(&'n str, &'n str)> {
    let mangled = name.rsplit_once('.').map(|(name, instance)| (instance, name));
    let parts = mangled.into_iter().chain(name.split_once("::"));
    let is_own = |instance: &str| {
        instance.strip_prefix(guest).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    parts.into_iter().find(|(instance, _)| is_own(instance))
}

/// Where a body and its instructions are in two modules; nothing if these are other functions.
fn instructions(
    before: &Module<'_>,
    from: &FunctionBody<'_>,
    after: &Module<'_>,
    to: &FunctionBody<'_>,
) -> Option<Vec<(u64, u64)>> {
    let mut pairs = vec![(from.range().start - before.start, to.range().start - after.start)];
    let mut written = operators(after, to).into_iter().peekable();
    for (at, operator) in operators(before, from) {
        let (now, first) = written.next()?;
        pairs.push((at, now));
        if discriminant(&first) == discriminant(&operator) {
            continue;
        }
        // An instruction on a memory: a call, or what keeps it in its region.
        let text = format!("{operator:?}");
        if !["memarg:", "mem:", "_mem:"].iter().any(|field| text.contains(field)) {
            return None;
        }
        if let Operator::Call { .. } = first {
            continue;
        }
        let last = match operator {
            Operator::MemorySize { .. } => discriminant(&Operator::I32ShrU),
            Operator::MemoryGrow { .. } => {
                after_growing(&mut written)?;
                continue;
            }
            ref same => discriminant(same),
        };
        written.find(|(_, next)| discriminant(next) == last)?;
    }
    written.next().is_none().then_some(pairs)
}

/// Passes over what a region grows by: an `if`, which can be after another that only decides.
fn after_growing<'a>(
    written: &mut std::iter::Peekable<impl Iterator<Item = (u64, Operator<'a>)>>,
) -> Option<()> {
    let (mut depth, mut left) = (0, 1);
    while left > 0 {
        match written.next()?.1 {
            Operator::If { .. } => {
                let decides = matches!(written.peek(), Some((_, Operator::I32Const { value: 1 })));
                left += i32::from(depth == 0 && decides);
                depth += 1;
            }
            Operator::Block { .. } | Operator::Loop { .. } => depth += 1,
            Operator::End => {
                depth -= 1;
                left -= i32::from(depth == 0);
            }
            _ => {}
        }
    }
    Some(())
}

fn operators<'a>(module: &Module<'_>, body: &FunctionBody<'a>) -> Vec<(u64, Operator<'a>)> {
    let mut reader = body.get_operators_reader().expect("a body");
    let mut found = Vec::new();
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset().expect("an instruction");
        found.push((offset - module.start, operator));
    }
    found
}

/// A function, and where one is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    function: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

fn frames(context: &Context<Reader<'_>>, address: u64) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut frames = context.find_frames(address).skip_all_loads().expect("frames");
    while let Some(frame) = frames.next().expect("a frame") {
        let location = frame.location.as_ref();
        found.push(Frame {
            function: frame.function.and_then(|it| Some(it.raw_name().ok()?.into_owned())),
            file: location.and_then(|it| it.file.map(str::to_owned)),
            line: location.and_then(|it| it.line),
            column: location.and_then(|it| it.column),
        });
    }
    found
}

/// The globals that expressions mention, of all units: how often each.
pub fn mentioned_globals(module: &Module<'_>) -> HashMap<u32, usize> {
    let dwarf = module.dwarf();
    let mut mentioned = HashMap::new();
    let mut units = dwarf.units();
    while let Some(header) = units.next().expect("a unit") {
        let unit = dwarf.unit(header).expect("a unit");
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs().expect("an entry") {
            for attribute in entry.attrs() {
                let gimli::AttributeValue::Exprloc(expression) = attribute.value() else {
                    continue;
                };
                let mut operations = expression.operations(unit.encoding());
                while let Some(operation) = operations.next().expect("an operation") {
                    if let gimli::Operation::WasmGlobal { index } = operation {
                        *mentioned.entry(index).or_default() += 1;
                    }
                }
            }
        }
    }
    mentioned
}

/// A core module without its debug information.
pub fn stripped(module: &[u8]) -> Vec<u8> {
    let mut kept = module[..8].to_vec();
    let mut start = 8;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.expect("is well-formed");
        let Some((_, range)) = payload.as_section() else { continue };
        let end = range.end as usize;
        let is_gone =
            matches!(&payload, Payload::CustomSection(it) if it.name().starts_with(".debug_"));
        if !is_gone {
            kept.extend_from_slice(&module[start..end]);
        }
        start = end;
    }
    kept
}
