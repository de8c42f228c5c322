//! wasm-fuser compiles the boundaries of a component composition away: what was several WebAssembly
//! components becomes one core module inside one component of the same world.
//!
//! ```
//! use wasm_fuser::report::Strategy;
//! use wasm_fuser::{Input, Options, fuse};
//!
//! let app = r#"
//!   (component
//!     (import "twice" (func $twice (param "x" u32) (result u32)))
//!     (core func $lowered (canon lower (func $twice)))
//!     (core module $code
//!       (import "" "twice" (func $twice (param i32) (result i32)))
//!       (func (export "run") (result i32) (call $twice (i32.const 21))))
//!     (core instance $code (instantiate $code
//!       (with "" (instance (export "twice" (func $lowered))))))
//!     (func (export "run") (result u32) (canon lift (core func $code "run"))))"#;
//! let words = r#"
//!   (component
//!     (core module $code
//!       (func (export "twice") (param i32) (result i32)
//!         (i32.shl (local.get 0) (i32.const 1))))
//!     (core instance $code (instantiate $code))
//!     (func (export "twice") (param "x" u32) (result u32)
//!       (canon lift (core func $code "twice"))))"#;
//!
//! // `app` is the root, because it is the first.
//! let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
//! let fused = fuse(&[input("app", app), input("words", words)], &Options::default())?;
//!
//! assert_eq!(fused.report.after.components, 1);
//! assert_eq!(fused.report.after.core_modules, 1);
//! let [crossing] = &fused.report.crossings[..] else { panic!("one call crosses") };
//! assert_eq!((&*crossing.from, &*crossing.to), ("app", "words"));
//! assert_eq!(crossing.strategy, Strategy::Direct);
//! # Ok::<(), wasm_fuser::Error>(())
//! ```
//!
//! [`fuse`] is the table of contents: each line is a stage, each stage a folder, and each takes what
//! came before and returns a new type. `docs/architecture.md` is the map.

mod abi;
mod analyse;
mod bind;
mod boundary;
mod core;
mod debug;
mod decode;
pub mod error;
mod group;
mod ids;
mod limits;
pub mod link;
mod merge;
mod metadata;
pub mod options;
mod plan;
pub mod report;
mod runtime;
mod shim;
mod splice;
pub mod targets;
pub mod text;
mod verify;
mod wrap;

use self::debug::Debugged;
pub use self::error::{Code, Error, Result};
pub use self::options::{DebugInfo, Emit, Input, Names, Options};
pub use self::report::{Fused, Graph, Report};
pub use self::splice::{modules, splice};
pub use self::targets::Target;

/// Fuses a composition: the first input is the root, whose imports the others satisfy; a single
/// input is a composition already.
///
/// Nothing but the arguments is read, and equal arguments give equal bytes.
///
/// # Errors
///
/// What cannot be fused correctly is refused, with a [`Code`] and as much of the
/// [place](error::Place) as is known. [`Code::ALL`] has them all; [`Code::Io`] and
/// [`Code::HostLimit`] are those of hosts, and do not come from here.
pub fn fuse(inputs: &[Input], options: &Options) -> Result<Fused> {
    // What is another component's, and may have to be loaded, is asked for before anything is done.
    debug::prepare(inputs, options);
    // Text becomes binary, and each input turns out to be a valid component.
    let components = decode::components(inputs)?;
    // Several components become one that instantiates them all.
    let linked = link::link_validated(&components.inputs, &components.types, options)?;
    // Its definitions, in order.
    let decoded = decode::decode(&linked.bytes, components.notes(&linked.order))?;
    // Instantiated symbolically, it is a flat graph of instances. No names below this line.
    let plan = plan::plan(&decoded, options).map_err(|e| linked.locate(e))?;
    // Which guests are left to tasks of the engine, each in a component of its own.
    let apart = analyse::apart(&plan, options).map_err(|e| linked.locate(e))?;
    // What can be one component of the result: all of it, unless code is missing in between.
    let groups = group::groups(&plan, apart, options).map_err(|e| linked.locate(e))?;
    // Each group is fused as if it was all there is.
    let parts = groups.iter().map(|group| {
        let fused = |options: &Options| fuse_group(&group.plan, options);
        fused(options).map_err(|e| limits::advise(e, options, |other| fused(other).is_ok()))
    });
    let parts: Vec<_> = parts.collect::<Result<_>>().map_err(|e| linked.locate(e))?;
    let (parts, components): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    // If there are several, they are put side by side.
    let bytes = wrap::compose(&plan, &groups, components, options)?;
    // The result tells what the composition told of itself.
    let bytes = metadata::result(bytes, &decoded, options);
    // Nothing leaves that is too large, or not valid.
    limits::output(&bytes, options)?;
    verify::output(&bytes, options)?;
    // What was done, and why. It cannot change the bytes any more.
    report::report(&linked, &plan, &groups, &parts, bytes, options)
}

/// What was decided about a group, what was generated for it, and what there is to say of its code.
#[derive(Debug)]
struct Part {
    facts: analyse::Facts,
    shims: shim::Shims,
    code: report::Code,
    debug: debug::Outcome,
}

/// Fuses guests to one component, or to what `options.emit` says.
fn fuse_group(plan: &plan::Plan<'_>, options: &Options) -> Result<(Part, Vec<u8>)> {
    // Every decision is made before any code is generated.
    let facts = analyse::analyse(plan, options)?;
    // The crossings become core modules.
    let shims = shim::shim(plan, &facts, options)?;
    // Guests and shims are now alike: core instances, bound to one another.
    let bound = bind::bind(plan, &facts, &shims, options)?;
    // What the outside world sees of them.
    let boundary = boundary::boundary(plan, &facts, &shims, &bound, options)?;
    // They become one core module, or as few as there can be.
    let merged = merge::merge(plan, &bound, &boundary, options)?;
    // What is not a copy of valid code is validated.
    verify::merged(merged.as_ref(), &bound, options)?;
    // What debuggers know of guests, they know of what became of them.
    let Debugged { merged, modules, outcome } = debug::debug(plan, &bound, merged, options)?;
    // They tell what made them and what they need.
    let marked = merged.map(|merged| metadata::modules(merged, plan, &bound)).transpose()?;
    let (merged, needs) = marked.unzip();
    let needs = needs.unwrap_or_default();
    metadata::check(merged.as_ref(), &needs, options)?;
    // The boundary is written again, around it.
    let code = wrap::Code { merged: merged.as_ref(), modules: &modules };
    let framed = wrap::wrap(plan, &facts, &bound, &boundary, code, options)?;
    // So are generated modules that stay what they are.
    verify::shims(&shims, merged.as_ref(), options)?;
    // What there is to say of the code, before it goes.
    let code = report::code(plan, &facts, &bound, &boundary, merged.as_ref(), &needs);
    // The modules are moved to where they belong.
    let bytes = framed.filled(merged)?;
    Ok((Part { facts, shims, code, debug: outcome }, bytes))
}

/// The instance graph of a component, as it is, within the default [`Limits`](options::Limits).
///
/// # Errors
///
/// Those of [`fuse`], as far as the instance graph: what can be drawn and not be fused, such as a
/// resource that crosses, is no error here.
pub fn inspect(input: &Input) -> Result<Graph> {
    let components = decode::components(std::slice::from_ref(input))?;
    let [component] = &components.inputs[..] else {
        return Err(Error::internal("one input became several"));
    };
    let decoded = decode::decode(&component.bytes, [])?;
    let plan =
        plan::plan(&decoded, &Options::default()).map_err(|e| e.in_input(&component.name))?;
    Ok(report::graph(&plan))
}

/// Inputs that are linked and not fused.
#[derive(Clone, Debug)]
pub struct Composition {
    /// A component that instantiates them, each as it is; the input, if there is only one.
    pub bytes: Vec<u8>,
    /// [`Report::warnings`], as far as linking goes.
    pub warnings: Vec<String>,
    /// [`Report::notes`].
    pub notes: Vec<String>,
}

/// Links inputs to the composition that [`fuse`] would fuse, and leaves it at that. Only the options
/// matter that are about links: `wires`, `chain`, `leave_open`, `also_export` and `open`.
///
/// # Errors
///
/// Those of [`fuse`] about the inputs and their connections.
pub fn link(inputs: &[Input], options: &Options) -> Result<Composition> {
    let components = decode::components(inputs)?;
    let linked = link::link_validated(&components.inputs, &components.types, options)?;
    let (warnings, notes) =
        (report::sentences(linked.warnings()), report::sentences(linked.notes()));
    Ok(Composition { bytes: linked.bytes.into_owned(), warnings, notes })
}

/// The text format of a component or a core module, in binary or already in text.
///
/// What it is given need not be valid, as long as it can be read: a result that a validator refuses
/// is what one wants to look at.
///
/// # Errors
///
/// [`Code::InvalidInput`], with the offset of what cannot be read.
pub fn print(bytes: &[u8]) -> Result<String> {
    decode::text(bytes)
}

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
