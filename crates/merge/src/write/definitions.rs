//! The sections of what a block defines, but for code and segments, and of what it exports.

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    ConstExpr, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType,
    MemorySection, RefType, TableSection, TableType, TagSection, ValType,
};
use wasmparser::TableInit;

use super::encoder::{Encoder, Input};
use crate::decide::Growth;
use crate::program::Entity;
use crate::read::failed;
use crate::{Error, MemoryInfo, Result, Start};

/// The table that tables are parts of.
fn one_table(slots: u32) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: slots.into(),
        maximum: Some(slots.into()),
        shared: false,
    }
}

impl Encoder<'_, '_> {
    pub fn functions(&mut self) -> Result<FunctionSection> {
        let Input { decisions, contents, types, .. } = self.input;
        let mut section = FunctionSection::new();
        let present = &contents.present.funcs;
        for (id, _) in self.defined(&decisions.program.funcs, present, Entity::Func)? {
            section.function(self.types.index(types.of_func(decisions.program, id)?)?);
        }
        for (_, helper) in self.helpers() {
            section.function(self.types.func(&helper.ty)?);
        }
        Ok(section)
    }

    pub fn tables(&mut self) -> Result<TableSection> {
        let Input { decisions, contents, block, .. } = self.input;
        let program = decisions.program;
        let mut section = TableSection::new();
        for (id, site) in self.sites(&program.tables, &contents.present.tables, Entity::Table)? {
            if decisions.parts.get(id).is_some() {
                if decisions.parts.first() == Some(id) {
                    section.table(one_table(decisions.parts.slots()));
                }
                continue;
            }
            let table = &program.module(site.instance).tables[site.position];
            if let TableInit::Expr(expr) = &table.init {
                decisions
                    .check_table_init(*block, site.instance, expr)
                    .map_err(|error| decisions.link.at(site.instance, error))?;
            }
            let mut rewrite = self.rewrite(site.instance);
            let ty = rewrite.table_type(table.ty).map_err(failed)?;
            match &table.init {
                TableInit::RefNull => section.table(ty),
                TableInit::Expr(expr) => {
                    section.table_with_init(ty, &ConstExpr::raw(rewrite.constant(expr)?))
                }
            };
        }
        Ok(section)
    }

    pub fn memories(&mut self) -> Result<(MemorySection, Vec<MemoryInfo>)> {
        let Input { decisions, contents, layout, .. } = self.input;
        let program = decisions.program;
        let mut section = MemorySection::new();
        let mut infos = Vec::new();
        if let Some(one) = decisions.regions.memory_type() {
            section.memory(one);
        }
        let present = &contents.present.memories;
        let sites = self.sites(&program.memories, present, Entity::Memory)?;
        let indexed = sites.into_iter().map(|(id, site)| Ok((layout.memory(id)?, id, site)));
        let mut indexed = indexed.collect::<Result<Vec<_>>>()?;
        indexed.sort_by_cached_key(|(index, ..)| *index);
        for (index, id, site) in indexed {
            let ty = program.module(site.instance).memories[site.position];
            let region = decisions.regions.get(id);
            if region.is_none() {
                section.memory(self.rewrite(site.instance).memory_type(ty).map_err(failed)?);
            }
            infos.push(MemoryInfo {
                index,
                base: region.map_or(0, |region| region.base.into()),
                instance: site.instance,
                initial: ty.initial,
                maximum: region.map(|region| region.capacity.into()).or(ty.maximum),
                page_size_log2: ty.page_size_log2.unwrap_or(16),
            });
        }
        Ok((section, infos))
    }

    pub fn tags(&mut self) -> Result<TagSection> {
        let Input { decisions, contents, .. } = self.input;
        let mut section = TagSection::new();
        for (_, site) in self.sites(&decisions.program.tags, &contents.present.tags, Entity::Tag)? {
            let ty = decisions.program.module(site.instance).tags[site.position];
            section.tag(self.rewrite(site.instance).tag_type(ty).map_err(failed)?);
        }
        Ok(section)
    }

    pub fn globals(&mut self) -> Result<GlobalSection> {
        let Input { decisions, contents, .. } = self.input;
        let program = decisions.program;
        let mut section = GlobalSection::new();
        let present = &contents.present.globals;
        for (id, site) in self.sites(&program.globals, present, Entity::Global)? {
            let global = &program.module(site.instance).globals[site.position];
            let mut rewrite = self.rewrite(site.instance);
            let ty = rewrite.global_type(global.ty).map_err(failed)?;
            let value = match program.bases[id] {
                Some(memory) => {
                    let base = decisions.regions.get(memory).map_or(0, |region| region.base);
                    ConstExpr::i32_const(base.cast_signed())
                }
                None => ConstExpr::raw(rewrite.constant(&global.init_expr)?),
            };
            section.global(ty, &value);
        }
        for (_, region) in decisions.regions.iter() {
            let size = region.minimum_bytes().cast_signed();
            let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            section.global(ty, &ConstExpr::i32_const(size));
        }
        let mut regions = decisions.regions.iter();
        if let Some((_, moving)) = regions.find(|(_, it)| it.growth == Growth::Moving) {
            let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            section.global(ty, &ConstExpr::i32_const(moving.base.cast_signed()));
        }
        Ok(section)
    }

    pub fn exports(&mut self, start: &Start) -> Result<(ExportSection, Option<String>)> {
        let Input { contents, layout, .. } = self.input;
        let mut section = ExportSection::new();
        for (name, entity) in &contents.exports {
            let (kind, index) = match *entity {
                Entity::Func(id) => (ExportKind::Func, layout.func(id)?),
                Entity::Helper(id) => (ExportKind::Func, layout.helper(id)?),
                Entity::Table(id) => (ExportKind::Table, layout.table(id)?),
                Entity::Memory(id) => (ExportKind::Memory, layout.memory(id)?),
                Entity::Global(id) => (ExportKind::Global, layout.global(id)?),
                Entity::Tag(id) => (ExportKind::Tag, layout.tag(id)?),
                Entity::Element(_) | Entity::Data(_) => {
                    return Err(Error::internal("a segment cannot be exported"));
                }
            };
            section.export(name, kind, index);
        }
        match (start, layout.start()) {
            (Start::Export(name), Some(index)) => {
                section.export(name, ExportKind::Func, index);
                Ok((section, Some(name.clone())))
            }
            _ => Ok((section, None)),
        }
    }
}
