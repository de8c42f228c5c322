//! What another fuser, `meld`, makes of the works' composition, where it is installed.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use wasm_fuser_testing::run::Folder;

use crate::works::{self, Form, Work};

/// What it says of itself, and what became of the composition.
pub struct Meld {
    pub version: String,
    pub outcome: Outcome,
}

/// What became of the composition.
pub enum Outcome {
    /// It is not fused, and why.
    Refused(String),
    /// It is.
    Fused {
        /// The milliseconds of the process: the least of all rounds.
        fuse: f64,
        bytes: usize,
        /// The works: composed, fused by us, and by it. Or why its result does not do them.
        works: std::result::Result<Vec<Work>, String>,
    },
}

/// Fuses the composition and does the works, unless there is no `meld`.
pub fn meld(forms: &[Form], rounds: usize) -> Result<Option<Meld>> {
    let Ok(version) = Command::new("meld").arg("--version").output() else { return Ok(None) };
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
    let form = |name| forms.iter().find(|form| form.name == name).context("a form is missing");
    let (composed, fused) = (form("composed")?, form("fused")?);
    let folder = Folder::with(&[]);
    let [input, output] =
        ["composed", "fused"].map(|it| folder.path().join(it).with_extension("wasm"));
    std::fs::write(&input, &composed.bytes)?;
    let mut fuse = f64::INFINITY;
    for _ in 0..rounds {
        let mut command = Command::new("meld");
        command.arg("fuse").arg(&input).arg("--component").arg("-o").arg(&output);
        let begun = Instant::now();
        let said = command.output()?;
        fuse = fuse.min(begun.elapsed().as_secs_f64() * 1e3);
        if !said.status.success() {
            let outcome = Outcome::Refused(first_line(&String::from_utf8_lossy(&said.stderr)));
            return Ok(Some(Meld { version, outcome }));
        }
    }
    let theirs = Form { name: "meld", bytes: std::fs::read(&output)? };
    let bytes = theirs.bytes.len();
    let copy = |form: &Form| Form { name: form.name, bytes: form.bytes.clone() };
    let works = works::works(&[copy(composed), copy(fused), theirs], rounds);
    let works = works.map_err(|error| first_line(&format!("{error:#}")));
    Ok(Some(Meld { version, outcome: Outcome::Fused { fuse, bytes, works } }))
}

/// What an error says first.
fn first_line(text: &str) -> String {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_string()
}
