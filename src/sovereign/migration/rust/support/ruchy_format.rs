//! Format specs of a Ruchy program, in Rust's and Python's notation: `formatted`, and `filled` for `println("{}", ...)`.

use crate::{debug_text, fault, shown_text, Datum, Dyn, Str};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Write an integer behind a text.
pub fn push_whole(out: &mut String, number: i64) {
    let mut digits = [0u8; 20];
    let mut first = digits.len();
    let mut left = number.unsigned_abs();
    loop {
        first -= 1;
        digits[first] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    // SAFETY: digits are ASCII.
    out.push_str(unsafe { core::str::from_utf8_unchecked(&digits[first..]) });
}

/// A format spec taken apart.
pub struct HoleSpec {
    fill: char,
    align: char,
    sign: char,
    is_alternate: bool,
    width: usize,
    comma: char,
    precision: Option<usize>,
    kind: char,
}

/// A reader of a spec.
pub struct SpecReader {
    rest: Vec<char>,
    at: usize,
}

impl SpecReader {
    /// Take a character if it is one of some.
    #[track_caller]
    pub fn one_of(&mut self, wanted: &str) -> Option<char> {
        let found = self.rest.get(self.at).copied().filter(|found| wanted.contains(*found))?;
        self.at += 1;
        Some(found)
    }

    /// Take digits.
    #[track_caller]
    pub fn number(&mut self) -> Option<usize> {
        let mut found: Option<usize> = None;
        while let Some(digit) = self.rest.get(self.at).and_then(|digit| digit.to_digit(10)) {
            found = Some(found.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
            self.at += 1;
        }
        found
    }
}

/// A spec such as `>8.2` or `08x`.
#[track_caller]
pub fn read_spec(text: &str) -> Option<HoleSpec> {
    let trimmed = text.trim_matches(crate::is_blank);
    let mut reader = SpecReader { rest: if trimmed.is_empty() { text } else { trimmed }.chars().collect(), at: 0 };
    let (mut fill, mut align) = (None, None);
    if reader.rest.get(1).is_some_and(|second| "<>^".contains(*second)) {
        fill = reader.rest.first().copied();
        align = reader.rest.get(1).copied();
        reader.at = 2;
    } else if let Some(found) = reader.one_of("<>^") {
        align = Some(found);
    }
    let sign = reader.one_of("+ -").unwrap_or('\0');
    let is_alternate = reader.one_of("#").is_some();
    let is_zero = reader.one_of("0").is_some();
    let width = reader.number().unwrap_or(0);
    let comma = reader.one_of(",_").unwrap_or('\0');
    let precision = match reader.one_of(".") {
        Some(_) => Some(reader.number()?),
        None => None,
    };
    let kind = reader.one_of("?xXobeEdfsgn%c").unwrap_or('\0');
    if reader.at != reader.rest.len() {
        return None;
    }
    let zero_fill = if is_zero && align.is_none() { '0' } else { ' ' };
    let align = align.unwrap_or(if is_zero { '=' } else { '\0' });
    Some(HoleSpec { fill: fill.unwrap_or(zero_fill), align, sign, is_alternate, width, comma, precision, kind })
}

/// A value under a spec.
#[track_caller]
pub fn formatted(value: &Dyn, text: &str) -> Str {
    let Some(spec) = read_spec(text) else { fault("format", format!("this is no format spec: `{text}`")) };
    let is_number = matches!(value, Dyn::Int(_) | Dyn::Float(_));
    let body = match value {
        Dyn::Int(whole) => whole_body(*whole, &spec),
        Dyn::Float(real) => real_body(*real, &spec),
        other => other_body(other, &spec),
    };
    Str::from(aligned(body, &spec, is_number))
}

/// A text at its place in a field.
#[track_caller]
pub fn aligned(body: String, spec: &HoleSpec, is_number: bool) -> String {
    let length = body.chars().count();
    if length >= spec.width {
        return body;
    }
    let missing = spec.width - length;
    let fill = |count: usize| spec.fill.to_string().repeat(count);
    let align = match spec.align {
        '\0' if is_number => '>',
        '\0' => '<',
        align => align,
    };
    match align {
        '=' => {
            let signs = if is_number { body.len() - body.trim_start_matches(['+', '-', ' ']).len() } else { 0 };
            let cut = signs + if spec.is_alternate && "xXob".contains(spec.kind) { 2 } else { 0 };
            let at = body.char_indices().nth(cut).map_or(body.len(), |(at, _)| at);
            format!("{}{}{}", &body[..at], "0".repeat(missing), &body[at..])
        }
        '<' => body + &fill(missing),
        '>' => fill(missing) + &body,
        _ => format!("{}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
    }
}

/// A value that is no number.
#[track_caller]
pub fn other_body(value: &Dyn, spec: &HoleSpec) -> String {
    let text = if spec.kind == '?' { debug_text(value) } else { shown_text(value) };
    if !matches!(spec.kind, '\0' | '?' | 's') {
        let kind = value.kind_name();
        fault("format", format!("the format `{}` does not work on {}", spec.kind, kind.as_str()));
    }
    match spec.precision {
        Some(precision) => text.as_str().chars().take(precision).collect(),
        None => text.as_str().to_string(),
    }
}

/// A sign before a number that has none, where the spec wants one.
pub fn signed(text: String, spec: &HoleSpec) -> String {
    if text.starts_with('-') || spec.sign == '\0' || spec.sign == '-' {
        text
    } else {
        format!("{}{text}", spec.sign)
    }
}

/// An integer under a spec.
#[track_caller]
pub fn whole_body(value: i64, spec: &HoleSpec) -> String {
    let text = match spec.kind {
        'x' if spec.is_alternate => format!("{value:#x}"),
        'x' => format!("{value:x}"),
        'X' if spec.is_alternate => format!("0x{value:X}"),
        'X' => format!("{value:X}"),
        'o' if spec.is_alternate => format!("{value:#o}"),
        'o' => format!("{value:o}"),
        'b' if spec.is_alternate => format!("{value:#b}"),
        'b' => format!("{value:b}"),
        'e' | 'E' => exponent_form(value as f64, spec),
        '%' => format!("{:.*}%", spec.precision.unwrap_or(6), value as f64 * 100.0),
        'f' | 'g' => grouped_text(format!("{:.*}", spec.precision.unwrap_or(6), value as f64), spec.comma),
        _ => grouped_text(value.to_string(), spec.comma),
    };
    signed(text, spec)
}

/// A float under a spec.
#[track_caller]
pub fn real_body(value: f64, spec: &HoleSpec) -> String {
    let text = match spec.kind {
        'x' | 'X' | 'o' | 'b' => fault("format", format!("the format `{}` needs an integer", spec.kind)),
        'e' | 'E' => exponent_form(value, spec),
        '%' => format!("{:.*}%", spec.precision.unwrap_or(6), value * 100.0),
        'f' | 'g' => grouped_text(format!("{:.*}", spec.precision.unwrap_or(6), value), spec.comma),
        _ => match spec.precision {
            Some(precision) => grouped_text(format!("{value:.precision$}"), spec.comma),
            None if spec.comma == '\0' => shown_text(&value).as_str().to_string(),
            None => grouped_text(format!("{value:?}"), spec.comma),
        },
    };
    signed(text, spec)
}

/// A number with marks between its thousands.
#[track_caller]
pub fn grouped_text(text: String, comma: char) -> String {
    if comma == '\0' {
        return text;
    }
    let whole = text.find('.').unwrap_or(text.len());
    let start = usize::from(text.starts_with('-'));
    let mut found = String::from(&text[..start]);
    for (place, digit) in text[start..whole].chars().enumerate() {
        if place > 0 && (whole - start - place) % 3 == 0 {
            found.push(comma);
        }
        found.push(digit);
    }
    found.push_str(&text[whole..]);
    found
}

/// A number with an exponent.
pub fn exponent_form(value: f64, spec: &HoleSpec) -> String {
    let text = match spec.precision {
        Some(precision) => format!("{value:.precision$e}"),
        None => format!("{value:e}"),
    };
    if spec.kind == 'E' {
        text.to_uppercase()
    } else {
        text
    }
}

/// The holes of a text filled in order, or by number; what is left over follows.
#[track_caller]
pub fn filled(template: &str, values: &[Dyn]) -> Str {
    let mut out = String::new();
    let (mut used, mut highest) = (0usize, 0usize);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            out.push_str(&rest[..1]);
            rest = &rest[2..];
            continue;
        }
        let Some((number, spec, length)) = read_hole(rest) else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        };
        let place = number.unwrap_or(used);
        used += usize::from(number.is_none());
        match values.get(place) {
            None => out.push_str(&rest[..length]),
            Some(value) => {
                highest = highest.max(place + 1);
                match spec {
                    "" => value.write_shown(&mut out),
                    spec => out.push_str(&formatted(value, spec)),
                }
            }
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    for value in values.iter().skip(used.max(highest)) {
        out.push(' ');
        value.write_shown(&mut out);
    }
    Str::from(out)
}

/// The number, the spec and the length of a hole that a text begins with.
#[track_caller]
pub fn read_hole(text: &str) -> Option<(Option<usize>, &str, usize)> {
    if !text.starts_with('{') {
        return None;
    }
    let end = text.find('}')?;
    let inside = &text[1..end];
    if inside.contains("{") {
        return None;
    }
    let (number, spec) = inside.split_once(':').unwrap_or((inside, ""));
    if number.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    Some((number.parse().ok(), spec, end + 1))
}

/// What `println` prints for its arguments.
#[track_caller]
pub fn line_of(values: &[Dyn]) -> Str {
    match values {
        [] => Str::new(),
        [only] => shown_text(only),
        [Dyn::Text(first), rest @ ..] if first.contains("{") && first.contains("}") => filled(first, rest),
        several => {
            let mut out = String::new();
            for (place, value) in several.iter().enumerate() {
                if place > 0 {
                    out.push(' ');
                }
                value.write_shown(&mut out);
            }
            Str::from(out)
        }
    }
}
