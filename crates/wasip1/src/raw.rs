//! The functions of preview 1, with what they take and return in types.
//!
//! The host follows pointers in the memory that the module exports, in which that of this component can be
//! a region: so each pointer is made here, by [`address`].

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::bindings::wasm_fuser::core::memory;
pub use crate::bindings::wasm_fuser::wasip1::raw::*;

/// An error of preview 1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub u32);

impl Errno {
    pub const AGAIN: Errno = Errno(6);
    pub const BADF: Errno = Errno(8);
    pub const INVAL: Errno = Errno(28);
    pub const PIPE: Errno = Errno(64);
    pub const NOTCAPABLE: Errno = Errno(76);
}

/// Whether a call went well.
pub fn done(errno: u32) -> Result<(), Errno> {
    match errno {
        0 => Ok(()),
        errno => Err(Errno(errno)),
    }
}

/// A pointer as the host follows it. What is behind it may be written, so it has to be a cell, or to be
/// borrowed by a reference that allows that.
pub fn address<T: ?Sized>(pointer: *const T) -> u32 {
    memory::base().wrapping_add(pointer as *const u8 as u32)
}

/// What a call writes behind a pointer that it is given.
pub fn returned<T: Default>(call: impl FnOnce(u32) -> u32) -> Result<T, Errno> {
    let value = Cell::new(T::default());
    done(call(address(value.as_ptr())))?;
    Ok(value.into_inner())
}

#[repr(C)]
struct Buffer {
    pointer: u32,
    length: u32,
}

/// Reads at most so many bytes: at an offset, or where the descriptor is.
pub fn read(fd: u32, length: usize, offset: Option<u64>) -> Result<Vec<u8>, Errno> {
    let mut bytes = vec![0; length];
    let buffer = Buffer { pointer: address(bytes.as_mut_ptr()), length: length as u32 };
    let buffers = address(&raw const buffer);
    let read: u32 = returned(|read| match offset {
        Some(offset) => fd_pread(fd, buffers, 1, offset, read),
        None => fd_read(fd, buffers, 1, read),
    })?;
    bytes.truncate(read as usize);
    Ok(bytes)
}

/// Writes; says how many bytes of it.
pub fn write(fd: u32, bytes: &[u8], offset: Option<u64>) -> Result<usize, Errno> {
    let buffer = Buffer { pointer: address(bytes.as_ptr()), length: bytes.len() as u32 };
    let buffers = address(&raw const buffer);
    let written: u32 = returned(|written| match offset {
        Some(offset) => fd_pwrite(fd, buffers, 1, offset, written),
        None => fd_write(fd, buffers, 1, written),
    })?;
    Ok((written as usize).min(bytes.len()))
}

/// `filestat`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Filestat {
    pub dev: u64,
    pub ino: u64,
    pub filetype: u8,
    pub nlink: u64,
    pub size: u64,
    pub atim: u64,
    pub mtim: u64,
    pub ctim: u64,
}

/// `fdstat`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Fdstat {
    pub filetype: u8,
    pub flags: u16,
    pub rights: u64,
    pub inheriting: u64,
}

pub fn filestat(fd: u32) -> Result<Filestat, Errno> {
    returned(|stat| fd_filestat_get(fd, stat))
}

pub fn fdstat(fd: u32) -> Result<Fdstat, Errno> {
    returned(|stat| fd_fdstat_get(fd, stat))
}

/// The clocks of preview 1.
#[derive(Clone, Copy)]
pub enum Clock {
    Wall = 0,
    Monotonic = 1,
}

impl Clock {
    /// Nanoseconds; 0 where the engine has no such clock.
    pub fn now(self) -> u64 {
        returned(|time| clock_time_get(self as u32, 1, time)).unwrap_or(0)
    }

    /// Nanoseconds between two readings.
    pub fn resolution(self) -> u64 {
        returned(|time| clock_res_get(self as u32, time)).unwrap_or(1)
    }
}

/// Bytes as a text: what is not UTF-8 becomes question marks. (What the library has for that is larger.)
pub fn text(mut bytes: Vec<u8>) -> String {
    loop {
        match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                bytes = error.into_bytes();
                bytes[at] = b'?';
            }
        }
    }
}

/// Arguments, or variables of the environment.
pub fn strings(
    sizes: impl Fn(u32, u32) -> u32,
    get: impl Fn(u32, u32) -> u32,
) -> Result<Vec<String>, Errno> {
    let count = Cell::new(0u32);
    let size: u32 = returned(|size| sizes(address(count.as_ptr()), size))?;
    let mut pointers = vec![0u32; count.get() as usize];
    let mut bytes = vec![0u8; size as usize];
    let start = address(bytes.as_mut_ptr());
    done(get(address(pointers.as_mut_ptr()), start))?;
    let string = |pointer: &u32| {
        let rest = bytes.get(pointer.wrapping_sub(start) as usize..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        text(rest[..end].into())
    };
    Ok(pointers.iter().map(string).collect())
}
