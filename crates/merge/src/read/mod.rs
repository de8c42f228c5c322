//! Reading: modules as lists of what is in them, still in their own indices.

pub use self::malformed::{failed, malformed, user};
pub use self::module::{Module, modules};
pub use self::notes::{Notes, Spot};
pub use self::uses::{Use, uses_of};

mod malformed;
mod module;
mod notes;
mod uses;
mod validated;
