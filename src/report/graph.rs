//! The instance graph of a plan, for drawings and tables.

use std::collections::BTreeMap;

use cranelift_entity::EntityRef;
use wasm_fuser_merge::hash::HashMap;

use super::fill::totals;
use super::{Edge, EdgeKind, Graph, Node, NodeKind};
use crate::plan::{CoreDef, CoreFunc, CoreInstanceId, FuncDef, InstanceId, Item, ModuleDef, Plan};

/// The graph: component instances, core instances, imports, exports, in this order.
pub fn graph(plan: &Plan<'_>) -> Graph {
    let mut graph = Graph { totals: totals(plan.decoded), ..Graph::default() };
    for (id, instance) in &plan.instances {
        graph.node(NodeKind::ComponentInstance, plan.path(id), instance.parent.map(node), None);
    }
    let first_core = graph.nodes.len();
    for instance in plan.core_instances.values() {
        let size = match instance.module {
            ModuleDef::Defined(id) => Some(plan.decoded.modules[id].bytes.len() as u64),
            ModuleDef::Imported(_) => None,
        };
        let parent = Some(node(instance.owner));
        graph.node(NodeKind::CoreInstance, &instance.path, parent, size);
    }
    let first_import = graph.nodes.len();
    let mut positions = HashMap::new();
    for (position, (name, _)) in plan.root_imports.iter().enumerate() {
        positions.entry(name.name.as_str()).or_insert(position);
        graph.imports.push(name.name.clone());
        graph.node(NodeKind::Imported, &name.name, None, None);
    }
    let first_export = graph.nodes.len();
    for (name, _) in &plan.root_exports {
        graph.exports.push(name.name.clone());
        graph.node(NodeKind::Exported, &name.name, None, None);
    }

    let core = |id: CoreInstanceId| (first_core + id.index()) as u32;
    let mut edges = Edges::default();
    for lower in plan.lowers.values() {
        let label = lower.name.to_string();
        match lower.target {
            FuncDef::Lift(lift) => {
                let to = node(plan.lifts[lift].owner);
                edges.add(EdgeKind::Crossing, node(lower.owner), to, label);
            }
            FuncDef::Import(import) if let Some(made) = plan.imports[import].origin.instance => {
                edges.add(EdgeKind::Crossing, node(lower.owner), node(made), label);
            }
            FuncDef::Import(import) => {
                let name = plan.imports[import].origin.path.first();
                if let Some(position) = name.and_then(|name| positions.get(name.as_str())) {
                    let to = (first_import + position) as u32;
                    edges.add(EdgeKind::Boundary, node(lower.owner), to, label);
                }
            }
        }
    }
    for made in &plan.imported_instances {
        let passed = made.arguments.iter().map(|(name, item)| (name.clone(), *item));
        for (label, provider) in providers(plan, passed) {
            edges.add(EdgeKind::Crossing, node(made.instance), node(provider), label);
        }
    }
    for (position, (_, item)) in plan.root_exports.iter().enumerate() {
        for (label, provider) in providers(plan, [(String::new(), *item)]) {
            let from = (first_export + position) as u32;
            edges.add(EdgeKind::Boundary, from, node(provider), label);
        }
    }
    for (id, instance) in &plan.core_instances {
        let imports = &plan.module(instance.module).imports;
        for (import, def) in imports.iter().zip(&instance.imports) {
            if let CoreDef::Func(CoreFunc::Defined(entity)) | CoreDef::Entity(entity) = def {
                edges.add(EdgeKind::Core, core(id), core(entity.instance), import.name.into());
            }
        }
    }
    graph.edges = edges.finish();
    graph
}

fn node(instance: InstanceId) -> u32 {
    instance.as_u32()
}

/// The functions among items, each by its name and the instance that has it.
fn providers(
    plan: &Plan<'_>,
    items: impl IntoIterator<Item = (String, Item)>,
) -> Vec<(String, InstanceId)> {
    let mut providers = Vec::new();
    let mut open: Vec<_> = items.into_iter().collect();
    open.reverse();
    while let Some((path, item)) = open.pop() {
        match item {
            Item::Func(FuncDef::Lift(lift), _) => providers.push((path, plan.lifts[lift].owner)),
            Item::Func(FuncDef::Import(import), _) => {
                let made = plan.imports[import].origin.instance;
                providers.extend(made.map(|made| (path, made)));
            }
            Item::Instance(bag) => open.extend(plan.bags[bag].iter().rev().map(|(name, item)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
                (path, *item)
            })),
            _ => {}
        }
    }
    providers
}

impl Graph {
    fn node(&mut self, kind: NodeKind, label: &str, parent: Option<u32>, size: Option<u64>) {
        self.nodes.push(Node { kind, label: label.into(), parent, size });
    }
}

/// Edges by their ends, each with the labels that go over it.
#[derive(Default)]
struct Edges(BTreeMap<(u32, u32, u8), (EdgeKind, Vec<String>)>);

impl Edges {
    fn add(&mut self, kind: EdgeKind, from: u32, to: u32, label: String) {
        let key = (from, to, kind as u8);
        self.0.entry(key).or_insert_with(|| (kind, Vec::new())).1.push(label);
    }

    fn finish(self) -> Vec<Edge> {
        let edge = |((from, to, _), (kind, labels))| Edge { kind, from, to, labels };
        self.0.into_iter().map(edge).collect()
    }
}
