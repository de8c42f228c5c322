//! Finds what is still of use.
//!
//! ```text
//! export "run" -> $run -> $helper, memory 0 -> its data segments
//!                         table 0 -> its element segments -> the functions in them
//! ```
//!
//! Kept is what can be reached from the exports, the start functions, and the active segments whose
//! effect somebody outside can see: they write to something external, or they may trap. A table or
//! memory that is kept keeps the active segments that fill it.
//!
//! Types are not treated here: they are written when something that is written mentions them.
//!
//! Limits: a table that is kept keeps all functions in it, also those of a type that no indirect
//! call asks for.

use cranelift_entity::{EntityRef, EntitySet, SecondaryMap};
use wasmparser::TableInit;

use crate::program::{
    Constants, DataId, Definition, ElementId, Entity, FuncId, GlobalId, HelperId, MemoryId,
    Program, Site, TableId, TagId, segment,
};
use crate::{InstanceId, Result};

/// What is kept.
#[derive(Default)]
pub struct Live {
    pub funcs: EntitySet<FuncId>,
    pub helpers: EntitySet<HelperId>,
    pub tables: EntitySet<TableId>,
    pub memories: EntitySet<MemoryId>,
    pub globals: EntitySet<GlobalId>,
    pub tags: EntitySet<TagId>,
    pub elements: EntitySet<ElementId>,
    pub data: EntitySet<DataId>,
}

/// Finds what is kept.
pub fn reach(program: &Program<'_>, constants: &Constants) -> Result<Live> {
    let mut reach = Reach::new(program, constants)?;
    reach.pending.extend(program.exports.iter().map(|(_, entity)| *entity));
    reach.pending.extend(program.main.map(Entity::Func));
    for id in program.instances.keys() {
        reach.start(id)?;
    }
    reach.observable_segments()?;
    reach.run()
}

/// Finds what may be touched while the start functions before an instance run. One that calls
/// outside may be called back.
pub fn reach_from_starts_before(
    program: &Program<'_>,
    constants: &Constants,
    end: InstanceId,
) -> Result<Live> {
    let mut reach = Reach::new(program, constants)?;
    for id in program.instances.keys().take_while(|id| *id < end) {
        reach.start(id)?;
    }
    reach.called_back = true;
    reach.run()
}

impl Live {
    /// Keeps an entity; false if it is kept already.
    #[inline]
    pub fn insert(&mut self, entity: Entity) -> bool {
        match entity {
            Entity::Func(id) => insert(&mut self.funcs, id),
            Entity::Helper(id) => insert(&mut self.helpers, id),
            Entity::Table(id) => insert(&mut self.tables, id),
            Entity::Memory(id) => insert(&mut self.memories, id),
            Entity::Global(id) => insert(&mut self.globals, id),
            Entity::Tag(id) => insert(&mut self.tags, id),
            Entity::Element(id) => insert(&mut self.elements, id),
            Entity::Data(id) => insert(&mut self.data, id),
        }
    }
}

/// Adds an id to a set. Mostly it is there already, and to see that takes less than to add it again.
#[inline]
fn insert<I: EntityRef>(set: &mut EntitySet<I>, id: I) -> bool {
    !set.contains(id) && set.insert(id)
}

struct Reach<'p> {
    program: &'p Program<'p>,
    constants: &'p Constants,
    live: Live,
    pending: Vec<Entity>,
    /// The active segments that fill a table.
    elements_of: SecondaryMap<TableId, Vec<ElementId>>,
    /// The active segments that fill a memory.
    data_of: SecondaryMap<MemoryId, Vec<DataId>>,
    /// Whether an external function is still to reach what can be reached from outside.
    called_back: bool,
}

impl<'p> Reach<'p> {
    fn new(program: &'p Program<'p>, constants: &'p Constants) -> Result<Self> {
        let mut elements_of: SecondaryMap<_, Vec<_>> = SecondaryMap::new();
        for id in program.elements.keys() {
            if let Some(target) = segment::element_target(program, id)? {
                elements_of[target.into].push(id);
            }
        }
        let mut data_of: SecondaryMap<_, Vec<_>> = SecondaryMap::new();
        for id in program.data.keys() {
            if let Some(target) = segment::data_target(program, id)? {
                data_of[target.into].push(id);
            }
        }
        Ok(Reach {
            program,
            constants,
            live: Live::default(),
            pending: Vec::new(),
            elements_of,
            data_of,
            called_back: false,
        })
    }

    /// What the instantiation of an instance runs. Code that is not there may use all that it has.
    fn start(&mut self, instance: InstanceId) -> Result<()> {
        let spaces = &self.program.instances[instance];
        if self.program.is_opaque(instance) {
            self.pending.extend(spaces.imports());
        } else if let Some(start) = self.program.module(instance).start {
            self.pending.push(Entity::Func(spaces.funcs.get(start)?));
        }
        Ok(())
    }

    fn run(mut self) -> Result<Live> {
        while let Some(entity) = self.pending.pop() {
            if self.live.insert(entity) {
                self.visit(entity)?;
            }
        }
        Ok(self.live)
    }

    /// Keeps the segments that can be observed by themselves.
    fn observable_segments(&mut self) -> Result<()> {
        for id in self.program.elements.keys() {
            if let Some(target) = segment::element_target(self.program, id)?
                && !segment::element_fits(self.program, self.constants, id, &target)?
            {
                self.pending.push(Entity::Element(id));
            }
        }
        for id in self.program.data.keys() {
            if let Some(target) = segment::data_target(self.program, id)?
                && !segment::data_fits(self.program, self.constants, id, &target)?
            {
                self.pending.push(Entity::Data(id));
            }
        }
        Ok(())
    }

    fn visit(&mut self, entity: Entity) -> Result<()> {
        match entity {
            Entity::Func(id) => match self.program.funcs[id] {
                Definition::External(_) => self.call_outside(),
                Definition::Defined(site) if self.program.is_opaque(site.instance) => {
                    self.pending.extend(self.program.instances[site.instance].imports());
                }
                Definition::Defined(_) => {}
            },
            Entity::Table(id) => {
                self.pending.extend(self.elements_of[id].iter().map(|id| Entity::Element(*id)));
            }
            Entity::Memory(id) => {
                self.pending.extend(self.data_of[id].iter().map(|id| Entity::Data(*id)));
            }
            _ => {}
        }
        mentions(self.program, self.constants, entity, &mut self.pending)
    }

    /// From outside, the exports can be called, and what is in tables that come from there.
    fn call_outside(&mut self) {
        if !std::mem::take(&mut self.called_back) {
            return;
        }
        self.pending.extend(self.program.exports.iter().map(|(_, entity)| *entity));
        for (id, definition) in &self.program.tables {
            if let Definition::External(_) = definition {
                self.pending.push(Entity::Table(id));
            }
        }
    }
}

/// What the text of a definition refers to.
pub fn mentions(
    program: &Program<'_>,
    constants: &Constants,
    entity: Entity,
    found: &mut Vec<Entity>,
) -> Result<()> {
    let Some(Definition::Defined(site)) = program.definition(entity) else { return Ok(()) };
    let Site { instance, position } = site;
    if program.is_opaque(instance) {
        return Ok(());
    }
    let module = program.module(instance);
    match entity {
        Entity::Func(_) => {
            let spaces = &program.instances[instance];
            for used in module.uses(position) {
                found.push(spaces.used(*used)?);
            }
        }
        Entity::Table(_) => {
            if let TableInit::Expr(expr) = &module.tables[position].init {
                constants.uses(program, instance, expr, found)?;
            }
        }
        Entity::Global(id) => {
            // Whoever asks where a memory is has the host look at it.
            found.extend(program.bases[id].map(Entity::Memory));
            constants.uses(program, instance, &module.globals[position].init_expr, found)?;
        }
        Entity::Element(id) => {
            if let Some(target) = segment::element_target(program, id)? {
                found.push(Entity::Table(target.into));
                constants.uses(program, instance, target.offset, found)?;
            }
            segment::item_uses(program, constants, id, found)?;
        }
        Entity::Data(id) => {
            if let Some(target) = segment::data_target(program, id)? {
                found.push(Entity::Memory(target.into));
                constants.uses(program, instance, target.offset, found)?;
            }
        }
        Entity::Helper(_) | Entity::Memory(_) | Entity::Tag(_) => {}
    }
    Ok(())
}
