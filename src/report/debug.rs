//! What is reported of debug information, and of coverage.

use super::DebugSizes;
use crate::Part;
use crate::debug::Described;
use crate::group::{Group, Groups};
use crate::metadata::is_covered;
use crate::options::{DebugInfo, Emit, Options};

/// The most instances that a sentence names.
const NAMED: usize = 3;

/// How much there is of it.
pub fn sizes(parts: &[Part]) -> DebugSizes {
    let outcomes = || parts.iter().map(|part| &part.debug);
    DebugSizes {
        before: outcomes().map(|outcome| outcome.before).sum(),
        after: outcomes().map(|outcome| outcome.after).sum(),
    }
}

/// What is less than what was asked for.
pub fn warnings(parts: &[Part], options: &Options) -> Vec<String> {
    let mut warnings = Vec::new();
    for level in [DebugInfo::Lines, DebugInfo::Drop] {
        let what = match level {
            DebugInfo::Lines => "only files and lines of it are kept",
            _ => "nothing of it is kept",
        };
        let reduced = |it: &&Described| it.level == level && level > options.debug;
        warnings
            .extend(named(parts, reduced).map(|paths| {
                format!("the debug information of {paths} asks for too much: {what}")
            }));
    }
    let malformed = named(parts, |it| it.is_malformed);
    warnings.extend(malformed.map(|paths| {
        format!("a part of the debug information of {paths} cannot be read, and is left out")
    }));
    warnings
}

/// What there is and debuggers cannot be told.
pub fn notes(parts: &[Part], options: &Options) -> Vec<String> {
    if options.emit == Emit::Flat {
        return Vec::new();
    }
    let elsewhere = named(parts, |it| it.level == DebugInfo::Keep && it.is_elsewhere);
    let note = elsewhere.map(|paths| {
        format!(
            "debuggers know the first memory of a module only: what variables of {paths} have in \
             memory is not told"
        )
    });
    note.into_iter().collect()
}

/// Guests of one component of which each counts what is run: then nothing says what is counted.
pub fn coverage(groups: &Groups<'_, '_>, options: &Options) -> Vec<String> {
    let of_group = |group: &Group<'_, '_>| {
        let guests = group.plan.core_instances.values();
        let covered = guests.filter(|guest| is_covered(&group.plan, guest));
        let paths: Vec<&str> = covered.map(|guest| guest.path.as_str()).collect();
        (paths.len() > 1).then(|| in_words(&paths)).flatten()
    };
    if options.emit == Emit::Flat {
        return Vec::new();
    }
    let sentence = |paths| {
        format!(
            "{paths} count what is run for coverage: in one module, what each of them counts is not \
             told"
        )
    };
    groups.iter().filter_map(of_group).map(sentence).collect()
}

/// The instances that something holds for, in words.
fn named(parts: &[Part], holds: impl Fn(&&Described) -> bool) -> Option<String> {
    let found = parts.iter().flat_map(|part| &part.debug.instances).filter(holds);
    let paths: Vec<&str> = found.map(|it| it.path.as_str()).collect();
    in_words(&paths)
}

fn in_words(paths: &[&str]) -> Option<String> {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    match &paths[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first @ .., last] if paths.len() <= NAMED => {
            Some(format!("{} and {last}", first.join(", ")))
        }
        _ => Some(format!("{} and {} others", paths[..NAMED].join(", "), paths.len() - NAMED)),
    }
}
