//! What the fuser and the command line share: they are two components, and `wit/world.wit` is between them.
//!
//! The WIT records and the library's own are the same, field by field. Each component has generated types of its
//! own for the former, so what converts them is a macro here, [`fuse_types`], and each has it written out.

mod convert;
mod flags;

pub use self::convert::Convert;
pub use self::flags::{flag, flags};
