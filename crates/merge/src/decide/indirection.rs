//! Finds functions that do nothing but call another one, and skips them.
//!
//! ```text
//! instance 0:  (table $t (export ..) 2 2 funcref)
//!              (func $f (export ..) (param i32)
//!                (call_indirect (type ..) (local.get 0) (i32.const 1)))
//! instance 2:  (import .. (table 2 2 funcref))   (import .. (func $g (param i32)))
//!              (elem (i32.const 1) $g)
//! merged:      who calls $f calls $g; $f and $t are gone
//! ```
//!
//! Those that call through a table break cycles of instantiation: a module's imports are needed before
//! what implements them can exist. In one module there is no such order, and the call can be direct.
//! Those that call by name are what compilers leave where a name stands for another (`malloc` for
//! `dlmalloc`): each costs a call wherever memory is allocated, and so for every string that crosses.
//!
//! A function is skipped only if its body is exactly the call with all its parameters and it has
//! exactly the type of what it calls: then the two cannot be told apart, also by casts and indirect
//! calls of references to them. Backtraces do not have it: so a call by name of what comes from outside
//! stays, for where that traps there would be nothing of the guest.
//!
//! The contents of a table are known if nothing writes it but active segments with constant offsets
//! and function items.
//!
//! Until its last segment is applied, a call through a null slot of the table traps. So a table
//! counts as unknown if a start function that runs before may reach it. Start functions that set up
//! a stack and touch nothing else are common, so what they may reach is looked at.
//!
//! Limits: indirect calls with a constant index inside of other functions are left as they are.
//! What a start function may reach is found like what is kept: code in a table is reached by any
//! indirect call through it.

use std::collections::BTreeMap;

use cranelift_entity::{EntitySet, SecondaryMap};
use wasmparser::{ElementItems, FunctionBody, Operator, TableInit};

use super::reach;
use crate::code::known;
use crate::program::{
    Constants, Definition, ElementId, Entity, FuncId, Program, Site, Spaces, TableId, Types, Value,
    constant, segment,
};
use crate::read::malformed;
use crate::{InstanceId, Result};

/// What functions stand for that only call another one.
pub struct Shortcuts {
    ends: SecondaryMap<FuncId, Option<FuncId>>,
}

impl Shortcuts {
    /// What is called in the end when a function is: the function itself, mostly.
    pub fn end(&self, func: FuncId) -> FuncId {
        self.ends[func].unwrap_or(func)
    }
}

/// Finds functions that only call another one, by name or through a table of known contents.
pub fn find(program: &Program<'_>, types: &Types) -> Result<Shortcuts> {
    let mut calls = Vec::new();
    let mut through = EntitySet::new();
    for (id, definition) in &program.funcs {
        if let Definition::Defined(site) = *definition
            && !program.is_opaque(site.instance)
            && let Some(call) = only_call(&program.module(site.instance).bodies[site.position])?
        {
            let spaces = &program.instances[site.instance];
            if let Call::Indirect { table, .. } = call {
                through.insert(spaces.tables.get(table)?);
            }
            calls.push((id, spaces, call));
        }
    }
    let tables = known_tables(program, through)?;
    let mut targets: SecondaryMap<FuncId, Option<FuncId>> = SecondaryMap::new();
    for (id, spaces, call) in calls {
        targets[id] = target(program, types, &tables, (id, spaces), call)?;
    }
    Ok(Shortcuts { ends: ends(program, &targets) })
}

/// The functions in a table; slots that are missing are null.
type Contents = BTreeMap<u64, FuncId>;

/// The contents of the tables of which they are known.
type Known = SecondaryMap<TableId, Option<Contents>>;

/// What is in these tables, as far as it is known.
fn known_tables(program: &Program<'_>, wanted: EntitySet<TableId>) -> Result<Known> {
    let mut tables = Known::new();
    for id in wanted.iter() {
        tables[id] = match program.tables[id] {
            Definition::Defined(site) if starts_null(program, site) => Some(Contents::new()),
            _ => None,
        };
    }
    for instance in program.instances.keys().filter(|id| program.is_opaque(*id)) {
        for table in program.instances[instance].tables.ids() {
            tables[*table] = None;
        }
    }
    for (id, spaces) in &program.instances {
        for table in program.module(id).written_tables() {
            tables[spaces.tables.get(table)?] = None;
        }
    }
    for (_, export) in &program.exports {
        if let Entity::Table(id) = export {
            tables[*id] = None;
        }
    }
    let constants = constant::evaluate(program)?;
    fill(program, &constants, &mut tables)?;
    forget_early(program, &constants, &mut tables)?;
    Ok(tables)
}

/// Applies the segments.
fn fill(program: &Program<'_>, constants: &Constants, tables: &mut Known) -> Result<()> {
    for (id, site) in &program.elements {
        let Some(target) = segment::element_target(program, id)? else { continue };
        let Some(contents) = &mut tables[target.into] else { continue };
        let fits = segment::element_fits(program, constants, id, &target)?;
        let offset = constants.fold(program, site.instance, target.offset)?;
        let written = match offset.and_then(Value::as_offset) {
            Some(offset) if fits => write(program, constants, id, offset, contents)?,
            _ => false,
        };
        if !written {
            tables[target.into] = None;
        }
    }
    Ok(())
}

/// Gives up tables that a start function may see before the last of their segments is applied.
fn forget_early(program: &Program<'_>, constants: &Constants, tables: &mut Known) -> Result<()> {
    let mut filled = InstanceId::from_u32(0);
    for (id, site) in &program.elements {
        if let Some(target) = segment::element_target(program, id)?
            && tables[target.into].is_some()
        {
            filled = filled.max(site.instance);
        }
    }
    let early = reach::reach_from_starts_before(program, constants, filled)?;
    for (id, contents) in tables.iter_mut() {
        if early.tables.contains(id) {
            *contents = None;
        }
    }
    Ok(())
}

fn starts_null(program: &Program<'_>, site: Site) -> bool {
    matches!(program.module(site.instance).tables[site.position].init, TableInit::RefNull)
}

/// Applies a segment; false if an item is not known.
fn write(
    program: &Program<'_>,
    constants: &Constants,
    id: ElementId,
    offset: u64,
    contents: &mut Contents,
) -> Result<bool> {
    let instance = program.elements[id].instance;
    match segment::element(program, id).items.clone() {
        ElementItems::Functions(items) => {
            let funcs = &program.instances[instance].funcs;
            for (slot, item) in (offset..).zip(items) {
                contents.insert(slot, funcs.get(item.map_err(malformed)?)?);
            }
        }
        ElementItems::Expressions(_, items) => {
            for (slot, item) in (offset..).zip(items) {
                match constants.fold(program, instance, &item.map_err(malformed)?)? {
                    Some(Value::RefFunc(func)) => contents.insert(slot, func),
                    Some(Value::RefNull(..)) => contents.remove(&slot),
                    _ => return Ok(false),
                };
            }
        }
    }
    Ok(true)
}

/// What a function stands for that does nothing but that call.
fn target(
    program: &Program<'_>,
    types: &Types,
    tables: &Known,
    (id, spaces): (FuncId, &Spaces),
    call: Call,
) -> Result<Option<FuncId>> {
    let ty = types.of_func(program, id)?;
    let target = match call {
        Call::Direct(func) => {
            let target = spaces.funcs.get(func)?;
            // What is from outside would trap where no code of ours is.
            let Definition::Defined(_) = program.funcs[target] else { return Ok(None) };
            target
        }
        Call::Indirect { slot, ty: called, table } => {
            let Some(contents) = &tables[spaces.tables.get(table)?] else { return Ok(None) };
            let Some(target) = contents.get(&slot) else { return Ok(None) };
            if types.of_module(spaces.module, called)? != ty {
                return Ok(None);
            }
            *target
        }
    };
    Ok((types.of_func(program, target)? == ty).then_some(target))
}

/// A call that is all that a function does.
enum Call {
    Direct(u32),
    Indirect { slot: u64, ty: u32, table: u32 },
}

/// Reads `local.get 0 .. local.get n; call; end`, or `const slot; call_indirect` there. The body is
/// valid, so that it passes all its parameters follows if it has the type that it calls.
fn only_call(body: &FunctionBody<'_>) -> Result<Option<Call>> {
    // Most bodies have locals, or begin with something else.
    let (&[0, known::LOCAL_GET | known::CALL | known::RETURN_CALL, ..]
    | &[0, known::I32_CONST | known::I64_CONST, ..]) = body.as_bytes()
    else {
        return Ok(None);
    };
    let mut ops = body.get_operators_reader().map_err(malformed)?;
    let mut params = 0;
    let mut op = ops.read().map_err(malformed)?;
    while matches!(op, Operator::LocalGet { local_index } if local_index == params) {
        params += 1;
        op = ops.read().map_err(malformed)?;
    }
    let slot = match op {
        Operator::I32Const { value } => Some(u64::from(value.cast_unsigned())),
        Operator::I64Const { value } => Some(value.cast_unsigned()),
        _ => None,
    };
    if slot.is_some() {
        op = ops.read().map_err(malformed)?;
    }
    let call = match (op, slot) {
        (Operator::Call { function_index } | Operator::ReturnCall { function_index }, None) => {
            Call::Direct(function_index)
        }
        (
            Operator::CallIndirect { type_index, table_index }
            | Operator::ReturnCallIndirect { type_index, table_index },
            Some(slot),
        ) => Call::Indirect { slot, ty: type_index, table: table_index },
        _ => return Ok(None),
    };
    let end = matches!(ops.read().map_err(malformed)?, Operator::End) && ops.eof();
    Ok(end.then_some(call))
}

/// Follows chains of targets to their ends. Functions that only call one another in a circle stand
/// for themselves.
fn ends(
    program: &Program<'_>,
    targets: &SecondaryMap<FuncId, Option<FuncId>>,
) -> SecondaryMap<FuncId, Option<FuncId>> {
    let mut ends: SecondaryMap<FuncId, Option<FuncId>> = SecondaryMap::new();
    let mut visit: SecondaryMap<FuncId, Option<FuncId>> = SecondaryMap::new();
    let mut path = Vec::new();
    for start in program.funcs.keys() {
        let mut at = start;
        while ends[at].is_none()
            && visit[at] != Some(start)
            && let Some(next) = targets[at]
        {
            visit[at] = Some(start);
            path.push(at);
            at = next;
        }
        let in_circle = ends[at].is_none() && visit[at] == Some(start);
        let end = ends[at].unwrap_or(at);
        for func in path.drain(..) {
            ends[func] = Some(if in_circle { func } else { end });
        }
    }
    ends
}
