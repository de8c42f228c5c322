//! Gives equal types equal ids, whichever module they are written in, and writes the type section.
//!
//! ```text
//! module A: (type 0 (func (param i32)))  (type 1 (struct (field (ref null 1))))
//! module B: (type 0 (struct (field (ref null 0))))  (type 1 (func (param i32)))
//!                      A's 0 = B's 1,  A's 1 = B's 0
//! ```
//!
//! Identity of types is structural across modules: what one module casts or calls indirectly may
//! come from another. The unit is the recursion group. Two groups are equal if they are written
//! equally once references to types of the group itself are made relative to it, and references to
//! earlier groups are replaced by the ids of those. So a group's encoding, with these replacements,
//! serves as its key, and one pass over a module's types in order finds all ids.
//!
//! The ids are complete before anything is written, so that stages can compare types. The numbering
//! comes later: a type gets its index when the first thing that mentions it is written, after the
//! types which it refers to. Types that nothing mentions are never written.

use std::collections::HashMap;

use cranelift_entity::EntityRef;
use cranelift_entity::PrimaryMap;
use cranelift_entity::SecondaryMap;
use wasm_encoder::Encode;
use wasm_encoder::FuncType;
use wasm_encoder::SubType;
use wasm_encoder::TypeSection;
use wasm_encoder::reencode;
use wasm_encoder::reencode::Reencode;
use wasmparser::CompositeInnerType;
use wasmparser::RecGroup;

use crate::External;
use crate::ExternalId;
use crate::ExternalType;
use crate::Link;
use crate::ModuleId;
use crate::error::Error;
use crate::error::Result;
use crate::id;
use crate::resolve::Definition;
use crate::resolve::FuncId;
use crate::resolve::Program;
use crate::rewrite;

id! {
    /// A defined type.
    pub struct TypeId("type");
    /// A recursion group.
    pub struct GroupId("rec");
}

/// The types of all modules.
pub struct Types {
    groups: PrimaryMap<GroupId, Group>,
    /// Of each type its group. Types of a group are consecutive.
    members: PrimaryMap<TypeId, GroupId>,
    modules: SecondaryMap<ModuleId, Vec<TypeId>>,
    /// The function types of external functions and tags.
    externals: SecondaryMap<ExternalId, Option<TypeId>>,
    nullary: TypeId,
    keys: Keys,
}

/// The group of what is written so.
type Keys = HashMap<Vec<u8>, GroupId>;

struct Group {
    first: TypeId,
    origin: Origin,
    /// Groups that this one refers to.
    needs: Vec<GroupId>,
}

/// Where the text of a group is.
enum Origin {
    Module(ModuleId, usize),
    Func(FuncType),
}

impl Types {
    /// The type that an index means in a module.
    pub fn of_module(&self, module: ModuleId, index: u32) -> Result<TypeId> {
        let types = &self.modules[module];
        usize::try_from(index)
            .ok()
            .and_then(|i| types.get(i))
            .copied()
            .ok_or_else(|| Error::internal(format!("type {index} does not exist")))
    }

    /// The type of a function.
    pub fn of_func(&self, program: &Program<'_>, func: FuncId) -> Result<TypeId> {
        match program.funcs[func] {
            Definition::External(external) => self.of_external(external),
            Definition::Defined(site) => {
                let module = program.instances[site.instance].module;
                self.of_module(module, program.modules[module].functions[site.position])
            }
            Definition::Generated(id) => Ok(program.generated[id].ty),
        }
    }

    /// How many parameters the functions of a type have.
    pub fn params(&self, program: &Program<'_>, id: TypeId) -> Result<usize> {
        let group = &self.groups[self.members[id]];
        let ty = match &group.origin {
            Origin::Func(ty) => return Ok(ty.params().len()),
            Origin::Module(module, position) => {
                let mut types = program.modules[*module].types[*position].types();
                types.nth((id.as_u32() - group.first.as_u32()) as usize)
            }
        };
        match ty.map(|ty| &ty.composite_type.inner) {
            Some(CompositeInnerType::Func(ty)) => Ok(ty.params().len()),
            _ => Err(Error::internal(format!("`{id}` is not of functions"))),
        }
    }

    /// The function type of an external function or tag.
    pub fn of_external(&self, external: ExternalId) -> Result<TypeId> {
        self.externals[external]
            .ok_or_else(|| Error::internal(format!("`{external}` has no function type")))
    }

    /// The final function type without supertypes that has these parameters and results.
    pub fn func(&mut self, ty: FuncType) -> TypeId {
        let mut interner = Interner {
            groups: std::mem::take(&mut self.groups),
            members: std::mem::take(&mut self.members),
            keys: std::mem::take(&mut self.keys),
            modules: SecondaryMap::new(),
        };
        let id = interner.func(ty);
        Interner { groups: self.groups, members: self.members, keys: self.keys, .. } = interner;
        id
    }

    /// The type of functions without parameters and results.
    pub fn nullary(&self) -> TypeId {
        self.nullary
    }
}

/// Finds the ids of all types of a link.
pub fn intern(link: &Link<'_>, program: &Program<'_>) -> Result<Types> {
    let mut interner = Interner::default();
    for (id, module) in &program.modules {
        interner.module(id, &module.types)?;
    }
    let mut externals = SecondaryMap::new();
    for (id, external) in &link.externals {
        check_abstract(external)?;
        externals[id] = match &external.ty {
            ExternalType::Func(ty) | ExternalType::Tag(ty) => Some(interner.func(ty.clone())),
            ExternalType::Table(_) | ExternalType::Memory(_) | ExternalType::Global(_) => None,
        };
    }
    let nullary = interner.func(FuncType::new([], []));
    let Interner { groups, members, modules, keys } = interner;
    Ok(Types { groups, members, modules, externals, nullary, keys })
}

fn check_abstract(external: &External) -> Result<()> {
    if external.ty.is_abstract() {
        return Ok(());
    }
    let External { module, name, ty } = external;
    Err(Error::internal(format!(
        "the external `{module}` `{name}` has a type that names a defined type: {ty:?}"
    )))
}

#[derive(Default)]
struct Interner {
    groups: PrimaryMap<GroupId, Group>,
    members: PrimaryMap<TypeId, GroupId>,
    modules: SecondaryMap<ModuleId, Vec<TypeId>>,
    keys: Keys,
}

impl Interner {
    fn module(&mut self, id: ModuleId, groups: &[RecGroup]) -> Result<()> {
        let mut known: Vec<TypeId> = Vec::new();
        for (position, group) in groups.iter().enumerate() {
            let mut canon = Canon {
                first: known.len(),
                count: group.types().len(),
                known: &known,
                needs: vec![],
            };
            let types = subtypes(&mut canon, group)?;
            let mut needs: Vec<_> = canon.needs.iter().map(|ty| self.members[*ty]).collect();
            needs.sort_unstable();
            needs.dedup();
            let count = types.len();
            let origin = Origin::Module(id, position);
            let first = self.group(types, needs, origin).index();
            known.extend((first..first + count).map(TypeId::new));
        }
        self.modules[id] = known;
        Ok(())
    }

    fn func(&mut self, ty: FuncType) -> TypeId {
        let subtype = SubType {
            is_final: true,
            supertype_idxs: Vec::new(),
            composite_type: wasm_encoder::CompositeType {
                inner: wasm_encoder::CompositeInnerType::Func(ty.clone()),
                shared: false,
                descriptor: None,
                describes: None,
            },
        };
        self.group(vec![subtype], Vec::new(), Origin::Func(ty))
    }

    /// The first type of the group that is written so.
    fn group(&mut self, types: Vec<SubType>, needs: Vec<GroupId>, origin: Origin) -> TypeId {
        let count = types.len();
        let mut section = TypeSection::new();
        section.ty().rec(types);
        let mut key = Vec::new();
        section.encode(&mut key);
        let id = *self.keys.entry(key).or_insert_with(|| {
            let first = self.members.next_key();
            let id = self.groups.push(Group { first, origin, needs });
            for _ in 0..count {
                self.members.push(id);
            }
            id
        });
        self.groups[id].first
    }
}

fn subtypes(reencode: &mut impl Reencode<Error = Error>, group: &RecGroup) -> Result<Vec<SubType>> {
    group.types().map(|ty| reencode.sub_type(ty.clone()).map_err(rewrite::failed)).collect()
}

/// Stands for the type at a position of the group itself, in keys. Ids are smaller: there are at
/// most 2^20 types in a module.
const OWN: u32 = 1 << 31;

/// Makes a recursion group independent of its module.
struct Canon<'a> {
    /// The index of the group's first type, in the module.
    first: usize,
    count: usize,
    known: &'a [TypeId],
    needs: Vec<TypeId>,
}

impl Reencode for Canon<'_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        let position = index as usize;
        if let Some(id) = self.known.get(position) {
            self.needs.push(*id);
            Ok(id.as_u32())
        } else if position - self.first < self.count {
            Ok(OWN | (index - self.first as u32))
        } else {
            Err(rewrite::user(Error::internal(format!("type {index} refers to a later one"))))
        }
    }
}

/// Gives indices to types and writes the type section.
pub struct Numbering<'p> {
    program: &'p Program<'p>,
    types: &'p Types,
    /// The index of the first type of each group that is written.
    indices: SecondaryMap<GroupId, Option<u32>>,
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
        let id = self.numbering.types.of_module(self.module, index).map_err(rewrite::user)?;
        self.numbering.written(id).map_err(rewrite::user)
    }
}
