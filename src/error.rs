//! Errors: what was refused, where, and what to do next.
//!
//! An [`Error`] always has a [`Code`], which is stable and has a page (`wasm-fuser explain CODE`,
//! also in `docs/errors.md`), and a message that names both parties, what was expected and what
//! was found, with names in backticks. The [`Place`] is filled in by whoever knows a part of it:
//! the validator the byte offset, `decode` and `link` the input, `plan` the instance path.
//!
//! Printed, an error is all of that, a line each:
//!
//! ```text
//! error[async-not-fused]: the built-in `task.return` is not fused
//!   instance: `app/store`
//!   offset:   0x3e
//!   help: let such instances be components of their own: `--tasks apart`
//! ```

use std::fmt;

use wasm_fuser_merge as merge;

pub use self::codes::Code;

mod codes;

/// A result whose error is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an input was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: Code,
    message: String,
    place: Place,
    help: Option<String>,
}

/// Where in the input an error is, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The input's name, where the error is one of a single input.
    pub input: Option<String>,
    /// The path of the instance from the root, names between slashes; `(root)` for the root.
    pub instance_path: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// Offset in the bytes of the input; where several inputs were linked and none is named, in
    /// those of the component that they were linked to.
    pub offset: Option<u64>,
}

impl Error {
    /// An error without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            code,
            message: message.into(),
            place: Place::default(),
            help: None,
        }))
    }

    /// A state that the program's own invariants exclude: reported rather than a panic, so that
    /// the message carries the place.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(Code::Internal, message)
            .with_help("this is a bug in the fuser: please report it with the input")
    }

    /// Says what to do next.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Names the input, unless it has been named already.
    #[must_use]
    pub fn in_input(mut self, input: &str) -> Self {
        self.0.place.input.get_or_insert_with(|| input.into());
        self
    }

    /// Names the instance, unless it has been named already.
    #[must_use]
    pub fn in_instance(mut self, path: impl Into<String>) -> Self {
        self.0.place.instance_path.get_or_insert_with(|| path.into());
        self
    }

    /// Names the function, unless it has been named already.
    #[must_use]
    pub fn in_function(mut self, function: impl Into<String>) -> Self {
        self.0.place.function.get_or_insert_with(|| function.into());
        self
    }

    /// Gives the byte offset, unless it has been given already.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.0.place.offset.get_or_insert(offset);
        self
    }

    /// Gives the whole place.
    #[must_use]
    pub fn in_place(mut self, place: Place) -> Self {
        self.0.place = place;
        self
    }

    /// The kind of error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is wrong: one or two clauses, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What to do next, in the imperative.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code(), self.message())?;
        let Place { input, instance_path, function, offset } = self.place();
        if let Some(input) = input {
            write!(f, "\n  input:    `{input}`")?;
        }
        if let Some(path) = instance_path {
            write!(f, "\n  instance: `{path}`")?;
        }
        if let Some(function) = function {
            write!(f, "\n  function: `{function}`")?;
        }
        if let Some(offset) = offset {
            write!(f, "\n  offset:   {offset:#x}")?;
        }
        if let Some(help) = self.help() {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// What the linker of core instances refuses, in words of the fuser: it knows neither codes nor options.
impl From<merge::Error> for Error {
    fn from(refused: merge::Error) -> Self {
        let message = refused.message();
        let error = match refused.kind() {
            merge::ErrorKind::NotOneMemory => Error::new(Code::NotOneMemory, message).with_help(
                "let modules have several memories, or be several: `--memory multi` or `split`",
            ),
            merge::ErrorKind::RegionsTooLarge => Error::new(Code::NotOneMemory, message)
                .with_help("give each a smaller capacity: `--capacity`"),
            merge::ErrorKind::TableInit => {
                Error::new(Code::NotFused, message).with_help("fill the table in a start function")
            }
            merge::ErrorKind::TooManyLocals => {
                Error::new(Code::LimitExceeded, message).with_help("use `--memory multi`")
            }
            merge::ErrorKind::Internal => Error::internal(message),
        };
        let error = match refused.instance() {
            Some(label) => error.in_instance(label),
            None => error,
        };
        match refused.offset() {
            Some(offset) => error.at(offset),
            None => error,
        }
    }
}
