//! What errors advise is understood.

use wasm_fuser::error::{Limit, Setting, Spending};
use wasm_fuser::options::{Emit, MemoryPlan, OpenImports, Port, Tasks, Wire};
use wasm_fuser_cli::{Command, FuseCommand, Terminal, parse};
use wasm_fuser_interface::flag;

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
