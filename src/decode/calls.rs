//! Who calls whom in a core module: what can be told without running it.
//!
//! It is asked only where guests wait for one another (`analyse::blocking`), so it is no part of
//! [`Module`](super::Module): a second pass over the code of guests that are otherwise copied unread.
//!
//! # Limits
//!
//! Of a call through a table or a reference, only the type of what is called is known.

use std::collections::BTreeSet;

use wasmparser::{
    CompositeInnerType, ConstExpr, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody,
    Operator, Parser, Payload, TypeRef,
};

use super::malformed;
use crate::error::Result;

/// The calls of a core module.
#[derive(Debug, Default)]
pub struct Calls {
    /// Functions that it imports: the first in its index space.
    pub imported: u32,
    /// The type of each function of the index space, equal ones having one number.
    pub types: Vec<Option<Signature>>,
    /// What each function that it defines does.
    pub bodies: Vec<Body>,
    /// The functions that a table or a reference can lead to.
    pub referenced: BTreeSet<u32>,
}

/// The parameters and results of a function, as text: those of two modules can be compared.
pub type Signature = String;

/// What a function does.
#[derive(Debug, Default)]
pub struct Body {
    /// The functions that it calls.
    pub calls: BTreeSet<u32>,
    /// The types of those that it calls through tables and references.
    pub indirect: BTreeSet<Signature>,
    /// Whether all that it ever returns is the constant 0.
    pub returns_zero: bool,
}

/// Reads the calls of a validated core module.
pub fn calls(bytes: &[u8]) -> Result<Calls> {
    let mut calls = Calls::default();
    let mut types: Vec<Option<Signature>> = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(malformed)? {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group.map_err(malformed)?.types().map(|ty| {
                        match &ty.composite_type.inner {
                            CompositeInnerType::Func(func) => Some(signature(func)),
                            _ => None,
                        }
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) =
                        import.map_err(malformed)?.ty
                    {
                        calls.imported += 1;
                        calls.types.push(of(&types, ty));
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    calls.types.push(of(&types, ty.map_err(malformed)?));
                }
            }
            // Another module may put it into a table.
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(malformed)?;
                    if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                        calls.referenced.insert(export.index);
                    }
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    constant(&global.map_err(malformed)?.init_expr, &mut calls.referenced)?;
                }
            }
            Payload::ElementSection(section) => {
                for segment in section {
                    let segment = segment.map_err(malformed)?;
                    if let ElementKind::Declared = segment.kind {
                        continue;
                    }
                    match segment.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                calls.referenced.insert(function.map_err(malformed)?);
                            }
                        }
                        ElementItems::Expressions(_, expressions) => {
                            for expression in expressions {
                                constant(&expression.map_err(malformed)?, &mut calls.referenced)?;
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let body = body_of(&body, &types, &mut calls.referenced)?;
                calls.bodies.push(body);
            }
            _ => {}
        }
    }
    Ok(calls)
}

fn signature(func: &FuncType) -> Signature {
    format!("{:?} -> {:?}", func.params(), func.results())
}

fn of(types: &[Option<Signature>], ty: u32) -> Option<Signature> {
    types.get(ty as usize).cloned().flatten()
}

/// The functions that a constant expression refers to.
fn constant(expression: &ConstExpr<'_>, referenced: &mut BTreeSet<u32>) -> Result<()> {
    for operator in expression.get_operators_reader() {
        if let Operator::RefFunc { function_index } = operator.map_err(malformed)? {
            referenced.insert(function_index);
        }
    }
    Ok(())
}

fn body_of(
    body: &FunctionBody<'_>,
    types: &[Option<Signature>],
    referenced: &mut BTreeSet<u32>,
) -> Result<Body> {
    let mut found = Body { returns_zero: true, ..Body::default() };
    // Blocks that are open, the function's own among them, and whether 0 was pushed just before.
    let mut depth = 1u32;
    let mut zero = false;
    for operator in body.get_operators_reader().map_err(malformed)? {
        let operator = operator.map_err(malformed)?;
        match operator {
            Operator::Call { function_index } => {
                found.calls.insert(function_index);
            }
            Operator::ReturnCall { function_index } => {
                found.calls.insert(function_index);
                found.returns_zero = false;
            }
            Operator::CallIndirect { type_index, .. } | Operator::CallRef { type_index } => {
                found.indirect.extend(of(types, type_index));
            }
            Operator::ReturnCallIndirect { type_index, .. }
            | Operator::ReturnCallRef { type_index } => {
                found.indirect.extend(of(types, type_index));
                found.returns_zero = false;
            }
            Operator::RefFunc { function_index } => {
                referenced.insert(function_index);
            }
            Operator::Return => found.returns_zero &= zero,
            Operator::End => {
                depth -= 1;
                if depth == 0 {
                    found.returns_zero &= zero || ends_unreachable(body)?;
                }
            }
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. }
            | Operator::Try { .. } => depth += 1,
            Operator::Delegate { .. } => depth -= 1,
            // A branch out of the function returns, and what, is not looked for.
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                found.returns_zero &= relative_depth + 1 < depth;
            }
            Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. } => found.returns_zero = false,
            _ => {}
        }
        zero = matches!(operator, Operator::I32Const { value: 0 });
    }
    Ok(found)
}

/// Whether the last instruction of a body is one that never goes on.
fn ends_unreachable(body: &FunctionBody<'_>) -> Result<bool> {
    let operators = body.get_operators_reader().map_err(malformed)?;
    let operators: Vec<_> = operators.into_iter().collect::<Result<_, _>>().map_err(malformed)?;
    let last = operators.iter().rev().nth(1);
    Ok(matches!(last, Some(Operator::Unreachable | Operator::Return)))
}

#[cfg(test)]
mod tests {
    use super::calls;

    fn returns_zero(body: &str) -> bool {
        let text = format!("(module (func (param i32) (result i32) {body}))");
        let bytes = wat::parse_str(text).expect("the text is a module");
        calls(&bytes).expect("the module can be read").bodies[0].returns_zero
    }

    #[test]
    fn what_a_function_returns_is_the_constant_0_or_not_known() {
        assert!(returns_zero("(i32.const 0)"));
        assert!(returns_zero("(if (local.get 0) (then (return (i32.const 0)))) (i32.const 0)"));
        assert!(returns_zero("unreachable"));
        assert!(returns_zero("(block (br 0)) (i32.const 0)"));
        assert!(!returns_zero("(i32.const 1)"));
        assert!(!returns_zero("(if (local.get 0) (then (return (i32.const 1)))) (i32.const 0)"));
        assert!(!returns_zero("(block (br 1 (i32.const 1))) (i32.const 0)"));
        assert!(!returns_zero("(br_if 0 (i32.const 1) (local.get 0)) drop (i32.const 0)"));
        assert!(!returns_zero("(i32.add (i32.const 1) (i32.const 0))"));
        assert!(!returns_zero("(block (result i32) (i32.const 0))"));
    }
}
