//! `argparse`: a parser written as JSON, and words.
//!
//! The answer is what was printed and what came out; what goes to standard error ends with `\x01` and a new line.

use crate::question::{Answer, Question};
use support::*;

/// A text of a JSON dict.
fn text(spec: &Json, name: &str) -> Option<Str> {
    match spec.get_item(name) {
        Ok(Json::Text(text)) => Some(text),
        _ => None,
    }
}

/// Whether a JSON dict says yes.
fn flag(spec: &Json, name: &str) -> bool {
    spec.get_item(name).is_ok_and(|value| value.truth())
}

/// The items of a list in a JSON dict.
fn items(spec: &Json, name: &str) -> Vec<Json> {
    spec.get_item(name).and_then(|value| value.as_list("")).map_or(Vec::new(), |items| items.to_vec())
}

/// A number of a JSON dict.
fn number(spec: &Json, name: &str) -> Option<i64> {
    match spec.get_item(name) {
        Ok(Json::Int(value)) => value.to_i64(),
        _ => None,
    }
}

/// A JSON value as a value of an argument.
fn value(json: &Json) -> ArgValue {
    match json {
        Json::Null | Json::Dict(_) => ArgValue::None,
        Json::Bool(value) => ArgValue::from(*value),
        Json::Int(value) => ArgValue::from(value.clone()),
        Json::Float(value) => ArgValue::from(*value),
        Json::Text(value) => ArgValue::from(value.clone()),
        Json::List(items) => ArgValue::List(items.iter().map(|item| value(&item)).collect()),
    }
}

/// The even numbers, as a type.
fn even(text: &Str) -> Result<ArgValue, Exc> {
    let number = parse_int(text, 10)?;
    if number.is_odd() {
        return Err(Exc::new(&ARGUMENT_TYPE_ERROR, format!("{number} is odd")));
    }
    Ok(ArgValue::Int(number))
}

/// An argument.
fn spec(given: &Json) -> ArgSpec {
    let names: Vec<Str> = items(given, "names").iter().map(|name| name.as_text("").expect("a name")).collect();
    let names: Vec<&str> = names.iter().map(Str::as_str).collect();
    let mut spec = ArgSpec::new(&names);
    if let Some(action) = text(given, "action") {
        spec = spec.action(&action);
    }
    spec = match text(given, "type").as_deref() {
        Some("int") => spec.int(),
        Some("float") => spec.float(),
        Some("bool") => spec.boolean(),
        Some("even") => spec.converter("even", even),
        _ => spec,
    };
    spec = match given.get_item("nargs") {
        Ok(Json::Text(sign)) => spec.nargs(&sign),
        Ok(Json::Int(count)) => spec.nargs_count(count.to_i64().expect("a small number")),
        _ => spec,
    };
    if let Ok(constant) = given.get_item("const") {
        spec = spec.constant(value(&constant));
    }
    if let Ok(default) = given.get_item("default") {
        let is_suppressed = matches!(&default, Json::Text(text) if *text == "==SUPPRESS==");
        spec = if is_suppressed { spec.default_suppressed() } else { spec.default(value(&default)) };
    }
    if given.get_item("choices").is_ok() {
        spec = spec.choices(items(given, "choices").iter().map(value).collect());
    }
    spec = match text(given, "help") {
        Some(help) if help == "==SUPPRESS==" => spec.help_suppressed(),
        Some(help) => spec.help(&help),
        None => spec,
    };
    spec = match given.get_item("metavar") {
        Ok(Json::Text(name)) => spec.metavar(&name),
        Ok(Json::List(names)) => {
            let names: Vec<Str> = names.iter().map(|name| name.as_text("").expect("a name")).collect();
            spec.metavars(&names.iter().map(Str::as_str).collect::<Vec<_>>())
        }
        _ => spec,
    };
    if let Some(dest) = text(given, "dest") {
        spec = spec.dest(&dest);
    }
    if let Some(version) = text(given, "version") {
        spec = spec.version(&version);
    }
    spec.required(flag(given, "required"))
}

/// What a parser is made with.
fn options(given: &Json) -> ParserOptions {
    let mut options = ParserOptions::new();
    options.usage = text(given, "usage");
    options.description = text(given, "description");
    options.epilog = text(given, "epilog");
    options.allow_abbrev = !flag(given, "no_abbrev");
    options.add_help = !flag(given, "no_help");
    options.exit_on_error = !flag(given, "no_exit");
    match text(given, "style").as_deref() {
        Some("raw_description") => options.style.raw_description = true,
        Some("raw_text") => options.style.raw_text = true,
        Some("defaults") => options.style.show_defaults = true,
        Some("metavar_type") => options.style.metavar_type = true,
        _ => {}
    }
    options
}

/// Add what is given to a parser.
fn fill(parser: &ArgumentParser, given: &Json) -> Result<(), Exc> {
    let groups: Vec<ArgumentGroup> = items(given, "groups")
        .iter()
        .map(|group| parser.add_argument_group(text(group, "title"), text(group, "description")))
        .collect();
    let exclusives: Vec<ExclusiveGroup> = items(given, "exclusives")
        .iter()
        .map(|group| match number(group, "group") {
            Some(outer) => groups[outer as usize].add_mutually_exclusive_group(flag(group, "required")),
            None => parser.add_mutually_exclusive_group(flag(group, "required")),
        })
        .collect();
    for argument in items(given, "args") {
        match (number(&argument, "exclusive"), number(&argument, "group")) {
            (Some(place), _) => exclusives[place as usize].add_argument(spec(&argument))?,
            (None, Some(place)) => groups[place as usize].add_argument(spec(&argument))?,
            _ => parser.add_argument(spec(&argument))?,
        }
    }
    if let Ok(Json::Dict(defaults)) = given.get_item("defaults") {
        for (name, default) in defaults.items() {
            parser.set_defaults(&name, value(&default));
        }
    }
    if let Ok(sub) = given.get_item("sub") {
        let mut options_of_sub = SubparserOptions::new();
        options_of_sub.title = text(&sub, "title");
        options_of_sub.description = text(&sub, "description");
        options_of_sub.dest = text(&sub, "dest");
        options_of_sub.required = flag(&sub, "required");
        options_of_sub.metavar = text(&sub, "metavar");
        options_of_sub.help = text(&sub, "help").map_or(ArgHelp::Missing, ArgHelp::Text);
        let subparsers = parser.add_subparsers(options_of_sub)?;
        for one in items(&sub, "parsers") {
            let aliases: Vec<Str> =
                items(&one, "aliases").iter().map(|name| name.as_text("").expect("a name")).collect();
            let aliases: Vec<&str> = aliases.iter().map(Str::as_str).collect();
            let name = text(&one, "name").expect("a name");
            let inner = subparsers.add_parser(&name, &aliases, text(&one, "help"), None, options(&one))?;
            fill(&inner, &one)?;
        }
    }
    Ok(())
}

/// What `argparse` says.
pub fn answer(question: &Question) -> Option<Answer> {
    let name = question.name.strip_prefix("argparse.")?;
    let given = json_loads(question.text(0)).expect("a parser");
    let words: List<Str> = question.fields[1..].iter().map(Str::from).collect();
    let run = || -> Answer {
        let parser = ArgumentParser::new(&text(&given, "prog").expect("a name"), options(&given));
        fill(&parser, &given)?;
        Ok(match name {
            "parse" => repr(&parser.parse_args(Some(words.clone()))?).to_string(),
            "known" => repr(&parser.parse_known_args(Some(words.clone()))?).to_string(),
            "help" => parser.format_help()?.to_string(),
            other => panic!("unknown function {other:?}"),
        })
    };
    let result = run();
    let printed = PENDING_OUTPUT.replace(String::new());
    eprintln!("\u{1}");
    Some(Ok(match result {
        Ok(text) => printed + &text,
        Err(exc) => format!("{printed}!{}: {}", exc.kind().name, exc.text()),
    }))
}
