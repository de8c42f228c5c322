//! The environment changes nothing. The parser of the text format would ask it what to accept.

use std::env;
use std::process::Command;

use wasm_fuser::{Input, print};

const VARIABLE: &str = "WAST_STRICT_COMPONENT_INDICES";

/// References as they were written before they had to say `core`, and an error behind some.
const TEXTS: [&str; 3] = [
    r#"(component (core module $m (memory (export "m") 1)
         (func (export "f") (param i32 i32)) (func (export "r") (param i32 i32 i32 i32)
           (result i32) (i32.const 8)))
       (core instance $i (instantiate $m))
       (func (export "f") (param "x" string) (canon lift (core func $i "f")
         (memory $i "m") (realloc (func $i "r")))))"#,
    r#"(component (canon lift (core func 0 "f") (memory 0 "m") (oops)))"#,
    r#"(component (canon thread.new-indirect 0 (table 0) (core func)) (oops))"#,
];

/// What the texts become, where a child asks for it by name.
#[test]
fn texts_are_read() {
    for text in TEXTS {
        let input = Input { name: "text".into(), bytes: text.into() };
        let linked = wasm_fuser::link(&[input], &Default::default());
        println!("{:?} {:?}", linked.map(|it| it.bytes), print(text.as_bytes()));
    }
}

#[test]
fn what_a_text_becomes_does_not_depend_on_the_environment() {
    let said = |value: &str| {
        let mut child = Command::new(env::current_exe().expect("is a program"));
        child.args(["--exact", "texts_are_read", "--nocapture", "--quiet"]).env(VARIABLE, value);
        let output = child.output().expect("ends");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("prints text");
        assert!(text.contains("Ok(") && text.contains("oops"), "{text}");
        // Without the line that says how long it took.
        text.lines()
            .filter(|line| !line.contains("finished in"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(said("0"), said("1"));
}
