//! Writes the merged module.
//!
//! The sections are made in the order in which they stand in the module, except for the types, which
//! are numbered as the other sections mention them and are put in front at the end.
//!
//! A body may make a reference only to functions that the module mentions outside of bodies. Those
//! that no export, global or element segment mentions get a declared element segment of their own,
//! after all others, in place of the declared segments of the input.

use cranelift_entity::EntitySet;
use cranelift_entity::PrimaryMap;
use cranelift_entity::SecondaryMap;
use wasm_encoder::CodeSection;
use wasm_encoder::ConstExpr;
use wasm_encoder::DataCountSection;
use wasm_encoder::DataSection;
use wasm_encoder::ElementMode;
use wasm_encoder::ElementSection;
use wasm_encoder::ElementSegment;
use wasm_encoder::Elements;
use wasm_encoder::EntityType;
use wasm_encoder::ExportKind;
use wasm_encoder::ExportSection;
use wasm_encoder::FunctionSection;
use wasm_encoder::GlobalSection;
use wasm_encoder::ImportSection;
use wasm_encoder::MemorySection;
use wasm_encoder::Section;
use wasm_encoder::StartSection;
use wasm_encoder::TableSection;
use wasm_encoder::TagKind;
use wasm_encoder::TagSection;
use wasm_encoder::TagType;
use wasm_encoder::reencode::Reencode;
use wasmparser::ElementKind;
use wasmparser::TableInit;

use super::ExternalId;
use super::ExternalType;
use super::InstanceId;
use super::Link;
use super::MemoryInfo;
use super::Merged;
use super::Options;
use super::Start;
use super::constant::Constants;
use super::layout::Layout;
use super::names;
use super::reach::Live;
use super::resolve::Definition;
use super::resolve::ElementId;
use super::resolve::Entity;
use super::resolve::FuncId;
use super::resolve::Program;
use super::resolve::Site;
use super::rewrite::Rewrite;
use super::rewrite::failed;
use super::segment;
use super::start;
use super::start::Entry;
use super::start::Step;
use super::start::Steps;
use super::types::Numbering;
use super::types::Types;
use crate::error::Code;
use crate::error::Error;
use crate::error::Result;
use crate::options::Names;

/// Everything that is known about the merged module.
pub struct Input<'a> {
    pub program: Program<'a>,
    pub types: Types,
    pub constants: Constants,
    pub live: Live,
    pub steps: Steps,
    pub layout: Layout,
}

/// Writes the merged module.
pub fn encode(link: &Link<'_>, options: &Options, input: &Input<'_>) -> Result<Merged> {
    let mut encoder = Encoder { link, input, types: Numbering::new(&input.program, &input.types) };
    let (imports, externals) = encoder.imports()?;
    let functions = encoder.functions()?;
    let tables = encoder.tables()?;
    let (memories, memory_infos) = encoder.memories()?;
    let tags = encoder.tags()?;
    let globals = encoder.globals()?;
    let (exports, exported_start) = encoder.exports(&options.start)?;
    let elements = encoder.elements()?;
    let (code, code_sizes) = encoder.code()?;
    let data = encoder.data()?;

    let mut module = wasm_encoder::Module::new();
    let types = encoder.types.finish();
    put(&mut module, &types, types.len());
    put(&mut module, &imports, imports.len());
    put(&mut module, &functions, functions.len());
    put(&mut module, &tables, tables.len());
    put(&mut module, &memories, memories.len());
    put(&mut module, &tags, tags.len());
    put(&mut module, &globals, globals.len());
    put(&mut module, &exports, exports.len());
    if let (Start::Section, Some(function_index)) = (&options.start, input.layout.start()) {
        module.section(&StartSection { function_index });
    }
    put(&mut module, &elements, elements.len());
    if input.live.data_in_bodies || input.steps.steps().iter().any(|s| matches!(s, Step::Data(_))) {
        module.section(&DataCountSection { count: data.len() });
    }
    put(&mut module, &code, code.len());
    drop(code);
    put(&mut module, &data, data.len());
    drop(data);
    if options.names == Names::Keep {
        module.section(&names::section(link, input)?);
    }
    Ok(Merged {
        bytes: module.finish(),
        externals,
        start: exported_start,
        memories: memory_infos,
        functions: functions.len(),
        code_sizes,
    })
}

/// Writes a section that has entries.
fn put(module: &mut wasm_encoder::Module, section: &impl Section, entries: u32) {
    if entries > 0 {
        module.section(section);
    }
}

struct Encoder<'p> {
    link: &'p Link<'p>,
    input: &'p Input<'p>,
    types: Numbering<'p>,
}

/// The kept definitions of an arena, in order.
fn kept<'p, I: cranelift_entity::EntityRef>(
    arena: &'p PrimaryMap<I, Definition>,
    live: &'p EntitySet<I>,
) -> impl Iterator<Item = Site> + 'p {
    arena.iter().filter(|(id, _)| live.contains(*id)).filter_map(|(_, definition)| match definition
    {
        Definition::Defined(site) => Some(*site),
        Definition::External(_) => None,
    })
}

/// The kept externals of an arena, in order.
fn imported<'p, I: cranelift_entity::EntityRef>(
    arena: &'p PrimaryMap<I, Definition>,
    live: &'p EntitySet<I>,
) -> impl Iterator<Item = ExternalId> + 'p {
    arena.iter().filter(|(id, _)| live.contains(*id)).filter_map(|(_, definition)| match definition
    {
        Definition::External(external) => Some(*external),
        Definition::Defined(_) => None,
    })
}

impl<'p> Encoder<'p> {
    fn rewrite(&mut self, instance: InstanceId) -> Rewrite<'_, 'p> {
        let Input { program, constants, layout, .. } = self.input;
        Rewrite::new(program, constants, layout, &mut self.types, instance)
    }

    fn imports(&mut self) -> Result<(ImportSection, SecondaryMap<ExternalId, bool>)> {
        let Input { program, live, .. } = self.input;
        let mut used = SecondaryMap::new();
        let ids = imported(&program.funcs, &live.funcs)
            .chain(imported(&program.tables, &live.tables))
            .chain(imported(&program.memories, &live.memories))
            .chain(imported(&program.globals, &live.globals))
            .chain(imported(&program.tags, &live.tags));
        for id in ids {
            used[id] = true;
        }
        let mut section = ImportSection::new();
        for (id, external) in self.link.externals.iter().filter(|(id, _)| used[*id]) {
            let ty = self.external_type(id, &external.ty)?;
            section.import(&external.module, &external.name, ty);
        }
        Ok((section, used))
    }

    fn external_type(&mut self, id: ExternalId, ty: &ExternalType) -> Result<EntityType> {
        Ok(match ty {
            ExternalType::Func { .. } => {
                EntityType::Function(self.types.index(self.input.types.of_external(id)?)?)
            }
            ExternalType::Tag(_) => EntityType::Tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: self.types.index(self.input.types.of_external(id)?)?,
            }),
            ExternalType::Table(ty) => EntityType::Table(*ty),
            ExternalType::Memory(ty) => EntityType::Memory(*ty),
            ExternalType::Global(ty) => EntityType::Global(*ty),
        })
    }

    fn functions(&mut self) -> Result<FunctionSection> {
        let Input { program, live, steps, types, .. } = self.input;
        let mut section = FunctionSection::new();
        for site in kept(&program.funcs, &live.funcs) {
            let module = program.instances[site.instance].module;
            let ty = program.modules[module].functions[site.position];
            section.function(self.types.of_module(module, ty)?);
        }
        if steps.entry() == Entry::Combined {
            section.function(self.types.index(types.nullary())?);
        }
        Ok(section)
    }

    fn tables(&mut self) -> Result<TableSection> {
        let Input { program, live, .. } = self.input;
        let mut section = TableSection::new();
        for site in kept(&program.tables, &live.tables) {
            let table = &program.module(site.instance).tables[site.position];
            if let TableInit::Expr(expr) = &table.init {
                check_table_init(self.input, site.instance, expr)
                    .map_err(|error| self.link.at(site.instance, error))?;
            }
            let mut rewrite = self.rewrite(site.instance);
            let ty = rewrite.table_type(table.ty).map_err(failed)?;
            match &table.init {
                TableInit::RefNull => section.table(ty),
                TableInit::Expr(expr) => {
                    section.table_with_init(ty, &ConstExpr::raw(rewrite.constant(expr)?))
                }
            };
        }
        Ok(section)
    }

    fn memories(&mut self) -> Result<(MemorySection, Vec<MemoryInfo>)> {
        let Input { program, live, layout, .. } = self.input;
        let mut section = MemorySection::new();
        let mut infos = Vec::new();
        for (id, definition) in &program.memories {
            let Definition::Defined(site) = *definition else { continue };
            if !live.memories.contains(id) {
                continue;
            }
            let ty = program.module(site.instance).memories[site.position];
            section.memory(self.rewrite(site.instance).memory_type(ty).map_err(failed)?);
            infos.push(MemoryInfo {
                index: layout.memory(id)?,
                instance: site.instance,
                initial: ty.initial,
                maximum: ty.maximum,
                page_size_log2: ty.page_size_log2.unwrap_or(16),
            });
        }
        Ok((section, infos))
    }

    fn tags(&mut self) -> Result<TagSection> {
        let Input { program, live, .. } = self.input;
        let mut section = TagSection::new();
        for site in kept(&program.tags, &live.tags) {
            let ty = program.module(site.instance).tags[site.position];
            section.tag(self.rewrite(site.instance).tag_type(ty).map_err(failed)?);
        }
        Ok(section)
    }

    fn globals(&mut self) -> Result<GlobalSection> {
        let Input { program, live, .. } = self.input;
        let mut section = GlobalSection::new();
        for site in kept(&program.globals, &live.globals) {
            let global = &program.module(site.instance).globals[site.position];
            let mut rewrite = self.rewrite(site.instance);
            let ty = rewrite.global_type(global.ty).map_err(failed)?;
            section.global(ty, &ConstExpr::raw(rewrite.constant(&global.init_expr)?));
        }
        Ok(section)
    }

    fn exports(&mut self, start: &Start) -> Result<(ExportSection, Option<String>)> {
        let Input { program, layout, .. } = self.input;
        let mut section = ExportSection::new();
        for (export, entity) in self.link.exports.iter().zip(&program.exports) {
            let (kind, index) = match *entity {
                Entity::Func(id) => (ExportKind::Func, layout.func(id)?),
                Entity::Table(id) => (ExportKind::Table, layout.table(id)?),
                Entity::Memory(id) => (ExportKind::Memory, layout.memory(id)?),
                Entity::Global(id) => (ExportKind::Global, layout.global(id)?),
                Entity::Tag(id) => (ExportKind::Tag, layout.tag(id)?),
                Entity::Element(_) | Entity::Data(_) => {
                    return Err(Error::internal("a segment cannot be exported"));
                }
            };
            section.export(&export.name, kind, index);
        }
        match (start, layout.start()) {
            (Start::Export(name), Some(index)) => {
                section.export(name, ExportKind::Func, index);
                Ok((section, Some(name.clone())))
            }
            _ => Ok((section, None)),
        }
    }

    fn elements(&mut self) -> Result<ElementSection> {
        let Input { program, live, .. } = self.input;
        let applied: EntitySet<ElementId> = steps_of(&self.input.steps, |step| match step {
            Step::Element(id) => Some(id),
            Step::Call(_) | Step::Data(_) => None,
        });
        let mut section = ElementSection::new();
        for id in program.elements.keys().filter(|id| live.elements.contains(*id)) {
            let element = segment::element(program, id);
            let target = segment::element_target(program, id)?;
            let layout = &self.input.layout;
            let mut rewrite = self.rewrite(program.elements[id].instance);
            let elements = rewrite.element_items(element.items.clone()).map_err(failed)?;
            let offset;
            let mode = match target {
                Some(target) if !applied.contains(id) => {
                    let table = layout.table(target.into)?;
                    offset = ConstExpr::raw(rewrite.constant(target.offset)?);
                    // Table 0 has a shorter encoding.
                    ElementMode::Active { table: Some(table).filter(|t| *t != 0), offset: &offset }
                }
                Some(_) => ElementMode::Passive,
                None if matches!(element.kind, ElementKind::Declared) => ElementMode::Declared,
                None => ElementMode::Passive,
            };
            section.segment(ElementSegment { mode, elements });
        }
        let undeclared = self.undeclared()?;
        if !undeclared.is_empty() {
            section.declared(Elements::Functions(undeclared.into()));
        }
        Ok(section)
    }

    /// Functions that only bodies make references of.
    fn undeclared(&self) -> Result<Vec<u32>> {
        let Input { program, constants, live, layout, .. } = self.input;
        let mut found = program.exports.clone();
        for id in program.elements.keys().filter(|id| live.elements.contains(*id)) {
            segment::item_uses(program, constants, id, &mut found)?;
        }
        for site in kept(&program.globals, &live.globals) {
            let global = &program.module(site.instance).globals[site.position];
            constants.uses(program, site.instance, &global.init_expr, &mut found)?;
        }
        let mut declared: EntitySet<FuncId> = EntitySet::new();
        for entity in found {
            if let Entity::Func(id) = entity {
                declared.insert(id);
            }
        }
        let referenced = program.funcs.keys().filter(|id| live.referenced.contains(*id));
        referenced.filter(|id| !declared.contains(*id)).map(|id| layout.func(id)).collect()
    }

    fn code(&mut self) -> Result<(CodeSection, SecondaryMap<InstanceId, Vec<u32>>)> {
        let Input { program, constants, live, steps, layout, .. } = self.input;
        let mut section = CodeSection::new();
        let mut sizes = SecondaryMap::with_capacity(program.instances.len());
        for site in kept(&program.funcs, &live.funcs) {
            let spaces = &program.instances[site.instance];
            let module = &program.modules[spaces.module];
            let body = self.rewrite(site.instance).body(&module.bodies[site.position]);
            let body = body.map_err(|error| self.link.at(site.instance, error))?;
            section.function(&body);
            let sizes: &mut Vec<u32> = &mut sizes[site.instance];
            sizes.resize(spaces.funcs.ids().len(), 0);
            let index = spaces.funcs.index(site.position);
            sizes[index] = u32::try_from(body.byte_len()).unwrap_or(u32::MAX);
        }
        if steps.entry() == Entry::Combined {
            let body = start::combined(program, constants, layout, &mut self.types, steps)?;
            section.function(&body);
        }
        Ok((section, sizes))
    }

    fn data(&mut self) -> Result<DataSection> {
        let Input { program, live, steps, .. } = self.input;
        let applied = steps_of(steps, |step| match step {
            Step::Data(id) => Some(id),
            Step::Call(_) | Step::Element(_) => None,
        });
        let mut section = DataSection::new();
        for id in program.data.keys().filter(|id| live.data.contains(*id)) {
            let bytes = segment::data(program, id).data.iter().copied();
            match segment::data_target(program, id)? {
                Some(target) if !applied.contains(id) => {
                    let memory = self.input.layout.memory(target.into)?;
                    let mut rewrite = self.rewrite(program.data[id].instance);
                    let offset = ConstExpr::raw(rewrite.constant(target.offset)?);
                    section.active(memory, &offset, bytes);
                }
                _ => {
                    section.passive(bytes);
                }
            }
        }
        Ok(section)
    }
}

/// Tables are initialised before the globals that the module defines.
fn check_table_init(
    input: &Input<'_>,
    instance: InstanceId,
    expr: &wasmparser::ConstExpr<'_>,
) -> Result<()> {
    let Input { program, constants, .. } = input;
    let mut found = Vec::new();
    constants.uses(program, instance, expr, &mut found)?;
    let defined = |entity: &Entity| match entity {
        Entity::Global(id) => matches!(program.globals[*id], Definition::Defined(_)),
        _ => false,
    };
    if found.iter().any(defined) {
        return Err(Error::new(
            Code::NotFused,
            "the initial value of a table is a global of another instance that holds a new object",
        )
        .with_help("fill the table in a start function"));
    }
    Ok(())
}

fn steps_of<I: cranelift_entity::EntityRef>(
    steps: &Steps,
    which: impl Fn(Step) -> Option<I>,
) -> EntitySet<I> {
    let mut set = EntitySet::new();
    for id in steps.steps().iter().filter_map(|step| which(*step)) {
        set.insert(id);
    }
    set
}
