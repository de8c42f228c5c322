//! How much memories and tables grow: what leaves nothing behind has them as they were.

use wasmtime::ResourceLimiter;

/// How much they have grown since there were none: bytes of memories, elements of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Both together.
    pub grown: usize,
}

impl ResourceLimiter for Growth {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.grown += desired - current;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        most: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.memory_growing(current, desired, most)
    }
}
