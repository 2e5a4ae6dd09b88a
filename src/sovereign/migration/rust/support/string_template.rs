//! `string.Template`: texts with places for names; `html_escape(&str, quote: bool) -> Str`.
//!
//! `StringTemplate` (the text itself), `string_template_fill(&StringTemplate, &Dict<Str, Str>, safe: bool) -> Result<Str, Exc>`
//! (`substitute`, and `safe_substitute` where `safe`), `string_template_values(&Dict<Str, V>) -> Dict<Str, Str>`.
//! Errors: KeyError for a name without a value, ValueError for a `$` that begins no place.

use crate::{show, Dict, Exc, Object, Str, VALUE_ERROR};
use alloc::format;
use alloc::string::String;

/// `string.Template`.
pub type StringTemplate = Str;

/// The values of a mapping as they are put in.
pub fn string_template_values<V: Object + Clone>(values: &Dict<Str, V>) -> Dict<Str, Str> {
    values.items().map(|(name, value)| (name, Str::from(format!("{}", show(&value))))).collect()
}

/// `html.escape(text, quote)`.
pub fn html_escape(text: &str, quote: bool) -> Str {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote => out.push_str("&quot;"),
            '\'' if quote => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
    Str::from(out)
}

/// The length of the name that a text begins with; 0 for none.
pub fn string_template_name(text: &str) -> usize {
    let is_part = |at: usize, byte: u8| byte == b'_' || byte.is_ascii_alphabetic() || at > 0 && byte.is_ascii_digit();
    text.bytes().enumerate().take_while(|(at, byte)| is_part(*at, *byte)).count()
}

/// Put values into their places.
pub fn string_template_fill(template: &StringTemplate, values: &Dict<Str, Str>, safe: bool) -> Result<Str, Exc> {
    let text = template.as_str();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(behind) = after.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let is_braced = after.starts_with('{');
        let inner = if is_braced { &after[1..] } else { after };
        let length = string_template_name(inner);
        if length == 0 || is_braced && !inner[length..].starts_with('}') {
            if !safe {
                return Err(string_template_fault(text, text.len() - after.len()));
            }
            out.push('$');
            rest = after;
            continue;
        }
        let name = Str::from(&inner[..length]);
        let behind = &inner[length + usize::from(is_braced)..];
        match values.get(&name) {
            Some(value) => out.push_str(&value),
            None if safe => out.push_str(&rest[at..rest.len() - behind.len()]),
            None => return Err(Exc::missing_key(&name)),
        }
        rest = behind;
    }
    out.push_str(rest);
    Ok(Str::from(out))
}

/// `ValueError` for a `$` that begins no place; `at` is behind it, in bytes.
#[cold]
pub fn string_template_fault(text: &str, at: usize) -> Exc {
    let before = Str::from(&text[..at]);
    let lines = before.splitlines(true);
    let last = lines.len().max(1);
    let earlier: i64 = lines.iter().take(last as usize - 1).map(|line| line.len()).sum();
    let column = before.len() - earlier;
    Exc::new(&VALUE_ERROR, format!("Invalid placeholder in string: line {last}, col {column}"))
}
