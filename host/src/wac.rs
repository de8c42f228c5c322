//! WAC files, composed by WAC's own tools: a component beside the fuser, `crates/wac/` of this project.
//!
//! It runs as the fuser does, by itself and within the budget, so that what panics in it is an error.
//! Which packages a file needs is found out by trying: a package that was not given is an error with
//! its name, and the file is read again with it.

use std::path::Path;

use wasm_fuser_os::Watch;

use self::bindings::{Failure, Package, Wac};
use crate::files;
use crate::guest::{self, Guest, Result, cli, fuse, internal};
use crate::sandbox::Stopped;

/// Generated; `crates/wac/wit/wac.wit` has the documentation.
mod bindings {
    wasmtime::component::bindgen!({ path: "../crates/wac/wit", world: "wac" });
}

/// The component, compiled by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wac.cwasm"));

/// Reads the inputs of a command; WAC files become the components that they stand for.
pub fn read(
    guest: &Guest,
    inputs: &[cli::NamedSource],
    dependencies: &[cli::Dependency],
    budget: cli::Budget,
    watch: &mut Watch,
) -> Result<Vec<fuse::Input>> {
    let mut read = |source: &cli::NamedSource| {
        if let cli::Source::File(path) = &source.source {
            watch.add(path);
        }
        let input = files::read(source)?;
        match &source.source {
            cli::Source::File(path) if path.ends_with(".wac") => {
                let text = String::from_utf8_lossy(&input.bytes);
                let wac = WacFile { guest, source, path, text: &text, dependencies, budget };
                Ok(fuse::Input { bytes: wac.compose(watch)?, ..input })
            }
            _ => Ok(input),
        }
    };
    inputs.iter().map(&mut read).collect()
}

/// A WAC file, and all that it takes to compose it.
struct WacFile<'a> {
    guest: &'a Guest,
    source: &'a cli::NamedSource,
    path: &'a str,
    text: &'a str,
    dependencies: &'a [cli::Dependency],
    budget: cli::Budget,
}

impl WacFile<'_> {
    /// The component that it stands for.
    fn compose(&self, watch: &mut Watch) -> Result<Vec<u8>> {
        let sandbox = self.guest.sandbox();
        let tools = sandbox
            .load(COMPILED, |_, _| Ok(()))
            .map_err(|error| internal(format!("WAC's tools do not start: {error:?}")))?;
        let mut packages: Vec<Package> = Vec::new();
        let mut tried: Vec<String> = Vec::new();
        loop {
            let called = sandbox.call(
                self.budget,
                &tools,
                |store, instance| Wac::new(store, instance),
                |wac, store| wac.call_encode(store, self.text, &packages),
            );
            let Failure { message, offset, missing } = match called {
                Ok(Ok(bytes)) => return Ok(bytes),
                Ok(Err(failure)) => failure,
                Err(Stopped::Trap { said, .. }) => {
                    return Err(self.error(&cli::WacFailure::Stopped(said)));
                }
                Err(stopped) => return Err(guest::error(stopped, self.budget)),
            };
            let Some(name) = missing.filter(|name| !tried.contains(name)) else {
                let problem = cli::WacProblem { message, offset };
                return Err(self.error(&cli::WacFailure::Refused(problem)));
            };
            let places = self.guest.package_places(self.path, self.dependencies, &name)?;
            let Some(path) = places.iter().find(|place| Path::new(place).is_file()) else {
                let missing = cli::MissingPackage { message, offset, places };
                return Err(self.error(&cli::WacFailure::Missing(missing)));
            };
            watch.add(path);
            packages.push(self.package(&name, path)?);
            tried.push(name);
        }
    }

    /// A package in a file, in the binary format.
    fn package(&self, name: &str, path: &str) -> Result<Package> {
        let source = cli::Source::File(path.to_owned());
        let input = files::read(&cli::NamedSource { name: name.to_owned(), source })?;
        let bytes = match input.bytes.starts_with(b"\0asm") {
            true => input.bytes,
            false => self.guest.binary(&input, self.budget)?,
        };
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name, Some(version.to_owned())),
            None => (name, None),
        };
        Ok(Package { name: name.to_owned(), version, bytes })
    }

    fn error(&self, failure: &cli::WacFailure) -> Box<fuse::Error> {
        match self.guest.wac_error(self.source, self.text, failure) {
            Ok(error) => Box::new(error),
            Err(error) => error,
        }
    }
}
