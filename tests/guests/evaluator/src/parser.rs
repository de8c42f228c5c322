//! A parser by precedence: `1 + 2 * x ^ 2 - max(3, y)`.

use crate::calculator::parts::types::{Number, Operator, Position, Problem};
use crate::exports::calculator::parts::evaluator::Step;

/// Reads an expression, and writes its steps in the order in which they run.
pub struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    position: Position,
    steps: Vec<Step>,
}

impl<'a> Parser<'a> {
    /// At the start of a text.
    pub fn new(text: &'a str) -> Self {
        let position = Position { line: 1, column: 1 };
        Parser { rest: text.chars().peekable(), position, steps: Vec::new() }
    }

    /// The whole text, as one expression.
    pub fn parse(mut self) -> Result<Vec<Step>, Problem> {
        self.expression(0)?;
        match self.peek() {
            None => Ok(self.steps),
            Some(_) => Err(self.expected("an operator or the end")),
        }
    }

    fn expression(&mut self, least: u8) -> Result<(), Problem> {
        self.operand()?;
        while let Some((operator, precedence, right)) = self.peek().and_then(operator) {
            if precedence < least {
                break;
            }
            self.next();
            self.expression(if right { precedence } else { precedence + 1 })?;
            self.steps.push(Step::Apply(operator));
        }
        Ok(())
    }

    fn operand(&mut self) -> Result<(), Problem> {
        match self.peek() {
            Some('(') => {
                self.next();
                self.expression(0)?;
                self.expect(')')
            }
            Some('-') => {
                self.next();
                self.steps.push(Step::Push(Number::Integer(0)));
                self.operand()?;
                self.steps.push(Step::Apply(Operator::Subtract));
                Ok(())
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_alphabetic() => self.name(),
            _ => Err(self.expected("a number, a name or `(`")),
        }
    }

    fn number(&mut self) -> Result<(), Problem> {
        let text = self.take(|c| c.is_ascii_digit() || c == '.');
        let integer = text.parse().map(Number::Integer);
        let number = integer.or_else(|_| text.parse().map(Number::Real));
        self.steps.push(Step::Push(number.map_err(|_| self.expected("a number"))?));
        Ok(())
    }

    fn name(&mut self) -> Result<(), Problem> {
        let name = self.take(|c| c.is_alphanumeric() || c == '_');
        if self.peek() != Some('(') {
            self.steps.push(Step::Load(name));
            return Ok(());
        }
        self.next();
        let mut arguments = 0;
        while self.peek() != Some(')') {
            if arguments > 0 {
                self.expect(',')?;
            }
            self.expression(0)?;
            arguments += 1;
        }
        self.next();
        self.steps.push(Step::Call((name, arguments)));
        Ok(())
    }

    fn expect(&mut self, wanted: char) -> Result<(), Problem> {
        if self.peek() != Some(wanted) {
            return Err(self.expected(&format!("`{wanted}`")));
        }
        self.next();
        Ok(())
    }

    fn expected(&self, what: &str) -> Problem {
        Problem::Syntax((self.position, format!("expected {what}")))
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(&c) = self.rest.peek().filter(|c| wanted(**c)) {
            text.push(c);
            self.next();
        }
        text
    }

    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        while self.rest.peek().is_some_and(|c| c.is_whitespace()) {
            self.next();
        }
        self.rest.peek().copied()
    }

    fn next(&mut self) {
        match self.rest.next() {
            Some('\n') => self.position = Position { line: self.position.line + 1, column: 1 },
            _ => self.position.column += 1,
        }
    }
}

/// An operator, its precedence, and whether it groups to the right.
fn operator(c: char) -> Option<(Operator, u8, bool)> {
    Some(match c {
        '+' => (Operator::Add, 1, false),
        '-' => (Operator::Subtract, 1, false),
        '*' => (Operator::Multiply, 2, false),
        '/' => (Operator::Divide, 2, false),
        '^' => (Operator::Power, 3, true),
        _ => return None,
    })
}
