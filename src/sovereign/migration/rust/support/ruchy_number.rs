//! Numbers of a Ruchy program: arithmetic that is held to 64 bits, casts, and the methods of numbers.

use crate::{by_zero, character_of, fault, no_dyn_operator, overflow, platform_power, Datum, Dyn, Str};

/// `a + b`.
#[inline(always)]
#[track_caller]
pub fn plus(one: i64, other: i64) -> i64 {
    match one.checked_add(other) {
        Some(found) => found,
        None => overflow("+"),
    }
}

/// `a - b`.
#[inline(always)]
#[track_caller]
pub fn minus(one: i64, other: i64) -> i64 {
    match one.checked_sub(other) {
        Some(found) => found,
        None => overflow("-"),
    }
}

/// `a * b`.
#[inline(always)]
#[track_caller]
pub fn times(one: i64, other: i64) -> i64 {
    match one.checked_mul(other) {
        Some(found) => found,
        None => overflow("*"),
    }
}

/// `a / b`, cut towards zero.
#[inline(always)]
#[track_caller]
pub fn quotient(one: i64, other: i64) -> i64 {
    if other == 0 {
        by_zero()
    }
    match one.checked_div(other) {
        Some(found) => found,
        None => overflow("/"),
    }
}

/// `a % b`, with the sign of what is divided.
#[inline(always)]
#[track_caller]
pub fn remainder(one: i64, other: i64) -> i64 {
    if other == 0 {
        by_zero()
    }
    one.wrapping_rem(other)
}

/// `-a`.
#[inline(always)]
#[track_caller]
pub fn negated_whole(one: i64) -> i64 {
    match one.checked_neg() {
        Some(found) => found,
        None => overflow("-"),
    }
}

/// `a << b`: bits that leave 64 are lost.
#[inline]
#[track_caller]
pub fn shifted_left(one: i64, other: i64) -> i64 {
    one << shift_distance(other)
}

/// `a >> b`: the sign is kept.
#[inline]
#[track_caller]
pub fn shifted_right(one: i64, other: i64) -> i64 {
    one >> shift_distance(other)
}

/// A distance of 0 to 63.
#[inline]
#[track_caller]
pub fn shift_distance(distance: i64) -> u32 {
    if !(0..64).contains(&distance) {
        fault("overflow", alloc::format!("a shift by {distance} bits"));
    }
    distance as u32
}

/// `a ** b`: an integer while that fits, else a float.
#[track_caller]
pub fn power_of(one: &Dyn, other: &Dyn) -> Dyn {
    match (one, other) {
        (Dyn::Int(base), Dyn::Int(exponent)) => match whole_power(*base, *exponent) {
            Some(found) => Dyn::Int(found),
            None => Dyn::Float(platform_power(*base as f64, *exponent as f64)),
        },
        _ => match crate::both_floats(one, other) {
            Some((base, exponent)) => Dyn::Float(platform_power(base, exponent)),
            None => no_dyn_operator("**", one, other),
        },
    }
}

/// An integer power, if it fits in 64 bits.
#[inline]
pub fn whole_power(base: i64, exponent: i64) -> Option<i64> {
    if exponent < 0 {
        return None;
    }
    match base {
        0 | 1 => Some(if exponent == 0 { 1 } else { base }),
        -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent)),
    }
}

/// `a.pow(b)`: an integer, or an error.
#[inline]
#[track_caller]
pub fn method_power(base: i64, exponent: i64) -> i64 {
    if exponent < 0 {
        fault("argument", alloc::format!("an integer power has no negative exponent: {exponent}"));
    }
    match whole_power(base, exponent) {
        Some(found) => found,
        None => overflow("pow"),
    }
}

/// A float as integer: cut towards zero, it stops at the ends of 64 bits, and no number is 0.
#[inline]
pub fn truncated(value: f64) -> i64 {
    value as i64
}

/// `a.abs()`.
#[inline]
#[track_caller]
pub fn magnitude_of(value: i64) -> i64 {
    match value.checked_abs() {
        Some(found) => found,
        None => overflow("abs"),
    }
}

/// `a.rem_euclid(b)`.
#[track_caller]
pub fn euclidean(value: i64, other: i64) -> i64 {
    if other == 0 {
        by_zero()
    }
    value.wrapping_rem_euclid(other)
}

/// The value of two that is smaller.
#[track_caller]
pub fn smaller<T: Datum>(one: T, other: T) -> T {
    match one.order(&other, "min") {
        Some(core::cmp::Ordering::Less | core::cmp::Ordering::Equal) => one,
        _ => other,
    }
}

/// The value of two that is larger.
#[track_caller]
pub fn larger<T: Datum>(one: T, other: T) -> T {
    match one.order(&other, "max") {
        Some(core::cmp::Ordering::Greater | core::cmp::Ordering::Equal) => one,
        _ => other,
    }
}

/// `min(a, b)`: the first of two that are equal, and where there is no order.
#[track_caller]
pub fn least_of<T: Datum>(one: T, other: T) -> T {
    if other.order(&one, "min") == Some(core::cmp::Ordering::Less) {
        other
    } else {
        one
    }
}

/// `max(a, b)`.
#[track_caller]
pub fn greatest_of<T: Datum>(one: T, other: T) -> T {
    if other.order(&one, "max") == Some(core::cmp::Ordering::Greater) {
        other
    } else {
        one
    }
}

/// -1, 0 or 1.
#[track_caller]
pub fn order_number<T: Datum>(one: &T, other: &T) -> i64 {
    one.order(other, "cmp").map_or(0, |order| order as i64)
}

/// `a.clamp(low, high)`.
#[track_caller]
pub fn clamped<T: Datum>(value: T, low: T, high: T) -> T {
    smaller(larger(value, low), high)
}

/// The kind of a value that cannot be cast.
#[cold]
#[track_caller]
pub fn no_cast(value: &Dyn, goal: &str) -> ! {
    fault("cast", alloc::format!("{} cannot become {goal}", value.kind_name().as_str()))
}

/// `value as i64` where its type is not known.
#[track_caller]
pub fn cast_to_integer(value: &Dyn) -> i64 {
    match value {
        Dyn::Int(value) => *value,
        Dyn::Bool(value) => i64::from(*value),
        Dyn::Float(value) => truncated(*value),
        Dyn::Text(text) if text.as_str().chars().count() == 1 => crate::character_number(text),
        Dyn::None => 0,
        Dyn::Record(record) => match record.record_number() {
            Some(found) => found,
            None => no_cast(value, "i64"),
        },
        other => no_cast(other, "i64"),
    }
}

/// `value as f64` where its type is not known.
#[track_caller]
pub fn cast_to_float(value: &Dyn) -> f64 {
    match value {
        Dyn::Int(value) => *value as f64,
        Dyn::Float(value) => *value,
        other => no_cast(other, "f64"),
    }
}

/// `value as bool` where its type is not known.
#[track_caller]
pub fn cast_to_bool(value: &Dyn) -> bool {
    match value {
        Dyn::Bool(value) => *value,
        other => no_cast(other, "bool"),
    }
}

/// `value as String` where its type is not known.
#[track_caller]
pub fn cast_to_text(value: &Dyn) -> Str {
    match value {
        Dyn::Int(_) | Dyn::Float(_) | Dyn::Text(_) => crate::shown_text(value),
        other => no_cast(other, "str"),
    }
}

/// `value as char` where its type is not known.
#[track_caller]
pub fn cast_to_character(value: &Dyn) -> Str {
    match value {
        Dyn::Int(number) => character_of(*number),
        Dyn::Text(text) => text.clone(),
        other => no_cast(other, "char"),
    }
}

/// `int(value)`.
#[track_caller]
pub fn to_integer(value: &Dyn) -> i64 {
    match value {
        Dyn::Text(text) => crate::text_to_integer(text),
        other => cast_to_integer(other),
    }
}

/// `float(value)`.
#[track_caller]
pub fn to_real(value: &Dyn) -> f64 {
    match value {
        Dyn::Text(text) => crate::parse_real(text),
        other => cast_to_float(other),
    }
}

/// `value.to_string()` of a float: one that is whole has no point.
pub fn float_string(value: f64) -> Str {
    let mut text = alloc::string::String::new();
    crate::write_float(value, &mut text);
    if let Some(whole) = text.strip_suffix(".0") {
        return Str::from(whole);
    }
    Str::from(text)
}

/// A float as integer, for `floor`, `ceil` and `round` as functions.
pub fn whole_of(value: f64) -> i64 {
    truncated(value)
}

/// `number.to_float()`.
#[inline]
pub fn as_float(value: i64) -> f64 {
    value as f64
}

/// `number.is_even()`.
#[inline]
pub fn is_even(value: i64) -> bool {
    value % 2 == 0
}

/// `number.is_odd()`.
#[inline]
pub fn is_odd(value: i64) -> bool {
    value % 2 != 0
}

/// `number.count_ones()`.
pub fn bit_count_of(value: i64) -> i64 {
    i64::from(value.count_ones())
}

/// `a.cmp(b)`: -1, 0 or 1.
#[track_caller]
pub fn compare_number(one: &Dyn, other: &Dyn) -> Dyn {
    Dyn::Int(one.order(other, "cmp").map_or(0, |order| order as i64))
}
