//! What a core module has of a host without components: core imports, and the start of a command.

use clap::Args;
use wasm_fuser::options::{CoreImports, CoreName, Start};

/// What the result has of a host without components.
#[derive(Args)]
#[command(next_help_heading = "Hosts without components (with --emit module)")]
pub(super) struct HostingArgs {
    /// Import an interface's functions as core functions of a module: INTERFACE=MODULE.
    ///
    /// They take and return numbers, and have `_` for `-` in their names. Without a version, any
    /// version of the interface is meant.
    #[arg(long, value_name = "INTERFACE=MODULE", value_parser = core_imports)]
    core_imports: Vec<CoreImports>,

    /// Refuse a result that imports anything else.
    #[arg(long)]
    pub(super) only_core_imports: bool,

    /// Run an exported function as a command, `_start`: INTERFACE#FUNCTION, or FUNCTION.
    #[arg(long, value_name = "EXPORT")]
    start: Option<String>,

    /// What the command calls with 1 if the function returns an error: MODULE#NAME.
    #[arg(long, value_name = "MODULE#NAME", value_parser = core_name, requires = "start")]
    exit: Option<CoreName>,
}

impl HostingArgs {
    pub(super) fn core_imports(&self) -> Vec<CoreImports> {
        self.core_imports.clone()
    }

    pub(super) fn start(&self) -> Option<Start> {
        let export = self.start.clone()?;
        Some(Start { export, exit: self.exit.clone(), if_exported: false })
    }
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
    use crate::cli::{Command, Failure, FuseCommand, parse};

    fn fuse(arguments: &str) -> Result<FuseCommand, Failure> {
        let arguments: Vec<String> =
            format!("fuse a -o out {arguments}").split_whitespace().map(str::to_owned).collect();
        parse(&arguments).map(|command| match command {
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
}
