//! The standard form of a core module: what its imports and exports are called, and which worlds have it.
//!
//! # Problem
//!
//! Compilers make core modules that become components later: of the module `wasm-tools component new` makes
//! the component, by the names of imports and exports and a section that tells the world. A module of ours
//! that is in that form can be worked on by whatever works on core modules, become a component of the same
//! world again, or be run by an embedder who knows the canonical ABI.
//!
//! | | is called |
//! |---|---|
//! | an import | by its interface and its name; `$root` if it is none of an interface |
//! | what drops handles of a resource | `[resource-drop]r`, in the interface that has the resource |
//! | the same of a resource that is exported | in the module `[export]` and the interface, as are `[resource-new]r` and `[resource-rep]r` |
//! | an export | `interface#name`, or `name` |
//! | what is called after it, and a destructor | `cabi_post_interface#name`, `interface#[dtor]r` |
//!
//! Such modules are made for worlds that are written in WIT, and a component can have others. Those are
//! refused, with all that is in the way: [`Emit::RawModule`] is there for them.
//!
//! # Limits
//!
//! An interface that is imported *and* exported is one to WIT: what is exported has to have all that is
//! imported, of the same types.

use wasm_fuser_merge::hash::{HashMap, HashSet};
use wasmparser::names::{ComponentName, ComponentNameKind};

use super::{
    Bag, ExternName, FuncDef, Item, Plan, Resource, ResourceId, Role, Type, TypeId, Types,
};
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::Emit;

/// What an import of no interface is in.
const ROOT: &str = "$root";

impl Plan<'_> {
    /// The imports of the result's world: those of the root, but for interfaces that are core imports.
    pub fn world_imports(&self) -> impl Iterator<Item = &(ExternName, Item)> {
        self.root_imports.iter().filter(|(_, item)| {
            let Item::Instance(bag) = item else { return true };
            !self.bags[*bag].values().any(|item| {
                matches!(item, Item::Func(FuncDef::Import(import), _)
                    if self.imports[*import].role != Role::World)
            })
        })
    }

    /// The exports of the result's world: those of the root, but for what is run as a command.
    pub fn world_exports(&self) -> impl Iterator<Item = &(ExternName, Item)> {
        self.root_exports.iter().filter(|(_, item)| match item {
            Item::Instance(bag) => !self.bags[*bag].values().any(|item| self.is_main(item)),
            item => !self.is_main(item),
        })
    }

    fn is_main(&self, item: &Item) -> bool {
        let Item::Func(FuncDef::Lift(lift), _) = item else { return false };
        self.main.as_ref().is_some_and(|main| main.lift == *lift)
    }

    /// Where a resource is called by a name first: in an interface, or in none, of what is imported, or
    /// else of what is exported.
    pub fn home(&self, resource: ResourceId) -> Option<(Option<&ExternName>, &str)> {
        let is_it = |item: &Item| {
            let Item::Type(ty) = item else { return false };
            self.types.resource(*ty).is_ok_and(|named| named == resource)
        };
        self.root_imports.iter().chain(&self.root_exports).find_map(|(name, item)| match item {
            Item::Instance(bag) => {
                let (member, _) = self.bags[*bag].iter().find(|(_, item)| is_it(item))?;
                Some((Some(name), member.as_str()))
            }
            item => is_it(item).then_some((None, name.name.as_str())),
        })
    }

    /// The module and the name under which a built-in for a resource is imported.
    pub fn standard_builtin(&self, verb: &str, resource: ResourceId) -> Option<(String, String)> {
        let (interface, name) = self.home(resource)?;
        let interface = interface.map_or(ROOT.to_string(), whole);
        let module = match self.resources[resource] {
            Resource::Imported { .. } => interface,
            Resource::Defined { .. } => format!("[export]{interface}"),
        };
        Some((module, format!("[{verb}]{name}")))
    }

    /// The name under which a destructor is exported.
    pub fn standard_dtor(&self, resource: ResourceId) -> Option<String> {
        let (interface, name) = self.home(resource)?;
        Some(format!("{}#[dtor]{name}", whole(interface?)))
    }
}

/// The names of interfaces whose version is in two parts, with the whole version.
pub fn whole_names(names: &[(ExternName, Item)]) -> HashMap<&str, String> {
    let divided = names.iter().filter(|(name, _)| name.version_suffix.is_some());
    divided.map(|(name, _)| (name.name.as_str(), whole(name))).collect()
}

/// A name with the whole version.
fn whole(name: &ExternName) -> String {
    format!("{}{}", name.name, name.version_suffix.as_deref().unwrap_or_default())
}

/// Refuses a world that a module in the standard form cannot have.
pub(super) fn check(plan: &Plan<'_>) -> Result<()> {
    let mut check = Check { plan, why: Vec::new(), homes: HashMap::new() };
    for (name, item) in plan.world_imports() {
        check.item(name, item, "imported");
    }
    for (name, item) in plan.world_exports() {
        check.item(name, item, "exported");
        check.exported(name, item);
    }
    for (name, item) in &plan.root_exports {
        if let Item::Instance(bag) = item
            && plan.bags[*bag].values().any(|item| plan.is_main(item))
            && plan.bags[*bag].len() > 1
        {
            let why = format!("`{}` is exported without the function that is run", name.name);
            check.why.push(why);
        }
    }
    let message = match &check.why[..] {
        [] => return Ok(()),
        [why] => format!("WIT has no words for the world of the result: {why}"),
        all => format!("WIT has no words for the world of the result:\n  {}", all.join("\n  ")),
    };
    Err(Error::new(Code::NotInWit, message).with_help(
        Remedy::from("take a module that is described in another way: ")
            .setting(Setting::Emit(Emit::RawModule)),
    ))
}

struct Check<'c, 'a> {
    plan: &'c Plan<'a>,
    why: Vec<String>,
    /// The name of the import or export in which each resource is declared first.
    homes: HashMap<ResourceId, (String, &'static str)>,
}

impl Check<'_, '_> {
    fn refuse(&mut self, name: &ExternName, direction: &str, why: &str) {
        self.why.push(format!("`{}` is {direction}, {why}", name.name));
    }

    fn item(&mut self, name: &ExternName, item: &Item, direction: &'static str) {
        let plan = self.plan;
        match item {
            Item::Func(..) => self.method(name, &name.name, None, direction),
            Item::Type(_) if direction == "exported" => {
                self.refuse(name, direction, "a type of no interface");
            }
            Item::Type(ty) => self.declared(*ty, &name.name, direction),
            Item::Instance(bag) => {
                for (member, item) in &plan.bags[*bag] {
                    match item {
                        Item::Type(ty) => self.declared(*ty, &name.name, direction),
                        Item::Func(..) => {
                            self.method(name, member, Some(&plan.bags[*bag]), direction)
                        }
                        Item::Instance(_) => {
                            self.refuse(
                                name,
                                direction,
                                &format!("with an instance in it, `{member}`"),
                            );
                        }
                        _ => self.refuse(
                            name,
                            direction,
                            &format!("with what is no type or function in it, `{member}`"),
                        ),
                    }
                }
            }
            Item::Module(..) => self.refuse(name, direction, "a core module"),
            Item::Component(..) => self.refuse(name, direction, "a component"),
            Item::Declared(_) => {
                self.refuse(name, direction, "the type of an instance, a component or core wasm");
            }
        }
    }

    fn declared(&mut self, ty: TypeId, name: &str, direction: &'static str) {
        if let Ok(resource) = self.plan.types.resource(ty) {
            self.homes.entry(resource).or_insert_with(|| (name.into(), direction));
        }
    }

    /// A function that is named after a resource is declared with that.
    fn method(
        &mut self,
        name: &ExternName,
        function: &str,
        bag: Option<&Bag>,
        direction: &'static str,
    ) {
        let plan = self.plan;
        let Ok(parsed) = ComponentName::new(function, 0) else { return };
        let ComponentNameKind::Plain(plain) = parsed.kind() else { return };
        let Some(of) = plain.resource() else { return };
        let item = match bag {
            Some(bag) => bag.get(of.as_str()).copied(),
            None => {
                let named = plan.root_imports.iter().find(|(name, _)| name.name == of.as_str());
                named.map(|(_, item)| *item)
            }
        };
        let home = match item {
            Some(Item::Type(ty)) => plan.types.resource(ty).ok().and_then(|it| self.homes.get(&it)),
            _ => None,
        };
        let scope = match bag {
            Some(_) => name.name.as_str(),
            None => of.as_str(),
        };
        let is_here = home.is_some_and(|(at, way)| {
            at == scope && (*way == direction || bag.is_none() && *way == "imported")
        });
        if !is_here {
            let why = format!("with `{function}` of a resource that another interface has");
            self.refuse(name, direction, &why);
        }
    }

    fn exported(&mut self, name: &ExternName, item: &Item) {
        let plan = self.plan;
        if name.name == "memory" && matches!(item, Item::Func(..)) {
            self.refuse(name, "exported", "and so is the memory, under that name");
        }
        let functions: Vec<(&str, &Item)> = match item {
            Item::Instance(bag) => plan.bags[*bag].iter().map(|(n, it)| (n.as_str(), it)).collect(),
            item => vec![(name.name.as_str(), item)],
        };
        for (function, item) in functions {
            if let Item::Func(FuncDef::Import(_), _) = item {
                let why = format!("with a function that is imported, `{function}`");
                self.refuse(name, "exported", &why);
            }
        }
        let both = plan.world_imports().find(|(other, _)| other.name == name.name);
        if let (Item::Instance(exported), Some((_, Item::Instance(imported)))) = (item, both) {
            let mut same = Same { types: &plan.types, seen: HashSet::new() };
            for (member, imported) in &plan.bags[*imported] {
                let same = match (plan.bags[*exported].get(member), imported) {
                    (Some(Item::Func(_, a)), Item::Func(_, b))
                    | (Some(Item::Type(a)), Item::Type(b)) => same.types(*a, *b),
                    _ => false,
                };
                if !same {
                    let why = format!("and imported with another `{member}`");
                    self.refuse(name, "exported", &why);
                }
            }
            for item in plan.bags[*exported].values() {
                let Item::Type(ty) = item else { continue };
                let Ok(resource) = plan.types.resource(*ty) else { continue };
                let home = self.homes.get(&resource);
                if home.is_some_and(|(at, way)| *at == name.name && *way == "imported") {
                    self.refuse(
                        name,
                        "exported",
                        "with a resource that it has where it is imported",
                    );
                }
            }
        }
    }
}

/// Compares types as they would be written: two resources of one place are the same.
struct Same<'t> {
    types: &'t Types,
    seen: HashSet<(TypeId, TypeId)>,
}

impl Same<'_> {
    /// How deep types nest is bounded by `Limits::depth`.
    fn types(&mut self, a: TypeId, b: TypeId) -> bool {
        let pair = (self.types.canonical(a), self.types.canonical(b));
        if pair.0 == pair.1 || !self.seen.insert(pair) {
            return true;
        }
        let (a, b) = (&self.types[a], &self.types[b]);
        if let (Type::Resource(_), Type::Resource(_)) = (a, b) {
            return true;
        }
        let alike = std::mem::discriminant(a) == std::mem::discriminant(b)
            && labels(a) == labels(b)
            && a.parts().len() == b.parts().len();
        alike && a.parts().into_iter().zip(b.parts()).all(|(a, b)| self.types(a, b))
    }
}

/// What tells types of one kind apart, beside their parts.
fn labels(ty: &Type) -> Vec<String> {
    match ty {
        Type::Primitive(it) => vec![it.to_string()],
        Type::Record(fields) => fields.iter().map(|(name, _)| name.to_string()).collect(),
        Type::Variant(cases) => {
            cases.iter().map(|(name, ty)| format!("{name} {}", ty.is_some())).collect()
        }
        Type::Flags(names) | Type::Enum(names) => names.iter().map(|it| it.to_string()).collect(),
        Type::FixedLengthList(_, length) => vec![length.to_string()],
        Type::Result { ok, err } => vec![format!("{} {}", ok.is_some(), err.is_some())],
        Type::Func(ty) => {
            let names = ty.params.iter().map(|(name, _)| name.to_string());
            names.chain([format!("{} {}", ty.async_, ty.result.is_some())]).collect()
        }
        _ => Vec::new(),
    }
}
