//! Merges the name sections.
//!
//! ```text
//! instance `app/main`:  run                              app/main::run
//!                       _ZN4core3fmt5write17h..E         _ZN4core3fmt5write17h..E.app/main
//! ```
//!
//! Names are qualified with the label of their instance. Engines and profilers recognise a mangled
//! name by how it begins, and demanglers pass over what follows a period; so a mangled name keeps
//! its beginning and gets the label as a suffix.
//!
//! Limits: names of locals, labels, types and fields are dropped, which keeps the section small.
//! Functions, tables, memories, globals, tags and segments keep their names.

use wasm_encoder::NameMap;
use wasm_encoder::NameSection;
use wasmparser::Name;

use super::InstanceId;
use super::encode::Input;
use super::generate::Generated;
use super::module::Use;
use super::resolve::Definition;
use super::resolve::Entity;
use super::resolve::Site;
use crate::error::Result;

/// The merged name section.
pub fn section(input: &Input<'_, '_>) -> Result<NameSection> {
    let mut names = Collected::default();
    let Input { context, contents, block, layout, .. } = input;
    for id in &context.partition.blocks[*block].instances {
        names.instance(input, *id, &context.link.instances[*id].label);
    }
    let regions = context.regions;
    if !regions.is_empty() {
        // No instance's name is that of the memory of all.
        names.memories.clear();
    }
    for (memory, _) in regions.iter() {
        if let (Some(place), Definition::Defined(site)) =
            (layout.place(memory), context.program.memories[memory])
        {
            let label = &context.link.instances[site.instance].label;
            names.globals.push((place.size, qualified(label, &format!("size of {memory}"))));
        }
    }
    for id in contents.present.funcs.iter() {
        if let Definition::Generated(generated) = context.program.funcs[id]
            && let Generated { block: at, name, .. } = &context.program.generated[generated]
            && at == block
        {
            names.functions.push((layout.func(id)?, name.clone()));
        }
    }
    let mut section = NameSection::new();
    section.module(&input.blocks[*block]);
    put(names.functions, |map| section.functions(map));
    put(names.tables, |map| section.tables(map));
    put(names.memories, |map| section.memories(map));
    put(names.globals, |map| section.globals(map));
    put(names.elements, |map| section.elements(map));
    put(names.data, |map| section.data(map));
    put(names.tags, |map| section.tags(map));
    Ok(section)
}

type Named = Vec<(u32, String)>;

#[derive(Default)]
struct Collected {
    functions: Named,
    tables: Named,
    memories: Named,
    globals: Named,
    elements: Named,
    data: Named,
    tags: Named,
}

impl Collected {
    /// Takes what can be read: a name section is not validated, and one that is malformed from some
    /// point on names what comes before.
    fn instance(&mut self, input: &Input<'_, '_>, id: InstanceId, label: &str) {
        let Some(reader) = input.context.program.module(id).names.clone() else { return };
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
                    to.push((index, qualified(label, naming.name)));
                }
            }
        }
    }
}

/// The merged index of a definition of an instance. What an instance calls its imports does not
/// count.
fn own(input: &Input<'_, '_>, id: InstanceId, used: Use) -> Option<u32> {
    let Input { context, layout, .. } = input;
    let program = context.program;
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

fn qualified(label: &str, name: &str) -> String {
    if label.is_empty() {
        name.to_owned()
    } else if name.starts_with("_ZN") || name.starts_with("_R") {
        format!("{name}.{label}")
    } else {
        format!("{label}::{name}")
    }
}

fn put(mut names: Named, write: impl FnOnce(&NameMap)) {
    if names.is_empty() {
        return;
    }
    names.sort_by_key(|(index, _)| *index);
    names.dedup_by_key(|(index, _)| *index);
    let mut map = NameMap::new();
    for (index, name) in &names {
        map.append(*index, name);
    }
    write(&map);
}
