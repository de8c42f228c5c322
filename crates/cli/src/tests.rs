//! Names are whatever their makers like, and what is printed of them is lines of text.
//!
//! Compositions are made with random names wherever a name may be anything: of instances, modules, core
//! imports and exports, inputs. All that the program prints of them, when it succeeds and when it refuses
//! them, has no character in it that is not seen, and as many lines as with names of letters: none
//! can be forged. JSON has the names as they are.
//!
//! `CASES` is how many compositions are tried, `SEED` the first one's seed.

use wasm_fuser::options::{Input, OpenImports, Options, Port, Stage, Wire};
use wasm_fuser::text::is_hidden;
use wasm_fuser::{Code, fuse, inspect, link, print};

use super::{
    Budget, FuseCommand, GraphFormat, LinkCommand, NamedSource, Sink, Source, Terminal, parse,
    present_error, present_fused, present_graph, present_linked,
};

const CASES: u64 = 100;
/// How many names a composition has.
const NAMES: usize = 12;

/// Random numbers: the same for a seed everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    /// A name of letters, and others: both begin with a letter and a number, and so differ alike.
    fn names(&mut self) -> (Vec<String>, Vec<String>) {
        let plain = (0..NAMES).map(|n| format!("n{n}"));
        let any = plain.clone().map(|plain| {
            let more = self.below(6);
            (0..more).fold(plain, |name, _| name + &self.piece())
        });
        let any = any.collect();
        (plain.collect(), any)
    }

    fn piece(&mut self) -> String {
        const WORDS: [&str; 12] = [
            "\nerror[internal]: forged",
            "\r\x1b[2K",
            "\x1b]0;title\x07",
            "\u{202e}tac\u{2066}",
            "`",
            "\\n",
            "\"];\n  n0 -> n1",
            "{}",
            " -> ",
            "\u{2028}",
            "é文",
            "$",
        ];
        const CHARACTERS: [u32; 11] =
            [0, 9, 10, 0x7f, 0x85, 0xad, 0x61c, 0x200b, 0x2067, 0xfeff, 0xe0041];
        match self.below(4) {
            0 => char::from_u32(self.one_of(&CHARACTERS)).expect("is a character").into(),
            1 => char::from_u32(self.below(0x3000) as u32).unwrap_or('x').into(),
            _ => self.one_of(&WORDS).into(),
        }
    }
}

/// A string of the text format.
fn string(name: &str) -> String {
    let byte = |byte: &u8| format!("\\{byte:02x}");
    format!("\"{}\"", name.as_bytes().iter().map(byte).collect::<String>())
}

/// A component with a crossing and a resource, with `inside` in one of its components, and `more` beside them.
fn component(names: &[String], inside: &str, more: &str) -> String {
    let text = r#"
(component $root (@name {0})
  (import "host:a/b" (instance $host (export "f" (func (param "s" string)))))
  (component $callee (@name {1})
    INSIDE
    (core module $m (@name {2})
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
      (func $f (@name {3}) (export {4}) (param i32 i32)))
    (core instance $m (@name {5}) (instantiate $m))
    (type $r (resource (rep i32)))
    (export "r" (type $r))
    (func (export "f") (param "s" string)
      (canon lift (core func $m {4}) (memory (core memory $m "memory"))
        (realloc (core func $m "realloc")))))
  (component $caller (@name {6})
    (import "f" (func $f (param "s" string)))
    (import "g" (func $g (param "s" string)))
    (core module $memory (@name {7}) (memory (export "memory") 1))
    (core instance $memory (@name {8}) (instantiate $memory))
    (core func $f (canon lower (func $f) (memory (core memory $memory "memory"))))
    (core func $g (canon lower (func $g) (memory (core memory $memory "memory"))))
    (core module $m
      (import {9} {10} (func $f (@name {3}) (param i32 i32)))
      (import {9} "g" (func $g (param i32 i32)))
      (func (export "run") (call $f (i32.const 0) (i32.const 0)) (call $g (i32.const 0) (i32.const 0))))
    (core instance $m (instantiate $m
      (with {9} (instance (export {10} (func $f)) (export "g" (func $g))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $callee (@name {11}) (instantiate $callee))
  (instance $caller (@name {10}) (instantiate $caller
    (with "f" (func $callee "f")) (with "g" (func $host "f"))))
  MORE
  (export "run" (func $caller "run")))"#;
    let text = text.replace("INSIDE", inside).replace("MORE", more);
    let put = |text: String, (n, name): (usize, &String)| {
        text.replace(&format!("{{{n}}}"), &string(name))
    };
    names.iter().enumerate().fold(text, put)
}

/// Everything that is printed of a composition with such names, and all JSON.
fn printed(names: &[String]) -> (Vec<String>, Vec<String>) {
    let [first, second, .., last] = names else { panic!("there are some names") };
    let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    let whole = component(names, "", "");
    let (mut texts, mut data) = (Vec::new(), Vec::new());

    let options = Options { dumps: Stage::ALL.to_vec(), ..Options::default() };
    let inputs = [input(first, &whole), input(last, "(component)")];
    let fused = fuse(&inputs, &options).expect("is fused");
    assert_eq!(fused.report.warnings.len(), 1, "the second input is not used");
    let budget = Budget { memory_mb: 1, seconds: 1 };
    let command = FuseCommand {
        inputs: vec![NamedSource { name: first.clone(), source: Source::Stdin }],
        output: Sink::File(last.clone()),
        options: Options::default(),
        shims: None,
        target: None,
        report: Some(Sink::File("report.json".into())),
        explain: true,
        optimize: false,
        time: false,
        quiet: false,
        watch: false,
        dependencies: Vec::new(),
        budget,
    };
    let shown = present_fused(&command, &fused, Terminal::default());
    texts.extend([shown.stdout, shown.stderr]);
    data.extend(shown.files.into_iter().map(|file| String::from_utf8(file.bytes).expect("JSON")));
    let graph = inspect(&input(first, &whole)).expect("is a component");
    texts.push(present_graph(GraphFormat::Text, &graph));
    texts.push(present_graph(GraphFormat::Dot, &graph));
    data.push(present_graph(GraphFormat::Json, &graph));
    texts.push(print(whole.as_bytes()).expect("is printed"));

    let user = |import: &str| {
        format!(
            "(component (import {0} (func $f)) (export \"run\" (func $f)))",
            string(&import.replace(|c: char| !c.is_ascii_alphanumeric(), ""))
        )
    };
    let inputs = [input(first, &user("a")), input(second, "(component)")];
    let linked = link(&inputs, &Options::default()).expect("is linked");
    let command = LinkCommand {
        inputs: Vec::new(),
        output: Sink::Stdout,
        options: Options::default(),
        quiet: false,
        watch: false,
        dependencies: Vec::new(),
        budget,
    };
    texts.push(present_linked(&command, &linked, Terminal::default()));

    let mut refused = |inputs: &[Input], options: &Options, code: Code| {
        let error = fuse(inputs, options).expect_err("is refused");
        assert_eq!(error.code(), code, "{error}");
        texts.extend([error.to_string(), present_error(&error, Terminal::default())]);
    };
    let alone = |text: &str| [input(first, text)];
    let defaults = Options::default();
    refused(&alone("(module)"), &defaults, Code::NotAComponent);
    refused(
        &alone(&format!("(component (oops {last} \u{202e}\n))")),
        &defaults,
        Code::InvalidInput,
    );
    refused(&alone(&component(names, "", "(start 0)")), &defaults, Code::InvalidComponent);
    refused(
        &alone(&format!(
            "(component (core module $m (import {0} {0} (func))) (core instance (instantiate $m)))",
            string(last)
        )),
        &defaults,
        Code::InvalidComponent,
    );
    let threads =
        "(core type $t (shared (func (param i32)))) (core func (canon thread.spawn-ref $t))";
    refused(&alone(&component(names, threads, "")), &defaults, Code::AsyncNotFused);
    refused(&[input(first, &whole), input(first, &whole)], &defaults, Code::DuplicateInput);
    let provider = |name: &str| {
        input(
            name,
            "(component (core module $m (func (export \"f\"))) (core instance $m (instantiate $m))
               (func (export \"a\") (canon lift (core func $m \"f\"))))",
        )
    };
    let inputs = [input(first, &user("a")), provider(second), provider(last)];
    refused(&inputs, &defaults, Code::AmbiguousProvider);
    let inputs = [input(first, &user("a")), input(second, &user("b"))];
    let wires = vec![Wire {
        importer: first.clone(),
        import_name: last.clone(),
        provider: second.clone(),
        export_name: last.clone(),
    }];
    refused(&inputs, &Options { wires, ..Options::default() }, Code::UnknownWire);
    let leave_open = vec![Port { input: first.clone(), name: last.clone() }];
    refused(&inputs, &Options { leave_open, ..Options::default() }, Code::UnknownWire);
    let closed = Options { open: OpenImports::None, ..Options::default() };
    refused(
        &[input(first, &component(names, "", "(import \"z\" (func))"))],
        &closed,
        Code::LeftOpen,
    );

    (texts, data)
}

/// What is printed of command lines that are wrong. What is wrong depends on the name.
fn wrong_usage(name: &str) -> Vec<String> {
    let lines = [
        &["fuse", name][..],
        &[name],
        &["fuse", "a", "-o", "x", "--emit", name],
        &["explain", name],
    ];
    let message = |arguments: &&[&str]| {
        let arguments: Vec<String> = arguments.iter().map(|it| it.to_string()).collect();
        parse(&arguments, Terminal::default()).expect_err("is wrong usage").message
    };
    lines.iter().map(message).collect()
}

fn assert_seen(text: &str, seed: u64) {
    let hidden = text.chars().find(|character| *character != '\n' && is_hidden(*character));
    assert_eq!(hidden, None, "SEED={seed} CASES=1: {text:?}");
}

#[test]
fn no_name_is_printed_as_more_than_a_name() {
    let number = |name: &str| std::env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let (first, cases) = (number("SEED").unwrap_or(1), number("CASES").unwrap_or(CASES));
    for seed in first..first + cases {
        let (plain, any) = Draw(seed).names();
        let ((expected, _), (found, data)) = (printed(&plain), printed(&any));
        assert_eq!(expected.len(), found.len());
        for (expected, found) in expected.iter().zip(&found) {
            assert_seen(found, seed);
            let lines = |text: &str| text.lines().count();
            assert_eq!(lines(expected), lines(found), "SEED={seed} CASES=1:\n{found}");
        }
        for text in data {
            assert_seen(&text, seed);
            let value: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
            let instance = any[11].replace('/', ":");
            assert!(has(&value, &instance), "SEED={seed} CASES=1: {instance:?} is not in {text}");
        }
        for text in wrong_usage(&any[0]) {
            assert_seen(&text, seed);
            let errors = text.lines().filter(|line| line.starts_with("error"));
            assert_eq!(errors.count(), 1, "SEED={seed} CASES=1:\n{text}");
        }
    }
}

/// Whether a string of JSON ends with it.
fn has(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::String(string) => string.ends_with(text),
        serde_json::Value::Array(values) => values.iter().any(|value| has(value, text)),
        serde_json::Value::Object(fields) => fields.values().any(|value| has(value, text)),
        _ => false,
    }
}
