//! `Int`, Python's `int` where 64 bits may not do: small values in the handle, large ones as a shared `BigInt`.
//!
//! `Int::from(i64 | usize | bool | i128)`; `+ - *` and comparisons among `Int`, `&Int` and `i64`, comparisons with `f64`;
//! `-x`, `+=`; `to_i64()`, `index()?`, `size()?`, `float()?`, `is_negative`, `sign`, `abs`, `bit_length`, `bit_count`.
//! Division: `int_floor_div`, `int_modulo`, `int_divmod`, `int_true_div`. Powers: `int_pow`, `int_pow_mod`. Bits:
//! `int_and`, `int_or`, `int_xor`, `int_invert`, `int_shift_left`, `int_shift_right`. Roots: `int_isqrt`, `int_gcd`.
//! `str` with CPython's limit of digits: `int_text`.
//! The same on `i64`: `integer.rs`. A step that may leave 64 bits: `add_wide`, `subtract_wide`, `multiply_wide`.

use crate::{
    big_add, big_bitwise, big_compare, big_digits, big_divide, big_hash, big_multiply, big_shift_left, big_shift_right,
    hash_integer, magnitude_bits, magnitude_compare, magnitude_divide, magnitude_power, magnitude_shift_left,
    scaled_float, str_of, BigInt, BigView, Exc, Kind, Object, Ordered, Str, INDEX_ERROR, INT_DIGITS_LIMIT,
    MEMORY_ERROR, OVERFLOW_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{Debug, Display, Formatter};
use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// An integer of any size.
#[derive(Clone)]
pub enum Int {
    /// One that 64 bits hold.
    Small(i64),
    /// One that they do not.
    Big(Rc<BigInt>),
}

impl Int {
    /// Normalised: large only when it must be.
    pub fn from_big(value: BigInt) -> Int {
        match value.to_i64() {
            Some(small) => Int::Small(small),
            None => Int::Big(Rc::new(value)),
        }
    }

    /// The number to count with; a small one puts its limb into `room`.
    #[inline]
    pub fn view<'a>(&'a self, room: &'a mut [u64; 1]) -> BigView<'a> {
        match self {
            Int::Small(value) => {
                room[0] = value.unsigned_abs();
                BigView { is_negative: *value < 0, limbs: &room[..usize::from(*value != 0)] }
            }
            Int::Big(value) => value.view(),
        }
    }

    /// As a large one.
    pub fn to_big(&self) -> BigInt {
        match self {
            Int::Small(value) => BigInt::from(*value),
            Int::Big(value) => (**value).clone(),
        }
    }

    /// The value, if 64 bits hold it.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Int::Small(value) => Some(*value),
            Int::Big(_) => None,
        }
    }

    /// The value as an index.
    #[inline]
    pub fn index(&self) -> Result<i64, Exc> {
        self.to_i64().ok_or_else(|| unfit_index(&INDEX_ERROR))
    }

    /// The value as an argument of a method that counts or measures with it.
    #[inline]
    pub fn argument(&self) -> Result<i64, Exc> {
        self.to_i64().ok_or_else(|| Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C ssize_t"))
    }

    /// The value as the start or the step of a loop that counts in 64 bits, with room to calculate on.
    pub fn loop_start(&self) -> Result<i64, Exc> {
        match self.to_i64() {
            Some(value) if value.unsigned_abs() <= 1 << 62 => Ok(value),
            _ => Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C ssize_t")),
        }
    }

    /// The value as the end of such a loop, which comes to no end that is further away.
    pub fn loop_stop(&self) -> i64 {
        match self {
            Int::Small(value) => (*value).clamp(-(1 << 62), 1 << 62),
            Int::Big(_) if self.is_negative() => -(1 << 62),
            Int::Big(_) => 1 << 62,
        }
    }

    /// The value as a count.
    #[inline]
    pub fn size(&self) -> Result<i64, Exc> {
        self.to_i64().ok_or_else(|| unfit_index(&OVERFLOW_ERROR))
    }
}

/// `cannot fit 'int' into an index-sized integer`.
#[cold]
pub fn unfit_index(kind: &'static Kind) -> Exc {
    Exc::new(kind, "cannot fit 'int' into an index-sized integer")
}

impl From<i64> for Int {
    #[inline]
    fn from(value: i64) -> Int {
        Int::Small(value)
    }
}

impl From<i32> for Int {
    /// What a plain literal is to Rust.
    #[inline]
    fn from(value: i32) -> Int {
        Int::Small(i64::from(value))
    }
}

impl From<&Int> for Int {
    #[inline]
    fn from(value: &Int) -> Int {
        value.clone()
    }
}

impl From<bool> for Int {
    fn from(value: bool) -> Int {
        Int::Small(i64::from(value))
    }
}

impl From<usize> for Int {
    fn from(value: usize) -> Int {
        Int::from(value as i128)
    }
}

impl From<u64> for Int {
    fn from(value: u64) -> Int {
        Int::from(i128::from(value))
    }
}

impl From<i128> for Int {
    #[inline]
    fn from(value: i128) -> Int {
        match i64::try_from(value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(Rc::new(BigInt::from(value))),
        }
    }
}

impl Default for Int {
    fn default() -> Self {
        Int::Small(0)
    }
}

/// `a + b`.
#[inline]
pub fn add_wide(a: i64, b: i64) -> Int {
    match a.checked_add(b) {
        Some(sum) => Int::Small(sum),
        None => Int::from(i128::from(a) + i128::from(b)),
    }
}

/// `a - b`.
#[inline]
pub fn subtract_wide(a: i64, b: i64) -> Int {
    match a.checked_sub(b) {
        Some(rest) => Int::Small(rest),
        None => Int::from(i128::from(a) - i128::from(b)),
    }
}

/// `a * b`.
#[inline]
pub fn multiply_wide(a: i64, b: i64) -> Int {
    match a.checked_mul(b) {
        Some(product) => Int::Small(product),
        None => Int::from(i128::from(a) * i128::from(b)),
    }
}

/// `-a`.
#[inline]
pub fn negate_wide(a: i64) -> Int {
    subtract_wide(0, a)
}

/// `a + b`.
#[inline]
pub fn int_add(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => add_wide(*a, *b),
        _ => Int::from_big(big_add(a.view(&mut [0]), b.view(&mut [0]), false)),
    }
}

/// `a - b`.
#[inline]
pub fn int_subtract(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => subtract_wide(*a, *b),
        _ => Int::from_big(big_add(a.view(&mut [0]), b.view(&mut [0]), true)),
    }
}

/// `a * b`.
#[inline]
pub fn int_multiply(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => multiply_wide(*a, *b),
        _ => Int::from_big(big_multiply(a.view(&mut [0]), b.view(&mut [0]))),
    }
}

/// One operator of `Int`, for values and references, with `i64` on either side.
macro_rules! int_operator {
    ($operator:ident $method:ident $assign:ident $assign_method:ident $function:ident) => {
        impl $operator<&Int> for &Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: &Int) -> Int {
                $function(self, other)
            }
        }
        impl $operator<Int> for &Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: Int) -> Int {
                $function(self, &other)
            }
        }
        impl $operator<&Int> for Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: &Int) -> Int {
                $function(&self, other)
            }
        }
        impl $operator<Int> for Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: Int) -> Int {
                $function(&self, &other)
            }
        }
        impl $operator<i64> for &Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: i64) -> Int {
                $function(self, &Int::Small(other))
            }
        }
        impl $operator<i64> for Int {
            type Output = Int;
            #[inline]
            fn $method(self, other: i64) -> Int {
                $function(&self, &Int::Small(other))
            }
        }
        impl $operator<&Int> for i64 {
            type Output = Int;
            #[inline]
            fn $method(self, other: &Int) -> Int {
                $function(&Int::Small(self), other)
            }
        }
        impl $operator<Int> for i64 {
            type Output = Int;
            #[inline]
            fn $method(self, other: Int) -> Int {
                $function(&Int::Small(self), &other)
            }
        }
        impl $assign<&Int> for Int {
            #[inline]
            fn $assign_method(&mut self, other: &Int) {
                *self = $function(self, other);
            }
        }
        impl $assign<Int> for Int {
            #[inline]
            fn $assign_method(&mut self, other: Int) {
                *self = $function(self, &other);
            }
        }
        impl $assign<i64> for Int {
            #[inline]
            fn $assign_method(&mut self, other: i64) {
                *self = $function(self, &Int::Small(other));
            }
        }
    };
}

int_operator!(Add add AddAssign add_assign int_add);
int_operator!(Sub sub SubAssign sub_assign int_subtract);
int_operator!(Mul mul MulAssign mul_assign int_multiply);

impl Neg for &Int {
    type Output = Int;
    #[inline]
    fn neg(self) -> Int {
        int_subtract(&Int::Small(0), self)
    }
}

impl Neg for Int {
    type Output = Int;
    #[inline]
    fn neg(self) -> Int {
        -&self
    }
}

/// `str(value)`, refused beyond the limit of digits, as CPython does since 3.11.
pub fn int_text(value: &Int) -> Result<Str, Exc> {
    let limit = INT_DIGITS_LIMIT.get();
    let text = str_of(value);
    let digits = text.len() - i64::from(value.is_negative());
    if limit > 0 && digits > limit {
        let text = alloc::format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        );
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    Ok(text)
}

impl PartialEq for Int {
    #[inline]
    fn eq(&self, other: &Int) -> bool {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => a == b,
            (Int::Big(a), Int::Big(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Int {}

impl PartialOrd for Int {
    #[inline]
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Int {
    #[inline]
    fn cmp(&self, other: &Int) -> Ordering {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => a.cmp(b),
            (Int::Big(a), Int::Big(b)) => big_compare(a.view(), b.view()),
            (Int::Small(_), Int::Big(b)) if b.is_negative => Ordering::Greater,
            (Int::Small(_), Int::Big(_)) => Ordering::Less,
            (Int::Big(a), Int::Small(_)) if a.is_negative => Ordering::Less,
            (Int::Big(_), Int::Small(_)) => Ordering::Greater,
        }
    }
}

impl PartialEq<i64> for Int {
    #[inline]
    fn eq(&self, other: &i64) -> bool {
        matches!(self, Int::Small(value) if value == other)
    }
}

impl PartialOrd<i64> for Int {
    #[inline]
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        Some(self.cmp(&Int::Small(*other)))
    }
}

impl PartialEq<Int> for i64 {
    #[inline]
    fn eq(&self, other: &Int) -> bool {
        other == self
    }
}

impl PartialOrd<Int> for i64 {
    #[inline]
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(Int::Small(*self).cmp(other))
    }
}

impl PartialEq<f64> for Int {
    fn eq(&self, other: &f64) -> bool {
        int_compare_float(self, *other) == Some(Ordering::Equal)
    }
}

impl PartialOrd<f64> for Int {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        int_compare_float(self, *other)
    }
}

impl PartialEq<Int> for f64 {
    fn eq(&self, other: &Int) -> bool {
        other == self
    }
}

impl PartialOrd<Int> for f64 {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        int_compare_float(other, *self).map(Ordering::reverse)
    }
}

/// How an integer stands to a float, exactly; none for NaN.
pub fn int_compare_float(a: &Int, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b.is_infinite() {
        return 0.0.partial_cmp(&b);
    }
    let whole = int_of_finite(b);
    let order = a.cmp(&whole);
    if order != Ordering::Equal {
        return Some(order);
    }
    // Equal up to the point: what stands behind it decides.
    let rest = b % 1.0;
    0.0.partial_cmp(&rest)
}

/// The integer that a finite float is, cut at the point.
pub fn int_of_finite(value: f64) -> Int {
    if value.abs() < 9e18 {
        return Int::Small(value as i64);
    }
    let bits = value.to_bits();
    let power = (bits >> 52 & 0x7ff) as usize - 1075;
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    Int::from_big(BigInt::signed(value < 0.0, magnitude_shift_left(&[mantissa], power)))
}

/// `int(value)`.
pub fn int_of_float(value: f64) -> Result<Int, Exc> {
    if value.is_nan() {
        return Err(Exc::new(&VALUE_ERROR, "cannot convert float NaN to integer"));
    }
    if value.is_infinite() {
        return Err(Exc::new(&OVERFLOW_ERROR, "cannot convert float infinity to integer"));
    }
    Ok(int_of_finite(value))
}

impl Display for Int {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Int::Small(value) => Display::fmt(value, formatter),
            Int::Big(value) => {
                let mut text = String::new();
                big_digits(value.view(), &mut text);
                formatter.write_str(&text)
            }
        }
    }
}

impl Debug for Int {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        Display::fmt(self, formatter)
    }
}

impl Object for Int {
    fn write_repr(&self, out: &mut String) {
        match self {
            Int::Small(value) => value.write_repr(out),
            Int::Big(value) => big_digits(value.view(), out),
        }
    }
    #[inline]
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    #[inline]
    fn hash(&self) -> u64 {
        match self {
            Int::Small(value) => hash_integer(*value),
            Int::Big(value) => big_hash(value.view()),
        }
    }
    fn truth(&self) -> bool {
        !matches!(self, Int::Small(0))
    }
    fn type_name(&self) -> &'static str {
        "int"
    }
}

impl Ordered for Int {
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
    #[inline]
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Int {
    /// Whether it is below zero.
    #[inline]
    pub fn is_negative(&self) -> bool {
        match self {
            Int::Small(value) => *value < 0,
            Int::Big(value) => value.is_negative,
        }
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i64 {
        match self {
            Int::Small(value) => value.signum(),
            Int::Big(value) if value.is_negative => -1,
            Int::Big(_) => 1,
        }
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Int {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// Whether the lowest bit is set.
    pub fn is_odd(&self) -> bool {
        match self {
            Int::Small(value) => value & 1 == 1,
            Int::Big(value) => value.limbs[0] & 1 == 1,
        }
    }

    /// `self.bit_length()`.
    pub fn bit_length(&self) -> i64 {
        match self {
            Int::Small(value) => 64 - i64::from(value.unsigned_abs().leading_zeros()),
            Int::Big(value) => magnitude_bits(&value.limbs) as i64,
        }
    }

    /// `self.bit_count()`.
    pub fn bit_count(&self) -> i64 {
        self.view(&mut [0]).limbs.iter().map(|limb| i64::from(limb.count_ones())).sum()
    }
}

impl Int {
    /// `float(self)`.
    pub fn float(&self) -> Result<f64, Exc> {
        let value = self.rounded();
        if value.is_infinite() {
            return Err(Exc::new(&OVERFLOW_ERROR, "int too large to convert to float"));
        }
        Ok(value)
    }

    /// The nearest float, infinity behind the largest.
    pub fn rounded(&self) -> f64 {
        match self {
            Int::Small(value) => *value as f64,
            Int::Big(value) => {
                let size = scaled_float(&value.limbs, 0, false);
                if value.is_negative {
                    -size
                } else {
                    size
                }
            }
        }
    }
}

/// `a // b`.
pub fn int_floor_div(a: &Int, b: &Int) -> Result<Int, Exc> {
    match (a, b) {
        (_, Int::Small(0)) => Err(division_by_zero("integer division or modulo by zero")),
        (Int::Small(a), Int::Small(b)) => Ok(floor_div_wide(*a, *b)),
        _ => Ok(Int::from_big(big_divide(a.view(&mut [0]), b.view(&mut [0])).0)),
    }
}

/// `a // b` for a `b` that is not zero.
#[inline]
pub fn floor_div_wide(a: i64, b: i64) -> Int {
    let Some(quotient) = a.checked_div(b) else {
        return Int::from(-i128::from(a));
    };
    Int::Small(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// `a % b`.
pub fn int_modulo(a: &Int, b: &Int) -> Result<Int, Exc> {
    match (a, b) {
        (_, Int::Small(0)) => Err(division_by_zero("integer modulo by zero")),
        (Int::Small(a), Int::Small(b)) => {
            let rest = a.wrapping_rem(*b);
            Ok(Int::Small(if rest != 0 && (rest < 0) != (*b < 0) { rest + b } else { rest }))
        }
        _ => Ok(Int::from_big(big_divide(a.view(&mut [0]), b.view(&mut [0])).1)),
    }
}

/// `divmod(a, b)`.
pub fn int_divmod(a: &Int, b: &Int) -> Result<(Int, Int), Exc> {
    if *b == 0 {
        return Err(division_by_zero("integer division or modulo by zero"));
    }
    if let (Int::Small(_), Int::Small(_)) = (a, b) {
        return Ok((int_floor_div(a, b)?, int_modulo(a, b)?));
    }
    let (quotient, rest) = big_divide(a.view(&mut [0]), b.view(&mut [0]));
    Ok((Int::from_big(quotient), Int::from_big(rest)))
}

/// `ZeroDivisionError`.
#[cold]
pub fn division_by_zero(text: &'static str) -> Exc {
    Exc::new(&ZERO_DIVISION_ERROR, text)
}

/// `a / b`, rounded once.
pub fn int_true_div(a: &Int, b: &Int) -> Result<f64, Exc> {
    if *b == 0 {
        return Err(division_by_zero("division by zero"));
    }
    if let (Int::Small(a), Int::Small(b)) = (a, b) {
        if a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 {
            return Ok(*a as f64 / *b as f64);
        }
    }
    let (mut a_room, mut b_room) = ([0], [0]);
    let (a, b) = (a.view(&mut a_room), b.view(&mut b_room));
    // So many bits more that the quotient has at least 66; the rest only says whether something hangs below.
    let more = (66 + magnitude_bits(b.limbs)).saturating_sub(magnitude_bits(a.limbs));
    let (quotient, rest) = magnitude_divide(&magnitude_shift_left(a.limbs, more), b.limbs);
    let size = scaled_float(&quotient, -(more as i64), !rest.is_empty());
    if size.is_infinite() {
        return Err(Exc::new(&OVERFLOW_ERROR, "integer division result too large for a float"));
    }
    Ok(if a.is_negative != b.is_negative { -size } else { size })
}

/// Bits of the longest integer that we make; CPython needs half a gigabyte for one.
pub const LONGEST_INT: i64 = 1 << 35;

/// `base ** exponent` for an exponent that is not negative.
pub fn int_pow(base: &Int, exponent: &Int) -> Result<Int, Exc> {
    if exponent.is_negative() {
        return Err(Exc::new(&VALUE_ERROR, "a negative power of an integer is a float"));
    }
    let (value, exponent) = match (base, exponent) {
        (_, Int::Small(0)) => return Ok(Int::Small(1)),
        (Int::Small(0 | 1), _) => return Ok(base.clone()),
        (Int::Small(-1), _) => return Ok(Int::Small(if exponent.is_odd() { -1 } else { 1 })),
        (_, Int::Small(exponent)) => (base, *exponent),
        _ => return Err(Exc::bare(&MEMORY_ERROR)),
    };
    if let (Int::Small(value), Ok(small)) = (value, u32::try_from(exponent)) {
        if let Some(power) = value.checked_pow(small) {
            return Ok(Int::Small(power));
        }
    }
    if value.bit_length().saturating_sub(1).saturating_mul(exponent) > LONGEST_INT {
        return Err(Exc::bare(&MEMORY_ERROR));
    }
    let value = value.to_big();
    let size = magnitude_power(&value.limbs, exponent as u64);
    Ok(Int::from_big(BigInt::signed(value.is_negative && exponent & 1 == 1, size)))
}

/// `pow(base, exponent, modulus)`.
pub fn int_pow_mod(base: &Int, exponent: &Int, modulus: &Int) -> Result<Int, Exc> {
    if *modulus == 0 {
        return Err(Exc::new(&VALUE_ERROR, "pow() 3rd argument cannot be 0"));
    }
    let size = modulus.abs();
    let (start, exponent) = if exponent.is_negative() {
        (int_invert_mod(base, &size)?, -exponent)
    } else {
        (int_modulo(base, &size)?, exponent.clone())
    };
    let exponent = exponent.to_big();
    let mut power = int_modulo(&Int::Small(1), &size)?;
    for bit in (0..magnitude_bits(&exponent.limbs)).rev() {
        power = int_modulo(&(&power * &power), &size)?;
        if exponent.limbs[bit / 64] >> (bit % 64) & 1 == 1 {
            power = int_modulo(&(&power * &start), &size)?;
        }
    }
    int_modulo(&power, modulus)
}

/// The number that times `value` is 1 modulo `modulus`.
pub fn int_invert_mod(value: &Int, modulus: &Int) -> Result<Int, Exc> {
    let (mut a, mut b) = (int_modulo(value, modulus)?, modulus.clone());
    let (mut x, mut y) = (Int::Small(1), Int::Small(0));
    while b != 0 {
        let (quotient, rest) = int_divmod(&a, &b)?;
        (a, b) = (b, rest);
        let next = &x - &quotient * &y;
        (x, y) = (y, next);
    }
    if a != 1 && *modulus != 1 {
        return Err(Exc::new(&VALUE_ERROR, "base is not invertible for the given modulus"));
    }
    int_modulo(&x, modulus)
}

/// `a & b`.
pub fn int_and(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => Int::Small(a & b),
        _ => Int::from_big(big_bitwise(a.view(&mut [0]), b.view(&mut [0]), |a, b| a & b)),
    }
}

/// `a | b`.
pub fn int_or(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => Int::Small(a | b),
        _ => Int::from_big(big_bitwise(a.view(&mut [0]), b.view(&mut [0]), |a, b| a | b)),
    }
}

/// `a ^ b`.
pub fn int_xor(a: &Int, b: &Int) -> Int {
    match (a, b) {
        (Int::Small(a), Int::Small(b)) => Int::Small(a ^ b),
        _ => Int::from_big(big_bitwise(a.view(&mut [0]), b.view(&mut [0]), |a, b| a ^ b)),
    }
}

/// `~a`.
pub fn int_invert(a: &Int) -> Int {
    match a {
        Int::Small(value) => Int::Small(!value),
        Int::Big(_) => -a - 1,
    }
}

/// `a << count`.
pub fn int_shift_left(a: &Int, count: &Int) -> Result<Int, Exc> {
    if count.is_negative() {
        return Err(negative_shift());
    }
    if *a == 0 {
        return Ok(Int::Small(0));
    }
    let count = count.to_i64().ok_or_else(|| Exc::new(&OVERFLOW_ERROR, "too many digits in integer"))?;
    if let Int::Small(value) = a {
        let bits = 64 - i64::from(value.unsigned_abs().leading_zeros());
        if count < 63 && bits + count < 64 {
            return Ok(Int::Small(value << count));
        }
    }
    if count > LONGEST_INT {
        return Err(Exc::bare(&MEMORY_ERROR));
    }
    Ok(Int::from_big(big_shift_left(a.view(&mut [0]), count as usize)))
}

/// `a >> count`.
pub fn int_shift_right(a: &Int, count: &Int) -> Result<Int, Exc> {
    if count.is_negative() {
        return Err(negative_shift());
    }
    let count = count.to_i64().unwrap_or(i64::MAX);
    match a {
        Int::Small(value) => Ok(Int::Small(value >> count.min(63))),
        Int::Big(value) => Ok(Int::from_big(big_shift_right(value.view(), count as usize))),
    }
}

/// `negative shift count`.
#[cold]
pub fn negative_shift() -> Exc {
    Exc::new(&VALUE_ERROR, "negative shift count")
}

/// `math.isqrt(a)`.
pub fn int_isqrt(a: &Int) -> Result<Int, Exc> {
    if a.is_negative() {
        return Err(Exc::new(&VALUE_ERROR, "isqrt() argument must be nonnegative"));
    }
    let Int::Big(value) = a else {
        return Ok(Int::Small(a.to_i64().unwrap_or(0).isqrt()));
    };
    // Newton's steps fall until they meet the root, from a start that is not below it.
    let bits = magnitude_bits(&value.limbs);
    let mut root = magnitude_shift_left(&[1], bits.div_ceil(2));
    loop {
        let (quotient, _) = magnitude_divide(&value.limbs, &root);
        let next = crate::magnitude_shift_right(&crate::magnitude_add(&root, &quotient), 1);
        if magnitude_compare(&next, &root) != Ordering::Less {
            return Ok(Int::from_big(BigInt::signed(false, root)));
        }
        root = next;
    }
}

/// `math.gcd(a, b)`.
pub fn int_gcd(a: &Int, b: &Int) -> Int {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        let rest = int_modulo(&a, &b).unwrap_or_default();
        (a, b) = (b, rest);
    }
    a
}

impl Int {
    /// `self.to_bytes(length, order, signed=...)`.
    pub fn to_bytes(&self, length: i64, is_little: bool, is_signed: bool) -> Result<Vec<u8>, Exc> {
        if length < 0 {
            return Err(Exc::new(&VALUE_ERROR, "length argument must be non-negative"));
        }
        if self.is_negative() && !is_signed {
            return Err(Exc::new(&OVERFLOW_ERROR, "can't convert negative int to unsigned"));
        }
        let needed = if self.is_negative() { (-self - 1).bit_length() } else { self.bit_length() };
        let room = length.saturating_mul(8);
        // No bytes at all hold 0, and in CPython -1 too.
        let sign = i64::from(is_signed && *self != 0 && (*self != -1 || length > 0));
        if needed + sign > room {
            return Err(Exc::new(&OVERFLOW_ERROR, "int too big to convert"));
        }
        let limbs = crate::big_complement(self.view(&mut [0]), length as usize / 8 + 2);
        let mut bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        bytes.truncate(length as usize);
        if !is_little {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// `int.from_bytes(bytes, order, signed=...)`.
    pub fn from_bytes(bytes: &[u8], is_little: bool, is_signed: bool) -> Int {
        let mut bytes = bytes.to_vec();
        if !is_little {
            bytes.reverse();
        }
        let is_negative = is_signed && bytes.last().is_some_and(|top| top >> 7 == 1);
        let fill = if is_negative { 0xff } else { 0 };
        bytes.resize(bytes.len().div_ceil(8) * 8, fill);
        let eights = (0..bytes.len() / 8).map(|at| crate::read_eight(&bytes, at * 8));
        let mut limbs: Vec<u64> = eights.collect();
        if is_negative {
            crate::negate_limbs(&mut limbs);
        }
        Int::from_big(BigInt::signed(is_negative, limbs))
    }
}
