//! Hashes everything that the fuser makes, to see whether a change has changed any of it.
//!
//! ```text
//! cargo run --release --example hashes > before.txt          cases and guests
//! cargo run --release --example hashes polyglot >> before.txt    guests in other languages
//!
//! 3f9c2a7d01e4b865 a_list_of_bytes_is_one_copy/case.wast#0 split
//! ```
//!
//! A line for each input and each form: a hash of the result's bytes, of the generated modules, and of
//! the report; or of the code and message of the refusal. Lines are sorted, so two runs are compared with
//! `diff`. A case keeps its lines when its folder moves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Names, Options, Stage, Tasks, Wire};

use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::resources::SETS;
use wasm_fuser_testing::{corpus, polyglot};

fn main() -> Result<()> {
    let mut lines = Vec::new();
    match std::env::args().nth(1).as_deref() {
        None => {
            for (name, bytes) in corpus::binaries() {
                let input = Input { name: "input".into(), bytes };
                hash(&name, &[input], &[], &forms(), &mut lines)?;
            }
            linked(&mut lines)?;
            for (name, program) in programs() {
                hash(&name, &program.inputs, &program.wires, &forms(), &mut lines)?;
            }
        }
        Some("polyglot") => {
            let stages = polyglot::STAGES;
            for stage in stages {
                let name = format!("polyglot {stage}");
                let input = polyglot::stage(stage);
                hash(&name, &[input], &[], &few_forms(), &mut lines)?;
            }
            let chain = polyglot::chain(&stages);
            hash("polyglot chain", &chain.inputs, &chain.wires, &few_forms(), &mut lines)?;
        }
        Some(other) => anyhow::bail!("`{other}` is neither `polyglot` nor nothing"),
    }
    lines.sort();
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Every form of the result, and what it is called.
fn forms() -> Vec<(String, Options)> {
    let mut forms = Vec::new();
    for (plan, memory) in
        [("multi", MemoryPlan::Multi), ("split", MemoryPlan::Split), ("single", MemoryPlan::Single)]
    {
        for (form, emit) in [
            ("", Emit::Component),
            (" module", Emit::Module),
            (" raw module", Emit::RawModule),
            (" flat", Emit::Flat),
        ] {
            for (handles, share_handles) in [("", true), (" isolated", false)] {
                for (tasks_name, tasks) in [("", Tasks::Refuse), (" apart", Tasks::Apart)] {
                    let dumps = Stage::ALL.to_vec();
                    let options =
                        Options { memory, emit, share_handles, tasks, dumps, ..Options::default() };
                    forms.push((format!("{plan}{form}{handles}{tasks_name}"), options));
                }
            }
        }
    }
    forms.push(("scalar".into(), Options { simd: false, ..Options::default() }));
    forms.push(("nameless".into(), Options { names: Names::Drop, ..Options::default() }));
    forms
}

/// Enough for what is large.
fn few_forms() -> Vec<(String, Options)> {
    let with = |memory| Options { memory, ..Options::default() };
    vec![
        ("multi".into(), with(MemoryPlan::Multi)),
        ("split".into(), with(MemoryPlan::Split)),
        ("single".into(), with(MemoryPlan::Single)),
        ("module".into(), Options { emit: Emit::Module, ..Options::default() }),
    ]
}

/// The compositions of guests in Rust.
fn programs() -> Vec<(String, Program)> {
    let mut programs = vec![
        ("calculator".to_string(), Program::calculator()),
        ("report".into(), Program::report()),
        ("pair".into(), Program::pair()),
        ("values".into(), Program::values()),
        ("nested-values".into(), Program::nested_values()),
        ("recent-values".into(), Program::recent_values()),
        ("stage".into(), Program::stage()),
        ("tasks".into(), Program::tasks()),
    ];
    programs.extend(SETS.iter().map(|set| (set.name.to_string(), set.command())));
    programs
}

/// The cases of several inputs.
fn linked(lines: &mut Vec<String>) -> Result<()> {
    let cases = wasm_fuser_testing::cases("link");
    for folder in folders(&cases)? {
        let app = folder.join("app.wat");
        if !app.exists() {
            continue;
        }
        let mut inputs = vec![input(&app)?];
        for file in entries(&folder)? {
            let is_input = file.extension().is_some_and(|it| it == "wat") && file != app;
            if is_input && file.file_stem().is_some_and(|stem| stem != "linked") {
                inputs.push(input(&file)?);
            }
        }
        let wires = fs::read_to_string(folder.join("wires.txt")).unwrap_or_default();
        let wires: Vec<Wire> = wires.lines().filter_map(wire).collect();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        hash(&name, &inputs, &wires, &forms(), lines)?;
    }
    Ok(())
}

fn wire(line: &str) -> Option<Wire> {
    let (import, export) = line.split_once('=')?;
    let (importer, import_name) = import.split_once(':')?;
    let (provider, export_name) = export.split_once(':')?;
    Some(Wire {
        importer: importer.into(),
        import_name: import_name.into(),
        provider: provider.into(),
        export_name: export_name.into(),
    })
}

fn input(file: &Path) -> Result<Input> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Input { name, bytes: fs::read(file).with_context(|| file.display().to_string())? })
}

/// Every folder below one, at any depth.
fn folders(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![root.to_path_buf()];
    let mut next = 0;
    while let Some(folder) = found.get(next).cloned() {
        next += 1;
        found.extend(entries(&folder)?.into_iter().filter(|path| path.is_dir()));
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn hash(
    name: &str,
    inputs: &[Input],
    wires: &[Wire],
    forms: &[(String, Options)],
    lines: &mut Vec<String>,
) -> Result<()> {
    for (form, options) in forms {
        let options = Options { wires: wires.to_vec(), ..options.clone() };
        let mut hash = Sha256::new();
        match fuse(inputs, &options) {
            Ok(fused) => {
                hash.update(&fused.bytes);
                for shim in &fused.shims {
                    hash.update(&shim.name);
                    hash.update(&shim.bytes);
                }
                hash.update(serde_json::to_string(&fused.report)?);
            }
            Err(error) => {
                hash.update(error.code().name());
                hash.update(error.message());
            }
        }
        let hash: String = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        lines.push(format!("{hash} {name} {form}"));
    }
    Ok(())
}
