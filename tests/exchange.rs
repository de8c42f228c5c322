//! Handles that are exchanged at the boundary, where they are: among core values, and in memory that the
//! engine has written.
//!
//! Two instances of a guest have handles of the host's resource, so that each has a table of its own. In
//! every function handles are somewhere else. The guest shows the numbers that it gets, and what lies in
//! its memory afterwards, which have to be those of the composition.
//!
//! One function returns a handle and a string. For the string the engine calls the guest's `realloc`, which
//! puts another number in the place of the handle: it shall not get a handle of the other guest for that.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Fused, fuse};
use wasm_fuser_testing::host::engine;
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceType, Val};
use wasmtime::{ExportType, Extern, Module, Store, StoreContextMut};

const COMPOSITION: &str = include_str!("exchange.wat");

/// What the host was asked, and the last rep that it gave away.
#[derive(Default)]
struct Host {
    transcript: Vec<String>,
    last: u32,
}

fn new(store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<Val> {
    store.data_mut().last += 1;
    let rep = store.data().last;
    Ok(Val::Resource(Resource::<()>::new_own(rep).try_into_resource_any(store)?))
}

/// A value as text, with reps for handles.
fn shown(store: &mut StoreContextMut<'_, Host>, value: &Val) -> wasmtime::Result<String> {
    Ok(match value {
        Val::Resource(handle) => {
            let handle = handle.try_into_resource::<()>(store)?;
            format!("{} {}", if handle.owned() { "own" } else { "borrow" }, handle.rep())
        }
        Val::Option(Some(value)) => format!("some {}", shown(store, value)?),
        Val::List(values) => {
            let values = values.iter().map(|it| shown(store, it));
            values.collect::<wasmtime::Result<Vec<_>>>()?.join(", ")
        }
        value => format!("{value:?}"),
    })
}

fn linker() -> Result<Linker<Host>> {
    let mut linker: Linker<Host> = Linker::new(engine());
    let mut host = linker.instance("host")?;
    host.resource("r", ResourceType::host::<()>(), |mut store, rep| {
        store.data_mut().transcript.push(format!("{rep} is dropped"));
        Ok(())
    })?;
    for name in ["pair", "named", "swap", "look", "all"] {
        host.func_new(name, move |mut store, _, args, results| {
            let args =
                args.iter().map(|it| shown(&mut store, it)).collect::<wasmtime::Result<Vec<_>>>();
            let text = format!("{name}({})", args?.join(", "));
            store.data_mut().transcript.push(text);
            results[0] = match name {
                "pair" => Val::Tuple(vec![new(&mut store)?, Val::U64(7), new(&mut store)?]),
                "named" => Val::Tuple(vec![new(&mut store)?, Val::String("name".into())]),
                "swap" => new(&mut store)?,
                _ => Val::U32(5),
            };
            Ok(())
        })?;
    }
    Ok(linker)
}

/// What a form does.
struct Form {
    store: Store<Host>,
    instance: Instance,
}

impl Form {
    fn new(bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine(), bytes)?;
        let mut store = Store::new(engine(), Host::default());
        let instance = linker()?.instantiate(&mut store, &component)?;
        Ok(Form { store, instance })
    }

    /// Calls a guest's function, and writes down what it returns.
    fn call(&mut self, guest: &str, name: &str, args: &[Val]) -> Result<()> {
        let Form { store, instance } = self;
        let index = instance.get_export_index(&mut *store, None, guest);
        let index = instance.get_export_index(&mut *store, index.as_ref(), name);
        let func = index.and_then(|index| instance.get_func(&mut *store, index));
        let func = func.expect("guests export all of these");
        let mut results = vec![Val::Bool(false); func.ty(&*store).results().len()];
        let outcome = func.call(&mut *store, args, &mut results);
        let mut text = format!("{guest} {name}");
        match outcome {
            Ok(()) => {
                for result in &results {
                    let mut parts = vec![result];
                    if let Val::Tuple(values) = result {
                        parts = values.iter().collect();
                    }
                    for part in parts {
                        let part = shown(&mut wasmtime::AsContextMut::as_context_mut(store), part)?;
                        write!(text, " {part}")?;
                    }
                }
            }
            Err(_) => text += " traps",
        }
        store.data_mut().transcript.push(text);
        Ok(())
    }

    fn own(&mut self) -> Result<Val> {
        Ok(new(&mut wasmtime::AsContextMut::as_context_mut(&mut self.store))?)
    }

    /// Every function, by both guests, in turns.
    fn all(bytes: &[u8]) -> Result<Vec<String>> {
        let mut form = Form::new(bytes)?;
        for _ in 0..3 {
            for guest in ["left", "right"] {
                form.call(guest, "pair", &[])?;
                form.call(guest, "swap", &[])?;
                form.call(guest, "swap-one", &[])?;
                form.call(guest, "look", &[])?;
                form.call(guest, "all", &[])?;
                let (first, second) = (form.own()?, form.own()?);
                let numbers = (0..16).map(Val::U32);
                let args: Vec<_> = [first].into_iter().chain(numbers).chain([second]).collect();
                form.call(guest, "many", &args)?;
                let text = Val::String("a text".into());
                let (first, second) = (form.own()?, form.own()?);
                let second = Val::Option(Some(second.into()));
                form.call(guest, "some", &[first, text.clone(), second])?;
                let first = form.own()?;
                form.call(guest, "some", &[first, text, Val::Option(None)])?;
                form.call(guest, "back", &[])?;
                form.call(guest, "area", &[])?;
            }
        }
        Ok(form.store.into_data().transcript)
    }

    /// A guest has handles; the other one asks for one that is named, and puts that number in its place.
    fn forged(bytes: &[u8], number: u32) -> Result<Vec<String>> {
        let mut form = Form::new(bytes)?;
        for _ in 0..3 {
            form.call("left", "pair", &[])?;
        }
        form.call("right", "forge", &[Val::U32(number)])?;
        Ok(form.store.into_data().transcript)
    }
}

/// Every form, by name.
fn forms(bytes: &[u8]) -> Result<Vec<(String, Fused)>> {
    let mut forms = Vec::new();
    for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
        for emit in [Emit::Component, Emit::Flat] {
            let input = Input { name: "composition".into(), bytes: bytes.into() };
            let fused = fuse(&[input], &Options { memory, emit, ..Options::default() });
            let fused = fused.map_err(|error| anyhow::anyhow!("{error}"))?;
            forms.push((format!("{memory:?} {emit:?}"), fused));
        }
    }
    Ok(forms)
}

#[test]
fn handles_are_exchanged_wherever_they_are() -> Result<()> {
    let bytes = wat::parse_str(COMPOSITION)?;
    let expected = Form::all(&bytes)?;
    ensure!(!expected.iter().any(|line| line.ends_with("traps")), "{expected:#?}");
    for (name, fused) in forms(&bytes)? {
        let found = Form::all(&fused.bytes)?;
        ensure!(found == expected, "{name}: {found:#?}\ncomposed: {expected:#?}");
    }
    Ok(())
}

#[test]
fn a_guest_cannot_put_the_engines_number_in_the_place_of_a_handle() -> Result<()> {
    let bytes = wat::parse_str(COMPOSITION)?;
    let forms = forms(&bytes)?;
    for number in 0..12 {
        let expected = Form::forged(&bytes, number)?;
        for (name, fused) in &forms {
            let found = Form::forged(&fused.bytes, number)?;
            ensure!(found == expected, "{name}: {found:#?}\ncomposed: {expected:#?}");
        }
    }
    Ok(())
}

/// The memories of the fused form of a text: of how many guests, and the pages of the others at first.
fn memories(text: &str, options: &Options) -> Result<(usize, Vec<u64>)> {
    let input = Input { name: "composition".into(), bytes: wat::parse_str(text)? };
    let fused = fuse(&[input], options).map_err(|error| anyhow::anyhow!("{error}"))?;
    let (own, guests): (Vec<_>, Vec<_>) =
        fused.report.memories.iter().partition(|memory| memory.owner.is_empty());
    Ok((guests.len(), own.iter().map(|memory| memory.initial).collect()))
}

#[test]
fn a_bridge_is_in_the_memory_of_the_tables_unless_others_may_write_there() -> Result<()> {
    let options = |memory, emit| Options { memory, emit, ..Options::default() };
    for memory in [MemoryPlan::Multi, MemoryPlan::Split] {
        let (guests, own) = memories(COMPOSITION, &options(memory, Emit::Component))?;
        assert_eq!((guests, own), (2, vec![0]), "{memory:?}");
    }
    let (guests, own) = memories(COMPOSITION, &options(MemoryPlan::Multi, Emit::RawModule))?;
    assert_eq!((guests, own), (2, vec![0, 0]));
    Ok(())
}

#[test]
fn a_bridge_is_not_there_if_nothing_goes_through() -> Result<()> {
    let options = Options { emit: Emit::RawModule, ..Options::default() };
    // Where no handle is beside a pointer in memory, nothing does.
    let (start, end) = (";; through the bridge", ";; and on");
    let mut text = COMPOSITION.to_string();
    while let Some(at) = text.find(start) {
        let until = at + text[at..].find(end).expect("what begins ends") + end.len();
        text.replace_range(at..until, "");
    }
    let (_, own) = memories(&text, &options)?;
    assert_eq!(own.len(), 1, "that of the tables");
    Ok(())
}

#[test]
fn an_empty_text_of_a_host_may_be_said_to_be_anywhere() -> Result<()> {
    let input = Input { name: "composition".into(), bytes: COMPOSITION.into() };
    let options = Options { emit: Emit::RawModule, ..Options::default() };
    let fused = fuse(&[input], &options).map_err(|error| anyhow::anyhow!("{error}"))?;
    let module = Module::new(engine(), &fused.bytes)?;
    let is_bridge =
        |export: &ExportType<'_>| export.ty().memory().is_some_and(|memory| memory.minimum() == 0);
    let bridge = module.exports().find(is_bridge).expect("the bridge has no page at first");
    for place in [1, 1 << 20, u32::MAX] {
        let mut store = Store::new(engine(), ());
        let mut linker = wasmtime::Linker::new(engine());
        for import in module.imports() {
            let ty = import.ty().func().cloned().expect("only functions are imported");
            let bridge = (import.name() == "named").then(|| bridge.name().to_string());
            linker.func_new(
                import.module(),
                import.name(),
                ty,
                move |mut caller, args, results| {
                    results.fill(wasmtime::Val::I32(5));
                    let Some(bridge) = &bridge else { return Ok(()) };
                    let memory = caller.get_export(bridge).and_then(Extern::into_memory);
                    let memory = memory.expect("it is exported");
                    // A handle, and the place and the length of the text.
                    let result = [1u32, place, 0].map(u32::to_le_bytes).concat();
                    let at = args[0].unwrap_i32().cast_unsigned() as usize;
                    memory.write(&mut caller, at, &result)?;
                    Ok(())
                },
            )?;
        }
        let instance = linker.instantiate(&mut store, &module)?;
        let named = instance.get_typed_func::<u32, u32>(&mut store, "left#forge")?;
        assert_eq!(named.call(&mut store, 1)?, 1);
    }
    Ok(())
}
