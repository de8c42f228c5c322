//! The sections of a binary, and not the bodies of functions.
//!
//! There are thousands of bodies, and each is a payload of its own. Who asks for something else passes over
//! all of them at once.

use wasmparser::{Parser, Payload};

/// The payloads of a binary and of what is nested in it, but for bodies of functions.
pub fn sections(bytes: &[u8]) -> impl Iterator<Item = wasmparser::Result<Payload<'_>>> {
    let mut rest = bytes;
    // Those of what the innermost is in come first.
    let mut open = vec![Parser::new(0)];
    std::iter::from_fn(move || {
        let parser = open.last_mut()?;
        let payload = match parser.parse(rest, true) {
            Ok(wasmparser::Chunk::Parsed { consumed, payload }) => {
                rest = rest.get(consumed..).unwrap_or_default();
                payload
            }
            // All there is has been given.
            Ok(wasmparser::Chunk::NeedMoreData(_)) => return None,
            Err(error) => {
                open.clear();
                return Some(Err(error));
            }
        };
        match &payload {
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                rest = rest.get(*size as usize..).unwrap_or_default();
            }
            Payload::ModuleSection { parser, .. } | Payload::ComponentSection { parser, .. } => {
                open.push(parser.clone());
            }
            Payload::End(_) => drop(open.pop()),
            _ => {}
        }
        Some(Ok(payload))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_seen_but_bodies() {
        let text = r#"(component
            (core module (func) (func (drop (i32.const 1))) (memory 1) (data (i32.const 0) "a"))
            (component (core module (func)) (core module))
            (core module (func) (@custom "c" "d")))"#;
        let bytes = wat::parse_str(text).expect("text that parses");
        let kept = |payload: &wasmparser::Result<Payload<'_>>| {
            !matches!(payload, Ok(Payload::CodeSectionEntry(_)))
        };
        let all = Parser::new(0).parse_all(&bytes).filter(kept).map(|it| format!("{it:?}"));
        let seen = sections(&bytes).map(|it| format!("{it:?}"));
        assert_eq!(seen.collect::<Vec<_>>(), all.collect::<Vec<_>>());
        for end in 0..bytes.len() {
            assert!(sections(&bytes[..end]).count() < 100, "it ends");
        }
    }
}
