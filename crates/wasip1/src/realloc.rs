//! What the canonical ABI allocates with. That of `wit-bindgen` needs the standard library.

use alloc::alloc::{alloc, realloc};
use core::alloc::Layout;

use crate::trap;

/// # Safety
///
/// The canonical ABI has what it passes from here, and layouts that are valid.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(
    old: *mut u8,
    old_size: usize,
    align: usize,
    new_size: usize,
) -> *mut u8 {
    if new_size == 0 {
        return align as *mut u8;
    }
    let Ok(layout) = Layout::from_size_align(new_size, align) else { trap() };
    let pointer = match old_size {
        0 => unsafe { alloc(layout) },
        _ => unsafe { realloc(old, Layout::from_size_align_unchecked(old_size, align), new_size) },
    };
    if pointer.is_null() {
        trap()
    }
    pointer
}
