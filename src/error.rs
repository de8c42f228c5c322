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
//!   help: let such instances be components of their own: `Options::tasks = Tasks::Apart`
//! ```
//!
//! Options in the last line are called as the library calls them. Hosts call them by other names, so
//! what to do next is a [`Remedy`], in which they are data.
//!
//! Names in a message come from inputs. They are [escaped](crate::text) as the message is made, whoever puts
//! them into it; the place and the settings of a remedy are data, and escaped where they are printed.

use std::fmt;

use wasm_fuser_merge as merge;

use crate::options::MemoryPlan;
use crate::text::escaped;

pub use self::codes::Code;
pub use self::remedy::{Limit, Part, Remedy, Setting, Spending};

mod codes;
mod remedy;

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
    remedy: Remedy,
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
    /// An error without a place yet. Its message is one line: what is no part of one is escaped.
    pub fn new(code: Code, message: impl AsRef<str>) -> Self {
        Error(Box::new(Inner {
            code,
            message: escaped(message.as_ref()).into_owned(),
            place: Place::default(),
            remedy: Remedy::default(),
        }))
    }

    /// A state that the program's own invariants exclude: reported rather than a panic, so that
    /// the message carries the place.
    pub fn internal(message: impl AsRef<str>) -> Self {
        Error::new(Code::Internal, message)
            .with_help("this is a bug in the fuser: please report it with the input")
    }

    /// More of something than engines accept. What helps is found out by trying
    /// ([`limits::advise`](crate::limits::advise)).
    pub(crate) fn of_engines(message: impl AsRef<str>) -> Self {
        Error::new(Code::LimitExceeded, message)
    }

    /// Goes on with more lines of the message: what it lists, or quotes of the input.
    #[must_use]
    pub fn with_lines(mut self, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for line in lines {
            self.0.message.push('\n');
            self.0.message += &escaped(line.as_ref());
        }
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn with_help(mut self, remedy: impl Into<Remedy>) -> Self {
        self.0.remedy = remedy.into();
        self
    }

    /// Adds another clause to the message.
    #[must_use]
    pub(crate) fn also(mut self, clause: &str) -> Self {
        self.0.message = format!("{}; {clause}", self.0.message);
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

    /// What is wrong: one or two clauses, without the place; escaped, to be printed as it is.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What to do next.
    pub fn remedy(&self) -> &Remedy {
        &self.0.remedy
    }

    /// All of it as text, with options as a host calls them.
    pub fn worded(&self, name: impl Fn(&Setting) -> String) -> impl fmt::Display {
        Worded { error: self, help: self.remedy().worded(name) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.worded(Setting::to_string).fmt(f)
    }
}

/// An error and what to do next, in some host's words.
struct Worded<'a> {
    error: &'a Error,
    help: Option<String>,
}

impl fmt::Display for Worded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Worded { error, help } = self;
        write!(f, "error[{}]: {}", error.code(), error.message())?;
        let Place { input, instance_path, function, offset } = error.place();
        if let Some(input) = input {
            write!(f, "\n  input:    `{}`", escaped(input))?;
        }
        if let Some(path) = instance_path {
            write!(f, "\n  instance: `{}`", escaped(path))?;
        }
        if let Some(function) = function {
            write!(f, "\n  function: `{}`", escaped(function))?;
        }
        if let Some(offset) = offset {
            write!(f, "\n  offset:   {offset:#x}")?;
        }
        if let Some(help) = help {
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
                Remedy::from("let modules have several memories, or be several: ").one_of([
                    Setting::Memory(MemoryPlan::Multi),
                    Setting::Memory(MemoryPlan::Split),
                ]),
            ),
            merge::ErrorKind::RegionsTooLarge => Error::new(Code::NotOneMemory, message)
                .with_help(Remedy::from("give each a smaller ").setting(Setting::Capacity)),
            merge::ErrorKind::TableInit => {
                Error::new(Code::NotFused, message).with_help("fill the table in a start function")
            }
            merge::ErrorKind::TooManyLocals
            | merge::ErrorKind::BodyTooLarge
            | merge::ErrorKind::TooManyHelpers => Error::of_engines(message),
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
