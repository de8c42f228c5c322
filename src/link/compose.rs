//! The bytes of the result: imports, one instance of each input, the root's exports.

use std::collections::BTreeMap;

use super::imports::Imports;
use super::mismatch::{self, Failure};
use super::root::{Item, Root};
use super::surface::{ImportId, InputId};
use super::wiring::{Source, Surfaces, Wiring};
use crate::error::{Error, Result};

/// Writes the result and has the validator check it.
pub(super) fn compose(surfaces: &Surfaces, wiring: &Wiring, root: InputId) -> Result<Vec<u8>> {
    let mut result = Root::default();
    let mut imports = Imports::new(surfaces, wiring)?;
    imports.write(&mut result)?;
    let mut instances = BTreeMap::new();
    for &input in &wiring.order {
        let args = arguments(surfaces, wiring, &imports, &instances, input, &mut result)?;
        let surface = &surfaces[input];
        let instance = result.instantiate(surface.name, surface.bytes, &args);
        instances.insert(input, instance);
    }
    let instance = instances[&root];
    for export in surfaces[root].exports.values() {
        let index = result.alias(instance, export.kind, export.name.name);
        result.builder.export(export.name, export.kind.into(), index, None);
    }
    let bytes = result.finish();
    mismatch::check(&bytes).map_err(|f| mismatch::explain(f, surfaces, wiring, &imports, root))?;
    Ok(bytes)
}

/// What an input is instantiated with: one argument for each import.
fn arguments(
    surfaces: &Surfaces,
    wiring: &Wiring,
    imports: &Imports,
    instances: &BTreeMap<InputId, u32>,
    input: InputId,
    result: &mut Root,
) -> Result<Vec<(String, Item)>> {
    let surface = &surfaces[input];
    let mut argument = |import: ImportId| match wiring.source(input, import) {
        Source::Outside => imports.item(input, import),
        Source::Export(provider, export) => {
            let export = &surfaces[provider].exports[export];
            let index = result.alias(*instances.get(&provider)?, export.kind, export.name.name);
            Some((export.kind.into(), index))
        }
    };
    let arguments = surface.imports.iter().map(|(id, import)| {
        let item = argument(id).ok_or_else(|| {
            Error::internal(format!("nothing is there for the import `{}`", import.name.name))
                .in_input(surface.name)
        })?;
        Ok((import.name.name.to_owned(), item))
    });
    arguments.collect()
}
