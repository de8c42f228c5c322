//! A line on the terminal for calls that take longer than half a second: what is being done, and
//! for how long. It is gone when the call is over, so that it never mixes with other output, and it
//! is not there at all where standard error is no terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(100);
const WHEEL: [char; 4] = ['|', '/', '-', '\\'];
const CLEAR: &str = "\r\x1b[K";

/// Shows progress until it is dropped.
pub struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to show what is being done.
    pub fn start(doing: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Progress { running: None };
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let started = Instant::now();
        let thread = thread::spawn(move || {
            let mut wait = PATIENCE;
            let mut shown = 0;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = STEP;
                let wheel = WHEEL[shown % WHEEL.len()];
                shown += 1;
                print(&format!("{CLEAR}{wheel} {doing}: {:.1} s", started.elapsed().as_secs_f64()));
            }
            if shown > 0 {
                print(CLEAR);
            }
        });
        Progress { running: Some((stop, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // The thread does nothing that panics; were it to, there is no line to clear.
            let _ = thread.join();
        }
    }
}

/// Progress that cannot be shown is not worth an error.
fn print(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
