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
//! A *fallback* is an input that provides what no other does: one that exports what is usually left to
//! the host. Where others export it, too, they do.
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
use wasmparser::{ComponentExternName, ComponentTypeRef, TypeBounds};

use super::functions::{self, Pieces, Read, functions, is_made_of};
use super::indices::Space;
use super::order::dependencies_first;
use super::surface::{DefId, ExportId, Import, ImportId, InputId, Surface};
use super::types::interfaces_of_values;
use super::version::{Key, key, track};
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{Options, Port, Wire};

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
    /// From the functions that wires name, all of it.
    Pieces,
}

/// Who provides what.
pub(super) struct Wiring {
    /// The inputs to instantiate, each after those that it imports from.
    pub order: Vec<InputId>,
    /// The first input.
    pub root: InputId,
    /// Exports of other inputs that the result has, too.
    pub also: Vec<(InputId, ExportId)>,
    sources: SecondaryMap<InputId, Vec<Source>>,
    /// Inputs that may be left over.
    fallbacks: BTreeSet<InputId>,
    /// What was asked for: wires, and imports that are to stay open.
    wires: Wires,
    /// Where functions come from that wires name.
    pieces: Functions,
}

impl Wiring {
    /// Gives every import that matters a source.
    pub fn new(surfaces: &Surfaces, root: InputId, options: &Options) -> Result<Self> {
        let (wires, pieces) = read_wires(surfaces, options)?;
        let also = read_exports(surfaces, &options.also_export)?;
        let fallbacks = read_fallbacks(surfaces, &options.fallbacks)?;
        let offers = Offers::new(surfaces, options.chain, fallbacks.clone());
        let mut values = Values::default();
        let mut sources: SecondaryMap<InputId, Vec<Source>> = SecondaryMap::new();
        let mut reached = vec![root];
        let mut seen: SecondaryMap<InputId, bool> = SecondaryMap::new();
        seen[root] = true;
        for (input, _) in &also {
            if !std::mem::replace(&mut seen[*input], true) {
                reached.push(*input);
            }
        }
        while let Some(input) = reached.pop() {
            for import in surfaces[input].imports.keys() {
                let source = match wires.get(&(input, import)) {
                    Some(source) => *source,
                    None if is_made_of(pieces.get(&(input, import))) => Source::Pieces,
                    None => match determined(&surfaces[input], import, &sources[input]) {
                        Some(source) => source,
                        None => offers.find(surfaces, &mut values, input, import)?,
                    },
                };
                sources[input].push(source);
                let whole = match source {
                    Source::Export(provider, _) => Some(provider),
                    Source::Outside | Source::Type(_) | Source::Pieces => None,
                };
                let functions = functions(pieces.get(&(input, import)));
                for provider in whole.into_iter().chain(functions.map(|(_, it)| it.provider)) {
                    if !std::mem::replace(&mut seen[provider], true) {
                        reached.push(provider);
                    }
                }
            }
        }
        let mut wiring =
            Wiring { order: Vec::new(), root, also, sources, wires, pieces, fallbacks };
        wiring.arrange(surfaces)?;
        Ok(wiring)
    }

    /// Orders the inputs. Where they make a circle, it is cut at the imports that nobody has to
    /// provide.
    pub fn arrange(&mut self, surfaces: &Surfaces) -> Result<()> {
        let mut values = Values::default();
        loop {
            let roots = std::iter::once(self.root).chain(self.also.iter().map(|(input, _)| *input));
            let order = dependencies_first(roots, |input| self.providers(input));
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
                return Err(self.cyclic(surfaces, &circle));
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
        let is_wired = |i: ImportId| {
            functions(self.pieces(importer, i)).any(|(_, function)| function.provider == root)
        };
        if importer == root
            || from_root().any(|i| self.wires.contains_key(&(importer, i)))
            || imports.iter().any(|i| is_wired(*i))
        {
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
            Source::Outside | Source::Export(..) | Source::Pieces => false,
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

    /// Where functions of an import come from that wires name, if any do.
    pub fn pieces(&self, input: InputId, import: ImportId) -> Option<&Pieces> {
        self.pieces.get(&(input, import))
    }

    /// The inputs that provide something to an input, in order.
    fn providers(&self, input: InputId) -> Vec<InputId> {
        let of_import = |(import, source): (usize, &Source)| {
            let whole = match source {
                Source::Outside | Source::Type(_) | Source::Pieces => None,
                Source::Export(provider, _) => Some(*provider),
            };
            let pieces = self.pieces.get(&(input, ImportId::new(import)));
            whole.into_iter().chain(functions(pieces).map(|(_, it)| it.provider))
        };
        self.sources[input].iter().enumerate().flat_map(of_import).collect()
    }

    fn cyclic(&self, surfaces: &Surfaces, circle: &[InputId]) -> Error {
        let edges = edges(circle).map(|(importer, provider)| {
            let mut names = Vec::new();
            for (id, import) in &surfaces[importer].imports {
                let name = import.name.full_name();
                if matches!(self.source(importer, id), Source::Export(from, _) if from == provider)
                {
                    names.push(format!("`{name}`"));
                }
                let functions = functions(self.pieces(importer, id));
                let here = functions.filter(|(_, function)| function.provider == provider);
                names.extend(here.map(|(function, _)| format!("`{name}#{function}`")));
            }
            let (importer, provider) = (surfaces[importer].name, surfaces[provider].name);
            format!("`{importer}` imports {} from `{provider}`", list(names.into_iter()))
        });
        let message = format!("the inputs import from one another in a circle: {}", list(edges));
        Error::new(Code::CyclicWiring, message).with_help(
            "move what both need into a third component, or wire one of the imports to another input",
        )
    }

    /// Whether an import was asked to stay open.
    pub fn is_meant_to_be_open(&self, member: (InputId, ImportId)) -> bool {
        self.wires.get(&member) == Some(&Source::Outside)
    }

    /// The names of the inputs that the root does not use.
    pub fn unused(&self, surfaces: &Surfaces) -> Vec<String> {
        let mut used: SecondaryMap<InputId, bool> = SecondaryMap::new();
        self.order.iter().chain(&self.fallbacks).for_each(|input| used[*input] = true);
        surfaces.iter().filter(|(id, _)| !used[*id]).map(|(_, s)| s.name.into()).collect()
    }
}

/// What the inputs export: for each name, and each interface that is implemented under another, who
/// exports it. Of several compatible versions of one input it is the name that was asked for, or
/// else the newest.
struct Offers {
    named: BTreeMap<Key, BTreeMap<InputId, Vec<ExportId>>>,
    implemented: BTreeMap<Key, BTreeMap<InputId, Vec<ExportId>>>,
    chain: bool,
    /// The inputs that provide what no other does.
    fallbacks: BTreeSet<InputId>,
}

impl Offers {
    fn new(surfaces: &Surfaces, chain: bool, fallbacks: BTreeSet<InputId>) -> Self {
        let (mut named, mut implemented) = (BTreeMap::new(), BTreeMap::new());
        let add = |offers: &mut BTreeMap<_, BTreeMap<_, Vec<_>>>, key, input, id| {
            offers.entry(key).or_default().entry(input).or_default().push(id);
        };
        for (input, surface) in surfaces {
            for (id, export) in &surface.exports {
                add(&mut named, key(&export.name.full_name()), input, id);
                if let Some(interface) = interface(&export.name) {
                    add(&mut implemented, key(&interface), input, id);
                }
            }
        }
        Offers { named, implemented, chain, fallbacks }
    }

    /// The one other input that exports what this import asks for.
    fn find(
        &self,
        surfaces: &Surfaces,
        values: &mut Values,
        input: InputId,
        import: ImportId,
    ) -> Result<Source> {
        let name = &surfaces[input].imports[import].name;
        let mut found = self.named(surfaces, name);
        if found.is_empty() {
            found = self.implemented(surfaces, input, name);
        }
        let exports_it = found.remove(&input).is_some();
        if found.keys().any(|provider| !self.fallbacks.contains(provider)) {
            found.retain(|provider, _| !self.fallbacks.contains(provider));
        }
        if self.chain {
            let later = found.range(input..).next().map(|(provider, export)| (*provider, *export));
            if let Some((provider, export)) = later {
                return Ok(Source::Export(provider, export));
            }
            if exports_it {
                return Ok(Source::Outside);
            }
        }
        match found.first_key_value() {
            None => Ok(Source::Outside),
            Some((provider, export)) if found.len() == 1 => Ok(Source::Export(*provider, *export)),
            // Equal types are the same, whoever is asked for them.
            Some(_) if values.are_all_of(surfaces, input, import)? => Ok(Source::Outside),
            Some(_) => Err(ambiguous(surfaces, input, &name.full_name(), &found)),
        }
    }

    /// Who exports that name, or a compatible version of it.
    fn named(
        &self,
        surfaces: &Surfaces,
        import: &ComponentExternName,
    ) -> BTreeMap<InputId, ExportId> {
        let asked = import.full_name();
        let mut found = BTreeMap::new();
        for (provider, exports) in self.named.get(&key(&asked)).into_iter().flatten() {
            let name = |id: &&ExportId| surfaces[*provider].exports[**id].name;
            let is_meant =
                |id: &&ExportId| match (import.full_implements(), name(id).full_implements()) {
                    (Some(one), Some(other)) => key(&one) == key(&other),
                    _ => true,
                };
            let rank = |id: &&ExportId| {
                let name = name(id).full_name();
                (name == asked, track(&name).map(|(_, version)| version))
            };
            // Of equals the first.
            let best = exports.iter().rev().filter(is_meant).max_by_key(rank);
            found.extend(best.map(|export| (*provider, *export)));
        }
        found
    }

    /// Who exports that interface under another name. Where an input imports it more than once, or
    /// exports it so, which is meant is not known.
    fn implemented(
        &self,
        surfaces: &Surfaces,
        input: InputId,
        import: &ComponentExternName,
    ) -> BTreeMap<InputId, ExportId> {
        let Some(asked) = interface(import).map(|name| key(&name)) else { return BTreeMap::new() };
        let is_alike =
            |import: &&Import| interface(&import.name).map(|n| key(&n)).as_ref() == Some(&asked);
        if surfaces[input].imports.values().filter(is_alike).count() > 1 {
            return BTreeMap::new();
        }
        let offers = self.implemented.get(&asked).into_iter().flatten();
        let single = offers.filter_map(|(provider, exports)| match exports[..] {
            [export] => Some((*provider, export)),
            _ => None,
        });
        single.collect()
    }
}

/// The interface of an import or export, if it says which one it is.
pub(super) fn interface(name: &ComponentExternName) -> Option<String> {
    let named = || name.name.contains(':').then(|| name.full_name());
    name.full_implements().or_else(named).map(|name| name.into_owned())
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
    let wires = exporters().map(|(provider, export)| {
        Setting::Wire(Wire {
            importer: importer.into(),
            import_name: name.into(),
            provider: provider.into(),
            export_name: export.to_string(),
        })
    });
    let open = Port { input: importer.into(), name: name.into() };
    let remedy = Remedy::from("say which: ")
        .one_of(wires)
        .text("; or let it stay an import: ")
        .setting(Setting::LeaveOpen(open));
    Error::new(Code::AmbiguousProvider, message).with_help(remedy)
}

type Wires = BTreeMap<(InputId, ImportId), Source>;
type Functions = BTreeMap<(InputId, ImportId), Pieces>;

/// The wires and the imports to leave open, with names looked up; and what wires say of functions.
fn read_wires(surfaces: &Surfaces, options: &Options) -> Result<(Wires, Functions)> {
    let mut read = BTreeMap::new();
    let mut pieces = BTreeMap::new();
    let mut functions: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for wire in &options.wires {
        let Wire { importer, import_name, provider, export_name } = wire;
        let what = format!("the wire `{importer}:{import_name}={provider}:{export_name}`");
        match functions::read(surfaces, &what, wire)? {
            (input, Read::Function { import, name, function }) => {
                let named = functions.entry((input, import)).or_default();
                let earlier = named.insert(name.clone(), function.clone());
                if earlier.is_some_and(|earlier| earlier != function) {
                    let import = surfaces[input].imports[import].name.full_name();
                    return Err(functions::twice(importer, &import, &name));
                }
            }
            (input, Read::Import { import, provider, export, of_instance }) => {
                let source = Source::Export(provider, export);
                let member = (input, import);
                let had = pieces.remove(&member);
                let same = match (had, &of_instance) {
                    (Some(Pieces::Whole(had)), Some(name)) => had == *name,
                    (had, name) => had.is_none() == name.is_none() || !read.contains_key(&member),
                };
                if read.insert(member, source).is_some_and(|earlier| earlier != source) || !same {
                    let message =
                        format!("two wires provide the import `{import_name}` of `{importer}`");
                    return Err(Error::new(Code::AmbiguousProvider, message)
                        .with_help("an import has one provider: remove one of the wires"));
                }
                pieces.extend(of_instance.map(|name| (member, Pieces::Whole(name))));
            }
        }
    }
    for ((input, import), functions) in functions {
        let rest = functions::rest(&surfaces[input], import, &functions)?;
        pieces.insert((input, import), Pieces::Some { functions, rest });
    }
    for Port { input, name } in &options.leave_open {
        let import = find_import(
            surfaces,
            &format!("the import to leave open, `{input}:{name}`,"),
            input,
            name,
        )?;
        if read.insert(import, Source::Outside).is_some_and(|earlier| earlier != Source::Outside) {
            let message =
                format!("a wire provides the import `{name}` of `{input}`, which is to stay open");
            return Err(Error::new(Code::AmbiguousProvider, message)
                .with_help("remove the wire, or do not ask for the import to stay open"));
        }
    }
    Ok((read, pieces))
}

/// The exports that the result has, too, with names looked up.
fn read_exports(surfaces: &Surfaces, ports: &[Port]) -> Result<Vec<(InputId, ExportId)>> {
    let find = |Port { input, name }: &Port| {
        find_export(surfaces, &format!("the export to have, too, `{input}:{name}`,"), input, name)
    };
    ports.iter().map(find).collect()
}

fn read_fallbacks(surfaces: &Surfaces, names: &[String]) -> Result<BTreeSet<InputId>> {
    let find = |name: &String| Ok(find_input(surfaces, "a fallback", name)?.0);
    names.iter().map(find).collect()
}

pub(super) fn find_import(
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

pub(super) fn find_export(
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

fn find_input<'a, 'b>(
    surfaces: &'b Surfaces<'a>,
    what: &str,
    name: &str,
) -> Result<(InputId, &'b Surface<'a>)> {
    surfaces.iter().find(|(_, surface)| surface.name == name).ok_or_else(|| {
        let names = surfaces.values().map(|s| s.name);
        unknown(what, &format!("no input is called `{name}`"), "the inputs are", names)
    })
}

pub(super) fn unknown(
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

/// The source of an import that has to be the type of an earlier one, if that is provided.
fn determined(surface: &Surface, import: ImportId, earlier: &[Source]) -> Option<Source> {
    let ComponentTypeRef::Type(TypeBounds::Eq(index)) = surface.imports[import].ty else {
        return None;
    };
    let (def, _) = surface.at(Space::Type, index)?;
    let (instance, _) = surface.export_of_import(def)?;
    match earlier.get(instance.index())? {
        Source::Export(..) => Some(Source::Type(def)),
        Source::Outside | Source::Type(_) | Source::Pieces => None,
    }
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
