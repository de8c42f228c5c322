//! The bridge by itself, where few hosts lead it: others that take room in the same memory while values
//! are on their way, calls in calls, and a memory that is full.

use anyhow::Result;
use wasmtime::{Engine, Instance, Linker, Memory, Module, Store, StoreLimits, StoreLimitsBuilder};

use super::{bridge, bridge_room};

/// A bridge of so many bytes, in a room that others take of.
struct Shared {
    store: Store<StoreLimits>,
    room: Instance,
    bridge: Instance,
    memory: Memory,
}

impl Shared {
    fn new(bytes: u32) -> Result<Shared> {
        let engine = Engine::default();
        let mut linker = Linker::new(&engine);
        let limits = StoreLimitsBuilder::new().memory_size(1 << 28).build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        let room = linker.instantiate(&mut store, &Module::new(&engine, bridge_room()?)?)?;
        linker.instance(&mut store, "room", room)?;
        let bridge = linker.instantiate(&mut store, &Module::new(&engine, bridge(bytes)?)?)?;
        let memory = room.get_memory(&mut store, "memory").expect("a room is a memory");
        Ok(Shared { store, room, bridge, memory })
    }

    fn call<Params: wasmtime::WasmParams, Results: wasmtime::WasmResults>(
        &mut self,
        name: &str,
        params: Params,
    ) -> Result<Results> {
        let func = self.bridge.get_typed_func::<Params, Results>(&mut self.store, name)?;
        Ok(func.call(&mut self.store, params)?)
    }

    /// Allocates, and writes all of it.
    fn put(&mut self, align: u32, size: u32, byte: u8) -> Result<u32> {
        let at: u32 = self.call("realloc", (0u32, 0u32, align, size))?;
        assert_eq!(at % align, 0);
        self.memory.data_mut(&mut self.store)[at as usize..][..size as usize].fill(byte);
        Ok(at)
    }

    fn has(&self, (at, size, byte): Value) -> bool {
        let found = &self.memory.data(&self.store)[at as usize..][..size as usize];
        found.iter().all(|it| *it == byte)
    }

    /// Somebody else takes room, and writes all of it.
    fn others(&mut self, size: u32) -> Result<Value> {
        let take = self.room.get_typed_func::<u32, u32>(&mut self.store, "take")?;
        let at = take.call(&mut self.store, size)?;
        assert!(self.has((at, size, 0)), "what is fresh is zero");
        self.memory.data_mut(&mut self.store)[at as usize..][..size as usize].fill(0xee);
        Ok((at, size, 0xee))
    }

    fn pages(&self) -> u64 {
        self.memory.size(&self.store)
    }
}

#[test]
fn there_is_no_page_until_something_goes_through() -> Result<()> {
    let mut it = Shared::new(1 << 20)?;
    let mark: u32 = it.call("mark", ())?;
    it.call::<_, ()>("reset", mark)?;
    it.call::<_, ()>("empty", ())?;
    assert_eq!(it.pages(), 0);
    // What is empty has an address in the memory, too.
    let at = it.put(1, 0, 0)?;
    assert!(u64::from(at) <= it.pages() << 16);
    Ok(())
}

/// Numbers that look random.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % end
    }
}

/// A value: where it is, its size, and what all its bytes are.
type Value = (u32, u32, u8);

/// A call that is under way.
#[derive(Default)]
struct Call {
    mark: u32,
    floor: u32,
    values: Vec<Value>,
}

impl Shared {
    /// A call of the host, up to the host.
    fn call_host(&mut self, draw: &mut Draw) -> Result<Call> {
        let mut call = Call { mark: self.call("mark", ())?, ..Call::default() };
        for byte in 0..draw.below(5) as u8 {
            let size = draw.below(6000);
            call.values.push((self.put(1 << draw.below(4), size, byte)?, size, byte));
        }
        call.floor = self.call("raise", ())?;
        Ok(call)
    }

    /// The host calls back: its parameters, and the results.
    fn call_back(&mut self, draw: &mut Draw) -> Result<()> {
        self.put(8, draw.below(20_000), 0xaa)?;
        self.call::<_, ()>("empty", ())?;
        self.put(8, draw.below(20_000), 0xbb)?;
        self.call::<_, ()>("release", 0u32)
    }

    /// The host returns.
    fn host_returns(&mut self, draw: &mut Draw, call: &Call) -> Result<()> {
        self.put(4, draw.below(3000), 0xcc)?;
        self.call::<_, ()>("lower", call.floor)?;
        assert!(call.values.iter().all(|value| self.has(*value)));
        self.call::<_, ()>("reset", call.mark)
    }
}

#[test]
fn values_stay_what_they_are_whatever_others_put_between_them() -> Result<()> {
    for seed in 0..20 {
        let mut it = Shared::new(64 << 20)?;
        let mut draw = Draw(seed);
        let mut calls: Vec<Call> = Vec::new();
        let mut others: Vec<Value> = Vec::new();
        for step in 0..400 {
            match draw.below(8) {
                0 | 1 if calls.len() < 6 => calls.push(it.call_host(&mut draw)?),
                2 if step < 200 => others.push(it.others(16 * (1 + draw.below(200)))?),
                3 | 4 => it.call_back(&mut draw)?,
                _ => {
                    if let Some(call) = calls.pop() {
                        it.host_returns(&mut draw, &call)?;
                    }
                }
            }
            let under_way = calls.iter().flat_map(|call| &call.values);
            assert!(under_way.chain(&others).all(|value| it.has(*value)), "{seed}");
        }
        // All parts are used again, however often others come between: what is under way is never more than
        // 250,000 bytes.
        let of_others: u32 = others.iter().map(|(_, size, _)| size).sum();
        let taken = (it.pages() << 16) - u64::from(of_others);
        assert!(taken < 1 << 20, "{seed}: {taken} bytes");
    }
    Ok(())
}

#[test]
fn what_it_can_have_is_an_end_of_its_own() -> Result<()> {
    let mut it = Shared::new(1 << 20)?;
    it.others(1 << 16)?;
    it.put(1, 1 << 19, 1)?;
    it.others(1 << 16)?;
    it.put(1, (1 << 19) - 8192, 2)?;
    let error = it.put(1, 8192, 3).expect_err("there is no more");
    let full = "canon trap: out of memory between guests and host";
    assert!(format!("{error:?}").contains(full), "{error:?}");
    // Others have what is theirs.
    it.others(1 << 20)?;
    // And nobody can have more than the memory.
    let mut it = Shared::new(u32::MAX)?;
    for size in [1 << 29, u32::MAX - 8, u32::MAX] {
        let error = it.call::<_, u32>("realloc", (0u32, 0u32, 8u32, size)).expect_err("too much");
        assert!(format!("{error:?}").contains(full), "{error:?}");
    }
    Ok(())
}
