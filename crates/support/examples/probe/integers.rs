//! Operations on integers, small and large.

use crate::Answer;
use support::*;

fn int(text: &str) -> Int {
    parse_int(text, 10).expect("an integer")
}

fn small(text: &str) -> i64 {
    text.parse().expect("a small integer")
}

fn shown<T: Object>(value: Result<T, Exc>) -> Answer {
    Some(value.map(|value| repr_of(&value).to_string()))
}

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    match *arguments {
        [a] => one(operation, a),
        [a, b] => two(operation, a, b).or_else(|| smalls(operation, a, b)),
        [a, b, c] => three(operation, a, b, c),
        _ => None,
    }
}

fn one(operation: &str, a: &str) -> Answer {
    match operation {
        "int.neg" => shown(Ok(-int(a))),
        "int.invert" => shown(Ok(int_invert(&int(a)))),
        "int.abs" => shown(Ok(int(a).abs())),
        "int.float" => shown(int(a).float()),
        "int.hash" => shown(Ok(hash_of(&int(a)))),
        "int.bit_length" => shown(Ok(int(a).bit_length())),
        "int.bit_count" => shown(Ok(int(a).bit_count())),
        "int.isqrt" => shown(int_isqrt(&int(a))),
        "int.str" => shown(Ok(int(a))),
        _ => None,
    }
}

fn two(operation: &str, a: &str, b: &str) -> Answer {
    match operation {
        "int.add" => shown(Ok(&int(a) + &int(b))),
        "int.sub" => shown(Ok(&int(a) - &int(b))),
        "int.mul" => shown(Ok(&int(a) * &int(b))),
        "int.floordiv" => shown(int_floor_div(&int(a), &int(b))),
        "int.mod" => shown(int_modulo(&int(a), &int(b))),
        "int.divmod" => shown(int_divmod(&int(a), &int(b))),
        "int.truediv" => shown(int_true_div(&int(a), &int(b))),
        "int.pow" => shown(int_pow(&int(a), &int(b))),
        "int.lshift" => shown(int_shift_left(&int(a), &int(b))),
        "int.rshift" => shown(int_shift_right(&int(a), &int(b))),
        "int.and" => shown(Ok(int_and(&int(a), &int(b)))),
        "int.or" => shown(Ok(int_or(&int(a), &int(b)))),
        "int.xor" => shown(Ok(int_xor(&int(a), &int(b)))),
        "int.gcd" => shown(Ok(int_gcd(&int(a), &int(b)))),
        "int.less" => shown(Ok(int(a) < int(b))),
        "int.equal" => shown(Ok(int(a) == int(b))),
        "int.less_float" => shown(Ok(int(a) < b.parse::<f64>().expect("a float"))),
        "int.equal_float" => shown(Ok(int(a) == b.parse::<f64>().expect("a float"))),
        "int.parse" => shown(parse_int(a, small(b))),
        "int.round" => shown(Ok(round_int(&int(a), small(b)))),
        _ => None,
    }
}

fn smalls(operation: &str, a: &str, b: &str) -> Answer {
    match operation {
        "small.floordiv" => shown(floor_div(small(a), small(b))),
        "small.mod" => shown(modulo(small(a), small(b))),
        "small.divmod" => shown(divmod(small(a), small(b))),
        "small.truediv" => shown(true_div(small(a), small(b))),
        "small.rshift" => shown(shift_right(small(a), small(b))),
        "small.gcd" => shown(Ok(gcd(small(a), small(b)))),
        _ => None,
    }
}

fn three(operation: &str, a: &str, b: &str, c: &str) -> Answer {
    match operation {
        "int.pow_mod" => shown(int_pow_mod(&int(a), &int(b), &int(c))),
        "small.pow_mod" => shown(pow_mod(small(a), small(b), small(c))),
        "int.to_bytes" => shown(int(a).to_bytes(small(b), c.contains('l'), c.contains('s')).map(Bytes::from)),
        _ => None,
    }
}
