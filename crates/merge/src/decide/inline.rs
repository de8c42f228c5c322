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
//! * a call is much of what it takes: it has no loop with calls, calls nothing outside, and does not call what has or
//!   does, unless it may leave that out. Such code would be in the way of what is short;
//! * it does not call itself, by whatever way: of a circle, one call stays;
//! * caller and callee are in one block, and all memories are near. What reaches a far memory is a call
//!   anyway.
//!
//! In a body that calls something outside, and beside that only what is generated, calls stay calls: what it does
//! takes too long for anything to be gained. One that calls a guest, too, may call outside seldom.
//!
//! A body grows by [`GROWTH`] bytes at most; calls further down stay calls. So code stays linear in the size
//! of the input, and no function becomes one that engines take long to compile. One that is small itself stays so:
//! what would make it too large to be inlined, mostly something that happens seldom, stays a call in it.
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

use std::collections::BTreeMap;

use cranelift_entity::{EntitySet, SecondaryMap};
use wasm_encoder::{BlockType, ValType};

use super::callees;
use super::far::Helpers;
use super::partition::Partition;
use super::reach::{Live, mentions};
use super::scan::{End, Scan};
use crate::code::{Code, Counts, known};
use crate::program::{Constants, Definition, Entity, FuncId, Program, Site, Types};
use crate::read::Use;
use crate::{Inlining, Link, Result};

/// The bytes that a function can have that is inlined.
const LARGEST: usize = 224;

/// The bytes that a body can grow by.
const GROWTH: usize = 2048;

/// Which calls are replaced.
#[derive(Default)]
pub struct Inlined {
    /// Of bodies in which some are.
    bodies: SecondaryMap<FuncId, Option<Box<Expansion>>>,
    /// Of functions that are inlined.
    copies: SecondaryMap<FuncId, Option<Box<Copy>>>,
    /// Functions that nobody calls any more.
    gone: EntitySet<FuncId>,
}

/// What becomes of a body.
#[derive(Clone, Default)]
pub struct Expansion {
    /// What is called, by where the calls are in the body.
    pub calls: BTreeMap<usize, FuncId>,
    /// The locals that all this takes: calls after one another share them.
    pub locals: Counts,
}

/// How a function is written in place of a call.
#[derive(Clone)]
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
        self.bodies[func].as_deref()
    }

    /// How a function is written in place of a call.
    pub fn copy(&self, func: FuncId) -> Option<&Copy> {
        self.copies[func].as_deref()
    }

    /// Whether nobody calls a function any more.
    pub fn is_gone(&self, func: FuncId) -> bool {
        self.gone.contains(func)
    }

    /// All functions that are copied into a body, as often as they are.
    pub fn copied(&self, func: FuncId) -> Vec<FuncId> {
        let mut found = Vec::new();
        let mut open: Vec<&Expansion> = self.of_body(func).into_iter().collect();
        while let Some(expansion) = open.pop() {
            for callee in expansion.calls.values() {
                found.push(*callee);
                open.extend(self.of_body(*callee));
            }
        }
        found
    }
}

/// Decides for every call.
pub fn plan(
    link: &Link<'_>,
    (program, types): (&Program<'_>, &Types),
    constants: &Constants,
    live: &Live,
    partition: &Partition,
    helpers: &Helpers,
) -> Result<Inlined> {
    let (trapping, long) = (EntitySet::new(), EntitySet::new());
    let inlined = Inlined::default();
    let mut planner = Planner { link, program, partition, helpers, trapping, long, inlined };
    let (mut library, mut users) = (Vec::new(), Vec::new());
    for func in live.funcs.iter() {
        match planner.inlining(func) {
            Inlining::Library => library.push(func),
            Inlining::Into => users.push(func),
            Inlining::None => {}
        }
    }
    let mut scans = Scans::new();
    for &func in &library {
        if planner.is_of_interest(func)? {
            planner.scan(func, types, &mut scans)?;
        }
    }
    let of_library = |func| {
        let calls = scans[func].as_ref().map_or(&[][..], |scan| &scan.calls);
        let callees = calls.iter().map(|(_, callee)| *callee);
        Ok(callees.filter(|callee| scans[*callee].is_some()).collect())
    };
    for func in callees::first(&library, of_library)? {
        if let Some(scan) = &scans[func] {
            planner.decide(func, scan)?;
        }
    }
    // Most of these call nothing that is inlined, and are not read.
    for func in users {
        if planner.calls_copies(func)? {
            planner.scan(func, types, &mut scans)?;
            if let Some(scan) = &scans[func] {
                planner.decide(func, scan)?;
            }
        }
    }
    let mut inlined = planner.inlined;
    inlined.gone = gone(link, program, constants, live, &inlined, &scans)?;
    Ok(inlined)
}

/// What is seen in functions that are read.
type Scans = SecondaryMap<FuncId, Option<Box<Scan>>>;

struct Planner<'p, 'a> {
    link: &'p Link<'a>,
    program: &'p Program<'a>,
    partition: &'p Partition,
    helpers: &'p Helpers,
    /// Functions that always trap.
    trapping: EntitySet<FuncId>,
    /// Functions that take longer than a call.
    long: EntitySet<FuncId>,
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

    /// Reads the body of a function.
    fn scan(&self, func: FuncId, types: &Types, scans: &mut Scans) -> Result<()> {
        if let Some(site) = self.site(func) {
            let ty = types.signature(self.program, types.of_func(self.program, func)?)?;
            scans[func] = Some(Box::new(Scan::of(self.program, site, &ty)?));
        }
        Ok(())
    }

    /// Whether there is anything to be decided about a function of a library. There is not about one that is
    /// too large, calls nothing, and does not end with a trap: the routines that move texts, mostly.
    fn is_of_interest(&self, func: FuncId) -> Result<bool> {
        let Some(Site { instance, position }) = self.site(func) else { return Ok(false) };
        let module = self.program.module(instance);
        let code = Code::of_body(&module.bodies[position])?;
        let calls = module.uses(position).iter().any(|used| matches!(used, Use::Call(_)));
        let traps = code.bytes.ends_with(&[known::UNREACHABLE, known::END]);
        Ok(calls || traps || code.bytes.len() - code.start <= LARGEST + 1)
    }

    /// Whether a function calls one that is inlined.
    fn calls_copies(&self, func: FuncId) -> Result<bool> {
        let Some(Site { instance, position }) = self.site(func) else { return Ok(false) };
        let spaces = &self.program.instances[instance];
        for used in self.program.module(instance).uses(position) {
            if let Use::Call(callee) = used
                && self.inlined.copy(spaces.funcs.get(*callee)?).is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Decides which calls in a body are replaced, and whether those of it are.
    fn decide(&mut self, func: FuncId, scan: &Scan) -> Result<()> {
        let Some(site) = self.site(func) else { return Ok(()) };
        let traps = match scan.end {
            _ if scan.exits => false,
            End::Returns => false,
            End::Traps => true,
            End::Calls(callee) => self.trapping.contains(callee),
        };
        if traps {
            self.trapping.insert(func);
        }
        let is_long = scan.is_long || scan.surely.iter().any(|it| self.long.contains(*it));
        if is_long {
            self.long.insert(func);
        }
        let is_library = self.inlining(func) == Inlining::Library;
        let is_near = self.helpers.of_body(func).is_none();
        let most = match is_library && scan.size <= LARGEST {
            true => LARGEST - scan.size,
            false => GROWTH,
        };
        let (expansion, growth) = match self.is_for_outside(site, scan) {
            true => (Expansion::default(), 0),
            false => self.expand(site, scan, most)?,
        };
        if !expansion.calls.is_empty() {
            self.inlined.bodies[func] = Some(Box::new(expansion));
        }
        let size = scan.size + growth;
        if is_library && is_near && !traps && !is_long && size <= LARGEST {
            self.inlined.copies[func] = Copy::of(scan, size).map(Box::new);
        }
        Ok(())
    }

    /// Whether a body calls something outside, and beside that only what is generated.
    fn is_for_outside(&self, site: Site, scan: &Scan) -> bool {
        let is_generated = |func: FuncId| match self.site(func) {
            Some(site) => self.link.instances[site.instance].shared.is_some(),
            None => true,
        };
        let mut uses = self.program.module(site.instance).uses(site.position).iter();
        scan.calls_outside
            && scan.calls.iter().all(|(_, callee)| is_generated(*callee))
            && !uses.any(|used| matches!(used, Use::Table(_)))
    }

    /// Replaces calls in a body, those of the smallest functions first, as long as it does not grow by more.
    fn expand(&self, site: Site, scan: &Scan, most: usize) -> Result<(Expansion, usize)> {
        let block = self.partition.of(site.instance)?;
        let mut found = Vec::new();
        for &(at, callee) in &scan.calls {
            let (Some(copy), Some(of)) = (self.inlined.copy(callee), self.site(callee)) else {
                continue;
            };
            if self.partition.of(of.instance)? == block {
                // Each parameter is put into a local.
                found.push((copy.size + 2 * copy.params, at, callee, copy));
            }
        }
        found.sort_unstable_by_key(|(more, at, ..)| (*more, *at));
        let mut expansion = Expansion::default();
        let mut growth = 0;
        for (more, at, callee, copy) in found {
            if growth + more > most {
                break;
            }
            growth += more;
            expansion.calls.insert(at, callee);
            let mut locals = Counts::of(&copy.locals);
            if let Some(inner) = self.inlined.of_body(callee) {
                locals.add(inner.locals);
            }
            expansion.locals.join(locals);
        }
        Ok((expansion, growth))
    }
}

impl Copy {
    /// That of a function, if it can be inlined.
    fn of(scan: &Scan, size: usize) -> Option<Copy> {
        let block = match (scan.exits, &scan.results[..]) {
            (false, _) => None,
            (true, []) => Some(BlockType::Empty),
            (true, [result]) => Some(BlockType::Result(*result)),
            (true, _) => return None,
        };
        if !scan.is_plain {
            return None;
        }
        let is_clear = |local: &u32| !scan.set.get(*local as usize).copied().unwrap_or_default();
        let others = scan.params as u32..scan.locals.len() as u32;
        Some(Copy {
            params: scan.params,
            locals: scan.locals.clone(),
            cleared: others.filter(is_clear).collect(),
            block,
            size,
        })
    }
}

/// Functions that nobody calls, once those calls are replaced.
fn gone(
    link: &Link<'_>,
    program: &Program<'_>,
    constants: &Constants,
    live: &Live,
    inlined: &Inlined,
    scans: &Scans,
) -> Result<EntitySet<FuncId>> {
    let mut gone = EntitySet::new();
    for func in live.funcs.iter().filter(|func| inlined.copy(*func).is_some()) {
        gone.insert(func);
    }
    if gone.is_empty() {
        return Ok(gone);
    }
    let mut named: Vec<Entity> = program.exports.iter().map(|(_, entity)| *entity).collect();
    named.extend(program.main.map(Entity::Func));
    for (id, spaces) in &program.instances {
        if let Some(start) = program.module(id).start {
            named.push(Entity::Func(spaces.funcs.get(start)?));
        }
        // What others import, they may call.
        if link.instances[id].inlining == Inlining::None {
            named.extend(spaces.funcs.imports().iter().map(|func| Entity::Func(*func)));
        }
    }
    let globals = live.globals.iter().map(Entity::Global);
    let tables = live.tables.iter().map(Entity::Table);
    for entity in globals.chain(tables).chain(live.elements.iter().map(Entity::Element)) {
        mentions(program, constants, entity, &mut named)?;
    }
    for func in live.funcs.iter() {
        let Definition::Defined(Site { instance, position }) = program.funcs[func] else {
            continue;
        };
        if link.instances[instance].inlining == Inlining::None {
            continue;
        }
        let spaces = &program.instances[instance];
        let known = scans[func].as_deref().zip(inlined.of_body(func));
        if let Some((scan, expansion)) = known {
            let calls = scan.calls.iter().filter(|(at, _)| !expansion.calls.contains_key(at));
            named.extend(calls.map(|(_, callee)| Entity::Func(*callee)));
        }
        for used in program.module(instance).uses(position) {
            // Calls are known one by one, perhaps.
            if known.is_none() || !matches!(used, Use::Call(_)) {
                named.push(spaces.used(*used)?);
            }
        }
    }
    for entity in named {
        if let Entity::Func(func) = entity {
            gone.remove(func);
        }
    }
    Ok(gone)
}
