//! Files and the clock, for hosts written in Rust.
//!
//! The command inside the component and the native host both need to read inputs, to replace an
//! output in one step, and to time their work. The native host does not depend on the fuser, because what
//! it runs is the component: so what the two share is here, and needs nothing but `std`.
//!
//! Replacing in one step: the bytes go to a new file beside the target, which is then renamed, so
//! that nobody ever sees half a result and a full disk costs no existing file. Where the target is
//! there and is no regular file (a device, a pipe, a symbolic link), it is written in place: whoever named
//! it meant that. A file whose name was not given by anybody replaces whatever is there.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

mod optimiser;

pub use self::optimiser::{PROGRAM as OPTIMISER, optimise};

/// The content of a file, or of standard input where there is no path.
pub fn read(path: Option<&str>) -> io::Result<Vec<u8>> {
    let Some(path) = path else {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    };
    fs::read(path)
}

/// Replaces a file, or writes to standard output where there is no path.
pub fn write(path: Option<&str>, bytes: &[u8]) -> io::Result<()> {
    let Some(path) = path else {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        return stdout.flush();
    };
    match fs::symlink_metadata(path) {
        Ok(target) if !target.is_file() => fs::write(path, bytes),
        _ => replace(path, bytes),
    }
}

/// Replaces whatever has that name: a symbolic link, and not what it leads to.
pub fn replace(path: &str, bytes: &[u8]) -> io::Result<()> {
    let path = Path::new(path);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let (temporary, mut file) = create_beside(path)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to tell; a file that is left behind does no harm.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A new file in the same folder, so that it can be renamed. Two programs that write the same
/// target at once get two files.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_string_lossy();
    let mut number = 0;
    loop {
        let temporary = path.with_file_name(format!(".{name}.{number}.tmp"));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Files that are waited for to change: `--watch`.
///
/// They are looked at several times a second. To be told by the system would take an interface for each
/// system, and there is none in WASI.
#[derive(Debug, Default)]
pub struct Watch {
    files: Vec<(PathBuf, Option<State>)>,
}

/// When a file was changed, and how large it was.
type State = (SystemTime, u64);

const LOOK: Duration = Duration::from_millis(200);

impl Watch {
    /// Watches files, which do not have to be there.
    pub fn new(paths: &[String]) -> Self {
        let mut watch = Watch::default();
        paths.iter().for_each(|path| watch.add(path));
        watch
    }

    /// Watches another file from now on: before it is read, so that no change is missed.
    pub fn add(&mut self, path: &str) {
        let path = PathBuf::from(path);
        let state = state(&path);
        self.files.push((path, state));
    }

    /// Returns once one of them is not what it was.
    pub fn wait(&mut self) {
        while self.files.iter().all(|(path, before)| state(path) == *before) {
            thread::sleep(LOOK);
        }
        // Whoever writes several files, or one in several steps, is done by then.
        thread::sleep(LOOK);
    }
}

fn state(path: &Path) -> Option<State> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// How long each step took: `--time`.
#[derive(Debug)]
pub struct Stopwatch {
    last: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts the first step.
    pub fn start() -> Self {
        Stopwatch { last: Instant::now(), steps: Vec::new() }
    }

    /// Ends a step and starts the next.
    pub fn lap(&mut self, step: &'static str) {
        let now = Instant::now();
        self.steps.push((step, now - self.last));
        self.last = now;
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("time:")?;
        for (position, (step, time)) in self.steps.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            write!(f, "{comma} {step} {:.1} ms", time.as_secs_f64() * 1e3)?;
        }
        Ok(())
    }
}
