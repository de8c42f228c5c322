//! Names of instances: paths from the root, for people.
//!
//! A path is made of what name sections call the instances, else the components or modules they
//! are instances of, else of their index: `app/text-stats`, `app/instance2`. Paths are unique (a
//! repeated one gets `#2`), and nothing but messages and the name section depends on them. Names
//! are cut where they are longer than anyone would read.

use super::frame::Closure;
use super::{ComponentDef, ExternName, InstanceId, Plan};
use crate::core::UniqueNames;
use crate::decode::{ComponentId, Definition};

/// Hands out unique paths.
#[derive(Debug, Default)]
pub struct Paths {
    taken: UniqueNames,
}

/// The longest name in a path, in characters.
const LONGEST: usize = 100;

impl Paths {
    /// The path of a component instance: the `instance`th of a component, made from the `index`th
    /// component there, which is that definition.
    pub(super) fn instance(
        &mut self,
        plan: &Plan<'_>,
        parent: InstanceId,
        (inside, instance): (ComponentId, u32),
        (index, component): (u32, ComponentDef),
    ) -> String {
        let names = &plan.decoded.components[inside].names;
        let given = names.instances.get(&instance).or_else(|| names.components.get(&index));
        let name = given.copied().or_else(|| match component {
            ComponentDef::Defined(Closure { component, .. }) => {
                let own = plan.decoded.components[component].names.component;
                own.or_else(|| main_module(plan, component))
            }
            ComponentDef::Imported(id) => {
                plan.imported_components[id].origin.path.last().map(String::as_str)
            }
        });
        self.path(&plan.instances[parent].path, name, || format!("instance{instance}"))
    }

    /// The path of a core instance: the `instance`th of a component, made from the `module`th
    /// there.
    pub(super) fn core_instance(
        &mut self,
        plan: &Plan<'_>,
        owner: InstanceId,
        (inside, instance): (ComponentId, u32),
        module: u32,
    ) -> String {
        let names = &plan.decoded.components[inside].names;
        let name = names.core_instances.get(&instance).or_else(|| names.modules.get(&module));
        self.path(&plan.instances[owner].path, name.copied(), || format!("core{instance}"))
    }

    fn path(&mut self, parent: &str, name: Option<&str>, default: impl Fn() -> String) -> String {
        let name = match name {
            Some(name) if !name.is_empty() => {
                let cut = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
                name[..cut].replace('/', ":")
            }
            _ => default(),
        };
        let path = if parent.is_empty() { name } else { format!("{parent}/{name}") };
        self.taken.unique(path, "#")
    }
}

/// What the core modules of a component call themselves: the first name there is, for tools that
/// compose components keep no other.
fn main_module<'a>(plan: &Plan<'a>, component: ComponentId) -> Option<&'a str> {
    let definitions = &plan.decoded.components[component].definitions;
    let names = definitions.iter().filter_map(|(definition, _)| match definition {
        Definition::Module(module) => plan.decoded.modules[*module].name,
        _ => None,
    });
    names.map(|name| name.trim_end_matches(".wasm")).find(|name| !name.is_empty())
}

impl ExternName {
    pub(super) fn new(name: &wasmparser::ComponentExternName<'_>) -> Self {
        ExternName {
            name: name.name.into(),
            implements: name.implements.map(Into::into),
            version_suffix: name.version_suffix.map(Into::into),
            external_id: name.external_id.map(Into::into),
        }
    }
}
