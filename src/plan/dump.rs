//! The plan as stable text, for `--dump plan` and for tests.

use std::fmt::{self, Display, Formatter};

use super::{
    CanonicalOptions, CoreDef, CoreEntity, CoreFunc, FuncDef, ImportedInstance, InstanceId, Item,
    ModuleDef, Origin, Plan, Resource, Type, TypeId,
};
use crate::text::Lines;

impl Plan<'_> {
    /// All of it, a line for each part.
    pub fn dump(&self) -> Lines {
        let mut text = Lines::default();
        for (id, instance) in &self.instances {
            text.line(format_args!("{id} {}", self.path(id)));
            if let Some(parent) = instance.parent {
                text.line(format_args!("  in {parent}"));
            }
        }
        for (id, resource) in &self.resources {
            match resource {
                Resource::Imported { by: None } => text.line(format_args!("{id} imported")),
                Resource::Imported { by: Some(instance) } => {
                    text.line(format_args!("{id} of {instance}"))
                }
                Resource::Defined { owner, dtor: None } => {
                    text.line(format_args!("{id} of {owner}"))
                }
                Resource::Defined { owner, dtor: Some(dtor) } => {
                    text.line(format_args!("{id} of {owner} dtor {dtor}"));
                }
            }
        }
        for (id, import) in &self.imports {
            text.line(format_args!("{id} {}: {}", import.origin, self.ty(import.ty)));
        }
        for made in &self.imported_instances {
            let ImportedInstance { instance, component, after, .. } = made;
            let origin = &self.imported_components[*component].origin;
            text.line(format_args!(
                "{instance} = {component} {origin}, after {after} core instances"
            ));
            for (name, item) in &made.arguments {
                self.item(&mut text, "  with", name, item);
            }
        }
        for (id, core) in &self.core_instances {
            text.line(format_args!("{id} {} = {} of {}", core.path, core.module, core.owner));
            let module = self.module(core.module);
            for (import, def) in module.imports.iter().zip(&core.imports) {
                text.line(format_args!("  {} {} = {def}", import.module, import.name));
            }
        }
        for (id, lift) in &self.lifts {
            text.line(format_args!("{id} of {}: {}", lift.owner, self.ty(lift.ty)));
            text.line(format_args!("  calls {}{}", lift.callee, lift.options));
        }
        for (id, lower) in &self.lowers {
            text.line(format_args!("{id} of {}: {}", lower.owner, self.ty(lower.ty)));
            text.line(format_args!("  to {}{}", lower.target, lower.options));
        }
        for (id, builtin) in &self.builtins {
            let kind = builtin.kind.shown(&self.types);
            text.line(format_args!("{id} of {}: {kind}", builtin.owner));
        }
        for (verb, items) in [("import", &self.root_imports), ("export", &self.root_exports)] {
            for (name, item) in items {
                self.item(&mut text, verb, &name.name, item);
            }
        }
        text
    }
}

impl fmt::Display for ModuleDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModuleDef::Defined(id) => write!(f, "{id}"),
            ModuleDef::Imported(id) => write!(f, "{id}"),
        }
    }
}

impl Plan<'_> {
    /// The path of an instance, as it is printed.
    pub fn path(&self, id: InstanceId) -> &str {
        match self.instances[id].path.as_str() {
            "" => "(root)",
            path => path,
        }
    }

    /// Prints an item at the boundary. Bags are printed by what they hold, one line each.
    fn item(&self, text: &mut Lines, verb: &str, name: &str, item: &Item) {
        let mut open = vec![(name.to_string(), item)];
        while let Some((name, item)) = open.pop() {
            match item {
                Item::Func(def, ty) => {
                    text.line(format_args!("{verb} {name} = {def}: {}", self.ty(*ty)))
                }
                Item::Type(ty) => text.line(format_args!("{verb} {name} = {}", self.ty(*ty))),
                Item::Declared(_) => {
                    text.line(format_args!("{verb} {name} = the type of an instance or component"));
                }
                Item::Module(module, _) => text.line(format_args!("{verb} {name} = {module}")),
                Item::Component(..) => text.line(format_args!("{verb} {name} = a component")),
                Item::Instance(bag) => {
                    let inner = self.bags[*bag].iter().rev();
                    open.extend(inner.map(|(inner, item)| (format!("{name} {inner}"), item)));
                }
            }
        }
    }

    /// A type, printed one level deep: parts that are not primitive by their id.
    pub fn ty(&self, id: TypeId) -> impl Display {
        let part = |id: &TypeId| match &self.types[*id] {
            Type::Primitive(ty) => ty.to_string(),
            _ => self.types.canonical(*id).to_string(),
        };
        let list = |ids: &mut dyn Iterator<Item = String>| ids.collect::<Vec<_>>().join(", ");
        let payload = |name: &str, ty: &Option<TypeId>| {
            ty.map_or(name.into(), |ty| format!("{name}({})", part(&ty)))
        };
        match &self.types[id] {
            Type::Primitive(ty) => ty.to_string(),
            Type::Record(fields) => format!(
                "record {{{}}}",
                list(&mut fields.iter().map(|(name, ty)| format!("{name}: {}", part(ty))))
            ),
            Type::Variant(cases) => format!(
                "variant {{{}}}",
                list(&mut cases.iter().map(|(name, ty)| payload(name, ty)))
            ),
            Type::List(ty) => format!("list<{}>", part(ty)),
            Type::FixedLengthList(ty, n) => format!("list<{}, {n}>", part(ty)),
            Type::Map { key, value, .. } => format!("map<{}, {}>", part(key), part(value)),
            Type::Tuple(types) => format!("tuple<{}>", list(&mut types.iter().map(part))),
            Type::Flags(labels) => format!("flags {{{}}}", labels.join(", ")),
            Type::Enum(labels) => format!("enum {{{}}}", labels.join(", ")),
            Type::Option(ty) => format!("option<{}>", part(ty)),
            Type::Result { ok, err } => {
                format!("result {{{}, {}}}", payload("ok", ok), payload("error", err))
            }
            Type::Own(ty) => format!("own<{}>", part(ty)),
            Type::Borrow(ty) => format!("borrow<{}>", part(ty)),
            Type::Future(ty) => payload("future", ty),
            Type::Stream(ty) => payload("stream", ty),
            Type::Resource(resource) => resource.to_string(),
            Type::Func(func) => {
                let params =
                    list(&mut func.params.iter().map(|(name, ty)| format!("{name}: {}", part(ty))));
                let result = func.result.map_or(String::new(), |ty| format!(" -> {}", part(&ty)));
                let async_ = if func.async_ { "async " } else { "" };
                format!("{async_}func({params}){result}")
            }
        }
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(instance) = self.instance {
            write!(f, "{instance} ")?;
        }
        f.write_str(&self.path.join(" "))
    }
}

impl Display for FuncDef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            FuncDef::Lift(lift) => lift.fmt(f),
            FuncDef::Import(import) => import.fmt(f),
        }
    }
}

impl Display for CoreDef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            CoreDef::Func(func) => func.fmt(f),
            CoreDef::Entity(entity) => entity.fmt(f),
        }
    }
}

impl Display for CoreFunc {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            CoreFunc::Defined(entity) => entity.fmt(f),
            CoreFunc::Lower(lower) => lower.fmt(f),
            CoreFunc::Builtin(builtin) => builtin.fmt(f),
        }
    }
}

impl Display for CoreEntity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        use crate::core::EntityKind::*;
        let kind = match self.kind {
            Func => "func",
            Table => "table",
            Memory => "memory",
            Global => "global",
            Tag => "tag",
        };
        write!(f, "{}.{kind}{}", self.instance, self.index)
    }
}

impl Display for CanonicalOptions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.encoding)?;
        if let Some(memory) = self.memory {
            write!(f, " memory {memory}")?;
        }
        if let Some(realloc) = self.realloc {
            write!(f, " realloc {realloc}")?;
        }
        if let Some(post_return) = self.post_return {
            write!(f, " post-return {post_return}")?;
        }
        if self.async_ {
            f.write_str(" async")?;
        }
        if let Some(callback) = self.callback {
            write!(f, " callback {callback}")?;
        }
        if self.gc {
            f.write_str(" gc")?;
        }
        Ok(())
    }
}
