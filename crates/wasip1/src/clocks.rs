//! `wasi:clocks`.

use crate::Provider;
use crate::poll::{Condition, Pollable};
use crate::raw::Clock;
use crate::wasi::clocks::{monotonic_clock, wall_clock};
use crate::wasi::io::poll::Pollable as Handle;
use wall_clock::Datetime;

const SECOND: u64 = 1_000_000_000;

impl monotonic_clock::Guest for Provider {
    fn now() -> u64 {
        Clock::Monotonic.now()
    }

    fn resolution() -> u64 {
        Clock::Monotonic.resolution()
    }

    fn subscribe_instant(when: u64) -> Handle {
        Pollable::handle(Condition::Time(when), None)
    }

    fn subscribe_duration(length: u64) -> Handle {
        let when = Clock::Monotonic.now().saturating_add(length);
        Pollable::handle(Condition::Time(when), None)
    }
}

impl wall_clock::Guest for Provider {
    fn now() -> Datetime {
        datetime(Clock::Wall.now())
    }

    fn resolution() -> Datetime {
        datetime(Clock::Wall.resolution())
    }
}

/// A time of preview 1.
pub fn datetime(nanoseconds: u64) -> Datetime {
    Datetime { seconds: nanoseconds / SECOND, nanoseconds: (nanoseconds % SECOND) as u32 }
}

/// The same in preview 1, which has 64 bits for it.
pub fn nanoseconds(time: Datetime) -> Option<u64> {
    time.seconds.checked_mul(SECOND)?.checked_add(time.nanoseconds.into())
}
