//! The store by itself, where no composition reaches: tables that are full, tables that grow in turns,
//! a stack that is full, and handles that are dropped while they are lent.

use anyhow::Result;
use wasmtime::{Engine, Instance, Module, Store, StoreLimits, StoreLimitsBuilder};

use super::{head, store};

/// The store by itself, with two tables: their heads are at these addresses.
struct Shelf {
    store: Store<StoreLimits>,
    instance: Instance,
}

const FIRST: u32 = head(0);
const SECOND: u32 = head(1);

impl Shelf {
    /// In an engine whose memories have no more bytes than that.
    fn new(limit: usize) -> Result<Shelf> {
        Shelf::with(limit, None)
    }

    /// With so much room and no more.
    fn with(limit: usize, room: Option<u32>) -> Result<Shelf> {
        let engine = Engine::default();
        let module = Module::new(&engine, store(2, room)?)?;
        let limits = StoreLimitsBuilder::new().memory_size(limit).build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        let instance = Instance::new(&mut store, &module, &[])?;
        Ok(Shelf { store, instance })
    }

    fn add(&mut self, table: u32, ty: u32, rep: u32) -> Result<u32> {
        self.call("new", (table, ty, rep))
    }

    fn rep(&mut self, table: u32, ty: u32, index: u32) -> Result<u32> {
        self.call("rep", (table, ty, index))
    }

    fn call<Params: wasmtime::WasmParams, Results: wasmtime::WasmResults>(
        &mut self,
        name: &str,
        params: Params,
    ) -> Result<Results> {
        let func = self.instance.get_typed_func::<Params, Results>(&mut self.store, name)?;
        Ok(func.call(&mut self.store, params)?)
    }

    fn traps<Params: wasmtime::WasmParams, Results: wasmtime::WasmResults>(
        &mut self,
        name: &str,
        params: Params,
        reason: &str,
    ) {
        match self.call::<Params, Results>(name, params) {
            Ok(_) => panic!("`{name}` must trap"),
            Err(error) => assert!(format!("{error:?}").contains(reason), "{name}: {error:?}"),
        }
    }

    /// Pages that there are.
    fn pages(&mut self) -> u64 {
        let memory = self.instance.get_memory(&mut self.store, "memory");
        memory.expect("the store exports its memory").size(&self.store)
    }
}

#[test]
fn a_handle_that_is_lent_cannot_be_dropped() -> Result<()> {
    for (lend, ends) in [("lend", false), ("lift-borrow", true)] {
        let mut shelf = Shelf::new(usize::MAX)?;
        let index = shelf.add(FIRST, 1, 7)?;
        shelf.call::<_, ()>("open", ())?;
        for _ in 0..2 {
            assert_eq!(shelf.call::<_, u32>(lend, (FIRST, 1u32, index))?, 7);
        }
        let lent = "canon trap: handle is lent";
        shelf.traps::<_, (u32, u32)>("drop", (FIRST, 1u32, index), lent);
        shelf.traps::<_, u32>("lift-own", (FIRST, 1u32, index), lent);
        shelf.call::<_, ()>("close", (FIRST,))?;
        if !ends {
            shelf.call::<_, ()>("unlend", (FIRST, index))?;
            shelf.traps::<_, (u32, u32)>("drop", (FIRST, 1u32, index), lent);
            shelf.call::<_, ()>("unlend", (FIRST, index))?;
        }
        assert_eq!(shelf.call::<_, (u32, u32)>("drop", (FIRST, 1u32, index))?, (1, 7));
    }
    Ok(())
}

#[test]
fn a_borrow_that_is_lent_cannot_be_dropped() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    shelf.call::<_, ()>("open", ())?;
    let index: u32 = shelf.call("lower-borrow", (FIRST, 1u32, 7u32))?;
    shelf.call::<_, ()>("open", ())?;
    assert_eq!(shelf.call::<_, u32>("lift-borrow", (FIRST, 1u32, index))?, 7);
    shelf.traps::<_, (u32, u32)>("drop", (FIRST, 1u32, index), "canon trap: handle is lent");
    shelf.call::<_, ()>("close", (FIRST,))?;
    shelf.traps::<_, ()>("returned", (), "canon trap: borrow handles still remain");
    assert_eq!(shelf.call::<_, (u32, u32)>("drop", (FIRST, 1u32, index))?, (0, 7));
    shelf.call::<_, ()>("returned", ())?;
    shelf.call::<_, ()>("close", (FIRST,))
}

#[test]
fn a_table_has_room_for_262_143_handles_and_another_one_for_as_many() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for table in [FIRST, SECOND] {
        for index in 1..1 << 18 {
            assert_eq!(shelf.add(table, 1, index + table)?, index);
        }
        shelf.traps::<_, u32>("new", (table, 1u32, 7u32), "canon trap: handle table is full");
        let unknown = "canon trap: unknown handle index";
        shelf.traps::<_, u32>("rep", (table, 1u32, 1u32 << 18), unknown);
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
    shelf.traps::<_, u32>("rep", (FIRST, 1 + SECOND, 7u32), other);
    Ok(())
}

#[test]
fn a_table_that_grows_alone_stays_where_it_is() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    for index in 1..1 << 16 {
        shelf.add(FIRST, 1, index)?;
    }
    // A mebibyte, and the heads before it.
    assert_eq!(shelf.pages(), 17);
    Ok(())
}

#[test]
fn a_table_grows_until_the_engine_has_no_memory_and_then_traps() -> Result<()> {
    let mut shelf = Shelf::new(3 << 16)?;
    for index in 1..1 << 13 {
        assert_eq!(shelf.add(FIRST, 1, index * 3)?, index);
    }
    shelf.traps::<_, u32>("new", (FIRST, 1u32, 7u32), "canon trap: handle table is full");
    // What is there is as it was, and what is freed can be had again. And there is still room for another.
    for index in 1..1 << 13 {
        assert_eq!(shelf.rep(FIRST, 1, index)?, index * 3);
    }
    assert_eq!(shelf.call::<_, (u32, u32)>("drop", (FIRST, 1u32, 5u32))?, (1, 15));
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
        borrows.push(shelf.call::<_, u32>("lower-borrow", (SECOND, 1u32, 9u32))?);
        for _ in 0..200 {
            shelf.call::<_, u32>("lift-borrow", (FIRST, 1u32, index))?;
        }
    }
    let lent = "canon trap: handle is lent";
    shelf.traps::<_, u32>("lift-own", (FIRST, 1u32, index), lent);
    for borrow in borrows.into_iter().rev() {
        shelf.traps::<_, ()>("returned", (), "canon trap: borrow handles still remain");
        shelf.call::<_, (u32, u32)>("drop", (SECOND, 1u32, borrow))?;
        shelf.call::<_, ()>("returned", ())?;
        shelf.call::<_, ()>("close", (FIRST,))?;
    }
    assert_eq!(shelf.call::<_, u32>("lift-own", (FIRST, 1u32, index))?, 7);
    Ok(())
}

#[test]
fn a_million_handles_can_be_lent_at_a_time() -> Result<()> {
    let mut shelf = Shelf::new(usize::MAX)?;
    let index = shelf.add(FIRST, 1, 7)?;
    shelf.call::<_, ()>("open", ())?;
    for _ in 0..1_000_000 {
        shelf.call::<_, u32>("lift-borrow", (FIRST, 1u32, index))?;
    }
    let mut more = || {
        (0..100_000)
            .try_for_each(|_| shelf.call::<_, u32>("lift-borrow", (FIRST, 1u32, index)).map(drop))
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
        shelf.call::<_, ()>("close", (0u32,))?;
    }
    Ok(())
}

#[test]
fn where_room_is_limited_each_table_has_its_share() -> Result<()> {
    let room = 1 << 18;
    let mut shelf = Shelf::with(room as usize, Some(room))?;
    // A third of what is left beside two heads; and slot 0 is never used.
    let handles = (room - 32) / 3 / 16 - 1;
    for table in [FIRST, SECOND] {
        for index in 1..=handles {
            assert_eq!(shelf.add(table, 1, index)?, index);
        }
        shelf.traps::<_, u32>("new", (table, 1u32, 7u32), "canon trap: handle table is full");
    }
    // And so has the stack.
    shelf.call::<_, ()>("open", ())?;
    for _ in 0..20_000 {
        shelf.call::<_, u32>("lift-borrow", (FIRST, 1u32, 1u32))?;
    }
    shelf.call::<_, ()>("close", (FIRST,))?;
    assert_eq!(shelf.pages(), 4);
    // With next to no room, there are some handles all the same.
    let mut shelf = Shelf::with(usize::MAX, Some(0))?;
    assert_eq!(shelf.add(FIRST, 1, 7)?, 1);
    Ok(())
}
