//! One memory for all instances: each memory becomes a region of it (`--memory single`).
//!
//! # Problem
//!
//! Some engines have neither several memories in a module nor several modules to put them in: small
//! interpreters, translators to C, wazero. What they run is one module with one memory. Yet no
//! instance may reach what is another's, and each has to trap where it would trap by itself.
//!
//! ```text
//! memories                       the one memory                        globals
//!   bridge  1 page                 0        bridge   512 pages           bridge's size
//!   words   17 pages               32 MiB   words    512 pages           words' size
//!   app     17 pages               64 MiB   app      17 pages, and on    app's size
//! ```
//!
//! # How
//!
//! A region has a base and a capacity, which are known now, and a size, which is a global and
//! grows. Code that uses a memory is rewritten for its region in one place (`write::confine`),
//! guests' code and helpers alike. Which regions there are is decided here:
//!
//! * An exported memory is first: its base is 0, so that addresses in it mean the same outside.
//!   There is one at most.
//! * The capacity is what the caller asks for, or less where an instance needs less; but no less
//!   than the memory's minimum and no more than its maximum. What is asked for all instances is half as much again
//!   as the minimum for one that begins large. Room for it is part of the one memory
//!   from the start; engines commit pages when they are touched.
//! * The last region can go on to the end of the address space: it grows when the one memory does.
//!   It is the memory that is largest at first, for what begins large tends to grow: the heap of an
//!   interpreter, say.
//! * The caller can name one that comes after that, and that *moves* out of its way ([`Link::moving`]): its
//!   base is in a global. So both can grow, and neither has room from the start that it may never need.
//!   What moves is to be small. Up to its maximum it can grow always: the one before it stops short of
//!   that.
//!
//! Where only one memory is kept, nothing has to be done: it stays as it is, whatever it is.
//!
//! Code that is trusted ([`Instance::is_trusted`](crate::Instance::is_trusted)) does without checks, whatever
//! memory it accesses. What it grows has its capacity all the same.
//!
//! # Rejected
//!
//! * A base in a global for all regions, that move when others grow: each access would load it, and
//!   moving takes as long as the region is large.
//! * Regions that are a power of two, and addresses masked: an access out of bounds would be one
//!   somewhere else instead of a trap.
//!
//! # Limits
//!
//! A memory cannot be a region if it comes from outside, is shared, has addresses of 64 bits, or
//! pages of another size; where one is kept beside others, it is refused. All regions together have
//! a page less than 4 GiB: so there are addresses that no engine takes for valid (see `confine`). A
//! region that is not the last grows to its capacity, where a memory of its own could have gone on.

use std::cmp::Ordering;

use cranelift_entity::{EntityRef, SecondaryMap};
use wasm_encoder::MemoryType;

use super::partition::Partition;
use super::reach::Live;
use crate::program::{Definition, Entity, MemoryId, Program, Site};
use crate::{Error, ErrorKind, InstanceId, Link, MemoryPlan, Options, Result};

/// The binary logarithm of the size of a page.
pub const PAGE_BITS: u32 = 16;

/// The pages that the one memory can have.
const MAX_PAGES: u64 = 0xffff;

/// The regions of the one memory, if that is what memories become.
#[derive(Debug, Default)]
pub struct Regions {
    of: SecondaryMap<MemoryId, Option<Region>>,
    /// In order of their bases.
    order: Vec<MemoryId>,
}

/// A part of the one memory that stands for a memory. All but the size is known before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its position among the regions.
    pub number: u32,
    /// Where it begins: a number of bytes.
    pub base: u32,
    /// The pages that it has at first.
    pub minimum: u32,
    /// The pages that it can have.
    pub capacity: u32,
    /// How it grows.
    pub growth: Growth,
}

/// How a region grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Into its capacity, which is there from the start.
    Reserved,
    /// With the one memory, which ends where it does.
    Last,
    /// With the one memory, when the region after it has moved.
    Pushing,
    /// With the one memory, which ends where it does; and its base is only where it is at first.
    Moving,
}

impl Region {
    /// What is added to static offsets.
    pub fn offset(&self) -> u32 {
        match self.growth {
            Growth::Moving => 0,
            Growth::Reserved | Growth::Last | Growth::Pushing => self.base,
        }
    }

    /// Bytes that are always there.
    pub fn minimum_bytes(&self) -> u32 {
        self.minimum << PAGE_BITS
    }

    /// Bytes that can be there.
    pub fn capacity_bytes(&self) -> u32 {
        self.capacity << PAGE_BITS
    }
}

impl Regions {
    /// The region that stands for a memory; none if the memory stays what it is.
    pub fn get(&self, memory: MemoryId) -> Option<Region> {
        self.of[memory]
    }

    /// Whether memories stay what they are.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All of them, in order of their bases.
    pub fn iter(&self) -> impl Iterator<Item = (MemoryId, Region)> + '_ {
        self.order.iter().filter_map(|memory| Some((*memory, self.of[*memory]?)))
    }

    /// The type of the one memory, if there is one.
    pub fn memory_type(&self) -> Option<MemoryType> {
        let (_, last) = self.iter().last()?;
        let base = u64::from(last.base >> PAGE_BITS);
        // What moves begins after what is there at first of the one before it.
        let pushing = self.iter().find(|(_, region)| region.growth == Growth::Pushing);
        let more = pushing.map_or(0, |(_, region)| region.capacity - region.minimum);
        Some(MemoryType {
            minimum: base + u64::from(last.minimum),
            maximum: Some(base + u64::from(more) + u64::from(last.capacity)),
            memory64: false,
            shared: false,
            page_size_log2: None,
        })
    }
}

/// Decides which regions there are.
pub fn plan(
    link: &Link<'_>,
    options: &Options,
    program: &Program<'_>,
    partition: &Partition,
    live: &Live,
) -> Result<Regions> {
    let kept: Vec<MemoryId> = live.memories.iter().collect();
    if options.memory != MemoryPlan::Single || kept.len() < 2 {
        return Ok(Regions::default());
    }
    if let Some(opaque) = program.opaque.iter().next() {
        let what = "a core module whose code is not there cannot use a region of a memory";
        return Err(link.at(opaque, refused(what)));
    }
    if partition.blocks.len() > 1 {
        return Err(Error::internal("regions are to be shared by several modules"));
    }
    let needs = kept.iter().map(|memory| Need::of(link, options, program, *memory));
    let mut needs = needs.collect::<Result<Vec<_>>>()?;
    let exported = exported(program)?;
    let is_exported = |need: &Need| Some(need.memory) == exported;
    let moves = |need: &Need| link.moving.is_some_and(|it| need.instance == it);
    let moving = needs.iter().find(|need| moves(need) && !is_exported(need));
    let moving = moving.map(|need| need.memory);
    let largest = needs.iter().filter(|need| !is_exported(need) && Some(need.memory) != moving);
    let last = largest.max_by_key(|need| (need.minimum, need.memory.index()));
    let last = last.map(|need| need.memory);
    // Those in between stay in the order of the instances.
    needs.sort_by_cached_key(|need| match Some(need.memory) {
        memory if memory == exported => 0,
        memory if memory == moving => 3,
        memory if memory == last => 2,
        _ => 1u32,
    });
    lay_out(&needs, moving)
}

/// The pages that a memory needs.
#[derive(Clone, Copy, Debug)]
struct Need {
    memory: MemoryId,
    instance: InstanceId,
    minimum: u64,
    maximum: Option<u64>,
    /// What it can grow to, if its minimum and maximum allow that.
    wanted: u64,
}

impl Need {
    fn capacity(&self) -> u64 {
        self.wanted.min(self.maximum.unwrap_or(self.wanted)).max(self.minimum)
    }

    /// What is kept for it if it moves: its maximum, or a quarter of what is left.
    fn kept(&self, left: u64) -> u64 {
        self.maximum.unwrap_or(left).min(left / 4).max(self.minimum)
    }
}

/// Puts memories side by side. What moves is the last.
fn lay_out(needs: &[Need], moving: Option<MemoryId>) -> Result<Regions> {
    let mut regions = Regions::default();
    let mut base = 0u64;
    // What is left for those at the end, and how much of it is kept for what moves.
    let mut left = MAX_PAGES;
    let moves = needs.last().filter(|need| Some(need.memory) == moving);
    let fixed = needs.len() - usize::from(moves.is_some());
    for (number, need) in needs.iter().enumerate() {
        let Need { memory, minimum, maximum, .. } = *need;
        let up_to = |pages: u64| maximum.unwrap_or(pages).min(pages).max(minimum);
        let (growth, capacity) = match (number + 1).cmp(&fixed) {
            Ordering::Less => (Growth::Reserved, need.capacity()),
            Ordering::Equal => match moves {
                None => (Growth::Last, up_to(left)),
                Some(moves) => (Growth::Pushing, up_to(left.saturating_sub(moves.kept(left)))),
            },
            Ordering::Greater => (Growth::Moving, up_to(left)),
        };
        if capacity > left {
            return Err(too_large(needs));
        }
        left -= capacity;
        // All of these are no more than `MAX_PAGES`, which has 16 bits.
        regions.of[memory] = Some(Region {
            number: number as u32,
            base: (base as u32) << PAGE_BITS,
            minimum: minimum as u32,
            capacity: capacity as u32,
            growth,
        });
        regions.order.push(memory);
        base += if growth == Growth::Pushing { minimum } else { capacity };
    }
    Ok(regions)
}

fn too_large(needs: &[Need]) -> Error {
    let (last, others) = needs.split_last().map_or((0, needs), |(last, all)| (last.minimum, all));
    let pages = others.iter().map(Need::capacity).fold(last, u64::saturating_add);
    let what = format!(
        "{} memories, with room to grow, take {pages} pages of one memory, which has {MAX_PAGES}",
        needs.len()
    );
    Error::new(ErrorKind::RegionsTooLarge, what)
}

impl Need {
    /// That of a memory, if it can be a region.
    fn of(
        link: &Link<'_>,
        options: &Options,
        program: &Program<'_>,
        memory: MemoryId,
    ) -> Result<Need> {
        let (site, minimum, maximum) = limits(link, program, memory)?;
        let pages = |bytes: u32| u64::from(bytes).div_ceil(1 << PAGE_BITS);
        let wanted = match link.instances[site.instance].capacity {
            Some(bytes) => pages(bytes),
            None => pages(options.capacity).max(minimum.saturating_add(minimum / 2)),
        };
        Ok(Need { memory, instance: site.instance, minimum, maximum, wanted })
    }
}

/// Where a memory is defined that can be a region, its minimum and its maximum.
fn limits(
    link: &Link<'_>,
    program: &Program<'_>,
    memory: MemoryId,
) -> Result<(Site, u64, Option<u64>)> {
    let site = match program.memories[memory] {
        Definition::Defined(site) => site,
        Definition::External(id) => {
            let external = &link.externals[id];
            let (module, name) = (&external.module, &external.name);
            return Err(refused(&format!("the memory `{name}` of `{module}` comes from outside")));
        }
    };
    let ty = program.module(site.instance).memories[site.position];
    let broken = if ty.shared {
        "is shared"
    } else if ty.memory64 {
        "has addresses of 64 bits"
    } else if ty.page_size_log2.is_some_and(|bits| bits != PAGE_BITS) {
        "has pages of another size"
    } else {
        return Ok((site, ty.initial, ty.maximum));
    };
    let name = name(program, site, memory)?;
    Err(link.at(site.instance, refused(&format!("the memory {name} {broken}"))))
}

/// What a memory is exported as by its instance, or its index there.
fn name(program: &Program<'_>, site: Site, memory: MemoryId) -> Result<String> {
    let spaces = &program.instances[site.instance];
    for (name, kind, index) in &program.module(site.instance).exports {
        if spaces.item(*kind, *index)? == Entity::Memory(memory) {
            return Ok(format!("`{name}`"));
        }
    }
    Ok(spaces.memories.index(site.position).to_string())
}

/// The memory that the result exports.
fn exported(program: &Program<'_>) -> Result<Option<MemoryId>> {
    let mut found = None;
    for (name, entity) in &program.exports {
        let Entity::Memory(memory) = *entity else { continue };
        if found.is_some_and(|found| found != memory) {
            let what = format!("`{name}` is the second memory that is exported");
            return Err(refused(&what));
        }
        found = Some(memory);
    }
    Ok(found)
}

/// The refusal of what cannot be a part of one memory.
pub fn refused(what: &str) -> Error {
    Error::new(ErrorKind::NotOneMemory, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regions of these memories, the last of which moves if it is to.
    fn lay_out(memories: &[(u64, Option<u64>)], wanted: u64, moves: bool) -> Result<Regions> {
        let need = |(i, (minimum, maximum)): (usize, &(u64, Option<u64>))| Need {
            memory: MemoryId::new(i),
            instance: InstanceId::new(i),
            minimum: *minimum,
            maximum: *maximum,
            wanted,
        };
        let needs: Vec<_> = memories.iter().enumerate().map(need).collect();
        super::lay_out(&needs, moves.then(|| MemoryId::new(memories.len() - 1)))
    }

    fn regions(memories: &[(u64, Option<u64>)], wanted: u64) -> Result<Vec<Region>> {
        Ok(lay_out(memories, wanted, false)?.iter().map(|(_, region)| region).collect())
    }

    #[test]
    fn a_capacity_is_between_minimum_and_maximum() {
        let found = regions(&[(1, None), (30, None), (1, Some(2)), (5, None)], 16).expect("fits");
        let expected = [(0, 16), (16, 30), (46, 2), (48, 0xffff - 48)];
        let found = found.iter().map(|region| (region.base >> 16, region.capacity));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_last_region_has_its_maximum() {
        let found = regions(&[(1, None), (5, Some(9))], 16).expect("fits");
        assert_eq!(found[1].capacity, 9);
        assert_eq!((found[0].growth, found[1].growth), (Growth::Reserved, Growth::Last));
    }

    #[test]
    fn what_moves_takes_its_minimum_at_first_and_can_always_have_its_maximum() {
        let memories = [(1, None), (17, None), (1, Some(300))];
        let regions = lay_out(&memories, 16, true).expect("fits");
        let found: Vec<_> = regions.iter().map(|(_, it)| (it.base >> 16, it.capacity)).collect();
        assert_eq!(found, [(0, 16), (16, 0xffff - 16 - 300), (16 + 17, 300)]);
        let one = regions.memory_type().expect("there are some");
        assert_eq!((one.minimum, one.maximum), (16 + 17 + 1, Some(0xffff)));
        // With a maximum before it, the one memory has one.
        let regions = lay_out(&[(17, Some(20)), (1, Some(300))], 16, true).expect("fits");
        assert_eq!(regions.memory_type().and_then(|one| one.maximum), Some(320));
        // What has no maximum, or a large one, leaves three quarters to the one before it.
        for maximum in [None, Some(0xffff)] {
            let regions = lay_out(&[(17, None), (1, maximum)], 16, true).expect("fits");
            let found: Vec<_> = regions.iter().map(|(_, region)| region.capacity).collect();
            assert_eq!(found, [0xffff - 0x3fff, 0x3fff]);
        }
    }

    #[test]
    fn what_takes_more_than_there_is_is_refused() {
        for memories in [[(0xffff, None), (1, None)], [(1, None), (0xffff, None)]] {
            let error = regions(&memories, 1).expect_err("is too large");
            assert_eq!(error.kind(), ErrorKind::RegionsTooLarge);
        }
        assert!(regions(&[(1, None); 4], 0x8000).is_err());
        assert!(regions(&[(1, None), (u64::MAX, None)], 0x8000).is_err());
        assert!(regions(&[(1, None), (0xfffe, None)], 1).is_ok());
    }
}
