//! Modules whose memories are regions of one, by themselves: in an engine that knows one memory and
//! no components.
//!
//! That they do what the composition does is in `cases.rs` and others. Here is what a composition does not
//! show: what a region's capacity is, that the last one goes on, and that handles are out of its way.

use wasm_fuser::options::{Emit, Features, Input, MemoryPlan, Options, Regions};
use wasm_fuser::{Code, Fused, fuse};
use wasmtime::{Config, Engine, Instance, Module, Store};

/// Two guests, each with a page and no maximum; the second has two.
const COMPOSITION: &str = r#"
    (component
      (component $guest
        (core module $m
          (memory (export "memory") 1)
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
          (func (export "size") (result i32) (memory.size))
          (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
          (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1))))
        (core instance $i (instantiate $m))
        (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $i "grow")))
        (func (export "size") (result u32) (canon lift (core func $i "size")))
        (func (export "load") (param "at" u32) (result u32) (canon lift (core func $i "load")))
        (func (export "store") (param "at" u32) (param "value" u32)
          (canon lift (core func $i "store"))))
      (instance $a (instantiate $guest))
      (instance $b (instantiate $guest))
      (export "a" (instance $a))
      (export "b" (instance $b)))"#;

fn module(text: &str, capacity: u32) -> wasm_fuser::Result<Fused> {
    let input = Input { name: "guests".into(), bytes: text.into() };
    let (emit, memory) = (Emit::Module, MemoryPlan::Single);
    fuse(&[input], &Options { emit, memory, capacity, ..Options::default() })
}

struct Live {
    store: Store<()>,
    instance: Instance,
}

impl Live {
    /// In an engine with one memory, and nothing newer than bulk memory.
    fn new(bytes: &[u8]) -> Live {
        let mut config = Config::new();
        config.wasm_multi_memory(false).wasm_extended_const(false).wasm_memory64(false);
        let engine = Engine::new(&config).expect("is a valid configuration");
        let module = Module::new(&engine, bytes).expect("is valid");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("imports nothing");
        Live { store, instance }
    }

    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<i32, wasmtime::Trap> {
        let function = self.instance.get_func(&mut self.store, name).expect("is exported");
        let arguments: Vec<_> = arguments.iter().copied().map(wasmtime::Val::I32).collect();
        let count = function.ty(&self.store).results().len();
        let mut results = vec![wasmtime::Val::I32(0); count];
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => Ok(results.first().map_or(0, |value| value.unwrap_i32())),
            Err(error) => Err(error.downcast().expect("is a trap")),
        }
    }
}

#[test]
fn a_region_grows_to_its_capacity_and_the_last_one_goes_on() {
    let fused = module(COMPOSITION, 4 << 16).expect("is fused");
    let mut live = Live::new(&fused.bytes);
    for (pages, before) in [(2, 1), (2, -1), (1, 3), (1, -1), (0, 4)] {
        assert_eq!(live.call("a#grow", &[pages]), Ok(before), "{pages}");
    }
    for (pages, before) in [(100, 1), (0, 101), (0xffff, -1), (-1, -1), (1000, 101)] {
        assert_eq!(live.call("b#grow", &[pages]), Ok(before), "{pages}");
    }
    assert_eq!(live.call("a#size", &[]), Ok(4));
    assert_eq!(live.call("b#size", &[]), Ok(1101));
}

#[test]
fn fresh_pages_are_zero_and_what_is_beyond_them_traps() {
    let fused = module(COMPOSITION, 4 << 16).expect("is fused");
    let mut live = Live::new(&fused.bytes);
    for (guest, value) in [("a", 1), ("b", 2)] {
        for page in 1..4 {
            let last = page * 0x10000 - 4;
            let store = format!("{guest}#store");
            let load = format!("{guest}#load");
            assert_eq!(live.call(&load, &[last]), Ok(0));
            assert_eq!(live.call(&store, &[last, value]), Ok(0));
            assert_eq!(live.call(&load, &[last]), Ok(value));
            for address in [last + 1, last + 4, 0x40000, -4, -1] {
                let beyond = live.call(&load, &[address]);
                assert_eq!(beyond, Err(wasmtime::Trap::MemoryOutOfBounds), "{guest} {address}");
                let beyond = live.call(&store, &[address, 9]);
                assert_eq!(beyond, Err(wasmtime::Trap::MemoryOutOfBounds), "{guest} {address}");
            }
            assert_eq!(live.call(&format!("{guest}#grow"), &[1]), Ok(page));
        }
    }
}

#[test]
fn the_report_says_where_regions_are() {
    let fused = module(COMPOSITION, (4 << 16) - 100).expect("is fused");
    let found: Vec<_> = fused
        .report
        .memories
        .iter()
        .map(|memory| (&*memory.owner, memory.index, memory.base, memory.maximum))
        .collect();
    assert_eq!(found, [("a", 0, 0, Some(4)), ("b", 0, 4 << 16, Some(0xffff - 4))]);
}

/// A guest that has handles of another's resource, and a memory that grows meanwhile.
const HANDLES: &str = r#"
    (component
      (component $maker
        (type $R (resource (rep i32)))
        (export $r "r" (type $R))
        (core func $new (canon resource.new $R))
        (core module $m
          (func (export "look") (param i32) (result i32) (local.get 0)))
        (core instance $m (instantiate $m))
        (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
        (func (export "look") (param "x" (borrow $r)) (result u32)
          (canon lift (core func $m "look"))))
      (instance $maker (instantiate $maker))
      (alias export $maker "r" (type $r))
      (component $user
        (import "r" (type $r (sub resource)))
        (import "make" (func $make (param "rep" u32) (result (own $r))))
        (import "look" (func $look (param "x" (borrow $r)) (result u32)))
        (core func $make (canon lower (func $make)))
        (core func $look (canon lower (func $look)))
        (core module $m
          (import "" "make" (func $make (param i32) (result i32)))
          (import "" "look" (func $look (param i32) (result i32)))
          (memory 1)
          (func (export "make") (param i32) (result i32) (call $make (local.get 0)))
          (func (export "look") (param i32) (result i32) (call $look (local.get 0)))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
          (func (export "fill") (param $from i32) (param $to i32)
            (loop $next
              (i64.store (local.get $from) (i64.const -1))
              (local.set $from (i32.add (local.get $from) (i32.const 8)))
              (br_if $next (i32.lt_u (local.get $from) (local.get $to)))))
          ;; where the first byte is that is not zero, or the end
          (func (export "zeros") (param $from i32) (param $to i32) (result i32)
            (block $found
              (loop $next
                (br_if $found (i32.eq (local.get $from) (local.get $to)))
                (br_if $found (i32.load8_u (local.get $from)))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))
                (br $next)))
            (local.get $from)))
        (core instance $m (instantiate $m (with "" (instance
          (export "make" (func $make)) (export "look" (func $look))))))
        (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $m "make")))
        (func (export "look") (param "at" u32) (result u32) (canon lift (core func $m "look")))
        (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $m "grow")))
        (func (export "fill") (param "from" u32) (param "to" u32)
          (canon lift (core func $m "fill")))
        (func (export "zeros") (param "from" u32) (param "to" u32) (result u32)
          (canon lift (core func $m "zeros"))))
      (instance $user (instantiate $user (with "r" (type $r)) (with "make" (func $maker "make"))
        (with "look" (func $maker "look"))))
      (export "user" (instance $user)))"#;

#[test]
fn handles_take_no_page_at_first_and_move_when_the_guest_before_them_grows() {
    let fused = module(HANDLES, 32 << 20).expect("is fused");
    let found: Vec<_> = fused
        .report
        .memories
        .iter()
        .map(|memory| (&*memory.owner, memory.base, memory.initial))
        .collect();
    assert_eq!(found, [("", 0x10000, 0), ("user", 0, 1)]);
    let mut live = Live::new(&fused.bytes);
    let memory = live.instance.exports(&mut live.store).find_map(wasmtime::Export::into_memory);
    assert!(memory.is_none(), "what has no pointers at the boundary exports no memory");
    let mut made = 0;
    let mut pages = 1;
    for grown in [1, 0, 3, 1, 40, 2] {
        // Handles fill more than a page, and more with every step.
        for _ in 0..3_000 {
            made += 1;
            assert_eq!(live.call("user#make", &[made * 3]), Ok(made));
        }
        assert_eq!(live.call("user#grow", &[grown]), Ok(pages));
        let (from, to) = (pages << 16, (pages + grown) << 16);
        assert_eq!(live.call("user#zeros", &[from, to]), Ok(to), "fresh pages are zero");
        if grown > 0 {
            assert_eq!(live.call("user#fill", &[from, to]), Ok(0));
        }
        pages += grown;
        for handle in 1..=made {
            assert_eq!(live.call("user#look", &[handle]), Ok(handle * 3));
        }
        assert_eq!(
            live.call("user#zeros", &[pages << 16, 0]),
            Err(wasmtime::Trap::MemoryOutOfBounds)
        );
    }
    // What the guest has written is where it was.
    let last = (pages << 16) - 1;
    for at in [0x10000, 0x20000, last] {
        assert_eq!(live.call("user#zeros", &[at, last + 1]), Ok(at));
    }
}

#[test]
fn a_guest_cannot_take_the_room_of_handles() {
    let fused = module(HANDLES, 32 << 20).expect("is fused");
    let mut live = Live::new(&fused.bytes);
    // Two tables and a stack of 4 MiB each, and as much that they have grown out of, and a page.
    let kept = 3 * 128 + 1;
    let most = 0xffff - kept;
    assert_eq!(live.call("user#grow", &[most]), Ok(-1));
    // All that is left to it can be had; the rest is for handles.
    assert_eq!(live.call("user#grow", &[most - 1]), Ok(1));
    assert_eq!(live.call("user#grow", &[1]), Ok(-1));
    for handle in 1..20_000 {
        assert_eq!(live.call("user#make", &[handle]), Ok(handle));
    }
}

#[test]
fn where_handles_have_a_place_of_their_own_a_guest_fills_its_share_of_it() {
    let input = Input { name: "guests".into(), bytes: HANDLES.into() };
    let (emit, memory, store) = (Emit::Module, MemoryPlan::Single, Some(0x10000));
    let options = Options { emit, memory, store, ..Options::default() };
    let mut live = Live::new(&fuse(&[input], &options).expect("is fused").bytes);
    // A third of a page: two tables and a stack.
    let handles = (0x10000 - 32) / 3 / 16 - 1;
    for handle in 1..=handles {
        assert_eq!(live.call("user#make", &[handle]), Ok(handle));
    }
    assert_eq!(live.call("user#make", &[0]), Err(wasmtime::Trap::UnreachableCodeReached));
}

#[test]
fn guests_that_trust_each_other_reach_each_other_and_do_the_same_otherwise() {
    let fused = |regions| {
        let input = Input { name: "guests".into(), bytes: COMPOSITION.into() };
        let (emit, memory, capacity) = (Emit::Module, MemoryPlan::Single, 4 << 16);
        let options = Options { emit, memory, capacity, regions, ..Options::default() };
        fuse(&[input], &options).expect("is fused").bytes
    };
    let (checked, trusting) = (fused(Regions::Checked), fused(Regions::Trusting));
    assert!(trusting.len() < checked.len());
    let (mut checked, mut trusting) = (Live::new(&checked), Live::new(&trusting));
    for live in [&mut checked, &mut trusting] {
        assert_eq!(live.call("a#store", &[8, 1]), Ok(0));
        assert_eq!(live.call("b#store", &[8, 2]), Ok(0));
        assert_eq!(live.call("a#load", &[8]), Ok(1));
        assert_eq!(live.call("b#load", &[8]), Ok(2));
        assert_eq!(live.call("a#grow", &[1]), Ok(1));
        assert_eq!(live.call("a#size", &[]), Ok(2));
        // There is no more than what one can grow to.
        assert_eq!(live.call("a#grow", &[100]), Ok(-1));
    }
    // What is beyond a region is the next one, whichever comes first.
    let beyond = [("a#load", 2), ("b#load", 1)].into_iter().find_map(|(load, other)| {
        assert!(checked.call(load, &[(4 << 16) + 8]).is_err(), "it is checked");
        (trusting.call(load, &[(4 << 16) + 8]) == Ok(other)).then_some(other)
    });
    assert!(beyond.is_some(), "one of them reaches the other");
}

#[test]
fn what_code_needs_is_told_and_can_be_refused() {
    let text = |code: &str| {
        format!(
            r#"(component
              (core module $m (func (export "f") (param i32) (result i32) {code}))
              (core instance $i (instantiate $m))
              (func (export "f") (param "x" s32) (result s32) (canon lift (core func $i "f"))))"#
        )
    };
    let fused = |code: &str| {
        let input = Input { name: "guest".into(), bytes: text(code).into() };
        let options = Options { features: Features::Mvp, ..Options::default() };
        (fuse(std::slice::from_ref(&input), &Options::default()), fuse(&[input], &options))
    };
    let (any, first) = fused("(i32.add (local.get 0) (i32.const 1))");
    assert_eq!(any.expect("is fused").report.blocks[0].features, [""; 0]);
    assert!(first.is_ok());
    let (any, first) =
        fused("(i32.extend8_s (i32.trunc_sat_f32_s (f32.convert_i32_s (local.get 0))))");
    let needs = ["nontrapping-fptoint", "sign-ext"];
    assert_eq!(any.expect("is fused").report.blocks[0].features, needs);
    let error = first.expect_err("needs more");
    assert_eq!(error.code(), Code::NeedsFeatures);
    assert!(error.message().contains("nontrapping-fptoint, sign-ext"), "{error}");
}

#[test]
fn regions_that_are_too_large_together_are_refused() {
    let error = module(COMPOSITION, u32::MAX).expect_err("the first has all of it");
    assert_eq!(error.code(), Code::NotOneMemory);
    assert!(error.to_string().contains("Options::capacity"), "{error}");
}

#[test]
fn a_memory_that_is_alone_is_left_as_it_is() {
    let text = r#"
        (component
          (core module $m
            (memory (export "memory") 1)
            (func (export "size") (result i32) (memory.size)))
          (core instance $i (instantiate $m))
          (func (export "size") (result u32) (canon lift (core func $i "size"))))"#;
    let input = Input { name: "guest".into(), bytes: text.into() };
    let multi = Options { emit: Emit::Module, ..Options::default() };
    let multi = fuse(&[input], &multi).expect("is fused");
    assert_eq!(module(text, 0).expect("is fused").bytes, multi.bytes);
}
