//! Links core instances into one core module, or as few as there can be.
//!
//! The input is a list of core instances in instantiation order, each a module together with the
//! item that every one of its imports is bound to. The output is one module that does, when it is
//! instantiated, what instantiating the list would have done, in the same order:
//!
//! ```text
//! link                                        merged module
//!   instance 0 = (module A)                     (import "host" "log" (func 0))
//!   instance 1 = (module B                      (func 1 ..)   A's, calls 1
//!       imports A's "f", the host's "log")      (func 2 ..)   B's, calls 1 and 0
//!   export "run" = B's "run"                    (export "run" (func 2))
//! ```
//!
//! Where one module cannot be, the instances are divided into *blocks*, each of which becomes a module
//! (see `partition`). Blocks import from earlier ones what they need, under generated names.
//!
//! Every index space of every instance is bound to *definitions* first; nothing is numbered before
//! it is known what is kept. Where an item is defined is answered by `resolve` alone, and which index
//! it gets by `layout` alone.
//!
//! Rejected: concatenating the modules and patching calls to imports afterwards (two index spaces
//! are alive at a time, and which one a number belongs to is a matter of when one asks); a full
//! in-memory form of function bodies (they are copied, and only the immediates that name indices
//! change, so the text of an instruction is never needed).
//!
//! Limits: knows core wasm only. Branch hints and custom sections other than `name` are dropped,
//! DWARF among them, because its offsets would be those of the input. Input modules must be valid
//! and bindings must have the types that imports ask for: the component validator proves both, and
//! what would contradict it here is an internal error. Externals are imported without the exactness of
//! the custom descriptors proposal. Nothing bounds the size of the output: it is about that of all
//! instances' modules together.

use std::borrow::Cow;
use std::collections::HashMap;

use cranelift_entity::EntityRef;
use cranelift_entity::EntitySet;
use cranelift_entity::PrimaryMap;
use cranelift_entity::SecondaryMap;
use wasm_encoder::FuncType;
use wasm_encoder::GlobalType;
use wasm_encoder::HeapType;
use wasm_encoder::MemoryType;
use wasm_encoder::TableType;
use wasm_encoder::ValType;

pub use self::error::Error;
pub use self::error::ErrorKind;
pub use self::error::Result;
pub use self::interface::Interface;
pub use self::partition::BlockId;

mod access;
mod confine;
mod constant;
mod contents;
mod copy;
mod encode;
mod error;
mod generate;
mod ids;
mod indirection;
mod interface;
mod layout;
mod module;
mod names;
mod partition;
mod reach;
mod region;
mod resolve;
mod rewrite;
mod segment;
mod start;
mod types;

id! {
    /// A core module of the input.
    pub struct ModuleId("module");
    /// A core instance: one instantiation of a module.
    pub struct InstanceId("instance");
    /// Something the merged module may import.
    pub struct ExternalId("external");
}

/// What to merge.
#[derive(Clone, Debug, Default)]
pub struct Link<'a> {
    /// The modules, as binaries.
    pub modules: PrimaryMap<ModuleId, Cow<'a, [u8]>>,
    /// The modules whose code is not there: their binaries are [stand-ins](Interface::stand_in).
    pub opaque: EntitySet<ModuleId>,
    /// The instances, in the order in which they are instantiated.
    pub instances: PrimaryMap<InstanceId, Instance>,
    /// What can be imported from outside.
    pub externals: PrimaryMap<ExternalId, External>,
    /// The exports of the result. Names are unique.
    pub exports: Vec<Export>,
}

/// One instantiation of a module.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The module.
    pub module: ModuleId,
    /// What each of the module's imports is bound to, in order.
    pub imports: Vec<Item>,
    /// What names of this instance are qualified with in the `name` section, as far as that takes:
    /// a path, such as `app/main`; empty for nothing.
    pub label: String,
    /// How many bytes its memories need as regions of a [single](MemoryPlan::Single) memory, if that
    /// may be less than [`Options::capacity`].
    pub capacity: Option<u32>,
}

/// A function, table, memory, global or tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// One that comes from outside.
    External(ExternalId),
    /// One that an earlier instance provides.
    Defined {
        /// The instance.
        instance: InstanceId,
        /// Which of its index spaces.
        kind: EntityKind,
        /// The index there. It may name an import of that instance.
        index: u32,
    },
}

/// The index spaces whose entries can be imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// Functions.
    Func,
    /// Tables.
    Table,
    /// Memories.
    Memory,
    /// Globals.
    Global,
    /// Exception tags.
    Tag,
}

impl Link<'_> {
    /// Says in an error which instance it is about.
    fn at(&self, instance: InstanceId, error: Error) -> Error {
        match self.instances.get(instance) {
            Some(Instance { label, .. }) if !label.is_empty() => error.in_instance(label),
            _ => error,
        }
    }
}

/// An import of the merged module, provided that something reachable uses it.
#[derive(Clone, Debug)]
pub struct External {
    /// The import's module name.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// Its type.
    pub ty: ExternalType,
}

/// The type of an [`External`]. Reference types in it are abstract: there is no type section that
/// a concrete one could refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalType {
    /// A function of a final type without supertypes.
    Func(FuncType),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// A tag: its parameters are those of a function type without results.
    Tag(FuncType),
}

impl ExternalType {
    /// The index space it belongs to.
    pub fn kind(&self) -> EntityKind {
        match self {
            ExternalType::Func(_) => EntityKind::Func,
            ExternalType::Table(_) => EntityKind::Table,
            ExternalType::Memory(_) => EntityKind::Memory,
            ExternalType::Global(_) => EntityKind::Global,
            ExternalType::Tag(_) => EntityKind::Tag,
        }
    }

    /// Whether no reference type in it names a defined type.
    pub fn is_abstract(&self) -> bool {
        let is_abstract = |ty: &ValType| match ty {
            ValType::Ref(ty) => matches!(ty.heap_type, HeapType::Abstract { .. }),
            _ => true,
        };
        match self {
            ExternalType::Func(ty) | ExternalType::Tag(ty) => {
                ty.params().iter().chain(ty.results()).all(is_abstract)
            }
            ExternalType::Table(ty) => is_abstract(&ValType::Ref(ty.element_type)),
            ExternalType::Global(ty) => is_abstract(&ty.val_type),
            ExternalType::Memory(_) => true,
        }
    }
}

/// An export of the merged module.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What is exported.
    pub item: Item,
}

/// What becomes of the `name` section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Merged, each name prefixed with the path of its instance.
    Keep,
    /// Removed.
    Drop,
}

/// How many memories a core module of the result may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryPlan {
    /// As many as there are guests: all code is one module.
    Multi,
    /// One: a module for each memory. For engines without multi-memory.
    Split,
    /// One, of which each guest has a region: all code is one module. For engines that have neither
    /// multi-memory nor several modules.
    Single,
}

/// How to merge.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether there is a `name` section.
    pub names: Names,
    /// How start functions run.
    pub start: Start,
    /// How many memories a module may have.
    pub memory: MemoryPlan,
    /// How many bytes a region of a [single](MemoryPlan::Single) memory can have, if its memory does
    /// not say otherwise.
    pub capacity: u32,
    /// Whether generated code may use vector instructions.
    pub simd: bool,
}

/// How the start functions of the instances, and the segments that come after one, get to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// On instantiation.
    Section,
    /// When the embedder calls the export of this name, which each block has that has anything to do:
    /// before it instantiates the next one whose code is not there, or at the end.
    Export(String),
}

/// What instances are merged to.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The blocks, in the order in which they are to be instantiated.
    pub blocks: PrimaryMap<BlockId, Block>,
    /// Which externals are imported.
    pub externals: SecondaryMap<ExternalId, bool>,
    /// Where each of the link's exports is: the block, and the name there.
    pub exports: Vec<(BlockId, String)>,
    code_sizes: SecondaryMap<InstanceId, Vec<u32>>,
}

/// A part of the result that is instantiated by itself.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is called: others import from it under this name.
    pub name: String,
    /// The instances whose code is in it, in order.
    pub instances: Vec<InstanceId>,
    /// What is instantiated.
    pub code: BlockCode,
    /// What it imports, in order.
    pub imports: Vec<Import>,
    /// The name of the exported start function, with [`Start::Export`] and something to do.
    pub start: Option<String>,
    /// The memories it defines, by index.
    pub memories: Vec<MemoryInfo>,
    /// How much it has of everything.
    pub counts: Counts,
}

/// How many entries the sections of a merged module have.
#[allow(missing_docs, reason = "each is the section of that name")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub types: u32,
    pub functions: u32,
    pub tables: u32,
    pub memories: u32,
    pub tags: u32,
    pub globals: u32,
    pub exports: u32,
    pub elements: u32,
    pub data: u32,
}

/// What a block is instantiated from.
#[derive(Clone, Debug)]
pub enum BlockCode {
    /// A module that merging has made.
    Module(Vec<u8>),
    /// The module of the block's only instance, whose code is not there.
    Opaque,
}

/// An import of a block.
#[derive(Clone, Debug)]
pub struct Import {
    /// The import's module name.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Who provides it.
    pub from: Provider,
}

/// Who provides what a block imports.
#[derive(Clone, Debug)]
pub enum Provider {
    /// It comes from outside.
    External(ExternalId),
    /// An earlier block exports it under a name.
    Block(BlockId, String),
}

/// A memory that a block defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryInfo {
    /// Its index in the block's module: that of the memory of which it is a region, if it is one.
    pub index: u32,
    /// Where it begins there, in bytes: 0, unless it is a region.
    pub base: u64,
    /// The instance that defines it.
    pub instance: InstanceId,
    /// Its initial size in pages.
    pub initial: u64,
    /// Its maximum size in pages.
    pub maximum: Option<u64>,
    /// The binary logarithm of its page size in bytes: 16, unless the memory says otherwise.
    pub page_size_log2: u32,
}

impl Merged {
    /// The module, if all is in one.
    pub fn only_module(&self) -> Option<(&Block, &[u8])> {
        match self.blocks.values().as_slice() {
            [block @ Block { code: BlockCode::Module(bytes), .. }] => Some((block, bytes)),
            _ => None,
        }
    }

    /// The size in bytes of the body of a function, in its block's module: 0 if it was removed, or if
    /// the index (in the index space of the instance's module) names an import.
    pub fn code_size(&self, instance: InstanceId, index: u32) -> u32 {
        let sizes = &self.code_sizes[instance];
        usize::try_from(index).ok().and_then(|i| sizes.get(i)).copied().unwrap_or(0)
    }
}

/// Merges core instances into one module, or as few as `options` and the link allow.
///
/// # Errors
///
/// [`ErrorKind`] has them all. Nothing panics.
pub fn merge(link: &Link<'_>, options: &Options) -> Result<Merged> {
    // Sections become lists; of each function body, the entities that it refers to.
    let modules = module::read(link)?;
    // Each index of each instance names the definition it is bound to.
    let mut program = resolve::resolve(link, modules)?;
    // Types that are the same type have the same id, whichever module wrote them.
    let mut types = types::intern(link, &program)?;
    // Functions that only call through tables of known contents stand for what they call.
    let shortcuts = indirection::find(&program, &types)?;
    // Each instance is in a block; in one, all of them, if nothing is in the way.
    let partition = partition::partition(&program, &shortcuts, options.memory)?;
    program.replace_functions(&partition, |func| shortcuts.end(func))?;
    // Immutable globals whose values are known.
    let constants = constant::evaluate(&program)?;
    // What can still be observed is kept.
    let live = reach::reach(&program, &constants)?;
    // Memories become parts of one memory, if that is asked for.
    let regions = region::plan(link, options, &program, &partition, &live)?;
    // What is left to do once active segments have been applied, in order.
    let mut starts = start::plan(&program, &constants, &live, &partition, &regions)?;
    // Functions by which blocks reach memories of others, and start functions.
    let accesses = generate::generate(
        link,
        options,
        &mut program,
        &mut types,
        &partition,
        &live,
        &mut starts,
    )?;
    let context = contents::Context {
        link,
        program: &program,
        constants: &constants,
        live: &live,
        partition: &partition,
        starts: &starts,
        accesses: &accesses,
        regions: &regions,
    };
    // What each block defines, and what it needs of others.
    let contents = contents::contents(&context, options)?;
    // Every index of every block, and the bytes.
    blocks(&context, &types, &contents, options)
}

/// Writes the modules of all blocks.
fn blocks(
    context: &contents::Context<'_, '_>,
    types: &types::Types,
    contents: &PrimaryMap<BlockId, contents::Contents>,
    options: &Options,
) -> Result<Merged> {
    let contents::Context { link, program, partition, starts, regions, .. } = *context;
    let names = block_names(context, contents);
    let exported = export_names(context, contents)?;
    let mut merged = Merged {
        blocks: PrimaryMap::new(),
        externals: SecondaryMap::new(),
        exports: Vec::new(),
        code_sizes: SecondaryMap::with_capacity(link.instances.len()),
    };
    // Blocks of which nothing is kept are left out, and those after them move up.
    let mut moved: SecondaryMap<BlockId, BlockId> =
        SecondaryMap::with_default(BlockId::from_u32(0));
    for (id, block) in &partition.blocks {
        moved[id] = BlockId::new(merged.blocks.len());
        let (code, imports, start, memories, counts) = if block.opaque {
            let imports = opaque_imports(context, block, &exported)?;
            (BlockCode::Opaque, imports, None, Vec::new(), Counts::default())
        } else if contents[id].is_empty() && partition.blocks.len() > 1 {
            continue;
        } else {
            let start = starts.of_block(id);
            let present = &contents[id].present;
            let layout = layout::number(program, partition, regions, id, present, start)?;
            let input = encode::Input {
                context,
                types,
                block: id,
                contents: &contents[id],
                names: &exported,
                blocks: &names,
                layout,
            };
            let encoded = encode::encode(options, &input, &mut merged.code_sizes)?;
            let encode::Encoded { bytes, imports, start, memories, counts } = encoded;
            (BlockCode::Module(bytes), imports, start, memories, counts)
        };
        let mut imports = imports;
        for import in &mut imports {
            match &mut import.from {
                Provider::External(external) => merged.externals[*external] = true,
                Provider::Block(from, _) => *from = moved[*from],
            }
        }
        let (name, instances) = (names[id].clone(), block.instances.clone());
        merged.blocks.push(Block { name, instances, code, imports, start, memories, counts });
    }
    for (export, entity) in link.exports.iter().zip(&program.exports) {
        let place = match partition.defines(program, *entity)? {
            Some(block) if partition.blocks[block].opaque => {
                let name = exported.get(entity);
                let name = name.ok_or_else(|| Error::internal("an export has no name"))?;
                (moved[block], name.clone())
            }
            Some(block) => (moved[block], export.name.clone()),
            None => (moved[partition.last_module()?], export.name.clone()),
        };
        merged.exports.push(place);
    }
    Ok(merged)
}

/// What an instance whose code is not there imports.
fn opaque_imports(
    context: &contents::Context<'_, '_>,
    block: &partition::Block,
    exported: &encode::ExportNames,
) -> Result<Vec<Import>> {
    let mut imports = Vec::new();
    for instance in &block.instances {
        let names = &context.program.module(*instance).import_names;
        for (item, (module, name)) in context.link.instances[*instance].imports.iter().zip(names) {
            let (entity, kind) = context.program.item(*item)?;
            let from = match context.partition.defines(context.program, entity)? {
                None => Provider::External(context.program.external(entity)?),
                Some(from) => {
                    let name = exported.get(&entity);
                    let name = name.ok_or_else(|| Error::internal("an import has no name"))?;
                    Provider::Block(from, name.clone())
                }
            };
            let (module, name) = ((*module).to_string(), (*name).to_string());
            imports.push(Import { module, name, kind, from });
        }
    }
    Ok(imports)
}

/// Names each block after the instance whose code it mainly is: the one with the most functions.
fn block_names(
    context: &contents::Context<'_, '_>,
    contents: &PrimaryMap<BlockId, contents::Contents>,
) -> PrimaryMap<BlockId, String> {
    let contents::Context { link, program, partition, .. } = *context;
    let several = contents.values().filter(|contents| !contents.is_empty()).count() > 1;
    let mut taken: HashMap<String, u32> =
        link.externals.values().map(|external| (external.module.clone(), 1)).collect();
    let mut names = PrimaryMap::with_capacity(partition.blocks.len());
    for block in partition.blocks.values() {
        let functions = |id: &InstanceId| program.module(*id).functions.len();
        let host = block.home.and_then(|memory| match program.memories[memory] {
            resolve::Definition::Defined(site) => Some(site.instance),
            _ => None,
        });
        let main = block.instances.iter().copied().rev().max_by_key(functions).or(host);
        let label = main.map_or("", |id| link.instances[id].label.as_str());
        let mut name = match label {
            _ if !several && !block.opaque => "fused".to_string(),
            "" => "block".to_string(),
            _ if block.instances.is_empty() => format!("{label} memory"),
            label => label.to_string(),
        };
        loop {
            let count = taken.entry(name.clone()).or_default();
            *count += 1;
            if *count == 1 {
                break;
            }
            name = format!("{name}#{count}");
        }
        names.push(name);
    }
    names
}

/// The names under which things are exported, those of code that is not there among them.
fn export_names(
    context: &contents::Context<'_, '_>,
    contents: &PrimaryMap<BlockId, contents::Contents>,
) -> Result<encode::ExportNames> {
    let mut names = HashMap::new();
    for contents in contents.values() {
        for (name, entity) in &contents.exports {
            names.insert(*entity, name.clone());
        }
    }
    for instance in context.program.opaque.iter() {
        for (name, kind, index) in &context.program.module(instance).exports {
            let entity = context.program.instances[instance].item(*kind, *index)?;
            if context.partition.defines(context.program, entity)?
                == Some(context.partition.of(instance)?)
            {
                names.entry(entity).or_insert_with(|| (*name).to_string());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
