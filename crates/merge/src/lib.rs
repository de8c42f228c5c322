//! Links core instances into one core module, or as few as there can be.
//!
//! The input is a list of core instances in instantiation order: each is a module, with the item
//! that every import of it is bound to. The output is one module. When it is instantiated, it does
//! what instantiating the list would have done, in the same order:
//!
//! ```text
//! link                                        merged module
//!   instance 0 = (module A)                     (import "host" "log" (func 0))
//!   instance 1 = (module B                      (func 1 ..)   A's, calls 1
//!       imports A's "f", the host's "log")      (func 2 ..)   B's, calls 1 and 0
//! export "run" = B's "run"                      (export "run" (func 2))
//! ```
//!
//! Where one module cannot be, the instances are divided into *blocks*, and each becomes a module
//! (see `decide::partition`). Blocks import from earlier ones what they need, under generated
//! names.
//!
//! # Rooms
//!
//! [`merge()`] is the table of contents. Each folder knows only those before it, and within a
//! folder the modules know one another in one direction; a test holds both.
//!
//! | room | has |
//! |---|---|
//! | `code` | instructions, whatever module they are in |
//! | `read` | modules as lists, in their own indices |
//! | `program` | all instances together, in ids that mean the same to everybody |
//! | `decide` | what is kept, where it is, what has to be added |
//! | `write` | indices, and bytes |
//!
//! A stage takes what the stages before it returned, and returns something new.
//!
//! # Rejected
//!
//! Concatenating the modules and patching calls to imports afterwards: two index spaces would be
//! alive at a time, and which of them a number belongs to would depend on when one asks. A full
//! in-memory form of function bodies: they are copied, and only the immediates that name indices
//! change.
//!
//! # Limits
//!
//! It knows core wasm only. Custom sections other than `name` and branch hints are dropped; DWARF
//! is among them, but [`CodeMap`] says where code went. Input modules must be valid, and bindings
//! must have the types that imports ask for: the component validator proves both, and what would
//! contradict it here is an internal error. Externals are imported without the exactness of the
//! custom descriptors proposal. Nothing bounds the size of the output: it is about that of all
//! instances' modules together.

pub use self::code::Opcodes;
pub use self::error::{Error, ErrorKind, Result};
pub use self::interface::Interface;
pub use self::link::{
    Base, EntityKind, Export, External, ExternalId, ExternalType, Inlining, Instance, InstanceId,
    Item, Link, ModuleId,
};
pub use self::map::{CodeMap, Copied, Indices, Kink, Placed};
pub use self::merged::{Block, BlockCode, BlockId, Counts, Import, MemoryInfo, Merged, Provider};
pub use self::names::UniqueNames;
pub use self::options::{MemoryPlan, Names, Options, Start, Tables};
pub use self::read::Notes;

use self::decide::{Decisions, indirection, inline, region, start, table};

mod code;
mod decide;
mod error;
pub mod hash;
mod ids;
mod interface;
mod link;
mod map;
mod merged;
mod names;
mod options;
pub mod order;
mod program;
mod read;
mod write;

/// Merges core instances into one module, or as few as `options` and the link allow, with the
/// exports that are asked for.
///
/// # Errors
///
/// [`ErrorKind`] has them all. Nothing panics.
pub fn merge(link: &Link<'_>, exports: &[Export], options: &Options) -> Result<Merged> {
    // Sections become lists; of each function body, what it refers to and where.
    let modules = read::modules(link)?;
    // Each index of each instance names the definition it is bound to.
    let program = program::resolve(link, exports, modules)?;
    // Types that are the same type have the same id, whichever module wrote them.
    let types = program::intern(link, &program)?;

    // Functions that only call another one stand for what they call.
    let shortcuts = indirection::find(&program, &types)?;
    // Each instance is in a block; in one, all of them, if nothing is in the way.
    let partition = decide::partition(&program, &shortcuts, options.memory)?;
    let program = decide::bypass(program, &partition, &shortcuts)?;
    // So does one for all that are written alike.
    let program = decide::fold(link, program, &types, &partition)?;
    // Immutable globals whose values are known.
    let constants = program::constant::evaluate(&program)?;
    // What can still be observed is kept.
    let live = decide::reach(&program, &constants)?;
    // Memories become parts of one memory, if that is asked for.
    let regions = region::plan(link, options, &program, &partition, &live)?;
    // What is left to do once active segments have been applied, in order.
    let starts = start::plan(&program, &constants, &live, &partition, &regions)?;
    // Tables become parts of one table, if that is asked for.
    let parts = table::plan(options, &program, &constants, &partition, &live, &starts)?;
    // Functions by which blocks reach memories of others, and start functions.
    let helpers = decide::helpers(link, options, &program, &partition, &live, &starts)?;
    // Which calls of small functions are replaced by what they call.
    let inlined = inline::plan(link, (&program, &types), &constants, &live, &partition, &helpers)?;
    let decisions = Decisions {
        link,
        program: &program,
        constants: &constants,
        live: &live,
        partition: &partition,
        regions: &regions,
        parts: &parts,
        starts: &starts,
        helpers: &helpers,
        inlined: &inlined,
    };
    // What each block defines, and what it needs of others.
    let contents = decide::contents(&decisions, options)?;

    // Every index of every block, and the bytes.
    write::blocks(&decisions, &types, &contents, options)
}

#[cfg(test)]
mod tests;
