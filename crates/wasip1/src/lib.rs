//! WASI 0.2 on WASI preview 1.
//!
//! A component that exports the interfaces of WASI 0.2 and imports functions that have exactly the core
//! signatures of `wasi_snapshot_preview1` ([`raw`]). Linked to a component that imports WASI 0.2, and fused
//! with core imports, it makes a core module for engines that know neither components nor WASI 0.2:
//!
//! ```text
//! app.wasm     imports wasi:cli/stdout@0.2.3, ...
//! wasip1.wasm  exports wasi:cli/stdout@0.2.12, ..., imports wasm-fuser:wasip1/raw
//! result       imports wasi_snapshot_preview1
//! ```
//!
//! # What is different there
//!
//! * A stream and a descriptor of 0.2 are resources with children: a stream that is dropped before what
//!   waits for it traps. So children are counted ([`poll::Parent`]).
//! * Streams have positions of their own, and descriptors none: files are read and written at offsets.
//! * A pollable is one condition, and `poll_oneoff` waits for a list: see [`poll`].
//! * Rights are gone: a descriptor has flags, which are checked here, for engines differ in how they do it.
//!
//! # What there is not
//!
//! Preview 1 makes no sockets and knows no names of hosts: creating one is `not-supported`, but for those that the
//! engine listens with ([`tcp`]). It has no HTTP:
//! requests can be made and are refused when they are sent. Whether a descriptor is a terminal is known,
//! but not more of it.
//!
//! # Size
//!
//! All of it is pruned with the program that uses it. The heap and the stack are small, and nothing is
//! kept that has been handed over: the memory is a region of a few pages.

#![no_std]
#![warn(missing_docs)]

extern crate alloc;

#[allow(missing_docs)]
mod bindings {
    wit_bindgen::generate!({
        path: "wit",
        world: "provider",
        generate_all,
        pub_export_macro: true,
    });
}

use bindings::exports::wasi;
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

mod cli;
mod clocks;
mod directory;
mod errors;
mod filesystem;
mod http;
mod poll;
mod random;
mod raw;
mod realloc;
mod sockets;
mod streams;
mod tcp;

/// What exports everything.
struct Provider;

bindings::export!(Provider with_types_in bindings);

#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    // A component has no threads.
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    trap()
}

/// What is done where WASI says that it traps, and where nothing else can be done.
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}
