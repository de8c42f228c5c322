//! Gives types their indices in a module, and writes the type section.
//!
//! A type gets its index when the first thing that mentions it is written, after the types that it
//! refers to. Types that nothing mentions are never written.

use cranelift_entity::SecondaryMap;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{FuncType, TypeSection};

use crate::hash::HashMap;
use crate::program::types::{GroupId, Origin, subtypes};
use crate::program::{Program, TypeId, Types};
use crate::read::user;
use crate::{Error, ModuleId, Result};

/// Gives indices to types and writes the type section.
pub struct Numbering<'p> {
    program: &'p Program<'p>,
    types: &'p Types,
    /// The index of the first type of each group that is written.
    indices: SecondaryMap<GroupId, Option<u32>>,
    /// The types of helpers that nothing else has.
    helpers: HashMap<FuncType, u32>,
    next: u32,
    section: TypeSection,
}

impl<'p> Numbering<'p> {
    /// Nothing is numbered yet.
    pub fn new(program: &'p Program<'p>, types: &'p Types) -> Self {
        Numbering {
            program,
            types,
            indices: SecondaryMap::new(),
            helpers: HashMap::new(),
            next: 0,
            section: TypeSection::new(),
        }
    }

    /// The index of a type that a module names, in the merged module.
    pub fn of_module(&mut self, module: ModuleId, index: u32) -> Result<u32> {
        self.index(self.types.of_module(module, index)?)
    }

    /// The index of a type, in the merged module.
    pub fn index(&mut self, id: TypeId) -> Result<u32> {
        let group = self.types.members[id];
        if self.indices[group].is_none() {
            self.write(group)?;
        }
        self.written(id)
    }

    /// The index of the final function type without supertypes that has these parameters and
    /// results.
    pub fn func(&mut self, ty: &FuncType) -> Result<u32> {
        if let Some(known) = self.types.func(ty) {
            return self.index(known);
        }
        if let Some(index) = self.helpers.get(ty) {
            return Ok(*index);
        }
        let index = self.next;
        self.section.ty().func_type(ty);
        self.next += 1;
        self.helpers.insert(ty.clone(), index);
        Ok(index)
    }

    /// The type section: all types whose index somebody asked for, and those that they refer to.
    pub fn finish(self) -> TypeSection {
        self.section
    }

    fn written(&self, id: TypeId) -> Result<u32> {
        let group = self.types.members[id];
        let offset = id.as_u32() - self.types.groups[group].first.as_u32();
        let first = self.indices[group]
            .ok_or_else(|| Error::internal(format!("`{id}` is mentioned before it is written")))?;
        Ok(first + offset)
    }

    /// Writes a group after those which it needs. The stack is explicit, because chains of groups
    /// can be as long as the input.
    fn write(&mut self, group: GroupId) -> Result<()> {
        let mut stack = vec![group];
        while let Some(&group) = stack.last() {
            if self.indices[group].is_some() {
                stack.pop();
                continue;
            }
            let before = stack.len();
            let needs = self.types.groups[group].needs.iter().rev();
            stack.extend(needs.filter(|need| self.indices[**need].is_none()));
            if stack.len() == before {
                self.write_one(group)?;
                stack.pop();
            }
        }
        Ok(())
    }

    fn write_one(&mut self, id: GroupId) -> Result<()> {
        let first = self.next;
        self.indices[id] = Some(first);
        match &self.types.groups[id].origin {
            Origin::Func(ty) => {
                self.section.ty().func_type(ty);
                self.next += 1;
            }
            Origin::Module(module, position) => {
                let group = &self.program.modules[*module].types[*position];
                let mut types = subtypes(&mut Final { numbering: self, module: *module }, group)?;
                self.next += types.len() as u32;
                match types.pop() {
                    Some(only) if types.is_empty() => self.section.ty().subtype(&only),
                    last => {
                        types.extend(last);
                        self.section.ty().rec(types);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Replaces the type indices of a module by those of the merged module.
struct Final<'n, 'p> {
    numbering: &'n Numbering<'p>,
    module: ModuleId,
}

impl Reencode for Final<'_, '_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        let id = self.numbering.types.of_module(self.module, index).map_err(user)?;
        self.numbering.written(id).map_err(user)
    }
}
