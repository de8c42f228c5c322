//! The imports of the result, with the types they need, copied from the inputs.
//!
//! Imports of one name become one import, whoever asks for it, and so do imports of compatible
//! versions (`version`): whoever provides the result's import has one instance to hand out, and the
//! inputs can pass each other its resources. The import has the highest version that is asked for,
//! and all that any of them has. Where their types turn out not to be compatible, the versions are
//! imports of their own ([`Choices::apart`]).
//!
//! Nothing of the result is an import's dependency but other imports and types, so they all come
//! first, each after those that its type uses:
//!
//! ```text
//! app:      imports types, canvas (uses types)       imports canvas, then types (for palette)
//! palette:  imports types
//! result:   types, canvas, then the instances
//! ```
//!
//! Several inputs may together make a circle of imports that each of them alone has not (`a` lets
//! `x` use `y`, `b` lets `y` use `x`); it is refused.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::SecondaryMap;
use semver::Version;
use wasm_encoder::ComponentTypeRef;
use wasm_encoder::reencode::ReencodeComponent;
use wasm_fuser_merge::hash::HashMap;
use wasmparser::CoreType;

use super::names;
use super::needs::{Needs, needs};
use super::root::{Item, Root};
use super::union::{AddError, Union};
use crate::error::{Code, Error, Result};
use crate::link::inputs::indices::{Indices, Space};
use crate::link::inputs::surface::{
    DefId, Definition, ImportId, InputId, Member, Surface, Surfaces,
};
use crate::link::inputs::version;
use crate::link::inputs::version::{Key, key, track};
use crate::link::order::dependencies_first;
use crate::link::prose::list;
use crate::link::wiring::{Source, Wiring};

/// The imports of the result.
pub struct Imports<'a> {
    groups: HashMap<Key, Group>,
    needs: BTreeMap<InputId, Needs>,
    surfaces: &'a Surfaces<'a>,
    apart: &'a BTreeSet<Key>,
}

/// What is decided otherwise where the usual way leads to no valid component.
#[derive(Default)]
pub struct Choices {
    /// Names whose versions are imports of their own.
    pub apart: BTreeSet<Key>,
    /// Types of imports of the root that are provided, by their names: the result imports them,
    /// too, for its exports use them.
    pub borrowed: BTreeMap<ImportId, BTreeSet<String>>,
}

/// The imports that become one import of the result, those with its name first.
struct Group {
    members: Vec<Member>,
    item: Option<Item>,
}

/// An import of the result that stands for imports with other versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    /// The import of the result.
    pub name: String,
    /// The other names that inputs ask for.
    pub others: Vec<String>,
}

/// What has to be written: imports and the definitions they need, each after what it refers to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Import(usize),
    Definition(InputId, DefId),
}

/// The result's index of each copied definition.
type Copied = SecondaryMap<InputId, SecondaryMap<DefId, Option<u32>>>;

impl<'a> Imports<'a> {
    /// Finds the imports of the result, in the order in which the inputs list them.
    pub fn new(
        surfaces: &'a Surfaces<'a>,
        wiring: &Wiring,
        choices: &'a Choices,
        root: InputId,
    ) -> Result<Self> {
        let apart = &choices.apart;
        let mut imports =
            Imports { groups: HashMap::new(), needs: BTreeMap::new(), surfaces, apart };
        let none = BTreeMap::new();
        let mut inputs = wiring.order.clone();
        inputs.sort_by_cached_key(|input| input.as_u32());
        for input in inputs {
            let surface = &surfaces[input];
            let borrowed = if input == root { &choices.borrowed } else { &none };
            let is_outside = |i| wiring.source(input, i) == Source::Outside;
            let needs = needs(surface, is_outside, borrowed)?;
            for import in needs.imports.keys() {
                let group = imports.groups.entry(imports.key(input, *import));
                group.or_insert_with(Group::new).members.push((input, *import));
            }
            imports.needs.insert(input, needs);
        }
        for group in imports.groups.values_mut() {
            group.members.sort_by_cached_key(|member| Reverse(version_of(surfaces, *member)));
        }
        names::check(surfaces, imports.groups())?;
        Ok(imports)
    }

    /// What the imports have in common that become one.
    fn key(&self, input: InputId, import: ImportId) -> Key {
        let name = self.surfaces[input].imports[import].name.full_name();
        match key(&name) {
            Key::Track(track) if !self.apart.contains(&Key::Track(track.clone())) => {
                Key::Track(track)
            }
            _ => Key::Name(name.into_owned()),
        }
    }

    /// For each import of the result, those that it stands for.
    pub fn groups(&self) -> impl Iterator<Item = &[Member]> {
        self.groups.values().map(|group| &group.members[..])
    }

    /// What is to be kept apart, if that import is one with another version.
    pub fn versions(&self, input: InputId, import: ImportId) -> Option<Key> {
        let key = self.key(input, import);
        let names = self.names(self.groups.get(&key)?);
        (names.len() > 1).then_some(key)
    }

    /// The imports that stand for several versions.
    pub fn merged(&self) -> Vec<Merged> {
        let names = self.groups.values().map(|group| self.names(group));
        names
            .filter(|names| names.len() > 1)
            .map(|mut names| Merged { name: names.remove(0), others: names })
            .collect()
    }

    /// The imports whose versions are compatible, and not their types.
    pub fn apart(&self) -> Vec<Vec<String>> {
        let names = |key: &Key| {
            let groups = self
                .groups
                .iter()
                .filter(|(own, _)| matches!(own, Key::Name(name) if version::key(name) == *key));
            groups.flat_map(|(_, group)| self.names(group)).collect()
        };
        self.apart.iter().map(names).collect()
    }

    /// The names in a group, each once, the highest version first.
    fn names(&self, group: &Group) -> Vec<String> {
        let members = group.members.iter();
        let names = members.map(|(i, import)| self.surfaces[*i].imports[*import].name.full_name());
        let mut names: Vec<String> = names.map(|name| name.into_owned()).collect();
        names.dedup();
        names
    }

    /// Writes them.
    pub fn write(&mut self, root: &mut Root) -> Result<()> {
        let roots = (0..self.groups.len()).map(Node::Import);
        let order = dependencies_first(roots, |node| self.dependencies(node))
            .map_err(|circle| self.cyclic(&circle))?;
        let mut copied = Copied::new();
        for node in order {
            match node {
                Node::Definition(input, def) => {
                    copied[input][def] = Some(self.define(root, &copied, input, def)?);
                }
                Node::Import(group) => {
                    let item = self.import(root, &copied, group)?;
                    self.groups[group].item = Some(item);
                }
            }
        }
        Ok(())
    }

    /// The result's import behind an import of an input, once written.
    pub fn item(&self, input: InputId, import: ImportId) -> Option<Item> {
        self.groups.get(&self.key(input, import))?.item
    }

    /// The result's imports that an input has a part in, once written.
    pub fn items(&self, input: InputId) -> impl Iterator<Item = Item> {
        let imports = self.needs.get(&input).into_iter().flat_map(|needs| needs.imports.keys());
        imports.filter_map(move |import| self.item(input, *import))
    }

    /// The inputs with imports that are one with that import, and the names by which they ask.
    pub fn importers(
        &self,
        input: InputId,
        import: ImportId,
    ) -> impl Iterator<Item = (InputId, String)> {
        let members = self.groups.get(&self.key(input, import)).into_iter();
        members.flat_map(|group| &group.members).map(|&(input, import)| {
            (input, self.surfaces[input].imports[import].name.full_name().into_owned())
        })
    }

    /// The imports of an input that are provided, and are imports of the result all the same, for
    /// their types.
    pub fn types_alone(&self, input: InputId) -> impl Iterator<Item = ImportId> {
        let imports = self.needs.get(&input).into_iter().flat_map(|n| &n.imports);
        imports.filter(|(_, needed)| needed.types_alone).map(|(import, _)| *import)
    }

    fn dependencies(&self, node: Node) -> Vec<Node> {
        match node {
            Node::Import(group) => {
                let members = self.groups[group].members.iter();
                let references = members.flat_map(|(input, import)| {
                    let needed = self.needs.get(input).and_then(|n| n.imports.get(import));
                    let references = needed.into_iter().flat_map(|n| &n.references);
                    references.map(|def| Node::Definition(*input, *def))
                });
                references.collect()
            }
            Node::Definition(input, def) => {
                let surface = &self.surfaces[input];
                if let Definition::Import(import) = surface.definitions[def] {
                    let group = self.groups.get_index_of(&self.key(input, import));
                    return group.map(Node::Import).into_iter().collect();
                }
                let Some(needs) = self.needs.get(&input) else { return Vec::new() };
                needs.references[def].iter().map(|def| Node::Definition(input, *def)).collect()
            }
        }
    }

    /// Writes a definition that types need, and returns its index.
    fn define(&self, root: &mut Root, copied: &Copied, input: InputId, def: DefId) -> Result<u32> {
        let surface = &self.surfaces[input];
        let copied = &copied[input];
        match &surface.definitions[def] {
            Definition::Type(ty) => root.ty(|encoder| {
                let mut map = |space, scope, index| renumber(surface, copied, space, scope, index);
                Indices::new(&mut map).run(|r| r.parse_component_type(encoder, ty.clone()))
            }),
            Definition::CoreType(ty) => define_core_type(root, surface, copied, def, ty),
            Definition::Alias { instance, kind, name } => {
                let instance = copied[*instance].ok_or_else(|| missing(surface))?;
                Ok(root.alias(instance, *kind, name))
            }
            Definition::Import(import) => {
                self.item(input, *import).map(|(_, index)| index).ok_or_else(|| missing(surface))
            }
            Definition::Local => Err(missing(surface)),
        }
    }

    /// Writes an import of the result.
    fn import(&self, root: &mut Root, copied: &Copied, group: usize) -> Result<Item> {
        let members = &self.groups[group].members;
        let Some(&(input, import)) = members.first() else {
            return Err(Error::internal("an import of the result that no input asks for"));
        };
        let ty = match self.union(copied, members)? {
            Some(union) => {
                let ty = union.finish();
                ComponentTypeRef::Instance(root.ty(|encoder| {
                    encoder.instance(&ty);
                    Ok(())
                })?)
            }
            None => self.copied_type(root, copied, members)?,
        };
        let name = self.surfaces[input].imports[import].name;
        Ok((ty.kind(), root.builder.import(name, ty)))
    }

    /// One instance type for all, if they all have theirs written out.
    fn union(&self, copied: &Copied, members: &[(InputId, ImportId)]) -> Result<Option<Union<'a>>> {
        let mut union = Union::default();
        for &(input, import) in members {
            let surface = &self.surfaces[input];
            let kept = self.needs.get(&input).and_then(|n| n.imports.get(&import)?.kept.as_ref());
            let (Some(declarations), Some(kept)) = (surface.declarations(import), kept) else {
                return Ok(None);
            };
            let outer = |space, index| renumber(surface, &copied[input], space, 0, index);
            union.add(declarations, kept, outer).map_err(|error| match error {
                AddError::Other(error) => error.in_input(surface.name),
                AddError::Kinds { export, first, second } => {
                    let earlier = members.first().map_or("", |(i, _)| self.surfaces[*i].name);
                    let name = surface.imports[import].name.full_name();
                    Error::new(Code::TypeMismatch, format!(
                        "`{earlier}` and `{}` both import `{name}`, with `{export}` a {} in one \
                         and a {} in the other",
                        surface.name, first.desc(), second.desc(),
                    ))
                    .in_input(surface.name)
                    .with_help("build both inputs against the same WIT")
                }
                AddError::Names { first, second } => {
                    let earlier = members.first().map_or("", |(i, _)| self.surfaces[*i].name);
                    let name = surface.imports[import].name.full_name();
                    Error::new(Code::NameConflict, format!(
                        "`{earlier}` and `{}` both import `{name}`, which no input provides, with \
                         {first} in one and {second} in the other: as exports of one instance, the \
                         two are the same",
                        surface.name,
                    ))
                    .in_input(surface.name)
                    .with_help("build both inputs against the same WIT")
                }
            })?;
        }
        Ok(Some(union))
    }

    /// The type of the first import that needs all of it: the validator says whether it suits the
    /// others.
    fn copied_type(
        &self,
        root: &mut Root,
        copied: &Copied,
        members: &[(InputId, ImportId)],
    ) -> Result<ComponentTypeRef> {
        let whole = members.iter().find(|(input, import)| {
            let needed = self.needs.get(input).and_then(|n| n.imports.get(import));
            needed.is_some_and(|n| !n.types_alone)
        });
        let Some(&(input, import)) = whole.or(members.first()) else {
            return Err(Error::internal("an import of the result that no input asks for"));
        };
        let surface = &self.surfaces[input];
        let needed = self.needs.get(&input).and_then(|n| n.imports.get(&import));
        if let Some(alone) = needed.and_then(|needed| needed.alone.as_ref()) {
            let index = alone.write(surface, root)?;
            return Ok(ComponentTypeRef::Type(wasm_encoder::TypeBounds::Eq(index)));
        }
        let ty = surface.imports[import].ty;
        let mut map = |space, scope, index| renumber(surface, &copied[input], space, scope, index);
        Indices::new(&mut map)
            .run(|r| r.component_type_ref(ty))
            .map_err(|e| e.in_input(surface.name))
    }

    fn cyclic(&self, circle: &[Node]) -> Error {
        let groups = circle.iter().filter_map(|node| match node {
            Node::Import(group) => self.groups.get_index(*group),
            Node::Definition(..) => None,
        });
        let uses: Vec<String> = groups
            .map(|(_, group)| {
                let importers =
                    group.members.iter().map(|(i, _)| format!("`{}`", self.surfaces[*i].name));
                let names = self.names(group).into_iter().map(|name| format!("`{name}`"));
                format!("{} (imported by {})", list(names), list(importers))
            })
            .collect();
        let message = format!(
            "the imports of the result would use one another's types in a circle: {}",
            list(uses.into_iter())
        );
        Error::new(Code::CyclicWiring, message)
            .with_help("build the inputs against one version of the WIT")
    }
}

impl Group {
    fn new() -> Self {
        Group { members: Vec::new(), item: None }
    }
}

fn version_of(surfaces: &Surfaces, (input, import): (InputId, ImportId)) -> Option<Version> {
    track(&surfaces[input].imports[import].name.full_name()).map(|(_, version)| version)
}

/// Writes a core type; a group of them may refer to itself.
fn define_core_type(
    root: &mut Root,
    surface: &Surface,
    copied: &SecondaryMap<DefId, Option<u32>>,
    def: DefId,
    ty: &CoreType,
) -> Result<u32> {
    let first = root.core_types;
    let mut map = |space, scope, index| match surface.at(space, index) {
        Some((own, position)) if scope == 0 && own == def => first.checked_add(position),
        _ => renumber(surface, copied, space, scope, index),
    };
    let (_, encoder) = root.builder.core_type(None);
    Indices::new(&mut map).run(|r| r.parse_component_core_type(encoder, ty.clone()))?;
    let count = match ty {
        CoreType::Rec(group) => group.types().len(),
        CoreType::Module(_) => 1,
    };
    root.core_types = first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    Ok(first)
}

/// An index of an input as an index of the result.
fn renumber(
    surface: &Surface,
    copied: &SecondaryMap<DefId, Option<u32>>,
    space: Space,
    scope: u32,
    index: u32,
) -> Option<u32> {
    if scope > 0 {
        return Some(index);
    }
    let (def, position) = surface.at(space, index)?;
    copied[def]?.checked_add(position)
}

fn missing(surface: &Surface) -> Error {
    Error::internal("a definition is copied before what it refers to").in_input(surface.name)
}
