//! JSON of a Ruchy program: texts become values of no known type, and values texts.

use crate::{fault, float_repr, json_loads, shown_text, sort_names, Array, Datum, Dyn, Json, Str, Table};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The value that a text of JSON spells, or what is wrong with it.
#[track_caller]
pub fn json_of_text(value: &Dyn) -> Result<Dyn, (&'static str, String)> {
    let Dyn::Text(text) = value else {
        return Err(("type", format!("JSON is parsed from a string and not from {}", value.kind_name().as_str())));
    };
    match json_loads(text) {
        Ok(found) => dyn_of_json(found).map_err(|text| ("json", text)),
        Err(error) => Err(("json", format!("this is no JSON: {}", error.text().as_str()))),
    }
}

/// A value of the language for one of JSON; integers beyond 64 bits are floats.
#[track_caller]
pub fn dyn_of_json(value: Json) -> Result<Dyn, String> {
    Ok(match value {
        Json::Null => Dyn::Nil,
        Json::Bool(value) => Dyn::Bool(value),
        Json::Int(value) => value.to_i64().map_or_else(|| Dyn::Float(value.rounded()), Dyn::Int),
        Json::Float(value) if value.is_nan() => return Err("this is no JSON: `NaN`".into()),
        Json::Float(value) => Dyn::Float(value),
        Json::Text(value) => Dyn::Text(value),
        Json::List(values) => {
            let items: Result<Vec<Dyn>, String> = values.iter().map(dyn_of_json).collect();
            Dyn::List(Array::of(items?))
        }
        Json::Dict(values) => {
            let mut table: Table<Dyn, Dyn> = Table::new();
            for (key, value) in values.items() {
                table.put(Dyn::Text(key), dyn_of_json(value)?);
            }
            Dyn::Dict(table)
        }
    })
}

/// `json_parse(text)`.
#[track_caller]
pub fn read_json_value(value: &Dyn) -> Dyn {
    match json_of_text(value) {
        Ok(found) => found,
        Err((kind, text)) => fault(kind, text),
    }
}

/// `json_validate(text)`.
#[track_caller]
pub fn is_json_text(value: &Dyn) -> bool {
    json_of_text(value).is_ok()
}

/// `json_type(text)`.
#[track_caller]
pub fn json_kind(value: &Dyn) -> Str {
    match read_json_value(value) {
        Dyn::Int(_) | Dyn::Float(_) => Str::literal("number"),
        Dyn::Bool(_) => Str::literal("boolean"),
        Dyn::Nil => Str::literal("null"),
        other => other.kind_name(),
    }
}

/// `json_get(value, path)`.
#[track_caller]
pub fn json_at(value: &Dyn, path: &Dyn) -> Dyn {
    let mut found = value.clone();
    for word in shown_text(path).as_str().split('.') {
        found = match &found {
            Dyn::Dict(table) => table.get(&Dyn::Text(Str::from(word))).0.unwrap_or(Dyn::Nil),
            Dyn::List(items) => match word.parse::<usize>() {
                Ok(place) if place < items.len() => items[place].clone(),
                _ => return Dyn::Nil,
            },
            _ => return Dyn::Nil,
        };
    }
    found
}

/// `json_set(value, path, element)`.
#[track_caller]
pub fn json_with(value: &Dyn, path: &Dyn, element: &Dyn) -> Dyn {
    let whole = shown_text(path);
    let (word, rest) = whole.as_str().split_once('.').unwrap_or((whole.as_str(), ""));
    let mut made = match value {
        Dyn::Dict(table) => table.clone(),
        _ => Table::new(),
    };
    let key = Dyn::Text(Str::from(word));
    let inner = if rest.is_empty() {
        element.clone()
    } else {
        json_with(&made.get(&key).0.unwrap_or(Dyn::Nil), &Dyn::Text(Str::from(rest)), element)
    };
    made.put(key, inner);
    Dyn::Dict(made)
}

/// `json_merge(value, other)`.
#[track_caller]
pub fn json_joined(value: &Dyn, other: &Dyn) -> Dyn {
    match (value, other) {
        (Dyn::Dict(value), Dyn::Dict(other)) => Dyn::Dict(value.merged(other)),
        _ => fault("type", "only objects are merged"),
    }
}

/// `json_stringify(value)`.
pub fn json_line(value: &Dyn) -> Str {
    let mut out = String::new();
    write_json_text(value, None, &mut out);
    Str::from(out)
}

/// `json_pretty(value)`.
pub fn json_lines(value: &Dyn) -> Str {
    let mut out = String::new();
    write_json_text(value, Some(0), &mut out);
    Str::from(out)
}

/// A line break and the indentation of a depth.
pub fn break_line(depth: Option<usize>, out: &mut String) {
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(core::iter::repeat_n("  ", depth));
    }
}

/// A value as JSON; `depth` is how deep it is indented.
pub fn write_json_text(value: &Dyn, depth: Option<usize>, out: &mut String) {
    match value {
        Dyn::Nil | Dyn::None => out.push_str("null"),
        Dyn::Bool(_) | Dyn::Int(_) => value.write_debug(out, false),
        Dyn::Float(number) if number.is_nan() => out.push_str("NaN"),
        Dyn::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 { "Infinity" } else { "-Infinity" });
        }
        Dyn::Float(number) => out.push_str(&float_repr(*number)),
        Dyn::Text(text) => write_json_word(text, out),
        Dyn::List(items) => write_json_items(items, depth, out),
        Dyn::Tuple(items) => write_json_items(items, depth, out),
        Dyn::Dict(table) => {
            let mut pairs: Vec<(Str, &Dyn)> = table.pairs().map(|(key, value)| (shown_text(key), value)).collect();
            sort_names(&mut pairs);
            write_json_pairs(&pairs, depth, out);
        }
        Dyn::Some(inner) | Dyn::Ok(inner) => write_json_text(inner, depth, out),
        Dyn::Record(record) if !record.field_names().is_empty() => {
            let fields: Vec<(Str, Dyn)> = record
                .field_names()
                .iter()
                .map(|name| {
                    let shown = if name.as_bytes()[0].is_ascii_digit() { format!("_{name}") } else { (*name).into() };
                    (Str::from(shown), record.field(name).unwrap_or(Dyn::Nil))
                })
                .collect();
            let mut pairs: Vec<(Str, &Dyn)> = fields.iter().map(|(name, value)| (name.clone(), value)).collect();
            sort_names(&mut pairs);
            write_json_pairs(&pairs, depth, out);
        }
        other => write_json_word(&shown_text(other), out),
    }
}

/// A list as JSON.
pub fn write_json_items(items: &[Dyn], depth: Option<usize>, out: &mut String) {
    if items.is_empty() {
        out.push_str("[]");
        return;
    }
    let inner = depth.map(|depth| depth + 1);
    for (place, item) in items.iter().enumerate() {
        out.push(if place == 0 { '[' } else { ',' });
        break_line(inner, out);
        write_json_text(item, inner, out);
    }
    break_line(depth, out);
    out.push(']');
}

/// An object as JSON.
pub fn write_json_pairs(pairs: &[(Str, &Dyn)], depth: Option<usize>, out: &mut String) {
    if pairs.is_empty() {
        out.push_str("{}");
        return;
    }
    let inner = depth.map(|depth| depth + 1);
    for (place, (key, value)) in pairs.iter().enumerate() {
        out.push(if place == 0 { '{' } else { ',' });
        break_line(inner, out);
        write_json_word(key, out);
        out.push_str(if depth.is_some() { ": " } else { ":" });
        write_json_text(value, inner, out);
    }
    break_line(depth, out);
    out.push('}');
}

/// A text as JSON.
pub fn write_json_word(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other if u32::from(other) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(other))),
            other => out.push(other),
        }
    }
    out.push('"');
}
