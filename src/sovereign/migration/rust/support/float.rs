//! Floats: `float_repr`.

use crate::Str;
use alloc::string::String;

/// `repr(value)`.
pub fn float_repr(value: f64) -> Str {
    let mut out = String::new();
    float_repr_into(value, &mut out);
    Str::from(out)
}

/// Append `repr(value)`.
pub fn float_repr_into(value: f64, out: &mut String) {
    use core::fmt::Write;
    if value.is_nan() {
        out.push_str("nan");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "inf" } else { "-inf" });
        return;
    }
    let size = value.abs();
    // Writing to a string does not fail. Rust's digits are the shortest too; only the shape differs.
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        let start = out.len();
        let _ = write!(out, "{value}");
        if !out[start..].contains('.') {
            out.push_str(".0");
        }
        return;
    }
    let text = alloc::format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    out.push_str(digits);
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    let _ = write!(out, "e{sign}{exponent:0>2}");
}
