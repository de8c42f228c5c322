//! Moving a variant: check the discriminant, write it, and move the payload of its case.
//!
//! ```wat
//! (block $done
//!   (block $case1 (block $case0
//!     (br_table $case0 $case1 (discriminant)))
//!     ;; payload of case 0, then zero for the flat values that it does not use
//!     (br $done))
//!   ;; payload of case 1 ...)
//! ```
//!
//! Cases whose payloads are of one type share a block. An `enum` is a variant that ends after its
//! discriminant.

use std::collections::BTreeMap;

use wasm_encoder::ValType;

use super::translate::{EMPTY, Place, Translator, unsigned};
use crate::abi::discriminant_size;
use crate::error::Result;
use crate::plan::TypeId;
use crate::shim::code::{Local, Trap};

impl Translator<'_, '_, '_> {
    /// Moves a discriminant, and returns a local that holds it.
    pub fn discriminant(
        &mut self,
        cases: u32,
        source: &Place,
        destination: &Place,
    ) -> Result<Local> {
        let stored = unsigned(discriminant_size(cases as usize));
        let discriminant = self.body.local(ValType::I32);
        // A flat discriminant is 32 bits wide whatever its size in memory is.
        let loaded = match source {
            Place::Locals(_) => unsigned(4),
            Place::Memory { .. } => stored,
        };
        self.load(loaded, source)?;
        self.body.ins().local_tee(discriminant.index).i32_const(cases as i32).i32_ge_u();
        self.module.trap_if(&mut self.body, Trap::Discriminant)?;
        self.open(destination);
        self.body.ins().local_get(discriminant.index);
        self.close(stored, destination)?;
        Ok(discriminant)
    }

    /// Moves a variant.
    pub fn variant(
        &mut self,
        cases: &[Option<TypeId>],
        source: &Place,
        destination: &Place,
    ) -> Result<()> {
        let discriminant = self.discriminant(cases.len() as u32, source, destination)?;
        let source = source.part(self.source_abi().payload_offset(cases), 1, usize::MAX);
        let destination =
            destination.part(self.destination_abi().payload_offset(cases), 1, usize::MAX);

        let (blocks, block_of) = self.blocks(cases);
        let ins = &mut self.body.ins();
        ins.block(EMPTY);
        for _ in &blocks {
            ins.block(EMPTY);
        }
        ins.local_get(discriminant.index);
        // The discriminant has been checked: the default is never taken.
        ins.br_table(block_of, 0);
        self.body.free(discriminant);
        for (i, payload) in blocks.iter().enumerate() {
            self.body.ins().end();
            self.payload(*payload, &source, &destination)?;
            self.body.ins().br((blocks.len() - 1 - i) as u32);
        }
        self.body.ins().end();
        Ok(())
    }

    /// The distinct payloads in order of first use, and for each case, which one is its.
    fn blocks(&self, cases: &[Option<TypeId>]) -> (Vec<Option<TypeId>>, Vec<u32>) {
        let mut blocks = Vec::new();
        let mut known = BTreeMap::new();
        let block_of = cases
            .iter()
            .map(|case| {
                let canonical = case.map(|ty| self.module.plan.types.canonical(ty));
                *known.entry(canonical).or_insert_with(|| {
                    blocks.push(*case);
                    blocks.len() as u32 - 1
                })
            })
            .collect();
        (blocks, block_of)
    }

    /// Moves the payload of a case; flat values that it does not use are zero.
    fn payload(
        &mut self,
        payload: Option<TypeId>,
        source: &Place,
        destination: &Place,
    ) -> Result<()> {
        let flat = match payload {
            None => 0,
            Some(ty) => {
                let flat = self.source_abi().flat(ty).map_or(0, <[_]>::len);
                self.translate(ty, &source.part(0, 0, flat), &destination.part(0, 0, flat))?;
                flat
            }
        };
        if let Place::Locals(locals) = destination {
            for local in locals.iter().skip(flat) {
                let mut ins = self.body.ins();
                match local.ty {
                    ValType::I64 => ins.i64_const(0),
                    ValType::F32 => ins.f32_const(0.0.into()),
                    ValType::F64 => ins.f64_const(0.0.into()),
                    _ => ins.i32_const(0),
                };
                ins.local_set(local.index);
            }
        }
        Ok(())
    }
}
