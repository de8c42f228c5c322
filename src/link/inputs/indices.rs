//! Types with other indices: to collect what a type refers to, and to write it elsewhere.
//!
//! A type refers to its surroundings by index. An instance type is a scope of its own, and from
//! inside it the scopes around it are reached by `alias outer`:
//!
//! ```wat
//! (type $point (record (field "x" u32)))        ;; scope 0: the root
//! (type (instance                               ;; scope 1
//!   (alias outer 1 $point (type $p))            ;; names scope 0, though written in scope 1
//!   (export "draw" (func (param "at" $p)))))
//! ```
//!
//! [`Indices`] finds the scope of each index, and asks a closure for the index to write. A closure
//! that notes what it is asked collects references; one that looks up a table renumbers. So there
//! is one traversal of types for all, `wasm-encoder`'s: the closure is called by reference, for a traversal of
//! its own for each would be as much code as all else in this stage.
//!
//! Depth of recursion: the parser refuses types that nest deeper than 100.

use std::fmt;

use wasm_encoder::reencode::{Error as ReencodeError, Reencode, ReencodeComponent};

use crate::error::{Error, Result};

/// An index space that types refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    /// Types of the component model.
    Type,
    /// Core types: function types, module types.
    CoreType,
    /// Component instances.
    Instance,
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Space::Type => "type",
            Space::CoreType => "core type",
            Space::Instance => "instance",
        })
    }
}

/// Rewrites indices: `map(space, scope, index)` gives the new index, if there is one.
pub struct Indices<'m> {
    scope: u32,
    unknown: Option<(Space, u32)>,
    map: Map<'m>,
}

/// The new index, if there is one.
type Map<'m> = &'m mut dyn FnMut(Space, u32, u32) -> Option<u32>;

impl<'m> Indices<'m> {
    /// For something that is written in scope 0.
    pub fn new(map: Map<'m>) -> Self {
        Indices { scope: 0, unknown: None, map }
    }

    /// For a declaration of an instance type that is written in scope 0.
    pub fn in_instance_type(map: Map<'m>) -> Self {
        Indices { scope: 1, unknown: None, map }
    }

    /// Runs the traversal; fails if the closure did not know an index.
    pub fn run<T>(
        mut self,
        traverse: impl FnOnce(&mut Self) -> Result<T, ReencodeError>,
    ) -> Result<T> {
        let result = traverse(&mut self);
        if let Some((space, index)) = self.unknown {
            return Err(Error::internal(format!("a type refers to {space} {index}, not copied")));
        }
        result.map_err(|e| Error::internal(format!("a type cannot be copied: {e}")))
    }

    fn resolve(&mut self, space: Space, outward: u32, index: u32) -> u32 {
        let new = self.scope.checked_sub(outward).and_then(|s| (self.map)(space, s, index));
        if new.is_none() {
            self.unknown.get_or_insert((space, index));
        }
        new.unwrap_or(0)
    }
}

impl Reencode for Indices<'_> {
    type Error = std::convert::Infallible;

    fn type_index(&mut self, index: u32) -> Result<u32, ReencodeError> {
        Ok(self.resolve(Space::CoreType, 0, index))
    }
}

impl ReencodeComponent for Indices<'_> {
    fn component_type_index(&mut self, index: u32) -> u32 {
        self.resolve(Space::Type, 0, index)
    }

    fn component_instance_index(&mut self, index: u32) -> u32 {
        self.resolve(Space::Instance, 0, index)
    }

    fn outer_type_index(&mut self, count: u32, index: u32) -> Result<u32, ReencodeError> {
        Ok(self.resolve(Space::CoreType, count, index))
    }

    fn outer_component_type_index(&mut self, count: u32, index: u32) -> u32 {
        self.resolve(Space::Type, count, index)
    }

    fn push_depth(&mut self) {
        self.scope += 1;
    }

    fn pop_depth(&mut self) {
        self.scope -= 1;
    }
}
