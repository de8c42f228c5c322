//! Who provides what: each import of each input gets a source, and the inputs an order.
//!
//! ```text
//! inputs:  app (the root)   imports demo:log/sink@1.0.0, wasi:cli/stdout@0.2.3
//!          file-log         exports demo:log/sink@1.2.0
//! wiring:  app:demo:log/sink@1.0.0 = file-log:demo:log/sink@1.2.0
//!          app:wasi:cli/stdout@0.2.3 stays an import of the result
//! order:   file-log, app
//! ```
//!
//! An import is provided by the one other input that exports a name that fits (`version`); of two
//! exports of that input the very name is taken, or else the newest version. Two such inputs are
//! an error, even if only one of them has the very name: which of them is meant is for the user to
//! say, with a wire. A wire decides alone, whatever the names are.
//!
//! An import that asks for the very type of another import (`use` in a world is one) has no choice:
//!
//! ```text
//! app:     imports demo:log/sink, and level: the type that demo:log/sink exports as `level`
//! wiring:  app:demo:log/sink = file-log:demo:log/sink, app:level = its type `level`
//! ```
//!
//! Circles are refused, with two exceptions:
//!
//! - An import of types of values alone. Such types are equal by structure, nobody has to provide
//!   them, and it is left to the outside where nothing else will do: in a circle, or where several
//!   inputs export it.
//! - An import that only the root could provide. What the root exports is the result's to export;
//!   the root provides it to other inputs, too, where it does not use them. Otherwise it stays an
//!   import of the result, which is said.
//!
//! Only inputs that the root uses, directly or through others, take part. The others are reported
//! as unused and left out, so that neither their imports nor their ambiguities matter.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use semver::Version;
use wasmparser::{ComponentTypeRef, TypeBounds};

use super::indices::Space;
use super::order::dependencies_first;
use super::surface::{DefId, ExportId, ImportId, InputId, Surface};
use super::types::interfaces_of_values;
use super::version::{Track, track};
use crate::error::{Code, Error, Result};
use crate::options::Wire;

/// The inputs.
pub(super) type Surfaces<'a> = PrimaryMap<InputId, Surface<'a>>;

/// Where an import's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// From whoever instantiates the result.
    Outside,
    /// From an instance of another input.
    Export(InputId, ExportId),
    /// A type, which is this definition of the input: what another import exports that an instance
    /// of another input provides.
    Type(DefId),
}

/// Who provides what.
pub(super) struct Wiring {
    /// The inputs to instantiate, each after those that it imports from; the root is the last.
    pub order: Vec<InputId>,
    root: InputId,
    sources: SecondaryMap<InputId, Vec<Source>>,
    /// The imports with a wire.
    wired: BTreeSet<(InputId, ImportId)>,
}

impl Wiring {
    /// Gives every import that matters a source.
    pub fn new(surfaces: &Surfaces, root: InputId, wires: &[Wire]) -> Result<Self> {
        let wires = read_wires(surfaces, wires)?;
        let offers = Offers::new(surfaces);
        let mut values = Values::default();
        let mut sources: SecondaryMap<InputId, Vec<Source>> = SecondaryMap::new();
        let mut reached = vec![root];
        let mut seen: SecondaryMap<InputId, bool> = SecondaryMap::new();
        seen[root] = true;
        while let Some(input) = reached.pop() {
            for import in surfaces[input].imports.keys() {
                let source = match wires.get(&(input, import)) {
                    Some(source) => *source,
                    None => match determined(&surfaces[input], import, &sources[input]) {
                        Some(source) => source,
                        None => offers.find(surfaces, &mut values, input, import)?,
                    },
                };
                sources[input].push(source);
                if let Source::Export(provider, _) = source
                    && !std::mem::replace(&mut seen[provider], true)
                {
                    reached.push(provider);
                }
            }
        }
        let wired = wires.into_keys().collect();
        let mut wiring = Wiring { order: Vec::new(), root, sources, wired };
        wiring.arrange(surfaces)?;
        Ok(wiring)
    }

    /// Orders the inputs. Where they make a circle, it is cut at the imports that nobody has to
    /// provide.
    pub fn arrange(&mut self, surfaces: &Surfaces) -> Result<()> {
        let mut values = Values::default();
        loop {
            let order = dependencies_first([self.root], |input| providers(&self.sources[input]));
            let circle = match order {
                Ok(order) => {
                    self.order = order;
                    return Ok(());
                }
                Err(circle) => circle,
            };
            let mut cut = false;
            for (importer, provider) in edges(&circle) {
                for import in surfaces[importer].imports.keys() {
                    let source = self.source(importer, import);
                    if matches!(source, Source::Export(from, _) if from == provider)
                        && values.are_all_of(surfaces, importer, import)?
                    {
                        self.leave_open(surfaces, importer, import);
                        cut = true;
                    }
                }
            }
            for (importer, provider) in edges(&circle) {
                if !cut && provider == self.root {
                    cut = self.open_to_root(surfaces, importer);
                }
            }
            if !cut {
                return Err(cyclic(surfaces, &self.sources, &circle));
            }
        }
    }

    /// Leaves the imports of an input open that the root would provide, unless a wire says that it
    /// shall.
    fn open_to_root(&mut self, surfaces: &Surfaces, importer: InputId) -> bool {
        let root = self.root;
        let imports: Vec<ImportId> = surfaces[importer].imports.keys().collect();
        let is_from_root =
            |source| matches!(source, Source::Export(provider, _) if provider == root);
        let from_root =
            || imports.iter().filter(|i| is_from_root(self.source(importer, **i))).copied();
        if importer == root || from_root().any(|i| self.wired.contains(&(importer, i))) {
            return false;
        }
        for import in from_root().collect::<Vec<_>>() {
            self.leave_open(surfaces, importer, import);
        }
        true
    }

    /// Leaves an import to the outside, and with it the imports that are types of it.
    pub fn leave_open(&mut self, surfaces: &Surfaces, input: InputId, import: ImportId) {
        let surface = &surfaces[input];
        let is_of_it = |source: Source| match source {
            Source::Type(def) => {
                matches!(surface.export_of_import(def), Some((i, _)) if i == import)
            }
            Source::Outside | Source::Export(..) => false,
        };
        for (other, source) in self.sources[input].iter_mut().enumerate() {
            if other == import.index() || is_of_it(*source) {
                *source = Source::Outside;
            }
        }
    }

    /// Where an import of an input in [`Wiring::order`] comes from.
    pub fn source(&self, input: InputId, import: ImportId) -> Source {
        self.sources[input].get(import.index()).copied().unwrap_or(Source::Outside)
    }

    /// The names of the inputs that the root does not use.
    pub fn unused(&self, surfaces: &Surfaces) -> Vec<String> {
        let mut used: SecondaryMap<InputId, bool> = SecondaryMap::new();
        self.order.iter().for_each(|input| used[*input] = true);
        surfaces.iter().filter(|(id, _)| !used[*id]).map(|(_, s)| s.name.into()).collect()
    }
}

/// What the inputs export, by name: for each name and input one export, for each track and input
/// the newest.
struct Offers {
    exact: BTreeMap<String, BTreeMap<InputId, ExportId>>,
    newest: BTreeMap<Track, BTreeMap<InputId, (Version, ExportId)>>,
}

impl Offers {
    fn new(surfaces: &Surfaces) -> Self {
        let mut offers = Offers { exact: BTreeMap::new(), newest: BTreeMap::new() };
        for (input, surface) in surfaces {
            for (id, export) in &surface.exports {
                let name = export.name.full_name();
                if let Some((track, version)) = track(&name) {
                    let newest = offers.newest.entry(track).or_default();
                    let newest = newest.entry(input).or_insert_with(|| (version.clone(), id));
                    if newest.0 < version {
                        *newest = (version, id);
                    }
                }
                offers.exact.entry(name.into_owned()).or_default().insert(input, id);
            }
        }
        offers
    }

    /// The one other input that exports what this import asks for.
    fn find(
        &self,
        surfaces: &Surfaces,
        values: &mut Values,
        input: InputId,
        import: ImportId,
    ) -> Result<Source> {
        let name = surfaces[input].imports[import].name.full_name();
        let mut found: BTreeMap<InputId, ExportId> = BTreeMap::new();
        if let Some(newest) = track(&name).and_then(|(track, _)| self.newest.get(&track)) {
            found.extend(newest.iter().map(|(provider, (_, export))| (*provider, *export)));
        }
        if let Some(exact) = self.exact.get(&*name) {
            found.extend(exact);
        }
        found.remove(&input);
        match found.first_key_value() {
            None => Ok(Source::Outside),
            Some((provider, export)) if found.len() == 1 => Ok(Source::Export(*provider, *export)),
            // Equal types are the same, whoever is asked for them.
            Some(_) if values.are_all_of(surfaces, input, import)? => Ok(Source::Outside),
            Some(_) => Err(ambiguous(surfaces, input, &name, &found)),
        }
    }
}

/// Which imports are instances of value types alone. Found out for an input when it is first asked
/// for, which is seldom.
#[derive(Default)]
struct Values(BTreeMap<InputId, BTreeSet<ImportId>>);

impl Values {
    /// Whether that import has types of values, and nothing else.
    fn are_all_of(
        &mut self,
        surfaces: &Surfaces,
        input: InputId,
        import: ImportId,
    ) -> Result<bool> {
        let imports = match self.0.entry(input) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(entry) => entry.insert(interfaces_of_values(&surfaces[input])?),
        };
        Ok(imports.contains(&import))
    }
}

/// The edges of a circle.
fn edges(circle: &[InputId]) -> impl Iterator<Item = (InputId, InputId)> {
    circle.iter().copied().zip(circle.iter().copied().cycle().skip(1))
}

fn ambiguous(
    surfaces: &Surfaces,
    input: InputId,
    name: &str,
    found: &BTreeMap<InputId, ExportId>,
) -> Error {
    let exporters = || {
        found.iter().map(|(provider, export)| {
            let surface = &surfaces[*provider];
            (surface.name, surface.exports[*export].name.full_name())
        })
    };
    let importer = surfaces[input].name;
    let exports = list(exporters().map(|(provider, e)| format!("`{provider}` exports `{e}`")));
    let message = format!("`{importer}` imports `{name}`, and {exports}");
    let wires: Vec<String> = exporters()
        .map(|(provider, e)| format!("`--wire '{importer}:{name}={provider}:{e}'`"))
        .collect();
    Error::new(Code::AmbiguousProvider, message)
        .with_help(format!("say which: {}; or leave the others out", wires.join(" or ")))
}

/// The wires, with names looked up.
fn read_wires(
    surfaces: &Surfaces,
    wires: &[Wire],
) -> Result<BTreeMap<(InputId, ImportId), Source>> {
    let mut read = BTreeMap::new();
    for wire in wires {
        let (importer, surface) = find_input(surfaces, wire, &wire.importer)?;
        let import = surface.imports.iter().find(|(_, i)| i.name.full_name() == wire.import_name);
        let Some((import, _)) = import else {
            let what = format!("`{}` has no import `{}`", surface.name, wire.import_name);
            let imports = surface.imports.values().map(|i| i.name.full_name());
            return Err(unknown(wire, &what, "its imports are", imports));
        };
        let (provider, surface) = find_input(surfaces, wire, &wire.provider)?;
        let export = surface.exports.iter().find(|(_, e)| e.name.full_name() == wire.export_name);
        let Some((export, _)) = export else {
            let what = format!("`{}` has no export `{}`", surface.name, wire.export_name);
            let exports = surface.exports.values().map(|e| e.name.full_name());
            return Err(unknown(wire, &what, "its exports are", exports));
        };
        let source = Source::Export(provider, export);
        if read.insert((importer, import), source).is_some_and(|earlier| earlier != source) {
            let message = format!(
                "two wires provide the import `{}` of `{}`",
                wire.import_name, wire.importer
            );
            return Err(Error::new(Code::AmbiguousProvider, message)
                .with_help("an import has one provider: remove one of the wires"));
        }
    }
    Ok(read)
}

fn find_input<'a, 'b>(
    surfaces: &'b Surfaces<'a>,
    wire: &Wire,
    name: &str,
) -> Result<(InputId, &'b Surface<'a>)> {
    surfaces.iter().find(|(_, surface)| surface.name == name).ok_or_else(|| {
        let names = surfaces.values().map(|s| s.name);
        unknown(wire, &format!("no input is called `{name}`"), "the inputs are", names)
    })
}

fn unknown(
    wire: &Wire,
    what: &str,
    existing: &str,
    names: impl Iterator<Item = impl std::fmt::Display>,
) -> Error {
    let Wire { importer, import_name, provider, export_name } = wire;
    let message = format!(
        "the wire `{importer}:{import_name}={provider}:{export_name}` leads nowhere: {what}"
    );
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    Error::new(Code::UnknownWire, message).with_help(match names.is_empty() {
        true => "it has none".into(),
        false => format!("{existing} {}", list(names.into_iter())),
    })
}

fn cyclic(
    surfaces: &Surfaces,
    sources: &SecondaryMap<InputId, Vec<Source>>,
    circle: &[InputId],
) -> Error {
    let edges = edges(circle).map(|(importer, provider)| {
        let imports = surfaces[importer].imports.values().zip(&sources[importer]);
        let names: Vec<String> = imports
            .filter(|(_, source)| matches!(source, Source::Export(from, _) if *from == provider))
            .map(|(import, _)| format!("`{}`", import.name.full_name()))
            .collect();
        let (importer, provider) = (surfaces[importer].name, surfaces[provider].name);
        format!("`{importer}` imports {} from `{provider}`", list(names.into_iter()))
    });
    let message = format!("the inputs import from one another in a circle: {}", list(edges));
    Error::new(Code::CyclicWiring, message).with_help(
        "move what both need into a third component, or wire one of the imports to another input",
    )
}

/// The source of an import that has to be the type of an earlier one, if that is provided.
fn determined(surface: &Surface, import: ImportId, earlier: &[Source]) -> Option<Source> {
    let ComponentTypeRef::Type(TypeBounds::Eq(index)) = surface.imports[import].ty else {
        return None;
    };
    let (def, _) = surface.at(Space::Type, index)?;
    let (instance, _) = surface.export_of_import(def)?;
    match earlier.get(instance.index())? {
        Source::Export(..) => Some(Source::Type(def)),
        Source::Outside | Source::Type(_) => None,
    }
}

/// The inputs that provide something, in order.
fn providers(sources: &[Source]) -> Vec<InputId> {
    let provider = |source: &Source| match source {
        Source::Outside | Source::Type(_) => None,
        Source::Export(provider, _) => Some(*provider),
    };
    sources.iter().filter_map(provider).collect()
}

/// `a, b and c`.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    match &items[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
