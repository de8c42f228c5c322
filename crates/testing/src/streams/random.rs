//! Programs of a shape, drawn at random.
//!
//! Most steps that one could think of trap, for an end is busy, or idle, or done. So a model of both ends says
//! what they are, and few steps are drawn regardless.

use super::model::{End, Slot, Which};
use super::{Element, Encoding, LENGTH, Program, SLOTS, Shape, Side, Step};
use crate::draw::Draw;

/// A program of a shape.
pub fn program(draw: &mut Draw, shape: &Shape) -> Program {
    let data = data(draw, shape.element, shape.encodings[0]);
    let mut slots = [None; SLOTS];
    let steps = (0..10 + draw.below(40)).map(|_| step(draw, shape, &mut slots));
    let steps = steps.collect();
    Program { data, steps }
}

fn step(draw: &mut Draw, shape: &Shape, slots: &mut [Option<(Side, Slot)>; SLOTS]) -> Step {
    let slot = draw.below(SLOTS);
    let at = &mut slots[slot];
    let is_over = |it: &Slot| Which::BOTH.iter().all(|which| it.end(*which) == End::Dropped);
    let Some((reader, model)) = at.as_mut().filter(|(_, it)| !is_over(it)) else {
        // An instance that reads what it writes itself reads numbers.
        let itself = shape.element.is_number() || draw.below(30) == 0;
        let reader = usize::from(!itself || draw.below(4) > 0);
        *at = Some((reader, Slot::new(shape.future)));
        return Step::New { slot, reader };
    };
    let reader = *reader;
    let mut possible = steps(draw, shape, slot, reader);
    let regardless = draw.below(80) == 0;
    possible.retain(|step| model.is_certain(*step) && (regardless || model.is_good(*step)));
    let step = draw.one_of(&possible);
    model.take(step);
    step
}

/// All that could be done next, some of it several times.
fn steps(draw: &mut Draw, shape: &Shape, slot: usize, reader: Side) -> Vec<Step> {
    let mut range = || {
        let most = [1, 2, 3, 8][draw.below(4)];
        let length = if shape.future { 1 } else { draw.below(most + 1) as u32 };
        // Seldom, it is not all there.
        let at = match draw.below(400) {
            0 if shape.element.size() > 0 => 0x1000_0000 / shape.element.size() - 1,
            _ => draw.below((LENGTH - length) as usize + 1) as u32,
        };
        (at, length)
    };
    let mut all = Vec::new();
    for _ in 0..5 {
        let (at, length) = range();
        all.push(Step::Write { slot, at, length });
        let (at, length) = range();
        all.push(Step::Read { reader, slot, at, length });
    }
    for _ in 0..3 {
        all.push(Step::PollWritable { slot });
        all.push(Step::PollReadable { reader, slot });
    }
    all.push(Step::CancelWrite { slot });
    all.push(Step::CancelRead { reader, slot });
    if draw.below(3) == 0 {
        all.push(Step::DropWritable { slot });
        all.push(Step::DropReadable { reader, slot });
    }
    all.push(Step::Sum { side: draw.below(2) });
    all
}

/// What is in the buffer that is written from: elements, and behind them what they point to. Seldom, one
/// is no value.
fn data(draw: &mut Draw, element: Element, encoding: Encoding) -> Vec<u8> {
    let length = LENGTH as usize * element.size() as usize;
    let mut data: Vec<u8> = (0..length).map(|_| draw.any() as u8).collect();
    let wrong = |draw: &mut Draw| draw.below(100) == 0;
    for at in (0..length).step_by(element.size().max(1) as usize) {
        match element {
            Element::Bool => data[at] = draw.below(2) as u8,
            Element::Maybe => data[at] = if wrong(draw) { 2 } else { draw.below(2) as u8 },
            Element::Text | Element::Words => {
                let mut units = draw.below(6);
                let here = 1024 + data.len() as u32;
                // Two bytes each, at an even address.
                let text: String =
                    (0..units).map(|_| ['a', 'é', '€', 'z'][draw.below(4)]).collect();
                match (element, encoding) {
                    (Element::Text, Encoding::Utf8) => {
                        units = text.len();
                        data.extend(text.bytes());
                    }
                    (Element::Text, Encoding::Utf16) => {
                        data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
                    }
                    _ => data.extend((0..2 * units).map(|_| draw.any() as u8)),
                }
                if data.len() % 2 == 1 {
                    data.push(0);
                }
                let units = if wrong(draw) { 0x10_0000 } else { units as u32 };
                data[at..at + 4].copy_from_slice(&here.to_le_bytes());
                data[at + 4..at + 8].copy_from_slice(&units.to_le_bytes());
            }
            _ => {}
        }
    }
    data
}
