//! The sets of guests that are composed, and fused.

use wasm_fuser::options::{Emit, Input, MemoryPlan, Options, Tables, Wire};
use wasm_fuser::{Code, Fused, fuse};

use crate::componentize::componentize;
use crate::compose::compose;
use crate::guests::{Dwarf, debug_guest, guest};

/// Components that make a program together: the first is the root.
#[derive(Clone, Debug)]
pub struct Program {
    /// The components.
    pub inputs: Vec<Input>,
    /// What names do not say.
    pub wires: Vec<Wire>,
}

impl Program {
    /// `front` calls `evaluator` and `arithmetic`, and `evaluator` calls `arithmetic`.
    pub fn calculator() -> Program {
        Program::of(&["front", "evaluator", "arithmetic"])
    }

    /// A command and the component that it calls.
    pub fn report() -> Program {
        Program::of(&["report", "text-stats"])
    }

    /// One component that calls two instances of another.
    pub fn pair() -> Program {
        let counter = |name: &str| Input { name: name.into(), bytes: guest("counter") };
        let wire = |name: &str| Wire {
            importer: "pair".into(),
            import_name: name.into(),
            provider: name.into(),
            export_name: "counters:parts/counter@1.0.0".into(),
        };
        let mut program = Program::of(&["pair"]);
        program.inputs.extend([counter("left"), counter("right")]);
        program.wires.extend([wire("left"), wire("right")]);
        program
    }

    /// `forward` passes every kind of value to `echo`.
    pub fn values() -> Program {
        Program::of(&["forward", "echo"])
    }

    /// `forward` over a composition of `forward` over `echo`: a component twice, at two depths.
    pub fn nested_values() -> Program {
        let mut program = Program::of(&["forward"]);
        program.inputs.push(Input { name: "inner".into(), bytes: Program::values().composed() });
        program
    }

    /// The same for kinds of values that are newer.
    pub fn recent_values() -> Program {
        Program::of(&["forward-recent", "echo-recent"])
    }

    /// A component that exports the interfaces that it imports: types in both are equal, and two.
    pub fn stage() -> Program {
        Program::of(&["chain-stage", "chain-leaf"])
    }

    /// Two components with tasks of the engine: one waits for the other.
    pub fn tasks() -> Program {
        Program::of(&["tasks-top", "tasks-leaf"])
    }

    /// Three components with tasks: one calls two, of which one calls the other.
    pub fn calls() -> Program {
        Program::of(&["tasks-front", "tasks-middle", "tasks-base"])
    }

    /// Three components with streams: one reads what two write, of which one hands on what it gets.
    pub fn streams() -> Program {
        Program::of(&["streams-sink", "streams-filter", "streams-source"])
    }

    /// Three components with tasks: one sends a text to another as a stream, and what comes back to the third.
    pub fn pipeline() -> Program {
        Program::of(&["pipeline-front", "pipeline-words", "pipeline-tally"])
    }

    /// Two components that trap and panic, with all of their debug information.
    pub fn faults(dwarf: Dwarf) -> Program {
        Program::debugged(&["faults-outer", "faults-inner"], dwarf)
    }

    /// Guests with all of their debug information.
    pub fn debugged(names: &[&str], dwarf: Dwarf) -> Program {
        let input = |name: &&str| Input { name: (*name).into(), bytes: debug_guest(name, dwarf) };
        Program { inputs: names.iter().map(input).collect(), wires: Vec::new() }
    }

    fn of(names: &[&str]) -> Program {
        let input = |name: &&str| Input { name: (*name).into(), bytes: guest(name) };
        Program { inputs: names.iter().map(input).collect(), wires: Vec::new() }
    }

    /// As one file, not fused: what the result is compared with.
    pub fn composed(&self) -> Vec<u8> {
        compose(&self.inputs, &self.wires).unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Fused from the composed file.
    pub fn fused_from_one_file(&self) -> Fused {
        fused(&[Input { name: "composed".into(), bytes: self.composed() }], &[])
    }

    /// Fused from the separate files.
    pub fn fused_from_files(&self) -> Fused {
        fused(&self.inputs, &self.wires)
    }

    /// Fused to modules with one memory each.
    pub fn split(&self) -> Fused {
        let memory = MemoryPlan::Split;
        let options = Options { wires: self.wires.clone(), memory, ..Options::default() };
        fuse(&self.inputs, &options).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Fused to one module with one memory and one table.
    pub fn single(&self) -> Fused {
        let (memory, tables) = (MemoryPlan::Single, Tables::Single);
        let options = Options { wires: self.wires.clone(), memory, tables, ..Options::default() };
        fuse(&self.inputs, &options).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Every form that is one module, with what to call it in a message.
    pub fn merged(&self) -> [(&'static str, Vec<u8>); 2] {
        [
            ("fused from one file", self.fused_from_one_file().bytes),
            ("fused from separate files", self.fused_from_files().bytes),
        ]
    }

    /// Every fused form, likewise.
    pub fn fused(&self) -> Vec<(&'static str, Vec<u8>)> {
        let split = ("split", self.split().bytes);
        let single = ("single", self.single().bytes);
        let again = self.componentized().map(|bytes| ("a component of a core module", bytes));
        self.merged().into_iter().chain([split, single]).chain(again).collect()
    }

    /// A component made of the fused core module, if the world can be written in WIT.
    pub fn componentized(&self) -> Option<Vec<u8>> {
        let emit = Emit::Module;
        let options = Options { wires: self.wires.clone(), emit, ..Options::default() };
        match fuse(&self.inputs, &options) {
            Ok(module) => {
                let made = componentize(&module.bytes);
                Some(made.unwrap_or_else(|error| panic!("{error:?}")))
            }
            Err(error) if error.code() == Code::NotInWit => None,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Fused with the default options.
pub fn fused(inputs: &[Input], wires: &[Wire]) -> Fused {
    let options = Options { wires: wires.to_vec(), ..Options::default() };
    fuse(inputs, &options).unwrap_or_else(|error| panic!("{error}"))
}
