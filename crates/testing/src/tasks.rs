//! Random programs of tasks: compositions of instances that call and wait for one another.
//!
//! Each instance exports a few `async` functions, and each of these is a list of [`Step`]s, compiled to a
//! state machine: what it has to remember lies in memory, at an address that is in its slot of context. A
//! function has a callback, or returns at its end; the second kind may wait on its stack if nobody calls
//! it with `async`. Instances call those before them.
//!
//! Every call has a number, that of its caller followed by a digit, and every step that sees something logs
//! it under that number. Whatever the order in which ready tasks have their turns, each task by itself sees
//! the same: so the log is compared sorted by tasks. What depends on the order is not logged.

use std::fmt::Write;

/// A composition.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its instances; the host calls the last.
    pub instances: Vec<Instance>,
}

/// An instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What it exports.
    pub funcs: Vec<Func>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    /// How it is lifted.
    pub kind: Kind,
    /// What it does.
    pub steps: Vec<Step>,
    /// What it does when it is cancelled.
    pub obeys: bool,
}

/// How a function is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With a callback.
    Callback,
    /// It returns at its end, and does not wait.
    Plain,
    /// It returns at its end, and may wait on its stack: nobody calls it with `async`.
    Waiting,
}

impl Kind {
    /// Whether it may wait.
    pub fn waits(self) -> bool {
        matches!(self, Kind::Callback | Kind::Waiting)
    }
}

/// What a function does next.
#[allow(missing_docs, reason = "which instance and which of its functions")]
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Calls a function with `async`. The result goes to the slot of the step's number.
    Start { instance: usize, func: usize },
    /// Calls one without.
    Call { instance: usize, func: usize },
    /// Waits until all that it has started is resolved.
    Await,
    /// Gives others a turn.
    Yield,
    /// Returns its number, and goes on: not the sum, for who knows what is in it by now.
    Return,
    /// Starts one, and cancels it at once.
    Cancel { instance: usize, func: usize },
    /// Starts one, and cancels it without `async`.
    Drop { instance: usize, func: usize },
    /// Keeps tasks from entering an instance, starts one there, and lets it in.
    Gate { instance: usize, func: usize },
    /// Waits for nothing, until it is cancelled.
    Sleep,
    /// Looks whether something has happened, and does not say what.
    Poll,
}

/// Slots of a task, and steps of a function at most.
pub const SLOTS: usize = 8;

impl Program {
    /// The composition, as text.
    pub fn text(&self) -> String {
        let mut text =
            String::from("(component\n  (import \"log\" (func $log (param \"n\" u32)))\n");
        for index in 0..self.instances.len() {
            self.component(&mut text, index);
        }
        for index in 0..self.instances.len() {
            write!(text, "  (instance $i{index} (instantiate $c{index} (with \"log\" (func $log))")
                .unwrap();
            for lower in 0..index {
                write!(text, "\n    (with \"i{lower}\" (instance $i{lower}))").unwrap();
            }
            text.push_str("))\n");
        }
        let last = self.instances.len() - 1;
        for (func, it) in self.instances[last].funcs.iter().enumerate() {
            if it.kind != Kind::Plain || func == 0 {
                writeln!(text, "  (export \"run{func}\" (func $i{last} \"f{func}\"))").unwrap();
            }
        }
        text.push_str(")\n");
        text
    }

    /// Whether somebody keeps tasks from entering an instance.
    fn is_gated(&self, index: usize) -> bool {
        let mut steps = self.instances.iter().flat_map(|it| &it.funcs).flat_map(|it| &it.steps);
        steps.any(|step| matches!(step, Step::Gate { instance, .. } if *instance == index))
    }

    fn component(&self, text: &mut String, index: usize) {
        let instance = &self.instances[index];
        writeln!(text, "  (component $c{index}").unwrap();
        text.push_str("    (import \"log\" (func $log (param \"n\" u32)))\n");
        for lower in 0..index {
            write!(text, "    (import \"i{lower}\" (instance $i{lower}").unwrap();
            for func in 0..self.instances[lower].funcs.len() {
                write!(
                    text,
                    "\n      (export \"f{func}\" (func async (param \"x\" u32) (result u32)))"
                )
                .unwrap();
            }
            if self.is_gated(lower) {
                text.push_str("\n      (export \"gate\" (func (param \"by\" u32)))");
            }
            text.push_str("))\n");
        }
        text.push_str(
            "    (core module $libc (memory (export \"memory\") 2))\n    (core instance $libc (instantiate $libc))\n",
        );
        let mut exports = String::new();
        let mut lowered = |name: &str, canon: String| {
            writeln!(text, "    (core func ${name} (canon {canon}))").unwrap();
            write!(exports, " (export \"{name}\" (func ${name}))").unwrap();
        };
        lowered("log", "lower (func $log)".into());
        let memory = "(memory (core memory $libc \"memory\"))";
        for lower in 0..index {
            for func in 0..self.instances[lower].funcs.len() {
                if instance.starts(lower, func) {
                    let canon = format!("lower (func $i{lower} \"f{func}\") async {memory}");
                    lowered(&format!("a{lower}-{func}"), canon);
                }
                if instance.calls(lower, func) {
                    let canon = format!("lower (func $i{lower} \"f{func}\")");
                    lowered(&format!("s{lower}-{func}"), canon);
                }
            }
            if self.is_gated(lower) {
                lowered(&format!("gate{lower}"), format!("lower (func $i{lower} \"gate\")"));
            }
        }
        for (name, canon) in [
            ("return", "task.return (result u32)".to_string()),
            ("task-cancel", "task.cancel".into()),
            ("get", "context.get i32 0".into()),
            ("set", "context.set i32 0".into()),
            ("cancel", "subtask.cancel async".into()),
            ("cancel-now", "subtask.cancel".into()),
            ("drop", "subtask.drop".into()),
            ("set-new", "waitable-set.new".into()),
            ("set-drop", "waitable-set.drop".into()),
            ("join", "waitable.join".into()),
            ("poll", format!("waitable-set.poll {memory}")),
        ] {
            lowered(name, canon);
        }
        if self.is_gated(index) {
            lowered("inc", "backpressure.inc".into());
            lowered("dec", "backpressure.dec".into());
        }
        if instance.funcs.iter().any(|func| func.kind == Kind::Waiting) {
            lowered("wait", format!("waitable-set.wait {memory}"));
        }
        self.module(text, index);
        writeln!(
            text,
            "    (core instance $m (instantiate $m (with \"\" (instance (export \"memory\" (memory $libc \"memory\")){exports}))))"
        )
        .unwrap();
        for (func, it) in instance.funcs.iter().enumerate() {
            let options = match it.kind {
                Kind::Callback => format!(" async (callback (core func $m \"callback{func}\"))"),
                _ => String::new(),
            };
            writeln!(
                text,
                "    (func (export \"f{func}\") async (param \"x\" u32) (result u32) (canon lift (core func $m \"f{func}\"){options}))"
            )
            .unwrap();
        }
        if self.is_gated(index) {
            text.push_str(
                "    (func (export \"gate\") (param \"by\" u32) (canon lift (core func $m \"gate\")))\n",
            );
        }
        text.push_str("  )\n");
    }

    /// The frame of a task: +0 the next step, +4 its number, +8 the sum so far, +12 how much is under way,
    /// +16 its set, +20 whether it has returned, +24 events, and for each slot, +32 a handle and +64 a
    /// result.
    fn module(&self, text: &mut String, index: usize) {
        let instance = &self.instances[index];
        text.push_str("    (core module $m\n      (import \"\" \"memory\" (memory 2))\n");
        let mut import = |name: &str, ty: &str| {
            writeln!(text, "      (import \"\" \"{name}\" (func ${name} {ty}))").unwrap();
        };
        import("log", "(param i32)");
        for lower in 0..index {
            for func in 0..self.instances[lower].funcs.len() {
                if instance.starts(lower, func) {
                    import(&format!("a{lower}-{func}"), "(param i32 i32) (result i32)");
                }
                if instance.calls(lower, func) {
                    import(&format!("s{lower}-{func}"), "(param i32) (result i32)");
                }
            }
            if self.is_gated(lower) {
                import(&format!("gate{lower}"), "(param i32)");
            }
        }
        import("return", "(param i32)");
        import("task-cancel", "");
        import("get", "(result i32)");
        import("set", "(param i32)");
        import("cancel", "(param i32) (result i32)");
        import("cancel-now", "(param i32) (result i32)");
        import("drop", "(param i32)");
        import("set-new", "(result i32)");
        import("set-drop", "(param i32)");
        import("join", "(param i32 i32)");
        import("poll", "(param i32 i32) (result i32)");
        if self.is_gated(index) {
            import("inc", "");
            import("dec", "");
        }
        if instance.funcs.iter().any(|func| func.kind == Kind::Waiting) {
            import("wait", "(param i32 i32) (result i32)");
        }
        text.push_str(COMMON);
        if self.is_gated(index) {
            text.push_str(GATE);
        }
        for (func, it) in instance.funcs.iter().enumerate() {
            it.code(text, func);
        }
        text.push_str("    )\n");
    }
}

/// What all functions of an instance share.
const COMMON: &str = r#"
      (global $top (mut i32) (i32.const 1024))
      (global $gated (mut i32) (i32.const 0))
      (func $tell (param $frame i32) (param $what i32)
        (call $log (i32.or (i32.shl (i32.load offset=4 (local.get $frame)) (i32.const 12))
          (i32.and (local.get $what) (i32.const 4095)))))
      (func $frame (param $x i32) (result i32)
        (local $frame i32)
        (local.set $frame (global.get $top))
        (global.set $top (i32.add (global.get $top) (i32.const 128)))
        (i32.store offset=4 (local.get $frame) (local.get $x))
        (i32.store offset=8 (local.get $frame) (i32.and (local.get $x) (i32.const 7)))
        (i32.store offset=16 (local.get $frame) (call $set-new))
        ;; a task begins with nothing in its slot
        (if (call $get) (then unreachable))
        (call $set (local.get $frame))
        (local.get $frame))
      (func $number (param $frame i32) (param $digit i32) (result i32)
        (i32.add (i32.mul (i32.load offset=4 (local.get $frame)) (i32.const 8)) (local.get $digit)))
      ;; a subtask is under way, or has returned
      (func $started (param $frame i32) (param $slot i32) (param $packed i32)
        (local $handle i32)
        (local.set $handle (i32.shr_u (local.get $packed) (i32.const 4)))
        (i32.store offset=32 (i32.add (local.get $frame) (i32.mul (local.get $slot) (i32.const 4)))
          (local.get $handle))
        (if (local.get $handle)
          (then
            (i32.store offset=12 (local.get $frame) (i32.add (i32.load offset=12 (local.get $frame)) (i32.const 1)))
            (call $join (local.get $handle) (i32.load offset=16 (local.get $frame))))
          (else (call $gained (local.get $frame) (local.get $slot)))))
      (func $gained (param $frame i32) (param $slot i32)
        (i32.store offset=8 (local.get $frame) (i32.add (i32.load offset=8 (local.get $frame))
          (i32.load offset=64 (i32.add (local.get $frame) (i32.mul (local.get $slot) (i32.const 4)))))))
      ;; an event of a subtask
      (func $event (param $frame i32) (param $code i32) (param $handle i32) (param $state i32)
        (local $slot i32)
        (if (i32.ne (local.get $code) (i32.const 1)) (then unreachable))
        (if (i32.lt_u (local.get $state) (i32.const 2)) (then (return)))
        (block $found
          (loop $next
            (br_if $found (i32.eq (local.get $handle)
              (i32.load offset=32 (i32.add (local.get $frame) (i32.mul (local.get $slot) (i32.const 4))))))
            (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $slot) (i32.const 8))))
          unreachable)
        (i32.store offset=32 (i32.add (local.get $frame) (i32.mul (local.get $slot) (i32.const 4))) (i32.const 0))
        (if (i32.eq (local.get $state) (i32.const 2)) (then (call $gained (local.get $frame) (local.get $slot))))
        (call $drop (local.get $handle))
        (i32.store offset=12 (local.get $frame) (i32.sub (i32.load offset=12 (local.get $frame)) (i32.const 1))))
      ;; the state of a subtask that is cancelled at once: what it says, or -1
      (func $cancelled (param $frame i32) (param $slot i32) (param $state i32)
        (local $at i32)
        (local.set $at (i32.add (local.get $frame) (i32.mul (local.get $slot) (i32.const 4))))
        (if (i32.eq (local.get $state) (i32.const -1)) (then (return)))
        (call $event (local.get $frame) (i32.const 1) (i32.load offset=32 (local.get $at)) (local.get $state)))
      ;; a subtask that is in no set ends
      (func $dropped (param $frame i32) (param $subtask i32)
        (call $tell (local.get $frame) (i32.add (i32.const 40) (call $cancel-now (local.get $subtask))))
        (call $drop (local.get $subtask)))
      (func $poll-once (param $frame i32)
        (local $code i32)
        (local.set $code (call $poll (i32.load offset=16 (local.get $frame)) (i32.const 16)))
        (if (local.get $code)
          (then (call $event (local.get $frame) (local.get $code)
            (i32.load (i32.const 16)) (i32.load (i32.const 20))))))
"#;

/// How others keep tasks from entering an instance, and let them in.
const GATE: &str = r#"
      (func (export "gate") (param $by i32)
        (if (local.get $by) (then (call $inc)) (else (call $dec))))
"#;

impl Instance {
    fn steps(&self) -> impl Iterator<Item = &Step> {
        self.funcs.iter().flat_map(|it| &it.steps)
    }

    /// Whether one of its functions calls another with `async`.
    fn starts(&self, other: usize, other_func: usize) -> bool {
        self.steps().any(|step| match *step {
            Step::Start { instance, func }
            | Step::Cancel { instance, func }
            | Step::Drop { instance, func }
            | Step::Gate { instance, func } => (instance, func) == (other, other_func),
            _ => false,
        })
    }

    /// Whether one calls another without.
    fn calls(&self, other: usize, other_func: usize) -> bool {
        self.steps().any(|step| match *step {
            Step::Call { instance, func } => (instance, func) == (other, other_func),
            _ => false,
        })
    }
}

impl Func {
    /// Whether it goes on only when it is cancelled.
    pub fn sleeps(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Sleep))
    }

    fn code(&self, text: &mut String, func: usize) {
        let run = format!("$run{func}");
        // What the host or a caller calls
        writeln!(text, "      (func (export \"f{func}\") (param $x i32) (result i32)").unwrap();
        text.push_str(
            "        (local $frame i32)\n        (local.set $frame (call $frame (local.get $x)))\n",
        );
        match self.kind {
            Kind::Callback => writeln!(text, "        (call {run} (local.get $frame)))").unwrap(),
            _ => writeln!(
                text,
                "        (drop (call {run} (local.get $frame)))\n        (i32.load offset=8 (local.get $frame)))"
            )
            .unwrap(),
        }
        if self.kind == Kind::Callback {
            let obey = match self.obeys {
                true => {
                    "(if (i32.eqz (i32.load offset=20 (local.get $frame)))
            (then
              (call $task-cancel)
              (call $tell (local.get $frame) (i32.const 11))
              (i32.store offset=20 (local.get $frame) (i32.const 1))))"
                }
                false => "(call $tell (local.get $frame) (i32.const 12))",
            };
            writeln!(
                text,
                "      (func (export \"callback{func}\") (param $code i32) (param $handle i32) (param $payload i32) (result i32)
        (local $frame i32)
        (local.set $frame (call $get))
        (if (i32.eq (local.get $code) (i32.const 6)) (then {obey}))
        (if (i32.eq (local.get $code) (i32.const 1))
          (then (call $event (local.get $frame) (local.get $code) (local.get $handle) (local.get $payload))))
        (call {run} (local.get $frame)))"
            )
            .unwrap();
        }
        writeln!(text, "      (func {run} (param $frame i32) (result i32)").unwrap();
        text.push_str("        (local $packed i32)\n        (loop $again\n");
        // Each step is a block that the table leads out of.
        let steps = self.steps.len();
        for step in (0..=steps).rev() {
            write!(text, "        (block $s{step} ").unwrap();
        }
        write!(text, "(br_table").unwrap();
        for step in 0..=steps {
            write!(text, " $s{step}").unwrap();
        }
        text.push_str(" (i32.load (local.get $frame))))\n");
        for (at, step) in self.steps.iter().enumerate() {
            self.step(text, at, *step);
            writeln!(
                text,
                "          (i32.store (local.get $frame) (i32.const {}))\n          (br $again))",
                at + 1
            )
            .unwrap();
        }
        // The end: all that is under way is awaited, and the set goes.
        self.wait(text);
        if self.kind == Kind::Callback {
            text.push_str(
                "          (if (i32.eqz (i32.load offset=20 (local.get $frame)))
            (then (call $return (i32.load offset=8 (local.get $frame)))))\n",
            );
        }
        text.push_str(
            "          (if (i32.eqz (i32.load offset=12 (local.get $frame)))
            (then (call $set-drop (i32.load offset=16 (local.get $frame)))))
          (call $tell (local.get $frame) (i32.const 13))
          (return (i32.const 0)))\n        unreachable)\n",
        );
    }

    /// Waits until nothing is under way.
    fn wait(&self, text: &mut String) {
        text.push_str(match self.kind {
            Kind::Callback => {
                "          (if (i32.load offset=12 (local.get $frame))
            (then (return (i32.or (i32.const 2) (i32.shl (i32.load offset=16 (local.get $frame)) (i32.const 4))))))\n"
            }
            Kind::Waiting => {
                "          (if (i32.load offset=12 (local.get $frame))
            (then
              (local.set $packed (call $wait (i32.load offset=16 (local.get $frame)) (i32.const 16)))
              (call $event (local.get $frame) (local.get $packed) (i32.load (i32.const 16)) (i32.load (i32.const 20)))
              (br $again)))\n"
            }
            Kind::Plain => "",
        });
    }

    fn step(&self, text: &mut String, at: usize, step: Step) {
        let slot = at % SLOTS;
        let start = |text: &mut String, instance: usize, func: usize| {
            writeln!(
                text,
                "          (local.set $packed (call $a{instance}-{func} (call $number (local.get $frame) (i32.const {}))
            (i32.add (local.get $frame) (i32.const {}))))",
                at % 8,
                64 + 4 * slot
            )
            .unwrap();
        };
        match step {
            Step::Start { instance, func } => {
                start(text, instance, func);
                writeln!(text, "          (call $started (local.get $frame) (i32.const {slot}) (local.get $packed))").unwrap();
            }
            Step::Cancel { instance, func } => {
                start(text, instance, func);
                writeln!(
                    text,
                    "          (call $started (local.get $frame) (i32.const {slot}) (local.get $packed))
          (if (i32.shr_u (local.get $packed) (i32.const 4))
            (then
              (local.set $packed (call $cancel (i32.shr_u (local.get $packed) (i32.const 4))))
              (call $tell (local.get $frame) (i32.add (i32.const 20) (local.get $packed)))
              (call $cancelled (local.get $frame) (i32.const {slot}) (local.get $packed))))"
                )
                .unwrap();
            }
            Step::Drop { instance, func } => {
                start(text, instance, func);
                text.push_str(
                    "          (if (i32.shr_u (local.get $packed) (i32.const 4))
            (then (call $dropped (local.get $frame) (i32.shr_u (local.get $packed) (i32.const 4)))))\n",
                );
            }
            Step::Gate { instance, func } => {
                writeln!(text, "          (call $gate{instance} (i32.const 1))").unwrap();
                start(text, instance, func);
                writeln!(
                    text,
                    "          (call $started (local.get $frame) (i32.const {slot}) (local.get $packed))
          (call $tell (local.get $frame) (i32.add (i32.const 30) (i32.and (local.get $packed) (i32.const 15))))
          (call $gate{instance} (i32.const 0))"
                )
                .unwrap();
            }
            Step::Call { instance, func } => writeln!(
                text,
                "          (i32.store offset=8 (local.get $frame) (i32.add (i32.load offset=8 (local.get $frame))
            (call $s{instance}-{func} (call $number (local.get $frame) (i32.const {})))))",
                at % 8
            )
            .unwrap(),
            Step::Await => {
                self.wait(text);
                writeln!(text, "          (call $tell (local.get $frame) (i32.load offset=8 (local.get $frame)))").unwrap();
            }
            Step::Yield => {
                if self.kind == Kind::Callback {
                    writeln!(text, "          (i32.store (local.get $frame) (i32.const {}))\n          (return (i32.const 1))", at + 1).unwrap();
                }
            }
            Step::Return => {
                if self.kind == Kind::Callback {
                    text.push_str(
                        "          (if (i32.eqz (i32.load offset=20 (local.get $frame)))
            (then
              (i32.store offset=20 (local.get $frame) (i32.const 1))
              (call $return (i32.and (i32.load offset=4 (local.get $frame)) (i32.const 7)))))\n",
                    );
                }
            }
            Step::Sleep => writeln!(
                text,
                "          (i32.store (local.get $frame) (i32.const {}))
          (return (i32.or (i32.const 2) (i32.shl (i32.load offset=16 (local.get $frame)) (i32.const 4))))",
                at + 1
            )
            .unwrap(),
            Step::Poll => text.push_str("          (call $poll-once (local.get $frame))\n"),
        }
    }
}
