//! What a shim imports, by what it is.
//!
//! Neither names nor indices: `bind` finds the definition of each [`Need`], and the library
//! (`library`) adds the modules of the runtime that are needed.

use wasm_encoder::{MemoryType, ValType};

use crate::analyse::{ExternalId, State, pointer_type};
use crate::error::{Error, Result};
use crate::plan::{CoreEntity, CoreFunc, InstanceId, Plan, StringEncoding};
use crate::runtime::{self, BridgeOp, RunOp, Step, StoreOp, TableOp, TaskPart};

/// Something outside that a shim uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// A core function of a guest.
    Func(CoreFunc),
    /// A function of the boundary.
    External(ExternalId),
    /// The routine that copies UTF-8 from one memory to another, and validates it.
    CopyUtf8(Between),
    /// A routine that moves a run of code units from one memory to another.
    Run(RunOp, Between),
    /// An operation of the bridge.
    Bridge(BridgeOp),
    /// The function that transcodes strings between two ends, to an encoding.
    Transcode(StringEncoding, Transcoder),
    /// The function that allocates at an end, checked.
    Reallocate(Allocator),
    /// A linear memory.
    Memory(Memory),
    /// Of the runtime's own memories, what makes room there.
    Take(Memory),
    /// Likewise, the global that says where that begins.
    Heap(Memory),
    /// An operation of the store.
    Store(StoreOp),
    /// What the store has for tables, by its name.
    StoreFunc(&'static str),
    /// An operation of the handle table of that number.
    Table(u32, TableOp),
    /// A global of the state.
    State(State),
    /// A function of the runtime library that is about tasks, by the part that has it and its name.
    Task(TaskPart, &'static str),
    /// The table of functions that tasks begin with, go on with and return by.
    Functions,
}

/// A linear memory that values lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Memory {
    /// Of a guest.
    Guest(CoreEntity),
    /// The bridge's.
    Bridge,
    /// The store's: no values lie in it, but handles do.
    Store,
    /// That of the records of tasks.
    Records,
}

/// Where values are allocated, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Allocator {
    /// In a guest's memory.
    Guest {
        /// The memory.
        memory: CoreEntity,
        /// Its allocation function.
        realloc: CoreFunc,
        /// The instance whose function that is.
        owner: InstanceId,
    },
    /// In the bridge.
    Bridge,
}

impl Memory {
    /// The core type of pointers into it.
    pub fn pointer(self, plan: &Plan<'_>) -> ValType {
        match self {
            Memory::Guest(memory) => pointer_type(plan, Some(memory)),
            Memory::Bridge | Memory::Store | Memory::Records => ValType::I32,
        }
    }

    /// Its type, as a shim imports it.
    pub fn ty(self, plan: &Plan<'_>) -> Result<MemoryType> {
        let mut imported = runtime::ordinary();
        if let Memory::Guest(memory) = self {
            let module = plan.core_instances[memory.instance].module;
            let ty = plan
                .module(module)
                .memories
                .get(memory.index as usize)
                .ok_or_else(|| Error::internal("a canonical option names an unknown memory"))?;
            imported.maximum = ty.maximum.filter(|_| ty.shared);
            imported.memory64 = ty.memory64;
            imported.shared = ty.shared;
            imported.page_size_log2 = ty.page_size_log2;
        }
        Ok(imported)
    }
}

impl Allocator {
    /// The memory.
    pub fn memory(self) -> Memory {
        match self {
            Allocator::Guest { memory, .. } => Memory::Guest(memory),
            Allocator::Bridge => Memory::Bridge,
        }
    }
}

/// Between which memories text is moved, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Between {
    /// How much in one step.
    pub step: Step,
    /// The memory that is read.
    pub from: Memory,
    /// The memory that is written.
    pub to: Memory,
}

/// Between which ends strings are transcoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transcoder {
    /// The memory that is read.
    pub from: Memory,
    /// Where the result goes.
    pub to: Allocator,
}
