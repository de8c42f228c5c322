#!/usr/bin/env python3
"""Says whether what fused programs of tasks have logged is allowed by the specification's own code.

    cargo run --release --example tasks -- SEED CASES [free] | \\
        scripts/allowed-tasks.py path/to/component-model/design/mvp/canonical-abi/definitions.py

It needs `greenlet` (`pip install greenlet`): what definitions.py does with threads, a thousand times for each
program, is done with stacks that are switched. Nothing else of it is replaced but its random numbers.

Each line that comes in is a shape, a program, and what came of it when it was fused
(`crates/testing/src/tasks`). The same interpreter, written again below, runs the same program on definitions.py.
Where programs are *free*, all that is seen is logged, in one order; the schedules that the specification allows are
searched, depth first, for one that logs exactly this. A schedule is given up as soon as its log is another. Where
programs are not free, each task by itself must have seen the same under every schedule: some are tried.

A schedule is: which thread goes on; whether one that need not wait lets others go on; which event of a set comes
first; and when the host makes its next call.
"""

import importlib.util
import json
import random
import sys
from types import SimpleNamespace

from greenlet import GreenletExit, getcurrent, greenlet

# Schedules that are tried of a program: until one logs the same, or of one that is not free.
MOST = 3000
SOME = 3

spec = None
# The stacks of a schedule. One that waits keeps all that it refers to, until it is ended.
stacks = []


def load(path):
    global spec
    description = importlib.util.spec_from_file_location('definitions', path)
    spec = importlib.util.module_from_spec(description)
    sys.modules['definitions'] = spec
    description.loader.exec_module(spec)
    spec.thread_local_handler = SimpleNamespace(value=None)
    spec.cont_new, spec.resume, spec.block = cont_new, resume, block
    spec.random = Schedule(random.Random(1))


def cont_new(f):
    cont = spec.Continuation()

    def base():
        spec.thread_local_handler.value = cont.handler
        block_arg = f(cont.block_result)
        handler = spec.thread_local_handler.value
        handler.cont, handler.block_arg = None, block_arg

    cont.stack = greenlet(base)
    stacks.append(cont.stack)
    return cont


def end_stacks():
    while stacks:
        stack = stacks.pop()
        if stack:
            stack.parent = getcurrent()
            stack.throw(GreenletExit)


def resume(cont, block_result, current_thread):
    handler = spec.Handler()
    handler.current_thread = current_thread
    cont.handler, cont.block_result = handler, block_result
    before = spec.thread_local_handler.value
    cont.stack.parent = getcurrent()
    try:
        cont.stack.switch()
    finally:
        spec.thread_local_handler.value = before
    return (handler.cont, handler.block_arg)


def block(switch_to):
    cont = spec.Continuation()
    cont.stack = getcurrent()
    handler = spec.thread_local_handler.value
    handler.cont, handler.block_arg = cont, switch_to
    cont.stack.parent.switch()
    spec.thread_local_handler.value = cont.handler
    return cont.block_result


class Deviates(BaseException):
    """The log is another."""


class Schedule:
    """What definitions.py takes for `random`: some choices are given, and then random or the first."""

    def __init__(self, draw=None, given=()):
        self.draw, self.given, self.made = draw, list(given), []
        self.store = None

    def one_of(self, count):
        if count == 1:
            return 0
        if len(self.made) < len(self.given):
            chosen = self.given[len(self.made)]
        else:
            chosen = self.draw.randrange(count) if self.draw else 0
        self.made.append((chosen, count))
        return chosen

    def choice(self, threads):
        # Who has waited longest comes first: sets have no order.
        threads = sorted(threads, key=self.store.waiting.index)
        return threads[self.one_of(len(threads))]

    def randint(self, low, high):
        assert (low, high) == (0, 1)
        return self.one_of(2)

    def shuffle(self, waitables):
        pending = [at for at, it in enumerate(waitables) if it.has_pending_event()]
        first = pending[self.one_of(len(pending))]
        waitables.insert(0, waitables.pop(first))

    def next(self):
        """The choices of the next schedule, in depth-first order; nothing, if this was the last."""
        made = list(self.made)
        while made:
            chosen, count = made.pop()
            if chosen + 1 < count:
                return [it for it, _ in made] + [chosen + 1]
        return None


# Tags of the log.
(SUM, ENDED, WROTE, READ, CANCELLED, DROPPED, GATED, OBEYED, REFUSED, WITHDRAWN, STARTED, EVENT,
 COPIED) = range(1, 14)
IDLE, READY, BLOCKED, DONE = range(4)
CALLBACKS = ('Callback', 'Reader', 'Both')
FRAME, FRAMES, ROOM = 512, 0x20000, (0x10000, 0x1ffff)
UTF8 = 'aé€zbcüß'.encode() + bytes(12) + bytes([1, 3, 6, 7, 8, 9, 11])
UTF16 = 'aé€zbcüß'.encode('utf-16-le')
SIZES = {'Nothing': 0, 'U8': 1, 'Bool': 1, 'U32': 4, 'F64': 8, 'Pair': 8, 'Text': 8, 'Words': 8, 'Maybe': 8}


def element_type(element):
    s = spec
    return {
        'Nothing': lambda: None, 'U8': s.U8Type, 'Bool': s.BoolType, 'U32': s.U32Type, 'F64': s.F64Type,
        'Pair': lambda: s.TupleType([s.U8Type(), s.U32Type()]), 'Text': s.StringType,
        'Words': lambda: s.ListType(s.U16Type()), 'Maybe': lambda: s.OptionType(s.U32Type()),
    }[element]()


class World:
    """A composition, and the host."""

    def __init__(self, shape, program, expected=None):
        self.shape, self.program, self.expected, self.log = shape, program, expected, []
        self.store = spec.Store()
        self.free = program['free']
        self.funcs = []  # (instance, local, kind, what others call)
        self.instances = []
        root = spec.ComponentInstance(self.store)
        for index, it in enumerate(shape['instances']):
            guest = Guest(self, root, index, it, len(self.funcs))
            self.instances.append(guest)
            for local, kind in enumerate(it['kinds']):
                self.funcs.append((guest, kind, guest.lift(local, kind)))

    def type(self, kind):
        params = [('x', spec.U32Type())]
        if kind == 'Reader':
            params.append(('end', self.stream()))
        return spec.FuncType(params, [spec.U32Type()], async_=True)

    def stream(self):
        return spec.StreamType(element_type(self.shape['element']))

    def say(self, task, what):
        self.log.append([task, what])
        if self.expected is not None:
            at = len(self.log) - 1
            if at >= len(self.expected) or self.expected[at] != self.log[at]:
                raise Deviates

    def next(self, func, at):
        it = self.program['funcs'][func]
        if at == 255:
            return int(it['obeys'])
        return it['words'][at] if at < len(it['words']) else 0

    def run(self, schedule):
        """Runs all rounds; what came of it."""
        spec.random, schedule.store = schedule, self.store
        returned, trapped = [], False
        try:
            for calls in self.program['rounds']:
                self.round(calls, returned, schedule)
        except spec.Trap:
            trapped = True
        finally:
            end_stacks()
        return {'log': self.log, 'returned': returned, 'trap': trapped}

    def round(self, calls, returned, schedule):
        calls = list(calls)
        first = len(returned)
        returned.extend([None] * len(calls))
        at = first
        while True:
            ready = any(thread.ready() for thread in self.store.waiting)
            if not calls and not ready:
                return
            if calls and (not ready or schedule.one_of(2) == 0):
                self.call(calls.pop(0), at, returned)
                at += 1
            else:
                self.store.tick()

    def call(self, func, at, returned):
        def on_resolve(result):
            returned[at] = result[0]
        self.store.invoke(self.funcs[func][2], lambda: [at + 1], on_resolve)


class Frame:
    """What a task has to remember: the fields are those of the header of `guest.rs`."""

    def __init__(self, guest, at, number, wset, func):
        self.at, self.number, self.sum, self.wset, self.func = at, number, number & 7, wset, func
        self.pc = self.under_way = self.resolved = 0
        self.reader, self.writer = Reader(guest, self), Writer(guest, self)
        self.subtasks = [0] * 16


class End:
    """An end of a stream that a task has, and how far it is with copying: what both have in common."""

    def __init__(self, guest, frame):
        self.guest, self.frame = guest, frame
        self.handle, self.state, self.count, self.gone = 0, IDLE, 0, False

    def canon(self, name, *args):
        return getattr(spec, f'canon_stream_{name}')(self.guest.world.stream(), *args)

    def size(self):
        return SIZES[self.guest.world.shape['element']]

    def copy(self, count, once=False):
        """Whether it is over; if not, there will be an event."""
        if not self.handle or once and self.state != IDLE:
            return True
        if self.state == IDLE:
            self.count = 0
            self.state = DONE if self.gone else READY
            self.prepare(count)
        while self.state != BLOCKED:
            if once and self.state != READY:
                return True
            if self.state == DONE and (self.gone or self.count >= count):
                self.state = IDLE
                self.guest.tell(self.frame, self.tag, self.outcome())
                return True
            at = self.frame.at + self.buffer + self.count * self.size()
            [packed] = self.canon(self.verb, self.guest.options, self.handle, at, count - self.count)
            self.guest.tell_free(self.frame, COPIED, packed)
            if packed == 0xffffffff:
                self.state = BLOCKED
            else:
                self.progress(packed)
        return once

    def progress(self, packed):
        for _ in range(packed >> 4):
            self.one()
            self.count += 1
        self.state = DONE
        self.gone |= bool(packed & 15)

    def event(self, packed):
        if self.state == BLOCKED:
            self.progress(packed)

    def cancel(self):
        if self.state == BLOCKED:
            [packed] = self.canon(f'cancel_{self.verb}', True, self.handle)
            packed = told_as_cancelled(packed)
            self.guest.tell_free(self.frame, COPIED, packed)
            self.progress(packed)

    def release(self):
        """The handle, which is in no set any more, and no longer the task's; none, if there is none."""
        handle, self.handle = self.handle, 0
        if handle:
            self.state = IDLE
            spec.canon_waitable_join(handle, 0)
        return handle

    def drop(self):
        if self.handle:
            self.cancel()
            self.canon(f'drop_{self.name}', self.release())


class Reader(End):
    verb, name, tag, buffer = 'read', 'readable', READ, 384
    sum = 0

    def prepare(self, count):
        pass

    def one(self):
        at = self.frame.at + self.buffer + self.count * self.size()
        self.sum = self.sum * 31 + self.guest.sum_element(at) & 0xffffffff

    def outcome(self):
        return self.sum


class Writer(End):
    verb, name, tag, buffer = 'write', 'writable', WROTE, 256
    offered = 0

    def prepare(self, count):
        value, at = self.frame.number + self.offered & 0xffffffff, self.frame.at + self.buffer
        for _ in range(count):
            value = value * 13 + 5 & 0xffffffff
            self.guest.store_element(at, value)
            at += self.size()

    def one(self):
        self.offered += 1

    def outcome(self):
        return self.count


class Guest:
    """An instance, whose functions are interpreters."""

    def __init__(self, world, root, index, it, base):
        self.world, self.index, self.base = world, index, base
        self.inst = spec.ComponentInstance(world.store, root)
        self.memory = spec.MemInst(bytearray(0x50000), 'i32')
        self.encoding = it['encoding'].lower()
        text = UTF8 if self.encoding == 'utf8' else UTF16
        self.memory.bytes[1024:1024 + len(text)] = text
        self.top, self.room = FRAMES, ROOM[0]
        self.free, self.frames, self.callees = [], {}, {}
        self.options = spec.CanonicalOptions(
            string_encoding=self.encoding, memory=self.memory, realloc=self.realloc, async_=True)

    # What others see

    def lift(self, local, kind):
        callback = kind in CALLBACKS
        options = spec.CanonicalOptions(
            async_=callback, callback=self.called_back if callback else None)
        begin = lambda args: self.begin(local, kind, *args)
        return self.world.store.lift(begin, self.world.type(kind), options, self.inst)

    def lower(self, func, async_):
        if (func, async_) not in self.callees:
            _, kind, callee = self.world.funcs[func]
            options = spec.CanonicalOptions(memory=self.memory, async_=async_)
            lowered = self.world.store.lower(callee, self.world.type(kind), options, self.inst)
            self.callees[func, async_] = lowered
        return self.callees[func, async_]

    def gate(self, by):
        """Called by others: a function that is not async, and so nothing that anybody waits for."""
        def called(args):
            spec.canon_backpressure_inc() if by else spec.canon_backpressure_dec()
            return []
        options = spec.CanonicalOptions(async_=False)
        ty = spec.FuncType([], [], async_=False)
        return self.world.store.lift(called, ty, options, self.inst), ty, options

    def begin(self, local, kind, x, end=None):
        frame = self.frame(x, local)
        frame.kind = kind
        if end is not None:
            frame.reader.handle = end
            spec.canon_waitable_join(end, frame.wset)
        packed = self.run(frame)
        if kind in CALLBACKS:
            return [packed]
        self.free.append(frame.at)
        return [frame.sum]

    def called_back(self, args):
        code, handle, payload = args
        frame = self.frames[spec.canon_context_get('i32', 0)[0]]
        assert spec.canon_context_get('i32', 1)[0] == frame.number
        if code == 6:
            self.asked(frame)
        else:
            self.event(frame, code, handle, payload)
        return [self.run(frame)]

    def realloc(self, args):
        old, before, _, size = args
        if old and size <= before:
            return [old]
        if self.room + size > ROOM[1]:
            self.room = ROOM[0]
        at = self.room
        self.memory.bytes[at:at + before] = self.memory.bytes[old:old + before]
        self.room = (at + size + 7) & -8
        return [at]

    # What all functions share

    def frame(self, x, local):
        if self.free:
            at = self.free.pop()
            self.memory.bytes[at:at + FRAME] = bytes(FRAME)
        else:
            at, self.top = self.top, self.top + FRAME
        [wset] = spec.canon_waitable_set_new()
        self.frames[at] = frame = Frame(self, at, x, wset, self.base + local)
        assert spec.canon_context_get('i32', 0) == spec.canon_context_get('i32', 1) == [0]
        spec.canon_context_set('i32', 0, at)
        spec.canon_context_set('i32', 1, x)
        return frame

    def tell(self, frame, tag, what):
        self.world.say(frame.number, tag << 24 | what & 0xffffff)

    def tell_free(self, frame, tag, what):
        if self.world.free:
            self.tell(frame, tag, what)

    def load(self, at):
        return int.from_bytes(self.memory.bytes[at:at + 4], 'little')

    def result(self, frame, step):
        return frame.at + 192 + 4 * step

    def started(self, frame, packed):
        handle = packed >> 4
        self.tell_free(frame, STARTED, packed & 15)
        frame.subtasks[frame.pc] = handle
        if handle:
            frame.under_way += 1
            spec.canon_waitable_join(handle, frame.wset)
        else:
            self.gained(frame, frame.pc)

    def gained(self, frame, step):
        frame.sum = frame.sum + self.load(self.result(frame, step)) & 0xffffffff

    def event(self, frame, code, handle, payload):
        self.tell_free(frame, EVENT, code << 16 | payload & 0xffff)
        if code == 1:
            self.resolved(frame, handle, payload)
        elif code == 2:
            frame.reader.event(payload)
        elif code == 3:
            frame.writer.event(payload)
        else:
            assert code == 0

    def resolved(self, frame, handle, state):
        if state < 2:
            return
        step = frame.subtasks.index(handle)
        frame.subtasks[step] = 0
        if state == 2:
            self.gained(frame, step)
        spec.canon_subtask_drop(handle)
        frame.under_way -= 1

    def asked(self, frame):
        if frame.resolved or not self.world.next(frame.func, 255):
            self.tell(frame, REFUSED, 0)
        else:
            spec.canon_task_cancel()
            self.tell(frame, OBEYED, 0)
            frame.resolved = 1

    def poll(self, frame, wait=False):
        builtin = spec.canon_waitable_set_wait if wait else spec.canon_waitable_set_poll
        [code] = builtin(False, self.memory, frame.wset, 16)
        if code:
            self.event(frame, code, self.load(16), self.load(20))
        else:
            self.tell_free(frame, EVENT, 0)

    # Ends of streams

    def let_go(self, frame):
        frame.writer.drop()
        frame.reader.drop()

    def store_element(self, at, value):
        element = self.world.shape['element']
        put = lambda at, value, size=4: self.memory.bytes.__setitem__(
            slice(at, at + size), (value & (1 << 8 * size) - 1).to_bytes(size, 'little'))
        if element == 'U8':
            put(at, value, 1)
        elif element == 'Bool':
            put(at, value & 1, 1)
        elif element == 'U32':
            put(at, value)
        elif element == 'F64':
            signed = value - (value >> 31 << 32)
            self.memory.bytes[at:at + 8] = spec.struct.pack('<d', float(signed))
        elif element == 'Pair':
            put(at, value, 1)
            put(at + 4, value)
        elif element == 'Maybe':
            put(at, value & 1, 1)
            put(at + 4, value)
        elif element in ('Text', 'Words'):
            units = value & 7
            if element == 'Text' and self.encoding == 'utf8':
                units = self.memory.bytes[1048 + units]
            put(at, 1024)
            put(at + 4, units)

    def sum_element(self, at):
        element, memory = self.world.shape['element'], self.memory.bytes
        if element == 'Nothing':
            return 1
        if element in ('U8', 'Bool'):
            return memory[at]
        if element == 'U32':
            return self.load(at)
        if element == 'F64':
            return int.from_bytes(memory[at:at + 8], 'little') >> 28
        if element == 'Pair':
            return memory[at] + self.load(at + 4)
        if element == 'Maybe':
            return self.load(at + 4) if memory[at] else 7
        start, total = self.load(at), self.load(at + 4)
        unit = 1 if element == 'Text' and self.encoding == 'utf8' else 2
        for byte in memory[start:start + total * unit]:
            total = total * 31 + byte & 0xffffffff
        return total

    # The interpreter

    def run(self, frame):
        """What the callback returns: to exit, to give others a turn, or to wait."""
        callback = frame.kind in CALLBACKS
        to_wait = 2 | frame.wset << 4
        while True:
            word = self.world.next(frame.func, frame.pc)
            code, target = word & 255, word >> 8
            number = frame.number << 4 | frame.pc
            start = lambda *end: self.lower(target, True)(
                [number, *end, self.result(frame, frame.pc)])[0]
            if code in (0, 3, 13):
                self.let_go(frame)
                if frame.under_way and frame.kind != 'Plain':
                    if callback and code != 13:
                        return to_wait
                    self.poll(frame, wait=True)
                    continue
                if code:
                    self.tell(frame, SUM, frame.sum)
                else:
                    if callback and not frame.resolved:
                        self.task_return(frame.sum)
                    if not frame.under_way:
                        spec.canon_waitable_set_drop(frame.wset)
                    self.tell(frame, ENDED, 0)
                    if callback:
                        self.free.append(frame.at)
                    return 0
            elif code == 1:
                self.started(frame, start())
            elif code == 2:
                [result] = self.lower(target, False)([number])
                frame.sum = frame.sum + result & 0xffffffff
            elif code in (4, 9):
                frame.pc += 1
                return 1 if code == 4 else to_wait
            elif code == 5:
                if not frame.resolved:
                    frame.resolved = 1
                    self.task_return(frame.number & 7)
            elif code == 6:
                packed = start()
                self.started(frame, packed)
                if packed >> 4:
                    [state] = spec.canon_subtask_cancel(True, packed >> 4)
                    self.tell(frame, CANCELLED, state)
                    if state != 0xffffffff:
                        self.resolved(frame, packed >> 4, state)
            elif code == 7:
                packed = start()
                if packed >> 4:
                    self.tell(frame, DROPPED, spec.canon_subtask_cancel(False, packed >> 4)[0])
                    spec.canon_subtask_drop(packed >> 4)
            elif code in (8, 11):
                owner = self.world.funcs[target][0]
                self.call_gate(owner, True)
                packed = start()
                if code == 8:
                    self.started(frame, packed)
                    self.tell(frame, GATED, packed & 15)
                else:
                    assert packed >> 4
                    self.tell(frame, WITHDRAWN, spec.canon_subtask_cancel(True, packed >> 4)[0])
                    spec.canon_subtask_drop(packed >> 4)
                self.call_gate(owner, False)
            elif code == 10:
                self.poll(frame)
            elif code == 12:
                spec.canon_thread_yield(False)
            elif code == 14:
                frame.writer.drop()
                [ends] = spec.canon_stream_new(self.world.stream())
                frame.writer.handle, frame.writer.gone = ends >> 32, False
                spec.canon_waitable_join(frame.writer.handle, frame.wset)
                self.started(frame, start(ends & 0xffffffff))
            elif code == 17:
                frame.reader.cancel()
                end = frame.reader.release()
                if end:
                    frame.reader.gone = False
                    self.started(frame, start(end))
            elif code in (15, 16):
                end = frame.writer if code == 15 else frame.reader
                if not end.copy(target):
                    if callback:
                        return to_wait
                    self.poll(frame, wait=True)
                    continue
            elif code in (22, 24):
                end = frame.writer if code == 22 else frame.reader
                end.copy(target, once=True)
            elif code == 23:
                frame.writer.cancel()
            elif code == 25:
                frame.reader.cancel()
            elif code == 21:
                handle = next((it for it in frame.subtasks if it), 0)
                if handle:
                    [state] = spec.canon_subtask_cancel(True, handle)
                    self.tell(frame, CANCELLED, state)
                    if state != 0xffffffff:
                        self.resolved(frame, handle, state)
            elif code == 18:
                frame.writer.drop()
            elif code == 19:
                frame.reader.drop()
            elif code == 20:
                self.misuse(frame, target)
                if callback and target in (5, 6):
                    return 3 if target == 5 else 0xfff2
                raise spec.Trap
            else:
                raise AssertionError(f'no operation {code}')
            frame.pc += 1

    def task_return(self, result):
        spec.canon_task_return([spec.U32Type()], spec.LiftOptions(), [result])

    def call_gate(self, owner, by):
        callee, ty, options = owner.gate(by)
        self.world.store.lower(callee, ty, options, self.inst)([])

    def misuse(self, frame, what):
        if what == 0 and frame.kind in CALLBACKS:
            self.task_return(0)
            self.task_return(0)
        elif what == 1:
            spec.canon_subtask_drop(0xfff)
        elif what == 2:
            spec.canon_waitable_join(spec.canon_waitable_set_new()[0], frame.wset)
        elif what == 3:
            spec.canon_task_cancel()
        elif what == 4:
            spec.canon_backpressure_dec()


def told_as_cancelled(packed):
    """What has been copied before it is cancelled is told as cancelled in the specification's suite, and in
    engines; as completed in definitions.py. See docs/conformance.md."""
    return packed | 2 if packed & 15 == 0 else packed


def by_task(log):
    tasks = {}
    for task, what in log:
        tasks.setdefault(task, []).append(what)
    return tasks


def is_same(outcome, fused):
    """A trap ends all; the host may not have heard of what has returned before."""
    if outcome['trap'] or fused['trap']:
        return outcome['trap'] == fused['trap'] and outcome['log'] == fused['log']
    return outcome == fused


def is_allowed(line, fused):
    """Whether some schedule logs the same: yes, no, or nothing if too many were tried. And how many were."""
    given = []
    for tried in range(1, MOST + 1):
        schedule = Schedule(given=given)
        try:
            outcome = World(line['shape'], line['program'], fused['log']).run(schedule)
            if is_same(outcome, fused):
                return True, tried
        except Deviates:
            pass
        given = schedule.next()
        if given is None:
            return False, tried
    return None, MOST


def differs(line, fused, draw):
    """What a task sees otherwise, under one of some schedules."""
    for _ in range(SOME):
        outcome = World(line['shape'], line['program']).run(Schedule(draw))
        if outcome['trap'] != fused['trap']:
            return f'it traps: {outcome["trap"]}'
        if not fused['trap'] and outcome['returned'] != fused['returned']:
            return f'it returns {outcome["returned"]}, and fused {fused["returned"]}'
        a, b = by_task(outcome['log']), by_task(fused['log'])
        for task in sorted({*a, *b}):
            left, right = a.get(task, []), b.get(task, [])
            shared = min(len(left), len(right)) if fused['trap'] else None
            if left[:shared] != right[:shared]:
                show = lambda entries: [hex(it) for it in entries]
                return f'task {task:x} sees {show(left)}, and fused {show(right)}'
    return None


def main():
    load(sys.argv[1])
    draw = random.Random(1)
    counts = {'programs': 0, 'allowed': 0, 'forbidden': 0, 'undecided': 0, 'schedules': 0, 'traps': 0}
    for text in sys.stdin:
        line = json.loads(text)
        fused = line['outcome']
        fused['trap'] = bool(fused['trap'])
        counts['programs'] += 1
        counts['traps'] += fused['trap']
        if line['program']['free']:
            verdict, tried = is_allowed(line, fused)
            why = 'no schedule logs this'
        else:
            why, tried = differs(line, fused, draw), SOME
            verdict = why is None
        counts['schedules'] += tried
        counts[{True: 'allowed', False: 'forbidden', None: 'undecided'}[verdict]] += 1
        if not verdict:
            print(f'{"undecided" if verdict is None else "forbidden"}: {line["name"]}: {why}', flush=True)
    print(', '.join(f'{count} {what}' for what, count in counts.items()))
    sys.exit(1 if counts['forbidden'] else 0)


if __name__ == '__main__':
    main()
