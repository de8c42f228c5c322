//! The world of a component as text, one line an item: equal worlds have equal texts.
//!
//! Items are ordered by name, for order means nothing in a world. Types are written out, and
//! resources numbered in order of their appearance, so that a resource is the same wherever it has
//! the same number.

use std::fmt::Write;

use wasmtime::ExternType;
use wasmtime::component::types::{ComponentItem, Type};
use wasmtime::component::{Component, ResourceType};

use crate::host::engine;

/// Imports and exports of a component.
pub fn world(bytes: &[u8]) -> String {
    let component = Component::new(engine(), bytes).unwrap_or_else(|error| panic!("{error:?}"));
    let ty = component.component_type();
    let mut printer = Printer { text: String::new(), resources: Vec::new() };
    let imports = ty.imports(engine()).map(|(name, import)| (name.to_string(), import.ty));
    printer.items("import", imports.collect());
    let exports = ty.exports(engine()).map(|(name, export)| (name.to_string(), export.ty));
    printer.items("export", exports.collect());
    printer.text
}

fn core(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(func) => {
            let params: Vec<_> = func.params().map(|ty| ty.to_string()).collect();
            let results: Vec<_> = func.results().map(|ty| ty.to_string()).collect();
            format!("func({}) -> ({})", params.join(", "), results.join(", "))
        }
        other => format!("{other:?}"),
    }
}

struct Printer {
    text: String,
    resources: Vec<ResourceType>,
}

impl Printer {
    fn items(&mut self, path: &str, mut items: Vec<(String, ComponentItem)>) {
        items.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, item) in items {
            let path = format!("{path} {name}");
            match item {
                ComponentItem::ComponentInstance(instance) => {
                    writeln!(self.text, "{path}").expect("a string can be written to");
                    let exports = instance.exports(engine());
                    let exports = exports.map(|(name, export)| (name.to_string(), export.ty));
                    self.items(&path, exports.collect());
                }
                item => {
                    let item = self.item(item);
                    writeln!(self.text, "{path}: {item}").expect("a string can be written to");
                }
            }
        }
    }

    fn item(&mut self, item: ComponentItem) -> String {
        match item {
            ComponentItem::ComponentFunc(function) => {
                let asynchronous = if function.async_() { "async " } else { "" };
                let params: Vec<_> = function
                    .params()
                    .map(|(name, ty)| format!("{name}: {}", self.ty(&ty)))
                    .collect();
                let results: Vec<_> = function.results().map(|ty| self.ty(&ty)).collect();
                format!("{asynchronous}func({}) -> ({})", params.join(", "), results.join(", "))
            }
            ComponentItem::Type(ty) => format!("type {}", self.ty(&ty)),
            ComponentItem::Resource(resource) => self.resource(resource),
            ComponentItem::Component(component) => {
                let mut inner = Printer { text: String::new(), resources: Vec::new() };
                let imports = component.imports(engine());
                let imports = imports.map(|(name, import)| (name.to_string(), import.ty));
                inner.items("import", imports.collect());
                let exports = component.exports(engine());
                let exports = exports.map(|(name, export)| (name.to_string(), export.ty));
                inner.items("export", exports.collect());
                format!("component {{ {} }}", inner.text.replace('\n', "; "))
            }
            ComponentItem::Module(module) => {
                let imports = module.imports(engine());
                let imports = imports.map(|((m, n), ty)| format!("import {m} {n}: {}", core(&ty)));
                let exports = module.exports(engine());
                let exports = exports.map(|(name, ty)| format!("export {name}: {}", core(&ty)));
                let mut items: Vec<_> = imports.chain(exports).collect();
                items.sort();
                format!("core module {{ {} }}", items.join("; "))
            }
            ComponentItem::CoreFunc(_) | ComponentItem::ComponentInstance(_) => {
                panic!("no guest has {item:?} in its world")
            }
        }
    }

    fn ty(&mut self, ty: &Type) -> String {
        match ty {
            Type::List(list) => format!("list<{}>", self.ty(&list.ty())),
            Type::FixedLengthList(list) => format!("list<{}, {}>", self.ty(&list.ty()), list.len()),
            Type::Map(map) => format!("map<{}, {}>", self.ty(&map.key()), self.ty(&map.value())),
            Type::Record(record) => {
                let fields = record.fields().map(|f| format!("{}: {}", f.name, self.ty(&f.ty)));
                format!("record {{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            Type::Tuple(tuple) => {
                let types = tuple.types().map(|ty| self.ty(&ty));
                format!("tuple<{}>", types.collect::<Vec<_>>().join(", "))
            }
            Type::Variant(variant) => {
                let cases = variant.cases().map(|case| match case.ty {
                    Some(ty) => format!("{}({})", case.name, self.ty(&ty)),
                    None => case.name.to_string(),
                });
                format!("variant {{ {} }}", cases.collect::<Vec<_>>().join(", "))
            }
            Type::Enum(names) => {
                format!("enum {{ {} }}", names.names().collect::<Vec<_>>().join(", "))
            }
            Type::Flags(names) => {
                format!("flags {{ {} }}", names.names().collect::<Vec<_>>().join(", "))
            }
            Type::Option(option) => format!("option<{}>", self.ty(&option.ty())),
            Type::Result(result) => {
                let ok = self.optional(result.ok());
                format!("result<{ok}, {}>", self.optional(result.err()))
            }
            Type::Own(resource) => format!("own<{}>", self.resource(*resource)),
            Type::Borrow(resource) => format!("borrow<{}>", self.resource(*resource)),
            Type::Future(future) => format!("future<{}>", self.optional(future.ty())),
            Type::Stream(stream) => format!("stream<{}>", self.optional(stream.ty())),
            scalar => format!("{scalar:?}").to_lowercase(),
        }
    }

    fn optional(&mut self, ty: Option<Type>) -> String {
        ty.map_or("_".into(), |ty| self.ty(&ty))
    }

    fn resource(&mut self, resource: ResourceType) -> String {
        let known = self.resources.iter().position(|other| *other == resource);
        let number = known.unwrap_or_else(|| {
            self.resources.push(resource);
            self.resources.len() - 1
        });
        format!("resource {number}")
    }
}
