//! The code section: bodies of instances, copied, and helpers.

use wasm_encoder::{CodeSection, Function, Instruction};

use super::confine::Scratch;
use super::encoder::{Encoder, Input};
use super::rewrite::{FarCode, Treatment};
use super::{copy, start};
use crate::code::{Kink, leb, renamed};
use crate::decide::Decisions;
use crate::decide::helper::Body;
use crate::decide::region::Growth;
use crate::program::{Entity, FuncId, GlobalId, MemoryId, Site};
use crate::{CodeMap, Copied, Indices, InstanceId, Placed, Result};

impl Encoder<'_, '_> {
    /// The section, and where the code of instances went.
    pub fn code(&mut self) -> Result<(CodeSection, CodeMap)> {
        let Input { decisions, contents, .. } = self.input;
        let copied = self.sites(&decisions.program.funcs, &contents.present.funcs, Entity::Func)?;
        let count = copied.len() + self.helpers().count();
        let mut section = CodeSection::new();
        let mut map = CodeMap::default();
        // Where the next body is written, in the section.
        let mut at = leb::length(count as u64);
        let mut body = Vec::new();
        for (func, site) in copied {
            body.clear();
            let first_kink = map.kinks.len();
            self.body(func, site, &mut body, &mut map.kinks)
                .map_err(|error| decisions.link.at(site.instance, error))?;
            section.raw(&body);
            at += leb::length(body.len() as u64);
            let spaces = &decisions.program.instances[site.instance];
            let module = decisions.program.module(site.instance);
            let input = module.bodies[site.position].range();
            map.functions.push(Copied {
                instance: site.instance,
                index: spaces.funcs.index(site.position) as u32,
                // A module is smaller than 4 GiB: the validator has read it.
                input: (input.start - module.code) as u32..(input.end - module.code) as u32,
                output: at as u32..(at + body.len()) as u32,
                kinks: first_kink..map.kinks.len(),
            });
            at += body.len();
        }
        for (_, helper) in self.helpers() {
            section.function(&self.helper(&helper.body)?);
        }
        map.indices = self.indices();
        Ok((section, map))
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
        indices.sort_by_key(|indices| indices.instance);
        indices
    }

    /// Appends the body of a function of an instance.
    fn body(
        &mut self,
        func: FuncId,
        site: Site,
        output: &mut Vec<u8>,
        kinks: &mut Vec<Kink>,
    ) -> Result<()> {
        let Input { decisions, types, block, .. } = self.input;
        let Decisions { program, helpers, regions, .. } = *decisions;
        let body = &program.module(site.instance).bodies[site.position];
        let treatment = if helpers.of_body(func).is_some() {
            Treatment::Far(FarCode { decisions, block: *block })
        } else if regions.is_empty() {
            Treatment::Plain
        } else {
            let params = types.params(program, types.of_func(program, func)?)?;
            Treatment::Confined(Scratch::of(body, params, regions.moves())?)
        };
        self.rewrite(site.instance).body(body, treatment, output, kinks)
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
