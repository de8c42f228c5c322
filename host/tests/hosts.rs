//! The native command, `wasmtime run wasm-fuser.wasm` and the library are one program.
//!
//! The command is run as a process, the component under wasmtime as a runner of commands would, and
//! the library is called. What they are given to fuse is the smallest composition there is.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use wasm_fuser::options::MemoryPlan;
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::guests::Dwarf;
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::{self, Folder, run_compiled};
use wasmtime::component::Component;

const QUADRUPLE: &str = r#"
(component
  (import "demo:math/doubling@1.0.0" (instance $doubling
    (export "double" (func (param "number" u32) (result u32)))))
  (core func $double (canon lower (func $doubling "double")))
  (core module $code
    (import "doubling" "double" (func $double (param i32) (result i32)))
    (func (export "quadruple") (param i32) (result i32)
      (call $double (call $double (local.get 0)))))
  (core instance $instance (instantiate $code
    (with "doubling" (instance (export "double" (func $double))))))
  (func (export "quadruple") (param "number" u32) (result u32)
    (canon lift (core func $instance "quadruple"))))
"#;

const DOUBLING: &str = r#"
(component
  (core module $code
    (func (export "double") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
  (core instance $instance (instantiate $code))
  (func $double (param "number" u32) (result u32) (canon lift (core func $instance "double")))
  (instance $doubling (export "double" (func $double)))
  (export "demo:math/doubling@1.0.0" (instance $doubling)))
"#;

const FILES: [(&str, &[u8]); 3] = [
    ("quadruple.wat", QUADRUPLE.as_bytes()),
    ("doubling.wat", DOUBLING.as_bytes()),
    ("core.wat", b"(module)"),
];

/// The native command's output, run in a folder.
fn native(folder: &Folder, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wasm-fuser"));
    command.args(arguments).current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    // A command that does not read its input closes it, which is not this function's business.
    let _ = child.stdin.take().expect("is piped").write_all(stdin);
    child.wait_with_output().expect("the command ends")
}

/// What a native command that succeeds prints on standard output.
fn done(folder: &Folder, arguments: &[&str]) -> String {
    let output = native(folder, arguments, b"");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("prints text")
}

/// What a native command that fails prints on standard error.
fn refused(folder: &Folder, arguments: &[&str], exit_code: i32) -> String {
    let output = native(folder, arguments, b"");
    assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).expect("prints text")
}

/// The components, by the names that `whole` knows.
const PARTS: [&str; 3] = [
    concat!("cli=", env!("WASM_FUSER_CLI")),
    concat!("fuser=", env!("WASM_FUSER_COMPONENT")),
    concat!("extras=", env!("WASM_FUSER_EXTRAS")),
];

/// `wasm-fuser.wasm`, fused of its parts as `make host` does it.
fn whole() -> &'static [u8] {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let folder = Folder::with(&[]);
        let form = ["--export", "fuser:wasm-fuser:fuser/fuse@0.1.0", "--memory", "split"];
        done(&folder, &[&["fuse"], &PARTS[..], &form, &["-o", "wasm-fuser.wasm"]].concat());
        read(&folder, "wasm-fuser.wasm")
    })
}

/// What `wasmtime run wasm-fuser.wasm` prints, where it sees a folder.
fn runner(folder: &Folder, arguments: &[&str]) -> run::Output {
    static COMPONENT: OnceLock<Component> = OnceLock::new();
    let component = COMPONENT
        .get_or_init(|| Component::from_binary(run::engine(), whole()).expect("is a component"));
    run_compiled(component, arguments, Some(folder.path())).expect("ends without a trap")
}

fn read(folder: &Folder, file: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("is a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("can be read").file_name().into_string().expect("is UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn the_native_command_and_wasmtime_run_and_the_library_write_the_same_bytes() {
    let folder = Folder::with(&FILES);
    for (number, flags) in
        [&[][..], &["--emit", "module"], &["--names", "drop"]].into_iter().enumerate()
    {
        let (by_native, by_runner) = (format!("native-{number}"), format!("runner-{number}"));
        let arguments =
            |output| [&["fuse", "quadruple.wat", "doubling.wat", "-o", output][..], flags].concat();
        let printed = done(&folder, &arguments(&by_native));
        let output = runner(&folder, &arguments(&by_runner));
        assert_eq!(output.code, 0, "{output:?}");
        assert_eq!(output.stdout, printed);
        assert!(read(&folder, &by_native) == read(&folder, &by_runner), "{flags:?}");
    }

    let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    let inputs = [input("quadruple", QUADRUPLE), input("doubling", DOUBLING)];
    let fused = fuse(&inputs, &Options::default()).expect("is fused");
    assert!(fused.bytes == read(&folder, "native-0"));
}

#[test]
fn the_fuser_has_no_command_line_in_it_and_the_whole_has_both() {
    let folder = Folder::with(&[("whole.wasm", whole())]);
    let [cli, fuser, _] = PARTS;
    let ports = |component: &str| {
        let graph = done(&folder, &["inspect", component, "--json"]);
        let graph: serde_json::Value = serde_json::from_str(&graph).expect("is JSON");
        let names = |side: &str| -> Vec<String> {
            let names = graph[side].as_array().expect("is a list").iter();
            let mut names: Vec<_> =
                names.map(|it| it.as_str().expect("is a name").into()).collect();
            names.sort();
            names
        };
        let ours = |name: &String| name.starts_with("wasm-fuser:");
        (names("imports").into_iter().filter(ours).collect::<Vec<_>>(), names("exports"))
    };
    let [carried, line, dwarf, fuse, text] = ["carried", "cli", "dwarf", "fuse", "text"]
        .map(|it| format!("wasm-fuser:fuser/{it}@0.1.0"));
    let run = "wasi:cli/run@0.2.0".to_string();
    assert_eq!(ports(fuser), (vec![carried, dwarf, text], vec![fuse.clone()]));
    assert_eq!(ports(cli), (vec![fuse.clone()], vec![run.clone(), line.clone()]));
    assert_eq!(ports("whole.wasm"), (vec![], vec![run, line, fuse]));
}

#[test]
fn debug_information_is_the_same_on_all_hosts() {
    for version in [Dwarf::Four, Dwarf::Five] {
        let inputs = Program::faults(version).inputs;
        let files = [("outer.wasm", &*inputs[0].bytes), ("inner.wasm", &*inputs[1].bytes)];
        let folder = Folder::with(&files);
        for (memory, plan) in [("multi", MemoryPlan::Multi), ("single", MemoryPlan::Single)] {
            let arguments = |output| {
                let [outer, inner] = ["faults-outer=outer.wasm", "faults-inner=inner.wasm"];
                ["fuse", outer, inner, "--memory", memory, "-o", output]
            };
            done(&folder, &arguments("native"));
            assert_eq!(runner(&folder, &arguments("runner")).code, 0);
            let options = Options { memory: plan, ..Options::default() };
            let fused = fuse(&inputs, &options).expect("is fused").bytes;
            assert!(fused == read(&folder, "native"), "{version:?}, {memory}");
            assert!(fused == read(&folder, "runner"), "{version:?}, {memory}");
        }
    }
}

#[test]
fn the_report_the_shims_and_what_explain_prints_are_the_same_on_both_hosts() {
    let folder = Folder::with(&FILES);
    let run = |side: &str| {
        let report = format!("{side}/report.json");
        let (shims, out) = (format!("{side}/shims"), format!("{side}/out.wasm"));
        let arguments = [
            &["fuse", "quadruple.wat", "doubling.wat", "-o", &out, "--explain", "--dump", "plan"],
            &["--report", &report, "--emit-shims", &shims][..],
        ]
        .concat();
        let printed = if side == "native" {
            done(&folder, &arguments)
        } else {
            runner(&folder, &arguments).stdout
        };
        let shims = folder.path().join(shims);
        let shims = if shims.exists() { names(&shims) } else { Vec::new() };
        (printed, read(&folder, &report), shims)
    };
    let native = run("native");
    assert!(native.0.contains("double"), "{}", native.0);
    assert!(String::from_utf8_lossy(&native.1).contains("\"core-modules\""));
    assert_eq!(native, run("runner"));
}

#[test]
fn help_version_and_pages_are_the_same_on_both_hosts() {
    let folder = Folder::with(&[]);
    for arguments in
        [&["--help"][..], &["fuse", "--help"], &["help", "link"], &["explain", "not-a-component"]]
    {
        let output = runner(&folder, arguments);
        assert_eq!(output.stdout, done(&folder, arguments));
        assert!(!output.stdout.is_empty());
    }
    // The component, which is the same after a commit that changes something else, does not know it.
    let version = runner(&folder, &["--version"]).stdout;
    for flag in ["--version", "-V"] {
        let with_commit = done(&folder, &[flag]);
        let commit = with_commit.strip_prefix(version.trim_end()).expect("begins with the version");
        let digits = commit.trim().trim_start_matches('(').trim_end_matches(')');
        assert!(
            digits.len() == 10 && digits.chars().all(|c| c.is_ascii_hexdigit()),
            "{with_commit}"
        );
    }
}

#[test]
fn a_component_goes_from_standard_input_to_standard_output() {
    let folder = Folder::with(&FILES);
    done(&folder, &["fuse", "quadruple.wat", "doubling.wat", "-o", "out.wasm"]);
    let arguments = ["fuse", "quadruple.wat", "doubling=-", "-o", "-", "--explain"];
    let output = native(&folder, &arguments, DOUBLING.as_bytes());
    assert!(output.stdout == read(&folder, "out.wasm"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 crossing"), "{output:?}");
}

#[test]
fn inspect_prints_a_graph_in_each_format() {
    let folder = Folder::with(&FILES);
    let text = done(&folder, &["inspect", "doubling.wat"]);
    assert!(text.contains("demo:math/doubling@1.0.0"), "{text}");
    assert!(done(&folder, &["inspect", "doubling.wat", "--json"]).starts_with('{'));
    assert!(done(&folder, &["inspect", "doubling.wat", "--dot"]).starts_with("digraph {"));
}

#[test]
fn print_prints_the_text_of_a_component_or_a_module_on_both_hosts() {
    let folder = Folder::with(&FILES);
    done(&folder, &["fuse", "quadruple.wat", "doubling.wat", "-o", "out.wasm"]);
    for (file, opening) in [("out.wasm", "(component"), ("core.wat", "(module")] {
        let text = done(&folder, &["print", file]);
        assert!(text.starts_with(opening), "{text}");
        assert_eq!(runner(&folder, &["print", file]).stdout, text);
    }
}

const WAC: &str = "\
package demo:app;
let doubling = new demo:doubling {};
let app = new demo:quadruple { ...doubling };
export app.quadruple;
";

const WAC_FILES: [(&str, &[u8]); 3] = [
    ("app.wac", WAC.as_bytes()),
    ("deps/demo/doubling.wasm", DOUBLING.as_bytes()),
    ("quadruple.wasm", QUADRUPLE.as_bytes()),
];

/// A folder with these files, some in folders.
fn folder(files: &[(&str, &[u8])]) -> Folder {
    let folder = Folder::with(&[]);
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("is in a folder")).expect("can be made");
        std::fs::write(path, bytes).expect("can be written");
    }
    folder
}

#[test]
fn a_wac_file_is_what_it_puts_together() {
    let folder = folder(&WAC_FILES);
    done(&folder, &["fuse", "app.wac", "-o", "fused.wasm"]);
    done(&folder, &["link", "app.wac", "-o", "linked.wasm"]);
    done(&folder, &["fuse", "app=linked.wasm", "-o", "again.wasm"]);
    assert!(read(&folder, "fused.wasm") == read(&folder, "again.wasm"));
    assert_ne!(read(&folder, "fused.wasm"), read(&folder, "linked.wasm"));
    let print = done(&folder, &["print", "fused.wasm"]);
    assert_eq!(print.matches("(core module").count(), 1, "{print}");
}

#[test]
fn packages_of_a_wac_file_may_be_elsewhere() {
    let folder = folder(&[("lib/app.wac", WAC.as_bytes()), ("a.wat", b"oops"), ("b.wat", b"oops")]);
    std::fs::write(folder.path().join("a.wat"), DOUBLING).expect("can be written");
    std::fs::write(folder.path().join("b.wat"), QUADRUPLE).expect("can be written");
    let fuse = ["fuse", "lib/app.wac", "-o", "fused.wasm", "--dep", "demo:doubling=a.wat"];
    done(&folder, &[&fuse[..], &["--dep", "demo:quadruple=b.wat"]].concat());
    let message = refused(&folder, &fuse, 1);
    assert!(
        message.starts_with("error[invalid-wac]: unknown package `demo:quadruple`"),
        "{message}"
    );
    assert!(message.contains("`lib/deps/demo/quadruple.wasm`, `lib/quadruple.wasm`"), "{message}");
    assert!(message.contains("--> lib/app.wac:3:15\n"), "{message}");
    assert!(message.contains("--dep"), "{message}");
}

#[test]
fn a_wac_file_that_is_wrong_is_an_error_at_its_place() {
    let folder = folder(&WAC_FILES);
    let wrong = WAC.replace("app.quadruple", "app.triple");
    std::fs::write(folder.path().join("wrong.wac"), wrong).expect("can be written");
    let message = refused(&folder, &["fuse", "wrong.wac", "-o", "out.wasm"], 1);
    assert!(message.starts_with("error[invalid-wac]: "), "{message}");
    assert!(message.contains("4 | export app.triple;\n  |           ^"), "{message}");
    std::fs::write(folder.path().join("quadruple.wasm"), "(module)").expect("can be written");
    let message = refused(&folder, &["fuse", "app.wac", "-o", "out.wasm"], 1);
    assert!(message.starts_with("error[not-a-component]: "), "{message}");
    assert!(message.contains("`demo:quadruple`"), "{message}");
}

#[test]
fn what_stops_the_tools_that_read_wac_files_is_an_error() {
    let module = r#"(component (import "m" (core module
        (type (struct)) (import "a" "f" (func (param (ref null 0)))))))"#;
    let text = "package demo:app;\nlet it = new demo:it { ... };\n";
    let deep =
        format!("package demo:app;\nlet it = {}it{};", "(".repeat(100_000), ")".repeat(100_000));
    let folder = folder(&[
        ("app.wac", text.as_bytes()),
        ("it.wasm", module.as_bytes()),
        ("deep.wac", deep.as_bytes()),
    ]);
    for (file, said) in [("app.wac", "`None` value (at wac-types-"), ("deep.wac", "nests too deep")]
    {
        let message = refused(&folder, &["fuse", file, "-o", "out.wasm"], 1);
        assert!(message.starts_with("error[wac-stopped]: "), "{message}");
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn under_a_runner_a_wac_file_is_said_to_be_one() {
    let folder = folder(&WAC_FILES);
    let output = runner(&folder, &["fuse", "app.wac", "-o", "out.wasm"]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.starts_with("error[invalid-input]: this is a WAC file"), "{output:?}");
    assert!(output.stderr.contains("wac compose"), "{output:?}");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let folder = Folder::with(&FILES);
    let message = |flags: &[&str]| {
        let arguments = [&["fuse", "core.wat", "-o", "out.wasm"][..], flags].concat();
        refused(&folder, &arguments, 1)
    };
    let plain = message(&[]);
    assert!(!plain.contains('\x1b'), "{plain}");
    let painted = message(&["--color", "always"]);
    assert!(painted.starts_with("\x1b[1m\x1b[31merror[not-a-component]:\x1b[0m "), "{painted:?}");
}

#[test]
fn what_is_watched_is_fused_again_when_it_has_changed() {
    let folder = folder(&WAC_FILES);
    let mut command = Command::new(env!("CARGO_BIN_EXE_wasm-fuser"));
    command.args(["fuse", "app.wac", "-o", "out.wasm", "--watch"]).current_dir(folder.path());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the command starts");
    let mut lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
    let mut line = || lines.next().expect("goes on").expect("is text");
    assert!(line().starts_with("out.wasm: "));
    let first = read(&folder, "out.wasm");
    // A package of the WAC file: the command was not told of it.
    let package = folder.path().join("deps/demo/doubling.wasm");
    std::fs::write(&package, "(module)").expect("can be written");
    assert!(line().starts_with("error[not-a-component]"));
    assert!(read(&folder, "out.wasm") == first, "what was there is still there");
    std::fs::write(&package, DOUBLING.replace("i32.shl", "i32.add")).expect("can be written");
    while !line().starts_with("out.wasm: ") {}
    assert!(read(&folder, "out.wasm") != first);
    child.kill().expect("is running");
    child.wait().expect("has ended");
}

/// An optimiser that writes what it was given, and one byte more: a custom section has to come.
#[cfg(unix)]
#[test]
fn an_optimiser_is_run_on_the_core_modules_and_what_it_makes_is_put_back() {
    use std::os::unix::fs::PermissionsExt;

    // `-O3 -g IN -o OUT`: a custom section without a name or contents is a byte for it, and two sizes.
    let script = "#!/bin/sh\necho \"$@\" >> asked\n\
                  cat \"$3\" > \"$5\"; printf '\\000\\001\\000' >> \"$5\"\n";
    let folder = Folder::with(&[FILES[0], FILES[1], ("wasm-opt", script.as_bytes())]);
    let optimiser = folder.path().join("wasm-opt");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&optimiser, executable).expect("the script can be made a program");
    let fused = |flags: &[&str], path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wasm-fuser"));
        command.args(["fuse", "quadruple.wat", "doubling.wat", "-o"]).args(flags);
        command.current_dir(folder.path()).env("PATH", path).output().expect("the command starts")
    };
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let output = fused(&["plain.wasm"], &path);
    assert!(output.status.success(), "{output:?}");
    let output = fused(&["optimised.wasm", "-O"], &path);
    assert!(output.status.success(), "{output:?}");
    let (plain, optimised) = (read(&folder, "plain.wasm"), read(&folder, "optimised.wasm"));
    assert_eq!(optimised.len(), plain.len() + 3);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&format!("{} bytes", optimised.len())), "{said}");
    let asked = String::from_utf8(read(&folder, "asked")).expect("the script writes ASCII");
    assert_eq!(asked.lines().count(), 1, "{asked}");

    // By hand, it comes to the same.
    done(&folder, &["splice", "plain.wasm", "-o", "modules"]);
    let mut module = read(&folder, "modules/0.wasm");
    module.extend([0, 1, 0]);
    std::fs::write(folder.path().join("by-hand.wasm"), module).expect("a file can be written");
    done(&folder, &["splice", "plain.wasm", "by-hand.wasm", "-o", "spliced.wasm"]);
    assert!(read(&folder, "spliced.wasm") == optimised);

    // (No path at all would mean this folder.)
    let nowhere = folder.path().join("nowhere").display().to_string();
    let output = fused(&["missing.wasm", "-O"], &nowhere);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("error[io]: `wasm-opt` cannot"), "{said}");
    assert!(!folder.path().join("missing.wasm").exists());
}

#[test]
fn wrong_usage_ends_with_two_and_under_a_runner_with_one() {
    let folder = Folder::with(&FILES);
    for arguments in [&[][..], &["fuse", "a.wasm"], &["melt"], &["fuse", "a", "-o", "b", "--fast"]]
    {
        let message = refused(&folder, arguments, 2);
        assert!(message.contains("Usage"), "{message}");
        let output = runner(&folder, arguments);
        assert_eq!((output.code, output.stderr), (1, message));
    }
}

#[test]
fn a_core_module_is_refused_with_a_way_to_make_it_a_component() {
    let folder = Folder::with(&FILES);
    let message = refused(&folder, &["fuse", "core.wat", "-o", "out.wasm"], 1);
    assert!(message.starts_with("error[not-a-component]"), "{message}");
    assert!(message.contains("wasm-tools component new"), "{message}");
}

#[test]
fn an_existing_output_is_untouched_when_the_input_is_refused() {
    let folder = Folder::with(&FILES);
    std::fs::write(folder.path().join("out.wasm"), "before").expect("can be written");
    let arguments =
        ["fuse", "core.wat", "-o", "out.wasm", "--report", "report.json", "--emit-shims", "shims"];
    refused(&folder, &arguments, 1);
    assert_eq!(read(&folder, "out.wasm"), b"before");
    assert_eq!(names(folder.path()), ["core.wat", "doubling.wat", "out.wasm", "quadruple.wat"]);
}

#[test]
fn a_replaced_output_leaves_no_temporary_file() {
    let folder = Folder::with(&FILES);
    std::fs::write(folder.path().join("out.wasm"), "before").expect("can be written");
    done(&folder, &["fuse", "doubling.wat", "-o", "out.wasm"]);
    assert_ne!(read(&folder, "out.wasm"), b"before");
    assert_eq!(names(folder.path()), ["core.wat", "doubling.wat", "out.wasm", "quadruple.wat"]);
}

#[test]
fn a_file_that_cannot_be_read_or_written_is_named() {
    let folder = Folder::with(&FILES);
    let message = refused(&folder, &["fuse", "missing.wasm", "-o", "out.wasm"], 1);
    assert!(message.starts_with("error[io]: cannot read `missing.wasm`"), "{message}");
    let message = refused(&folder, &["fuse", "doubling.wat", "-o", "core.wat/out.wasm"], 1);
    assert!(message.starts_with("error[io]: cannot write `core.wat/out.wasm`"), "{message}");
}

#[test]
fn too_little_memory_is_an_error_and_not_a_crash() {
    let folder = Folder::with(&FILES);
    let arguments = ["fuse", "doubling.wat", "-o", "out.wasm", "--max-memory-mb", "1"];
    let message = refused(&folder, &arguments, 1);
    assert!(message.starts_with("error[host-limit]"), "{message}");
    assert!(message.contains("--max-memory-mb"), "{message}");
}

#[test]
fn what_reads_text_has_the_bounds_of_the_call() {
    // Read, it is much larger than as text, and than what becomes of it.
    let text = format!("(component {})", "(type u32)\n".repeat(300_000));
    let folder = Folder::with(&[("types.wat", text.as_bytes())]);
    let arguments =
        |megabytes| ["fuse", "types.wat", "-o", "out.wasm", "--max-memory-mb", megabytes];
    let message = refused(&folder, &arguments("64"), 1);
    assert!(message.starts_with("error[host-limit]"), "{message}");
    assert!(message.contains("more than 64 MB of memory"), "{message}");
    done(&folder, &arguments("512"));
    done(&folder, &["fuse", "types.wasm=out.wasm", "-o", "again.wasm", "--max-memory-mb", "64"]);
}

#[cfg(unix)]
#[test]
fn too_little_address_space_is_an_error_and_not_a_crash() {
    let folder = Folder::with(&FILES);
    // Too little for the fuser, and for what reads text beside it.
    for kilobytes in [3_500_000, 8_000_000] {
        let limited = format!(
            "ulimit -v {kilobytes}; exec {} fuse doubling.wat -o out.wasm",
            env!("CARGO_BIN_EXE_wasm-fuser")
        );
        let mut command = Command::new("sh");
        let output = command.args(["-c", &limited]).current_dir(folder.path()).output();
        let output = output.expect("a shell starts");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.starts_with("error[host-limit]"), "{message}");
        assert!(message.contains("10 GB of address space"), "{message}");
    }
}

/// A component with a function that reads a memory with so many bytes of data.
fn with_data(size: usize) -> Vec<u8> {
    use wasm_encoder::*;

    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: size.div_ceil(1 << 16) as u64,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    let mut body = Function::new([]);
    let first = MemArg { offset: 0, align: 0, target: MemArgTarget::Memory(0), ordering: None };
    body.instructions().i32_const(0).i32_load8_u(first).end();
    code.function(&body);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(0), vec![b'Q'; size]);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories);
    module.section(&exports).section(&code).section(&data);

    let mut component = ComponentBuilder::default();
    let module = component.core_module(None, &module);
    let instance = component.core_instantiate(None, module, []);
    let function = component.core_alias_export(None, instance, "f", ExportKind::Func);
    let (ty, mut encoder) = component.type_function(None);
    encoder.params::<[(&str, ComponentValType); 0], _>([]);
    encoder.result(Some(ComponentValType::Primitive(PrimitiveValType::U32)));
    let lifted = component.lift_func(None, function, ty, []);
    component.export("f", ComponentExportKind::Func, lifted, None);
    component.finish()
}

/// What wasmtime bounds, unless it is told to let memory be the bound.
#[test]
fn a_result_may_have_more_than_128_mebibytes() {
    let large = with_data((128 << 20) + 1);
    let folder = Folder::with(&[("large.wasm", &large)]);
    done(&folder, &["fuse", "large.wasm", "-o", "out.wasm"]);
    assert!(read(&folder, "out.wasm").len() > 128 << 20);
}

#[test]
fn the_time_of_each_step_is_printed_where_it_is_asked_for() {
    let folder = Folder::with(&FILES);
    let output = native(&folder, &["fuse", "doubling.wat", "-o", "out.wasm", "--time"], b"");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("time: start "), "{stderr}");
}
