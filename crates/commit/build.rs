//! Finds the commit. Where the sources are not those of a repository, as in what a registry has, there is
//! none; `WASM_FUSER_COMMIT` says it then, if somebody knows.

use std::env;
use std::process::Command;

const VARIABLE: &str = "WASM_FUSER_COMMIT";
/// Short names that git makes are longer in larger repositories; these are not.
const DIGITS: usize = 10;

fn main() {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let commit = env::var(VARIABLE).ok().or_else(of_repository).unwrap_or_default();
    println!("cargo::rustc-env={VARIABLE}={}", commit.get(..DIGITS).unwrap_or(&commit));
}

fn of_repository() -> Option<String> {
    // Another repository may have these sources in a folder that it does not know.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    // What changes with each commit, and with each switch to another.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
