//! Cases that are folders: each is a test, named as its folder is.
//!
//! A folder that holds files is a case. One that holds folders is a subject, and groups cases: the test
//! of `strings/malformed_utf8_traps` has that name, and `cargo test --test cases strings/` runs all of
//! the subject.
//!
//! What a case expects is in golden files beside its input. `BLESS=1` rewrites them. A file of the
//! folder that no test has read or compared fails the case: it would be believed in vain.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Conclusion, Failed, Trial};

/// Runs every case of a suite, and `more` besides.
pub fn run(suite: &Path, more: Vec<Trial>, run: fn(&mut Case) -> Result<()>) -> Result<Conclusion> {
    let mut trials = more;
    for (name, folder) in cases(suite)? {
        let mut case = Case { folder, used: BTreeSet::new() };
        trials.push(trial(&name, move || {
            run(&mut case)?;
            case.finish()
        }));
    }
    Ok(libtest_mimic::run(&Arguments::from_args(), trials))
}

/// A test that is not a folder.
pub fn trial(name: &str, test: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(|error| Failed::from(format!("{error:?}"))))
}

/// One folder.
#[derive(Debug)]
pub struct Case {
    folder: PathBuf,
    used: BTreeSet<String>,
}

impl Case {
    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of its files, in order.
    pub fn files(&self) -> Result<Vec<String>> {
        entries(&self.folder)?.iter().map(|path| file_name(path)).collect()
    }

    /// The text of a file, if there is one of that name.
    pub fn read(&mut self, name: &str) -> Result<Option<String>> {
        self.used.insert(name.into());
        let path = self.folder.join(name);
        match path.exists() {
            true => Ok(Some(fs::read_to_string(path).with_context(|| format!("`{name}`"))?)),
            false => Ok(None),
        }
    }

    /// A golden file, which has to be there and hold what was found.
    pub fn compare(&mut self, name: &str, found: &str) -> Result<()> {
        if std::env::var_os("BLESS").is_some() {
            fs::write(self.folder.join(name), found)?;
        }
        match self.read(name)? {
            Some(expected) if expected == found => Ok(()),
            Some(_) => bail!("`{name}` differs (`BLESS=1` rewrites it); found:\n{found}"),
            None => bail!("there is no `{name}` (`BLESS=1` writes it); found:\n{found}"),
        }
    }

    /// A golden file that a case may do without. An empty one asks for it to be blessed.
    pub fn optional(&mut self, name: &str, found: &str) -> Result<()> {
        match self.folder.join(name).exists() {
            true => self.compare(name, found),
            false => Ok(()),
        }
    }

    fn finish(&self) -> Result<()> {
        let files = self.files()?;
        let unused: Vec<_> = files.iter().filter(|file| !self.used.contains(*file)).collect();
        ensure!(unused.is_empty(), "nothing reads {unused:?}");
        Ok(())
    }
}

/// The cases of a suite at any depth: their names from there, and their folders.
fn cases(suite: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut cases = Vec::new();
    let mut subjects = vec![(String::new(), suite.to_path_buf())];
    while let Some((prefix, subject)) = subjects.pop() {
        for path in entries(&subject)? {
            ensure!(path.is_dir(), "`{}` is a file beside cases", path.display());
            let name = format!("{prefix}{}", file_name(&path)?);
            let inside = entries(&path)?;
            ensure!(!inside.is_empty(), "`{}` is empty", path.display());
            match inside.iter().any(|path| path.is_dir()) {
                true => subjects.push((format!("{name}/"), path)),
                false => cases.push((name, path)),
            }
        }
    }
    cases.sort();
    Ok(cases)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().context("a file has a name")?;
    Ok(name.to_str().context("names are UTF-8")?.into())
}
