//! What instances are merged to: modules, and the facts about them that are not in their bytes.

use cranelift_entity::{PrimaryMap, SecondaryMap};

use crate::{CodeMap, EntityKind, ExternalId, InstanceId, Opcodes, id};

id! {
    /// A block. Blocks are numbered in the order in which they are instantiated.
    pub struct BlockId("block");
}

/// What instances are merged to.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The blocks, in the order in which they are to be instantiated.
    pub blocks: PrimaryMap<BlockId, Block>,
    /// Which externals are imported.
    pub externals: SecondaryMap<ExternalId, bool>,
    /// Where each export is: the block, and the name there. They are in the order in which they
    /// were asked for.
    pub exports: Vec<(BlockId, String)>,
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
    /// The name of the exported start function, with [`Start::Export`](crate::Start::Export) and
    /// something to do.
    pub start: Option<String>,
    /// The memories it defines, by index.
    pub memories: Vec<MemoryInfo>,
    /// How much it has of everything.
    pub counts: Counts,
    /// Where the code of its instances is in it.
    pub map: CodeMap,
    /// Which opcodes its functions have.
    pub opcodes: Opcodes,
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
    /// Its index in the block's module. A region has the index of the memory that it is part of.
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

    /// The size in bytes of the body of a function, in its block's module. It is 0 if the function
    /// was removed, or is an import of its instance.
    pub fn code_size(&self, instance: InstanceId, index: u32) -> u32 {
        let function = self.blocks.values().find_map(|it| it.map.function(instance, index));
        function.map_or(0, |function| function.output.len() as u32)
    }
}
