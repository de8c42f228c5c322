//! Merges the name sections.
//!
//! ```text
//! instance `app/main`:  run                              app::run
//!                       _ZN4core3fmt5write17h..E         _ZN4core3fmt5write17h..E.app
//! ```
//!
//! Names are qualified with the label of their instance, cut to what tells it from the others:
//! `app/main` is `app` where no other instance in `app` has names. Engines and profilers recognise
//! a mangled name by how it begins, and demanglers pass over what follows a period; so a mangled
//! name keeps its beginning and gets the label as a suffix.
//!
//! Names of instances that share their functions are qualified with what these have in common: whose they are
//! is said by who calls them, and by what they call.
//!
//! Limits: names of locals, labels, types and fields are dropped, which keeps the section small.
//! Functions, tables, memories, globals, tags and segments keep their names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasm_encoder::{NameMap, NameSection};
use wasmparser::Name;

use super::encoder::Input;
use crate::decide::Growth;
use crate::hash::HashMap;
use crate::program::{Definition, Entity, Site};
use crate::read::Use;
use crate::{InstanceId, Result, order};

/// The merged name section.
pub fn section(input: &Input<'_, '_>) -> Result<NameSection> {
    let mut names = Collected::default();
    let Input { decisions, block, layout, .. } = input;
    for id in &decisions.partition.blocks[*block].instances {
        names.instance(input, *id, decisions.link.instances[*id].qualifier());
    }
    if let Some(one) = decisions.parts.first() {
        // No instance's name is that of the table of all.
        let one = layout.kept(Entity::Table(one));
        names.tables.retain(|named| Some(named.index) != one);
    }
    let regions = decisions.regions;
    if !regions.is_empty() {
        // No instance's name is that of the memory of all.
        names.memories.clear();
    }
    for (memory, _) in regions.iter() {
        if let (Some(place), Definition::Defined(site)) =
            (layout.place(memory), decisions.program.memories[memory])
        {
            let label = decisions.link.instances[site.instance].qualifier();
            let name = format!("size of {memory}").into();
            names.globals.push(Named { index: place.size, label, name });
            if let (Growth::Moving, Some(moving)) = (place.region.growth, place.moving) {
                let name = format!("base of {memory}").into();
                names.globals.push(Named { index: moving.base, label, name });
            }
        }
    }
    for (id, helper) in decisions.helpers.all.iter().filter(|(_, it)| it.block == *block) {
        let name = (&helper.name).into();
        names.functions.push(Named { index: layout.helper(id)?, label: "", name });
    }
    let Collected { functions, tables, memories, globals, elements, data, tags } = names;
    let all = [&functions, &tables, &memories, &globals, &elements, &data, &tags];
    let mut labels: Vec<&str> = all.into_iter().flatten().map(|named| named.label).collect();
    labels.dedup();
    let labels = shortened(order::set(labels));
    let mut section = NameSection::new();
    section.module(&input.blocks[*block]);
    put(functions, &labels, &mut |map| section.functions(map));
    put(tables, &labels, &mut |map| section.tables(map));
    put(memories, &labels, &mut |map| section.memories(map));
    put(globals, &labels, &mut |map| section.globals(map));
    put(elements, &labels, &mut |map| section.elements(map));
    put(data, &labels, &mut |map| section.data(map));
    put(tags, &labels, &mut |map| section.tags(map));
    Ok(section)
}

/// A name in the merged section, not qualified yet.
struct Named<'a> {
    index: u32,
    /// What to qualify it with; empty for nothing.
    label: &'a str,
    name: Cow<'a, str>,
}

#[derive(Default)]
struct Collected<'a> {
    functions: Vec<Named<'a>>,
    tables: Vec<Named<'a>>,
    memories: Vec<Named<'a>>,
    globals: Vec<Named<'a>>,
    elements: Vec<Named<'a>>,
    data: Vec<Named<'a>>,
    tags: Vec<Named<'a>>,
}

impl<'a> Collected<'a> {
    /// Takes what can be read: a name section is not validated, and one that is malformed from some
    /// point on names what comes before.
    fn instance(&mut self, input: &Input<'_, 'a>, id: InstanceId, label: &'a str) {
        let Some(reader) = input.decisions.program.module(id).names.clone() else { return };
        for name in reader {
            let Ok(name) = name else { return };
            let (map, to, used): (_, _, fn(u32) -> Use) = match name {
                Name::Function(map) => (map, &mut self.functions, Use::Call),
                Name::Table(map) => (map, &mut self.tables, Use::Table),
                Name::Memory(map) => (map, &mut self.memories, Use::Memory),
                Name::Global(map) => (map, &mut self.globals, Use::Global),
                Name::Element(map) => (map, &mut self.elements, Use::Element),
                Name::Data(map) => (map, &mut self.data, Use::Data),
                Name::Tag(map) => (map, &mut self.tags, Use::Tag),
                _ => continue,
            };
            for naming in map {
                let Ok(naming) = naming else { break };
                if let Some(index) = own(input, id, used(naming.index)) {
                    to.push(Named { index, label, name: naming.name.into() });
                }
            }
        }
    }
}

/// The merged index of a definition of an instance. What an instance calls its imports does not
/// count.
fn own(input: &Input<'_, '_>, id: InstanceId, used: Use) -> Option<u32> {
    let Input { decisions, layout, .. } = input;
    let program = decisions.program;
    let spaces = &program.instances[id];
    let entity = spaces.used(used).ok()?;
    let (definition, position) = match (used, entity) {
        (Use::Call(i), Entity::Func(id)) => (program.funcs[id], spaces.funcs.position(i)),
        (Use::Table(i), Entity::Table(id)) => (program.tables[id], spaces.tables.position(i)),
        (Use::Memory(i), Entity::Memory(id)) => (program.memories[id], spaces.memories.position(i)),
        (Use::Global(i), Entity::Global(id)) => (program.globals[id], spaces.globals.position(i)),
        (Use::Tag(i), Entity::Tag(id)) => (program.tags[id], spaces.tags.position(i)),
        (Use::Element(_), Entity::Element(_)) | (Use::Data(_), Entity::Data(_)) => {
            return layout.kept(entity);
        }
        _ => return None,
    };
    let own = Definition::Defined(Site { instance: id, position: position? });
    if definition == own { layout.kept(entity) } else { None }
}

/// Labels, each cut to what tells it from the others. A label is a path: its last part goes where
/// no other path begins with the rest, and then the first ones where no other ends in what is left.
fn shortened(labels: BTreeSet<&str>) -> HashMap<&str, &str> {
    let labels: Vec<&str> = labels.into_iter().collect();
    let stems: Vec<&str> = (0..labels.len()).map(|at| stem(&labels, at)).collect();
    let mut ends: HashMap<&str, u32> = HashMap::new();
    for stem in &stems {
        *ends.entry(last(stem)).or_default() += 1;
    }
    let short = |(label, stem)| match ends.get(last(stem)) {
        Some(1) if stem != label => (label, last(stem)),
        _ => (label, stem),
    };
    labels.into_iter().zip(stems).map(short).collect()
}

/// One of sorted labels, without its last part if that tells it from no other.
fn stem<'l>(labels: &[&'l str], at: usize) -> &'l str {
    let label = labels[at];
    let Some((parent, _)) = label.rsplit_once('/') else { return label };
    // Labels with one beginning are side by side.
    let mut others = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let is_alone = !others.any(|other| labels.get(other).is_some_and(|it| is_in(it, parent)));
    if is_alone && labels.binary_search(&parent).is_err() { parent } else { label }
}

fn is_in(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

/// Writes a name with its label in place of what was there.
fn qualify(label: &str, name: &str, qualified: &mut String) {
    qualified.clear();
    let parts = match label {
        "" => [name, "", ""],
        _ if name.starts_with("_ZN") || name.starts_with("_R") => [name, ".", label],
        _ => [label, "::", name],
    };
    parts.into_iter().for_each(|part| qualified.push_str(part));
}

fn put(mut names: Vec<Named<'_>>, labels: &HashMap<&str, &str>, write: &mut dyn FnMut(&NameMap)) {
    if names.is_empty() {
        return;
    }
    names.sort_by_cached_key(|named| named.index);
    names.dedup_by_key(|named| named.index);
    let mut map = NameMap::new();
    let mut qualified = String::new();
    // Names of an instance follow one another.
    let mut last = ("", labels.get("").copied().unwrap_or_default());
    for Named { index, label, name } in names {
        if last.0 != label {
            last = (label, labels.get(label).copied().unwrap_or(label));
        }
        qualify(last.1, &name, &mut qualified);
        map.append(index, &qualified);
    }
    write(&map);
}
