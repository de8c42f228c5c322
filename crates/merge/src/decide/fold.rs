//! Finds functions that are written alike, and has one stand for all of them.
//!
//! ```text
//! instance 3:  (func $trap unreachable)    (func $lift (param i32) .. (call $trap) ..)    on memory 0
//! instance 5:  (func $trap unreachable)    (func $lift (param i32) .. (call $trap) ..)    on memory 0
//! merged       one $trap, one $lift
//! ```
//!
//! Who generates modules one by one writes into each what it needs, and much of that is in others, too. Once
//! it is known what their indices stand for, it is known which of it is the same.
//!
//! Two functions are the same if they have one type, one name, and one text, in which each index is replaced
//! by the id of what it names. What they call is compared first: then what calls the same is the same, too.
//! Nobody can tell which of them is called: references to functions cannot be compared, and as the names are
//! equal, a backtrace says the same.
//!
//! Which instances have such functions the link says ([`Instance::shared`](crate::Instance::shared)): those that
//! are generated. What two guests have of one library is about different memories and globals.
//!
//! Rejected: a module of its own for what several modules need. Its functions would have to be decided upon
//! before the code that calls them, and each would need a way to be imported; and it would not find
//! what is the same by chance.
//!
//! Limits: functions that call one another in a circle stay apart, unless each calls only itself; so do those
//! whose text names a defined reference type.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use wasmparser::{HeapType, Name, RefType, ValType};

use super::callees;
use super::partition::Partition;
use crate::code::{Code, Edit, Index, Place, Span, Target, Visitor};
use crate::hash::HashMap;
use crate::program::{Definition, Entity, FuncId, Program, Site, Types};
use crate::read::{Use, malformed};
use crate::{Inlining, Link, Result};

/// The program in which one function stands for all that are the same.
pub fn fold<'a>(
    link: &Link<'_>,
    program: Program<'a>,
    types: &Types,
    partition: &Partition,
) -> Result<Program<'a>> {
    let ends = find(link, &program, types, partition)?;
    program.with_functions(|_, func| Ok(ends[func].unwrap_or(func)))
}

/// What stands for functions, if that is another one.
type Ends = SecondaryMap<FuncId, Option<FuncId>>;

fn find(
    link: &Link<'_>,
    program: &Program<'_>,
    types: &Types,
    partition: &Partition,
) -> Result<Ends> {
    let names = names(link, program);
    let mut ends = Ends::new();
    let mut known: HashMap<Vec<u8>, FuncId> = HashMap::new();
    let open: Vec<FuncId> = program.funcs.keys().filter(|func| names[*func].is_some()).collect();
    let callees = |func| callees_in(program, func, |callee| names[callee].is_some());
    for func in callees::first(&open, callees)? {
        let (Definition::Defined(site), Some(name)) = (program.funcs[func], names[func]) else {
            continue;
        };
        let mut text = Vec::new();
        let ty = types.of_func(program, func)?;
        for number in [name.as_u32(), ty.as_u32(), partition.of(site.instance)?.as_u32()] {
            text.extend(number.to_le_bytes());
        }
        let is_trusted = link.instances[site.instance].is_trusted;
        text.extend([inlining(link, program, func)? as u8, u8::from(is_trusted)]);
        let is_known = write(Writer { program, types, ends: &ends, func, site }, &mut text)?;
        if is_known && let Some(first) = known.get(&text) {
            ends[func] = Some(*first);
        } else if is_known {
            known.insert(text, func);
        }
    }
    Ok(ends)
}

/// Of functions that can be the same as another one, as far as names go, the first of that name.
fn names(link: &Link<'_>, program: &Program<'_>) -> SecondaryMap<FuncId, Option<FuncId>> {
    let mut firsts: BTreeMap<&str, FuncId> = BTreeMap::new();
    let mut names = SecondaryMap::new();
    let sharing =
        link.instances.iter().filter(|(id, it)| it.shared.is_some() && !program.is_opaque(*id));
    for (instance, _) in sharing {
        let spaces = &program.instances[instance];
        let sections = program.module(instance).names.clone().into_iter().flatten();
        for section in sections.map_while(|section| section.ok()) {
            let Name::Function(map) = section else { continue };
            for naming in map.into_iter().map_while(|naming| naming.ok()) {
                let (Some(position), Ok(func)) =
                    (spaces.funcs.position(naming.index), spaces.funcs.get(naming.index))
                else {
                    continue;
                };
                // What it calls another one's is not its own.
                if program.funcs[func] == Definition::Defined(Site { instance, position }) {
                    let first = *firsts.entry(naming.name).or_insert(func);
                    if first != func {
                        names[first] = Some(first);
                        names[func] = Some(first);
                    }
                }
            }
        }
    }
    names
}

/// What inlining can do with a function: to copy it, or to copy something into it.
fn inlining(link: &Link<'_>, program: &Program<'_>, func: FuncId) -> Result<Inlining> {
    let of = |func: FuncId| {
        let instance = program.funcs[func].instance().and_then(|it| link.instances.get(it));
        instance.map_or(Inlining::None, |instance| instance.inlining)
    };
    let is_of_library = |func| of(func) == Inlining::Library;
    Ok(match of(func) {
        Inlining::Into if callees_in(program, func, is_of_library)?.is_empty() => Inlining::None,
        inlining => inlining,
    })
}

/// What a function names of some functions.
fn callees_in(
    program: &Program<'_>,
    func: FuncId,
    is_wanted: impl Fn(FuncId) -> bool,
) -> Result<Vec<FuncId>> {
    let Definition::Defined(Site { instance, position }) = program.funcs[func] else {
        return Ok(Vec::new());
    };
    let spaces = &program.instances[instance];
    let mut found = Vec::new();
    for used in program.module(instance).uses(position) {
        if let Use::Call(index) | Use::Reference(index) = used {
            found.extend(Some(spaces.funcs.get(*index)?).filter(|func| is_wanted(*func)));
        }
    }
    Ok(found)
}

/// Writes the text of a function, with ids for indices; whether that says all of it.
fn write(writer: Writer<'_, '_>, text: &mut Vec<u8>) -> Result<bool> {
    let Site { instance, position } = writer.site;
    let body = &writer.program.module(instance).bodies[position];
    for group in body.get_locals_reader().map_err(malformed)? {
        if let (_, ValType::Ref(ty)) = group.map_err(malformed)?
            && ty.type_index().is_some()
        {
            return Ok(false);
        }
    }
    let code = Code::of_body(body)?;
    let edit = Edit::new(code.bytes, text, None);
    let mut text = Text { writer, edit, is_whole: true };
    code.walk(&mut text)?;
    let is_whole = text.is_whole;
    text.edit.finish();
    Ok(is_whole)
}

/// Whose text is written.
struct Writer<'w, 'a> {
    program: &'w Program<'a>,
    types: &'w Types,
    ends: &'w Ends,
    func: FuncId,
    site: Site,
}

impl Writer<'_, '_> {
    /// The id of what an index names, as a number.
    fn id(&self, what: Index, index: u32) -> Result<u32> {
        let spaces = &self.program.instances[self.site.instance];
        let used = match Use::of(what, index) {
            Some(used) => used,
            // Types are all that is not used.
            None => return Ok(self.types.of_module(spaces.module, index)?.as_u32()),
        };
        Ok(match spaces.used(used)? {
            // What it calls itself is what the other one calls itself.
            Entity::Func(func) if func == self.func => u32::MAX,
            Entity::Func(func) => self.ends[func].unwrap_or(func).as_u32(),
            Entity::Helper(id) => id.as_u32(),
            Entity::Table(id) => id.as_u32(),
            Entity::Memory(id) => id.as_u32(),
            Entity::Global(id) => id.as_u32(),
            Entity::Tag(id) => id.as_u32(),
            Entity::Element(id) => id.as_u32(),
            Entity::Data(id) => id.as_u32(),
        })
    }
}

/// A text under way.
struct Text<'w, 'a> {
    writer: Writer<'w, 'a>,
    edit: Edit<'w>,
    is_whole: bool,
}

impl Visitor for Text<'_, '_> {
    fn index(&mut self, what: Index, index: u32, span: Span) -> Result<()> {
        let id = self.writer.id(what, index)?;
        self.edit.index(span, index, id);
        Ok(())
    }

    fn type_index(&mut self, index: u32, span: Span) -> Result<()> {
        let id = self.writer.id(Index::Type, index)?;
        self.edit.signed_index(span, index, id);
        Ok(())
    }

    fn ref_type(&mut self, ty: RefType, _: Span) -> Result<()> {
        self.is_whole &= ty.type_index().is_none();
        Ok(())
    }

    fn heap_type(&mut self, _: HeapType, _: Span) -> Result<()> {
        // It may be an exact one, which names a type.
        self.is_whole = false;
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        let id = match place.target {
            Target::Memory(index) => self.writer.id(Index::Memory, index)?,
            Target::Array(index) => self.writer.id(Index::Type, index)?,
        };
        self.edit.place(&place, id, place.offset);
        Ok(())
    }

    fn padded(&mut self, span: Span, shortest: &[u8]) {
        self.edit.replace(span, |sink| sink.extend_from_slice(shortest));
    }
}
