//! Calls `inner`, and traps and panics itself.

use exports::faults::parts::outer::Guest;
use faults::parts::inner;

wit_bindgen::generate!({ path: "../wit/faults", world: "outer-component" });

struct Outer;

impl Guest for Outer {
    fn divide(dividend: i32, divisor: i32) -> i32 {
        divided(dividend, divisor)
    }

    fn pick(values: Vec<i32>, position: u32) -> i32 {
        let reversed: Vec<i32> = values.into_iter().rev().collect();
        inner::pick(&reversed, position)
    }

    fn peek(address: u32) -> u8 {
        inner::peek(address)
    }

    fn dive(depth: u32) -> u32 {
        inner::dive(depth)
    }

    fn pick_here(values: Vec<i32>, position: u32) -> i32 {
        let names: Vec<String> = values.iter().map(|value| format!("{value}")).collect();
        named(&names, position as usize)
    }

    fn peek_here(address: u32) -> u8 {
        // SAFETY: it is not safe, and traps.
        unsafe { std::ptr::read_volatile(address as *const u8) }
    }
}

#[inline(always)]
fn divided(dividend: i32, divisor: i32) -> i32 {
    inner::divide(dividend, divisor) + 1
}

#[inline(always)]
fn named(names: &[String], position: usize) -> i32 {
    names[position].len() as i32
}

export!(Outer);
