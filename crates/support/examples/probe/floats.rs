//! Floats: their arithmetic, their texts.

use crate::Answer;
use support::*;

fn float(text: &str) -> f64 {
    match text {
        "nan" => f64::NAN,
        _ => text.parse().expect("a float"),
    }
}

fn shown<T: Object>(value: Result<T, Exc>) -> Answer {
    Some(value.map(|value| repr_of(&value).to_string()))
}

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    match *arguments {
        [a] => one(operation, a),
        [a, b] => two(operation, a, b),
        _ => None,
    }
}

fn one(operation: &str, a: &str) -> Answer {
    match operation {
        "float.repr" => shown(Ok(float(a))),
        "float.bits" => shown(Ok(f64::from_bits(a.parse().expect("bits")))),
        "float.parse" => shown(parse_float(a)),
        "float.hash" => shown(Ok(hash_of(&float(a)))),
        "float.round" => shown(round_half_even(float(a))),
        "float.int" => shown(int_of_float(float(a))),
        "float.floor" => shown(Ok(float_floor(float(a)))),
        "float.ceil" => shown(Ok(float_ceil(float(a)))),
        "float.is_integer" => shown(Ok(float_is_integer(float(a)))),
        "float.ratio" => shown(float_integer_ratio(float(a))),
        "float.hex" => shown(Ok(float_hex(float(a)))),
        "float.fromhex" => shown(float_from_hex(a)),
        _ => None,
    }
}

fn two(operation: &str, a: &str, b: &str) -> Answer {
    match operation {
        "float.truediv" => shown(float_true_div(float(a), float(b))),
        "float.floordiv" => shown(float_floor_div(float(a), float(b))),
        "float.mod" => shown(float_modulo(float(a), float(b))),
        "float.divmod" => shown(float_divmod(float(a), float(b))),
        "float.pow" => shown(float_pow(float(a), float(b))),
        "float.round_to" => shown(round_float(float(a), b.parse().expect("digits"))),
        _ => None,
    }
}
