//! The queues, the sets and the ends of streams of the runtime that keeps tasks, by themselves: in small
//! worlds, after every sequence of operations up to a length, and after long random ones, they are what a
//! model says.
//!
//! The modules are those of `src/runtime`, as they are; what they import from the engine is a counter, and
//! what copies values notes how many.

use std::collections::VecDeque;

use anyhow::{Context, Result, ensure};
use wasmtime::{
    Config, Engine, Extern, Func, Global, GlobalType, Instance, Module, Mutability, Ref, RefType,
    Store, Table, TableType, TypedFunc, Val, ValType,
};

/// What the modules have asked of their surroundings.
#[derive(Default)]
struct Seen {
    /// How often a task of the engine was woken.
    woken: u32,
    /// How many values were copied: the sum of all copies.
    copied: u32,
}

struct World {
    store: Store<Seen>,
    records: Instance,
    queues: Instance,
    sets: Instance,
    ends: Instance,
}

impl World {
    fn new() -> Result<Self> {
        let mut config = Config::new();
        config.wasm_multi_memory(true);
        let engine = Engine::new(&config)?;
        let mut store = Store::new(&engine, Seen::default());
        let module = |name: &str| -> Result<Module> {
            let path = format!("{}/src/runtime/{name}.wat", env!("CARGO_MANIFEST_DIR"));
            Ok(Module::new(&engine, wat::parse_file(path)?)?)
        };
        let ty = GlobalType::new(ValType::I32, Mutability::Var);
        let first = Global::new(&mut store, ty, Val::I32(128))?;
        let wake = Func::wrap(&mut store, |mut caller: wasmtime::Caller<'_, Seen>, _: i32| {
            caller.data_mut().woken += 1;
        });
        let copy = Func::wrap(
            &mut store,
            |mut caller: wasmtime::Caller<'_, Seen>, _: i64, _: i32, _: i64, _: i32, n: i32| {
                caller.data_mut().copied += n.cast_unsigned();
            },
        );
        let table = TableType::new(RefType::FUNCREF, 2, None);
        let table = Table::new(&mut store, table, Ref::Func(Some(copy)))?;
        let records = Instance::new(&mut store, &module("records")?, &[first.into()])?;
        let export = |instance: &Instance, store: &mut Store<Seen>, name: &str| -> Result<Extern> {
            instance.get_export(store, name).with_context(|| format!("no `{name}`"))
        };
        let memory = export(&records, &mut store, "memory")?;
        let queues = Instance::new(&mut store, &module("queues")?, &[memory.clone(), wake.into()])?;
        let imports = [
            memory,
            export(&records, &mut store, "new")?,
            export(&records, &mut store, "free")?,
            export(&queues, &mut store, "ready")?,
            export(&queues, &mut store, "changed")?,
        ];
        let [memory, new, free, ..] = imports.clone();
        let sets = Instance::new(&mut store, &module("sets")?, &imports)?;
        let hosts = Instance::new(&mut store, &module("hostless")?, &[])?;
        let imports = [
            memory,
            table.into(),
            new,
            free,
            export(&sets, &mut store, "pend")?,
            export(&sets, &mut store, "clear")?,
            export(&sets, &mut store, "join")?,
            export(&hosts, &mut store, "begin")?,
            export(&hosts, &mut store, "stop")?,
            export(&hosts, &mut store, "shut")?,
        ];
        let ends = Instance::new(&mut store, &module("ends")?, &imports)?;
        Ok(World { store, records, queues, sets, ends })
    }

    fn record(&mut self, kind: i32) -> Result<i32> {
        let new: TypedFunc<i32, i32> = self.records.get_typed_func(&mut self.store, "new")?;
        Ok(new.call(&mut self.store, kind)?)
    }

    fn free(&mut self, record: i32) -> Result<()> {
        let free: TypedFunc<i32, ()> = self.records.get_typed_func(&mut self.store, "free")?;
        Ok(free.call(&mut self.store, record)?)
    }
}

/// What may happen to waitables and sets, by their numbers.
#[derive(Clone, Copy, Debug)]
enum Op {
    Join(usize, usize),
    Leave(usize),
    Pend(usize),
    Clear(usize),
}

const WAITABLES: usize = 3;
const SETS: usize = 2;

fn all_ops() -> Vec<Op> {
    let mut ops = Vec::new();
    for waitable in 0..WAITABLES {
        ops.extend((0..SETS).map(|set| Op::Join(waitable, set)));
        ops.extend([Op::Leave(waitable), Op::Pend(waitable), Op::Clear(waitable)]);
    }
    ops
}

/// For each waitable, its set, and whether it has an event; for each set, those with an event, in order.
#[derive(Default)]
struct Model {
    joined: [Option<usize>; WAITABLES],
    pending: [bool; WAITABLES],
    events: [VecDeque<usize>; SETS],
}

impl Model {
    fn apply(&mut self, op: Op) {
        match op {
            Op::Join(waitable, set) => self.join(waitable, Some(set)),
            Op::Leave(waitable) => self.join(waitable, None),
            Op::Pend(waitable) => {
                if !std::mem::replace(&mut self.pending[waitable], true) {
                    self.append(waitable);
                }
            }
            Op::Clear(waitable) => {
                self.pending[waitable] = false;
                self.forget(waitable);
            }
        }
    }

    fn join(&mut self, waitable: usize, set: Option<usize>) {
        self.forget(waitable);
        self.joined[waitable] = set;
        if self.pending[waitable] {
            self.append(waitable);
        }
    }

    fn append(&mut self, waitable: usize) {
        if let Some(set) = self.joined[waitable] {
            self.events[set].push_back(waitable);
        }
    }

    fn forget(&mut self, waitable: usize) {
        self.events.iter_mut().for_each(|events| events.retain(|it| *it != waitable));
    }
}

/// Does the operations to new records, and compares with the model after each.
fn run(world: &mut World, ops: &[Op]) -> Result<()> {
    let mut model = Model::default();
    let mut waitables = [0; WAITABLES];
    for waitable in &mut waitables {
        *waitable = world.record(1)?;
    }
    let mut sets = [0; SETS];
    for set in &mut sets {
        *set = world.record(2)?;
    }
    let store = &mut world.store;
    let join: TypedFunc<(i32, i32), ()> = world.sets.get_typed_func(&mut *store, "join")?;
    let pend: TypedFunc<i32, ()> = world.sets.get_typed_func(&mut *store, "pend")?;
    let clear: TypedFunc<i32, ()> = world.sets.get_typed_func(&mut *store, "clear")?;
    let first: TypedFunc<i32, i32> = world.sets.get_typed_func(&mut *store, "first")?;
    for &op in ops {
        match op {
            Op::Join(waitable, set) => join.call(&mut *store, (waitables[waitable], sets[set]))?,
            Op::Leave(waitable) => join.call(&mut *store, (waitables[waitable], 0))?,
            Op::Pend(waitable) => pend.call(&mut *store, waitables[waitable])?,
            Op::Clear(waitable) => clear.call(&mut *store, waitables[waitable])?,
        }
        model.apply(op);
        for (set, events) in sets.iter().zip(&model.events) {
            let found = first.call(&mut *store, *set)?;
            let expected = events.front().map_or(0, |waitable| waitables[*waitable]);
            ensure!(found == expected, "after {op:?} of {ops:?}: {found}, not {expected}");
        }
    }
    // In the end, each set gives its events in order.
    for (set, events) in sets.iter().zip(&model.events) {
        for &waitable in events {
            let found = first.call(&mut *store, *set)?;
            ensure!(found == waitables[waitable], "{ops:?}: the order of events");
            clear.call(&mut *store, found)?;
        }
    }
    for record in waitables.into_iter().chain(sets) {
        world.free(record)?;
    }
    Ok(())
}

#[test]
fn sets_have_the_events_of_their_waitables_in_order() {
    let mut world = World::new().expect("the runtime can be instantiated");
    let ops = all_ops();
    let mut sequence = [0; 4];
    loop {
        let chosen: Vec<_> = sequence.iter().map(|op| ops[*op]).collect();
        run(&mut world, &chosen).expect("the set is what the model says");
        // The next number in this base
        let Some(at) = sequence.iter().rposition(|op| op + 1 < ops.len()) else { break };
        sequence[at] += 1;
        sequence[at + 1..].fill(0);
    }
    let mut seed = 1u64;
    for _ in 0..50 {
        let chosen = (0..400).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ops[(seed >> 33) as usize % ops.len()]
        });
        let chosen: Vec<_> = chosen.collect();
        run(&mut world, &chosen).expect("the set is what the model says");
    }
}

#[test]
fn queues_give_tasks_in_order_and_wake_their_owners() {
    let mut world = World::new().expect("the runtime can be instantiated");
    let result = (|| -> Result<()> {
        let queue = world.record(0)?;
        let tasks = [world.record(1)?, world.record(1)?, world.record(1)?];
        let store = &mut world.store;
        let push: TypedFunc<(i32, i32), ()> = world.queues.get_typed_func(&mut *store, "push")?;
        let remove: TypedFunc<(i32, i32), ()> =
            world.queues.get_typed_func(&mut *store, "remove")?;
        let pop: TypedFunc<i32, i32> = world.queues.get_typed_func(&mut *store, "pop")?;
        // 0..3 push, 3..6 remove, 6 pop
        for sequence in 0..7u32.pow(6) {
            let mut model = VecDeque::new();
            for at in 0..6 {
                let op = (sequence / 7u32.pow(at) % 7) as usize;
                match op {
                    0..3 if !model.contains(&op) => {
                        push.call(&mut *store, (queue, tasks[op]))?;
                        model.push_back(op);
                    }
                    0..3 => {}
                    3..6 => {
                        remove.call(&mut *store, (queue, tasks[op - 3]))?;
                        model.retain(|it| *it != op - 3);
                    }
                    _ => {
                        let found = pop.call(&mut *store, queue)?;
                        let expected = model.pop_front().map_or(0, |task| tasks[task]);
                        ensure!(found == expected, "{sequence}: {found}, not {expected}");
                    }
                }
            }
            while let Some(task) = model.pop_front() {
                ensure!(pop.call(&mut *store, queue)? == tasks[task], "{sequence}: the rest");
            }
            ensure!(pop.call(&mut *store, queue)? == 0, "{sequence}: the end");
        }
        Ok(())
    })();
    result.expect("the queue is what the model says");
}

/// What may happen to a stream or a future. The readable end has number 0, the other 1.
#[derive(Clone, Copy, Debug)]
enum EndOp {
    /// It reads or writes so many.
    Copy(usize, u32),
    Cancel(usize),
    /// Its event is taken, if it has one.
    Take(usize),
    Drop(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Completed,
    Dropped,
    Cancelled,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    Copying,
    Done,
}

/// *SharedStreamImpl* or *SharedFutureImpl*, and the two ends of it, as the specification has them. A
/// trap is nothing.
#[derive(Debug, Default)]
struct Shared {
    future: bool,
    pending: Option<usize>,
    state: [State; 2],
    length: [u32; 2],
    progress: [u32; 2],
    event: [Option<Outcome>; 2],
    dropped: [bool; 2],
    copied: u32,
}

impl Shared {
    fn copy(&mut self, end: usize, length: u32) -> Option<i32> {
        if self.state[end] != State::Idle {
            return None;
        }
        self.state[end] = State::Copying;
        self.length[end] = length;
        self.progress[end] = 0;
        let other = 1 - end;
        if self.dropped[other] {
            self.event[end] = Some(Outcome::Dropped);
        } else if self.pending != Some(other) {
            self.pending = Some(end);
        } else if self.future {
            self.transfer(1);
            self.notify_pending(Outcome::Completed);
            self.event[end] = Some(Outcome::Completed);
        } else if self.remaining(other) > 0 {
            if length > 0 {
                self.transfer(length.min(self.remaining(other)));
                self.event[other] = Some(Outcome::Completed);
            }
            self.event[end] = Some(Outcome::Completed);
        } else if end == 1 && length == 0 && self.length[other] == 0 {
            self.event[end] = Some(Outcome::Completed);
        } else {
            self.notify_pending(Outcome::Completed);
            self.pending = Some(end);
        }
        Some(if self.event[end].is_some() { self.take(end) } else { -1 })
    }

    fn remaining(&self, end: usize) -> u32 {
        self.length[end] - self.progress[end]
    }

    fn transfer(&mut self, count: u32) {
        self.copied += count;
        self.progress.iter_mut().for_each(|progress| *progress += count);
    }

    fn notify_pending(&mut self, outcome: Outcome) {
        if let Some(end) = self.pending.take() {
            self.event[end] = Some(outcome);
        }
    }

    /// The payload of its event.
    fn take(&mut self, end: usize) -> i32 {
        let outcome = self.event[end].take().expect("has an event");
        if self.pending == Some(end) {
            self.pending = None;
        }
        self.state[end] = match outcome {
            Outcome::Dropped => State::Done,
            Outcome::Completed if self.future => State::Done,
            _ => State::Idle,
        };
        let progress = if self.future { 0 } else { self.progress[end] };
        outcome as i32 | (progress << 4).cast_signed()
    }

    fn cancel(&mut self, end: usize) -> Option<i32> {
        if self.state[end] != State::Copying {
            return None;
        }
        match self.event[end] {
            None => self.notify_pending(Outcome::Cancelled),
            // What the specification's tests expect.
            Some(Outcome::Completed) if !self.future => self.event[end] = Some(Outcome::Cancelled),
            Some(_) => {}
        }
        Some(self.take(end))
    }

    fn drop_end(&mut self, end: usize) -> Option<i32> {
        let unwritten = self.future && end == 1 && self.state[end] != State::Done;
        if unwritten || self.state[end] == State::Copying {
            return None;
        }
        self.dropped[end] = true;
        if self.pending == Some(1 - end) {
            self.notify_pending(Outcome::Dropped);
        }
        Some(0)
    }
}

/// What the runtime says of ends: all that it exports, and the numbers of types.
struct Ends {
    new: TypedFunc<i32, i32>,
    other: TypedFunc<i32, i32>,
    copy: TypedFunc<(i32, i32, i32, i32, i64, i64), i32>,
    cancel: TypedFunc<(i32, i32), i32>,
    event: TypedFunc<i32, (i32, i32, i32)>,
    drop: TypedFunc<(i32, i32), ()>,
}

impl Ends {
    fn of(world: &mut World) -> Result<Self> {
        let World { store, ends, .. } = world;
        Ok(Ends {
            new: ends.get_typed_func(&mut *store, "new")?,
            other: ends.get_typed_func(&mut *store, "other")?,
            copy: ends.get_typed_func(&mut *store, "copy")?,
            cancel: ends.get_typed_func(&mut *store, "cancel")?,
            event: ends.get_typed_func(&mut *store, "event")?,
            drop: ends.get_typed_func(&mut *store, "drop")?,
        })
    }
}

/// Does the operations to a new stream or future, up to one that traps, and compares with the model.
fn run_ends(world: &mut World, ends: &Ends, future: bool, ops: &[EndOp]) -> Result<()> {
    let ty = 8 | i32::from(future) << 1;
    let mut model = Shared { future, ..Shared::default() };
    let readable = ends.new.call(&mut world.store, ty)?;
    let records = [readable, ends.other.call(&mut world.store, readable)?];
    let types = [ty, ty | 1];
    world.store.data_mut().copied = 0;
    for &op in ops {
        let (EndOp::Copy(end, _) | EndOp::Cancel(end) | EndOp::Take(end) | EndOp::Drop(end)) = op;
        if model.dropped[end] {
            continue;
        }
        let (record, ty, store) = (records[end], types[end], &mut world.store);
        let (found, expected) = match op {
            EndOp::Copy(end, length) => {
                // The instance, and the function that copies, which the end that writes says.
                let (instance, place) = (128 << end, end as i32);
                let params = (record, ty, instance, place, 0, i64::from(length));
                (ends.copy.call(store, params).ok(), model.copy(end, length))
            }
            EndOp::Cancel(end) => (ends.cancel.call(store, (record, ty)).ok(), model.cancel(end)),
            EndOp::Take(end) if model.event[end].is_some() => {
                let (code, _, payload) = ends.event.call(store, record)?;
                ensure!(code == 2 + (ty & 3), "{ops:?}: the code of an event");
                (Some(payload), Some(model.take(end)))
            }
            EndOp::Take(_) => continue,
            EndOp::Drop(end) => {
                let found = ends.drop.call(store, (record, ty)).ok();
                (found.map(|()| 0), model.drop_end(end))
            }
        };
        ensure!(found == expected, "after {op:?} of {ops:?}: {found:?}, not {expected:?}");
        if found.is_none() {
            break;
        }
    }
    ensure!(world.store.data().copied == model.copied, "{ops:?}: what is copied");
    for (record, dropped) in records.into_iter().zip(model.dropped) {
        if !dropped {
            world.free(record)?;
        }
    }
    Ok(())
}

/// Every sequence of so many.
fn each_sequence(ops: &[EndOp], length: usize, mut run: impl FnMut(&[EndOp])) {
    let mut sequence = vec![0; length];
    loop {
        let chosen: Vec<_> = sequence.iter().map(|op| ops[*op]).collect();
        run(&chosen);
        let Some(at) = sequence.iter().rposition(|op| op + 1 < ops.len()) else { break };
        sequence[at] += 1;
        sequence[at + 1..].fill(0);
    }
}

#[test]
fn streams_and_futures_are_what_the_specification_says() {
    let mut world = World::new().expect("the runtime can be instantiated");
    let ends = Ends::of(&mut world).expect("the runtime has all of them");
    let others = |end| [EndOp::Cancel(end), EndOp::Take(end), EndOp::Drop(end)];
    let others: Vec<_> = [0, 1].into_iter().flat_map(others).collect();
    let copies = |end| (0..3).map(move |length| EndOp::Copy(end, length));
    let ops: Vec<_> = [0, 1].into_iter().flat_map(copies).chain(others.clone()).collect();
    each_sequence(&ops, 4, |chosen| {
        run_ends(&mut world, &ends, false, chosen).expect("the stream is what the model says");
    });
    let mut seed = 1u64;
    for _ in 0..5000 {
        let chosen = (0..20).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ops[(seed >> 33) as usize % ops.len()]
        });
        let chosen: Vec<_> = chosen.collect();
        run_ends(&mut world, &ends, false, &chosen).expect("the stream is what the model says");
    }
    let ops: Vec<_> = [EndOp::Copy(0, 1), EndOp::Copy(1, 1)].into_iter().chain(others).collect();
    each_sequence(&ops, 5, |chosen| {
        run_ends(&mut world, &ends, true, chosen).expect("the future is what the model says");
    });
}
