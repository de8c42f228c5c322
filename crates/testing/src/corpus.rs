//! Every component of the cases, as text and as a binary.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// A text or a component, and what it is called: `<proposition>/<file>#<number in the file>`.
pub type Named<T> = (String, T);

/// The texts of the components: those of scripts by themselves.
pub fn texts() -> Vec<Named<String>> {
    let mut texts = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("a case can be read");
        let found = match path.extension().and_then(|extension| extension.to_str()) {
            Some("wast") => components(&text),
            Some("wat") => vec![text],
            _ => continue,
        };
        let name = |path: Option<&Path>| {
            let name = path.and_then(Path::file_name).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let (case, file) = (name(path.parent()), name(Some(&path)));
        let numbered = found.into_iter().enumerate();
        texts.extend(numbered.map(|(number, text)| (format!("{case}/{file}#{number}"), text)));
    }
    texts
}

/// Those of them that are components, as binaries.
pub fn binaries() -> Vec<Named<Vec<u8>>> {
    let parsed =
        texts().into_iter().filter_map(|(name, text)| Some((name, wat::parse_str(text).ok()?)));
    parsed.filter(|(_, bytes)| wasmparser::Parser::is_component(bytes)).collect()
}

/// The components of a script: its trees that are one, or define one.
fn components(script: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = script;
    while let Some(begin) = after_comments(rest).find('(') {
        rest = &after_comments(rest)[begin..];
        let Some(length) = tree(rest) else { break };
        let text = rest[..length].replacen("(component definition", "(component", 1);
        if text.starts_with("(component") && !text.starts_with("(component instance") {
            texts.push(text);
        }
        rest = &rest[length..];
    }
    texts
}

/// The text from the first line on that is no comment.
fn after_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        match text.starts_with(";;") {
            true => text = text.find('\n').map_or("", |end| &text[end..]),
            false => return text,
        }
    }
}

/// The length of the first parenthesized tree of a text.
fn tree(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => {
                while let Some((_, c)) = rest.next() {
                    match c {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            ';' if rest.peek().is_some_and(|(_, c)| *c == ';') => {
                rest.find(|(_, c)| *c == '\n');
            }
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![root().join("crates/merge/tests/cases"), root().join("tests/cases")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("the cases can be read") {
            let path = entry.expect("the cases can be read").path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
