//! The code section: bodies of instances, copied, and helpers.

use std::ops::Range;

use wasm_encoder::{Function, Instruction};
use wasmparser::{BinaryReader, FunctionBody};

use super::confine::{Around, Confined, Piece};
use super::encoder::{Encoder, Input};
use super::rewrite::{FarCode, Treatment};
use super::{copy, start};
use crate::code::{Counts, Opcodes, leb, renamed};
use crate::decide::Decisions;
use crate::decide::helper::Body;
use crate::decide::region::Growth;
use crate::program::{Definition, Entity, FuncId, GlobalId, MemoryId, Site};
use crate::{CodeMap, Copied, Indices, InstanceId, Placed, Result};

/// Bodies as they stand in a code section.
///
/// This is most of a module. So it is the beginning of it: what stands before is put in front, and what
/// comes after is added.
pub struct Code {
    /// How many there are.
    pub count: u32,
    /// That number, and the bodies.
    pub bytes: Vec<u8>,
    /// Where those of instances went.
    pub map: CodeMap,
    pub opcodes: Opcodes,
}

impl Code {
    /// Room for so many bodies of so many bytes.
    fn new(count: usize, size: usize) -> Self {
        // Indices become longer; and there is more in a module.
        let mut bytes = Vec::with_capacity(size + size / 8);
        leb::put(count as u64, &mut bytes);
        Code { count: count as u32, bytes, map: CodeMap::default(), opcodes: Opcodes::default() }
    }

    fn push(&mut self, body: &[u8]) {
        leb::put(body.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(body);
    }

    /// Adds a body that is written where it stands, and says where that is. It probably has about the size
    /// of what it is copied from; only if that takes another number of bytes, it is moved.
    fn copy(
        &mut self,
        size: usize,
        write: impl FnOnce(&mut Vec<u8>, &mut Code) -> Result<()>,
    ) -> Result<Range<u32>> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let start = bytes.len();
        leb::put(size as u64, &mut bytes);
        let body = bytes.len();
        write(&mut bytes, self)?;
        let size = bytes.len() - body;
        if leb::length(size as u64) != body - start {
            bytes.splice(start..body, std::iter::repeat_n(0, leb::length(size as u64)));
        }
        let body = bytes.len() - size;
        leb::put_over(size as u64, &mut bytes[start..body]);
        let end = bytes.len() as u32;
        self.bytes = bytes;
        Ok(end - size as u32..end)
    }
}

impl Encoder<'_, '_> {
    /// All bodies.
    pub fn code(&mut self) -> Result<Code> {
        let Input { decisions, contents, .. } = self.input;
        let copied = self.sites(&decisions.program.funcs, &contents.present.funcs, Entity::Func)?;
        let count = copied.len() + self.helpers().count();
        let size = |site: &Site| {
            let bodies = &decisions.program.module(site.instance).bodies;
            bodies[site.position].as_bytes().len()
        };
        let mut code = Code::new(count, copied.iter().map(|(_, site)| size(site)).sum());
        code.map.functions.reserve_exact(copied.len());
        for (func, site) in copied {
            let first_kink = code.map.kinks.len();
            let output = code.copy(size(&site), |output, code| {
                self.body(func, site, output, code)
                    .map_err(|error| decisions.link.at(site.instance, error))
            })?;
            let spaces = &decisions.program.instances[site.instance];
            let module = decisions.program.module(site.instance);
            let input = module.bodies[site.position].range();
            code.map.functions.push(Copied {
                instance: site.instance,
                index: spaces.funcs.index(site.position) as u32,
                // A module is smaller than 4 GiB: the validator has read it.
                input: (input.start - module.code) as u32..(input.end - module.code) as u32,
                output,
                kinks: first_kink..code.map.kinks.len(),
                expanded: decisions.inlined.of_body(func).is_some(),
            });
        }
        for (_, helper) in self.helpers() {
            let body = self.helper(&helper.body)?.into_raw_body();
            code.opcodes.add(&FunctionBody::new(BinaryReader::new(&body, 0)))?;
            code.push(&body);
        }
        code.map.indices = self.indices();
        Ok(code)
    }

    /// What the indices of the block's instances are in its module.
    fn indices(&self) -> Vec<Indices> {
        let Input { decisions, layout, block, .. } = self.input;
        let of_instance = |id: &InstanceId| {
            let spaces = &decisions.program.instances[*id];
            let global = |id: &GlobalId| layout.kept(Entity::Global(*id));
            let memory = |id: &MemoryId| {
                let index = layout.kept(Entity::Memory(*id))?;
                match layout.place(*id).map(|place| place.region) {
                    Some(region) if region.growth == Growth::Moving => None,
                    region => Some(Placed { index, base: region.map_or(0, |it| it.base) }),
                }
            };
            Indices {
                instance: *id,
                globals: spaces.globals.ids().iter().map(global).collect(),
                memories: spaces.memories.ids().iter().map(memory).collect(),
            }
        };
        let mut indices: Vec<_> =
            decisions.partition.blocks[*block].instances.iter().map(of_instance).collect();
        indices.sort_by_cached_key(|indices| indices.instance.as_u32());
        indices
    }

    /// Appends the body of a function of an instance.
    fn body(
        &mut self,
        func: FuncId,
        site: Site,
        output: &mut Vec<u8>,
        code: &mut Code,
    ) -> Result<()> {
        let Input { decisions, types, block, .. } = self.input;
        let Decisions { program, helpers, regions, parts, inlined, .. } = *decisions;
        let expansion = inlined.of_body(func);
        let module = program.module(site.instance);
        let module_id = program.instances[site.instance].module;
        let body = &module.bodies[site.position];
        let treatment = if helpers.of_body(func).is_some() {
            Treatment::Far(FarCode { decisions, block: *block })
        } else if regions.is_empty() && parts.is_empty() {
            Treatment::Plain
        } else {
            let params = types.params(program, types.of_func(program, func)?)?;
            let piece = |site: Site| Piece {
                body: &program.module(site.instance).bodies[site.position],
                around: Around { program, layout: &self.input.layout, instance: site.instance },
                is_trusted: decisions.link.instances[site.instance].is_trusted,
            };
            let copied = inlined.copied(func).into_iter();
            let copied = copied.filter_map(|func| match program.funcs[func] {
                Definition::Defined(of) => Some(piece(of)),
                Definition::External(_) => None,
            });
            let pieces: Vec<_> = std::iter::once(piece(site)).chain(copied).collect();
            let more = expansion.map_or(0, |it| it.locals.total());
            Treatment::Confined(Confined::new(&pieces, params as u64 + u64::from(more))?)
        };
        let Code { map, opcodes, .. } = code;
        let is_traced = decisions.link.traced.contains(module_id) || module.hints.is_some();
        let seen = (is_traced.then_some(&mut map.kinks), opcodes);
        if let Some(expansion) = expansion {
            return self.expanded(func, treatment, expansion, output, seen);
        }
        let spots = module.spots(site.position);
        let body = (body, Counts::default());
        let mut rewrite = self.rewrite(site.instance);
        rewrite.body(body, treatment, output, seen, |copier, code| copier.all(code, spots))
    }

    /// The body of a helper.
    fn helper(&mut self, body: &Body) -> Result<Function> {
        let Input { decisions, layout, .. } = self.input;
        match body {
            Body::Access { memory, instruction, data, params } => {
                let data = data.map(|data| layout.data(data)).transpose()?;
                let instruction =
                    renamed(instruction, layout.memory(*memory)?, data.unwrap_or_default())?;
                let mut function = Function::new([]);
                for param in 0..*params {
                    function.instruction(&Instruction::LocalGet(param));
                }
                function.raw(instruction);
                function.instruction(&Instruction::End);
                Ok(function)
            }
            Body::Drop { data } => {
                let mut function = Function::new([]);
                function.instruction(&Instruction::DataDrop(layout.data(*data)?));
                function.instruction(&Instruction::End);
                Ok(function)
            }
            Body::Batch { memory, write, values } => {
                Ok(copy::batch_function(layout.memory(*memory)?, *write, *values))
            }
            Body::Copy(code) => copy::copy_function(code, layout),
            Body::Start { phase } => {
                let phase = &decisions.starts.phases[*phase];
                start::combined(decisions, layout, &mut self.types, phase)
            }
        }
    }
}
