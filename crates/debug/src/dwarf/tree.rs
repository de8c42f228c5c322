//! Which entries are kept.
//!
//! DWARF is a forest of entries that refer to one another: a function has parameters, those have types,
//! types have members. Most of it is about what the linker has thrown away, the standard library's most of
//! all. What is about a function that is still there is kept, and whatever that mentions.
//!
//! ```text
//! unit                                shell: something in it is kept
//!   namespace core                    shell
//!     struct Option<u32>              shell, or whole if a variable has this type
//!       subprogram unwrap             whole: inlined into `main`
//!   subprogram main  low_pc 0x40      whole: it is there
//!     inlined_subroutine -> unwrap    whole: a part of `main`
//!   subprogram unused                 its address is not
//! ```
//!
//! What is kept *whole* has its parts, and all that its attributes mention. A *shell* is only there because
//! an entry has to be in something: it has a name, and says that it is defined elsewhere.
//!
//! Rejected: gimli's own filter. It knows no shells, so a type would come with its members, and their
//! types, for each of its functions; it looks at attributes that are not going to be written; and it
//! does all of that before anybody can say that it is too much.
//!
//! Limits: units of types, and what is in other files, are left out.

use std::ops::Range;

use gimli::constants::{self as c, DwAt, DwTag};
use gimli::read::{AttributeValue, Operation, UnitHeader};
use gimli::{Encoding, UnitType};

use super::budget::{Budget, Spent};
use super::read::{code_of, mentioned, read_entry, section_offset, unit};
use super::{Entry, Input, Reader, UnitRef};
use crate::Level;
use crate::moves::{Memory, Moves};

/// The deepest that entries nest in the result; what is deeper becomes a sibling. Whoever reads or writes
/// a tree does so on a stack.
pub const MAX_DEPTH: u16 = 250;

/// The entries that are kept, unit after unit, each after what it is in.
#[derive(Debug, Default)]
pub struct Kept {
    pub units: Vec<KeptUnit>,
    pub entries: Vec<KeptEntry>,
    /// Whether there was something that could not be read.
    pub is_malformed: bool,
}

/// A unit of which something is kept.
#[derive(Debug)]
pub struct KeptUnit {
    /// Where it is in its section.
    pub offset: usize,
    pub encoding: Encoding,
    /// Its entries; the first is its root.
    pub entries: Range<usize>,
}

/// An entry that is kept.
#[derive(Clone, Copy, Debug)]
pub struct KeptEntry {
    /// Where it is in its section.
    pub offset: u32,
    /// What it is in; itself, if it is a root.
    pub parent: u32,
    pub depth: u16,
    /// With all its attributes.
    pub is_whole: bool,
}

impl Kept {
    /// The position of an entry, by where it is in its section.
    pub fn find(&self, offset: usize) -> Option<usize> {
        let offset = u32::try_from(offset).ok()?;
        self.entries.binary_search_by_key(&offset, |entry| entry.offset).ok()
    }
}

/// What an entry is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Units and namespaces: they are the sum of what is in them.
    Scope,
    /// It is kept if something mentions it.
    Mentioned,
    /// The same; and it can be mentioned by expressions.
    BaseType,
    /// It goes with what it is in.
    Part,
    /// It is nothing by itself, what is in it is in what it is in.
    Through,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Gone,
    Shell,
    Whole,
}

/// An entry of the input.
struct Node {
    offset: u32,
    parent: u32,
    /// The first entry after those in it.
    end: u32,
    /// Where the list of what it mentions begins.
    mentions: u32,
    role: Role,
    mark: Mark,
    /// Whether it is there because of what it is.
    is_anchor: bool,
}

const NO_PARENT: u32 = u32::MAX;

/// Finds what is kept of an instance's entries.
pub fn kept(
    input: &Input<'_>,
    moves: &Moves<'_>,
    level: Level,
    budget: &mut Budget,
) -> Result<Kept, Spent> {
    let mut forest = Forest {
        input,
        moves,
        level,
        budget,
        nodes: Vec::new(),
        mentions: Vec::new(),
        is_malformed: false,
    };
    let mut units = Vec::new();
    let mut headers = input.dwarf.units();
    loop {
        let header = match headers.next() {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(_) => {
                forest.is_malformed = true;
                break;
            }
        };
        let first = forest.nodes.len();
        let (offset, encoding) = (header.offset().0, header.encoding());
        forest.read_unit(header)?;
        if forest.nodes.len() > first {
            units.push((offset, encoding, first..forest.nodes.len()));
        }
    }
    forest.reach()?;
    if level == Level::Keep {
        forest.keep_base_types(&units);
    }
    forest.collect(units)
}

/// A unit that was read: where it is, its encoding and its entries.
type ReadUnit = (usize, Encoding, Range<usize>);

struct Forest<'f, 'a> {
    input: &'f Input<'a>,
    moves: &'f Moves<'f>,
    level: Level,
    budget: &'f mut Budget,
    nodes: Vec<Node>,
    mentions: Vec<u32>,
    is_malformed: bool,
}

impl<'a> Forest<'_, 'a> {
    /// Adds the entries of a unit, as far as they can be read.
    fn read_unit(&mut self, header: UnitHeader<Reader<'a>>) -> Result<(), Spent> {
        if !matches!(
            header.type_(),
            UnitType::Compilation | UnitType::Partial | UnitType::Skeleton(_)
        ) {
            return Ok(());
        }
        let input = self.input;
        let Some(unit) = unit(&input.dwarf, header, self.budget)? else {
            self.is_malformed = true;
            return Ok(());
        };
        let unit = unit.unit_ref(&input.dwarf);
        let Ok(mut entries) = unit.entries_raw(None) else { return Ok(()) };
        let mut entry = Entry::null();
        let mut open: Vec<u32> = Vec::new();
        while !entries.is_empty() {
            match read_entry(&mut entries, &mut entry) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    self.is_malformed = true;
                    break;
                }
            }
            self.budget.pay(5 + entry.attrs.len() as u64)?;
            let depth = usize::try_from(entry.depth).unwrap_or(0);
            self.close(&mut open, depth);
            // A unit has one root.
            if open.is_empty() && depth == 0 && entry.offset != unit.header.root_offset() {
                break;
            }
            let index = self.nodes.len() as u32;
            let parent = open.last().copied().unwrap_or(NO_PARENT);
            let node = self.node(unit, &entry, parent)?;
            self.nodes.push(node);
            if entry.has_children {
                open.push(index);
            } else {
                self.nodes[index as usize].end = index + 1;
            }
        }
        self.close(&mut open, 0);
        Ok(())
    }

    /// Ends what is as deep as what comes next, or deeper.
    fn close(&mut self, open: &mut Vec<u32>, depth: usize) {
        let end = self.nodes.len() as u32;
        for index in open.drain(depth.min(open.len())..) {
            if let Some(node) = self.nodes.get_mut(index as usize) {
                node.end = end;
            }
        }
    }

    fn node(
        &mut self,
        unit: UnitRef<'_, 'a>,
        entry: &Entry<'a>,
        parent: u32,
    ) -> Result<Node, Spent> {
        let role = match parent {
            NO_PARENT => Role::Scope,
            _ => role(entry.tag, self.level),
        };
        let mentions = self.mentions.len() as u32;
        for attribute in &entry.attrs {
            if !is_kept(self.level, self.moves.memory, entry.tag, attribute.name()) {
                continue;
            }
            if let Some(offset) = mentioned(unit, &attribute.value())
                && let Ok(offset) = u32::try_from(offset)
            {
                self.mentions.push(offset);
            }
        }
        let is_anchor = match entry.tag {
            _ if parent == NO_PARENT => self.is_there(unit, entry)?,
            c::DW_TAG_subprogram => self.is_there(unit, entry)?,
            c::DW_TAG_variable if self.level == Level::Keep => {
                let parent = self.nodes.get(parent as usize);
                parent.is_some_and(|parent| parent.role == Role::Scope)
                    && self.has_place(unit, entry)
            }
            _ => false,
        };
        Ok(Node {
            offset: section_offset(unit, entry.offset.0).unwrap_or(u32::MAX),
            parent,
            end: 0,
            mentions,
            role,
            mark: Mark::Gone,
            is_anchor,
        })
    }

    /// Whether code of an entry is there.
    fn is_there(&mut self, unit: UnitRef<'_, 'a>, entry: &Entry<'a>) -> Result<bool, Spent> {
        let ranges = code_of(self.input, unit, entry, self.budget)?;
        let (moves, mut ranges) = (self.moves, ranges.into_iter());
        Ok(ranges.any(|(begin, end)| moves.ranges(begin, end).next().is_some()))
    }

    /// Whether a variable has a place in memory that can be told.
    fn has_place(&self, unit: UnitRef<'_, 'a>, entry: &Entry<'a>) -> bool {
        let Some(AttributeValue::Exprloc(expression)) = entry.attr_value(c::DW_AT_location) else {
            return false;
        };
        let address = match expression.operations(unit.encoding()).next() {
            Ok(Some(Operation::Address { address })) => Some(address),
            Ok(Some(Operation::AddressIndex { index })) => unit.address(index).ok(),
            Ok(Some(_)) => return true,
            _ => None,
        };
        // Linkers put one of these for what they have thrown away.
        let is_gone = |address| address == 0 || address >= 0xffff_fffe;
        self.moves.memory != Memory::Elsewhere && address.is_some_and(|address| !is_gone(address))
    }

    /// Marks what is kept.
    fn reach(&mut self) -> Result<(), Spent> {
        let mut reached: Vec<u32> = Vec::new();
        for index in 0..self.nodes.len() as u32 {
            let node = &self.nodes[index as usize];
            if node.parent == NO_PARENT && node.is_anchor {
                self.keep_shell(index);
            } else if node.is_anchor {
                self.keep_whole(index, &mut reached);
            }
            while let Some(index) = reached.pop() {
                self.budget.pay(2)?;
                self.follow(index, &mut reached)?;
            }
        }
        Ok(())
    }

    fn keep_shell(&mut self, mut index: u32) {
        while let Some(node) = self.nodes.get_mut(index as usize).filter(|it| it.mark == Mark::Gone)
        {
            node.mark = Mark::Shell;
            index = node.parent;
        }
    }

    fn keep_whole(&mut self, index: u32, reached: &mut Vec<u32>) {
        let Some(node) = self.nodes.get_mut(index as usize) else { return };
        if node.mark < Mark::Whole {
            node.mark = Mark::Whole;
            let parent = node.parent;
            self.keep_shell(parent);
            reached.push(index);
        }
    }

    /// Keeps what an entry mentions, and its parts.
    fn follow(&mut self, index: u32, reached: &mut Vec<u32>) -> Result<(), Spent> {
        let at = index as usize;
        let next =
            self.nodes.get(at + 1).map_or(self.mentions.len(), |node| node.mentions as usize);
        for mention in self.nodes[at].mentions as usize..next {
            self.budget.pay(2)?;
            let offset = self.mentions[mention];
            if let Ok(target) = self.nodes.binary_search_by_key(&offset, |node| node.offset) {
                self.keep_whole(target as u32, reached);
            }
        }
        if self.nodes[at].role == Role::Scope {
            return Ok(());
        }
        let (mut child, end) = (index + 1, self.nodes[at].end);
        while child < end {
            self.budget.pay(1)?;
            let node = &self.nodes[child as usize];
            let (role, after) = (node.role, node.end);
            if role == Role::Part {
                self.keep_whole(child, reached);
            }
            child = if role == Role::Through { child + 1 } else { after.max(child + 1) };
        }
        Ok(())
    }

    /// Keeps the base types of units of which something is kept: expressions mention them.
    fn keep_base_types(&mut self, units: &[ReadUnit]) {
        for (.., range) in units {
            let Some(nodes) = self.nodes.get_mut(range.clone()) else { continue };
            if nodes.iter().any(|node| node.mark == Mark::Whole) {
                let root = range.start as u32;
                let is_one = |node: &Node| node.role == Role::BaseType && node.parent == root;
                nodes.iter_mut().filter(|node| is_one(node)).for_each(|it| it.mark = Mark::Whole);
            }
        }
    }

    fn collect(self, units: Vec<ReadUnit>) -> Result<Kept, Spent> {
        let mut kept = Kept { is_malformed: self.is_malformed, ..Kept::default() };
        // Where each entry is among those that are kept; of one that is not, where the one it is in is.
        let mut places: Vec<u32> = vec![0; self.nodes.len()];
        for (offset, encoding, range) in units {
            if self.nodes[range.start].mark == Mark::Gone {
                continue;
            }
            let first = kept.entries.len();
            for index in range {
                let node = &self.nodes[index];
                let place = kept.entries.len() as u32;
                let mut parent = places.get(node.parent as usize).copied().unwrap_or(place);
                if node.mark == Mark::Gone {
                    places[index] = parent;
                    continue;
                }
                let depth_of = |place: u32| kept.entries.get(place as usize).map(|it| it.depth);
                let mut depth = depth_of(parent).map_or(0, |depth| depth + 1);
                if depth > MAX_DEPTH {
                    parent = kept.entries[parent as usize].parent;
                    depth = MAX_DEPTH;
                }
                places[index] = place;
                let is_whole = node.mark == Mark::Whole || node.role == Role::Scope;
                kept.entries.push(KeptEntry { offset: node.offset, parent, depth, is_whole });
            }
            kept.units.push(KeptUnit { offset, encoding, entries: first..kept.entries.len() });
        }
        self.budget.pay(12 * kept.entries.len() as u64)?;
        Ok(kept)
    }
}

fn role(tag: DwTag, level: Level) -> Role {
    if level == Level::Lines {
        return match tag {
            c::DW_TAG_namespace | c::DW_TAG_module => Role::Scope,
            c::DW_TAG_inlined_subroutine => Role::Part,
            c::DW_TAG_lexical_block => Role::Through,
            _ => Role::Mentioned,
        };
    }
    match tag {
        c::DW_TAG_namespace | c::DW_TAG_module => Role::Scope,
        c::DW_TAG_base_type => Role::BaseType,
        c::DW_TAG_subprogram
        | c::DW_TAG_array_type
        | c::DW_TAG_atomic_type
        | c::DW_TAG_class_type
        | c::DW_TAG_const_type
        | c::DW_TAG_dynamic_type
        | c::DW_TAG_enumeration_type
        | c::DW_TAG_file_type
        | c::DW_TAG_immutable_type
        | c::DW_TAG_imported_unit
        | c::DW_TAG_interface_type
        | c::DW_TAG_packed_type
        | c::DW_TAG_pointer_type
        | c::DW_TAG_ptr_to_member_type
        | c::DW_TAG_reference_type
        | c::DW_TAG_restrict_type
        | c::DW_TAG_rvalue_reference_type
        | c::DW_TAG_set_type
        | c::DW_TAG_shared_type
        | c::DW_TAG_string_type
        | c::DW_TAG_structure_type
        | c::DW_TAG_subroutine_type
        | c::DW_TAG_template_alias
        | c::DW_TAG_typedef
        | c::DW_TAG_union_type
        | c::DW_TAG_unspecified_type
        | c::DW_TAG_volatile_type => Role::Mentioned,
        _ => Role::Part,
    }
}

/// Whether an attribute is written.
pub fn is_kept(level: Level, memory: Memory, tag: DwTag, name: DwAt) -> bool {
    match name {
        // Where things are in sections of the input, and what the result's own have.
        c::DW_AT_sibling
        | c::DW_AT_stmt_list
        | c::DW_AT_str_offsets_base
        | c::DW_AT_addr_base
        | c::DW_AT_rnglists_base
        | c::DW_AT_loclists_base
        | c::DW_AT_GNU_addr_base
        | c::DW_AT_GNU_ranges_base
        | c::DW_AT_GNU_locviews => false,
        // What is in other files, and macros: nobody could find them.
        c::DW_AT_dwo_name
        | c::DW_AT_GNU_dwo_name
        | c::DW_AT_GNU_dwo_id
        | c::DW_AT_macro_info
        | c::DW_AT_macros
        | c::DW_AT_GNU_macros
        | c::DW_AT_start_scope => false,
        _ if level == Level::Lines => matches!(
            name,
            c::DW_AT_name
                | c::DW_AT_linkage_name
                | c::DW_AT_MIPS_linkage_name
                | c::DW_AT_low_pc
                | c::DW_AT_high_pc
                | c::DW_AT_ranges
                | c::DW_AT_abstract_origin
                | c::DW_AT_specification
                | c::DW_AT_call_file
                | c::DW_AT_call_line
                | c::DW_AT_call_column
                | c::DW_AT_inline
                | c::DW_AT_comp_dir
                | c::DW_AT_language
                | c::DW_AT_producer
        ),
        // A debugger would follow a pointer into another memory.
        c::DW_AT_type if memory != Memory::AsIs => !matches!(
            tag,
            c::DW_TAG_pointer_type | c::DW_TAG_reference_type | c::DW_TAG_rvalue_reference_type
        ),
        _ => true,
    }
}
