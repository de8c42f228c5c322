//! The two ends of a call, which are alike: who is there, a memory, an encoding.

use wasm_encoder::ValType;

use super::needs::{Allocator, Memory};
use crate::analyse::{BRIDGE_ENCODING, pointer_type};
use crate::error::{Error, Result};
use crate::plan::{CanonicalOptions, InstanceId, Plan, StringEncoding};

/// One end of a call: whose memory a value is in, and how it is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct End {
    /// Who is there.
    pub party: Party,
    /// How strings are encoded.
    pub encoding: StringEncoding,
    /// Where values lie.
    pub memory: Option<Memory>,
    /// Where values are allocated.
    pub allocator: Option<Allocator>,
    /// The core type of pointers.
    pub pointer: ValType,
}

/// Who is at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// A component instance.
    Guest(InstanceId),
    /// The host, with the engine's handles.
    Host,
}

impl End {
    /// That of a guest, with the options that it lifts or lowers with.
    pub fn guest(plan: &Plan<'_>, owner: InstanceId, options: CanonicalOptions) -> Self {
        let allocator = options
            .memory
            .zip(options.realloc)
            .map(|(memory, realloc)| Allocator::Guest { memory, realloc, owner });
        End {
            party: Party::Guest(owner),
            encoding: options.encoding,
            memory: options.memory.map(Memory::Guest),
            allocator,
            pointer: pointer_type(plan, options.memory),
        }
    }

    /// That of the host, whose memory is the bridge.
    pub fn host() -> Self {
        End {
            party: Party::Host,
            encoding: BRIDGE_ENCODING,
            memory: Some(Memory::Bridge),
            allocator: Some(Allocator::Bridge),
            pointer: ValType::I32,
        }
    }

    /// That of the host, which reads and writes the memory of the guest at the other end.
    pub fn host_in(guest: End) -> Self {
        End { party: Party::Host, ..guest }
    }

    /// Whether it is that of the host, and its memory is the bridge.
    pub fn is_bridge(&self) -> bool {
        self.memory == Some(Memory::Bridge)
    }

    /// Whether it is that of the host, which reads and writes the memory of the other end, if any.
    pub fn shares_memory(&self) -> bool {
        self.party == Party::Host && !self.is_bridge()
    }

    /// The memory that values lie in.
    pub fn memory(&self) -> Result<Memory> {
        self.memory.ok_or_else(|| Error::internal("values lie in memory, but there is none"))
    }

    /// Where values are allocated.
    pub fn allocator(&self) -> Result<Allocator> {
        self.allocator.ok_or_else(|| Error::internal("values are lowered without a `realloc`"))
    }
}
