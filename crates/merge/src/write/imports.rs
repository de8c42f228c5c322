//! The import section: what comes from outside, then what other blocks define.

use cranelift_entity::SecondaryMap;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{EntityType, ImportSection, TagKind, TagType};

use super::encoder::{Encoder, Input};
use crate::decide::contents;
use crate::decide::helper::memory_type;
use crate::program::{Definition, Entity, Site};
use crate::read::failed;
use crate::{Error, ExternalId, ExternalType, Import, Provider, Result};

impl Encoder<'_, '_> {
    /// What comes from outside, then what other blocks define.
    pub fn imports(&mut self) -> Result<(ImportSection, Vec<Import>)> {
        let Input { decisions, contents, block, names, blocks, .. } = self.input;
        let mut external: SecondaryMap<ExternalId, bool> = SecondaryMap::new();
        let mut others = Vec::new();
        for entity in contents::all(&contents.present) {
            match decisions.defines(entity)? {
                Some(definer) if definer == *block => {}
                Some(definer) => others.push((definer, entity)),
                None => external[decisions.program.external(entity)?] = true,
            }
        }
        let mut section = ImportSection::new();
        let mut imported = Vec::new();
        for (id, item) in decisions.link.externals.iter().filter(|(id, _)| external[*id]) {
            let ty = self.external_type(id, &item.ty)?;
            section.import(&item.module, &item.name, ty);
            let (module, name) = (item.module.clone(), item.name.clone());
            let kind = item.ty.kind();
            imported.push(Import { module, name, kind, from: Provider::External(id) });
        }
        for (definer, entity) in others {
            let name = names.get(&entity);
            let name = name.ok_or_else(|| Error::internal(format!("{entity:?} has no name")))?;
            let module = &blocks[definer];
            let ty = self.entity_type(entity)?;
            section.import(module, name, ty);
            let kind = entity.kind().ok_or_else(|| Error::internal("a segment is imported"))?;
            let from = Provider::Block(definer, name.clone());
            imported.push(Import { module: module.clone(), name: name.clone(), kind, from });
        }
        Ok((section, imported))
    }

    /// The type of what another block defines.
    fn entity_type(&mut self, entity: Entity) -> Result<EntityType> {
        let Input { decisions, types, .. } = self.input;
        let program = decisions.program;
        let site = |definition: Definition| match definition {
            Definition::Defined(site) => Ok(site),
            _ => Err(Error::internal(format!("{entity:?} is not of an instance"))),
        };
        Ok(match entity {
            Entity::Func(id) => {
                EntityType::Function(self.types.index(types.of_func(program, id)?)?)
            }
            Entity::Helper(id) => {
                EntityType::Function(self.types.func(&decisions.helpers.all[id].ty)?)
            }
            Entity::Table(id) => {
                let Site { instance, position } = site(program.tables[id])?;
                let ty = program.module(instance).tables[position].ty;
                EntityType::Table(self.rewrite(instance).table_type(ty).map_err(failed)?)
            }
            Entity::Memory(id) => EntityType::Memory(memory_type(decisions.link, program, id)?),
            Entity::Global(id) => {
                let Site { instance, position } = site(program.globals[id])?;
                let ty = program.module(instance).globals[position].ty;
                EntityType::Global(self.rewrite(instance).global_type(ty).map_err(failed)?)
            }
            Entity::Tag(id) => {
                let Site { instance, position } = site(program.tags[id])?;
                let ty = program.module(instance).tags[position];
                EntityType::Tag(self.rewrite(instance).tag_type(ty).map_err(failed)?)
            }
            Entity::Element(_) | Entity::Data(_) => {
                return Err(Error::internal("a segment is imported"));
            }
        })
    }

    fn external_type(&mut self, id: ExternalId, ty: &ExternalType) -> Result<EntityType> {
        Ok(match ty {
            ExternalType::Func(_) => {
                EntityType::Function(self.types.index(self.input.types.of_external(id)?)?)
            }
            ExternalType::Tag(_) => EntityType::Tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: self.types.index(self.input.types.of_external(id)?)?,
            }),
            ExternalType::Table(ty) => EntityType::Table(*ty),
            ExternalType::Memory(ty) => EntityType::Memory(*ty),
            ExternalType::Global(ty) => EntityType::Global(*ty),
        })
    }
}
