//! Who calls whom in a core module: what can be told without running it.
//!
//! It is asked only where guests wait for one another (`analyse::blocking`), so it is no part of
//! [`Module`](super::Module): a second pass over the code of guests that are otherwise copied unread.
//!
//! # Limits
//!
//! Of a call through a table, the table and the type of what is called are known, and the index, if it is a
//! constant: so are calls of what a component imports, which go through a table of their own. Where a
//! module does with references what is not told by its element segments, not even the table is known.

use std::collections::BTreeSet;

use wasmparser::{
    CompositeInnerType, ConstExpr, ElementItems, ElementKind, FuncType, FunctionBody, Operator,
    Parser, Payload, TableInit, TypeRef,
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
    /// The functions that are in a table when it is instantiated: the table, where there, if that is a
    /// constant, and the function.
    pub elements: BTreeSet<(u32, Option<u32>, u32)>,
    /// The functions that a reference can lead to otherwise.
    pub referenced: BTreeSet<u32>,
    /// Whether it moves references itself, so that a table can have whatever another one has.
    pub moves_references: bool,
    /// Its start function.
    pub start: Option<u32>,
}

/// The parameters and results of a function, as text: those of two modules can be compared.
pub type Signature = String;

/// What a function does.
#[derive(Debug, Default)]
pub struct Body {
    /// The functions that it calls.
    pub calls: BTreeSet<u32>,
    /// Those that it calls through tables: the table, where there, if that is a constant, and the type. Or
    /// through references, with any table.
    pub indirect: BTreeSet<(u32, Option<u32>, Signature)>,
    /// Whether it moves references, or calls one.
    pub moves_references: bool,
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
            Payload::TableSection(section) => {
                for table in section {
                    if let TableInit::Expr(init) = table.map_err(malformed)?.init {
                        constant(&init, &mut calls.referenced)?;
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
                    let found = elements(segment.items)?;
                    match segment.kind {
                        ElementKind::Declared => {}
                        ElementKind::Passive => {
                            calls.referenced.extend(found.into_iter().flatten())
                        }
                        ElementKind::Active { table_index, offset_expr } => {
                            let table = table_index.unwrap_or_default();
                            let first = place(&offset_expr)?;
                            let at = |index: usize| first.map(|it| it.wrapping_add(index as u32));
                            let found = found.into_iter().enumerate();
                            let found = found.filter_map(|(i, func)| Some((table, at(i), func?)));
                            calls.elements.extend(found);
                        }
                    }
                }
            }
            Payload::StartSection { func, .. } => calls.start = Some(func),
            Payload::CodeSectionEntry(body) => {
                let body = body_of(&body, &types, &mut calls.referenced)?;
                calls.moves_references |= body.moves_references;
                calls.bodies.push(body);
            }
            _ => {}
        }
    }
    // Nobody but code gets hold of those.
    calls.moves_references |= !calls.referenced.is_empty();
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

/// The functions of an element segment, one after another.
fn elements(items: ElementItems<'_>) -> Result<Vec<Option<u32>>> {
    let mut found = Vec::new();
    match items {
        ElementItems::Functions(functions) => {
            for function in functions {
                found.push(Some(function.map_err(malformed)?));
            }
        }
        ElementItems::Expressions(_, expressions) => {
            for expression in expressions {
                let mut function = BTreeSet::new();
                constant(&expression.map_err(malformed)?, &mut function)?;
                found.push(function.first().copied());
            }
        }
    }
    Ok(found)
}

/// Where a segment begins, if that is a constant.
fn place(offset: &ConstExpr<'_>) -> Result<Option<u32>> {
    let mut operators = offset.get_operators_reader().into_iter();
    let first = operators.next().transpose().map_err(malformed)?;
    let second = operators.next().transpose().map_err(malformed)?;
    Ok(match (first, second) {
        (Some(Operator::I32Const { value }), Some(Operator::End)) => Some(value.cast_unsigned()),
        _ => None,
    })
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
    // The constant that was pushed just before, if there is one.
    let mut pushed = None;
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
            Operator::CallIndirect { type_index, table_index } => {
                let ty = of(types, type_index);
                found.indirect.extend(ty.map(|ty| (table_index, pushed, ty)));
            }
            Operator::ReturnCallIndirect { type_index, table_index } => {
                let ty = of(types, type_index);
                found.indirect.extend(ty.map(|ty| (table_index, pushed, ty)));
                found.returns_zero = false;
            }
            Operator::CallRef { type_index } => {
                found.indirect.extend(of(types, type_index).map(|ty| (0, None, ty)));
                found.moves_references = true;
            }
            Operator::ReturnCallRef { type_index } => {
                found.indirect.extend(of(types, type_index).map(|ty| (0, None, ty)));
                found.moves_references = true;
                found.returns_zero = false;
            }
            Operator::RefFunc { function_index } => {
                referenced.insert(function_index);
            }
            Operator::TableGet { .. }
            | Operator::TableSet { .. }
            | Operator::TableGrow { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. } => found.moves_references = true,
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
        pushed = match operator {
            Operator::I32Const { value } => Some(value.cast_unsigned()),
            _ => None,
        };
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
    fn what_a_table_has_and_where_it_is_called_is_known() {
        let module = |rest: &str| {
            let text = format!(
                "(module
                  (type $t (func))
                  (import \"\" \"f\" (func $f))
                  (table $one 8 funcref) (table $two 8 funcref)
                  (func $g
                    (call_indirect $two (type $t) (i32.const 3))
                    (call_indirect $one (type $t) (i32.add (i32.const 1) (i32.const 2))))
                  (elem (table $two) (i32.const 2) func $f $g)
                  {rest})"
            );
            calls(&wat::parse_str(text).expect("the text is a module")).expect("can be read")
        };
        let calls = module("");
        assert!(
            calls.elements.contains(&(1, Some(2), 0)) && calls.elements.contains(&(1, Some(3), 1))
        );
        let called: Vec<_> = calls.bodies[0].indirect.iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(called, [(0, None), (1, Some(3))]);
        assert!(!calls.moves_references);
        assert!(
            module("(func (table.copy $one $two (i32.const 0) (i32.const 0) (i32.const 1)))")
                .moves_references
        );
        assert!(module("(elem declare func $g) (func (drop (ref.func $g)))").moves_references);
        assert!(module("(elem func $g)").moves_references);
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
