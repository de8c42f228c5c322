//! The fuser, as this host sees it: components with pure functions.
//!
//! One fuses, and another is the command line. A trap, a limit, or anything else that goes wrong in them comes out
//! as an error of the same kind as the fuser's own.

use std::sync::OnceLock;

use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, InstancePre, Linker};

use self::fuse::{RemedyPart, Spending};
use crate::extras;
use crate::sandbox::{Sandbox, State, Stopped};
use crate::text::escaped;
pub use crate::world::exports::wasm_fuser::fuser::{cli, fuse};

/// The components, compiled by the build script.
static FUSER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fuser.cwasm"));
static COMMAND_LINE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cli.cwasm"));

/// What the memories of the fuser and of what it calls take of the address space, with what is around them, at
/// most.
const ADDRESS_SPACE_GB: u32 = 10;

/// What calls may spend that do no work to speak of: parsing flags, printing tables.
const SMALL: cli::Budget = cli::Budget { memory_mb: 1024, seconds: 60 };

/// What a call returns. Errors are boxed because they are large and rare.
pub type Result<T, E = Box<fuse::Error>> = std::result::Result<T, E>;

/// The components, ready to be called. The one that fuses is loaded when it is first called.
pub struct Guest {
    sandbox: Sandbox,
    command_line: Part<cli::GuestIndices>,
    fuser: OnceLock<Part<fuse::GuestIndices>>,
}

/// A component, and where its functions are.
struct Part<E> {
    component: InstancePre<State>,
    exports: E,
}

impl Guest {
    /// Loads what is always needed.
    pub fn start() -> Result<Self> {
        load().map_err(|error| does_not_start(&error))
    }

    /// Understands a command line.
    pub fn parse(
        &self,
        arguments: &[String],
        terminal: cli::Terminal,
    ) -> Result<Result<cli::Invocation, cli::Failure>> {
        self.command_line(SMALL, |it, store| it.call_parse(store, arguments, terminal))
    }

    /// Fuses.
    pub fn fuse(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Artifact> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_fuse(store, inputs, options))??)
    }

    /// Links.
    pub fn link(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Composition> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_link(store, inputs, options))??)
    }

    /// A component in the binary format.
    pub fn binary(&self, input: &fuse::Input, budget: cli::Budget) -> Result<Vec<u8>> {
        let inputs = std::slice::from_ref(input);
        let linked = self.fuser(budget, |fuser, store| {
            let options = fuser.call_default_options(&mut *store)?;
            fuser.call_link(store, inputs, &options)
        })?;
        Ok(linked?.bytes)
    }

    /// The instance graph of a component.
    pub fn inspect(&self, input: &fuse::Input, budget: cli::Budget) -> Result<fuse::Graph> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_inspect(store, input))??)
    }

    /// A component or a core module in the text format.
    pub fn print(&self, bytes: &[u8], budget: cli::Budget) -> Result<String> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_print(store, bytes))??)
    }

    /// The core modules of a fused component that have code of the composition.
    pub fn modules(&self, component: &[u8], budget: cli::Budget) -> Result<Vec<Vec<u8>>> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_modules(store, component))??)
    }

    /// A component with other core modules.
    pub fn splice(
        &self,
        component: &[u8],
        modules: &[Vec<u8>],
        budget: cli::Budget,
    ) -> Result<Vec<u8>> {
        Ok(self.fuser(budget, |fuser, store| fuser.call_splice(store, component, modules))??)
    }

    /// What to write and print after fusing.
    pub fn present_fused(
        &self,
        command: &cli::FuseCommand,
        artifact: &fuse::Artifact,
        terminal: cli::Terminal,
    ) -> Result<cli::Presentation> {
        self.command_line(command.budget, |it, store| {
            it.call_present_fused(store, command, artifact, terminal)
        })
    }

    /// What to print after linking.
    pub fn present_linked(
        &self,
        command: &cli::LinkCommand,
        composition: &fuse::Composition,
        terminal: cli::Terminal,
    ) -> Result<String> {
        self.command_line(command.budget, |it, store| {
            it.call_present_linked(store, command, composition, terminal)
        })
    }

    /// A graph as text.
    pub fn present_graph(
        &self,
        command: &cli::InspectCommand,
        graph: &fuse::Graph,
    ) -> Result<String> {
        self.command_line(command.budget, |it, store| {
            it.call_present_graph(store, command.format, graph)
        })
    }

    /// Where a package may be that a WAC file names.
    pub fn package_places(
        &self,
        file: &str,
        dependencies: &[cli::Dependency],
        name: &str,
    ) -> Result<Vec<String>> {
        self.command_line(SMALL, |it, store| {
            it.call_package_places(store, file, dependencies, name)
        })
    }

    /// The error for a WAC file that is not understood.
    pub fn wac_error(
        &self,
        input: &cli::NamedSource,
        source: &str,
        failure: &cli::WacFailure,
    ) -> Result<fuse::Error> {
        self.command_line(SMALL, |it, store| it.call_wac_error(store, input, source, failure))
    }

    /// An error as text.
    pub fn present_error(&self, error: &fuse::Error, terminal: cli::Terminal) -> Result<String> {
        self.command_line(SMALL, |it, store| it.call_present_error(store, error, terminal))
    }

    /// Calls a function of a fresh instance of the fuser, within a budget.
    fn fuser<T>(
        &self,
        budget: cli::Budget,
        function: impl FnOnce(&fuse::Guest, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let loaded = match self.fuser.get() {
            Some(loaded) => loaded,
            None => {
                let loaded = load_fuser(&self.sandbox).map_err(|error| does_not_start(&error))?;
                self.fuser.get_or_init(|| loaded)
            }
        };
        let exports = |store: &mut Store<State>, it: &Instance| loaded.exports.load(store, it);
        let called = self.sandbox.call(budget, &loaded.component, exports, function);
        called.map_err(|stopped| error(stopped, budget))
    }

    /// The same of the command line.
    fn command_line<T>(
        &self,
        budget: cli::Budget,
        function: impl FnOnce(&cli::Guest, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let loaded = &self.command_line;
        let exports = |store: &mut Store<State>, it: &Instance| loaded.exports.load(store, it);
        let called = self.sandbox.call(budget, &loaded.component, exports, function);
        called.map_err(|stopped| error(stopped, budget))
    }

    /// Where the guest runs, for others.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }
}

fn load() -> wasmtime::Result<Guest> {
    let sandbox = Sandbox::new()?;
    let component = sandbox.load(COMMAND_LINE, without_fuser)?;
    let exports = cli::GuestIndices::new(&component)?;
    let command_line = Part { component, exports };
    Ok(Guest { sandbox, command_line, fuser: OnceLock::new() })
}

fn load_fuser(sandbox: &Sandbox) -> wasmtime::Result<Part<fuse::GuestIndices>> {
    let component = sandbox.load(FUSER, |linker, _| extras::link(linker))?;
    let exports = fuse::GuestIndices::new(&component)?;
    Ok(Part { component, exports })
}

/// The command line calls the fuser where it is a command by itself, and nobody has it be one here.
fn without_fuser(linker: &mut Linker<State>, component: &Component) -> wasmtime::Result<()> {
    let engine = &linker.engine().clone();
    for (name, import) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(fuser) = import.ty else { continue };
        if !name.starts_with("wasm-fuser:") {
            continue;
        }
        let mut absent = linker.instance(name)?;
        for (function, export) in fuser.exports(engine) {
            if let ComponentItem::ComponentFunc(_) = export.ty {
                absent.func_new(function, |_, _, _, _| Err(wasmtime::format_err!("not here")))?;
            }
        }
    }
    Ok(())
}

fn does_not_start(error: &wasmtime::Error) -> Box<fuse::Error> {
    internal(format!("the fuser does not start: {error:?}"))
}

/// Why a call did not return, as an error.
pub fn error(stopped: Stopped, budget: cli::Budget) -> Box<fuse::Error> {
    match stopped {
        Stopped::Memory => too_much_memory(budget),
        Stopped::Time => too_much_time(budget),
        Stopped::NoRoom => no_room(),
        Stopped::Foreign(reason) => foreign(&reason),
        Stopped::Trap { reason, said } => {
            let said: String = said.lines().flat_map(|line| [": ", line]).collect();
            internal(format!("the fuser stopped: {reason}{said}"))
        }
    }
}

/// More memory was needed than the budget has.
fn too_much_memory(budget: cli::Budget) -> Box<fuse::Error> {
    let message = format!("the fuser needs more than {} MB of memory", budget.memory_mb);
    let remedy = [text("raise "), spending(Spending::MemoryMb), text(" (4095 is the most)")];
    own_error("host-limit", message, remedy)
}

/// More time was needed than the budget has.
fn too_much_time(budget: cli::Budget) -> Box<fuse::Error> {
    let message = format!("the fuser needs more than {} seconds", budget.seconds);
    own_error("host-limit", message, [text("raise "), spending(Spending::Seconds)])
}

/// The system does not give what every call needs, before it has done anything.
fn no_room() -> Box<fuse::Error> {
    let message =
        format!("the system does not give the fuser {ADDRESS_SPACE_GB} GB of address space");
    let help = "most of it is never used, but it has to be there: allow the process more of it \
                (`ulimit -v unlimited`), or run the fuser elsewhere";
    own_error("host-limit", message, [text(help)])
}

/// This program was built with a component whose interfaces are not the ones that it calls.
fn foreign(reason: &str) -> Box<fuse::Error> {
    let message =
        format!("this program was built with a component of another version of it: {reason}");
    let help = "build the components and the program anew, of the same sources: `make host`";
    own_error("internal", message, [text(help)])
}

/// An error of the program itself.
pub fn internal(message: String) -> Box<fuse::Error> {
    let remedy = text("this is a bug in the fuser: please report it with the input");
    own_error("internal", message, [remedy])
}

/// An error of the host's own.
pub fn own_error(
    code: &str,
    message: String,
    remedy: impl Into<Vec<RemedyPart>>,
) -> Box<fuse::Error> {
    Box::new(fuse::Error {
        code: code.to_owned(),
        message: escaped(&message).into_owned(),
        input: None,
        instance_path: None,
        function: None,
        offset: None,
        remedy: remedy.into(),
    })
}

/// What to do next, as text.
pub fn text(text: &str) -> RemedyPart {
    RemedyPart::Text(text.to_owned())
}

fn spending(spending: Spending) -> RemedyPart {
    RemedyPart::Setting(fuse::Setting::Budget(spending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_takes_too_long_is_an_error() {
        let guest = Guest::start().expect("starts");
        let budget = cli::Budget { seconds: 0, ..SMALL };
        let terminal = cli::Terminal { columns: None, output_colors: false, error_colors: false };
        let endless: Result<(), _> = guest.command_line(budget, |it, store| {
            loop {
                it.call_parse(&mut *store, &[], terminal).map(drop)?;
            }
        });
        let error = endless.expect_err("ends");
        assert_eq!(error.code, "host-limit");
        assert!(error.message.contains("0 seconds"), "{}", error.message);
    }
}
