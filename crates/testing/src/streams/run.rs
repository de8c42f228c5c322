//! Programs are run: in a composition, or in what it was fused to.

use std::collections::HashMap;

use anyhow::{Context, Result};
use wasmtime::component::{Component, Func, Instance, InstancePre, Linker, Val};
use wasmtime::{Engine, Store};

use super::{Program, Step};
use crate::host::block_on;

/// A shape that is compiled.
pub struct Compiled {
    pre: InstancePre<()>,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}

/// What a step returns, or why it traps: that is the last.
pub type Returned = Result<u64, String>;

impl Compiled {
    /// Compiles a composition, or what it was fused to.
    ///
    /// # Errors
    ///
    /// If the engine refuses it.
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self> {
        let component = Component::new(engine, bytes)?;
        Ok(Compiled { pre: Linker::new(engine).instantiate_pre(&component)? })
    }

    /// Runs a program in an instance of its own: what each step returns.
    ///
    /// # Errors
    ///
    /// If it is not a program of the shape.
    pub fn run(&self, program: &Program) -> Result<Vec<Returned>> {
        let mut store = Store::new(self.pre.engine(), ());
        let instance = block_on(self.pre.instantiate_async(&mut store))??;
        let mut running = Running { store, instance, funcs: HashMap::new() };
        for (at, chunk) in program.data.chunks(8).enumerate() {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            let args = [Val::U32(8 * at as u32), Val::U64(u64::from_le_bytes(bytes))];
            running.call("poke0", &args)?.map_err(anyhow::Error::msg)?;
        }
        let mut returned = Vec::new();
        for step in &program.steps {
            returned.push(running.step(*step)?);
            if returned.last().is_some_and(Result::is_err) {
                break;
            }
        }
        Ok(returned)
    }
}

/// An instance.
struct Running {
    store: Store<()>,
    instance: Instance,
    funcs: HashMap<String, Func>,
}

impl Running {
    fn step(&mut self, step: Step) -> Result<Returned> {
        let (name, args) = step.call();
        let args: Vec<_> = args.into_iter().map(Val::U32).collect();
        self.call(&name, &args)
    }

    fn call(&mut self, name: &str, args: &[Val]) -> Result<Returned> {
        let func = match self.funcs.get(name) {
            Some(func) => *func,
            None => {
                let func = self.instance.get_func(&mut self.store, name);
                let func = func.with_context(|| format!("no function `{name}`"))?;
                self.funcs.insert(name.into(), func);
                func
            }
        };
        let mut results = [Val::U64(0)];
        let called = block_on(func.call_async(&mut self.store, args, &mut results))?;
        Ok(match (called, &results) {
            (Ok(()), [Val::U64(value)]) => Ok(*value),
            (Ok(()), [other]) => anyhow::bail!("`{name}` returns {other:?}"),
            (Err(error), _) => Err(format!("{error:#}")),
        })
    }
}
