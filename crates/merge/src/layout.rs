//! Gives everything that a block has its index in the block's module.
//!
//! Imports come first in each index space, then definitions in instance order; the arenas have that
//! order already, so an index is the number of entries before. Generated functions, the combined
//! start function last, come after those of instances.
//!
//! Where memories are regions of one memory, all of them have its index, and the sizes of the regions
//! are globals after all others.

use cranelift_entity::EntityRef;
use cranelift_entity::EntitySet;
use cranelift_entity::SecondaryMap;

use crate::error::Error;
use crate::error::Result;
use crate::partition::BlockId;
use crate::partition::Partition;
use crate::reach::Live;
use crate::region::Region;
use crate::region::Regions;
use crate::resolve::DataId;
use crate::resolve::ElementId;
use crate::resolve::Entity;
use crate::resolve::FuncId;
use crate::resolve::GlobalId;
use crate::resolve::MemoryId;
use crate::resolve::Program;
use crate::resolve::TableId;
use crate::resolve::TagId;

/// The index of everything that is kept.
pub struct Layout {
    funcs: Numbers<FuncId>,
    tables: Numbers<TableId>,
    memories: Numbers<MemoryId>,
    globals: Numbers<GlobalId>,
    tags: Numbers<TagId>,
    elements: Numbers<ElementId>,
    data: Numbers<DataId>,
    start: Option<u32>,
    places: SecondaryMap<MemoryId, Option<Place>>,
}

/// A region of the one memory, and where its size is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub region: Region,
    /// The index of the global that holds the region's size in bytes.
    pub size: u32,
}

struct Numbers<I: EntityRef> {
    indices: SecondaryMap<I, Option<u32>>,
    next: u32,
}

impl<I: EntityRef + std::fmt::Display> Numbers<I> {
    /// What is imported comes before what is defined.
    fn new(present: &EntitySet<I>, is_defined: impl Fn(I) -> Result<bool>) -> Result<Self> {
        let mut numbers = Numbers { indices: SecondaryMap::new(), next: 0 };
        for definitions in [false, true] {
            for id in present.iter() {
                if is_defined(id)? == definitions {
                    numbers.indices[id] = Some(numbers.next);
                    numbers.next += 1;
                }
            }
        }
        Ok(numbers)
    }

    fn get(&self, id: I) -> Result<u32> {
        self.indices[id].ok_or_else(|| Error::internal(format!("`{id}` is used but not kept")))
    }
}

/// Numbers what a block has.
pub fn number(
    program: &Program<'_>,
    partition: &Partition,
    regions: &Regions,
    block: BlockId,
    present: &Live,
    start: Option<FuncId>,
) -> Result<Layout> {
    let here = |entity| Ok(partition.defines(program, entity)? == Some(block));
    let Live { funcs, tables, memories, globals, tags, elements, data } = present;
    let funcs = Numbers::new(funcs, |id| here(Entity::Func(id)))?;
    let start = start.map(|func| funcs.get(func)).transpose()?;
    let globals = Numbers::new(globals, |id| here(Entity::Global(id)))?;
    let mut memories = Numbers::new(memories, |id| here(Entity::Memory(id)))?;
    let mut places = SecondaryMap::new();
    for (memory, region) in regions.iter() {
        memories.indices[memory] = Some(0);
        places[memory] = Some(Place { region, size: globals.next + region.number });
    }
    Ok(Layout {
        funcs,
        tables: Numbers::new(tables, |id| here(Entity::Table(id)))?,
        memories,
        globals,
        tags: Numbers::new(tags, |id| here(Entity::Tag(id)))?,
        elements: Numbers::new(elements, |_| Ok(true))?,
        data: Numbers::new(data, |_| Ok(true))?,
        start,
        places,
    })
}

impl Layout {
    /// The index of a function.
    pub fn func(&self, id: FuncId) -> Result<u32> {
        self.funcs.get(id)
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

    /// The index of a global.
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

    /// The index of any entity, if it is kept.
    pub fn kept(&self, entity: Entity) -> Option<u32> {
        match entity {
            Entity::Func(id) => self.funcs.indices[id],
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
