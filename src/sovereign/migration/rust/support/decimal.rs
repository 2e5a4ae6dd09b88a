//! `decimal.Decimal` and its context, for finite numbers.
//!
//! `Decimal::parse(&str) -> Result<Decimal, Exc>`, `Decimal::from_int(&Int)`, `Decimal::from_float(f64) -> Result`,
//! `Decimal::from_parts(is_negative, digits: Int, exponent)`; with `&Decimal`: `add sub mul div floor_div modulo divmod ->
//! Result`, `pow_int(i64)`, `sqrt()`, `neg() abs() plus()`, `order(&Decimal) -> Ordering`, `quantize(&Decimal, rounding:
//! Option<&str>)`, `round() -> Int`, `round_to(i64)`, `to_integral_value(Option<&str>)`, `normalize()`, `trunc() floor() ceil() ->
//! Int`, `float() -> f64`, `as_integer_ratio() -> (Int, Int)`, `adjusted() -> i64`, `exponent() -> i64`, `is_zero() is_signed()
//! -> bool`, `copy_abs() copy_negate()`, `format(&FormatSpec) -> Result<Str, Exc>`, `equals_float(f64) -> bool`.
//! The context: `decimal_context() -> DecimalContext {precision, rounding}`, `decimal_set_context(DecimalContext)`.
//! Kinds: `DECIMAL_INVALID_OPERATION DECIMAL_DIVISION_BY_ZERO DECIMAL_OVERFLOW`. Roundings have Python's names.
//! Refused: NaN and infinity (a clear error), exponents beyond 999999, `exp ln log10`, powers by fractions, traps and flags.

use crate::{
    decimal_digit, float_integer_ratio, format_number, int_divmod, int_isqrt, int_modulo, int_pow, int_pow_mod,
    int_true_div, is_space, parse_int, Exc, FormatSpec, Int, Kind, NumberParts, Object, Ordered, Single, Str,
    ARITHMETIC_ERROR, HASH_MODULUS, TYPE_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR,
};
use alloc::format;
use alloc::string::{String, ToString};
use core::cmp::Ordering;

/// `decimal.DecimalException`.
pub static DECIMAL_EXCEPTION: Kind = Kind::within("decimal", "DecimalException", &ARITHMETIC_ERROR);
/// `decimal.InvalidOperation`.
pub static DECIMAL_INVALID_OPERATION: Kind = Kind::within("decimal", "InvalidOperation", &DECIMAL_EXCEPTION);
/// `decimal.DivisionByZero`.
pub static DECIMAL_DIVISION_BY_ZERO: Kind =
    Kind { name: "DivisionByZero", module: "decimal", base: Some(&DECIMAL_EXCEPTION), others: &[&ZERO_DIVISION_ERROR] };
/// `decimal.Overflow`.
pub static DECIMAL_OVERFLOW: Kind = Kind::within("decimal", "Overflow", &DECIMAL_EXCEPTION);

/// How results are rounded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DecimalRounding {
    /// To the nearest, ties to even.
    HalfEven,
    /// To the nearest, ties away from zero.
    HalfUp,
    /// To the nearest, ties to zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// To zero.
    Down,
    /// Up.
    Ceiling,
    /// Down.
    Floor,
    /// Away from zero where the last digit would be 0 or 5.
    ZeroFiveUp,
}

impl DecimalRounding {
    /// The rounding of a name like `ROUND_HALF_UP`.
    pub fn named(name: &str) -> Result<DecimalRounding, Exc> {
        Ok(match name {
            "ROUND_HALF_EVEN" => DecimalRounding::HalfEven,
            "ROUND_HALF_UP" => DecimalRounding::HalfUp,
            "ROUND_HALF_DOWN" => DecimalRounding::HalfDown,
            "ROUND_UP" => DecimalRounding::Up,
            "ROUND_DOWN" => DecimalRounding::Down,
            "ROUND_CEILING" => DecimalRounding::Ceiling,
            "ROUND_FLOOR" => DecimalRounding::Floor,
            "ROUND_05UP" => DecimalRounding::ZeroFiveUp,
            _ => {
                let text = "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   \
                            ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";
                return Err(decimal_error(&TYPE_ERROR, text));
            }
        })
    }
}

/// What arithmetic keeps to.
#[derive(Clone, Copy)]
pub struct DecimalContext {
    /// Digits of results.
    pub precision: i64,
    /// How results are rounded.
    pub rounding: DecimalRounding,
}

/// The context of the program.
pub static DECIMAL_CONTEXT: Single<DecimalContext> =
    Single::new(DecimalContext { precision: 28, rounding: DecimalRounding::HalfEven });

/// `decimal.getcontext()`.
pub fn decimal_context() -> DecimalContext {
    DECIMAL_CONTEXT.get()
}

/// `decimal.setcontext(context)`, or a change of the one that there is.
pub fn decimal_set_context(context: DecimalContext) {
    DECIMAL_CONTEXT.set(context);
}

/// `getcontext().prec = precision`. Errors: ValueError out of range.
pub fn decimal_set_precision(precision: i64) -> Result<(), Exc> {
    if !(1..=999_999_999_999_999_999).contains(&precision) {
        return Err(Exc::new(&VALUE_ERROR, "valid range for prec is [1, MAX_PREC]"));
    }
    decimal_set_context(DecimalContext { precision, ..decimal_context() });
    Ok(())
}

/// `getcontext().rounding = name`. Errors: TypeError for an unknown name.
pub fn decimal_set_rounding(name: &str) -> Result<(), Exc> {
    decimal_set_context(DecimalContext { rounding: DecimalRounding::named(name)?, ..decimal_context() });
    Ok(())
}

/// A number in digits.
#[derive(Clone)]
pub struct Decimal {
    /// Whether it has a minus sign.
    pub negative: bool,
    /// The digits, as a number that is not negative.
    pub digits: Int,
    /// The power of ten that they count.
    pub exponent: i64,
}

/// An error with a text.
pub fn decimal_error(kind: &'static Kind, text: &'static str) -> Exc {
    Exc::new(kind, text)
}

/// The error of an operation that has no result, named as CPython names its reason.
pub fn decimal_invalid(reason: &str) -> Exc {
    Exc::new(&DECIMAL_INVALID_OPERATION, format!("[<class 'decimal.{reason}'>]"))
}

/// The error of a division by zero.
pub fn decimal_by_zero() -> Exc {
    Exc::new(&DECIMAL_DIVISION_BY_ZERO, "[<class 'decimal.DivisionByZero'>]")
}

/// Ten to a power that is not negative.
pub fn decimal_ten_to(power: i64) -> Int {
    int_pow(&Int::Small(10), &Int::Small(power)).unwrap_or_default()
}

/// Quotient and rest of a divisor that is not 0.
pub fn decimal_divided(a: &Int, b: &Int) -> (Int, Int) {
    int_divmod(a, b).unwrap_or_default()
}

/// The number of digits; 1 for zero.
pub fn decimal_width(digits: &Int) -> i64 {
    if let Int::Small(value) = digits {
        return value.checked_ilog10().map_or(1, i64::from) + i64::from(*value > 0);
    }
    digits.to_string().len() as i64
}

impl Decimal {
    /// `Decimal((sign, digits, exponent))`.
    pub fn from_parts(negative: bool, digits: Int, exponent: i64) -> Decimal {
        Decimal { negative, digits, exponent }
    }

    /// `Decimal(integer)`.
    pub fn from_int(value: &Int) -> Decimal {
        Decimal::from_parts(value.is_negative(), value.abs(), 0)
    }

    /// `Decimal(float)`, exactly.
    pub fn from_float(value: f64) -> Result<Decimal, Exc> {
        if !value.is_finite() {
            return Err(decimal_invalid("InvalidOperation"));
        }
        let (above, below) = float_integer_ratio(value)?;
        // The denominator is a power of two: five to the same power makes it one of ten.
        let power = below.bit_length() - 1;
        let digits = above.abs() * int_pow(&Int::Small(5), &Int::Small(power))?;
        Ok(Decimal::from_parts(value.is_sign_negative(), digits, -power))
    }

    /// `Decimal(text)`. Errors: `InvalidOperation` for what is no number, and for NaN and infinity.
    pub fn parse(text: &str) -> Result<Decimal, Exc> {
        let plain: String = text.trim_matches(is_space).chars().filter(|character| *character != '_').collect();
        decimal_parts(&plain).ok_or_else(|| decimal_invalid("ConversionSyntax"))
    }
}

/// The number that a text names.
pub fn decimal_parts(text: &str) -> Option<Decimal> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let all_digits = |text: &str| text.chars().all(|character| decimal_digit(character).is_some());
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(place) => {
            let exponent = &text[place + 1..];
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if unsigned.is_empty() || !all_digits(unsigned) {
                return None;
            }
            (&text[..place], parse_int(exponent, 10).ok()?.to_i64()?)
        }
        None => (text, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let digits = parse_int(&format!("{whole}{part}"), 10).ok()?;
    let exponent = exponent.checked_sub(part.chars().count() as i64)?;
    if exponent.abs() > 999_999 {
        return None;
    }
    Some(Decimal::from_parts(negative, digits, exponent))
}

impl Decimal {
    /// `self.is_zero()`.
    pub fn is_zero(&self) -> bool {
        self.digits == 0
    }

    /// `self.is_signed()`.
    pub fn is_signed(&self) -> bool {
        self.negative
    }

    /// `self.as_tuple().exponent`.
    pub fn exponent(&self) -> i64 {
        self.exponent
    }

    /// `self.adjusted()`.
    pub fn adjusted(&self) -> i64 {
        self.exponent + decimal_width(&self.digits) - 1
    }

    /// `self.copy_abs()`.
    pub fn copy_abs(&self) -> Decimal {
        Decimal { negative: false, ..self.clone() }
    }

    /// `self.copy_negate()`.
    pub fn copy_negate(&self) -> Decimal {
        Decimal { negative: !self.negative, ..self.clone() }
    }

    /// The same number with another exponent, rounded where digits go.
    pub fn rescaled(&self, exponent: i64, rounding: DecimalRounding) -> Decimal {
        if self.is_zero() {
            return Decimal::from_parts(self.negative, Int::Small(0), exponent);
        }
        if exponent <= self.exponent {
            let digits = &self.digits * decimal_ten_to(self.exponent - exponent);
            return Decimal::from_parts(self.negative, digits, exponent);
        }
        let cut = exponent - self.exponent;
        if cut > decimal_width(&self.digits) + 1 {
            // All digits go: what is left is less than a half.
            let rest = Decimal::from_parts(self.negative, Int::Small(1), exponent - 2);
            return rest.rescaled(exponent, rounding);
        }
        let unit = decimal_ten_to(cut);
        let (kept, rest) = decimal_divided(&self.digits, &unit);
        let up = decimal_rounds_up(&kept, &rest, &unit, self.negative, rounding);
        Decimal::from_parts(self.negative, if up { kept + 1 } else { kept }, exponent)
    }

    /// Rounded to a context's digits. Errors: `Overflow` beyond the largest exponent.
    pub fn fixed(self, context: &DecimalContext) -> Result<Decimal, Exc> {
        let mut value = self;
        let width = decimal_width(&value.digits);
        if width > context.precision {
            value = value.rescaled(value.exponent + width - context.precision, context.rounding);
            if decimal_width(&value.digits) > context.precision {
                value = value.rescaled(value.exponent + 1, context.rounding);
            }
        }
        if !value.is_zero() && value.adjusted() > 999_999 {
            return Err(Exc::new(&DECIMAL_OVERFLOW, "[<class 'decimal.Overflow'>]"));
        }
        if value.adjusted() < -999_999 || value.exponent > 999_999 {
            return Err(decimal_error(&DECIMAL_EXCEPTION, "a number this small or this wide is not supported here"));
        }
        Ok(value)
    }
}

/// Whether digits are rounded away from zero when the rest of a unit goes.
pub fn decimal_rounds_up(kept: &Int, rest: &Int, unit: &Int, negative: bool, rounding: DecimalRounding) -> bool {
    if *rest == 0 {
        return false;
    }
    let half = (rest * 2).cmp(unit);
    match rounding {
        DecimalRounding::HalfEven => half == Ordering::Greater || half == Ordering::Equal && kept.is_odd(),
        DecimalRounding::HalfUp => half != Ordering::Less,
        DecimalRounding::HalfDown => half == Ordering::Greater,
        DecimalRounding::Up => true,
        DecimalRounding::Down => false,
        DecimalRounding::Ceiling => !negative,
        DecimalRounding::Floor => negative,
        DecimalRounding::ZeroFiveUp => int_modulo(kept, &Int::Small(5)).is_ok_and(|last| last == 0),
    }
}

impl Decimal {
    /// `self + other`.
    pub fn add(&self, other: &Decimal) -> Result<Decimal, Exc> {
        let context = decimal_context();
        let exponent = self.exponent.min(other.exponent);
        // Opposite numbers sum up to a zero without a sign, unless one rounds down.
        let zero_sign = context.rounding == DecimalRounding::Floor && self.negative != other.negative;
        if self.is_zero() && other.is_zero() {
            let negative = self.negative && other.negative || zero_sign;
            return Decimal::from_parts(negative, Int::Small(0), exponent).fixed(&context);
        }
        if self.is_zero() || other.is_zero() {
            let one = if self.is_zero() { other } else { self };
            let exponent = exponent.max(one.exponent - context.precision - 1);
            return one.rescaled(exponent, context.rounding).fixed(&context);
        }
        let (a, b) = decimal_aligned(self, other, context.precision);
        let signed = |value: &Decimal| if value.negative { -&value.digits } else { value.digits.clone() };
        let sum = signed(&a) + signed(&b);
        if sum == 0 {
            return Decimal::from_parts(zero_sign, Int::Small(0), exponent).fixed(&context);
        }
        Decimal::from_parts(sum.is_negative(), sum.abs(), a.exponent).fixed(&context)
    }

    /// `self - other`.
    pub fn sub(&self, other: &Decimal) -> Result<Decimal, Exc> {
        self.add(&other.copy_negate())
    }

    /// `self * other`, to a context's digits.
    pub fn product(&self, other: &Decimal, context: &DecimalContext) -> Result<Decimal, Exc> {
        let negative = self.negative != other.negative;
        let digits = &self.digits * &other.digits;
        Decimal::from_parts(negative, digits, self.exponent + other.exponent).fixed(context)
    }

    /// `self * other`.
    pub fn mul(&self, other: &Decimal) -> Result<Decimal, Exc> {
        self.product(other, &decimal_context())
    }

    /// `self / other`, to a context's digits.
    pub fn quotient(&self, other: &Decimal, context: &DecimalContext) -> Result<Decimal, Exc> {
        if other.is_zero() {
            return Err(if self.is_zero() { decimal_invalid("DivisionUndefined") } else { decimal_by_zero() });
        }
        let negative = self.negative != other.negative;
        let ideal = self.exponent - other.exponent;
        if self.is_zero() {
            return Decimal::from_parts(negative, Int::Small(0), ideal).fixed(context);
        }
        let shift = decimal_width(&other.digits) - decimal_width(&self.digits) + context.precision + 1;
        let (mut digits, rest) = if shift >= 0 {
            decimal_divided(&(&self.digits * decimal_ten_to(shift)), &other.digits)
        } else {
            decimal_divided(&self.digits, &(&other.digits * decimal_ten_to(-shift)))
        };
        let mut exponent = ideal - shift;
        let ends_with = |digits: &Int, unit: i64| int_modulo(digits, &Int::Small(unit)).is_ok_and(|last| last == 0);
        if rest != 0 {
            // A digit that cannot be mistaken for a tie.
            if ends_with(&digits, 5) {
                digits += 1;
            }
        } else {
            while exponent < ideal && ends_with(&digits, 10) {
                digits = decimal_divided(&digits, &Int::Small(10)).0;
                exponent += 1;
            }
        }
        Decimal::from_parts(negative, digits, exponent).fixed(context)
    }

    /// `self / other`.
    pub fn div(&self, other: &Decimal) -> Result<Decimal, Exc> {
        self.quotient(other, &decimal_context())
    }

    /// The whole quotient and the rest, which has the sign of `self`.
    pub fn parts_of(&self, other: &Decimal) -> Result<(Decimal, Decimal), Exc> {
        let context = decimal_context();
        let negative = self.negative != other.negative;
        let ideal = self.exponent.min(other.exponent);
        let distance = self.adjusted() - other.adjusted();
        if self.is_zero() || distance <= -2 {
            let zero = Decimal::from_parts(negative, Int::Small(0), 0);
            return Ok((zero, self.rescaled(ideal, context.rounding)));
        }
        if distance <= context.precision {
            let up = |value: &Decimal| &value.digits * decimal_ten_to(value.exponent - ideal);
            let (quotient, rest) = decimal_divided(&up(self), &up(other));
            if quotient < decimal_ten_to(context.precision) {
                let quotient = Decimal::from_parts(negative, quotient, 0);
                return Ok((quotient, Decimal::from_parts(self.negative, rest, ideal)));
            }
        }
        Err(decimal_invalid("DivisionImpossible"))
    }

    /// `self // other`.
    pub fn floor_div(&self, other: &Decimal) -> Result<Decimal, Exc> {
        if other.is_zero() {
            return Err(if self.is_zero() { decimal_invalid("DivisionUndefined") } else { decimal_by_zero() });
        }
        self.parts_of(other).map(|(quotient, _)| quotient)
    }

    /// `self % other`.
    pub fn modulo(&self, other: &Decimal) -> Result<Decimal, Exc> {
        if other.is_zero() {
            return Err(decimal_invalid(if self.is_zero() { "DivisionUndefined" } else { "InvalidOperation" }));
        }
        self.parts_of(other)?.1.fixed(&decimal_context())
    }

    /// `divmod(self, other)`.
    pub fn divmod(&self, other: &Decimal) -> Result<(Decimal, Decimal), Exc> {
        if other.is_zero() {
            let both = "InvalidOperation'>, <class 'decimal.DivisionByZero";
            return Err(decimal_invalid(if self.is_zero() { "DivisionUndefined" } else { both }));
        }
        let (quotient, rest) = self.parts_of(other)?;
        Ok((quotient, rest.fixed(&decimal_context())?))
    }
}

/// Two numbers with one exponent; one that is far too small to be seen becomes the smallest that can.
pub fn decimal_aligned(a: &Decimal, b: &Decimal, precision: i64) -> (Decimal, Decimal) {
    if a.exponent < b.exponent {
        let (b, a) = decimal_aligned(b, a, precision);
        return (a, b);
    }
    // `a` has the larger exponent.
    let lowest = a.exponent + (decimal_width(&a.digits) - precision - 2).min(-1);
    let small = if decimal_width(&b.digits) + b.exponent - 1 < lowest {
        Decimal::from_parts(b.negative, Int::Small(1), lowest)
    } else {
        b.clone()
    };
    let digits = &a.digits * decimal_ten_to(a.exponent - small.exponent);
    (Decimal::from_parts(a.negative, digits, small.exponent), small)
}

impl Decimal {
    /// `-self`.
    pub fn neg(&self) -> Result<Decimal, Exc> {
        let context = decimal_context();
        if self.is_zero() && context.rounding != DecimalRounding::Floor {
            return self.copy_abs().fixed(&context);
        }
        self.copy_negate().fixed(&context)
    }

    /// `+self`.
    pub fn plus(&self) -> Result<Decimal, Exc> {
        let context = decimal_context();
        if self.is_zero() && context.rounding != DecimalRounding::Floor {
            return self.copy_abs().fixed(&context);
        }
        self.clone().fixed(&context)
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Result<Decimal, Exc> {
        if self.negative {
            self.neg()
        } else {
            self.plus()
        }
    }

    /// `self ** exponent`.
    pub fn pow_int(&self, exponent: i64) -> Result<Decimal, Exc> {
        let context = decimal_context();
        let negative = self.negative && exponent % 2 != 0;
        if self.is_zero() {
            return match exponent {
                0 => Err(decimal_invalid("InvalidOperation")),
                1.. => Ok(Decimal::from_parts(negative, Int::Small(0), 0)),
                _ => Err(decimal_error(&DECIMAL_EXCEPTION, "an infinite power is not supported here")),
            };
        }
        if exponent == 0 {
            return Ok(Decimal::from_parts(false, Int::Small(1), 0));
        }
        let one = Decimal::from_parts(false, Int::Small(1), 0);
        if self.copy_abs().order(&one) == Ordering::Equal {
            let zeros = if exponent < 0 { 0 } else { (-self.exponent * exponent).clamp(0, context.precision - 1) };
            return Ok(Decimal::from_parts(negative, decimal_ten_to(zeros), -zeros));
        }
        let size = exponent.unsigned_abs();
        let extra = decimal_width(&Int::Small(size as i64)) + 2 + i64::from(exponent < 0);
        let work = DecimalContext { precision: context.precision + extra, rounding: DecimalRounding::HalfEven };
        let base = if exponent < 0 { one.quotient(self, &work)? } else { self.clone() };
        let mut result = base.clone();
        let mut bit = 1u64 << (63 - size.leading_zeros());
        while bit > 1 {
            bit >>= 1;
            result = result.product(&result, &work)?;
            if size & bit != 0 {
                result = result.product(&base, &work)?;
            }
        }
        Decimal { negative, ..result }.fixed(&context)
    }

    /// `self.sqrt()`.
    pub fn sqrt(&self) -> Result<Decimal, Exc> {
        let context = DecimalContext { rounding: DecimalRounding::HalfEven, ..decimal_context() };
        if self.is_zero() {
            return Decimal::from_parts(self.negative, Int::Small(0), self.exponent.div_euclid(2)).fixed(&context);
        }
        if self.negative {
            return Err(decimal_invalid("InvalidOperation"));
        }
        let width = decimal_width(&self.digits);
        let is_odd = self.exponent.rem_euclid(2) == 1;
        let (mut digits, length) =
            if is_odd { (&self.digits * 10, width / 2 + 1) } else { (self.digits.clone(), (width + 1) / 2) };
        let shift = context.precision + 1 - length;
        let mut exact = true;
        if shift >= 0 {
            digits *= decimal_ten_to(2 * shift);
        } else {
            let (kept, rest) = decimal_divided(&digits, &decimal_ten_to(-2 * shift));
            digits = kept;
            exact = rest == 0;
        }
        let mut exponent = self.exponent.div_euclid(2) - shift;
        let mut root = int_isqrt(&digits)?;
        exact = exact && &root * &root == digits;
        if exact {
            if shift >= 0 {
                root = decimal_divided(&root, &decimal_ten_to(shift)).0;
            } else {
                root *= decimal_ten_to(-shift);
            }
            exponent += shift;
        } else if int_modulo(&root, &Int::Small(5))? == 0 {
            root += 1;
        }
        Decimal::from_parts(false, root, exponent).fixed(&context)
    }
}

impl Decimal {
    /// How `self` stands to `other`.
    pub fn order(&self, other: &Decimal) -> Ordering {
        if self.is_zero() && other.is_zero() {
            return Ordering::Equal;
        }
        let sign = |value: &Decimal| match value.negative {
            _ if value.is_zero() => 0,
            true => -1,
            false => 1,
        };
        let signs = sign(self).cmp(&sign(other));
        if signs != Ordering::Equal {
            return signs;
        }
        let sizes = self.adjusted().cmp(&other.adjusted()).then_with(|| {
            let exponent = self.exponent.min(other.exponent);
            let up = |value: &Decimal| &value.digits * decimal_ten_to(value.exponent - exponent);
            up(self).cmp(&up(other))
        });
        if self.negative {
            sizes.reverse()
        } else {
            sizes
        }
    }

    /// The rounding of a name, or the context's.
    pub fn rounding(name: Option<&str>) -> Result<DecimalRounding, Exc> {
        name.map_or_else(|| Ok(decimal_context().rounding), DecimalRounding::named)
    }

    /// `self.quantize(pattern, rounding)`.
    pub fn quantize(&self, pattern: &Decimal, rounding: Option<&str>) -> Result<Decimal, Exc> {
        let rounding = Decimal::rounding(rounding)?;
        let context = DecimalContext { rounding, ..decimal_context() };
        if self.is_zero() {
            return Decimal::from_parts(self.negative, Int::Small(0), pattern.exponent).fixed(&context);
        }
        if self.adjusted() - pattern.exponent + 1 > context.precision {
            return Err(decimal_invalid("InvalidOperation"));
        }
        let value = self.rescaled(pattern.exponent, rounding);
        if decimal_width(&value.digits) > context.precision {
            return Err(decimal_invalid("InvalidOperation"));
        }
        value.fixed(&context)
    }

    /// `round(self)`.
    pub fn round(&self) -> Int {
        self.whole(DecimalRounding::HalfEven)
    }

    /// `round(self, digits)`.
    pub fn round_to(&self, digits: i64) -> Result<Decimal, Exc> {
        self.quantize(&Decimal::from_parts(false, Int::Small(1), -digits), None)
    }

    /// The nearest integer by a rounding.
    pub fn whole(&self, rounding: DecimalRounding) -> Int {
        let value = if self.exponent < 0 { self.rescaled(0, rounding) } else { self.clone() };
        let size = &value.digits * decimal_ten_to(value.exponent);
        if value.negative {
            -size
        } else {
            size
        }
    }

    /// `int(self)`.
    pub fn trunc(&self) -> Int {
        self.whole(DecimalRounding::Down)
    }

    /// `math.floor(self)`.
    pub fn floor(&self) -> Int {
        self.whole(DecimalRounding::Floor)
    }

    /// `math.ceil(self)`.
    pub fn ceil(&self) -> Int {
        self.whole(DecimalRounding::Ceiling)
    }

    /// `self.to_integral_value(rounding)`.
    pub fn to_integral_value(&self, rounding: Option<&str>) -> Result<Decimal, Exc> {
        let rounding = Decimal::rounding(rounding)?;
        Ok(if self.exponent >= 0 { self.clone() } else { self.rescaled(0, rounding) })
    }

    /// `self.normalize()`.
    pub fn normalize(&self) -> Result<Decimal, Exc> {
        let mut value = self.clone().fixed(&decimal_context())?;
        if value.is_zero() {
            return Ok(Decimal::from_parts(value.negative, Int::Small(0), 0));
        }
        loop {
            let (kept, last) = decimal_divided(&value.digits, &Int::Small(10));
            if last != 0 {
                return Ok(value);
            }
            value = Decimal::from_parts(value.negative, kept, value.exponent + 1);
        }
    }

    /// `self.as_integer_ratio()`.
    pub fn as_integer_ratio(&self) -> (Int, Int) {
        let digits = if self.negative { -&self.digits } else { self.digits.clone() };
        if self.exponent >= 0 {
            return (digits * decimal_ten_to(self.exponent), Int::Small(1));
        }
        let fraction = crate::Fraction::reduced(digits, decimal_ten_to(-self.exponent));
        (fraction.above, fraction.below)
    }

    /// `float(self)`.
    pub fn float(&self) -> f64 {
        let (above, below) = self.as_integer_ratio();
        let size = int_true_div(&above.abs(), &below).unwrap_or(f64::INFINITY);
        if self.negative {
            -size
        } else {
            size
        }
    }

    /// `self == value` of a float.
    pub fn equals_float(&self, value: f64) -> bool {
        Decimal::from_float(value).is_ok_and(|value| self.order(&value) == Ordering::Equal)
    }
}

impl Decimal {
    /// The digits before and behind the point, and the power of ten, with so many digits before the point.
    pub fn shown_parts(&self, before: i64) -> (String, String) {
        let digits = self.digits.to_string();
        let length = digits.len() as i64;
        if before <= 0 {
            return ("0".to_string(), format!("{}{digits}", "0".repeat((-before) as usize)));
        }
        if before >= length {
            return (format!("{digits}{}", "0".repeat((before - length) as usize)), String::new());
        }
        let (whole, part) = digits.split_at(before as usize);
        (whole.to_string(), part.to_string())
    }

    /// `format(self, spec)`.
    pub fn format(&self, spec: &FormatSpec) -> Result<Str, Exc> {
        let code = spec.code.unwrap_or('G');
        if spec.alternate || !"eEfFgG%".contains(code) {
            return Err(Exc::new(&VALUE_ERROR, "invalid format string"));
        }
        let context = decimal_context();
        let mut value = self.clone();
        if code == '%' {
            value.exponent += 2;
        }
        let to_width = |value: Decimal, width: i64| {
            let excess = decimal_width(&value.digits) - width;
            if excess <= 0 || value.is_zero() {
                return value;
            }
            let rounded = value.rescaled(value.exponent + excess, context.rounding);
            // 99.9 rounds to 100, which has one digit more.
            if decimal_width(&rounded.digits) > width {
                rounded.rescaled(rounded.exponent + 1, context.rounding)
            } else {
                rounded
            }
        };
        match (spec.precision, code) {
            (Some(precision), 'e' | 'E') if !value.is_zero() => {
                value = to_width(value, precision + 1);
                let missing = precision + 1 - decimal_width(&value.digits);
                if missing > 0 {
                    value = value.rescaled(value.exponent - missing, context.rounding);
                }
            }
            (Some(precision), 'f' | 'F' | '%') => value = value.rescaled(-precision, context.rounding),
            (Some(precision), 'g' | 'G') => value = to_width(value, precision.max(1)),
            _ => {}
        }
        if value.is_zero() && value.exponent > 0 && "fF%".contains(code) {
            value = value.rescaled(0, context.rounding);
        }
        let left = value.exponent + decimal_width(&value.digits);
        let before = match code {
            'e' | 'E' => match spec.precision {
                Some(precision) if value.is_zero() => 1 - precision,
                _ => 1,
            },
            'f' | 'F' | '%' => left,
            _ if value.exponent <= 0 && left > -6 => left,
            _ => 1,
        };
        let (whole, part) = value.shown_parts(before);
        let mut rest = if part.is_empty() { String::new() } else { format!(".{part}") };
        let power = left - before;
        if power != 0 || matches!(code, 'e' | 'E') {
            let letter = if code.is_ascii_lowercase() { 'e' } else { 'E' };
            rest.push_str(&format!("{letter}{power:+}"));
        }
        if code == '%' {
            rest.push('%');
        }
        let negative = value.negative && !(spec.no_negative_zero && value.is_zero());
        let parts = NumberParts { is_negative: negative, prefix: "", digits: &whole, rest: &rest, group: 3 };
        Ok(format_number(&parts, spec))
    }
}

impl Object for Decimal {
    fn write_repr(&self, out: &mut String) {
        out.push_str("Decimal('");
        self.write_str(out);
        out.push_str("')");
    }
    fn write_str(&self, out: &mut String) {
        let left = self.exponent + decimal_width(&self.digits);
        let before = if self.exponent <= 0 && left > -6 { left } else { 1 };
        let (whole, part) = self.shown_parts(before);
        if self.negative {
            out.push('-');
        }
        out.push_str(&whole);
        if !part.is_empty() {
            out.push('.');
            out.push_str(&part);
        }
        if left != before {
            out.push_str(&format!("E{:+}", left - before));
        }
    }
    fn equals(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }
    fn hash(&self) -> u64 {
        let modulus = Int::from(HASH_MODULUS);
        let base = if self.exponent >= 0 {
            Int::Small(10)
        } else {
            int_pow_mod(&Int::Small(10), &(&modulus - 2), &modulus).unwrap_or_default()
        };
        let power = int_pow_mod(&base, &Int::Small(self.exponent.abs()), &modulus).unwrap_or_default();
        let size = int_modulo(&(&self.digits * power), &modulus).unwrap_or_default();
        let signed = if self.negative { -size } else { size };
        signed.hash()
    }
    fn truth(&self) -> bool {
        !self.is_zero()
    }
    fn type_name(&self) -> &'static str {
        "Decimal"
    }
}

impl Ordered for Decimal {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.order(other))
    }
}
