//! Answers questions about the support module, so that CPython can be asked the same.
//!
//! A line of input is an operation and its arguments, tabs between them, each argument as hexadecimal UTF-8. A line of
//! output is `= ` and the answer, or `! ` and the exception, as hexadecimal UTF-8 too.

use std::io::{BufRead, Write};
use support::*;

#[path = "probe/blobs.rs"]
mod blobs;
#[path = "probe/dicts.rs"]
mod dicts;
#[path = "probe/floats.rs"]
mod floats;
#[path = "probe/formats.rs"]
mod formats;
#[path = "probe/integers.rs"]
mod integers;
#[path = "probe/lists.rs"]
mod lists;
#[path = "probe/sets.rs"]
mod sets;
#[path = "probe/texts.rs"]
mod texts;

type Answer = Option<Result<String, Exc>>;

fn hex_decoded(text: &str) -> String {
    let bytes = (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("hexadecimal"));
    String::from_utf8(bytes.collect()).expect("UTF-8")
}

fn hex_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(operation: &str, arguments: &[&str]) -> Result<String, Exc> {
    let rooms: [fn(&str, &[&str]) -> Answer; 8] = [
        blobs::answer,
        dicts::answer,
        floats::answer,
        formats::answer,
        integers::answer,
        lists::answer,
        sets::answer,
        texts::answer,
    ];
    let answered = rooms.iter().find_map(|room| room(operation, arguments));
    answered.unwrap_or_else(|| panic!("no operation {operation}"))
}

fn main() {
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let mut fields = line.split('\t');
        let operation = fields.next().expect("an operation").to_string();
        let arguments: Vec<String> = fields.map(hex_decoded).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (mark, text) = match answer(&operation, &arguments) {
            Ok(text) => ('=', text),
            Err(exc) => ('!', format!("{}: {}", exc.kind().name, exc.text())),
        };
        writeln!(output, "{mark} {}", hex_encoded(&text)).expect("standard output");
    }
}
