//! The `%` operator of texts: `percent_format(template, values)?`, `percent_format_named(template, named)?`; one conversion
//! alone, told as behind the `%`: `percent_int(&value, "05d")?`, `percent_float(value, ".2f")?`, `percent_text(&text, "-8")?`.

use crate::{
    ascii_text, binary_digits, float_text, format_number, int_of_float, padded_text, Exc, FormatSpec, Formattable, Int,
    NumberParts, Numeric, Str, KEY_ERROR, OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR,
};
use alloc::string::String;

/// One conversion of a template: `%(key)-5.2f`.
pub struct PercentField<'a> {
    key: Option<&'a str>,
    spec: FormatSpec,
    is_left: bool,
    code: char,
    // Where the letter stands, counted in characters, for the error.
    at: usize,
}

/// What the conversions of one template take.
pub struct PercentValues<'a> {
    values: &'a [&'a dyn Formattable],
    named: Option<&'a [(&'a str, &'a dyn Formattable)]>,
    next: usize,
}

/// `template % values`, where the values are one value or those of a tuple.
pub fn percent_format(template: &str, values: &[&dyn Formattable]) -> Result<Str, Exc> {
    percent_filled(template, PercentValues { values, named: None, next: 0 })
}

/// `template % dict`.
pub fn percent_format_named(template: &str, named: &[(&str, &dyn Formattable)]) -> Result<Str, Exc> {
    percent_filled(template, PercentValues { values: &[], named: Some(named), next: 0 })
}

/// A template with its conversions done.
pub fn percent_filled(template: &str, values: PercentValues<'_>) -> Result<Str, Exc> {
    let mut values = values;
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let field = percent_field(template, &mut rest, &mut values)?;
        let value = values.take(field.key)?;
        out.push_str(&percent_converted(&field, value)?);
    }
    out.push_str(rest);
    if values.named.is_none() && values.next < values.values.len() {
        return Err(Exc::new(&TYPE_ERROR, "not all arguments converted during string formatting"));
    }
    Ok(Str::from(out))
}

impl<'a> PercentValues<'a> {
    /// The next value, or that of a key.
    fn take(&mut self, key: Option<&str>) -> Result<&'a dyn Formattable, Exc> {
        if let Some(key) = key {
            let Some(named) = self.named else {
                return Err(Exc::new(&TYPE_ERROR, "format requires a mapping"));
            };
            let found = named.iter().find(|(name, _)| *name == key);
            return found.map(|(_, value)| *value).ok_or_else(|| Exc::new(&KEY_ERROR, key));
        }
        let value = self.values.get(self.next).copied();
        self.next += 1;
        value.ok_or_else(|| Exc::new(&TYPE_ERROR, "not enough arguments for format string"))
    }

    /// A width or precision: digits of the template, or `*` and the next value.
    fn number(&mut self, rest: &mut &str, what: &str) -> Result<Option<i64>, Exc> {
        if let Some(after) = rest.strip_prefix('*') {
            *rest = after;
            return match self.take(None)?.numeric() {
                Numeric::Whole(Int::Small(number)) => Ok(Some(number)),
                Numeric::Whole(_) => Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C ssize_t")),
                _ => Err(Exc::new(&TYPE_ERROR, "* wants int")),
            };
        }
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        if end == 0 {
            return Ok(None);
        }
        let number = rest[..end].parse().map_err(|_| Exc::new(&VALUE_ERROR, alloc::format!("{what} too big")))?;
        *rest = &rest[end..];
        Ok(Some(number))
    }
}

/// The conversion behind a `%`.
pub fn percent_field<'a>(
    template: &str,
    rest: &mut &'a str,
    values: &mut PercentValues<'_>,
) -> Result<PercentField<'a>, Exc> {
    if rest.starts_with('(') && values.named.is_none() {
        return Err(Exc::new(&TYPE_ERROR, "format requires a mapping"));
    }
    let key = percent_key(rest)?;
    let mut spec = FormatSpec::new();
    let mut is_left = false;
    while let Some(flag) = rest.chars().next().filter(|flag| matches!(flag, '-' | '+' | ' ' | '#' | '0')) {
        match flag {
            '-' => is_left = true,
            '+' => spec.sign = Some('+'),
            ' ' => spec.sign = spec.sign.or(Some(' ')),
            '#' => spec.alternate = true,
            _ => spec.zeros = true,
        }
        *rest = &rest[1..];
    }
    let width = values.number(rest, "width")?.unwrap_or(0);
    is_left |= width < 0;
    spec.width = width.saturating_abs();
    if let Some(after) = rest.strip_prefix('.') {
        *rest = after;
        spec.precision = Some(values.number(rest, "precision")?.unwrap_or(0).max(0));
    }
    if rest.starts_with(['h', 'l', 'L']) {
        *rest = &rest[1..];
    }
    let code = rest.chars().next().ok_or_else(|| Exc::new(&VALUE_ERROR, "incomplete format"))?;
    let at = template[..template.len() - rest.len()].chars().count();
    *rest = &rest[code.len_utf8()..];
    spec.zeros &= !is_left;
    Ok(PercentField { key, spec, is_left, code, at })
}

/// The key in parentheses that a conversion begins with.
pub fn percent_key<'a>(rest: &mut &'a str) -> Result<Option<&'a str>, Exc> {
    let Some(inside) = rest.strip_prefix('(') else {
        return Ok(None);
    };
    let mut depth = 1;
    for (at, byte) in inside.bytes().enumerate() {
        depth += i64::from(byte == b'(') - i64::from(byte == b')');
        if depth == 0 {
            *rest = &inside[at + 1..];
            return Ok(Some(&inside[..at]));
        }
    }
    Err(Exc::new(&VALUE_ERROR, "incomplete format key"))
}

/// What one conversion makes of its value.
pub fn percent_converted(field: &PercentField<'_>, value: &dyn Formattable) -> Result<Str, Exc> {
    match field.code {
        's' => Ok(percent_cut(field, &value.shown())),
        'r' => Ok(percent_cut(field, &value.quoted())),
        'a' => Ok(percent_cut(field, &ascii_text(&value.quoted()))),
        'c' => percent_character(field, value),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => percent_whole(field, value),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => percent_real(field, value),
        other => {
            let (code, at) = (u32::from(other), field.at);
            let shown = if (' '..='~').contains(&other) { other } else { '?' };
            let text = alloc::format!("unsupported format character '{shown}' (0x{code:x}) at index {at}");
            Err(Exc::new(&VALUE_ERROR, text))
        }
    }
}

/// The field of a text: cut to the precision, filled with spaces.
pub fn percent_cut(field: &PercentField<'_>, text: &str) -> Str {
    let end = field.spec.precision.and_then(|count| text.char_indices().nth(count as usize));
    percent_padded(field, end.map_or(text, |(end, _)| &text[..end]))
}

/// A text filled with spaces to the width.
pub fn percent_padded(field: &PercentField<'_>, text: &str) -> Str {
    let spec = FormatSpec { width: field.spec.width, ..FormatSpec::new() };
    padded_text(text, &spec, if field.is_left { '<' } else { '>' })
}

/// `%c`.
pub fn percent_character(field: &PercentField<'_>, value: &dyn Formattable) -> Result<Str, Exc> {
    match value.numeric() {
        Numeric::Text(text) if text.len() == 1 => Ok(percent_padded(field, &text)),
        Numeric::Whole(number) => {
            let code = number.to_i64().filter(|code| (0..0x11_0000).contains(code));
            let code = code.ok_or_else(|| Exc::new(&OVERFLOW_ERROR, "%c arg not in range(0x110000)"))?;
            Ok(percent_padded(field, &crate::chr(code)?))
        }
        _ => Err(Exc::new(&TYPE_ERROR, "%c requires int or char")),
    }
}

/// `%d`, `%x` and their like.
pub fn percent_whole(field: &PercentField<'_>, value: &dyn Formattable) -> Result<Str, Exc> {
    let is_decimal = matches!(field.code, 'd' | 'i' | 'u');
    let number = match value.numeric() {
        Numeric::Whole(number) => number,
        Numeric::Real(number) if is_decimal => int_of_float(number)?,
        _ => {
            let wanted = if is_decimal { "a real number" } else { "an integer" };
            let text = alloc::format!("%{} format: {wanted} is required, not {}", field.code, value.kind_name());
            return Err(Exc::new(&TYPE_ERROR, text));
        }
    };
    Ok(percent_digits(field, &number))
}

/// The digits of an integer in a field.
pub fn percent_digits(field: &PercentField<'_>, number: &Int) -> Str {
    let (mut digits, prefix) = match field.code {
        'x' => (binary_digits(number, 4, false), "0x"),
        'X' => (binary_digits(number, 4, true), "0X"),
        'o' => (binary_digits(number, 3, false), "0o"),
        _ => (alloc::format!("{}", number.abs()), ""),
    };
    // A precision is a least number of digits here.
    while (digits.len() as i64) < field.spec.precision.unwrap_or(0) {
        digits.insert(0, '0');
    }
    let prefix = if field.spec.alternate { prefix } else { "" };
    let parts = NumberParts { is_negative: number.is_negative(), prefix, digits: &digits, rest: "", group: 3 };
    format_number(&parts, &percent_spec(field))
}

/// A conversion's flags as a spec.
pub fn percent_spec(field: &PercentField<'_>) -> FormatSpec {
    let align = if field.is_left { Some('<') } else { None };
    FormatSpec { align, precision: None, ..field.spec }
}

/// `%f` and its like.
pub fn percent_real(field: &PercentField<'_>, value: &dyn Formattable) -> Result<Str, Exc> {
    let number = match value.numeric() {
        Numeric::Whole(number) => number.float()?,
        Numeric::Real(number) => number,
        _ => {
            let text = alloc::format!("must be real number, not {}", value.kind_name());
            return Err(Exc::new(&TYPE_ERROR, text));
        }
    };
    Ok(percent_decimal(field, number))
}

/// The digits of a float in a field.
pub fn percent_decimal(field: &PercentField<'_>, number: f64) -> Str {
    let mut text = float_text(number.abs(), Some(field.code), field.spec.precision, field.spec.alternate);
    if field.code.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    let is_negative = number.is_sign_negative() && !number.is_nan();
    let parts = NumberParts { is_negative, prefix: "", digits: &text, rest: "", group: 3 };
    format_number(&parts, &percent_spec(field))
}

/// A conversion told as behind the `%`.
pub fn percent_alone(conversion: &str) -> Result<PercentField<'_>, Exc> {
    let mut rest = conversion;
    percent_field(conversion, &mut rest, &mut PercentValues { values: &[], named: None, next: 0 })
}

/// `"%05d" % value`, the conversion without its `%`.
pub fn percent_int(value: &Int, conversion: &str) -> Result<Str, Exc> {
    let field = percent_alone(conversion)?;
    Ok(percent_digits(&field, value))
}

/// `"%.2f" % value`, the conversion without its `%`.
pub fn percent_float(value: f64, conversion: &str) -> Result<Str, Exc> {
    let field = percent_alone(conversion)?;
    Ok(percent_decimal(&field, value))
}

/// `"%-8s" % text`, the conversion without its `%` and its letter.
pub fn percent_text(text: &str, flags: &str) -> Result<Str, Exc> {
    let conversion = alloc::format!("{flags}s");
    let field = percent_alone(&conversion)?;
    Ok(percent_cut(&field, text))
}
