//! What one input shows of itself: its imports, its exports, and the types that the imports need.
//!
//! The result imports what no input provides, so the types of such imports are copied into it.
//! At the root of a component they are written with whatever was defined before:
//!
//! ```wat
//! (component $app
//!   (import "types" (instance $types (export "level" (type (sub resource)))))
//!   (alias export $types "level" (type $level))           ;; a type from an import
//!   (type $log (instance
//!     (alias outer $app $level (type $l))                 ;; used by another import's type
//!     (export "level" (type (eq $l)))))
//!   (import "log" (instance (type $log))))
//! ```
//!
//! [`Surface::definitions`] therefore holds every root definition of the index spaces that types
//! can refer to (types, core types, instances), in order. A definition only refers to earlier
//! ones, so one backward pass finds what is needed. Definitions that exist by
//! instantiation alone are kept as [`Definition::Local`]: valid imports hardly ever reach one.
//!
//! Rejected: to rebuild types from the validator's view of them. That view forgets how a type was
//! written (names, order, unused exports), and the boundary would look different from the inputs'.

use cranelift_entity::PrimaryMap;
use wasmparser::types::TypesRef;
use wasmparser::{
    ComponentAlias, ComponentExternName, ComponentExternalKind, ComponentName,
    ComponentOuterAliasKind, ComponentType, ComponentTypeRef, CoreType, InstanceTypeDeclaration,
    Payload,
};

use super::indices::Space;
use crate::decode;
use crate::error::{Code, Error, Result};
use crate::ids::id;
use crate::options::Input;

id! {
    /// One of the components to link.
    pub struct InputId("input");
    /// An import of an input.
    pub struct ImportId("import");
    /// An export of an input.
    pub struct ExportId("export");
    /// A root definition of an input.
    pub struct DefId("def");
}

/// The inputs.
pub type Surfaces<'a> = PrimaryMap<InputId, Surface<'a>>;

/// An import of an input.
pub type Member = (InputId, ImportId);

/// What one input shows of itself.
pub struct Surface<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// What the validator knows of it.
    pub known: TypesRef<'a>,
    pub imports: PrimaryMap<ImportId, Import<'a>>,
    pub exports: PrimaryMap<ExportId, Export<'a>>,
    pub definitions: PrimaryMap<DefId, Definition<'a>>,
    types: Vec<DefId>,
    instances: Vec<DefId>,
    core_types: Vec<(DefId, u32)>,
    /// What it tells of itself, in custom sections.
    pub metadata: Vec<(&'a str, &'a [u8])>,
    /// What it calls itself.
    pub own_name: Option<&'a str>,
}

/// An import at the root of an input.
pub struct Import<'a> {
    pub name: ComponentExternName<'a>,
    pub ty: ComponentTypeRef,
    /// What it defines, where types can refer to that.
    pub definition: Option<DefId>,
}

/// An export at the root of an input.
pub struct Export<'a> {
    pub name: ComponentExternName<'a>,
    pub kind: ComponentExternalKind,
}

/// A root definition that a type may refer to.
pub enum Definition<'a> {
    /// A type, written out.
    Type(ComponentType<'a>),
    /// A core type: a module type, or a group of types.
    CoreType(CoreType<'a>),
    /// A type or an instance that an instance exports.
    Alias { instance: DefId, kind: ComponentExternalKind, name: &'a str },
    /// An imported type or instance.
    Import(ImportId),
    /// An instance that exists once the input has been instantiated.
    Local,
}

impl<'a> Surface<'a> {
    /// Reads the root of a valid component.
    pub fn read(input: &'a Input, known: TypesRef<'a>) -> Result<Self> {
        let mut surface = Surface {
            name: &input.name,
            bytes: &input.bytes,
            known,
            imports: PrimaryMap::new(),
            exports: PrimaryMap::new(),
            definitions: PrimaryMap::new(),
            types: Vec::new(),
            instances: Vec::new(),
            core_types: Vec::new(),
            metadata: Vec::new(),
            own_name: None,
        };
        let mut depth = 0u32;
        for payload in decode::sections(&input.bytes) {
            let payload = payload.map_err(|e| surface.invalid(&e))?;
            match &payload {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                _ if depth == 1 => surface.read_section(payload)?,
                _ => {}
            }
        }
        Ok(surface)
    }

    /// The definition behind an index, and where in its group it is (not 0 only for a core type
    /// that was defined with others).
    pub fn at(&self, space: Space, index: u32) -> Option<(DefId, u32)> {
        let index = usize::try_from(index).ok()?;
        match space {
            Space::Type => self.types.get(index).map(|def| (*def, 0)),
            Space::Instance => self.instances.get(index).map(|def| (*def, 0)),
            Space::CoreType => self.core_types.get(index).copied(),
        }
    }

    /// The declarations of an imported instance whose type is written out at the root.
    pub fn declarations(&self, import: ImportId) -> Option<&[InstanceTypeDeclaration<'a>]> {
        let ComponentTypeRef::Instance(index) = self.imports[import].ty else { return None };
        let (def, _) = self.at(Space::Type, index)?;
        match &self.definitions[def] {
            Definition::Type(ComponentType::Instance(declarations)) => Some(declarations),
            _ => None,
        }
    }

    /// What an alias is, if that is an export of an imported instance: the import, and the name.
    pub fn export_of_import(&self, def: DefId) -> Option<(ImportId, &'a str)> {
        let Definition::Alias { instance, name, .. } = self.definitions[def] else { return None };
        match self.definitions[instance] {
            Definition::Import(import) => Some((import, name)),
            _ => None,
        }
    }

    fn read_section(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::ComponentTypeSection(section) => {
                for ty in section {
                    let ty = ty.map_err(|e| self.invalid(&e))?;
                    self.define(Space::Type, Definition::Type(ty));
                }
            }
            Payload::CoreTypeSection(section) => {
                for ty in section {
                    let ty = ty.map_err(|e| self.invalid(&e))?;
                    self.define(Space::CoreType, Definition::CoreType(ty));
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    let alias = alias.map_err(|e| self.invalid(&e))?;
                    self.read_alias(alias)?;
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for _ in 0..section.count() {
                    self.define(Space::Instance, Definition::Local);
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import.map_err(|e| self.invalid(&e))?;
                    let id = self.imports.next_key();
                    let space = space_of(import.ty.kind());
                    let definition = space.map(|s| self.define(s, Definition::Import(id)));
                    self.imports.push(Import { name: import.name, ty: import.ty, definition });
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export.map_err(|e| self.invalid(&e))?;
                    if let Some(space) = space_of(export.kind) {
                        self.define_again(space, export.index)?;
                    }
                    self.exports.push(Export { name: export.name, kind: export.kind });
                }
            }
            Payload::CustomSection(section) => {
                if let Some(names) = decode::component_names(&section) {
                    self.own_name = names.into_iter().flatten().find_map(|name| match name {
                        ComponentName::Component { name, .. } => Some(name),
                        _ => None,
                    });
                }
                let kept = decode::custom(&section).filter(|(name, _)| *name != decode::FEATURES);
                self.metadata.extend(kept);
            }
            _ => {}
        }
        Ok(())
    }

    fn read_alias(&mut self, alias: ComponentAlias<'a>) -> Result<()> {
        match alias {
            ComponentAlias::InstanceExport { kind, instance_index, name } => {
                if let Some(space) = space_of(kind) {
                    let (instance, _) = self.defined(Space::Instance, instance_index)?;
                    self.define(space, Definition::Alias { instance, kind, name });
                }
            }
            ComponentAlias::Outer { kind, index, .. } => {
                let space = match kind {
                    ComponentOuterAliasKind::Type => Space::Type,
                    ComponentOuterAliasKind::CoreType => Space::CoreType,
                    ComponentOuterAliasKind::CoreModule | ComponentOuterAliasKind::Component => {
                        return Ok(());
                    }
                };
                self.define_again(space, index)?;
            }
            ComponentAlias::CoreInstanceExport { .. } => {}
        }
        Ok(())
    }

    fn define(&mut self, space: Space, definition: Definition<'a>) -> DefId {
        let count = match &definition {
            Definition::CoreType(CoreType::Rec(group)) => group.types().len(),
            _ => 1,
        };
        let def = self.definitions.push(definition);
        match space {
            Space::Type => self.types.push(def),
            Space::Instance => self.instances.push(def),
            Space::CoreType => self.core_types.extend((0u32..).take(count).map(|i| (def, i))),
        }
        def
    }

    /// Gives an earlier definition one more index: exporting it does, and so does an alias.
    fn define_again(&mut self, space: Space, index: u32) -> Result<()> {
        let (def, position) = self.defined(space, index)?;
        match space {
            Space::Type => self.types.push(def),
            Space::Instance => self.instances.push(def),
            Space::CoreType => self.core_types.push((def, position)),
        }
        Ok(())
    }

    fn defined(&self, space: Space, index: u32) -> Result<(DefId, u32)> {
        self.at(space, index).ok_or_else(|| {
            Error::internal(format!("{space} {index} of a valid component is not defined"))
                .in_input(self.name)
        })
    }

    fn invalid(&self, error: &wasmparser::Error) -> Error {
        Error::new(Code::InvalidComponent, error.message()).in_input(self.name).at(error.offset())
    }
}

/// The index space of a kind, where types can refer to it.
fn space_of(kind: ComponentExternalKind) -> Option<Space> {
    match kind {
        ComponentExternalKind::Type => Some(Space::Type),
        ComponentExternalKind::Instance => Some(Space::Instance),
        ComponentExternalKind::Module
        | ComponentExternalKind::Func
        | ComponentExternalKind::Value
        | ComponentExternalKind::Component => None,
    }
}
