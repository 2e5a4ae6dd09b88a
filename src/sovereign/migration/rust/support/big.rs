//! `BigInt`, an integer of any size: sign and magnitude. `Int` in `int.rs` uses it where 64 bits do not do.

use crate::{
    magnitude_add, magnitude_bits, magnitude_compare, magnitude_digits, magnitude_divide, magnitude_has_low_bits,
    magnitude_multiply, magnitude_shift_left, magnitude_shift_right, magnitude_subtract, magnitude_trim, rotate_hash,
    HASH_MODULUS,
};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// An integer: whether it is negative, and its limbs without zeros at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BigInt {
    /// Whether it is below zero; never set for zero.
    pub is_negative: bool,
    /// The size.
    pub limbs: Vec<u64>,
}

impl BigInt {
    /// Out of a sign and a size.
    pub fn signed(is_negative: bool, limbs: Vec<u64>) -> BigInt {
        let mut limbs = limbs;
        magnitude_trim(&mut limbs);
        BigInt { is_negative: is_negative && !limbs.is_empty(), limbs }
    }

    /// The same number as 64 bits, if they hold it.
    pub fn to_i64(&self) -> Option<i64> {
        match self.limbs.as_slice() {
            [] => Some(0),
            [limb] if self.is_negative => 0_i64.checked_sub_unsigned(*limb),
            [limb] => i64::try_from(*limb).ok(),
            _ => None,
        }
    }
}

/// An integer to count with, wherever its limbs are.
#[derive(Clone, Copy)]
pub struct BigView<'a> {
    /// Whether it is below zero.
    pub is_negative: bool,
    /// The size.
    pub limbs: &'a [u64],
}

impl BigInt {
    /// The number to count with.
    pub fn view(&self) -> BigView<'_> {
        BigView { is_negative: self.is_negative, limbs: &self.limbs }
    }
}

impl From<i64> for BigInt {
    fn from(value: i64) -> BigInt {
        BigInt::signed(value < 0, vec![value.unsigned_abs()])
    }
}

impl From<i128> for BigInt {
    fn from(value: i128) -> BigInt {
        let size = value.unsigned_abs();
        BigInt::signed(value < 0, vec![size as u64, (size >> 64) as u64])
    }
}

/// `a + b`, or `a - b` when asked.
pub fn big_add(a: BigView<'_>, b: BigView<'_>, subtracts: bool) -> BigInt {
    let b_is_negative = b.is_negative != subtracts;
    if a.is_negative == b_is_negative {
        return BigInt::signed(a.is_negative, magnitude_add(a.limbs, b.limbs));
    }
    match magnitude_compare(a.limbs, b.limbs) {
        Ordering::Less => BigInt::signed(b_is_negative, magnitude_subtract(b.limbs, a.limbs)),
        _ => BigInt::signed(a.is_negative, magnitude_subtract(a.limbs, b.limbs)),
    }
}

/// `a * b`.
pub fn big_multiply(a: BigView<'_>, b: BigView<'_>) -> BigInt {
    BigInt::signed(a.is_negative != b.is_negative, magnitude_multiply(a.limbs, b.limbs))
}

/// `divmod(a, b)` for a `b` that is not zero.
pub fn big_divide(a: BigView<'_>, b: BigView<'_>) -> (BigInt, BigInt) {
    let (quotient, rest) = magnitude_divide(a.limbs, b.limbs);
    if a.is_negative == b.is_negative {
        return (BigInt::signed(false, quotient), BigInt::signed(a.is_negative, rest));
    }
    if rest.is_empty() {
        return (BigInt::signed(true, quotient), BigInt::signed(false, rest));
    }
    // Rounded down, not to zero.
    let quotient = magnitude_add(&quotient, &[1]);
    (BigInt::signed(true, quotient), BigInt::signed(b.is_negative, magnitude_subtract(b.limbs, &rest)))
}

/// How two numbers stand to each other.
pub fn big_compare(a: BigView<'_>, b: BigView<'_>) -> Ordering {
    match (a.is_negative, b.is_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => magnitude_compare(a.limbs, b.limbs),
        (true, true) => magnitude_compare(b.limbs, a.limbs),
    }
}

/// `a << count`.
pub fn big_shift_left(a: BigView<'_>, count: usize) -> BigInt {
    BigInt::signed(a.is_negative, magnitude_shift_left(a.limbs, count))
}

/// `a >> count`, rounded down.
pub fn big_shift_right(a: BigView<'_>, count: usize) -> BigInt {
    let shifted = magnitude_shift_right(a.limbs, count);
    if a.is_negative && (magnitude_bits(a.limbs) < count || magnitude_has_low_bits(a.limbs, count)) {
        return BigInt::signed(true, magnitude_add(&shifted, &[1]));
    }
    BigInt::signed(a.is_negative, shifted)
}

/// The lowest `count` limbs of the number in two's complement.
pub fn big_complement(a: BigView<'_>, count: usize) -> Vec<u64> {
    let mut limbs = a.limbs.to_vec();
    limbs.resize(count, 0);
    if a.is_negative {
        negate_limbs(&mut limbs);
    }
    limbs
}

/// The negative in two's complement, in place.
pub fn negate_limbs(limbs: &mut [u64]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
}

/// A bitwise operation in two's complement of endless length.
pub fn big_bitwise(a: BigView<'_>, b: BigView<'_>, operation: fn(u64, u64) -> u64) -> BigInt {
    let count = a.limbs.len().max(b.limbs.len()) + 1;
    let (a, b) = (big_complement(a, count), big_complement(b, count));
    let mut limbs: Vec<u64> = a.iter().zip(&b).map(|(a, b)| operation(*a, *b)).collect();
    let is_negative = limbs[count - 1] >> 63 == 1;
    if is_negative {
        negate_limbs(&mut limbs);
    }
    BigInt::signed(is_negative, limbs)
}

/// Append the decimal digits.
pub fn big_digits(a: BigView<'_>, out: &mut String) {
    if a.is_negative {
        out.push('-');
    }
    magnitude_digits(a.limbs, out);
}

/// CPython's hash.
pub fn big_hash(a: BigView<'_>) -> u64 {
    // A limb is 64 = 61 + 3 bits, so each step turns the rest by three.
    let step = |rest: u64, limb: &u64| (rotate_hash(rest, 3) + limb % HASH_MODULUS) % HASH_MODULUS;
    let rest = a.limbs.iter().rev().fold(0, step);
    let hash = if a.is_negative { rest.wrapping_neg() } else { rest };
    if hash == u64::MAX {
        hash - 1
    } else {
        hash
    }
}

/// `limbs * 2 ** power` as the nearest float, ties to even; `sticky` says that some more hangs below.
pub fn scaled_float(limbs: &[u64], power: i64, sticky: bool) -> f64 {
    let bits = magnitude_bits(limbs) as i64;
    if bits == 0 {
        return 0.0;
    }
    // The lowest bit that the float can hold: 53 bits in all, fewer where it is tiny.
    let lowest = (bits + power - 53).max(-1074);
    let cut = lowest - power;
    if cut <= 0 {
        let mantissa = magnitude_shift_left(limbs, (-cut) as usize).first().copied().unwrap_or(0);
        return assembled_float(mantissa, lowest);
    }
    let cut = cut as usize;
    let kept = magnitude_shift_right(limbs, cut).first().copied().unwrap_or(0);
    let half = limbs.get((cut - 1) / 64).is_some_and(|limb| limb >> ((cut - 1) % 64) & 1 == 1);
    let below = sticky || magnitude_has_low_bits(limbs, cut - 1);
    let up = half && (below || kept & 1 == 1);
    assembled_float(kept + u64::from(up), lowest)
}

/// `mantissa * 2 ** power`, which a float holds exactly, or infinity.
pub fn assembled_float(mantissa: u64, power: i64) -> f64 {
    // A mantissa rounded up to 2**53 is even.
    let (mantissa, power) = if mantissa >> 53 == 1 { (mantissa >> 1, power + 1) } else { (mantissa, power) };
    if mantissa >> 52 == 0 {
        return f64::from_bits(mantissa);
    }
    if power > 971 {
        return f64::INFINITY;
    }
    f64::from_bits(((power + 1075) as u64) << 52 | mantissa & ((1 << 52) - 1))
}
