//! Which functions of the root's imports are core imports of the result, and what it does as a command.
//!
//! # Problem
//!
//! An engine without components provides core functions: those of WASI preview 1, say, of modules and
//! under names that WIT does not have. A component that uses them imports an interface whose functions
//! have exactly their core signatures, and whoever fuses says which module that interface is
//! ([`CoreImports`](crate::options::CoreImports)):
//!
//! ```text
//! interface raw { fd-write: func(fd: u32, iovs: u32, len: u32, out: u32) -> u32; }
//! --core-imports demo:preview1/raw=wasi_snapshot_preview1
//! (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
//! ```
//!
//! Such functions take numbers of 32 and 64 bits: their values are the same on both sides, so that nothing
//! of the canonical ABI is between. Pointers are numbers, too, which the host follows in the memory that the
//! result exports as `memory`. Where that has a region for each guest, a guest adds what the *intrinsic*
//! `base` says, a function that the fuser itself provides.
//!
//! All this is asked of a module alone. In a component, and where nobody asks, the interfaces are imported
//! as all others are.
//!
//! # Rejected
//!
//! Core imports of every signature, with pointers translated by adapters: the fuser would need to know, for
//! each parameter, what is a pointer to what. A provider, which is a program, does know.
//!
//! An intrinsic that takes a list, whose memory the canonical options name: it would be an adapter and two
//! calls for each pointer. The memory is found by what an instance's other functions use.

use super::{FuncDef, ImportId, LiftId, Plan, Primitive, Type, TypeId};
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{CoreName, Emit, Options, Start, is_intrinsic};

/// What an imported function is to the result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// A function of its world.
    #[default]
    World,
    /// A core import.
    Core(CoreName),
    /// The intrinsic that says where the memory of its caller begins.
    MemoryBase,
}

/// The exported function that the result runs as a command.
#[derive(Clone, Debug)]
pub struct Main {
    /// The function.
    pub lift: LiftId,
    /// Whether it returns a result.
    pub can_fail: bool,
    /// The core import that is called with 1 if that is an error.
    pub exit: Option<CoreName>,
}

/// The parameters that a core signature of the canonical ABI can have.
const MAX_PARAMETERS: usize = 16;

/// Gives each imported function its role, and finds what the result runs.
pub(super) fn assign(plan: &mut Plan<'_>, options: &Options) -> Result<()> {
    if !options.emit.is_module() {
        return match options.asks_for_core() {
            true => Err(not_a_module()),
            false => Ok(()),
        };
    }
    let mut refused = Vec::new();
    for id in plan.imports.keys() {
        let [interface, function] = &plan.imports[id].origin.path[..] else { continue };
        let role = match options.core_module(interface) {
            Some(module) => {
                let name = CoreName { module: module.into(), name: function.replace('-', "_") };
                Role::Core(name)
            }
            None if is_intrinsic(interface) => Role::MemoryBase,
            None => continue,
        };
        match broken(plan, id, &role) {
            Some(why) => refused.push(format!("`{function}` of `{interface}`: {why}")),
            None => plan.imports[id].role = role,
        }
    }
    match &refused[..] {
        [] => {}
        [one] => return Err(not_numbers(format!("a function cannot be a core import: {one}"))),
        all => {
            let all = all.join("\n  ");
            return Err(not_numbers(format!("functions cannot be core imports:\n  {all}")));
        }
    }
    plan.main = match &options.start {
        Some(start) => main(plan, start)?,
        None => None,
    };
    Ok(())
}

/// Why a function cannot have a role.
fn broken(plan: &Plan<'_>, id: ImportId, role: &Role) -> Option<String> {
    let Ok(ty) = plan.types.func(plan.imports[id].ty) else { return None };
    let called = |(_, lower): (_, &super::Lower)| lower.target == FuncDef::Import(id);
    let mut calls = plan.lowers.iter().filter(|lower| called(*lower)).map(|(_, lower)| lower);
    if ty.async_ {
        return Some("it is asynchronous".into());
    }
    if let Some(call) = calls.find(|lower| lower.options.async_) {
        return Some(format!("`{}` calls it asynchronously", plan.path(call.owner)));
    }
    if *role == Role::MemoryBase {
        let is_u32 = |ty| is_primitive(plan, ty, &[Primitive::U32]);
        let is_base = ty.params.is_empty() && ty.result.is_some_and(is_u32);
        return (!is_base).then(|| "the intrinsic is `base: func() -> u32`".into());
    }
    for (name, ty) in &ty.params {
        if !is_number(plan, *ty) {
            return Some(format!("its parameter `{name}` is no number of 32 or 64 bits"));
        }
    }
    if ty.result.is_some_and(|ty| !is_number(plan, ty)) {
        return Some("its result is no number of 32 or 64 bits".into());
    }
    (ty.params.len() > MAX_PARAMETERS)
        .then(|| format!("it has {} parameters, and can have {MAX_PARAMETERS}", ty.params.len()))
}

fn is_number(plan: &Plan<'_>, ty: TypeId) -> bool {
    use Primitive::{F32, F64, S32, S64, U32, U64};
    is_primitive(plan, ty, &[S32, U32, S64, U64, F32, F64])
}

fn is_primitive(plan: &Plan<'_>, ty: TypeId, among: &[Primitive]) -> bool {
    matches!(&plan.types[ty], Type::Primitive(primitive) if among.contains(primitive))
}

/// The function that the result is to run.
fn main(plan: &Plan<'_>, start: &Start) -> Result<Option<Main>> {
    let found = super::exported_funcs(plan).into_iter().find(|(path, _)| start.names(path));
    let Some((path, item)) = found else {
        if start.if_exported {
            return Ok(None);
        }
        return Err(Error::new(
            Code::CoreImport,
            format!("the composition exports no function `{}` that could be run", start.export),
        )
        .with_help("name a function that it exports, after its interface and `#`"));
    };
    let refused = |why: &str| {
        Error::new(Code::CoreImport, format!("`{}` cannot be run: {why}", path.join("#")))
            .with_help("a command is `func()` or `func() -> result`")
    };
    let super::Item::Func(FuncDef::Lift(lift), _) = item else {
        return Err(refused("it is a function of the host's"));
    };
    let ty = plan.types.func(plan.lifts[lift].ty)?;
    if ty.async_ || plan.lifts[lift].options.async_ {
        return Err(refused("it is asynchronous"));
    }
    if !ty.params.is_empty() {
        return Err(refused("it has parameters"));
    }
    let can_fail = match ty.result.map(|ty| &plan.types[ty]) {
        None => false,
        Some(Type::Result { ok: None, err: None }) => true,
        Some(_) => return Err(refused("it returns more than whether it has failed")),
    };
    Ok(Some(Main { lift, can_fail, exit: start.exit.clone() }))
}

fn not_a_module() -> Error {
    Error::new(Code::CoreImport, "a component has no core imports, and no start of a command")
        .with_help(
            Remedy::from("let the result be a core module: ").setting(Setting::Emit(Emit::Module)),
        )
}

fn not_numbers(message: String) -> Error {
    Error::new(Code::CoreImport, message)
        .with_help("pass numbers: pointers as `u32`, with what the intrinsic `base` says added")
}
