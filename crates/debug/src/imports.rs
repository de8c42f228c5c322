//! Debug information, where another component describes: the import `dwarf` of `fuser.wasm`.

use self::bindings::wasm_fuser::fuser::dwarf;
use crate::flat::Flat;
use crate::{Allowance, Level, Moves, Section, Source};

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI hands over pointers")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "package wasm-fuser:debug; world describer { import wasm-fuser:fuser/dwarf@0.1.0; }",
        world: "wasm-fuser:debug/describer",
        ownership: Borrowing { duplicate_if_necessary: true },
        generate_all,
    });
}

/// Has it be there.
pub fn ready() {
    dwarf::ready();
}

/// Writes the debug information of all instances of a module, of each as much as it can have.
pub fn describe(
    sources: &mut [Source<'_>],
    moves: &[Moves<'_>],
    allowance: &mut Allowance,
) -> Vec<Section> {
    let flat: Vec<_> = moves.iter().map(Flat::of).collect();
    let told: Vec<_> = sources.iter().zip(&flat).map(told).collect();
    let Allowance { work, room } = *allowance;
    let description = dwarf::describe(&told, dwarf::Allowance { work, room });
    let dwarf::Allowance { work, room } = description.left;
    *allowance = Allowance { work, room };
    for (source, outcome) in sources.iter_mut().zip(description.outcomes) {
        source.level = own_level(outcome.level);
        source.is_malformed = outcome.is_malformed;
    }
    description.sections
}

fn told<'s>((source, flat): (&'s Source<'_>, &'s Flat)) -> dwarf::SourceParam<'s> {
    dwarf::SourceParam {
        sections: source.sections,
        level: level(source.level),
        functions: &flat.functions,
        kinks: &flat.kinks,
        globals: flat.globals.as_deref(),
        memory: flat.memory,
    }
}

fn level(level: Level) -> dwarf::Level {
    match level {
        Level::Keep => dwarf::Level::Keep,
        Level::Lines => dwarf::Level::Lines,
        Level::Drop => dwarf::Level::Drop,
    }
}

fn own_level(level: dwarf::Level) -> Level {
    match level {
        dwarf::Level::Keep => Level::Keep,
        dwarf::Level::Lines => Level::Lines,
        dwarf::Level::Drop => Level::Drop,
    }
}
