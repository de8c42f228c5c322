//! Who has to do with what: questions that more than one stage asks of a plan.

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;
use wasm_fuser_merge::hash::HashSet;

use super::{
    AsyncBuiltin, BuiltinKind, CoreFunc, FuncDef, InstanceId, Item, LiftId, Plan, ResourceId, Type,
    TypeId,
};

/// Items and all that is in instances among them.
pub fn all_items(plan: &Plan<'_>, items: impl IntoIterator<Item = Item>) -> Vec<Item> {
    let mut all = Vec::new();
    let mut open: Vec<Item> = items.into_iter().collect();
    open.reverse();
    while let Some(item) = open.pop() {
        if let Item::Instance(bag) = item {
            open.extend(plan.bags[bag].values().rev());
        }
        all.push(item);
    }
    all
}

/// The lifts behind an item, and the types that they are seen with.
pub fn exported_lifts(plan: &Plan<'_>, item: Item) -> Vec<(LiftId, TypeId)> {
    let lifts = all_items(plan, [item]).into_iter().filter_map(|item| match item {
        Item::Func(FuncDef::Lift(lift), ty) => Some((lift, ty)),
        _ => None,
    });
    lifts.collect()
}

/// Every function that the root exports, by its path.
pub fn exported_funcs(plan: &Plan<'_>) -> Vec<(Vec<String>, Item)> {
    let mut funcs = Vec::new();
    let mut open: Vec<(Vec<String>, Item)> = plan
        .root_exports
        .iter()
        .rev()
        .map(|(name, item)| (vec![name.name.clone()], *item))
        .collect();
    while let Some((path, item)) = open.pop() {
        match item {
            Item::Func(..) => funcs.push((path, item)),
            Item::Instance(bag) => {
                for (name, item) in plan.bags[bag].iter().rev() {
                    let mut path = path.clone();
                    path.push(name.clone());
                    open.push((path, *item));
                }
            }
            _ => {}
        }
    }
    funcs
}

/// The types of items, and those of what is in instances among them.
pub fn types_of(plan: &Plan<'_>, items: impl IntoIterator<Item = Item>) -> Vec<TypeId> {
    let mut types = Vec::new();
    for item in all_items(plan, items) {
        match item {
            Item::Type(ty) | Item::Func(FuncDef::Import(_), ty) => types.push(ty),
            Item::Func(FuncDef::Lift(lift), ty) => types.extend([ty, plan.lifts[lift].ty]),
            _ => {}
        }
    }
    types
}

/// The instances that can have handles of each resource: they have a built-in of it, or call or
/// are called with it, or copy it into or out of a stream.
pub fn holders(plan: &Plan<'_>) -> SecondaryMap<ResourceId, BTreeSet<InstanceId>> {
    let mut holders: SecondaryMap<ResourceId, BTreeSet<InstanceId>> = SecondaryMap::new();
    for builtin in plan.builtins.values() {
        if let Some(resource) = builtin.kind.resource() {
            holders[resource].insert(builtin.owner);
        }
    }
    let lowers = plan.lowers.values().map(|lower| (lower.owner, lower.ty));
    let lifts = plan.lifts.values().map(|lift| (lift.owner, lift.ty));
    let copies = plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(AsyncBuiltin::Copy(_, ty)) => Some((builtin.owner, ty)),
        _ => None,
    });
    for (owner, ty) in lowers.chain(lifts).chain(copies) {
        for resource in mentioned(plan, [ty]) {
            holders[resource].insert(owner);
        }
    }
    holders
}

/// The resources that types mention.
pub fn mentioned(plan: &Plan<'_>, types: impl IntoIterator<Item = TypeId>) -> HashSet<ResourceId> {
    let mut found = HashSet::new();
    let mut seen = HashSet::new();
    let mut open: Vec<TypeId> = types.into_iter().collect();
    while let Some(ty) = open.pop() {
        if !plan.types.has_handles(ty) || !seen.insert(plan.types.canonical(ty)) {
            continue;
        }
        match &plan.types[ty] {
            Type::Resource(resource) => {
                found.insert(*resource);
            }
            ty => open.extend(ty.parts()),
        }
    }
    found
}

/// How many core instances exist when a core function does.
pub fn exists_after(plan: &Plan<'_>, func: CoreFunc) -> usize {
    match func {
        CoreFunc::Defined(entity) => entity.instance.as_u32() as usize + 1,
        CoreFunc::Lower(lower) => plan.lowers[lower].after,
        CoreFunc::Builtin(builtin) => plan.builtins[builtin].after,
    }
}
