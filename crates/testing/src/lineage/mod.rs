//! Random compositions whose instances make handles, pass them on and drop them.
//!
//! A [`Lineage`] has some guests in a row. Each defines a resource, knows those of the guests before
//! it (and the host's), and exports functions whose parameters and results have handles at any depth.
//! A guest keeps what it is given in *pools*, one for each resource, and what it does is a list of
//! [`Op`]s: make, wrap, drop, call an earlier guest with handles out of the pools. Where a pool is
//! empty, a handle is made. A few operations are wrong: they use an index that is made up, or keep
//! a borrow.
//!
//! Guests log every index and rep that they see, and destructors the rep, so that two runs which
//! write the same log have had the same tables.
//!
//! [`Lineage::text`] writes the composition; the code of every operation is generated, straight, with
//! the shapes of its arguments fixed. Types that need a name (records, variants) are left out: they
//! are tuples and results to the canonical ABI. So are maps, which cannot hold handles.

use std::fmt::Write;

use self::guest::{HOST, Writer};
pub use self::types::Ty;

mod code;
mod guest;
mod types;

/// A composition and what its host does with it.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// Whether guests know a resource of the host, number 0.
    pub host: bool,
    /// Whether the host knows the guests' resources.
    pub exported: bool,
    /// The guests: the first is number 1.
    pub guests: Vec<Guest>,
    /// Sequences of what the host does, each from the beginning.
    pub sequences: Vec<Vec<Act>>,
}

/// A guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The functions that later guests call.
    pub funcs: Vec<Func>,
    /// What the host can have it do.
    pub runs: Vec<Vec<Op>>,
}

/// An exported function.
#[derive(Clone, Debug)]
pub struct Func {
    /// Its parameters.
    pub params: Vec<Ty>,
    /// Its result; a borrow in it becomes an own.
    pub result: Option<Ty>,
    /// What it does.
    pub body: Vec<Op>,
    /// Whether it keeps a borrow, if it has been given any.
    pub keeps: bool,
    /// The shape of what it returns.
    pub seed: u32,
}

/// What a guest does. Numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Op {
    /// Makes a handle of its own resource.
    New,
    /// Makes one whose destructor drops a handle of another.
    Wrap(u32),
    /// Drops a handle.
    Drop { of: u32, nth: u32 },
    /// Logs the rep of a handle of its own resource.
    Rep(u32),
    /// Calls a function of an earlier guest, or of the host.
    Call { guest: u32, func: u32, seed: u32 },
    /// Drops an index that is made up.
    DropIndex { of: u32, index: u32 },
}

/// What the host does. Numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Act {
    /// Has a guest run.
    Run { guest: u32, run: u32 },
    /// Gets a handle from a guest.
    Get { guest: u32, of: u32 },
    /// Lends a handle to a guest.
    Lend { guest: u32, nth: u32 },
    /// Gives a handle to a guest.
    Give { guest: u32, nth: u32 },
    /// Drops a handle.
    Drop(u32),
}

/// An act as a call of the composition.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "said above each variant")]
pub enum Call {
    /// Of a function without handles.
    Run(String),
    /// Of a function that returns a handle of a resource.
    Get(String, usize),
    /// Of one that is lent, or given, one of the handles that the host has.
    Pass { name: String, of: usize, nth: usize, gives: bool },
    /// Drops one of the handles that the host has.
    Drop { of: usize, nth: usize },
}

impl Lineage {
    /// The act as a call; none if the host knows no resources.
    pub fn call(&self, act: Act) -> Option<Call> {
        let guest = |number: u32| 1 + number as usize % self.guests.len();
        Some(match act {
            Act::Run { guest: number, run } => {
                let guest = guest(number);
                let runs = self.guests[guest - 1].runs.len();
                Call::Run(format!("run-g{guest}-n{}", run as usize % runs))
            }
            _ if !self.exported => return None,
            Act::Get { guest: number, of } => {
                let guest = guest(number);
                let of = 1 + of as usize % guest;
                Call::Get(format!("get-g{guest}-r{of}"), of)
            }
            Act::Lend { guest: number, nth } | Act::Give { guest: number, nth } => {
                let guest = guest(number);
                let of = 1 + (nth >> 4) as usize % guest;
                let gives = matches!(act, Act::Give { .. });
                let name = format!("{}-g{guest}-r{of}", if gives { "give" } else { "lend" });
                Call::Pass { name, of, nth: nth as usize & 15, gives }
            }
            Act::Drop(nth) => Call::Drop { of: guest(nth >> 4), nth: nth as usize & 15 },
        })
    }

    /// The composition, as text.
    pub fn text(&self) -> String {
        let mut out =
            String::from("(component $root\n  (import \"log\" (func $log (param \"x\" u32)))\n");
        if self.host {
            out += &format!("  (import \"host\" (instance $host {HOST}))\n");
            out += "  (alias export $host \"r0\" (type $r0))\n";
        }
        for number in 1..=self.guests.len() {
            out += &Writer::new(self, number).component();
            let _ = write!(
                out,
                "  (instance $g{number} (instantiate $guest{number} (with \"log\" (func $log))"
            );
            if self.host {
                out += " (with \"host\" (instance $host))";
            }
            for earlier in 1..number {
                let _ = write!(out, " (with \"g{earlier}\" (instance $g{earlier}))");
            }
            out += "))\n";
        }
        out += "  (instance $api\n";
        for (number, guest) in (1..).zip(&self.guests) {
            let mut names: Vec<_> =
                (0..guest.runs.len()).map(|n| format!("run-g{number}-n{n}")).collect();
            if self.exported {
                let _ = writeln!(out, "    (export \"r{number}\" (type $g{number} \"r{number}\"))");
                for of in 1..=number {
                    names.extend(
                        ["get", "lend", "give"].map(|what| format!("{what}-g{number}-r{of}")),
                    );
                }
            }
            for name in names {
                let _ = writeln!(out, "    (export \"{name}\" (func $g{number} \"{name}\"))");
            }
        }
        out + ")\n  (export \"api\" (instance $api)))\n"
    }
}
