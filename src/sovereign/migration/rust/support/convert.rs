//! Texts to numbers: `parse_int(text, base)`, `parse_float(text)`, and numbers to texts of other bases: `bin`, `oct`, `hex`.

use crate::{
    decimal_digit, is_space, magnitude_bits, magnitude_parse, write_quoted, BigInt, Exc, Int, Single, Str, VALUE_ERROR,
};
use alloc::string::String;
use alloc::vec::Vec;

/// `sys.get_int_max_str_digits()`: longer decimal texts are refused, as CPython does since 3.11.
pub static INT_DIGITS_LIMIT: Single<i64> = Single::new(4300);

/// `int(text, base)`.
pub fn parse_int(text: &str, base: i64) -> Result<Int, Exc> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(Exc::new(&VALUE_ERROR, "int() base must be >= 2 and <= 36, or 0"));
    }
    // The usual case, without a copy: a few plain digits.
    if base == 10 && text.len() < 19 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Int::Small(text.bytes().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'))));
    }
    let plain = text.trim_matches(number_margin(text));
    let (is_negative, rest) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let digits = based_digits(rest, base);
    let Some((base, digits)) = digits else {
        return Err(no_integer(text, base));
    };
    let limit = INT_DIGITS_LIMIT.get();
    if digits.len() as i64 > limit && limit > 0 && !base.is_power_of_two() {
        let text = alloc::format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        );
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    Ok(Int::from_big(BigInt::signed(is_negative, magnitude_parse(&digits, base))))
}

/// What may stand around a number: CPython asks C for texts of ASCII, and Unicode for others.
pub fn number_margin(text: &str) -> fn(char) -> bool {
    if text.is_ascii() {
        |character| matches!(character, ' ' | '\t'..='\r')
    } else {
        is_space
    }
}

/// `invalid literal for int()`.
#[cold]
pub fn no_integer(text: &str, base: i64) -> Exc {
    let mut message = alloc::format!("invalid literal for int() with base {base}: ");
    let mut quoted = String::new();
    write_quoted(text, &mut quoted);
    message.extend(quoted.chars().take(200));
    Exc::new(&VALUE_ERROR, message)
}

/// The base that a text is in, and the values of its digits; none when it is no integer.
pub fn based_digits(text: &str, base: i64) -> Option<(u64, Vec<u8>)> {
    let prefix = text.get(..2).map(str::to_ascii_lowercase);
    let named = match prefix.as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 0,
    };
    let has_prefix = named != 0 && (base == 0 || base == named);
    let actual = match base {
        0 if has_prefix => named,
        0 => 10,
        _ => base,
    };
    let mut digits = Vec::new();
    // A line may stand behind a prefix and between digits.
    let mut may_rule = has_prefix;
    for character in if has_prefix { &text[2..] } else { text }.chars() {
        if character == '_' && may_rule {
            may_rule = false;
            continue;
        }
        let digit =
            decimal_digit(character).or_else(|| character.to_digit(36)).filter(|digit| i64::from(*digit) < actual);
        digits.push(digit? as u8);
        may_rule = true;
    }
    // Zeros in front are for texts that name their base only.
    let is_old_octal =
        base == 0 && !has_prefix && digits.len() > 1 && digits[0] == 0 && digits.iter().any(|digit| *digit != 0);
    (!digits.is_empty() && may_rule && !is_old_octal).then_some((actual as u64, digits))
}

/// `float(text)`.
pub fn parse_float(text: &str) -> Result<f64, Exc> {
    let plain = text.trim_matches(number_margin(text));
    let mut ascii = String::with_capacity(plain.len());
    let mut before = ' ';
    let mut is_sound = true;
    for character in plain.chars() {
        match decimal_digit(character) {
            Some(digit) => {
                ascii.push(char::from(b'0' + digit as u8));
                before = '0';
            }
            None => {
                // A line stands between digits alone.
                is_sound &= if character == '_' { before == '0' } else { before != '_' };
                if character != '_' {
                    ascii.push(character);
                }
                before = character;
            }
        }
    }
    let value = if is_sound && before != '_' { plain_float(&ascii) } else { None };
    value.ok_or_else(|| {
        let mut message = String::from("could not convert string to float: ");
        write_quoted(text, &mut message);
        Exc::new(&VALUE_ERROR, message)
    })
}

/// The float that a text of ASCII spells; the same words and shapes as in Python.
pub fn plain_float(text: &str) -> Option<f64> {
    let size = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_word = ["nan", "inf", "infinity"].iter().any(|word| size.eq_ignore_ascii_case(word));
    let starts_well = size.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if is_word || starts_well {
        // Rust reads these shapes alike, but for a point alone, which it refuses too.
        text.parse().ok()
    } else {
        None
    }
}

/// The digits of an integer's size in a base that is a power of two: 1, 3 or 4 bits a digit.
pub fn binary_digits(value: &Int, bits: usize, upper: bool) -> String {
    let big = value.to_big();
    let count = magnitude_bits(&big.limbs).div_ceil(bits).max(1);
    let mut out = String::with_capacity(count);
    for at in (0..count).rev() {
        let low = magnitude_low(&big.limbs, at * bits) & ((1 << bits) - 1);
        let digit = char::from_digit(low as u32, 16).unwrap_or('0');
        out.push(if upper { digit.to_ascii_uppercase() } else { digit });
    }
    out
}

/// The 64 bits from that place on.
pub fn magnitude_low(limbs: &[u64], place: usize) -> u64 {
    let (limb, bit) = (place / 64, place % 64);
    let low = limbs.get(limb).copied().unwrap_or(0) >> bit;
    let high = if bit == 0 { 0 } else { limbs.get(limb + 1).copied().unwrap_or(0) << (64 - bit) };
    low | high
}

/// An integer with its sign and a prefix.
pub fn prefixed_digits(value: &Int, prefix: &str, bits: usize) -> Str {
    let sign = if value.is_negative() { "-" } else { "" };
    Str::from(alloc::format!("{sign}{prefix}{}", binary_digits(value, bits, false)))
}

/// `bin(value)`.
pub fn bin(value: impl Into<Int>) -> Str {
    prefixed_digits(&value.into(), "0b", 1)
}

/// `oct(value)`.
pub fn oct(value: impl Into<Int>) -> Str {
    prefixed_digits(&value.into(), "0o", 3)
}

/// `hex(value)`.
pub fn hex(value: impl Into<Int>) -> Str {
    prefixed_digits(&value.into(), "0x", 4)
}
