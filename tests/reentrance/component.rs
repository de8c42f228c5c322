//! The host of a component: the engine passes values.

use anyhow::Result;
use wasm_fuser::Fused;
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceType, Val};
use wasmtime::{Engine, Store, StoreContextMut};

use super::{Host, Program, Value, embedder, serve};

/// What is run, compiled.
pub enum Form {
    Component(Component),
    Module(embedder::Compiled),
}

impl Form {
    pub fn component(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        Ok(Form::Component(Component::new(engine, bytes)?))
    }

    pub fn module(engine: &Engine, fused: &Fused) -> Result<Form> {
        Ok(Form::Module(embedder::Compiled::new(engine, fused)?))
    }
}

/// Instantiates a component with the interface of the host.
pub fn instantiate(store: &mut Store<Host>, component: &Component) -> Result<Program> {
    let mut linker: Linker<Host> = Linker::new(store.engine());
    let mut host = linker.instance("host")?;
    host.resource("r", ResourceType::host::<()>(), |mut store, rep| {
        store.data_mut().transcript.push(format!("{rep} is dropped"));
        Ok(())
    })?;
    for name in ["text", "bytes", "lend", "give"] {
        host.func_new(name, move |mut store, _, args, results| {
            let args = args.iter().map(|arg| lifted(&mut store, arg));
            let args = args.collect::<wasmtime::Result<_>>()?;
            let answer = serve(&mut store, name, args)?;
            results[0] = lowered(&mut store, answer)?;
            Ok(())
        })?;
    }
    Ok(Program::Component(linker.instantiate(store, component)?))
}

/// Calls an export.
pub fn call(
    store: &mut StoreContextMut<'_, Host>,
    instance: Instance,
    guest: &str,
    name: &str,
    args: &[Value],
) -> wasmtime::Result<Value> {
    let args = args.iter().map(|arg| lowered(store, arg.clone()));
    let args = args.collect::<wasmtime::Result<Vec<_>>>()?;
    let index = instance.get_export_index(&mut *store, None, guest);
    let index = instance.get_export_index(&mut *store, index.as_ref(), name);
    let func = index.and_then(|index| instance.get_func(&mut *store, index));
    let func = func.expect("guests export all of these");
    let mut results = [Val::Bool(false)];
    func.call(&mut *store, &args, &mut results)?;
    let returned = lifted(store, &results[0])?;
    if let ("lend", [Val::Resource(lent)]) = (name, &args[..]) {
        lent.resource_drop(&mut *store)?;
    }
    Ok(returned)
}

/// A handle is the host's from then on: what it stands for is kept.
fn lifted(store: &mut StoreContextMut<'_, Host>, value: &Val) -> wasmtime::Result<Value> {
    Ok(match value {
        Val::String(text) => Value::Text(text.clone()),
        Val::U32(number) => Value::Number(*number),
        Val::List(bytes) => {
            let byte = |value: &Val| if let Val::U8(byte) = value { *byte } else { 0 };
            Value::Bytes(bytes.iter().map(byte).collect())
        }
        Val::Tuple(pair) => match &pair[..] {
            [Val::String(x), Val::String(y)] => Value::Pair(x.clone(), y.clone()),
            other => panic!("there is no such pair: {other:?}"),
        },
        Val::Resource(handle) => {
            let handle = handle.try_into_resource::<()>(store)?;
            let rep = handle.rep();
            if handle.owned() { Value::Own(rep) } else { Value::Borrow(rep) }
        }
        other => panic!("no function has {other:?}"),
    })
}

/// A borrowed handle is one of a handle that the host has for this call.
fn lowered(store: &mut StoreContextMut<'_, Host>, value: Value) -> wasmtime::Result<Val> {
    Ok(match value {
        Value::Text(text) => Val::String(text),
        Value::Number(number) => Val::U32(number),
        Value::Bytes(bytes) => Val::List(bytes.into_iter().map(Val::U8).collect()),
        Value::Pair(x, y) => Val::Tuple(vec![Val::String(x), Val::String(y)]),
        Value::Own(rep) | Value::Borrow(rep) => {
            Val::Resource(Resource::<()>::new_own(rep).try_into_resource_any(store)?)
        }
    })
}
