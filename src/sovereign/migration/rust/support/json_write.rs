//! `json.dumps`: values become text.
//!
//! `json_dumps(&impl ToJson) -> Result<Str, Exc>`, `json_dumps_with(&impl ToJson, &JsonOptions)`;
//! `JsonOptions::new(indent: Option<Str>, separators: Option<(Str, Str)>, sort_keys: bool, ensure_ascii: bool)`, with the
//! fields `allow_nan: bool` and `default_str: bool` (`default=str`). An integer indent is `json_indent(i64) -> Option<Str>`.
//! `ToJson` holds for `bool i64 Int f64 () Str List Dict Option Rc Vec Json` and tuples up to 8; a type of the program's own
//! implements it by `write_default`. Refused: `cls`, `default` functions other than str, `skipkeys`.

use crate::{
    float_repr_into, sort_stably, str_of, Dict, Exc, Int, Json, List, Object, Ordered, Str, TYPE_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// How to write.
pub struct JsonOptions {
    /// What one level is indented by; none for one line.
    pub indent: Option<Str>,
    /// What stands between items.
    pub item_separator: Str,
    /// What stands behind a key.
    pub key_separator: Str,
    /// Whether keys are sorted.
    pub sort_keys: bool,
    /// Whether all characters beyond ASCII are escaped.
    pub ensure_ascii: bool,
    /// Whether NaN and infinity are written.
    pub allow_nan: bool,
    /// Whether other values are written as their `str`.
    pub default_str: bool,
}

impl JsonOptions {
    /// Options as `json.dumps` takes them.
    pub fn new(indent: Option<Str>, separators: Option<(Str, Str)>, sort_keys: bool, ensure_ascii: bool) -> Self {
        let comma = Str::literal(if indent.is_some() { "," } else { ", " });
        let (item_separator, key_separator) = separators.unwrap_or((comma, Str::literal(": ")));
        JsonOptions {
            indent,
            item_separator,
            key_separator,
            sort_keys,
            ensure_ascii,
            allow_nan: true,
            default_str: false,
        }
    }
}

/// The indent that a number means.
pub fn json_indent(indent: i64) -> Option<Str> {
    Some(Str::literal(" ").repeat(indent))
}

/// Writes values.
pub struct JsonWriter<'a> {
    /// How.
    pub options: &'a JsonOptions,
    /// The text so far.
    pub out: String,
    /// The lists and dicts that are open.
    pub open: Vec<i64>,
}

/// A value that `json.dumps` takes.
pub trait ToJson {
    /// Write the value.
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc>;
}

/// `json.dumps(value)`.
pub fn json_dumps<T: ToJson>(value: &T) -> Result<Str, Exc> {
    json_dumps_with(value, &JsonOptions::new(None, None, false, true))
}

/// `json.dumps(value, ...)`.
pub fn json_dumps_with<T: ToJson>(value: &T, options: &JsonOptions) -> Result<Str, Exc> {
    let mut writer = JsonWriter { options, out: String::new(), open: Vec::new() };
    value.write_json(&mut writer)?;
    Ok(Str::from(writer.out))
}

impl JsonWriter<'_> {
    /// Write a text in quotes.
    pub fn string(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\x0c' => self.out.push_str("\\f"),
                '\x08' => self.out.push_str("\\b"),
                ' '..='~' => self.out.push(character),
                _ if character >= ' ' && !self.options.ensure_ascii => self.out.push(character),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        // Writing to a string does not fail.
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
            }
        }
        self.out.push('"');
    }

    /// The text of a float.
    pub fn float_text(&self, value: f64) -> Result<String, Exc> {
        let mut text = String::new();
        float_repr_into(value, &mut text);
        if value.is_finite() {
            return Ok(text);
        }
        if !self.options.allow_nan {
            // CPython's two writers differ here: the one that indents names the value.
            let shown = if self.options.indent.is_some() { format!(": {text}") } else { String::new() };
            let message = format!("Out of range float values are not JSON compliant{shown}");
            return Err(Exc::new(&VALUE_ERROR, message));
        }
        let name = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        Ok(String::from(name))
    }

    /// Begin an item: the separator and a new line where there is one.
    pub fn item(&mut self, is_first: bool) {
        if !is_first {
            self.out.push_str(&self.options.item_separator);
        }
        self.new_line();
    }

    /// A new line, indented.
    pub fn new_line(&mut self) {
        if let Some(indent) = &self.options.indent {
            self.out.push('\n');
            for _ in &self.open {
                self.out.push_str(indent);
            }
        }
    }

    /// Open a list or dict with an identity. Errors: ValueError if it is open already.
    pub fn begin(&mut self, id: i64, sign: char) -> Result<(), Exc> {
        if id != 0 && self.open.contains(&id) {
            return Err(Exc::new(&VALUE_ERROR, "Circular reference detected"));
        }
        self.open.push(id);
        self.out.push(sign);
        Ok(())
    }

    /// Close a list or dict.
    pub fn end(&mut self, sign: char) {
        self.open.pop();
        self.new_line();
        self.out.push(sign);
    }

    /// Write items as a list.
    pub fn items<'i, T: ToJson + 'i>(&mut self, id: i64, items: impl Iterator<Item = &'i T>) -> Result<(), Exc> {
        let mut items = items.peekable();
        if items.peek().is_none() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.begin(id, '[')?;
        for (place, item) in items.enumerate() {
            self.item(place == 0);
            item.write_json(self)?;
        }
        self.end(']');
        Ok(())
    }
}

/// Write a value that is none of JSON's: its `str` where `default=str`, else TypeError.
pub fn write_default<T: Object>(value: &T, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
    if writer.options.default_str {
        writer.string(&str_of(value));
        return Ok(());
    }
    let text = format!("Object of type {} is not JSON serializable", value.type_name());
    Err(Exc::new(&TYPE_ERROR, text))
}

/// What can be a key of a dict in JSON.
pub trait JsonKey: Object {
    /// The key's text.
    fn json_key(&self, writer: &JsonWriter<'_>) -> Result<String, Exc>;
    /// Whether it comes before another one; raises where Python has no order.
    fn json_before(&self, other: &Self) -> Result<bool, Exc>;
}

/// The error of keys without an order.
pub fn json_no_order<T: Object>(one: &T, other: &T) -> Exc {
    let (one, other) = (one.type_name(), other.type_name());
    Exc::new(&TYPE_ERROR, format!("'<' not supported between instances of '{one}' and '{other}'"))
}

impl JsonKey for Str {
    fn json_key(&self, _writer: &JsonWriter<'_>) -> Result<String, Exc> {
        Ok(String::from(self.as_str()))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Ok(self.less(other))
    }
}

impl JsonKey for i64 {
    fn json_key(&self, _writer: &JsonWriter<'_>) -> Result<String, Exc> {
        Ok(format!("{self}"))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Ok(self.less(other))
    }
}

impl JsonKey for Int {
    fn json_key(&self, _writer: &JsonWriter<'_>) -> Result<String, Exc> {
        Ok(format!("{self}"))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Ok(self.less(other))
    }
}

impl JsonKey for bool {
    fn json_key(&self, _writer: &JsonWriter<'_>) -> Result<String, Exc> {
        Ok(String::from(if *self { "true" } else { "false" }))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Ok(self.less(other))
    }
}

impl JsonKey for f64 {
    fn json_key(&self, writer: &JsonWriter<'_>) -> Result<String, Exc> {
        writer.float_text(*self)
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Ok(self.less(other))
    }
}

impl JsonKey for () {
    fn json_key(&self, _writer: &JsonWriter<'_>) -> Result<String, Exc> {
        Ok(String::from("null"))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        Err(json_no_order(self, other))
    }
}

impl<T: JsonKey> JsonKey for Option<T> {
    fn json_key(&self, writer: &JsonWriter<'_>) -> Result<String, Exc> {
        self.as_ref().map_or_else(|| ().json_key(writer), |key| key.json_key(writer))
    }
    fn json_before(&self, other: &Self) -> Result<bool, Exc> {
        match (self, other) {
            (Some(one), Some(other)) => one.json_before(other),
            _ => Err(json_no_order(self, other)),
        }
    }
}

impl ToJson for bool {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        writer.out.push_str(if *self { "true" } else { "false" });
        Ok(())
    }
}

impl ToJson for i64 {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        self.write_repr(&mut writer.out);
        Ok(())
    }
}

impl ToJson for Int {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        self.write_repr(&mut writer.out);
        Ok(())
    }
}

impl ToJson for f64 {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        let text = writer.float_text(*self)?;
        writer.out.push_str(&text);
        Ok(())
    }
}

impl ToJson for () {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        writer.out.push_str("null");
        Ok(())
    }
}

impl ToJson for Str {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        writer.string(self);
        Ok(())
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        match self {
            Some(value) => value.write_json(writer),
            None => ().write_json(writer),
        }
    }
}

impl<T: ToJson> ToJson for Rc<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        (**self).write_json(writer)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        writer.items(0, self.iter())
    }
}

impl<T: ToJson> ToJson for List<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        writer.items(self.id(), self.borrow().iter())
    }
}

impl<K: JsonKey + Clone, V: ToJson + Clone> ToJson for Dict<K, V> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        if self.is_empty() {
            writer.out.push_str("{}");
            return Ok(());
        }
        writer.begin(self.id(), '{')?;
        let mut items: Vec<(K, V)> = self.items().collect();
        if writer.options.sort_keys {
            let mut failed = None;
            items = sort_stably(items, &mut |a, b| {
                a.0.json_before(&b.0).unwrap_or_else(|exc| {
                    failed = failed.take().or(Some(exc));
                    false
                })
            });
            if let Some(exc) = failed {
                return Err(exc);
            }
        }
        for (place, (key, value)) in items.iter().enumerate() {
            writer.item(place == 0);
            let key = key.json_key(writer)?;
            writer.string(&key);
            writer.out.push_str(&writer.options.key_separator);
            value.write_json(writer)?;
        }
        writer.end('}');
        Ok(())
    }
}

impl ToJson for Json {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        match self {
            Json::Null => ().write_json(writer),
            Json::Bool(value) => value.write_json(writer),
            Json::Int(value) => value.write_json(writer),
            Json::Float(value) => value.write_json(writer),
            Json::Text(value) => value.write_json(writer),
            Json::List(value) => value.write_json(writer),
            Json::Dict(value) => value.write_json(writer),
        }
    }
}

/// `ToJson` for tuples of one length.
macro_rules! tuple_to_json {
    ($($name:ident $index:tt)+) => {
        impl<$($name: ToJson),+> ToJson for ($($name,)+) {
            fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
                writer.begin(0, '[')?;
                $(
                    writer.item($index == 0);
                    self.$index.write_json(writer)?;
                )+
                writer.end(']');
                Ok(())
            }
        }
    };
}

tuple_to_json!(A 0);
tuple_to_json!(A 0 B 1);
tuple_to_json!(A 0 B 1 C 2);
tuple_to_json!(A 0 B 1 C 2 D 3);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuple_to_json!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);

/// What a program's own enum is filled with from JSON.
pub trait FromJson {
    /// The value.
    fn from_json(value: Json) -> Self;
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Json) -> Self {
        match value {
            Json::Null => None,
            other => Some(T::from_json(other)),
        }
    }
}

/// Fill an enum of the program from JSON.
#[macro_export]
macro_rules! json_value {
    ($name:ident) => {
        impl FromJson for $name {
            fn from_json(value: Json) -> Self {
                match value {
                    Json::Null => unreachable!("none is not in the enum"),
                    Json::Bool(value) => $name::Bool(value),
                    Json::Int(value) => $name::Int(value),
                    Json::Float(value) => $name::Float(value),
                    Json::Text(value) => $name::Str(value),
                    Json::List(items) => $name::List(items.iter().map(FromJson::from_json).collect()),
                    Json::Dict(items) => {
                        $name::Dict(items.items().map(|(key, value)| (key, FromJson::from_json(value))).collect())
                    }
                }
            }
        }
    };
}
pub use json_value;

/// Write an enum of the program as JSON.
#[macro_export]
macro_rules! json_written {
    ($name:ident, $($variant:ident),+) => {
        impl ToJson for $name {
            fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
                match self {
                    $($name::$variant(value) => value.write_json(writer)),+
                }
            }
        }
    };
}
pub use json_written;
