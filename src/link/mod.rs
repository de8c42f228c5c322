//! Several components that import from one another become one component.
//!
//! ```text
//! app.wasm       imports demo:log/sink, exports run              (the first input: the root)
//! file-log.wasm  imports wasi:cli/stdout, exports demo:log/sink
//!
//! (component
//!   (import "wasi:cli/stdout" ...)                 what nobody provides
//!   (component $file-log ...)                      the inputs, byte for byte
//!   (instance $file-log (instantiate $file-log (with "wasi:cli/stdout" ...)))
//!   (alias export $file-log "demo:log/sink" ...)
//!   (component $app ...)
//!   (instance $app (instantiate $app (with "demo:log/sink" ...)))
//!   (alias export $app "run" ...) (export "run" ...))
//! ```
//!
//! That is what `wac plug` writes, and a composition like any other: the next stage decodes it
//! without knowing where it comes from.
//!
//! | room | what happens there |
//! |---|---|
//! | `inputs` | what each input shows of itself is read, and what the validator knows of it |
//! | `wiring` | each import gets a provider, and the inputs an order |
//! | `result` | the result's imports and exports are written, with their types |
//! | `compose` | all of it is put together and checked; where it does not fit, it is tried otherwise |
//! | `mismatch`, `open` | what does not fit, and what stays open, in the words of whoever linked |
//!
//! Types are compared by `wasmparser`'s subtyping and nothing else.
//!
//! Rejected: to link the decoded inputs without bytes in between. It would take a second notion of
//! "instantiate with these arguments" beside `plan`'s, and a subtyping of our own to check it.
//!
//! Types of values need no provider: they are equal by structure. Where one has to have a name that
//! only another input gives it, the result imports it (`borrow`).
//!
//! Limit: each input is instantiated once.

use std::borrow::Cow;

use cranelift_entity::EntityRef;
use wasmparser::types::Types;

use self::compose::compose;
use self::inputs::check::check;
use self::inputs::surface::{InputId, Surface, Surfaces};
use self::open::Open;
use self::prose::list;
use self::result::imports::Merged;
use self::wiring::Wiring;
use crate::error::{Code, Error, Result};
use crate::options::{Input, Options};

mod compose;
mod inputs;
mod mismatch;
mod open;
mod order;
mod prose;
mod result;
mod wiring;

/// One component that stands for all inputs.
#[derive(Clone, Debug)]
pub struct Linked<'a> {
    /// The component: the input itself, if there is only one.
    pub bytes: Cow<'a, [u8]>,
    /// The names of the inputs that the first one does not use, directly or through others. They
    /// are not part of the component.
    pub unused: Vec<String>,
    /// The names of all inputs.
    pub inputs: Vec<String>,
    /// The positions of the inputs that are in it, in the order of their bytes.
    pub order: Vec<usize>,
    /// The imports that somebody outside has to provide.
    pub(crate) open: Vec<Open>,
    /// The imports that stand for several versions.
    pub(crate) merged: Vec<Merged>,
    /// The imports whose versions are compatible, and not their types.
    pub(crate) apart: Vec<Vec<String>>,
}

impl Linked<'_> {
    /// What deserves attention, a sentence each.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let unused = self.unused.iter();
        let warnings = unused
            .map(|name| format!("the input `{name}` is not used: nothing imports what it exports"));
        warnings.collect()
    }

    /// What is worth knowing of the links, a sentence each.
    pub(crate) fn notes(&self) -> Vec<String> {
        let open = self.open.iter().filter(|open| !open.is_wasi).map(Open::note);
        let merged = self.merged.iter().map(|Merged { name, others }| {
            let others = list(others.iter().map(|other| format!("`{other}`")));
            format!("`{name}` is imported for {others}, too: the highest version stands for all")
        });
        let apart = self.apart.iter().map(|names| {
            let names = list(names.iter().map(|name| format!("`{name}`")));
            format!("{names} are imports of their own: their types are not compatible")
        });
        open.chain(merged).chain(apart).collect()
    }

    /// Names the input in which an error of a later stage is. Those stages see one component:
    /// where it was made of several, its instances are called as the inputs are, and its offsets
    /// mean nothing to anybody else.
    pub fn locate(&self, error: Error) -> Error {
        if let (Cow::Borrowed(_), [input]) = (&self.bytes, &self.inputs[..]) {
            return error.in_input(input);
        }
        let mut place = error.place().clone();
        place.offset = None;
        let path = place.instance_path.as_deref().unwrap_or_default();
        let first = path.split('/').next().unwrap_or_default();
        place.input = self.inputs.iter().find(|input| *input == first).cloned();
        error.in_place(place)
    }
}

/// Links binary components, each valid by itself. The first is the root, whose exports are the
/// result's; the others are instantiated where they are imported from.
///
/// # Errors
///
/// * [`DuplicateInput`](Code::DuplicateInput): two inputs have one name.
/// * [`UnknownWire`](Code::UnknownWire): a wire names what is not there.
/// * [`AmbiguousProvider`](Code::AmbiguousProvider): several inputs, or wires, provide one import.
/// * [`CyclicWiring`](Code::CyclicWiring): inputs need one another for more than types of values, or
///   their imports' types do.
/// * [`TypeMismatch`](Code::TypeMismatch): an export does not have the type that the import asks
///   for, or inputs ask for one import with different types.
/// * [`NameConflict`](Code::NameConflict): imports that nobody provides have names that are one, or
///   one name and different meanings.
/// * [`NotFused`](Code::NotFused): an import or export has resources that the result could not name.
/// * [`LeftOpen`](Code::LeftOpen): the result would import what `options.open` does not allow.
/// * [`InvalidInput`](Code::InvalidInput): there is no input.
pub fn link<'a>(inputs: &'a [Input], options: &Options) -> Result<Linked<'a>> {
    let types = inputs.iter().map(|input| {
        check(&input.bytes).map_err(|failure| failure.internal().in_input(&input.name))
    });
    let types: Vec<Types> = types.collect::<Result<_>>()?;
    link_validated(inputs, &types, options)
}

/// Links components of which somebody has kept what the validator knows of their types.
pub(crate) fn link_validated<'a>(
    inputs: &'a [Input],
    types: &[Types],
    options: &Options,
) -> Result<Linked<'a>> {
    refuse_duplicates(inputs)?;
    let inputs_with_types = inputs.iter().zip(types);
    let surfaces = inputs_with_types.map(|(input, types)| Surface::read(input, types.as_ref()));
    let surfaces: Surfaces = surfaces.collect::<Result<_>>()?;
    let root = InputId::new(0);
    if !surfaces.is_valid(root) {
        return Err(Error::new(Code::InvalidInput, "there is nothing to link: no input was given")
            .with_help("name at least one component"));
    }
    let mut wiring = Wiring::new(&surfaces, root, options)?;
    let linked = match inputs {
        [input] if options.wires.is_empty() && options.also_export.is_empty() => {
            let imports: Vec<_> = surfaces[root].imports.keys().map(|i| [(root, i)]).collect();
            let open =
                open::open(&surfaces, &wiring, imports.iter().map(|import| &import[..]), options)?;
            Linked {
                bytes: Cow::Borrowed(&input.bytes[..]),
                unused: Vec::new(),
                inputs: names(inputs),
                order: vec![root.index()],
                open,
                merged: Vec::new(),
                apart: Vec::new(),
            }
        }
        _ => {
            let composed = compose(&surfaces, &mut wiring, root, options)?;
            Linked {
                bytes: Cow::Owned(composed.bytes),
                unused: wiring.unused(&surfaces),
                inputs: names(inputs),
                order: wiring.order.iter().map(|input| input.index()).collect(),
                open: composed.open,
                merged: composed.merged,
                apart: composed.apart,
            }
        }
    };
    open::refuse(&linked.open, options.open)?;
    Ok(linked)
}

fn names(inputs: &[Input]) -> Vec<String> {
    inputs.iter().map(|input| input.name.clone()).collect()
}

fn refuse_duplicates(inputs: &[Input]) -> Result<()> {
    let mut names: Vec<&str> = inputs.iter().map(|input| &*input.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => {
            let message = format!("two inputs are called `{}`", pair[0]);
            Err(Error::new(Code::DuplicateInput, message)
                .with_help("give one of them another name"))
        }
    }
}
