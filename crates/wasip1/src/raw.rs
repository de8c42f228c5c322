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

/// The length of the character that bytes begin with, if they begin with one.
fn character(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.first()?;
    let length = match first {
        0..0x80 => return Some(1),
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return None,
    };
    let mut code = u32::from(first) & (0x7f >> length);
    for byte in bytes.get(1..length)? {
        if byte & 0xc0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3f);
    }
    // It may not be longer than it has to be.
    let is_shortest = length == 2 || code >> (if length == 3 { 11 } else { 16 }) != 0;
    (is_shortest && char::from_u32(code).is_some()).then_some(length)
}

/// Where bytes are no UTF-8, from a place on. (What the library has for that is three times as large.)
fn no_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    while at < bytes.len() {
        match character(&bytes[at..]) {
            Some(length) => at += length,
            None => return Some(at),
        }
    }
    None
}

/// Bytes as a text, if they are one.
pub fn checked_text(bytes: Vec<u8>) -> Option<String> {
    match no_text(&bytes, 0) {
        Some(_) => None,
        // They are characters, one after another.
        None => Some(unsafe { String::from_utf8_unchecked(bytes) }),
    }
}

/// Bytes as a text: what is not UTF-8 becomes question marks.
pub fn text(mut bytes: Vec<u8>) -> String {
    let mut at = 0;
    while let Some(wrong) = no_text(&bytes, at) {
        bytes[wrong] = b'?';
        at = wrong;
    }
    // They are characters, one after another.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// Texts that the host has written one after another, a zero after each: arguments, or variables of the
/// environment.
#[derive(Default)]
pub struct Strings {
    pointers: Vec<u32>,
    bytes: Vec<u8>,
}

impl Strings {
    /// By a function that says how many they are, and how many bytes, and one that writes pointers and bytes.
    pub fn new(sizes: impl Fn(u32, u32) -> u32, get: impl Fn(u32, u32) -> u32) -> Strings {
        let size = Cell::new([0u32; 2]);
        let count = address(size.as_ptr());
        if done(sizes(count, count + 4)).is_err() {
            return Strings::default();
        }
        let mut strings = Strings::of(size.get());
        let pointers = address(strings.pointers.as_mut_ptr());
        match done(get(pointers, address(strings.bytes.as_mut_ptr()))) {
            Ok(()) => strings,
            Err(_) => Strings::default(),
        }
    }

    fn of([count, size]: [u32; 2]) -> Strings {
        Strings { pointers: vec![0; count as usize], bytes: vec![0; size as usize] }
    }

    pub fn len(&self) -> usize {
        self.pointers.len()
    }

    /// One of them.
    pub fn get(&self, index: usize) -> &[u8] {
        let at = self.pointers[index].wrapping_sub(address(self.bytes.as_ptr()));
        let rest = self.bytes.get(at as usize..).unwrap_or_default();
        &rest[..find(rest, 0)]
    }
}

/// Where the first byte of a kind is; the end, if there is none.
pub fn find(bytes: &[u8], wanted: u8) -> usize {
    bytes.iter().position(|byte| *byte == wanted).unwrap_or(bytes.len())
}
