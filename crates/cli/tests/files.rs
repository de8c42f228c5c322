//! What the command writes, on the files of this machine: `run` is what `wasi:cli/run` runs.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_fuser_cli::run;

/// A folder that is gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("wasm-fuser-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder can be made");
        fs::write(path.join("long.wat"), long_names()).expect("a file can be written");
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("is UTF-8").into()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Fuses, with the shims in a folder and a report; the exit code.
    fn fuse(&self) -> u8 {
        let [input, output, shims, report] =
            ["long.wat", "out.wasm", "shims", "report.json"].map(|name| self.path(name));
        let arguments =
            ["fuse", &input, "-q", "-o", &output, "--emit-shims", &shims, "--report", &report];
        run(&arguments.map(String::from))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("is a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("can be read").file_name().into_string().expect("is UTF-8")
    };
    entries.map(name).collect()
}

/// Two instances whose names are longer than those of files can be, and call each other with a string.
fn long_names() -> String {
    let name = "n".repeat(90);
    let callee = r#"(core module $m (memory (export "m") 1)
        (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 0))
        (func (export "f") (param i32 i32)))
      (core instance $m (instantiate $m))
      (func (export "f") (param "s" string) (canon lift (core func $m "f")
        (memory (core memory $m "m")) (realloc (core func $m "r"))))"#;
    let caller = r#"(import "f" (func $f (param "s" string)))
      (core module $memory (memory (export "m") 1))
      (core instance $memory (instantiate $memory))
      (core func $f (canon lower (func $f) (memory (core memory $memory "m"))))
      (core module $m (import "" "f" (func $f (param i32 i32)))
        (func (export "g") (call $f (i32.const 0) (i32.const 1))))
      (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "g") (canon lift (core func $m "g")))"#;
    let mut text = format!(
        "(component $Callee {callee}) (component $Caller {caller})
         (instance $callee (@name \".{name}\") (instantiate $Callee))
         (instance $caller (@name \".{name}\") (instantiate $Caller (with \"f\" (func $callee \"f\"))))
         (export \"g\" (func $caller \"g\"))"
    );
    for depth in 0..4 {
        text = format!(
            "(component $c (@name \".{name}{depth}\") {text})
             (instance $c (instantiate $c)) (export \"g\" (func $c \"g\"))"
        );
    }
    format!("(component {text})")
}

#[test]
fn shims_have_short_names_that_are_seen() {
    let folder = Folder::new("short");
    assert_eq!(folder.fuse(), 0);
    let shims = names(&folder.0.join("shims"));
    assert!(shims.iter().any(|name| name.contains("-to-")), "{shims:?}");
    for name in shims {
        assert!(name.len() < 200 && !name.starts_with('.'), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn shims_replace_links_and_do_not_follow_them() {
    let folder = Folder::new("links");
    fs::write(folder.path("elsewhere"), "before").expect("a file can be written");
    assert_eq!(folder.fuse(), 0);
    let shims = folder.0.join("shims");
    for name in names(&shims) {
        fs::remove_file(shims.join(&name)).expect("is there");
        std::os::unix::fs::symlink(folder.path("elsewhere"), shims.join(name)).expect("is made");
    }
    assert_eq!(folder.fuse(), 0);
    assert_eq!(folder.read("elsewhere"), b"before");
    for name in names(&shims) {
        assert!(fs::symlink_metadata(shims.join(name)).expect("is there").is_file());
    }
}

#[test]
fn what_cannot_be_written_beside_the_result_does_not_cost_the_result() {
    let folder = Folder::new("beside");
    fs::write(folder.path("shims"), "is no folder").expect("a file can be written");
    assert_eq!(folder.fuse(), 1);
    assert!(folder.read("out.wasm").starts_with(b"\0asm"));
    assert!(folder.read("report.json").starts_with(b"{"));
    assert_eq!(folder.read("shims"), b"is no folder");
}
