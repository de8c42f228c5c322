//! Composes components into one file, the way `wac plug` does, with the arguments of `fuse`.
//!
//! The first input is the root. An import of any input is satisfied by the wire that names it, else
//! by an export of another input with the same name; what nobody provides becomes an import of the
//! result, one for all who import it. Each input is instantiated once, so two inputs with the same
//! bytes are two instances of one component.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use wac_graph::types::{ItemKind, Package, Type, are_semver_compatible};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};
use wasm_fuser::options::{Input, Wire};
use wasmparser::{Validator, WasmFeatures};

/// One component made of all inputs, each nested in it.
pub fn compose(inputs: &[Input], wires: &[Wire]) -> Result<Vec<u8>> {
    let mut composer = Composer::new(inputs, wires, Names::Decide)?;
    for name in composer.instances[0].exports.clone() {
        composer.export(0, &name, &name)?;
    }
    composer.finish()
}

/// The same with these wires and no others, and with these exports: each the name of an input, what
/// it exports, and under which name.
pub fn compose_with(inputs: &[Input], wires: &[Wire], exports: &[[String; 3]]) -> Result<Vec<u8>> {
    let mut composer = Composer::new(inputs, wires, Names::DoNot)?;
    for [provider, export, name] in exports {
        let provider = inputs.iter().position(|input| input.name == *provider);
        composer.export(provider.context("there is no such input")?, export, name)?;
    }
    composer.finish()
}

/// What `wac plug` makes of inputs: the first is the socket.
pub fn plug(inputs: &[Input]) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut packages = Vec::new();
    for input in inputs {
        let bytes = input.bytes.clone();
        let package =
            Package::from_bytes(&format!("input:{}", input.name), None, bytes, graph.types_mut())?;
        packages.push(graph.register_package(package)?);
    }
    let socket = packages.remove(0);
    wac_graph::plug(&mut graph, packages, socket)?;
    Ok(graph.encode(EncodeOptions::default())?)
}

/// Whether the first component can be used wherever the second can.
pub fn is_subtype(a: &[u8], b: &[u8]) -> Result<bool> {
    use wasmparser::component_types::ComponentEntityType;
    let mut both = wasm_encoder::ComponentBuilder::default();
    let a = both.component_raw(None, a);
    let b = both.component_raw(None, b);
    let types = Validator::new_with_features(WasmFeatures::all()).validate_all(&both.finish())?;
    let types = types.as_ref();
    let a = ComponentEntityType::Component(types.component_at(a));
    let b = ComponentEntityType::Component(types.component_at(b));
    Ok(ComponentEntityType::is_subtype_of(&a, types, &b, types))
}

/// Whether names say who provides what no wire does.
#[derive(Clone, Copy)]
enum Names {
    Decide,
    DoNot,
}

struct Composer {
    graph: CompositionGraph,
    instances: Vec<Instance>,
}

struct Instance {
    name: String,
    node: NodeId,
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Composer {
    fn new(inputs: &[Input], wires: &[Wire], names: Names) -> Result<Composer> {
        let mut composer = Composer { graph: CompositionGraph::new(), instances: Vec::new() };
        composer.instantiate(inputs)?;
        for importer in 0..composer.instances.len() {
            composer.satisfy(importer, wires, names)?;
        }
        Ok(composer)
    }

    fn finish(self) -> Result<Vec<u8>> {
        self.graph.encode(EncodeOptions::default()).context("cannot encode the composition")
    }

    fn instantiate(&mut self, inputs: &[Input]) -> Result<()> {
        let mut packages = HashMap::<&[u8], PackageId>::new();
        for Input { name, bytes } in inputs {
            let package = match packages.get(bytes.as_slice()) {
                Some(package) => *package,
                None => {
                    let types = self.graph.types_mut();
                    let package = Package::from_bytes(name, None, bytes.clone(), types)
                        .with_context(|| format!("cannot read `{name}`"))?;
                    let package = self.graph.register_package(package)?;
                    packages.insert(bytes, package);
                    package
                }
            };
            let world = &self.graph.types()[self.graph[package].ty()];
            let imports = world.imports.keys().cloned().collect();
            let exports = world.exports.keys().cloned().collect();
            let node = self.graph.instantiate(package);
            self.instances.push(Instance { name: name.clone(), node, imports, exports });
        }
        Ok(())
    }

    fn satisfy(&mut self, importer: usize, wires: &[Wire], names: Names) -> Result<()> {
        let Instance { name, node, imports, .. } = &self.instances[importer];
        let (name, node) = (name.clone(), *node);
        let mut provided = HashMap::new();
        for import in imports.clone() {
            let wire = wires.iter().find(|w| w.importer == name && w.import_name == import);
            let found = match (wire, names) {
                (Some(wire), _) => Some(self.named(wire)?),
                (None, Names::Decide) => self.matching(importer, &import)?,
                (None, Names::DoNot) => None,
            };
            let export = match (self.used(importer, &import), found) {
                (Some((interface, ty)), _) => match provided.get(&interface) {
                    Some(instance) => self.graph.alias_instance_export(*instance, &ty)?,
                    None => continue,
                },
                (None, Some((provider, export))) => {
                    let export = self.graph.alias_instance_export(provider, &export)?;
                    provided.insert(import.clone(), export);
                    export
                }
                (None, None) => continue,
            };
            self.graph
                .set_instantiation_argument(node, &import, export)
                .with_context(|| format!("cannot satisfy import `{import}` of `{name}`"))?;
        }
        Ok(())
    }

    /// The interface that a resource which an input imports is taken from, and its name there.
    fn used(&self, importer: usize, import: &str) -> Option<(String, String)> {
        let types = self.graph.types();
        let package = self.graph[self.instances[importer].node].package()?;
        let world = &types[self.graph[package].ty()];
        let resource = |item: &ItemKind| match item {
            ItemKind::Type(Type::Resource(id)) => Some(types.resolve_resource(*id)),
            _ => None,
        };
        let wanted = resource(world.imports.get(import)?)?;
        world.imports.iter().find_map(|(interface, item)| {
            let ItemKind::Instance(id) = item else { return None };
            let mut exports = types[*id].exports.iter();
            let (name, _) = exports.find(|(_, item)| resource(item) == Some(wanted))?;
            Some((interface.clone(), name.clone()))
        })
    }

    fn named(&self, wire: &Wire) -> Result<(NodeId, String)> {
        let provider = self.instances.iter().find(|instance| instance.name == wire.provider);
        let provider = provider.with_context(|| format!("there is no `{}`", wire.provider))?;
        Ok((provider.node, wire.export_name.clone()))
    }

    /// The one export of another instance that has the name of an import, or a compatible version.
    fn matching(&self, importer: usize, import: &str) -> Result<Option<(NodeId, String)>> {
        let others = self.instances.iter().enumerate().filter(|(index, _)| *index != importer);
        let mut found = others.filter_map(|(_, instance)| {
            let exact = instance.exports.iter().find(|export| *export == import);
            let compatible = || instance.exports.iter().find(|e| are_semver_compatible(e, import));
            exact.or_else(compatible).map(|export| (instance.node, export.clone()))
        });
        let first = found.next();
        if found.next().is_some() {
            bail!("two components export `{import}`: say which one `{importer}` is to import");
        }
        Ok(first)
    }

    /// Exports what an input exports, unless it is a type of another of its exports.
    fn export(&mut self, input: usize, export: &str, name: &str) -> Result<()> {
        let export = self.graph.alias_instance_export(self.instances[input].node, export)?;
        if !matches!(self.graph[export].item_kind(), ItemKind::Type(_)) {
            self.graph.export(export, name)?;
        }
        Ok(())
    }
}
