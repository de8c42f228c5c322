//! One instance type for several imports of one name.
//!
//! Two inputs that import `demo:log/sink` see one instance in the result, or they could not pass
//! each other that interface's resources. Each input declares just what it calls, so the result's
//! import declares the union:
//!
//! ```text
//! app:      export "level" (type (sub resource)), export "write": func(l: borrow<level>)
//! file-log: export "level" (type (sub resource)), export "flush": func(l: borrow<level>)
//! union:    "level", "write" and "flush"; flush's `level` is the first one's
//! ```
//!
//! Exports of one name are shared: the first input's declaration stays, and later references to
//! the others' mean it. Whether it suits them all is not looked at here. Each input is
//! instantiated with the union, and the validator compares. Declarations that are equal once
//! their references are renumbered are shared too, so that a type which several inputs declare
//! alike comes out as one of them wrote it.
//!
//! Limits: core types are not shared, since a recursive group's references to itself would have to
//! be told apart from others. They occur only in interfaces that export core modules.

use std::collections::BTreeMap;

use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{Encode, InstanceType};
use wasmparser::names::ComponentName;
use wasmparser::{ComponentExternName, ComponentExternalKind, InstanceTypeDeclaration};

use super::names;
use super::needs::defines;
use crate::error::{Error, Result};
use crate::link::inputs::indices::{Indices, Space};

/// An instance type that grows.
#[derive(Default)]
pub struct Union<'a> {
    ty: InstanceType,
    exports: BTreeMap<&'a str, (ComponentExternName<'a>, ComponentExternalKind, u32)>,
    /// The exports' names, by what they are to the validator.
    names: BTreeMap<ComponentName, &'a str>,
    /// Index of each declaration that defines a type or an instance, by its encoding.
    declared: BTreeMap<(Space, Vec<u8>), u32>,
    counts: BTreeMap<Space, u32>,
}

/// Why declarations cannot be added.
pub enum AddError {
    /// The union has another kind of export by that name.
    Kinds { export: String, first: ComponentExternalKind, second: ComponentExternalKind },
    /// The union has an export that cannot be beside one of the name given.
    Names { first: String, second: String },
    /// Something else.
    Other(Error),
}

impl From<Error> for AddError {
    fn from(error: Error) -> Self {
        AddError::Other(error)
    }
}

/// The indices of one input's declarations in the union.
#[derive(Default)]
struct Local(BTreeMap<Space, Vec<Option<u32>>>);

impl Local {
    fn get(&self, space: Space, index: u32) -> Option<u32> {
        self.0.get(&space)?.get(usize::try_from(index).ok()?).copied().flatten()
    }

    fn skip(&mut self, space: Space, count: usize) {
        self.0.entry(space).or_default().extend(std::iter::repeat_n(None, count));
    }

    fn push(&mut self, space: Space, index: u32) {
        self.0.entry(space).or_default().push(Some(index));
    }
}

impl<'a> Union<'a> {
    /// Adds the declarations of one input that are kept. `outer` maps the input's root indices to
    /// the result's.
    pub fn add(
        &mut self,
        declarations: &[InstanceTypeDeclaration<'a>],
        kept: &[bool],
        outer: impl Fn(Space, u32) -> Option<u32>,
    ) -> Result<(), AddError> {
        let mut local = Local::default();
        for (declaration, kept) in declarations.iter().zip(kept) {
            match (kept, defines(declaration)) {
                (true, defined) => self.add_one(declaration, defined, &mut local, &outer)?,
                // Nothing that is kept refers to it.
                (false, Some((space, count))) => local.skip(space, count),
                (false, None) => {}
            }
        }
        Ok(())
    }

    /// The type.
    pub fn finish(self) -> InstanceType {
        self.ty
    }

    fn add_one(
        &mut self,
        declaration: &InstanceTypeDeclaration<'a>,
        defined: Option<(Space, usize)>,
        local: &mut Local,
        outer: impl Fn(Space, u32) -> Option<u32>,
    ) -> Result<(), AddError> {
        if let InstanceTypeDeclaration::Export { name, ty } = declaration {
            if let Some((first, kind, index)) = self.exports.get(name.name) {
                if let Some((what, a, b)) = names::difference(first, name) {
                    let export = name.full_name();
                    let [first, second] = [a, b]
                        .map(|attribute| format!("`{export}`, whose `{what}` is {attribute},"));
                    return Err(AddError::Names { first, second });
                }
                if *kind != ty.kind() {
                    let export = name.full_name().into_owned();
                    return Err(AddError::Kinds { export, first: *kind, second: ty.kind() });
                }
                defined.iter().for_each(|(space, _)| local.push(*space, *index));
                return Ok(());
            }
            let index = defined.map_or(0, |(space, _)| self.count(space));
            self.exports.insert(name.name, (*name, ty.kind(), index));
            if let Ok(own) = ComponentName::new(name.name, 0)
                && let Some(first) = self.names.insert(own, name.name)
            {
                let [first, second] = [first, name.name].map(|name| format!("`{name}`"));
                return Err(AddError::Names { first, second });
            }
        }
        if let Some((Space::CoreType, count)) = defined {
            // A group may refer to itself, so its indices are known before it is written.
            let first = self.grow(Space::CoreType, count);
            (first..).take(count).for_each(|index| local.push(Space::CoreType, index));
            return Ok(write(&mut self.ty, declaration, local, outer)?);
        }
        let mut alone = InstanceType::new();
        write(&mut alone, declaration, local, &outer)?;
        let mut bytes = Vec::new();
        alone.encode(&mut bytes);
        let Some((space, count)) = defined else {
            return Ok(write(&mut self.ty, declaration, local, outer)?);
        };
        if let Some(index) = self.declared.get(&(space, bytes.clone())) {
            local.push(space, *index);
            return Ok(());
        }
        write(&mut self.ty, declaration, local, outer)?;
        let index = self.grow(space, count);
        self.declared.insert((space, bytes), index);
        local.push(space, index);
        Ok(())
    }

    fn count(&self, space: Space) -> u32 {
        self.counts.get(&space).copied().unwrap_or(0)
    }

    /// Takes the next indices of a space, and returns the first.
    fn grow(&mut self, space: Space, count: usize) -> u32 {
        let first = self.count(space);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.counts.insert(space, first.saturating_add(count));
        first
    }
}

/// Writes one declaration with the union's indices.
fn write<'a>(
    ty: &mut InstanceType,
    declaration: &InstanceTypeDeclaration<'a>,
    local: &Local,
    outer: impl Fn(Space, u32) -> Option<u32>,
) -> Result<()> {
    let mut map = |space, scope, index| match scope {
        0 => outer(space, index),
        1 => local.get(space, index),
        _ => Some(index),
    };
    Indices::in_instance_type(&mut map)
        .run(|r| r.parse_component_instance_type_declaration(ty, declaration.clone()))
}
