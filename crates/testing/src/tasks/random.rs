//! Shapes and programs, drawn so that each task sees the same in whatever order ready tasks have their turns;
//! or free.
//!
//! What is left out of programs that are not free, and why, is said where it is.

use super::{Element, Encoding, Func, FuncId, Instance, Kind, Misuse, Program, STEPS, Shape, Step};
use crate::draw::Draw;

/// Tasks that a call comes to, at most.
const TASKS: usize = 40;

/// A shape, with streams or without.
pub fn shape(draw: &mut Draw, streams: bool) -> Shape {
    let element = streams.then(|| Element::ALL[draw.below(Element::ALL.len())]);
    let all_export = draw.below(4) == 0;
    let mut instances: Vec<Instance> = Vec::new();
    let count = 2 + draw.below(3);
    for index in 0..count {
        let is_last = index + 1 == count;
        if let Some(before) = instances.last().filter(|it| !it.is_twin && draw.below(5) == 0) {
            instances.push(Instance { is_twin: true, ..before.clone() });
            continue;
        }
        let funcs = 1 + draw.below(3);
        let mut kinds: Vec<_> = (0..funcs).map(|_| kind(draw, streams)).collect();
        if is_last {
            // What the host calls; and in the first, what it sends streams to is of no use.
            kinds[0] = match draw.below(3) {
                _ if all_export => Kind::Callback,
                0 => Kind::Waiting,
                1 => Kind::Callback,
                _ => Kind::Both,
            };
        }
        let encoding = draw.one_of(&[Encoding::Utf8, Encoding::Utf16]);
        instances.push(Instance { kinds, encoding, is_twin: false });
    }
    if instances[count - 1].kinds[0] == Kind::Reader {
        // It is a twin.
        for instance in &mut instances[count - 2..] {
            instance.kinds[0] = Kind::Callback;
        }
    }
    Shape { instances, element, all_export }
}

fn kind(draw: &mut Draw, streams: bool) -> Kind {
    match draw.below(7) {
        0 => Kind::Plain,
        1 | 2 => Kind::Waiting,
        3 | 4 if streams => Kind::Reader,
        _ => Kind::Callback,
    }
}

/// A program of a shape.
pub fn program(draw: &mut Draw, shape: &Shape, is_free: bool) -> Program {
    let pauses = shape.instances.iter().map(|_| is_free || draw.below(2) == 0).collect();
    let mut drawn = Drawn { shape, is_free, pauses, funcs: Vec::new(), tasks: Vec::new() };
    for (id, owner, kind) in shape.funcs() {
        drawn.func(draw, id, owner, kind);
    }
    let exports: Vec<_> =
        shape.exports().into_iter().filter(|id| !drawn.funcs[*id].sleeps()).collect();
    let mut rounds = Vec::new();
    if !exports.is_empty() {
        for _ in 0..1 + draw.below(3) {
            rounds.push((0..1 + draw.below(3)).map(|_| draw.one_of(&exports)).collect());
        }
    }
    let mut funcs = drawn.funcs;
    if draw.below(20) == 0 && !exports.is_empty() {
        let steps = &mut funcs[draw.one_of(&exports)].steps;
        let at = draw.below(steps.len() + 1);
        let misuse = match draw.one_of(&Misuse::ALL) {
            Misuse::OpenGate if !shape.gates() => Misuse::JoinSet,
            other => other,
        };
        steps.insert(at, Step::Misuse(misuse));
    }
    Program { funcs, rounds, is_free }
}

struct Drawn<'a> {
    shape: &'a Shape,
    is_free: bool,
    /// Whether functions of each instance give others a turn on their stacks, and have it to themselves meanwhile.
    pauses: Vec<bool>,
    funcs: Vec<Func>,
    /// How many tasks a call of each comes to.
    tasks: Vec<usize>,
}

impl Drawn<'_> {
    fn func(&mut self, draw: &mut Draw, id: FuncId, owner: usize, kind: Kind) {
        // In the engine, who starts or cancels others lets its own caller go on, and has its instance to itself
        // meanwhile. So what is seen of a cancellation is certain where nobody does either, nor pauses.
        let is_certain = self.is_free || self.is_first(owner) && !self.pauses[owner];
        let sleeps = kind == Kind::Callback && is_certain && draw.below(3) == 0;
        let mut steps = Vec::new();
        let mut tasks = 1;
        if sleeps {
            steps = vec![Step::Sleep, Step::Return, Step::Poll];
        } else {
            let (most, most_tasks) = if self.is_free { (10, 10) } else { (STEPS - 2, TASKS) };
            for _ in 0..1 + draw.below(most) {
                let Some(step) = self.step(draw, owner, kind) else { continue };
                // Who has read may have been told that the writer is gone, and then the end goes nowhere.
                let has_read = steps.iter().any(|it| matches!(it, Step::Read(_)));
                if matches!(step, Step::Pass(_)) && has_read && !self.is_free {
                    continue;
                }
                let more = step.target().map_or(0, |target| self.tasks[target]);
                if tasks + more <= most_tasks {
                    tasks += more;
                    steps.push(step);
                }
            }
        }
        debug_assert_eq!(id, self.funcs.len());
        self.funcs.push(Func { steps, obeys: draw.below(2) == 0 });
        self.tasks.push(tasks);
    }

    /// Whether an instance calls no others.
    fn is_first(&self, owner: usize) -> bool {
        self.shape.component(owner) == 0
    }

    fn target(
        &self,
        draw: &mut Draw,
        caller: usize,
        which: impl Fn(FuncId, usize, Kind) -> bool,
    ) -> Option<FuncId> {
        let all = self.shape.callees(caller).filter(|(id, owner, kind)| which(*id, *owner, *kind));
        let all: Vec<_> = all.map(|(id, ..)| id).collect();
        (!all.is_empty()).then(|| draw.one_of(&all))
    }

    fn step(&self, draw: &mut Draw, owner: usize, kind: Kind) -> Option<Step> {
        let startable = |id: FuncId, callee: usize, of: Kind| match kind {
            // It does not wait for what it starts. So it starts what certainly returns at once.
            Kind::Plain => of == Kind::Plain && self.is_first(callee) && !self.pauses[callee],
            _ => !of.blocks() && of != Kind::Reader && !self.funcs[id].sleeps(),
        };
        // The first has those that are cancelled: nobody may keep them from beginning.
        let gated =
            |id, callee, of| startable(id, callee, of) && (self.is_free || !self.is_first(callee));
        let sleeping = |id: FuncId, _, _| self.funcs[id].sleeps();
        let waits = kind != Kind::Plain;
        if self.is_free && waits && draw.below(3) == 0 {
            let reads = kind == Kind::Reader && draw.below(3) > 0;
            return Some(match draw.below(if self.shape.element.is_some() { 10 } else { 2 }) {
                0 => Step::Recall,
                1 => Step::Cancel(self.target(draw, owner, startable)?),
                2 | 3 => Step::Open(self.target(draw, owner, |_, _, of| of == Kind::Reader)?),
                4..=6 if reads => Step::Ask(draw.below(8) as u32),
                7 | 8 if reads => Step::Refrain,
                4..=6 => Step::Offer(draw.below(8) as u32),
                7 | 8 => Step::Revoke,
                _ => Step::Yield,
            })
            .filter(|step| *step != Step::Yield || kind.has_callback());
        }
        Some(match draw.below(if self.shape.element.is_some() { 24 } else { 15 }) {
            0..=3 => Step::Start(self.target(draw, owner, startable)?),
            4 | 5 if kind.blocks() => {
                Step::Call(self.target(draw, owner, |id, _, of| {
                    of != Kind::Reader && !self.funcs[id].sleeps()
                })?)
            }
            4 if waits => {
                let target = self.target(draw, owner, sleeping)?;
                match self.shape.drops(owner) && draw.below(2) == 0 {
                    true => Step::Drop(target),
                    false => Step::Cancel(target),
                }
            }
            5 if waits && self.shape.gates() && draw.below(2) == 0 => {
                Step::Gate(self.target(draw, owner, gated)?)
            }
            5 if waits && self.shape.gates() => Step::Withdraw(self.target(draw, owner, gated)?),
            6 | 7 if kind.has_callback() => Step::Yield,
            6 | 7 if kind.blocks() && self.pauses[owner] => Step::Pause,
            8 if kind == Kind::Both => Step::Insist,
            8 | 9 if kind.has_callback() && draw.below(2) == 0 => Step::Return,
            10 => Step::Poll,
            15..=17 if waits => {
                Step::Open(self.target(draw, owner, |_, _, of| of == Kind::Reader)?)
            }
            15..=17 => return None,
            18..=20 if kind == Kind::Reader => Step::Read(draw.below(12) as u32),
            18..=21 if waits => Step::Write(draw.below(12) as u32),
            22 if waits => Step::Finish,
            22 if kind == Kind::Reader => Step::Leave,
            23 if kind == Kind::Reader => {
                Step::Pass(self.target(draw, owner, |_, _, of| of == Kind::Reader)?)
            }
            18.. => return None,
            _ => Step::Await,
        })
    }
}
