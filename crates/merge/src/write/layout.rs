//! Gives everything that a block has its index in the block's module.
//!
//! Imports come first in each index space, then definitions in instance order; the arenas have that
//! order already, so an index is the number of entries before. Helpers come after the functions of
//! instances, in each of the two. Of the memories that are defined, the one that is accessed most often
//! comes first, because instructions need not name memory 0.
//!
//! Where memories are regions of one memory, all of them have its index, and the sizes of the
//! regions are globals after all others.

use std::fmt::Display;

use cranelift_entity::{EntityRef, EntitySet, SecondaryMap};

use crate::decide::{Contents, Decisions, Growth, Live, Part, Region};
use crate::program::{
    DataId, ElementId, Entity, FuncId, GlobalId, HelperId, MemoryId, TableId, TagId,
};
use crate::{BlockId, Error, Result};

/// The index of everything that is kept.
pub struct Layout {
    funcs: Numbers<FuncId>,
    helpers: Numbers<HelperId>,
    tables: Numbers<TableId>,
    memories: Numbers<MemoryId>,
    globals: Numbers<GlobalId>,
    tags: Numbers<TagId>,
    elements: Numbers<ElementId>,
    data: Numbers<DataId>,
    start: Option<u32>,
    places: SecondaryMap<MemoryId, Option<Place>>,
    parts: SecondaryMap<TableId, Option<Part>>,
    /// Whether memories are regions.
    pub has_regions: bool,
}

/// A region of the one memory, and where its size is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub region: Region,
    /// The index of the global that holds the region's size in bytes.
    pub size: u32,
    /// Of a region that moves, and of the one before it: what moves.
    pub moving: Option<Moving>,
}

/// Where it is known where a region is that moves: the indices of the globals that hold its base and
/// its size, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Moving {
    pub base: u32,
    pub size: u32,
}

/// Numbers what a block has.
pub fn number(
    decisions: &Decisions<'_, '_>,
    block: BlockId,
    contents: &Contents,
) -> Result<Layout> {
    let present = &contents.present;
    let here = |entity| Ok(decisions.defines(entity)? == Some(block));
    let Live { funcs, helpers, tables, memories, globals, tags, elements, data } = present;
    let (funcs, helpers) = functions(funcs, helpers, here)?;
    let (tables, parts) = numbered_tables(decisions, tables, here)?;
    let globals = Numbers::new(globals, |id| here(Entity::Global(id)))?;
    let mut memories = numbered_memories(contents, memories, here)?;
    let mut places = SecondaryMap::new();
    for (memory, region) in decisions.regions.iter() {
        memories.indices[memory] = Some(0);
        let size = globals.next + region.number;
        // What moves is the last region, and its base comes after all sizes.
        let moving = match region.growth {
            Growth::Reserved | Growth::Last => None,
            Growth::Pushing => Some(Moving { base: size + 2, size: size + 1 }),
            Growth::Moving => Some(Moving { base: size + 1, size }),
        };
        places[memory] = Some(Place { region, size, moving });
    }
    let mut layout = Layout {
        funcs,
        helpers,
        tables,
        memories,
        globals,
        tags: Numbers::new(tags, |id| here(Entity::Tag(id)))?,
        elements: Numbers::new(elements, |_| Ok(true))?,
        data: Numbers::new(data, |_| Ok(true))?,
        start: None,
        places,
        parts,
        has_regions: !decisions.regions.is_empty(),
    };
    layout.start = decisions.start(block).map(|start| layout.index(start)).transpose()?;
    Ok(layout)
}

/// Functions of instances and helpers are in one index space.
fn functions(
    funcs: &EntitySet<FuncId>,
    helpers: &EntitySet<HelperId>,
    here: impl Fn(Entity) -> Result<bool>,
) -> Result<(Numbers<FuncId>, Numbers<HelperId>)> {
    let (mut of_funcs, mut of_helpers) = (Numbers::default(), Numbers::default());
    let mut next = 0;
    for definitions in [false, true] {
        of_funcs.next = next;
        of_funcs.add(funcs, |id| Ok(here(Entity::Func(id))? == definitions))?;
        of_helpers.next = of_funcs.next;
        of_helpers.add(helpers, |id| Ok(here(Entity::Helper(id))? == definitions))?;
        next = of_helpers.next;
    }
    Ok((of_funcs, of_helpers))
}

/// Which part of the one table each table is, if it is one.
type Parts = SecondaryMap<TableId, Option<Part>>;

/// Tables. Those that are parts of one have its index, which is where the first of them is.
fn numbered_tables(
    decisions: &Decisions<'_, '_>,
    tables: &EntitySet<TableId>,
    here: impl Fn(Entity) -> Result<bool>,
) -> Result<(Numbers<TableId>, Parts)> {
    let first = decisions.parts.first();
    let mut own = EntitySet::new();
    let mut parts = SecondaryMap::new();
    for table in tables.iter() {
        parts[table] = decisions.parts.get(table);
        if parts[table].is_none() || Some(table) == first {
            own.insert(table);
        }
    }
    let mut numbers = Numbers::new(&own, |id| here(Entity::Table(id)))?;
    let one = first.and_then(|first| numbers.indices[first]);
    for table in tables.iter().filter(|table| parts[*table].is_some()) {
        numbers.indices[table] = one;
    }
    Ok((numbers, parts))
}

/// Memories, and of those that are defined the first one first.
fn numbered_memories(
    contents: &Contents,
    memories: &EntitySet<MemoryId>,
    here: impl Fn(Entity) -> Result<bool>,
) -> Result<Numbers<MemoryId>> {
    let mut defined = EntitySet::new();
    for id in memories.iter() {
        if here(Entity::Memory(id))? {
            defined.insert(id);
        }
    }
    let first = contents.first_of(defined.iter());
    let mut numbers = Numbers::default();
    numbers.add(memories, |id| Ok(!defined.contains(id)))?;
    numbers.add(memories, |id| Ok(Some(id) == first))?;
    numbers.add(memories, |id| Ok(Some(id) != first && defined.contains(id)))?;
    Ok(numbers)
}

struct Numbers<I: EntityRef> {
    indices: SecondaryMap<I, Option<u32>>,
    next: u32,
}

impl<I: EntityRef> Default for Numbers<I> {
    fn default() -> Self {
        Numbers { indices: SecondaryMap::new(), next: 0 }
    }
}

impl<I: EntityRef + Display> Numbers<I> {
    /// What is imported comes before what is defined.
    fn new(present: &EntitySet<I>, is_defined: impl Fn(I) -> Result<bool>) -> Result<Self> {
        let mut numbers = Numbers::default();
        for definitions in [false, true] {
            numbers.add(present, |id| Ok(is_defined(id)? == definitions))?;
        }
        Ok(numbers)
    }

    /// Numbers some of what is present.
    fn add(&mut self, present: &EntitySet<I>, wanted: impl Fn(I) -> Result<bool>) -> Result<()> {
        for id in present.iter() {
            if wanted(id)? {
                self.indices[id] = Some(self.next);
                self.next += 1;
            }
        }
        Ok(())
    }

    #[inline]
    fn get(&self, id: I) -> Result<u32> {
        match self.indices[id] {
            Some(index) => Ok(index),
            None => Err(Error::internal(format!("`{id}` is used but not kept"))),
        }
    }
}

impl Layout {
    /// The index of a function.
    #[inline]
    pub fn func(&self, id: FuncId) -> Result<u32> {
        self.funcs.get(id)
    }

    /// The index of a helper.
    pub fn helper(&self, id: HelperId) -> Result<u32> {
        self.helpers.get(id)
    }

    /// The index of a table.
    pub fn table(&self, id: TableId) -> Result<u32> {
        self.tables.get(id)
    }

    /// The index of a memory.
    pub fn memory(&self, id: MemoryId) -> Result<u32> {
        self.memories.get(id)
    }

    /// The region that a memory is, if it is one.
    pub fn place(&self, id: MemoryId) -> Option<Place> {
        self.places[id]
    }

    /// The part of the one table that a table is, if it is one.
    pub fn part(&self, id: TableId) -> Option<Part> {
        self.parts[id]
    }

    /// The index of a global.
    #[inline]
    pub fn global(&self, id: GlobalId) -> Result<u32> {
        self.globals.get(id)
    }

    /// The index of a tag.
    pub fn tag(&self, id: TagId) -> Result<u32> {
        self.tags.get(id)
    }

    /// The index of an element segment.
    pub fn element(&self, id: ElementId) -> Result<u32> {
        self.elements.get(id)
    }

    /// The index of a data segment.
    pub fn data(&self, id: DataId) -> Result<u32> {
        self.data.get(id)
    }

    /// The index of any entity.
    pub fn index(&self, entity: Entity) -> Result<u32> {
        self.kept(entity).ok_or_else(|| Error::internal(format!("{entity:?} is not kept")))
    }

    /// The index of any entity, if it is kept.
    pub fn kept(&self, entity: Entity) -> Option<u32> {
        match entity {
            Entity::Func(id) => self.funcs.indices[id],
            Entity::Helper(id) => self.helpers.indices[id],
            Entity::Table(id) => self.tables.indices[id],
            Entity::Memory(id) => self.memories.indices[id],
            Entity::Global(id) => self.globals.indices[id],
            Entity::Tag(id) => self.tags.indices[id],
            Entity::Element(id) => self.elements.indices[id],
            Entity::Data(id) => self.data.indices[id],
        }
    }

    /// The index of the function that does what is left to do, if anything is.
    pub fn start(&self) -> Option<u32> {
        self.start
    }
}
