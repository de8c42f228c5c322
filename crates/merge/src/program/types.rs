//! Gives equal types equal ids, whichever module they are written in.
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
//! The ids are complete before anything is written, so that stages can compare types. Which index a
//! type gets in a module is another matter (`write::numbering`).

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{CompositeType, Encode, FuncType, SubType, TypeSection};
use wasmparser::{CompositeInnerType, RecGroup};

use super::entity::{Definition, FuncId};
use super::resolve::Program;
use crate::hash::HashMap;
use crate::read::{failed, user};
use crate::{Error, External, ExternalId, ExternalType, Link, ModuleId, Result, id};

id! {
    /// A defined type.
    pub struct TypeId("type");
    /// A recursion group.
    pub struct GroupId("rec");
}

/// The types of all modules.
pub struct Types {
    pub groups: PrimaryMap<GroupId, Group>,
    /// Of each type its group. Types of a group are consecutive.
    pub members: PrimaryMap<TypeId, GroupId>,
    modules: SecondaryMap<ModuleId, Vec<TypeId>>,
    /// The function types of external functions and tags.
    externals: SecondaryMap<ExternalId, Option<TypeId>>,
    keys: Keys,
}

/// The group of what is written so.
type Keys = HashMap<Vec<u8>, GroupId>;

/// A recursion group.
pub struct Group {
    pub first: TypeId,
    pub origin: Origin,
    /// Groups that this one refers to.
    pub needs: Vec<GroupId>,
}

/// Where the text of a group is.
pub enum Origin {
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
        }
    }

    /// How many parameters the functions of a type have.
    pub fn params(&self, program: &Program<'_>, id: TypeId) -> Result<usize> {
        Ok(self.signature(program, id)?.params().len())
    }

    /// The parameters and results of the functions of a type. What they say of defined types is in the words of
    /// some module.
    pub fn signature(&self, program: &Program<'_>, id: TypeId) -> Result<FuncType> {
        let group = &self.groups[self.members[id]];
        let ty = match &group.origin {
            Origin::Func(ty) => return Ok(ty.clone()),
            Origin::Module(module, position) => {
                let mut types = program.modules[*module].types[*position].types();
                types.nth((id.as_u32() - group.first.as_u32()) as usize)
            }
        };
        match ty.map(|ty| &ty.composite_type.inner) {
            Some(CompositeInnerType::Func(ty)) => {
                let ty = RoundtripReencoder.func_type(ty.clone());
                ty.map_err(|_| Error::internal(format!("`{id}` cannot be written")))
            }
            _ => Err(Error::internal(format!("`{id}` is not of functions"))),
        }
    }

    /// The function type of an external function or tag.
    pub fn of_external(&self, external: ExternalId) -> Result<TypeId> {
        self.externals[external]
            .ok_or_else(|| Error::internal(format!("`{external}` has no function type")))
    }

    /// The final function type without supertypes that has these parameters and results, if
    /// anything has it.
    pub fn func(&self, ty: &FuncType) -> Option<TypeId> {
        let group = self.keys.get(&key(vec![func(ty)]))?;
        Some(self.groups[*group].first)
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
    let Interner { groups, members, modules, keys } = interner;
    Ok(Types { groups, members, modules, externals, keys })
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
        self.group(vec![func(&ty)], Vec::new(), Origin::Func(ty))
    }

    /// The first type of the group that is written so.
    fn group(&mut self, types: Vec<SubType>, needs: Vec<GroupId>, origin: Origin) -> TypeId {
        let count = types.len();
        let id = *self.keys.entry(key(types)).or_insert_with(|| {
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

/// A final function type without supertypes.
fn func(ty: &FuncType) -> SubType {
    SubType {
        is_final: true,
        supertype_idxs: Vec::new(),
        composite_type: CompositeType {
            inner: wasm_encoder::CompositeInnerType::Func(ty.clone()),
            shared: false,
            descriptor: None,
            describes: None,
        },
    }
}

/// How a group is written.
fn key(types: Vec<SubType>) -> Vec<u8> {
    let mut section = TypeSection::new();
    section.ty().rec(types);
    let mut key = Vec::new();
    section.encode(&mut key);
    key
}

/// The types of a group, with their indices replaced.
pub fn subtypes(
    reencode: &mut impl Reencode<Error = Error>,
    group: &RecGroup,
) -> Result<Vec<SubType>> {
    group.types().map(|ty| reencode.sub_type(ty.clone()).map_err(failed)).collect()
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
            Err(user(Error::internal(format!("type {index} refers to a later one"))))
        }
    }
}
