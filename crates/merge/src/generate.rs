//! The functions that merging makes: accesses to far memories, and the combined start functions.
//!
//! Which there are has to be known before anything is numbered. So the bodies of instances that
//! reach far memories are read twice: here, to find what they need, and when they are copied
//! (`rewrite`), to put calls where the instructions are. Both ask [`Accesses::replace`].
//!
//! A data segment lies where the memories are that it is written to: a copy of it in each block that
//! needs it, and `data.drop` drops them all.

use std::collections::HashMap;

use cranelift_entity::SecondaryMap;
use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, FuncType, MemoryType, ValType};
use wasmparser::Operator;

use crate::access::{self, Access};
use crate::copy::Values;
use crate::error::{Error, Result};
use crate::id;
use crate::module::malformed;
use crate::partition::{BlockId, Partition};
use crate::reach::Live;
use crate::resolve::{DataId, Definition, Entity, FuncId, MemoryId, Program, Spaces};
use crate::rewrite::failed;
use crate::start::{Starts, Step};
use crate::types::{TypeId, Types};
use crate::{ExternalType, InstanceId, Link, Options};

id! {
    /// A function that merging makes.
    pub struct GeneratedId("generated");
}

/// A function that merging makes.
pub struct Generated<'a> {
    /// Where it is.
    pub block: BlockId,
    pub ty: TypeId,
    pub name: String,
    pub code: Code<'a>,
}

/// What such a function does.
pub enum Code<'a> {
    /// One instruction on a memory.
    Access { memory: MemoryId, op: Operator<'a>, data: Option<DataId>, params: u32 },
    /// Drops a data segment.
    Drop { data: DataId },
    /// Reads or writes as many bytes as a copy moves at a time.
    Batch { memory: MemoryId, write: bool, values: Values },
    /// Copies between two memories, as `memory.copy` does.
    Copy(Copy),
    /// Runs the start functions of a phase, and what comes between.
    Start { phase: usize },
}

/// What a copy is made of.
#[derive(Clone, Debug)]
pub struct Copy {
    pub to: End,
    pub from: End,
    pub values: Values,
}

/// One of the two memories of a copy.
#[derive(Clone, Debug)]
pub struct End {
    pub memory: MemoryId,
    pub ty: MemoryType,
    /// How it is reached; nothing if it is near.
    pub far: Option<Far>,
}

/// The functions by which a copy reaches a far memory.
#[derive(Clone, Debug)]
pub struct Far {
    /// `memory.size`
    pub size: FuncId,
    /// `memory.copy` within the memory: traps as that does.
    pub copy: FuncId,
    pub batch: FuncId,
    /// For the 8 bytes and the single bytes that are left.
    pub word: FuncId,
    pub byte: FuncId,
}

/// What stands for an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// It stays.
    Same,
    /// A call.
    Call(FuncId),
    /// Drops of a data segment: its own, where it has one in the block, and those elsewhere.
    Drops { here: bool, elsewhere: Vec<FuncId> },
}

/// What a function is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The memory, and the instruction as it is written when its memory has the index 0 and its data
    /// segment its id.
    Access(MemoryId, Vec<u8>),
    Drop(DataId, BlockId),
    Batch(MemoryId, bool),
    Copy {
        to: MemoryId,
        from: MemoryId,
        in_block: BlockId,
    },
}

/// The accesses to far memories.
#[derive(Default)]
pub struct Accesses {
    made: HashMap<Key, FuncId>,
    /// What a body calls in place of instructions, and the data segments that it names itself. `None`
    /// if all its memories are near.
    bodies: SecondaryMap<FuncId, Option<Vec<Entity>>>,
    /// Where a data segment is written to a far memory.
    data: SecondaryMap<DataId, Vec<BlockId>>,
    /// Whether a body names a data segment for a memory that is near, or for something else.
    here: SecondaryMap<DataId, bool>,
}

impl Accesses {
    /// What a body refers to by its replacements, if there are any.
    pub fn of_body(&self, func: FuncId) -> Option<&[Entity]> {
        self.bodies[func].as_deref()
    }

    /// What stands for an instruction of an instance.
    pub fn replace(
        &self,
        partition: &Partition,
        spaces: &Spaces,
        block: BlockId,
        op: &Operator<'_>,
    ) -> Result<Replacement> {
        match key(partition, spaces, block, op)? {
            Some(key) => self.find(&key).map(Replacement::Call),
            None => match Access::of(op) {
                Access::Drop { data } => {
                    let data = spaces.data.get(data)?;
                    let elsewhere =
                        self.data[data].iter().map(|at| self.find(&Key::Drop(data, *at)));
                    let elsewhere = elsewhere.collect::<Result<Vec<_>>>()?;
                    let here = self.here[data] || elsewhere.is_empty();
                    Ok(Replacement::Drops { here, elsewhere })
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
    ) -> Result<(FuncId, FuncId)> {
        let init = Operator::MemoryInit { data_index: 0, mem: 0 };
        let init = self.find(&Key::Access(memory, encoded(&init, Some(data))?))?;
        let drop = self.find(&Key::Drop(data, partition.host(memory)?))?;
        Ok((init, drop))
    }

    fn find(&self, key: &Key) -> Result<FuncId> {
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
    op: &Operator<'_>,
) -> Result<Option<Key>> {
    let far = |memory: u32| -> Result<Option<MemoryId>> {
        let memory = spaces.memories.get(memory)?;
        Ok(Some(memory).filter(|memory| !partition.is_near(block, *memory)))
    };
    Ok(match Access::of(op) {
        Access::None | Access::Drop { .. } => None,
        Access::One(memory) => match far(memory)? {
            Some(memory) => Some(Key::Access(memory, encoded(op, None)?)),
            None => None,
        },
        Access::Init { memory, data } => match far(memory)? {
            Some(memory) => Some(Key::Access(memory, encoded(op, Some(spaces.data.get(data)?))?)),
            None => None,
        },
        Access::Copy { to, from } if far(to)?.is_none() && far(from)?.is_none() => None,
        Access::Copy { to, from } => {
            let (to, from) = (spaces.memories.get(to)?, spaces.memories.get(from)?);
            match to == from {
                // One memory, imported twice.
                true => {
                    let op = Operator::MemoryCopy { dst_mem: 0, src_mem: 0 };
                    Some(Key::Access(to, encoded(&op, None)?))
                }
                false => Some(Key::Copy { to, from, in_block: block }),
            }
        }
    })
}

/// An instruction with other indices.
pub struct At {
    pub memory: u32,
    pub data: u32,
}

impl Reencode for At {
    type Error = Error;

    fn memory_index(&mut self, _: u32) -> Result<u32, reencode::Error<Error>> {
        Ok(self.memory)
    }

    fn data_index(&mut self, _: u32) -> Result<u32, reencode::Error<Error>> {
        Ok(self.data)
    }
}

fn encoded(op: &Operator<'_>, data: Option<DataId>) -> Result<Vec<u8>> {
    let mut at = At { memory: 0, data: data.map_or(0, |data| data.as_u32()) };
    let mut bytes = Vec::new();
    at.instruction(op.clone()).map_err(failed)?.encode(&mut bytes);
    Ok(bytes)
}

/// Finds the functions that are needed, and adds them to the program.
pub fn generate<'a>(
    link: &Link<'_>,
    options: &Options,
    program: &mut Program<'a>,
    types: &mut Types,
    partition: &Partition,
    live: &Live,
    starts: &mut Starts,
) -> Result<Accesses> {
    let accesses = Accesses::default();
    let values = if options.simd { Values::V128 } else { Values::I64 };
    let mut generator = Generator { link, values, program, types, partition, accesses };
    let bodies: Vec<FuncId> = live.funcs.iter().collect();
    for func in bodies {
        generator.body(func)?;
    }
    for phase in starts.phases() {
        for step in &phase.steps {
            generator.step(phase.block, *step)?;
        }
    }
    // Only now it is known where data segments are.
    generator.drops(live)?;
    let Generator { accesses, .. } = generator;
    for (number, phase) in starts.phases_mut().iter_mut().enumerate() {
        if phase.is_combined() {
            let generated = Generated {
                block: phase.block,
                ty: types.nullary(),
                name: "start".into(),
                code: Code::Start { phase: number },
            };
            let id = program.generated.push(generated);
            phase.function = Some(program.funcs.push(Definition::Generated(id)));
        }
    }
    Ok(accesses)
}

struct Generator<'g, 'a> {
    link: &'g Link<'g>,
    values: Values,
    program: &'g mut Program<'a>,
    types: &'g mut Types,
    partition: &'g Partition,
    accesses: Accesses,
}

impl<'a> Generator<'_, 'a> {
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
        let body = self.program.module(site.instance).bodies[site.position].clone();
        let mut ops = body.get_operators_reader().map_err(malformed)?;
        let mut found = Vec::new();
        while !ops.eof() {
            let op = ops.read().map_err(malformed)?;
            let needed = self.instruction(site.instance, block, op)?;
            found.extend(needed.filter(|entity| !found.contains(entity)));
        }
        self.accesses.bodies[func] = Some(found);
        Ok(())
    }

    /// What an instruction refers to because of a replacement.
    fn instruction(
        &mut self,
        instance: InstanceId,
        block: BlockId,
        op: Operator<'a>,
    ) -> Result<Option<Entity>> {
        let spaces = &self.program.instances[instance];
        let Some(key) = key(self.partition, spaces, block, &op)? else {
            let data = match op {
                Operator::MemoryInit { data_index, .. }
                | Operator::ArrayNewData { array_data_index: data_index, .. }
                | Operator::ArrayInitData { array_data_index: data_index, .. } => {
                    spaces.data.get(data_index)?
                }
                _ => return Ok(None),
            };
            self.accesses.here[data] = true;
            return Ok(Some(Entity::Data(data)));
        };
        let data = match op {
            Operator::MemoryInit { data_index, .. } => Some(spaces.data.get(data_index)?),
            _ => None,
        };
        let func = match key {
            Key::Copy { to, from, in_block } => self.copy(to, from, in_block)?,
            Key::Access(memory, _) => self.access(memory, op, data)?,
            Key::Drop(..) | Key::Batch(..) => {
                return Err(Error::internal("no instruction is a batch"));
            }
        };
        Ok(Some(Entity::Func(func)))
    }

    /// A segment that is written when the program starts.
    fn step(&mut self, block: BlockId, step: Step) -> Result<()> {
        let Step::Data(data) = step else { return Ok(()) };
        let target = crate::segment::data_target(self.program, data)?;
        let Some(memory) = target.map(|target| target.into) else { return Ok(()) };
        if !self.partition.is_near(block, memory) {
            self.access(memory, Operator::MemoryInit { data_index: 0, mem: 0 }, Some(data))?;
        }
        Ok(())
    }

    /// Makes the functions that drop what is elsewhere.
    fn drops(&mut self, live: &Live) -> Result<()> {
        for (data, blocks) in self.accesses.data.clone().iter() {
            for &block in blocks {
                let name = format!("drop {data}");
                let ty = self.types.nullary();
                self.add(Key::Drop(data, block), block, ty, name, Code::Drop { data });
            }
        }
        for func in live.funcs.iter() {
            let Definition::Defined(site) = self.program.funcs[func] else { continue };
            if self.accesses.bodies[func].is_none() {
                continue;
            }
            let body = self.program.module(site.instance).bodies[site.position].clone();
            let spaces = &self.program.instances[site.instance];
            let block = self.partition.of(site.instance)?;
            let mut found = Vec::new();
            for &used in self.program.module(site.instance).uses(site.position) {
                if let crate::module::Use::Data(index) = used {
                    found.push(spaces.data.get(index)?);
                }
            }
            if found.is_empty() {
                continue;
            }
            let mut ops = body.get_operators_reader().map_err(malformed)?;
            let mut needed = Vec::new();
            while !ops.eof() {
                let op = ops.read().map_err(malformed)?;
                let Access::Drop { data } = Access::of(&op) else { continue };
                let replacement = self.accesses.replace(self.partition, spaces, block, &op)?;
                if let Replacement::Drops { here, elsewhere } = replacement {
                    needed.extend(elsewhere.into_iter().map(Entity::Func));
                    if here {
                        needed.push(Entity::Data(spaces.data.get(data)?));
                    }
                }
            }
            if let Some(body) = &mut self.accesses.bodies[func] {
                body.extend(needed);
            }
        }
        Ok(())
    }

    /// The function of one instruction.
    fn access(
        &mut self,
        memory: MemoryId,
        op: Operator<'a>,
        data: Option<DataId>,
    ) -> Result<FuncId> {
        let key = Key::Access(memory, encoded(&op, data)?);
        if let Some(&known) = self.accesses.made.get(&key) {
            return Ok(known);
        }
        let block = self.partition.host(memory)?;
        if let Some(data) = data
            && !self.accesses.data[data].contains(&block)
        {
            self.accesses.data[data].push(block);
        }
        let address = self.address(memory)?;
        let (params, results) = access::signature(&op, address)
            .ok_or_else(|| Error::internal(format!("{op:?} is not on one memory")))?;
        let count = params.len() as u32;
        let ty = self.types.func(FuncType::new(params, results));
        let name = match data {
            Some(data) => format!("{} {data}", access::describe(&op)),
            None => access::describe(&op),
        };
        Ok(self.add(key, block, ty, name, Code::Access { memory, op, data, params: count }))
    }

    fn copy(&mut self, to: MemoryId, from: MemoryId, block: BlockId) -> Result<FuncId> {
        let key = Key::Copy { to, from, in_block: block };
        if let Some(&known) = self.accesses.made.get(&key) {
            return Ok(known);
        }
        let to_end = self.end(to, block, true)?;
        let from_end = self.end(from, block, false)?;
        let (a, b) = (address_type(&to_end.ty), address_type(&from_end.ty));
        let length = if a == b { a } else { ValType::I32 };
        let ty = self.types.func(FuncType::new([a, b, length], []));
        let code = Code::Copy(Copy { to: to_end, from: from_end, values: self.values });
        Ok(self.add(key, block, ty, "memory.copy".into(), code))
    }

    /// One of the memories of a copy in a block.
    fn end(&mut self, memory: MemoryId, block: BlockId, write: bool) -> Result<End> {
        let ty = self.memory_type(memory)?;
        if self.partition.is_near(block, memory) {
            return Ok(End { memory, ty, far: None });
        }
        let target = wasmparser::MemArgTarget::Memory(0);
        let memarg =
            wasmparser::MemArg { align: 0, max_align: 0, offset: 0, target, ordering: None };
        let (word, byte) = match write {
            true => (Operator::I64Store { memarg }, Operator::I32Store8 { memarg }),
            false => (Operator::I64Load { memarg }, Operator::I32Load8U { memarg }),
        };
        let far = Far {
            size: self.access(memory, Operator::MemorySize { mem: 0 }, None)?,
            copy: self.access(memory, Operator::MemoryCopy { dst_mem: 0, src_mem: 0 }, None)?,
            batch: self.batch(memory, write)?,
            word: self.access(memory, word, None)?,
            byte: self.access(memory, byte, None)?,
        };
        Ok(End { memory, ty, far: Some(far) })
    }

    fn batch(&mut self, memory: MemoryId, write: bool) -> Result<FuncId> {
        let key = Key::Batch(memory, write);
        if let Some(&known) = self.accesses.made.get(&key) {
            return Ok(known);
        }
        let address = self.address(memory)?;
        let values = self.values.types();
        let ty = match write {
            true => FuncType::new([address].into_iter().chain(values), []),
            false => FuncType::new([address], values),
        };
        let ty = self.types.func(ty);
        let name = if write { "write batch" } else { "read batch" };
        let block = self.partition.host(memory)?;
        Ok(self.add(
            key,
            block,
            ty,
            name.into(),
            Code::Batch { memory, write, values: self.values },
        ))
    }

    fn add(
        &mut self,
        key: Key,
        block: BlockId,
        ty: TypeId,
        name: String,
        code: Code<'a>,
    ) -> FuncId {
        let id = self.program.generated.push(Generated { block, ty, name, code });
        let func = self.program.funcs.push(Definition::Generated(id));
        self.accesses.made.insert(key, func);
        func
    }

    fn address(&self, memory: MemoryId) -> Result<ValType> {
        Ok(address_type(&self.memory_type(memory)?))
    }

    fn memory_type(&self, memory: MemoryId) -> Result<MemoryType> {
        memory_type(self.link, self.program, memory)
    }
}

/// The type of a memory.
pub fn memory_type(link: &Link<'_>, program: &Program<'_>, id: MemoryId) -> Result<MemoryType> {
    match program.memories[id] {
        Definition::Defined(site) => {
            let ty = program.module(site.instance).memories[site.position];
            RoundtripReencoder
                .memory_type(ty)
                .map_err(|_| Error::internal("a memory type is wrong"))
        }
        Definition::External(external) => match link.externals[external].ty {
            ExternalType::Memory(ty) => Ok(ty),
            _ => Err(Error::internal("an external memory is something else")),
        },
        Definition::Generated(_) => Err(Error::internal("a memory is a function")),
    }
}

/// The type of addresses in a memory.
pub fn address_type(memory: &MemoryType) -> ValType {
    if memory.memory64 { ValType::I64 } else { ValType::I32 }
}
