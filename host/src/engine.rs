//! The engine's configuration, in one place because it is a contract between two programs: the
//! build script compiles the component under it, and the host loads the result under it. wasmtime
//! refuses to load what another configuration has compiled.

use wasmtime::{Config, Engine, Result};

/// The configuration.
pub fn config() -> Config {
    let mut config = Config::new();
    // Checks at each loop and call whether the time that a call may take is up.
    config.epoch_interruption(true);
    // The fuser's functions are all synchronous; without this each call enters and leaves a task.
    config.concurrency_support(false);
    // Where the component traps it has said why; addresses in it tell nobody more.
    config.generate_address_map(false).wasm_backtrace_max_frames(None);
    config
}

/// Machine code for a component, on a kind of machine.
#[allow(dead_code, reason = "only the build script compiles")]
pub fn compile(component: &[u8], target: &str) -> Result<Vec<u8>> {
    // Naming the target keeps features of this very machine's processor out of the program.
    Engine::new(config().target(target)?)?.precompile_component(component)
}
