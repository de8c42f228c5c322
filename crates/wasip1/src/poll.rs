//! `wasi:io/poll`: waiting for one of several conditions.
//!
//! What is waited for is a time, or a descriptor: the soonest time and all descriptors are subscriptions
//! of one call of `poll_oneoff`. Engines differ in what that does, and each of these was met:
//!
//! * With a timeout of 0, some never say that a descriptor is ready. So where nothing was, and it is asked
//!   whether something is, it is asked again with a timeout of the shortest that they know.
//! * Some wake before the time. So the clock is read again, and they are put to sleep again.
//! * Some cannot wait for descriptors at all, or not for those of files: then those are taken for ready,
//!   and what is done next blocks.
//!
//! What has once been said to be ready is remembered until it has been read ([`Source::is_ready`]).

use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::raw::{self, Clock};
use crate::wasi::io::poll::{Guest, GuestPollable, Pollable as Handle, PollableBorrow};
use crate::{Provider, trap};

/// Counts the children of a resource: it may not be dropped before they are.
#[derive(Default)]
pub struct Parent(Rc<Cell<u32>>);

/// A child.
pub struct Child(Rc<Cell<u32>>);

impl Parent {
    pub fn child(&self) -> Child {
        self.0.set(self.0.get() + 1);
        Child(self.0.clone())
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        if self.0.get() > 0 {
            trap()
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A descriptor that can be waited for.
#[derive(Clone)]
pub struct Source {
    pub fd: u32,
    /// Whether it has been said to be ready, and nothing was done with it since.
    is_ready: Rc<Cell<bool>>,
}

impl Source {
    pub fn new(fd: u32) -> Self {
        Source { fd, is_ready: Rc::default() }
    }

    /// Whether it is ready, which counts once.
    pub fn take_ready(&self) -> bool {
        self.is_ready.replace(false) || {
            let ready = !poll(&[&Condition::Readable(self.clone())], Patience::None).is_empty();
            self.is_ready.set(false);
            ready
        }
    }
}

/// What is waited for.
pub enum Condition {
    /// Nothing: it is there.
    Always,
    /// A time of the monotonic clock.
    Time(u64),
    Readable(Source),
    Writable(Source),
}

/// Something to wait for, of a resource.
pub struct Pollable {
    condition: Condition,
    _of: Option<Child>,
}

impl Pollable {
    pub fn handle(condition: Condition, of: Option<Child>) -> Handle {
        Handle::new(Pollable { condition, _of: of })
    }
}

/// How long to wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    None,
    Endless,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Subscription {
    userdata: u64,
    tag: u8,
    /// A clock or a descriptor.
    of: u32,
    timeout: u64,
    precision: u64,
    flags: u16,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Event {
    userdata: u64,
    errno: u16,
    kind: u8,
    bytes: u64,
    flags: u16,
}

/// The tags of subscriptions and the kinds of events.
const CLOCK: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;

/// What a clock's subscription that no condition asked for is known by.
const NOBODY: u64 = u64::MAX;

/// The shortest timeout that engines know: some count in milliseconds.
const SHORTEST: u64 = 1_000_000;

/// Which conditions hold, in order. Waits until one does, or not.
pub fn poll(conditions: &[&Condition], patience: Patience) -> Vec<u32> {
    loop {
        let round = Round::new(conditions);
        let ready = round.run(conditions, patience);
        if !ready.is_empty() || patience == Patience::None {
            return ready;
        }
    }
}

/// One call.
struct Round {
    /// Of each condition, whether it holds.
    ready: Vec<bool>,
    subscriptions: Vec<Subscription>,
    /// The soonest time, and whose it is.
    soonest: Option<(u64, u64)>,
    now: u64,
}

impl Round {
    fn new(conditions: &[&Condition]) -> Self {
        let has_time = conditions.iter().any(|it| matches!(it, Condition::Time(_)));
        let now = if has_time { Clock::Monotonic.now() } else { 0 };
        let ready = vec![false; conditions.len()];
        let mut round = Round { ready, subscriptions: Vec::new(), soonest: None, now };
        for (index, condition) in (0u64..).zip(conditions) {
            let subscribed =
                |tag, of| Subscription { userdata: index, tag, of, ..Default::default() };
            match condition {
                Condition::Always => round.hold(index),
                Condition::Time(time) if *time <= now => round.hold(index),
                Condition::Time(time) => {
                    if round.soonest.is_none_or(|(soonest, _)| *time < soonest) {
                        round.soonest = Some((*time, index));
                    }
                }
                Condition::Readable(source) | Condition::Writable(source)
                    if source.is_ready.get() =>
                {
                    round.hold(index);
                }
                Condition::Readable(source) => {
                    round.subscriptions.push(subscribed(READ, source.fd));
                }
                Condition::Writable(source) => {
                    round.subscriptions.push(subscribed(WRITE, source.fd));
                }
            }
        }
        round
    }

    fn run(mut self, conditions: &[&Condition], patience: Patience) -> Vec<u32> {
        let waits = patience == Patience::Endless && !self.is_over();
        if self.subscriptions.is_empty() {
            if waits && let Some((time, _)) = self.soonest {
                self.call(conditions, Some(time - self.now));
            }
        } else if !waits {
            self.call(conditions, Some(0));
            if !self.is_over() {
                self.call(conditions, Some(SHORTEST));
            }
        } else {
            let timeout = self.soonest.map(|(time, _)| time - self.now);
            self.call(conditions, timeout);
        }
        if let Some((time, index)) = self.soonest
            && Clock::Monotonic.now() >= time
        {
            self.hold(index);
        }
        let ready = (0..).zip(self.ready).filter(|(_, ready)| *ready);
        ready.map(|(index, _)| index).collect()
    }

    fn is_over(&self) -> bool {
        self.ready.contains(&true)
    }

    fn hold(&mut self, index: u64) {
        if let Some(ready) = self.ready.get_mut(index as usize) {
            *ready = true;
        }
    }

    fn call(&mut self, conditions: &[&Condition], timeout: Option<u64>) {
        let mut subscriptions = self.subscriptions.clone();
        if let Some(timeout) = timeout {
            let of = Clock::Monotonic as u32;
            let clock =
                Subscription { userdata: NOBODY, tag: CLOCK, of, timeout, ..Default::default() };
            subscriptions.push(clock);
        }
        let mut events = vec![Event::default(); subscriptions.len()];
        let (from, to) = (raw::address(subscriptions.as_ptr()), raw::address(events.as_mut_ptr()));
        let count = subscriptions.len() as u32;
        match raw::returned::<u32>(|happened| raw::poll_oneoff(from, to, count, happened)) {
            Ok(happened) => {
                for event in events.iter().take(happened as usize) {
                    if event.kind != CLOCK && event.userdata != NOBODY {
                        self.hold(event.userdata);
                        let condition = conditions.get(event.userdata as usize);
                        if let Some(Condition::Readable(source)) = condition {
                            source.is_ready.set(true);
                        }
                    }
                }
            }
            // The engine cannot wait for these: what is done next does.
            Err(_) => {
                for index in 0..self.subscriptions.len() {
                    self.hold(self.subscriptions[index].userdata);
                }
            }
        }
    }
}

impl GuestPollable for Pollable {
    fn ready(&self) -> bool {
        !poll(&[&self.condition], Patience::None).is_empty()
    }

    fn block(&self) {
        poll(&[&self.condition], Patience::Endless);
    }
}

impl Guest for Provider {
    type Pollable = Pollable;

    fn poll(pollables: Vec<PollableBorrow<'_>>) -> Vec<u32> {
        if pollables.is_empty() {
            trap()
        }
        let conditions: Vec<&Condition> =
            pollables.iter().map(|it| &it.get::<Pollable>().condition).collect();
        poll(&conditions, Patience::Endless)
    }
}
