//! Streams and futures one end of which is the host's, where the module keeps tasks: what a guest writes the
//! host reads, and the other way round, as much at a time and until the same end.
//!
//! Everything is done with the composition as it is, too.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use anyhow::{Context as _, Result, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::component::{
    Destination, FutureReader, Instance, Lift, Source, StreamAny, StreamConsumer, StreamProducer,
    StreamReader, StreamResult, Val,
};
use wasmtime::{Store, StoreContextMut};

use wasm_fuser_testing::host::{Transcript, block_on, start};

const ENDS: &str = include_str!("tasks/ends.wat");

/// What the host has read, and whether it will read no more.
struct Read<T> {
    values: Vec<T>,
    is_over: bool,
}

/// A host that reads so many values at a time, until it has so many.
struct Reader<T> {
    read: Arc<Mutex<Read<T>>>,
    step: usize,
    most: usize,
}

impl<T: Lift + Send + Sync + 'static> StreamConsumer<Transcript> for Reader<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut store: StoreContextMut<'_, Transcript>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut values = Vec::with_capacity(self.step);
        source.read(&mut store, &mut values)?;
        let mut read = self.read.lock().expect("nobody panics");
        read.values.extend(values);
        Poll::Ready(Ok(match read.values.len() >= self.most {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        if let Ok(mut read) = self.read.lock() {
            read.is_over = true;
        }
    }
}

/// An instance, and calls of it.
struct Running {
    store: Store<Transcript>,
    instance: Instance,
}

impl Running {
    fn new(bytes: &[u8]) -> Result<Self> {
        let (store, instance) = start(bytes)?;
        Ok(Running { store, instance })
    }

    fn call(&mut self, name: &str, args: &[Val]) -> Result<Val> {
        let mut results = [Val::Bool(false)];
        self.call_for(name, args, &mut results)?;
        let [result] = results;
        Ok(result)
    }

    fn call_for(&mut self, name: &str, args: &[Val], results: &mut [Val]) -> Result<()> {
        let func = self.instance.get_func(&mut self.store, name);
        let func = func.with_context(|| format!("no function `{name}`"))?;
        block_on(func.call_async(&mut self.store, args, results))??;
        Ok(())
    }

    /// Begins to read.
    fn read<T>(&mut self, stream: Val, step: usize, most: usize) -> Result<Arc<Mutex<Read<T>>>>
    where
        T: Lift + Send + Sync + 'static,
    {
        let Val::Stream(stream) = stream else { anyhow::bail!("{stream:?} is no stream") };
        let read = Arc::new(Mutex::new(Read { values: Vec::new(), is_over: false }));
        let reader = Reader { read: Arc::clone(&read), step, most };
        StreamReader::<T>::try_from_stream_any(stream)?.pipe(&mut self.store, reader)?;
        Ok(read)
    }

    /// Runs until all is read that is to be.
    fn finish<T: Clone>(&mut self, reads: &[Arc<Mutex<Read<T>>>]) -> Result<Vec<Vec<T>>> {
        let is_over = |read: &Arc<Mutex<Read<T>>>| read.lock().expect("nobody panics").is_over;
        let mut left = 10_000;
        block_on(self.store.run_concurrent(async |_| {
            std::future::poll_fn(|context| {
                left -= 1;
                context.waker().wake_by_ref();
                match reads.iter().all(is_over) || left == 0 {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
        }))??;
        ensure!(left > 0, "it is not over");
        let values =
            |read: &Arc<Mutex<Read<T>>>| read.lock().expect("nobody panics").values.clone();
        Ok(reads.iter().map(values).collect())
    }

    fn read_all<T>(&mut self, stream: Val, step: usize, most: usize) -> Result<Vec<T>>
    where
        T: Lift + Clone + Send + Sync + 'static,
    {
        let read = self.read(stream, step, most)?;
        Ok(self.finish(&[read])?.remove(0))
    }

    /// A stream of the host's.
    fn written(&mut self, bytes: Vec<u8>) -> Result<Val> {
        let reader = StreamReader::new(&mut self.store, bytes)?;
        Ok(Val::Stream(StreamAny::try_from_stream_reader(&mut self.store, reader)?))
    }
}

/// The composition as it is, and in all forms.
fn in_all_forms(test: impl Fn(&mut Running) -> Result<()>) {
    let as_it_is = wat::parse_str(ENDS).expect("it is text");
    let mut forms = vec![("as it is".to_string(), as_it_is)];
    for (emit, memory) in [
        (Emit::Component, MemoryPlan::Multi),
        (Emit::Component, MemoryPlan::Split),
        (Emit::Flat, MemoryPlan::Multi),
    ] {
        let input = Input { name: "input".into(), bytes: ENDS.into() };
        let options = Options { emit, memory, ..Options::default() };
        let fused = fuse(&[input], &options).expect("it is fused");
        forms.push((format!("{emit:?}, {memory:?}"), fused.bytes));
    }
    // What has been fused can be fused again.
    let once = Input { name: "once".into(), bytes: forms[1].1.clone() };
    let twice = fuse(&[once], &Options::default()).expect("it is fused again");
    forms.push(("fused twice".into(), twice.bytes));
    for (form, bytes) in forms {
        let result = Running::new(&bytes).and_then(|mut running| test(&mut running));
        result.unwrap_or_else(|error| panic!("{form}: {error:?}"));
    }
}

fn bytes(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 3) as u8).collect()
}

fn same<T: PartialEq + Debug>(one: T, other: T) -> Result<()> {
    ensure!(one == other, "{one:?} is not {other:?}");
    Ok(())
}

#[test]
fn the_host_reads_what_a_guest_writes() {
    in_all_forms(|it| {
        for n in [0, 1, 10, 30_000] {
            for step in [1, 7, 100_000] {
                if n / step > 3_000 {
                    continue;
                }
                let stream = it.call("bytes", &[Val::U32(n as u32)])?;
                same(it.read_all(stream, step, usize::MAX)?, bytes(n))?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_guest_is_told_that_the_host_reads_no_more() {
    in_all_forms(|it| {
        for most in [5, 6, 200] {
            let stream = it.call("bytes", &[Val::U32(200)])?;
            let read = it.read_all(stream, 5, most)?;
            same(read.clone(), bytes(read.len()))?;
            // It goes on for the next.
            let stream = it.call("bytes", &[Val::U32(3)])?;
            same(it.read_all(stream, 5, usize::MAX)?, bytes(3))?;
        }
        Ok(())
    });
}

#[test]
fn the_host_reads_strings() {
    in_all_forms(|it| {
        let stream = it.call("texts", &[Val::U32(9)])?;
        let texts = ["", "a", "aé", "aé€"].map(String::from);
        let expected = texts.iter().cycle().take(9).cloned().collect();
        same(it.read_all::<String>(stream, 4, usize::MAX)?, expected)
    });
}

#[test]
fn the_host_reads_what_was_written_before_the_end_left() {
    in_all_forms(|it| {
        let Val::Future(future) = it.call("number", &[Val::U32(42)])? else {
            anyhow::bail!("it is no future");
        };
        // The same end goes back to a guest.
        same(it.call("answer", &[Val::Future(future)])?, Val::U32(42))
    });
}

#[test]
fn two_guests_write_to_the_host() {
    in_all_forms(|it| {
        let Val::Tuple(both) = it.call("both", &[Val::U32(1000)])? else {
            anyhow::bail!("it is no tuple");
        };
        let mut reads = Vec::new();
        for (stream, step) in both.into_iter().zip([3, 50]) {
            reads.push(it.read::<u8>(stream, step, usize::MAX)?);
        }
        same(it.finish(&reads)?, vec![bytes(1000), bytes(1000)])
    });
}

#[test]
fn a_guest_reads_what_the_host_writes() {
    in_all_forms(|it| {
        for n in [0, 1, 99, 100, 101, 1000] {
            let stream = it.written(bytes(n))?;
            let sum = bytes(n).into_iter().map(u32::from).sum();
            same(it.call("sum", &[stream])?, Val::U32(sum))?;
        }
        let future = FutureReader::new(&mut it.store, async { Ok::<u32, wasmtime::Error>(7) })?;
        let future = Val::Future(future.try_into_future_any(&mut it.store)?);
        same(it.call("answer", &[future])?, Val::U32(7))
    });
}

#[test]
fn an_end_comes_back_to_the_host() {
    in_all_forms(|it| {
        let stream = it.written(bytes(50))?;
        let stream = it.call("echo", &[stream])?;
        same(it.read_all(stream, 8, usize::MAX)?, bytes(50))?;
        // A guest's own goes through the host, and through a guest again.
        let stream = it.call("bytes", &[Val::U32(60)])?;
        let stream = it.call("echo", &[stream])?;
        same(it.read_all(stream, 8, usize::MAX)?, bytes(60))
    });
}

#[test]
fn what_the_host_does_not_read_is_cancelled() {
    in_all_forms(|it| {
        let stream = it.call("cancelled", &[])?;
        same(it.call("told", &[])?, Val::U32(2))?;
        same(it.read_all::<u8>(stream, 8, usize::MAX)?, Vec::new())
    });
}

/// A host that has one byte at a time, and each only when it is asked twice.
struct Slow {
    left: VecDeque<u8>,
    is_asked: bool,
}

impl StreamProducer<Transcript> for Slow {
    type Item = u8;
    type Buffer = Option<u8>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _: StoreContextMut<'a, Transcript>,
        mut destination: Destination<'a, u8, Option<u8>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        self.is_asked = !self.is_asked;
        if self.is_asked && finish {
            return Poll::Ready(Ok(StreamResult::Cancelled));
        }
        if self.is_asked {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(byte) = self.left.pop_front() else {
            return Poll::Ready(Ok(StreamResult::Dropped));
        };
        destination.set_buffer(Some(byte));
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

#[test]
fn a_guest_waits_on_its_stack_for_what_the_host_writes() {
    in_all_forms(|it| {
        for n in [0, 1, 20] {
            let slow = Slow { left: bytes(n).into(), is_asked: false };
            let reader = StreamReader::new(&mut it.store, slow)?;
            let stream = Val::Stream(StreamAny::try_from_stream_reader(&mut it.store, reader)?);
            let sum = bytes(n).into_iter().map(u32::from).sum();
            same(it.call("sum", &[stream])?, Val::U32(sum))?;
        }
        let mut is_asked = false;
        let later = std::future::poll_fn(move |context| {
            context.waker().wake_by_ref();
            is_asked = !is_asked;
            if is_asked { Poll::Pending } else { Poll::Ready(Ok::<u32, wasmtime::Error>(9)) }
        });
        let future = FutureReader::new(&mut it.store, later)?;
        let future = Val::Future(future.try_into_future_any(&mut it.store)?);
        same(it.call("answer", &[future])?, Val::U32(9))
    });
}

#[test]
fn a_call_waits_on_its_stack_for_what_another_writes_to_the_host() {
    in_all_forms(|it| {
        for name in ["all", "end"] {
            let stream = it.call("bytes", &[Val::U32(500)])?;
            let read = it.read::<u8>(stream, 7, usize::MAX)?;
            same(it.call(name, &[])?, Val::U32(500))?;
            same(it.finish(&[read])?, vec![bytes(500)])?;
        }
        Ok(())
    });
}

#[test]
fn one_call_cancels_what_another_has_begun() {
    in_all_forms(|it| {
        let stream = it.call("open", &[Val::U32(8)])?;
        same(it.call("stop", &[])?, Val::U32(2))?;
        same(it.read_all::<u8>(stream, 8, usize::MAX)?, Vec::new())?;
        // Or is late: the host has read some, and what has been read is told.
        let stream = it.call("open", &[Val::U32(8)])?;
        let read = it.read::<u8>(stream, 3, usize::MAX)?;
        it.call("told", &[])?;
        let stopped = it.call("stop", &[])?;
        let values = it.finish(&[read])?;
        same(stopped, Val::U32(3 << 4 | 2))?;
        same(values, vec![bytes(3)])
    });
}

#[test]
fn a_synchronous_function_writes_to_the_host() {
    in_all_forms(|it| {
        let stream = it.call("open", &[Val::U32(0)])?;
        it.call_for("poke", &[Val::U32(5)], &mut [])?;
        let read = it.read::<u8>(stream, 2, usize::MAX)?;
        it.call("told", &[])?;
        same(read.lock().expect("nobody panics").values.clone(), bytes(2))?;
        same(it.call("stop", &[])?, Val::U32(2 << 4 | 2))?;
        same(it.finish(&[read])?, vec![bytes(2)])?;
        // Or drops its end.
        let stream = it.call("open", &[Val::U32(0)])?;
        let read = it.read::<u8>(stream, 2, usize::MAX)?;
        it.call_for("close", &[], &mut [])?;
        same(it.finish(&[read])?, vec![Vec::new()])
    });
}

#[test]
fn nothing_is_left_of_what_is_over() {
    in_all_forms(|it| {
        let mut known = VecDeque::new();
        for _ in 0..600 {
            let stream = it.call("bytes", &[Val::U32(3)])?;
            known.push_back(it.read::<u8>(stream, 2, usize::MAX)?);
            let read = it.finish(&[known.pop_front().expect("it is there")])?;
            same(read, vec![bytes(3)])?;
        }
        Ok(())
    });
}
