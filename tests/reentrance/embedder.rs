//! The host of a core module, as an engine without components has one: it does itself what the canonical
//! ABI says, as the module's section `wasm-fuser:boundary` tells.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use wasm_fuser::Fused;
use wasm_fuser::report::{BoundaryItem, Direction};
use wasmtime::{
    AsContextMut, Engine, Extern, Func, Instance, Linker, Memory, Store, StoreContextMut, Val,
};

use super::{Host, Program, Value, serve};

/// A module and what its imports and exports are.
pub struct Compiled {
    module: wasmtime::Module,
    boundary: Arc<[BoundaryItem]>,
}

/// An instance of it.
#[derive(Clone)]
pub struct Module {
    instance: Instance,
    boundary: Arc<[BoundaryItem]>,
}

/// The handles of the module: index 0 is none.
#[derive(Default)]
pub struct Handles(Vec<Option<Handle>>);

#[derive(Clone, Copy, PartialEq, Eq)]
struct Handle {
    rep: u32,
    owned: bool,
}

impl Handles {
    fn add(&mut self, rep: u32, owned: bool) -> u32 {
        let handle = Some(Handle { rep, owned });
        match self.0.iter().position(Option::is_none) {
            Some(free) => {
                self.0[free] = handle;
                free as u32 + 1
            }
            None => {
                self.0.push(handle);
                self.0.len() as u32
            }
        }
    }

    fn get(&self, index: u32) -> wasmtime::Result<Handle> {
        let handle = index.checked_sub(1).and_then(|at| *self.0.get(at as usize)?);
        handle.ok_or_else(|| wasmtime::format_err!("there is no handle {index}"))
    }

    fn take(&mut self, index: u32) -> wasmtime::Result<Handle> {
        let handle = self.get(index)?;
        self.0[index as usize - 1] = None;
        Ok(handle)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl Compiled {
    pub fn new(engine: &Engine, fused: &Fused) -> Result<Compiled> {
        let module = wasmtime::Module::new(engine, &fused.bytes)?;
        Ok(Compiled { module, boundary: fused.report.boundary.clone().into() })
    }

    pub fn instantiate(&self, store: &mut Store<Host>) -> Result<Program> {
        let mut linker = Linker::new(store.engine());
        for item in self.boundary.iter().filter(|item| item.direction == Direction::Imported) {
            let import = self.module.imports().find(|import| {
                (import.module(), import.name()) == (&item.core_module, &item.core_name)
            });
            let import = import.ok_or_else(|| anyhow!("{item:?} is no import"))?;
            let ty =
                import.ty().func().cloned().ok_or_else(|| anyhow!("{item:?} is no function"))?;
            let described = item.clone();
            let func = Func::new(&mut *store, ty, move |mut caller, args, results| {
                called(&mut caller.as_context_mut(), &described, args, results)
            });
            linker.define(&mut *store, &item.core_module, &item.core_name, func)?;
        }
        let instance = linker.instantiate(&mut *store, &self.module)?;
        if let Some(start) = instance.get_func(&mut *store, "_initialize") {
            start.call(&mut *store, &[], &mut [])?;
        }
        let module = Module { instance, boundary: Arc::clone(&self.boundary) };
        ensure!(module.find("a", "text").is_some(), "exports are described");
        Ok(Program::Module(module))
    }
}

/// An import is called.
fn called(
    store: &mut StoreContextMut<'_, Host>,
    item: &BoundaryItem,
    args: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    if item.function.starts_with("[resource-drop]") {
        let handle = store.data_mut().handles.take(args[0].unwrap_i32() as u32)?;
        if handle.owned {
            store.data_mut().transcript.push(format!("{} is dropped", handle.rep));
        }
        return Ok(());
    }
    let Some(Program::Module(module)) = store.data().program.clone() else {
        panic!("only a module calls here")
    };
    let end = End::of(&module, store, item);
    let arg = |at: usize| args[at].unwrap_i32() as u32;
    let (given, area) = match item.function.as_str() {
        "text" => {
            let pair = [(arg(0), arg(1)), (arg(2), arg(3))];
            (pair.map(|(at, length)| Value::Text(end.text(store, at, length))).to_vec(), arg(4))
        }
        "bytes" => (vec![Value::Bytes(end.bytes(store, arg(0), arg(1)))], arg(2)),
        "lend" => (vec![Value::Borrow(store.data().handles.get(arg(0))?.rep)], 0),
        "give" => (vec![Value::Own(store.data_mut().handles.take(arg(0))?.rep)], 0),
        other => panic!("the host has no `{other}`"),
    };
    match serve(store, &item.function, given)? {
        Value::Number(number) => results[0] = Val::I32(number as i32),
        Value::Own(rep) => {
            results[0] = Val::I32(store.data_mut().handles.add(rep, true) as i32);
        }
        Value::Pair(x, y) => {
            let pairs = [end.store_text(store, &x)?, end.store_text(store, &y)?];
            end.write_pairs(store, area, &pairs);
        }
        Value::Bytes(bytes) => {
            let pair = end.store_bytes(store, &bytes, 1)?;
            end.write_pairs(store, area, &[(pair, bytes.len() as u32)]);
        }
        other => panic!("the host answers with {other:?}"),
    }
    Ok(())
}

impl Module {
    fn find(&self, guest: &str, name: &str) -> Option<&BoundaryItem> {
        self.boundary.iter().find(|item| {
            item.direction == Direction::Exported
                && item.interface.as_deref() == Some(guest)
                && item.function == name
        })
    }

    fn func(&self, store: &mut StoreContextMut<'_, Host>, name: &str) -> Func {
        match self.instance.get_export(&mut *store, name) {
            Some(Extern::Func(func)) => func,
            _ => panic!("`{name}` is no exported function"),
        }
    }

    /// Calls an export.
    pub fn call(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        guest: &str,
        name: &str,
        args: &[Value],
    ) -> wasmtime::Result<Value> {
        let item = self.find(guest, name).expect("guests export all of these");
        let end = End::of(self, store, item);
        let mut flat = Vec::new();
        for arg in args {
            match arg {
                Value::Text(text) => {
                    let (at, length) = end.store_text(store, text)?;
                    flat.extend([at, length]);
                }
                Value::Bytes(bytes) => {
                    flat.extend([end.store_bytes(store, bytes, 1)?, bytes.len() as u32]);
                }
                Value::Own(rep) => flat.push(store.data_mut().handles.add(*rep, true)),
                Value::Borrow(rep) => flat.push(store.data_mut().handles.add(*rep, false)),
                other => panic!("no export takes {other:?}"),
            }
        }
        let flat: Vec<_> = flat.into_iter().map(|value| Val::I32(value as i32)).collect();
        let mut results = [Val::I32(0)];
        self.func(store, &item.core_name).call(&mut *store, &flat, &mut results)?;
        let result = results[0].unwrap_i32() as u32;
        let returned = match name {
            "lend" => Value::Number(result),
            "give" => Value::Own(store.data_mut().handles.take(result)?.rep),
            "bytes" => {
                let [(at, length)] = end.read_pairs(store, result);
                Value::Bytes(end.bytes(store, at, length))
            }
            "secret" => {
                let [(at, length)] = end.read_pairs(store, result);
                Value::Text(end.text(store, at, length))
            }
            _ => {
                let [x, y] = end.read_pairs(store, result);
                Value::Pair(end.text(store, x.0, x.1), end.text(store, y.0, y.1))
            }
        };
        if let Some(post_return) = &item.post_return {
            self.func(store, post_return).call(&mut *store, &results, &mut [])?;
        }
        Ok(returned)
    }
}

/// Where values are passed, and how strings are encoded there.
struct End {
    memory: Option<Memory>,
    realloc: Option<Func>,
    wide: bool,
}

impl End {
    fn of(module: &Module, store: &mut StoreContextMut<'_, Host>, item: &BoundaryItem) -> End {
        let memory = item.memory.as_ref().map(|name| {
            module.instance.get_memory(&mut *store, name).expect("the memory is exported")
        });
        let realloc = item.realloc.as_ref().map(|name| module.func(store, name));
        End { memory, realloc, wide: item.encoding == "utf16" }
    }

    fn memory(&self) -> Memory {
        self.memory.expect("a function with pointers has a memory")
    }

    fn bytes(&self, store: &StoreContextMut<'_, Host>, at: u32, length: u32) -> Vec<u8> {
        self.memory().data(store)[at as usize..][..length as usize].to_vec()
    }

    fn text(&self, store: &StoreContextMut<'_, Host>, at: u32, length: u32) -> String {
        if !self.wide {
            return String::from_utf8(self.bytes(store, at, length)).expect("is UTF-8");
        }
        let bytes = self.bytes(store, at, 2 * length);
        let units = bytes.chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        String::from_utf16(&units.collect::<Vec<_>>()).expect("is UTF-16")
    }

    fn store_bytes(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        bytes: &[u8],
        align: i32,
    ) -> wasmtime::Result<u32> {
        let realloc = self.realloc.expect("what is passed a list can allocate");
        let args = [0, 0, align, bytes.len() as i32].map(Val::I32);
        let mut at = [Val::I32(0)];
        realloc.call(&mut *store, &args, &mut at)?;
        let at = at[0].unwrap_i32() as u32;
        self.memory().data_mut(store)[at as usize..][..bytes.len()].copy_from_slice(bytes);
        Ok(at)
    }

    fn store_text(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        text: &str,
    ) -> wasmtime::Result<(u32, u32)> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        match self.wide {
            true => Ok((self.store_bytes(store, &wide, 2)?, wide.len() as u32 / 2)),
            false => Ok((self.store_bytes(store, text.as_bytes(), 1)?, text.len() as u32)),
        }
    }

    fn write_pairs(&self, store: &mut StoreContextMut<'_, Host>, at: u32, pairs: &[(u32, u32)]) {
        let words = pairs.iter().flat_map(|(at, length)| [*at, *length]);
        let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        self.memory().data_mut(store)[at as usize..][..bytes.len()].copy_from_slice(&bytes);
    }

    fn read_pairs<const N: usize>(
        &self,
        store: &StoreContextMut<'_, Host>,
        at: u32,
    ) -> [(u32, u32); N] {
        let word = |at: u32| {
            let bytes = self.bytes(store, at, 4);
            u32::from_le_bytes(bytes.try_into().expect("is four bytes"))
        };
        std::array::from_fn(|n| {
            let at = at + 8 * n as u32;
            (word(at), word(at + 4))
        })
    }
}
