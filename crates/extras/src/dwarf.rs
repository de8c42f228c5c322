//! The interface `dwarf` of `wit/world.wit`: the other side of what `wasm_fuser_debug` imports.

use wasm_fuser_debug::{Allowance, Flat, Level, Source, describe};
use wasm_fuser_merge::InstanceId;

use crate::exports::Extras;
use crate::exports::bindings::exports::wasm_fuser::fuser::dwarf;

impl dwarf::Guest for Extras {
    fn ready() {}

    fn describe(sources: Vec<dwarf::Source>, allowance: dwarf::Allowance) -> dwarf::Description {
        let sources: Vec<_> = sources.into_iter().map(Given::from).collect();
        // Each has a map of its own, in which there is one instance.
        let instance = InstanceId::from_u32(0);
        let maps: Vec<_> = sources.iter().map(|given| given.flat.map(instance)).collect();
        let moves = sources.iter().zip(&maps).map(|(given, map)| given.flat.moves(map, instance));
        let moves: Vec<_> = moves.collect();
        let sections: Vec<Vec<_>> = sources.iter().map(Given::sections).collect();
        let described = sources.iter().zip(&sections);
        let mut described: Vec<_> = described
            .map(|(given, sections)| Source::new(instance, sections, given.level))
            .collect();
        let mut left = Allowance { work: allowance.work, room: allowance.room };
        let sections = describe(&mut described, &moves, &mut left);
        let outcome = |source: &Source<'_>| dwarf::Outcome {
            level: told(source.level),
            is_malformed: source.is_malformed,
        };
        dwarf::Description {
            sections,
            outcomes: described.iter().map(outcome).collect(),
            left: dwarf::Allowance { work: left.work, room: left.room },
        }
    }
}

/// What is to be described, in the words of the crate that does it.
struct Given {
    sections: Vec<(String, Vec<u8>)>,
    level: Level,
    flat: Flat,
}

impl Given {
    fn sections(&self) -> Vec<(&str, &[u8])> {
        self.sections.iter().map(|(name, data)| (&**name, &**data)).collect()
    }
}

impl From<dwarf::Source> for Given {
    fn from(source: dwarf::Source) -> Given {
        let dwarf::Source { sections, level, functions, kinks, globals, memory } = source;
        let level = match level {
            dwarf::Level::Keep => Level::Keep,
            dwarf::Level::Lines => Level::Lines,
            dwarf::Level::Drop => Level::Drop,
        };
        Given { sections, level, flat: Flat { functions, kinks, globals, memory } }
    }
}

fn told(level: Level) -> dwarf::Level {
    match level {
        Level::Keep => dwarf::Level::Keep,
        Level::Lines => dwarf::Level::Lines,
        Level::Drop => dwarf::Level::Drop,
    }
}
