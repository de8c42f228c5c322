//! Engines as programs: each runs a module with arguments, an environment, standard input and a folder.
//!
//! | engine | what it is | WASI |
//! |---|---|---|
//! | Node.js | V8 | `node:wasi`, over uvwasi |
//! | wasmi | an interpreter in Rust | that of its crate `wasmi_wasi` |
//! | wasm3 | an interpreter in C, which knows no vectors | a small one in C, `wasi.c` |
//! | wasm2c | Debian's wabt translates the module to C, which the C compiler compiles | the same |
//!
//! They are built when a test first asks for one. What is missing fails it.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use wasm_fuser_testing::root;
use wasm_fuser_testing::run::{Output, Surroundings, TRAPPED};

/// An engine.
pub struct Engine {
    /// Its name.
    pub name: &'static str,
    /// The target whose modules it runs.
    pub target: &'static str,
    /// Whether it can be started with a socket that listens.
    pub can_listen: bool,
    prepare: fn(&Path) -> Vec<PathBuf>,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Engine; 4] = [
        Engine { name: "node", target: "node-wasi", can_listen: false, prepare: node },
        Engine {
            name: "wasmi",
            target: "wasmi",
            can_listen: false,
            prepare: |file| vec![wasmi(), file.into()],
        },
        Engine {
            name: "wasm3",
            target: "wasm3",
            can_listen: true,
            prepare: |file| vec![wasm3(), file.into()],
        },
        Engine {
            name: "wasm2c",
            target: "wasm2c",
            can_listen: true,
            prepare: |file| vec![wasm2c(file)],
        },
    ];

    /// A module, which is in a folder of its own, ready to be run often.
    pub fn prepare(&self, module: &Path) -> Prepared {
        Prepared { program: (self.prepare)(module) }
    }
}

/// What runs a module.
pub struct Prepared {
    program: Vec<PathBuf>,
}

impl Prepared {
    /// Runs it.
    pub fn run(&self, given: &Surroundings<'_>) -> Output {
        let (program, first) = self.program.split_first().expect("there is a program");
        let mut command = Command::new(program);
        command.args(first).arg(given.folder.expect("is given")).args(given.args);
        command.env_clear().envs(given.env.iter().copied());
        for variable in ["PATH", "HOME"] {
            command.envs(std::env::var_os(variable).map(|value| (variable, value)));
        }
        ran(&mut command, given.stdin)
    }
}

fn ran(command: &mut Command, stdin: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut pipe = child.stdin.take().expect("is a pipe");
    let stdin = stdin.to_vec();
    let writer = std::thread::spawn(move || {
        // Who does not read it all closes it.
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("does not panic");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Output {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code().unwrap_or(TRAPPED),
    }
}

/// Runs what makes something; what it prints.
fn made(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?} fails");
    String::from_utf8(output.stdout).expect("is text")
}

fn node(module: &Path) -> Vec<PathBuf> {
    let script = root().join("tests/wasip1/node.mjs");
    vec!["node".into(), "--no-warnings".into(), script, module.into()]
}

/// The package of engines in Rust, and where it is compiled.
fn package() -> (PathBuf, PathBuf) {
    let folder = root().join("crates/engines");
    (folder.join("Cargo.toml"), folder.join("target"))
}

fn wasmi() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let (manifest, target) = package();
            let mut cargo = Command::new("cargo");
            cargo.args(["build", "--quiet", "--release", "--locked", "--manifest-path"]);
            made(cargo.arg(manifest).arg("--target-dir").arg(&target));
            target.join("release/run-in-wasmi")
        })
        .clone()
}

/// The C compiler, in the folder of our own C.
fn cc() -> Command {
    let mut cc = Command::new("cc");
    cc.args(["-std=gnu11", "-w"]).current_dir(root().join("tests/wasip1"));
    cc
}

fn wasm3() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let (manifest, target) = package();
            let mut cargo = Command::new("cargo");
            cargo.args(["metadata", "--format-version", "1", "--locked", "--manifest-path"]);
            let metadata = made(cargo.arg(manifest));
            let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("is JSON");
            let packages = metadata["packages"].as_array().expect("is a list");
            let sources = packages.iter().find(|package| package["name"] == "wasm3x-sys");
            let sources = sources.and_then(|package| package["manifest_path"].as_str());
            let sources = Path::new(sources.expect("has the sources"));
            let sources = sources.with_file_name("wasm3").join("source");
            let of_engine = |path: &PathBuf| {
                let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
                path.extension().is_some_and(|it| it == "c") && !name.starts_with("m3_api_")
            };
            let files = fs::read_dir(&sources).expect("is a folder");
            let mut files: Vec<_> =
                files.map(|file| file.expect("is there").path()).filter(of_engine).collect();
            files.sort();
            fs::create_dir_all(&target).expect("can be made");
            let program = target.join("wasm3");
            // Beside, and then in its place: other tests may run it.
            let beside = target.join(format!("wasm3-{}", std::process::id()));
            let mut cc = cc();
            cc.args(["-O2", "-Dd_m3LogOutput=0", "-Dd_m3Use32BitSlots=0", "-I"]).arg(&sources);
            made(cc.args(["wasm3.c", "wasi.c"]).args(files).arg("-lm").arg("-o").arg(&beside));
            fs::rename(&beside, &program).expect("can be renamed");
            program
        })
        .clone()
}

/// A module as a program, beside it.
fn wasm2c(module: &Path) -> PathBuf {
    static WABT: OnceLock<PathBuf> = OnceLock::new();
    let wabt = WABT.get_or_init(|| {
        let package = root().join("scripts/debian-package.sh");
        made(Command::new(package).args(["wabt", "wasm2c"])).trim_end().into()
    });
    let folder = module.parent().expect("is in a folder");
    let (source, header) = (folder.join("app.c"), folder.join("app.h"));
    let mut translate = Command::new(wabt.join("bin/wasm2c"));
    made(translate.arg(module).args(["-n", "app", "-o"]).arg(&source));
    let header = fs::read_to_string(header).expect("is written");
    fs::write(folder.join("main.c"), c_main(&header)).expect("can be written");
    fs::write(folder.join("trapped.h"), "void trapped(int code);\n").expect("can be written");
    let (program, runtime) = (folder.join("app"), wabt.join("src/wasm2c"));
    let mut cc = cc();
    cc.arg("-I").arg(&runtime).arg("-I").arg(folder).args(["-I", "."]);
    cc.args(["-DWASM_RT_TRAP_HANDLER=trapped", "-include", "trapped.h"]);
    cc.arg(source).arg(folder.join("main.c")).arg(runtime.join("wasm-rt-impl.c"));
    made(cc.args(["wasi.c", "-lm", "-o"]).arg(&program));
    program
}

/// What leads from the C that a module became to WASI, and starts it: by the header, whose names differ from
/// version to version.
fn c_main(header: &str) -> String {
    let mut out = String::from(
        "#include \"app.h\"\n#include \"wasi.h\"\n#include <stdio.h>\n#include <stdlib.h>\n\n\
         extern char **environ;\n\n",
    );
    let lines: Vec<&str> = header.lines().collect();
    let after = |what: &str| {
        let at = lines.iter().position(|line| line.contains(what));
        at.and_then(|at| lines.get(at + 1)).unwrap_or_else(|| panic!("no `{what}` in {header}"))
    };
    let mut host = "";
    for (line, declared) in lines.iter().zip(lines.iter().skip(1)) {
        let import = line.strip_prefix("/* import: 'wasi_snapshot_preview1' '");
        let Some(name) = import.and_then(|rest| rest.split('\'').next()) else { continue };
        let declared = declared.trim_end_matches(");");
        let (function, types) = declared.split_once('(').expect("is a function");
        let mut types = types.split(", ");
        host = types.next().expect("takes the host").trim_end_matches('*');
        let (mut parameters, mut arguments) = (format!("{host} *host"), String::new());
        for (number, ty) in types.enumerate() {
            write!(parameters, ", {ty} a{number}").expect("is a string");
            write!(arguments, ", a{number}").expect("is a string");
        }
        let returns = if function.starts_with("void") { "" } else { "return " };
        writeln!(
            out,
            "{function}({parameters}) {{ {returns}wasi_{name}((struct wasi *)host{arguments}); }}"
        )
        .expect("is a string");
    }
    let symbol = |line: &str| {
        let before = line.split('(').next().unwrap_or_default();
        before.split([' ', '*']).next_back().unwrap_or_default().to_string()
    };
    let (memory, start) = (after("/* export: 'memory' */"), after("/* export: '_start' */"));
    let instance = start.split(['(', '*']).nth(1).expect("takes the instance").to_string();
    let instantiate = lines.iter().find(|line| line.contains("_instantiate(")).expect("is there");
    let initialize = lines.iter().find(|line| line.contains("_init_module("));
    let initialize = initialize.map(|line| format!("{}();", symbol(line))).unwrap_or_default();
    let (memory, start, instantiate) = (symbol(memory), symbol(start), symbol(instantiate));
    write!(
        out,
        "
void trapped(int code) {{
    fprintf(stderr, \"trap %d\\n\", code);
    exit({TRAPPED});
}}

static {instance} app;

static uint8_t *memory(void *context, uint64_t *size) {{
    *size = {memory}(&app)->size;
    return {memory}(&app)->data;
}}

int main(int count, char **arguments) {{
    struct wasi wasi = {{.memory = memory}};
    const char *folder = arguments[1];
    arguments[1] = \"command\";
    wasi_open(&wasi, arguments + 1, environ, folder);
    wasm_rt_init();
    {initialize}
    {instantiate}(&app, ({host} *)&wasi);
    {start}(&app);
    return 0;
}}
"
    )
    .expect("is a string");
    out
}
