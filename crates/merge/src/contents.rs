//! What each block has: its definitions, what it imports from others, and what they import from it.
//!
//! ```text
//! {b}:          defines func0, memory0, and access0, on memory0        exports func0 and access0
//! {a, adapter}: defines func1, memory1; calls func0 and access0        imports func0 and access0
//! ```
//!
//! A block has all that is kept of its instances, and whatever that refers to. What another block
//! defines is imported from there, under a name that says what it is: the label of its instance
//! and the name by which that exports it.

use std::collections::{HashMap, HashSet};

use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap};

use crate::constant::Constants;
use crate::error::{Error, ErrorKind, Result};
use crate::generate::{Accesses, Code};
use crate::module::Use;
use crate::partition::{BlockId, Partition};
use crate::reach::{self, Live};
use crate::region::Regions;
use crate::resolve::{Definition, Entity, FuncId, Program};
use crate::start::{Applied, Starts, Step};
use crate::{EntityKind, InstanceId, Link, Options, Start, segment};

/// What a block has.
#[derive(Default)]
pub struct Contents {
    /// Everything that has an index in it.
    pub present: Live,
    /// What it exports, and the names.
    pub exports: Vec<(String, Entity)>,
    /// Functions of which a body makes a reference.
    pub referenced: EntitySet<FuncId>,
    /// Whether a body names a data segment.
    pub data_in_bodies: bool,
    /// Whether it defines anything, or does something when it is instantiated.
    defines: bool,
}

/// Everything that a block is made from.
pub struct Context<'c, 'a> {
    pub link: &'c Link<'a>,
    pub program: &'c Program<'a>,
    pub constants: &'c Constants,
    pub live: &'c Live,
    pub partition: &'c Partition,
    pub starts: &'c Starts,
    pub accesses: &'c Accesses,
    pub regions: &'c Regions,
}

/// Finds what each block has.
pub fn contents(
    context: &Context<'_, '_>,
    options: &Options,
) -> Result<PrimaryMap<BlockId, Contents>> {
    let mut blocks: PrimaryMap<BlockId, Contents> = PrimaryMap::new();
    for _ in context.partition.blocks.keys() {
        blocks.push(Contents::default());
    }
    context.definitions(&mut blocks)?;
    context.segments(&mut blocks)?;
    for phase in context.starts.phases() {
        if let Some(func) = phase.function {
            blocks[phase.block].mention(Entity::Func(func));
            blocks[phase.block].defines = true;
        }
    }
    context.exports(&mut blocks, options)?;
    Ok(blocks)
}

impl Contents {
    /// Whether it has nothing but, perhaps, imports.
    pub fn is_empty(&self) -> bool {
        !self.defines && self.exports.is_empty()
    }

    fn mention(&mut self, entity: Entity) {
        self.present.insert(entity);
    }
}

impl Context<'_, '_> {
    /// Refuses what cannot be there in time: tables are initialised before the globals that the module
    /// defines.
    pub fn check_table_init(
        &self,
        block: BlockId,
        instance: InstanceId,
        expr: &wasmparser::ConstExpr<'_>,
    ) -> Result<()> {
        let mut found = Vec::new();
        self.constants.uses(self.program, instance, expr, &mut found)?;
        for entity in found {
            let defined = self.partition.defines(self.program, entity)? == Some(block);
            if defined && matches!(entity, Entity::Global(_)) {
                return Err(Error::new(
                    ErrorKind::TableInit,
                    "the initial value of a table is a global of another instance that holds a new \
                     object",
                ));
            }
        }
        Ok(())
    }

    /// Puts each definition where it is, with what it refers to.
    fn definitions(&self, blocks: &mut PrimaryMap<BlockId, Contents>) -> Result<()> {
        let Live { funcs, tables, memories, globals, tags, .. } = self.live;
        let generated = self.program.funcs.iter().filter_map(|(id, definition)| match definition {
            Definition::Generated(_) => Some(Entity::Func(id)),
            _ => None,
        });
        let funcs = funcs.iter().map(Entity::Func).chain(generated);
        let tables = tables.iter().map(Entity::Table);
        let memories = memories.iter().map(Entity::Memory);
        let globals = globals.iter().map(Entity::Global);
        let all = funcs.chain(tables).chain(memories).chain(globals);
        let mut found = Vec::new();
        for entity in all.chain(tags.iter().map(Entity::Tag)) {
            let Some(block) = self.partition.defines(self.program, entity)? else { continue };
            let contents = &mut blocks[block];
            contents.mention(entity);
            contents.defines = true;
            match entity {
                Entity::Func(func) => self.func(func, block, contents)?,
                _ => {
                    reach::mentions(self.program, self.constants, entity, &mut found)?;
                    found.drain(..).for_each(|entity| contents.mention(entity));
                }
            }
        }
        Ok(())
    }

    /// What a function refers to where it is.
    fn func(&self, func: FuncId, block: BlockId, contents: &mut Contents) -> Result<()> {
        match self.program.funcs[func] {
            Definition::External(_) => Ok(()),
            Definition::Generated(id) => self.generated(&self.program.generated[id].code, contents),
            Definition::Defined(site) if self.program.is_opaque(site.instance) => Ok(()),
            Definition::Defined(site) => {
                let spaces = &self.program.instances[site.instance];
                let replaced = self.accesses.of_body(func);
                for used in self.program.module(site.instance).uses(site.position) {
                    let entity = spaces.used(*used)?;
                    match (used, entity) {
                        (Use::Memory(_), Entity::Memory(id))
                            if !self.partition.is_near(block, id) =>
                        {
                            continue;
                        }
                        (Use::Data(_), _) if replaced.is_some() => continue,
                        (Use::Data(_), _) => contents.data_in_bodies = true,
                        (Use::Reference(_), Entity::Func(id)) => {
                            contents.referenced.insert(id);
                        }
                        _ => {}
                    }
                    contents.mention(entity);
                }
                for entity in replaced.into_iter().flatten() {
                    contents.data_in_bodies |= matches!(entity, Entity::Data(_));
                    contents.mention(*entity);
                }
                Ok(())
            }
        }
    }

    /// What a function refers to that merging has made.
    fn generated(&self, code: &Code<'_>, contents: &mut Contents) -> Result<()> {
        match code {
            Code::Access { memory, data, .. } => {
                contents.mention(Entity::Memory(*memory));
                if let Some(data) = data {
                    contents.mention(Entity::Data(*data));
                    contents.data_in_bodies = true;
                }
            }
            Code::Drop { data } => {
                contents.mention(Entity::Data(*data));
                contents.data_in_bodies = true;
            }
            Code::Batch { memory, .. } => contents.mention(Entity::Memory(*memory)),
            Code::Copy(copy) => {
                for end in [&copy.to, &copy.from] {
                    match &end.far {
                        None => contents.mention(Entity::Memory(end.memory)),
                        Some(far) => {
                            for func in [far.size, far.copy, far.batch, far.word, far.byte] {
                                contents.mention(Entity::Func(func));
                            }
                        }
                    }
                }
            }
            Code::Start { phase } => {
                let phase = &self.starts.phases()[*phase];
                for step in &phase.steps {
                    self.step(phase.block, *step, contents)?;
                }
            }
        }
        Ok(())
    }

    /// What a step takes: what the segment says, and the segment itself.
    fn step(&self, block: BlockId, step: Step, contents: &mut Contents) -> Result<()> {
        let mut found = Vec::new();
        match step {
            Step::Call(func) => contents.mention(Entity::Func(func)),
            Step::Element(id) => {
                found.push(Entity::Element(id));
                reach::mentions(self.program, self.constants, Entity::Element(id), &mut found)?;
            }
            Step::Data(id) => {
                reach::mentions(self.program, self.constants, Entity::Data(id), &mut found)?;
                if let Some(target) = segment::data_target(self.program, id)?
                    && !self.partition.is_near(block, target.into)
                {
                    found.retain(|entity| *entity != Entity::Memory(target.into));
                    let (init, drop) = self.accesses.far_data(self.partition, id, target.into)?;
                    found.extend([Entity::Func(init), Entity::Func(drop)]);
                } else {
                    found.push(Entity::Data(id));
                    contents.data_in_bodies = true;
                }
            }
        }
        found.into_iter().for_each(|entity| contents.mention(entity));
        Ok(())
    }

    /// Puts each active segment where it is applied. Others are where somebody names them.
    fn segments(&self, blocks: &mut PrimaryMap<BlockId, Contents>) -> Result<()> {
        let Live { elements, data, .. } = self.live;
        let elements = elements.iter().map(|id| (self.starts.element(id), Entity::Element(id)));
        let data = data.iter().map(|id| (self.starts.data(id), Entity::Data(id)));
        let mut found = Vec::new();
        for (applied, entity) in elements.chain(data) {
            if let Some(Applied::Active(block)) = applied {
                reach::mentions(self.program, self.constants, entity, &mut found)?;
                found.push(entity);
                blocks[block].defines = true;
                found.drain(..).for_each(|entity| blocks[block].mention(entity));
            }
        }
        // Those that are named but are not applied there bring the functions in them.
        for contents in blocks.values_mut() {
            let passive: Vec<_> = contents.present.elements.iter().collect();
            for id in passive.into_iter().filter(|id| self.starts.element(*id).is_none()) {
                segment::item_uses(self.program, self.constants, id, &mut found)?;
                found.drain(..).for_each(|entity| contents.mention(entity));
            }
        }
        Ok(())
    }

    /// Names what blocks export: what the result exports, and what other blocks import.
    fn exports(&self, blocks: &mut PrimaryMap<BlockId, Contents>, options: &Options) -> Result<()> {
        let mut taken: SecondaryMap<BlockId, HashSet<String>> = SecondaryMap::new();
        for (export, entity) in self.link.exports.iter().zip(&self.program.exports) {
            let Some(block) = self.partition.defines(self.program, *entity)? else {
                let block = self.partition.last_module()?;
                blocks[block].mention(*entity);
                blocks[block].exports.push((export.name.clone(), *entity));
                continue;
            };
            if !self.partition.blocks[block].opaque {
                blocks[block].exports.push((export.name.clone(), *entity));
                taken[block].insert(export.name.clone());
            }
        }
        let mut wanted: Vec<(BlockId, Entity)> = Vec::new();
        for (user, contents) in blocks.iter() {
            for entity in all(&contents.present) {
                if let Some(block) = self.partition.defines(self.program, entity)?
                    && block != user
                {
                    wanted.push((block, entity));
                }
            }
        }
        for instance in self.program.opaque.iter() {
            for entity in self.program.instances[instance].imports() {
                if let Some(block) = self.partition.defines(self.program, entity)? {
                    wanted.push((block, entity));
                }
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let names = self.names(&wanted)?;
        let known: HashSet<Entity> = self.program.exports.iter().copied().collect();
        for (block, entity) in wanted {
            if self.partition.blocks[block].opaque || known.contains(&entity) {
                continue;
            }
            let name = self.name(entity, &names)?;
            if let Start::Export(start) = &options.start {
                taken[block].insert(start.clone());
            }
            let mut unique = name.clone();
            for n in 2u32.. {
                if taken[block].insert(unique.clone()) {
                    break;
                }
                unique = format!("{name}#{n}");
            }
            blocks[block].exports.push((unique, entity));
        }
        Ok(())
    }

    /// The names by which the instances that define these export them.
    fn names(&self, entities: &[(BlockId, Entity)]) -> Result<HashMap<Entity, &str>> {
        let mut instances: Vec<InstanceId> =
            entities.iter().filter_map(|(_, entity)| self.definer(*entity)).collect();
        instances.sort_unstable();
        instances.dedup();
        let mut names = HashMap::new();
        for instance in instances {
            let spaces = &self.program.instances[instance];
            for (name, kind, index) in &self.program.module(instance).exports {
                names.entry(spaces.item(*kind, *index)?).or_insert(*name);
            }
        }
        Ok(names)
    }

    fn definer(&self, entity: Entity) -> Option<InstanceId> {
        let definition = match entity {
            Entity::Func(id) => self.program.funcs[id],
            Entity::Table(id) => self.program.tables[id],
            Entity::Memory(id) => self.program.memories[id],
            Entity::Global(id) => self.program.globals[id],
            Entity::Tag(id) => self.program.tags[id],
            Entity::Element(_) | Entity::Data(_) => return None,
        };
        match definition {
            Definition::Defined(site) => Some(site.instance),
            _ => None,
        }
    }

    /// What another block calls an entity.
    fn name(&self, entity: Entity, names: &HashMap<Entity, &str>) -> Result<String> {
        let label = |instance: InstanceId| self.link.instances[instance].label.as_str();
        Ok(match (entity, self.definer(entity)) {
            (Entity::Func(id), None) => {
                let Definition::Generated(id) = self.program.funcs[id] else {
                    return Err(Error::internal("an external function is in no block"));
                };
                let generated = &self.program.generated[id];
                match generated.code {
                    Code::Access { memory, .. } | Code::Batch { memory, .. } => {
                        let of = self.definer(Entity::Memory(memory)).map_or("", label);
                        format!(
                            "{of}.{} {}",
                            names.get(&Entity::Memory(memory)).unwrap_or(&"memory"),
                            generated.name
                        )
                    }
                    _ => generated.name.clone(),
                }
            }
            (_, Some(instance)) => match names.get(&entity) {
                Some(name) => format!("{}.{name}", label(instance)),
                None => format!("{}.{}", label(instance), number(entity)),
            },
            _ => number(entity),
        })
    }
}

/// What is called by its id.
fn number(entity: Entity) -> String {
    match entity {
        Entity::Func(id) => id.to_string(),
        Entity::Table(id) => id.to_string(),
        Entity::Memory(id) => id.to_string(),
        Entity::Global(id) => id.to_string(),
        Entity::Tag(id) => id.to_string(),
        Entity::Element(id) => id.to_string(),
        Entity::Data(id) => id.to_string(),
    }
}

/// Everything that can be imported.
pub fn all(present: &Live) -> impl Iterator<Item = Entity> + '_ {
    let Live { funcs, tables, memories, globals, tags, .. } = present;
    let funcs = funcs.iter().map(Entity::Func);
    let tables = tables.iter().map(Entity::Table);
    let memories = memories.iter().map(Entity::Memory);
    let globals = globals.iter().map(Entity::Global);
    funcs.chain(tables).chain(memories).chain(globals).chain(tags.iter().map(Entity::Tag))
}

impl Entity {
    /// The index space that it is in, if others can import it.
    pub fn kind(self) -> Option<EntityKind> {
        match self {
            Entity::Func(_) => Some(EntityKind::Func),
            Entity::Table(_) => Some(EntityKind::Table),
            Entity::Memory(_) => Some(EntityKind::Memory),
            Entity::Global(_) => Some(EntityKind::Global),
            Entity::Tag(_) => Some(EntityKind::Tag),
            Entity::Element(_) | Entity::Data(_) => None,
        }
    }
}
