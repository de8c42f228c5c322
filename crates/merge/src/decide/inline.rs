//! Which calls are replaced by what they call.
//!
//! ```text
//! library     (func $get (param $table i32) (param $index i32) (result i32) ..)
//!             (func $rep (param $table i32) (param $index i32) (result i32) (i32.load (call $get ..)))
//! caller      (call $rep (local.get 0) (local.get 1))
//! merged      local.get 0  local.get 1  local.set 5  local.set 4  ..  i32.load
//! ```
//!
//! A call takes a nanosecond or two: as long as a few loads and stores. So where functions are that small,
//! more time is spent between them than in them, and few engines inline across the functions of a module.
//! Which instances have such functions, and into whose code they go, the link says ([`Inlining`]): what is
//! inlined is code that somebody has generated, and not a guest's, whose debug information says where each
//! function is.
//!
//! # What is inlined
//!
//! A function of a library, wherever one is called from an instance that asks for it, if
//!
//! * it is small: [`LARGEST`] bytes, with what is inlined into itself, so that callees are decided before
//!   their callers;
//! * it returns: one that always traps stays a function, for a backtrace has its name, which says what was
//!   wrong. Nor would anything be gained, as it is called once;
//! * it does not call itself, by whatever way: of a circle, one call stays;
//! * caller and callee are in one block, and all memories are near. What reaches a far memory is a call
//!   anyway.
//!
//! A body grows by [`GROWTH`] bytes at most; calls further down stay calls. So code stays linear in the size
//! of the input, and no function becomes one that engines take long to compile.
//!
//! What nobody calls any more is not written.
//!
//! # Rejected
//!
//! To inline when the callers are generated: then there are two ways, for within the library it has to be
//! done again. A full inliner, with an estimate of how often code runs: nothing here has a profile, and it
//! would be an optimiser's work (`wasm-opt`), which may do it after us. To inline what is called once, however large:
//! it would be within code that is seldom reached as often as not.
//!
//! # Limits
//!
//! Locals that are no numbers are not inlined, and neither is a function of several results that leaves
//! before its end: the block in its place would need a type that no module has.

use std::collections::{BTreeMap, HashMap};

use cranelift_entity::EntitySet;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, ValType};
use wasmparser::{CompositeInnerType, FunctionBody, Operator, RecGroup};

use super::far::Helpers;
use super::partition::Partition;
use super::reach::{Live, mentions};
use crate::code::Counts;
use crate::program::{Constants, Definition, Entity, FuncId, Program, Site};
use crate::read::{Use, malformed};
use crate::{Inlining, Link, Result};

/// The bytes that a function can have that is inlined.
const LARGEST: usize = 160;

/// The bytes that a body can grow by.
const GROWTH: usize = 2048;

/// Which calls are replaced.
#[derive(Default)]
pub struct Inlined {
    /// Of bodies in which some are.
    bodies: HashMap<FuncId, Expansion>,
    /// Of functions that are inlined.
    copies: HashMap<FuncId, Copy>,
    /// Functions that nobody calls any more.
    gone: EntitySet<FuncId>,
}

/// What becomes of a body.
#[derive(Default)]
pub struct Expansion {
    /// What is called, by where the calls are in the body.
    pub calls: BTreeMap<usize, FuncId>,
    /// The locals that all this takes: calls after one another share them.
    pub locals: Counts,
}

/// How a function is written in place of a call.
pub struct Copy {
    /// How many of its locals are parameters.
    pub params: usize,
    /// All its locals.
    pub locals: Vec<ValType>,
    /// Those that are zero at first, and read before anything else is in them, perhaps.
    pub cleared: Vec<u32>,
    /// The block in place of the function, if something leaves it before its end.
    pub block: Option<BlockType>,
    /// Its bytes, with what is inlined into it.
    size: usize,
}

impl Inlined {
    /// What becomes of a body, if any of its calls is replaced.
    pub fn of_body(&self, func: FuncId) -> Option<&Expansion> {
        self.bodies.get(&func)
    }

    /// How a function is written in place of a call.
    pub fn copy(&self, func: FuncId) -> Option<&Copy> {
        self.copies.get(&func)
    }

    /// Whether nobody calls a function any more.
    pub fn is_gone(&self, func: FuncId) -> bool {
        self.gone.contains(func)
    }

    /// All functions that are copied into a body, as often as they are.
    pub fn copied(&self, func: FuncId) -> Vec<FuncId> {
        let calls = |func: FuncId| self.of_body(func).into_iter().flat_map(|it| it.calls.values());
        let mut found = Vec::new();
        let mut open: Vec<FuncId> = calls(func).copied().collect();
        while let Some(callee) = open.pop() {
            found.push(callee);
            open.extend(calls(callee));
        }
        found
    }
}

/// Decides for every call.
pub fn plan(
    link: &Link<'_>,
    program: &Program<'_>,
    constants: &Constants,
    live: &Live,
    partition: &Partition,
    helpers: &Helpers,
) -> Result<Inlined> {
    let (trapping, inlined) = (EntitySet::new(), Inlined::default());
    let mut planner = Planner { link, program, partition, helpers, trapping, inlined };
    let is_open = |func: &FuncId| planner.inlining(*func) != Inlining::None;
    let open: Vec<FuncId> = live.funcs.iter().filter(is_open).collect();
    if open.is_empty() {
        return Ok(planner.inlined);
    }
    let mut scans = HashMap::new();
    for &func in &open {
        scans.extend(planner.scan(func)?.map(|scan| (func, scan)));
    }
    for func in callees_first(&open, &scans) {
        if let Some(scan) = scans.get(&func) {
            planner.decide(func, scan)?;
        }
    }
    let mut inlined = planner.inlined;
    inlined.gone = gone(program, constants, live, &inlined, &scans)?;
    Ok(inlined)
}

/// What is seen in a body.
#[derive(Default)]
struct Scan {
    /// Calls: where, and of what.
    calls: Vec<(usize, FuncId)>,
    /// The bytes of its instructions.
    size: usize,
    /// Whether something leaves it before its end.
    exits: bool,
    end: End,
    /// Locals that a first `local.set` was found for, outside of any block, before all else.
    set: Vec<bool>,
    params: usize,
    locals: Vec<ValType>,
    results: Vec<ValType>,
    /// Whether all of these are numbers, and it is known where it goes.
    is_plain: bool,
}

/// How a body ends.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum End {
    #[default]
    Returns,
    Traps,
    /// With a call, so that it returns if that does.
    Calls(FuncId),
}

struct Planner<'p, 'a> {
    link: &'p Link<'a>,
    program: &'p Program<'a>,
    partition: &'p Partition,
    helpers: &'p Helpers,
    /// Functions that always trap.
    trapping: EntitySet<FuncId>,
    inlined: Inlined,
}

impl Planner<'_, '_> {
    fn site(&self, func: FuncId) -> Option<Site> {
        match self.program.funcs[func] {
            Definition::Defined(site) if !self.program.is_opaque(site.instance) => Some(site),
            _ => None,
        }
    }

    fn inlining(&self, func: FuncId) -> Inlining {
        let instance = self.site(func).and_then(|site| self.link.instances.get(site.instance));
        instance.map_or(Inlining::None, |instance| instance.inlining)
    }

    /// Reads a body.
    fn scan(&self, func: FuncId) -> Result<Option<Scan>> {
        let Some(Site { instance, position }) = self.site(func) else { return Ok(None) };
        let spaces = &self.program.instances[instance];
        let module = self.program.module(instance);
        let body = &module.bodies[position];
        let mut scan = Scan::default();
        let types = module.types.iter().flat_map(RecGroup::types);
        let ty = types.into_iter().nth(module.functions[position] as usize);
        let Some(CompositeInnerType::Func(ty)) = ty.map(|ty| &ty.composite_type.inner) else {
            return Ok(None);
        };
        scan.params = ty.params().len();
        let number = |ty: wasmparser::ValType| match RoundtripReencoder.val_type(ty) {
            Ok(ty) if Counts::has(ty) => Some(ty),
            _ => None,
        };
        let mut locals: Vec<_> = ty.params().iter().map(|ty| number(*ty)).collect();
        for group in body.get_locals_reader().map_err(malformed)? {
            let (count, ty) = group.map_err(malformed)?;
            locals.extend(std::iter::repeat_n(number(ty), count as usize));
        }
        let results: Vec<_> = ty.results().iter().map(|ty| number(*ty)).collect();
        scan.is_plain = locals.iter().chain(&results).all(Option::is_some);
        scan.locals = locals.into_iter().flatten().collect();
        scan.results = results.into_iter().flatten().collect();
        scan.set = vec![false; scan.locals.len()];
        let call = |index| spaces.funcs.get(index);
        scan.instructions(body, call)?;
        Ok(Some(scan))
    }

    /// Decides which calls in a body are replaced, and whether those of it are.
    fn decide(&mut self, func: FuncId, scan: &Scan) -> Result<()> {
        let Some(site) = self.site(func) else { return Ok(()) };
        let block = self.partition.of(site.instance)?;
        let mut expansion = Expansion::default();
        let mut growth = 0;
        for &(at, callee) in &scan.calls {
            let Some(copy) = self.inlined.copy(callee) else { continue };
            let Some(of) = self.site(callee) else { continue };
            let more = copy.size + 2 * copy.params;
            if self.partition.of(of.instance)? != block || growth + more > GROWTH {
                continue;
            }
            growth += more;
            expansion.calls.insert(at, callee);
            let mut locals = Counts::of(&copy.locals);
            if let Some(inner) = self.inlined.of_body(callee) {
                locals.add(inner.locals);
            }
            expansion.locals.join(locals);
        }
        if !expansion.calls.is_empty() {
            self.inlined.bodies.insert(func, expansion);
        }
        let traps = match scan.end {
            _ if scan.exits => false,
            End::Returns => false,
            End::Traps => true,
            End::Calls(callee) => self.trapping.contains(callee),
        };
        if traps {
            self.trapping.insert(func);
        }
        let size = scan.size + growth;
        let is_library = self.inlining(func) == Inlining::Library;
        let is_near = self.helpers.of_body(func).is_none();
        if is_library && is_near && !traps && size <= LARGEST {
            self.inlined.copies.extend(scan.copy(size).map(|copy| (func, copy)));
        }
        Ok(())
    }
}

impl Scan {
    /// What the instructions of a body are. `func` knows what is called.
    fn instructions(
        &mut self,
        body: &FunctionBody<'_>,
        func: impl Fn(u32) -> Result<FuncId>,
    ) -> Result<()> {
        let mut reader = body.get_operators_reader().map_err(malformed)?;
        let begin = body.range().start;
        let start = reader.original_position();
        let mut seen = vec![false; self.locals.len()];
        let mut depth = 0u32;
        while !reader.eof() {
            let at = reader.original_position();
            let operator = reader.read().map_err(malformed)?;
            self.size = (at - start) as usize;
            if let Operator::End = operator {
                // The end of the function does not change how it ends.
                if depth == 0 {
                    break;
                }
            }
            let leaves = |relative: u32| relative == depth;
            self.is_plain &= !branches(&operator);
            self.end = End::Returns;
            match operator {
                Operator::Block { .. }
                | Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::Try { .. }
                | Operator::TryTable { .. } => depth += 1,
                Operator::End => depth = depth.saturating_sub(1),
                Operator::Return => self.exits = true,
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    self.exits |= leaves(relative_depth);
                }
                Operator::BrTable { ref targets } => {
                    let mut all = vec![targets.default()];
                    for target in targets.targets() {
                        all.push(target.map_err(malformed)?);
                    }
                    self.exits |= all.into_iter().any(leaves);
                }
                Operator::Unreachable => self.end = End::Traps,
                Operator::Call { function_index } => {
                    let callee = func(function_index)?;
                    self.calls.push(((at - begin) as usize, callee));
                    self.end = End::Calls(callee);
                }
                Operator::LocalGet { local_index } => {
                    mark(&mut seen, local_index);
                }
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    let is_first = !mark(&mut seen, local_index);
                    if is_first && depth == 0 {
                        mark(&mut self.set, local_index);
                    }
                }
                // It is an end of what is begun above, too.
                Operator::Delegate { .. } => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        Ok(())
    }

    /// How a function is written in place of a call, if it can be.
    fn copy(&self, size: usize) -> Option<Copy> {
        let block = match (self.exits, &self.results[..]) {
            (false, _) => None,
            (true, []) => Some(BlockType::Empty),
            (true, [result]) => Some(BlockType::Result(*result)),
            (true, _) => return None,
        };
        if !self.is_plain {
            return None;
        }
        let is_clear = |local: &u32| !self.set.get(*local as usize).copied().unwrap_or_default();
        let others = self.params as u32..self.locals.len() as u32;
        Some(Copy {
            params: self.params,
            locals: self.locals.clone(),
            cleared: others.filter(is_clear).collect(),
            block,
            size,
        })
    }
}

/// Marks one of a list; whether it was marked.
fn mark(list: &mut [bool], index: u32) -> bool {
    list.get_mut(index as usize).is_some_and(|it| std::mem::replace(it, true))
}

/// Whether an instruction goes elsewhere by a way that is not known here, or leaves the function for
/// another one.
fn branches(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        TryTable { .. }
            | Try { .. }
            | Catch { .. }
            | CatchAll
            | Delegate { .. }
            | Rethrow { .. }
            | BrOnNull { .. }
            | BrOnNonNull { .. }
            | BrOnCast { .. }
            | BrOnCastFail { .. }
            | BrOnCastDescEq { .. }
            | BrOnCastDescEqFail { .. }
            | ReturnCall { .. }
            | ReturnCallIndirect { .. }
            | ReturnCallRef { .. }
            | Resume { .. }
            | ResumeThrow { .. }
            | ResumeThrowRef { .. }
    )
}

/// Functions in an order in which callees come first, as far as there is one.
fn callees_first(open: &[FuncId], scans: &HashMap<FuncId, Scan>) -> Vec<FuncId> {
    let calls = |func: FuncId| scans.get(&func).map_or(&[][..], |scan| &scan.calls);
    let mut order = Vec::new();
    let mut seen = EntitySet::new();
    // What has been begun, and how many of its calls have been looked at.
    let mut stack: Vec<(FuncId, usize)> = Vec::new();
    for &func in open {
        if seen.insert(func) {
            stack.push((func, 0));
        }
        while let Some((func, next)) = stack.last_mut() {
            match calls(*func).get(*next) {
                Some(&(_, callee)) => {
                    *next += 1;
                    if scans.contains_key(&callee) && seen.insert(callee) {
                        stack.push((callee, 0));
                    }
                }
                None => {
                    order.push(*func);
                    stack.pop();
                }
            }
        }
    }
    order
}

/// Functions that nobody calls, once those calls are replaced.
fn gone(
    program: &Program<'_>,
    constants: &Constants,
    live: &Live,
    inlined: &Inlined,
    scans: &HashMap<FuncId, Scan>,
) -> Result<EntitySet<FuncId>> {
    let mut named: Vec<Entity> = program.exports.iter().map(|(_, entity)| *entity).collect();
    named.extend(program.main.map(Entity::Func));
    for (id, spaces) in &program.instances {
        if program.is_opaque(id) {
            named.extend(spaces.imports());
        } else if let Some(start) = program.module(id).start {
            named.push(Entity::Func(spaces.funcs.get(start)?));
        }
    }
    let globals = live.globals.iter().map(Entity::Global);
    let tables = live.tables.iter().map(Entity::Table);
    for entity in globals.chain(tables).chain(live.elements.iter().map(Entity::Element)) {
        mentions(program, constants, entity, &mut named)?;
    }
    for func in live.funcs.iter() {
        let Some(Definition::Defined(Site { instance, position })) =
            program.funcs.get(func).copied()
        else {
            continue;
        };
        if program.is_opaque(instance) {
            continue;
        }
        let spaces = &program.instances[instance];
        let expansion = inlined.of_body(func);
        for used in program.module(instance).uses(position) {
            match (used, scans.get(&func)) {
                // Calls are known one by one.
                (Use::Call(_), Some(scan)) if expansion.is_some() => {
                    let stays = |at: &usize| expansion.is_none_or(|it| !it.calls.contains_key(at));
                    let calls = scan.calls.iter().filter(|(at, _)| stays(at));
                    named.extend(calls.map(|(_, callee)| Entity::Func(*callee)));
                }
                _ => named.push(spaces.used(*used)?),
            }
        }
    }
    let mut gone = EntitySet::new();
    for func in live.funcs.iter().filter(|func| inlined.copy(*func).is_some()) {
        gone.insert(func);
    }
    for entity in named {
        if let Entity::Func(func) = entity {
            gone.remove(func);
        }
    }
    Ok(gone)
}
