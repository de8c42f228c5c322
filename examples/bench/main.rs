//! The book of benchmarks: measures, prints, and writes `docs/benchmarks.md` with its charts.
//!
//! ```text
//! bench [ROUNDS]          everything; 31 rounds
//! bench strings [ROUNDS]  strings in all pairs of encodings, with and without vectors; only printed
//! bench streams [ROUNDS]  what goes through a stream, beside a copy of as many bytes; only printed
//! bench works [ROUNDS]    whole works, and handles; only printed
//! bench tasks [ROUNDS]    calls of `async` functions; only printed
//! bench start [ROUNDS]    what it takes to instantiate the works; only printed
//! bench meld [ROUNDS]     what another fuser makes of compositions, where it is installed; only printed
//! bench smoke             everything, once and briefly; only printed
//! bench growth [ROUNDS]   how the fuser's time grows with what it is given; only printed
//! bench fuser FILE [ROUNDS]   what it takes to fuse a component, and the fuser itself; only printed
//! bench peak FILE         fuses a component, and prints how much memory that took
//! ```
//!
//! Everything that is compared runs in turns, in one process: what else the machine does meets all forms
//! alike, so ratios hold where times do not. Of each time the least of all rounds is given: what else the
//! machine does makes none shorter.
//!
//! What is not installed is not in the book: `wasm-opt`, Node.js with the package's dependencies
//! (`web/bench/works.mjs`), and `meld`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_fuser_testing::guests::workspace;
use wasm_fuser_testing::root;

mod chart;
mod fuser;
mod growth;
mod handles;
mod meld;
mod page;
mod start;
mod streams;
mod strings;
mod tasks;
mod works;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rounds = |text: Option<&&str>, usual| text.map_or(Ok(usual), |text| text.parse());
    if let ["strings", rest @ ..] = arguments.as_slice() {
        return strings::print(rounds(rest.first(), 30)?);
    }
    if let ["streams", rest @ ..] = arguments.as_slice() {
        return streams::print(rounds(rest.first(), 30)?);
    }
    if let ["tasks", rest @ ..] = arguments.as_slice() {
        print!("{}", page::calls(&tasks::tasks(rounds(rest.first(), 31)?)?));
        return Ok(());
    }
    if let ["works", rest @ ..] = arguments.as_slice() {
        let components = works::components(&workspace("examples/bench/guests"))?;
        let works = works::works(&components, rounds(rest.first(), 31)?)?;
        let sizes: Vec<_> = components.iter().map(|form| (form.name, form.bytes.len())).collect();
        print!("{}", page::works(&works, &sizes, None));
        print!("{}", page::handles(&handles::handles(rounds(rest.first(), 31)?)?));
        println!("{sizes:?}");
        return Ok(());
    }
    if let ["start", rest @ ..] = arguments.as_slice() {
        let components = works::components(&workspace("examples/bench/guests"))?;
        let starts = start::starts(&components, rounds(rest.first(), 100)?)?;
        for (name, time) in &starts {
            println!("{name:10} {time:6.1} µs {:5.2}", time / starts[0].1);
        }
        return Ok(());
    }
    if let ["meld", rest @ ..] = arguments.as_slice() {
        let components = works::components(&workspace("examples/bench/guests"))?;
        print!("{}", page::meld(meld::meld(&components, rounds(rest.first(), 9)?)?.as_ref()));
        return Ok(());
    }
    if let ["growth", rest @ ..] = arguments.as_slice() {
        print!("{}", page::growth(&growth::growth(rounds(rest.first(), 5)?)?));
        return Ok(());
    }
    if let ["fuser", file, rest @ ..] = arguments.as_slice() {
        let costs = fuser::fuser(&std::fs::read(file)?, rounds(rest.first(), 9)?, true)?;
        print!("{}", page::fuser(&costs));
        return Ok(());
    }
    if let ["peak", file] = arguments.as_slice() {
        return fuser::print_peak(Path::new(file));
    }
    let is_smoke = arguments == ["smoke"];
    let rounds = if is_smoke { 1 } else { rounds(arguments.first(), 31)? };
    ensure!(rounds > 0, "there has to be a round");

    let folder = workspace("examples/bench/guests");
    let components = works::components(&folder)?;
    let book = page::Book {
        works: works::works(&components, rounds)?,
        in_node: if is_smoke { None } else { in_node(&components)? },
        handles: handles::handles(rounds)?,
        tasks: tasks::tasks(rounds)?,
        strings: strings::utf8(rounds)?,
        starts: start::starts(&components, rounds)?,
        sizes: components.iter().map(|form| (form.name, form.bytes.len())).collect(),
        fuser: fuser::fuser(&components[0].bytes, rounds.min(9), !is_smoke)?,
        meld: meld::meld(&components, rounds.min(9))?,
        growth: growth::growth(rounds.min(5))?,
    };
    let page = page::page(&book);
    println!("{page}");
    if is_smoke {
        return Ok(());
    }
    let docs = root().join("docs");
    std::fs::create_dir_all(docs.join("benchmarks"))?;
    std::fs::write(docs.join("benchmarks.md"), page)?;
    for (name, svg) in page::charts(&book) {
        std::fs::write(docs.join("benchmarks").join(name), svg)?;
    }
    Ok(())
}

/// The times of works in Node.js, by form: what the script prints, line by line.
fn in_node(components: &[works::Form]) -> Result<Option<page::InNode>> {
    let folder = wasm_fuser_testing::run::Folder::with(&[]);
    let mut files: Vec<PathBuf> = Vec::new();
    for form in components.iter().filter(|form| works::IN_NODE.contains(&form.name)) {
        let file = folder.path().join(form.name).with_extension("wasm");
        std::fs::write(&file, &form.bytes)?;
        files.push(file);
    }
    let script = root().join("web/bench/works.mjs");
    let output = match run(&script, &files) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("nothing is measured in Node.js: {error:#}");
            return Ok(None);
        }
    };
    let mut lines = output.lines();
    let engine = lines.next().context("the script says nothing")?.to_string();
    let works = lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().context("a work has a name")?.to_string();
            Ok((name, words.map(str::parse).collect::<Result<_, _>>()?))
        })
        .collect::<Result<_>>()?;
    Ok(Some(page::InNode { engine, works }))
}

fn run(script: &Path, files: &[PathBuf]) -> Result<String> {
    let output = Command::new("node").arg(script).args(files).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
            .lines()
            .find(|it| it.contains("rror"))
            .unwrap_or("")
    );
    Ok(String::from_utf8(output.stdout)?)
}
