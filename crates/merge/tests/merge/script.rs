//! Reads `link.wat`.

use std::collections::BTreeMap;

use anyhow::Context as _;
use anyhow::Result;
use anyhow::bail;
use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::reencode::RoundtripReencoder;
use wasm_fuser_merge::EntityKind;
use wasm_fuser_merge::Export;
use wasm_fuser_merge::External;
use wasm_fuser_merge::ExternalType;
use wasm_fuser_merge::Inlining;
use wasm_fuser_merge::Instance;
use wasm_fuser_merge::InstanceId;
use wasm_fuser_merge::Item;
use wasm_fuser_merge::Link;
use wasm_fuser_merge::ModuleId;
use wasm_fuser_merge::Notes;
use wasmparser::CompositeInnerType;
use wasmparser::Parser;
use wasmparser::Payload;
use wasmparser::TypeRef;
use wasmparser::ValidPayload;
use wasmparser::Validator;
use wasmparser::WasmFeatures;

/// A link, and what to do with it.
pub struct Script {
    /// Name, and position of the module.
    pub instances: Vec<(String, usize)>,
    pub modules: Vec<Vec<u8>>,
    /// What was noted of each module as it was validated.
    pub notes: Vec<Notes>,
    /// Name, instance and its export.
    pub exports: Vec<(String, String, String)>,
    pub actions: Vec<Action>,
    pub validate_only: bool,
    /// Positions of modules that are not there to be merged.
    pub opaque: Vec<usize>,
    /// What is inlined, by the name of the instance.
    pub inlining: BTreeMap<String, Inlining>,
    /// Names of instances that share their functions.
    pub sharing: Vec<String>,
    /// Names of instances whose code is trusted.
    pub trusted: Vec<String>,
}

/// Something to do with the exports.
pub enum Action {
    Call(String, Vec<String>),
    Dump(String),
}

impl Script {
    /// Reads the text.
    pub fn parse(text: &str) -> Result<Script> {
        let mut script = Script {
            instances: vec![],
            modules: vec![],
            notes: vec![],
            exports: vec![],
            actions: vec![],
            validate_only: false,
            opaque: vec![],
            inlining: BTreeMap::new(),
            sharing: vec![],
            trusted: vec![],
        };
        let mut wat: Option<String> = None;
        for line in text.lines() {
            let Some(directive) = line.strip_prefix(";;!") else {
                if let Some(wat) = &mut wat {
                    wat.push_str(line);
                    wat.push('\n');
                }
                continue;
            };
            script.end_module(&mut wat)?;
            let words: Vec<&str> = directive.split_whitespace().collect();
            match words[..] {
                ["instance", name] => {
                    script.instances.push((name.into(), script.modules.len()));
                    wat = Some(String::new());
                }
                ["instance", name, "=", other] => {
                    let (_, module) = script.instances[script.instance(other)?];
                    script.instances.push((name.into(), module));
                }
                ["export", name, "=", item] => {
                    let (instance, item) = item.split_once('.').context("an export needs a dot")?;
                    script.exports.push((name.into(), instance.into(), item.into()));
                }
                ["call", name, ref args @ ..] => {
                    let args = args.iter().map(|arg| (*arg).into()).collect();
                    script.actions.push(Action::Call(name.into(), args));
                }
                ["dump", name] => script.actions.push(Action::Dump(name.into())),
                ["opaque", name] => {
                    let instance = script.instance(name)?;
                    script.opaque.push(script.instances[instance].1);
                }
                ["inline", "into", name] => {
                    script.inlining.insert(name.into(), Inlining::Into);
                }
                ["library", name] => {
                    script.inlining.insert(name.into(), Inlining::Library);
                }
                ["share", name] => script.sharing.push(name.into()),
                ["trust", name] => {
                    script.instance(name)?;
                    script.trusted.push(name.into());
                }
                ["validate", "only"] => script.validate_only = true,
                _ => bail!("unknown directive `{directive}`"),
            }
        }
        script.end_module(&mut wat)?;
        Ok(script)
    }

    fn end_module(&mut self, wat: &mut Option<String>) -> Result<()> {
        if let Some(wat) = wat.take() {
            let bytes = wat::parse_str(&wat)?;
            self.notes.push(validate(&bytes)?);
            self.modules.push(bytes);
        }
        Ok(())
    }

    /// The position of an instance.
    pub fn instance(&self, name: &str) -> Result<usize> {
        let position = self.instances.iter().position(|(instance, _)| instance == name);
        position.with_context(|| format!("there is no instance `{name}`"))
    }

    /// The link.
    pub fn link(&self) -> Result<Link<'_>> {
        let mut link = Link::default();
        for (module, notes) in self.modules.iter().zip(&self.notes) {
            let id = link.modules.push(module.into());
            link.notes[id] = Some(notes);
            link.traced.insert(id);
        }
        for module in &self.opaque {
            link.opaque.insert(ModuleId::from_u32(u32::try_from(*module)?));
        }
        let mut externals = BTreeMap::new();
        for (name, module) in &self.instances {
            let mut items = Vec::new();
            for import in imports(&self.modules[*module])? {
                items.push(if import.module == "host" {
                    let external = *externals.entry(import.name.clone()).or_insert_with(|| {
                        link.externals.push(External {
                            module: "host".into(),
                            name: import.name,
                            ty: import.ty,
                        })
                    });
                    Item::External(external)
                } else {
                    self.item(&import.module, &import.name)?
                });
            }
            link.instances.push(Instance {
                module: ModuleId::from_u32(u32::try_from(*module)?),
                imports: items,
                label: name.clone(),
                capacity: None,
                inlining: self.inlining.get(name).copied().unwrap_or_default(),
                shared: self.sharing.contains(name).then_some("shared"),
                is_trusted: self.trusted.contains(name),
            });
        }
        Ok(link)
    }

    /// The exports of the merged module.
    pub fn exports(&self) -> Result<Vec<Export>> {
        let export = |(name, instance, item): &(String, String, String)| {
            Ok(Export { name: name.clone(), item: self.item(instance, item)? })
        };
        self.exports.iter().map(export).collect()
    }

    fn item(&self, instance: &str, name: &str) -> Result<Item> {
        let position = self.instance(instance)?;
        let exports = exports(&self.modules[self.instances[position].1])?;
        let (kind, index) =
            *exports.get(name).with_context(|| format!("`{instance}` has no export `{name}`"))?;
        Ok(Item::Defined { instance: InstanceId::from_u32(u32::try_from(position)?), kind, index })
    }
}

/// An import of a module.
pub struct Import {
    pub module: String,
    pub name: String,
    pub ty: ExternalType,
}

/// The imports of a module. The type is only right if it mentions no defined types.
pub fn imports(bytes: &[u8]) -> Result<Vec<Import>> {
    let mut types = Vec::new();
    let mut found = Vec::new();
    let mut to = RoundtripReencoder;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group?.into_types());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let func = |index: u32| match &types[index as usize].composite_type.inner {
                        CompositeInnerType::Func(ty) => RoundtripReencoder.func_type(ty.clone()),
                        _ => unreachable!("functions have function types"),
                    };
                    let ty = match import.ty {
                        TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                            ExternalType::Func(func(index)?)
                        }
                        TypeRef::Tag(tag) => ExternalType::Tag(func(tag.func_type_idx)?),
                        TypeRef::Table(ty) => ExternalType::Table(to.table_type(ty)?),
                        TypeRef::Memory(ty) => ExternalType::Memory(to.memory_type(ty)?),
                        TypeRef::Global(ty) => ExternalType::Global(to.global_type(ty)?),
                    };
                    found.push(Import {
                        module: import.module.into(),
                        name: import.name.into(),
                        ty,
                    });
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn exports(bytes: &[u8]) -> Result<BTreeMap<String, (EntityKind, u32)>> {
    let mut found = BTreeMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                let export = export?;
                let kind = match export.kind {
                    wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact => {
                        EntityKind::Func
                    }
                    wasmparser::ExternalKind::Table => EntityKind::Table,
                    wasmparser::ExternalKind::Memory => EntityKind::Memory,
                    wasmparser::ExternalKind::Global => EntityKind::Global,
                    wasmparser::ExternalKind::Tag => EntityKind::Tag,
                };
                found.insert(export.name.into(), (kind, export.index));
            }
        }
    }
    Ok(found)
}

/// Validates a module, and takes notes of its code.
fn validate(module: &[u8]) -> Result<Notes> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut notes = Notes::default();
    for payload in Parser::new(0).parse_all(module) {
        if let ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            notes.validated(&mut function.into_validator(Default::default()), &body)??;
        }
    }
    Ok(notes)
}
