//! `wasm-fuser`, the native command.
//!
//! The fuser is a component; this program loads it into wasmtime and does for it what a component
//! cannot: it reads and writes files, keeps it within memory and time, and shows progress. Flags,
//! messages and exit codes are the component's ([`guest::cli`]), so that they are those of every
//! other host.

use std::env;
use std::process::ExitCode;

use wasm_fuser_os::Stopwatch;

mod engine;
mod files;
mod guest;
mod progress;
#[path = "../../src/text.rs"]
#[allow(dead_code, reason = "the library prints more than this program")]
mod text;

use self::guest::{Guest, cli, fuse};
use self::progress::Progress;

fn main() -> ExitCode {
    match arguments() {
        // Answered without the engine, because build tools ask for it all the time.
        Ok(arguments) if arguments == ["--version"] => {
            println!("wasm-fuser {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(arguments) => start(&arguments),
        Err(argument) => {
            eprintln!("error: the argument {argument} is not valid UTF-8");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Vec<String>, String> {
    let arguments = env::args_os().skip(1);
    arguments.map(|it| it.into_string().map_err(|it| format!("{it:?}"))).collect()
}

fn start(arguments: &[String]) -> ExitCode {
    let mut time = Stopwatch::start();
    let guest = match Guest::start() {
        Ok(guest) => guest,
        Err(error) => {
            eprintln!("error[{}]: {}", error.code, error.message);
            return ExitCode::FAILURE;
        }
    };
    time.lap("start");
    match run(&guest, arguments, time) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Usage(failure)) => {
            eprint!("{}", failure.message);
            ExitCode::from(failure.exit_code)
        }
        Err(Stop::Refused(error)) => {
            let plain = || format!("error[{}]: {}\n", error.code, error.message);
            eprint!("{}", guest.present_error(&error).unwrap_or_else(|_| plain()));
            ExitCode::FAILURE
        }
    }
}

/// Why a command ended early.
enum Stop {
    Usage(cli::Failure),
    Refused(Box<fuse::Error>),
}

impl From<Box<fuse::Error>> for Stop {
    fn from(error: Box<fuse::Error>) -> Self {
        Stop::Refused(error)
    }
}

/// Parse, read, call, write. What cannot be written beside the result does not keep the result from being
/// written; it is an error all the same.
fn run(guest: &Guest, arguments: &[String], mut time: Stopwatch) -> Result<(), Stop> {
    match guest.parse(arguments)?.map_err(Stop::Usage)? {
        cli::Command::Say(text) => files::write(&cli::Sink::Stdout, text.as_bytes())?,
        cli::Command::Inspect(command) => {
            let input = files::read(&command.input)?;
            let progress = Progress::start("inspecting");
            let graph = guest.inspect(&input, command.budget)?;
            drop(progress);
            let text = guest.present_graph(&command, &graph)?;
            files::write(&cli::Sink::Stdout, text.as_bytes())?;
        }
        cli::Command::Print(command) => {
            let input = files::read(&command.input)?;
            let progress = Progress::start("printing");
            let text = guest.print(&input.bytes, command.budget)?;
            drop(progress);
            files::write(&cli::Sink::Stdout, text.as_bytes())?;
        }
        cli::Command::Link(command) => {
            let inputs = command.inputs.iter().map(files::read).collect::<Result<Vec<_>, _>>()?;
            let progress = Progress::start("linking");
            let mut composition = guest.link(&inputs, &command.options, command.budget)?;
            drop(progress);
            let result = std::mem::take(&mut composition.bytes);
            let text = guest.present_linked(&command, &composition)?;
            files::write(&command.output, &result)?;
            eprint!("{text}");
        }
        cli::Command::Fuse(command) => {
            time.lap("parse");
            let inputs = command.inputs.iter().map(files::read).collect::<Result<Vec<_>, _>>()?;
            time.lap("read");
            let progress = Progress::start("fusing");
            let mut artifact = guest.fuse(&inputs, &command.options, command.budget)?;
            drop(progress);
            time.lap("fuse");
            let result = std::mem::take(&mut artifact.bytes);
            let presentation = guest.present_fused(&command, &artifact)?;
            let beside: Vec<_> = presentation.files.iter().map(files::write_beside).collect();
            files::write(&command.output, &result)?;
            files::write(&cli::Sink::Stdout, presentation.stdout.as_bytes())?;
            time.lap("write");
            eprint!("{}", presentation.stderr);
            if command.time {
                eprintln!("{time}");
            }
            beside.into_iter().collect::<Result<(), _>>()?;
        }
    }
    Ok(())
}
