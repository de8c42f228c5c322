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

use cranelift_entity::EntitySet;
use cranelift_entity::SecondaryMap;
use wasmparser::TableInit;

use super::InstanceId;
use super::constant::Constants;
use super::module::Use;
use super::resolve::DataId;
use super::resolve::Definition;
use super::resolve::ElementId;
use super::resolve::Entity;
use super::resolve::FuncId;
use super::resolve::GlobalId;
use super::resolve::MemoryId;
use super::resolve::Program;
use super::resolve::Site;
use super::resolve::TableId;
use super::resolve::TagId;
use super::segment;
use crate::error::Result;

/// What is kept.
#[derive(Default)]
pub struct Live {
    pub funcs: EntitySet<FuncId>,
    pub tables: EntitySet<TableId>,
    pub memories: EntitySet<MemoryId>,
    pub globals: EntitySet<GlobalId>,
    pub tags: EntitySet<TagId>,
    pub elements: EntitySet<ElementId>,
    pub data: EntitySet<DataId>,
    /// Functions of which a body makes a reference.
    pub referenced: EntitySet<FuncId>,
    /// Whether a body names a data segment.
    pub data_in_bodies: bool,
}

/// Finds what is kept.
pub fn reach(program: &Program<'_>, constants: &Constants) -> Result<Live> {
    let mut reach = Reach::new(program, constants)?;
    reach.pending.extend(&program.exports);
    for (id, spaces) in &program.instances {
        if let Some(start) = program.module(id).start {
            reach.pending.push(Entity::Func(spaces.funcs.get(start)?));
        }
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
    for (id, spaces) in program.instances.iter().take_while(|(id, _)| *id < end) {
        if let Some(start) = program.module(id).start {
            reach.pending.push(Entity::Func(spaces.funcs.get(start)?));
        }
    }
    reach.called_back = true;
    reach.run()
}

impl Live {
    fn insert(&mut self, entity: Entity) -> bool {
        match entity {
            Entity::Func(id) => self.funcs.insert(id),
            Entity::Table(id) => self.tables.insert(id),
            Entity::Memory(id) => self.memories.insert(id),
            Entity::Global(id) => self.globals.insert(id),
            Entity::Tag(id) => self.tags.insert(id),
            Entity::Element(id) => self.elements.insert(id),
            Entity::Data(id) => self.data.insert(id),
        }
    }
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
                Definition::External(_) => {
                    self.call_outside();
                    Ok(())
                }
                Definition::Defined(site) => self.body(site),
            },
            Entity::Table(id) => self.table(id),
            Entity::Memory(id) => {
                self.pending.extend(self.data_of[id].iter().map(|id| Entity::Data(*id)));
                Ok(())
            }
            Entity::Global(id) => self.global(id),
            Entity::Tag(_) => Ok(()),
            Entity::Element(id) => self.element(id),
            Entity::Data(id) => self.data(id),
        }
    }

    /// From outside, the exports can be called, and what is in tables that come from there.
    fn call_outside(&mut self) {
        if !std::mem::take(&mut self.called_back) {
            return;
        }
        self.pending.extend(&self.program.exports);
        for (id, definition) in &self.program.tables {
            if let Definition::External(_) = definition {
                self.pending.push(Entity::Table(id));
            }
        }
    }

    fn body(&mut self, site: Site) -> Result<()> {
        let spaces = &self.program.instances[site.instance];
        for used in self.program.module(site.instance).uses(site.position) {
            let entity = spaces.used(*used)?;
            self.pending.push(entity);
            match (used, entity) {
                (Use::Reference(_), Entity::Func(id)) => {
                    self.live.referenced.insert(id);
                }
                (Use::Data(_), _) => self.live.data_in_bodies = true,
                _ => {}
            }
        }
        Ok(())
    }

    fn table(&mut self, id: TableId) -> Result<()> {
        self.pending.extend(self.elements_of[id].iter().map(|id| Entity::Element(*id)));
        if let Definition::Defined(site) = self.program.tables[id] {
            let table = &self.program.module(site.instance).tables[site.position];
            if let TableInit::Expr(expr) = &table.init {
                self.constants.uses(self.program, site.instance, expr, &mut self.pending)?;
            }
        }
        Ok(())
    }

    fn global(&mut self, id: GlobalId) -> Result<()> {
        if let Definition::Defined(site) = self.program.globals[id] {
            let global = &self.program.module(site.instance).globals[site.position];
            let expr = &global.init_expr;
            self.constants.uses(self.program, site.instance, expr, &mut self.pending)?;
        }
        Ok(())
    }

    fn element(&mut self, id: ElementId) -> Result<()> {
        let instance = self.program.elements[id].instance;
        if let Some(target) = segment::element_target(self.program, id)? {
            self.pending.push(Entity::Table(target.into));
            self.constants.uses(self.program, instance, target.offset, &mut self.pending)?;
        }
        segment::item_uses(self.program, self.constants, id, &mut self.pending)
    }

    fn data(&mut self, id: DataId) -> Result<()> {
        if let Some(target) = segment::data_target(self.program, id)? {
            let instance = self.program.data[id].instance;
            self.pending.push(Entity::Memory(target.into));
            self.constants.uses(self.program, instance, target.offset, &mut self.pending)?;
        }
        Ok(())
    }
}
