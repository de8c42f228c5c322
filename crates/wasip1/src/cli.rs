//! `wasi:cli`: arguments, the environment, standard streams, terminals, the end.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Provider;
use crate::raw::{self, Strings};
use crate::streams::{Descriptor, Input, Output};
use crate::wasi::cli;
use crate::wasi::cli::terminal_input::TerminalInput;
use crate::wasi::cli::terminal_output::TerminalOutput;
use crate::wasi::io::streams::{InputStream, OutputStream};

impl cli::environment::Guest for Provider {
    fn get_environment() -> Vec<(String, String)> {
        let variables = Strings::new(raw::environ_sizes_get, raw::environ_get);
        let mut pairs = Vec::with_capacity(variables.len());
        for index in 0..variables.len() {
            let variable = variables.get(index);
            let end = raw::find(variable, b'=');
            let value = variable.get(end + 1..).unwrap_or_default();
            pairs.push((raw::text(variable[..end].into()), raw::text(value.into())));
        }
        pairs
    }

    fn get_arguments() -> Vec<String> {
        let arguments = Strings::new(raw::args_sizes_get, raw::args_get);
        let mut texts = Vec::with_capacity(arguments.len());
        for index in 0..arguments.len() {
            texts.push(raw::text(arguments.get(index).into()));
        }
        texts
    }

    fn initial_cwd() -> Option<String> {
        None
    }
}

impl cli::exit::Guest for Provider {
    fn exit(status: Result<(), ()>) {
        raw::proc_exit(u32::from(status.is_err()));
    }

    fn exit_with_code(code: u8) {
        raw::proc_exit(code.into());
    }
}

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

fn standard(fd: u32) -> Rc<Descriptor> {
    Rc::new(Descriptor { fd, is_lasting: true })
}

impl cli::stdin::Guest for Provider {
    fn get_stdin() -> InputStream {
        Input::of_descriptor(standard(STDIN))
    }
}

impl cli::stdout::Guest for Provider {
    fn get_stdout() -> OutputStream {
        Output::of_descriptor(standard(STDOUT))
    }
}

impl cli::stderr::Guest for Provider {
    fn get_stderr() -> OutputStream {
        Output::of_descriptor(standard(STDERR))
    }
}

/// A terminal, of which nothing is known.
pub struct Terminal;

/// Whether a descriptor is a terminal: as libraries for preview 1 tell, a device of characters that can
/// neither seek nor tell.
fn is_terminal(fd: u32) -> bool {
    const CHARACTER_DEVICE: u8 = 2;
    const SEEK_AND_TELL: u64 = 1 << 2 | 1 << 5;
    raw::fdstat(fd)
        .is_ok_and(|stat| stat.filetype == CHARACTER_DEVICE && stat.rights & SEEK_AND_TELL == 0)
}

impl cli::terminal_input::GuestTerminalInput for Terminal {}
impl cli::terminal_input::Guest for Provider {
    type TerminalInput = Terminal;
}

impl cli::terminal_output::GuestTerminalOutput for Terminal {}
impl cli::terminal_output::Guest for Provider {
    type TerminalOutput = Terminal;
}

impl cli::terminal_stdin::Guest for Provider {
    fn get_terminal_stdin() -> Option<TerminalInput> {
        is_terminal(STDIN).then(|| TerminalInput::new(Terminal))
    }
}

impl cli::terminal_stdout::Guest for Provider {
    fn get_terminal_stdout() -> Option<TerminalOutput> {
        is_terminal(STDOUT).then(|| TerminalOutput::new(Terminal))
    }
}

impl cli::terminal_stderr::Guest for Provider {
    fn get_terminal_stderr() -> Option<TerminalOutput> {
        is_terminal(STDERR).then(|| TerminalOutput::new(Terminal))
    }
}
