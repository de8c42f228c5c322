//! An optimiser between merging and wrapping: `-O`, and `splice` for those who do it by hand.
//!
//! The component takes the core modules out and puts them back in. What runs `wasm-opt` is this
//! program, for a component cannot.

use wasm_fuser_os as os;

use crate::files;
use crate::guest::{Guest, Result, cli, fuse, own_error, text};

/// What was fused, with its core modules optimised.
pub fn result(guest: &Guest, command: &cli::FuseCommand, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let keep_names = command.options.names == fuse::Names::Keep;
    let mut optimised = Vec::new();
    for module in guest.modules(&bytes, command.budget)? {
        optimised.push(os::optimise(&module, keep_names).map_err(|error| {
            let message = format!("`{}` cannot optimise the result: {error}", os::OPTIMISER);
            own_error(
                "io",
                message,
                [text(
                    "install a recent Binaryen, or fuse without `-O` and have the optimiser work on \
                     what `wasm-fuser splice` takes out",
                )],
            )
        })?);
    }
    match command.options.emit {
        fuse::Emit::Module | fuse::Emit::RawModule => Ok(optimised.pop().unwrap_or(bytes)),
        _ => guest.splice(&bytes, &optimised, command.budget),
    }
}

/// Puts core modules into a component, or takes them out.
pub fn splice(guest: &Guest, command: &cli::SpliceCommand) -> Result<()> {
    let component = files::read(&command.component)?.bytes;
    if let (cli::Sink::File(folder), []) = (&command.output, &command.modules[..]) {
        let modules = guest.modules(&component, command.budget)?;
        for (number, module) in modules.iter().enumerate() {
            files::write(&cli::Sink::File(format!("{folder}/{number}.wasm")), module)?;
        }
        return Ok(());
    }
    let mut modules = Vec::new();
    for module in &command.modules {
        modules.push(files::read(module)?.bytes);
    }
    files::write(&command.output, &guest.splice(&component, &modules, command.budget)?)
}
