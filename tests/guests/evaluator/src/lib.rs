//! Parses expressions into the steps of a stack machine, and runs them.

use calculator::parts::arithmetic;
use calculator::parts::types::{Number, Position, Problem};
use exports::calculator::parts::evaluator::{Binding, Guest, Outcome, Step};
use parser::Parser;

mod parser;

wit_bindgen::generate!({ path: "../wit/calculator", world: "evaluator-component" });

struct Evaluator;

impl Guest for Evaluator {
    fn parse(text: String) -> Result<Vec<Step>, Problem> {
        Parser::new(&text).parse()
    }

    fn evaluate(text: String, bindings: Vec<Binding>) -> Result<Outcome, Problem> {
        let steps = Parser::new(&text).parse()?;
        let mut machine = Machine { bindings: &bindings, stack: Vec::new(), used: Vec::new() };
        for step in &steps {
            machine.run(step)?;
        }
        let Machine { mut stack, used, .. } = machine;
        let unused = bindings.iter().filter(|b| used.iter().all(|u| u.name != b.name));
        let warnings = unused
            .map(|b| (Position { line: 0, column: 0 }, format!("`{}` is not used", b.name)))
            .collect();
        Ok(Outcome { value: stack.pop().expect("one value"), steps, used, warnings })
    }

    fn evaluate_all(texts: Vec<String>, bindings: Vec<Binding>) -> Vec<Result<Outcome, Problem>> {
        texts.into_iter().map(|text| Self::evaluate(text, bindings.clone())).collect()
    }
}

struct Machine<'a> {
    bindings: &'a [Binding],
    stack: Vec<Number>,
    used: Vec<Binding>,
}

impl Machine<'_> {
    fn run(&mut self, step: &Step) -> Result<(), Problem> {
        let value = match step {
            Step::Push(value) => *value,
            Step::Load(name) => {
                let found = self.bindings.iter().rfind(|binding| binding.name == *name);
                let binding = found.ok_or_else(|| Problem::UnknownName(name.clone()))?;
                self.used.push(binding.clone());
                binding.value
            }
            Step::Apply(operator) => {
                let right = self.pop();
                let left = self.pop();
                arithmetic::apply(*operator, left, right)?
            }
            Step::Call((name, arguments)) => {
                let arguments = self.stack.split_off(self.stack.len() - usize::from(*arguments));
                call(name, &arguments)?
            }
        };
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Number {
        self.stack.pop().expect("the parser counts operands")
    }
}

fn call(name: &str, arguments: &[Number]) -> Result<Number, Problem> {
    let unknown = || Problem::UnknownName(format!("{name}/{}", arguments.len()));
    let summary = || arithmetic::summarise(arguments);
    match (name, arguments) {
        ("sqrt", [value]) => {
            let value = match *value {
                Number::Integer(value) => value as f64,
                Number::Real(value) => value,
            };
            Ok(Number::Real(arithmetic::square_root(value)))
        }
        ("mod", [Number::Integer(dividend), Number::Integer(divisor)]) => {
            let (_, remainder) = arithmetic::divide_with_remainder(*dividend, *divisor)
                .ok_or(Problem::DivisionByZero)?;
            Ok(Number::Integer(remainder))
        }
        ("min", _) => summary().least.ok_or_else(unknown),
        ("max", _) => summary().greatest.ok_or_else(unknown),
        ("sum", _) => Ok(Number::Real(summary().sum)),
        ("mean", _) => summary().mean.map(Number::Real).ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

export!(Evaluator);
