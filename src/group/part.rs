//! The plan of a group: that of the composition without the rest of it.
//!
//! ```text
//! the composition             group1, which has b
//! lower2 of b to lift0 of a   lower0 of b to import0
//! resource0 of a              resource0 imported
//! resource1 of b              resource1 of b, exported
//! ```
//!
//! Instances, resources and types keep their ids; whatever belongs to one instance is numbered anew.
//! Some types that functions of the boundary mention have to have a name. They are imported; those
//! that mention a resource of the group cannot be, and are exported.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::{PrimaryMap, SecondaryMap, packed_option::PackedOption};
use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::order;

use super::{Group, GroupPlan, passed_lifts};
use crate::error::{Error, Result};
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinId, BuiltinKind, CanonicalOptions, CopyOp, CoreDef, CoreEntity,
    CoreFunc, CoreInstance, CoreInstanceId, ExternName, FuncDef, Import, ImportId, ImportedModule,
    ImportedModuleId, Instance, InstanceId, Item, Lift, LiftId, Lower, LowerId, ModuleDef, Origin,
    Plan, Resource, ResourceId, Role, StartFunction, ThreadOp, Type, TypeId, exported_lifts,
    holders, mentioned, types_of,
};

/// Makes the group of some instances.
pub fn group<'p, 'a>(
    plan: &'p Plan<'a>,
    name: String,
    members: &BTreeSet<InstanceId>,
) -> Result<Group<'p, 'a>> {
    let mut part = Part {
        whole: plan,
        members,
        plan: empty(plan, members),
        cores: SecondaryMap::new(),
        lifts: SecondaryMap::new(),
        lowers: SecondaryMap::new(),
        builtins: SecondaryMap::new(),
        modules: SecondaryMap::new(),
        funcs: HashMap::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        before: vec![0],
    };
    part.number();
    let exported = part.exported();
    part.types(&exported)?;
    part.fill()?;
    for lift in exported {
        let own = part.lifts[lift].expand().ok_or_else(missing)?;
        let ty = plan.lifts[lift].ty;
        let here = Item::Func(FuncDef::Lift(own), ty);
        part.export(Item::Func(FuncDef::Lift(lift), ty), here);
    }
    let Part { plan, imports, exports, .. } = part;
    let plan = GroupPlan::Part(Box::new(plan));
    Ok(Group { name, plan, members: members.clone(), imports, exports })
}

/// A plan with the composition's instances, resources and types, and nothing else yet.
fn empty<'a>(plan: &Plan<'a>, members: &BTreeSet<InstanceId>) -> Plan<'a> {
    let resource = |resource: &Resource| match *resource {
        Resource::Defined { owner, .. } if members.contains(&owner) => *resource,
        // Whoever defines it, it is imported.
        _ => Resource::Imported { by: None },
    };
    let instance = |it: &Instance| Instance { path: it.path.clone(), ..*it };
    Plan {
        instances: plan.instances.values().map(instance).collect(),
        resources: plan.resources.values().map(resource).collect(),
        carried: plan.carried.clone(),
        carried_types: plan.carried_types.clone(),
        ..Plan::new(plan.decoded, plan.types.clone())
    }
}

/// A group under construction, and the new number of whatever has one.
struct Part<'m, 'p, 'a> {
    whole: &'p Plan<'a>,
    members: &'m BTreeSet<InstanceId>,
    plan: Plan<'a>,
    cores: SecondaryMap<CoreInstanceId, PackedOption<CoreInstanceId>>,
    lifts: SecondaryMap<LiftId, PackedOption<LiftId>>,
    lowers: SecondaryMap<LowerId, PackedOption<LowerId>>,
    builtins: SecondaryMap<BuiltinId, PackedOption<BuiltinId>>,
    modules: SecondaryMap<ImportedModuleId, PackedOption<ImportedModuleId>>,
    funcs: HashMap<FuncDef, ImportId>,
    imports: Vec<(String, Item)>,
    exports: Vec<(String, Item)>,
    /// How many of the first core instances, of as many as the index says, are the members'.
    before: Vec<usize>,
}

fn missing() -> Error {
    Error::internal("a group refers to something of another one")
}

/// New numbers, in the old order, for what the members own.
fn numbered<K: cranelift_entity::EntityRef + cranelift_entity::packed_option::ReservedValue, V>(
    all: &PrimaryMap<K, V>,
    is_member: impl Fn(&V) -> bool,
) -> SecondaryMap<K, PackedOption<K>> {
    let mut numbers = SecondaryMap::new();
    let members = all.iter().filter(|(_, it)| is_member(it));
    for (number, (id, _)) in members.enumerate() {
        numbers[id] = K::new(number).into();
    }
    numbers
}

impl<'a> Part<'_, '_, 'a> {
    fn number(&mut self) {
        let (whole, members) = (self.whole, self.members);
        self.cores = numbered(&whole.core_instances, |it| members.contains(&it.owner));
        self.lifts = numbered(&whole.lifts, |it| members.contains(&it.owner));
        self.lowers = numbered(&whole.lowers, |it| members.contains(&it.owner));
        self.builtins = numbered(&whole.builtins, |it| members.contains(&it.owner));
        let mut before = 0;
        for core in whole.core_instances.values() {
            before += usize::from(members.contains(&core.owner));
            self.before.push(before);
        }
    }

    /// The members' functions that are called from elsewhere, or exported.
    fn exported(&self) -> BTreeSet<LiftId> {
        let whole = self.whole;
        let called = whole.lowers.values().filter_map(|lower| match lower.target {
            FuncDef::Lift(lift) if !self.members.contains(&lower.owner) => Some(lift),
            _ => None,
        });
        let exports = whole.root_exports.iter().flat_map(|(_, item)| exported_lifts(whole, *item));
        let passed = whole.imported_instances.iter().flat_map(|made| passed_lifts(whole, made));
        let all = called.chain(exports.map(|(lift, _)| lift)).chain(passed);
        order::set(all.filter(|lift| self.members.contains(&whole.lifts[*lift].owner)))
    }

    /// Imports and exports the types that have to have a name.
    fn types(&mut self, exported: &BTreeSet<LiftId>) -> Result<()> {
        let whole = self.whole;
        let called = whole.lowers.values().filter(|lower| self.members.contains(&lower.owner));
        let called = called.filter(|lower| !self.is_inside(lower.target));
        let mut types: Vec<TypeId> = called.map(|lower| func_type(whole, lower.target)).collect();
        types.extend(exported.iter().map(|lift| whole.lifts[*lift].ty));
        let parts = types.iter().flat_map(|ty| whole.types.all_parts(*ty));
        let named = parts.filter(|ty| {
            whole.types[*ty].has_name() && !matches!(whole.types[*ty], Type::Resource(_))
        });
        let named = order::set(named.map(|ty| whole.types.canonical(ty)));
        let resources = self.resources();
        // The first entry of a structure comes after those of its parts.
        let (inner, outer): (Vec<_>, Vec<_>) = named.into_iter().partition(|ty| {
            mentioned(whole, [*ty]).into_iter().any(|resource| self.defines(resource))
        });
        for (ty, resource) in &resources {
            if !self.defines(*resource) {
                self.import(Item::Type(*ty), |_| Item::Type(*ty));
            }
        }
        for ty in outer {
            let named = self.named(ty)?;
            self.import(Item::Type(ty), |_| Item::Type(named));
        }
        for (ty, resource) in resources {
            if self.defines(resource) {
                self.export(Item::Type(ty), Item::Type(ty));
            }
        }
        for ty in inner {
            let named = self.named(ty)?;
            self.export(Item::Type(ty), Item::Type(named));
        }
        Ok(())
    }

    /// An entry to import or export a type by: an alias of a definition that nothing else refers to,
    /// so that all other entries of that structure go by this name.
    fn named(&mut self, ty: TypeId) -> Result<TypeId> {
        let definition = self.plan.types.define(self.whole.types[ty].clone())?;
        self.plan.types.alias(definition)
    }

    /// The resources that the group shares with what is outside, each by its type.
    fn resources(&self) -> BTreeMap<TypeId, ResourceId> {
        let whole = self.whole;
        let at_root = whole.root_imports.iter().chain(&whole.root_exports).map(|(_, item)| *item);
        let made = whole.imported_instances.iter();
        let passed = made.flat_map(|made| made.arguments.iter().map(|(_, item)| *item));
        let outside = mentioned(whole, types_of(whole, at_root.chain(passed)));
        let holders = holders(whole);
        let is_shared = |resource: &ResourceId| {
            let holders = &holders[*resource];
            match self.defines(*resource) {
                true => outside.contains(resource) || !holders.is_subset(self.members),
                false => !holders.is_disjoint(self.members),
            }
        };
        let types = whole.types.iter().filter_map(|(ty, definition)| match *definition {
            Type::Resource(resource) if whole.types.canonical(ty) == ty => Some((ty, resource)),
            _ => None,
        });
        order::map(types.filter(|(_, resource)| is_shared(resource)))
    }

    fn defines(&self, resource: ResourceId) -> bool {
        let resource = &self.whole.resources[resource];
        matches!(resource, Resource::Defined { owner, .. } if self.members.contains(owner))
    }

    fn is_inside(&self, func: FuncDef) -> bool {
        matches!(func, FuncDef::Lift(lift) if self.lifts[lift].is_some())
    }

    /// Imports something, which is here what the name makes of it.
    fn import(&mut self, item: Item, here: impl FnOnce(Origin) -> Item) {
        let name = format!("{}{}", kind(item), self.imports.len());
        let here = here(Origin { instance: None, path: vec![name.clone()] });
        self.plan.root_imports.push((extern_name(&name), here));
        self.imports.push((name, item));
    }

    fn export(&mut self, item: Item, here: Item) {
        let name = format!("{}{}", kind(item), self.exports.len());
        self.plan.root_exports.push((extern_name(&name), here));
        self.exports.push((name, item));
    }

    /// Fills in what the members own.
    fn fill(&mut self) -> Result<()> {
        let whole = self.whole;
        for (id, core) in &whole.core_instances {
            if self.cores[id].is_some() {
                let imports =
                    core.imports.iter().map(|def| self.def(*def)).collect::<Result<_>>()?;
                let module = self.module(core.module);
                let path = core.path.clone();
                let core = CoreInstance { module, imports, owner: core.owner, path };
                self.plan.core_instances.push(core);
            }
        }
        for (id, lift) in &whole.lifts {
            if self.lifts[id].is_some() {
                let callee = self.func(lift.callee)?;
                let options = self.options(lift.options)?;
                self.plan.lifts.push(Lift { callee, options, ..*lift });
            }
        }
        for (id, lower) in &whole.lowers {
            if self.lowers[id].is_some() {
                let target = self.target(lower.target)?;
                let options = self.options(lower.options)?;
                let after = self.after(lower.after)?;
                let name = lower.name.clone();
                self.plan.lowers.push(Lower { name, target, options, after, ..*lower });
            }
        }
        for (id, builtin) in &whole.builtins {
            if self.builtins[id].is_some() {
                let kind = self.builtin(builtin.kind)?;
                let after = self.after(builtin.after)?;
                self.plan.builtins.push(Builtin { kind, after, ..*builtin });
            }
        }
        let members = self.members;
        for (id, resource) in &whole.resources {
            if let Resource::Defined { owner, dtor: Some(dtor) } = *resource
                && members.contains(&owner)
            {
                let dtor = Some(self.func(dtor)?);
                self.plan.resources[id] = Resource::Defined { owner, dtor };
            }
        }
        Ok(())
    }

    /// How many core instances of members exist when as many of the composition do.
    fn after(&self, after: usize) -> Result<usize> {
        self.before.get(after).copied().ok_or_else(missing)
    }

    fn target(&mut self, target: FuncDef) -> Result<FuncDef> {
        if let FuncDef::Lift(lift) = target
            && let Some(own) = self.lifts[lift].expand()
        {
            return Ok(FuncDef::Lift(own));
        }
        if let Some(import) = self.funcs.get(&target) {
            return Ok(FuncDef::Import(*import));
        }
        let ty = func_type(self.whole, target);
        let id = self.plan.imports.next_key();
        self.import(Item::Func(target, ty), |_| Item::Func(FuncDef::Import(id), ty));
        let path = self.imports.last().map(|(name, _)| name.clone()).into_iter().collect();
        let role = match target {
            FuncDef::Import(import) => self.whole.imports[import].role.clone(),
            FuncDef::Lift(_) => Role::World,
        };
        self.plan.imports.push(Import { origin: Origin { instance: None, path }, ty, role });
        self.funcs.insert(target, id);
        Ok(FuncDef::Import(id))
    }

    fn module(&mut self, module: ModuleDef) -> ModuleDef {
        let ModuleDef::Imported(whole) = module else { return module };
        if let Some(own) = self.modules[whole].expand() {
            return ModuleDef::Imported(own);
        }
        let id = self.plan.imported_modules.next_key();
        let imported = &self.whole.imported_modules[whole];
        let ty = Some(imported.ty);
        self.import(Item::Module(module, ty), |_| Item::Module(ModuleDef::Imported(id), ty));
        let path = self.imports.last().map(|(name, _)| name.clone()).into_iter().collect();
        let origin = Origin { instance: None, path };
        self.plan.imported_modules.push(ImportedModule { origin, ..imported.clone() });
        self.modules[whole] = id.into();
        ModuleDef::Imported(id)
    }

    fn entity(&self, entity: CoreEntity) -> Result<CoreEntity> {
        let instance = self.cores[entity.instance].expand().ok_or_else(missing)?;
        Ok(CoreEntity { instance, ..entity })
    }

    fn func(&self, func: CoreFunc) -> Result<CoreFunc> {
        Ok(match func {
            CoreFunc::Defined(entity) => CoreFunc::Defined(self.entity(entity)?),
            CoreFunc::Lower(id) => CoreFunc::Lower(self.lowers[id].expand().ok_or_else(missing)?),
            CoreFunc::Builtin(id) => {
                CoreFunc::Builtin(self.builtins[id].expand().ok_or_else(missing)?)
            }
        })
    }

    fn def(&self, def: CoreDef) -> Result<CoreDef> {
        Ok(match def {
            CoreDef::Func(func) => CoreDef::Func(self.func(func)?),
            CoreDef::Entity(entity) => CoreDef::Entity(self.entity(entity)?),
        })
    }

    fn options(&self, options: CanonicalOptions) -> Result<CanonicalOptions> {
        let func = |func: Option<CoreFunc>| func.map(|func| self.func(func)).transpose();
        Ok(CanonicalOptions {
            memory: options.memory.map(|memory| self.entity(memory)).transpose()?,
            realloc: func(options.realloc)?,
            post_return: func(options.post_return)?,
            callback: func(options.callback)?,
            ..options
        })
    }

    fn builtin(&self, kind: BuiltinKind) -> Result<BuiltinKind> {
        let BuiltinKind::Async(builtin) = kind else { return Ok(kind) };
        use AsyncBuiltin as B;
        Ok(BuiltinKind::Async(match builtin {
            B::TaskReturn { result, options } => {
                B::TaskReturn { result, options: self.options(options)? }
            }
            B::WaitableSetWait { memory } => B::WaitableSetWait { memory: self.entity(memory)? },
            B::WaitableSetPoll { memory } => B::WaitableSetPoll { memory: self.entity(memory)? },
            B::Copy(CopyOp::Read(options), ty) => B::Copy(CopyOp::Read(self.options(options)?), ty),
            B::Copy(CopyOp::Write(options), ty) => {
                B::Copy(CopyOp::Write(self.options(options)?), ty)
            }
            B::ErrorContextNew(options) => B::ErrorContextNew(self.options(options)?),
            B::ErrorContextDebugMessage(options) => {
                B::ErrorContextDebugMessage(self.options(options)?)
            }
            B::Thread(ThreadOp::NewIndirect(start)) => {
                let table = self.entity(start.table)?;
                B::Thread(ThreadOp::NewIndirect(StartFunction { table, ..start }))
            }
            other => other,
        }))
    }
}

/// The type of a function, as who defines it has it.
fn func_type(plan: &Plan<'_>, func: FuncDef) -> TypeId {
    match func {
        FuncDef::Lift(lift) => plan.lifts[lift].ty,
        FuncDef::Import(import) => plan.imports[import].ty,
    }
}

fn kind(item: Item) -> &'static str {
    match item {
        Item::Func(..) => "func",
        Item::Module(..) => "module",
        _ => "type",
    }
}

fn extern_name(name: &str) -> ExternName {
    ExternName { name: name.into(), implements: None, version_suffix: None, external_id: None }
}
