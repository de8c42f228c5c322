//! Runs components under wasmtime.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail, ensure};
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, Instance, Linker, ResourceTable, Val};
use wasmtime::{
    Config, Engine, Module, OptLevel, Store, Trap, WasmBacktrace, WasmBacktraceDetails,
};
use wasmtime_wasi::p2::bindings::sync::Command;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// What a command printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// On standard output.
    pub stdout: String,
    /// On standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

/// Runs a command that sees `folder`, if any, as its working directory.
pub fn run_command(bytes: &[u8], args: &[&str], folder: Option<&Path>) -> Result<Output> {
    run_compiled(&Component::new(engine(), bytes)?, args, folder)
}

/// The same, for a large command that is run many times: compiled by [`engine`] once.
pub fn run_compiled(component: &Component, args: &[&str], folder: Option<&Path>) -> Result<Output> {
    let output = run_with(component, &Surroundings { args, folder, ..Surroundings::default() })?;
    ensure!(output.code != TRAPPED, "the command traps: {}", output.stderr);
    Ok(output)
}

/// What a command finds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'s> {
    /// Its arguments, after its name.
    pub args: &'s [&'s str],
    /// The environment.
    pub env: &'s [(&'s str, &'s str)],
    /// What it can read on standard input.
    pub stdin: &'s [u8],
    /// Its working directory.
    pub folder: Option<&'s Path>,
}

/// The exit code of a command that has trapped.
pub const TRAPPED: i32 = 134;

/// Runs a component.
pub fn run_with(component: &Component, given: &Surroundings<'_>) -> Result<Output> {
    ran(given, |mut wasi| {
        let mut store = store(wasi.build());
        let command = Command::instantiate(&mut store, component, &linker()?)?;
        Ok(command.wasi_cli_run().call_run(&mut store)?.map_or(1, |()| 0))
    })
}

/// Runs a core module on WASI preview 1.
pub fn run_preview1(module: &Module, given: &Surroundings<'_>) -> Result<Output> {
    ran(given, |mut wasi| {
        let mut linker = wasmtime::Linker::new(module.engine());
        wasmtime_wasi::p1::add_to_linker_sync(&mut linker, |wasi| wasi)?;
        let mut store = Store::new(module.engine(), wasi.build_p1());
        let instance = linker.instantiate(&mut store, module)?;
        instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())?;
        Ok(0)
    })
}

/// Runs what `run` makes of the surroundings. It returns an exit code, or what ended it.
fn ran(
    given: &Surroundings<'_>,
    run: impl FnOnce(WasiCtxBuilder) -> wasmtime::Result<i32>,
) -> Result<Output> {
    let (stdout, stderr) = (MemoryOutputPipe::new(OUTPUT), MemoryOutputPipe::new(OUTPUT));
    let mut wasi = WasiCtxBuilder::new();
    wasi.stdout(stdout.clone()).stderr(stderr.clone()).arg("command").args(given.args);
    wasi.envs(given.env).stdin(MemoryInputPipe::new(given.stdin.to_vec()));
    if let Some(folder) = given.folder {
        wasi.preopened_dir(folder, ".", FsPerms::ReadWrite)?;
    }
    let ended = run(wasi);
    let text = |pipe: MemoryOutputPipe| String::from_utf8_lossy(&pipe.contents()).into_owned();
    let (stdout, mut stderr) = (text(stdout), text(stderr));
    let code = match ended {
        Ok(code) => code,
        Err(error) => match (error.downcast_ref::<I32Exit>(), error.downcast_ref::<Trap>()) {
            (Some(exit), _) => exit.0,
            (None, Some(trap)) => {
                stderr += &trap.to_string();
                TRAPPED
            }
            (None, None) => return Err(error.into()),
        },
    };
    Ok(Output { stdout, stderr, code })
}

/// Calls an `async` function of a component whose imports are WASI's, one time after another; what it returns.
///
/// # Errors
///
/// If a call traps: with what the component has said on standard error.
pub fn call_async(bytes: &[u8], function: &str, calls: &[Val]) -> Result<Vec<Val>> {
    let component = Component::new(engine(), bytes)?;
    let stderr = MemoryOutputPipe::new(OUTPUT);
    let mut store = store(WasiCtxBuilder::new().stderr(stderr.clone()).build());
    let returned = wasmtime_wasi::runtime::in_tokio(async {
        let mut linker = Linker::new(engine());
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        let instance = linker.instantiate_async(&mut store, &component).await?;
        let func = instance.get_func(&mut store, function).context("there is no such function")?;
        let mut returned = Vec::new();
        for argument in calls {
            let mut results = [Val::Bool(false)];
            func.call_async(&mut store, std::slice::from_ref(argument), &mut results).await?;
            returned.extend(results);
        }
        Ok(returned)
    });
    let said = || String::from_utf8_lossy(&stderr.contents()).into_owned();
    returned.map_err(|error: anyhow::Error| error.context(said()))
}

/// A component that has been instantiated: it keeps its state from call to call.
#[expect(missing_debug_implementations, reason = "a store has none")]
pub struct Live {
    store: Store<Host>,
    component: Component,
    instance: Instance,
}

impl Live {
    /// Instantiates a component whose imports are WASI's.
    pub fn new(bytes: &[u8]) -> Result<Live> {
        let component = Component::new(engine(), bytes)?;
        let mut store = store(WasiCtxBuilder::new().build());
        let instance = linker()?.instantiate(&mut store, &component)?;
        Ok(Live { store, component, instance })
    }

    /// Calls a function of an exported interface.
    pub fn call(&mut self, interface: &str, function: &str, args: &[Val]) -> Result<Option<Val>> {
        let place = || format!("there is no export `{interface}` with `{function}`");
        let store = &mut self.store;
        let outer = self.instance.get_export_index(&mut *store, None, interface);
        let outer = outer.with_context(place)?;
        let inner = self.instance.get_export_index(&mut *store, Some(&outer), function);
        let inner = inner.with_context(place)?;
        let function = self.instance.get_func(&mut *store, inner).with_context(place)?;
        let mut results = vec![Val::Bool(false); function.ty(&*store).results().len()];
        function.call(store, args, &mut results)?;
        Ok(results.pop())
    }

    /// The lines of the backtrace of a call that traps: what functions were in, inlined ones too.
    pub fn backtrace(&mut self, interface: &str, function: &str, args: &[Val]) -> Vec<Place> {
        let error = self.call(interface, function, args).expect_err("it traps");
        let backtrace = error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace");
        let symbols = backtrace.frames().iter().flat_map(|frame| frame.symbols());
        let places = symbols.filter_map(|symbol| {
            Some(Place {
                function: symbol.name().map(str::to_owned),
                file: symbol.file()?.to_owned(),
                line: symbol.line(),
                column: symbol.column(),
            })
        });
        places.collect()
    }

    /// Drops a resource that a call has returned.
    pub fn drop(&mut self, resource: Val) -> Result<()> {
        let Val::Resource(resource) = resource else { bail!("this is no resource: {resource:?}") };
        Ok(resource.resource_drop(&mut self.store)?)
    }

    /// The functions of every exported interface, in order of their names.
    pub fn functions(&self) -> Vec<(String, String, ComponentFunc)> {
        let mut functions = Vec::new();
        for (interface, export) in self.component.component_type().exports(engine()) {
            let ComponentItem::ComponentInstance(instance) = export.ty else { continue };
            for (function, export) in instance.exports(engine()) {
                if let ComponentItem::ComponentFunc(ty) = export.ty {
                    functions.push((interface.to_string(), function.to_string(), ty));
                }
            }
        }
        functions.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        functions
    }
}

/// A line of a backtrace, of a function whose source is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The function.
    pub function: Option<String>,
    /// Its file.
    pub file: String,
    /// The line there.
    pub line: Option<u32>,
    /// The column there.
    pub column: Option<u32>,
}

/// A folder for a test's files, removed when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// With these files in it.
    pub fn with(files: &[(&str, &[u8])]) -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wasm-fuser-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("a folder can be made");
        for (name, bytes) in files {
            std::fs::write(path.join(name), bytes).expect("a file can be written");
        }
        Folder(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The engine of all tests: the component model's newer types, and code that is compiled rather than
/// run for long.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::None);
        config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
        config.wasm_component_model_async(true);
        config.wasm_component_model_fixed_length_lists(true);
        config.wasm_component_model_map(true);
        Engine::new(&config).expect("is a valid configuration")
    })
}

/// Bytes that a command may print.
const OUTPUT: usize = 16 << 20;

struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

fn store(wasi: WasiCtx) -> Store<Host> {
    Store::new(engine(), Host { table: ResourceTable::new(), wasi })
}

fn linker() -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine());
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker)
}
