//! What a component is made of.

use wasmparser::{Encoding, FunctionBody, Operator, Parser, Payload, Validator, WasmFeatures};

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
}

impl Contents {
    /// Counts what is in a component.
    pub fn of(bytes: &[u8]) -> Contents {
        let mut contents = Contents::default();
        let mut open: Vec<Open> = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.expect("is well-formed") {
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

    /// Whether all code is in one core module of one component.
    pub fn is_fused(&self) -> bool {
        self.components == 1 + self.shells && self.modules <= 1 + self.trampolines
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
