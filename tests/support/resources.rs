//! Sets of guests that pass resources: what is composed, and what it logs.
//!
//! Every guest writes a line for each constructor, method, static and destructor, through an
//! interface that the host keeps. So the log has the order of all that happens, whoever does it;
//! calls of the host's own resources are lines of it, too.

use anyhow::{Context, Result};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, Options, Wire};
use wasmtime::Store;
use wasmtime::component::Component;

use super::guests::guest;
use super::host::{Transcript, engine, linker};
use super::programs::Program;

/// A composition: inputs, each a name and a guest, the root first; and wires, where names do not say
/// who provides what: importer, import, provider, export.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What it is called: the folder of its log.
    pub name: &'static str,
    inputs: &'static [(&'static str, &'static str)],
    wires: &'static [[&'static str; 4]],
}

/// Every set.
pub const SETS: &[Set] = &[
    Set {
        name: "floats",
        inputs: &[
            ("runner", "floats-runner"),
            ("intermediate", "floats-intermediate"),
            ("leaf", "floats-leaf"),
        ],
        wires: &[
            ["runner", FLOATS, "intermediate", FLOATS],
            ["intermediate", FLOATS, "leaf", FLOATS],
        ],
    },
    Set {
        name: "lists",
        inputs: &[
            ("runner", "lists-runner"),
            ("intermediate", "lists-intermediate"),
            ("leaf", "lists-leaf"),
        ],
        wires: &[["runner", LISTS, "intermediate", LISTS], ["intermediate", LISTS, "leaf", LISTS]],
    },
    Set {
        name: "import-and-export",
        inputs: &[
            ("runner", "import-and-export-runner"),
            ("intermediate", "import-and-export-intermediate"),
            ("toplevel-leaf", "import-and-export-toplevel-leaf"),
            ("leaf", "import-and-export-leaf"),
        ],
        wires: &[
            ["runner", BOTH, "leaf", BOTH],
            ["runner", "wrapped", "intermediate", BOTH],
            ["runner", "pass", "intermediate", "pass"],
            ["intermediate", BOTH, "leaf", BOTH],
            ["intermediate", "pass", "toplevel-leaf", "pass"],
            ["toplevel-leaf", BOTH, "leaf", BOTH],
        ],
    },
];

const FLOATS: &str = "chains:floats/floats";
const LISTS: &str = "chains:lists/things";
const BOTH: &str = "chains:both/things";

impl Set {
    /// The set with this name.
    pub fn named(name: &str) -> Set {
        *SETS.iter().find(|set| set.name == name).expect("a set has this name")
    }

    /// Its components, and one that prints the log: a command of which nothing but WASI is asked.
    pub fn command(&self) -> Program {
        let mut program = self.program();
        program.inputs.push(Input { name: "printer".into(), bytes: guest("printer") });
        program
    }

    /// Its components.
    pub fn program(&self) -> Program {
        let input =
            |(name, file): &(&str, &str)| Input { name: (*name).into(), bytes: guest(file) };
        let wire = |[importer, import, provider, export]: &[&str; 4]| Wire {
            importer: (*importer).into(),
            import_name: (*import).into(),
            provider: (*provider).into(),
            export_name: (*export).into(),
        };
        Program {
            inputs: self.inputs.iter().map(input).collect(),
            wires: self.wires.iter().map(wire).collect(),
        }
    }
}

/// Every form of what a program is fused to.
pub fn fused_forms(program: &Program) -> Vec<(&'static str, Vec<u8>)> {
    let flat = Options { emit: Emit::Flat, wires: program.wires.clone(), ..Options::default() };
    let flat = fuse(&program.inputs, &flat).unwrap_or_else(|error| panic!("{error}"));
    let mut forms = program.fused().to_vec();
    forms.push(("fused and not merged", flat.bytes));
    forms
}

/// What a component logs that exports `wasi:cli/run`, and whether it traps in the end.
///
/// The host has what the guests import, and writes down what it is called with: nothing of WASI, if
/// they do not panic.
pub fn log(component: &[u8]) -> Result<String> {
    let component = Component::new(engine(), component)?;
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
    let run = instance.get_export_index(&mut store, None, "wasi:cli/run@0.2.0");
    let run = instance.get_export_index(&mut store, Some(&run.context("no `run`")?), "run");
    let run =
        instance.get_typed_func::<(), (Result<(), ()>,)>(&mut store, run.context("no `run`")?)?;
    let end = match run.call(&mut store, ()) {
        Ok((Ok(()),)) => "",
        Ok((Err(()),)) => "it fails\n",
        Err(_) => "it traps\n",
    };
    let line = |line: &String| format!("{}\n", said(line).unwrap_or(line));
    Ok(store.data().iter().map(line).collect::<String>() + end)
}

/// The text of a line that a guest has written.
fn said(line: &str) -> Option<&str> {
    line.strip_prefix("resources:common/log#write(String(\"")?.strip_suffix("\"))")
}
