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

use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap};
use wasmparser::ConstExpr;

use super::decisions::Decisions;
use super::helper::Body;
use super::reach::{Live, mentions};
use super::start::{Applied, Step};
use crate::hash::{HashMap, HashSet};
use crate::program::{Definition, Entity, FuncId, MemoryId, Site, segment};
use crate::read::Use;
use crate::{BlockId, Error, ErrorKind, InstanceId, Options, Result, Start, UniqueNames};

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
    /// How often memories are accessed.
    accesses: SecondaryMap<MemoryId, u64>,
    /// Whether it defines anything, or does something when it is instantiated.
    defines: bool,
}

/// Finds what each block has.
pub fn contents(
    decisions: &Decisions<'_, '_>,
    options: &Options,
) -> Result<PrimaryMap<BlockId, Contents>> {
    let mut blocks: PrimaryMap<BlockId, Contents> = PrimaryMap::new();
    for _ in decisions.partition.blocks.keys() {
        blocks.push(Contents::default());
    }
    decisions.definitions(&mut blocks)?;
    decisions.segments(&mut blocks)?;
    for (id, phase) in &decisions.starts.phases {
        if let Some(func) = decisions.helpers.start(id, phase) {
            blocks[phase.block].mention(func);
            blocks[phase.block].defines = true;
        }
    }
    decisions.exports(&mut blocks, options)?;
    Ok(blocks)
}

impl Contents {
    /// Whether it has nothing but, perhaps, imports.
    pub fn is_empty(&self) -> bool {
        !self.defines && self.exports.is_empty()
    }

    /// Which of some memories is to be the first: the one that is accessed most often. An access names
    /// every other memory, which takes a byte.
    pub fn first_of(&self, memories: impl Iterator<Item = MemoryId>) -> Option<MemoryId> {
        // The earliest, if there are several.
        memories.min_by_key(|memory| std::cmp::Reverse(self.accesses[*memory]))
    }

    fn mention(&mut self, entity: Entity) {
        self.present.insert(entity);
    }
}

impl Decisions<'_, '_> {
    /// Refuses what cannot be there in time: tables are initialised before the globals that the
    /// module defines.
    pub fn check_table_init(
        &self,
        block: BlockId,
        instance: InstanceId,
        expr: &ConstExpr<'_>,
    ) -> Result<()> {
        let mut found = Vec::new();
        self.constants.uses(self.program, instance, expr, &mut found)?;
        for entity in found {
            let defined = self.defines(entity)? == Some(block);
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
        let helpers = self.helpers.all.keys().map(Entity::Helper);
        let funcs = funcs.iter().map(Entity::Func).chain(helpers);
        let tables = tables.iter().map(Entity::Table);
        let memories = memories.iter().map(Entity::Memory);
        let globals = globals.iter().map(Entity::Global);
        let all = funcs.chain(tables).chain(memories).chain(globals);
        let mut found = Vec::new();
        for entity in all.chain(tags.iter().map(Entity::Tag)) {
            let Some(block) = self.defines(entity)? else { continue };
            let contents = &mut blocks[block];
            contents.defines = true;
            // What it refers to, its copies do.
            if !matches!(entity, Entity::Func(func) if self.inlined.is_gone(func)) {
                contents.mention(entity);
            }
            match entity {
                Entity::Func(func) => self.func(func, block, contents)?,
                Entity::Helper(id) => self.helper(&self.helpers.all[id].body, contents)?,
                _ => {
                    mentions(self.program, self.constants, entity, &mut found)?;
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
            Definition::Defined(site) if self.program.is_opaque(site.instance) => Ok(()),
            Definition::Defined(site) => {
                let spaces = &self.program.instances[site.instance];
                let replaced = self.helpers.of_body(func);
                let module = self.program.module(site.instance);
                self.count_accesses(site, contents)?;
                for copied in self.inlined.copied(func) {
                    if let Definition::Defined(site) = self.program.funcs[copied] {
                        self.count_accesses(site, contents)?;
                    }
                }
                for used in module.uses(site.position) {
                    let entity = spaces.used(*used)?;
                    match (used, entity) {
                        (Use::Memory(_), Entity::Memory(id))
                            if !self.partition.is_near(block, id) =>
                        {
                            continue;
                        }
                        (Use::Call(_), Entity::Func(id)) if self.inlined.is_gone(id) => continue,
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

    /// Counts how often a body accesses memories.
    fn count_accesses(&self, site: Site, contents: &mut Contents) -> Result<()> {
        let spaces = &self.program.instances[site.instance];
        for (memory, count) in self.program.module(site.instance).accesses(site.position) {
            contents.accesses[spaces.memories.get(*memory)?] += u64::from(*count);
        }
        Ok(())
    }

    /// What a helper refers to.
    fn helper(&self, body: &Body, contents: &mut Contents) -> Result<()> {
        match body {
            Body::Access { memory, data, .. } => {
                contents.mention(Entity::Memory(*memory));
                if let Some(data) = data {
                    contents.mention(Entity::Data(*data));
                    contents.data_in_bodies = true;
                }
            }
            Body::Drop { data } => {
                contents.mention(Entity::Data(*data));
                contents.data_in_bodies = true;
            }
            Body::Batch { memory, .. } => contents.mention(Entity::Memory(*memory)),
            Body::Copy(copy) => {
                for end in [&copy.to, &copy.from] {
                    match &end.far {
                        None => contents.mention(Entity::Memory(end.memory)),
                        Some(far) => {
                            for func in [far.size, far.copy, far.batch, far.word, far.byte] {
                                contents.mention(Entity::Helper(func));
                            }
                        }
                    }
                }
            }
            Body::Start { phase } => {
                let phase = &self.starts.phases[*phase];
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
                mentions(self.program, self.constants, Entity::Element(id), &mut found)?;
            }
            Step::Data(id) => {
                mentions(self.program, self.constants, Entity::Data(id), &mut found)?;
                if let Some(target) = segment::data_target(self.program, id)?
                    && !self.partition.is_near(block, target.into)
                {
                    found.retain(|entity| *entity != Entity::Memory(target.into));
                    let (init, drop) = self.helpers.far_data(self.partition, id, target.into)?;
                    found.extend([Entity::Helper(init), Entity::Helper(drop)]);
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
                mentions(self.program, self.constants, entity, &mut found)?;
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
        let mut taken: SecondaryMap<BlockId, UniqueNames> = SecondaryMap::new();
        for &(name, entity) in &self.program.exports {
            let Some(block) = self.defines(entity)? else {
                let block = self.partition.last_module()?;
                blocks[block].mention(entity);
                blocks[block].exports.push((name.to_string(), entity));
                continue;
            };
            if !self.partition.blocks[block].opaque {
                blocks[block].exports.push((name.to_string(), entity));
                taken[block].reserve(name);
            }
        }
        let mut wanted: Vec<(BlockId, Entity)> = Vec::new();
        for (user, contents) in blocks.iter() {
            for entity in all(&contents.present) {
                if let Some(block) = self.defines(entity)?
                    && block != user
                {
                    wanted.push((block, entity));
                }
            }
        }
        for instance in self.program.opaque.iter() {
            for entity in self.program.instances[instance].imports() {
                if let Some(block) = self.defines(entity)? {
                    wanted.push((block, entity));
                }
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let names = self.names(&wanted)?;
        let known: HashSet<Entity> = self.program.exports.iter().map(|(_, it)| *it).collect();
        for (block, entity) in wanted {
            if self.partition.blocks[block].opaque || known.contains(&entity) {
                continue;
            }
            let name = self.name(entity, &names);
            if let Start::Export(start) = &options.start {
                taken[block].reserve(start.clone());
            }
            blocks[block].exports.push((taken[block].unique(name, "#"), entity));
        }
        Ok(())
    }

    /// The names by which the instances that define these export them.
    fn names(&self, entities: &[(BlockId, Entity)]) -> Result<HashMap<Entity, &str>> {
        let mut instances = EntitySet::new();
        for (_, entity) in entities {
            instances.extend(self.definer(*entity));
        }
        let mut names = HashMap::new();
        for instance in instances.iter() {
            let spaces = &self.program.instances[instance];
            for (name, kind, index) in &self.program.module(instance).exports {
                names.entry(spaces.item(*kind, *index)?).or_insert(*name);
            }
        }
        Ok(names)
    }

    /// The instance that defines an entity which can be imported.
    fn definer(&self, entity: Entity) -> Option<InstanceId> {
        entity.kind()?;
        self.program.definition(entity)?.instance()
    }

    /// What another block calls an entity.
    fn name(&self, entity: Entity, names: &HashMap<Entity, &str>) -> String {
        let label = |instance: InstanceId| self.link.instances[instance].label.as_str();
        let of = |instance: InstanceId| match names.get(&entity) {
            Some(name) => format!("{}.{name}", label(instance)),
            None => format!("{}.{}", label(instance), number(entity)),
        };
        let Entity::Helper(id) = entity else {
            return self.definer(entity).map_or_else(|| number(entity), of);
        };
        let helper = &self.helpers.all[id];
        match helper.body {
            Body::Access { memory, .. } | Body::Batch { memory, .. } => {
                let memory = Entity::Memory(memory);
                let of = self.definer(memory).map_or("", label);
                format!("{of}.{} {}", names.get(&memory).unwrap_or(&"memory"), helper.name)
            }
            _ => helper.name.clone(),
        }
    }
}

/// What is called by its id.
fn number(entity: Entity) -> String {
    match entity {
        Entity::Func(id) => id.to_string(),
        Entity::Helper(id) => id.to_string(),
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
    let Live { funcs, helpers, tables, memories, globals, tags, .. } = present;
    let funcs = funcs.iter().map(Entity::Func).chain(helpers.iter().map(Entity::Helper));
    let tables = tables.iter().map(Entity::Table);
    let memories = memories.iter().map(Entity::Memory);
    let globals = globals.iter().map(Entity::Global);
    funcs.chain(tables).chain(memories).chain(globals).chain(tags.iter().map(Entity::Tag))
}
