//! Imported core modules: code that is not there, known by its type.
//!
//! A core module is a value: defined, imported, passed on, exported, instantiated. Where it was defined
//! in the input, its code is at hand. Where the root imports it, all there is to know is the declared
//! type, and that is an [`Interface`] here, whatever index spaces it was written over.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{CompositeInnerType, CoreType, ModuleTypeDeclaration, SubType, TypeRef};

use super::frame::{FrameId, at};
use super::instantiate::{Machine, not_fused};
use super::{CarriedDefinition, DeclaredId, ImportedModule, ModuleDef, Origin};
use crate::core::{ExternalType, FuncType, Interface};
use crate::decode::{Module, ModuleImport};
use crate::error::{Error, Result};

impl<'a> Machine<'a> {
    /// A core module that comes from elsewhere, by its declared type.
    pub fn imported_module(&mut self, declared: DeclaredId, origin: Origin) -> Result<ModuleDef> {
        let (CarriedDefinition::CoreType(CoreType::Module(declarations)), frame) =
            self.declared[declared]
        else {
            return Err(Error::internal("expected the type of a module"));
        };
        // Imports come first in index spaces.
        let imported = declarations.iter().filter_map(|declaration| match declaration {
            ModuleTypeDeclaration::Import(import) => Some(&import.ty),
            _ => None,
        });
        let exported = declarations.iter().filter_map(|declaration| match declaration {
            ModuleTypeDeclaration::Export { ty, .. } => Some(ty),
            _ => None,
        });
        let types: Vec<&TypeRef> = imported.chain(exported).collect();
        let mut reader = Reader { machine: self, frame, types: Vec::new() };
        let mut interface = Interface::default();
        let mut imports = Vec::new();
        let mut exports = Vec::new();
        for declaration in declarations {
            match declaration {
                ModuleTypeDeclaration::Type(group) => reader.types.extend(group.types()),
                ModuleTypeDeclaration::OuterAlias { count, index, .. } => {
                    reader.alias(*count, *index)?;
                }
                ModuleTypeDeclaration::Import(import) => {
                    let ty = reader.entity(&import.ty)?;
                    imports.push(ModuleImport { module: import.module, name: import.name });
                    interface.imports.push((import.module.into(), import.name.into(), ty));
                }
                ModuleTypeDeclaration::Export { name, ty } => {
                    exports.push(*name);
                    interface.exports.push(((*name).into(), reader.entity(ty)?));
                }
            }
        }
        let exports = exports.into_iter().enumerate().map(|(i, name)| {
            let (_, ty) = &interface.exports[i];
            (name, (ty.kind(), interface.index(i)))
        });
        let memories = types.iter().filter_map(|ty| match **ty {
            TypeRef::Memory(ty) => Some(ty),
            _ => None,
        });
        let tables = types.iter().filter_map(|ty| match **ty {
            TypeRef::Table(ty) => Some(ty),
            _ => None,
        });
        let module = Module {
            bytes: &[],
            notes: None,
            name: None,
            imports,
            exports: exports.collect(),
            memories: memories.collect(),
            tables: tables.collect(),
            functions: 0,
            definitions: declarations.len(),
            // It may throw what it likes, and start with anything.
            has_tags: true,
            has_try_table: false,
            has_try: false,
            has_start: true,
            custom: Vec::new(),
            debug: Vec::new(),
            coverage: Vec::new(),
        };
        let imported = ImportedModule { origin, ty: declared, module, interface };
        let id = self.plan.imported_modules.push(imported);
        Ok(ModuleDef::Imported(id))
    }
}

/// Reads the items of a module type.
struct Reader<'r, 'a> {
    machine: &'r Machine<'a>,
    frame: FrameId,
    types: Vec<&'a SubType>,
}

impl Reader<'_, '_> {
    fn alias(&mut self, count: u32, index: u32) -> Result<()> {
        // The first scope outside is that of the frame.
        let mut frame = self.frame;
        for _ in 1..count {
            let parent = self.machine.frames[frame].parent;
            frame = parent.ok_or_else(|| Error::internal("an outer alias leaves the root"))?;
        }
        let (id, n) = *at(&self.machine.frames[frame].core_types, index)?;
        match self.machine.declared[id] {
            (CarriedDefinition::CoreType(CoreType::Rec(group)), _) => {
                self.types.extend(group.types().nth(n as usize));
                Ok(())
            }
            _ => Err(Error::internal("a type of modules is no type of values")),
        }
    }

    fn entity(&self, ty: &TypeRef) -> Result<ExternalType> {
        let mut to = RoundtripReencoder;
        let wrong = |_| Error::internal("a module type cannot be read");
        let ty = match *ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                ExternalType::Func(self.func(index)?)
            }
            TypeRef::Tag(tag) => ExternalType::Tag(self.func(tag.func_type_idx)?),
            TypeRef::Table(ty) => ExternalType::Table(to.table_type(ty).map_err(wrong)?),
            TypeRef::Memory(ty) => ExternalType::Memory(to.memory_type(ty).map_err(wrong)?),
            TypeRef::Global(ty) => ExternalType::Global(to.global_type(ty).map_err(wrong)?),
        };
        match ty.is_abstract() {
            true => Ok(ty),
            false => Err(defined_types()),
        }
    }

    fn func(&self, index: u32) -> Result<FuncType> {
        let ty = at(&self.types, index)?;
        let CompositeInnerType::Func(func) = &ty.composite_type.inner else {
            return Err(Error::internal("expected a function type"));
        };
        if !ty.is_final || !ty.supertype_idxs.is_empty() {
            return Err(defined_types());
        }
        let read = RoundtripReencoder.func_type(func.clone());
        read.map_err(|_| Error::internal("a function type cannot be read"))
    }
}

fn defined_types() -> Error {
    not_fused("an imported core module whose type refers to subtypes or to types of GC objects")
}
