//! The text of a shape: its components, what each imports and lifts, and how they are instantiated.

use std::fmt::Write;

use super::guest::Guest;
use super::{Kind, Shape};

/// Says that writing to a string cannot fail.
const WRITES: &str = "a string can be written to";

impl Shape {
    /// The composition, as text. It imports `log`, which is told a task and what it has seen; `next`, which is
    /// asked what a function does at a step; and for each instance a function that says where its functions
    /// begin.
    pub fn text(&self) -> String {
        let mut text = format!("(component\n{IMPORTS}");
        for instance in 0..self.instances.len() {
            writeln!(text, "  (import \"me{instance}\" (func $me{instance} (result u32)))")
                .expect(WRITES);
        }
        for instance in 0..self.instances.len() {
            if !self.instances[instance].is_twin {
                self.define(&mut text, instance);
            }
        }
        for instance in 0..self.instances.len() {
            let component = self.component(instance);
            write!(
                text,
                "  (instance $i{instance} (instantiate $c{component} (with \"log\" (func $log))
    (with \"next\" (func $next)) (with \"me\" (func $me{instance}))"
            )
            .expect(WRITES);
            for lower in 0..component {
                write!(text, " (with \"i{lower}\" (instance $i{lower}))").expect(WRITES);
            }
            text.push_str("))\n");
        }
        for id in self.exports() {
            let (_, owner, _) = self.funcs().nth(id).expect("it is a function of the shape");
            let local = id - self.base(owner);
            writeln!(text, "  (export \"run{id}\" (func $i{owner} \"f{local}\"))").expect(WRITES);
        }
        text.push_str(")\n");
        text
    }

    /// The type of a function.
    fn ty(&self, kind: Kind) -> String {
        match kind {
            Kind::Reader => {
                format!("async (param \"x\" u32) (param \"end\" {}) (result u32)", self.stream())
            }
            _ => "async (param \"x\" u32) (result u32)".into(),
        }
    }

    /// The type of streams.
    fn stream(&self) -> String {
        format!("(stream {})", self.element.map_or("", |element| element.ty()))
    }

    fn define(&self, text: &mut String, index: usize) {
        let instance = &self.instances[index];
        writeln!(
            text,
            "  (component $c{index}\n{IMPORTS}    (import \"me\" (func $me (result u32)))"
        )
        .expect(WRITES);
        for lower in 0..index {
            write!(text, "    (import \"i{lower}\" (instance $i{lower}").expect(WRITES);
            for (local, kind) in self.instances[lower].kinds.iter().enumerate() {
                let ty = self.ty(*kind);
                write!(text, "\n      (export \"f{local}\" (func {ty}))").expect(WRITES);
            }
            if self.gates() {
                text.push_str("\n      (export \"gate\" (func (param \"by\" u32)))");
            }
            text.push_str("))\n");
        }
        let guest = Guest::of(self, index);
        writeln!(text, "{}    (core instance $libc (instantiate $libc))", guest.libc())
            .expect(WRITES);
        if self.element.is_some() {
            writeln!(text, "    (type $stream {})", self.stream()).expect(WRITES);
        }
        let mut exports = String::new();
        for (name, canon) in self.canons(index) {
            writeln!(text, "    (core func ${name} (canon {canon}))").expect(WRITES);
            write!(exports, " (export \"{name}\" (func ${name}))").expect(WRITES);
        }
        text.push_str(&guest.module());
        writeln!(
            text,
            "    (core instance $m (instantiate $m (with \"\" (instance (export \"memory\" (memory $libc \"memory\"))
      (export \"realloc\" (func $libc \"realloc\")){exports}))))"
        )
        .expect(WRITES);
        for (local, kind) in instance.kinds.iter().enumerate() {
            let callback = match kind.has_callback() {
                true => format!(" async (callback (core func $m \"callback{local}\"))"),
                false => String::new(),
            };
            let ty = self.ty(*kind);
            writeln!(
                text,
                "    (func (export \"f{local}\") {ty} (canon lift (core func $m \"f{local}\"){callback}))"
            )
            .expect(WRITES);
        }
        if self.gates() {
            text.push_str(
                "    (func (export \"gate\") (param \"by\" u32) (canon lift (core func $m \"gate\")))\n",
            );
        }
        text.push_str("  )\n");
    }

    /// What a guest imports: names, and what they are.
    fn canons(&self, index: usize) -> Vec<(String, String)> {
        let memory = "(memory (core memory $libc \"memory\"))";
        let mut canons: Vec<(String, String)> = Vec::new();
        for name in ["log", "next", "me"] {
            canons.push((name.into(), format!("lower (func ${name})")));
        }
        let blocks = self.instances[index].kinds.iter().any(|kind| kind.blocks());
        for (id, owner, kind) in self.callees(index) {
            let func = format!("(func $i{owner} \"f{}\")", id - self.base(owner));
            if !kind.blocks() {
                canons.push((format!("a{id}"), format!("lower {func} async {memory}")));
            }
            if blocks && kind != Kind::Reader {
                canons.push((format!("s{id}"), format!("lower {func}")));
            }
        }
        if self.gates() {
            for owner in 0..index {
                canons.push((format!("gate{owner}"), format!("lower (func $i{owner} \"gate\")")));
            }
            canons.push(("inc".into(), "backpressure.inc".into()));
            canons.push(("dec".into(), "backpressure.dec".into()));
        }
        let poll = format!("waitable-set.poll {memory}");
        let wait = format!("waitable-set.wait {memory}");
        let mut builtins = vec![
            ("return", "task.return (result u32)"),
            ("task-cancel", "task.cancel"),
            ("get", "context.get i32 0"),
            ("set", "context.set i32 0"),
            ("get-number", "context.get i32 1"),
            ("set-number", "context.set i32 1"),
            ("cancel", "subtask.cancel async"),
            ("drop", "subtask.drop"),
            ("set-new", "waitable-set.new"),
            ("set-drop", "waitable-set.drop"),
            ("join", "waitable.join"),
            ("poll", &poll),
        ];
        if self.drops(index) {
            builtins.push(("cancel-now", "subtask.cancel"));
        }
        if blocks {
            builtins.push(("wait", &wait));
            builtins.push(("pause", "thread.yield"));
        }
        canons.extend(builtins.into_iter().map(|(name, of)| (name.into(), of.into())));
        if let Some(element) = self.element {
            let memory = match element.size() {
                0 => String::new(),
                _ => format!("{memory}{}", self.instances[index].encoding.option()),
            };
            let realloc = match element.allocates() {
                true => " (realloc (core func $libc \"realloc\"))",
                false => "",
            };
            for (name, of) in [
                ("make", "stream.new $stream".into()),
                ("write", format!("stream.write $stream async {memory}")),
                ("read", format!("stream.read $stream async {memory}{realloc}")),
                ("cancel-write", "stream.cancel-write $stream async".into()),
                ("cancel-read", "stream.cancel-read $stream async".into()),
                ("drop-writable", "stream.drop-writable $stream".into()),
                ("drop-readable", "stream.drop-readable $stream".into()),
            ] {
                canons.push((name.into(), of));
            }
        }
        canons
    }
}

/// What the composition and each component import.
const IMPORTS: &str = r#"    (import "log" (func $log (param "task" u32) (param "what" u32)))
    (import "next" (func $next (param "func" u32) (param "at" u32) (result u32)))
"#;
