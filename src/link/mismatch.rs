//! What the validator refuses, in terms of the inputs.
//!
//! Users know the names of their inputs. `inputs::check` says in which instance a failure is, and so in
//! which input; the first line of the validator's message names the import:
//!
//! ```text
//! validator: type mismatch for import `demo:geo/area`      (inside the second instance)
//!            type mismatch in instance export `area`
//!            expected primitive `f64`, found primitive `f32`
//! user:      `app` imports `demo:geo/area`, and `geometry` exports it with another type: in
//!            instance export `area`: ...
//! ```

use super::inputs::check::{Failure, Place, one_line};
use super::inputs::surface::{Import, ImportId, InputId, Surface, Surfaces};
use super::prose::list;
use super::result::borrow::Stranger;
use super::result::imports::Imports;
use super::wiring::functions::Pieces;
use super::wiring::{Source, Wiring};
use crate::error::{Code, Error, Remedy, Setting};
use crate::options::Port;

/// The import that has not the type that its input asks for, if it is about one.
pub(super) fn import(
    failure: &Failure,
    surfaces: &Surfaces,
    wiring: &Wiring,
) -> Option<(InputId, ImportId)> {
    let Place::Instance(position) = failure.at else { return None };
    let input = *wiring.order.get(position)?;
    let (import, _) = find_import(&surfaces[input], &failure.message)?;
    Some((input, import))
}

/// The failure in terms of the inputs.
pub(super) fn explain(
    failure: &Failure,
    surfaces: &Surfaces,
    wiring: &Wiring,
    imports: &Imports,
) -> Error {
    let details = one_line(&failure.message);
    let invalid = || Error::internal(format!("the linked component is not valid: {details}"));
    let position = match failure.at {
        Place::Elsewhere => return invalid(),
        Place::Exports => return exports(&details, surfaces, wiring).unwrap_or_else(invalid),
        Place::Instance(position) => position,
    };
    let Some(&input) = wiring.order.get(position) else { return invalid() };
    let found = find_import(&surfaces[input], &failure.message)
        .or_else(|| find_type(surfaces, wiring, input, &failure.message));
    let Some((import, details)) = found else {
        return invalid().in_input(surfaces[input].name);
    };
    if let Some(Pieces::Some { functions, .. }) = wiring.pieces(input, import) {
        let is_about = |name: &str| details.contains(&format!("instance export `{name}`"));
        if let Some((_, function)) = functions.iter().find(|(name, _)| is_about(name)) {
            let provider = &surfaces[function.provider];
            let export = provider.exports[function.export].name.full_name();
            let export = match &function.of_instance {
                Some(function) => format!("{export}#{function}"),
                None => export.into_owned(),
            };
            return provided(&surfaces[input], import, provider.name, &export, &details)
                .with_help("build both against the same WIT, or remove the wire");
        }
    }
    match wiring.source(input, import) {
        Source::Export(provider, export) => {
            let export = surfaces[provider].exports[export].name.full_name();
            provided(&surfaces[input], import, surfaces[provider].name, &export, &details)
        }
        Source::Outside => shared(surfaces, wiring, imports, input, import, &details),
        // Whatever instance it is taken from has been compared before.
        Source::Type(_) | Source::Pieces => invalid().in_input(surfaces[input].name),
    }
}

/// The import that the message is about, and the rest of the message.
fn find_import(surface: &Surface, message: &str) -> Option<(ImportId, String)> {
    let (first, rest) = message.split_once('\n')?;
    let is_named = |import: &Import| {
        first == format!("type mismatch for import `{}`", import.name.full_name())
    };
    let (import, _) = surface.imports.iter().find(|(_, import)| is_named(import))?;
    Some((import, one_line(rest)))
}

/// The import that should have had a type which another import is, if the message is about that.
fn find_type(
    surfaces: &Surfaces,
    wiring: &Wiring,
    input: InputId,
    message: &str,
) -> Option<(ImportId, String)> {
    let surface = &surfaces[input];
    let mut types =
        surface.imports.keys().filter_map(|import| match wiring.source(input, import) {
            Source::Type(def) => surface.export_of_import(def),
            Source::Outside | Source::Export(..) | Source::Pieces => None,
        });
    let (instance, name) = types.find(|(_, name)| message.contains(&format!("`{name}`")))?;
    Some((instance, format!("it has no type `{name}`")))
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
    Error::new(Code::TypeMismatch, message).in_input(importer.name).with_help(
        Remedy::from("build both against the same WIT, or let it stay an import: ").setting(
            Setting::LeaveOpen(Port { input: importer.name.into(), name: name.to_string() }),
        ),
    )
}

/// An argument that is an import of the result, and has not the type that this input asks for:
/// another input asks for another, or the type uses types that come from elsewhere here.
fn shared(
    surfaces: &Surfaces,
    wiring: &Wiring,
    imports: &Imports,
    input: InputId,
    import: ImportId,
    details: &str,
) -> Error {
    let surface = &surfaces[input];
    let importer = surface.name;
    let name = surface.imports[import].name.full_name();
    let others = imports.importers(input, import).filter(|(other, _)| *other != input);
    let others = list(others.map(|(other, asked)| match asked == name {
        true => format!("`{}`", surfaces[other].name),
        false => format!("`{}`, which asks for `{asked}`,", surfaces[other].name),
    }));
    let provided = imports.types_alone(input).filter_map(|used| match wiring.source(input, used) {
        Source::Outside | Source::Type(_) | Source::Pieces => None,
        Source::Export(provider, _) => {
            let used = surface.imports[used].name.full_name();
            Some(format!("`{used}`, which `{}` provides", surfaces[provider].name))
        }
    });
    let provided = list(provided);
    let (message, help) = if provided.is_empty() {
        (
            format!(
                "`{importer}` imports `{name}` with another type than {others}, and no input \
                 provides it: {details}"
            ),
            "build them against the same WIT: what no input provides is one import for all",
        )
    } else {
        (
            format!(
                "`{importer}` imports `{name}`, which no input provides, with types of \
                 {provided}: {details}"
            ),
            "name an input that provides both, or none that provides either",
        )
    };
    Error::new(Code::TypeMismatch, message).in_input(importer).with_help(help)
}

/// An export with a resource of another input.
pub(super) fn stranger(surfaces: &Surfaces, root: InputId, found: &Stranger) -> Error {
    let name = surfaces[root].name;
    let import = surfaces[root].imports[found.import].name.full_name();
    let provider = surfaces[found.provider].name;
    let exported = surfaces[found.provider].exports[found.provided].name.full_name();
    let Stranger { export, resource, .. } = found;
    let message = format!(
        "`{export}` of `{name}` has the resource `{resource}` of `{import}` in its type, which \
         `{provider}` provides and the result would not export"
    );
    let too = Port { input: provider.into(), name: exported.to_string() };
    let remedy = Remedy::from(format!(
        "have `{name}` export an interface that has `{resource}` in it, or let the result export \
         what `{provider}` does, too: "
    ));
    Error::new(Code::NotFused, message)
        .in_input(name)
        .with_help(remedy.setting(Setting::AlsoExport(too)))
}

/// Exports that use types of other inputs.
fn exports(details: &str, surfaces: &Surfaces, wiring: &Wiring) -> Option<Error> {
    let root = wiring.root;
    let surface = &surfaces[root];
    let provided = surface.imports.iter().filter_map(|(id, import)| {
        let Source::Export(provider, _) = wiring.source(root, id) else { return None };
        let name = import.name.full_name();
        Some(format!("`{name}`, which `{}` provides", surfaces[provider].name))
    });
    let name = surface.name;
    let message = format!(
        "an export of `{name}` uses types that the result would neither import nor export, of {}: \
         {details}",
        list(provided)
    );
    Some(Error::new(Code::NotFused, message).in_input(name).with_help(format!(
        "have `{name}` export the interface that defines the types too, or leave its provider out"
    )))
}
