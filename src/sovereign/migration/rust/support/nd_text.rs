//! How NumPy prints arrays: columns of equal width, lines of at most 75 characters, and `...` in large ones.
//!
//! `nd_str_into`, `nd_repr_into`, and the columns of each type of item. Numbers have at most eight digits behind the
//! point; where they lie far apart, all of them have an exponent.

use crate::{shortest_exponential, NdArray, NdItem};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Characters of a line, at most.
pub const ND_LINE: usize = 75;

/// Items from which on the middle of an array is left out.
pub const ND_THRESHOLD: usize = 1000;

/// Items that are kept at each side then.
pub const ND_EDGE: usize = 3;

/// Digits behind the point, at most.
pub const ND_PRECISION: usize = 8;

/// The places along an axis that are printed; none stands for those that are left out.
pub fn nd_printed(size: usize, is_summary: bool) -> Vec<Option<usize>> {
    if !is_summary || size <= 2 * ND_EDGE {
        return (0..size).map(Some).collect();
    }
    let last = size - ND_EDGE..size;
    (0..ND_EDGE).map(Some).chain(core::iter::once(None)).chain(last.map(Some)).collect()
}

/// The items that are printed, in order.
pub fn nd_shown<T: NdItem>(array: &NdArray<T>, is_summary: bool, found: &mut Vec<T>) {
    if array.shape.rank == 0 {
        found.push(array.only());
        return;
    }
    for place in nd_printed(array.shape.sizes[0], is_summary).into_iter().flatten() {
        nd_shown(&array.at(0, place), is_summary, found);
    }
}

/// What is written of an array: its layout, and the texts of its items.
pub struct NdWriter {
    /// The texts that are still to come.
    pub texts: alloc::vec::IntoIter<String>,
    /// Between items.
    pub separator: &'static str,
    /// Whether the middle is left out.
    pub is_summary: bool,
}

impl NdWriter {
    /// The text of a part with these axes, that begins behind an indent.
    pub fn part(&mut self, axes: &[usize], indent: usize, width: usize) -> String {
        let Some((&size, rest)) = axes.split_first() else {
            return self.texts.next().unwrap_or_default();
        };
        let hanging = " ".repeat(indent);
        let mut out = String::new();
        let places = nd_printed(size, self.is_summary);
        let count = places.len();
        if rest.is_empty() {
            let most = width.saturating_sub(1);
            let mut line = hanging.clone();
            for (number, place) in places.into_iter().enumerate() {
                let word = if place.is_some() { self.texts.next().unwrap_or_default() } else { "...".to_string() };
                if line.chars().count() + word.chars().count() > most && line.len() > hanging.len() {
                    out.push_str(line.trim_end());
                    out.push('\n');
                    line.clone_from(&hanging);
                }
                line.push_str(&word);
                if number + 1 < count {
                    line.push_str(self.separator);
                }
            }
            out.push_str(&line);
        } else {
            let between = format!("{}{}", self.separator.trim_end(), "\n".repeat(rest.len()));
            for (number, place) in places.into_iter().enumerate() {
                out.push_str(&hanging);
                match place {
                    Some(_) => out.push_str(&self.part(rest, indent + 1, width.saturating_sub(1))),
                    None => out.push_str("..."),
                }
                if number + 1 < count {
                    out.push_str(&between);
                }
            }
        }
        format!("[{}]", out.get(indent..).unwrap_or(""))
    }
}

/// The text of an array whose first bracket is to stand behind a prefix.
pub fn nd_body<T: NdItem>(array: &NdArray<T>, separator: &'static str, prefix: usize, suffix: usize) -> String {
    let is_summary = array.shape.size() > ND_THRESHOLD;
    let mut items = Vec::new();
    nd_shown(array, is_summary, &mut items);
    if array.shape.rank > 0 && items.is_empty() {
        return "[]".to_string();
    }
    let texts = T::columns(&items, array.shape.rank == 0).into_iter();
    let mut writer = NdWriter { texts, separator, is_summary };
    writer.part(array.shape.axes(), prefix + 1, ND_LINE - suffix)
}

/// Append `str(array)`.
pub fn nd_str_into<T: NdItem>(array: &NdArray<T>, out: &mut String) {
    if array.shape.rank == 0 {
        out.push_str(&T::columns(&[array.only()], true).concat());
        return;
    }
    out.push_str(&nd_body(array, " ", 0, 0));
}

/// Append `repr(array)`.
pub fn nd_repr_into<T: NdItem>(array: &NdArray<T>, out: &mut String) {
    const PREFIX: &str = "array(";
    let start = out.len();
    out.push_str(PREFIX);
    out.push_str(&nd_body(array, ", ", PREFIX.len(), 1));
    let size = array.shape.size();
    let mut extras = Vec::new();
    if (size == 0 && array.shape.axes() != [0]) || size > ND_THRESHOLD {
        extras.push(format!("shape={}", array.shape.text()));
    }
    if !T::IS_IMPLIED || size == 0 {
        extras.push(format!("dtype={}", T::DTYPE));
    }
    if extras.is_empty() {
        out.push(')');
        return;
    }
    out.push(',');
    let extra = format!("{})", extras.join(", "));
    let text = &out[start..];
    let last = text.len() - text.rfind('\n').map_or(0, |place| place + 1);
    out.push_str(if last + extra.len() + 1 > ND_LINE { "\n      " } else { " " });
    out.push_str(&extra);
}

/// A finite number in its shortest form: digits before and behind the point, and the exponent of the first digit.
#[derive(Clone)]
pub struct NdDecimal {
    /// `-`, or nothing.
    pub sign: &'static str,
    /// The digits, without zeros at the ends.
    pub digits: String,
    /// The exponent of the first digit.
    pub exponent: i32,
}

/// Floating numbers, for their texts.
pub trait NdFloat: NdItem + PartialOrd {
    /// In double precision, which loses nothing.
    fn wide(self) -> f64;
    /// The shortest digits that name it, with an exponent.
    fn shortest(self) -> String;
}

impl NdFloat for f64 {
    fn wide(self) -> f64 {
        self
    }
    fn shortest(self) -> String {
        shortest_exponential(self)
    }
}

impl NdFloat for f32 {
    fn wide(self) -> f64 {
        f64::from(self)
    }
    fn shortest(self) -> String {
        format!("{self:e}")
    }
}

/// The shortest form of a number.
pub fn nd_decimal<T: NdFloat>(value: T) -> NdDecimal {
    let text = value.shortest();
    let (sign, text) = text.strip_prefix('-').map_or(("", &text[..]), |rest| ("-", rest));
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    NdDecimal { sign, digits, exponent: exponent.parse().unwrap_or(0) }
}

/// Digits before and behind the point, at most so many behind it, without zeros at the end.
pub fn nd_positional<T: NdFloat>(value: T, places: usize) -> (String, String) {
    let NdDecimal { sign, digits, exponent } = nd_decimal(value);
    let behind = digits.len() as i32 - 1 - exponent;
    let text = if behind > places as i32 {
        format!("{:.places$}", value.wide().abs())
    } else {
        let point = exponent + 1;
        if point <= 0 {
            format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
        } else if point as usize >= digits.len() {
            format!("{digits}{}.", "0".repeat(point as usize - digits.len()))
        } else {
            format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
        }
    };
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    (format!("{sign}{whole}"), rest.trim_end_matches('0').to_string())
}

/// The first digit with its sign, the digits behind the point, and the exponent, as `e+05`.
pub fn nd_scientific<T: NdFloat>(value: T, places: usize) -> (String, String, String) {
    let mut found = nd_decimal(value);
    if found.digits.len() > places + 1 {
        let text = format!("{:.places$e}", value.wide().abs());
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        found.digits = digits.chars().filter(|c| *c != '.').collect();
        found.exponent = exponent.parse().unwrap_or(0);
    }
    let rest = found.digits[1..].trim_end_matches('0').to_string();
    let sign = if found.exponent < 0 { '-' } else { '+' };
    (format!("{}{}", found.sign, &found.digits[..1]), rest, format!("{sign}{:02}", found.exponent.abs()))
}

/// The text of a number that is none of the finite ones.
pub fn nd_special(value: f64) -> &'static str {
    if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    }
}

/// Columns of floating numbers.
pub fn nd_float_columns<T: NdFloat>(items: &[T]) -> Vec<String> {
    let finite: Vec<T> = items.iter().copied().filter(|x| x.wide().is_finite()).collect();
    let sizes = finite.iter().map(|x| x.wide().abs()).filter(|x| *x != 0.0);
    let (least, most) = sizes.fold((f64::INFINITY, 0.0_f64), |(least, most), x| (least.min(x), most.max(x)));
    // A type of less precision changes over earlier.
    let limit = if size_of::<T>() == 4 { 1e6 } else { 1e8 };
    let is_exponential = most > 0.0 && (most >= limit || least < 0.0001 || nd_ratio::<T>(most, least) > 1000.0);
    let mut texts: Vec<(String, String)> = Vec::with_capacity(finite.len());
    if is_exponential {
        let parts: Vec<_> = finite.iter().map(|&x| nd_scientific(x, ND_PRECISION)).collect();
        let places = parts.iter().map(|part| part.1.len()).max().unwrap_or(0);
        let width = parts.iter().map(|part| part.2.len()).max().unwrap_or(0);
        for (&value, (first, _, _)) in finite.iter().zip(&parts) {
            let (_, rest, exponent) = nd_scientific(value, places);
            let (sign, digits) = exponent.split_at(1);
            let zeros = width.saturating_sub(1);
            texts.push((first.clone(), format!("{rest:0<places$}e{sign}{digits:0>zeros$}")));
        }
    } else {
        texts.extend(finite.iter().map(|&x| nd_positional(x, ND_PRECISION)));
    }
    let right = texts.iter().map(|text| text.1.len()).max().unwrap_or(0);
    let mut left = texts.iter().map(|text| text.0.len()).max().unwrap_or(0);
    if finite.len() < items.len() {
        let is_negative = items.iter().any(|x| x.wide() == f64::NEG_INFINITY);
        left = left.max(2_usize.saturating_sub(right)).max((2 + usize::from(is_negative)).saturating_sub(right));
    }
    let mut texts = texts.into_iter();
    items
        .iter()
        .map(|x| {
            if !x.wide().is_finite() {
                return format!("{:>1$}", nd_special(x.wide()), left + right + 1);
            }
            let (whole, rest) = texts.next().unwrap_or_default();
            format!("{whole:>left$}.{rest:<right$}")
        })
        .collect()
}

/// The largest amount by the smallest, in the precision of the type.
pub fn nd_ratio<T: NdFloat>(most: f64, least: f64) -> f64 {
    if size_of::<T>() == 4 {
        f64::from(most as f32 / least as f32)
    } else {
        most / least
    }
}

impl NdItem for f64 {
    type Plain = f64;
    const DTYPE: &'static str = "float64";
    const IS_IMPLIED: bool = true;
    const NOTHING: f64 = 0.0;
    fn plain(self) -> f64 {
        self
    }
    fn columns(items: &[f64], is_scalar: bool) -> Vec<String> {
        if is_scalar {
            return items.iter().map(|x| crate::float_repr(*x).as_str().to_string()).collect();
        }
        nd_float_columns(items)
    }
}

impl NdItem for f32 {
    type Plain = f64;
    const DTYPE: &'static str = "float32";
    const IS_IMPLIED: bool = false;
    const NOTHING: f32 = 0.0;
    fn plain(self) -> f64 {
        f64::from(self)
    }
    fn columns(items: &[f32], is_scalar: bool) -> Vec<String> {
        if is_scalar {
            return items.iter().map(|x| single_repr(*x)).collect();
        }
        nd_float_columns(items)
    }
}

impl NdItem for i64 {
    type Plain = i64;
    const DTYPE: &'static str = "int64";
    const IS_IMPLIED: bool = true;
    const NOTHING: i64 = 0;
    fn plain(self) -> i64 {
        self
    }
    fn columns(items: &[i64], _is_scalar: bool) -> Vec<String> {
        let texts: Vec<String> = items.iter().map(|x| format!("{x}")).collect();
        let width = texts.iter().map(String::len).max().unwrap_or(0);
        texts.into_iter().map(|text| format!("{text:>width$}")).collect()
    }
}

impl NdItem for i32 {
    type Plain = i64;
    const DTYPE: &'static str = "int32";
    const IS_IMPLIED: bool = false;
    const NOTHING: i32 = 0;
    fn plain(self) -> i64 {
        i64::from(self)
    }
    fn columns(items: &[i32], is_scalar: bool) -> Vec<String> {
        let wide: Vec<i64> = items.iter().map(|x| i64::from(*x)).collect();
        i64::columns(&wide, is_scalar)
    }
}

impl NdItem for bool {
    type Plain = bool;
    const DTYPE: &'static str = "bool";
    const IS_IMPLIED: bool = true;
    const NOTHING: bool = false;
    fn plain(self) -> bool {
        self
    }
    fn columns(items: &[bool], is_scalar: bool) -> Vec<String> {
        let yes = if is_scalar { "True" } else { " True" };
        items.iter().map(|x| (if *x { yes } else { "False" }).to_string()).collect()
    }
}

/// `str(numpy.float32(value))`.
pub fn single_repr(value: f32) -> String {
    if !value.is_finite() {
        return nd_special(f64::from(value)).to_string();
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        let text = format!("{value}");
        return if text.contains('.') { text } else { format!("{text}.0") };
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}
