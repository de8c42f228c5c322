//! What the command line calls the options that a remedy names.

use wasm_fuser::error::{Limit, Setting, Spending};
use wasm_fuser::options::{Emit, MemoryPlan, OpenImports, Port, Tasks, Wire};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Command, FuseCommand, Terminal, parse};

    /// The command with a flag as a remedy says it, and a value where that has none.
    fn with(setting: &Setting, value: Option<&str>) -> FuseCommand {
        let flag = flag(setting).replace('\'', "");
        let arguments = ["fuse", "a", "b", "-o", "out"].into_iter().chain(flag.split(' '));
        let arguments: Vec<String> = arguments.chain(value).map(Into::into).collect();
        match parse(&arguments, Terminal::default()).map(|it| it.command) {
            Ok(Command::Fuse(command)) => command,
            other => panic!("{arguments:?}: {other:?}"),
        }
    }

    #[test]
    fn a_flag_in_a_remedy_sets_what_the_remedy_means() {
        for emit in [Emit::Component, Emit::Module, Emit::RawModule, Emit::Flat] {
            assert_eq!(with(&Setting::Emit(emit), None).options.emit, emit);
        }
        for plan in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
            assert_eq!(with(&Setting::Memory(plan), None).options.memory, plan);
        }
        for tasks in [Tasks::Refuse, Tasks::Apart] {
            assert_eq!(with(&Setting::Tasks(tasks), None).options.tasks, tasks);
        }
        let wire = Wire {
            importer: "a".into(),
            import_name: "x:y/z@1.0.0".into(),
            provider: "b".into(),
            export_name: "x:y/z@1.2.0".into(),
        };
        assert_eq!(with(&Setting::Wire(wire.clone()), None).options.wires, [wire]);
        let port = Port { input: "a".into(), name: "x:y/z@1.0.0".into() };
        assert_eq!(
            with(&Setting::LeaveOpen(port.clone()), None).options.leave_open,
            std::slice::from_ref(&port)
        );
        assert_eq!(with(&Setting::AlsoExport(port.clone()), None).options.also_export, [port]);
        for open in [OpenImports::Any, OpenImports::Wasi, OpenImports::None] {
            assert_eq!(with(&Setting::Open(open), None).options.open, open);
        }
        assert_eq!(with(&Setting::Capacity, Some("7")).options.capacity, 7);
        let limits = |limit| with(&Setting::Limit(limit), Some("7")).options.limits;
        assert_eq!(limits(Limit::Instances).instances, 7);
        assert_eq!(limits(Limit::Definitions).definitions, 7);
        assert_eq!(limits(Limit::Types).types, 7);
        assert_eq!(limits(Limit::Depth).depth, 7);
        assert_eq!(limits(Limit::ShimBytes).shim_bytes, 7);
        assert_eq!(limits(Limit::OutputBytes).output_bytes, 7);
        let budget = |budget| with(&Setting::Budget(budget), Some("7")).budget;
        assert_eq!(budget(Spending::MemoryMb).memory_mb, 7);
        assert_eq!(budget(Spending::Seconds).seconds, 7);
    }
}
