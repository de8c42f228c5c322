//! Where the result is to run: targets, and what a core module has of a host without components.

use std::fmt::Write as _;

use clap::Args;
use clap::builder::PossibleValuesParser;
use wasm_fuser::options::{Capacity, CoreImports, CoreName, Options, Start};
use wasm_fuser::targets::Target;
use wasm_fuser_interface::flags;

/// Where the result is to run.
#[derive(Args)]
#[command(next_help_heading = "Where the result is to run")]
pub(super) struct HostingArgs {
    /// An engine or a tool: the options that suit it. Each can be given beside it.
    ///
    /// `wasm-fuser targets` lists them all.
    #[arg(long, value_parser = names(), hide_possible_values = true)]
    pub(super) target: Option<String>,

    /// Import an interface's functions as core functions of a module: INTERFACE=MODULE.
    ///
    /// They take and return numbers, and have `_` for `-` in their names. Without a version, any
    /// version of the interface is meant. The result has to be a module.
    #[arg(long, value_name = "INTERFACE=MODULE", value_parser = core_imports)]
    core_imports: Vec<CoreImports>,

    /// Refuse a module that imports anything else.
    #[arg(long)]
    only_core_imports: bool,

    /// Run an exported function as a command, `_start`: INTERFACE#FUNCTION, or FUNCTION.
    #[arg(long, value_name = "EXPORT")]
    start: Option<String>,

    /// What the command calls with 1 if the function returns an error: MODULE#NAME.
    #[arg(long, value_name = "MODULE#NAME", value_parser = core_name, requires = "start")]
    exit: Option<CoreName>,
}

impl HostingArgs {
    /// The options of the target, with what is given here.
    pub(super) fn options(&self) -> Options {
        let target = self.target.as_deref().and_then(Target::named);
        let mut options = target.map(Target::options).unwrap_or_default();
        options.core_imports.extend(self.core_imports.iter().cloned());
        options.only_core_imports |= self.only_core_imports;
        if let Some(export) = self.start.clone() {
            let exit = self.exit.clone();
            options.start = Some(Start { export, exit, if_exported: false });
        }
        options
    }
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(Target::ALL.iter().map(|target| target.name))
}

/// The targets, a line each.
pub(super) fn targets() -> String {
    let mut text = String::new();
    for target in Target::ALL {
        let _ = writeln!(text, "{:<10} {}", target.name, target.about);
        let _ = writeln!(text, "{:<10}   {}", "", flags(&target.options()));
    }
    text
}

/// Bytes, or a name and bytes.
pub(super) fn capacity(text: &str) -> Result<(Option<String>, u32), String> {
    let (guest, bytes) = match text.rsplit_once('=') {
        Some(("", _)) => return Err("expected BYTES or NAME=BYTES".into()),
        Some((guest, bytes)) => (Some(guest.into()), bytes),
        None => (None, text),
    };
    let bytes = bytes.parse().map_err(|_| format!("`{bytes}` is no number of bytes below 2^32"))?;
    Ok((guest, bytes))
}

/// What is said of all guests, the last time.
pub(super) fn capacity_of_all(given: &[(Option<String>, u32)]) -> Option<u32> {
    given.iter().rev().find(|(guest, _)| guest.is_none()).map(|(_, bytes)| *bytes)
}

/// What is said of each: that of the target, but for what is given.
pub(super) fn capacities(target: Vec<Capacity>, given: &[(Option<String>, u32)]) -> Vec<Capacity> {
    let mut capacities = target;
    for (guest, bytes) in given {
        if let Some(guest) = guest.clone() {
            capacities.retain(|other| other.guest != guest);
            capacities.push(Capacity { guest, bytes: *bytes });
        }
    }
    capacities
}

fn core_imports(text: &str) -> Result<CoreImports, String> {
    match text.split_once('=') {
        Some((interface, module)) if !interface.is_empty() => {
            Ok(CoreImports { interface: interface.into(), module: module.into() })
        }
        _ => Err("expected an interface, `=`, and the name of a module".into()),
    }
}

fn core_name(text: &str) -> Result<CoreName, String> {
    match text.rsplit_once('#') {
        Some((module, name)) => Ok(CoreName { module: module.into(), name: name.into() }),
        None => Err("expected the name of a module, `#`, and that of a function".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Failure, FuseCommand, Terminal, parse};

    fn fuse(arguments: &str) -> Result<FuseCommand, Failure> {
        let arguments: Vec<String> =
            format!("fuse a -o out {arguments}").split_whitespace().map(str::to_owned).collect();
        parse(&arguments, Terminal::default()).map(|invocation| match invocation.command {
            Command::Fuse(command) => command,
            other => panic!("not a fuse command: {other:?}"),
        })
    }

    #[test]
    fn core_imports_and_the_start_are_read_as_they_are_named() {
        let line = "--core-imports a:b/c@1.0.0=env --core-imports x=y=z --start a:b/d#run \
                    --exit env#quit --only-core-imports";
        let options = fuse(line).expect("is understood").options;
        let named: Vec<_> =
            options.core_imports.iter().map(|it| (&*it.interface, &*it.module)).collect();
        assert_eq!(named, [("a:b/c@1.0.0", "env"), ("x", "y=z")]);
        let start = options.start.expect("was given");
        assert_eq!(start.export, "a:b/d#run");
        let exit = start.exit.expect("was given");
        assert_eq!((&*exit.module, &*exit.name), ("env", "quit"));
        assert!(options.only_core_imports);
    }

    #[test]
    fn what_names_no_module_is_wrong_usage() {
        for line in ["--core-imports a", "--core-imports =b", "--start a --exit b", "--exit a#b"] {
            assert_eq!(fuse(line).expect_err("is refused").exit_code, 2, "{line}");
        }
    }

    #[test]
    fn a_target_is_its_options_and_each_flag_is_on_top() {
        let plain = fuse("--target wasip1").expect("is understood");
        let expected = Target::named("wasip1").expect("is one").options();
        assert_eq!(format!("{:?}", plain.options), format!("{expected:?}"));
        assert_eq!(plain.target.as_deref(), Some("wasip1"));
        let options =
            fuse("--target wasip1 --memory multi --capacity wasip1=7 --capacity 9 --start f");
        let options = options.expect("is understood").options;
        assert_eq!(options.memory, wasm_fuser::options::MemoryPlan::Multi);
        assert_eq!(options.emit, expected.emit);
        assert_eq!(options.capacity, 9);
        assert_eq!(options.capacities, [Capacity { guest: "wasip1".into(), bytes: 7 }]);
        assert_eq!(options.start.expect("is given").export, "f");
        for (line, simd) in [("", false), ("--simd", true), ("--simd --no-simd", false)] {
            let options = fuse(&format!("--target wasip1 {line}")).expect("is understood").options;
            assert_eq!(options.simd, simd, "{line}");
        }
        assert!(fuse("--no-simd --simd").expect("is understood").options.simd);
    }

    #[test]
    fn the_flags_that_a_target_is_said_to_be_are_the_target() {
        for target in Target::ALL {
            let mut expected = target.options();
            let mut options = fuse(&flags(&expected)).expect("is understood").options;
            // What no flag says: an input may be left over, and there may be nothing to start.
            options.fallbacks.clone_from(&expected.fallbacks);
            for start in [&mut options.start, &mut expected.start].into_iter().flatten() {
                start.if_exported = true;
            }
            assert_eq!(format!("{options:?}"), format!("{expected:?}"), "{}", target.name);
        }
    }

    #[test]
    fn a_capacity_is_of_all_guests_or_of_one() {
        let options =
            fuse("--capacity a/b=5 --capacity 6 --capacity a/b=7").expect("is understood");
        assert_eq!(options.options.capacity, 6);
        assert_eq!(options.options.capacities, [Capacity { guest: "a/b".into(), bytes: 7 }]);
        for wrong in ["--capacity =5", "--capacity a=b", "--capacity 4294967296"] {
            assert_eq!(fuse(wrong).expect_err("is refused").exit_code, 2, "{wrong}");
        }
    }
}
