//! The errors of preview 1 as those of `wasi:filesystem`.

use crate::raw::Errno;
use crate::wasi::filesystem::types::ErrorCode;

/// By the numbers of preview 1. What has no counterpart is an error of input or output.
pub fn code(errno: Errno) -> ErrorCode {
    match errno.0 {
        2 => ErrorCode::Access,
        6 => ErrorCode::WouldBlock,
        7 => ErrorCode::Already,
        8 => ErrorCode::BadDescriptor,
        10 => ErrorCode::Busy,
        16 => ErrorCode::Deadlock,
        19 => ErrorCode::Quota,
        20 => ErrorCode::Exist,
        22 => ErrorCode::FileTooLarge,
        25 => ErrorCode::IllegalByteSequence,
        26 => ErrorCode::InProgress,
        27 => ErrorCode::Interrupted,
        28 => ErrorCode::Invalid,
        31 => ErrorCode::IsDirectory,
        32 => ErrorCode::Loop,
        34 => ErrorCode::TooManyLinks,
        35 => ErrorCode::MessageSize,
        37 => ErrorCode::NameTooLong,
        43 => ErrorCode::NoDevice,
        44 => ErrorCode::NoEntry,
        46 => ErrorCode::NoLock,
        48 => ErrorCode::InsufficientMemory,
        51 => ErrorCode::InsufficientSpace,
        // No such function, and not supported.
        52 | 58 => ErrorCode::Unsupported,
        54 => ErrorCode::NotDirectory,
        55 => ErrorCode::NotEmpty,
        56 => ErrorCode::NotRecoverable,
        59 => ErrorCode::NoTty,
        60 => ErrorCode::NoSuchDevice,
        61 => ErrorCode::Overflow,
        // Not permitted, and what a path is not allowed to lead to.
        63 | 76 => ErrorCode::NotPermitted,
        64 => ErrorCode::Pipe,
        69 => ErrorCode::ReadOnly,
        70 => ErrorCode::InvalidSeek,
        74 => ErrorCode::TextFileBusy,
        75 => ErrorCode::CrossDevice,
        _ => ErrorCode::Io,
    }
}
