//! The world of a module by itself, as a type.
//!
//! A core module that is made for a component says what world that is to be, in a custom section: tools
//! that make components of modules (`wasm-tools component new`, `cargo component` and others) read it,
//! and take imports and exports by their names (`plan/standard.rs`). It is a component that has nothing but
//! a type:
//!
//! ```text
//! (component
//!   (@custom "wit-component-encoding" "\04\00")        its version, and how strings are encoded
//!   (type (component
//!     (type (component                                  the world
//!       (import "demo:words/words" (instance ...))
//!       (export "run" (func ...))))
//!     (export "root:component/root" (component (type 0)))))
//!   (export "root" (type 0)))
//! ```
//!
//! What is a core import, or is run as a command, is no part of it. A module without a world has no section.

use std::borrow::Cow;

use wasm_encoder::{
    ComponentBuilder, ComponentExportKind, ComponentType, ComponentTypeRef, CustomSection,
};

use super::declarations::Declarations;
use super::item::Direction;
use super::names::extern_name;
use super::types::{Scope, Scopes};
use crate::error::{Error, Result};
use crate::plan::{Plan, StringEncoding};

/// The name of the section. Whatever begins with `component-type` is read.
const SECTION: &str = "component-type:wasm-fuser";

/// The section of that component which says how it is to be read.
const ENCODING: &str = "wit-component-encoding";

/// The version of what is in it.
const VERSION: u8 = 4;

/// The name of the world. It is in a package of that name.
const WORLD: &str = "root";

/// The section for a module whose strings are encoded so at the boundary, if it has a world.
pub(super) fn section(
    plan: &Plan<'_>,
    encoding: StringEncoding,
) -> Result<Option<CustomSection<'static>>> {
    let mut scopes = Scopes::new(plan);
    scopes.nested.push((Declarations::Component(ComponentType::new()), Scope::default()));
    let imports = plan.world_imports().map(|it| (it, Direction::Imported));
    let exports = plan.world_exports().map(|it| (it, Direction::Exported));
    let mut is_empty = true;
    for ((name, item), direction) in imports.chain(exports) {
        scopes.declare(extern_name(name), *item, direction)?;
        is_empty = false;
    }
    if is_empty {
        return Ok(None);
    }
    let Some((Declarations::Component(world), _)) = scopes.nested.pop() else {
        return Err(Error::internal("the type of the world is not open"));
    };
    let mut outer = ComponentType::new();
    outer.ty().component(&world);
    outer.export(&*format!("{}/{WORLD}", package(plan)), ComponentTypeRef::Component(0));
    let encoding = match encoding {
        StringEncoding::Utf8 => 0,
        StringEncoding::Utf16 => 1,
        StringEncoding::CompactUtf16 => 2,
    };
    let mut component = ComponentBuilder::default();
    let data = Cow::Owned(vec![VERSION, encoding]);
    component.custom_section(&CustomSection { name: ENCODING.into(), data });
    let ty = component.type_component(None, &outer);
    component.export(WORLD, ComponentExportKind::Type, ty, None);
    Ok(Some(CustomSection { name: SECTION.into(), data: Cow::Owned(component.finish()) }))
}

/// The name of a package of which nothing is imported or exported.
fn package(plan: &Plan<'_>) -> String {
    let mut package = "root:component".to_string();
    let all = || plan.root_imports.iter().chain(&plan.root_exports);
    let is_of = |name: &str, package: &str| {
        name.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))
    };
    // There are fewer names than letters that can be added.
    while all().any(|(name, _)| {
        is_of(&name.name, &package)
            || name.implements.as_ref().is_some_and(|name| is_of(name, &package))
    }) {
        package.push('s');
    }
    package
}
