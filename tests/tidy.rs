//! The house rules that a program can check.

use std::fs;
use std::path::Path;
use std::process::Command;

use wasm_fuser::Code;

/// A source file: the crate that it is in, its path from that crate's `src/`, and its text.
struct Source {
    folder: &'static str,
    path: String,
    text: String,
}

/// Where the fuser is made, and the crates that are made for it.
const FUSER: &str = "src";
const MERGE: &str = "crates/merge/src";
const DEBUG: &str = "crates/debug/src";
const TEXT: &str = "crates/text/src";
const COMPONENT: &str = "crates/component/src";
const CLI: &str = "crates/cli/src";
const INTERFACE: &str = "crates/interface/src";

impl Source {
    fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Its path from the root.
    fn place(&self) -> String {
        format!("{}/{}", self.folder, self.path)
    }

    /// The lines of code with their numbers: no comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(n, l)| (n + 1, l))
    }

    /// Fails if a line of code has one of the words.
    fn has_none_of(&self, words: &[&str], rule: &str) {
        for (number, line) in self.code() {
            for word in words {
                assert!(!line.contains(word), "{}:{number}: `{word}`: {rule}", self.place());
            }
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file in Rust, from the root: what git knows, and what it would add. What it ignores is
/// generated.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.rs"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    let mut files: Vec<_> = listed.split_terminator('\0').map(String::from).collect();
    // A file that was removed is listed until that is committed.
    files.retain(|file| root().join(file).exists());
    files.sort();
    files.dedup();
    files
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("a source can be read")
}

/// The sources of one crate.
fn sources_of(folder: &'static str) -> Vec<Source> {
    let path = |file: &String| Some(file.strip_prefix(folder)?.strip_prefix('/')?.to_string());
    let sources = files()
        .into_iter()
        .filter_map(|file| Some(Source { folder, path: path(&file)?, text: read(&file) }));
    let sources: Vec<_> = sources.collect();
    assert!(!sources.is_empty(), "there are sources in {folder}");
    sources
}

/// The sources of the fuser.
fn sources() -> Vec<Source> {
    let sources = sources_of(FUSER);
    assert!(sources.len() > 50, "the sources are found");
    sources
}

/// Those of all that is in the components.
fn component_sources() -> Vec<Source> {
    let crates = [MERGE, DEBUG, TEXT, INTERFACE, COMPONENT, CLI].map(sources_of);
    sources().into_iter().chain(crates.into_iter().flatten()).collect()
}

#[test]
fn no_source_file_is_longer_than_six_hundred_lines() {
    let long = files().into_iter().map(|file| (read(&file).lines().count(), file));
    let long: Vec<_> = long.filter(|(lines, _)| *lines > 600).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn every_source_file_opens_with_its_purpose() {
    for file in files() {
        assert!(read(&file).starts_with("//! "), "{file} has no header");
    }
}

#[test]
fn only_the_stages_that_read_binaries_use_payloads() {
    // What is carried over is written again from its bytes, and so are routines of the library; what
    // merged code uses is found in it, and what is validated is seen section by section.
    let routines = ["runtime/inline.rs", "runtime/memories.rs", "runtime/store.rs"];
    let stages = ["decode/", "link/", "metadata/", "wrap/carried.rs", "verify.rs"];
    let readers = [stages.as_slice(), &routines].concat();
    for source in sources().iter().filter(|source| !source.is_below(&readers)) {
        source.has_none_of(
            &["Payload", "Parser::new(0)", "parse_all"],
            "binaries are read by decode and link, and what is carried over by wrap",
        );
    }
}

#[test]
fn shims_are_generated_without_guests_code() {
    for source in sources().iter().filter(|source| source.is_below(&["shim/"])) {
        let code: Vec<_> = source.code().map(|(_, line)| line).collect();
        for statement in code.join("\n").split([';', '{', '}']) {
            let reads = statement.contains(".modules") && statement.contains(".bytes");
            assert!(!reads, "{}: the bytes of a module: {statement}", source.place());
        }
        source.has_none_of(
            &["wasmparser::", "FunctionBody", "OperatorsReader"],
            "a shim never reads a guest's code",
        );
    }
}

/// Stages, and what several of them use, in an order in which each knows those before it.
const STAGES: [&str; 17] = [
    "decode", "link", "plan", "abi", "runtime", "limits", "analyse", "group", "shim", "bind",
    "boundary", "merge", "debug", "metadata", "wrap", "verify", "report",
];

/// Rooms of `link` and of `shim`, likewise.
const ROOMS_OF_LINK: [&str; 3] = ["inputs", "wiring", "result"];
const ROOMS_OF_SHIM: [&str; 6] = ["code", "guest", "values", "tasks", "calls", "library"];

#[test]
fn no_stage_uses_a_later_one() {
    for (stages, path, folder) in [
        (&STAGES[..], "crate::", ""),
        (&ROOMS_OF_LINK, "link::", "link/"),
        (&ROOMS_OF_SHIM, "shim::", "shim/"),
    ] {
        for (at, stage) in stages.iter().enumerate() {
            let later: Vec<_> = stages[at + 1..].iter().map(|it| format!("{path}{it}")).collect();
            let later: Vec<_> = later.iter().map(String::as_str).collect();
            let own = [format!("{folder}{stage}/"), format!("{folder}{stage}.rs")];
            let own: Vec<_> = own.iter().map(String::as_str).collect();
            for source in sources().iter().filter(|source| source.is_below(&own)) {
                source.has_none_of(&later, "a stage knows those before it");
            }
        }
    }
}

#[test]
fn the_world_outside_is_reached_from_the_command_line_only() {
    let outside = ["std::fs", "std::env", "std::time", "std::net", "std::process", "std::thread"];
    let is_host =
        |source: &Source| source.folder == CLI && source.is_below(&["run.rs", "exports.rs"]);
    let is_test = |source: &Source| source.path.ends_with("tests.rs");
    for source in component_sources().iter().filter(|source| !is_host(source) && !is_test(source)) {
        source.has_none_of(&outside, "no I/O, clock or environment below the command line");
    }
}

#[test]
fn no_hash_order_reaches_the_output() {
    for source in component_sources() {
        for (number, line) in source.code() {
            let is_librarys = line.contains("collections::") && line.contains("Hash");
            assert!(!is_librarys, "{}:{number}: maps are those of `merge::hash`", source.place());
        }
    }
}

/// `docs/errors.md` is a header and the pages, as they are; `BLESS=1` writes it.
#[test]
fn the_documentation_has_every_page_of_errors() {
    let path = root().join("docs/errors.md");
    let text = fs::read_to_string(&path).expect("docs/errors.md can be read");
    let first = format!("\n# {}\n", Code::ALL[0]);
    let header = text.find(&first).map_or(text.as_str(), |at| &text[..at]);
    let pages: String = Code::ALL.iter().map(|code| format!("\n{}", code.page())).collect();
    let expected = format!("{header}{pages}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &expected).expect("docs/errors.md can be written");
    }
    assert!(text == expected, "docs/errors.md differs from src/error/pages (BLESS=1 rewrites it)");
}

#[test]
fn every_page_of_errors_is_that_of_a_code() {
    const HEADINGS: [&str; 3] = ["## What it means", "## Example", "## What to do"];
    let mut names: Vec<_> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    for code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code}\n")), "the page of {code} has another title");
        let headings: Vec<_> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{code}");
    }
    let folder = root().join("src/error/pages");
    let mut found: Vec<String> = fs::read_dir(folder)
        .expect("the pages are there")
        .map(|entry| entry.expect("a folder can be read").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    found.sort();
    assert_eq!(names, found);
}
