//! Which exported names an imported name accepts.
//!
//! Interface names may end in a version: `wasi:io/error@0.2.3`. Two names match when they are
//! equal, or when they differ in the version alone and both versions are on one *track*: the same
//! major version, or for `0.x` the same minor version. `0.0.x` and pre-releases are tracks of
//! their own.
//!
//! ```text
//! imported           exported           match
//! demo:a/log@1.2.0   demo:a/log@1.4.1   yes
//! demo:a/log@1.4.1   demo:a/log@1.2.0   yes: whether it has everything is a question of types
//! demo:a/log@0.2.0   demo:a/log@0.3.0   no
//! demo:a/log         demo:a/log@1.0.0   no
//! ```
//!
//! An older export may lack a function that the importer never asks for. So both directions match
//! here, and the validator decides by subtyping; to refuse by number would refuse compositions
//! that work.
//!
//! Limits: names without a version (functions, `unlocked-dep=<...>`) match only when equal, and
//! `(implements "...")` is not looked at.

use semver::Version;

/// How well an export fits an import: the greatest of one input's fits is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another version of the same track.
    Compatible(Version),
    /// The very name.
    Exact,
}

/// How the exported name fits the imported one, if it does.
pub(super) fn fit(imported: &str, exported: &str) -> Option<Fit> {
    if imported == exported {
        return Some(Fit::Exact);
    }
    let (imported_base, imported) = versioned(imported)?;
    let (exported_base, exported) = versioned(exported)?;
    let fits = imported_base == exported_base && track(&imported)? == track(&exported)?;
    fits.then_some(Fit::Compatible(exported))
}

/// A name's part before the version, and the version.
fn versioned(name: &str) -> Option<(&str, Version)> {
    let (base, version) = name.split_once('@')?;
    Some((base, Version::parse(version).ok()?))
}

/// What versions that may replace one another have in common; nothing may replace the others.
fn track(version: &Version) -> Option<(u64, u64)> {
    match version {
        Version { pre, .. } if !pre.is_empty() => None,
        Version { major: 0, minor: 0, .. } => None,
        Version { major: 0, minor, .. } => Some((0, *minor)),
        Version { major, .. } => Some((*major, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_track_fit() {
        for (imported, exported, fits) in [
            ("log", "log", true),
            ("log", "sink", false),
            ("demo:a/log", "demo:a/log", true),
            ("demo:a/log", "demo:a/log@1.0.0", false),
            ("demo:a/log@1.2.0", "demo:a/log@1.4.1", true),
            ("demo:a/log@1.4.1", "demo:a/log@1.2.0", true),
            ("demo:a/log@1.0.0", "demo:a/log@2.0.0", false),
            ("demo:a/log@0.2.0", "demo:a/log@0.2.9", true),
            ("demo:a/log@0.2.0", "demo:a/log@0.3.0", false),
            ("demo:a/log@0.0.1", "demo:a/log@0.0.2", false),
            ("demo:a/log@0.0.1", "demo:a/log@0.0.1", true),
            ("demo:a/log@1.0.0-rc.1", "demo:a/log@1.0.0", false),
            ("demo:a/log@1.0.0", "demo:a/sink@1.0.0", false),
        ] {
            assert_eq!(fit(imported, exported).is_some(), fits, "{imported} from {exported}");
        }
    }

    #[test]
    fn the_very_name_fits_best_and_then_the_newest() {
        let fits = |exported| fit("demo:a/log@1.2.0", exported);
        assert!(fits("demo:a/log@1.2.0") > fits("demo:a/log@1.9.0"));
        assert!(fits("demo:a/log@1.9.0") > fits("demo:a/log@1.10.0-rc.1"));
        assert!(fits("demo:a/log@1.10.0") > fits("demo:a/log@1.9.0"));
    }
}
