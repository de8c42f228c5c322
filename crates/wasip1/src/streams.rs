//! `wasi:io/error` and `wasi:io/streams`: streams over descriptors.
//!
//! A stream of a file has an offset of its own, which preview 1 serves by `fd_pread` and `fd_pwrite`; any
//! other reads and writes where the descriptor is. Writes are done at once, so that there is nothing to
//! flush. What may be written without waiting is a *permit*, and who goes beyond it traps, as in every
//! implementation of these interfaces.
//!
//! A failed operation closes a stream: what comes next finds it closed.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::poll::{Condition, Parent, Patience, Pollable, Source, poll};
use crate::raw::{self, Errno};
use crate::wasi::io::error::{Error as ErrorHandle, Guest as ErrorGuest, GuestError};
use crate::wasi::io::poll::Pollable as PollableHandle;
use crate::wasi::io::streams::{
    Guest, GuestInputStream, GuestOutputStream, InputStream, InputStreamBorrow, OutputStream,
    StreamError,
};
use crate::{Provider, trap};

/// The most that is read or written at once.
pub const CHUNK: usize = 1 << 15;

/// What the functions that write and wait may be given.
const BLOCKING: u64 = 4096;

/// An error of a stream.
pub struct Error(pub Errno);

impl GuestError for Error {
    fn to_debug_string(&self) -> String {
        format!("error {} of WASI preview 1", self.0.0)
    }
}

impl ErrorGuest for Provider {
    type Error = Error;
}

/// A descriptor of the host's, closed when nobody has it any more.
pub struct Descriptor {
    pub fd: u32,
    /// Whether it is the host's to close: a standard stream, or a directory that was open at the start.
    pub is_lasting: bool,
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if !self.is_lasting {
            // Nobody can be told.
            let _ = raw::fd_close(self.fd);
        }
    }
}

/// Where a stream reads or writes.
enum Place {
    /// Where the descriptor is.
    There,
    /// At an offset, which moves on.
    At(Cell<u64>),
    /// At the end of the file.
    End,
}

/// A stream.
struct Stream {
    descriptor: Rc<Descriptor>,
    place: Place,
    is_closed: Cell<bool>,
    pollables: Parent,
}

impl Stream {
    fn new(descriptor: Rc<Descriptor>, place: Place) -> Self {
        Stream { descriptor, place, is_closed: Cell::new(false), pollables: Parent::default() }
    }

    fn check_open(&self) -> Result<(), StreamError> {
        if self.is_closed.get() { Err(StreamError::Closed) } else { Ok(()) }
    }

    /// Closes the stream, with an error that says why, or without.
    fn close(&self, why: Option<Errno>) -> StreamError {
        self.is_closed.set(true);
        match why {
            None | Some(Errno::PIPE) => StreamError::Closed,
            Some(errno) => StreamError::LastOperationFailed(ErrorHandle::new(Error(errno))),
        }
    }
}

/// `input-stream`.
pub struct Input {
    stream: Stream,
    /// What it waits for, unless it is a file: of that, all is there.
    source: Option<Source>,
}

impl Input {
    /// What a descriptor that is no file has to be read.
    pub fn of_descriptor(descriptor: Rc<Descriptor>) -> InputStream {
        let source = Some(Source::new(descriptor.fd));
        InputStream::new(Input { stream: Stream::new(descriptor, Place::There), source })
    }

    /// What a file has from an offset on.
    pub fn of_file(descriptor: Rc<Descriptor>, offset: u64) -> InputStream {
        let place = Place::At(Cell::new(offset));
        InputStream::new(Input { stream: Stream::new(descriptor, place), source: None })
    }

    /// Reads what is there; nothing, if that would have to wait after all.
    fn take(&self, length: u64) -> Result<Vec<u8>, StreamError> {
        self.stream.check_open()?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let length = length.min(CHUNK as u64) as usize;
        let fd = self.stream.descriptor.fd;
        let bytes = match &self.stream.place {
            Place::At(offset) => {
                let bytes = raw::read(fd, length, Some(offset.get()));
                if let Ok(bytes) = &bytes {
                    offset.set(offset.get() + bytes.len() as u64);
                }
                bytes
            }
            _ => raw::read(fd, length, None),
        };
        match bytes {
            Ok(bytes) if bytes.is_empty() => Err(self.stream.close(None)),
            Ok(bytes) => Ok(bytes),
            Err(Errno::AGAIN) => Ok(Vec::new()),
            Err(errno) => Err(self.stream.close(Some(errno))),
        }
    }
}

impl GuestInputStream for Input {
    fn read(&self, length: u64) -> Result<Vec<u8>, StreamError> {
        self.stream.check_open()?;
        match &self.source {
            Some(source) if length > 0 && !source.take_ready() => Ok(Vec::new()),
            _ => self.take(length),
        }
    }

    fn blocking_read(&self, length: u64) -> Result<Vec<u8>, StreamError> {
        loop {
            let bytes = self.take(length)?;
            match &self.source {
                Some(source) if length > 0 && bytes.is_empty() => {
                    poll(&[&Condition::Readable(source.clone())], Patience::Endless);
                    source.take_ready();
                }
                _ => return Ok(bytes),
            }
        }
    }

    fn skip(&self, length: u64) -> Result<u64, StreamError> {
        Ok(self.read(length)?.len() as u64)
    }

    fn blocking_skip(&self, length: u64) -> Result<u64, StreamError> {
        Ok(self.blocking_read(length)?.len() as u64)
    }

    fn subscribe(&self) -> PollableHandle {
        let condition = match &self.source {
            Some(source) if !self.stream.is_closed.get() => Condition::Readable(source.clone()),
            _ => Condition::Always,
        };
        Pollable::handle(condition, Some(self.stream.pollables.child()))
    }
}

/// `output-stream`.
pub struct Output {
    stream: Stream,
    source: Option<Source>,
    /// How much may be written.
    permit: Cell<u64>,
}

impl Output {
    fn handle(descriptor: Rc<Descriptor>, place: Place, source: Option<Source>) -> OutputStream {
        let stream = Stream::new(descriptor, place);
        OutputStream::new(Output { stream, source, permit: Cell::new(0) })
    }

    /// What is written to a descriptor that is no file.
    pub fn of_descriptor(descriptor: Rc<Descriptor>) -> OutputStream {
        let source = Source::new(descriptor.fd);
        Output::handle(descriptor, Place::There, Some(source))
    }

    /// What is written to a file from an offset on.
    pub fn of_file(descriptor: Rc<Descriptor>, offset: u64) -> OutputStream {
        Output::handle(descriptor, Place::At(Cell::new(offset)), None)
    }

    /// What is written at the end of a file.
    pub fn at_end(descriptor: Rc<Descriptor>) -> OutputStream {
        Output::handle(descriptor, Place::End, None)
    }

    /// A stream that takes nothing.
    pub fn closed() -> OutputStream {
        let descriptor = Rc::new(Descriptor { fd: u32::MAX, is_lasting: true });
        let stream = Stream::new(descriptor, Place::There);
        stream.is_closed.set(true);
        OutputStream::new(Output { stream, source: None, permit: Cell::new(0) })
    }

    fn use_permit(&self, length: u64) {
        match self.permit.get().checked_sub(length) {
            Some(rest) => self.permit.set(rest),
            None => trap(),
        }
    }

    /// Writes all of it.
    fn put(&self, mut bytes: &[u8]) -> Result<(), StreamError> {
        self.stream.check_open()?;
        let fd = self.stream.descriptor.fd;
        while !bytes.is_empty() {
            let written = match &self.stream.place {
                Place::There => raw::write(fd, bytes, None),
                Place::At(offset) => raw::write(fd, bytes, Some(offset.get())),
                Place::End => append(fd, bytes),
            };
            match written {
                Ok(written) => {
                    if let Place::At(offset) = &self.stream.place {
                        offset.set(offset.get() + written as u64);
                    }
                    bytes = &bytes[written..];
                }
                Err(Errno::AGAIN) => {
                    if let Some(source) = &self.source {
                        poll(&[&Condition::Writable(source.clone())], Patience::Endless);
                    }
                }
                Err(errno) => return Err(self.stream.close(Some(errno))),
            }
        }
        Ok(())
    }

    fn put_zeroes(&self, mut length: u64) -> Result<(), StreamError> {
        let zeroes = [0; 256];
        while length > 0 {
            let now = length.min(zeroes.len() as u64);
            self.put(&zeroes[..now as usize])?;
            length -= now;
        }
        Ok(())
    }

    /// Writes what an input stream has.
    fn take_over(&self, bytes: Result<Vec<u8>, StreamError>) -> Result<u64, StreamError> {
        let bytes = bytes?;
        self.put(&bytes)?;
        Ok(bytes.len() as u64)
    }
}

/// Writes at the end of a file. A flag of the descriptor has the host find the end when it writes; it is set
/// only while this is written, for other streams of the descriptor write elsewhere. There are engines that
/// do not know the flag, or that it can be set, or that take it and write elsewhere: so the end is asked
/// for, too.
fn append(fd: u32, bytes: &[u8]) -> Result<usize, Errno> {
    const APPEND: u32 = 1;
    let flags = u32::from(raw::fdstat(fd)?.flags);
    let is_set = flags & APPEND == 0 && raw::fd_fdstat_set_flags(fd, flags | APPEND) == 0;
    let written = raw::filestat(fd).and_then(|stat| raw::write(fd, bytes, Some(stat.size)));
    if is_set {
        raw::done(raw::fd_fdstat_set_flags(fd, flags))?;
    }
    written
}

impl GuestOutputStream for Output {
    fn check_write(&self) -> Result<u64, StreamError> {
        self.stream.check_open()?;
        self.permit.set(CHUNK as u64);
        Ok(CHUNK as u64)
    }

    fn write(&self, bytes: Vec<u8>) -> Result<(), StreamError> {
        self.use_permit(bytes.len() as u64);
        self.put(&bytes)
    }

    fn blocking_write_and_flush(&self, bytes: Vec<u8>) -> Result<(), StreamError> {
        if bytes.len() as u64 > BLOCKING {
            trap()
        }
        self.put(&bytes)
    }

    fn flush(&self) -> Result<(), StreamError> {
        self.stream.check_open()
    }

    fn blocking_flush(&self) -> Result<(), StreamError> {
        self.stream.check_open()
    }

    fn subscribe(&self) -> PollableHandle {
        let condition = match &self.source {
            Some(source) if !self.stream.is_closed.get() => Condition::Writable(source.clone()),
            _ => Condition::Always,
        };
        Pollable::handle(condition, Some(self.stream.pollables.child()))
    }

    fn write_zeroes(&self, length: u64) -> Result<(), StreamError> {
        self.use_permit(length);
        self.put_zeroes(length)
    }

    fn blocking_write_zeroes_and_flush(&self, length: u64) -> Result<(), StreamError> {
        if length > BLOCKING {
            trap()
        }
        self.put_zeroes(length)
    }

    fn splice(&self, from: InputStreamBorrow<'_>, length: u64) -> Result<u64, StreamError> {
        self.stream.check_open()?;
        self.take_over(from.get::<Input>().read(length))
    }

    fn blocking_splice(
        &self,
        from: InputStreamBorrow<'_>,
        length: u64,
    ) -> Result<u64, StreamError> {
        self.stream.check_open()?;
        self.take_over(from.get::<Input>().blocking_read(length))
    }
}

impl Guest for Provider {
    type InputStream = Input;
    type OutputStream = Output;
}
