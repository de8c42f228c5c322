//! Sources and sinks of the command line, read and written; what fails has the path in its message.

use std::io;
use std::path::Path;

use wasm_fuser_os as os;

use crate::guest::{Result, cli, fuse, own_error, text};

/// Reads an input.
pub fn read(input: &cli::NamedSource) -> Result<fuse::Input> {
    let path = match &input.source {
        cli::Source::File(path) => Some(path.as_str()),
        cli::Source::Stdin => None,
    };
    match os::read(path) {
        Ok(bytes) => Ok(fuse::Input { name: input.name.clone(), bytes }),
        Err(error) => Err(match path.filter(|_| error.kind() == io::ErrorKind::NotFound) {
            Some(path) if !is_named_after(&input.name, path) => {
                let help = format!(
                    "`{0}={path}` gives the file `{path}` the name `{0}`; a file that is called so \
                     is `./{0}={path}`",
                    input.name
                );
                own_error("io", format!("cannot read `{path}`: {error}"), [text(&help)])
            }
            _ => io_error("read", path.unwrap_or("standard input"), &error),
        }),
    }
}

/// Whether an input has the name that its path gives it.
fn is_named_after(name: &str, path: &str) -> bool {
    Path::new(path).file_stem().is_some_and(|stem| stem == name)
}

/// Replaces a file, or writes to standard output.
pub fn write(sink: &cli::Sink, bytes: &[u8]) -> Result<()> {
    let path = match sink {
        cli::Sink::File(path) => Some(path.as_str()),
        cli::Sink::Stdout => None,
    };
    os::write(path, bytes)
        .map_err(|error| io_error("write", path.unwrap_or("standard output"), &error))
}

/// Writes a file that is not the result.
pub fn write_beside(file: &cli::Written) -> Result<()> {
    match &file.sink {
        cli::Sink::File(path) if file.replaces => {
            os::replace(path, &file.bytes).map_err(|error| io_error("write", path, &error))
        }
        sink => write(sink, &file.bytes),
    }
}

fn io_error(what: &str, path: &str, error: &io::Error) -> Box<fuse::Error> {
    let message = format!("cannot {what} `{path}`: {error}");
    own_error("io", message, [text("check the path and its permissions")])
}
