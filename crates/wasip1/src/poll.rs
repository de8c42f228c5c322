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
    let mut ready = Vec::new();
    loop {
        let mut round = Round::new(conditions);
        round.run(conditions, patience);
        if round.is_over {
            ready.extend(
                (0..).zip(&round.holds).filter(|(_, holds)| **holds).map(|(index, _)| index),
            );
            return ready;
        }
        if patience == Patience::None {
            return ready;
        }
    }
}

/// One time that it is asked what holds.
struct Round {
    /// Of each condition, whether it holds; and whether one does.
    holds: Vec<bool>,
    is_over: bool,
    subscriptions: Vec<Subscription>,
    /// The soonest time, and whose it is.
    soonest: Option<(u64, usize)>,
    now: u64,
}

impl Round {
    fn new(conditions: &[&Condition]) -> Self {
        let mut round = Round {
            holds: vec![false; conditions.len()],
            is_over: false,
            // And a clock.
            subscriptions: Vec::with_capacity(conditions.len() + 1),
            soonest: None,
            now: 0,
        };
        if conditions.iter().any(|it| matches!(it, Condition::Time(_))) {
            round.now = Clock::Monotonic.now();
        }
        for (index, condition) in conditions.iter().enumerate() {
            match condition {
                Condition::Always => round.hold(index),
                Condition::Time(time) => {
                    if *time <= round.now {
                        round.hold(index);
                    } else if round.soonest.is_none_or(|(soonest, _)| *time < soonest) {
                        round.soonest = Some((*time, index));
                    }
                }
                Condition::Readable(source) => round.subscribe(index, source, READ),
                Condition::Writable(source) => round.subscribe(index, source, WRITE),
            }
        }
        round
    }

    fn subscribe(&mut self, index: usize, source: &Source, tag: u8) {
        if source.is_ready.get() {
            return self.hold(index);
        }
        let (userdata, of) = (index as u64, source.fd);
        self.subscriptions.push(Subscription { userdata, tag, of, ..Subscription::default() });
    }

    /// Asks, and waits until one holds, or not.
    fn run(&mut self, conditions: &[&Condition], patience: Patience) {
        let waits = patience == Patience::Endless && !self.is_over;
        let until = self.soonest.map(|(time, _)| time - self.now);
        if waits {
            self.call(conditions, until);
        } else if !self.subscriptions.is_empty() {
            self.call(conditions, Some(0));
            if !self.is_over {
                self.call(conditions, Some(SHORTEST));
            }
        }
        if let Some((time, index)) = self.soonest
            && Clock::Monotonic.now() >= time
        {
            self.hold(index);
        }
    }

    fn hold(&mut self, index: usize) {
        if let Some(holds) = self.holds.get_mut(index) {
            *holds = true;
            self.is_over = true;
        }
    }

    fn call(&mut self, conditions: &[&Condition], timeout: Option<u64>) {
        let asked = self.subscriptions.len();
        if let Some(timeout) = timeout {
            let (userdata, of) = (NOBODY, Clock::Monotonic as u32);
            let clock = Subscription { userdata, tag: CLOCK, of, timeout, ..Default::default() };
            self.subscriptions.push(clock);
        }
        let count = self.subscriptions.len();
        if count == 0 {
            return;
        }
        let mut events = vec![Event::default(); count];
        let from = raw::address(self.subscriptions.as_ptr());
        let to = raw::address(events.as_mut_ptr());
        let happened: Result<u32, _> =
            raw::returned(|happened| raw::poll_oneoff(from, to, count as u32, happened));
        self.subscriptions.truncate(asked);
        if let Ok(happened) = happened {
            for event in events.iter().take(happened as usize) {
                if event.kind != CLOCK {
                    let index = event.userdata as usize;
                    self.hold(index);
                    if let Some(Condition::Readable(source)) = conditions.get(index) {
                        source.is_ready.set(true);
                    }
                }
            }
        } else {
            // The engine cannot wait for these: what is done next does.
            for asked in 0..asked {
                self.hold(self.subscriptions[asked].userdata as usize);
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
