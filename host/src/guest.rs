//! The fuser, as this host sees it: a component with pure functions.
//!
//! A trap, a limit, or anything else that goes wrong in here comes out as an error of the same kind
//! as the component's own.

use wasmtime::Store;
use wasmtime::component::InstancePre;

use crate::extras;
use crate::sandbox::{Sandbox, State, Stopped};
use crate::text::escaped;
use crate::world::exports::wasm_fuser::fuser::fuse::{Guest as FuseExports, RemedyPart, Spending};
pub use crate::world::exports::wasm_fuser::fuser::{cli, fuse};
use crate::world::{Fuser, FuserIndices};

/// The component, compiled by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fuser.cwasm"));

/// What the memories of the fuser and of what it calls take of the address space, with what is around them, at
/// most.
const ADDRESS_SPACE_GB: u32 = 10;

/// What calls may spend that do no work to speak of: parsing flags, printing tables.
const SMALL: cli::Budget = cli::Budget { memory_mb: 1024, seconds: 60 };

/// What a call returns. Errors are boxed because they are large and rare.
pub type Result<T, E = Box<fuse::Error>> = std::result::Result<T, E>;

/// The component, ready to be called.
pub struct Guest {
    sandbox: Sandbox,
    component: InstancePre<State>,
    exports: FuserIndices,
}

impl Guest {
    /// Loads the component.
    pub fn start() -> Result<Self> {
        load().map_err(|error| internal(format!("the fuser does not start: {error:?}")))
    }

    /// Understands a command line.
    pub fn parse(
        &self,
        arguments: &[String],
        terminal: cli::Terminal,
    ) -> Result<Result<cli::Invocation, cli::Failure>> {
        self.call(SMALL, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_parse(store, arguments, terminal)
        })
    }

    /// Fuses.
    pub fn fuse(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Artifact> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_fuse(store, inputs, options))??)
    }

    /// Links.
    pub fn link(
        &self,
        inputs: &[fuse::Input],
        options: &fuse::Options,
        budget: cli::Budget,
    ) -> Result<fuse::Composition> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_link(store, inputs, options))??)
    }

    /// A component in the binary format.
    pub fn binary(&self, input: &fuse::Input, budget: cli::Budget) -> Result<Vec<u8>> {
        let inputs = std::slice::from_ref(input);
        let linked = self.call(budget, |fuser, store| {
            let options = exports(fuser).call_default_options(&mut *store)?;
            exports(fuser).call_link(store, inputs, &options)
        })?;
        Ok(linked?.bytes)
    }

    /// The instance graph of a component.
    pub fn inspect(&self, input: &fuse::Input, budget: cli::Budget) -> Result<fuse::Graph> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_inspect(store, input))??)
    }

    /// A component or a core module in the text format.
    pub fn print(&self, bytes: &[u8], budget: cli::Budget) -> Result<String> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_print(store, bytes))??)
    }

    /// The core modules of a fused component that have code of the composition.
    pub fn modules(&self, component: &[u8], budget: cli::Budget) -> Result<Vec<Vec<u8>>> {
        Ok(self.call(budget, |fuser, store| exports(fuser).call_modules(store, component))??)
    }

    /// A component with other core modules.
    pub fn splice(
        &self,
        component: &[u8],
        modules: &[Vec<u8>],
        budget: cli::Budget,
    ) -> Result<Vec<u8>> {
        Ok(self
            .call(budget, |fuser, store| exports(fuser).call_splice(store, component, modules))??)
    }

    /// What to write and print after fusing.
    pub fn present_fused(
        &self,
        command: &cli::FuseCommand,
        artifact: &fuse::Artifact,
        terminal: cli::Terminal,
    ) -> Result<cli::Presentation> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_fused(store, command, artifact, terminal)
        })
    }

    /// What to print after linking.
    pub fn present_linked(
        &self,
        command: &cli::LinkCommand,
        composition: &fuse::Composition,
        terminal: cli::Terminal,
    ) -> Result<String> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_linked(store, command, composition, terminal)
        })
    }

    /// A graph as text.
    pub fn present_graph(
        &self,
        command: &cli::InspectCommand,
        graph: &fuse::Graph,
    ) -> Result<String> {
        self.call(command.budget, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_graph(store, command.format, graph)
        })
    }

    /// Where a package may be that a WAC file names.
    pub fn package_places(
        &self,
        file: &str,
        dependencies: &[cli::Dependency],
        name: &str,
    ) -> Result<Vec<String>> {
        self.call(SMALL, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_package_places(store, file, dependencies, name)
        })
    }

    /// The error for a WAC file that is not understood.
    pub fn wac_error(
        &self,
        input: &cli::NamedSource,
        source: &str,
        failure: &cli::WacFailure,
    ) -> Result<fuse::Error> {
        self.call(SMALL, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_wac_error(store, input, source, failure)
        })
    }

    /// An error as text.
    pub fn present_error(&self, error: &fuse::Error, terminal: cli::Terminal) -> Result<String> {
        self.call(SMALL, |fuser, store| {
            fuser.wasm_fuser_fuser_cli().call_present_error(store, error, terminal)
        })
    }

    /// Calls a function of a fresh instance, within a budget.
    fn call<T>(
        &self,
        budget: cli::Budget,
        function: impl FnOnce(&Fuser, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let called = self.sandbox.call(
            budget,
            &self.component,
            |store, instance| self.exports.load(store, instance),
            function,
        );
        called.map_err(|stopped| error(stopped, budget))
    }

    /// Where the guest runs, for others.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }
}

fn exports(fuser: &Fuser) -> &FuseExports {
    fuser.wasm_fuser_fuser_fuse()
}

fn load() -> wasmtime::Result<Guest> {
    let sandbox = Sandbox::new()?;
    let component = sandbox.load(COMPILED, extras::link)?;
    let exports = FuserIndices::new(&component)?;
    Ok(Guest { sandbox, component, exports })
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
        let endless: Result<(), _> = guest.call(budget, |fuser, store| {
            loop {
                fuser.wasm_fuser_fuser_cli().call_parse(&mut *store, &[], terminal).map(drop)?;
            }
        });
        let error = endless.expect_err("ends");
        assert_eq!(error.code, "host-limit");
        assert!(error.message.contains("0 seconds"), "{}", error.message);
    }
}
