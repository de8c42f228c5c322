//! Which modules of the runtime library there are: those that something imports.
//!
//! As a linker takes members of an archive, a module is added when the first shim asks for a
//! function of it, once for what it works on, and before that shim. What the modules of generated
//! functions are was decided before (`analyse/modules.rs`).

use std::collections::BTreeMap;

use wasm_fuser_merge::order;

use super::code::{Adapters, Allocator, Between, Built, Memory, Need, Transcoder};
use super::{Shim, ShimId, ShimKind, Shims};
use crate::analyse::{BridgePlace, Facts, ModuleKind, State, Turn};
use crate::decode::{self, ModuleImport};
use crate::error::{Error, Result};
use crate::plan::{self, Plan};
use crate::runtime::{self, ONE_PASS_FAR, RunOp, Step, TaskPart, TokenOp};

impl Shims {
    /// Finishes a module and adds it, after the runtime modules that it needs.
    pub fn push(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        adapters: Adapters<'_, '_>,
        kind: ShimKind,
        (after, turn): (usize, Turn),
    ) -> Result<(ShimId, Built)> {
        let name = self.name(plan, kind, after);
        let step = adapters.step;
        let mut built = adapters.builder.finish(&name);
        let on_bridge = |need: &&Need| match need {
            Need::CopyUtf8(Between { from, to, .. }) => [*from, *to].contains(&Memory::Bridge),
            Need::Transcode(_, Transcoder { from, to }) => {
                *from == Memory::Bridge || *to == Allocator::Bridge
            }
            Need::Bridge(_) | Need::Memory(Memory::Bridge) => true,
            _ => false,
        };
        if built.imports.iter().any(|need| on_bridge(&need)) {
            self.bridge(plan, facts)?;
        }
        for &need in &built.imports {
            match need {
                Need::CopyUtf8(between) => {
                    let Between { step, from, to } = between;
                    let mut module =
                        runtime::utf8(step, from.pointer(plan), to.pointer(plan)).to_vec();
                    if step == Step::SimdFar {
                        let memories = vec![from.ty(plan)?, to.ty(plan)?];
                        module = runtime::with_sizes(&module, memories, &[ONE_PASS_FAR])?;
                    }
                    let imports = vec![Need::Memory(from), Need::Memory(to)];
                    let kind = ShimKind::Utf8(between);
                    self.runtime(plan, kind, &module, imports, both_exist_after(between))?;
                }
                Need::Store(_) | Need::Memory(Memory::Store) => self.store(plan, facts)?,
                Need::Table(number, _) => self.table(plan, facts, number)?,
                Need::Task(part, _) => self.tasks(plan, facts, part)?,
                Need::Memory(Memory::Records) => self.tasks(plan, facts, TaskPart::Records)?,
                Need::Transcode(_, transcoder) => self.transcoder(plan, facts, transcoder, step)?,
                _ => {}
            }
        }
        let bytes = std::mem::take(&mut built.bytes);
        let imports = built.imports.clone();
        let exports = BTreeMap::new();
        let shim = self.shims.push(Shim { name, bytes, imports, exports, after, turn, kind });
        Ok((shim, built))
    }

    /// Adds the store, after its room.
    fn store(&mut self, plan: &Plan<'_>, facts: &Facts) -> Result<()> {
        if self.kinds.contains(&ShimKind::Store) {
            return Ok(());
        }
        let store = facts.store(plan);
        let room = store.room(facts.bridge == BridgePlace::Store)?;
        self.runtime(plan, ShimKind::Room(Memory::Store), &room, Vec::new(), 0)?;
        let imports = in_room(Memory::Store);
        self.runtime(plan, ShimKind::Store, &store.module()?, imports, 0)
    }

    /// Adds a handle table, after the store.
    fn table(&mut self, plan: &Plan<'_>, facts: &Facts, number: u32) -> Result<()> {
        let kind = ShimKind::Table(number);
        if self.kinds.contains(&kind) {
            return Ok(());
        }
        self.store(plan, facts)?;
        let imports = decode::module(runtime::TABLE)?.imports.into_iter();
        let imports = imports.map(|import| match import.module {
            "store" => Need::StoreFunc(import.name),
            _ => Need::Memory(Memory::Store),
        });
        self.runtime(plan, kind, &runtime::table(number)?, imports.collect(), 0)
    }

    /// Adds the bridge, after its room.
    fn bridge(&mut self, plan: &Plan<'_>, facts: &Facts) -> Result<()> {
        if self.kinds.contains(&ShimKind::Bridge) {
            return Ok(());
        }
        let bytes = match facts.bridge {
            BridgePlace::Store => {
                self.store(plan, facts)?;
                facts.store(plan).leaves().unwrap_or_default()
            }
            BridgePlace::Apart => {
                let room = runtime::bridge_room()?;
                self.runtime(plan, ShimKind::Room(Memory::Bridge), &room, Vec::new(), 0)?;
                runtime::MOST
            }
        };
        let imports = in_room(Memory::Bridge);
        self.runtime(plan, ShimKind::Bridge, &runtime::bridge(bytes)?, imports, 0)
    }

    /// Adds the routines that move runs of code units, and returns what is to be imported of them.
    fn runs(&mut self, plan: &Plan<'_>, runs: Between) -> Result<Vec<Need>> {
        let mut rest = vec![Need::Memory(runs.from), Need::Memory(runs.to)];
        if runs.step != Step::Scalar {
            let scalar = Between { step: Step::Scalar, ..runs };
            rest.extend(self.runs(plan, scalar)?);
        }
        let (from, to) = (runs.from.pointer(plan), runs.to.pointer(plan));
        let module = RunOp::module(runs.step, from, to);
        self.runtime(plan, ShimKind::Runs(runs), module, rest, both_exist_after(runs))?;
        Ok(RunOp::ALL.map(|op| Need::Run(op, runs)).into())
    }

    /// Adds a transcoder, after the function that allocates for it.
    fn transcoder(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        transcoder: Transcoder,
        step: Step,
    ) -> Result<()> {
        let Transcoder { from, to } = transcoder;
        let allocates = match to {
            Allocator::Guest { memory, realloc, .. } => {
                exists_after(Memory::Guest(memory)).max(plan::exists_after(plan, realloc))
            }
            Allocator::Bridge => 0,
        };
        let kind = ShimKind::Reallocate(to);
        if self.kinds.insert(kind) {
            let mut adapters = Adapters::new(plan, facts, step, u64::MAX);
            let func = adapters.reallocate(to)?;
            let (shim, built) =
                self.push(plan, facts, adapters, kind, (allocates, Turn::InOrder))?;
            self.shims[shim].exports.insert("reallocate".into(), built.funcs[func].0);
        }
        let mut imports = vec![Need::Memory(from), Need::Memory(to.memory()), Need::Reallocate(to)];
        imports.extend(self.runs(plan, Between { step, from, to: to.memory() })?);
        let after = allocates.max(exists_after(from));
        let module = runtime::transcode(from.pointer(plan), to.memory().pointer(plan));
        self.runtime(plan, ShimKind::Transcode(transcoder), module, imports, after)
    }

    /// Adds a part of what keeps tasks, after those that it imports from.
    fn tasks(&mut self, plan: &Plan<'_>, facts: &Facts, part: TaskPart) -> Result<()> {
        let kind = ShimKind::Tasks(part);
        if self.kinds.contains(&kind) {
            return Ok(());
        }
        let mut imports = Vec::new();
        for import in decode::module(part.module())?.imports {
            imports.push(self.task_import(plan, facts, import)?);
        }
        self.runtime(plan, kind, part.module(), imports, 0)
    }

    /// What an import of such a part is, by the name that its text gives it.
    fn task_import(
        &mut self,
        plan: &Plan<'_>,
        facts: &Facts,
        import: ModuleImport<'static>,
    ) -> Result<Need> {
        let unknown = || Error::internal(format!("no `{}` of `{}`", import.name, import.module));
        let inside = facts.inside.as_ref().ok_or_else(unknown)?;
        Ok(match (import.module, import.name) {
            ("state", "records") => Need::State(State::Records(inside.first_record())),
            ("state", "current") => Need::State(State::Current),
            ("state", "slot0") => Need::State(State::Slot(0)),
            ("state", "slot1") => Need::State(State::Slot(1)),
            ("functions", _) => Need::Functions,
            ("store", name) => {
                self.store(plan, facts)?;
                Need::StoreFunc(name)
            }
            ("engine", name) => {
                let op = TokenOp::ALL.into_iter().find(|op| op.name() == name);
                let external = op.and_then(|op| inside.tokens.get(&op)).ok_or_else(unknown)?;
                Need::External(*external)
            }
            (part, name) => {
                let part = TaskPart::named(part, inside.has_engine(), inside.hosts.any())
                    .ok_or_else(unknown)?;
                self.tasks(plan, facts, part)?;
                match name {
                    "memory" => Need::Memory(Memory::Records),
                    name => Need::Task(part, name),
                }
            }
        })
    }

    /// Adds a module of the runtime library, once for what it is for.
    fn runtime(
        &mut self,
        plan: &Plan<'_>,
        kind: ShimKind,
        bytes: &[u8],
        imports: Vec<Need>,
        after: usize,
    ) -> Result<()> {
        if !self.kinds.insert(kind) {
            return Ok(());
        }
        let exports = decode::module(bytes)?.exports;
        let exports = exports.into_iter().map(|(name, (_, index))| (name.into(), index));
        let exports = order::map(exports);
        let name = self.name(plan, kind, after);
        let memories = imports.iter().filter_map(|need| match need {
            Need::Memory(memory) => Some(memory.ty(plan)),
            _ => None,
        });
        let memories = memories.collect::<Result<Vec<_>>>()?;
        let bytes = match memories.iter().any(|ty| ty.page_size_log2.is_some()) {
            true => runtime::with_memories(bytes, memories)?,
            false => bytes.to_vec(),
        };
        let turn = Turn::InOrder;
        self.shims.push(Shim { name, bytes, imports, exports, after, turn, kind });
        Ok(())
    }

    /// The name of a shim, which is that of a file, too: short, of few characters, not hidden, and of its own
    /// also where upper case and lower case are one.
    fn name(&mut self, plan: &Plan<'_>, kind: ShimKind, after: usize) -> String {
        let path = |instance| end(plan.path(instance));
        let name = match kind {
            ShimKind::State => "state".to_string(),
            ShimKind::Code(ModuleKind::Crossings { from, to }) => {
                format!("{}-to-{}-{after}", path(from), path(to))
            }
            ShimKind::Code(ModuleKind::Boundary(instance)) => {
                format!("{}-to-host-{after}", path(instance))
            }
            ShimKind::Store => "store".into(),
            ShimKind::Table(number) => format!("table-{number}"),
            ShimKind::Room(memory) => format!("room-{}", memory_name(plan, memory)),
            ShimKind::Reallocate(to) => format!("reallocate-{}", memory_name(plan, to.memory())),
            ShimKind::Utf8(between) => between_name(plan, "utf8", between),
            ShimKind::Runs(between) => between_name(plan, "runs", between),
            ShimKind::Transcode(Transcoder { from, to }) => {
                let (from, to) = (memory_name(plan, from), memory_name(plan, to.memory()));
                format!("transcode-{from}-to-{to}")
            }
            ShimKind::Bridge => "bridge".into(),
            ShimKind::Functions => "functions".into(),
            ShimKind::Tasks(part) => part.name().into(),
            ShimKind::Code(ModuleKind::Dtors(instance)) => {
                format!("{}-destructors-{after}", path(instance))
            }
            ShimKind::Code(ModuleKind::Exchange(instance)) => {
                format!("{}-exchange-{after}", path(instance))
            }
            ShimKind::Code(ModuleKind::Events) => "events".into(),
            ShimKind::Code(ModuleKind::Copies { from, to }) => {
                format!("{}-copies-to-{}-{after}", path(from), path(to))
            }
            ShimKind::Code(ModuleKind::Tasks(instance)) => {
                format!("{}-tasks-{after}", path(instance))
            }
            ShimKind::Code(ModuleKind::Builtins(instance)) => {
                format!("{}-resources-{after}", path(instance))
            }
        };
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_#".contains(c) { c } else { '.' };
        let mut name: String = name.chars().map(safe).collect();
        if name.starts_with('.') {
            name.replace_range(..1, "_");
        }
        let key = name.to_ascii_lowercase();
        let length = key.len();
        name + &self.names.unique(key, "_")[length..]
    }
}

/// The last characters of a path that are kept in the name of a file. There are two paths in some.
const LONGEST: usize = 80;

/// A path, or as much of its end as there is room for.
fn end(path: &str) -> &str {
    let cut = path.char_indices().rev().nth(LONGEST - 1).map_or(0, |(at, _)| at);
    &path[cut..]
}

/// What is imported of a room.
fn in_room(memory: Memory) -> Vec<Need> {
    vec![Need::Memory(memory), Need::Take(memory), Need::Heap(memory)]
}

/// How many core instances of the plan exist when a memory does.
fn exists_after(memory: Memory) -> usize {
    match memory {
        Memory::Guest(entity) => entity.instance.as_u32() as usize + 1,
        Memory::Bridge | Memory::Store | Memory::Records => 0,
    }
}

/// The same, of two memories.
fn both_exist_after(between: Between) -> usize {
    exists_after(between.from).max(exists_after(between.to))
}

/// The name of a module of routines between two memories.
fn between_name(plan: &Plan<'_>, what: &str, Between { step, from, to }: Between) -> String {
    let simd = if step == Step::Scalar { "" } else { "-simd" };
    format!("{what}{simd}-{}-to-{}", memory_name(plan, from), memory_name(plan, to))
}

fn memory_name<'p>(plan: &'p Plan<'_>, memory: Memory) -> &'p str {
    match memory {
        Memory::Guest(entity) => end(&plan.core_instances[entity.instance].path),
        Memory::Bridge => "bridge",
        Memory::Store => "store",
        Memory::Records => "records",
    }
}
