//! Types of values that the root's exports use, and that are another input's.
//!
//! ```text
//! app     imports  demo:shape/types { record point { .. }; .. }, exports middle: func() -> point
//! shapes  exports  demo:shape/types
//! result  imports  demo:shape/types { record point { .. } }, exports middle: func() -> point
//! ```
//!
//! What is exported has to have its types named at the boundary, and nobody outside has heard of
//! `shapes`. Its `point` is equal to any other record with those fields, though, so the result
//! imports the type by the name that `app` has for it. An import of types alone asks nothing of
//! whoever instantiates the result, and it is what the WIT of the result would say:
//! `use demo:shape/types.{point}`.
//!
//! Where the root has such a type as an import of its own (`use` in a world makes one), that import
//! stays open instead.
//!
//! Rejected: to export the interface of types beside. It would be an export that the root has not,
//! and an instance with functions that nobody asked for.
//!
//! A resource is not borrowed: the one that `shapes` defines is not equal to any that the result
//! could import. What has one in it stays as it is, and the validator refuses it unless the root
//! exports the resource, too.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::ComponentExportKind;
use wasmparser::InstanceTypeDeclaration;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedTypeId, ComponentEntityType, ComponentInstanceTypeId,
    ResourceId,
};
use wasmparser::types::TypesRef;

use super::attempt::{Attempt, Before};
use super::imports::{Choices, Imports};
use crate::error::Result;
use crate::link::inputs::surface::{ExportId, ImportId, InputId};
use crate::link::inputs::types::{get, parts, parts_of_function, resources, takes_a_name};
use crate::link::wiring::Source;

/// The types to borrow.
#[derive(Default)]
pub struct Borrowed {
    /// Types of instances that the root imports, by their names.
    pub types: BTreeMap<ImportId, BTreeSet<String>>,
    /// Types that the root imports by themselves.
    pub named: Vec<ImportId>,
}

impl Borrowed {
    /// Whether there is anything to borrow that has not been borrowed yet.
    pub fn is_more_than(&self, choices: &Choices) -> bool {
        let has = |(import, names): (&ImportId, &BTreeSet<String>)| {
            choices.borrowed.get(import).is_some_and(|had| had.is_superset(names))
        };
        !self.named.is_empty() || !self.types.iter().all(has)
    }
}

/// What the root calls a type of another input.
#[derive(Clone)]
enum Name {
    /// The type that this import of an instance exports.
    Of(ImportId, String),
    /// This import.
    Import(ImportId),
}

/// The types that exports use and that can be imported: all of those of an export that the validator
/// would refuse, and none of others.
pub fn borrowed(at: &Attempt, before: &Before, imports: &Imports) -> Result<Borrowed> {
    let types = before.types.as_ref();
    let names = names(at, before)?;
    let outside = resources_outside(at, types, imports);
    let mut borrowed = Borrowed { types: at.choices.borrowed.clone(), named: Vec::new() };
    let Some(root) = before.instances.get(&at.root) else { return Ok(borrowed) };
    let mut named = Named { types, ids: imported(at, types, imports)? };
    let mut seen = BTreeSet::new();
    for item in get(types, types.component_instance_at(*root))?.exports.values() {
        if named.add(item.ty)? {
            continue;
        }
        let mut open = types_of(types, item.ty)?;
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let can_be = resources(types, id)?.iter().all(|r| outside.contains(&r.resource()));
            match names.get(&id) {
                Some(name) if can_be => match name {
                    Name::Of(import, name) => {
                        borrowed.types.entry(*import).or_default().insert(name.clone());
                    }
                    Name::Import(import) => borrowed.named.push(*import),
                },
                _ => open.extend(parts(types, id)?.types),
            }
        }
    }
    borrowed.named.sort_by_cached_key(|import| import.as_u32());
    if !borrowed.named.is_empty() {
        // They may be enough.
        borrowed.types.clone_from(&at.choices.borrowed);
    }
    Ok(borrowed)
}

/// The types of values that the result's imports name.
pub fn imported(
    at: &Attempt,
    types: TypesRef<'_>,
    imports: &Imports,
) -> Result<BTreeSet<ComponentDefinedTypeId>> {
    let mut named = Named { types, ids: BTreeSet::new() };
    for (kind, index) in at.wiring.order.iter().flat_map(|input| imports.items(*input)) {
        match kind {
            ComponentExportKind::Type => {
                named.ids.extend(defined(types.component_any_type_at(index)));
            }
            ComponentExportKind::Instance => {
                named.add(ComponentEntityType::Instance(types.component_instance_at(index)))?;
            }
            _ => {}
        }
    }
    Ok(named.ids)
}

/// The types of values that have a name at the boundary, as the validator keeps account of them.
struct Named<'t> {
    types: TypesRef<'t>,
    ids: BTreeSet<ComponentDefinedTypeId>,
}

impl Named<'_> {
    /// Adds what an item names, and says whether all that it uses had a name.
    fn add(&mut self, item: ComponentEntityType) -> Result<bool> {
        Ok(match item {
            ComponentEntityType::Func(id) => {
                self.are_named(parts_of_function(self.types, id)?.types)?
            }
            ComponentEntityType::Instance(id) => {
                let mut all = true;
                for item in get(self.types, id)?.exports.values() {
                    all &= self.add(item.ty)?;
                }
                all
            }
            ComponentEntityType::Type { created, referenced } => {
                let all = match defined(referenced) {
                    Some(id) => self.are_named(parts(self.types, id)?.types)?,
                    None => true,
                };
                self.ids.extend(defined(created));
                all
            }
            _ => true,
        })
    }

    /// Whether types that have to have a name have one.
    fn are_named(&self, mut open: Vec<ComponentDefinedTypeId>) -> Result<bool> {
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if self.ids.contains(&id) || !seen.insert(id) {
                continue;
            }
            if takes_a_name(self.types, id)? {
                return Ok(false);
            }
            open.extend(parts(self.types, id)?.types);
        }
        Ok(true)
    }
}

/// For each type that was borrowed, the type that the result imports in its stead, and the instance
/// of the result and the name by which that is to be had.
pub struct Lent<'a> {
    pub provided: ComponentDefinedTypeId,
    pub imported: ComponentDefinedTypeId,
    pub instance: u32,
    pub name: &'a str,
}

/// What was borrowed.
pub fn lent<'t>(at: &'t Attempt, before: &Before, imports: &Imports) -> Result<Vec<Lent<'t>>> {
    let types = before.types.as_ref();
    let mut lent = Vec::new();
    for (import, names) in &at.choices.borrowed {
        let Source::Export(provider, export) = at.wiring.source(at.root, *import) else { continue };
        let Some((ComponentExportKind::Instance, instance)) = imports.item(at.root, *import) else {
            continue;
        };
        let Some(from) = provided(at, before, provider, export)? else { continue };
        for name in names {
            let provided = type_of(types, from, name)?;
            let imported = type_of(types, types.component_instance_at(instance), name)?;
            if let (Some(provided), Some(imported)) = (provided, imported) {
                lent.push(Lent { provided, imported, instance, name });
            }
        }
    }
    Ok(lent)
}

/// The types of values that the root's imports get from other inputs.
fn names(at: &Attempt, before: &Before) -> Result<BTreeMap<ComponentDefinedTypeId, Name>> {
    let types = before.types.as_ref();
    let surface = &at.surfaces[at.root];
    let mut names = BTreeMap::new();
    for import in surface.imports.keys() {
        let Source::Export(provider, export) = at.wiring.source(at.root, import) else { continue };
        let Some(instance) = provided(at, before, provider, export)? else { continue };
        for declaration in surface.declarations(import).unwrap_or_default() {
            let InstanceTypeDeclaration::Export { name, .. } = declaration else { continue };
            if let Some(id) = type_of(types, instance, name.name)? {
                names.entry(id).or_insert_with(|| Name::Of(import, name.name.into()));
            }
        }
    }
    // A name of its own goes before one in an interface.
    for import in surface.imports.keys() {
        let Source::Type(def) = at.wiring.source(at.root, import) else { continue };
        let Some((of, name)) = surface.export_of_import(def) else { continue };
        let Source::Export(provider, export) = at.wiring.source(at.root, of) else { continue };
        let Some(instance) = provided(at, before, provider, export)? else { continue };
        if let Some(id) = type_of(types, instance, name)? {
            names.insert(id, Name::Import(import));
        }
    }
    Ok(names)
}

/// A resource of another input in an export of the root, which the result would not export.
pub struct Stranger {
    pub export: String,
    pub resource: String,
    /// The root's import that it comes from.
    pub import: ImportId,
    pub provider: InputId,
    /// The provider's export that has it.
    pub provided: ExportId,
}

/// The first such resource.
pub fn stranger(at: &Attempt, before: &Before, imports: &Imports) -> Result<Option<Stranger>> {
    let types = before.types.as_ref();
    let outside = resources_outside(at, types, imports);
    let Some(root) = before.instances.get(&at.root) else { return Ok(None) };
    let exports = &get(types, types.component_instance_at(*root))?.exports;
    let mut exported = BTreeSet::new();
    for item in exports.values() {
        match item.ty {
            ComponentEntityType::Instance(id) => {
                let items = get(types, id)?.exports.values();
                exported.extend(items.filter_map(|item| resource(item.ty)));
            }
            ty => exported.extend(resource(ty)),
        }
    }
    for (name, item) in exports {
        for id in types_of(types, item.ty)? {
            let mut strange = resources(types, id)?.into_iter().map(|r| r.resource());
            let strange = strange.find(|r| !outside.contains(r) && !exported.contains(r));
            if let Some(strange) = strange {
                return home(at, before, name, strange);
            }
        }
    }
    Ok(None)
}

/// Where a resource comes from that an export mentions.
fn home(
    at: &Attempt,
    before: &Before,
    export: &str,
    strange: ResourceId,
) -> Result<Option<Stranger>> {
    for import in at.surfaces[at.root].imports.keys() {
        let Source::Export(provider, export_id) = at.wiring.source(at.root, import) else {
            continue;
        };
        let Some(instance) = provided(at, before, provider, export_id)? else { continue };
        let items = &get(before.types.as_ref(), instance)?.exports;
        if let Some((name, _)) = items.iter().find(|(_, item)| resource(item.ty) == Some(strange)) {
            let (export, resource) = (export.into(), name.clone());
            let provided = export_id;
            return Ok(Some(Stranger { export, resource, import, provider, provided }));
        }
    }
    Ok(None)
}

fn resource(ty: ComponentEntityType) -> Option<ResourceId> {
    match ty {
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
            Some(id.resource())
        }
        _ => None,
    }
}

/// The type of an instance that an input exports.
fn provided(
    at: &Attempt,
    before: &Before,
    provider: InputId,
    export: ExportId,
) -> Result<Option<ComponentInstanceTypeId>> {
    let types = before.types.as_ref();
    let Some(instance) = before.instances.get(&provider) else { return Ok(None) };
    let exports = &get(types, types.component_instance_at(*instance))?.exports;
    let name = at.surfaces[provider].exports[export].name.name;
    Ok(match exports.get(name).map(|item| item.ty) {
        Some(ComponentEntityType::Instance(id)) => Some(id),
        _ => None,
    })
}

/// The type of values that an instance exports by that name.
fn type_of(
    types: TypesRef<'_>,
    instance: ComponentInstanceTypeId,
    name: &str,
) -> Result<Option<ComponentDefinedTypeId>> {
    Ok(match get(types, instance)?.exports.get(name).map(|item| item.ty) {
        Some(ComponentEntityType::Type { created: ComponentAnyTypeId::Defined(id), .. }) => {
            Some(id)
        }
        _ => None,
    })
}

/// The resources that the result imports.
fn resources_outside(at: &Attempt, types: TypesRef<'_>, imports: &Imports) -> BTreeSet<ResourceId> {
    let mut found = BTreeSet::new();
    let mut note = |id| {
        if let ComponentAnyTypeId::Resource(resource) = id {
            found.insert(resource.resource());
        }
    };
    for (kind, index) in at.wiring.order.iter().flat_map(|input| imports.items(*input)) {
        match kind {
            ComponentExportKind::Type => note(types.component_any_type_at(index)),
            ComponentExportKind::Instance => {
                let instance = types.get(types.component_instance_at(index));
                for item in instance.into_iter().flat_map(|instance| instance.exports.values()) {
                    if let ComponentEntityType::Type { created, .. } = item.ty {
                        note(created);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The types of values that an instance's exports are made of, one level down.
pub fn types_of_exports(
    types: TypesRef<'_>,
    instance: ComponentInstanceTypeId,
) -> Result<Vec<ComponentDefinedTypeId>> {
    types_of(types, ComponentEntityType::Instance(instance))
}

/// The types of values that an item is made of, one level down.
fn types_of(types: TypesRef<'_>, item: ComponentEntityType) -> Result<Vec<ComponentDefinedTypeId>> {
    let mut found = Vec::new();
    let mut open = vec![item];
    while let Some(item) = open.pop() {
        match item {
            ComponentEntityType::Func(id) => found.extend(parts_of_function(types, id)?.types),
            ComponentEntityType::Instance(id) => {
                open.extend(get(types, id)?.exports.values().map(|item| item.ty));
            }
            ComponentEntityType::Type { created, referenced } => {
                found.extend([referenced, created].into_iter().filter_map(defined));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn defined(id: ComponentAnyTypeId) -> Option<ComponentDefinedTypeId> {
    match id {
        ComponentAnyTypeId::Defined(id) => Some(id),
        _ => None,
    }
}
