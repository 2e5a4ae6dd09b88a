//! `fractions.Fraction`.
//!
//! `Fraction::new(Int, Int) -> Result<Fraction, Exc>`, `Fraction::from_int(Int)`, `Fraction::from_float(f64) -> Result`,
//! `Fraction::parse(&str) -> Result`; `numerator() -> Int`, `denominator()`, `add sub mul (&Fraction) -> Fraction`, `div floor_div
//! modulo -> Result` (`floor_div` gives Int), `neg abs`, `pow_int(i64) -> Result<Fraction, Exc>`, `float() -> Result<f64, Exc>`,
//! `floor() ceil() trunc() round() -> Int`, `round_to(i64) -> Fraction`, `limit_denominator(&Int) -> Result<Fraction, Exc>`.
//! Mixed operations turn the other operand into a fraction or a float first. Refused: complex numbers, Decimal operands,
//! powers by fractions.

use crate::{
    float_integer_ratio, int_floor_div, int_gcd, int_modulo, int_pow, int_pow_mod, int_true_div, is_space, parse_int,
    repr, Exc, Int, Object, Ordered, Str, HASH_MODULUS, VALUE_ERROR, ZERO_DIVISION_ERROR,
};
use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;

/// A fraction in lowest terms, the denominator positive.
#[derive(Clone)]
pub struct Fraction {
    /// The numerator.
    pub above: Int,
    /// The denominator.
    pub below: Int,
}

/// Ten to the power of a number that is not negative.
pub fn fraction_ten_to(exponent: i64) -> Int {
    int_pow(&Int::Small(10), &Int::Small(exponent)).unwrap_or_default()
}

/// `a // b` of a divisor that is not 0.
pub fn fraction_quotient(a: &Int, b: &Int) -> Int {
    int_floor_div(a, b).unwrap_or_default()
}

impl Fraction {
    /// `Fraction(numerator, denominator)`. Errors: ZeroDivisionError.
    pub fn new(above: Int, below: Int) -> Result<Fraction, Exc> {
        if below == 0 {
            return Err(Exc::new(&ZERO_DIVISION_ERROR, format!("Fraction({above}, 0)")));
        }
        Ok(Fraction::reduced(above, below))
    }

    /// In lowest terms; the denominator is not 0.
    pub fn reduced(above: Int, below: Int) -> Fraction {
        let divisor = int_gcd(&above, &below);
        let divisor = if below.is_negative() { -divisor } else { divisor };
        if divisor == 1 {
            return Fraction { above, below };
        }
        Fraction { above: fraction_quotient(&above, &divisor), below: fraction_quotient(&below, &divisor) }
    }

    /// `Fraction(integer)`.
    pub fn from_int(value: Int) -> Fraction {
        Fraction { above: value, below: Int::Small(1) }
    }

    /// `Fraction(float)`.
    pub fn from_float(value: f64) -> Result<Fraction, Exc> {
        let (above, below) = float_integer_ratio(value)?;
        Ok(Fraction { above, below })
    }

    /// `Fraction(text)`.
    pub fn parse(text: &str) -> Result<Fraction, Exc> {
        let found = fraction_parts(text.trim_matches(is_space));
        let Some((above, below)) = found else {
            return Err(Exc::new(&VALUE_ERROR, format!("Invalid literal for Fraction: {}", repr(&Str::from(text)))));
        };
        Fraction::new(above, below)
    }
}

/// Digits with single underscores between them.
pub fn fraction_digits(text: &str) -> Option<Int> {
    let starts = |digit: Option<char>| digit.is_some_and(|c| crate::decimal_digit(c).is_some());
    if !starts(text.chars().next()) || !starts(text.chars().last()) || text.contains("__") {
        return None;
    }
    parse_int(text, 10).ok()
}

/// The numerator and denominator that a text names.
pub fn fraction_parts(text: &str) -> Option<(Int, Int)> {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let signed = |value: Int| if is_negative { -value } else { value };
    if let Some((above, below)) = text.split_once('/') {
        return Some((signed(fraction_digits(above)?), fraction_digits(below)?));
    }
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(place) => {
            let exponent = &text[place + 1..];
            let (below, digits) = match exponent.strip_prefix('-') {
                Some(digits) => (true, digits),
                None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
            };
            let exponent = fraction_digits(digits)?.to_i64()?;
            (&text[..place], if below { -exponent } else { exponent })
        }
        None => (text, 0),
    };
    let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let (mut above, mut below) = (Int::Small(0), Int::Small(1));
    if !whole.is_empty() {
        above = fraction_digits(whole)?;
    } else if part.is_none_or(str::is_empty) {
        return None;
    }
    if let Some(part) = part.filter(|part| !part.is_empty()) {
        let digits = part.chars().filter(|c| *c != '_').count() as i64;
        below = fraction_ten_to(digits);
        above = above * &below + fraction_digits(part)?;
    }
    if exponent >= 0 {
        above *= fraction_ten_to(exponent);
    } else {
        below *= fraction_ten_to(-exponent);
    }
    Some((signed(above), below))
}

impl Fraction {
    /// `self.numerator`.
    pub fn numerator(&self) -> Int {
        self.above.clone()
    }

    /// `self.denominator`.
    pub fn denominator(&self) -> Int {
        self.below.clone()
    }

    /// `self + other`.
    pub fn add(&self, other: &Fraction) -> Fraction {
        Fraction::reduced(&self.above * &other.below + &other.above * &self.below, &self.below * &other.below)
    }

    /// `self - other`.
    pub fn sub(&self, other: &Fraction) -> Fraction {
        Fraction::reduced(&self.above * &other.below - &other.above * &self.below, &self.below * &other.below)
    }

    /// `self * other`.
    pub fn mul(&self, other: &Fraction) -> Fraction {
        Fraction::reduced(&self.above * &other.above, &self.below * &other.below)
    }

    /// `self / other`.
    pub fn div(&self, other: &Fraction) -> Result<Fraction, Exc> {
        let below = &self.below * &other.above;
        if below == 0 {
            // CPython names the reduced numerator.
            let divisor = int_gcd(&self.above, &other.above);
            let divisor = if divisor == 0 { Int::Small(1) } else { divisor };
            let above = fraction_quotient(&self.above, &divisor) * &other.below;
            return Err(Exc::new(&ZERO_DIVISION_ERROR, format!("Fraction({above}, 0)")));
        }
        Ok(Fraction::reduced(&self.above * &other.below, below))
    }

    /// `self // other`.
    pub fn floor_div(&self, other: &Fraction) -> Result<Int, Exc> {
        int_floor_div(&(&self.above * &other.below), &(&self.below * &other.above))
    }

    /// `self % other`.
    pub fn modulo(&self, other: &Fraction) -> Result<Fraction, Exc> {
        let rest = int_modulo(&(&self.above * &other.below), &(&other.above * &self.below))?;
        Ok(Fraction::reduced(rest, &self.below * &other.below))
    }

    /// `-self`.
    pub fn neg(&self) -> Fraction {
        Fraction { above: -&self.above, below: self.below.clone() }
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Fraction {
        Fraction { above: self.above.abs(), below: self.below.clone() }
    }

    /// `self ** exponent`.
    pub fn pow_int(&self, exponent: i64) -> Result<Fraction, Exc> {
        let size = Int::Small(exponent).abs();
        let (above, below) = (int_pow(&self.above, &size)?, int_pow(&self.below, &size)?);
        if exponent >= 0 {
            return Ok(Fraction { above, below });
        }
        Fraction::new(below, above)
    }

    /// `float(self)`.
    pub fn float(&self) -> Result<f64, Exc> {
        int_true_div(&self.above, &self.below)
    }
}

impl Fraction {
    /// `math.floor(self)`.
    pub fn floor(&self) -> Int {
        fraction_quotient(&self.above, &self.below)
    }

    /// `math.ceil(self)`.
    pub fn ceil(&self) -> Int {
        -fraction_quotient(&-&self.above, &self.below)
    }

    /// `int(self)`.
    pub fn trunc(&self) -> Int {
        if self.above.is_negative() {
            self.ceil()
        } else {
            self.floor()
        }
    }

    /// `round(self)`.
    pub fn round(&self) -> Int {
        let floor = self.floor();
        let twice = (&self.above - &floor * &self.below) * 2;
        match twice.cmp(&self.below) {
            Ordering::Less => floor,
            Ordering::Equal if !floor.is_odd() => floor,
            _ => floor + 1,
        }
    }

    /// `round(self, digits)`.
    pub fn round_to(&self, digits: i64) -> Fraction {
        let shift = fraction_ten_to(digits.abs());
        if digits > 0 {
            return Fraction::reduced(self.mul(&Fraction::from_int(shift.clone())).round(), shift);
        }
        let scaled = Fraction::reduced(self.above.clone(), &self.below * &shift);
        Fraction::from_int(scaled.round() * shift)
    }

    /// `self.limit_denominator(most)`.
    pub fn limit_denominator(&self, most: &Int) -> Result<Fraction, Exc> {
        if *most < 1 {
            return Err(Exc::new(&VALUE_ERROR, "max_denominator should be at least 1"));
        }
        if self.below <= *most {
            return Ok(self.clone());
        }
        // Convergents of the continued fraction.
        let (mut p0, mut q0, mut p1, mut q1) = (Int::Small(0), Int::Small(1), Int::Small(1), Int::Small(0));
        let (mut n, mut d) = (self.above.clone(), self.below.clone());
        loop {
            let a = fraction_quotient(&n, &d);
            let q2 = &q0 + &a * &q1;
            if q2 > *most {
                break;
            }
            let p2 = &p0 + &a * &p1;
            (p0, q0, p1, q1) = (p1, q1, p2, q2);
            let rest = &n - &a * &d;
            (n, d) = (d, rest);
        }
        let k = fraction_quotient(&(most - &q0), &q1);
        let lower = Fraction::reduced(&p0 + &k * &p1, &q0 + &k * &q1);
        let upper = Fraction::reduced(p1, q1);
        let is_upper = upper.sub(self).abs().compare(&lower.sub(self).abs()) != Some(Ordering::Greater);
        Ok(if is_upper { upper } else { lower })
    }
}

impl Object for Fraction {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&format!("Fraction({}, {})", self.above, self.below));
    }
    fn write_str(&self, out: &mut String) {
        if self.below == 1 {
            out.push_str(&format!("{}", self.above));
        } else {
            out.push_str(&format!("{}/{}", self.above, self.below));
        }
    }
    fn equals(&self, other: &Self) -> bool {
        self.above == other.above && self.below == other.below
    }
    fn hash(&self) -> u64 {
        let modulus = Int::from(HASH_MODULUS);
        let Ok(inverse) = int_pow_mod(&self.below, &(&modulus - 2), &modulus) else { return 314_159 };
        if inverse == 0 {
            return 314_159;
        }
        let size = int_modulo(&(self.above.abs() * inverse), &modulus).unwrap_or_default();
        let signed = if self.above.is_negative() { -size } else { size };
        signed.hash()
    }
    fn truth(&self) -> bool {
        self.above != 0
    }
    fn type_name(&self) -> &'static str {
        "Fraction"
    }
}

impl Ordered for Fraction {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some((&self.above * &other.below).cmp(&(&other.above * &self.below)))
    }
}
