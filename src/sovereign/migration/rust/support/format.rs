//! The format mini-language: `FormatSpec::parse(text, type_name)?`, `format_int`, `format_float`, `format_str`. Any value:
//! `formattable.rs`.

use crate::{binary_digits, chr, Exc, Int, Object, Str, OVERFLOW_ERROR, VALUE_ERROR};
use alloc::string::String;

/// What a format spec says.
#[derive(Clone, Copy, Debug)]
pub struct FormatSpec {
    /// What fills the width; none is a space, or what `zeros` says.
    pub fill: Option<char>,
    /// `<`, `>`, `^` or `=`.
    pub align: Option<char>,
    /// `+`, `-` or a space.
    pub sign: Option<char>,
    /// `z`: no negative zero.
    pub no_negative_zero: bool,
    /// `#`.
    pub alternate: bool,
    /// `0` before the width.
    pub zeros: bool,
    /// The least number of characters.
    pub width: i64,
    /// `,` or `_`.
    pub grouping: Option<char>,
    /// Digits behind the point, or characters of a text.
    pub precision: Option<i64>,
    /// The letter that ends it.
    pub code: Option<char>,
}

impl FormatSpec {
    /// The empty spec.
    pub const fn new() -> Self {
        FormatSpec {
            fill: None,
            align: None,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            zeros: false,
            width: 0,
            grouping: None,
            precision: None,
            code: None,
        }
    }

    /// Read a spec for a value of that type.
    pub fn parse(text: &str, type_name: &str) -> Result<FormatSpec, Exc> {
        let mut spec = FormatSpec::new();
        let mut rest = text;
        let second = rest.char_indices().nth(1);
        if let Some((at, align)) = second.filter(|(_, align)| is_alignment(*align)) {
            spec.fill = rest.chars().next();
            spec.align = Some(align);
            rest = &rest[at + 1..];
        } else {
            spec.align = taken_character(&mut rest, is_alignment);
        }
        spec.sign = taken_character(&mut rest, |character| matches!(character, '+' | '-' | ' '));
        spec.no_negative_zero = taken_character(&mut rest, |character| character == 'z').is_some();
        spec.alternate = taken_character(&mut rest, |character| character == '#').is_some();
        spec.zeros = spec.fill.is_none() && taken_character(&mut rest, |character| character == '0').is_some();
        spec.width = taken_number(&mut rest)?.unwrap_or(0);
        spec.grouping = taken_grouping(&mut rest)?;
        if taken_character(&mut rest, |character| character == '.').is_some() {
            let precision = taken_number(&mut rest)?;
            spec.precision = Some(precision.ok_or_else(|| format_error("Format specifier missing precision"))?);
        }
        spec.code = rest.chars().next();
        if rest.chars().nth(1).is_some() {
            let text = alloc::format!("Invalid format specifier '{text}' for object of type '{type_name}'");
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        spec.check_grouping(type_name)?;
        Ok(spec)
    }

    /// Refuse a separator that the letter cannot bear.
    fn check_grouping(&self, type_name: &str) -> Result<(), Exc> {
        let Some(grouping) = self.grouping else {
            return Ok(());
        };
        let code = self.code.or(if type_name == "str" { Some('s') } else { None });
        let is_fine = match code {
            None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F') => true,
            Some('b' | 'o' | 'x' | 'X') => grouping == '_',
            Some(_) => false,
        };
        if is_fine {
            return Ok(());
        }
        let code = code.unwrap_or(' ');
        let shown = if (' '..='~').contains(&code) {
            alloc::format!("'{code}'")
        } else {
            alloc::format!("'\\x{:x}'", u32::from(code))
        };
        Err(format_error(&alloc::format!("Cannot specify '{grouping}' with {shown}.")))
    }
}

impl Default for FormatSpec {
    fn default() -> Self {
        FormatSpec::new()
    }
}

/// A `ValueError` of the mini-language.
#[cold]
pub fn format_error(text: &str) -> Exc {
    Exc::new(&VALUE_ERROR, text)
}

/// Whether a character aligns.
pub fn is_alignment(character: char) -> bool {
    matches!(character, '<' | '>' | '^' | '=')
}

/// Take the first character of a text, if it is one of those.
pub fn taken_character(rest: &mut &str, is_one: impl Fn(char) -> bool) -> Option<char> {
    let first = rest.chars().next().filter(|character| is_one(*character))?;
    *rest = &rest[first.len_utf8()..];
    Some(first)
}

/// Take the digits that a text begins with.
pub fn taken_number(rest: &mut &str) -> Result<Option<i64>, Exc> {
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    if end == 0 {
        return Ok(None);
    }
    let number = rest[..end].parse().map_err(|_| format_error("Too many decimal digits in format string"))?;
    *rest = &rest[end..];
    Ok(Some(number))
}

/// Take the separators that a text begins with.
pub fn taken_grouping(rest: &mut &str) -> Result<Option<char>, Exc> {
    let comma = taken_character(rest, |character| character == ',');
    let line = taken_character(rest, |character| character == '_');
    if comma.is_some() && line.is_some() || line.is_some() && rest.starts_with(',') {
        return Err(format_error("Cannot specify both ',' and '_'."));
    }
    if rest.starts_with(',') || line.is_some() && rest.starts_with('_') {
        let repeated = if comma.is_some() { ',' } else { '_' };
        return Err(format_error(&alloc::format!("Cannot specify '{repeated}' with '{repeated}'.")));
    }
    Ok(comma.or(line))
}

/// `Unknown format code`.
#[cold]
pub fn unknown_code(code: char, type_name: &str) -> Exc {
    let shown =
        if (' '..='~').contains(&code) { alloc::format!("{code}") } else { alloc::format!("\\x{:x}", u32::from(code)) };
    format_error(&alloc::format!("Unknown format code '{shown}' for object of type '{type_name}'"))
}

/// `text` in a field: filled to the width, as the alignment says.
pub fn padded_text(text: &str, spec: &FormatSpec, default_align: char) -> Str {
    let count = text.chars().count() as i64;
    let missing = spec.width - count;
    if missing <= 0 {
        return Str::from(text);
    }
    let fill = spec.fill.unwrap_or(if spec.zeros { '0' } else { ' ' });
    let before = match spec.align.unwrap_or(default_align) {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    Str::from(text).padded(before, missing - before, fill)
}

/// `format(text, spec)`.
pub fn format_str(text: &str, spec: &FormatSpec) -> Result<Str, Exc> {
    match spec.code {
        None | Some('s') => {}
        Some(code) => return Err(unknown_code(code, "str")),
    }
    if let Some(sign) = spec.sign {
        let what = if sign == ' ' { "Space" } else { "Sign" };
        return Err(format_error(&alloc::format!("{what} not allowed in string format specifier")));
    }
    if spec.no_negative_zero {
        return Err(format_error("Negative zero coercion (z) not allowed in string format specifier"));
    }
    if spec.alternate {
        return Err(format_error("Alternate form (#) not allowed in string format specifier"));
    }
    if let Some(grouping) = spec.grouping {
        return Err(format_error(&alloc::format!("Cannot specify '{grouping}' with 's'.")));
    }
    if spec.align == Some('=') {
        return Err(format_error("'=' alignment not allowed in string format specifier"));
    }
    let end = spec.precision.and_then(|count| text.char_indices().nth(count as usize));
    Ok(padded_text(end.map_or(text, |(end, _)| &text[..end]), spec, '<'))
}

/// A number in parts: what stands before its digits, the digits that are grouped, and what stands behind them.
pub struct NumberParts<'a> {
    /// Whether it is below zero.
    pub is_negative: bool,
    /// `0x` and its like.
    pub prefix: &'a str,
    /// The digits before the point.
    pub digits: &'a str,
    /// The point and all behind it.
    pub rest: &'a str,
    /// How many digits stand together.
    pub group: usize,
}

/// A number in a field.
pub fn format_number(parts: &NumberParts<'_>, spec: &FormatSpec) -> Str {
    let sign = match spec.sign {
        _ if parts.is_negative => "-",
        Some('+') => "+",
        Some(' ') => " ",
        _ => "",
    };
    let fill = spec.fill.unwrap_or(if spec.zeros { '0' } else { ' ' });
    let align = spec.align.unwrap_or(if spec.zeros { '=' } else { '>' });
    let taken = (sign.len() + parts.prefix.len() + parts.rest.len()) as i64;
    let grouped = match spec.grouping {
        Some(grouping) => {
            let least = if fill == '0' && align == '=' { spec.width - taken } else { 0 };
            Some(grouped_digits(parts.digits, grouping, parts.group, least))
        }
        None => None,
    };
    let digits = grouped.as_deref().unwrap_or(parts.digits);
    let missing = (spec.width - taken - digits.len() as i64).max(0);
    let (before, within, behind) = match align {
        '<' => (0, 0, missing),
        '^' => (missing / 2, 0, missing - missing / 2),
        '=' => (0, missing, 0),
        _ => (missing, 0, 0),
    };
    let mut out = String::with_capacity(taken as usize + digits.len() + missing as usize * fill.len_utf8());
    (0..before).for_each(|_| out.push(fill));
    out.push_str(sign);
    out.push_str(parts.prefix);
    (0..within).for_each(|_| out.push(fill));
    out.push_str(digits);
    out.push_str(parts.rest);
    (0..behind).for_each(|_| out.push(fill));
    Str::taken(out, fill.is_ascii())
}

/// Digits with a separator between groups, and zeros before them until they are `least` characters.
pub fn grouped_digits(digits: &str, grouping: char, group: usize, least: i64) -> String {
    // `inf` has none, and what fills its width is not grouped.
    if digits.is_empty() {
        return String::new();
    }
    let bytes = digits.as_bytes();
    let mut left = bytes.len();
    let mut least = usize::try_from(least).unwrap_or(0);
    // Built from the end.
    let mut reversed = String::new();
    loop {
        let count = group.min(left.max(least).max(1));
        let taken = left.min(count);
        reversed.extend(bytes[left - taken..left].iter().rev().map(|byte| char::from(*byte)));
        let zeros = count - taken;
        (0..zeros).for_each(|_| reversed.push('0'));
        left -= taken;
        least = least.saturating_sub(count);
        if left == 0 && least == 0 {
            break;
        }
        reversed.push(grouping);
        least = least.saturating_sub(1);
    }
    reversed.chars().rev().collect()
}

/// `format(value, spec)` of an integer.
pub fn format_int(value: &Int, spec: &FormatSpec) -> Result<Str, Exc> {
    format_int_of(value, spec, "int")
}

/// `format(value, spec)` of an integer, or of `bool`, which errors name.
pub fn format_int_of(value: &Int, spec: &FormatSpec, type_name: &str) -> Result<Str, Exc> {
    match spec.code {
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return format_float(value.float()?, spec),
        None | Some('d' | 'n' | 'b' | 'o' | 'x' | 'X' | 'c') => {}
        Some(code) => return Err(unknown_code(code, type_name)),
    }
    if spec.precision.is_some() {
        return Err(format_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(format_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if spec.code == Some('c') {
        return format_character(value, spec);
    }
    let (digits, prefix, group) = match spec.code {
        Some('b') => (binary_digits(value, 1, false), "0b", 4),
        Some('o') => (binary_digits(value, 3, false), "0o", 4),
        Some('x') => (binary_digits(value, 4, false), "0x", 4),
        Some('X') => (binary_digits(value, 4, true), "0X", 4),
        _ => (alloc::format!("{}", value.abs()), "", 3),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let parts = NumberParts { is_negative: value.is_negative(), prefix, digits: &digits, rest: "", group };
    Ok(format_number(&parts, spec))
}

/// An integer as the character of that code.
pub fn format_character(value: &Int, spec: &FormatSpec) -> Result<Str, Exc> {
    if spec.sign.is_some() {
        return Err(format_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(format_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let code = value.to_i64().ok_or_else(|| Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C long"))?;
    if !(0..0x11_0000).contains(&code) {
        return Err(Exc::new(&OVERFLOW_ERROR, "%c arg not in range(0x110000)"));
    }
    Ok(padded_text(&chr(code)?, spec, '>'))
}

/// `format(value, spec)` of a float.
pub fn format_float(value: f64, spec: &FormatSpec) -> Result<Str, Exc> {
    let code = match spec.code {
        Some(code @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => Some(code),
        Some('n') => Some('g'),
        None => None,
        Some(code) => return Err(unknown_code(code, "float")),
    };
    let precision = spec.precision;
    if precision.is_some_and(|precision| precision > i64::from(i32::MAX)) {
        return Err(format_error("precision too big"));
    }
    let mut text = float_text(value.abs(), code, precision, spec.alternate);
    let has_digit = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) || !value.is_finite();
    let is_negative = value.is_sign_negative() && !value.is_nan() && (has_digit || !spec.no_negative_zero);
    if matches!(code, Some('E' | 'F' | 'G')) {
        text.make_ascii_uppercase();
    }
    let split = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(split);
    Ok(format_number(&NumberParts { is_negative, prefix: "", digits, rest, group: 3 }, spec))
}

/// The digits of a float that is not negative, as a letter and a precision say; no letter is `repr` or like `g`.
pub fn float_text(value: f64, code: Option<char>, precision: Option<i64>, alternate: bool) -> String {
    if !value.is_finite() {
        return String::from(match (value.is_nan(), code) {
            (true, Some('%')) => "nan%",
            (true, _) => "nan",
            (false, Some('%')) => "inf%",
            (false, _) => "inf",
        });
    }
    match (code, precision) {
        (None, None) => {
            let mut text = String::new();
            value.write_repr(&mut text);
            if let (true, false, Some(exponent)) = (alternate, text.contains('.'), text.find('e')) {
                text.insert(exponent, '.');
            }
            text
        }
        (None, Some(precision)) => general_text(value, precision.max(1), alternate, true),
        (Some('e' | 'E'), _) => exponent_text(value, precision.unwrap_or(6), alternate),
        (Some('g' | 'G'), _) => general_text(value, precision.unwrap_or(6).max(1), alternate, false),
        (Some('%'), _) => {
            let mut text = fixed_text(value * 100.0, precision.unwrap_or(6), alternate);
            text.push('%');
            text
        }
        _ => fixed_text(value, precision.unwrap_or(6), alternate),
    }
}

/// The digits that `{:.precision$}` gives; the standard library bears no more than 65,535 of them.
pub fn fixed_digits(value: f64, precision: i64) -> String {
    let exact = precision.min(2000) as usize;
    let mut text = alloc::format!("{value:.exact$}");
    // No float has digits behind the 1074th place.
    text.extend(core::iter::repeat_n('0', precision as usize - exact));
    text
}

/// `f`.
pub fn fixed_text(value: f64, precision: i64, alternate: bool) -> String {
    if !value.is_finite() {
        return String::from("inf");
    }
    let mut text = fixed_digits(value, precision);
    if alternate && precision == 0 {
        text.push('.');
    }
    text
}

/// The digits of `value` to that precision, first digit and rest, and the exponent of ten.
pub fn exponent_digits(value: f64, precision: i64) -> (String, i64) {
    let exact = precision.min(2000) as usize;
    let text = alloc::format!("{value:.exact$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.extend(core::iter::repeat_n('0', precision as usize - exact));
    (digits, exponent.parse().unwrap_or(0))
}

/// Append `e+05`.
pub fn push_exponent(exponent: i64, out: &mut String) {
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&alloc::format!("e{sign}{:02}", exponent.unsigned_abs()));
}

/// `e`.
pub fn exponent_text(value: f64, precision: i64, alternate: bool) -> String {
    let (digits, exponent) = exponent_digits(value, precision);
    let mut out = String::from(&digits[..1]);
    if precision > 0 || alternate {
        out.push('.');
    }
    out.push_str(&digits[1..]);
    push_exponent(exponent, &mut out);
    out
}

/// `g`, and the form without a letter, which keeps a digit behind the point.
pub fn general_text(value: f64, precision: i64, alternate: bool, keeps_point: bool) -> String {
    let (digits, exponent) = exponent_digits(value, precision - 1);
    let kept = if alternate { digits.as_str() } else { digits.trim_end_matches('0') };
    let kept = if kept.is_empty() { "0" } else { kept };
    let point = exponent + 1;
    // The form without a letter goes to exponents one place earlier, as its point needs a digit.
    let most = if keeps_point { precision - 1 } else { precision };
    let mut out = String::new();
    if exponent < -4 || exponent >= most {
        out.push_str(&kept[..1]);
        if kept.len() > 1 || alternate {
            out.push('.');
        }
        out.push_str(&kept[1..]);
        push_exponent(exponent, &mut out);
        return out;
    }
    if point <= 0 {
        out.push_str("0.");
        (point..0).for_each(|_| out.push('0'));
        out.push_str(kept);
        if value == 0.0 && !alternate {
            return String::from(if keeps_point { "0.0" } else { "0" });
        }
        return out;
    }
    let point = point as usize;
    out.push_str(&kept[..point.min(kept.len())]);
    (kept.len()..point).for_each(|_| out.push('0'));
    if kept.len() > point {
        out.push('.');
        out.push_str(&kept[point..]);
    } else if alternate {
        out.push('.');
    } else if keeps_point {
        out.push_str(".0");
    }
    out
}
