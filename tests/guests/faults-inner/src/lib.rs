//! Traps and panics, some of them in functions that are inlined.

use exports::faults::parts::inner::Guest;

wit_bindgen::generate!({ path: "../wit/faults", world: "inner-component" });

static DIVES: [u32; 4] = [3, 1, 4, 1];

struct Inner;

impl Guest for Inner {
    fn divide(dividend: i32, divisor: i32) -> i32 {
        let mut total = 0;
        for step in 0..3 {
            total += quotient(dividend + step, divisor);
        }
        total
    }

    fn pick(values: Vec<i32>, position: u32) -> i32 {
        chosen(&values, position as usize)
    }

    fn peek(address: u32) -> u8 {
        peeked(address)
    }

    fn dive(depth: u32) -> u32 {
        dive(depth, DIVES[depth as usize % DIVES.len()])
    }
}

#[inline(always)]
fn quotient(dividend: i32, divisor: i32) -> i32 {
    dividend / divisor
}

#[inline(always)]
fn chosen(values: &[i32], position: usize) -> i32 {
    let doubled: Vec<i32> = values.iter().map(|value| value * 2).collect();
    doubled[position]
}

#[inline(always)]
fn peeked(address: u32) -> u8 {
    // SAFETY: it is not safe, and traps.
    unsafe { std::ptr::read_volatile(address as *const u8) }
}

#[inline(never)]
fn dive(depth: u32, stride: u32) -> u32 {
    match depth {
        0 => ground(),
        _ => dive(depth - 1, stride) + stride,
    }
}

#[inline(always)]
fn ground() -> u32 {
    std::arch::wasm32::unreachable()
}

export!(Inner);
