//! Writes the modules of all blocks, and says how they fit together.

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};

use super::encoder::{ExportNames, Input};
use super::layout;
use super::module::{self, Encoded};
use crate::decide::{Contents, Decisions};
use crate::hash::HashMap;
use crate::program::{Entity, Types};
use crate::{
    Block, BlockCode, BlockId, CodeMap, Counts, Error, ExternalId, Import, InstanceId, Merged,
    Opcodes, Options, Provider, Result, UniqueNames,
};

/// Writes the modules of all blocks.
pub fn blocks(
    decisions: &Decisions<'_, '_>,
    types: &Types,
    contents: &PrimaryMap<BlockId, Contents>,
    options: &Options,
) -> Result<Merged> {
    let writer = Writer {
        decisions,
        types,
        contents,
        options,
        names: block_names(decisions, contents),
        exported: export_names(decisions, contents)?,
        moved: moved(decisions, contents),
    };
    let kept = decisions.partition.blocks.keys().filter(|id| is_kept(decisions, contents, *id));
    let blocks = kept.map(|id| writer.block(id)).collect::<Result<PrimaryMap<_, _>>>()?;
    Ok(Merged { externals: imported(&blocks), exports: writer.exports()?, blocks })
}

struct Writer<'w, 'a> {
    decisions: &'w Decisions<'w, 'a>,
    types: &'w Types,
    contents: &'w PrimaryMap<BlockId, Contents>,
    options: &'w Options,
    names: PrimaryMap<BlockId, String>,
    exported: ExportNames,
    moved: SecondaryMap<BlockId, BlockId>,
}

impl Writer<'_, '_> {
    fn block(&self, id: BlockId) -> Result<Block> {
        let drafted = &self.decisions.partition.blocks[id];
        let mut block = Block {
            name: self.names[id].clone(),
            instances: drafted.instances.clone(),
            code: BlockCode::Opaque,
            imports: Vec::new(),
            start: None,
            memories: Vec::new(),
            counts: Counts::default(),
            map: CodeMap::default(),
            opcodes: Opcodes::default(),
        };
        if drafted.opaque {
            block.imports = self.opaque_imports(&drafted.instances)?;
        } else {
            let Encoded { bytes, imports, start, memories, counts, map, opcodes } =
                self.module(id)?;
            let code = BlockCode::Module(bytes);
            block = Block { code, imports, start, memories, counts, map, opcodes, ..block };
        }
        for import in &mut block.imports {
            if let Provider::Block(from, _) = &mut import.from {
                *from = self.moved[*from];
            }
        }
        Ok(block)
    }

    fn module(&self, id: BlockId) -> Result<Encoded> {
        let contents = &self.contents[id];
        let input = Input {
            decisions: self.decisions,
            types: self.types,
            block: id,
            contents,
            names: &self.exported,
            blocks: &self.names,
            layout: layout::number(self.decisions, id, contents)?,
        };
        module::encode(self.options, &input)
    }

    /// What instances whose code is not there import.
    fn opaque_imports(&self, instances: &[InstanceId]) -> Result<Vec<Import>> {
        let Decisions { link, program, .. } = *self.decisions;
        let mut imports = Vec::new();
        for instance in instances {
            let names = &program.module(*instance).import_names;
            for (item, (module, name)) in link.instances[*instance].imports.iter().zip(names) {
                let (entity, kind) = program.item(*item)?;
                let from = match self.decisions.defines(entity)? {
                    None => Provider::External(program.external(entity)?),
                    Some(from) => Provider::Block(from, self.exported(entity)?.to_string()),
                };
                let (module, name) = ((*module).to_string(), (*name).to_string());
                imports.push(Import { module, name, kind, from });
            }
        }
        Ok(imports)
    }

    /// Where each export of the result is.
    fn exports(&self) -> Result<Vec<(BlockId, String)>> {
        let Decisions { program, partition, .. } = *self.decisions;
        let place = |&(name, entity): &(&str, Entity)| {
            let (block, name) = match self.decisions.defines(entity)? {
                Some(block) if partition.blocks[block].opaque => (block, self.exported(entity)?),
                Some(block) => (block, name),
                None => (partition.last_module()?, name),
            };
            Ok((self.moved[block], name.to_string()))
        };
        program.exports.iter().map(place).collect()
    }

    /// The name under which a block exports something.
    fn exported(&self, entity: Entity) -> Result<&str> {
        let name = self.exported.get(&entity);
        let name = name.ok_or_else(|| Error::internal(format!("{entity:?} has no name")))?;
        Ok(name)
    }
}

/// Whether a block becomes a part of the result. One of which nothing is kept does not, unless it
/// is the only one.
fn is_kept(
    decisions: &Decisions<'_, '_>,
    contents: &PrimaryMap<BlockId, Contents>,
    id: BlockId,
) -> bool {
    let blocks = &decisions.partition.blocks;
    blocks[id].opaque || !contents[id].is_empty() || blocks.len() == 1
}

/// The ids that blocks have in the result: where some are left out, those after them move up.
fn moved(
    decisions: &Decisions<'_, '_>,
    contents: &PrimaryMap<BlockId, Contents>,
) -> SecondaryMap<BlockId, BlockId> {
    let mut moved = SecondaryMap::with_default(BlockId::from_u32(0));
    let mut next = 0;
    for id in decisions.partition.blocks.keys() {
        moved[id] = BlockId::new(next);
        next += usize::from(is_kept(decisions, contents, id));
    }
    moved
}

/// Which externals are imported.
fn imported(blocks: &PrimaryMap<BlockId, Block>) -> SecondaryMap<ExternalId, bool> {
    let mut imported = SecondaryMap::new();
    for import in blocks.values().flat_map(|block| &block.imports) {
        if let Provider::External(external) = import.from {
            imported[external] = true;
        }
    }
    imported
}

/// Names each block after the instance whose code it mainly is: the one with the most functions.
fn block_names(
    decisions: &Decisions<'_, '_>,
    contents: &PrimaryMap<BlockId, Contents>,
) -> PrimaryMap<BlockId, String> {
    let Decisions { link, program, partition, .. } = *decisions;
    let several = contents.values().filter(|contents| !contents.is_empty()).count() > 1;
    let mut taken = UniqueNames::default();
    link.externals.values().for_each(|external| taken.reserve(external.module.as_str()));
    let mut names = PrimaryMap::with_capacity(partition.blocks.len());
    for block in partition.blocks.values() {
        let functions = |id: &InstanceId| program.module(*id).functions.len();
        let host = block.home.and_then(|memory| program.memories[memory].instance());
        let main = block.instances.iter().copied().rev().max_by_key(functions).or(host);
        let label = main.map_or("", |id| link.instances[id].label.as_str());
        let name = match label {
            _ if !several && !block.opaque => "fused".to_string(),
            "" => "block".to_string(),
            _ if block.instances.is_empty() => format!("{label} memory"),
            label => label.to_string(),
        };
        names.push(taken.unique(name, "#"));
    }
    names
}

/// The names under which things are exported, those of code that is not there among them.
fn export_names(
    decisions: &Decisions<'_, '_>,
    contents: &PrimaryMap<BlockId, Contents>,
) -> Result<ExportNames> {
    let Decisions { program, partition, .. } = *decisions;
    let mut names = HashMap::new();
    for contents in contents.values() {
        for (name, entity) in &contents.exports {
            names.insert(*entity, name.clone());
        }
    }
    for instance in program.opaque.iter() {
        for (name, kind, index) in &program.module(instance).exports {
            let entity = program.instances[instance].item(*kind, *index)?;
            if decisions.defines(entity)? == Some(partition.of(instance)?) {
                names.entry(entity).or_insert_with(|| (*name).to_string());
            }
        }
    }
    Ok(names)
}
