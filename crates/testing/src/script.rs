//! Runs scripts in the format of the specification's tests (`.wast`), with each component put
//! through a function first: unchanged for the oracle, fused for comparison.
//!
//! A script's directives are run one after another, and each is reported by itself: an assertion
//! that does not hold does not end the run. Components are instantiated each in a store of its own,
//! and import from the [`host`](super::host).

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow, bail};
use wasmtime::component::{Component, Instance, Val};
use wasmtime::{Engine, Store, WasmBacktrace};
use wast::component::WastVal;
use wast::core::{NanPattern, WastArgCore, WastRetCore};
use wast::parser::{ParseBuffer, parse};
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

use crate::host::{Transcript, block_on, linker};

/// What became of a directive.
#[derive(Debug)]
pub struct Step {
    /// The line on which the directive begins.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
    /// What happened, or why it does not hold.
    pub outcome: Result<Outcome, String>,
    /// What the host was called with meanwhile.
    pub transcript: Transcript,
}

/// What a directive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A component, defined or instantiated.
    Component,
    /// A component that must be refused.
    Invalid,
    /// A call.
    Call,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing that has a value.
    Done,
    /// A function returned.
    Returned(Vec<Val>),
    /// A trap.
    Trapped(Trap),
}

/// A trap.
#[derive(Clone, Debug, PartialEq)]
pub struct Trap {
    /// All that the engine says, without the backtrace.
    pub message: String,
    /// The names of the functions on the stack, innermost first.
    pub frames: Vec<String>,
}

/// What is to be done with each component. The second argument is its line.
pub type Prepare<'p> = dyn FnMut(Vec<u8>, usize) -> Result<Vec<u8>, String> + 'p;

/// Runs a script. Where `wording` is set, traps must have the message that the script expects.
pub fn run(
    engine: &Engine,
    text: &str,
    wording: bool,
    prepare: &mut Prepare<'_>,
) -> Result<Vec<Step>> {
    let explain = |mut error: wast::Error| {
        error.set_text(text);
        anyhow!("{error}")
    };
    let buffer = ParseBuffer::new(text).map_err(explain)?;
    let script = parse::<Wast<'_>>(&buffer).map_err(explain)?;
    let mut runner = Runner {
        engine,
        text,
        wording,
        prepare,
        definitions: HashMap::new(),
        instances: HashMap::new(),
        current: None,
    };
    Ok(script.directives.into_iter().map(|directive| runner.step(directive)).collect())
}

struct Runner<'a, 'p> {
    engine: &'a Engine,
    text: &'a str,
    wording: bool,
    prepare: &'a mut Prepare<'p>,
    definitions: HashMap<String, Component>,
    instances: HashMap<String, Live>,
    current: Option<String>,
}

struct Live {
    store: Store<Transcript>,
    instance: Instance,
}

impl Runner<'_, '_> {
    fn step(&mut self, directive: WastDirective<'_>) -> Step {
        let line = directive.span().linecol_in(self.text).0 + 1;
        let kind = match &directive {
            WastDirective::AssertInvalid { .. } | WastDirective::AssertMalformed { .. } => {
                Kind::Invalid
            }
            WastDirective::Invoke(_) | WastDirective::AssertReturn { .. } => Kind::Call,
            WastDirective::AssertTrap { exec: WastExecute::Invoke(_), .. } => Kind::Call,
            _ => Kind::Component,
        };
        let mut transcript = Transcript::new();
        let outcome = self.execute(directive, line, &mut transcript);
        Step { line, kind, outcome: outcome.map_err(|error| format!("{error:#}")), transcript }
    }

    fn execute(
        &mut self,
        directive: WastDirective<'_>,
        line: usize,
        transcript: &mut Transcript,
    ) -> Result<Outcome> {
        match directive {
            WastDirective::Module(mut wat) => {
                self.current = None;
                let name = wat.name().map_or("", |id| id.name()).to_string();
                let component = self.component(wat.encode(), line)?;
                self.instantiate(&component, name, transcript)
            }
            WastDirective::ModuleDefinition(mut wat) => {
                let name = wat.name().map_or("", |id| id.name()).to_string();
                let component = self.component(wat.encode(), line)?;
                self.definitions.insert(name, component);
                Ok(Outcome::Done)
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                self.current = None;
                let of = module.map_or("", |id| id.name());
                let component = self.definitions.get(of).cloned();
                let component = component.with_context(|| format!("nothing is called `{of}`"))?;
                let name = instance.map_or("", |id| id.name()).to_string();
                self.instantiate(&component, name, transcript)
            }
            WastDirective::AssertInvalid { module, .. }
            | WastDirective::AssertMalformed { module, .. } => self.invalid(module, line),
            WastDirective::Invoke(invoke) => self.invoke(&invoke, transcript)?.into_result(),
            WastDirective::AssertReturn { exec: WastExecute::Invoke(invoke), results, .. } => {
                let outcome = self.invoke(&invoke, transcript)?.into_result()?;
                if let Outcome::Returned(values) = &outcome {
                    expect(&results, values)?;
                }
                Ok(outcome)
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                let outcome = match exec {
                    WastExecute::Invoke(invoke) => self.invoke(&invoke, transcript)?,
                    WastExecute::Wat(mut wat) => {
                        let component = self.component(wat.encode(), line)?;
                        self.try_instantiate(&component, String::new(), transcript)?
                    }
                    WastExecute::Get { .. } => bail!("a core module's global"),
                };
                match &outcome {
                    Outcome::Trapped(trap) if !self.wording || trap.message.contains(message) => {
                        Ok(outcome)
                    }
                    Outcome::Trapped(trap) => {
                        bail!("it traps with `{}`, not with `{message}`", trap.message)
                    }
                    other => bail!("it does not trap: {other:?}"),
                }
            }
            other => bail!("a directive that scripts of components do not have: {other:?}"),
        }
    }

    fn component(
        &mut self,
        bytes: std::result::Result<Vec<u8>, wast::Error>,
        line: usize,
    ) -> Result<Component> {
        let bytes = (self.prepare)(bytes?, line).map_err(|error| anyhow!("{error}"))?;
        Ok(Component::new(self.engine, bytes)?)
    }

    fn invalid(&mut self, mut module: QuoteWat<'_>, line: usize) -> Result<Outcome> {
        if matches!(module, QuoteWat::QuoteModule(..) | QuoteWat::Wat(Wat::Module(_))) {
            bail!("a core module");
        }
        match self.component(module.encode(), line) {
            Ok(_) => bail!("it is valid"),
            Err(_) => Ok(Outcome::Done),
        }
    }

    fn instantiate(
        &mut self,
        component: &Component,
        name: String,
        transcript: &mut Transcript,
    ) -> Result<Outcome> {
        self.try_instantiate(component, name, transcript)?.into_result()
    }

    fn try_instantiate(
        &mut self,
        component: &Component,
        name: String,
        transcript: &mut Transcript,
    ) -> Result<Outcome> {
        let mut store = Store::new(self.engine, Transcript::new());
        let linker = linker(self.engine, component)?;
        let instance = block_on(linker.instantiate_async(&mut store, component))?;
        transcript.append(store.data_mut());
        let instance = match instance {
            Ok(instance) => instance,
            Err(error) => return Ok(Outcome::Trapped(Trap::of(&error))),
        };
        self.instances.insert(name.clone(), Live { store, instance });
        self.current = Some(name);
        Ok(Outcome::Done)
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>, transcript: &mut Transcript) -> Result<Outcome> {
        let current = || self.current.clone();
        let name = invoke.module.map(|id| id.name().to_string()).or_else(current);
        let live = name.and_then(|name| self.instances.get_mut(&name));
        let Live { store, instance } = live.context("there is no instance")?;
        let func = instance.get_func(&mut *store, invoke.name);
        let func = func.with_context(|| format!("no function `{}`", invoke.name))?;
        let args = invoke.args.iter().map(argument).collect::<Result<Vec<_>>>()?;
        let mut results = vec![Val::Bool(false); func.ty(&*store).results().len()];
        let returned = block_on(func.call_async(&mut *store, &args, &mut results))?;
        transcript.append(store.data_mut());
        Ok(match returned {
            Ok(()) => Outcome::Returned(results),
            Err(error) => Outcome::Trapped(Trap::of(&error)),
        })
    }
}

impl Outcome {
    /// A trap that nobody expects is an error.
    fn into_result(self) -> Result<Outcome> {
        match self {
            Outcome::Trapped(trap) => bail!("it traps: {}", trap.message),
            outcome => Ok(outcome),
        }
    }
}

impl Trap {
    fn of(error: &wasmtime::Error) -> Trap {
        let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
        let name = |frame: &wasmtime::FrameInfo| frame.func_name().unwrap_or("?").to_string();
        let causes = error.chain().map(|cause| cause.to_string());
        let causes: Vec<_> = causes.filter(|cause| !cause.contains("backtrace:")).collect();
        Trap { message: causes.join(": "), frames: frames.iter().map(name).collect() }
    }
}

fn expect(expected: &[WastRet<'_>], found: &[Val]) -> Result<()> {
    let expected = expected.iter().map(result).collect::<Result<Vec<_>>>()?;
    let found: Vec<_> = found.iter().map(comparable).collect();
    if expected != found {
        bail!("it returns {found:?}, not {expected:?}");
    }
    Ok(())
}

/// Floats are written as those of core modules are.
fn argument(arg: &WastArg<'_>) -> Result<Val> {
    match arg {
        WastArg::Component(value) => Ok(value_of(value)),
        WastArg::Core(WastArgCore::F32(value)) => Ok(value_of(&WastVal::F32(*value))),
        WastArg::Core(WastArgCore::F64(value)) => Ok(value_of(&WastVal::F64(*value))),
        other => bail!("a core value: {other:?}"),
    }
}

fn result(expected: &WastRet<'_>) -> Result<Val> {
    match expected {
        WastRet::Component(value) => Ok(value_of(value)),
        WastRet::Core(WastRetCore::F32(NanPattern::Value(value))) => {
            Ok(value_of(&WastVal::F32(*value)))
        }
        WastRet::Core(WastRetCore::F64(NanPattern::Value(value))) => {
            Ok(value_of(&WastVal::F64(*value)))
        }
        other => bail!("a core value: {other:?}"),
    }
}

/// What a script can write: it has no word for lists of fixed length, and lists flags in any order.
fn comparable(value: &Val) -> Val {
    let all = |values: &[Val]| values.iter().map(comparable).collect();
    let boxed = |value: &Option<Box<Val>>| value.as_ref().map(|v| Box::new(comparable(v)));
    match value {
        Val::List(values) | Val::FixedLengthList(values) => Val::List(all(values)),
        Val::Tuple(values) => Val::Tuple(all(values)),
        Val::Record(fields) => {
            Val::Record(fields.iter().map(|(name, v)| (name.clone(), comparable(v))).collect())
        }
        Val::Map(entries) => {
            Val::Map(entries.iter().map(|(k, v)| (comparable(k), comparable(v))).collect())
        }
        Val::Variant(name, payload) => Val::Variant(name.clone(), boxed(payload)),
        Val::Option(payload) => Val::Option(boxed(payload)),
        Val::Result(Ok(payload)) => Val::Result(Ok(boxed(payload))),
        Val::Result(Err(payload)) => Val::Result(Err(boxed(payload))),
        Val::Flags(names) => Val::Flags(sorted(names.iter().cloned())),
        other => other.clone(),
    }
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn value_of(value: &WastVal<'_>) -> Val {
    let all = |values: &[WastVal<'_>]| values.iter().map(value_of).collect();
    let boxed = |value: &Option<Box<WastVal<'_>>>| value.as_ref().map(|v| Box::new(value_of(v)));
    match value {
        WastVal::Bool(value) => Val::Bool(*value),
        WastVal::U8(value) => Val::U8(*value),
        WastVal::S8(value) => Val::S8(*value),
        WastVal::U16(value) => Val::U16(*value),
        WastVal::S16(value) => Val::S16(*value),
        WastVal::U32(value) => Val::U32(*value),
        WastVal::S32(value) => Val::S32(*value),
        WastVal::U64(value) => Val::U64(*value),
        WastVal::S64(value) => Val::S64(*value),
        WastVal::F32(value) => Val::Float32(f32::from_bits(value.bits)),
        WastVal::F64(value) => Val::Float64(f64::from_bits(value.bits)),
        WastVal::Char(value) => Val::Char(*value),
        WastVal::String(value) => Val::String((*value).into()),
        WastVal::List(values) => Val::List(all(values)),
        WastVal::Map(entries) => {
            Val::Map(entries.iter().map(|(k, v)| (value_of(k), value_of(v))).collect())
        }
        WastVal::Record(fields) => {
            Val::Record(fields.iter().map(|(n, v)| ((*n).into(), value_of(v))).collect())
        }
        WastVal::Tuple(values) => Val::Tuple(all(values)),
        WastVal::Variant(name, payload) => Val::Variant((*name).into(), boxed(payload)),
        WastVal::Enum(name) => Val::Enum((*name).into()),
        WastVal::Option(payload) => Val::Option(boxed(payload)),
        WastVal::Result(Ok(payload)) => Val::Result(Ok(boxed(payload))),
        WastVal::Result(Err(payload)) => Val::Result(Err(boxed(payload))),
        WastVal::Flags(names) => Val::Flags(sorted(names.iter().map(|name| (*name).into()))),
    }
}
