//! What a component is made of.

use std::collections::HashSet;

use wasmparser::{
    ComponentInstance, Encoding, FunctionBody, Instance, Operator, Parser, Payload, Validator,
    WasmFeatures,
};

/// Counts of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Components, the root among them.
    pub components: usize,
    /// Components other than the root that hold no code: types, imports and exports only.
    pub shells: usize,
    /// Core modules, at whatever depth.
    pub modules: usize,
    /// Core modules that define a memory: those of guests.
    pub modules_with_memory: usize,
    /// Core modules that only call through a table, or only fill it.
    pub trampolines: usize,
    /// Components and core modules that the root defines and does not instantiate. What is in them
    /// does not count.
    pub carried: usize,
}

impl Contents {
    /// Counts what is in a component.
    pub fn of(bytes: &[u8]) -> Contents {
        let mut contents = Contents::default();
        let instantiated = Instantiated::of(bytes);
        let (mut components, mut modules) = (0, 0);
        let mut open: Vec<Open> = Vec::new();
        // How many parsers are inside of something that is carried over.
        let mut inside = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.expect("is well-formed");
            if inside > 0 {
                match payload {
                    Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => inside += 1,
                    Payload::End(_) => inside -= 1,
                    _ => {}
                }
                continue;
            }
            let (counter, used) = match payload {
                Payload::ModuleSection { .. } => (&mut modules, &instantiated.modules),
                Payload::ComponentSection { .. } => (&mut components, &instantiated.components),
                _ => (&mut 0, &instantiated.modules),
            };
            if let Payload::ModuleSection { .. } | Payload::ComponentSection { .. } = payload
                && open.len() == 1
            {
                *counter += 1;
                if !used.contains(&(*counter - 1)) {
                    contents.carried += 1;
                    inside = 1;
                    continue;
                }
            }
            match payload {
                Payload::Version { encoding, .. } => {
                    let component = encoding == Encoding::Component;
                    open.push(Open { component, code: false });
                }
                Payload::MemorySection(memories) if memories.count() > 0 => {
                    contents.modules_with_memory += 1;
                    holds_code(&mut open);
                }
                Payload::CodeSectionEntry(body) if !only_calls_through_a_table(&body) => {
                    holds_code(&mut open);
                }
                Payload::DataSection(_) | Payload::GlobalSection(_) => holds_code(&mut open),
                Payload::ComponentCanonicalSection(_) => holds_code(&mut open),
                Payload::End(_) => {
                    let Some(closed) = open.pop() else { continue };
                    match closed {
                        Open { component: true, code } => {
                            contents.components += 1;
                            contents.shells += usize::from(!code && !open.is_empty());
                        }
                        Open { component: false, code } => {
                            contents.modules += 1;
                            contents.trampolines += usize::from(!code);
                        }
                    }
                    if closed.code {
                        holds_code(&mut open);
                    }
                }
                _ => {}
            }
        }
        contents
    }

    /// Whether the root has nothing but components, the code of each of which is in one core module.
    pub fn is_fused_in_groups(&self) -> bool {
        self.modules + 1 + self.shells <= self.components + self.trampolines
    }

    /// Whether all code is in one core module of one component.
    pub fn is_fused(&self) -> bool {
        self.components == 1 + self.shells && self.modules <= 1 + self.trampolines
    }
}

/// What the root instantiates, by index. Its results import and alias neither components nor
/// modules, so an index counts definitions.
#[derive(Default)]
struct Instantiated {
    components: HashSet<u32>,
    modules: HashSet<u32>,
}

impl Instantiated {
    fn of(bytes: &[u8]) -> Instantiated {
        let mut found = Instantiated::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.expect("is well-formed") {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                Payload::InstanceSection(section) if depth == 1 => {
                    for instance in section {
                        if let Instance::Instantiate { module_index, .. } =
                            instance.expect("is well-formed")
                        {
                            found.modules.insert(module_index);
                        }
                    }
                }
                Payload::ComponentInstanceSection(section) if depth == 1 => {
                    for instance in section {
                        if let ComponentInstance::Instantiate { component_index, .. } =
                            instance.expect("is well-formed")
                        {
                            found.components.insert(component_index);
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }
}

struct Open {
    component: bool,
    code: bool,
}

fn holds_code(open: &mut [Open]) {
    if let Some(innermost) = open.last_mut() {
        innermost.code = true;
    }
}

fn only_calls_through_a_table(body: &FunctionBody<'_>) -> bool {
    let mut operators = body.get_operators_reader().expect("is well-formed");
    while !operators.eof() {
        match operators.read().expect("is well-formed") {
            Operator::LocalGet { .. } | Operator::I32Const { .. } | Operator::End => {}
            Operator::CallIndirect { .. } => {}
            _ => return false,
        }
    }
    true
}

/// Checks a component whose core modules are for engines without multi-memory, and without the newer
/// constant expressions.
pub fn validate_split(bytes: &[u8]) -> wasmparser::Result<()> {
    let newer = WasmFeatures::MULTI_MEMORY | WasmFeatures::EXTENDED_CONST;
    Validator::new_with_features(WasmFeatures::all() - newer).validate_all(bytes).map(|_| ())
}

/// Checks a component, or a core module, with every feature on.
pub fn validate(bytes: &[u8]) -> wasmparser::Result<()> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).map(|_| ())
}

/// A module without names, and whatever else engines do without.
pub fn without_custom_sections(module: &[u8]) -> Vec<u8> {
    let mut stripped = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.expect("is valid");
        let section = payload.as_section().filter(|(id, _)| *id != 0);
        if let Some((id, range)) = section {
            let data = &module[range.start as usize..range.end as usize];
            stripped.section(&wasm_encoder::RawSection { id, data });
        }
    }
    stripped.finish()
}
