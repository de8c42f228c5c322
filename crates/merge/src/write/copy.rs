//! `memory.copy` between two memories that are in different blocks.
//!
//! ```text
//! trap, as memory.copy would, unless both ranges are in bounds
//! while length >= 128: eight values of 16 bytes (or, without vectors, >= 64 and of 8)
//! while length >= 8:   one of 8
//! while length > 0:    one byte
//! ```
//!
//! A near memory is reached by instructions, a far one by calls. The values of a batch go
//! from the function that reads them to the one that writes them on the stack: that takes functions
//! of several results, and no memory in between.
//!
//! Limits: two imports may be one memory, given to the result twice. Then ranges that overlap are
//! copied as if byte after byte.

use wasm_encoder::{Function, InstructionSink, MemArg, MemArgTarget, ValType};

use super::layout::Layout;
use crate::Result;
use crate::decide::helper::{BATCH, Copy, End, Far, Values, address_type};
use crate::program::HelperId;

/// The parameters: where to, where from, how many bytes.
const PARAMS: [u32; 3] = [0, 1, 2];
/// The same as 64-bit numbers.
const TO: u32 = 3;
const FROM: u32 = 4;
const LENGTH: u32 = 5;
/// The values of a batch.
const VALUES: u32 = 6;

impl Values {
    fn load(self, code: &mut InstructionSink<'_>, place: MemArg) {
        match self {
            Values::V128 => code.v128_load(place),
            Values::I64 => code.i64_load(place),
        };
    }

    fn store(self, code: &mut InstructionSink<'_>, place: MemArg) {
        match self {
            Values::V128 => code.v128_store(place),
            Values::I64 => code.i64_store(place),
        };
    }
}

/// Which part of a copy is moved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Batch,
    Word,
    Byte,
}

impl Unit {
    fn bytes(self, values: Values) -> u32 {
        match self {
            Unit::Batch => BATCH * values.bytes(),
            Unit::Word => 8,
            Unit::Byte => 1,
        }
    }
}

/// The body of the function that reads or writes a batch: an address, and the values.
pub fn batch_function(memory: u32, write: bool, values: Values) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    for i in 0..BATCH {
        code.local_get(0);
        let place = place(memory, i * values.bytes());
        if write {
            code.local_get(1 + i);
            values.store(&mut code, place);
        } else {
            values.load(&mut code, place);
        }
    }
    code.end();
    function
}

/// The body of a copy.
pub fn copy_function(copy: &Copy, layout: &Layout) -> Result<Function> {
    let mut locals = vec![(3, ValType::I64)];
    if copy.to.far.is_none() {
        locals.push((BATCH, copy.values.ty()));
    }
    let mut function = Function::new(locals);
    let mut writer = Writer { code: function.instructions(), copy, layout };
    let (to, from) = (is_64(&copy.to), is_64(&copy.from));
    writer.widen(PARAMS[0], to, TO);
    writer.widen(PARAMS[1], from, FROM);
    writer.widen(PARAMS[2], to && from, LENGTH);
    writer.check(&copy.from, FROM)?;
    writer.check(&copy.to, TO)?;
    for unit in [Unit::Batch, Unit::Word, Unit::Byte] {
        writer.repeat(unit)?;
    }
    writer.code.end();
    Ok(function)
}

fn is_64(end: &End) -> bool {
    address_type(&end.ty) == ValType::I64
}

fn place(memory_index: u32, offset: u32) -> MemArg {
    let target = MemArgTarget::Memory(memory_index);
    MemArg { offset: offset.into(), align: 0, target, ordering: None }
}

struct Writer<'w> {
    code: InstructionSink<'w>,
    copy: &'w Copy,
    layout: &'w Layout,
}

impl Writer<'_> {
    fn widen(&mut self, param: u32, is_64: bool, local: u32) {
        self.code.local_get(param);
        if !is_64 {
            self.code.i64_extend_i32_u();
        }
        self.code.local_set(local);
    }

    /// Traps unless a range is in bounds: by the instruction whose trap it is.
    fn check(&mut self, end: &End, at: u32) -> Result<()> {
        let page = end.ty.page_size_log2.unwrap_or(16);
        let size = |writer: &mut Self| -> Result<()> {
            match &end.far {
                Some(far) => writer.code.call(writer.layout.helper(far.size)?),
                None => writer.code.memory_size(writer.layout.memory(end.memory)?),
            };
            if !is_64(end) {
                writer.code.i64_extend_i32_u();
            }
            writer.code.i64_const(page.into()).i64_shl();
            Ok(())
        };
        // length > size, or at > size - length
        self.code.local_get(LENGTH);
        size(self)?;
        self.code.i64_gt_u().local_get(at);
        size(self)?;
        self.code.local_get(LENGTH).i64_sub().i64_gt_u().i32_or();
        self.code.if_(wasm_encoder::BlockType::Empty);
        self.address(end, at).address(end, at).address(end, LENGTH);
        match &end.far {
            Some(far) => self.code.call(self.layout.helper(far.copy)?),
            None => {
                let memory = self.layout.memory(end.memory)?;
                self.code.memory_copy(memory, memory)
            }
        };
        self.code.end();
        Ok(())
    }

    /// A 64-bit number as an address.
    fn address(&mut self, end: &End, local: u32) -> &mut Self {
        self.code.local_get(local);
        if !is_64(end) {
            self.code.i32_wrap_i64();
        }
        self
    }

    /// Moves units while there are as many bytes.
    fn repeat(&mut self, unit: Unit) -> Result<()> {
        self.code.block(wasm_encoder::BlockType::Empty).loop_(wasm_encoder::BlockType::Empty);
        self.code
            .local_get(LENGTH)
            .i64_const(unit.bytes(self.copy.values).into())
            .i64_lt_u()
            .br_if(1);
        self.unit(unit)?;
        for (local, up) in [(TO, true), (FROM, true), (LENGTH, false)] {
            self.code.local_get(local).i64_const(unit.bytes(self.copy.values).into());
            match up {
                true => self.code.i64_add(),
                false => self.code.i64_sub(),
            };
            self.code.local_set(local);
        }
        self.code.br(0).end().end();
        Ok(())
    }

    fn unit(&mut self, unit: Unit) -> Result<()> {
        let Copy { to, from, .. } = self.copy;
        if to.far.is_some() || unit != Unit::Batch {
            self.address(to, TO);
        }
        match &from.far {
            Some(far) => {
                self.address(from, FROM);
                self.code.call(self.layout.helper(far.of(unit))?);
            }
            None => self.read(unit, from)?,
        }
        match &to.far {
            Some(far) => {
                self.code.call(self.layout.helper(far.of(unit))?);
                Ok(())
            }
            None => self.write(unit, to),
        }
    }

    fn read(&mut self, unit: Unit, from: &End) -> Result<()> {
        let memory = self.layout.memory(from.memory)?;
        match unit {
            Unit::Batch => {
                for i in 0..BATCH {
                    let values = self.copy.values;
                    let code = &mut self.address(from, FROM).code;
                    values.load(code, place(memory, i * values.bytes()));
                }
            }
            Unit::Word => {
                self.address(from, FROM).code.i64_load(place(memory, 0));
            }
            Unit::Byte => {
                self.address(from, FROM).code.i32_load8_u(place(memory, 0));
            }
        }
        Ok(())
    }

    /// Writes what is on the stack: for a word or a byte, above its address.
    fn write(&mut self, unit: Unit, to: &End) -> Result<()> {
        let memory = self.layout.memory(to.memory)?;
        match unit {
            Unit::Batch => {
                for i in (0..BATCH).rev() {
                    self.code.local_set(VALUES + i);
                }
                for i in 0..BATCH {
                    let values = self.copy.values;
                    self.address(to, TO).code.local_get(VALUES + i);
                    values.store(&mut self.code, place(memory, i * values.bytes()));
                }
            }
            Unit::Word => {
                self.code.i64_store(place(memory, 0));
            }
            Unit::Byte => {
                self.code.i32_store8(place(memory, 0));
            }
        }
        Ok(())
    }
}

impl Far {
    fn of(&self, unit: Unit) -> HelperId {
        match unit {
            Unit::Batch => self.batch,
            Unit::Word => self.word,
            Unit::Byte => self.byte,
        }
    }
}
