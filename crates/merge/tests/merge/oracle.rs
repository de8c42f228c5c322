//! Runs the instances, unmerged and merged, under wasmtime, and writes down what they do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use anyhow::Result;
use anyhow::ensure;
use wasm_fuser_merge::BlockCode;
use wasm_fuser_merge::Merged;
use wasm_fuser_merge::Provider;
use wasmtime::Config;
use wasmtime::Engine;
use wasmtime::Extern;
use wasmtime::ExternType;
use wasmtime::Func;
use wasmtime::Global;
use wasmtime::Instance;
use wasmtime::Memory;
use wasmtime::Module;
use wasmtime::Ref;
use wasmtime::Store;
use wasmtime::Table;
use wasmtime::Tag;
use wasmtime::Val;

use crate::script::Action;
use crate::script::Script;

/// The transcript of the instances, one after another.
pub fn unmerged(script: &Script) -> Result<String> {
    let mut world = World::new()?;
    let mut instances = BTreeMap::new();
    for (name, module) in &script.instances {
        let module = world.module(&script.modules[*module])?;
        let mut imports = Vec::new();
        for import in module.imports() {
            imports.push(if import.module() == "host" {
                world.host(import.name(), &import.ty())?
            } else {
                let provider: &Instance =
                    instances.get(import.module()).context("an unknown instance")?;
                provider.get_export(&mut world.store, import.name()).context("an unknown export")?
            });
        }
        match Instance::new(&mut world.store, &module, &imports) {
            Ok(instance) => instances.insert(name.clone(), instance),
            Err(error) => return Ok(world.failed("instantiate", &error.into())),
        };
    }
    let mut exports = BTreeMap::new();
    for (name, instance, item) in &script.exports {
        let item = instances[instance].get_export(&mut world.store, item).context("no export")?;
        exports.insert(name.clone(), item);
    }
    world.act(script, &exports, usize::MAX)
}

/// The transcript of the merged modules, one after another.
pub fn merged(script: &Script, merged: &Merged) -> Result<String> {
    let mut world = World::new()?;
    let mut instances: Vec<Instance> = Vec::new();
    let mut start: Option<(Instance, &str)> = None;
    for block in merged.blocks.values() {
        let bytes = match &block.code {
            BlockCode::Module(bytes) => bytes,
            BlockCode::Opaque => {
                if let Err(error) = world.start(start.take())? {
                    return Ok(world.failed("instantiate", &error.into()));
                }
                let instance = block.instances.first().context("it is an instance")?;
                &script.modules[script.instances[instance.as_u32() as usize].1]
            }
        };
        let module = world.module(bytes)?;
        ensure!(module.imports().len() == block.imports.len(), "imports differ");
        let mut imports = Vec::new();
        for (import, known) in module.imports().zip(&block.imports) {
            imports.push(match &known.from {
                Provider::External(_) => world.host(import.name(), &import.ty())?,
                Provider::Block(from, name) => instances[from.as_u32() as usize]
                    .get_export(&mut world.store, name)
                    .with_context(|| format!("an unknown export `{name}`"))?,
            });
        }
        let instance = match Instance::new(&mut world.store, &module, &imports) {
            Ok(instance) => instance,
            Err(error) => return Ok(world.failed("instantiate", &error.into())),
        };
        instances.push(instance);
        start = block.start.as_deref().map(|name| (instance, name)).or(start);
    }
    if let Err(error) = world.start(start)? {
        return Ok(world.failed("instantiate", &error.into()));
    }
    let mut exports = BTreeMap::new();
    for ((name, ..), (block, export)) in script.exports.iter().zip(&merged.exports) {
        let item = instances[block.as_u32() as usize].get_export(&mut world.store, export);
        exports.insert(name.clone(), item.context("no export")?);
    }
    world.act(script, &exports, first_region(merged))
}

/// Where the region ends that begins at 0, if memories are regions of one.
fn first_region(merged: &Merged) -> usize {
    let memories = merged.blocks.values().flat_map(|block| &block.memories);
    let ends = memories.map(|memory| memory.base).filter(|base| *base > 0).min();
    ends.map_or(usize::MAX, |end| end as usize)
}

/// A store, and what is in it that instances import from outside. Its data is the transcript.
struct World {
    store: Store<String>,
    host: BTreeMap<String, Extern>,
}

impl World {
    fn new() -> Result<World> {
        let mut config = Config::new();
        config.wasm_multi_memory(true).wasm_memory64(true).wasm_tail_call(true);
        config.wasm_function_references(true).wasm_gc(true).wasm_exceptions(true);
        config.wasm_extended_const(true).wasm_relaxed_simd(true).wasm_threads(true);
        config.wasm_custom_page_sizes(true).shared_memory(true);
        Ok(World {
            store: Store::new(&Engine::new(&config)?, String::new()),
            host: BTreeMap::new(),
        })
    }

    fn module(&self, bytes: &[u8]) -> Result<Module> {
        Ok(Module::new(self.store.engine(), bytes)?)
    }

    fn host(&mut self, name: &str, ty: &ExternType) -> Result<Extern> {
        if let Some(known) = self.host.get(name) {
            return Ok(known.clone());
        }
        let store = &mut self.store;
        let made: Extern = match ty {
            ExternType::Func(ty) => {
                let zeros: Vec<Val> =
                    ty.results().map(|ty| ty.default_value().unwrap_or(Val::I32(0))).collect();
                let label = name.to_owned();
                Func::new(store, ty.clone(), move |mut caller, params, results| {
                    let line = format!("  host {label}{}\n", show(params));
                    caller.data_mut().push_str(&line);
                    results.copy_from_slice(&zeros);
                    Ok(())
                })
                .into()
            }
            ExternType::Global(ty) => {
                let value = match ty.content() {
                    wasmtime::ValType::I64 => Val::I64(1000),
                    _ => Val::I32(1000),
                };
                Global::new(store, ty.clone(), value)?.into()
            }
            ExternType::Table(ty) => Table::new(store, ty.clone(), Ref::Func(None))?.into(),
            ExternType::Memory(ty) => Memory::new(store, ty.clone())?.into(),
            ExternType::Tag(ty) => Tag::new(store, ty)?.into(),
        };
        self.host.insert(name.to_owned(), made.clone());
        Ok(made)
    }

    /// Calls an exported start function.
    fn start(&mut self, start: Option<(Instance, &str)>) -> Result<wasmtime::Result<()>> {
        let Some((instance, name)) = start else { return Ok(Ok(())) };
        let start = instance.get_typed_func::<(), ()>(&mut self.store, name)?;
        Ok(start.call(&mut self.store, ()))
    }

    fn act(
        mut self,
        script: &Script,
        exports: &BTreeMap<String, Extern>,
        dumped: usize,
    ) -> Result<String> {
        for action in &script.actions {
            match action {
                Action::Call(name, args) => {
                    let export = exports.get(name).and_then(|e| e.clone().into_func());
                    let func = export.with_context(|| format!("no function `{name}`"))?;
                    self.call(name, func, args)?;
                }
                Action::Dump(name) => {
                    let export = exports.get(name).and_then(|e| e.clone().into_memory());
                    let memory = export.with_context(|| format!("no memory `{name}`"))?;
                    let mut line = format!("dump {name}");
                    for (at, byte) in memory.data(&self.store).iter().take(dumped).enumerate() {
                        if *byte != 0 {
                            write!(line, " {at}:{byte}")?;
                        }
                    }
                    writeln!(self.store.data_mut(), "{line}")?;
                }
            }
        }
        Ok(self.store.into_data())
    }

    fn call(&mut self, name: &str, func: Func, args: &[String]) -> Result<()> {
        let ty = func.ty(&self.store);
        let args = ty
            .params()
            .zip(args)
            .map(|(ty, arg)| {
                Ok(match ty {
                    wasmtime::ValType::I32 => Val::I32(arg.parse()?),
                    wasmtime::ValType::I64 => Val::I64(arg.parse()?),
                    wasmtime::ValType::F32 => Val::F32(arg.parse::<f32>()?.to_bits()),
                    wasmtime::ValType::F64 => Val::F64(arg.parse::<f64>()?.to_bits()),
                    _ => anyhow::bail!("an argument cannot be a {ty}"),
                })
            })
            .collect::<Result<Vec<Val>>>()?;
        writeln!(self.store.data_mut(), "call {name}{}", show(&args))?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => writeln!(self.store.data_mut(), "  ={}", show(&results))?,
            Err(error) => {
                let line = describe(&error.into());
                writeln!(self.store.data_mut(), "  {line}")?;
            }
        }
        Ok(())
    }

    fn failed(mut self, what: &str, error: &anyhow::Error) -> String {
        let line = describe(error);
        let _ = writeln!(self.store.data_mut(), "{what}: {line}");
        self.store.into_data()
    }
}

fn describe(error: &anyhow::Error) -> String {
    if let Some(trap) = error.downcast_ref::<wasmtime::Trap>() {
        format!("trap: {trap}")
    } else if error.is::<wasmtime::ThrownException>() {
        "exception".into()
    } else {
        format!("error: {error:#}")
    }
}

fn show(values: &[Val]) -> String {
    let mut text = String::new();
    for value in values {
        let _ = match value {
            Val::I32(n) => write!(text, " {n}"),
            Val::I64(n) => write!(text, " {n}"),
            Val::F32(n) => write!(text, " {}", f32::from_bits(*n)),
            Val::F64(n) => write!(text, " {}", f64::from_bits(*n)),
            Val::V128(n) => write!(text, " {:#x}", n.as_u128()),
            Val::FuncRef(f) => write!(text, " {}", if f.is_some() { "func" } else { "null" }),
            _ => write!(text, " ref"),
        };
    }
    text
}
