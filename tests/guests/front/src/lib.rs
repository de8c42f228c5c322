//! Programs: `x = 3; y = x ^ 2; mean(x, y)`.

use calculator::parts::evaluator::{Binding, Outcome, Step};
use calculator::parts::types::{Number, Operator, Position, Problem};
use calculator::parts::{arithmetic, evaluator};
use exports::calculator::parts::front::{Guest, Row};

wit_bindgen::generate!({ path: "../wit/calculator", world: "front-component" });

struct Front;

impl Guest for Front {
    fn calculate(program: String) -> Result<String, Problem> {
        let outcome = run(&program)?;
        Ok(arithmetic::format(outcome.value, None))
    }

    fn describe(program: String) -> Vec<String> {
        let outcome = match run(&program) {
            Ok(outcome) => outcome,
            Err(problem) => return vec![format!("error: {}", explain(&problem))],
        };
        let mut lines = vec![format!("value: {}", arithmetic::format(outcome.value, Some(3)))];
        lines.extend(outcome.steps.iter().map(|step| format!("step: {}", show(step))));
        let used = outcome.used.iter();
        lines.extend(used.map(|b| format!("{} is {}", b.name, arithmetic::format(b.value, None))));
        lines.extend(outcome.warnings.iter().map(|(_, warning)| format!("warning: {warning}")));
        lines
    }

    fn table(expression: String, start: f64, step: f64, count: u32) -> Vec<Row> {
        let row = |index| {
            let x = start + step * f64::from(index);
            let binding = Binding { name: "x".into(), value: Number::Real(x) };
            let y = evaluator::evaluate(&expression, &[binding]);
            let y = y.map(|outcome| outcome.value).map_err(|problem| explain(&problem));
            let text = match &y {
                Ok(y) => arithmetic::format(*y, Some(2)),
                Err(message) => message.clone(),
            };
            Row { x, y, text }
        };
        (0..count).map(row).collect()
    }

    fn polynomial(x: f64, coefficients: Vec<f64>) -> (f64, f64) {
        let mut c = [0.0; 17];
        for (to, from) in c.iter_mut().zip(&coefficients) {
            *to = *from;
        }
        let at_once = arithmetic::polynomial(
            x, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12],
            c[13], c[14], c[15], c[16],
        );
        let terms: Vec<_> = (0..c.len()).map(|power| format!("c{power} * x ^ {power}")).collect();
        let mut bindings: Vec<_> = c
            .iter()
            .enumerate()
            .map(|(i, value)| Binding { name: format!("c{i}"), value: Number::Real(*value) })
            .collect();
        bindings.push(Binding { name: "x".into(), value: Number::Real(x) });
        let by_term = evaluator::evaluate_all(&terms, &bindings).into_iter();
        let values: Vec<_> = by_term.map(|outcome| outcome.expect("is valid").value).collect();
        (at_once, arithmetic::summarise(&values).sum)
    }
}

/// Every statement in turn; an assignment binds a name for those behind it.
fn run(program: &str) -> Result<Outcome, Problem> {
    let mut bindings = Vec::new();
    let mut last = None;
    for statement in program.split(';') {
        let (name, expression) = match statement.split_once('=') {
            Some((name, expression)) => (Some(name.trim()), expression),
            None => (None, statement),
        };
        let outcome = evaluator::evaluate(expression, &bindings)?;
        if let Some(name) = name {
            bindings.push(Binding { name: name.into(), value: outcome.value });
        }
        last = Some(outcome);
    }
    Ok(last.expect("`split` gives one part at least"))
}

fn explain(problem: &Problem) -> String {
    match problem {
        Problem::Syntax((Position { line, column }, message)) => {
            format!("{line}:{column}: {message}")
        }
        Problem::UnknownName(name) => format!("`{name}` is unknown"),
        Problem::DivisionByZero => "division by zero".into(),
        Problem::Overflow((left, right)) => format!(
            "overflow on {} and {}",
            arithmetic::format(*left, None),
            arithmetic::format(*right, None)
        ),
    }
}

fn show(step: &Step) -> String {
    match step {
        Step::Push(value) => arithmetic::format(*value, None),
        Step::Load(name) => name.clone(),
        Step::Apply(operator) => match operator {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Power => "^",
        }
        .into(),
        Step::Call((name, arguments)) => format!("{name}/{arguments}"),
    }
}

export!(Front);
