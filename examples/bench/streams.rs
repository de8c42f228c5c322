//! What goes through a stream costs: composed and fused, beside a `memory.copy` of as many bytes.
//!
//! A guest reads, has another write, and takes its event, again and again. Times are nanoseconds for one
//! such round, the least of all; both forms, and the copy, run in turns. What is fused needs no tasks of the
//! engine, so it runs without support of concurrency as well.

use std::time::Instant;

use anyhow::Result;
use wasm_fuser::{Input, Options, fuse};
use wasmtime::component::{Component, Linker, TypedFunc};
use wasmtime::{Config, Engine, Store};

/// What goes through: the type, its size, and how many at a time.
const KINDS: [(&str, u32, &[u32]); 4] = [
    ("u8", 1, &[64, 4096, 65536]),
    ("u64", 8, &[8, 8192]),
    ("(tuple u8 u32)", 8, &[1, 1000]),
    ("string", 8, &[1, 1000]),
];

/// Prints what each kind costs.
pub fn print(rounds: usize) -> Result<()> {
    println!(
        "{:16} {:>6} {:>12} {:>12} {:>12} {:>12} {:>12}",
        "", "values", "composed", "fused", "plain engine", "memory.copy", "fused, each"
    );
    for (ty, size, lengths) in KINDS {
        let composed = wat::parse_str(composition(ty, size))?;
        let input = Input { name: "streams".into(), bytes: composed.clone() };
        let fused = fuse(&[input], &Options::default())?.bytes;
        let mut config = Config::new();
        config.wasm_component_model_async(true).wasm_component_model_more_async_builtins(true);
        let engine = Engine::new(&config)?;
        let mut config = Config::new();
        config.concurrency_support(false);
        let plain = Engine::new(&config)?;
        let mut forms = [
            Form::new(&engine, &composed, "run")?,
            Form::new(&engine, &fused, "run")?,
            Form::new(&plain, &fused, "run")?,
            Form::new(&plain, &fused, "copy")?,
        ];
        for &values in lengths {
            let mut times = [f64::INFINITY; 4];
            for _ in 0..rounds {
                for (form, least) in forms.iter_mut().zip(&mut times) {
                    *least = least.min(form.nanoseconds(values, size)?);
                }
            }
            let [composed, fused, plain, copy] = times;
            let each = fused / f64::from(values);
            println!(
                "{ty:16} {values:6} {composed:12.1} {fused:12.1} {plain:12.1} {copy:12.1} {each:12.2}"
            );
        }
    }
    Ok(())
}

struct Form {
    store: Store<()>,
    run: TypedFunc<(u32, u32), ()>,
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8], name: &str) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, &component)?;
        let run = instance.get_typed_func(&mut store, name)?;
        Ok(Form { store, run })
    }

    fn nanoseconds(&mut self, values: u32, size: u32) -> Result<f64> {
        let times = 1 + (1 << 18) / (values * size + 256);
        let begun = Instant::now();
        self.run.call(&mut self.store, (times, values))?;
        Ok(begun.elapsed().as_nanos() as f64 / f64::from(times))
    }
}

/// A composition whose `run(n, values)` reads so many `n` times, and whose `copy` copies as much.
fn composition(ty: &str, size: u32) -> String {
    // Strings are sixteen bytes each.
    let realloc = if ty == "string" { " (realloc (core func $libc \"realloc\"))" } else { "" };
    format!(
        r#"(component
          (component $writer
            (core module $libc
              (memory (export "memory") 4)
              (func $fill
                (local $at i32)
                (loop $next
                  (i32.store (local.get $at) (i32.const 131072))
                  (i32.store offset=4 (local.get $at) (i32.const 16))
                  (local.set $at (i32.add (local.get $at) (i32.const 8)))
                  (br_if $next (i32.lt_u (local.get $at) (i32.const 65536)))))
              (start $fill))
            (core instance $libc (instantiate $libc))
            (type $s (stream {ty}))
            (core func $new (canon stream.new $s))
            (core func $write (canon stream.write $s async (memory (core memory $libc "memory"))))
            (core module $m
              (import "" "new" (func $new (result i64)))
              (import "" "write" (func $write (param i32 i32 i32) (result i32)))
              (global $end (mut i32) (i32.const 0))
              (func (export "open") (result i32)
                (local $ends i64)
                (local.set $ends (call $new))
                (global.set $end (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
                (i32.wrap_i64 (local.get $ends)))
              (func (export "put") (param i32)
                (drop (call $write (global.get $end) (i32.const 0) (local.get 0)))))
            (core instance $m (instantiate $m (with "" (instance
              (export "new" (func $new)) (export "write" (func $write))))))
            (func (export "open") (result $s) (canon lift (core func $m "open")))
            (func (export "put") (param "values" u32) (canon lift (core func $m "put"))))
          (component $reader
            (import "open" (func $open (result (stream {ty}))))
            (import "put" (func $put (param "values" u32)))
            (core module $libc
              (memory (export "memory") 4)
              (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 131072)))
            (core instance $libc (instantiate $libc))
            (type $s (stream {ty}))
            (core func $open (canon lower (func $open)))
            (core func $put (canon lower (func $put)))
            (core func $read (canon stream.read $s async (memory (core memory $libc "memory")){realloc}))
            (core func $set (canon waitable-set.new))
            (core func $join (canon waitable.join))
            (core func $poll (canon waitable-set.poll (memory (core memory $libc "memory"))))
            (core module $m
              (import "" "memory" (memory 1))
              (import "" "open" (func $open (result i32)))
              (import "" "put" (func $put (param i32)))
              (import "" "read" (func $read (param i32 i32 i32) (result i32)))
              (import "" "set" (func $set (result i32)))
              (import "" "join" (func $join (param i32 i32)))
              (import "" "poll" (func $poll (param i32 i32) (result i32)))
              (global $end (mut i32) (i32.const 0))
              (global $events (mut i32) (i32.const 0))
              (func (export "run") (param $n i32) (param $values i32)
                (if (i32.eqz (global.get $end))
                  (then
                    (global.set $end (call $open))
                    (global.set $events (call $set))
                    (call $join (global.get $end) (global.get $events))))
                (loop $next
                  (if (i32.ne (call $read (global.get $end) (i32.const 0) (local.get $values)) (i32.const -1))
                    (then unreachable))
                  (call $put (local.get $values))
                  (if (i32.ne (call $poll (global.get $events) (i32.const 196608)) (i32.const 2))
                    (then unreachable))
                  (if (i32.ne (i32.load (i32.const 196612)) (i32.shl (local.get $values) (i32.const 4)))
                    (then unreachable))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n))))
              (func (export "copy") (param $n i32) (param $values i32)
                (loop $next
                  (memory.copy (i32.const 0) (i32.const 65536)
                    (i32.mul (local.get $values) (i32.const {size})))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n)))))
            (core instance $m (instantiate $m (with "" (instance
              (export "memory" (memory $libc "memory"))
              (export "open" (func $open)) (export "put" (func $put)) (export "read" (func $read))
              (export "set" (func $set)) (export "join" (func $join)) (export "poll" (func $poll))))))
            (func (export "run") (param "n" u32) (param "values" u32) (canon lift (core func $m "run")))
            (func (export "copy") (param "n" u32) (param "values" u32) (canon lift (core func $m "copy"))))
          (instance $w (instantiate $writer))
          (instance $r (instantiate $reader
            (with "open" (func $w "open")) (with "put" (func $w "put"))))
          (export "run" (func $r "run"))
          (export "copy" (func $r "copy")))"#
    )
}
