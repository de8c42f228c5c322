//! Whether the imports of the result can be beside one another.
//!
//! Names that are alike to a reader are one name to the validator: `log-it` and `LOG-IT`,
//! `[method]r.f` and `[static]r.f` (the specification calls the others *strongly unique*). Inputs
//! that leave such names open are each valid, and together are not.
//!
//! And a name is not all that an import says of itself. `(external-id "...")` and `(implements
//! "...")` say what the host is to take for it: imports that have the same name and not these mean
//! different things, and cannot be one import.

use std::collections::BTreeMap;

use wasmparser::ComponentExternName;
use wasmparser::names::ComponentName;

use crate::error::{Code, Error, Result};
use crate::link::inputs::surface::{Member, Surfaces};
use crate::link::inputs::version::key;

/// Checks imports of the result, each with the imports of inputs that it stands for.
pub fn check<'g>(surfaces: &Surfaces, groups: impl Iterator<Item = &'g [Member]>) -> Result<()> {
    let mut names: BTreeMap<ComponentName, Member> = BTreeMap::new();
    for members in groups {
        let Some((first, others)) = members.split_first() else { continue };
        for other in others {
            let (a, b) = (name(surfaces, *first), name(surfaces, *other));
            if let Some((what, a, b)) = difference(&a, &b) {
                return Err(attributes(surfaces, *first, *other, what, &a, &b));
            }
        }
        let Ok(own) = ComponentName::new(name(surfaces, *first).name, 0) else { continue };
        if let Some(earlier) = names.insert(own, *first) {
            return Err(alike(surfaces, earlier, *first));
        }
    }
    Ok(())
}

fn name<'a>(surfaces: &Surfaces<'a>, (input, import): Member) -> ComponentExternName<'a> {
    surfaces[input].imports[import].name
}

/// What two things that have one name say differently about themselves.
pub fn difference(
    a: &ComponentExternName,
    b: &ComponentExternName,
) -> Option<(&'static str, String, String)> {
    let written = |attribute: Option<&str>| match attribute {
        Some(text) => format!("`{text}`"),
        None => "none".into(),
    };
    let [one, other] = [a, b].map(|name| name.full_implements());
    if one.as_deref().map(key) != other.as_deref().map(key) {
        return Some(("implements", written(one.as_deref()), written(other.as_deref())));
    }
    let [one, other] = [a, b].map(|name| name.external_id);
    (one != other).then(|| ("external-id", written(one), written(other)))
}

fn attributes(
    surfaces: &Surfaces,
    first: Member,
    other: Member,
    what: &str,
    a: &str,
    b: &str,
) -> Error {
    let name = name(surfaces, first).full_name();
    let [one, two] = [first, other].map(|(input, _)| surfaces[input].name);
    let message = format!(
        "`{one}` and `{two}` import `{name}`, which no input provides, and do not mean the same: \
         its `{what}` is {a} in one and {b} in the other"
    );
    Error::new(Code::NameConflict, message)
        .in_input(two)
        .with_help(format!("provide one of them with a wire, or rename it in `{two}`"))
}

fn alike(surfaces: &Surfaces, first: Member, other: Member) -> Error {
    let [a, b] = [first, other].map(|member| name(surfaces, member).full_name());
    let [one, two] = [first, other].map(|(input, _)| surfaces[input].name);
    let message = format!(
        "`{one}` imports `{a}` and `{two}` imports `{b}`, which no input provides: as imports of \
         one component, the two names are the same"
    );
    Error::new(Code::NameConflict, message)
        .in_input(two)
        .with_help("provide one of them with a wire, or give it a name of its own")
}
