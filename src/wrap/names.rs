//! Names that are written again as the input has them.

use std::borrow::Cow;

use wasm_encoder::ComponentExternName;

use crate::plan::ExternName;

/// A name at the boundary with its attributes.
pub(super) fn extern_name(name: &ExternName) -> ComponentExternName<'_> {
    let optional = |s: &'_ Option<String>| s.clone().map(Cow::Owned);
    ComponentExternName {
        name: Cow::Borrowed(&name.name),
        implements: optional(&name.implements),
        version_suffix: optional(&name.version_suffix),
        external_id: optional(&name.external_id),
    }
}
