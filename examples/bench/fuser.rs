//! What fusing costs, against one validation of the same bytes: native, and in the sandbox.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::root;
use wasmparser::{Validator, WasmFeatures};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtxView, WasiView};

use self::bindings::Fuser;
use self::bindings::exports::wasm_fuser::fuser::fuse as sandboxed;
use crate::works::Host;

/// Generated; `wit/world.wit` has the documentation.
#[allow(missing_docs, missing_debug_implementations, reason = "generated")]
mod bindings {
    wasmtime::component::bindgen!({ path: "wit", world: "fuser" });
}

/// What an input costs. Times are milliseconds, the least of all rounds.
pub struct Cost {
    pub what: String,
    pub bytes: usize,
    pub validate: f64,
    pub fuse: f64,
    /// The bytes that a process needs more at some time than before it reads the input, where the system
    /// tells.
    pub peak: Option<usize>,
    pub sandbox: Option<Sandboxed>,
}

/// The same in the sandbox.
pub struct Sandboxed {
    /// What `link` takes, which validates a single input, notes what is in it, and passes it on.
    pub link: f64,
    pub fuse: f64,
    /// The size of the memory in the end, which never shrinks.
    pub peak: usize,
}

/// Fuses the guests' composition, and the fuser's own component where it has been built. If that is asked
/// for, the fuser's component does it, too.
pub fn fuser(composed: &[u8], rounds: usize, is_sandboxed: bool) -> Result<Vec<Cost>> {
    let own = std::fs::read(root().join("target/fuser.wasm")).ok();
    let mut inputs = vec![("the composition of these works".to_string(), composed.to_vec())];
    inputs.extend(own.clone().map(|own| ("the fuser itself, `target/fuser.wasm`".into(), own)));
    let engine = Engine::default();
    let own = own.filter(|_| is_sandboxed).map(|own| Component::new(&engine, &own)).transpose()?;
    let mut costs = Vec::new();
    for (what, bytes) in inputs {
        let mut cost = native(what, bytes.clone(), rounds)?;
        cost.peak = peak(&bytes)?;
        cost.sandbox =
            own.as_ref().map(|own| in_sandbox(&engine, own, bytes, rounds)).transpose()?;
        costs.push(cost);
    }
    Ok(costs)
}

fn native(what: String, bytes: Vec<u8>, rounds: usize) -> Result<Cost> {
    let (mut validate, mut fused) = (f64::INFINITY, f64::INFINITY);
    let inputs = [Input { name: "input".into(), bytes }];
    let bytes = &inputs[0].bytes;
    for _ in 0..rounds {
        let begun = Instant::now();
        Validator::new_with_features(WasmFeatures::all()).validate_all(bytes)?;
        validate = validate.min(milliseconds(begun));
        let begun = Instant::now();
        let result = fuse(&inputs, &Options::default())?;
        fused = fused.min(milliseconds(begun));
        drop(result);
    }
    Ok(Cost { what, bytes: bytes.len(), validate, fuse: fused, peak: None, sandbox: None })
}

/// What a process of its own needs to fuse an input.
fn peak(bytes: &[u8]) -> Result<Option<usize>> {
    let folder = wasm_fuser_testing::run::Folder::with(&[]);
    let file = folder.path().join("input.wasm");
    std::fs::write(&file, bytes)?;
    let output = Command::new(std::env::current_exe()?).arg("peak").arg(&file).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse().ok())
}

/// Fuses a file, and prints how many bytes that took, if the system tells.
pub fn print_peak(file: &Path) -> Result<()> {
    let before = resident("VmRSS:");
    let bytes = std::fs::read(file)?;
    let fused = fuse(&[Input { name: "input".into(), bytes }], &Options::default())?;
    if let (Some(before), Some(peak)) = (before, resident("VmHWM:")) {
        println!("{}", peak - before);
    }
    drop(fused);
    Ok(())
}

/// Bytes that the system has given to this process, or had at most.
fn resident(which: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(which))?;
    let kilobytes: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The host of the fuser, which watches its memory.
#[derive(Default)]
struct Watching {
    host: Host,
    peak: usize,
}

impl WasiView for Watching {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.host.ctx()
    }
}

impl ResourceLimiter for Watching {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.peak = self.peak.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

fn in_sandbox(
    engine: &Engine,
    fuser: &Component,
    bytes: Vec<u8>,
    rounds: usize,
) -> Result<Sandboxed> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    // There is no text to read. What WASI has under another version must not be hidden by a trap.
    for (name, import) in fuser.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(instance) = import.ty else { continue };
        if name.starts_with("wasm-fuser:") {
            let mut traps = linker.instance(name)?;
            for (function, _) in instance.exports(engine) {
                traps.func_new(function, |_, _, _, _| {
                    Err(wasmtime::format_err!("it is not there"))
                })?;
            }
        }
    }
    let inputs = [sandboxed::Input { name: "input".into(), bytes }];
    let mut least = Sandboxed { link: f64::INFINITY, fuse: f64::INFINITY, peak: 0 };
    for _ in 0..rounds {
        let mut store = Store::new(engine, Watching::default());
        store.limiter(|host| host);
        let fuser = Fuser::instantiate(&mut store, fuser, &linker)?;
        let fuser = fuser.wasm_fuser_fuser_fuse();
        let options = fuser.call_default_options(&mut store)?;
        let begun = Instant::now();
        let result = fuser.call_fuse(&mut store, &inputs, &options)?;
        least.fuse = least.fuse.min(milliseconds(begun));
        result.map_err(|error| anyhow!("{}", error.message)).context("in the sandbox")?;
        least.peak = store.data().peak;
        let begun = Instant::now();
        let result = fuser.call_link(&mut store, &inputs, &options)?;
        least.link = least.link.min(milliseconds(begun));
        result.map_err(|error| anyhow!("{}", error.message)).context("in the sandbox")?;
    }
    Ok(least)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
