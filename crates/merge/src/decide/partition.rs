//! Divides the instances into blocks: each block becomes a module.
//!
//! One module is best, and is what comes out where nothing is in the way. Two things can be:
//!
//! * an engine without multi-memory: a module has one memory at most ([`MemoryPlan::Split`]);
//! * an instance whose code is not there, because its module is imported: it is a block by itself.
//!
//! ```text
//! instances in order, and who uses whom           blocks (split), in order of instantiation
//!   b: memory                                      {b}
//!   a: memory                                      {a, shim, fixup}
//!   shim: uses a, b, and both memories                 shim's accesses to b's memory are calls of
//!   fixup: uses shim                                   functions that {b} exports
//! ```
//!
//! Modules are instantiated one after another, so the blocks must not use one another in a circle.
//! The instances do not, and each by itself would do; the task is to have few.
//!
//! # Nodes
//!
//! What is divided are the instances and, where memories are split, the *hosts* of memories. The
//! host defines the memory (or imports it, if it comes from outside or from code that is not there)
//! and has the functions by which others reach it. A host uses nothing, so an instance with two
//! memories is no obstacle: the second one's host can be instantiated before.
//!
//! Each instance has one memory at *home*, all others are far. With several memories, home is that
//! of its users: what a generated adapter does for its caller then takes place beside the caller,
//! and the calls between the two are calls within a module.
//!
//! # Blocks
//!
//! Nodes are assigned in reverse, so that all users of a node have a block when its turn comes. It
//! joins the block of a user if their memories agree, or else another block with its memory, or
//! else any block without one; provided that the block does not use, through others, a user of the
//! node: that would close a circle. If there is none, it begins a block. What comes later in the
//! reverse order is used by what is assigned and uses nothing of it, so the blocks so far are all
//! that can be in a circle.
//!
//! Two instances that share a memory and call each other through others are in two blocks, then:
//! the later one imports the memory from the earlier.
//!
//! # Effects
//!
//! Code that is not there may start with anything. So what can be observed in the instantiation of
//! other instances is ordered before or after it (see [`Graph::effects`]).
//!
//! # Limits
//!
//! The number of blocks is small, not provably the smallest. The search for circles has a budget;
//! when it is used up, a node joins only a block for which no search is needed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};

use super::indirection::Shortcuts;
use crate::hash::HashMap;
use crate::program::{Definition, Entity, FuncId, MemoryId, Program, Spaces, constant, segment};
use crate::{BlockId, Error, InstanceId, MemoryPlan, Result, id, order};

id! {
    /// Something that is in a block: an instance, or the host of a memory.
    struct NodeId("node");
}

/// Which block everything is in.
pub struct Partition {
    /// The blocks, in the order in which they are instantiated.
    pub blocks: PrimaryMap<BlockId, Block>,
    plan: MemoryPlan,
    instances: SecondaryMap<InstanceId, Option<BlockId>>,
    hosts: SecondaryMap<MemoryId, Option<BlockId>>,
}

/// A block.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// What is in it, in order of instantiation.
    pub instances: Vec<InstanceId>,
    /// The memory that its code reaches directly, where memories are split.
    pub home: Option<MemoryId>,
    /// Whether it is an instance whose code is not there.
    pub opaque: bool,
}

impl Partition {
    /// The block of an instance.
    #[inline]
    pub fn of(&self, instance: InstanceId) -> Result<BlockId> {
        self.instances[instance]
            .ok_or_else(|| Error::internal(format!("`{instance}` is in no block")))
    }

    /// The block that has the functions by which others reach a memory.
    pub fn host(&self, memory: MemoryId) -> Result<BlockId> {
        self.hosts[memory].ok_or_else(|| Error::internal(format!("`{memory}` has no host")))
    }

    /// The last block that becomes a module.
    pub fn last_module(&self) -> Result<BlockId> {
        let mut blocks = self.blocks.iter().rev();
        let last = blocks.find(|(_, block)| !block.opaque).map(|(id, _)| id);
        last.ok_or_else(|| Error::internal("there are no blocks"))
    }

    /// Whether code in a block reaches a memory directly.
    pub fn is_near(&self, block: BlockId, memory: MemoryId) -> bool {
        self.plan != MemoryPlan::Split || self.blocks[block].home == Some(memory)
    }

    /// The block that defines an entity of the program, unless it comes from outside.
    #[inline]
    pub fn defines(&self, program: &Program<'_>, entity: Entity) -> Result<Option<BlockId>> {
        let definition = program.definition(entity);
        let definition = definition.ok_or_else(|| Error::internal("a helper is of no instance"))?;
        match (definition, entity) {
            (Definition::External(_), _) => Ok(None),
            (Definition::Defined(site), Entity::Memory(id))
                if self.plan == MemoryPlan::Split && !program.is_opaque(site.instance) =>
            {
                self.host(id).map(Some)
            }
            (Definition::Defined(site), _) => self.of(site.instance).map(Some),
        }
    }
}

/// The program without the detours: who names a function that stands for another one names that
/// one, unless it is in a block that comes later.
pub fn bypass<'a>(
    program: Program<'a>,
    partition: &Partition,
    shortcuts: &Shortcuts,
) -> Result<Program<'a>> {
    let block = |func: FuncId| partition.defines(&program, Entity::Func(shortcuts.end(func)));
    let blocks = program.funcs.keys().map(block).collect::<Result<PrimaryMap<FuncId, _>>>()?;
    program.with_functions(|user, func| match user {
        Some(user) if blocks[func] > Some(partition.of(user)?) => Ok(func),
        _ => Ok(shortcuts.end(func)),
    })
}

/// Divides the instances.
pub fn partition(
    program: &Program<'_>,
    shortcuts: &Shortcuts,
    plan: MemoryPlan,
) -> Result<Partition> {
    let graph = Graph::new(program, shortcuts, plan)?;
    let mut draft = Draft::default();
    for node in graph.nodes.keys().rev() {
        draft.place(&graph, node)?;
    }
    draft.prefer(program, &graph, shortcuts)?;
    draft.finish(&graph, plan)
}

/// The nodes, in an order in which each comes after what it uses.
struct Graph {
    nodes: PrimaryMap<NodeId, Node>,
    instances: SecondaryMap<InstanceId, Option<NodeId>>,
    hosts: SecondaryMap<MemoryId, Option<NodeId>>,
}

struct Node {
    what: What,
    /// The memory that it reaches directly, where memories are split.
    home: Option<MemoryId>,
    /// The memory of what it uses, if it has none itself and nothing uses it.
    near: Option<MemoryId>,
    opaque: bool,
    users: Vec<NodeId>,
}

#[derive(Clone, Copy)]
enum What {
    Instance(InstanceId),
    Host(MemoryId),
}

impl Graph {
    fn new(program: &Program<'_>, shortcuts: &Shortcuts, plan: MemoryPlan) -> Result<Graph> {
        let mut graph = Graph {
            nodes: PrimaryMap::new(),
            instances: SecondaryMap::new(),
            hosts: SecondaryMap::new(),
        };
        let split = plan == MemoryPlan::Split;
        let mut defined: SecondaryMap<InstanceId, Vec<MemoryId>> = SecondaryMap::new();
        for (memory, definition) in program.memories.iter().filter(|_| split) {
            match definition {
                Definition::Defined(site) => defined[site.instance].push(memory),
                _ => graph.host(memory, None),
            }
        }
        for (id, spaces) in &program.instances {
            let opaque = program.is_opaque(id);
            for memory in defined[id].iter().filter(|_| !opaque) {
                graph.host(*memory, None);
            }
            let home = match spaces.memories.ids() {
                [only] if split && !opaque => Some(*only),
                _ => None,
            };
            let what = What::Instance(id);
            let node = graph.nodes.push(Node { what, home, near: None, opaque, users: Vec::new() });
            graph.instances[id] = Some(node);
            for used in graph.used(program, spaces)? {
                graph.uses(node, used);
            }
            for memory in defined[id].iter().filter(|_| opaque) {
                graph.host(*memory, Some(node));
            }
        }
        graph.effects(program)?;
        if split {
            graph.homes(program, shortcuts);
        }
        Ok(graph)
    }

    fn host(&mut self, memory: MemoryId, uses: Option<NodeId>) {
        let (what, home) = (What::Host(memory), Some(memory));
        let users = Vec::new();
        let node = self.nodes.push(Node { what, home, near: None, opaque: false, users });
        self.hosts[memory] = Some(node);
        if let Some(used) = uses {
            self.uses(node, used);
        }
    }

    fn uses(&mut self, user: NodeId, used: NodeId) {
        if user != used && self.nodes[used].users.last() != Some(&user) {
            self.nodes[used].users.push(user);
        }
    }

    /// The nodes of what an instance mentions.
    fn used(&self, program: &Program<'_>, spaces: &Spaces) -> Result<BTreeSet<NodeId>> {
        let instance = |definition: Definition| self.instances[definition.instance()?];
        let funcs = spaces.funcs.imports().iter().map(|id| program.funcs[*id]);
        let tables = spaces.tables.imports().iter().map(|id| program.tables[*id]);
        let globals = spaces.globals.imports().iter().map(|id| program.globals[*id]);
        let tags = spaces.tags.imports().iter().map(|id| program.tags[*id]);
        let others = funcs.chain(tables).chain(globals).chain(tags).filter_map(instance);
        let memories = spaces
            .memories
            .ids()
            .iter()
            .filter_map(|id| self.hosts[*id].or_else(|| instance(program.memories[*id])));
        Ok(order::set(others.chain(memories)))
    }

    /// Orders what can be observed before and after the instances whose code is not there. Segments
    /// that surely fit into what the instance itself defines cannot be.
    fn effects(&mut self, program: &Program<'_>) -> Result<()> {
        if program.opaque.is_empty() {
            return Ok(());
        }
        let constants = constant::evaluate(program)?;
        let mut effects: SecondaryMap<InstanceId, bool> = SecondaryMap::new();
        for id in program.instances.keys() {
            effects[id] = program.is_opaque(id) || program.module(id).start.is_some();
        }
        for (id, site) in &program.elements {
            if let Some(target) = segment::element_target(program, id)? {
                let own = program.tables[target.into].instance() == Some(site.instance);
                effects[site.instance] |=
                    !own || !segment::element_fits(program, &constants, id, &target)?;
            }
        }
        for (id, site) in &program.data {
            if let Some(target) = segment::data_target(program, id)? {
                let own = program.memories[target.into].instance() == Some(site.instance);
                effects[site.instance] |=
                    !own || !segment::data_fits(program, &constants, id, &target)?;
            }
        }
        let mut opaque = None;
        let mut since: Vec<NodeId> = Vec::new();
        for id in program.instances.keys().filter(|id| effects[*id]) {
            let Some(node) = self.instances[id] else { continue };
            if let Some(opaque) = opaque {
                self.uses(node, opaque);
            }
            since.push(node);
            if program.is_opaque(id) {
                for before in since.drain(..) {
                    self.uses(node, before);
                }
                opaque = Some(node);
            }
        }
        Ok(())
    }

    /// Chooses the memory at home of each instance that has several, from its users back to it; and
    /// what an instance without memory and users belongs to.
    fn homes(&mut self, program: &Program<'_>, shortcuts: &Shortcuts) {
        // Whom a function is called by, also where it is called through a table now.
        let mut callers: SecondaryMap<InstanceId, Vec<InstanceId>> = SecondaryMap::new();
        for (id, spaces) in &program.instances {
            for func in spaces.funcs.imports() {
                if let Definition::Defined(site) = program.funcs[shortcuts.end(*func)] {
                    callers[site.instance].push(id);
                }
            }
        }
        for id in program.instances.keys().rev() {
            let Some(node) = self.instances[id] else { continue };
            let memories = program.instances[id].memories.ids();
            if memories.len() > 1 && !self.nodes[node].opaque {
                let homes = callers[id].iter().filter_map(|caller| self.home(*caller));
                let voted = most(homes.filter(|home| memories.contains(home)));
                self.nodes[node].home = voted.or(memories.first().copied());
            }
        }
        for (id, spaces) in &program.instances {
            let Some(node) = self.instances[id] else { continue };
            if self.nodes[node].home.is_none() && self.nodes[node].users.is_empty() {
                let used = spaces.funcs.imports().iter();
                let homes = used.filter_map(|func| match program.funcs[*func] {
                    Definition::Defined(site) => self.home(site.instance),
                    _ => None,
                });
                self.nodes[node].near = most(homes);
            }
        }
    }

    fn home(&self, instance: InstanceId) -> Option<MemoryId> {
        self.nodes[self.instances[instance]?].home
    }
}

/// What occurs most often; of several, the first.
fn most(votes: impl Iterator<Item = MemoryId>) -> Option<MemoryId> {
    let mut counts: Vec<(MemoryId, usize)> = Vec::new();
    for vote in votes {
        match counts.iter_mut().find(|(memory, _)| *memory == vote) {
            Some((_, count)) => *count += 1,
            None => counts.push((vote, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(memory, _)| memory)
}

/// Edges that may be looked at, in all searches for circles together.
const BUDGET: usize = 50_000_000;

/// The blocks while they are made. Their ids are in order of creation.
#[derive(Default)]
struct Draft {
    blocks: PrimaryMap<BlockId, Drafted>,
    of: SecondaryMap<NodeId, Option<BlockId>>,
    /// The blocks with a memory.
    by_home: HashMap<MemoryId, Vec<BlockId>>,
    /// The blocks without one.
    homeless: Vec<BlockId>,
    searched: usize,
}

struct Drafted {
    nodes: Vec<NodeId>,
    home: Option<MemoryId>,
    opaque: bool,
    uses: BTreeSet<BlockId>,
}

impl Draft {
    /// Assigns a node, all of whose users are assigned.
    fn place(&mut self, graph: &Graph, node: NodeId) -> Result<()> {
        let Node { home, near, opaque, ref users, .. } = graph.nodes[node];
        let users = order::set(users.iter().filter_map(|user| self.of[*user]));
        let joined = match opaque {
            true => None,
            false => self.candidate(home, near, &users),
        };
        let block = match joined {
            Some(block) => block,
            None => {
                let home = home.or(near);
                let drafted = Drafted { nodes: Vec::new(), home, opaque, uses: BTreeSet::new() };
                let block = self.blocks.push(drafted);
                match home {
                    _ if opaque => {}
                    Some(memory) => self.by_home.entry(memory).or_default().push(block),
                    None => self.homeless.push(block),
                }
                block
            }
        };
        if let (None, Some(memory)) = (self.blocks[block].home, home) {
            self.blocks[block].home = Some(memory);
            self.homeless.retain(|other| *other != block);
            self.by_home.entry(memory).or_default().push(block);
        }
        self.blocks[block].nodes.push(node);
        self.of[node] = Some(block);
        for user in users.into_iter().filter(|user| *user != block) {
            self.blocks[user].uses.insert(block);
        }
        Ok(())
    }

    /// The block that a node with these users joins.
    fn candidate(
        &mut self,
        home: Option<MemoryId>,
        near: Option<MemoryId>,
        users: &BTreeSet<BlockId>,
    ) -> Option<BlockId> {
        let wanted = home.or(near);
        let with_memory = wanted.and_then(|memory| self.by_home.get(&memory));
        let agrees = |block: &BlockId| {
            let Drafted { home: other, opaque, .. } = self.blocks[*block];
            !opaque && (home.is_none() || other.is_none() || other == home)
        };
        // Later blocks are instantiated earlier: they are the ones that the others may use already.
        let by_user = users.iter().rev().filter(|block| agrees(block));
        let same = by_user.clone().filter(|block| self.blocks[**block].home == wanted);
        let homeless = self.homeless.iter().rev().filter(|_| home.is_some() || near.is_none());
        let mut candidates: Vec<BlockId> = Vec::new();
        let all = same.chain(with_memory.into_iter().flatten().rev()).chain(by_user);
        for block in all.chain(homeless) {
            if !candidates.contains(block) {
                candidates.push(*block);
            }
            if candidates.len() == 64 {
                break;
            }
        }
        candidates.into_iter().find(|block| !self.closes_a_circle(*block, users))
    }

    /// Whether a block uses one of the users other than itself.
    fn closes_a_circle(&mut self, from: BlockId, users: &BTreeSet<BlockId>) -> bool {
        if users.iter().all(|user| *user == from) {
            return false;
        }
        let mut seen: BTreeSet<BlockId> = BTreeSet::from([from]);
        let mut pending = vec![from];
        while let Some(block) = pending.pop() {
            for &used in &self.blocks[block].uses {
                self.searched += 1;
                if self.searched > BUDGET || (used != from && users.contains(&used)) {
                    return true;
                }
                if seen.insert(used) {
                    pending.push(used);
                }
            }
        }
        false
    }

    /// Orders the blocks so that as many functions as possible can be called past the tables that
    /// they are in: after the partition, a shortcut leads to an earlier block or is not taken.
    fn prefer(
        &mut self,
        program: &Program<'_>,
        graph: &Graph,
        shortcuts: &Shortcuts,
    ) -> Result<()> {
        let block = |draft: &Draft, instance| graph.instances[instance].and_then(|n| draft.of[n]);
        for (id, spaces) in &program.instances {
            let Some(user) = block(self, id) else { continue };
            for func in spaces.funcs.imports() {
                let end = shortcuts.end(*func);
                let Definition::Defined(site) = program.funcs[end] else { continue };
                let Some(used) = block(self, site.instance) else { continue };
                if end == *func || used == user || self.blocks[user].uses.contains(&used) {
                    continue;
                }
                if !self.closes_a_circle(used, &BTreeSet::from([user])) {
                    self.blocks[user].uses.insert(used);
                }
            }
        }
        Ok(())
    }

    /// Numbers the blocks in an order in which each comes after those that it uses, and otherwise
    /// in that of the first thing in them.
    fn finish(self, graph: &Graph, plan: MemoryPlan) -> Result<Partition> {
        let first = |block: BlockId| self.blocks[block].nodes.iter().min().copied();
        let mut waits: SecondaryMap<BlockId, usize> = SecondaryMap::new();
        let mut users: SecondaryMap<BlockId, Vec<BlockId>> = SecondaryMap::new();
        let mut ready = BinaryHeap::new();
        for (id, block) in &self.blocks {
            waits[id] = block.uses.len();
            for used in &block.uses {
                users[*used].push(id);
            }
            if block.uses.is_empty() {
                ready.push(Reverse((first(id), id)));
            }
        }
        let mut blocks = PrimaryMap::with_capacity(self.blocks.len());
        let mut partition = Partition {
            blocks: PrimaryMap::new(),
            plan,
            instances: SecondaryMap::new(),
            hosts: SecondaryMap::new(),
        };
        while let Some(Reverse((_, drafted))) = ready.pop() {
            let Drafted { ref nodes, home, opaque, .. } = self.blocks[drafted];
            let id = BlockId::new(blocks.len());
            let mut instances = Vec::new();
            for node in nodes {
                match graph.nodes[*node].what {
                    What::Instance(instance) => {
                        instances.push(instance);
                        partition.instances[instance] = Some(id);
                    }
                    What::Host(memory) => partition.hosts[memory] = Some(id),
                }
            }
            instances.sort_by_cached_key(|instance| instance.as_u32());
            blocks.push(Block { instances, home, opaque });
            for user in &users[drafted] {
                waits[*user] -= 1;
                if waits[*user] == 0 {
                    ready.push(Reverse((first(*user), *user)));
                }
            }
        }
        if blocks.len() != self.blocks.len() {
            return Err(Error::internal("blocks use one another in a circle"));
        }
        // What comes from outside may be exported again, and some module has to do it.
        if blocks.values().all(|block: &Block| block.opaque) {
            blocks.push(Block::default());
        }
        partition.blocks = blocks;
        Ok(partition)
    }
}
