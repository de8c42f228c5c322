//! What a core import or export of the fused module stands for.
//!
//! It is what [`describe`](super::describe) writes into a custom section, and what the report lists.

use serde::Serialize;

/// What a core import or export of the fused module stands for. Its parameters and results are
/// those of the canonical ABI, under the options given here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BoundaryItem {
    /// Import or export.
    pub direction: Direction,
    /// Module name of the core import; empty for an export.
    pub core_module: String,
    /// Name of the core import or export.
    pub core_name: String,
    /// The WIT interface, or none for a function of the world itself.
    pub interface: Option<String>,
    /// The function, or the built-in (`[resource-drop]error`).
    pub function: String,
    /// Export name of the memory that its pointers refer to.
    pub memory: Option<String>,
    /// Export name of the allocation function.
    pub realloc: Option<String>,
    /// Encoding of its strings: `utf8`, `utf16` or `latin1+utf16`.
    pub encoding: String,
    /// Export name of the function to call when the caller is done with the results.
    pub post_return: Option<String>,
}

/// Which side of the boundary an item is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// An import of the result.
    Imported,
    /// An export of the result.
    Exported,
}
