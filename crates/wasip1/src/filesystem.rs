//! `wasi:filesystem`: descriptors and directories.
//!
//! Preview 1 has rights, of which 0.2 has left flags. A descriptor is opened with all rights that its flags
//! may need, or, where the engine does not grant them, with those of them that the directory hands on. What
//! the flags do not allow is refused here.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::Provider;
use crate::clocks::{datetime, nanoseconds};
use crate::directory::{DIRECTORY, Entries, descriptor_type};
use crate::errors::code;
use crate::raw::{self, Errno, Filestat, address, done};
use crate::streams::{CHUNK, Error, Input, Output};
use crate::wasi::filesystem::preopens;
use crate::wasi::filesystem::types::{
    Advice, Descriptor, DescriptorBorrow, DescriptorFlags, DescriptorStat, DescriptorType,
    DirectoryEntryStream, ErrorCode, Guest, GuestDescriptor, MetadataHashValue, NewTimestamp,
    OpenFlags, PathFlags,
};
use crate::wasi::io::error::ErrorBorrow;
use crate::wasi::io::streams::{InputStream, OutputStream};

/// The rights that matter, by their bits.
mod rights {
    pub const DATASYNC: u64 = 1;
    pub const READ: u64 = 1 << 1;
    pub const WRITE: u64 = 1 << 6;
    pub const ALLOCATE: u64 = 1 << 8;
    pub const READDIR: u64 = 1 << 14;
    pub const SET_SIZE: u64 = 1 << 22;
    /// All that there are.
    pub const ALL: u64 = (1 << 30) - 1;
    /// Those that flags are about.
    pub const READING: u64 = READ | READDIR;
    pub const WRITING: u64 = DATASYNC | WRITE | ALLOCATE | SET_SIZE;
}

/// `descriptor`.
pub struct Open {
    descriptor: Rc<crate::streams::Descriptor>,
    flags: DescriptorFlags,
    filetype: u8,
}

/// A path, as preview 1 takes it.
fn path(path: &str) -> (u32, u32) {
    (address(path.as_ptr()), path.len() as u32)
}

fn stat(stat: Filestat) -> DescriptorStat {
    DescriptorStat {
        type_: descriptor_type(stat.filetype),
        link_count: stat.nlink,
        size: stat.size,
        data_access_timestamp: Some(datetime(stat.atim)),
        data_modification_timestamp: Some(datetime(stat.mtim)),
        status_change_timestamp: Some(datetime(stat.ctim)),
    }
}

/// What tells two files apart, mixed, so that nobody takes it for what it is made of.
fn hash(stat: Filestat) -> MetadataHashValue {
    let mix = |mut value: u64| {
        value ^= value >> 33;
        value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
        value ^ (value >> 33)
    };
    let lower = mix(stat.ino ^ mix(stat.dev));
    let changed = stat.mtim.rotate_left(32) ^ stat.size;
    MetadataHashValue { lower, upper: mix(lower ^ changed) }
}

/// Times, and the flags that say which are meant.
struct Times {
    access: u64,
    modification: u64,
    flags: u32,
}

impl Times {
    fn new(access: NewTimestamp, modification: NewTimestamp) -> Result<Times, ErrorCode> {
        let mut flags = 0;
        let mut time = |new, given, now| match new {
            NewTimestamp::NoChange => Ok(0),
            NewTimestamp::Now => {
                flags |= now;
                Ok(0)
            }
            NewTimestamp::Timestamp(time) => {
                flags |= given;
                nanoseconds(time).ok_or(ErrorCode::Overflow)
            }
        };
        let access = time(access, 1, 2)?;
        let modification = time(modification, 4, 8)?;
        Ok(Times { access, modification, flags })
    }
}

impl Open {
    fn fd(&self) -> u32 {
        self.descriptor.fd
    }

    fn file(&self) -> Result<u32, ErrorCode> {
        match self.filetype {
            DIRECTORY => Err(ErrorCode::BadDescriptor),
            _ => Ok(self.fd()),
        }
    }

    fn file_to_write(&self) -> Result<u32, ErrorCode> {
        let fd = self.file()?;
        match self.flags.contains(DescriptorFlags::WRITE) {
            true => Ok(fd),
            false => Err(ErrorCode::BadDescriptor),
        }
    }

    fn directory(&self) -> Result<u32, ErrorCode> {
        match self.filetype {
            DIRECTORY => Ok(self.fd()),
            _ => Err(ErrorCode::NotDirectory),
        }
    }

    fn stat_of(&self, flags: PathFlags, at: &str) -> Result<Filestat, ErrorCode> {
        let (fd, flags, (at, length)) = (self.directory()?, flags.bits().into(), path(at));
        raw::returned(|stat| raw::path_filestat_get(fd, flags, at, length, stat)).map_err(code)
    }
}

impl GuestDescriptor for Open {
    fn read_via_stream(&self, offset: u64) -> Result<InputStream, ErrorCode> {
        match self.filetype {
            DIRECTORY => Err(ErrorCode::IsDirectory),
            _ if !self.flags.contains(DescriptorFlags::READ) => Err(ErrorCode::BadDescriptor),
            _ => Ok(Input::of_file(self.descriptor.clone(), offset)),
        }
    }

    fn write_via_stream(&self, offset: u64) -> Result<OutputStream, ErrorCode> {
        self.file_to_write()?;
        Ok(Output::of_file(self.descriptor.clone(), offset))
    }

    fn append_via_stream(&self) -> Result<OutputStream, ErrorCode> {
        self.file_to_write()?;
        Ok(Output::at_end(self.descriptor.clone()))
    }

    fn advise(&self, offset: u64, length: u64, advice: Advice) -> Result<(), ErrorCode> {
        done(raw::fd_advise(self.file()?, offset, length, advice as u32)).map_err(code)
    }

    fn sync_data(&self) -> Result<(), ErrorCode> {
        synced(raw::fd_datasync(self.fd()))
    }

    fn get_flags(&self) -> Result<DescriptorFlags, ErrorCode> {
        Ok(self.flags)
    }

    fn get_type(&self) -> Result<DescriptorType, ErrorCode> {
        Ok(descriptor_type(self.filetype))
    }

    fn set_size(&self, size: u64) -> Result<(), ErrorCode> {
        match self.flags.contains(DescriptorFlags::WRITE) {
            true => done(raw::fd_filestat_set_size(self.file()?, size)).map_err(code),
            // As the host says of a file that was opened to be read.
            false => self.file().and(Err(ErrorCode::Invalid)),
        }
    }

    fn set_times(&self, access: NewTimestamp, modification: NewTimestamp) -> Result<(), ErrorCode> {
        let Times { access, modification, flags } = Times::new(access, modification)?;
        done(raw::fd_filestat_set_times(self.fd(), access, modification, flags)).map_err(code)
    }

    fn read(&self, length: u64, offset: u64) -> Result<(Vec<u8>, bool), ErrorCode> {
        let fd = self.file()?;
        if !self.flags.contains(DescriptorFlags::READ) {
            return Err(ErrorCode::BadDescriptor);
        }
        let bytes = raw::read(fd, length.min(CHUNK as u64) as usize, Some(offset)).map_err(code)?;
        let is_end = bytes.is_empty();
        Ok((bytes, is_end))
    }

    fn write(&self, bytes: Vec<u8>, offset: u64) -> Result<u64, ErrorCode> {
        let written = raw::write(self.file_to_write()?, &bytes, Some(offset)).map_err(code)?;
        Ok(written as u64)
    }

    fn read_directory(&self) -> Result<DirectoryEntryStream, ErrorCode> {
        self.directory()?;
        Ok(DirectoryEntryStream::new(Entries::new(self.descriptor.clone())?))
    }

    fn sync(&self) -> Result<(), ErrorCode> {
        synced(raw::fd_sync(self.fd()))
    }

    fn create_directory_at(&self, at: String) -> Result<(), ErrorCode> {
        let (fd, (at, length)) = (self.directory()?, path(&at));
        done(raw::path_create_directory(fd, at, length)).map_err(code)
    }

    fn stat(&self) -> Result<DescriptorStat, ErrorCode> {
        raw::filestat(self.fd()).map(stat).map_err(code)
    }

    fn stat_at(&self, flags: PathFlags, at: String) -> Result<DescriptorStat, ErrorCode> {
        self.stat_of(flags, &at).map(stat)
    }

    fn set_times_at(
        &self,
        follow: PathFlags,
        at: String,
        access: NewTimestamp,
        modification: NewTimestamp,
    ) -> Result<(), ErrorCode> {
        let (fd, (at, length)) = (self.directory()?, path(&at));
        let Times { access, modification, flags } = Times::new(access, modification)?;
        let follow = follow.bits().into();
        let errno =
            raw::path_filestat_set_times(fd, follow, at, length, access, modification, flags);
        done(errno).map_err(code)
    }

    fn link_at(
        &self,
        flags: PathFlags,
        old: String,
        new_directory: DescriptorBorrow<'_>,
        new: String,
    ) -> Result<(), ErrorCode> {
        let (from, to) = (self.directory()?, new_directory.get::<Open>().directory()?);
        let ((old, old_length), (new, new_length)) = (path(&old), path(&new));
        let flags = flags.bits().into();
        done(raw::path_link(from, flags, old, old_length, to, new, new_length)).map_err(code)
    }

    fn open_at(
        &self,
        follow: PathFlags,
        at: String,
        how: OpenFlags,
        mut flags: DescriptorFlags,
    ) -> Result<Descriptor, ErrorCode> {
        let directory = self.directory()?;
        if how.contains(OpenFlags::DIRECTORY)
            && how.intersects(OpenFlags::CREATE | OpenFlags::EXCLUSIVE | OpenFlags::TRUNCATE)
        {
            return Err(ErrorCode::Invalid);
        }
        // What is made or cut off is opened to be written; what is opened for nothing, to be read.
        if how.intersects(OpenFlags::CREATE | OpenFlags::TRUNCATE) {
            flags |= DescriptorFlags::WRITE;
        }
        if !flags.contains(DescriptorFlags::WRITE) {
            flags |= DescriptorFlags::READ;
        }
        let mut wanted = rights::ALL & !(rights::READING | rights::WRITING);
        if flags.contains(DescriptorFlags::READ) {
            wanted |= rights::READING;
        }
        if flags.contains(DescriptorFlags::WRITE) {
            wanted |= rights::WRITING;
        }
        let fdflags = fdflags(flags);
        let inheriting = raw::fdstat(directory).map_err(code)?.inheriting;
        let (follow, how) = (follow.bits().into(), how.bits().into());
        let (at, length) = path(&at);
        let open = |wanted| {
            raw::returned(|fd| {
                raw::path_open(directory, follow, at, length, how, wanted, inheriting, fdflags, fd)
            })
        };
        let opened = match open(wanted) {
            Err(Errno::NOTCAPABLE) if wanted & !inheriting != 0 => open(wanted & inheriting),
            opened => opened,
        };
        let fd = opened.map_err(code)?;
        let descriptor = Rc::new(crate::streams::Descriptor { fd, is_lasting: false });
        let filetype = raw::fdstat(fd).map_err(code)?.filetype;
        if filetype == DIRECTORY {
            let can_write = flags.contains(DescriptorFlags::WRITE);
            flags.set(DescriptorFlags::MUTATE_DIRECTORY, can_write);
            flags.remove(DescriptorFlags::WRITE);
        }
        Ok(Descriptor::new(Open { descriptor, flags, filetype }))
    }

    fn readlink_at(&self, at: String) -> Result<String, ErrorCode> {
        let (fd, (at, length)) = (self.directory()?, path(&at));
        let mut size = 256;
        loop {
            let mut bytes = vec![0; size];
            let buffer = address(bytes.as_mut_ptr());
            let used: u32 =
                raw::returned(|used| raw::path_readlink(fd, at, length, buffer, size as u32, used))
                    .map_err(code)?;
            if (used as usize) < size {
                bytes.truncate(used as usize);
                return raw::checked_text(bytes).ok_or(ErrorCode::IllegalByteSequence);
            }
            size *= 2;
        }
    }

    fn remove_directory_at(&self, at: String) -> Result<(), ErrorCode> {
        let (fd, (at, length)) = (self.directory()?, path(&at));
        done(raw::path_remove_directory(fd, at, length)).map_err(code)
    }

    fn rename_at(
        &self,
        old: String,
        new_directory: DescriptorBorrow<'_>,
        new: String,
    ) -> Result<(), ErrorCode> {
        let (from, to) = (self.directory()?, new_directory.get::<Open>().directory()?);
        let ((old, old_length), (new, new_length)) = (path(&old), path(&new));
        done(raw::path_rename(from, old, old_length, to, new, new_length)).map_err(code)
    }

    fn symlink_at(&self, to: String, at: String) -> Result<(), ErrorCode> {
        let (fd, (to, to_length), (at, length)) = (self.directory()?, path(&to), path(&at));
        done(raw::path_symlink(to, to_length, fd, at, length)).map_err(code)
    }

    fn unlink_file_at(&self, at: String) -> Result<(), ErrorCode> {
        let (fd, (at, length)) = (self.directory()?, path(&at));
        done(raw::path_unlink_file(fd, at, length)).map_err(code)
    }

    fn is_same_object(&self, other: DescriptorBorrow<'_>) -> bool {
        let [this, other] = [self, other.get::<Open>()].map(|open| raw::filestat(open.fd()));
        match (this, other) {
            (Ok(this), Ok(other)) => (this.dev, this.ino) == (other.dev, other.ino),
            _ => false,
        }
    }

    fn metadata_hash(&self) -> Result<MetadataHashValue, ErrorCode> {
        raw::filestat(self.fd()).map(hash).map_err(code)
    }

    fn metadata_hash_at(
        &self,
        flags: PathFlags,
        at: String,
    ) -> Result<MetadataHashValue, ErrorCode> {
        self.stat_of(flags, &at).map(hash)
    }
}

/// What has been written is there for others, whether or not an engine can say that it lasts.
fn synced(errno: u32) -> Result<(), ErrorCode> {
    match done(errno) {
        Err(Errno::INVAL | Errno::BADF) | Ok(()) => Ok(()),
        Err(errno) => Err(code(errno)),
    }
}

/// The flags of preview 1 for how writes are synchronized.
fn fdflags(flags: DescriptorFlags) -> u32 {
    let of = |flag, bit| if flags.contains(flag) { bit } else { 0 };
    of(DescriptorFlags::DATA_INTEGRITY_SYNC, 1 << 1)
        | of(DescriptorFlags::REQUESTED_WRITE_SYNC, 1 << 3)
        | of(DescriptorFlags::FILE_INTEGRITY_SYNC, 1 << 4)
}

impl Guest for Provider {
    type Descriptor = Open;
    type DirectoryEntryStream = Entries;

    fn filesystem_error_code(error: ErrorBorrow<'_>) -> Option<ErrorCode> {
        Some(code(error.get::<Error>().0))
    }
}

impl preopens::Guest for Provider {
    fn get_directories() -> Vec<(Descriptor, String)> {
        let mut found = Vec::new();
        // They come after the standard streams, without a gap.
        for fd in 3.. {
            let prestat: Result<[u32; 2], _> = raw::returned(|stat| raw::fd_prestat_get(fd, stat));
            let Ok([tag, length]) = prestat else { break };
            let mut name = vec![0; length as usize];
            let buffer = address(name.as_mut_ptr());
            // Other kinds of what was open at the start are no directories.
            if tag & 0xff != 0 || done(raw::fd_prestat_dir_name(fd, buffer, length)).is_err() {
                continue;
            }
            // Some engines count the end of a string of C.
            while name.last() == Some(&0) {
                name.pop();
            }
            let descriptor = Rc::new(crate::streams::Descriptor { fd, is_lasting: true });
            let flags = DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY;
            let open = Open { descriptor, flags, filetype: DIRECTORY };
            found.push((Descriptor::new(open), raw::text(name)));
        }
        found
    }
}
