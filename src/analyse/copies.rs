//! Streams and futures between guests: what a type is to the runtime, and which functions copy values.
//!
//! # Problem
//!
//! A value goes from the buffer of an instance that writes to the buffer of one that reads. Which two
//! meet is known when they do: an end goes from instance to instance. So there is a function for each
//! type and each pair of what reads and what writes it, as far as their options matter:
//!
//! | values | what matters |
//! |---|---|
//! | with strings or lists | the instance, the memory, the encoding; of who reads, the allocation |
//! | with handles, ends of others, or error contexts | the instance, the memory |
//! | others | the memory |
//! | none | nothing: there is no such function |
//!
//! A function has a place in the table of functions. Those of a type are a block of rows, one for each
//! that writes, with a column for each that reads. So the place is a sum: of where the row begins, which
//! the built-in that writes says, and of the column. If one end can be the host's ([`hosts`](super::hosts)),
//! the host is the last that reads, or the last that writes.
//!
//! # Limits
//!
//! There are as many functions as there are pairs, so their number has a limit.

use std::collections::BTreeMap;

use wasm_fuser_merge::hash::HashMap;

use super::hosts::{HostEnd, Hosts};
use crate::abi::Abi;
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, CanonicalOptions, CopyOp, CoreEntity, CoreFunc,
    InstanceId, Plan, Primitive, StringEncoding, Type, TypeId,
};

/// Functions that copy values, at most.
const MAX_COPIES: usize = 4096;

/// Which way values go: each end by one built-in of all that have its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// From what one guest writes to what another reads.
    Between(BuiltinId, BuiltinId),
    /// From what a guest writes to the host.
    ToHost(BuiltinId),
    /// From the host to what a guest reads.
    FromHost(BuiltinId),
}

impl Way {
    /// The guest's end, or that which writes.
    pub fn end(self) -> BuiltinId {
        let (Way::Between(end, _) | Way::ToHost(end) | Way::FromHost(end)) = self;
        end
    }
}

/// The functions that copy values: whose writes they move to whose reads.
#[derive(Debug, Default)]
pub struct Copies {
    /// In the order of their places.
    pub ways: Vec<Way>,
    /// What built-ins say of the place: which way begins their row, or which column is theirs.
    parts: BTreeMap<BuiltinId, Part>,
    /// The same, of the host.
    hosts: HashMap<HostEnd, Part>,
}

/// What a built-in says of a place.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// The first way of its row.
    Row(Way),
    /// The column.
    Column(i32),
}

impl Copies {
    /// What a built-in says of the place; nothing, if no values are copied.
    pub fn part(&self, builtin: BuiltinId) -> Option<Part> {
        self.parts.get(&builtin).copied()
    }

    /// What the host says of it, at the other end.
    pub fn host_part(&self, end: HostEnd) -> Option<Part> {
        self.hosts.get(&end).copied()
    }
}

/// What matters of options, where values are copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Side {
    owner: Option<InstanceId>,
    memory: Option<CoreEntity>,
    encoding: StringEncoding,
    realloc: Option<CoreFunc>,
}

/// Those that read a type, or write it.
type Sides = HashMap<Side, Vec<BuiltinId>>;

/// The functions that there are to be; nothing, if there would be too many.
pub(super) fn copies(plan: &Plan<'_>, abi: &Abi, hosts: &Hosts) -> Option<Copies> {
    let mut types: HashMap<TypeId, [Sides; 2]> = HashMap::new();
    for (id, Builtin { kind, owner, .. }) in &plan.builtins {
        let BuiltinKind::Async(AsyncBuiltin::Copy(op, ty)) = *kind else { continue };
        let canonical = plan.types.canonical(ty);
        let is_hosts = [true, false].map(|writes| hosts.has(HostEnd { ty: canonical, writes }));
        let element = element(plan, ty);
        if element.is_none() && is_hosts == [false; 2] {
            continue;
        }
        let (which, options) = match op {
            CopyOp::Write(options) => (0, CanonicalOptions { realloc: None, ..options }),
            CopyOp::Read(options) => (1, options),
            _ => continue,
        };
        let side = element
            .map_or_else(Side::default, |element| side(plan, abi, element, *owner, &options));
        let sides = types.entry(canonical).or_default();
        sides[which].entry(side).or_default().push(id);
    }
    let count =
        |[writers, readers]: &[Sides; 2]| (writers.len() + 1).saturating_mul(readers.len() + 1);
    let count = types.values().map(count).fold(0usize, usize::saturating_add);
    if count > MAX_COPIES {
        return None;
    }
    let mut copies = Copies::default();
    for &(ty, [ref writers, ref readers]) in &types {
        let first = |ids: &Vec<BuiltinId>| ids.first().copied();
        let columns: Vec<BuiltinId> = readers.values().filter_map(first).collect();
        let [out, into] = [true, false].map(|writes| HostEnd { ty, writes });
        for ids in writers.values() {
            let Some(writer) = first(ids) else { continue };
            let between = columns.iter().map(|reader| Way::Between(writer, *reader));
            let row: Vec<Way> =
                between.chain(hosts.has(out).then_some(Way::ToHost(writer))).collect();
            // What nobody reads, nobody copies.
            let Some(&start) = row.first() else { continue };
            copies.ways.extend(row);
            copies.parts.extend(ids.iter().map(|id| (*id, Part::Row(start))));
        }
        for (column, ids) in (0..).zip(readers.values()) {
            copies.parts.extend(ids.iter().map(|id| (*id, Part::Column(column))));
        }
        copies.hosts.insert(out, Part::Column(columns.len() as i32));
        if let (true, Some(&reader)) = (hosts.has(into), columns.first()) {
            copies.ways.extend(columns.iter().map(|reader| Way::FromHost(*reader)));
            copies.hosts.insert(into, Part::Row(Way::FromHost(reader)));
        }
    }
    Some(copies)
}

fn side(
    plan: &Plan<'_>,
    abi: &Abi,
    element: TypeId,
    owner: InstanceId,
    options: &CanonicalOptions,
) -> Side {
    let pointers = abi.has_pointers(element);
    let handles = plan.types.all_parts(element).into_iter().any(|part| {
        matches!(
            plan.types[part],
            Type::Own(_)
                | Type::Stream(_)
                | Type::Future(_)
                | Type::Primitive(Primitive::ErrorContext)
        )
    });
    Side {
        owner: (pointers || handles).then_some(owner),
        memory: options.memory,
        encoding: if pointers { options.encoding } else { StringEncoding::default() },
        realloc: options.realloc.filter(|_| pointers),
    }
}

/// The type of the values of a stream or future, if there are any.
pub fn element(plan: &Plan<'_>, ty: TypeId) -> Option<TypeId> {
    match plan.types[ty] {
        Type::Stream(element) | Type::Future(element) => element,
        _ => None,
    }
}

/// What the runtime knows of the type of an end (`runtime/ends.wat`). There are fewer types than fit.
pub fn end_type(plan: &Plan<'_>, ty: TypeId, writable: bool) -> i32 {
    let future = matches!(plan.types[ty], Type::Future(_));
    let numbers = has_numbers(plan, ty);
    let number = (plan.types.canonical(ty).as_u32() << 3).cast_signed();
    number | i32::from(numbers) << 2 | i32::from(future) << 1 | i32::from(writable)
}

/// Whether the values of a stream or future are numbers, or there are none.
pub(super) fn has_numbers(plan: &Plan<'_>, ty: TypeId) -> bool {
    element(plan, ty).is_none_or(|element| is_number(plan, element))
}

/// *none_or_number_type* in the specification
fn is_number(plan: &Plan<'_>, ty: TypeId) -> bool {
    use Primitive::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(
        plan.types[ty],
        Type::Primitive(S8 | U8 | S16 | U16 | S32 | U32 | S64 | U64 | F32 | F64)
    )
}

/// Whether a type mentions error contexts.
pub(super) fn mentions_error_context(plan: &Plan<'_>, ty: TypeId) -> bool {
    let is = |part: TypeId| matches!(plan.types[part], Type::Primitive(Primitive::ErrorContext));
    plan.types.asynchronous_part(ty).is_some() && plan.types.all_parts(ty).into_iter().any(is)
}
