//! What few compositions need, for the fuser: a component beside it, `crates/extras/` of this project.
//!
//! The fuser imports it. It is loaded when the fuser first calls it, and each call gets an instance of its own.
//! What goes wrong there goes wrong in the fuser: it has the bounds of the call, and its last words are the
//! fuser's.

use wasmtime::Store;
use wasmtime::component::{HasSelf, Linker};

use self::bindings::Extras;
use self::bindings::exports::wasm_fuser::fuser as theirs;
use crate::sandbox::{self, State};
use crate::world::wasm_fuser::fuser::{carried, dwarf, text};

/// Generated; `wit/world.wit` has the documentation.
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit", world: "extras" });
}

/// The component, compiled by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/extras.cwasm"));

/// Lets the fuser import it.
pub fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    text::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    dwarf::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    carried::add_to_linker::<State, HasSelf<State>>(linker, |state| state)
}

impl text::Host for State {
    fn binary(
        &mut self,
        text: String,
        name: String,
    ) -> wasmtime::Result<Result<Vec<u8>, text::Problem>> {
        let called =
            call(self, |it, store| it.wasm_fuser_fuser_text().call_binary(store, &text, &name));
        Ok(called?.map_err(problem))
    }

    fn print(&mut self, bytes: Vec<u8>) -> wasmtime::Result<Result<String, text::Problem>> {
        let called = call(self, |it, store| it.wasm_fuser_fuser_text().call_print(store, &bytes));
        Ok(called?.map_err(problem))
    }
}

impl dwarf::Host for State {
    fn ready(&mut self) -> wasmtime::Result<()> {
        Ok(())
    }

    fn describe(
        &mut self,
        sources: Vec<dwarf::Source>,
        allowance: dwarf::Allowance,
    ) -> wasmtime::Result<dwarf::Description> {
        let sources: Vec<_> = sources.into_iter().map(source).collect();
        let dwarf::Allowance { work, room } = allowance;
        let allowance = theirs::dwarf::Allowance { work, room };
        let called = call(self, |it, store| {
            it.wasm_fuser_fuser_dwarf().call_describe(store, &sources, allowance)
        });
        called.map(description)
    }
}

impl carried::Host for State {
    fn wasip1(&mut self) -> wasmtime::Result<Vec<u8>> {
        call(self, |it, store| it.wasm_fuser_fuser_carried().call_wasip1(store))
    }

    fn page(&mut self, code: String) -> wasmtime::Result<Option<String>> {
        call(self, |it, store| it.wasm_fuser_fuser_carried().call_page(store, &code))
    }
}

fn call<T>(
    helped: &State,
    function: impl FnOnce(&Extras, &mut Store<State>) -> wasmtime::Result<T>,
) -> wasmtime::Result<T> {
    sandbox::help(helped, COMPILED, |store, instance| Extras::new(store, instance), function)
}

fn problem(problem: theirs::text::Problem) -> text::Problem {
    let theirs::text::Problem { what, quoted, help, offset } = problem;
    text::Problem { what, quoted, help, offset }
}

fn source(source: dwarf::Source) -> theirs::dwarf::Source {
    let dwarf::Source { sections, level, functions, kinks, globals, memory } = source;
    let level = match level {
        dwarf::Level::Keep => theirs::dwarf::Level::Keep,
        dwarf::Level::Lines => theirs::dwarf::Level::Lines,
        dwarf::Level::Drop => theirs::dwarf::Level::Drop,
    };
    theirs::dwarf::Source { sections, level, functions, kinks, globals, memory }
}

fn description(description: theirs::dwarf::Description) -> dwarf::Description {
    let theirs::dwarf::Description { sections, outcomes, left } = description;
    let outcome = |outcome: theirs::dwarf::Outcome| dwarf::Outcome {
        level: match outcome.level {
            theirs::dwarf::Level::Keep => dwarf::Level::Keep,
            theirs::dwarf::Level::Lines => dwarf::Level::Lines,
            theirs::dwarf::Level::Drop => dwarf::Level::Drop,
        },
        is_malformed: outcome.is_malformed,
    };
    dwarf::Description {
        sections,
        outcomes: outcomes.into_iter().map(outcome).collect(),
        left: dwarf::Allowance { work: left.work, room: left.room },
    }
}
