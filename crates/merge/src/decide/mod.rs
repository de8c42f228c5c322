//! Deciding: what is kept, where it is, and what has to be done that nobody has written.
//!
//! | decision | made in |
//! |---|---|
//! | which functions stand for others | [`indirection`] |
//! | which instances become one module: a block | [`partition`](mod@partition) |
//! | which functions stand for others that are the same | [`fold`](mod@fold) |
//! | what is kept | [`reach`](mod@reach) |
//! | which memories become regions of one | [`region`] |
//! | which segments stay active, and in which order the rest is done | [`start`] |
//! | which tables become parts of one | [`table`] |
//! | which functions have to be added: helpers | [`far`], [`helper`] |
//! | which calls are replaced by what they call | [`inline`] |
//! | what each block defines, imports and exports | [`contents`](mod@contents) |
//!
//! Nothing is numbered or written here.

pub use self::contents::{Contents, contents};
pub use self::decisions::Decisions;
pub use self::far::{Replacement, helpers};
pub use self::fold::fold;
pub use self::partition::{bypass, partition};
pub use self::reach::{Live, reach};
pub use self::region::{Growth, Region};
pub use self::start::Applied;
pub use self::table::Part;

mod callees;
pub mod contents;
mod decisions;
mod far;
mod fold;
pub mod helper;
pub mod indirection;
pub mod inline;
mod partition;
mod reach;
pub mod region;
mod scan;
pub mod start;
pub mod table;
