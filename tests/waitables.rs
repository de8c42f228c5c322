//! The queues and the sets of the runtime that keeps tasks, by themselves: in small worlds, after every
//! sequence of operations up to a length, and after long random ones, they are what a model says.
//!
//! The modules are those of `src/runtime`, as they are; what they import from the engine is a counter.

use std::collections::VecDeque;

use anyhow::{Context, Result, ensure};
use wasmtime::{
    Config, Engine, Extern, Func, Global, GlobalType, Instance, Module, Mutability, Store,
    TypedFunc, Val, ValType,
};

/// The store has how often a task of the engine was woken.
struct World {
    store: Store<u32>,
    records: Instance,
    queues: Instance,
    sets: Instance,
}

impl World {
    fn new() -> Result<Self> {
        let mut config = Config::new();
        config.wasm_multi_memory(true);
        let engine = Engine::new(&config)?;
        let mut store = Store::new(&engine, 0);
        let module = |name: &str| -> Result<Module> {
            let path = format!("{}/src/runtime/{name}.wat", env!("CARGO_MANIFEST_DIR"));
            Ok(Module::new(&engine, wat::parse_file(path)?)?)
        };
        let ty = GlobalType::new(ValType::I32, Mutability::Var);
        let first = Global::new(&mut store, ty, Val::I32(128))?;
        let wake = Func::wrap(&mut store, |mut caller: wasmtime::Caller<'_, u32>, _: i32| {
            *caller.data_mut() += 1;
        });
        let records = Instance::new(&mut store, &module("records")?, &[first.into()])?;
        let export = |instance: &Instance, store: &mut Store<u32>, name: &str| -> Result<Extern> {
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
        let sets = Instance::new(&mut store, &module("sets")?, &imports)?;
        Ok(World { store, records, queues, sets })
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
