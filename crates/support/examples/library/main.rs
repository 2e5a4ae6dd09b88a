//! Answers questions about the standard library's part of the support module, so that CPython can check it.
//!
//! A question is a line: the name of a function, then its arguments, each behind a tab, with `\t`, `\n`, `\r` and `\\`
//! for those characters. The answer is one line in the same writing: the result, or `!Type: text` of an exception.

mod argparse;
mod containers;
mod data;
mod decimal;
mod hashlib;
mod json;
mod math;
mod other;
mod paths;
mod question;
mod random;
mod regex;
mod text;
mod times;

use question::Question;
use std::io::{BufRead, Write};

fn main() {
    let rooms: &[question::Room] = &[
        argparse::answer,
        containers::answer,
        data::answer,
        decimal::answer,
        hashlib::answer,
        json::answer,
        math::answer,
        other::answer,
        paths::answer,
        random::answer,
        regex::answer,
        text::answer,
        times::answer,
    ];
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let question = Question::read(&line.unwrap_or_default());
        let answer = rooms.iter().find_map(|room| room(&question));
        let text = match answer {
            Some(Ok(text)) => question::escape(&text),
            Some(Err(exc)) => question::escape(&format!("!{}: {}", exc.kind().name, exc.text())),
            None => format!("?unknown function {}", question.name),
        };
        if writeln!(output, "{text}").is_err() {
            return;
        }
    }
}
