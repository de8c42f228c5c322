//! What the ends of a stream or future are, as far as it decides what can be done with them.

use super::Step;

/// An end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It can be read or written.
    Idle,
    /// It is read or written.
    Copying {
        /// There is an event, which says whether it is done then.
        event: Option<bool>,
    },
    /// It can only be dropped.
    Done,
    /// It is not there any more.
    Dropped,
}

/// One of the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// That which is written.
    Writable = 0,
    /// That which is read.
    Readable = 1,
}

impl Which {
    /// Both.
    pub const BOTH: [Which; 2] = [Which::Writable, Which::Readable];

    fn other(self) -> Self {
        match self {
            Which::Writable => Which::Readable,
            Which::Readable => Which::Writable,
        }
    }
}

/// A stream, or a future.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    is_future: bool,
    ends: [End; 2],
    /// Whose buffer is there, how much of it is left, and whether it had any length.
    pending: Option<(Which, u32, bool)>,
}

impl Slot {
    /// A new one.
    pub fn new(is_future: bool) -> Self {
        Slot { is_future, ends: [End::Idle; 2], pending: None }
    }

    /// What an end is.
    pub fn end(&self, which: Which) -> End {
        self.ends[which as usize]
    }

    fn set(&mut self, which: Which, end: End) {
        self.ends[which as usize] = end;
    }

    /// Whether a step does not trap.
    pub fn is_good(&self, step: Step) -> bool {
        let is_copying = |which| matches!(self.end(which), End::Copying { .. });
        let is_over = |which| matches!(self.end(which), End::Idle | End::Done);
        let is_there = |which| self.end(which) != End::Dropped;
        match step {
            Step::Write { .. } => self.end(Which::Writable) == End::Idle,
            Step::Read { .. } => self.end(Which::Readable) == End::Idle,
            Step::CancelWrite { .. } => is_copying(Which::Writable),
            Step::CancelRead { .. } => is_copying(Which::Readable),
            // A future has to be written, unless nobody reads it.
            Step::DropWritable { .. } if self.is_future => self.end(Which::Writable) == End::Done,
            Step::DropWritable { .. } => is_over(Which::Writable),
            Step::DropReadable { .. } => is_over(Which::Readable),
            Step::PollWritable { .. } => is_there(Which::Writable),
            Step::PollReadable { .. } => is_there(Which::Readable),
            Step::New { .. } | Step::Sum { .. } => true,
        }
    }

    /// Whether it is certain what a step does. The handle of an end that is gone may be that of another one by now.
    /// And the engine does otherwise than specified: it may tell an end that is idle, or done, that the other has
    /// been dropped; one that is about to be told that it has completed, it tells of the drop instead; and to it, a
    /// reader of nothing who is about to be told so reads still: a writer of nothing would go on.
    pub fn is_certain(&self, step: Step) -> bool {
        let is_there = |which| self.end(which) != End::Dropped;
        let knows = |which: Which| {
            let is_copying = matches!(self.end(which), End::Copying { .. });
            is_copying || is_there(which) && is_there(which.other())
        };
        let is_told = |which| {
            matches!(self.end(which), End::Copying { event: Some(_) })
                && self.pending.is_none_or(|(whose, ..)| whose != which)
        };
        match step {
            Step::PollWritable { .. } => knows(Which::Writable),
            Step::PollReadable { .. } => knows(Which::Readable),
            Step::Write { length: 0, .. } | Step::DropWritable { .. } => {
                is_there(Which::Writable) && !is_told(Which::Readable)
            }
            Step::DropReadable { .. } => is_there(Which::Readable) && !is_told(Which::Writable),
            Step::Write { .. } | Step::CancelWrite { .. } => is_there(Which::Writable),
            Step::Read { .. } | Step::CancelRead { .. } => is_there(Which::Readable),
            Step::New { .. } | Step::Sum { .. } => true,
        }
    }

    /// What is after a step. One that traps is the last, whatever is after it.
    pub fn take(&mut self, step: Step) {
        match step {
            Step::Write { length, .. } => self.copy(Which::Writable, length),
            Step::Read { length, .. } => self.copy(Which::Readable, length),
            Step::CancelWrite { .. } => self.over(Which::Writable, true),
            Step::CancelRead { .. } => self.over(Which::Readable, true),
            Step::PollWritable { .. } => self.over(Which::Writable, false),
            Step::PollReadable { .. } => self.over(Which::Readable, false),
            Step::DropWritable { .. } => self.drop(Which::Writable),
            Step::DropReadable { .. } => self.drop(Which::Readable),
            Step::New { .. } | Step::Sum { .. } => {}
        }
    }

    fn copy(&mut self, which: Which, length: u32) {
        let other = which.other();
        if self.end(other) == End::Dropped {
            return self.set(which, End::Done);
        }
        match self.pending.filter(|(whose, ..)| *whose == other) {
            Some((_, left, had_any)) if left > 0 => {
                self.pending = Some((other, left - left.min(length), had_any));
                if length > 0 {
                    self.set(other, End::Copying { event: Some(self.is_future) });
                }
                self.set(which, if self.is_future { End::Done } else { End::Idle });
            }
            // Nothing is written, and nothing is read: the writer is told, and the reader is not.
            Some((_, _, false)) if which == Which::Writable && length == 0 => {}
            before => {
                if before.is_some() {
                    self.set(other, End::Copying { event: Some(false) });
                }
                self.pending = Some((which, length, length > 0));
                self.set(which, End::Copying { event: None });
            }
        }
    }

    /// It is over if there is an event, or if it is cancelled.
    fn over(&mut self, which: Which, is_cancelled: bool) {
        let End::Copying { event } = self.end(which) else { return };
        if event.is_none() && !is_cancelled {
            return;
        }
        self.set(which, if event == Some(true) { End::Done } else { End::Idle });
        self.pending = self.pending.filter(|(whose, ..)| *whose != which);
    }

    fn drop(&mut self, which: Which) {
        self.set(which, End::Dropped);
        if self.pending.take().is_some() {
            self.set(which.other(), End::Copying { event: Some(true) });
        }
    }
}
