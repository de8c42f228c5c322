//! The store by itself, where no composition reaches: tables that are full, tables that grow in turns,
//! a stack that is full, and handles that are dropped while they are lent.

use anyhow::Result;
use wasmtime::{Engine, Instance, Linker, Memory, Module, Store, StoreLimits, StoreLimitsBuilder};

use super::{place, table};

/// The store by itself, with two tables.
struct Shelf {
    store: Store<StoreLimits>,
    instance: Instance,
    tables: Vec<Instance>,
    memory: Memory,
}

const FIRST: u32 = 0;
const SECOND: u32 = 1;

impl Shelf {
    /// In an engine whose memories have no more bytes than that.
    fn new(limit: usize) -> Result<Shelf> {
        Shelf::with(limit, None)
    }

    /// With so much room and no more.
    fn with(limit: usize, room: Option<u32>) -> Result<Shelf> {
        let engine = Engine::default();
        let made = super::Store::new(2, room);
        let limits = StoreLimitsBuilder::new().memory_size(limit).build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        let mut linker = Linker::new(&engine);
        let room = Module::new(&engine, made.room(false)?)?;
        let room = linker.instantiate(&mut store, &room)?;
        linker.instance(&mut store, "room", room)?;
        let module = Module::new(&engine, made.module()?)?;
        let instance = linker.instantiate(&mut store, &module)?;
        linker.instance(&mut store, "store", instance)?;
        let mut tables = Vec::new();
        for number in [FIRST, SECOND] {
            let module = Module::new(&engine, table(number)?)?;
            tables.push(linker.instantiate(&mut store, &module)?);
        }
        let memory = room.get_memory(&mut store, "memory").expect("a room is a memory");
        Ok(Shelf { store, instance, tables, memory })
    }

    fn add(&mut self, table: u32, ty: u32, rep: u32) -> Result<u32> {
        self.of(table, "new", (ty, rep))
    }

    fn rep(&mut self, table: u32, ty: u32, index: u32) -> Result<u32> {
        self.of(table, "rep", (ty, index))
    }

    fn call<Params: wasmtime::WasmParams, Results: wasmtime::WasmResults>(
        &mut self,
        name: &str,
        params: Params,
    ) -> Result<Results> {
        let func = self.instance.get_typed_func::<Params, Results>(&mut self.store, name)?;
        Ok(func.call(&mut self.store, params)?)
    }

    /// Calls what a table has.
    fn of<Params: wasmtime::WasmParams, Results: wasmtime::WasmResults>(
        &mut self,
        table: u32,
        name: &str,
        params: Params,
    ) -> Result<Results> {
        let table = self.tables[table as usize];
        let func = table.get_typed_func::<Params, Results>(&mut self.store, name)?;
        Ok(func.call(&mut self.store, params)?)
    }

    /// Pages that there are.
    fn pages(&self) -> u64 {
        self.memory.size(&self.store)
    }
}

fn traps<Results>(outcome: Result<Results>, reason: &str) {
    match outcome {
        Ok(_) => panic!("it must trap: {reason}"),
        Err(error) => assert!(format!("{error:?}").contains(reason), "{error:?}"),
    }
}

#[test]
fn there_is_no_page_until_there_is_a_handle_or_a_frame() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    traps(shelf.rep(FIRST, 1, 0), "canon trap: unknown handle index");
    traps(
        shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, 1u32)),
        "canon trap: unknown handle index",
    );
    assert_eq!(shelf.pages(), 0);
    shelf.add(FIRST, 1, 7)?;
    assert_eq!(shelf.pages(), 1);
    let mut shelf = Shelf::new(usize::MAX)?;
    shelf.call::<_, ()>("open", ())?;
    assert_eq!(shelf.pages(), 1);
    shelf.call::<_, ()>("close", 0u32)
}

#[test]
fn a_handle_that_is_lent_cannot_be_dropped() -> Result<()> {
    for (lend, ends) in [("lend", false), ("lift-borrow", true)] {
        let mut shelf = Shelf::new(usize::MAX)?;
        let index = shelf.add(FIRST, 1, 7)?;
        shelf.call::<_, ()>("open", ())?;
        for _ in 0..2 {
            assert_eq!(shelf.of::<_, u32>(FIRST, lend, (1u32, index))?, 7);
        }
        let lent = "canon trap: handle is lent";
        traps(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, index)), lent);
        traps(shelf.of::<_, u32>(FIRST, "lift-own", (1u32, index)), lent);
        shelf.call::<_, ()>("close", place(FIRST))?;
        if !ends {
            shelf.of::<_, ()>(FIRST, "unlend", index)?;
            traps(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, index)), lent);
            shelf.of::<_, ()>(FIRST, "unlend", index)?;
        }
        assert_eq!(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, index))?, (1, 7));
    }
    Ok(())
}

#[test]
fn a_borrow_that_is_lent_cannot_be_dropped() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    shelf.call::<_, ()>("open", ())?;
    let index: u32 = shelf.of(FIRST, "lower-borrow", (1u32, 7u32))?;
    shelf.call::<_, ()>("open", ())?;
    assert_eq!(shelf.of::<_, u32>(FIRST, "lift-borrow", (1u32, index))?, 7);
    traps(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, index)), "canon trap: handle is lent");
    shelf.call::<_, ()>("close", place(FIRST))?;
    traps(shelf.call::<_, ()>("returned", ()), "canon trap: borrow handles still remain");
    assert_eq!(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, index))?, (0, 7));
    shelf.call::<_, ()>("returned", ())?;
    shelf.call::<_, ()>("close", place(FIRST))
}

#[test]
fn a_table_has_room_for_262_143_handles_and_another_one_for_as_many() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for table in [FIRST, SECOND] {
        for index in 1..1 << 18 {
            assert_eq!(shelf.add(table, 1, index + table)?, index);
        }
        traps(shelf.of::<_, u32>(table, "new", (1u32, 7u32)), "canon trap: handle table is full");
        let unknown = "canon trap: unknown handle index";
        traps(shelf.of::<_, u32>(table, "rep", (1u32, 1u32 << 18)), unknown);
    }
    // What was moved, more than once, is as it was.
    for table in [FIRST, SECOND] {
        for index in 1..1 << 18 {
            assert_eq!(shelf.rep(table, 1, index)?, index + table);
        }
    }
    Ok(())
}

#[test]
fn tables_that_grow_in_turns_keep_what_is_in_them() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for index in 1..5_000 {
        for table in [FIRST, SECOND] {
            assert_eq!(shelf.add(table, 1 + table, index * 3 + table)?, index);
        }
    }
    for index in 1..5_000 {
        for table in [FIRST, SECOND] {
            assert_eq!(shelf.rep(table, 1 + table, index)?, index * 3 + table);
        }
    }
    // An index of one is nothing to the other: it is of another type there.
    let other = "canon trap: handle is of another resource type";
    traps(shelf.of::<_, u32>(FIRST, "rep", (1 + SECOND, 7u32)), other);
    Ok(())
}

#[test]
fn a_table_that_grows_alone_stays_where_it_is() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for index in 1..1 << 16 {
        shelf.add(FIRST, 1, index)?;
    }
    // A mebibyte, and what comes before it.
    assert_eq!(shelf.pages(), 17);
    Ok(())
}

#[test]
fn a_table_grows_until_the_engine_has_no_memory_and_then_traps() -> Result<()> {
    let mut shelf = Shelf::new(3 << 16)?;
    for index in 1..1 << 13 {
        assert_eq!(shelf.add(FIRST, 1, index * 3)?, index);
    }
    traps(shelf.of::<_, u32>(FIRST, "new", (1u32, 7u32)), "canon trap: handle table is full");
    // What is there is as it was, and what is freed can be had again. And there is still room for another.
    for index in 1..1 << 13 {
        assert_eq!(shelf.rep(FIRST, 1, index)?, index * 3);
    }
    assert_eq!(shelf.of::<_, (u32, u32)>(FIRST, "drop", (1u32, 5u32))?, (1, 15));
    assert_eq!(shelf.add(FIRST, 2, 8)?, 5);
    assert_eq!(shelf.add(SECOND, 2, 8)?, 1);
    Ok(())
}

#[test]
fn many_lends_and_nested_calls_are_kept() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    let index = shelf.add(FIRST, 1, 7)?;
    let mut borrows = Vec::new();
    for _ in 0..200 {
        shelf.call::<_, ()>("open", ())?;
        borrows.push(shelf.of::<_, u32>(SECOND, "lower-borrow", (1u32, 9u32))?);
        for _ in 0..200 {
            shelf.of::<_, u32>(FIRST, "lift-borrow", (1u32, index))?;
        }
    }
    let lent = "canon trap: handle is lent";
    traps(shelf.of::<_, u32>(FIRST, "lift-own", (1u32, index)), lent);
    for borrow in borrows.into_iter().rev() {
        traps(shelf.call::<_, ()>("returned", ()), "canon trap: borrow handles still remain");
        shelf.of::<_, (u32, u32)>(SECOND, "drop", (1u32, borrow))?;
        shelf.call::<_, ()>("returned", ())?;
        shelf.call::<_, ()>("close", place(FIRST))?;
    }
    assert_eq!(shelf.of::<_, u32>(FIRST, "lift-own", (1u32, index))?, 7);
    Ok(())
}

#[test]
fn a_million_handles_can_be_lent_at_a_time() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    let index = shelf.add(FIRST, 1, 7)?;
    shelf.call::<_, ()>("open", ())?;
    for _ in 0..1_000_000 {
        shelf.of::<_, u32>(FIRST, "lift-borrow", (1u32, index))?;
    }
    let mut more = || {
        (0..100_000)
            .try_for_each(|_| shelf.of::<_, u32>(FIRST, "lift-borrow", (1u32, index)).map(drop))
    };
    let error = format!("{:?}", more().expect_err("the stack has an end"));
    assert!(error.contains("canon trap: too many handles are lent"), "{error}");
    Ok(())
}

#[test]
fn the_engines_handles_are_kept_for_the_call_that_they_are_lent_for() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for call in 0..100u32 {
        shelf.call::<_, ()>("open", ())?;
        for number in 0..call {
            shelf.call::<_, ()>("keep", (call, number))?;
        }
    }
    for call in (0..100u32).rev() {
        for number in (0..call).rev() {
            assert_eq!(shelf.call::<_, (u32, u32)>("take", ())?, (call, number));
        }
        assert_eq!(shelf.call::<_, (u32, u32)>("take", ())?, (0, 0));
        shelf.call::<_, ()>("close", 0u32)?;
    }
    Ok(())
}

#[test]
fn where_room_is_limited_each_table_has_its_share() -> Result<()> {
    let room = 1 << 18;
    let mut shelf = Shelf::with(room as usize, Some(room))?;
    // A third of what is left; and slot 0 is never used.
    let handles = (room - 32) / 3 / 16 - 1;
    for table in [FIRST, SECOND] {
        for index in 1..=handles {
            assert_eq!(shelf.add(table, 1, index)?, index);
        }
        traps(shelf.of::<_, u32>(table, "new", (1u32, 7u32)), "canon trap: handle table is full");
    }
    // And so has the stack.
    shelf.call::<_, ()>("open", ())?;
    for _ in 0..20_000 {
        shelf.of::<_, u32>(FIRST, "lift-borrow", (1u32, 1u32))?;
    }
    shelf.call::<_, ()>("close", place(FIRST))?;
    assert_eq!(shelf.pages(), 4);
    // With next to no room, there are some handles all the same.
    let mut shelf = Shelf::with(usize::MAX, Some(0))?;
    assert_eq!(shelf.add(FIRST, 1, 7)?, 1);
    Ok(())
}
