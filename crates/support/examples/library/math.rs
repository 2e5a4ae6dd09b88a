//! `math` on floats and on integers of any size.

use crate::question::{float_text, Answer, Question};
use support::*;

/// One argument, and it may raise.
type Fallible = fn(f64) -> Result<f64, Exc>;

const FALLIBLE: [(&str, Fallible); 22] = [
    ("acos", math_acos),
    ("acosh", math_acosh),
    ("asin", math_asin),
    ("atanh", math_atanh),
    ("cos", math_cos),
    ("cosh", math_cosh),
    ("exp", math_exp),
    ("exp2", math_exp2),
    ("expm1", math_expm1),
    ("gamma", math_gamma),
    ("lgamma", math_lgamma),
    ("log", math_log),
    ("log10", math_log10),
    ("log1p", math_log1p),
    ("log2", math_log2),
    ("sin", math_sin),
    ("sinh", math_sinh),
    ("sqrt", math_sqrt),
    ("tan", math_tan),
    ("ulp", |x| Ok(math_ulp(x))),
    ("erf", |x| Ok(math_erf(x))),
    ("erfc", |x| Ok(math_erfc(x))),
];

/// One argument, and it cannot raise.
type Total = fn(f64) -> f64;

/// Two arguments.
type Pair = fn(f64, f64) -> Result<f64, Exc>;

const TOTAL: [(&str, Total); 7] = [
    ("asinh", math_asinh),
    ("atan", math_atan),
    ("cbrt", math_cbrt),
    ("degrees", math_degrees),
    ("fabs", math_fabs),
    ("radians", math_radians),
    ("tanh", math_tanh),
];

const PAIRS: [(&str, Pair); 7] = [
    ("pow", math_pow),
    ("fmod", math_fmod),
    ("remainder", math_remainder),
    ("log_base", math_log_base),
    ("atan2", |y, x| Ok(math_atan2(y, x))),
    ("copysign", |x, y| Ok(math_copysign(x, y))),
    ("nextafter", |x, y| Ok(math_nextafter(x, y))),
];

/// The arguments as integers of any size.
fn ints(question: &Question) -> Vec<Int> {
    question.fields.iter().map(|field| parse_int(field, 10).expect("an integer")).collect()
}

/// What `math` says.
pub fn answer(question: &Question) -> Option<Answer> {
    let name = question.name.strip_prefix("math.")?;
    if let Some((_, function)) = FALLIBLE.iter().find(|(known, _)| *known == name) {
        return Some(function(question.float(0)).map(float_text));
    }
    if let Some((_, function)) = TOTAL.iter().find(|(known, _)| *known == name) {
        return Some(Ok(float_text(function(question.float(0)))));
    }
    if let Some((_, function)) = PAIRS.iter().find(|(known, _)| *known == name) {
        return Some(function(question.float(0), question.float(1)).map(float_text));
    }
    Some(match name {
        "frexp" => {
            let (mantissa, exponent) = math_frexp(question.float(0));
            Ok(format!("{mantissa:?} {exponent}"))
        }
        "modf" => {
            let (part, whole) = math_modf(question.float(0));
            Ok(format!("{part:?} {whole:?}"))
        }
        "ldexp" => math_ldexp(question.float(0), question.int(1)).map(float_text),
        "hypot" => Ok(float_text(math_hypot(&question.floats(0)))),
        "fsum" => math_fsum(question.floats(0)).map(float_text),
        "prod" => Ok(float_text(math_prod_f64(question.floats(0), 1.0))),
        "dist" => {
            let coordinates = question.floats(0);
            let (p, q) = coordinates.split_at(coordinates.len() / 2);
            math_dist(p, q).map(float_text)
        }
        "gcd" => Ok(math_gcd(&ints(question)).to_string()),
        "lcm" => Ok(math_lcm(&ints(question)).to_string()),
        "factorial" => math_factorial(&ints(question)[0]).map(|value| value.to_string()),
        "comb" => math_comb(&ints(question)[0], &ints(question)[1]).map(|value| value.to_string()),
        "perm" => math_perm(&ints(question)[0], ints(question).get(1)).map(|value| value.to_string()),
        "isqrt" => int_isqrt(&ints(question)[0]).map(|value| value.to_string()),
        "log_int" => math_log_int(&ints(question)[0]).map(float_text),
        "log2_int" => math_log2_int(&ints(question)[0]).map(float_text),
        "log10_int" => math_log10_int(&ints(question)[0]).map(float_text),
        "prod_int" => Ok(math_prod_int(ints(question), Int::Small(1)).to_string()),
        "floor" => math_floor(question.float(0)).map(|value| value.to_string()),
        "ceil" => math_ceil(question.float(0)).map(|value| value.to_string()),
        "trunc" => math_trunc(question.float(0)).map(|value| value.to_string()),
        "isclose" => {
            let answer = math_isclose(question.float(0), question.float(1), question.float(2), question.float(3));
            answer.map(|close| close.to_string())
        }
        _ => return None,
    })
}
