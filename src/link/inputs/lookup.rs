//! What users call an input, an import or an export, looked up.

use wasmparser::ComponentExternName;

use super::surface::{ExportId, ImportId, InputId, Surface, Surfaces};
use crate::error::{Code, Error, Result};
use crate::link::prose::list;

/// The import that a user means. `what` is where the name was given.
pub fn find_import(
    surfaces: &Surfaces,
    what: &str,
    input: &str,
    name: &str,
) -> Result<(InputId, ImportId)> {
    let (id, surface) = find_input(surfaces, what, input)?;
    let import = surface.imports.iter().find(|(_, import)| import.name.full_name() == name);
    let import = import.map(|(import, _)| (id, import));
    import.ok_or_else(|| {
        let why = format!("`{}` has no import `{name}`", surface.name);
        let imports = surface.imports.values().map(|import| import.name.full_name());
        unknown(what, &why, "its imports are", imports)
    })
}

/// The export that a user means.
pub fn find_export(
    surfaces: &Surfaces,
    what: &str,
    input: &str,
    name: &str,
) -> Result<(InputId, ExportId)> {
    let (id, surface) = find_input(surfaces, what, input)?;
    let export = surface.exports.iter().find(|(_, export)| export.name.full_name() == name);
    let export = export.map(|(export, _)| (id, export));
    export.ok_or_else(|| {
        let why = format!("`{}` has no export `{name}`", surface.name);
        let exports = surface.exports.values().map(|export| export.name.full_name());
        unknown(what, &why, "its exports are", exports)
    })
}

/// The input that a user means.
pub fn find_input<'a, 'b>(
    surfaces: &'b Surfaces<'a>,
    what: &str,
    name: &str,
) -> Result<(InputId, &'b Surface<'a>)> {
    surfaces.iter().find(|(_, surface)| surface.name == name).ok_or_else(|| {
        let names = surfaces.values().map(|s| s.name);
        unknown(what, &format!("no input is called `{name}`"), "the inputs are", names)
    })
}

/// A name that leads nowhere, with those that would lead somewhere.
pub fn unknown(
    what: &str,
    why: &str,
    existing: &str,
    names: impl Iterator<Item = impl std::fmt::Display>,
) -> Error {
    let message = format!("{what} leads nowhere: {why}");
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    Error::new(Code::UnknownWire, message).with_help(match names.is_empty() {
        true => "there is nothing to wire there: remove the wire".into(),
        false => format!("{existing} {}", list(names.into_iter())),
    })
}

/// The interface of an import or export, if it says which one it is.
pub fn interface(name: &ComponentExternName) -> Option<String> {
    let named = || name.name.contains(':').then(|| name.full_name());
    name.full_implements().or_else(named).map(|name| name.into_owned())
}
