//! Checks where code went by decoding both sides.

use std::mem::discriminant;

use anyhow::{Context as _, Result, ensure};
use wasm_fuser_merge::{Block, BlockCode, CodeMap, Copied, Inlining, Link, Merged};
use wasmparser::{FunctionBody, Operator, Parser, Payload, TypeRef};

/// Checks the maps of all blocks.
pub fn check(link: &Link<'_>, merged: &Merged) -> Result<()> {
    for block in merged.blocks.values() {
        if let BlockCode::Module(bytes) = &block.code {
            check_block(link, block, bytes).with_context(|| format!("in `{}`", block.name))?;
        }
    }
    Ok(())
}

fn check_block(link: &Link<'_>, block: &Block, bytes: &[u8]) -> Result<()> {
    let output = Code::read(bytes)?;
    ensure!(
        block.map.functions.len() <= output.bodies.len(),
        "there are more functions than bodies"
    );
    // Functions of instances come before those that merging adds.
    for (copied, body) in block.map.functions.iter().zip(&output.bodies) {
        let module = link.instances[copied.instance].module;
        let input = Code::read(&link.modules[module])?;
        let position = copied.index as usize - input.imports;
        for (code, body, found) in
            [(&input, &input.bodies[position], &copied.input), (&output, body, &copied.output)]
        {
            let range = body.range().start - code.start..body.range().end - code.start;
            let found = u64::from(found.start)..u64::from(found.end);
            ensure!(range == found, "its range is {range:?}, and not {found:?}");
        }
        let inlining = link.instances[copied.instance].inlining;
        check_function(&block.map, copied, &input.bodies[position], body, inlining)
            .with_context(|| format!("function {} of {}", copied.index, copied.instance))?;
    }
    Ok(())
}

/// Each instruction begins at the image of where it began, and is still the same one, or what stands
/// for one on a memory or a data segment, or for a call. Nothing else has been added.
fn check_function(
    map: &CodeMap,
    copied: &Copied,
    input: &FunctionBody<'_>,
    output: &FunctionBody<'_>,
    inlining: Inlining,
) -> Result<()> {
    let is_replaceable = |op: &Operator<'_>| {
        let is_call = matches!(op, Operator::Call { .. });
        is_replaceable(op) || is_call && inlining != Inlining::None
    };
    let before = instructions(input)?;
    let mut after = instructions(output)?.into_iter().peekable();
    ensure!(map.image(copied, 0) == 0, "the body does not begin at its beginning");
    let length = input.as_bytes().len() as u32;
    ensure!(map.image(copied, length) == copied.output.len() as u32, "it does not end at its end");
    for (at, (position, op)) in before.iter().enumerate() {
        let image = map.image(copied, *position);
        let (found, new) = after.next().context("an instruction is missing")?;
        ensure!(found == image, "{op:?}, at {position}, is at {found}, and not at {image}");
        let next = before.get(at + 1).map_or(length, |(position, _)| *position);
        let end = map.image(copied, next);
        let is_expanded = after.peek().is_some_and(|(position, _)| *position < end);
        ensure!(is_replaceable(op) || discriminant(&new) == discriminant(op), "{op:?} is {new:?}");
        ensure!(is_replaceable(op) || !is_expanded, "{op:?} is several instructions");
        // All that is within the old instruction is within the new ones.
        for inside in position + 1..next {
            ensure!((image..end).contains(&map.image(copied, inside)), "{op:?} has lost a byte");
        }
        while after.next_if(|(position, _)| *position < end).is_some() {}
    }
    ensure!(after.next().is_none(), "there are more instructions than before");
    Ok(())
}

/// Whether other instructions can stand for it.
fn is_replaceable(op: &Operator<'_>) -> bool {
    let text = format!("{op:?}");
    ["memarg:", "mem:", "_mem:", "data_index:", "table_index:"]
        .iter()
        .any(|field| text.contains(field))
}

/// The instructions of a body, and where they begin.
fn instructions<'a>(body: &FunctionBody<'a>) -> Result<Vec<(u32, Operator<'a>)>> {
    let start = body.range().start;
    let mut reader = body.get_operators_reader()?;
    let mut found = Vec::new();
    while !reader.eof() {
        let (op, offset) = reader.read_with_offset()?;
        found.push((u32::try_from(offset - start)?, op));
    }
    Ok(found)
}

/// The bodies of a module.
struct Code<'a> {
    /// Functions that are imported.
    imports: usize,
    /// Where the contents of the code section begin.
    start: u64,
    bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Code<'a> {
    fn read(bytes: &'a [u8]) -> Result<Code<'a>> {
        let mut code = Code { imports: 0, start: 0, bodies: Vec::new() };
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let is_func =
                            matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        code.imports += usize::from(is_func);
                    }
                }
                Payload::CodeSectionStart { unchecked_range, .. } => {
                    code.start = unchecked_range.start
                }
                Payload::CodeSectionEntry(body) => code.bodies.push(body),
                _ => {}
            }
        }
        Ok(code)
    }
}
