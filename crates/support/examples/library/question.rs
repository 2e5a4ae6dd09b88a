//! One question: a function's name and its arguments as text.

use support::Exc;

/// What one module of the library answers; none where the function is not one of its own.
pub type Room = fn(&Question) -> Option<Answer>;

/// The text of a result, or an exception.
pub type Answer = Result<String, Exc>;

/// A question.
pub struct Question {
    /// The function.
    pub name: String,
    /// Its arguments.
    pub fields: Vec<String>,
}

impl Question {
    /// The question that a line asks.
    pub fn read(line: &str) -> Question {
        let mut fields: Vec<String> = line.split('\t').map(unescape).collect();
        let name = fields.remove(0);
        Question { name, fields }
    }

    /// An argument as text; empty where it is missing.
    pub fn text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", String::as_str)
    }

    /// An argument as an integer.
    pub fn int(&self, index: usize) -> i64 {
        self.text(index).parse().unwrap_or_else(|_| panic!("no integer: {:?}", self.text(index)))
    }

    /// An argument as an integer, or none.
    pub fn maybe_int(&self, index: usize) -> Option<i64> {
        (self.text(index) != "None").then(|| self.int(index))
    }

    /// An argument as a float.
    pub fn float(&self, index: usize) -> f64 {
        self.text(index).parse().unwrap_or_else(|_| panic!("no float: {:?}", self.text(index)))
    }

    /// The arguments from `index` on as floats.
    pub fn floats(&self, index: usize) -> Vec<f64> {
        (index..self.fields.len()).map(|index| self.float(index)).collect()
    }

    /// An argument as a truth value.
    pub fn flag(&self, index: usize) -> bool {
        self.text(index) == "True"
    }

    /// An argument of hexadecimal digits as bytes.
    pub fn bytes(&self, index: usize) -> Vec<u8> {
        let digits = self.text(index);
        (0..digits.len() / 2)
            .map(|place| u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).expect("hexadecimal digits"))
            .collect()
    }
}

/// A float as CPython can read it back.
pub fn float_text(value: f64) -> String {
    format!("{value:?}")
}

/// Text on one line.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// What was written by `escape`.
pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let next = if character == '\\' { rest.next() } else { None };
        out.push(match next {
            None => character,
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some(other) => other,
        });
    }
    out
}
