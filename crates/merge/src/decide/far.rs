//! Finds the helpers: how code reaches far memories, and what runs start functions.
//!
//! Which there are has to be known before anything is numbered. So the bodies of instances that
//! reach far memories are read twice: here, to find what they need, and when they are copied
//! (`write::body`), to put calls where the instructions are. Both ask [`Helpers::replace`].
//!
//! A data segment lies where the memories are that it is written to: a copy of it in each block
//! that needs it, and `data.drop` drops them all.

use std::collections::BTreeSet;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap};
use wasm_encoder::{self as encoder, FuncType, MemArg, MemArgTarget, MemoryType, ValType};
use wasmparser::Operator;

use super::helper::{Body, Copy, End, Far, Helper, Values, address_type, memory_type};
use super::partition::Partition;
use super::reach::Live;
use super::start::{Phase, PhaseId, Starts, Step};
use crate::code::access::{self, Access};
use crate::code::{Code, Immediate, Index, Instruction, Span, Then, Visitor, renamed, written};
use crate::hash::HashMap;
use crate::program::{
    DataId, Definition, Entity, FuncId, HelperId, MemoryId, Program, Spaces, segment,
};
use crate::read::Use;
use crate::{BlockId, Error, ErrorKind, InstanceId, Link, Options, Result};

/// The functions that a module can have in an engine.
const MAX_FUNCTIONS: u32 = 1_000_000;

/// What stands for an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// It stays.
    Same,
    /// A call.
    Call(HelperId),
    /// Drops of a data segment: its own, where it has one in the block, and those elsewhere.
    Drops { data: DataId, here: bool, elsewhere: Vec<HelperId> },
}

/// What a function is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The memory, and the instruction as it is written when its memory has the index 0 and its
    /// data segment its id.
    Access(MemoryId, Vec<u8>),
    Drop(DataId, BlockId),
    Batch(MemoryId, bool),
    Copy {
        to: MemoryId,
        from: MemoryId,
        in_block: BlockId,
    },
}

/// The helpers, and what they are for.
#[derive(Default)]
pub struct Helpers {
    pub all: PrimaryMap<HelperId, Helper>,
    made: HashMap<Key, HelperId>,
    /// The helpers that run phases of several steps.
    starts: SecondaryMap<PhaseId, PackedOption<HelperId>>,
    /// What a body calls in place of instructions, and the data segments that it names itself.
    /// `None` if all its memories are near.
    bodies: SecondaryMap<FuncId, Option<BTreeSet<Entity>>>,
    /// Where a data segment is written to a far memory.
    data: SecondaryMap<DataId, Vec<BlockId>>,
    /// Whether a body names a data segment for a memory that is near, or for something else.
    here: SecondaryMap<DataId, bool>,
}

impl Helpers {
    /// What a body refers to by its replacements, if there are any.
    pub fn of_body(&self, func: FuncId) -> Option<&BTreeSet<Entity>> {
        self.bodies[func].as_ref()
    }

    /// What stands for an instruction of an instance.
    pub fn replace(
        &self,
        partition: &Partition,
        spaces: &Spaces,
        block: BlockId,
        instruction: &Instruction<'_>,
    ) -> Result<Replacement> {
        match key(partition, spaces, block, instruction)? {
            Some(key) => self.find(&key).map(Replacement::Call),
            None => match Access::of(&instruction.operator) {
                Access::Drop { data } => {
                    let data = spaces.data.get(data)?;
                    let elsewhere =
                        self.data[data].iter().map(|at| self.find(&Key::Drop(data, *at)));
                    let elsewhere = elsewhere.collect::<Result<Vec<_>>>()?;
                    let here = self.here[data] || elsewhere.is_empty();
                    Ok(Replacement::Drops { data, here, elsewhere })
                }
                _ => Ok(Replacement::Same),
            },
        }
    }

    /// The function that writes a data segment into a far memory, and the one that drops it there.
    pub fn far_data(
        &self,
        partition: &Partition,
        data: DataId,
        memory: MemoryId,
    ) -> Result<(HelperId, HelperId)> {
        let init = memory_init(data);
        let init = self.find(&Key::Access(memory, init))?;
        let drop = self.find(&Key::Drop(data, partition.host(memory)?))?;
        Ok((init, drop))
    }

    /// The function that runs a phase, if there is anything to do.
    pub fn start(&self, id: PhaseId, phase: &Phase) -> Option<Entity> {
        match phase.steps[..] {
            [] => None,
            [Step::Call(func)] => Some(Entity::Func(func)),
            _ => self.starts[id].expand().map(Entity::Helper),
        }
    }

    fn find(&self, key: &Key) -> Result<HelperId> {
        self.made
            .get(key)
            .copied()
            .ok_or_else(|| Error::internal(format!("no function was made for {key:?}")))
    }
}

/// What stands for an instruction on a far memory.
fn key(
    partition: &Partition,
    spaces: &Spaces,
    block: BlockId,
    instruction: &Instruction<'_>,
) -> Result<Option<Key>> {
    let far = |memory: u32| -> Result<Option<MemoryId>> {
        let memory = spaces.memories.get(memory)?;
        Ok(Some(memory).filter(|memory| !partition.is_near(block, *memory)))
    };
    let access = |memory, data| Ok(Some(Key::Access(memory, canonical(instruction.bytes, data)?)));
    match Access::of(&instruction.operator) {
        Access::None | Access::Drop { .. } => Ok(None),
        Access::One(memory) => match far(memory)? {
            Some(memory) => access(memory, None),
            None => Ok(None),
        },
        Access::Init { memory, data } => match far(memory)? {
            Some(memory) => access(memory, Some(spaces.data.get(data)?)),
            None => Ok(None),
        },
        Access::Copy { to, from } if far(to)?.is_none() && far(from)?.is_none() => Ok(None),
        Access::Copy { to, from } => {
            let (to, from) = (spaces.memories.get(to)?, spaces.memories.get(from)?);
            match to == from {
                // One memory, imported twice.
                true => access(to, None),
                false => Ok(Some(Key::Copy { to, from, in_block: block })),
            }
        }
    }
}

/// An instruction as it is written when its memories have the index 0 and its data segment its id.
fn canonical(instruction: &[u8], data: Option<DataId>) -> Result<Vec<u8>> {
    renamed(instruction, 0, data.map_or(0, DataId::as_u32))
}

/// `memory.init` of a data segment, as it is written then.
fn memory_init(data: DataId) -> Vec<u8> {
    written(&encoder::Instruction::MemoryInit { mem: 0, data_index: data.as_u32() })
}

/// Finds the helpers that are needed.
pub fn helpers(
    link: &Link<'_>,
    options: &Options,
    program: &Program<'_>,
    partition: &Partition,
    live: &Live,
    starts: &Starts,
) -> Result<Helpers> {
    let values = if options.simd { Values::V128 } else { Values::I64 };
    let helpers = Helpers::default();
    let counts = SecondaryMap::new();
    let mut finder = Finder { link, values, program, partition, helpers, counts };
    for func in live.funcs.iter() {
        finder.body(func)?;
    }
    for phase in starts.phases.values() {
        for step in &phase.steps {
            finder.step(phase.block, *step)?;
        }
    }
    // Only now it is known where data segments are.
    finder.drops(live)?;
    for (id, phase) in &starts.phases {
        finder.phase(id, phase);
    }
    Ok(finder.helpers)
}

struct Finder<'f, 'a> {
    link: &'f Link<'f>,
    values: Values,
    program: &'f Program<'a>,
    partition: &'f Partition,
    helpers: Helpers,
    /// How many each block has.
    counts: SecondaryMap<BlockId, u32>,
}

impl<'a> Finder<'_, 'a> {
    /// Reads a body that reaches far memories.
    fn body(&mut self, func: FuncId) -> Result<()> {
        let Definition::Defined(site) = self.program.funcs[func] else { return Ok(()) };
        if self.program.is_opaque(site.instance) {
            return Ok(());
        }
        let block = self.partition.of(site.instance)?;
        let partition = self.partition;
        let spaces = &self.program.instances[site.instance];
        let mut memories = spaces.memories.ids().iter();
        if memories.all(|memory| partition.is_near(block, *memory)) {
            return Ok(());
        }
        let body = &self.program.module(site.instance).bodies[site.position];
        let code = Code::of_body(body)?;
        let found = BTreeSet::new();
        let mut needs = Needs { instance: site.instance, block, found, finder: self };
        code.walk(&mut needs)?;
        let found = needs.found;
        self.helpers.bodies[func] = Some(found);
        Ok(())
    }

    /// What an instruction refers to because of a replacement.
    fn instruction(
        &mut self,
        instance: InstanceId,
        block: BlockId,
        instruction: &Instruction<'_>,
    ) -> Result<Option<Entity>> {
        let spaces = &self.program.instances[instance];
        let Some(key) = key(self.partition, spaces, block, instruction)? else {
            let data = match instruction.operator {
                Operator::MemoryInit { data_index, .. }
                | Operator::ArrayNewData { array_data_index: data_index, .. }
                | Operator::ArrayInitData { array_data_index: data_index, .. } => {
                    spaces.data.get(data_index)?
                }
                _ => return Ok(None),
            };
            self.helpers.here[data] = true;
            return Ok(Some(Entity::Data(data)));
        };
        let data = match instruction.operator {
            Operator::MemoryInit { data_index, .. } => Some(spaces.data.get(data_index)?),
            _ => None,
        };
        let helper = match key {
            Key::Copy { to, from, in_block } => self.copy(to, from, in_block)?,
            Key::Access(memory, instruction) => self.access(memory, instruction, data)?,
            Key::Drop(..) | Key::Batch(..) => {
                return Err(Error::internal("no instruction is a batch"));
            }
        };
        Ok(Some(Entity::Helper(helper)))
    }

    /// A segment that is written when the program starts.
    fn step(&mut self, block: BlockId, step: Step) -> Result<()> {
        let Step::Data(data) = step else { return Ok(()) };
        let target = segment::data_target(self.program, data)?;
        let Some(memory) = target.map(|target| target.into) else { return Ok(()) };
        if !self.partition.is_near(block, memory) {
            self.access(memory, memory_init(data), Some(data))?;
        }
        Ok(())
    }

    /// Makes the functions that drop what is elsewhere.
    fn drops(&mut self, live: &Live) -> Result<()> {
        for (data, blocks) in self.helpers.data.clone().iter() {
            for &block in blocks {
                let name = format!("drop {data}");
                let ty = FuncType::new([], []);
                self.add(Key::Drop(data, block), block, ty, name, Body::Drop { data })?;
            }
        }
        for func in live.funcs.iter() {
            let Definition::Defined(site) = self.program.funcs[func] else { continue };
            let module = self.program.module(site.instance);
            let names_data = module.uses(site.position).iter().any(|it| matches!(it, Use::Data(_)));
            if self.helpers.bodies[func].is_none() || !names_data {
                continue;
            }
            let block = self.partition.of(site.instance)?;
            let code = Code::of_body(&module.bodies[site.position])?;
            let found = BTreeSet::new();
            let mut drops = Drops { instance: site.instance, block, found, finder: self };
            code.walk(&mut drops)?;
            let found = drops.found;
            if let Some(body) = &mut self.helpers.bodies[func] {
                body.extend(found);
            }
        }
        Ok(())
    }

    /// The function of one instruction, as it is written with the indices of a [`Key`].
    fn access(
        &mut self,
        memory: MemoryId,
        instruction: Vec<u8>,
        data: Option<DataId>,
    ) -> Result<HelperId> {
        let key = Key::Access(memory, instruction.clone());
        if let Some(&known) = self.helpers.made.get(&key) {
            return Ok(known);
        }
        let block = self.partition.host(memory)?;
        if let Some(data) = data
            && !self.helpers.data[data].contains(&block)
        {
            self.helpers.data[data].push(block);
        }
        let address = self.address(memory)?;
        let op = Code::of_bytes(&instruction).first()?.operator;
        let (params, results) = access::signature(&op, address).ok_or_else(|| {
            Error::internal(format!("`{}` is not on one memory", access::describe(&op)))
        })?;
        let count = params.len() as u32;
        let ty = FuncType::new(params, results);
        let name = match data {
            Some(data) => format!("{} {data}", access::describe(&op)),
            None => access::describe(&op),
        };
        self.add(key, block, ty, name, Body::Access { memory, instruction, data, params: count })
    }

    fn copy(&mut self, to: MemoryId, from: MemoryId, block: BlockId) -> Result<HelperId> {
        let key = Key::Copy { to, from, in_block: block };
        if let Some(&known) = self.helpers.made.get(&key) {
            return Ok(known);
        }
        let to_end = self.end(to, block, true)?;
        let from_end = self.end(from, block, false)?;
        let (a, b) = (address_type(&to_end.ty), address_type(&from_end.ty));
        let length = if a == b { a } else { ValType::I32 };
        let ty = FuncType::new([a, b, length], []);
        let body = Body::Copy(Copy { to: to_end, from: from_end, values: self.values });
        self.add(key, block, ty, "memory.copy".into(), body)
    }

    /// One of the memories of a copy in a block.
    fn end(&mut self, memory: MemoryId, block: BlockId, write: bool) -> Result<End> {
        let ty = self.memory_type(memory)?;
        if self.partition.is_near(block, memory) {
            return Ok(End { memory, ty, far: None });
        }
        let place = MemArg { offset: 0, align: 0, target: MemArgTarget::Memory(0), ordering: None };
        let (word, byte) = match write {
            true => (encoder::Instruction::I64Store(place), encoder::Instruction::I32Store8(place)),
            false => (encoder::Instruction::I64Load(place), encoder::Instruction::I32Load8U(place)),
        };
        let size = encoder::Instruction::MemorySize(0);
        let copy = encoder::Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 };
        let far = Far {
            size: self.access(memory, written(&size), None)?,
            copy: self.access(memory, written(&copy), None)?,
            batch: self.batch(memory, write)?,
            word: self.access(memory, written(&word), None)?,
            byte: self.access(memory, written(&byte), None)?,
        };
        Ok(End { memory, ty, far: Some(far) })
    }

    fn batch(&mut self, memory: MemoryId, write: bool) -> Result<HelperId> {
        let key = Key::Batch(memory, write);
        if let Some(&known) = self.helpers.made.get(&key) {
            return Ok(known);
        }
        let address = self.address(memory)?;
        let values = self.values.types();
        let ty = match write {
            true => FuncType::new([address].into_iter().chain(values), []),
            false => FuncType::new([address], values),
        };
        let name = if write { "write batch" } else { "read batch" };
        let block = self.partition.host(memory)?;
        self.add(key, block, ty, name.into(), Body::Batch { memory, write, values: self.values })
    }

    /// The function that does the steps of a phase, if it takes one that no instance has.
    fn phase(&mut self, id: PhaseId, phase: &Phase) {
        if !matches!(phase.steps[..], [] | [Step::Call(_)]) {
            let (ty, name) = (FuncType::new([], []), "start".into());
            let body = Body::Start { phase: id };
            let helper = self.helpers.all.push(Helper { block: phase.block, ty, name, body });
            self.helpers.starts[id] = helper.into();
        }
    }

    fn add(
        &mut self,
        key: Key,
        block: BlockId,
        ty: FuncType,
        name: String,
        body: Body,
    ) -> Result<HelperId> {
        // Each is a function. They are counted here, and not when all of them have been written.
        let count = &mut self.counts[block];
        *count += 1;
        if *count > MAX_FUNCTIONS {
            let what = format!(
                "the instructions on memories of other modules become more than {MAX_FUNCTIONS} functions"
            );
            return Err(Error::new(ErrorKind::TooManyHelpers, what));
        }
        let id = self.helpers.all.push(Helper { block, ty, name, body });
        self.helpers.made.insert(key, id);
        Ok(id)
    }

    fn address(&self, memory: MemoryId) -> Result<ValType> {
        Ok(address_type(&self.memory_type(memory)?))
    }

    fn memory_type(&self, memory: MemoryId) -> Result<MemoryType> {
        memory_type(self.link, self.program, memory)
    }
}

/// Finds what the instructions of a body need.
struct Needs<'n, 'f, 'a> {
    finder: &'n mut Finder<'f, 'a>,
    instance: InstanceId,
    block: BlockId,
    found: BTreeSet<Entity>,
}

impl Visitor for Needs<'_, '_, '_> {
    fn takes(&self, immediates: &[Immediate]) -> bool {
        access::names_memory_or_data(immediates)
    }

    fn instruction(&mut self, instruction: &Instruction<'_>, _: Span) -> Result<Then> {
        let needed = self.finder.instruction(self.instance, self.block, instruction)?;
        self.found.extend(needed);
        Ok(Then::Pass)
    }
}

/// Finds the functions that drop what a body drops.
struct Drops<'d, 'f, 'a> {
    finder: &'d Finder<'f, 'a>,
    instance: InstanceId,
    block: BlockId,
    found: BTreeSet<Entity>,
}

impl Visitor for Drops<'_, '_, '_> {
    fn takes(&self, immediates: &[Immediate]) -> bool {
        matches!(immediates, [Immediate::Index(Index::Data)])
    }

    fn instruction(&mut self, instruction: &Instruction<'_>, _: Span) -> Result<Then> {
        let Finder { program, partition, helpers, .. } = self.finder;
        let spaces = &program.instances[self.instance];
        let replacement = helpers.replace(partition, spaces, self.block, instruction)?;
        if let Replacement::Drops { data, here, elsewhere } = replacement {
            self.found.extend(elsewhere.into_iter().map(Entity::Helper));
            self.found.extend(here.then_some(Entity::Data(data)));
        }
        Ok(Then::Pass)
    }
}
