//! Operations on numbers: the innermost component of the calculator.

use calculator::parts::types::{Number, Operator, Problem};
use exports::calculator::parts::arithmetic::{Guest, Summary};

wit_bindgen::generate!({ path: "../wit/calculator", world: "arithmetic-component" });

struct Arithmetic;

impl Guest for Arithmetic {
    fn square_root(value: f64) -> f64 {
        value.sqrt()
    }

    fn apply(operator: Operator, left: Number, right: Number) -> Result<Number, Problem> {
        match (left, right) {
            (Number::Integer(left), Number::Integer(right)) => integer(operator, left, right),
            _ => real(operator, as_f64(left), as_f64(right)).map(Number::Real),
        }
    }

    fn divide_with_remainder(dividend: i64, divisor: i64) -> Option<(i64, i64)> {
        Some((dividend.checked_div_euclid(divisor)?, dividend.checked_rem_euclid(divisor)?))
    }

    fn summarise(values: Vec<Number>) -> Summary {
        let by_value = |a: &&Number, b: &&Number| as_f64(**a).total_cmp(&as_f64(**b));
        let sum: f64 = values.iter().copied().map(as_f64).sum();
        Summary {
            count: values.len() as u32,
            least: values.iter().min_by(by_value).copied(),
            greatest: values.iter().max_by(by_value).copied(),
            sum,
            mean: (!values.is_empty()).then(|| sum / values.len() as f64),
            whole: values.iter().all(|value| as_f64(*value).fract() == 0.0),
        }
    }

    #[rustfmt::skip]
    fn polynomial(
        x: f64, c0: f64, c1: f64, c2: f64, c3: f64, c4: f64, c5: f64, c6: f64, c7: f64, c8: f64,
        c9: f64, c10: f64, c11: f64, c12: f64, c13: f64, c14: f64, c15: f64, c16: f64,
    ) -> f64 {
        [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16]
            .into_iter()
            .rev()
            .fold(0.0, |sum, coefficient| sum * x + coefficient)
    }

    fn format(value: Number, digits: Option<u8>) -> String {
        match (value, digits) {
            (Number::Integer(value), None) => value.to_string(),
            (Number::Real(value), None) => value.to_string(),
            (value, Some(digits)) => format!("{:.*}", digits.into(), as_f64(value)),
        }
    }
}

fn integer(operator: Operator, left: i64, right: i64) -> Result<Number, Problem> {
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right == 0 => return Err(Problem::DivisionByZero),
        Operator::Divide if left.checked_rem(right) == Some(0) => left.checked_div(right),
        Operator::Divide => return Ok(Number::Real(left as f64 / right as f64)),
        Operator::Power if right < 0 => {
            return real(operator, left as f64, right as f64).map(Number::Real);
        }
        Operator::Power => u32::try_from(right).ok().and_then(|right| left.checked_pow(right)),
    };
    let overflow = Problem::Overflow((Number::Integer(left), Number::Integer(right)));
    result.map(Number::Integer).ok_or(overflow)
}

fn real(operator: Operator, left: f64, right: f64) -> Result<f64, Problem> {
    Ok(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide | Operator::Power if left == 0.0 && right < 0.0 => {
            return Err(Problem::DivisionByZero);
        }
        Operator::Divide if right == 0.0 => return Err(Problem::DivisionByZero),
        Operator::Divide => left / right,
        Operator::Power => left.powf(right),
    })
}

fn as_f64(number: Number) -> f64 {
    match number {
        Number::Integer(value) => value as f64,
        Number::Real(value) => value,
    }
}

export!(Arithmetic);
