//! A component made of a core module, as `wasm-tools component new` makes it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result};
use wit_component::ComponentEncoder;

/// The component of the world that a section of the module has.
pub fn componentize(module: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ComponentEncoder::default();
    encoder.merge_imports_based_on_semver(false);
    encoder.module(module).context("the world of a module")?.validate(true);
    encoder.encode().context("a component of a module")
}

/// Whether the world of a component can be written in WIT.
pub fn is_in_wit(component: &[u8]) -> bool {
    // It is read by code that is for what came from WIT.
    let decoded = catch_unwind(AssertUnwindSafe(|| wit_component::decode(component).is_ok()));
    decoded.unwrap_or(false)
}

/// Whether a component that was made of a module has the exports of another, and no more imports: what nobody
/// uses is not imported again. Otherwise what differs.
pub fn has_world(found: &str, expected: &str) -> Result<(), String> {
    // Resources are numbered by their place.
    let plain = |text: &str| -> Vec<String> {
        let numbers = |c: char| c.is_ascii_digit();
        let resource = |part: &str| part.trim_start_matches(numbers).to_string();
        let line = |line: &str| {
            let mut parts = line.split("resource ");
            let first = parts.next().unwrap_or_default().to_string();
            std::iter::once(first).chain(parts.map(resource)).collect::<Vec<_>>().join("resource ")
        };
        text.lines().map(line).collect()
    };
    let (found, expected) = (plain(found), plain(expected));
    let is_export = |line: &&String| line.starts_with("export");
    let more = found.iter().filter(|line| !expected.contains(line));
    let less = expected.iter().filter(is_export).filter(|line| !found.contains(line));
    let lines: Vec<_> =
        more.map(|line| format!("+ {line}")).chain(less.map(|line| format!("- {line}"))).collect();
    match lines.is_empty() {
        true => Ok(()),
        false => Err(lines.join("\n")),
    }
}
