//! The bytes of the result: imports, one instance of each input, the root's exports.
//!
//! There is a usual way to write it, and the validator says whether it is one. Where it is not,
//! because of types alone, another way may be: each remedy is a decision ([`Choices`], or an import
//! that is left open) with which everything is written again.
//!
//! | what the validator refuses | what is done about it |
//! |---|---|
//! | an export whose type uses types that are exported beside it | it is written out: `exports` |
//! | an export whose type uses types of values of another input | the result imports them, too |
//! | an import of types of values, which the provider has otherwise | nobody has to provide it |
//! | an import that stands for several versions | each version is an import of its own |
//!
//! If no remedy helps, the first failure is the one to tell.

use std::collections::BTreeMap;

use wasm_encoder::ComponentExportKind;
use wasmparser::ComponentExternalKind;

use super::inputs::check::{Failure, check};
use super::inputs::surface::{ExportId, ImportId, InputId, Surfaces};
use super::inputs::types::is_interface_of_values;
use super::inputs::version::Key;
use super::open::Open;
use super::result::attempt::{Attempt, Before};
use super::result::borrow::Borrowed;
use super::result::imports::{Choices, Imports, Merged};
use super::result::root::{Item, Root};
use super::result::{borrow, exports};
use super::wiring::functions::{Function, Pieces};
use super::wiring::{Source, Wiring};
use super::{mismatch, open};
use crate::error::{Error, Result};
use crate::options::Options;

/// How often something else is tried, for each attempt costs a validation of the whole.
const REMEDIES: usize = 32;

/// The result.
pub(super) struct Composed {
    pub bytes: Vec<u8>,
    /// Imports that stand for several versions.
    pub merged: Vec<Merged>,
    /// Imports with the name of another but for the version, each with the others.
    pub apart: Vec<Vec<String>>,
    /// What somebody outside has to provide.
    pub open: Vec<Open>,
}

/// Writes the result and has the validator check it.
pub(super) fn compose(
    surfaces: &Surfaces,
    wiring: &mut Wiring,
    root: InputId,
    options: &Options,
) -> Result<Composed> {
    let mut choices = Choices::default();
    let mut first = None;
    for _ in 0..REMEDIES {
        let mut imports = Imports::new(surfaces, wiring, &choices, root)?;
        let attempt = Attempt { surfaces, wiring, choices: &choices, root };
        let refused = match attempt.write(&mut imports)? {
            Ok(bytes) => {
                let open = open::open(surfaces, wiring, imports.groups(), options)?;
                let (merged, apart) = (imports.merged(), imports.apart());
                return Ok(Composed { bytes, merged, apart, open });
            }
            Err(refused) => refused,
        };
        let stranger = match &refused.before {
            Some(before) => borrow::stranger(&attempt, before, &imports)?,
            None => None,
        };
        first.get_or_insert_with(|| match stranger {
            Some(stranger) => mismatch::stranger(surfaces, root, &stranger),
            None => mismatch::explain(&refused.failure, surfaces, wiring, &imports),
        });
        match attempt.remedy(&refused, &imports)? {
            Some(Remedy::Open(input, import)) => {
                wiring.leave_open(surfaces, input, import);
                wiring.arrange(surfaces)?;
            }
            Some(Remedy::Borrow(borrowed)) => {
                for import in borrowed.named {
                    wiring.leave_open(surfaces, root, import);
                }
                choices.borrowed = borrowed.types;
            }
            Some(Remedy::Apart(key)) => {
                choices.apart.insert(key);
            }
            None => break,
        }
    }
    Err(first.unwrap_or_else(|| Error::internal("nothing was tried")))
}

/// Why an attempt is none.
struct Refused {
    failure: Failure,
    /// Where only the exports are to blame, what comes before them.
    before: Option<Before>,
}

/// What may help.
enum Remedy {
    /// To leave an import open.
    Open(InputId, ImportId),
    /// To import types that exports use.
    Borrow(Borrowed),
    /// To keep versions apart.
    Apart(Key),
}

impl Attempt<'_, '_> {
    fn write(&self, imports: &mut Imports) -> Result<Result<Vec<u8>, Refused>> {
        let surface = &self.surfaces[self.root];
        let (mut result, instances) = self.instantiate(imports)?;
        self.export_more(&mut result, &instances)?;
        exports::write(&mut result, self.instance_of_root(&instances)?, surface);
        result.describe(surface);
        let bytes = result.finish();
        let failure = match check(&bytes) {
            Ok(_) => return Ok(Ok(bytes)),
            Err(failure) => failure,
        };
        if !failure.is_in_exports() {
            return Ok(Err(Refused { failure, before: None }));
        }

        // The exports need their types written out, and for that the types of the rest are needed.
        let (rest, _) = self.instantiate(imports)?;
        let types = match check(&rest.finish()) {
            Ok(types) => types,
            Err(failure) => return Ok(Err(Refused { failure, before: None })),
        };
        let before = Before { types, instances };
        let lent = borrow::lent(self, &before, imports)?;
        let known = borrow::imported(self, before.types.as_ref(), imports)?;
        let (mut result, instances) = self.instantiate(imports)?;
        let instance = self.instance_of_root(&instances)?;
        self.export_more(&mut result, &instances)?;
        exports::write_out(&mut result, instance, surface, before.types.as_ref(), lent, known)?;
        result.describe(surface);
        let bytes = result.finish();
        Ok(match check(&bytes) {
            Ok(_) => Ok(bytes),
            Err(_) => Err(Refused { failure, before: Some(before) }),
        })
    }

    /// Exports what other inputs are to export. It comes first, for the exports of the root may use
    /// its types.
    fn export_more(&self, result: &mut Root, instances: &BTreeMap<InputId, u32>) -> Result<()> {
        for &(input, export) in &self.wiring.also {
            let export = &self.surfaces[input].exports[export];
            let instance = instances.get(&input).copied();
            let instance = instance
                .ok_or_else(|| Error::internal("an input with exports is not instantiated"))?;
            let index = result.alias(instance, export.kind, export.name.name);
            result.builder.export(export.name, export.kind.into(), index, None);
        }
        Ok(())
    }

    fn remedy(&self, refused: &Refused, imports: &Imports) -> Result<Option<Remedy>> {
        if let Some(before) = &refused.before {
            let borrowed = borrow::borrowed(self, before, imports)?;
            return Ok(borrowed.is_more_than(self.choices).then_some(Remedy::Borrow(borrowed)));
        }
        let Some((input, import)) = mismatch::import(&refused.failure, self.surfaces, self.wiring)
        else {
            return Ok(None);
        };
        match self.wiring.source(input, import) {
            Source::Export(..) => {
                let is_open = is_interface_of_values(&self.surfaces[input], import)?;
                Ok(is_open.then_some(Remedy::Open(input, import)))
            }
            Source::Outside => Ok(imports.versions(input, import).map(Remedy::Apart)),
            Source::Type(_) | Source::Pieces => Ok(None),
        }
    }

    fn instance_of_root(&self, instances: &BTreeMap<InputId, u32>) -> Result<u32> {
        let instance = instances.get(&self.root).copied();
        instance.ok_or_else(|| Error::internal("the root has not been instantiated"))
    }

    /// The result without exports, and the index of each input's instance.
    fn instantiate(&self, imports: &mut Imports) -> Result<(Root, BTreeMap<InputId, u32>)> {
        let mut result = Root::default();
        imports.write(&mut result)?;
        let mut instances = BTreeMap::new();
        for &input in &self.wiring.order {
            let args = self.arguments(imports, &instances, input, &mut result)?;
            let surface = &self.surfaces[input];
            let instance = result.instantiate(surface.name, surface.bytes, &args);
            instances.insert(input, instance);
        }
        Ok((result, instances))
    }

    /// What an input is instantiated with: one argument for each import.
    fn arguments(
        &self,
        imports: &Imports,
        instances: &BTreeMap<InputId, u32>,
        input: InputId,
        result: &mut Root,
    ) -> Result<Vec<(String, Item)>> {
        let surface = &self.surfaces[input];
        let mut argument = |mut import: ImportId| {
            let mut inner = None;
            if let Source::Type(def) = self.wiring.source(input, import) {
                let (instance, name) = surface.export_of_import(def)?;
                (import, inner) = (instance, Some(name));
            }
            let whole = match self.wiring.source(input, import) {
                Source::Outside => Some(imports.item(input, import)?),
                Source::Export(provider, export) => {
                    Some(self.export(instances, provider, export, result)?)
                }
                Source::Type(_) | Source::Pieces => None,
            };
            if let (Some(name), Some((_, index))) = (inner, whole) {
                let kind = ComponentExternalKind::Type;
                return Some((kind.into(), result.alias(index, kind, name)));
            }
            match self.wiring.pieces(input, import) {
                None => whole,
                Some(pieces) => self.pieced(pieces, instances, whole, result),
            }
        };
        let arguments = surface.imports.iter().map(|(id, import)| {
            let item = argument(id).ok_or_else(|| {
                let name = import.name.name;
                Error::internal(format!("nothing is there for the import `{name}`"))
                    .in_input(surface.name)
            })?;
            Ok((import.name.name.to_owned(), item))
        });
        arguments.collect()
    }

    /// What an input exports.
    fn export(
        &self,
        instances: &BTreeMap<InputId, u32>,
        provider: InputId,
        export: ExportId,
        result: &mut Root,
    ) -> Option<Item> {
        let export = &self.surfaces[provider].exports[export];
        let provider = *instances.get(&provider)?;
        Some((export.kind.into(), result.alias(provider, export.kind, export.name.name)))
    }

    /// What an import is that wires provide in pieces; all that they do not name is in `whole`.
    fn pieced(
        &self,
        pieces: &Pieces,
        instances: &BTreeMap<InputId, u32>,
        whole: Option<Item>,
        result: &mut Root,
    ) -> Option<Item> {
        let func = ComponentExternalKind::Func;
        let (functions, rest) = match pieces {
            Pieces::Whole(name) => {
                let (_, index) = whole?;
                return Some((func.into(), result.alias(index, func, name)));
            }
            Pieces::Some { functions, rest } => (functions, rest),
        };
        let mut items = Vec::new();
        for (name, kind) in rest {
            let (_, index) = whole?;
            items.push((name.as_str(), (*kind).into(), result.alias(index, *kind, name)));
        }
        for (name, Function { provider, export, of_instance }) in functions {
            let (mut kind, mut index) = self.export(instances, *provider, *export, result)?;
            if let Some(function) = of_instance {
                (kind, index) = (func.into(), result.alias(index, func, function));
            }
            items.push((name.as_str(), kind, index));
        }
        let instance = result.builder.instantiate_exports(None, items);
        Some((ComponentExportKind::Instance, instance))
    }
}
