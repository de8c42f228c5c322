//! Copies code and constant expressions of one instance into the merged module.
//!
//! ```text
//! instance's   call 3    i32.load 0 (memory 0)    global.get 1
//! merged       call 17   i32.load 0 (memory 2)    global.get 5
//! ```
//!
//! Everything but the immediates that name indices is copied as it is. Constant expressions are
//! folded where their value is known. Where memories are regions of one memory, an offset has the base
//! of its region added, and `confine` sees to the rest.

use wasm_encoder::ConstExpr;
use wasm_encoder::Encode;
use wasm_encoder::Function;
use wasm_encoder::Instruction;
use wasm_encoder::reencode;
use wasm_encoder::reencode::Reencode;
use wasmparser::FunctionBody;
use wasmparser::MemArgTarget;
use wasmparser::Operator;

use crate::InstanceId;
use crate::ModuleId;
use crate::constant::Constants;
use crate::constant::Value;
use crate::error::Error;
use crate::error::Result;
use crate::generate::Accesses;
use crate::generate::Replacement;
use crate::layout::Layout;
use crate::layout::Place;
use crate::module::malformed;
use crate::partition::BlockId;
use crate::partition::Partition;
use crate::resolve::Program;
use crate::resolve::Spaces;
use crate::types::Numbering;

/// Translates what an instance's module says into what the merged module says.
pub struct Rewrite<'r, 'p> {
    program: &'p Program<'p>,
    instance: InstanceId,
    spaces: &'p Spaces,
    constants: &'p Constants,
    layout: &'p Layout,
    types: &'r mut Numbering<'p>,
}

/// What is needed for code that reaches far memories.
#[derive(Clone, Copy)]
pub struct FarCode<'p> {
    pub partition: &'p Partition,
    pub accesses: &'p Accesses,
    /// The block that the code is in.
    pub block: BlockId,
}

impl<'r, 'p> Rewrite<'r, 'p> {
    /// For the code of one instance.
    pub fn new(
        program: &'p Program<'p>,
        constants: &'p Constants,
        layout: &'p Layout,
        types: &'r mut Numbering<'p>,
        instance: InstanceId,
    ) -> Self {
        let spaces = &program.instances[instance];
        Rewrite { program, instance, spaces, constants, layout, types }
    }

    /// A function body.
    pub fn body(&mut self, body: &FunctionBody<'_>) -> Result<Function> {
        let mut function = self.new_function_with_parsed_locals(body).map_err(failed)?;
        let mut ops = body.get_operators_reader().map_err(malformed)?;
        while !ops.eof() {
            let instruction = self.parse_instruction(&mut ops).map_err(failed)?;
            function.instruction(&instruction);
        }
        Ok(function)
    }

    /// A function body that reaches far memories.
    pub fn far_body(&mut self, body: &FunctionBody<'_>, far: &FarCode<'_>) -> Result<Function> {
        let mut function = self.new_function_with_parsed_locals(body).map_err(failed)?;
        let mut ops = body.get_operators_reader().map_err(malformed)?;
        while !ops.eof() {
            let op = ops.read().map_err(malformed)?;
            match far.accesses.replace(far.partition, self.spaces, far.block, &op)? {
                Replacement::Same => {
                    function.instruction(&self.instruction(op).map_err(failed)?);
                }
                Replacement::Call(func) => {
                    function.instruction(&Instruction::Call(self.layout.func(func)?));
                }
                Replacement::Drops { here, elsewhere } => {
                    if here {
                        function.instruction(&self.instruction(op).map_err(failed)?);
                    }
                    for func in elsewhere {
                        function.instruction(&Instruction::Call(self.layout.func(func)?));
                    }
                }
            }
        }
        Ok(function)
    }

    /// The region that a memory of the instance is.
    pub fn place(&self, memory: u32) -> Result<Place> {
        let memory = self.spaces.memories.get(memory)?;
        let place = self.layout.place(memory);
        place.ok_or_else(|| Error::internal(format!("`{memory}` has no region")))
    }

    /// The instructions of a constant expression, without the `end`.
    pub fn constant(&mut self, expr: &wasmparser::ConstExpr<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if let Some(value) = self.constants.fold(self.program, self.instance, expr)? {
            self.value(value)?.encode(&mut bytes);
            return Ok(bytes);
        }
        let mut ops = expr.get_operators_reader();
        while !ops.is_end_then_eof() {
            let op = ops.read().map_err(malformed)?;
            self.constant_step(op)?.encode(&mut bytes);
        }
        Ok(bytes)
    }

    fn constant_step<'a>(&mut self, op: Operator<'a>) -> Result<Instruction<'a>> {
        if let Operator::GlobalGet { global_index } = op {
            let global = self.spaces.globals.get(global_index)?;
            if let Some(value) = self.constants.global(global) {
                return self.value(value);
            }
        }
        self.instruction(op).map_err(failed)
    }

    fn value(&mut self, value: Value) -> Result<Instruction<'static>> {
        Ok(match value {
            Value::I32(n) => Instruction::I32Const(n),
            Value::I64(n) => Instruction::I64Const(n),
            Value::F32(bits) => Instruction::F32Const(wasm_encoder::Ieee32::new(bits)),
            Value::F64(bits) => Instruction::F64Const(wasm_encoder::Ieee64::new(bits)),
            Value::V128(n) => Instruction::V128Const(n),
            Value::RefFunc(func) => Instruction::RefFunc(self.layout.func(func)?),
            Value::RefNull(module, ty) => {
                let mut types = TypesOf { module, types: self.types };
                Instruction::RefNull(types.heap_type(ty).map_err(failed)?)
            }
        })
    }
}

/// The error of a `Reencode` of this stage.
pub fn failed(error: reencode::Error<Error>) -> Error {
    match error {
        reencode::Error::UserError(error) => error,
        reencode::Error::ParseError(error) => malformed(error),
        error => Error::internal(format!("a core module cannot be copied: {error}")),
    }
}

/// Hands an error through a `Reencode`.
pub fn user(error: Error) -> reencode::Error<Error> {
    reencode::Error::UserError(error)
}

impl Reencode for Rewrite<'_, '_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.types.of_module(self.spaces.module, index).map_err(user)
    }

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.funcs.get(index).and_then(|id| self.layout.func(id)).map_err(user)
    }

    fn table_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.tables.get(index).and_then(|id| self.layout.table(id)).map_err(user)
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.memories.get(index).and_then(|id| self.layout.memory(id)).map_err(user)
    }

    fn mem_arg(
        &mut self,
        arg: wasmparser::MemArg,
    ) -> Result<wasm_encoder::MemArg, reencode::Error<Error>> {
        let place = match arg.target {
            MemArgTarget::Memory(memory) => {
                self.layout.place(self.spaces.memories.get(memory).map_err(user)?)
            }
            MemArgTarget::Array(_) => None,
        };
        let mut arg = reencode::utils::mem_arg(self, arg)?;
        if let Some(place) = place {
            // What is more than an offset can be is beyond the region: the address says so already.
            let offset = arg.offset.saturating_add(place.region.base.into());
            arg.offset = offset.min(u32::MAX.into());
        }
        Ok(arg)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.globals.get(index).and_then(|id| self.layout.global(id)).map_err(user)
    }

    fn tag_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.tags.get(index).and_then(|id| self.layout.tag(id)).map_err(user)
    }

    fn element_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.elements.get(index).and_then(|id| self.layout.element(id)).map_err(user)
    }

    fn data_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.spaces.data.get(index).and_then(|id| self.layout.data(id)).map_err(user)
    }

    fn const_expr(
        &mut self,
        expr: wasmparser::ConstExpr<'_>,
    ) -> Result<ConstExpr, reencode::Error<Error>> {
        self.constant(&expr).map(ConstExpr::raw).map_err(user)
    }
}

/// Translates the types of a module, whichever of its instances is meant.
struct TypesOf<'r, 'p> {
    module: ModuleId,
    types: &'r mut Numbering<'p>,
}

impl Reencode for TypesOf<'_, '_> {
    type Error = Error;

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<Error>> {
        self.types.of_module(self.module, index).map_err(user)
    }
}
