//! What stays open: the imports of the result that somebody outside has to provide.
//!
//! A forgotten input is a composition that still fuses, and fails when it is run. So what stays open
//! is said, with what comes close to it:
//!
//! ```text
//! `docs:calc/add@0.1.0` stays an import, of `front`: no input exports it
//! `demo:log/sink@1.0.0` stays an import, of `app`: no input exports it; `net-log` exports
//! `demo:log/sink@2.0.0`
//! ```
//!
//! Types of values are not meant, which nobody has to provide. Interfaces of WASI are, but every host
//! has them: they are only told where they are forbidden.

use std::collections::BTreeSet;

use wasmparser::names::ComponentName;
use wasmparser::{ComponentTypeRef, InstanceTypeDeclaration, TypeBounds};

use super::inputs::lookup::interface;
use super::inputs::surface::{Import, ImportId, InputId, Member, Surface, Surfaces};
use super::inputs::types::is_interface_of_values;
use super::inputs::version::key;
use super::prose::list;
use super::wiring::{Source, Wiring};
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{OpenImports, Options};

/// An import of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    pub name: String,
    pub is_wasi: bool,
    /// Whether an option says so.
    pub is_asked_for: bool,
    /// The inputs that ask for it.
    pub importers: Vec<String>,
    /// What comes close to providing it, and why it does not, a clause each.
    pub near: Vec<String>,
}

impl Open {
    /// A sentence about it.
    pub fn note(&self) -> String {
        let importers = list(self.importers.iter().map(|name| format!("`{name}`")));
        let why = if self.is_asked_for { "as was asked for" } else { "no input provides it" };
        let mut note = format!("`{}` stays an import, of {importers}: {why}", self.name);
        for near in &self.near {
            note += "; ";
            note += near;
        }
        note
    }
}

/// What stays open, given the imports of inputs that each import of the result stands for.
pub(super) fn open<'g>(
    surfaces: &Surfaces,
    wiring: &Wiring,
    groups: impl Iterator<Item = &'g [Member]>,
    options: &Options,
) -> Result<Vec<Open>> {
    let mut found = Vec::new();
    for members in groups {
        let mut asked = Vec::new();
        for &(input, import) in members {
            let is_open = wiring.source(input, import) == Source::Outside;
            if is_open && is_to_provide(&surfaces[input], import)? {
                asked.push((input, import));
            }
        }
        let Some(&(input, import)) = asked.first() else { continue };
        let import = &surfaces[input].imports[import];
        let meant = interface(&import.name).unwrap_or_else(|| import.name.full_name().into());
        let mut near = Vec::new();
        if options.is_core(&import.name.full_name()) {
            continue;
        }
        let is_asked_for = asked.iter().any(|member| wiring.is_meant_to_be_open(*member));
        for &member in asked.iter().filter(|_| !is_asked_for) {
            near.extend(nearby(surfaces, wiring.root, member));
        }
        let mut seen = BTreeSet::new();
        near.retain(|clause| seen.insert(clause.clone()));
        found.push(Open {
            name: import.name.full_name().into_owned(),
            is_wasi: meant.starts_with("wasi:"),
            is_asked_for,
            importers: asked.iter().map(|(input, _)| surfaces[*input].name.into()).collect(),
            near,
        });
    }
    Ok(found)
}

/// Refuses what may not stay open.
pub(super) fn refuse(open: &[Open], allowed: OpenImports) -> Result<()> {
    let is_refused = |open: &&Open| match allowed {
        OpenImports::Any => false,
        OpenImports::Wasi => !open.is_wasi,
        OpenImports::None => true,
    };
    let refused: Vec<&Open> = open.iter().filter(is_refused).collect();
    let enough = match refused.iter().all(|open| open.is_wasi) {
        true => OpenImports::Wasi,
        false => OpenImports::Any,
    };
    let refused: Vec<String> = refused.into_iter().map(Open::note).collect();
    let error = match &refused[..] {
        [] => return Ok(()),
        [one] => Error::new(Code::LeftOpen, format!("an import is left open: {one}")),
        all => Error::new(Code::LeftOpen, format!("{} imports are left open:", all.len()))
            .with_lines(all.iter().map(|note| format!("  {note}"))),
    };
    Err(error.with_help(
        Remedy::from(
            "add the components that export what is missing, or allow the result to import it: ",
        )
        .setting(Setting::Open(enough)),
    ))
}

/// Whether somebody has to provide an import.
fn is_to_provide(surface: &Surface, import: ImportId) -> Result<bool> {
    Ok(match surface.imports[import].ty {
        ComponentTypeRef::Type(TypeBounds::Eq(_)) => false,
        ComponentTypeRef::Instance(_) => {
            let has_more = |declaration: &InstanceTypeDeclaration| match declaration {
                InstanceTypeDeclaration::Export { ty, .. } => {
                    !matches!(ty, ComponentTypeRef::Type(TypeBounds::Eq(_)))
                }
                _ => false,
            };
            let declarations = surface.declarations(import);
            declarations.is_some_and(|declarations| declarations.iter().any(has_more))
                || !is_interface_of_values(surface, import)?
        }
        _ => true,
    })
}

/// What comes close to providing an import.
fn nearby(surfaces: &Surfaces, root: InputId, (input, import): Member) -> Vec<String> {
    let import = &surfaces[input].imports[import];
    let mut found = Vec::new();
    for (provider, surface) in surfaces.iter().filter(|(provider, _)| *provider != input) {
        for export in surface.exports.values() {
            let name = export.name.full_name();
            if let Some(why) = closeness(import, &export.name) {
                let why = match why {
                    Near::Fits if provider == root => ", and itself needs what imports it",
                    Near::Fits => continue,
                    Near::Implements => ", and which of several imports is meant is not clear",
                    Near::Version | Near::Spelling => "",
                };
                found.push(format!("`{}` exports `{name}`{why}", surface.name));
            }
        }
    }
    found
}

enum Near {
    /// It is what the import asks for.
    Fits,
    /// The version is another.
    Version,
    /// Hyphens or case are.
    Spelling,
    /// Both are of one interface.
    Implements,
}

fn closeness(import: &Import, export: &wasmparser::ComponentExternName) -> Option<Near> {
    let [asked, name] = [import.name.full_name(), export.full_name()];
    if key(&asked) == key(&name) {
        return Some(Near::Fits);
    }
    let base = |name: &str| name.split_once('@').map_or(name, |(base, _)| base).to_owned();
    if base(&asked) == base(&name) {
        return Some(Near::Version);
    }
    if let (Some(a), Some(b)) = (interface(&import.name), interface(export))
        && key(&a) == key(&b)
    {
        return Some(Near::Implements);
    }
    let [a, b] = [import.name.name, export.name].map(|name| ComponentName::new(name, 0).ok());
    (a.is_some() && a == b).then_some(Near::Spelling)
}
