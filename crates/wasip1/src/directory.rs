//! Directories of `wasi:filesystem`.
//!
//! A directory is read as a whole when it is opened for that, as far as there is room: programs remove what they
//! are given while they go through it, and there are engines that count entries anew at each call. So if there is
//! not room for all, the rest is read from the beginning, and what has been read before is known by hashes.

use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::errors::code;
use crate::raw::{self, Errno, address};
use crate::streams::Descriptor;
use crate::wasi::filesystem::types::{
    DescriptorType, DirectoryEntry, ErrorCode, GuestDirectoryEntryStream,
};

/// The type that a directory is of, in preview 1.
pub const DIRECTORY: u8 = 3;

/// A type of preview 1, of an entry or of what is open.
pub fn descriptor_type(filetype: u8) -> DescriptorType {
    match filetype {
        1 => DescriptorType::BlockDevice,
        2 => DescriptorType::CharacterDevice,
        DIRECTORY => DescriptorType::Directory,
        4 => DescriptorType::RegularFile,
        5 | 6 => DescriptorType::Socket,
        7 => DescriptorType::SymbolicLink,
        _ => DescriptorType::Unknown,
    }
}

/// `directory-entry-stream`.
pub struct Entries {
    descriptor: Rc<Descriptor>,
    found: Cell<Found>,
}

impl Entries {
    /// Those of a directory.
    pub fn new(descriptor: Rc<Descriptor>) -> Result<Entries, ErrorCode> {
        let mut found = Found::default();
        found.read(descriptor.fd).map_err(code)?;
        Ok(Entries { descriptor, found: Cell::new(found) })
    }
}

/// What has been read of a directory, and how it goes on.
#[derive(Default)]
struct Found {
    /// For each entry its type, the length of its name, and the name.
    bytes: Vec<u8>,
    next: usize,
    cookie: u64,
    is_all: bool,
    /// Of entries that have been read before, hashes of their names.
    before: Vec<u64>,
}

/// The head of an entry, before its name: the next cookie, a serial number, the length, the type.
const HEAD: usize = 24;

/// For so many bytes there is room; and so much is left for all else.
const FEW: usize = 16 << 10;

/// A hash of a name (FNV-1a).
fn hash_of(name: &[u8]) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    name.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

impl Found {
    /// Reads what has not been read before.
    fn read(&mut self, fd: u32) -> Result<(), Errno> {
        self.next = 0;
        while let Some((_, name)) = self.entry() {
            let hash = hash_of(name);
            self.next += 5 + name.len();
            self.before.push(hash);
        }
        self.bytes.clear();
        (self.next, self.cookie) = (0, 0);
        let mut buffer = vec![0u8; 2048];
        while !self.is_all && self.has_room() {
            let (to, size) = (address(buffer.as_mut_ptr()), buffer.len() as u32);
            let used: u32 = raw::returned(|used| raw::fd_readdir(fd, to, size, self.cookie, used))?;
            let used = buffer.get(..used as usize).unwrap_or(&buffer);
            self.is_all = used.len() < buffer.len();
            if !self.take(used) && !self.is_all {
                // Not even one fits.
                buffer = vec![0u8; buffer.len() * 2];
            }
        }
        Ok(())
    }

    /// Whether there is room for more: it takes twice as much to grow.
    fn has_room(&self) -> bool {
        let length = self.bytes.len();
        length < FEW || Vec::<u8>::new().try_reserve_exact(2 * length + 3 * FEW).is_ok()
    }

    /// Takes the entries that are there as a whole; whether there is one.
    fn take(&mut self, mut used: &[u8]) -> bool {
        let before = self.cookie;
        while let Some((head, after)) = used.split_at_checked(HEAD) {
            let number = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|i| head[at + i]));
            let length = number(16) as usize;
            let Some((name, after)) = after.split_at_checked(length) else { break };
            let is_new = self.before.is_empty() || !self.before.contains(&hash_of(name));
            if is_new && name != b"." && name != b".." {
                self.bytes.push(head[20]);
                self.bytes.extend_from_slice(&head[16..20]);
                self.bytes.extend_from_slice(name);
            }
            self.cookie = u64::from(number(0)) | u64::from(number(4)) << 32;
            used = after;
        }
        self.cookie != before
    }

    /// The type and the name of the next one that is there.
    fn entry(&self) -> Option<(u8, &[u8])> {
        let rest = self.bytes.get(self.next..)?;
        let (&[filetype, a, b, c, d], rest) = rest.split_first_chunk()?;
        Some((filetype, rest.get(..u32::from_le_bytes([a, b, c, d]) as usize)?))
    }

    /// The same, and goes on.
    fn next(&mut self, fd: u32) -> Result<Option<(u8, Vec<u8>)>, Errno> {
        if self.next == self.bytes.len() && !self.is_all {
            self.read(fd)?;
        }
        let Some((filetype, name)) = self.entry() else { return Ok(None) };
        let entry = (filetype, Vec::from(name));
        self.next += 5 + entry.1.len();
        Ok(Some(entry))
    }
}

impl GuestDirectoryEntryStream for Entries {
    fn read_directory_entry(&self) -> Result<Option<DirectoryEntry>, ErrorCode> {
        let mut found = self.found.take();
        let next = found.next(self.descriptor.fd);
        self.found.set(found);
        let Some((filetype, name)) = next.map_err(code)? else { return Ok(None) };
        let name = raw::checked_text(name).ok_or(ErrorCode::IllegalByteSequence)?;
        Ok(Some(DirectoryEntry { type_: descriptor_type(filetype), name }))
    }
}
