//! A host that satisfies whatever a script's component imports, and writes down what it is called
//! with.
//!
//! A function returns, an `async` one not at once, its first argument of its result's type, or else the least value of that
//! type: zero, the empty string, the first case. A resource is a new one, numbered by how many lines
//! are written so far; a list of resources has two. There is one core module, for whoever imports
//! one.

use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail};
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{
    Component, Instance, Linker, LinkerInstance, Resource, ResourceType, Val,
};
use wasmtime::{AsContextMut, Config, Engine, Module, Store, StoreContextMut};

/// What a store holds: the calls of the host so far.
pub type Transcript = Vec<String>;

/// The engine of scripts: every feature that is compiled in, and code that is compiled rather than
/// run for long.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&config()).expect("is a valid configuration"))
}

/// What that engine can do.
pub fn config() -> Config {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    config.wasm_exceptions(true);
    config.wasm_function_references(true);
    config.wasm_gc(true);
    config.wasm_custom_page_sizes(true);
    config.wasm_wide_arithmetic(true);
    config.shared_memory(true);
    config.wasm_component_model_async(true);
    config.wasm_component_model_more_async_builtins(true);
    config.wasm_component_model_async_stackful(true);
    config.wasm_component_model_threading(true);
    config.wasm_component_model_error_context(true);
    config.wasm_component_model_fixed_length_lists(true);
    config.wasm_component_model_map(true);
    config.wasm_component_model_memory64(true);
    config.wasm_component_model_implements(true);
    config
}

/// A linker that has all that a component imports.
pub fn linker(engine: &Engine, component: &Component) -> Result<Linker<Transcript>> {
    let mut linker = Linker::new(engine);
    let ty = component.component_type();
    let items: Vec<_> = ty.imports(engine).map(|(name, import)| (name, import.ty)).collect();
    for (name, item) in items {
        define(engine, &mut linker.root(), name, name, item)?;
    }
    Ok(linker)
}

fn define(
    engine: &Engine,
    into: &mut LinkerInstance<'_, Transcript>,
    path: &str,
    name: &str,
    item: ComponentItem,
) -> Result<()> {
    match item {
        ComponentItem::ComponentFunc(ty) if ty.async_() => {
            let path = path.to_string();
            into.func_new_concurrent(name, move |accessor, ty, args, results| {
                let path = path.clone();
                Box::pin(async move {
                    accessor.with(|mut a| answer(a.as_context_mut(), &path, &ty, args, results))?;
                    later().await;
                    Ok(())
                })
            })?;
        }
        ComponentItem::ComponentFunc(_) => {
            let path = path.to_string();
            into.func_new(name, move |store, ty, args, results| {
                answer(store, &path, &ty, args, results)
            })?;
        }
        ComponentItem::ComponentInstance(ty) => {
            let mut inner = into.instance(name)?;
            let items: Vec<_> = ty.exports(engine).map(|(name, item)| (name, item.ty)).collect();
            for (name, item) in items {
                define(engine, &mut inner, &format!("{path}#{name}"), name, item)?;
            }
        }
        ComponentItem::Resource(_) => {
            let path = path.to_string();
            into.resource(name, ResourceType::host::<()>(), move |mut store, rep| {
                store.data_mut().push(format!("{path} {rep} is dropped"));
                Ok(())
            })?;
        }
        ComponentItem::Type(_) => {}
        ComponentItem::Module(_) => into.module(name, &Module::new(engine, LIBC)?)?,
        other => bail!("the host has nothing for `{path}`: {other:?}"),
    }
    Ok(())
}

/// The core module that the host has for whoever imports one: it says so when it starts.
const LIBC: &str = r#"(module
    (import "env" "log" (func $log (param i32)))
    (memory (export "memory") 1)
    (table (export "table") 4 funcref)
    (global (export "base") i32 (i32.const 64))
    (global $top (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get 3))))
    (func (export "first-byte") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func $start (call $log (i32.const 7)))
    (start $start))"#;

/// Writes a call down, and finds its results.
fn answer(
    mut store: StoreContextMut<'_, Transcript>,
    path: &str,
    ty: &ComponentFunc,
    args: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let line = format!("{path}({})", shown(&mut store, args)?);
    store.data_mut().push(line);
    for (result, ty) in results.iter_mut().zip(ty.results()) {
        let least = least(&mut store, &ty)?;
        let same = |arg: &&Val| std::mem::discriminant(*arg) == std::mem::discriminant(&least);
        *result = args.iter().find(same).cloned().unwrap_or(least);
    }
    Ok(())
}

/// A future that is ready when it is polled for the second time.
async fn later() {
    let mut polled = false;
    std::future::poll_fn(|context| match std::mem::replace(&mut polled, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

fn shown(store: &mut StoreContextMut<'_, Transcript>, args: &[Val]) -> wasmtime::Result<String> {
    let mut shown_args = Vec::new();
    for arg in args {
        shown_args.push(match arg {
            Val::Resource(resource) => {
                let resource = resource.try_into_resource::<()>(&mut *store)?;
                let kind = if resource.owned() { "own" } else { "borrow" };
                format!("{kind} {}", resource.rep())
            }
            Val::List(elements) => format!("[{}]", shown(store, elements)?),
            value => format!("{value:?}"),
        });
    }
    Ok(shown_args.join(", "))
}

fn least(store: &mut StoreContextMut<'_, Transcript>, ty: &Type) -> wasmtime::Result<Val> {
    Ok(match ty {
        Type::Bool => Val::Bool(false),
        Type::S8 => Val::S8(0),
        Type::U8 => Val::U8(0),
        Type::S16 => Val::S16(0),
        Type::U16 => Val::U16(0),
        Type::S32 => Val::S32(0),
        Type::U32 => Val::U32(0),
        Type::S64 => Val::S64(0),
        Type::U64 => Val::U64(0),
        Type::Float32 => Val::Float32(0.0),
        Type::Float64 => Val::Float64(0.0),
        Type::Char => Val::Char('\0'),
        Type::String => Val::String(String::new()),
        Type::Own(_) => {
            let rep = store.data().len() as u32;
            store.data_mut().push(format!("a resource {rep} is made"));
            Val::Resource(Resource::<()>::new_own(rep).try_into_resource_any(&mut *store)?)
        }
        Type::List(list) if matches!(list.ty(), Type::Own(_)) => {
            Val::List(vec![least(store, &list.ty())?, least(store, &list.ty())?])
        }
        Type::List(_) => Val::List(Vec::new()),
        other => wasmtime::bail!("the host has no value of type {other:?}"),
    })
}

/// An instance of a component, over that host.
///
/// # Errors
///
/// If it is not valid, or cannot be instantiated.
pub fn start(bytes: &[u8]) -> Result<(Store<Transcript>, Instance)> {
    let component = Component::new(engine(), bytes)?;
    let mut store = Store::new(engine(), Transcript::new());
    let linker = linker(engine(), &component)?;
    let instance = block_on(linker.instantiate_async(&mut store, &component))??;
    Ok((store, instance))
}

/// Runs a future that waits for nothing outside of the store.
pub fn block_on<T>(future: impl Future<Output = T>) -> Result<T> {
    let mut future: Pin<Box<_>> = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Ok(value);
        }
    }
    bail!("nothing happens any more")
}
