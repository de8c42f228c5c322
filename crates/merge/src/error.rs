//! Why instances cannot be merged.
//!
//! What to do about it is not said here: that depends on who asked. An [`ErrorKind`] is what a
//! caller decides by.

use std::fmt;

/// A result whose error is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why instances cannot be merged, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    message: String,
    instance: Option<String>,
    offset: Option<u64>,
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A memory cannot be a region of another.
    NotOneMemory,
    /// The regions of all memories do not fit in one, with the capacities that they were given.
    RegionsTooLarge,
    /// The initial value of a table is a global of another instance that holds a new object.
    TableInit,
    /// A function needs more locals than engines accept, where its memory is a region.
    TooManyLocals,
    /// The code of a function grows, as it is rewritten, to more than engines accept.
    BodyTooLarge,
    /// Instructions on far memories become more functions than engines accept in a module.
    TooManyHelpers,
    /// A module is not valid, or is bound to what it does not ask for; or this crate has a bug.
    Internal,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner { kind, message: message.into(), instance: None, offset: None }))
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal, message)
    }

    /// Names the instance, unless it has been named already.
    pub(crate) fn in_instance(mut self, label: &str) -> Self {
        self.0.instance.get_or_insert_with(|| label.into());
        self
    }

    /// Gives the byte offset, unless it has been given already.
    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// What stands in the way.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The same in words, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The label of the instance that it is about.
    pub fn instance(&self) -> Option<&str> {
        self.0.instance.as_deref()
    }

    /// The offset in the bytes of that instance's module.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        if let Some(instance) = self.instance() {
            write!(f, "\n  instance: `{instance}`")?;
        }
        if let Some(offset) = self.offset() {
            write!(f, "\n  offset:   {offset:#x}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
