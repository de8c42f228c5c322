//! Exporting an instance whose functions are named after a resource.
//!
//! # Problem
//!
//! An exported instance is usually a bag of exports. But `[constructor]r`, `[method]r.f` and
//! `[static]r.f` are only valid names where the resource type of their parameters and results is
//! itself called `r` *in that scope*, and a bag is no scope: it has no index spaces.
//!
//! # How
//!
//! A *shell* is a component without code: it imports the functions and the types that they mention,
//! and exports them again under the names of the instance. Instantiated, it is the instance.
//!
//! ```text
//! (component $shell
//!   (import "type0" (type $r (sub resource)))
//!   (import "func0" (func (result (own $r))))
//!   (export $exported "r" (type $r))
//!   (export "[constructor]r" (func 0) (func (result (own $exported)))))
//! ```
//!
//! `wit-component` makes one for every exported interface; here it is made where nothing else will
//! do. It is the only nested component that a result can have.
//!
//! # Limits
//!
//! An instance inside such an instance is refused.

use wasm_encoder::{ComponentBuilder, ComponentExportKind, ComponentTypeRef};

use super::types::Scopes;
use crate::error::{Code, Error, Result};
use crate::plan::{BagId, Item, Plan, TypeId};

/// A shell, and what it has to be instantiated with.
pub(super) struct Shell<'a> {
    /// The component.
    pub component: ComponentBuilder,
    /// The types that it imports, in order: `type0`, `type1`, ...
    pub types: Vec<TypeId>,
    /// The functions that it imports, in order: `func0`, `func1`, ...
    pub funcs: Vec<&'a Item>,
}

/// Whether an instance takes a shell: it has a function that is named after a resource.
pub(super) fn needs_shell(plan: &Plan<'_>, bag: BagId) -> bool {
    plan.bags[bag].keys().any(|name| name.starts_with('['))
}

/// Makes the shell of an instance.
pub(super) fn shell<'a>(plan: &'a Plan<'_>, bag: BagId) -> Result<Shell<'a>> {
    let bag = &plan.bags[bag];
    let mut scopes = Scopes::importing(plan);
    let mut funcs = Vec::new();
    for item in bag.values() {
        match item {
            Item::Func(_, ty) => {
                let ty = ComponentTypeRef::Func(scopes.func(*ty)?);
                scopes.component.import(format!("func{}", funcs.len()), ty);
                funcs.push(item);
            }
            Item::Type(ty) => {
                scopes.index(*ty)?;
            }
            _ => {
                return Err(Error::new(
                    Code::NotFused,
                    "an exported instance has both functions of a resource and an instance in it",
                )
                .with_help("export the inner instance beside the outer one"));
            }
        }
    }
    scopes.forget_unnamed();
    let mut next = 0..;
    for (name, item) in bag {
        match item {
            Item::Type(ty) => {
                let index = scopes.index(*ty)?;
                let kind = ComponentExportKind::Type;
                let exported = scopes.component.export(name, kind, index, None);
                scopes.rename(*ty, exported);
            }
            Item::Func(_, ty) => {
                let ty = ComponentTypeRef::Func(scopes.func(*ty)?);
                let func = next.next().unwrap_or_default();
                scopes.component.export(name, ComponentExportKind::Func, func, Some(ty));
            }
            _ => {}
        }
    }
    let types = scopes.imported_types();
    Ok(Shell { component: scopes.component, types, funcs })
}
