//! Exporting an instance that a bag of exports cannot be.
//!
//! # Problem
//!
//! An exported instance is usually a bag of exports. But a bag is no scope: it has no index spaces,
//! and so no types of its own. There are two reasons to want one.
//!
//! - `[constructor]r`, `[method]r.f` and `[static]r.f` are only valid names where the resource type
//!   of their parameters and results is itself called `r` *in that scope*.
//! - An interface that uses a type of another one exports it, too. In a bag, that export is the
//!   other interface's very entry: one type under two names, of which tools that turn a component
//!   into WIT (`wasm-tools component wit`, jco) cannot tell which it is. In a scope, it is an entry
//!   of its own, equal to the other.
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
//! A resource can have more names there: `wasi:http/types` calls its `fields` also `headers` and `trailers`. Each is an
//! entry, of which the first has the functions, so each is mentioned by its own.
//!
//! A type of values that the instance itself defines is made anew before it is exported, of those
//! that are exported by then: what is exported has to be made of what is. That an interface which
//! the component imports defines an equal one makes no difference: who uses the component may give
//! that interface no name, and then it cannot have a part in what is exported.
//!
//! # Limits
//!
//! An instance inside an instance with functions of a resource is refused. One that only hands on
//! types stays a bag if it has instances in it, which WIT has no notion of.

use std::iter::successors;

use wasm_encoder::{ComponentBuilder, ComponentExportKind, ComponentTypeRef};
use wasm_fuser_merge::hash::HashSet;

use super::types::Scopes;
use crate::error::{Code, Error, Result};
use crate::plan::{BagId, Item, Plan, Type, TypeId};

/// A shell, and what it has to be instantiated with.
pub(super) struct Shell<'a> {
    /// The component.
    pub component: ComponentBuilder,
    /// The types that it imports, in order: `type0`, `type1`, ...
    pub types: Vec<TypeId>,
    /// The functions that it imports, in order: `func0`, `func1`, ...
    pub funcs: Vec<&'a Item>,
}

/// Whether an instance has a function that is named after a resource: inside another instance, that
/// alone takes a shell, for WIT has no instances in instances.
pub(super) fn has_functions_of_a_resource(plan: &Plan<'_>, bag: BagId) -> bool {
    plan.bags[bag].keys().any(|name| name.starts_with('['))
}

/// Whether an instance takes a shell: it has a function that is named after a resource, or a type
/// that the component already knows, or an equal one, under the name of another instance.
pub(super) fn needs_shell(plan: &Plan<'_>, scopes: &Scopes<'_, '_>, bag: BagId) -> bool {
    if has_functions_of_a_resource(plan, bag) {
        return true;
    }
    let bag = &plan.bags[bag];
    let is_known = |item: &Item| matches!(item, Item::Type(ty) if scopes.knows(*ty));
    let flat = || bag.values().all(|item| matches!(item, Item::Func(..) | Item::Type(_)));
    flat() && bag.values().any(is_known)
}

/// Makes the shell of an instance, for a component that refers to types as `outer` says.
pub(super) fn shell<'a>(
    plan: &'a Plan<'_>,
    outer: &Scopes<'_, '_>,
    bag: BagId,
) -> Result<Shell<'a>> {
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
    let mut named = HashSet::new();
    let mut next = 0..;
    for (name, item) in bag {
        match item {
            Item::Type(ty) => {
                let resource = matches!(plan.types[*ty], Type::Resource(_));
                let index = match scopes.imports(*ty)? && !resource && !outer.knows_itself(*ty) {
                    true => scopes.define(*ty)?,
                    false => scopes.index(*ty)?,
                };
                let kind = ComponentExportKind::Type;
                let exported = scopes.component.export(name, kind, index, None);
                // Whatever the type goes by is known by this name now, but for what has one of its own.
                let names = successors(Some(*ty), |id| plan.types.alias_of(*id));
                names.take_while(|id| named.insert(*id)).for_each(|id| scopes.know(id, exported));
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
