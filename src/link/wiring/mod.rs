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

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::{EntityRef, SecondaryMap};
use wasmparser::{ComponentTypeRef, TypeBounds};

use self::functions::{Pieces, Read, functions, is_made_of};
use self::offers::{Offers, Values};
use crate::error::{Code, Error, Result};
use crate::link::inputs::indices::Space;
use crate::link::inputs::lookup::{find_export, find_import, find_input};
use crate::link::inputs::surface::{DefId, ExportId, ImportId, InputId, Surface, Surfaces};
use crate::link::order::dependencies_first;
use crate::link::prose::list;
use crate::options::{Options, Port, Wire};

pub mod functions;
mod offers;

/// Where an import's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
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
pub struct Wiring {
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
                        None => {
                            let found = offers.find(surfaces, &mut values, input, import)?;
                            found.map_or(Source::Outside, |(from, export)| {
                                Source::Export(from, export)
                            })
                        }
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

/// The edges of a circle.
fn edges(circle: &[InputId]) -> impl Iterator<Item = (InputId, InputId)> {
    circle.iter().copied().zip(circle.iter().copied().cycle().skip(1))
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
    let mut found = BTreeSet::new();
    for name in names {
        found.insert(find_input(surfaces, "a fallback", name)?.0);
    }
    Ok(found)
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
