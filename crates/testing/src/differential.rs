//! A composition and what it was fused to, called with the same arguments.

use wasmtime::component::Val;
use wasmtime::component::types::ComponentFunc;

use crate::programs::Program;
use crate::run::Live;

/// Instances of a composition and of every fused form of it.
#[expect(missing_debug_implementations, reason = "a store has none")]
pub struct Differential {
    composed: Live,
    fused: Vec<(&'static str, Live)>,
}

impl Differential {
    /// Instantiates all of them.
    pub fn new(program: &Program) -> Differential {
        Differential::of(&program.composed(), program.fused())
    }

    /// The same of forms that are at hand, each with what to call it in a message.
    pub fn of(
        composed: &[u8],
        fused: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
    ) -> Differential {
        let live = |bytes: &[u8]| Live::new(bytes).unwrap_or_else(|error| panic!("{error:?}"));
        let fused = fused.into_iter().map(|(form, bytes)| (form, live(&bytes))).collect();
        Differential { composed: live(composed), fused }
    }

    /// What the composition returns, which is what every fused form returns.
    pub fn call(&mut self, interface: &str, function: &str, args: &[Val]) -> Option<Val> {
        let expected = self.composed.call(interface, function, args);
        let expected = expected.unwrap_or_else(|error| panic!("{function}: {error:?}"));
        for (form, live) in &mut self.fused {
            match live.call(interface, function, args) {
                Ok(found) => assert!(
                    found == expected,
                    "{function} {form}\n  of       {args:?}\n  gives    {found:?}\n  expected {expected:?}"
                ),
                Err(error) => panic!("{function} {form} of {args:?} traps: {error:?}"),
            }
        }
        expected
    }

    /// What a sequence of calls gives with the composition, and so with every fused form.
    pub fn run<T: PartialEq + std::fmt::Debug>(&mut self, calls: impl Fn(&mut Live) -> T) -> T {
        let expected = calls(&mut self.composed);
        for (form, live) in &mut self.fused {
            assert_eq!(calls(live), expected, "{form}");
        }
        expected
    }

    /// Calls what traps in the composition, and so has to trap in every fused form.
    pub fn traps(mut self, interface: &str, function: &str, args: &[Val]) {
        assert!(self.composed.call(interface, function, args).is_err(), "{function} must trap");
        for (form, live) in &mut self.fused {
            assert!(live.call(interface, function, args).is_err(), "{form}: {function} must trap");
        }
    }

    /// The functions of every exported interface.
    pub fn functions(&self) -> Vec<(String, String, ComponentFunc)> {
        self.composed.functions()
    }
}
