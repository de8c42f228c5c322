//! WAT for pointers of both widths: what `build.rs` does to the text of the library.
//!
//! A routine that works on memories is assembled for pointers of 32 bits and of 64. Its text has
//! instructions whose type is that of pointers into a memory, by the memory's name:
//!
//! ```text
//! from.ptr          i32 or i64: the type itself
//! (from.add a b)    (i32.add a b) or (i64.add a b), and so any instruction
//! (from.extend a)   a, or (i64.extend_i32_u a): an offset
//! (from.wrap a)     a, or (i32.wrap_i64 a): a distance
//! ```
//!
//! Where two memories meet, a third name stands for both: it is wide if they are (`both.extend` is
//! the length of a copy).
//!
//! The text is taken apart into expressions, and these are replaced: no text is searched, so a name
//! in a comment or a string is nobody's instruction. Rejected: to derive the wide form from an
//! assembled narrow one. Nothing there tells a pointer from another `i32`.

use wast::lexer::{Lexer, TokenKind};

/// A word or an expression.
#[derive(Clone, Debug)]
enum Node<'a> {
    Word(&'a str),
    Expression(Vec<Node<'a>>),
}

/// The text for certain pointers: of each name, whether they have 64 bits.
pub fn expand(text: &str, names: &[(&str, bool)]) -> Result<String, String> {
    let mut output = String::new();
    for node in read(text)? {
        write(&node, names, &mut output)?;
        output.push('\n');
    }
    Ok(output)
}

/// The expressions of a text.
fn read(text: &str) -> Result<Vec<Node<'_>>, String> {
    let lexer = Lexer::new(text);
    let mut open = vec![Vec::new()];
    let mut at = 0;
    let unbalanced = |at: usize| format!("parentheses are not balanced at byte {at}");
    while let Some(token) = lexer.parse(&mut at).map_err(|e| e.to_string())? {
        let node = match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => continue,
            TokenKind::LParen => {
                open.push(Vec::new());
                continue;
            }
            TokenKind::RParen => Node::Expression(open.pop().ok_or_else(|| unbalanced(at))?),
            _ => Node::Word(token.src(text)),
        };
        open.last_mut().ok_or_else(|| unbalanced(at))?.push(node);
    }
    match (open.pop(), open.is_empty()) {
        (Some(nodes), true) => Ok(nodes),
        _ => Err(unbalanced(at)),
    }
}

/// Writes a node with its instructions on pointers spelt out.
fn write(node: &Node<'_>, names: &[(&str, bool)], output: &mut String) -> Result<(), String> {
    let nodes = match node {
        Node::Word(word) => {
            match of_pointer(word, names) {
                Some((wide, "ptr")) => output.push_str(ty(wide)),
                Some((_, operation @ ("extend" | "wrap"))) => {
                    return Err(format!("`{operation}` is no operation by itself: `{word}`"));
                }
                Some((wide, operation)) => {
                    output.push_str(ty(wide));
                    output.push('.');
                    output.push_str(operation);
                }
                None => output.push_str(word),
            }
            return Ok(());
        }
        Node::Expression(nodes) => nodes,
    };
    if let Some((Node::Word(head), operands)) = nodes.split_first()
        && let Some((wide, operation @ ("extend" | "wrap"))) = of_pointer(head, names)
    {
        let [operand] = operands else {
            return Err(format!("`{head}` has {} operands, and not one", operands.len()));
        };
        if !wide {
            return write(operand, names, output);
        }
        let instruction = if operation == "wrap" { "i32.wrap_i64" } else { "i64.extend_i32_u" };
        output.push('(');
        output.push_str(instruction);
        output.push(' ');
        write(operand, names, output)?;
        output.push(')');
        return Ok(());
    }
    output.push('(');
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            output.push(' ');
        }
        write(node, names, output)?;
    }
    output.push(')');
    Ok(())
}

/// Of an instruction on pointers, whether they are wide, and the operation.
fn of_pointer<'w>(word: &'w str, names: &[(&str, bool)]) -> Option<(bool, &'w str)> {
    let (name, operation) = word.split_once('.')?;
    let (_, wide) = names.iter().find(|(known, _)| *known == name)?;
    Some((*wide, operation))
}

fn ty(wide: bool) -> &'static str {
    if wide { "i64" } else { "i32" }
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn both(text: &str) -> [String; 2] {
        [false, true].map(|wide| expand(text, &[("from", wide)]).expect("a text can be read"))
    }

    #[test]
    fn instructions_on_pointers_have_their_type() {
        let [narrow, wide] = both("(from.add (local.get $p) (from.const 1))");
        assert_eq!(narrow, "(i32.add (local.get $p) (i32.const 1))\n");
        assert_eq!(wide, "(i64.add (local.get $p) (i64.const 1))\n");
        assert_eq!(both("(param $p from.ptr)"), ["(param $p i32)\n", "(param $p i64)\n"]);
    }

    #[test]
    fn what_is_narrow_already_is_neither_extended_nor_wrapped() {
        let [narrow, wide] = both("(f (from.extend (g (from.wrap (h)))))");
        assert_eq!(narrow, "(f (g (h)))\n");
        assert_eq!(wide, "(f (i64.extend_i32_u (g (i32.wrap_i64 (h)))))\n");
    }

    #[test]
    fn comments_and_strings_are_no_instructions() {
        let text = ";; (from.add\n(func (@name \"from.ptr (from.add\") (; from.ptr ;) $from)";
        assert_eq!(both(text), ["(func (@name \"from.ptr (from.add\") $from)\n"; 2]);
    }

    #[test]
    fn each_name_has_a_width_of_its_own() {
        let names = [("from", false), ("to", true), ("both", false)];
        let text = "(a from.ptr to.ptr (both.extend (b)) other.ptr)";
        assert_eq!(expand(text, &names), Ok("(a i32 i64 (b) other.ptr)\n".into()));
    }

    #[test]
    fn what_cannot_be_expanded_is_refused() {
        for text in ["(from.extend)", "(from.wrap a b)", "from.extend", "(", ")", "())"] {
            assert!(expand(text, &[("from", false)]).is_err(), "{text}");
        }
    }
}
