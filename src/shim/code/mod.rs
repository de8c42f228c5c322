//! What the code of all shims is made with: a module under construction (`builder`), bodies of
//! functions (`body`), what a module imports (`needs`), the ends of calls (`ends`), functions that
//! are made on first use (`shared`), and traps (`traps`).
//!
//! Nothing here knows the canonical ABI; `guest`, `values`, `tasks` and `calls` do, each of which
//! may use those before it.

use wasm_fuser_merge::hash::HashMap;

pub use self::body::{Body, Callee, FuncId, Local};
pub use self::builder::{Builder, Built, function_table, global_type};
pub use self::ends::{End, Party};
pub use self::needs::{Allocator, Between, Memory, Need, Transcoder};
pub use self::shared::{HelperKey, PlaceKind, Shared};
pub use self::traps::{Broken, Range, Trap};
use crate::analyse::{ExternalId, Facts};
use crate::core::FuncType;
use crate::error::{Code, Error, Limit, Remedy, Result};
use crate::plan::{InstanceId, Plan};
use crate::runtime::{self, BridgeOp, Step, StoreOp, TableOp, TaskOp};

mod body;
mod builder;
mod ends;
mod needs;
mod shared;
mod traps;

/// The context in which the code of one shim module is generated.
pub struct Adapters<'p, 'a> {
    pub plan: &'p Plan<'a>,
    pub facts: &'p Facts,
    /// The module.
    pub builder: Builder,
    /// Its functions that are made on first use.
    shared: HashMap<Shared, FuncId>,
    /// Its helpers, whose bodies may be still to come.
    pub helpers: HashMap<HelperKey, FuncId>,
    /// How much of a text is looked at in one step.
    pub step: Step,
    /// The limit on its code.
    pub shim_bytes: u64,
}

impl<'p, 'a> Adapters<'p, 'a> {
    /// A module without functions.
    pub fn new(plan: &'p Plan<'a>, facts: &'p Facts, step: Step, shim_bytes: u64) -> Self {
        Adapters {
            plan,
            facts,
            builder: Builder::default(),
            shared: HashMap::new(),
            helpers: HashMap::new(),
            step,
            shim_bytes,
        }
    }

    /// Fails if there is more code than there may be.
    pub fn limit_code(&self) -> Result<()> {
        if self.builder.code_bytes() <= self.shim_bytes {
            return Ok(());
        }
        Err(Error::new(
            Code::LimitExceeded,
            "the code of the crossings is larger than the limit on shim bytes",
        )
        .with_help(Remedy::raise(Limit::ShimBytes)))
    }

    /// The function of the boundary, imported.
    pub fn external(&mut self, external: ExternalId, ty: FuncType) -> Callee {
        self.builder.func(Need::External(external), ty, || external.to_string())
    }

    /// Calls an operation of the bridge.
    pub fn bridge_op(&mut self, body: &mut Body, op: BridgeOp) {
        let callee =
            self.builder.func(Need::Bridge(op), op.ty(), || format!("bridge {}", op.name()));
        body.call(callee);
    }

    /// Calls an operation on tasks that the module keeps.
    pub fn task_op(&mut self, body: &mut Body, op: TaskOp) {
        let (part, name) = op.place();
        let callee = self.builder.func(Need::Task(part, name), op.ty(), || format!("task {name}"));
        body.call(callee);
    }

    /// Calls an operation of the store.
    pub fn store_op(&mut self, body: &mut Body, op: StoreOp) {
        let callee = self.builder.func(Need::Store(op), op.ty(), || op.name().into());
        body.call(callee);
    }

    /// Calls an operation of an instance's handle table.
    pub fn table_op(&mut self, body: &mut Body, owner: InstanceId, op: TableOp) -> Result<()> {
        let need = Need::Table(self.facts.table(owner)?, op);
        let callee = self.builder.func(need, op.ty(), || op.name().into());
        body.call(callee);
        Ok(())
    }

    /// Pushes an instance's handle table, for an operation of the store or of tasks.
    pub fn push_table(&mut self, body: &mut Body, owner: InstanceId) -> Result<()> {
        let place = runtime::place(self.facts.table(owner)?);
        body.ins().i32_const(place.cast_signed());
        Ok(())
    }
}
