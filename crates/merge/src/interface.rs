//! What is known of a module whose code is not there: its imports and exports.
//!
//! The linker asks modules for types and index spaces, and no other question of code that is not
//! there. So such a module is represented by another one that has the same imports, and a
//! definition for each export: the *stand-in*. Its contents mean nothing and it is never written
//! anywhere.

use wasm_encoder::{
    CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, FuncType, Function,
    FunctionSection, GlobalSection, ImportSection, MemorySection, Module, TableSection, TagKind,
    TagSection, TagType, TypeSection,
};

use crate::ExternalType;

/// The imports and exports of a module.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// Module name, name and type of each import, in order.
    pub imports: Vec<(String, String, ExternalType)>,
    /// Name and type of each export.
    pub exports: Vec<(String, ExternalType)>,
}

impl Interface {
    /// The index that an export has in the stand-in.
    pub fn index(&self, export: usize) -> u32 {
        let kind = self.exports.get(export).map(|(_, ty)| ty.kind());
        let imports = self.imports.iter().map(|(_, _, ty)| ty);
        let before = self.exports.iter().take(export).map(|(_, ty)| ty);
        imports.chain(before).filter(|ty| Some(ty.kind()) == kind).count() as u32
    }

    /// The stand-in.
    pub fn stand_in(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        let mut functions = FunctionSection::new();
        let mut tables = TableSection::new();
        let mut memories = MemorySection::new();
        let mut tags = TagSection::new();
        let mut globals = GlobalSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        for (module, name, ty) in &self.imports {
            let ty = entity_type(ty, types.len(), |ty| types.ty().func_type(ty));
            imports.import(module, name, ty);
        }
        for (i, (name, ty)) in self.exports.iter().enumerate() {
            let ty = entity_type(ty, types.len(), |ty| types.ty().func_type(ty));
            let kind = match ty {
                EntityType::Function(ty) | EntityType::FunctionExact(ty) => {
                    functions.function(ty);
                    let mut body = Function::new([]);
                    body.instructions().unreachable().end();
                    code.function(&body);
                    ExportKind::Func
                }
                EntityType::Table(ty) => {
                    tables.table(ty);
                    ExportKind::Table
                }
                EntityType::Memory(ty) => {
                    memories.memory(ty);
                    ExportKind::Memory
                }
                EntityType::Global(ty) => {
                    globals.global(ty, &ConstExpr::empty());
                    ExportKind::Global
                }
                EntityType::Tag(ty) => {
                    tags.tag(ty);
                    ExportKind::Tag
                }
            };
            exports.export(name, kind, self.index(i));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables);
        module.section(&memories).section(&tags).section(&globals).section(&exports);
        module.section(&code);
        module.finish()
    }
}

/// A type as imports and exports have it; a function type is defined as the next one, of that
/// index.
fn entity_type(ty: &ExternalType, next: u32, mut define: impl FnMut(&FuncType)) -> EntityType {
    match ty {
        ExternalType::Func(ty) => {
            define(ty);
            EntityType::Function(next)
        }
        ExternalType::Tag(ty) => {
            define(ty);
            EntityType::Tag(TagType { kind: TagKind::Exception, func_type_idx: next })
        }
        ExternalType::Table(ty) => EntityType::Table(*ty),
        ExternalType::Memory(ty) => EntityType::Memory(*ty),
        ExternalType::Global(ty) => EntityType::Global(*ty),
    }
}
