//! `link` on small components in text: what comes out, or why not.
//!
//! A case is a folder `tests/cases/link/<subject>/<proposition>/` with
//!
//! * `app.wat`, the root, and any other `*.wat`, in the order of their names. An input is called
//!   as its file is;
//! * optionally `options.txt`, options of linking as on the command line, one a line;
//! * the golden files: `linked.wat`, the result without the inputs' own text, and `wac.txt`, how
//!   its world compares with that of what `wac plug` makes of the same inputs; or `error.txt`.
//!   Where an input cannot be fused by itself, `not-fused.txt` says why. `notes.txt` is what is
//!   said of the links, if anything is.
//!
//! `BLESS=1` rewrites the golden files. Files of a case that nobody reads fail it. Every result is
//! validated, must hold each input byte for byte, and has the world that comes out when each input
//! is fused by itself before they are linked.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};
use wasm_fuser::link::{Linked, link};
use wasm_fuser::options::{Input, OpenImports, Options, Port, Wire};
use wasm_fuser::{Fused, fuse};
use wasmparser::{Validator, WasmFeatures};

use wasm_fuser_testing::case::{self, Case, trial};
use wasm_fuser_testing::cases;
use wasm_fuser_testing::compose::{self, is_subtype};

fn main() -> Result<()> {
    let more = vec![
        trial("a_single_input_is_returned_as_it_is", single),
        trial("two_inputs_of_one_name_are_refused", duplicate),
        trial("no_input_is_refused", none),
        trial("a_long_chain_of_inputs_is_linked", chain),
    ];
    case::run(&cases("link"), more, run)?.exit()
}

/// Runs one folder.
fn run(case: &mut Case) -> Result<()> {
    let inputs = inputs(case)?;
    let options = options(&case.read("options.txt")?.unwrap_or_default())?;
    match link(&inputs, &options) {
        Ok(linked) => {
            validate(&linked.bytes).context("the result is not valid")?;
            case.compare("linked.wat", &print(&linked, &inputs)?)?;
            let notes = wasm_fuser::link(&inputs, &options)?.notes;
            if !notes.is_empty() {
                case.compare("notes.txt", &(notes.join("\n") + "\n"))?;
            }
            link_fused(case, &inputs, &options, &linked)?;
            case.compare("wac.txt", &compare(&linked, &inputs)?)
        }
        Err(error) => case.compare("error.txt", &format!("{error}\n")),
    }
}

/// The inputs of a case, `app` first.
fn inputs(case: &mut Case) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for file in case.files()? {
        let Some(name) = file.strip_suffix(".wat").filter(|name| *name != "linked") else {
            continue;
        };
        let text = case.read(&file)?.unwrap_or_default();
        let bytes = wat::parse_str(text).with_context(|| file.clone())?;
        validate(&bytes).with_context(|| format!("{file} is not valid by itself"))?;
        inputs.push(Input { name: name.into(), bytes });
    }
    inputs.sort_by_key(|input| input.name != "app");
    ensure!(inputs.first().is_some_and(|input| input.name == "app"), "there is no app.wat");
    Ok(inputs)
}

/// Options as on the command line, one a line.
fn options(text: &str) -> Result<Options> {
    let mut options = Options::default();
    for line in text.lines() {
        let (flag, value) = line.split_once(' ').unwrap_or((line, ""));
        match flag {
            "--wire" => {
                let (import, export) = value.split_once('=').context("a wire has a `=`")?;
                let (importer, provider) = (port(import)?, port(export)?);
                options.wires.push(Wire {
                    importer: importer.input,
                    import_name: importer.name,
                    provider: provider.input,
                    export_name: provider.name,
                });
            }
            "--open" => options.leave_open.push(port(value)?),
            "--export" => options.also_export.push(port(value)?),
            "--chain" => options.chain = true,
            "--closed" => options.open = OpenImports::None,
            "--closed=wasi" => options.open = OpenImports::Wasi,
            _ => bail!("there is no option `{flag}`"),
        }
    }
    Ok(options)
}

fn port(text: &str) -> Result<Port> {
    let (input, name) = text.split_once(':').context("an import or export is `input:name`")?;
    Ok(Port { input: input.into(), name: name.into() })
}

/// The result as text, with each nested input reduced to its name.
fn print(linked: &Linked, inputs: &[Input]) -> Result<String> {
    let text = wasmprinter::print_bytes(&linked.bytes)?;
    let mut out = String::new();
    for name in &linked.unused {
        writeln!(out, ";; unused: {name}")?;
    }
    let mut nested = false;
    for line in text.lines() {
        if let Some(component) = line.strip_prefix("  (component $") {
            let name = component.split(' ').next().unwrap_or_default();
            writeln!(out, "  (component ${name} ...)")?;
            nested = true;
        }
        if !nested {
            writeln!(out, "{line}")?;
        }
        nested &= line != "  )";
    }
    for input in inputs.iter().filter(|input| !linked.unused.contains(&input.name)) {
        let held = linked.bytes.windows(input.bytes.len()).any(|window| window == input.bytes);
        ensure!(held, "`{}` is not in the result byte for byte", input.name);
    }
    Ok(out)
}

/// How the result's world compares with that of `wac plug`, in one line.
fn compare(linked: &Linked, inputs: &[Input]) -> Result<String> {
    let plugged = match std::panic::catch_unwind(|| compose::plug(inputs)) {
        Ok(Ok(plugged)) => plugged,
        Err(_) => return Ok("wac panics on these\n".into()),
        Ok(Err(error)) => {
            // The validator's numbers of resource types are not the same on each run.
            let error = format!("{error:#}");
            let error = error.split(" (ResourceId").next().unwrap_or_default();
            return Ok(format!("wac does not plug these: {error}\n"));
        }
    };
    let narrower = is_subtype(&linked.bytes, &plugged)?;
    let wider = is_subtype(&plugged, &linked.bytes)?;
    let verdict = match (narrower, wider) {
        (true, true) => "the worlds are equal",
        (true, false) => "this world asks for less, or offers more, than wac's",
        (false, true) => "this world asks for more, or offers less, than wac's",
        (false, false) => "the worlds differ",
    };
    Ok(format!("{verdict}\n"))
}

/// Fused, each by itself, the inputs can be linked as they are, and to the same world.
fn link_fused(case: &mut Case, inputs: &[Input], options: &Options, linked: &Linked) -> Result<()> {
    let mut alone = Vec::new();
    for Input { name, bytes } in inputs {
        let input = Input { name: name.clone(), bytes: bytes.clone() };
        match fuse(&[input], &Options::default()) {
            Ok(Fused { bytes, .. }) => alone.push(Input { name: name.clone(), bytes }),
            Err(error) => return case.compare("not-fused.txt", &format!("{error}\n")),
        }
    }
    let again = link(&alone, options).context("the fused inputs are not linked")?;
    validate(&again.bytes).context("the fused inputs make something that is not valid")?;
    let narrower = is_subtype(&again.bytes, &linked.bytes)?;
    let wider = is_subtype(&linked.bytes, &again.bytes)?;
    ensure!(narrower && wider, "the fused inputs make a component of another world");
    Ok(())
}

fn validate(bytes: &[u8]) -> Result<()> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes)?;
    Ok(())
}

fn input(name: &str, text: &str) -> Result<Input> {
    Ok(Input { name: name.into(), bytes: wat::parse_str(text)? })
}

fn single() -> Result<()> {
    let inputs = [input("app", "(component (import \"f\" (func)))")?];
    let linked = link(&inputs, &Options::default())?;
    ensure!(matches!(linked.bytes, std::borrow::Cow::Borrowed(_)), "the bytes were copied");
    ensure!(*linked.bytes == *inputs[0].bytes && linked.unused.is_empty());
    Ok(())
}

fn duplicate() -> Result<()> {
    let inputs = [input("app", "(component)")?, input("app", "(component)")?];
    refused(&inputs, "duplicate-input")
}

fn none() -> Result<()> {
    refused(&[], "invalid-input")
}

fn refused(inputs: &[Input], code: &str) -> Result<()> {
    match link(inputs, &Options::default()) {
        Ok(_) => bail!("it was linked"),
        Err(error) => {
            ensure!(error.code().name() == code, "{error}");
            Ok(())
        }
    }
}

fn chain() -> Result<()> {
    let mut inputs = Vec::new();
    for i in (1..900).rev() {
        let text =
            format!("(component (import \"f{}\" (func $f)) (export \"f{i}\" (func $f)))", i - 1);
        inputs.push(input(&format!("input-{i}"), &text)?);
    }
    let last = "(component
      (core module $m (func (export \"f\")))
      (core instance $m (instantiate $m))
      (func $f (canon lift (core func $m \"f\")))
      (export \"f0\" (func $f)))";
    inputs.push(input("input-0", last)?);
    let linked = link(&inputs, &Options::default())?;
    ensure!(linked.unused.is_empty());
    validate(&linked.bytes)
}
