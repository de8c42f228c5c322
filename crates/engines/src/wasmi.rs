//! `run-in-wasmi MODULE FOLDER ARGUMENT...`: runs a module in wasmi, in the WASI that comes with it.

use std::process::exit;

use anyhow::{Context, Result};
use wasmi::{Engine, Linker, Module, Store};
use wasmi_wasi::{Dir, WasiCtx, WasiCtxBuilder, ambient_authority};

/// How a trap ends a program elsewhere: by a signal.
const TRAPPED: i32 = 134;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let module = arguments.next().context("no module is given")?;
    let folder = arguments.next().context("no folder is given")?;
    let mut wasi = WasiCtxBuilder::new();
    wasi.inherit_stdio().inherit_env()?.arg("command")?;
    for argument in arguments {
        wasi.arg(&argument)?;
    }
    wasi.preopened_dir(Dir::open_ambient_dir(folder, ambient_authority())?, ".")?;
    let engine = Engine::default();
    let module = Module::new(&engine, std::fs::read(module)?)?;
    let mut store = Store::new(&engine, wasi.build());
    let mut linker = <Linker<WasiCtx>>::new(&engine);
    wasmi_wasi::add_to_linker(&mut linker, |wasi| wasi)?;
    let instance = linker.instantiate_and_start(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
    if let Err(error) = start.call(&mut store, ()) {
        if let Some(code) = error.i32_exit_status() {
            exit(code);
        }
        eprintln!("{error}");
        exit(TRAPPED);
    }
    Ok(())
}
