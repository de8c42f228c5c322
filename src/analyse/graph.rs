//! Who may call whom: the calls of all guests, and what they lead to.
//!
//! A call through a table leads to whatever of that type the table can have. That is what element segments
//! put there, unless a module of the component instance moves references: then it is all that is referred
//! to in the instance. A call of a constant place leads to what is there: what a component imports is often
//! called so.
//!
//! # Limits
//!
//! It is about what may be, by the shape of the code. Of a module whose code is not there nothing is known.

use cranelift_entity::SecondaryMap;
use wasm_fuser_merge::hash::{HashMap, HashSet};
use wasm_fuser_merge::order;

use crate::core::EntityKind;
use crate::decode::{Calls, Signature, calls};
use crate::error::Result;
use crate::plan::{CoreDef, CoreEntity, CoreFunc, CoreInstanceId, InstanceId, ModuleDef, Plan};

/// What of one type a table can have.
pub(super) type TableType = (Tables, usize);

/// Which tables something is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tables {
    /// One.
    One(CoreEntity),
    /// All of a component instance: a module there moves references.
    All(InstanceId),
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Func(CoreFunc),
    /// Whatever of the type is in the table.
    Table(TableType),
    /// The same, of which it is not known where.
    Anywhere(TableType),
    /// What is at this place of the table.
    Slot(CoreEntity, u32),
}

/// The calls of all guests. A call through a table leads to a node of its own, and from there to all that
/// the table can have: so there are no more edges than calls and functions.
#[derive(Debug)]
pub(super) struct Graph<'p, 'a> {
    pub plan: &'p Plan<'a>,
    modules: HashMap<ModuleDef, Calls>,
    /// The functions that each core instance imports.
    imports: SecondaryMap<CoreInstanceId, Vec<CoreFunc>>,
    /// By whom each is called.
    pub callers: HashMap<Node, Vec<Node>>,
}

impl<'p, 'a> Graph<'p, 'a> {
    pub fn new(plan: &'p Plan<'a>) -> Result<Self> {
        let mut modules = HashMap::new();
        for instance in plan.core_instances.values() {
            if let ModuleDef::Defined(id) = instance.module {
                let calls = calls(plan.decoded.modules[id].bytes)?;
                modules.insert(instance.module, calls);
            }
        }
        let mut imports: SecondaryMap<_, Vec<_>> = SecondaryMap::new();
        for (id, instance) in &plan.core_instances {
            imports[id].extend(instance.imports.iter().filter_map(|import| match import {
                CoreDef::Func(func) => Some(*func),
                CoreDef::Entity(_) => None,
            }));
        }
        let mut graph = Graph { plan, modules, imports, callers: HashMap::new() };
        let moves = |id: &CoreInstanceId| {
            let calls = graph.modules.get(&plan.core_instances[*id].module);
            calls.is_some_and(|calls| calls.moves_references)
        };
        let moved = plan.core_instances.keys().filter(moves);
        let moved = order::set(moved.map(|id| plan.core_instances[id].owner));
        let mut types: HashSet<Signature> = HashSet::new();
        let mut edges = Vec::new();
        for (id, instance) in &plan.core_instances {
            let Some(calls) = graph.modules.get(&instance.module) else { continue };
            let mut table = |index: u32, ty: &Signature| {
                let tables = match moved.contains(&instance.owner) {
                    true => Tables::All(instance.owner),
                    false => Tables::One(graph.table(id, index)),
                };
                (tables, types.insert_full(ty.clone()).0)
            };
            for (index, body) in (calls.imported..).zip(&calls.bodies) {
                let caller = Node::Func(graph.func(id, index));
                for &callee in &body.calls {
                    edges.push((Node::Func(graph.func(id, callee)), caller));
                }
                for (at, place, ty) in &body.indirect {
                    let called = table(*at, ty);
                    match (called.0, place) {
                        (Tables::One(table), Some(place)) => {
                            edges.push((Node::Slot(table, *place), caller));
                            edges.push((Node::Anywhere(called), caller));
                        }
                        _ => edges.push((Node::Table(called), caller)),
                    }
                }
            }
            // Where something is referred to, references are moved, and it may be in any table.
            let referenced = calls.referenced.iter().map(|&func| (0, None, func));
            for (at, place, index) in calls.elements.iter().copied().chain(referenced) {
                let Some(Some(ty)) = calls.types.get(index as usize) else { continue };
                let func = Node::Func(graph.func(id, index));
                let in_table = table(at, ty);
                edges.push((func, Node::Table(in_table)));
                edges.push((
                    func,
                    match (in_table.0, place) {
                        (Tables::One(table), Some(place)) => Node::Slot(table, place),
                        _ => Node::Anywhere(in_table),
                    },
                ));
            }
        }
        for (callee, caller) in edges {
            graph.callers.entry(callee).or_default().push(caller);
        }
        Ok(graph)
    }

    /// A function of a core instance: what it imports, where it imports it.
    fn func(&self, instance: CoreInstanceId, index: u32) -> CoreFunc {
        self.definition(CoreFunc::Defined(CoreEntity { instance, kind: EntityKind::Func, index }))
    }

    /// A table of a core instance: what it imports, where that is defined.
    fn table(&self, instance: CoreInstanceId, index: u32) -> CoreEntity {
        let mut table = CoreEntity { instance, kind: EntityKind::Table, index };
        loop {
            let imports = self.plan.core_instances[table.instance].imports.iter();
            let mut tables = imports.filter_map(|import| match import {
                CoreDef::Entity(entity) if entity.kind == EntityKind::Table => Some(*entity),
                _ => None,
            });
            match tables.nth(table.index as usize) {
                Some(imported) => table = imported,
                None => return table,
            }
        }
    }

    /// Where a function is defined: it may be one that a core instance imports and exports.
    pub fn definition(&self, mut func: CoreFunc) -> CoreFunc {
        while let CoreFunc::Defined(entity) = func {
            match self.imports[entity.instance].get(entity.index as usize) {
                Some(imported) => func = *imported,
                None => break,
            }
        }
        func
    }

    /// The start function of a core instance.
    pub fn start(&self, instance: CoreInstanceId) -> Option<CoreFunc> {
        let module = self.plan.core_instances[instance].module;
        let start = self.modules.get(&module)?.start?;
        Some(self.func(instance, start))
    }

    /// Whether all that a function returns is the constant 0.
    pub fn returns_zero(&self, func: CoreFunc) -> bool {
        let CoreFunc::Defined(entity) = self.definition(func) else { return false };
        let instance = &self.plan.core_instances[entity.instance];
        let Some(calls) = self.modules.get(&instance.module) else { return false };
        let body = entity.index.checked_sub(calls.imported);
        let body = body.and_then(|index| calls.bodies.get(index as usize));
        body.is_some_and(|body| body.returns_zero)
    }
}
