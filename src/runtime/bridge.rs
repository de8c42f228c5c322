//! The bridge: where values lie on their way to the host and back (`bridge.wat`).

use super::I32;
use super::memories::{ordinary, with_sizes};
use super::store::ROOM;
use crate::core::FuncType;
use crate::error::Result;

/// The module as it is assembled.
const BRIDGE: &[u8] = module!("bridge");

/// The module of the bridge, which can have so many bytes.
pub fn bridge(bytes: u32) -> Result<Vec<u8>> {
    with_sizes(BRIDGE, vec![ordinary()], &[bytes])
}

/// The room of a bridge that has a memory of its own.
pub fn bridge_room() -> Result<Vec<u8>> {
    with_sizes(ROOM, vec![ordinary()], &[])
}

/// An operation of the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BridgeOp {
    /// `cabi_realloc`.
    Realloc,
    /// `() -> mark`: before a call to the host.
    Mark,
    /// `(mark)`: gives back what was allocated since.
    Reset,
    /// `() -> floor`: before the host runs, for an import. What lies there is out of its way.
    Raise,
    /// `(floor)`: when the host's results have been read.
    Lower,
    /// Gives back the parameters of a call from the host, when they have been read.
    Empty,
    /// `(results)`: its `post-return`.
    Release,
    /// `(moving)`: around a drop that shall not destroy.
    Move,
    /// `() -> moving`.
    IsMoving,
}

impl BridgeOp {
    /// What the module exports it as.
    pub fn name(self) -> &'static str {
        match self {
            BridgeOp::Realloc => "realloc",
            BridgeOp::Mark => "mark",
            BridgeOp::Reset => "reset",
            BridgeOp::Raise => "raise",
            BridgeOp::Lower => "lower",
            BridgeOp::Empty => "empty",
            BridgeOp::Release => "release",
            BridgeOp::Move => "move",
            BridgeOp::IsMoving => "is-moving",
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            BridgeOp::Realloc => FuncType::new([I32; 4], [I32]),
            BridgeOp::Mark | BridgeOp::Raise | BridgeOp::IsMoving => FuncType::new([], [I32]),
            BridgeOp::Reset | BridgeOp::Lower | BridgeOp::Release | BridgeOp::Move => {
                FuncType::new([I32], [])
            }
            BridgeOp::Empty => FuncType::new([], []),
        }
    }
}

#[cfg(test)]
mod tests;
