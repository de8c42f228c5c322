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

/// A name with a version that others may replace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Track {
    base: String,
    major: u64,
    minor: u64,
}

/// What names have in common that stand for one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The track that they are on.
    Track(Track),
    /// The name itself.
    Name(String),
}

/// What a name has in common with those that may stand for it.
pub fn key(name: &str) -> Key {
    match track(name) {
        Some((track, _)) => Key::Track(track),
        None => Key::Name(name.into()),
    }
}

/// The track that a name is on, and its version; none, if it only matches itself.
pub fn track(name: &str) -> Option<(Track, Version)> {
    let (base, version) = name.split_once('@')?;
    let version = Version::parse(version).ok()?;
    let (major, minor) = match version {
        Version { ref pre, .. } if !pre.is_empty() => return None,
        Version { major: 0, minor: 0, .. } => return None,
        Version { major: 0, minor, .. } => (0, minor),
        Version { major, .. } => (major, 0),
    };
    Some((Track { base: base.into(), major, minor }, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_track_match() {
        for (imported, exported, matches) in [
            ("log", "sink", false),
            ("demo:a/log", "demo:a/log@1.0.0", false),
            ("demo:a/log@1.2.0", "demo:a/log@1.4.1", true),
            ("demo:a/log@1.4.1", "demo:a/log@1.2.0", true),
            ("demo:a/log@1.0.0", "demo:a/log@2.0.0", false),
            ("demo:a/log@0.2.0", "demo:a/log@0.2.9", true),
            ("demo:a/log@0.2.0", "demo:a/log@0.3.0", false),
            ("demo:a/log@0.0.1", "demo:a/log@0.0.2", false),
            ("demo:a/log@1.0.0-rc.1", "demo:a/log@1.0.0", false),
            ("demo:a/log@1.0.0", "demo:a/sink@1.0.0", false),
        ] {
            let [a, b] = [imported, exported].map(|name| track(name).map(|(track, _)| track));
            assert_eq!(a.is_some() && a == b, matches, "{imported} from {exported}");
        }
    }
}
