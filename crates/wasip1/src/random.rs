//! `wasi:random`: what is called insecure is as secure as the rest.

use alloc::vec::Vec;

use crate::raw::{self, done};
use crate::wasi::random::{insecure, insecure_seed, random};
use crate::{Provider, trap};

fn bytes(length: u64) -> Vec<u8> {
    let Ok(length) = u32::try_from(length) else { trap() };
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(length as usize).is_err() {
        trap()
    }
    bytes.resize(length as usize, 0);
    if done(raw::random_get(raw::address(bytes.as_mut_ptr()), length)).is_err() {
        trap()
    }
    bytes
}

fn number() -> u64 {
    match raw::returned(|number| raw::random_get(number, 8)) {
        Ok(number) => number,
        Err(_) => trap(),
    }
}

impl random::Guest for Provider {
    fn get_random_bytes(length: u64) -> Vec<u8> {
        bytes(length)
    }

    fn get_random_u64() -> u64 {
        number()
    }
}

impl insecure::Guest for Provider {
    fn get_insecure_random_bytes(length: u64) -> Vec<u8> {
        bytes(length)
    }

    fn get_insecure_random_u64() -> u64 {
        number()
    }
}

impl insecure_seed::Guest for Provider {
    fn insecure_seed() -> (u64, u64) {
        (number(), number())
    }
}
