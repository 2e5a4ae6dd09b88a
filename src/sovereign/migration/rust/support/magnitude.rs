//! Natural numbers as limbs, the lowest first, without zeros at the top: what `BigInt` counts with.
//!
//! `magnitude_add`, `_subtract`, `_multiply`, `_divide`, `_shift_left`, `_shift_right`, `_compare`, `_bits`, `_digits`, `_parse`.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Limbs from which on products are split in three (Karatsuba).
pub const KARATSUBA_LIMBS: usize = 40;

/// Ten to the number of digits that half a limb surely holds.
pub const GROUP: u64 = 1_000_000_000;

/// Remove zeros at the top.
pub fn magnitude_trim(limbs: &mut Vec<u64>) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

/// A slice without the zeros at its top.
pub fn magnitude_trimmed(limbs: &[u64]) -> &[u64] {
    let end = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
    &limbs[..end]
}

/// How two numbers stand to each other.
pub fn magnitude_compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// Add `b` into `a`, which is at least as long; gives the carry.
pub fn magnitude_add_into(a: &mut [u64], b: &[u64]) -> bool {
    let mut carry = false;
    let (low, high) = a.split_at_mut(b.len());
    for (x, y) in low.iter_mut().zip(b) {
        let (sum, first) = x.overflowing_add(*y);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        *x = sum;
        carry = first | second;
    }
    for x in high {
        if !carry {
            return false;
        }
        (*x, carry) = x.overflowing_add(1);
    }
    carry
}

/// Take `b` from `a`, which is at least as large.
pub fn magnitude_subtract_from(a: &mut [u64], b: &[u64]) {
    let mut borrow = false;
    let (low, high) = a.split_at_mut(b.len());
    for (x, y) in low.iter_mut().zip(b) {
        let (rest, first) = x.overflowing_sub(*y);
        let (rest, second) = rest.overflowing_sub(u64::from(borrow));
        *x = rest;
        borrow = first | second;
    }
    for x in high {
        if !borrow {
            return;
        }
        (*x, borrow) = x.overflowing_sub(1);
    }
}

/// `a + b`.
pub fn magnitude_add(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut sum = Vec::with_capacity(long.len() + 1);
    sum.extend_from_slice(long);
    if magnitude_add_into(&mut sum, short) {
        sum.push(1);
    }
    sum
}

/// `a - b`, where `a >= b`.
pub fn magnitude_subtract(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut rest = a.to_vec();
    magnitude_subtract_from(&mut rest, b);
    magnitude_trim(&mut rest);
    rest
}

/// Add `a * factor` into `out`; gives what is carried out of it.
pub fn magnitude_add_product(out: &mut [u64], a: &[u64], factor: u64) -> u64 {
    let mut carry = 0;
    for (x, y) in out.iter_mut().zip(a) {
        let wide = u128::from(*y) * u128::from(factor) + u128::from(*x) + u128::from(carry);
        *x = wide as u64;
        carry = (wide >> 64) as u64;
    }
    carry
}

/// `a * b`.
pub fn magnitude_multiply(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if short.len() >= KARATSUBA_LIMBS {
        return magnitude_multiply_long(long, short);
    }
    let mut product = vec![0; long.len() + short.len()];
    for (at, factor) in short.iter().enumerate() {
        product[at + long.len()] = magnitude_add_product(&mut product[at..at + long.len()], long, *factor);
    }
    magnitude_trim(&mut product);
    product
}

/// The product of long numbers, by three products of their halves.
pub fn magnitude_multiply_long(long: &[u64], short: &[u64]) -> Vec<u64> {
    let mut product = vec![0; long.len() + short.len()];
    if short.len() * 2 <= long.len() {
        // Too unlike in length for halves: the longer one in pieces of the shorter one's length.
        for (index, piece) in long.chunks(short.len()).enumerate() {
            let part = magnitude_multiply(magnitude_trimmed(piece), short);
            magnitude_add_into(&mut product[index * short.len()..], &part);
        }
        magnitude_trim(&mut product);
        return product;
    }
    let half = long.len() / 2;
    let (a_low, a_high) = (magnitude_trimmed(&long[..half]), &long[half..]);
    let (b_low, b_high) = (magnitude_trimmed(&short[..half]), &short[half..]);
    let low = magnitude_multiply(a_low, b_low);
    let high = magnitude_multiply(a_high, b_high);
    let mut middle = magnitude_multiply(&magnitude_add(a_low, a_high), &magnitude_add(b_low, b_high));
    magnitude_subtract_from(&mut middle, &low);
    magnitude_subtract_from(&mut middle, &high);
    product[..low.len()].copy_from_slice(&low);
    product[half * 2..half * 2 + high.len()].copy_from_slice(&high);
    magnitude_add_into(&mut product[half..], magnitude_trimmed(&middle));
    magnitude_trim(&mut product);
    product
}

/// Divide in place by one limb; gives the rest.
pub fn magnitude_divide_small(a: &mut Vec<u64>, divisor: u64) -> u64 {
    let mut rest = 0;
    if divisor >> 32 == 0 {
        // Half limbs need no division of 128 bits.
        for limb in a.iter_mut().rev() {
            let high = rest << 32 | *limb >> 32;
            let low = (high % divisor) << 32 | *limb & 0xffff_ffff;
            *limb = ((high / divisor) << 32) | (low / divisor);
            rest = low % divisor;
        }
        magnitude_trim(a);
        return rest;
    }
    for limb in a.iter_mut().rev() {
        let wide = u128::from(rest) << 64 | u128::from(*limb);
        *limb = (wide / u128::from(divisor)) as u64;
        rest = (wide % u128::from(divisor)) as u64;
    }
    magnitude_trim(a);
    rest
}

/// `(a // b, a % b)` for a `b` that is not zero (Knuth, volume 2, algorithm D).
pub fn magnitude_divide(a: &[u64], b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    if magnitude_compare(a, b) == Ordering::Less {
        return (Vec::new(), a.to_vec());
    }
    if let [divisor] = b {
        let mut quotient = a.to_vec();
        let rest = magnitude_divide_small(&mut quotient, *divisor);
        return (quotient, if rest == 0 { Vec::new() } else { vec![rest] });
    }
    let shift = b[b.len() - 1].leading_zeros() as usize;
    let divisor = magnitude_shift_left(b, shift);
    let mut rest = magnitude_shift_left(a, shift);
    if rest.len() == a.len() {
        rest.push(0);
    }
    let count = divisor.len();
    let mut quotient = vec![0; rest.len() - count];
    for at in (0..quotient.len()).rev() {
        let guess = magnitude_guess(&rest[at..], &divisor);
        quotient[at] = magnitude_take_product(&mut rest[at..=at + count], &divisor, guess);
    }
    magnitude_trim(&mut quotient);
    magnitude_trim(&mut rest);
    (quotient, magnitude_shift_right(&rest, shift))
}

/// The next limb of a quotient, or one more than it.
pub fn magnitude_guess(rest: &[u64], divisor: &[u64]) -> u64 {
    let count = divisor.len();
    let (first, second) = (divisor[count - 1], divisor[count - 2]);
    if rest[count] >= first {
        return u64::MAX;
    }
    let top = u128::from(rest[count]) << 64 | u128::from(rest[count - 1]);
    let mut guess = (top / u128::from(first)) as u64;
    let mut left = top % u128::from(first);
    while u128::from(guess) * u128::from(second) > (left << 64 | u128::from(rest[count - 2])) {
        guess -= 1;
        left += u128::from(first);
        if left >> 64 != 0 {
            break;
        }
    }
    guess
}

/// Take `guess * divisor` from `rest`; gives the guess, less one when that was too much.
pub fn magnitude_take_product(rest: &mut [u64], divisor: &[u64], guess: u64) -> u64 {
    let mut carry = 0;
    let mut borrow = false;
    let count = divisor.len();
    for (x, y) in rest.iter_mut().zip(divisor) {
        let wide = u128::from(*y) * u128::from(guess) + u128::from(carry);
        carry = (wide >> 64) as u64;
        let (less, first) = x.overflowing_sub(wide as u64);
        let (less, second) = less.overflowing_sub(u64::from(borrow));
        *x = less;
        borrow = first | second;
    }
    let (less, first) = rest[count].overflowing_sub(carry);
    let (less, second) = less.overflowing_sub(u64::from(borrow));
    rest[count] = less;
    let mut guess = guess;
    let mut was_too_much = first | second;
    while was_too_much {
        guess -= 1;
        let (low, top) = rest.split_at_mut(count);
        let carry = magnitude_add_into(low, divisor);
        let (sum, wrapped) = top[0].overflowing_add(u64::from(carry));
        top[0] = sum;
        was_too_much = !wrapped;
    }
    guess
}

/// `a << count`.
pub fn magnitude_shift_left(a: &[u64], count: usize) -> Vec<u64> {
    if a.is_empty() {
        return Vec::new();
    }
    let (limbs, bits) = (count / 64, count % 64);
    let mut out = vec![0; limbs];
    out.reserve(a.len() + 1);
    if bits == 0 {
        out.extend_from_slice(a);
        return out;
    }
    let mut carry = 0;
    for limb in a {
        out.push(limb << bits | carry);
        carry = limb >> (64 - bits);
    }
    if carry != 0 {
        out.push(carry);
    }
    out
}

/// `a >> count`.
pub fn magnitude_shift_right(a: &[u64], count: usize) -> Vec<u64> {
    let (limbs, bits) = (count / 64, count % 64);
    let Some(kept) = a.get(limbs..) else {
        return Vec::new();
    };
    let mut out = kept.to_vec();
    if bits > 0 {
        let mut carry = 0;
        for limb in out.iter_mut().rev() {
            let next = *limb << (64 - bits);
            *limb = *limb >> bits | carry;
            carry = next;
        }
    }
    magnitude_trim(&mut out);
    out
}

/// The number of bits, 0 for zero.
pub fn magnitude_bits(a: &[u64]) -> usize {
    a.last().map_or(0, |top| a.len() * 64 - top.leading_zeros() as usize)
}

/// Whether any of the lowest `count` bits is set.
pub fn magnitude_has_low_bits(a: &[u64], count: usize) -> bool {
    let (limbs, bits) = (count / 64, count % 64);
    a.iter().take(limbs).any(|limb| *limb != 0) || a.get(limbs).is_some_and(|limb| limb & ((1_u64 << bits) - 1) != 0)
}

/// `base ** exponent`.
pub fn magnitude_power(base: &[u64], exponent: u64) -> Vec<u64> {
    let mut power = vec![1];
    let mut bit = 64 - exponent.leading_zeros();
    while bit > 0 {
        bit -= 1;
        power = magnitude_multiply(&power, &power);
        if exponent >> bit & 1 == 1 {
            power = magnitude_multiply(&power, base);
        }
    }
    power
}

/// Append the decimal digits.
pub fn magnitude_digits(a: &[u64], out: &mut String) {
    // Groups of digits, the lowest first, into which the number is taken by half limbs, as CPython does.
    let mut groups: Vec<u64> = vec![0];
    for half in a.iter().rev().flat_map(|limb| [limb >> 32, limb & 0xffff_ffff]) {
        let mut carry = half;
        for group in &mut groups {
            let wide = *group << 32 | carry;
            *group = wide % GROUP;
            carry = wide / GROUP;
        }
        while carry > 0 {
            groups.push(carry % GROUP);
            carry /= GROUP;
        }
    }
    let mut groups = groups.iter().rev();
    out.extend(groups.next().map(|first| alloc::format!("{first}")));
    out.extend(groups.map(|group| alloc::format!("{group:09}")));
}

/// The number that digits of a base from 2 to 36 spell; their values come, not their letters.
pub fn magnitude_parse(digits: &[u8], base: u64) -> Vec<u64> {
    // As many digits as surely fit a limb.
    let mut count = 1;
    let mut power = base;
    while let Some(next) = power.checked_mul(base) {
        power = next;
        count += 1;
    }
    if digits.len() <= count * 24 {
        let mut number = Vec::new();
        for group in digits.rchunks(count).rev() {
            let value = group.iter().fold(0, |value, digit| value * base + u64::from(*digit));
            let scale = if number.is_empty() { 0 } else { base.pow(group.len() as u32) };
            number = magnitude_scale(&number, scale, value);
        }
        return number;
    }
    let low_count = digits.len() / 2;
    let (high, low) = digits.split_at(digits.len() - low_count);
    let scale = magnitude_power(&[base], low_count as u64);
    let product = magnitude_multiply(&magnitude_parse(high, base), &scale);
    magnitude_add(&product, &magnitude_parse(low, base))
}

/// `a * factor + summand`.
pub fn magnitude_scale(a: &[u64], factor: u64, summand: u64) -> Vec<u64> {
    let mut out = Vec::with_capacity(a.len() + 1);
    let mut carry = summand;
    for limb in a {
        let wide = u128::from(*limb) * u128::from(factor) + u128::from(carry);
        out.push(wide as u64);
        carry = (wide >> 64) as u64;
    }
    out.push(carry);
    magnitude_trim(&mut out);
    out
}
