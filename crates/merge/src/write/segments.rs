//! The element and data sections.
//!
//! A body may make a reference only to functions that the module mentions outside of bodies. Those
//! that no export, global or element segment mentions get a declared element segment of their own,
//! after all others, in place of the declared segments of the input.

use cranelift_entity::EntitySet;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, Encode, SectionId,
};
use wasmparser::ElementKind;

use super::encoder::{Encoder, Input};
use crate::code::leb;
use crate::decide::{Applied, Decisions, Part};
use crate::program::segment::{self, Target};
use crate::program::{Entity, FuncId, MemoryId, TableId};
use crate::read::failed;
use crate::{Error, InstanceId, Result};

/// Where an active element segment is written in a part of the one table: it is known, and fits.
fn in_part(
    decisions: &Decisions<'_, '_>,
    instance: InstanceId,
    to: &Target<'_, TableId>,
    part: Part,
) -> Result<ConstExpr> {
    let known = decisions.constants.fold(decisions.program, instance, to.offset)?;
    let known = known.and_then(|value| u32::try_from(value.as_offset()?).ok());
    let at = known.and_then(|offset| offset.checked_add(part.base));
    let at = at.ok_or_else(|| Error::internal("a segment is active outside its table"))?;
    Ok(ConstExpr::i32_const(at.cast_signed()))
}

/// The data section. Data can be half of a module: it is written once, where it belongs.
#[derive(Default)]
pub struct DataSegments<'p> {
    /// Of each, what comes before its bytes, and the bytes.
    segments: Vec<(Vec<u8>, &'p [u8])>,
}

impl<'p> DataSegments<'p> {
    const ACTIVE: u8 = 0;
    const PASSIVE: u8 = 1;
    const ACTIVE_IN: u8 = 2;

    fn active(&mut self, memory: u32, offset: &ConstExpr, bytes: &'p [u8]) {
        let mut head = Vec::new();
        if memory == 0 {
            head.push(Self::ACTIVE);
        } else {
            head.push(Self::ACTIVE_IN);
            leb::put(memory.into(), &mut head);
        }
        offset.encode(&mut head);
        self.push(head, bytes);
    }

    fn passive(&mut self, bytes: &'p [u8]) {
        self.push(vec![Self::PASSIVE], bytes);
    }

    fn push(&mut self, mut head: Vec<u8>, bytes: &'p [u8]) {
        leb::put(bytes.len() as u64, &mut head);
        self.segments.push((head, bytes));
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.segments.len() as u32
    }

    /// Appends the section, if there are any.
    pub fn append_to(&self, module: &mut Vec<u8>) {
        if self.segments.is_empty() {
            return;
        }
        let mut count = Vec::new();
        leb::put(self.segments.len() as u64, &mut count);
        let sizes = self.segments.iter().map(|(head, bytes)| head.len() + bytes.len());
        let size = count.len() + sizes.sum::<usize>();
        module.push(SectionId::Data.into());
        leb::put(size as u64, module);
        module.reserve(size);
        module.append(&mut count);
        for (head, bytes) in &self.segments {
            module.extend_from_slice(head);
            module.extend_from_slice(bytes);
        }
    }
}

impl<'p> Encoder<'p, '_> {
    pub fn elements(&mut self) -> Result<ElementSection> {
        let Input { decisions, contents, block, .. } = self.input;
        let program = decisions.program;
        let mut section = ElementSection::new();
        for id in contents.present.elements.iter() {
            let element = segment::element(program, id);
            let target = segment::element_target(program, id)?;
            let layout = &self.input.layout;
            let mut rewrite = self.rewrite(program.elements[id].instance);
            let offset;
            let mode = match (decisions.starts.element(id), target) {
                (Some(Applied::Active(at)), Some(target)) if at == *block => {
                    let table = layout.table(target.into)?;
                    offset = match layout.part(target.into) {
                        None => ConstExpr::raw(rewrite.constant(target.offset)?),
                        Some(part) => {
                            in_part(decisions, program.elements[id].instance, &target, part)?
                        }
                    };
                    // Table 0 has a shorter encoding.
                    ElementMode::Active { table: Some(table).filter(|t| *t != 0), offset: &offset }
                }
                (Some(Applied::Step(at)), _) if at == *block => ElementMode::Passive,
                // Applied elsewhere: before any code here runs, it has been dropped.
                (Some(_), _) => {
                    let elements = match rewrite.element_items(element.items.clone()) {
                        Ok(Elements::Expressions(ty, _)) => {
                            Elements::Expressions(ty, Vec::new().into())
                        }
                        _ => Elements::Functions(Vec::new().into()),
                    };
                    section.segment(ElementSegment { mode: ElementMode::Passive, elements });
                    continue;
                }
                _ if matches!(element.kind, ElementKind::Declared) => ElementMode::Declared,
                _ => ElementMode::Passive,
            };
            let elements = rewrite.element_items(element.items.clone()).map_err(failed)?;
            section.segment(ElementSegment { mode, elements });
        }
        let undeclared = self.undeclared()?;
        if !undeclared.is_empty() {
            section.declared(Elements::Functions(undeclared.into()));
        }
        Ok(section)
    }

    /// Functions that only bodies make references of.
    fn undeclared(&self) -> Result<Vec<u32>> {
        let Input { decisions, contents, layout, block, .. } = self.input;
        let program = decisions.program;
        let mut found: Vec<_> = contents.exports.iter().map(|(_, entity)| *entity).collect();
        for id in contents.present.elements.iter() {
            let here = [None, Some(Applied::Active(*block)), Some(Applied::Step(*block))];
            if here.contains(&decisions.starts.element(id)) {
                segment::item_uses(program, decisions.constants, id, &mut found)?;
            }
        }
        for (_, site) in self.sites(&program.globals, &contents.present.globals, Entity::Global)? {
            let global = &program.module(site.instance).globals[site.position];
            decisions.constants.uses(program, site.instance, &global.init_expr, &mut found)?;
        }
        let mut declared: EntitySet<FuncId> = EntitySet::new();
        for entity in found {
            if let Entity::Func(id) = entity {
                declared.insert(id);
            }
        }
        let referenced = contents.referenced.iter();
        referenced.filter(|id| !declared.contains(*id)).map(|id| layout.func(id)).collect()
    }

    pub fn data(&mut self) -> Result<DataSegments<'p>> {
        let Input { decisions, contents, block, .. } = self.input;
        let program = decisions.program;
        let mut segments = DataSegments::default();
        for id in contents.present.data.iter() {
            let bytes = segment::data(program, id).data;
            match (decisions.starts.data(id), segment::data_target(program, id)?) {
                (Some(Applied::Active(at)), Some(target)) if at == *block => {
                    let memory = self.input.layout.memory(target.into)?;
                    let offset = self.offset(program.data[id].instance, &target)?;
                    segments.active(memory, &offset, bytes);
                }
                (applied, ref target)
                    if self.holds_data(applied, target.as_ref().map(|t| t.into))? =>
                {
                    segments.passive(bytes);
                }
                // Applied elsewhere: before any code here runs, it has been dropped.
                _ => segments.passive(&[]),
            }
        }
        Ok(segments)
    }

    /// Where an active data segment is written: in a region, it is known and fits.
    fn offset(&mut self, instance: InstanceId, to: &Target<'_, MemoryId>) -> Result<ConstExpr> {
        let Decisions { program, constants, regions, .. } = *self.input.decisions;
        let Some(region) = regions.get(to.into) else {
            return Ok(ConstExpr::raw(self.rewrite(instance).constant(to.offset)?));
        };
        let known =
            constants.fold(program, instance, to.offset)?.and_then(|value| value.as_offset());
        let at = known.and_then(|offset| u32::try_from(offset).ok()?.checked_add(region.base));
        let at = at.ok_or_else(|| Error::internal("a segment is active outside its region"))?;
        Ok(ConstExpr::i32_const(at.cast_signed()))
    }

    /// Whether a data segment that is not active here has its bytes here: it is passive, or the
    /// step that applies it finds it here.
    fn holds_data(&self, applied: Option<Applied>, target: Option<MemoryId>) -> Result<bool> {
        let Input { decisions, block, .. } = self.input;
        Ok(match (applied, target) {
            (None, _) => true,
            (Some(Applied::Step(at)), Some(memory)) => {
                let near = decisions.partition.is_near(at, memory);
                *block == if near { at } else { decisions.partition.host(memory)? }
            }
            _ => false,
        })
    }
}
