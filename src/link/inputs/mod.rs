//! What is known of the inputs: what each shows of itself, and what the validator says of it.
//!
//! | file | what it answers |
//! |---|---|
//! | `surface` | which imports and exports an input has, and the types they need |
//! | `check` | whether a component is valid, and where it is not |
//! | `types` | what a type is made of, and whether it has to be provided at all |
//! | `version` | which names stand for one another |
//! | `lookup` | which import or export a user means |
//! | `indices` | what index a definition gets in another component |

pub mod check;
pub mod indices;
pub mod lookup;
pub mod surface;
pub mod types;
pub mod version;
