//! Which of an input's definitions the result needs, for the types of its own imports.
//!
//! The result imports what nobody provides. The types of those imports may use types of other
//! imports, and those are then needed too, for their types alone:
//!
//! ```text
//! app imports  demo:shape/types { type point; draw: func(..) }     provided by another input
//!              demo:shape/canvas { use types.{point}; .. }         provided by nobody
//! result:      demo:shape/types { type point }                     no function: only the type
//!              demo:shape/canvas { use types.{point}; .. }
//! ```
//!
//! Rejected: to take `point` from the provider's instance. An import's types must be nameable by
//! whoever provides it, before anything is instantiated: the validator refuses records with a
//! nested record from inside, and every resource. Value types are equal by structure, so the
//! import above fits the provider's type as well. With a resource it does not, for good reason (a
//! host function cannot take a resource that the composition has yet to define), and the
//! validator says so when `app` is instantiated.
//!
//! The types that the root's exports use may be needed likewise (`exports`).
//!
//! Limits: of an interface inside an interface the whole is kept, functions too. A type that an
//! input takes from an instance inside of itself and uses in an import (possible only with unnamed
//! types, and written by no tool) is refused.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::SecondaryMap;
use wasm_encoder::reencode::{Error as ReencodeError, ReencodeComponent};
use wasm_encoder::{ComponentTypeSection, CoreTypeSection, InstanceType};
use wasmparser::{ComponentType, ComponentTypeRef, CoreType, InstanceTypeDeclaration, TypeBounds};

use super::root::Root;
use crate::error::{Code, Error, Result};
use crate::link::inputs::indices::{Indices, Space};
use crate::link::inputs::surface::{DefId, Definition, ImportId, Surface};

/// What the result needs of one input.
#[derive(Default)]
pub struct Needs {
    /// The imports that become imports of the result.
    pub imports: BTreeMap<ImportId, NeededImport>,
    /// The definitions that each needed definition refers to; of imports, see there.
    pub references: SecondaryMap<DefId, Vec<DefId>>,
}

/// What the result needs of one import.
pub struct NeededImport {
    /// For types alone, or to be passed on.
    pub types_alone: bool,
    /// For each declaration of its instance type whether it is kept, where the type is written
    /// out.
    pub kept: Option<Vec<bool>>,
    /// The definitions that its type refers to.
    pub references: Vec<DefId>,
    /// How its type is written, if that is a type of another import, which the result need not
    /// have for it.
    pub alone: Option<Alone>,
}

/// How much of a definition is needed.
#[derive(Clone)]
enum Extent<'a> {
    Whole,
    /// Of an instance: these exports.
    Exports(BTreeSet<&'a str>),
}

/// Finds what is needed by the imports that nobody provides, in one pass from the last definition
/// to the first.
pub fn needs<'n>(
    surface: &'n Surface<'_>,
    is_outside: impl Fn(ImportId) -> bool,
    borrowed: &'n BTreeMap<ImportId, BTreeSet<String>>,
) -> Result<Needs> {
    let mut needs = Needs::default();
    let mut marks: SecondaryMap<DefId, Option<Extent<'n>>> = SecondaryMap::new();
    for (import, names) in borrowed {
        if let Some(def) = surface.imports[*import].definition {
            names.iter().for_each(|name| mark_export(&mut marks[def], name));
        }
    }
    for (id, import) in surface.imports.iter().filter(|(id, _)| is_outside(*id)) {
        match import.definition {
            Some(def) => marks[def] = Some(Extent::Whole),
            None => {
                let needed = need_import(surface, id, &Extent::Whole)?;
                needed.references.iter().for_each(|def| marks[*def] = Some(Extent::Whole));
                needs.imports.insert(id, needed);
            }
        }
    }
    for (def, definition) in surface.definitions.iter().rev() {
        let Some(extent) = marks[def].take() else { continue };
        let references = match definition {
            Definition::Import(id) => {
                let mut needed = need_import(surface, *id, &extent)?;
                needed.types_alone = !is_outside(*id);
                needed.alone = Alone::of(surface, *id, &is_outside)?;
                if needed.alone.is_some() {
                    needed.references.clear();
                }
                let references = needed.references.clone();
                needs.imports.insert(*id, needed);
                references
            }
            Definition::Alias { instance, name, .. } => {
                mark_export(&mut marks[*instance], name);
                needs.references[def] = vec![*instance];
                continue;
            }
            Definition::Local => return Err(local(surface)),
            Definition::Type(_) | Definition::CoreType(_) => references(surface, def)?,
        };
        references.iter().for_each(|r| marks[*r] = Some(Extent::Whole));
        needs.references[def] = references;
    }
    Ok(needs)
}

fn mark_export<'a>(mark: &mut Option<Extent<'a>>, name: &'a str) {
    match mark {
        Some(Extent::Whole) => {}
        Some(Extent::Exports(names)) => {
            names.insert(name);
        }
        None => *mark = Some(Extent::Exports(BTreeSet::from([name]))),
    }
}

fn need_import(surface: &Surface, id: ImportId, extent: &Extent) -> Result<NeededImport> {
    let Some(declarations) = surface.declarations(id) else {
        let ty = surface.imports[id].ty;
        let references = collect(surface, |r| r.component_type_ref(ty).map(drop))?;
        return Ok(NeededImport { types_alone: false, kept: None, references, alone: None });
    };
    let kept = kept(declarations, extent)?;
    let references = collect(surface, |r| {
        r.push_depth();
        for (declaration, _) in declarations.iter().zip(&kept).filter(|(_, kept)| **kept) {
            let mut sink = InstanceType::new();
            r.parse_component_instance_type_declaration(&mut sink, declaration.clone())?;
        }
        r.pop_depth();
        Ok(())
    })?;
    Ok(NeededImport { types_alone: false, kept: Some(kept), references, alone: None })
}

/// A type that an interface exports and that has no other exported type in it.
///
/// ```text
/// app imports  demo:shape/types { record point { .. } }     provided by another input
///              point: the type that demo:shape/types exports
/// result:      point, a record { .. }
/// ```
pub struct Alone {
    instance: ImportId,
    /// Which declarations of the instance type define it.
    kept: Vec<bool>,
}

impl Alone {
    /// The type that an import is, if it is one of an import that is provided.
    fn of(
        surface: &Surface,
        import: ImportId,
        is_outside: impl Fn(ImportId) -> bool,
    ) -> Result<Option<Self>> {
        let ComponentTypeRef::Type(TypeBounds::Eq(index)) = surface.imports[import].ty else {
            return Ok(None);
        };
        let def = surface.at(Space::Type, index).map(|(def, _)| def);
        let Some((instance, name)) = def.and_then(|def| surface.export_of_import(def)) else {
            return Ok(None);
        };
        let Some(declarations) = surface.declarations(instance).filter(|_| !is_outside(instance))
        else {
            return Ok(None);
        };
        let kept = kept(declarations, &Extent::Exports(BTreeSet::from([name])))?;
        let mut needed = declarations.iter().zip(&kept).filter(|(_, kept)| **kept);
        let is_alone = needed.all(|(declaration, _)| match declaration {
            InstanceTypeDeclaration::Type(ComponentType::Defined(_)) => true,
            InstanceTypeDeclaration::Export { name: export, ty } => {
                export.name == name && matches!(ty, ComponentTypeRef::Type(TypeBounds::Eq(_)))
            }
            _ => false,
        });
        Ok(is_alone.then_some(Alone { instance, kept }))
    }

    /// Defines the type at the root of the result.
    pub fn write(&self, surface: &Surface, root: &mut Root) -> Result<u32> {
        let mut local = Vec::new();
        let mut defined = None;
        let declarations = surface.declarations(self.instance).unwrap_or_default();
        for (declaration, kept) in declarations.iter().zip(&self.kept) {
            let written = match declaration {
                InstanceTypeDeclaration::Type(ty) if *kept => Some(root.ty(|encoder| {
                    let mut map = |_, _, index| at(&local, index);
                    Indices::new(&mut map).run(|r| r.parse_component_type(encoder, ty.clone()))
                })?),
                InstanceTypeDeclaration::Export { ty, .. } if *kept => {
                    if let ComponentTypeRef::Type(TypeBounds::Eq(index)) = ty {
                        defined = at(&local, *index);
                    }
                    defined
                }
                _ => None,
            };
            if let Some((Space::Type, count)) = defines(declaration) {
                local.extend(std::iter::repeat_n(written, count));
            }
        }
        defined.ok_or_else(|| Error::internal("a type by itself that is not defined"))
    }
}

fn at(local: &[Option<u32>], index: u32) -> Option<u32> {
    local.get(usize::try_from(index).ok()?).copied().flatten()
}

/// Which declarations of an instance type are needed for some of its exports.
fn kept(declarations: &[InstanceTypeDeclaration], extent: &Extent) -> Result<Vec<bool>> {
    let Extent::Exports(names) = extent else { return Ok(vec![true; declarations.len()]) };
    let mut definers: BTreeMap<Space, Vec<usize>> = BTreeMap::new();
    for (i, declaration) in declarations.iter().enumerate() {
        if let Some((space, count)) = defines(declaration) {
            definers.entry(space).or_default().extend(std::iter::repeat_n(i, count));
        }
    }
    let mut kept = vec![false; declarations.len()];
    for (i, declaration) in declarations.iter().enumerate().rev() {
        if let InstanceTypeDeclaration::Export { name, .. } = declaration {
            kept[i] |= names.contains(name.name);
        }
        if !kept[i] {
            continue;
        }
        let mut note = |space, scope, index: u32| {
            if scope == 1 {
                let definer = *definers.get(&space)?.get(usize::try_from(index).ok()?)?;
                kept[definer] = true;
            }
            Some(index)
        };
        Indices::in_instance_type(&mut note).run(|r| {
            let mut sink = InstanceType::new();
            r.parse_component_instance_type_declaration(&mut sink, declaration.clone())
        })?;
    }
    Ok(kept)
}

/// The index space that a declaration of an instance type adds to, where types can refer to it,
/// and how many indices it adds.
pub fn defines(declaration: &InstanceTypeDeclaration) -> Option<(Space, usize)> {
    use wasmparser::{ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind};
    let of_kind = |kind| match kind {
        ComponentExternalKind::Type => Some((Space::Type, 1)),
        ComponentExternalKind::Instance => Some((Space::Instance, 1)),
        _ => None,
    };
    match declaration {
        InstanceTypeDeclaration::CoreType(CoreType::Rec(group)) => {
            Some((Space::CoreType, group.types().len()))
        }
        InstanceTypeDeclaration::CoreType(CoreType::Module(_)) => Some((Space::CoreType, 1)),
        InstanceTypeDeclaration::Type(_) => Some((Space::Type, 1)),
        InstanceTypeDeclaration::Alias(ComponentAlias::InstanceExport { kind, .. }) => {
            of_kind(*kind)
        }
        InstanceTypeDeclaration::Alias(ComponentAlias::Outer { kind, .. }) => match kind {
            ComponentOuterAliasKind::Type => Some((Space::Type, 1)),
            ComponentOuterAliasKind::CoreType => Some((Space::CoreType, 1)),
            _ => None,
        },
        InstanceTypeDeclaration::Alias(ComponentAlias::CoreInstanceExport { .. }) => None,
        InstanceTypeDeclaration::Export { ty, .. } => of_kind(ty.kind()),
    }
}

/// The definitions that a type definition refers to, without itself.
fn references(surface: &Surface, def: DefId) -> Result<Vec<DefId>> {
    let mut found = match &surface.definitions[def] {
        Definition::Type(ty) => collect(surface, |r| {
            r.parse_component_type(ComponentTypeSection::new().ty(), ty.clone())
        })?,
        Definition::CoreType(ty) => collect(surface, |r| {
            r.parse_component_core_type(CoreTypeSection::new().ty(), ty.clone())
        })?,
        Definition::Alias { .. } | Definition::Import(_) | Definition::Local => Vec::new(),
    };
    found.retain(|other| *other != def);
    Ok(found)
}

/// The root definitions that a traversal asks for.
fn collect(
    surface: &Surface,
    traverse: impl FnOnce(
        &mut dyn ReencodeComponent<Error = std::convert::Infallible>,
    ) -> Result<(), ReencodeError>,
) -> Result<Vec<DefId>> {
    let mut found = BTreeSet::new();
    let mut note = |space, scope, index| {
        if scope == 0 {
            found.insert(surface.at(space, index)?.0);
        }
        Some(index)
    };
    Indices::new(&mut note).run(|r| traverse(r)).map_err(|e| e.in_input(surface.name))?;
    Ok(found.into_iter().collect())
}

fn local(surface: &Surface) -> Error {
    let message = format!(
        "`{}` has an import that no other input provides, and its type comes from an instance \
         inside of `{}`",
        surface.name, surface.name
    );
    Error::new(Code::NotFused, message)
        .in_input(surface.name)
        .with_help("provide the import, or compose the inputs with `wac` first")
}
