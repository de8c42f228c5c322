//! Moving values from one end of a call to the other: one recursion over the type (`translate`), a
//! file for each constructor that is more than its parts, and what the specification asks of every
//! pointer (`memory`).

mod end;
mod engine;
mod handle;
mod list;
mod memory;
mod string;
mod translate;
mod variant;

pub use self::handle::resource_number;
pub use self::translate::{Place, Translator};
