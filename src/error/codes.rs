//! The error codes, each with its page.
//!
//! The page of a code has fixed headings and is what `wasm-fuser explain CODE` prints;
//! `docs/errors.md` holds them all (a test keeps it so).

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal: $page:expr;)+) => {
        /// A stable identifier of a kind of error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// The identifier, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// Its page: what it means, an example, what to do.
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => $page),+ }
            }
        }
    };
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Code {
    /// The code with that identifier.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

codes! {
    /// The bytes are no WebAssembly, or the text does not parse.
    InvalidInput = "invalid-input": include_str!("pages/invalid-input.md");
    /// The input is a core module.
    NotAComponent = "not-a-component": include_str!("pages/not-a-component.md");
    /// The validator refused the input.
    InvalidComponent = "invalid-component": include_str!("pages/invalid-component.md");
    /// Two inputs have one name.
    DuplicateInput = "duplicate-input": include_str!("pages/duplicate-input.md");
    /// Two inputs export what a third imports.
    AmbiguousProvider = "ambiguous-provider": include_str!("pages/ambiguous-provider.md");
    /// Inputs import from one another in a circle.
    CyclicWiring = "cyclic-wiring": include_str!("pages/cyclic-wiring.md");
    /// A wire names an input, import or export that is not there.
    UnknownWire = "unknown-wire": include_str!("pages/unknown-wire.md");
    /// An export does not have the type that the import asks for.
    TypeMismatch = "type-mismatch": include_str!("pages/type-mismatch.md");
    /// A core module has no place in a component.
    DoesNotFit = "does-not-fit": include_str!("pages/does-not-fit.md");
    /// The result would import something, and may not.
    LeftOpen = "left-open": include_str!("pages/left-open.md");
    /// Two imports that stay open have names that are one, or one name and different meanings.
    NameConflict = "name-conflict": include_str!("pages/name-conflict.md");
    /// The input uses the asynchronous part of the component model.
    AsyncNotFused = "async-not-fused": include_str!("pages/async-not-fused.md");
    /// The input uses something else that cannot be fused.
    NotFused = "not-fused": include_str!("pages/not-fused.md");
    /// One core module was asked for, and there are several.
    SeveralModules = "several-modules": include_str!("pages/several-modules.md");
    /// One memory was asked for, and a memory cannot be a region of it.
    NotOneMemory = "not-one-memory": include_str!("pages/not-one-memory.md");
    /// The world of a core module cannot be written in WIT.
    NotInWit = "not-in-wit": include_str!("pages/not-in-wit.md");
    /// The code needs more of WebAssembly than it may.
    NeedsFeatures = "needs-features": include_str!("pages/needs-features.md");
    /// What only a core module has is impossible: a core import, or the start of a command.
    CoreImport = "core-import": include_str!("pages/core-import.md");
    /// The input goes over one of the limits.
    LimitExceeded = "limit-exceeded": include_str!("pages/limit-exceeded.md");
    /// A WAC file is wrong, or names a package that is not there.
    InvalidWac = "invalid-wac": include_str!("pages/invalid-wac.md");
    /// The tools that read WAC files stopped.
    WacStopped = "wac-stopped": include_str!("pages/wac-stopped.md");
    /// A file cannot be read or written.
    Io = "io": include_str!("pages/io.md");
    /// The host stopped the fuser: out of memory, or out of time.
    HostLimit = "host-limit": include_str!("pages/host-limit.md");
    /// The fuser is wrong.
    Internal = "internal": include_str!("pages/internal.md");
}
