//! Streams and futures one end of which is the host's.
//!
//! # Problem
//!
//! Where the module keeps tasks it keeps both ends of streams and futures, too: records, of which the engine
//! knows nothing. An `async` export may return a readable end, or be called with one. Then one end is the
//! host's, which knows the engine's ends only.
//!
//! # How
//!
//! For a readable end that leaves, the engine makes a pair, and the host gets its readable end; for one
//! that comes, the engine has one already. So there is one end in the engine's table that is *ours*, and the
//! record of the end that the host has says which (`runtime/hosts.wat`). The guest at the other end does
//! not know. What it reads or writes there is read or written in the engine, from its own memory: nothing
//! is copied in between, and the host meets the guest when it would have. An end that comes back to the host
//! is the engine's again.
//!
//! The engine's built-ins are called through the table of functions, as what copies values is: the host
//! is one more that reads, or writes, each type ([`copies`](super::copies)).
//!
//! # Limits
//!
//! The engine moves the values, by what it knows: none of them is a handle, or an end of another stream or
//! future, and they have no pointers if a guest reads them. It cannot where all memories are one.
//!
//! What has gone to the host can come back to another guest. To the engine both are one instance, which may
//! not read what it writes itself unless that is numbers. So of what is none, ends go one way.

use std::collections::BTreeMap;

use wasm_fuser_merge::hash::HashMap;

use super::bridge::Bridged;
use super::copies::{self, Way};
use super::externals::{External, Externals};
use crate::abi::Abi;
use crate::core::ExternalId;
use crate::error::{Error, Result};
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, CanonicalOptions, CopyOp, Plan, Type, TypeId,
};

/// One end of a stream or future whose other end is the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostEnd {
    /// The type of the stream or future; of equal ones, the first.
    pub ty: TypeId,
    /// Whether it is the writable end.
    pub writes: bool,
}

/// The engine's built-ins for such an end.
#[derive(Clone, Copy, Debug)]
pub struct EndOps {
    /// What makes a pair.
    pub new: ExternalId,
    /// What cancels a copy.
    pub cancel: ExternalId,
    /// What drops our end.
    pub drop: ExternalId,
}

/// Why something that an export passes cannot be the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The export is not `async`.
    Synchronous,
    /// It is an error context, or has some.
    ErrorContext,
    /// Values are handles, or have some.
    Handles,
    /// A guest reads values with pointers.
    Pointers,
    /// Ends go both ways, and values are no numbers.
    BothWays,
    /// There is one memory at the boundary, which is no guest's.
    OneMemory,
}

impl Unfit {
    /// The reason, as a clause after what is passed.
    pub fn shown(self) -> &'static str {
        match self {
            Unfit::Synchronous => "and is not `async`",
            Unfit::ErrorContext => "or something with an `error-context`",
            Unfit::Handles => "whose values have handles",
            Unfit::Pointers => "whose values have pointers, for a guest to read",
            Unfit::BothWays => "of what is no number, and such ends go both ways",
            Unfit::OneMemory => "whose values would be read or written in one memory for all",
        }
    }
}

/// What there is for ends of the host's.
#[derive(Debug, Default)]
pub struct Hosts {
    /// The ends; what the engine has for each is known when the externals are.
    ends: HashMap<HostEnd, Option<EndOps>>,
    /// The built-ins of the engine that read and write.
    copies: BTreeMap<Way, ExternalId>,
}

impl Hosts {
    /// Whether there are any.
    pub fn any(&self) -> bool {
        !self.ends.is_empty()
    }

    /// The ends.
    pub fn ends(&self) -> impl Iterator<Item = HostEnd> {
        self.ends.keys().copied()
    }

    /// Whether there is such an end.
    pub fn has(&self, end: HostEnd) -> bool {
        self.ends.contains_key(&end)
    }

    /// What the engine has for an end.
    pub fn ops(&self, end: HostEnd) -> Result<EndOps> {
        let ops = self.ends.get(&end).copied().flatten();
        ops.ok_or_else(|| Error::internal("an end is not the host's"))
    }

    /// The engine's built-in that reads or writes.
    pub fn copy(&self, way: Way) -> Result<ExternalId> {
        let external = self.copies.get(&way).copied();
        external.ok_or_else(|| Error::internal("the engine does not copy values"))
    }

    /// Adds the ends that an `async` export passes; or says what it passes that cannot be the host's.
    pub(super) fn add(
        &mut self,
        plan: &Plan<'_>,
        abi: &Abi,
        bridged: &Bridged,
        ty: TypeId,
    ) -> Result<Option<Unfit>> {
        let func = plan.types.func(ty)?;
        let params = func.param_types().map(|ty| (ty, false));
        for (ty, writes) in params.chain(func.result.map(|ty| (ty, true))) {
            if copies::mentions_error_context(plan, ty) {
                return Ok(Some(Unfit::ErrorContext));
            }
            for part in plan.types.all_parts(ty) {
                if !matches!(plan.types[part], Type::Stream(_) | Type::Future(_)) {
                    continue;
                }
                if let Some(unfit) = unfit(plan, abi, bridged, part, writes) {
                    return Ok(Some(unfit));
                }
                let end = HostEnd { ty: plan.types.canonical(part), writes };
                let back = HostEnd { writes: !writes, ..end };
                if self.has(back) && !copies::has_numbers(plan, part) {
                    return Ok(Some(Unfit::BothWays));
                }
                self.ends.entry(end).or_default();
            }
        }
        Ok(None)
    }

    /// What the engine provides.
    pub(super) fn externals(
        &mut self,
        plan: &Plan<'_>,
        ways: &[Way],
        externals: &mut Externals,
    ) -> Result<()> {
        let mut id = |op, ty| {
            externals.id(External::Builtin(BuiltinKind::Async(AsyncBuiltin::Copy(op, ty))))
        };
        for (HostEnd { ty, writes }, ops) in self.ends.iter_mut() {
            let (cancel, drop) = match writes {
                true => (CopyOp::CancelWrite { async_: false }, CopyOp::DropWritable),
                false => (CopyOp::CancelRead { async_: false }, CopyOp::DropReadable),
            };
            let [new, cancel, drop] = [CopyOp::New, cancel, drop].map(|op| id(op, *ty));
            *ops = Some(EndOps { new, cancel, drop });
        }
        for &way in ways {
            let of: fn(CanonicalOptions) -> CopyOp = match way {
                Way::Between(..) => continue,
                Way::ToHost(_) => CopyOp::Write,
                Way::FromHost(_) => CopyOp::Read,
            };
            let (ty, options) = options(plan, way.end())?;
            self.copies.insert(way, id(of(options), ty));
        }
        Ok(())
    }
}

/// The type that a built-in reads or writes, and with what the engine does that in its place.
fn options(plan: &Plan<'_>, id: BuiltinId) -> Result<(TypeId, CanonicalOptions)> {
    match plan.builtins[id].kind {
        BuiltinKind::Async(kind @ AsyncBuiltin::Copy(_, ty)) => {
            let options = kind.options().unwrap_or_default();
            let has_values = copies::element(plan, ty).is_some();
            Ok((
                ty,
                CanonicalOptions {
                    encoding: options.encoding,
                    memory: options.memory.filter(|_| has_values),
                    async_: true,
                    ..CanonicalOptions::default()
                },
            ))
        }
        _ => Err(Error::internal("expected a built-in of streams")),
    }
}

/// What keeps the engine from moving the values of a stream or future.
fn unfit(plan: &Plan<'_>, abi: &Abi, bridged: &Bridged, ty: TypeId, writes: bool) -> Option<Unfit> {
    let element = copies::element(plan, ty)?;
    let is_ours = |part: TypeId| {
        matches!(
            plan.types[part],
            Type::Own(_) | Type::Borrow(_) | Type::Stream(_) | Type::Future(_)
        )
    };
    if bridged.pointers {
        Some(Unfit::OneMemory)
    } else if !writes && abi.has_pointers(element) {
        Some(Unfit::Pointers)
    } else if plan.types.all_parts(element).into_iter().any(is_ours) {
        Some(Unfit::Handles)
    } else {
        None
    }
}
