//! Asks the validator whether everything fits, and says which inputs do not.
//!
//! The validator knows offsets and indices of the composed component; users know the names of
//! their inputs. The instances were written in the order of the wiring, so the instance whose
//! definition holds the offset is that of a known input, and the first line of the message names
//! the import:
//!
//! ```text
//! validator: type mismatch for import `demo:geo/area`      (inside the second instance)
//!            type mismatch in instance export `area`
//!            expected primitive `f64`, found primitive `f32`
//! user:      `app` imports `demo:geo/area`, and `geometry` exports it with another type: in
//!            instance export `area`: ...
//! ```
//!
//! Function bodies are skipped: the inputs are valid by themselves, and what is new is the
//! structure around them.

use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

use super::imports::Imports;
use super::surface::{Import, ImportId, InputId, Surface};
use super::wiring::{Source, Surfaces, Wiring, list};
use crate::error::{Code, Error, Result};

/// What the validator says against the composed component.
pub(super) struct Failure {
    message: String,
    at: Place,
}

/// Where in the composed component.
enum Place {
    /// In the definition of the instance with this position in the wiring's order.
    Instance(usize),
    /// In the exports, or at the end, where the exports are looked at as a whole.
    Exports,
    Elsewhere,
}

/// Validates the structure of a composed component.
pub(super) fn check(bytes: &[u8]) -> Result<(), Failure> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut depth = 0u32;
    let mut instances = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let elsewhere =
            |e: wasmparser::Error| Failure { message: e.message().into(), at: Place::Elsewhere };
        let payload = payload.map_err(elsewhere)?;
        match validator.payload(&payload) {
            // A body is not looked at.
            Ok(ValidPayload::Func(..) | ValidPayload::Ok | ValidPayload::Parser(_)) => {}
            Ok(ValidPayload::End(_)) => {}
            Err(e) if depth == 1 => return Err(locate(&e, &payload, instances)),
            Err(e) => return Err(elsewhere(e)),
        }
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentInstanceSection(section) if depth == 1 => instances += section.count(),
            _ => {}
        }
    }
    Ok(())
}

/// Finds the instance whose definition the error is in.
fn locate(error: &wasmparser::Error, payload: &Payload, earlier_instances: u32) -> Failure {
    let message = error.message().to_owned();
    let at = match payload {
        Payload::ComponentInstanceSection(section) => {
            let definitions = section.clone().into_iter_with_offsets().map_while(|d| d.ok());
            let before = definitions.take_while(|(offset, _)| *offset <= error.offset()).count();
            let earlier = usize::try_from(earlier_instances).unwrap_or(usize::MAX);
            Place::Instance(earlier.saturating_add(before.saturating_sub(1)))
        }
        Payload::ComponentExportSection(_) | Payload::End(_) => Place::Exports,
        _ => Place::Elsewhere,
    };
    Failure { message, at }
}

/// The failure in terms of the inputs.
pub(super) fn explain(
    failure: Failure,
    surfaces: &Surfaces,
    wiring: &Wiring,
    imports: &Imports,
    root: InputId,
) -> Error {
    let details = failure.message.replace('\n', ": ");
    let invalid = || Error::internal(format!("the linked component is not valid: {details}"));
    match failure.at {
        Place::Elsewhere => invalid(),
        Place::Exports => exports(&details, surfaces, wiring, root),
        Place::Instance(position) => {
            let Some(&input) = wiring.order.get(position) else { return invalid() };
            let Some((import, details)) = find_import(&surfaces[input], &failure.message) else {
                return invalid().in_input(surfaces[input].name);
            };
            match wiring.source(input, import) {
                Source::Export(provider, export) => {
                    let export = surfaces[provider].exports[export].name.full_name();
                    provided(&surfaces[input], import, surfaces[provider].name, &export, &details)
                }
                Source::Outside => shared(surfaces, imports, input, import, &details),
            }
        }
    }
}

/// The import that the message is about, and the rest of the message.
fn find_import(surface: &Surface, message: &str) -> Option<(ImportId, String)> {
    let (first, rest) = message.split_once('\n')?;
    let is_named = |import: &Import| {
        first == format!("type mismatch for import `{}`", import.name.full_name())
    };
    let (import, _) = surface.imports.iter().find(|(_, import)| is_named(import))?;
    Some((import, rest.replace('\n', ": ")))
}

fn provided(
    importer: &Surface,
    import: ImportId,
    provider: &str,
    export: &str,
    details: &str,
) -> Error {
    let name = importer.imports[import].name.full_name();
    let exported = if export == name { "it".to_owned() } else { format!("`{export}`") };
    let message = format!(
        "`{}` imports `{name}`, and `{provider}` exports {exported} with another type: {details}",
        importer.name
    );
    Error::new(Code::TypeMismatch, message).in_input(importer.name).with_help(format!(
        "build both against the same WIT, or leave `{provider}` out: `{name}` then stays an import"
    ))
}

/// An argument that is an import of the result, and has the type that other imports ask for.
fn shared(
    surfaces: &Surfaces,
    imports: &Imports,
    input: InputId,
    import: ImportId,
    details: &str,
) -> Error {
    let surface = &surfaces[input];
    let name = surface.imports[import].name.full_name();
    let names = |ids: &mut dyn Iterator<Item = ImportId>| {
        list(ids.map(|id| format!("`{}`", surface.imports[id].name.full_name())))
    };
    let types_alone = names(&mut imports.types_alone(input));
    let others = imports.importers(&name).filter(|other| *other != input);
    let others = list(others.map(|other| format!("`{}`", surfaces[other].name)));
    let importer = surface.name;
    let (message, help) = if !others.is_empty() {
        (
            format!("`{importer}` imports `{name}`, and {others} imports it with another type: {details}"),
            "build them against the same WIT: what no input provides is one import for all".into(),
        )
    } else {
        (
            format!(
                "`{importer}` imports `{name}`, which no other input provides, with types from \
                 {types_alone}, which another input provides: {details}"
            ),
            format!("provide `{name}` too, or leave the provider of {types_alone} out"),
        )
    };
    Error::new(Code::TypeMismatch, message).in_input(importer).with_help(help)
}

fn exports(details: &str, surfaces: &Surfaces, wiring: &Wiring, root: InputId) -> Error {
    let surface = &surfaces[root];
    let provided = surface.imports.iter().filter(|(id, _)| {
        matches!(wiring.source(root, *id), Source::Export(..))
    });
    let provided = list(provided.map(|(_, i)| format!("`{}`", i.name.full_name())));
    let message = format!(
        "`{}` exports something with a type that it takes from another input, and that the result \
         does not export: {details}",
        surface.name
    );
    Error::new(Code::NotFused, message).in_input(surface.name).with_help(format!(
        "export from `{}` what defines the type too, or leave out who provides {provided}",
        surface.name
    ))
}
