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
use wasmtime::{Store, StoreContextMut};

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

#[test]
fn where_no_handle_is_beside_a_pointer_in_memory_nothing_goes_through_a_bridge() -> Result<()> {
    // Of the guests, and that of the tables.
    let without = |text: &str| -> Result<usize> {
        let input = Input { name: "composition".into(), bytes: wat::parse_str(text)? };
        let fused = fuse(&[input], &Options::default());
        Ok(fused.map_err(|error| anyhow::anyhow!("{error}"))?.report.memories.len())
    };
    ensure!(without(COMPOSITION)? == 4, "the bridge has a memory");
    let (start, end) = (";; through the bridge", ";; and on");
    let mut text = COMPOSITION.to_string();
    while let Some(at) = text.find(start) {
        let until = at + text[at..].find(end).expect("what begins ends") + end.len();
        text.replace_range(at..until, "");
    }
    ensure!(without(&text)? == 3, "there is no bridge");
    Ok(())
}

#[test]
fn a_bridge_has_a_page_at_first_if_texts_of_the_host_come_through_it() -> Result<()> {
    // It is no guest's, and the store's has a page.
    let pages = |text: &str| -> Result<u64> {
        let input = Input { name: "composition".into(), bytes: wat::parse_str(text)? };
        let fused = fuse(&[input], &Options::default());
        let memories = fused.map_err(|error| anyhow::anyhow!("{error}"))?.report.memories;
        let own: Vec<_> = memories.iter().filter(|memory| memory.owner.is_empty()).collect();
        ensure!(own.len() == 2, "there are the bridge and the store: {memories:?}");
        Ok(own.iter().map(|memory| memory.initial).sum::<u64>() - 1)
    };
    let (text, bytes) = ("(tuple (own $r) string)", "(tuple (own $r) (list u8))");
    ensure!(COMPOSITION.contains(text), "a text comes through the bridge");
    assert_eq!(pages(COMPOSITION)?, 1);
    assert_eq!(pages(&COMPOSITION.replace(text, bytes))?, 0);
    Ok(())
}
