//! `wasm-opt`, where it is installed: a core module becomes a faster or a smaller one.
//!
//! It is told nothing of the features that the module needs: the module says it itself, in its section
//! `target_features`. It reads and writes files, which are in a folder of their own as long as it runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

/// What the program is called.
pub const PROGRAM: &str = "wasm-opt";

/// Optimises a core module; its function names are kept if that is asked for.
///
/// # Errors
///
/// [`io::ErrorKind::NotFound`] if there is no such program, and [`io::ErrorKind::Unsupported`] if none
/// can be started here. What it says when it fails is the text of the error.
pub fn optimise(module: &[u8], keep_names: bool) -> io::Result<Vec<u8>> {
    // Nor is a folder made there: what a component does not do, its hosts need not offer.
    if cfg!(target_family = "wasm") {
        return Err(io::ErrorKind::Unsupported.into());
    }
    optimise_with(Path::new(PROGRAM), module, keep_names)
}

fn optimise_with(program: &Path, module: &[u8], keep_names: bool) -> io::Result<Vec<u8>> {
    let folder = Folder::make()?;
    let (input, output) = (folder.0.join("in.wasm"), folder.0.join("out.wasm"));
    fs::write(&input, module)?;
    let mut command = Command::new(program);
    command.arg("-O3").args(keep_names.then_some("-g")).arg(&input).arg("-o").arg(&output);
    let ended = command.stdin(Stdio::null()).output()?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        let said = said.trim().lines().next().unwrap_or("it does not say why").to_string();
        return Err(io::Error::other(format!("{} ({said})", ended.status)));
    }
    fs::read(output)
}

/// A folder that is removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> io::Result<Folder> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("wasm-fuser-{}-{number}", process::id()));
        fs::create_dir(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_not_found() {
        let error = optimise_with(Path::new("no-such-optimiser"), b"", true).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_quoted() {
        let error = optimise_with(Path::new("ls"), b"", false).unwrap_err();
        assert!(error.to_string().starts_with("exit status: "), "{error}");
        assert!(error.to_string().contains("ls: "), "{error}");
    }
}
