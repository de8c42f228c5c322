//! What to do next, where each host calls the options by names of its own.
//!
//! A remedy is text with options in it as data. One and the same reads
//!
//! ```text
//! let such instances be components of their own: `--tasks apart`                   the command
//! let such instances be components of their own: `tasks: 'apart'`                  JavaScript
//! let such instances be components of their own: `Options::tasks = Tasks::Apart`   the library
//! ```
//!
//! Rejected: one host's names in the text, which the others replace by theirs. They would have to be
//! found in prose, and one that a host does not know would pass unnoticed. Of a [`Setting`] that is
//! new, every host is told by its compiler.

use std::fmt;

use crate::options::{Emit, MemoryPlan, OpenImports, Port, Tasks, Wire};
use crate::text::escaped;

/// What to do next, in the imperative; empty if nothing can be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy(Vec<Part>);

/// A part of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is said as it is.
    Text(String),
    /// What each host says in its own way.
    Setting(Setting),
}

/// An option, and the value to give to it where there is a choice of a few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// [`Options::emit`](crate::Options::emit).
    Emit(Emit),
    /// [`Options::memory`](crate::Options::memory).
    Memory(MemoryPlan),
    /// [`Options::capacity`](crate::Options::capacity).
    Capacity,
    /// [`Options::tasks`](crate::Options::tasks).
    Tasks(Tasks),
    /// One of [`Options::wires`](crate::Options::wires).
    Wire(Wire),
    /// One of [`Options::leave_open`](crate::Options::leave_open).
    LeaveOpen(Port),
    /// One of [`Options::also_export`](crate::Options::also_export).
    AlsoExport(Port),
    /// [`Options::open`](crate::Options::open).
    Open(OpenImports),
    /// One of [`Options::limits`](crate::Options::limits).
    Limit(Limit),
    /// What the host bounds by itself.
    Budget(Spending),
}

/// A field of [`Limits`](crate::options::Limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `instances`.
    Instances,
    /// `definitions`.
    Definitions,
    /// `types`.
    Types,
    /// `depth`.
    Depth,
    /// `shim_bytes`.
    ShimBytes,
    /// `output_bytes`.
    OutputBytes,
}

/// What a host lets the fuser spend. The library bounds neither: errors of this kind are those of hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// Megabytes of memory.
    MemoryMb,
    /// Seconds.
    Seconds,
}

impl Remedy {
    /// To raise a limit.
    pub fn raise(limit: Limit) -> Self {
        Remedy::from("raise ")
            .setting(Setting::Limit(limit))
            .text(", if the input is one that you trust")
    }

    /// Goes on with text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// Goes on with an option.
    #[must_use]
    pub fn setting(mut self, setting: Setting) -> Self {
        self.0.push(Part::Setting(setting));
        self
    }

    /// Goes on with options, between which there is a choice.
    #[must_use]
    pub fn one_of(mut self, settings: impl IntoIterator<Item = Setting>) -> Self {
        for (index, setting) in settings.into_iter().enumerate() {
            if index > 0 {
                self = self.text(" or ");
            }
            self = self.setting(setting);
        }
        self
    }

    /// Its parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// As text on one line, with each option as a host calls it, in backticks. None if nothing can be
    /// said.
    pub fn worded(&self, name: impl Fn(&Setting) -> String) -> Option<String> {
        let word = |part: &Part| match part {
            Part::Text(text) => escaped(text).into_owned(),
            Part::Setting(setting) => format!("`{}`", escaped(&name(setting))),
        };
        (!self.0.is_empty()).then(|| self.0.iter().map(word).collect())
    }
}

impl FromIterator<Part> for Remedy {
    fn from_iter<T: IntoIterator<Item = Part>>(parts: T) -> Self {
        Remedy(parts.into_iter().collect())
    }
}

impl From<String> for Remedy {
    fn from(text: String) -> Self {
        Remedy(vec![Part::Text(text)])
    }
}

impl From<&str> for Remedy {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// As the library calls it.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Emit(emit) => write!(f, "Options::emit = Emit::{emit:?}"),
            Setting::Memory(plan) => write!(f, "Options::memory = MemoryPlan::{plan:?}"),
            Setting::Capacity => f.write_str("Options::capacity"),
            Setting::Tasks(tasks) => write!(f, "Options::tasks = Tasks::{tasks:?}"),
            Setting::Wire(wire) => write!(f, "Options::wires = [{wire:?}]"),
            Setting::LeaveOpen(port) => write!(f, "Options::leave_open = [{port:?}]"),
            Setting::AlsoExport(port) => write!(f, "Options::also_export = [{port:?}]"),
            Setting::Open(open) => write!(f, "Options::open = OpenImports::{open:?}"),
            Setting::Limit(limit) => f.write_str(match limit {
                Limit::Instances => "Limits::instances",
                Limit::Definitions => "Limits::definitions",
                Limit::Types => "Limits::types",
                Limit::Depth => "Limits::depth",
                Limit::ShimBytes => "Limits::shim_bytes",
                Limit::OutputBytes => "Limits::output_bytes",
            }),
            Setting::Budget(Spending::MemoryMb) => f.write_str("Budget::memory_mb"),
            Setting::Budget(Spending::Seconds) => f.write_str("Budget::seconds"),
        }
    }
}
