//! The bytes of the result: imports, one instance of each input, the root's exports.

use std::collections::BTreeMap;

use wasmparser::ComponentExternalKind;

use super::exports;
use super::imports::Imports;
use super::mismatch;
use super::root::{Item, Root};
use super::surface::{ImportId, InputId};
use super::wiring::{Source, Surfaces, Wiring};
use crate::error::{Error, Result};

/// Writes the result and has the validator check it.
pub(super) fn compose(surfaces: &Surfaces, wiring: &Wiring, root: InputId) -> Result<Vec<u8>> {
    let mut imports = Imports::new(surfaces, wiring)?;
    let (mut result, instance) = instantiate(surfaces, wiring, &mut imports)?;
    exports::write(&mut result, instance, &surfaces[root]);
    let bytes = result.finish();
    let failure = match mismatch::check(&bytes) {
        Ok(_) => return Ok(bytes),
        Err(failure) if failure.is_in_exports() => failure,
        Err(failure) => return Err(failure.explain(surfaces, wiring, &imports)),
    };

    // The exports need their types written out, and for that the types of the rest are needed.
    let (rest, _) = instantiate(surfaces, wiring, &mut imports)?;
    let types = mismatch::check(&rest.finish())
        .map_err(|failure| failure.explain(surfaces, wiring, &imports))?;
    let (mut result, instance) = instantiate(surfaces, wiring, &mut imports)?;
    exports::write_out(&mut result, instance, &surfaces[root], types.as_ref())?;
    let bytes = result.finish();
    match mismatch::check(&bytes) {
        Ok(_) => Ok(bytes),
        Err(_) => Err(failure.explain(surfaces, wiring, &imports)),
    }
}

/// The result without exports, and the index of the root's instance.
fn instantiate(surfaces: &Surfaces, wiring: &Wiring, imports: &mut Imports) -> Result<(Root, u32)> {
    let mut result = Root::default();
    imports.write(&mut result)?;
    let mut instances = BTreeMap::new();
    for &input in &wiring.order {
        let args = arguments(surfaces, wiring, imports, &instances, input, &mut result)?;
        let surface = &surfaces[input];
        let instance = result.instantiate(surface.name, surface.bytes, &args);
        instances.insert(input, instance);
    }
    let root = wiring.order.last().and_then(|root| instances.get(root).copied());
    let root = root.ok_or_else(|| Error::internal("the root has not been instantiated"))?;
    Ok((result, root))
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
    let mut argument = |mut import: ImportId| {
        let mut inner = None;
        if let Source::Type(def) = wiring.source(input, import) {
            let (instance, name) = surface.export_of_import(def)?;
            (import, inner) = (instance, Some(name));
        }
        let (kind, index) = match wiring.source(input, import) {
            Source::Outside => imports.item(input, import)?,
            Source::Export(provider, export) => {
                let export = &surfaces[provider].exports[export];
                let index = result.alias(*instances.get(&provider)?, export.kind, export.name.name);
                (export.kind.into(), index)
            }
            Source::Type(_) => return None,
        };
        let Some(name) = inner else { return Some((kind, index)) };
        let kind = ComponentExternalKind::Type;
        Some((kind.into(), result.alias(index, kind, name)))
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
