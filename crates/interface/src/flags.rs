//! What the command line calls options: those that a remedy names, and those that a target is.
//!
//! The fuser says it of its targets, and the command line of errors.

use wasm_fuser::error::{Limit, Setting, Spending};
use wasm_fuser::options::{
    Capacity, CoreImports, Emit, MemoryPlan, OpenImports, Options, Port, Prefer, Start, Tables,
    Tasks, Wire,
};

/// A flag, with its value where the remedy has one.
pub fn flag(setting: &Setting) -> String {
    match setting {
        Setting::Emit(Emit::Component) => "--emit component".into(),
        Setting::Emit(Emit::Module) => "--emit module".into(),
        Setting::Emit(Emit::RawModule) => "--emit raw-module".into(),
        Setting::Emit(Emit::Flat) => "--emit flat".into(),
        Setting::Memory(MemoryPlan::Multi) => "--memory multi".into(),
        Setting::Memory(MemoryPlan::Split) => "--memory split".into(),
        Setting::Memory(MemoryPlan::Single) => "--memory single".into(),
        Setting::Capacity => "--capacity".into(),
        Setting::Tasks(Tasks::Refuse) => "--tasks refuse".into(),
        Setting::Tasks(Tasks::Apart) => "--tasks apart".into(),
        Setting::Wire(Wire { importer, import_name, provider, export_name }) => {
            format!("--wire '{importer}:{import_name}={provider}:{export_name}'")
        }
        Setting::LeaveOpen(Port { input, name }) => format!("--open '{input}:{name}'"),
        Setting::AlsoExport(Port { input, name }) => format!("--export '{input}:{name}'"),
        Setting::Open(OpenImports::Any) => "--closed=any".into(),
        Setting::Open(OpenImports::Wasi) => "--closed=wasi".into(),
        Setting::Open(OpenImports::None) => "--closed".into(),
        Setting::Limit(Limit::Instances) => "--limit-instances".into(),
        Setting::Limit(Limit::Definitions) => "--limit-definitions".into(),
        Setting::Limit(Limit::Types) => "--limit-types".into(),
        Setting::Limit(Limit::Depth) => "--limit-depth".into(),
        Setting::Limit(Limit::ShimBytes) => "--limit-shim-bytes".into(),
        Setting::Limit(Limit::OutputBytes) => "--limit-output-bytes".into(),
        Setting::Budget(Spending::MemoryMb) => "--max-memory-mb".into(),
        Setting::Budget(Spending::Seconds) => "--max-seconds".into(),
    }
}

/// The flags that options are, where they are not the default ones.
pub fn flags(options: &Options) -> String {
    let mut flags =
        vec![flag(&Setting::Emit(options.emit)), flag(&Setting::Memory(options.memory))];
    if !options.simd {
        flags.push("--no-simd".into());
    }
    if options.capacity != Options::default().capacity {
        flags.push(format!("--capacity {}", options.capacity));
    }
    for Capacity { guest, bytes } in &options.capacities {
        flags.push(format!("--capacity {guest}={bytes}"));
    }
    if options.prefer == Prefer::Size {
        flags.push("--prefer size".into());
    }
    if options.tables == Tables::Single {
        flags.push("--tables single".into());
    }
    flags.extend(options.trusted.iter().map(|guest| format!("--trust {guest}")));
    flags.extend(options.store.map(|bytes| format!("--store {bytes}")));
    for CoreImports { interface, module } in &options.core_imports {
        flags.push(format!("--core-imports {interface}={module}"));
    }
    if options.only_core_imports {
        flags.push("--only-core-imports".into());
    }
    if let Some(Start { export, exit, .. }) = &options.start {
        flags.push(format!("--start {export}"));
        flags.extend(exit.iter().map(|exit| format!("--exit {}#{}", exit.module, exit.name)));
    }
    flags.join(" ")
}
