//! How to merge.

/// How to merge.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether there is a `name` section.
    pub names: Names,
    /// How start functions run.
    pub start: Start,
    /// How many memories a module may have.
    pub memory: MemoryPlan,
    /// How many bytes a region of a [single](MemoryPlan::Single) memory can have, if its memory
    /// does not say otherwise; or half as much again as it has at first, if that is more.
    pub capacity: u32,
    /// How many tables the module may have.
    pub tables: Tables,
    /// Whether generated code may use vector instructions.
    pub simd: bool,
}

/// What becomes of the `name` section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Merged, each name prefixed with the path of its instance.
    Keep,
    /// Removed.
    Drop,
}

/// How many memories a core module of the result may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryPlan {
    /// As many as there are guests: all code is one module.
    Multi,
    /// One: a module for each memory. For engines without multi-memory.
    Split,
    /// One, in which each guest has a region: all code is one module. For engines that have neither
    /// multi-memory nor several modules.
    Single,
}

/// How many tables a core module of the result may have, if no instance takes more by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// As many as there are.
    Multi,
    /// One, in which each instance has a part, unless something but calls is done with a table. For engines of the
    /// first version of WebAssembly.
    Single,
}

/// When the start functions run, and the segments that come after one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// On instantiation.
    Section,
    /// When the embedder calls the export of this name. Each block with anything to do has it, to
    /// be called before the next block whose code is not there is instantiated, or at the end.
    Export(String),
}
