//! The functions that guests and the engine call: *canon_lower* around *canon_lift*, with a guest at
//! each end (`crossing`) or a guest and the host (`exchange`), guards at the boundary, built-ins on
//! handle tables, of tasks (`waiting`), of streams (`ends`, `copies`) and of error contexts (`errors`), and what a
//! core module has beside the canonical ABI (`hosted`).

mod boundary;
mod builtins;
mod call;
mod copies;
mod crossing;
mod ends;
mod errors;
mod exchange;
mod hosted;
mod outer;
mod start;
mod waiting;
