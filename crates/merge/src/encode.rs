//! Writes the module of a block.
//!
//! The sections are made in the order in which they stand in the module, except for the types, which
//! are numbered as the other sections mention them and are put in front at the end.
//!
//! A body may make a reference only to functions that the module mentions outside of bodies. Those
//! that no export, global or element segment mentions get a declared element segment of their own,
//! after all others, in place of the declared segments of the input.

use std::collections::HashMap;

use cranelift_entity::EntityRef;
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
use wasm_encoder::Function;
use wasm_encoder::FunctionSection;
use wasm_encoder::GlobalSection;
use wasm_encoder::GlobalType;
use wasm_encoder::ImportSection;
use wasm_encoder::Instruction;
use wasm_encoder::MemorySection;
use wasm_encoder::Section;
use wasm_encoder::StartSection;
use wasm_encoder::TableSection;
use wasm_encoder::TagKind;
use wasm_encoder::TagSection;
use wasm_encoder::TagType;
use wasm_encoder::ValType;
use wasm_encoder::reencode::Reencode;
use wasmparser::ElementKind;
use wasmparser::TableInit;

use crate::Counts;
use crate::ExternalId;
use crate::ExternalType;
use crate::Import;
use crate::InstanceId;
use crate::MemoryInfo;
use crate::Names;
use crate::Options;
use crate::Provider;
use crate::Start;
use crate::contents;
use crate::contents::Contents;
use crate::contents::Context;
use crate::copy;
use crate::error::Error;
use crate::error::Result;
use crate::generate;
use crate::generate::At;
use crate::generate::Code;
use crate::layout::Layout;
use crate::names;
use crate::partition::BlockId;
use crate::resolve::Definition;
use crate::resolve::Entity;
use crate::resolve::FuncId;
use crate::resolve::MemoryId;
use crate::resolve::Site;
use crate::rewrite::FarCode;
use crate::rewrite::Rewrite;
use crate::rewrite::failed;
use crate::segment;
use crate::segment::Target;
use crate::start;
use crate::start::Applied;
use crate::types::Numbering;
use crate::types::Types;

/// Everything that is known about a block.
pub struct Input<'a, 'l> {
    pub context: &'a Context<'a, 'l>,
    pub types: &'a Types,
    pub block: BlockId,
    pub contents: &'a Contents,
    /// Those of all blocks: under which names they export what this one imports.
    pub names: &'a ExportNames,
    /// What each block is called.
    pub blocks: &'a PrimaryMap<BlockId, String>,
    pub layout: Layout,
}

/// The names under which blocks export things.
pub type ExportNames = HashMap<Entity, String>;

/// A block's module.
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub imports: Vec<Import>,
    pub start: Option<String>,
    pub memories: Vec<MemoryInfo>,
    pub counts: Counts,
}

/// Writes the module of a block.
pub fn encode(
    options: &Options,
    input: &Input<'_, '_>,
    code_sizes: &mut SecondaryMap<InstanceId, Vec<u32>>,
) -> Result<Encoded> {
    let mut encoder = Encoder { input, types: Numbering::new(input.context.program, input.types) };
    let (imports, imported) = encoder.imports()?;
    let functions = encoder.functions()?;
    let tables = encoder.tables()?;
    let (memories, memory_infos) = encoder.memories()?;
    let tags = encoder.tags()?;
    let globals = encoder.globals()?;
    let (exports, exported_start) = encoder.exports(&options.start)?;
    let elements = encoder.elements()?;
    let code = encoder.code(code_sizes)?;
    let data = encoder.data()?;

    let types = encoder.types.finish();
    let counts = Counts {
        types: types.len(),
        functions: functions.len(),
        tables: tables.len(),
        memories: memories.len(),
        tags: tags.len(),
        globals: globals.len(),
        exports: exports.len(),
        elements: elements.len(),
        data: data.len(),
    };

    let mut module = wasm_encoder::Module::new();
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
    if input.contents.data_in_bodies {
        module.section(&DataCountSection { count: data.len() });
    }
    put(&mut module, &code, code.len());
    drop(code);
    put(&mut module, &data, data.len());
    drop(data);
    if options.names == Names::Keep {
        module.section(&names::section(input)?);
    }
    Ok(Encoded {
        bytes: module.finish(),
        imports: imported,
        start: exported_start,
        memories: memory_infos,
        counts,
    })
}

/// Writes a section that has entries.
fn put(module: &mut wasm_encoder::Module, section: &impl Section, entries: u32) {
    if entries > 0 {
        module.section(section);
    }
}

struct Encoder<'p, 'l> {
    input: &'p Input<'p, 'l>,
    types: Numbering<'p>,
}

impl<'p> Encoder<'p, '_> {
    fn rewrite(&mut self, instance: InstanceId) -> Rewrite<'_, 'p> {
        let Input { context, layout, .. } = self.input;
        Rewrite::new(context.program, context.constants, layout, &mut self.types, instance)
    }

    /// What the block defines of an arena, in order.
    fn defined<I: EntityRef>(
        &self,
        arena: &'p PrimaryMap<I, Definition>,
        present: &'p EntitySet<I>,
        entity: impl Fn(I) -> Entity,
    ) -> Result<Vec<(I, Definition)>> {
        let Input { context, block, .. } = self.input;
        let mut defined = Vec::new();
        for id in present.iter() {
            if context.partition.defines(context.program, entity(id))? == Some(*block) {
                defined.push((id, arena[id]));
            }
        }
        Ok(defined)
    }

    /// The same for what only instances define.
    fn sites<I: EntityRef>(
        &self,
        arena: &'p PrimaryMap<I, Definition>,
        present: &'p EntitySet<I>,
        entity: impl Fn(I) -> Entity,
    ) -> Result<Vec<(I, Site)>> {
        let defined = self.defined(arena, present, entity)?;
        Ok(defined
            .into_iter()
            .filter_map(|(id, definition)| match definition {
                Definition::Defined(site) => Some((id, site)),
                _ => None,
            })
            .collect())
    }

    /// What comes from outside, then what other blocks define.
    fn imports(&mut self) -> Result<(ImportSection, Vec<Import>)> {
        let Input { context, contents, block, names, blocks, .. } = self.input;
        let mut external: SecondaryMap<ExternalId, bool> = SecondaryMap::new();
        let mut others = Vec::new();
        for entity in contents::all(&contents.present) {
            match context.partition.defines(context.program, entity)? {
                Some(definer) if definer == *block => {}
                Some(definer) => others.push((definer, entity)),
                None => external[context.program.external(entity)?] = true,
            }
        }
        let mut section = ImportSection::new();
        let mut imported = Vec::new();
        for (id, item) in context.link.externals.iter().filter(|(id, _)| external[*id]) {
            let ty = self.external_type(id, &item.ty)?;
            section.import(&item.module, &item.name, ty);
            let (module, name) = (item.module.clone(), item.name.clone());
            let kind = item.ty.kind();
            imported.push(Import { module, name, kind, from: Provider::External(id) });
        }
        for (definer, entity) in others {
            let name = names.get(&entity);
            let name = name.ok_or_else(|| Error::internal(format!("{entity:?} has no name")))?;
            let module = &blocks[definer];
            let ty = self.entity_type(entity)?;
            section.import(module, name, ty);
            let kind = entity.kind().ok_or_else(|| Error::internal("a segment is imported"))?;
            let from = Provider::Block(definer, name.clone());
            imported.push(Import { module: module.clone(), name: name.clone(), kind, from });
        }
        Ok((section, imported))
    }

    /// The type of what another block defines.
    fn entity_type(&mut self, entity: Entity) -> Result<EntityType> {
        let Input { context, types, .. } = self.input;
        let program = context.program;
        let site = |definition: Definition| match definition {
            Definition::Defined(site) => Ok(site),
            _ => Err(Error::internal(format!("{entity:?} is not of an instance"))),
        };
        Ok(match entity {
            Entity::Func(id) => {
                EntityType::Function(self.types.index(types.of_func(program, id)?)?)
            }
            Entity::Table(id) => {
                let Site { instance, position } = site(program.tables[id])?;
                let ty = program.module(instance).tables[position].ty;
                EntityType::Table(self.rewrite(instance).table_type(ty).map_err(failed)?)
            }
            Entity::Memory(id) => {
                EntityType::Memory(generate::memory_type(context.link, program, id)?)
            }
            Entity::Global(id) => {
                let Site { instance, position } = site(program.globals[id])?;
                let ty = program.module(instance).globals[position].ty;
                EntityType::Global(self.rewrite(instance).global_type(ty).map_err(failed)?)
            }
            Entity::Tag(id) => {
                let Site { instance, position } = site(program.tags[id])?;
                let ty = program.module(instance).tags[position];
                EntityType::Tag(self.rewrite(instance).tag_type(ty).map_err(failed)?)
            }
            Entity::Element(_) | Entity::Data(_) => {
                return Err(Error::internal("a segment is imported"));
            }
        })
    }

    fn external_type(&mut self, id: ExternalId, ty: &ExternalType) -> Result<EntityType> {
        Ok(match ty {
            ExternalType::Func(_) => {
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
        let Input { context, contents, types, .. } = self.input;
        let mut section = FunctionSection::new();
        let present = &contents.present.funcs;
        for (id, _) in self.defined(&context.program.funcs, present, Entity::Func)? {
            section.function(self.types.index(types.of_func(context.program, id)?)?);
        }
        Ok(section)
    }

    fn tables(&mut self) -> Result<TableSection> {
        let Input { context, contents, block, .. } = self.input;
        let program = context.program;
        let mut section = TableSection::new();
        for (_, site) in self.sites(&program.tables, &contents.present.tables, Entity::Table)? {
            let table = &program.module(site.instance).tables[site.position];
            if let TableInit::Expr(expr) = &table.init {
                context
                    .check_table_init(*block, site.instance, expr)
                    .map_err(|error| context.link.at(site.instance, error))?;
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
        let Input { context, contents, layout, .. } = self.input;
        let program = context.program;
        let mut section = MemorySection::new();
        let mut infos = Vec::new();
        if let Some(one) = context.regions.memory_type() {
            section.memory(one);
        }
        let present = &contents.present.memories;
        for (id, site) in self.sites(&program.memories, present, Entity::Memory)? {
            let ty = program.module(site.instance).memories[site.position];
            let region = context.regions.get(id);
            if region.is_none() {
                section.memory(self.rewrite(site.instance).memory_type(ty).map_err(failed)?);
            }
            infos.push(MemoryInfo {
                index: layout.memory(id)?,
                base: region.map_or(0, |region| region.base.into()),
                instance: site.instance,
                initial: ty.initial,
                maximum: region.map(|region| region.capacity.into()).or(ty.maximum),
                page_size_log2: ty.page_size_log2.unwrap_or(16),
            });
        }
        Ok((section, infos))
    }

    fn tags(&mut self) -> Result<TagSection> {
        let Input { context, contents, .. } = self.input;
        let mut section = TagSection::new();
        for (_, site) in self.sites(&context.program.tags, &contents.present.tags, Entity::Tag)? {
            let ty = context.program.module(site.instance).tags[site.position];
            section.tag(self.rewrite(site.instance).tag_type(ty).map_err(failed)?);
        }
        Ok(section)
    }

    fn globals(&mut self) -> Result<GlobalSection> {
        let Input { context, contents, .. } = self.input;
        let program = context.program;
        let mut section = GlobalSection::new();
        for (_, site) in self.sites(&program.globals, &contents.present.globals, Entity::Global)? {
            let global = &program.module(site.instance).globals[site.position];
            let mut rewrite = self.rewrite(site.instance);
            let ty = rewrite.global_type(global.ty).map_err(failed)?;
            section.global(ty, &ConstExpr::raw(rewrite.constant(&global.init_expr)?));
        }
        for (_, region) in context.regions.iter() {
            let size = region.minimum_bytes().cast_signed();
            let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            section.global(ty, &ConstExpr::i32_const(size));
        }
        Ok(section)
    }

    fn exports(&mut self, start: &Start) -> Result<(ExportSection, Option<String>)> {
        let Input { contents, layout, .. } = self.input;
        let mut section = ExportSection::new();
        for (name, entity) in &contents.exports {
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
            section.export(name, kind, index);
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
        let Input { context, contents, block, .. } = self.input;
        let program = context.program;
        let mut section = ElementSection::new();
        for id in contents.present.elements.iter() {
            let element = segment::element(program, id);
            let target = segment::element_target(program, id)?;
            let layout = &self.input.layout;
            let mut rewrite = self.rewrite(program.elements[id].instance);
            let offset;
            let mode = match (context.starts.element(id), target) {
                (Some(Applied::Active(at)), Some(target)) if at == *block => {
                    let table = layout.table(target.into)?;
                    offset = ConstExpr::raw(rewrite.constant(target.offset)?);
                    // Table 0 has a shorter encoding.
                    ElementMode::Active { table: Some(table).filter(|t| *t != 0), offset: &offset }
                }
                (Some(Applied::Step(at)), _) if at == *block => ElementMode::Passive,
                // Applied elsewhere: before any code here runs, it has been dropped.
                (Some(_), _) => {
                    let elements = match rewrite.element_items(element.items.clone()) {
                        Ok(Elements::Expressions(ty, _)) => {
                            Elements::Expressions(ty, Vec::new().into())
                        }
                        _ => Elements::Functions(Vec::new().into()),
                    };
                    section.segment(ElementSegment { mode: ElementMode::Passive, elements });
                    continue;
                }
                _ if matches!(element.kind, ElementKind::Declared) => ElementMode::Declared,
                _ => ElementMode::Passive,
            };
            let elements = rewrite.element_items(element.items.clone()).map_err(failed)?;
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
        let Input { context, contents, layout, block, .. } = self.input;
        let program = context.program;
        let mut found: Vec<_> = contents.exports.iter().map(|(_, entity)| *entity).collect();
        for id in contents.present.elements.iter() {
            let here = [None, Some(Applied::Active(*block)), Some(Applied::Step(*block))];
            if here.contains(&context.starts.element(id)) {
                segment::item_uses(program, context.constants, id, &mut found)?;
            }
        }
        for (_, site) in self.sites(&program.globals, &contents.present.globals, Entity::Global)? {
            let global = &program.module(site.instance).globals[site.position];
            context.constants.uses(program, site.instance, &global.init_expr, &mut found)?;
        }
        let mut declared: EntitySet<FuncId> = EntitySet::new();
        for entity in found {
            if let Entity::Func(id) = entity {
                declared.insert(id);
            }
        }
        let referenced = contents.referenced.iter();
        referenced.filter(|id| !declared.contains(*id)).map(|id| layout.func(id)).collect()
    }

    fn code(&mut self, sizes: &mut SecondaryMap<InstanceId, Vec<u32>>) -> Result<CodeSection> {
        let Input { context, contents, block, types, .. } = self.input;
        let Context { program, partition, accesses, regions, .. } = *context;
        let confined = !regions.is_empty();
        let far = FarCode { partition, accesses, block: *block };
        let mut section = CodeSection::new();
        for (id, definition) in
            self.defined(&program.funcs, &contents.present.funcs, Entity::Func)?
        {
            let site = match definition {
                Definition::Defined(site) => site,
                Definition::Generated(id) => {
                    section.function(&self.generated(&program.generated[id].code)?);
                    continue;
                }
                Definition::External(_) => continue,
            };
            let spaces = &program.instances[site.instance];
            let body = &program.modules[spaces.module].bodies[site.position];
            let ty = types.of_func(program, id)?;
            let mut rewrite = self.rewrite(site.instance);
            let body = match accesses.of_body(id) {
                None if !confined => rewrite.body(body),
                None => rewrite.confined_body(body, types.params(program, ty)?),
                Some(_) => rewrite.far_body(body, &far),
            };
            let body = body.map_err(|error| context.link.at(site.instance, error))?;
            section.function(&body);
            let sizes: &mut Vec<u32> = &mut sizes[site.instance];
            sizes.resize(spaces.funcs.ids().len(), 0);
            let index = spaces.funcs.index(site.position);
            sizes[index] = u32::try_from(body.byte_len()).unwrap_or(u32::MAX);
        }
        Ok(section)
    }

    /// The body of a function that merging has made.
    fn generated(&mut self, code: &Code<'_>) -> Result<Function> {
        let Input { context, layout, .. } = self.input;
        let Context { program, constants, partition, starts, accesses, .. } = *context;
        match code {
            Code::Access { memory, op, data, params } => {
                let data = data.map(|data| layout.data(data)).transpose()?;
                let mut at = At { memory: layout.memory(*memory)?, data: data.unwrap_or_default() };
                let mut function = Function::new([]);
                for param in 0..*params {
                    function.instruction(&Instruction::LocalGet(param));
                }
                function.instruction(&at.instruction(op.clone()).map_err(failed)?);
                function.instruction(&Instruction::End);
                Ok(function)
            }
            Code::Drop { data } => {
                let mut function = Function::new([]);
                function.instruction(&Instruction::DataDrop(layout.data(*data)?));
                function.instruction(&Instruction::End);
                Ok(function)
            }
            Code::Batch { memory, write, values } => {
                Ok(copy::batch_function(layout.memory(*memory)?, *write, *values))
            }
            Code::Copy(code) => copy::copy_function(code, layout),
            Code::Start { phase } => {
                let phase = &starts.phases()[*phase];
                let types = &mut self.types;
                start::combined(program, constants, partition, accesses, layout, types, phase)
            }
        }
    }

    fn data(&mut self) -> Result<DataSection> {
        let Input { context, contents, block, .. } = self.input;
        let program = context.program;
        let mut section = DataSection::new();
        for id in contents.present.data.iter() {
            let bytes = segment::data(program, id).data.iter().copied();
            match (context.starts.data(id), segment::data_target(program, id)?) {
                (Some(Applied::Active(at)), Some(target)) if at == *block => {
                    let memory = self.input.layout.memory(target.into)?;
                    let offset = self.offset(program.data[id].instance, &target)?;
                    section.active(memory, &offset, bytes);
                }
                (applied, ref target)
                    if self.holds_data(applied, target.as_ref().map(|t| t.into))? =>
                {
                    section.passive(bytes);
                }
                // Applied elsewhere: before any code here runs, it has been dropped.
                _ => {
                    section.passive([]);
                }
            }
        }
        Ok(section)
    }

    /// Where an active data segment is written: in a region, it is known and fits.
    fn offset(&mut self, instance: InstanceId, to: &Target<'_, MemoryId>) -> Result<ConstExpr> {
        let Context { program, constants, regions, .. } = *self.input.context;
        let Some(region) = regions.get(to.into) else {
            return Ok(ConstExpr::raw(self.rewrite(instance).constant(to.offset)?));
        };
        let known =
            constants.fold(program, instance, to.offset)?.and_then(|value| value.as_offset());
        let at = known.and_then(|offset| u32::try_from(offset).ok()?.checked_add(region.base));
        let at = at.ok_or_else(|| Error::internal("a segment is active outside its region"))?;
        Ok(ConstExpr::i32_const(at.cast_signed()))
    }

    /// Whether a data segment that is not active here has its bytes here: it is passive, or the step
    /// that applies it finds it here.
    fn holds_data(&self, applied: Option<Applied>, target: Option<MemoryId>) -> Result<bool> {
        let Input { context, block, .. } = self.input;
        Ok(match (applied, target) {
            (None, _) => true,
            (Some(Applied::Step(at)), Some(memory)) => {
                let near = context.partition.is_near(at, memory);
                *block == if near { at } else { context.partition.host(memory)? }
            }
            _ => false,
        })
    }
}
