//! Format specs, templates and the `%` operator over values that are told as `i:5`, `f:1.5`, `s:text`, `b:True`, `n:`, `l:`.

use crate::Answer;
use support::*;

fn value(text: &str) -> Box<dyn Formattable> {
    let (kind, rest) = text.split_once(':').expect("a kind");
    match kind {
        "i" => Box::new(parse_int(rest, 10).expect("an integer")),
        "f" => Box::new(parse_float(rest).expect("a float")),
        "b" => Box::new(rest == "True"),
        "n" => Box::new(()),
        "l" => {
            Box::new(rest.split_terminator(',').map(|item| item.parse().expect("an integer")).collect::<List<i64>>())
        }
        "t" => Box::new((1_i64, Str::from(rest))),
        "d" => Box::new(dict! {Str::from("key") => Str::from(rest)}),
        _ => Box::new(Str::from(rest)),
    }
}

/// One conversion, told as behind the `%`, of a value of its kind.
fn alone(conversion: &str, told: &str) -> Result<Str, Exc> {
    let (kind, rest) = told.split_once(':').expect("a kind");
    match kind {
        "i" => percent_int(&parse_int(rest, 10).expect("an integer"), conversion),
        "f" => percent_float(parse_float(rest).expect("a float"), conversion),
        _ => percent_text(rest, conversion.trim_end_matches('s')),
    }
}

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    if let ("format.alone", [conversion, told]) = (operation, arguments) {
        return Some(alone(conversion, told).map(|text| text.to_string()));
    }
    let (first, rest) = arguments.split_first()?;
    let values: Vec<Box<dyn Formattable>> = match operation {
        "format.spec" | "format.template" | "format.percent" => rest.iter().map(|text| value(text)).collect(),
        _ => return None,
    };
    let plain: Vec<&dyn Formattable> = values.iter().map(|value| &**value).collect();
    let said = match operation {
        "format.spec" => plain[0].format_with(first),
        "format.template" => {
            let names = ["a", "b", "c", "d", "e", "f"];
            let named: Vec<(&str, &dyn Formattable)> = names.into_iter().zip(plain.iter().copied()).collect();
            format_template(first, &plain, &named)
        }
        _ => percent_format(first, &plain),
    };
    Some(said.map(|text| text.to_string()))
}
