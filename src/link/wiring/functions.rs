//! Wires of single functions: `app:demo:log/sink#write=disk:demo:log/file#append`.
//!
//! What stands before `#` is an import or export that is an instance, and what follows is a function
//! in it. Either side may have one:
//!
//! ```text
//! app:print=disk:demo:log/file#append       the import is a function
//! app:demo:log/sink#write=disk:append       so is the export
//! ```
//!
//! An import of which wires provide functions is an instance that is put together for it: these, and
//! all else that it asks for from where it would come without them. Where nothing else is left, it comes
//! from nowhere else.

use std::collections::BTreeMap;

use wasmparser::ComponentExternalKind as Kind;
use wasmparser::component_types::{ComponentEntityType, ComponentInstanceTypeId};
use wasmparser::types::TypesRef;

use crate::error::{Code, Error, Result};
use crate::link::inputs::lookup::{find_export, find_import, unknown};
use crate::link::inputs::surface::{ExportId, ImportId, InputId, Surface, Surfaces};
use crate::link::inputs::types::{get, imported};
use crate::options::Wire;

/// A function that an input exports: an export, or a function of one that is an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub provider: InputId,
    pub export: ExportId,
    pub of_instance: Option<String>,
}

/// Where what an import asks for comes from, if wires say it of functions.
pub enum Pieces {
    /// The import is a function: the one of this name, of the export that provides it.
    Whole(String),
    /// The import is an instance.
    Some {
        /// Functions by their names.
        functions: BTreeMap<String, Function>,
        /// All else that it asks for.
        rest: Vec<(String, Kind)>,
    },
}

/// What a wire is, its names looked up.
pub enum Read {
    /// An export, or a function of one, for an import.
    Import { import: ImportId, provider: InputId, export: ExportId, of_instance: Option<String> },
    /// A function for one of an import.
    Function { import: ImportId, name: String, function: Function },
}

/// Looks the names of a wire up.
pub fn read(surfaces: &Surfaces, what: &str, wire: &Wire) -> Result<(InputId, Read)> {
    let Wire { importer, import_name, provider, export_name } = wire;
    let (import_name, name) = split(import_name);
    let (input, import) = find_import(surfaces, what, importer, import_name)?;
    let (export_name, of_instance) = split(export_name);
    let (provider, export) = find_export(surfaces, what, provider, export_name)?;
    let of_instance = of_instance.map(str::to_owned);
    if let Some(function) = &of_instance {
        let surface = &surfaces[provider];
        let item = surface.known.component_item_for_export(surface.exports[export].name.name);
        has_function(surface, what, export_name, function, item.map(|it| it.ty))?;
    }
    let Some(name) = name else {
        return Ok((input, Read::Import { import, provider, export, of_instance }));
    };
    let surface = &surfaces[input];
    has_function(surface, what, import_name, name, imported(surface, import))?;
    let function = Function { provider, export, of_instance };
    Ok((input, Read::Function { import, name: name.to_owned(), function }))
}

/// The name of an import or export, and that of a function in it.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('#') {
        Some((name, function)) => (name, Some(function)),
        None => (name, None),
    }
}

/// Makes sure that an import or export is an instance with a function of that name.
fn has_function(
    surface: &Surface,
    what: &str,
    instance: &str,
    function: &str,
    item: Option<ComponentEntityType>,
) -> Result<()> {
    let Some(ComponentEntityType::Instance(id)) = item else {
        let why = format!("`{instance}` of `{}` is no instance", surface.name);
        return Err(unknown(what, &why, "", std::iter::empty::<&str>()));
    };
    let items = items(surface.known, id)?;
    let functions = || items.iter().filter(|(_, kind)| *kind == Kind::Func).map(|(name, _)| name);
    if functions().any(|name| name == function) {
        return Ok(());
    }
    let why = format!("`{instance}` of `{}` has no function `{function}`", surface.name);
    Err(unknown(what, &why, "its functions are", functions()))
}

/// What an import that is an instance asks for, but for these functions.
pub fn rest(
    surface: &Surface,
    import: ImportId,
    functions: &BTreeMap<String, Function>,
) -> Result<Vec<(String, Kind)>> {
    let Some(ComponentEntityType::Instance(id)) = imported(surface, import) else {
        return Err(Error::internal("an import with functions is no instance"));
    };
    let mut items = items(surface.known, id)?;
    items.retain(|(name, _)| !functions.contains_key(name));
    Ok(items)
}

fn items(types: TypesRef<'_>, id: ComponentInstanceTypeId) -> Result<Vec<(String, Kind)>> {
    let item = |(name, item): (&String, &wasmparser::component_types::ComponentItem)| {
        let kind = match item.ty {
            ComponentEntityType::Module(_) => Kind::Module,
            ComponentEntityType::Func(_) => Kind::Func,
            ComponentEntityType::Value(_) => Kind::Value,
            ComponentEntityType::Type { .. } => Kind::Type,
            ComponentEntityType::Instance(_) => Kind::Instance,
            ComponentEntityType::Component(_) => Kind::Component,
        };
        (name.clone(), kind)
    };
    Ok(get(types, id)?.exports.iter().map(item).collect())
}

/// The functions of an import that wires name.
pub fn functions(pieces: Option<&Pieces>) -> impl Iterator<Item = (&String, &Function)> {
    let functions = match pieces {
        Some(Pieces::Some { functions, .. }) => Some(functions),
        None | Some(Pieces::Whole(_)) => None,
    };
    functions.into_iter().flatten()
}

/// Whether an import asks for nothing but functions that wires name.
pub fn is_made_of(pieces: Option<&Pieces>) -> bool {
    matches!(pieces, Some(Pieces::Some { rest, .. }) if rest.is_empty())
}

/// Two wires provide one function.
pub fn twice(importer: &str, import: &str, function: &str) -> Error {
    let message = format!(
        "two wires provide the function `{function}` of the import `{import}` of `{importer}`"
    );
    Error::new(Code::AmbiguousProvider, message)
        .with_help("a function has one provider: remove one of the wires")
}
