//! Sets of guests that pass resources: what is composed, and what it logs.
//!
//! Every guest writes a line for each constructor, method, static and destructor, through an
//! interface that the host keeps. So the log has the order of all that happens, whoever does it;
//! calls of the host's own resources are lines of it, too.
//!
//! A set is fused as a whole, and in parts: the first few components, with the others outside, and
//! the last few. What is outside is the engine's, so that every resource crosses the boundary of
//! something that is fused: its constructor, methods and destructor are called from one side, and
//! are on the other.

use std::ops::Range;

use anyhow::{Context, Result};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, Options, Wire};
use wasmtime::Store;
use wasmtime::component::Component;

use crate::compose::compose_with;
use crate::guests::guest;
use crate::host::{Transcript, engine, linker};
use crate::programs::{Program, fused};

/// A composition.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What it is called, and its log.
    pub name: &'static str,
    /// Its components, each a name and a guest. The root is the first, and each imports from later
    /// ones only.
    inputs: &'static [[&'static str; 2]],
    /// Who imports what from whom; `import=export`, where they have different names.
    wires: &'static [[&'static str; 3]],
}

/// Every set.
pub const SETS: &[Set] = &[
    Set {
        name: "floats",
        inputs: &[
            ["runner", "floats-runner"],
            ["intermediate", "floats-intermediate"],
            ["leaf", "floats-leaf"],
        ],
        wires: &[["runner", FLOATS, "intermediate"], ["intermediate", FLOATS, "leaf"]],
    },
    Set {
        name: "lists",
        inputs: &[
            ["runner", "lists-runner"],
            ["intermediate", "lists-intermediate"],
            ["leaf", "lists-leaf"],
        ],
        wires: &[["runner", LISTS, "intermediate"], ["intermediate", LISTS, "leaf"]],
    },
    Set {
        name: "import-and-export",
        inputs: &[
            ["runner", "import-and-export-runner"],
            ["intermediate", "import-and-export-intermediate"],
            ["toplevel-leaf", "import-and-export-toplevel-leaf"],
            ["leaf", "import-and-export-leaf"],
        ],
        wires: &[
            ["runner", BOTH, "leaf"],
            ["runner", "wrapped=chains:both/things", "intermediate"],
            ["runner", "pass", "intermediate"],
            ["intermediate", BOTH, "leaf"],
            ["intermediate", "pass", "toplevel-leaf"],
            ["toplevel-leaf", BOTH, "leaf"],
        ],
    },
    Set {
        name: "floats-again",
        inputs: &[
            ["runner", "floats-runner"],
            ["outer", "floats-intermediate"],
            ["inner", "floats-intermediate"],
            ["leaf", "floats-leaf"],
        ],
        wires: &[
            ["runner", FLOATS, "outer"],
            ["outer", FLOATS, "inner"],
            ["inner", FLOATS, "leaf"],
        ],
    },
    Set {
        name: "aggregates",
        inputs: &[
            ["runner", "aggregates-runner"],
            ["shuffler", "aggregates-shuffler"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", "sets:aggregates/aggregates", "shuffler"],
            ["shuffler", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "aliases",
        inputs: &[
            ["runner", "aliases-runner"],
            ["middle", "aliases-middle"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", "sets:aliases/second", "middle"],
            ["runner", "sets:aliases/third", "middle"],
            ["middle", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "packages",
        inputs: &[
            ["runner", "packages-runner"],
            ["librarian", "packages-librarian"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", "library:cards/cards", "librarian"],
            ["runner", "library:catalog/catalog", "librarian"],
            ["librarian", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "views",
        inputs: &[
            ["runner", "views-runner"],
            ["editor", "views-editor"],
            ["reader", "views-plain-reader"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", "sets:views/reader", "editor"],
            ["editor", ITEMS, "shelf"],
            ["editor", "sets:views/reader", "reader"],
            ["reader", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "show",
        inputs: &[
            ["runner", "relay-show"],
            ["first", "relay-link"],
            ["second", "relay-link"],
            ["end", "relay-end"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", RELAY, "first"],
            ["first", ITEMS, "shelf"],
            ["first", RELAY, "second"],
            ["second", ITEMS, "shelf"],
            ["second", RELAY, "end"],
            ["end", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "carry",
        inputs: &[
            ["runner", "relay-carry"],
            ["first", "relay-link"],
            ["second", "relay-link"],
            ["third", "relay-link"],
            ["end", "relay-end"],
            ["shelf", "items-shelf"],
        ],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", RELAY, "first"],
            ["first", ITEMS, "shelf"],
            ["first", RELAY, "second"],
            ["second", ITEMS, "shelf"],
            ["second", RELAY, "third"],
            ["third", ITEMS, "shelf"],
            ["third", RELAY, "end"],
            ["end", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "boxes",
        inputs: &[["runner", "boxes-runner"], ["boxer", "boxes-boxer"], ["shelf", "items-shelf"]],
        wires: &[
            ["runner", ITEMS, "shelf"],
            ["runner", "sets:boxes/boxes", "boxer"],
            ["boxer", ITEMS, "shelf"],
        ],
    },
    Set {
        name: "ownership",
        inputs: &[
            ["runner", "ownership-runner"],
            ["editor", "ownership-editor"],
            ["library", "ownership-library"],
        ],
        wires: &[
            ["runner", "sets:ownership/texts", "library"],
            ["runner", "sets:ownership/drafts", "editor"],
            ["editor", "sets:ownership/texts", "library"],
        ],
    },
    Set {
        name: "state",
        inputs: &[
            ["runner", "state-runner"],
            ["stacker", "state-stacker"],
            ["store", "state-store-keeper"],
        ],
        wires: &[
            ["runner", "sets:state/stacks", "stacker"],
            ["stacker", "sets:state/store", "store"],
        ],
    },
    Set {
        name: "host-in-boxes",
        inputs: &[["runner", "boxes-runner"], ["boxer", "boxes-boxer"]],
        wires: &[["runner", "sets:boxes/boxes", "boxer"]],
    },
    Set {
        name: "host-carried",
        inputs: &[
            ["runner", "relay-carry"],
            ["first", "relay-link"],
            ["second", "relay-link"],
            ["end", "relay-end"],
        ],
        wires: &[["runner", RELAY, "first"], ["first", RELAY, "second"], ["second", RELAY, "end"]],
    },
];

const FLOATS: &str = "chains:floats/floats";
const LISTS: &str = "chains:lists/things";
const BOTH: &str = "chains:both/things";
const ITEMS: &str = "shared:items/items";
const RELAY: &str = "sets:relay/relay";

impl Set {
    /// The set with this name.
    pub fn named(name: &str) -> Set {
        *SETS.iter().find(|set| set.name == name).expect("a set has this name")
    }

    /// Its components.
    pub fn program(&self) -> Program {
        let input = |[name, file]: &[&str; 2]| Input { name: (*name).into(), bytes: guest(file) };
        let wire = |[importer, name, provider]: &[&str; 3]| {
            let (import, export) = name.split_once('=').unwrap_or((*name, *name));
            Wire {
                importer: (*importer).into(),
                import_name: import.into(),
                provider: (*provider).into(),
                export_name: export.into(),
            }
        };
        Program {
            inputs: self.inputs.iter().map(input).collect(),
            wires: self.wires.iter().map(wire).collect(),
        }
    }

    /// Its components, and one that prints the log: a command of which nothing but WASI is asked.
    pub fn command(&self) -> Program {
        let mut program = self.program();
        program.inputs.push(Input { name: "printer".into(), bytes: guest("printer") });
        program
    }
}

/// What a program is fused to, in every form, with what to call it in a message.
pub fn fused_forms(program: &Program) -> Vec<(String, Vec<u8>)> {
    let with = |options: Options| {
        let options = Options { wires: program.wires.clone(), ..options };
        fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}")).bytes
    };
    let flat = with(Options { emit: Emit::Flat, ..Options::default() });
    let shared = with(Options { share_handles: true, ..Options::default() });
    let mut forms = vec![
        ("fused, not merged".to_string(), flat),
        ("fused, with handles shared".to_string(), shared),
    ];
    forms.extend(program.fused().into_iter().map(|(form, bytes)| (form.to_string(), bytes)));
    let count = program.inputs.len();
    for at in 2..count {
        forms.push((format!("the first {at} fused"), partly_fused(program, 0..at)));
        forms.push((format!("the last {at} fused"), partly_fused(program, count - at..count)));
    }
    forms
}

/// The components in a range fused to one, and composed with the others.
fn partly_fused(program: &Program, part: Range<usize>) -> Vec<u8> {
    let inside = &program.inputs[part.clone()];
    let is_inside = |name: &str| inside.iter().any(|input| input.name == name);
    let (wires, mut others): (Vec<_>, Vec<_>) = program
        .wires
        .iter()
        .cloned()
        .partition(|wire| is_inside(&wire.importer) && is_inside(&wire.provider));

    // What earlier components' exports use of later ones is exported before, each under the name
    // that it is imported by.
    let mut exports: Vec<[String; 3]> = Vec::new();
    for input in inside.iter().rev() {
        for wire in others.iter_mut().filter(|wire| wire.provider == input.name) {
            let name = wire.import_name.clone();
            let export = std::mem::replace(&mut wire.export_name, name.clone());
            let export = [input.name.clone(), export, name];
            if !exports.contains(&export) {
                exports.push(export);
            }
        }
    }
    if part.start == 0 {
        exports.push([&inside[0].name, RUN, RUN].map(String::from));
    }
    let composed = compose_with(inside, &wires, &exports).unwrap_or_else(|e| panic!("{e:?}"));
    let fused = fused(&[Input { name: "part".into(), bytes: composed }], &[]).bytes;

    for wire in &mut others {
        for name in [&mut wire.importer, &mut wire.provider] {
            if is_inside(name) {
                *name = FUSED.into();
            }
        }
    }
    let mut inputs = program.inputs.clone();
    inputs.splice(part.clone(), [Input { name: FUSED.into(), bytes: fused }]);
    let run = [&inputs[0].name, RUN, RUN].map(String::from);
    compose_with(&inputs, &others, &[run]).unwrap_or_else(|error| panic!("{error:?}"))
}

/// What the fused part of a program is called.
const FUSED: &str = "fused";

/// What every root exports.
const RUN: &str = "wasi:cli/run@0.2.0";

/// What a component logs that exports `wasi:cli/run`, and whether it traps in the end.
///
/// The host has what the guests import, and writes down what it is called with: nothing of WASI, if
/// they do not panic.
pub fn log(component: &[u8]) -> Result<String> {
    let component = Component::new(engine(), component)?;
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
    let run = instance.get_export_index(&mut store, None, RUN);
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
