//! Who exports what is asked for.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use wasm_fuser_merge::order;
use wasmparser::ComponentExternName;

use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::link::inputs::lookup::interface;
use crate::link::inputs::surface::{ExportId, Import, ImportId, InputId, Surfaces};
use crate::link::inputs::types::interfaces_of_values;
use crate::link::inputs::version::{Key, key, track};
use crate::link::prose::list;
use crate::options::{Port, Wire};

/// What the inputs export: for each name, and each interface that is implemented under another, who
/// exports it. Of several compatible versions of one input it is the name that was asked for, or
/// else the newest.
pub struct Offers {
    named: BTreeMap<Key, BTreeMap<InputId, Vec<ExportId>>>,
    implemented: BTreeMap<Key, BTreeMap<InputId, Vec<ExportId>>>,
    chain: bool,
    /// The inputs that provide what no other does.
    fallbacks: BTreeSet<InputId>,
}

impl Offers {
    pub fn new(surfaces: &Surfaces, chain: bool, fallbacks: BTreeSet<InputId>) -> Self {
        let (mut named, mut implemented) = (BTreeMap::new(), BTreeMap::new());
        let add = |offers: &mut BTreeMap<_, BTreeMap<_, Vec<_>>>, key, input, id| {
            offers.entry(key).or_default().entry(input).or_default().push(id);
        };
        for (input, surface) in surfaces {
            for (id, export) in &surface.exports {
                add(&mut named, key(&export.name.full_name()), input, id);
                if let Some(interface) = interface(&export.name) {
                    add(&mut implemented, key(&interface), input, id);
                }
            }
        }
        Offers { named, implemented, chain, fallbacks }
    }

    /// The one other input that exports what this import asks for; none where it is left to the outside.
    pub fn find(
        &self,
        surfaces: &Surfaces,
        values: &mut Values,
        input: InputId,
        import: ImportId,
    ) -> Result<Option<(InputId, ExportId)>> {
        let name = &surfaces[input].imports[import].name;
        let mut found = self.named(surfaces, name);
        if found.is_empty() {
            found = self.implemented(surfaces, input, name);
        }
        let exports_it = found.remove(&input).is_some();
        if found.keys().any(|provider| !self.fallbacks.contains(provider)) {
            found.retain(|provider, _| !self.fallbacks.contains(provider));
        }
        if self.chain {
            let later = found.range(input..).next().map(|(provider, export)| (*provider, *export));
            if let Some((provider, export)) = later {
                return Ok(Some((provider, export)));
            }
            if exports_it {
                return Ok(None);
            }
        }
        match found.first_key_value() {
            None => Ok(None),
            Some((provider, export)) if found.len() == 1 => Ok(Some((*provider, *export))),
            // Equal types are the same, whoever is asked for them.
            Some(_) if values.are_all_of(surfaces, input, import)? => Ok(None),
            Some(_) => Err(ambiguous(surfaces, input, &name.full_name(), &found)),
        }
    }

    /// Who exports that name, or a compatible version of it.
    fn named(
        &self,
        surfaces: &Surfaces,
        import: &ComponentExternName,
    ) -> BTreeMap<InputId, ExportId> {
        let asked = import.full_name();
        let mut found = BTreeMap::new();
        for (provider, exports) in self.named.get(&key(&asked)).into_iter().flatten() {
            let name = |id: &&ExportId| surfaces[*provider].exports[**id].name;
            let is_meant =
                |id: &&ExportId| match (import.full_implements(), name(id).full_implements()) {
                    (Some(one), Some(other)) => key(&one) == key(&other),
                    _ => true,
                };
            let rank = |id: &&ExportId| {
                let name = name(id).full_name();
                (name == asked, track(&name).map(|(_, version)| version))
            };
            // Of equals the first.
            let best = exports.iter().rev().filter(is_meant).max_by_key(rank);
            found.extend(best.map(|export| (*provider, *export)));
        }
        found
    }

    /// Who exports that interface under another name. Where an input imports it more than once, or
    /// exports it so, which is meant is not known.
    fn implemented(
        &self,
        surfaces: &Surfaces,
        input: InputId,
        import: &ComponentExternName,
    ) -> BTreeMap<InputId, ExportId> {
        let Some(asked) = interface(import).map(|name| key(&name)) else { return BTreeMap::new() };
        let is_alike =
            |import: &&Import| interface(&import.name).map(|n| key(&n)).as_ref() == Some(&asked);
        if surfaces[input].imports.values().filter(is_alike).count() > 1 {
            return BTreeMap::new();
        }
        let offers = self.implemented.get(&asked).into_iter().flatten();
        let single = offers.filter_map(|(provider, exports)| match exports[..] {
            [export] => Some((*provider, export)),
            _ => None,
        });
        order::map(single)
    }
}

/// Which imports are instances of value types alone. Found out for an input when it is first asked
/// for, which is seldom.
#[derive(Default)]
pub struct Values(BTreeMap<InputId, BTreeSet<ImportId>>);

impl Values {
    /// Whether that import has types of values, and nothing else.
    pub fn are_all_of(
        &mut self,
        surfaces: &Surfaces,
        input: InputId,
        import: ImportId,
    ) -> Result<bool> {
        let imports = match self.0.entry(input) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(entry) => entry.insert(interfaces_of_values(&surfaces[input])?),
        };
        Ok(imports.contains(&import))
    }
}

fn ambiguous(
    surfaces: &Surfaces,
    input: InputId,
    name: &str,
    found: &BTreeMap<InputId, ExportId>,
) -> Error {
    let exporters = || {
        found.iter().map(|(provider, export)| {
            let surface = &surfaces[*provider];
            (surface.name, surface.exports[*export].name.full_name())
        })
    };
    let importer = surfaces[input].name;
    let exports = list(exporters().map(|(provider, e)| format!("`{provider}` exports `{e}`")));
    let message = format!("`{importer}` imports `{name}`, and {exports}");
    let wires = exporters().map(|(provider, export)| {
        Setting::Wire(Wire {
            importer: importer.into(),
            import_name: name.into(),
            provider: provider.into(),
            export_name: export.to_string(),
        })
    });
    let open = Port { input: importer.into(), name: name.into() };
    let remedy = Remedy::from("say which: ")
        .one_of(wires)
        .text("; or let it stay an import: ")
        .setting(Setting::LeaveOpen(open));
    Error::new(Code::AmbiguousProvider, message).with_help(remedy)
}
