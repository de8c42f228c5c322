//! Names that differ from one another, in whatever list of names has to be without repetition.

use crate::hash::HashMap;

/// Hands out names, each once.
#[derive(Clone, Debug, Default)]
pub struct UniqueNames {
    /// How often each was asked for: a name that many want takes no longer than one that few do.
    times: HashMap<String, u32>,
}

impl UniqueNames {
    /// Says that a name is in use.
    pub fn reserve(&mut self, name: impl Into<String>) {
        self.times.entry(name.into()).or_insert(1);
    }

    /// Whether a name is in use.
    pub fn contains(&self, name: &str) -> bool {
        self.times.contains_key(name)
    }

    /// A name that was not in use, and is from now on: the wanted one, or that with the separator and
    /// a number from 2 on.
    pub fn unique(&mut self, wanted: String, separator: &str) -> String {
        let mut name = wanted.clone();
        // A wanted name can look like one with a number.
        while self.contains(&name) {
            let times = self.times.entry(wanted.clone()).or_insert(1);
            *times += 1;
            name = format!("{wanted}{separator}{times}");
        }
        self.reserve(name.clone());
        name
    }
}
